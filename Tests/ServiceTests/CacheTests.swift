import Foundation
import LedgerTesting
import Testing

/// The cache as applications use it, over two instances; what it decides is tested where it is.
@Suite("The cache in a service", .serialized)
struct CacheTests {
    @Test("an application that is its own gateway looks up, fills, stores, hits elsewhere, forgets")
    func gateway() async throws {
        try await withPlace { place in
            let first = try await TallyProcess.start(on: place)
            let second = try await TallyProcess.start(on: place)
            let run = try await CommandRun.run(
                "/usr/bin/env",
                ["python3", Workplace.client("cache_gateway.py"), first.url, second.url])
            #expect(run.exitCode == 0, "\(run.errors)\n\(first.log)\n\(second.log)")
            let result = try run.json
            #expect(result.same == true && result.asked_by_a_crowd == 1, "\(run.output)")
            #expect(result.message == true && result.asked == 2)
            #expect(result.streams["chat.completions"].text == "Köln, \"am\" Rhein.")
            #expect(result.streams["chat.completions"].usage == 9)
            #expect(result.streams.messages.text.city == "Köln")
            #expect(result.headers == .list(["private, no-store", "Authorization", true]))
            #expect(result.other_team == "miss", "another team's answer")
            #expect(result.entry[0] == "guide@3" && result.entry[2] == true)
            #expect(result.readers.items.contains(.list(["got", "u-1"])))
            #expect(result.readers.items.contains(.list(["stored", "u-1"])))
            for waited in result.seconds_after_delete.items + result.seconds_after_tag.items {
                #expect((waited.double ?? 99) < 1, "\(run.output)")
            }
            #expect(result.asked_again == 3)
            try await commands(place, first)
            // Whatever waited to be written is in the ledger once both have stopped.
            for service in [first, second] {
                try await service.signal(15)
                #expect(try await service.exit() == 0, "\(service.log)")
                await service.discard()
            }
            try await booked(place)
        }
    }

    /// A command forgets what services gave.
    private func commands(_ place: Place, _ service: TallyProcess) async throws {
        let request =
            #""api":"embeddings","request":{"model":"text-embedding-3-small","input":"x"}"#
        let answer = #""answer":{"data":[{"embedding":[0.5]}],"usage":{"prompt_tokens":1}}"#
        let client = service.client()
        let stored = try await client.post(
            "/api/v1/cache/answers", "{\(request),\(answer),\"dependencies\":[\"doc-1\"]}")
        let key = try #require(try stored.json.key.string, "\(stored)")
        try await poll("the shared tier has it") {
            try await place.tally("cache", "show", key).exitCode == 0
        }
        let forgotten = try await place.tally(
            "cache", "invalidate", "--dependency", "doc-1", "--reason", "why", "--json")
        #expect(try forgotten.json.count == 1, "\(forgotten)")
        try await poll("the service gives it no more", within: .seconds(2)) {
            try await client.post("/api/v1/cache/lookup", "{\(request)}").json.outcome == "miss"
        }
        let gone = try await place.tally("cache", "show", key)
        #expect(gone.exitCode != 0 && gone.errors.contains("there is no answer under"), "\(gone)")
        let wrong = try await place.tally("cache", "invalidate")
        #expect(wrong.exitCode == 64 && wrong.errors.contains("say which answers"), "\(wrong)")
    }

    private func booked(_ place: Place) async throws {
        let run = try await place.tally(
            "sql", "--csv",
            """
            SELECT kind, count(*) > 0, count(request_hash) = count(*), sum(output_tokens) > 0
            FROM audit.cache_events WHERE kind <> 'cache.evicted' GROUP BY kind ORDER BY kind
            """)
        let rows = run.output.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
        #expect(rows.count == 4, "\(run)")
        #expect(rows.contains { $0.hasPrefix("cache.hit,t,t,t") }, "\(rows)")
        #expect(rows.contains { $0.hasPrefix("cache.stored,t,t,t") }, "\(rows)")
        #expect(try await place.tally("verify").exitCode == 0)
    }

    @Test("a file of rules is checked before it is used, with line and column")
    func rules() async throws {
        try await withPlace { place in
            let file = place.dataDirectory + "/cache.yaml"
            func write(_ text: String) throws {
                try text.write(toFile: file, atomically: true, encoding: .utf8)
            }
            try write("tally_cache: 1\nrules:\n  a: {for: {app: x}, tll: 5m}\n")
            let wrong = try await CommandRun.tally(["cache", "check", file])
            #expect(wrong.exitCode == 65)
            #expect(wrong.errors.contains("line 3, column 22: tll is not known"), "\(wrong)")
            #expect(wrong.errors.contains("did you mean ttl?"))
            try write("tally_cache: 1\nmemory: 32MB\nrules:\n  a: {for: {app: x}, cache: false}\n")
            let good = try await CommandRun.tally(["cache", "check", file])
            #expect(good.exitCode == 0 && good.output.contains("1 rule, 32 MB"), "\(good)")
            let service = try await TallyProcess.start(
                on: place, environment: ["TALLY_CACHE_FILE": file])
            let found = try await service.client().post(
                "/api/v1/cache/lookup",
                #"{"api":"embeddings","request":{"model":"m","input":"x"},"dimensions":{"app":"x"}}"#
            )
            #expect(try found.json.outcome == "refused" && found.json.reason == "off", "\(found)")
            await service.discard()
        }
    }
}
