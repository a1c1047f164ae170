/// Removes whitespace that readers of prose do not see: at the ends of lines, in runs of empty
/// lines, and in runs of spaces after a sentence.
///
/// Code, JSON and tables are other segments and stay as they are. So do lines that begin with
/// whitespace, empty lines next to them, and any section of prose in which a line looks like code
/// without a fence.
package enum LayoutTrimmer {
    /// The text without invisible whitespace; nil if it has none.
    package static func trim(_ text: String) -> String? {
        trim(PromptSegments(text)).map { String($0) }
    }

    static func trim(_ text: PromptSegments) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.bytes.count)
        for segment in text.segments {
            if segment.kind == .prose, !CodeSigns.areIn(text.bytes, segment.range) {
                append(text.bytes, segment.range, to: &result)
            } else {
                result += text.bytes[segment.range]
            }
        }
        return result.count < text.bytes.count ? result : nil
    }

    private static func append(
        _ bytes: [UInt8], _ range: Range<Int>, to result: inout [UInt8]
    ) {
        var position = range.lowerBound
        var isAfterIndented = false
        var emptyLines = 0
        while position < range.upperBound {
            let end = min(bytes.lineEnd(from: position), range.upperBound)
            let hasNewline = bytes[end - 1] == Byte.newline
            var last = hasNewline ? end - 1 : end
            // A line that continues in another segment keeps the space before it.
            if hasNewline || end == bytes.count {
                while last > position, Byte.isBlank(bytes[last - 1]) { last -= 1 }
            }
            let isIndented = position < last && Byte.isBlank(bytes[position])
            if last == position, hasNewline {
                emptyLines += 1
            } else {
                let kept = isIndented || isAfterIndented ? emptyLines : min(emptyLines, 1)
                for _ in 0..<kept { result.append(Byte.newline) }
                emptyLines = 0
                if isIndented {
                    result += bytes[position..<end]
                } else {
                    appendLine(bytes, position..<last, to: &result)
                    if hasNewline { result.append(Byte.newline) }
                }
                isAfterIndented = isIndented
            }
            position = end
        }
        let isLast = range.upperBound == bytes.count
        for _ in 0..<(isLast ? min(emptyLines, 1) : emptyLines) { result.append(Byte.newline) }
    }

    /// Appends a line with single spaces after its sentences.
    private static func appendLine(
        _ bytes: [UInt8], _ line: Range<Int>, to result: inout [UInt8]
    ) {
        var start = line.lowerBound
        var position = start
        while position < line.upperBound {
            guard bytes[position] == Byte.space, position > line.lowerBound,
                isSentenceEnd(bytes[position - 1])
            else {
                position += 1
                continue
            }
            position += 1
            result += bytes[start..<position]
            while position < line.upperBound, bytes[position] == Byte.space { position += 1 }
            start = position
        }
        result += bytes[start..<line.upperBound]
    }

    private static func isSentenceEnd(_ byte: UInt8) -> Bool {
        byte == Byte.dot || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
    }
}

/// Signs that a text is code although it has no fence.
enum CodeSigns {
    private static let beginnings: [StaticString] = [
        "def ", "import ", "func ", "function ", "return ", "#include", "const ", "var ",
        "SELECT ", "if (", "for (", "while (", "$ ", "#!", "|", "+--",
    ]

    /// Whether a line looks like code, a shell or a drawn table.
    static func areIn(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        var position = range.lowerBound
        while position < range.upperBound {
            let end = min(bytes.lineEnd(from: position), range.upperBound)
            if beginnings.contains(where: { bytes.hasPrefix($0, at: position) }) { return true }
            var last = end
            while last > position, Byte.isJSONSpace(bytes[last - 1]) { last -= 1 }
            if last > position {
                switch bytes[last - 1] {
                case UInt8(ascii: ";"), Byte.openBrace, Byte.closeBrace, Byte.backslash:
                    return true
                default: break
                }
            }
            position = end
        }
        return false
    }
}
