import Foundation
import LedgerTesting
import Testing

/// Books that are fetched, proposed and approved, by the service and by hand.
@Suite("Refreshing prices", .serialized)
struct PriceRefreshTests {
    private static func book(_ price: String, name: String = "ours") -> String {
        """
        tally_prices: 1
        name: \(name)
        providers:
          openai:
            models:
              gpt-4o: {input_mtok: \(price), output_mtok: 10}

        """
    }

    /// An event that happens now, under the newest prices.
    private static func event(_ id: String) -> EventText {
        let now = Date().ISO8601Format()
        return EventText(id).with("occurred_at", "\"\(now)\"")
    }

    private func cost(_ client: TallyClient, _ id: String) async throws -> String? {
        _ = try await client.ingest(Self.event(id).text)
        let page = try await client.get("/api/v1/events?limit=10000").json
        return page.events.items.last { $0.type == "charge.rated" }?.cost_usd.string
    }

    private func count(_ client: TallyClient, _ outcome: String) async throws -> Int {
        let text = try await client.get("/metrics").text
        let line = text.split(separator: "\n").first {
            $0.hasPrefix("tally_price_refreshes_total{outcome=\"\(outcome)\"}")
        }
        return line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
    }

    @Test("the service proposes a fetched book, uses it once approved, and accepts small changes")
    func service() async throws {
        try await withBookServer { server in
            server.answer(.file(Self.book("2")))
            try await withPlace { place in
                let environment = [
                    "TALLY_PRICES_URL": server.url, "TALLY_PRICES_INTERVAL": "1s",
                    "TALLY_PRICES_TOLERANCE": "5%",
                ]
                try await withService(on: place, environment: environment) { service in
                    let client = service.client()
                    try await approve(client, server)
                    try await letSmallChangesIn(client, server)
                    try await surviveEverything(client, server)
                    #expect(!service.log.contains("secret"))
                }
            }
        }
    }

    @Test(
        "a tolerance applies to the models in use, and each named ledger is judged separately")
    func inUse() async throws {
        func book(_ used: String, _ unused: String) -> String {
            """
            tally_prices: 1
            name: ours
            providers:
              openai:
                models:
                  gpt-4o: {input_mtok: \(used), output_mtok: 10}
                  gpt-4.1: {input_mtok: \(unused), output_mtok: 8}

            """
        }
        try await withPlace { place in
            let file = place.dataDirectory + "/fetched.yaml"
            let first = place.dataDirectory + "/first.yaml"
            try book("2", "2").write(toFile: first, atomically: true, encoding: .utf8)
            try book("2", "2").write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try await place.tally("ledgers", "create", "other").exitCode == 0)
            for ledger in ["default", "other"] {
                let run = try await place.tally(
                    "prices", "import", "--replace", first, "--ledger", ledger)
                #expect(run.exitCode == 0, "\(run.errors)")
            }
            let environment = [
                "TALLY_PRICES_URL": file, "TALLY_PRICES_INTERVAL": "1s",
                "TALLY_PRICES_TOLERANCE": "5%", "TALLY_PRICES_LEDGER": "*",
            ]
            try await withService(on: place, environment: environment) { service in
                _ = try await service.client().ingest(Self.event("1").text)
                // Within the tolerance for the models that the default ledger used; the other
                // ledger used none.
                try book("2.1", "9").write(toFile: file, atomically: true, encoding: .utf8)
                let decisions = """
                    SELECT string_agg(name || ' ' || coalesce(decision, 'waits'), ', ' ORDER BY name)
                    FROM tally.price_proposals JOIN tally.ledgers USING (ledger_id)
                    """
                try await poll("both have decided") {
                    try await place.psql(decisions) == "default policy, other waits"
                }
                // Now a used price changes by more.
                try book("3", "9").write(toFile: file, atomically: true, encoding: .utf8)
                try await poll("it waits") {
                    try await place.psql(decisions + " WHERE decision IS NULL")
                        == "default waits, other waits"
                }
            }
            let list =
                try await place.tally("prices", "proposals", "--json")
                .json.proposals.items
            let shown = try await place.tally(
                "prices", "proposals", try #require(list.first?.id.string))
            #expect(shown.output.contains("The one model used since"), "\(shown.output)")
            #expect(shown.output.contains("In all:"))
            let none = try await place.tally("prices", "refresh", first, "--ledger", "other")
            #expect(none.output.contains("already uses this book"), "\(none.output)")
        }
        for names in ["a,,b", "a,a", ""] {
            let run = try await CommandRun.tally(
                ["serve", "--prices-ledger", names, "--prices-url", "x"])
            #expect(run.exitCode == 64, "\(names): \(run.errors)")
        }
    }

