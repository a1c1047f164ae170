import CTextMasks

/// Sixteen bytes of a text from where a piece begins, where ASCII is enough to see its end.
///
/// What sixteen comparisons say is a bit each, so that the length of a run is a count of ones and
/// nothing is looped over. Texts are mostly short words of ASCII, and which branch the next one takes
/// is what a processor can't foresee.
struct ASCIIWindow {
    static let length = 16

    private let bytes: UnsafePointer<UInt8>

    /// So many bytes have to be there.
    @inline(__always)
    init(_ bytes: UnsafePointer<UInt8>) { self.bytes = bytes }

    /// The length of the next piece by `O200KRule`; zero where these bytes do not decide it.
    @inline(__always)
    func camelPiece(digits: Int) -> Int {
        let (upper, lower) = (tally_upper16(bytes), tally_lower16(bytes))
        let lead = tally_lead(bytes[0])
        let opening = run(upper &>> lead)
        let word = opening &+ run(lower &>> (lead &+ opening))
        // A contraction behind a word belongs to it.
        if word > 0 { return wordEnd(lead &+ word, unless: tally_range16(bytes, 0x27, 1)) }
        return otherPiece(letters: upper | lower, digits: digits, takesSlashes: true)
    }

    /// The same by `CL100KRule`.
    @inline(__always)
    func letterPiece(digits: Int) -> Int {
        let letters = tally_upper16(bytes) | tally_lower16(bytes)
        let lead = tally_lead(bytes[0])
        let word = run(letters &>> lead)
        // A contraction is a piece of its own.
        if word > 0 { return bytes[0] == 0x27 ? 0 : wordEnd(lead &+ word, unless: 0) }
        return otherPiece(letters: letters, digits: digits, takesSlashes: false)
    }

    /// The number of ones at the low end.
    @inline(__always)
    private func run(_ bits: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: (~bits).trailingZeroBitCount)
    }

    /// A word ends there, unless it may go on there or nothing is seen of what follows.
    @inline(__always)
    private func wordEnd(_ end: UInt32, unless goesOn: UInt32) -> Int {
        let open = tally_wide16(bytes) | goesOn | 0x3_0000
        return open &>> end & 1 == 0 ? Int(truncatingIfNeeded: end) : 0
    }

    /// Digits, signs with the line ends behind them, or white space.
    @inline(__always)
    private func otherPiece(letters: UInt32, digits: Int, takesSlashes: Bool) -> Int {
        let numbers = tally_digits16(bytes)
        let wide = tally_wide16(bytes)
        if numbers & 1 != 0 {
            let end = Int(truncatingIfNeeded: run(numbers))
            if end >= digits { return digits }
            return wide &>> UInt32(truncatingIfNeeded: end) & 1 == 0 ? end : 0
        }
        let spaces = tally_spaces16(bytes)
        let signs = ~(letters | numbers | spaces | wide) & 0xFFFF
        let blank: UInt32 = bytes[0] == 0x20 ? signs &>> 1 & 1 : 0
        if signs &>> blank & 1 != 0 {
            let slashes = takesSlashes ? tally_range16(bytes, 0x2F, 1) : 0
            return signsEnd(blank &+ run(signs &>> blank), wide, slashes)
        }
        return spacesEnd(run(spaces), wide)
    }

    @inline(__always)
    private func signsEnd(_ start: UInt32, _ wide: UInt32, _ slashes: UInt32) -> Int {
        if wide &>> start & 1 != 0 { return 0 }
        let end = start &+ run((tally_newlines16(bytes) | slashes) &>> start)
        return end < 16 ? Int(truncatingIfNeeded: end) : 0
    }

    /// Up to the last line end; else without the last blank, unless it is the only one.
    @inline(__always)
    private func spacesEnd(_ end: UInt32, _ wide: UInt32) -> Int {
        guard end > 0, end < 16, wide &>> end & 1 == 0 else { return 0 }
        let newlines = tally_newlines16(bytes) & (1 &<< end &- 1)
        if newlines != 0 { return 32 &- newlines.leadingZeroBitCount }
        return end > 1 ? Int(truncatingIfNeeded: end) &- 1 : 1
    }
}
