/// The facts in events about a prompt that predict the length of its answer.
///
/// Two prompts have the same shape if their input has the same number of binary digits, and if both
/// or neither offer tools, ask for JSON, and contain images. `tally.prompt_shape` is the same
/// function in SQL.
package struct PromptShape: Hashable, Sendable {
    /// The octave and the three facts in one number, as the read model keeps it.
    package let code: Int16

    package init(code: Int16) {
        self.code = code
    }

    /// - Parameter inputTokens: nil if unknown, which is a shape of its own.
    package init(
        inputTokens: Int64?, hasTools: Bool = false, wantsJSON: Bool = false,
        hasImages: Bool = false
    ) {
        let octave = inputTokens.map { 1 + Int64.bitWidth - max(0, $0).leadingZeroBitCount } ?? 0
        code = Int16(octave * 8 + (hasTools ? 4 : 0) + (wantsJSON ? 2 : 0) + (hasImages ? 1 : 0))
    }

    /// The counts of input tokens with this shape; nil if unknown.
    package var inputTokens: ClosedRange<Int64>? {
        let octave = Int(code) / 8
        if octave == 0 { return nil }
        if octave == 1 { return 0...0 }
        return Int64(1) << (octave - 2)...(Int64(1) << (octave - 1)) - 1
    }
    package var hasTools: Bool { code & 4 != 0 }
    package var wantsJSON: Bool { code & 2 != 0 }
    package var hasImages: Bool { code & 1 != 0 }
}

extension PromptShape: CustomStringConvertible {
    package var description: String {
        let range = inputTokens.map { "\($0.lowerBound) to \($0.upperBound) tokens" }
        var words = [range ?? "any length"]
        if hasTools { words.append("tools") }
        if wantsJSON { words.append("JSON") }
        if hasImages { words.append("images") }
        return words.joined(separator: ", ")
    }
}
