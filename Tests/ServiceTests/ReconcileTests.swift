import Foundation
import LedgerTesting
import Testing

/// `tally reconcile`: the ledger against the bills of providers.
@Suite("Reconciliation", .serialized)
struct ReconcileTests {
    private struct Result: Decodable {
        struct Row: Decodable {
            let day: String
            let model: String
            let requests: Int
            let billedRequests: Int?
            let ledgerUsd: String
            let billUsd: String?
            let differenceUsd: String
            let reasonsUsd: [String: String]
            let explanation: [String]
        }
        struct Booking: Decodable {
            let model: String?
            let amountUsd: String
            let status: String
        }
        let agrees: Bool
        let ledgerUsd: String
        let billUsd: String?
        let differenceUsd: String
        let rows: [Row]
        let warnings: [String]
        let booked: [Booking]?
    }

    private static let book = """
        tally_prices: 1
        name: test
        providers:
          openai:
            models:
              gpt-4o:
                also: [gpt-4o-2024-08-06]
                prices:
                - {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10}
              gpt-4o-mini: {input_mtok: 0.15, output_mtok: 0.6}
              gpt-4.1: {input_mtok: 2, output_mtok: 8}
        """

    private static func request(
        _ id: String, _ model: String, input: Int, cached: Int = 0, output: Int,
        at time: String = "2025-06-10T10:00:00Z"
    ) -> String {
        EventText(id).with("model", "\"\(model)\"").with("occurred_at", "\"\(time)\"").with(
            "usage",
            "{\"input_tokens\":\(input),\"cache_read_input_tokens\":\(cached),"
                + "\"output_tokens\":\(output)}"
        ).text
    }

    /// A day with requests that agree, one that was never reported, one at a higher price than the
    /// book's, and one unpriced.
    private static let ledger = [
        request("a", "gpt-4o-2024-08-06", input: 1_000_000, cached: 200_000, output: 100_000),
        request("b", "gpt-4o-2024-08-06", input: 1_000_000, cached: 200_000, output: 100_000),
        request("c", "gpt-4o-mini", input: 1_000_000, output: 100_000),
        request("d", "gpt-4.1", input: 1_000_000, output: 1_000_000),
        request("e", "gpt-9", input: 500_000, output: 50_000),
        // One of the day before, and one of another provider.
        request("f", "gpt-4.1", input: 7, output: 7, at: "2025-06-09T23:59:59.999999Z"),
        EventText("g").with("provider", "\"anthropic\"").with("model", "\"claude-x\"").text,
    ].joined(separator: "\n")

    private static func page(_ results: [String], start: Int = 1_749_513_600) -> String {
        """
        {"object": "page", "data": [{"object": "bucket", "start_time": \(start),
         "end_time": \(start + 86_400), "results": [
        \(results.joined(separator: ",\n"))]}], "has_more": false, "next_page": null}
        """
    }

    private static func cost(_ item: String, _ dollars: String) -> String {
        """
        {"object": "organization.costs.result", "amount": {"value": "\(dollars)",
         "currency": "usd"}, "line_item": "\(item)", "project_id": null}
        """
    }

    private static func usage(
        _ model: String, requests: Int, input: Int, cached: Int = 0, output: Int
    ) -> String {
        """
        {"object": "organization.usage.completions.result", "model": "\(model)",
         "input_tokens": \(input), "input_cached_tokens": \(cached), "output_tokens": \(output),
         "num_model_requests": \(requests), "batch": false, "service_tier": "default"}
        """
    }

    private static func costs(mini: String = "0.45") -> String {
        page([
            cost("gpt-4o-2024-08-06, input", "4"), cost("gpt-4o-2024-08-06, cached input", "0.5"),
            cost("gpt-4o-2024-08-06, output", "2.0000000000000000000"),
            cost("gpt-4o-mini-2024-07-18, input", mini),
            cost("gpt-4o-mini-2024-07-18, output", "0.18"), cost("gpt-4.1, input", "2"),
            cost("gpt-4.1, output", "10"), cost("gpt-9, input", "5"),
            cost("gpt-9, output", "1.000000000001"),
        ])
    }

    private static let counts = page([
        usage("gpt-4o-2024-08-06", requests: 2, input: 2_000_000, cached: 400_000, output: 200_000),
        usage("gpt-4o-mini-2024-07-18", requests: 2, input: 3_000_000, output: 300_000),
        usage("gpt-4.1", requests: 1, input: 1_000_000, output: 1_000_000),
        usage("gpt-9", requests: 1, input: 500_000, output: 50_000),
    ])

