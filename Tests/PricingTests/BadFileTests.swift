import LedgerModel
import Pricing
import Testing

/// Errors in foreign formats; `PriceFileTests` has those in ours.
@Suite("Invalid foreign price files")
struct BadFileTests {
    private static func genai(_ prices: String, more: String = "") -> String {
        """
        [{"id": "acme", "models": [
          {"id": "m", "match": {"equals": "m"}, "prices":
            \(prices)\(more)
          }]}]
        """
    }

    private static func litellm(_ fields: String) -> String {
        """
        {"m": {"litellm_provider": "acme",
          "output_cost_per_token": 1e-6,
          \(fields)
        }}
        """
    }

    @Test("a file of too many values is refused before it is read, as YAML and as JSON")
    func manyValues() throws {
        let count = FileNode.valuesMax
        for text in [
            String(repeating: "- a\n", count: 2 * count + 1),
            "[" + String(repeating: "1,", count: 2 * count + 1) + "1]",
            "[" + String(repeating: "a,", count: 2 * count + 1) + "a]",
        ] {
            #expect {
                _ = try FileNode(parsing: text)
            } throws: {
                "\($0)".contains("more than \(count) values")
            }
        }
    }

    @Test("aliases are refused at once, however many values they mean", .timeLimit(.minutes(1)))
    func aliases() throws {
        var doubled = "tally_prices: 1\na0: &a0 [x, x]\n"
        for level in 1...25 {
            doubled += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
        }
        for text in [doubled + "? *a25\n: 1\n", doubled + "providers: *a25\n"] {
            let error = try #require(throws: PriceFileError.self) { try PriceFile.read(text) }
            #expect(error.line == 3 && error.message.contains("*a0 is an alias"), "\(error)")
        }
        let stars = """
            tally_prices: 1
            name: stars
            providers:
              acme: {models: {m: {match: {starts_with: m*}, input_mtok: 1}, "*m": {input_mtok: 2}}}
            """
        #expect(try PriceFile.read(stars).providers.count == 1)
        let quoted = """
            tally_prices: 1
            name: quoted
            providers:
              acme: {models: {"m *0": {input_mtok: 1}, "m &0": {input_mtok: 2}}}
            """
        #expect(try PriceFile.read(quoted).providers.first?.models.count == 2)
        let hidden = "tally_prices: 1\na:\u{2028}&x [1]\nproviders: *x\n"
        let error = try #require(throws: PriceFileError.self) { try PriceFile.read(hidden) }
        #expect(error.message.contains("*x is an alias"), "\(error)")
    }

    @Test(
        "YAML is bounded before it is parsed: values, brackets, columns",
        .timeLimit(.minutes(1)),
        arguments: [
            ("a: [" + String(repeating: "x,", count: 600_000) + "]", "more than 500000 values"),
            (String(repeating: "[", count: 900), "nested deeper"),
            (String(repeating: "? ", count: 900) + "x", "nested deeper"),
            (String(repeating: "- ", count: 900) + "x", "nested deeper"),
        ])
    func bounds(text: String, problem: String) throws {
        // Behind a key, so that nothing takes it for JSON.
        let error = try #require(throws: PriceFileError.self) {
            try PriceFile.read("tally_prices: 1\n" + text)
        }
        #expect(error.message.contains(problem), "\(error)")
    }

    @Test("the deepest keys that the bounds allow are refused in seconds", .timeLimit(.minutes(1)))
    func nestedKeys() throws {
        let depth = YAMLBounds.depthMax - 1
        let wide = String(repeating: "x,", count: FileNode.valuesMax - 3 * depth)
        let text =
            "tally_prices: 1\n" + String(repeating: "{? ", count: depth) + "[\(wide)x]"
            + String(repeating: " : 1}", count: depth)
        #expect(throws: PriceFileError.self) { try PriceFile.read(text) }
    }

    @Test(
        "genai-prices: the line and the reason",
        arguments: [
            (genai("{\"input_mtok\": -1}"), 3, "input_mtok is -1: a price is never negative"),
            (genai("{\"input_mtok\": \"free\"}"), 3, "input_mtok must be a decimal number"),
            (genai("{\"input_mtok\": {\"tiers\": []}}"), 3, "tiered prices need a base"),
            (
                genai(
                    "{\"input_mtok\": {\"base\": 1, "
                        + "\"tiers\": [{\"start\": -5, \"price\": 2}]}}"), 3,
                "a tier needs a start in tokens and a price"
            ),
            (
                genai("{\"input_mtok\": {\"base\": 1, \"tiers\": [{\"start\": 0, \"price\": 2}]}}"),
                3, "a tier that starts at 0 overlaps the base"
            ),
            (
                genai(
                    "{\"input_mtok\": {\"base\": 1, \"tiers\": [{\"start\": 9, \"price\": 2}, "
                        + "{\"start\": 9, \"price\": 3}]}}"), 3,
                "input_mtok has two prices above 9 input tokens"
            ),
            (
                genai(
                    "[{\"prices\": {\"input_mtok\": 1}},\n"
                        + "{\"constraint\": {\"start_time\": \"10:00\"}, \"prices\": {}}]"), 4,
                "give both start_time and end_time"
            ),
            (
                genai(
                    "[{\"prices\": {\"input_mtok\": 1}},\n"
                        + "{\"constraint\": {\"start_date\": \"soon\"}, \"prices\": {}}]"), 4,
                "start_date must be a date"
            ),
            (
                genai(
                    "[{\"prices\": {\"input_mtok\": 1}},\n"
                        + "{\"constraint\": {\"start_date\": \"2026-01-01\"}, \"prices\": {}},\n"
                        + "{\"constraint\": {\"start_date\": \"2025-01-01\"}, \"prices\": {}}]"), 5,
                "sort the lists by date"
            ),
            (
                genai(
                    "[{\"prices\": {\"input_mtok\": 1}},\n"
                        + "{\"constraint\": {\"moon\": \"full\"}, \"prices\": {}}]"), 4,
                "constraint moon is not known"
            ),
            ("[{\"models\": []}]", 1, "a provider needs an id"),
        ])
    func genaiFaults(_ text: String, line: Int, message: String) {
        refused(text, line, message)
    }

    @Test(
        "LiteLLM: the line and the reason",
        arguments: [
            (
                litellm("\"input_cost_per_token\": -1e-6"), 3,
                "input_tokens is -1e-6: a price is never negative"
            ),
            (
                litellm("\"input_cost_per_token_above_200k_tokens\": \"dear\""), 3,
                "input_tokens must be a decimal number"
            ),
            (
                litellm(
                    "\"tiered_pricing\": [{\"range\": [0, 100], \"input_cost_per_token\": 1e-6},\n"
                        + "{\"range\": [50, 200], \"input_cost_per_token\": 2e-6}]"), 4,
                "the range from 50 overlaps the one before it"
            ),
            (
                litellm(
                    "\"tiered_pricing\": [{\"range\": [0, 100], \"input_cost_per_token\": 1e-6},\n"
                        + "{\"range\": [150, 200], \"input_cost_per_token\": 2e-6}]"), 4,
                "there is no price from 100 to 150: close the gap"
            ),
            (
                litellm("\"tiered_pricing\": [{\"range\": [10, 5]}]"), 3,
                "there is no price from 0 to 10"
            ),
            (
                litellm("\"tiered_pricing\": [{\"range\": [0, 0]}]"), 3,
                "a range must end above its start"
            ),
            (
                litellm("\"input_cost_per_token\": 1e-6,\n\"input_cost_per_token\": 2e-6"), 3,
                "\"input_cost_per_token\" is given twice"
            ),
        ])
    func litellmFaults(_ text: String, line: Int, message: String) {
        refused(text, line, message)
    }

    private func refused(_ text: String, _ line: Int, _ message: String) {
        let error = #expect(throws: PriceFileError.self) { try PriceFile.read(text) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(error?.line == line, "\(error?.message ?? "")")
    }

    @Test("a unit that events don't count is reported with its line, not ignored silently")
    func omitted() throws {
        let reading = try PriceFile.reading(
            Self.genai("{\"input_mtok\": 1,\n\"smell_mtok\": 2}"))
        #expect(
            reading.omissions.map(\.description) == [
                "smell_mtok, a unit that events don't count: left out 1 time, first on line 4"
            ])
    }

    @Test("of many kinds that a book cannot hold the first ten are told, and how many more")
    func manyOmitted() throws {
        let units = (1...12).map { "\"smell\($0)_mtok\": 2" }.joined(separator: ",\n")
        let many = try PriceFile.reading(Self.genai("{\"input_mtok\": 1,\n\(units)}"))
        let lines = try #require(many.omissionsText).split(separator: "\n")
        #expect(lines.count == 12, "\(lines)")
        #expect(lines[1].hasPrefix("  smell1_mtok, ") && lines[11] == "  and 2 more kinds")
        let none = try PriceFile.reading(Self.genai("{\"input_mtok\": 1}"))
        #expect(none.omissionsText == nil)
    }

    @Test("a file whose factors of tier and region have no exact product is refused")
    func factors() {
        let error = #expect(throws: PriceFileError.self) {
            try acme(
                "m: {input_mtok: 0.000000000000001}",
                provider: "tiers: {batch: 0.001}\n    regions: {eu: 0.001}")
        }
        #expect(error?.message.contains("batch in eu has more than 24 decimals") == true)
        #expect(error?.line == 8)
    }
}
