/// A condition on a name, mostly with the words of genai-prices: of a model, a provider, or an item of
/// an array in a provider's answer.
///
/// Names are compared in lower case, by their UTF-8 bytes; a regular expression is searched for in
/// the lower-cased name, as `re.search` does.
package indirect enum MatchClause: Hashable, Sendable {
    case equals(String)
    case startsWith(String)
    case endsWith(String)
    case contains(String)
    case regex(String)
    /// The name itself or a dated or numbered version of it, see `VersionSuffix`; ours alone.
    case versionOf(String)
    case any([MatchClause])
    case all([MatchClause])

    /// Deeper nesting and longer patterns are refused by the reader.
    package static let depthMax = 16
    package static let patternBytesMax = 1_024

    /// Whether a name, which the caller has lower-cased, matches.
    package func matches(_ name: LowercasedName) -> Bool {
        switch self {
        case .equals(let text): text.utf8.count == name.bytes.count && name.has(text, at: 0)
        case .startsWith(let text): name.has(text, at: 0)
        case .endsWith(let text): name.has(text, at: name.bytes.count - text.utf8.count)
        case .contains(let text): name.contains(text)
        case .regex(let pattern): name.isMatched(by: pattern)
        case .versionOf(let text): name.isVersion(of: text)
        case .any(let clauses): clauses.contains { $0.matches(name) }
        case .all(let clauses): clauses.allSatisfy { $0.matches(name) }
        }
    }
}

/// A name prepared once for many clauses.
package struct LowercasedName {
    package let string: String
    package let bytes: [UInt8]

    package init(_ name: String) {
        string = name.lowercased()
        bytes = Array(string.utf8)
    }

    /// Whether the bytes of `text` occur at an offset.
    func has(_ text: String, at start: Int) -> Bool {
        guard start >= 0, start + text.utf8.count <= bytes.count else { return false }
        var index = start
        for byte in text.utf8 {
            if bytes[index] != byte { return false }
            index += 1
        }
        return true
    }

    func contains(_ text: String) -> Bool {
        let last = bytes.count - text.utf8.count
        guard last >= 0 else { return false }
        return (0...last).contains { has(text, at: $0) }
    }

    func isMatched(by pattern: String) -> Bool {
        // Compiling a pattern takes longer than anything else, and most begin with a plain name.
        guard has(anchoredPrefix(of: pattern), at: 0) else { return false }
        // The reader has compiled every pattern once; one that does not compile matches nothing.
        guard let regex = try? Regex(pattern) else { return false }
        return string.contains(regex)
    }
}

/// The text with which every match of a pattern such as `^gpt-5-\d` begins; empty if not obvious.
private func anchoredPrefix(of pattern: String) -> String {
    guard pattern.utf8.first == UInt8(ascii: "^"), !pattern.utf8.contains(UInt8(ascii: "|")) else {
        return ""
    }
    let rest = pattern.dropFirst()
    let plain = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "/") }
    // A quantifier may make the last character optional.
    let isQuantified = rest.dropFirst(plain.count).first.map { "?*{".contains($0) } ?? false
    return String(isQuantified ? plain.dropLast() : plain)
}