    private static func write(_ text: String, _ name: String, in place: Place) throws -> String {
        let path = place.dataDirectory + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// A place whose ledger has the day above.
    private static func withLedger(_ body: (Place) async throws -> Void) async throws {
        try await withPlace { place in
            let book = try write(Self.book, "book.yaml", in: place)
            let prices = try await place.tally("prices", "import", "--replace", book)
            #expect(prices.exitCode == 0, "\(prices.errors)")
            let events = try write(Self.ledger, "ledger.ndjson", in: place)
            let imported = try await place.tally("import", events)
            #expect(imported.exitCode == 0, "\(imported.output) \(imported.errors)")
            try await body(place)
        }
    }

    private func run(_ place: Place, _ arguments: String..., code: Int32) async throws -> Result {
        let run = try await CommandRun.tally(
            ["reconcile", "--provider", "openai", "--json"] + arguments + place.arguments)
        #expect(run.exitCode == code, "\(run.errors)\(run.output)")
        return try run.decoded()
    }

    /// The cost of a day and model according to each read model.
    private static let sums = """
        SELECT string_agg(concat_ws(' ', day, model, requests, cost_pico), ',' ORDER BY day, model)
        FROM tally.current_provider_usage
        UNION ALL SELECT (SELECT sum(cost_pico)::text FROM tally.current_spend_hourly)
        UNION ALL SELECT (SELECT sum(cost_pico)::text FROM tally.current_user_usage)
        UNION ALL SELECT charged_pico::text FROM tally.heads
        """

    @Test("a day is compared, explained, booked, and then agrees to the picodollar")
    func endToEnd() async throws {
        try await Self.withLedger { place in
            let costs = try Self.write(Self.costs(), "costs.json", in: place)
            let counts = try Self.write(Self.counts, "usage.json", in: place)
            let found = try await run(place, costs, counts, code: 1)
            #expect(found.ledgerUsd == "16.71")
            #expect(found.billUsd == "25.130000000001")
            #expect(found.differenceUsd == "8.420000000001")
            let reasons = Dictionary(
                uniqueKeysWithValues: found.rows.map { ($0.model, $0.reasonsUsd) })
            #expect(
                reasons == [
                    "gpt-9": ["unpriced": "6.000000000001"], "gpt-4.1": ["other_price": "2"],
                    "gpt-4o-mini": ["missing": "0.42"], "gpt-4o-2024-08-06": [:],
                ])
            #expect(found.rows.map(\.model).first == "gpt-9", "the largest difference is first")
            #expect(found.rows.allSatisfy { $0.day == "2025-06-10" })
            let text = try await CommandRun.tally(
                ["reconcile", "--provider", "openai", costs, counts] + place.arguments)
            #expect(text.output.contains("not in the ledger: 1 request, 2,000,000 input_tokens"))
            let documented = try String(
                contentsOfFile: Workplace.package + "/docs/reconciliation.md", encoding: .utf8)
            #expect(
                documented.contains("```\n\(text.output)```\n"),
                "docs/reconciliation.md shows what is printed: \(text.output)")
            let unpriced = text.output.split(separator: "\n").first { $0.contains("  gpt-9  ") }
            #expect(
                unpriced?.contains(" – ") == true && unpriced?.contains("$0.00") == false,
                "what has no price is unknown: \(text.output)")
            #expect(text.output.contains("output_tokens at 10 for 1M tokens, where the book says"))
            let page = place.dataDirectory + "/report.html"
            _ = try await run(place, "--html", page, costs, counts, code: 1)
            let html = try String(contentsOfFile: page, encoding: .utf8)
            #expect(
                html.hasPrefix("<!doctype html>") && html.contains("The ledger against the bill"))
            #expect(html.contains("<td>gpt-4.1</td>") && html.contains(">+$8.42</td>"))
            #expect(html.contains("<strong>+$8.42</strong>"))
            #expect(html.contains("output_tokens at 10 for 1M tokens, where the book says"))

            let before = try await place.psql("SELECT position FROM tally.heads")
            let booked = try await run(place, "--adjust", costs, counts, code: 0)
            #expect(booked.booked?.map(\.status) == ["appended", "appended", "appended"])
            #expect(booked.booked?.map(\.amountUsd) == ["6.000000000001", "2", "0.42"])
            let again = try await run(place, "--adjust", costs, counts, code: 0)
            #expect(again.booked?.isEmpty == true)
            #expect(again.differenceUsd == "0")
            #expect(again.agrees)
            let after = try await place.psql("SELECT position FROM tally.heads")
            #expect(Int(after) == (Int(before) ?? 0) + 3, "the second time appends nothing")
            try await audit(place, billed: "25130000000001")

            // A later bill of the same day books only the difference to the first.
            let corrected = try Self.write(Self.costs(mini: "0.40"), "corrected.json", in: place)
            let further = try await run(place, "--adjust", corrected, counts, code: 0)
            #expect(further.booked?.map(\.amountUsd) == ["-0.05"])
            try await audit(place, billed: "25080000000001")
        }
    }

    /// Checks sums, read models, views and the chain after a booking.
    private func audit(_ place: Place, billed: String) async throws {
        let sum = try await place.psql(
            """
            SELECT sum(amount_pico) FROM tally.events WHERE provider = 'openai'
                AND occurred_at >= '2025-06-10' AND occurred_at < '2025-06-11'
            """)
        #expect(sum == billed)
        let live = try await place.psql(Self.sums)
        let rebuilt = try await place.tally("rebuild")
        #expect(rebuilt.exitCode == 0, "\(rebuilt.errors)")
        #expect(try await place.psql(Self.sums) == live)
        let totals = live.split(separator: "\n").suffix(3)
        #expect(Set(totals).count == 1, "\(live)")
        #expect(live.contains("2025-06-10 gpt-4.1 1 12000000000000"), "no request was made up")
        let verified = try await place.tally("verify")
        #expect(verified.exitCode == 0, "\(verified.output)")
        let views = try await place.tally(
            "sql",
            """
            SELECT (SELECT sum(cost_pico) FROM audit.reconciliations) = (
                    SELECT sum(cost_pico) FROM audit.events WHERE kind = 'charge.reconciled')
                AND (SELECT sum(cost_pico) FROM audit.charges) = (
                    SELECT sum(cost_pico) FROM audit.spend_daily)
                AND (SELECT bool_and(bill ~ '^[0-9a-f]{64}$' AND billed_usd - ledger_usd = cost_usd)
                    FROM audit.reconciliations) AS agree
            """, "--csv")
        #expect(views.output.contains("t"), "\(views.output)\(views.errors)")
        #expect(!views.output.contains("f"), "\(views.output)")
    }

    @Test("bills that cannot be used are refused with a sentence, and nothing is booked")
    func badInput() async throws {
        try await Self.withLedger { place in
            let sentence = try Self.write("This is a sentence.\n", "a.json", in: place)
            let euros = try Self.write(
                Self.costs().replacingOccurrences(of: "\"usd\"", with: "\"eur\""), "b.json",
                in: place)
            let broken = try Self.write(Self.costs(mini: "lots"), "c.json", in: place)
            let counts = try Self.write(Self.counts, "usage.json", in: place)
            let good = try Self.write(Self.costs(), "costs.json", in: place)
            let cases: [([String], Int32, String)] = [
                (["openai", sentence], 65, "a.json: this is not a bill"),
                (["openai", euros], 65, "the amount is in eur, but ledgers are kept in USD"),
                (["openai", broken], 65, "c.json, line 9: amount.value is \"lots\""),
                (["anthropic", good], 65, "this is a bill of openai: use --provider openai"),
                (["openai", good, good], 65, "given twice"),
                (["openai", "--adjust", counts], 65, "the bill has no amounts"),
                (["openai", "--since", "2025-07-01", good], 65, "the bill covers no day"),
                (["openai", place.dataDirectory + "/nowhere.json"], 65, "cannot be read"),
                (["openai"], 64, "--since"),
                (["openai", "--since", "2025-06-10"], 64, "OPENAI_ADMIN_KEY"),
                (["nobody", good], 64, "nobody"),
                (["openai", "--tolerance", "much", good], 64, "much"),
                (["openai", "--since", "2025-06-10T10:00:00Z", good], 64, "expected a day"),
            ]
            for (arguments, code, words) in cases {
                let run = try await CommandRun.tally(
                    ["reconcile", "--provider"] + arguments + place.arguments)
                #expect(run.exitCode == code, "\(arguments): \(run.errors)")
                #expect(run.errors.contains(words), "\(arguments): \(run.errors)")
            }
            let booked = try await place.psql("SELECT count(*) FROM tally.events WHERE kind = 12")
            #expect(booked == "0")
        }
    }

    @Test("a day that is not over is reported, and not booked")
    func openDay() async throws {
        try await withPlace { place in
            let today = Int(Date().timeIntervalSince1970) / 86_400 * 86_400
            let bill = try Self.write(
                Self.page([Self.cost("gpt-4o, input", "5")], start: today), "today.json", in: place)
            let result = try await run(place, "--adjust", bill, code: 1)
            #expect(result.warnings.contains { $0.contains("is not over in UTC") })
            #expect(result.booked?.isEmpty == true)
            let tolerated = try await run(place, "--tolerance", "5", bill, code: 0)
            #expect(tolerated.agrees)
        }
    }
}

