/// Reads what is typed at the prompt of `tally sql`, line by line, and says what to do with it.
package struct SQLPrompt: Sendable {
    package enum Action: Hashable, Sendable {
        /// A statement, without the semicolon at its end.
        case query(String)
        /// `\d` and `\dt`: list the views, or with a name its columns.
        case list, describe(String)
        /// `\x`: fold rows, or no longer.
        case fold
        case help, quit
        /// A word after a backslash that means nothing here.
        case unknown(String)
    }

    private var text = ""

    package init() {}

    /// Whether a statement has begun and not ended.
    package var isWithin: Bool { !text.isEmpty }

    /// Takes a line; nil if the statement goes on.
    package mutating func take(_ line: String) -> Action? {
        let line = Self.trimmed(line)
        if text.isEmpty {
            if line.isEmpty { return nil }
            if let action = Self.command(line) { return action }
        }
        text += (text.isEmpty ? "" : "\n") + line
        guard line.hasSuffix(";") else { return nil }
        defer { text = "" }
        return .query(Self.trimmed(String(text.dropLast())))
    }

    /// The statement that nothing ended, at the end of the input.
    package mutating func finish() -> Action? {
        defer { text = "" }
        return text.isEmpty ? nil : .query(text)
    }

    /// What `\h` prints.
    package static let help = """
        A query ends with a semicolon and may take several lines.
          \\d, \\dt      the views        \\d NAME     the columns of a view
          \\x           fold wide rows   \\h          this help
          exit, \\q     leave
        docs/audit.md describes the views. Unknown costs are shown as a dash.
        """

    private static func command(_ line: String) -> Action? {
        let words = line.drop { $0 == " " }.split(separator: " ", maxSplits: 1).map(String.init)
        switch trimmed(words[0].lowercased(), of: ";") {
        case "exit", "quit", "\\q": return .quit
        case "help", "\\h", "\\?": return .help
        case "\\x": return .fold
        case "\\d", "\\dt", "\\dv", "\\d+":
            return words.count == 1 ? .list : .describe(trimmed(words[1], of: ";"))
        case let word where word.hasPrefix("\\"): return .unknown(word)
        default: return nil
        }
    }

    private static func trimmed(_ text: String, of other: Character = " ") -> String {
        func isSpace(_ character: Character) -> Bool {
            character.isWhitespace || character == other
        }
        return String(
            text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
