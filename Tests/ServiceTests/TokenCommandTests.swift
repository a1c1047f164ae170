import Foundation
import Testing

/// `tally tokens …` as users run it: no database, exact numbers, one sentence for bad input.
@Suite("Token commands")
struct TokenCommandTests {
    /// Runs a subcommand of `tally tokens` on a text as standard input.
    private func tokens(_ arguments: String..., on input: String) async throws -> CommandRun {
        try await tokens(arguments, on: Array(input.utf8))
    }

    private func tokens(_ arguments: [String], on input: [UInt8]) async throws -> CommandRun {
        try await withScratchDirectory { directory in
            let path = directory + "/input"
            try Data(input).write(to: URL(fileURLWithPath: path))
            return try await CommandRun.tally(["tokens"] + arguments, input: path)
        }
    }

    private let weather = """
        {"model":"gpt-4o","messages":[
        {"role":"system","content":"You are a helpful assistant that can answer to questions about \
        the weather."},
        {"role":"user","content":"What's the weather like in San Francisco?"}],
        "tools":[{"type":"function","function":{"name":"get_current_weather",
        "description":"Get the current weather in a given location","parameters":{"type":"object",
        "properties":{"location":{"type":"string",
        "description":"The city and state, e.g. San Francisco, CA"},
        "unit":{"type":"string","description":"The unit of temperature to return",
        "enum":["celsius","fahrenheit"]}},"required":["location"]}}}]}
        """

    @Test("count prints a plain number if it is exact, and otherwise the band")
    func count() async throws {
        let exact = try await tokens("count", "--model", "gpt-4o", on: "tiktoken is great!")
        #expect(exact.output == "6\n")
        let estimated = try await tokens(
            "count", "--model", "claude-sonnet-4-5", on: "tiktoken is great!")
        #expect(estimated.output.hasSuffix(" estimated ±20 %\n"))
        let chat = try await tokens("count", "--chat", on: weather)
        // Tools are estimated, however well they fit what was measured.
        #expect(chat.output == "101 estimated ±10.1 %\n")
        let old = try await tokens("count", "--chat", "--model", "gpt-4", on: weather)
        #expect(old.output == "105 estimated ±10.2 %\n")
    }

    @Test("encode and decode return every text, byte for byte")
    func roundTrip() async throws {
        let text = "naïve 👩‍👩‍👧‍👦 \u{0}\t漢字\n  indented <|endoftext|> e\u{301}"
        for encoding in ["cl100k_base", "o200k_base"] {
            let encoded = try await tokens("encode", "--encoding", encoding, on: text)
            let decoded = try await tokens(
                "decode", "--encoding", encoding,
                on: "[" + encoded.output.replacing(" ", with: ",") + "]")
            #expect(Array(decoded.output.utf8) == Array(text.utf8))
        }
    }

    @Test("truncate never cuts a character")
    func truncate() async throws {
        let text = String(repeating: "👩‍👩‍👧‍👦", count: 20)
        for limit in 0...30 {
            let run = try await tokens(
                "truncate", "--encoding", "o200k_base", "--to", "\(limit)", on: text)
            #expect(run.exitCode == 0)
            #expect(run.output.allSatisfy { $0 == "👩‍👩‍👧‍👦" })
        }
    }

    @Test("explain shows tokens with their places, and where a chat's count comes from")
    func explain() async throws {
        let pieces = try await tokens("explain", "--model", "gpt-4o", on: "tiktoken is great!")
        #expect(pieces.output.contains("\" great\""))
        #expect(pieces.output.contains("(6 tokens of o200k_base)"))
        let chat = try await tokens("explain", "--chat", on: weather)
        for word in ["tool get_current_weather", "primer", "messages[1]", "of a window of 128,000"]
        {
            #expect(chat.output.contains(word), "\(word)")
        }
    }

    private struct Fitted: Decodable {
        struct Proof: Decodable {
            let tokens: Int
            let budget: Int
            let fits: Bool
        }
        let dropped: [Int]
        let proof: Proof
    }

    @Test("fit prints a body that fits, with a summary by the user's own command")
    func fit() async throws {
        let words = String(repeating: "word ", count: 300)
        let messages = (0..<6).map { #"{"role":"user","content":"\#($0) \#(words)"}"# }
        let body = #"{"model":"gpt-4o","messages":["# + messages.joined(separator: ",") + "]}"
        let run = try await tokens(
            "fit", "--window", "1000", "--reserve", "100", "--json", "--summary-command",
            "grep -o role | wc -l", on: body)
        let fitted: Fitted = try run.decoded()
        #expect(fitted.dropped == [0, 1, 2, 3])
        #expect(fitted.proof.fits)
        #expect(fitted.proof.budget == 900)
        #expect(run.output.contains(#"{"role":"system","content":"4"}"#))
        let tooSmall = try await tokens("fit", "--window", "50", "--reserve", "1", on: body)
        #expect(tooSmall.exitCode == 65)
        #expect(tooSmall.errors.contains("allow texts to be cut"))
    }

    @Test("optimize shortens JSON and says by how much")
    func optimize() async throws {
        let rows = (0..<50).map { #"{"id": \#($0), "name": "item \#($0)", "active": true}"# }
        let text = "Here are the rows:\n[\n  " + rows.joined(separator: ",\n  ") + "\n]\n"
        let run = try await tokens("optimize", "--model", "gpt-4o", on: text)
        #expect(run.exitCode == 0)
        #expect(run.output.utf8.count < text.utf8.count * 7 / 10)
        #expect(run.errors.contains("json"))
        #expect(run.errors.contains(" a call"))
    }

    @Test("bad input is one sentence that says what to do, and the right exit code")
    func badInput() async throws {
        let cases: [([String], [UInt8], Int32, String)] = [
            (["count"], [], 64, "--model gpt-4o"),
            (["count", "--model", "nobody-1"], [], 65, "name an encoding"),
            (["count", "--encoding", "o300k"], [], 65, "o200k_base"),
            (["count", "--model", "llama-3-8b"], [], 65, "tokenizer.json"),
            (["count", "--model", "gpt-4o"], [0x61, 0xFF], 65, "at byte 1"),
            (["encode", "--model", "claude-sonnet-4-5"], [0x61], 65, "not public"),
            (["decode", "--model", "gpt-4o"], Array("1 x".utf8), 65, "x is not a token id"),
            (["decode", "--model", "gpt-4o"], Array("99999999".utf8), 65, "no token"),
            (["count", "--chat"], Array("{".utf8), 65, "cannot be read at byte"),
            (["count", "--chat"], Array(#"{"messages":3}"#.utf8), 65, "must be a list"),
            (
                ["count", "--chat"], Array(#"{"model":"gpt-4o","messages":["\ud800"]}"#.utf8), 65,
                "half a surrogate"
            ),
        ]
        for (arguments, input, code, words) in cases {
            let run = try await tokens(arguments, on: input)
            #expect(run.exitCode == code, "\(arguments): \(run.errors)")
            #expect(run.errors.contains(words), "\(arguments): \(run.errors)")
        }
        let repaired = try await tokens(
            ["count", "--encoding", "o200k_base", "--repair"], on: [0x61, 0xFF])
        #expect(repaired.exitCode == 0)
    }
}
