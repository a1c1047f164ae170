import Foundation
import LedgerTesting
import Testing

/// Contracts over a book: published, charged, explained, replayed, and kept by a refresh.
@Suite("Explanations and terms", .serialized)
struct PriceTermsTests {
    private struct Explanation: Decodable {
        struct Charge: Decodable {
            struct Line: Decodable {
                let unit: String
                let count: String
                let countFrom: String
                let rateFrom: String
                let discount: String?
                let amountUsd: String
            }
            let bookedUsd: String?
            let unpriced: String?
            let recomputedUsd: String?
            let unroundedUsd: String?
            let reasons: [String: String]
            let lines: [Line]
            let agrees: Bool
        }
        let charged: Bool
        let holds: Bool
        let costUsd: String?
        let charges: [Charge]
    }

    private static let book = """
        tally_prices: 1
        name: ours
        providers:
          openai:
            tiers: {batch: 0.5}
            models:
              gpt-4o:
                match: {starts_with: gpt-4o}
                input_mtok: {0: 2.5, 1000: 5}
                cache_read_mtok: 1.25
                output_mtok: 10.0000003

        """

    private static let terms = """
        tally_terms: 1
        discounts:
        - {name: framework 2025, from: 2025-01-01, until: 2026-01-01, provider: openai, units: [input_tokens, output_tokens], percent_off: 12.5}
        allowances:
        - {name: trial, model: gpt-4o, units: [input_tokens], free: 1000, per: day}

        """

    private func write(_ text: String, _ name: String, in place: Place) throws -> String {
        let path = place.dataDirectory + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func explain(_ place: Place, _ words: String...) async throws -> Explanation {
        let run = try await CommandRun.tally(
            ["prices", "explain", "--json"] + words + place.arguments)
        #expect(run.exitCode == 0, "\(words) \(run.errors)")
        return try run.decoded()
    }

    private static let usage =
        "{\"input_tokens\":1200,\"cache_read_input_tokens\":1024,\"output_tokens\":333}"

    /// Appends events of every kind that explanations cover.
    private func fill(_ place: Place) async throws {
        let events = [
            EventText("plain").with("usage", Self.usage),
            EventText("batch").with("usage", Self.usage).with("service_tier", "\"batch\"")
                .with("model", "\"gpt-4o-2024-08-06\"").without("provider")
                .with("provider", "\"OpenAI\"").with("region", "\"eu\""),
            EventText("later").with("occurred_at", "\"2026-02-01T00:00:00Z\""),
            EventText("unknown").with("model", "\"dream\""),
            EventText("failed").with("type", "\"request.failed\"").without("usage"),
            EventText("odd").with("service_tier", "\"priority\""),
        ]
        let file = try write(
            events.map { $0.text + "\n" }.joined(), "events.ndjson", in: place)
        let run = try await place.tally("import", file)
        #expect(run.exitCode == 0, "\(run.errors)")
    }

    @Test("an imported file is a layer over the prices in force, or said to replace them")
    func layers() async throws {
        try await withPlace { place in
            let now = "\(Date().formatted(.iso8601))"
            let events = try write(
                [EventText("a"), EventText("b").with("model", "\"o3-mini\"")]
                    .map { $0.with("occurred_at", "\"\(now)\"").text + "\n" }.joined(),
                "events.ndjson", in: place)
            #expect(try await place.tally("import", events).exitCode == 0)
            let book = try write(
                "tally_prices: 1\nname: mine\nproviders:\n  openai:\n    models:\n"
                    + "      gpt-4o: {input_mtok: 1, output_mtok: 1}\n", "book.yaml", in: place)
            let head = "SELECT position FROM tally.heads"
            let before = try await place.psql(head)
            let tried = try await place.tally("prices", "import", book, "--replace", "--dry-run")
            #expect(
                tried.output.contains("1 of 2 requests of the last 30 days would have no price"),
                "\(tried)")
            #expect(tried.output.contains("openai/o3-mini: 1 request, "), "\(tried.output)")
            #expect(try await place.psql(head) == before, "a dry run publishes nothing")
            let layered = try await place.tally("prices", "import", book, "--json")
            #expect(layered.exitCode == 0, "\(layered.errors)")
            let result = try layered.json
            #expect(result.name.contains("mine over default") && result.dry_run == false)
            #expect(result.impact.becomes_unpriced == 0 && result.impact.requests == 2)
            let prices = try await place.tally("prices", "show", "o3-mini", "--json")
            #expect(prices.exitCode == 0, "the built-in prices are still in force: \(prices)")
            let list = try await place.tally("prices", "list", "--json").json.prices
            #expect(list.each("in_force") == [false, true])
            let alone = try await place.tally("prices", "import", book, "--replace")
            #expect(alone.exitCode == 0 && alone.output.contains("(mine, 1 model)"), "\(alone)")
            #expect(try await place.tally("prices", "show", "o3-mini").exitCode == 65)
        }
    }

