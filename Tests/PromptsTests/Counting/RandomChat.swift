import JSON
import Prompts

/// Conversations as of agents: tool calls with their results, long and short texts.
enum RandomChat {
    private static let characters: [Character] = [
        "a", "b", " ", "é", "e\u{301}", "👩‍👩‍👧‍👦", "🇩🇪", "漢", "\n", "ก็", "\"", "\\", "한",
    ]

    static func text(upTo length: Int, using random: inout some RandomNumberGenerator) -> String {
        let count = Int.random(in: 0...length, using: &random)
        return String((0..<count).map { _ in characters.randomElement(using: &random) ?? "a" })
    }

    static func request(
        messages count: Int = 12, using random: inout some RandomNumberGenerator
    ) -> ChatRequest {
        var items: [JSONTree] = []
        if Bool.random(using: &random) {
            items.append(message("system", text(upTo: 30, using: &random)))
        }
        var call = 0
        for _ in 0...Int.random(in: 0...count, using: &random) {
            items.append(message("user", text(upTo: 60, using: &random)))
            if Int.random(in: 0..<3, using: &random) == 0 {
                items += exchange(&call, using: &random)
            }
            if Bool.random(using: &random) {
                items.append(message("assistant", text(upTo: 90, using: &random)))
            }
        }
        let body = JSONTree.object([
            .init("model", .text("gpt-4o")), .init("messages", .array(items)),
            .init("temperature", .number("0.70")),
        ])
        do {
            return try ChatRequest(body)
        } catch {
            preconditionFailure("a random chat is one: \(error)")
        }
    }

    /// One to three calls at once, answered in any order.
    private static func exchange(
        _ call: inout Int, using random: inout some RandomNumberGenerator
    ) -> [JSONTree] {
        let ids = (0...Int.random(in: 0...2, using: &random)).map { "call_\(call + $0)" }
        call += ids.count
        let calls = ids.map { id in
            JSONTree.object([
                .init("id", .text(id)), .init("type", .text("function")),
                .init(
                    "function",
                    .object([.init("name", .text("f")), .init("arguments", .text("{}"))])),
            ])
        }
        let asked = JSONTree.object([
            .init("role", .text("assistant")), .init("content", .null),
            .init("tool_calls", .array(calls)),
        ])
        return [asked]
            + ids.shuffled(using: &random).map { id in
                JSONTree.object([
                    .init("role", .text("tool")), .init("tool_call_id", .text(id)),
                    .init("content", .text(text(upTo: 120, using: &random))),
                ])
            }
    }

    private static func message(_ role: String, _ text: String) -> JSONTree {
        .object([.init("role", .text(role)), .init("content", .text(text))])
    }
}
