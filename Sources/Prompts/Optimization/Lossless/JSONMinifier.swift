/// Removes the whitespace between JSON tokens and changes nothing else.
package enum JSONMinifier {
    /// The text with its JSON minified; nil if that changes nothing.
    package static func minify(_ text: String) -> String? {
        minify(PromptSegments(text)).map { String($0) }
    }

    static func minify(_ text: PromptSegments) -> [UInt8]? {
        guard text.segments.contains(where: { $0.kind == .json }) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.bytes.count)
        for segment in text.segments {
            if segment.kind == .json {
                appendCompact(text.bytes, segment.range, to: &result)
            } else {
                result += text.bytes[segment.range]
            }
        }
        return result.count < text.bytes.count ? result : nil
    }
}

/// Appends a valid JSON value without the whitespace around its tokens.
func appendCompact(_ bytes: [UInt8], _ range: Range<Int>, to result: inout [UInt8]) {
    var isInString = false
    var position = range.lowerBound
    var start = position
    while position < range.upperBound {
        let byte = bytes[position]
        if isInString {
            if byte == Byte.backslash {
                position += 1
            } else if byte == Byte.quote {
                isInString = false
            }
        } else if byte == Byte.quote {
            isInString = true
        } else if Byte.isJSONSpace(byte) {
            result += bytes[start..<position]
            start = position + 1
        }
        position += 1
    }
    result += bytes[start..<range.upperBound]
}
