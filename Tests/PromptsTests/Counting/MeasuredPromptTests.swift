import Foundation
import JSON
import Prompts
import Testing
import Tokenizing
import Vocabularies

/// Prompts with the tokens that OpenAI's API reported for them, as others published them.
@Suite("Prompts that others measured")
struct MeasuredPromptTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let source: String
        let tokens: Int
        let body: String

        var testDescription: String { "\(tokens): \(body)" }
    }

    static func rows() throws -> [Row] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/measured-prompts.jsonl")
        return try Data(contentsOf: file).split(separator: 0x0A).map { line in
            let row = try JSONTree(parsing: Array(line))
            return Row(
                source: try #require(row["source"]?.string),
                tokens: try #require(row["tokens"]?.integer),
                body: try #require(row["body"]).json)
        }
    }

    private func found(_ body: String) throws -> RequestCount {
        let request = try chat(body)
        let profile = try ModelProfile(model: try #require(request.model))
        let encoding = try #require(profile.tokenization?.encoding)
        let tokenizer = try TokenizerLibrary.shared.tokenizer(for: encoding)
        return RequestCounter(profile: profile, counter: tokenizer.counter).count(request)
    }

    @Test("come out exactly, with an upper bound that is never below")
    func measured() throws {
        let rows = try Self.rows()
        #expect(rows.count == 46)
        for row in rows {
            let found = try found(row.body)
            #expect(found.tokens == row.tokens, "\(row.source): \(row.body)")
            #expect(found.upperBound >= row.tokens)
        }
    }

    @Test("with tools are estimated, since nobody documents them")
    func basis() throws {
        for row in try Self.rows() where row.body.contains("\"parameters\"") {
            let found = try found(row.body)
            #expect(found.exactness != .exact)
            #expect(
                found.lines.allSatisfy {
                    $0.basis == .estimated
                        || $0.source != .toolDefinition && $0.source != .toolFrame
                })
        }
    }

    @Test("keep their bound where the same functions are sent in the other way")
    func otherLayout() throws {
        for row in try Self.rows() where row.body.contains("\"functions\"") {
            guard case .object(let members) = try tree(row.body) else { continue }
            let body = JSONTree.object(
                members.map { member in
                    guard member.key == "functions" else { return member }
                    return .init(
                        "tools",
                        .array((member.value.items ?? []).map { .object([.init("function", $0)]) }))
                })
            #expect(try found(body.json).upperBound >= row.tokens, "\(row.body)")
        }
    }

    @Test("of hostile schemas are counted in time and text that their length bounds")
    func hostile() throws {
        var nested = #"{"type":"string"}"#
        for _ in 0..<25 {
            nested = #"{"type":["object","object","object"],"properties":{"a":\#(nested)}}"#
        }
        let body = """
            {"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"functions":[{"name":"f",
            "parameters":\(nested)}]}
            """
        #expect(try found(body).tokens < body.utf8.count * 4)
    }
}