    private func approve(_ client: TallyClient, _ server: BookServer) async throws {
        var waiting: JSONValue?
        try await poll("a proposal waits") {
            waiting = try await client.get("/api/v1/prices/proposals").json
                .proposals.items.first
            return waiting != nil
        }
        let proposal = try #require(waiting)
        #expect(proposal.decision == nil)
        #expect(proposal.source.string == "http://127.0.0.1:\(server.port)/prices/book.yaml")
        #expect(proposal.summary.models_only_in_first.integer ?? 0 > 500)
        #expect(try await cost(client, "before") == "0.0035", "nothing has changed yet")
        try await poll("the server is asked with the tag of its answer") {
            server.notModified > 0
        }
        let shown = try await client.get("/api/v1/prices/proposals/\(proposal.id.string ?? "")")
            .text
        #expect(shown.contains("\"model\":\"gpt-4o\",\"unit\":\"input_tokens\""))
        #expect(shown.contains("\"first_usd\":\"2.5\",\"second_usd\":\"2\",\"ratio\":\"0.8\""))

        let path = "/api/v1/prices/proposals/\(proposal.id.string ?? "")"
        let answer = try await client.post(path + "/approve", "")
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try await cost(client, "after") == "0.003")
        for verb in ["approve", "reject"] {
            let again = try await client.post("\(path)/\(verb)", "")
            #expect(again.status == 409)
            #expect(try again.failure.message.contains("already"))
        }
        let nobody = try await client.post("/api/v1/prices/proposals/0000/approve", "")
        #expect(nobody.status == 404)
    }

    private func letSmallChangesIn(_ client: TallyClient, _ server: BookServer) async throws {
        server.answer(.file(Self.book("2.1")))
        try await poll("a change of 5 % is published") {
            try await client.get("/api/v1/prices").json.prices.items.count == 3
        }
        try await poll("the openLedger has read it") {
            try await cost(client, UUID().uuidString) == "0.0031"
        }
        let proposals = try await client.get("/api/v1/prices/proposals")
            .json.proposals
        #expect(proposals.each("decision") == ["policy", "approved"])
        #expect(try await count(client, "published") == 1)
    }

    private func surviveEverything(_ client: TallyClient, _ server: BookServer) async throws {
        let before = try await client.get("/api/v1/prices").text
        let faults: [(BookServer.Answer, String)] = [
            (.status(500), "unreachable"), (.hangUp, "unreachable"),
            (.bytes(17 << 20), "refused"), (.file("no: price book"), "refused"),
            (.file(Self.book("-1")), "refused"),
        ]
        for (answer, outcome) in faults {
            let count = try await count(client, outcome)
            server.answer(answer)
            try await poll("\(answer) is counted as \(outcome)") {
                try await self.count(client, outcome) > count
            }
        }
        #expect(try await client.get("/readyz").status == 200)
        #expect(try await client.get("/api/v1/prices").text == before)
    }

    @Test("by hand: shown, kept, approved or rejected, and never proposed again once rejected")
    func byHand() async throws {
        try await withPlace { place in
            let file = place.dataDirectory + "/book.yaml"
            func write(_ text: String) throws {
                try text.write(toFile: file, atomically: true, encoding: .utf8)
            }
            try write(Self.book("5"))
            let shown = try await place.tally("prices", "refresh", file)
            #expect(shown.exitCode == 0, "\(shown.errors)")
            #expect(shown.output.contains("Nothing has changed yet"))
            #expect(
                try await place.psql("SELECT count(*) FROM tally.price_proposals") == "1")
            _ = try await place.tally("prices", "refresh", file)
            let list =
                try await place.tally("prices", "proposals", "--json")
                .json.proposals.items
            #expect(list.count == 1, "the same book waits once")
            let id = try #require(list.first?.id.string)
            let one = try await place.tally("prices", "proposals", id)
            #expect(one.output.contains("2.5"))
            #expect(try await place.tally("prices", "reject", id).exitCode == 0)
            let again = try await place.tally("prices", "refresh", file)
            #expect(again.output.contains("was rejected"))
            #expect(try await place.tally("prices", "approve", id).exitCode == 65)

            try write(Self.book("6"))
            let yes = try await place.tally("prices", "refresh", file, "--yes", "--json")
            #expect(yes.output.contains("\"outcome\":\"approved\""))
            #expect(
                try await place.tally("prices", "refresh", file).output
                    == "The ledger already uses this book.\n")
            let price = try await place.tally("prices", "show", "gpt-4o", "--json")
            #expect(price.output.contains("\"6\""))
        }
    }

    @Test("a proposal for a book that is no longer in use is refused, and a newer one replaces it")
    func outdated() async throws {
        try await withPlace { place in
            let (first, second) = (
                place.dataDirectory + "/first.yaml", place.dataDirectory + "/second.yaml"
            )
            try Self.book("5").write(toFile: first, atomically: true, encoding: .utf8)
            try Self.book("6").write(toFile: second, atomically: true, encoding: .utf8)
            _ = try await place.tally("prices", "refresh", first)
            _ = try await place.tally("prices", "refresh", second)
            let list =
                try await place.tally("prices", "proposals", "--json")
                .json.proposals.items
            #expect(list.map { $0.decision } == [nil, "superseded"])
            #expect(try await place.tally("prices", "import", "--replace", first).exitCode == 0)
            let id = try #require(list.first?.id.string)
            let refused = try await place.tally("prices", "approve", id)
            #expect(refused.exitCode == 65)
            #expect(refused.errors.contains("was made for a different book than the one in use"))
        }
    }

    @Test("a failed fetch is 65 with one sentence, and changes nothing")
    func refused() async throws {
        try await withPlace { place in
            #expect(try await place.tally("ledgers", "create", "default").exitCode == 0)
            let bad = place.dataDirectory + "/bad.yaml"
            try Self.book("-1").write(toFile: bad, atomically: true, encoding: .utf8)
            for (source, words) in [
                (bad, "input_mtok is -1"), (bad + ".gone", "there is no such file"),
                ("http://127.0.0.1:1/book", "can't be fetched"),
            ] {
                let run = try await place.tally("prices", "refresh", source)
                #expect(run.exitCode == 65)
                #expect(run.errors.contains(words), "\(run.errors)")
                #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
            }
            let wrong = try await place.tally("prices", "refresh")
            #expect(wrong.exitCode == 64)
            #expect(
                try await place.psql("SELECT count(*) FROM tally.price_proposals") == "0")
        }
        for option in ["--prices-interval=1w", "--prices-tolerance=5"] {
            let run = try await CommandRun.tally(["serve", option, "--prices-url", "x"])
            #expect(run.exitCode == 64, "\(option): \(run.errors)")
        }
    }
}