extension ReconcileTests {
    private func fixture(_ name: String) throws -> String {
        try String(
            contentsOfFile: Workplace.package + "/Tests/ReconciliationTests/Fixtures/" + name,
            encoding: .utf8)
    }

    @Test("OpenAI's costs and usage are fetched page by page, and a busy server is called again")
    func fetchOpenAI() async throws {
        let costs = try fixture("openai-costs.json")
        let counts = try fixture("openai-usage-completions.json")
        let first = costs.replacingOccurrences(
            of: "\"has_more\": false,\n  \"next_page\": null",
            with: "\"has_more\": true, \"next_page\": \"page_AA+/=\"")
        try await BillServer.with { call, before in
            switch (call.path, before) {
            case ("/v1/organization/costs", 0):
                return BillServer.Reply(status: 429, headers: [("retry-after", "0")])
            case ("/v1/organization/costs", 1): return BillServer.Reply(body: first)
            case ("/v1/organization/usage/completions", _): return BillServer.Reply(body: counts)
            default: return BillServer.Reply()
            }
        } _: { server in
            try await withPlace { place in
                #expect(try await place.tally("ledgers", "create", "default").exitCode == 0)
                let run = try await CommandRun.tally(
                    [
                        "reconcile", "--provider", "openai", "--since", "2025-06-10", "--until",
                        "2025-06-12", "--base-url", server.url, "--json",
                    ] + place.arguments, environment: ["OPENAI_ADMIN_KEY": "sk-admin-secret"])
                #expect(run.exitCode == 1, "\(run.errors)")
                let result: Result = try run.decoded()
                #expect(result.billUsd == "7.78")
                #expect(result.rows.first { $0.model == "gpt-4o-2024-08-06" }?.billedRequests == 2)
                #expect(!run.output.contains("secret") && !run.errors.contains("secret"))
            }
            let calls = server.seen
            #expect(calls.allSatisfy { $0.headers["authorization"] == "Bearer sk-admin-secret" })
            #expect(calls.count == 8)
            #expect(
                calls[0].query
                    == "start_time=1749513600&end_time=1749686400&bucket_width=1d"
                    + "&group_by=line_item&limit=180")
            #expect(calls[2].query.hasSuffix("&page=page_AA%2B%2F%3D"))
        }
    }

    @Test("Anthropic's reports are fetched, and a refused key gives one sentence")
    func fetchAnthropic() async throws {
        let costs = try fixture("anthropic-cost-report.json")
        let counts = try fixture("anthropic-usage-messages.json")
        try await BillServer.with { call, _ in
            guard call.headers["x-api-key"] == "good" else {
                return BillServer.Reply(
                    status: call.headers["x-api-key"] == "busy" ? 503 : 401,
                    headers: [("retry-after", "0")])
            }
            return BillServer.Reply(body: call.path.hasSuffix("cost_report") ? costs : counts)
        } _: { server in
            try await withPlace { place in
                #expect(try await place.tally("ledgers", "create", "default").exitCode == 0)
                func fetch(_ key: String) async throws -> CommandRun {
                    try await CommandRun.tally(
                        [
                            "reconcile", "--provider", "anthropic", "--since", "2025-06-10",
                            "--until", "2025-06-11", "--base-url", server.url, "--json",
                        ] + place.arguments, environment: ["ANTHROPIC_ADMIN_KEY": key])
                }
                let good = try await fetch("good")
                #expect(good.exitCode == 1, "\(good.errors)")
                #expect(try good.decoded(Result.self).billUsd == "4.3378912")
                #expect(server.seen.count == 2)
                #expect(
                    server.seen[0].query.hasPrefix(
                        "starting_at=2025-06-10T00%3A00%3A00Z&ending_at=2025-06-11T00%3A00%3A00Z"))
                #expect(server.seen[1].query.contains("group_by%5B%5D=model"))
                let refused = try await fetch("bad")
                #expect(refused.exitCode == 69)
                #expect(refused.errors.contains("set ANTHROPIC_ADMIN_KEY to an admin key"))
                #expect(refused.errors.split(separator: "\n").count == 1, "\(refused.errors)")
                let busy = try await fetch("busy")
                #expect(busy.exitCode == 69)
                #expect(busy.errors.contains("answered 503, 6 times"), "\(busy.errors)")
            }
        }
    }
}