    @Test("an explanation adds up, for every kind of charge, and names the reasons")
    func adding() async throws {
        try await withPlace { place in
            let book = try write(Self.book, "book.yaml", in: place)
            let terms = try write(Self.terms, "terms.yaml", in: place)
            #expect(try await place.tally("prices", "import", "--replace", book).exitCode == 0)
            let published = try await place.tally("prices", "terms", terms)
            #expect(published.exitCode == 0, "\(published.errors)")
            #expect(published.output.contains("discounts: 1, allowances: 1"))
            #expect(published.output.contains("from the beginning on"))
            let list = try await place.tally("prices", "list", "--json").json.prices
            #expect(list.each("discounts").last == 1 && list.each("allowances").last == 1)
            let table = try await place.tally("prices", "list").output
            #expect(table.contains("1 discount, 1 allowance"), "\(table)")
            try await fill(place)

            let plain = try await explain(place, "plain", "--source", "tests")
            let charge = try #require(plain.charges.first)
            // 176 × 5 × 0.875 + 1,024 × 1.25 + 333 × 10.0000003 × 0.875, per million.
            #expect(charge.unroundedUsd == "0.0049637500874125")
            #expect(charge.bookedUsd == "0.004963750087")
            #expect(charge.recomputedUsd == charge.bookedUsd)
            #expect(plain.costUsd == charge.bookedUsd)
            let words = try await place.tally("prices", "explain", "plain", "--source", "tests")
            for line in ["rounded", "booked"] {
                #expect(
                    words.output.split(separator: "\n").contains {
                        $0.hasPrefix(line) && $0.contains("  0.004963750087  ")
                    }, "all digits, since they are what is explained: \(words)")
            }
            let input = try #require(charge.lines.first { $0.unit == "input_tokens" })
            #expect(input.count == "176")
            #expect(input.countFrom == "1200 used − 1024 cache_read_input_tokens")
            #expect(input.rateFrom == "above 1000 input tokens")
            #expect(input.discount == "framework 2025")
            #expect(charge.reasons["model"] == "gpt-4o: \"gpt-4o\" matches {starts_with: gpt-4o}")
            #expect(charge.reasons["book"]?.contains("and in force since the beginning") == true)

            let batch = try #require(
                try await explain(place, "batch", "--source", "tests").charges.first)
            #expect(batch.reasons["tier"]?.contains("factor 0.5") == true)
            #expect(batch.reasons["region"]?.hasPrefix("eu: it has no prices of its own") == true)
            #expect(batch.bookedUsd == "0.002481875044")
            let later = try #require(
                try await explain(place, "later", "--source", "tests").charges.first)
            #expect(later.lines.allSatisfy { $0.discount == nil })
            for (id, reason) in [
                ("unknown", "no price for model dream of openai"),
                ("odd", "no price for service tier priority of model gpt-4o"),
            ] {
                let unpriced = try await explain(place, id, "--source", "tests")
                #expect(unpriced.charges.first?.unpriced == reason)
                #expect(unpriced.holds)
                #expect(unpriced.costUsd == nil)
            }
            #expect(try await !explain(place, "failed", "--source", "tests").charged)

            let text = try await place.tally("prices", "explain", "plain", "--source", "tests")
            for words in [
                "framework 2025: × 0.875 on input_tokens", "0.0049637500874125", "the same",
                "cost now  0.004963750087 USD",
            ] {
                #expect(text.output.contains(words), "\(words) is not in\n\(text.output)")
            }
            let recorded = try await place.tally("replay", "prices", "--book", "recorded")
            #expect(recorded.exitCode == 0, "\(recorded.output)\(recorded.errors)")
            try await keep(place)
        }
    }

    /// A refresh keeps the terms, and an empty file of terms removes them.
    private func keep(_ place: Place) async throws {
        let newer = try write(
            Self.book.replacingOccurrences(of: "2.5", with: "3"), "newer.yaml", in: place)
        let refresh = try await place.tally("prices", "refresh", newer, "--yes")
        #expect(refresh.exitCode == 0, "\(refresh.errors)")
        let bodies = try await place.psql(
            "SELECT count(*) FROM tally.price_books WHERE body LIKE '%framework 2025%'")
        #expect(bodies == "2")
        let diff = try await place.tally("prices", "diff", newer, "current", "--json", "--check")
        #expect(diff.exitCode == 1)
        #expect(diff.output.contains("\"allowances_only_in_second\":[\"trial\"]"))
        let none = try write("tally_terms: 1\n", "none.yaml", in: place)
        #expect(try await place.tally("prices", "terms", none).exitCode == 0)
        let equal = try await place.tally("prices", "diff", newer, "current", "--check")
        #expect(equal.exitCode == 0, "\(equal.output)")
    }

    @Test("a changed charge is reported, also by the exit code; an unpriced one is refused")
    func changed() async throws {
        try await withPlace { place in
            try await fill(place)
            let plain = try await place.tally("prices", "explain", "plain", "--source", "tests")
            #expect(plain.exitCode == 0)
            _ = try await place.psql(
                "UPDATE tally.events SET amount_pico = amount_pico + 1 WHERE kind = 10")
            let id = try await place.psql(
                "SELECT event_id FROM tally.events WHERE kind = 10 ORDER BY position LIMIT 1")
            let loud = try await place.tally("prices", "explain", id)
            #expect(loud.exitCode == 1)
            #expect(loud.output.contains("!!! THIS IS NOT WHAT WAS BOOKED"))
            let published = try await place.psql(
                "SELECT event_id FROM tally.events WHERE kind = 70 LIMIT 1")
            for (id, words) in [
                (published, "only requests and their charges have a price"),
                ("nobody", "this ledger has no event nobody"),
            ] {
                let refused = try await place.tally("prices", "explain", id)
                #expect(refused.exitCode == 65)
                #expect(refused.errors.contains(words), "\(refused.errors)")
            }
        }
    }

    @Test("two files are compared without a database, and a wrong word is one sentence")
    func diff() async throws {
        try await withScratchDirectory { directory in
            let place = Place(databaseURL: nil, dataDirectory: directory)
            let book = try write(Self.book, "a.yaml", in: place)
            let other = try write(
                Self.book.replacingOccurrences(of: "1.25", with: "1.5"), "b.yaml", in: place)
            let run = try await place.tally("prices", "diff", book, other)
            #expect(run.exitCode == 0)
            #expect(run.output.contains("1 price is higher in b.yaml, 0 lower"))
            #expect(run.output.contains("cache_read_input_tokens"))
            #expect(try await place.tally("prices", "diff", book, other, "--check").exitCode == 1)
            #expect(
                try await place.tally("prices", "diff", book, book).output
                    == "a.yaml and a.yaml charge the same.\n")
            let many = try await place.tally("prices", "diff", book, "default", "--json")
            #expect(many.output.contains("\"models_only_in_second\""))
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).count == 2)
        }
        try await withPlace { place in
            #expect(try await place.tally("ledgers", "create", "default").exitCode == 0)
            for word in ["no-such-file", "ffffffff"] {
                let run = try await place.tally("prices", "diff", "default", word)
                #expect(run.exitCode == 65)
                #expect(run.errors.split(separator: "\n").count == 1)
            }
            let run = try await place.tally("prices", "diff", "default", "current")
            #expect(run.output == "default and current charge the same.\n")
        }
    }
}
