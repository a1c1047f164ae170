/// Takes the whitespace between the tokens of JSON away and touches nothing else.
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
