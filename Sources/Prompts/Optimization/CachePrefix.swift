import Tokenizing

/// How much of a prompt a provider can find in its cache, and what ends that prefix.
package struct CachePrefix: Hashable, Sendable {
    package struct Cause: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// A time, which differs in the next request.
            case time
            /// An identifier of one request.
            case identifier
            /// Text that differs from the previous request.
            case difference
            /// The beginning of the question.
            case question
        }

        package let kind: Kind
        package let message: Int
        /// Its offset in the message, in bytes.
        package let offset: Int
        /// The text there, shortened.
        package let text: String
    }

    /// The tokens before the first text that changes.
    package let tokens: Int
    /// nil where everything stays the same.
    package let cause: Cause?

    static let textBytesMax = 64

    /// Compares with the previous request; without one, looks for text that usually changes.
    init(of prompt: Prompt, after previous: Prompt?, _ counter: TokenCounter) {
        cause = previous.map { Self.difference(prompt, $0) } ?? Self.guess(prompt)
        let whole = prompt.messages.prefix(cause?.message ?? prompt.messages.count)
        var tokens = whole.reduce(0) { $0 + counter.count($1.text) }
        if let cause {
            let bytes = Array(prompt.messages[cause.message].text.utf8)
            tokens += counter.count(String(bytes[..<cause.offset]))
        }
        self.tokens = tokens
    }

    private static func difference(_ prompt: Prompt, _ previous: Prompt) -> Cause? {
        for (index, message) in prompt.messages.enumerated() {
            let bytes = Array(message.text.utf8)
            guard index < previous.messages.count, previous.messages[index].role == message.role
            else { return cause(.difference, index, bytes, 0..<0) }
            let before = Array(previous.messages[index].text.utf8)
            if bytes == before { continue }
            var offset = 0
            let shorter = min(bytes.count, before.count)
            while offset < shorter, bytes[offset] == before[offset] { offset += 1 }
            while offset > 0, offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
            // The line with the difference tells its kind.
            var line = offset
            while line > 0, bytes[line - 1] != Byte.newline { line -= 1 }
            let found = VolatileText.first(in: bytes, from: line)
            let kind = found.map { $0.range.contains(offset) ? $0.kind : .difference }
            return cause(kind ?? .difference, index, bytes, offset..<offset)
        }
        return nil
    }

    private static func guess(_ prompt: Prompt) -> Cause? {
        for (index, message) in prompt.messages.enumerated() {
            let bytes = Array(message.text.utf8)
            let statement = firstStatement(bytes)
            let isLast = index == prompt.messages.count - 1
            let isSearched = message.role == .system || isLast
            let found = isSearched ? VolatileText.first(in: bytes, from: 0) : nil
            if let found, found.range.lowerBound < statement?.lowerBound ?? .max {
                return cause(found.kind, index, bytes, found.range)
            }
            if let statement { return cause(.time, index, bytes, statement) }
            if isLast, prompt.form == .chat { return cause(.question, index, bytes, 0..<0) }
        }
        return nil
    }

    private static func firstStatement(_ bytes: [UInt8]) -> Range<Int>? {
        var start = 0
        while start < bytes.count {
            let end = bytes.lineEnd(from: start)
            if VolatileText.isStatement(bytes[start..<end]) { return start..<end }
            start = end
        }
        return nil
    }

    private static func cause(
        _ kind: Cause.Kind, _ message: Int, _ bytes: [UInt8], _ range: Range<Int>
    ) -> Cause {
        let end = min(bytes.count, range.lowerBound + textBytesMax)
        let text = bytes[range.lowerBound..<end].prefix { $0 != Byte.newline }
        return Cause(
            kind: kind, message: message, offset: range.lowerBound, text: String(text))
    }
}
