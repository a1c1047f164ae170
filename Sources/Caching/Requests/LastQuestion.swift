import JSON
package import LedgerModel

/// A request in two parts: what was asked last, and a digest of everything else.
///
/// Two requests can only be alike if everything else is equal: system prompt, earlier turns, tools,
/// images, model and parameters. A question beside an image or a tool's result is a text part of
/// its own, so those belong to everything else.
package struct LastQuestion: Sendable, Equatable {
    package let text: String
    /// SHA-256 of the canonical request with an empty text in the question's place.
    package let context: Digest

    /// Longer questions are documents, of which likeness says too little.
    package static let textBytesMax = 16 << 10
    private static let version = "tally-context-1"

    /// Nil if the request does not end with one text of a user, or with a longer one.
    package init?(_ body: [UInt8], dialect: RequestDialect) {
        guard body.count <= CanonicalRequest.bytesMax,
            let tree = try? JSONTree(parsing: body), case .object(var members) = tree,
            let name = Self.member[dialect],
            let place = members.firstIndex(where: { $0.key == name }),
            let taken = Self.taken(from: members[place].value, dialect)
        else { return nil }
        members[place].value = taken.rest
        guard !taken.text.isEmpty, taken.text.utf8.count <= Self.textBytesMax,
            let rest = try? CanonicalRequest(
                Array(JSONTree.object(members).json.utf8), dialect: dialect)
        else { return nil }
        text = taken.text
        context = Digest(hashing: Array(Self.version.utf8) + rest.bytes)
    }

    private static let member: [RequestDialect: String] = [
        .chatCompletions: "messages", .messages: "messages", .responses: "input",
        .completions: "prompt",
    ]

    private static func taken(
        from value: JSONTree, _ dialect: RequestDialect
    ) -> (text: String, rest: JSONTree)? {
        if case .text(let text) = value, dialect != .chatCompletions, dialect != .messages {
            return (text, .text(""))
        }
        guard dialect != .completions, case .array(var turns) = value, let last = turns.last,
            case .object(var members) = last, last["role"]?.string == "user",
            let place = members.firstIndex(where: { $0.key == "content" })
        else { return nil }
        switch members[place].value {
        case .text(let text):
            members[place].value = .text("")
            turns[turns.count - 1] = .object(members)
            return (text, .array(turns))
        case .array(var parts):
            let texts = parts.indices.filter { parts[$0]["text"]?.string != nil }
            // With several texts nobody can say which of them asks.
            guard texts.count == 1, case .object(var part) = parts[texts[0]],
                let spot = part.firstIndex(where: { $0.key == "text" }),
                let text = part[spot].value.string
            else { return nil }
            part[spot].value = .text("")
            parts[texts[0]] = .object(part)
            members[place].value = .array(parts)
            turns[turns.count - 1] = .object(members)
            return (text, .array(turns))
        default: return nil
        }
    }
}
