/// Scans well-formed UTF-8 by classes of scalars.
struct TextScanner {
    let text: TextBytes
    let classes: ScalarClasses

    init(_ text: TextBytes) {
        self.text = text
        classes = .shared
    }

    @inline(__always)
    var end: Int { text.count }

    @inline(__always)
    subscript(index: Int) -> UInt8 { text.base[index] }

    /// The class of the scalar here, and the place of the next one.
    @inline(__always)
    func next(_ index: Int) -> (scalarClass: UInt8, end: Int) {
        let byte = text.base[index]
        if byte < 0x80 { return (classes[ascii: byte], index + 1) }
        let scalar = wideScalar(index, byte)
        return (classes[scalar.value], scalar.end)
    }

    /// A scalar, and the place of the next one.
    @inline(__always)
    func scalar(_ index: Int) -> (value: UInt32, end: Int) {
        let byte = text.base[index]
        return byte < 0x80 ? (UInt32(byte), index + 1) : wideScalar(index, byte)
    }

    @inline(__always)
    private func wideScalar(_ index: Int, _ byte: UInt8) -> (value: UInt32, end: Int) {
        let base = text.base
        let second = UInt32(base[index + 1] & 0x3F)
        if byte < 0xE0 { return (UInt32(byte & 0x1F) << 6 | second, index + 2) }
        let third = UInt32(base[index + 2] & 0x3F)
        if byte < 0xF0 {
            return (UInt32(byte & 0x0F) << 12 | second << 6 | third, index + 3)
        }
        let fourth = UInt32(base[index + 3] & 0x3F)
        return (UInt32(byte & 0x07) << 18 | second << 12 | third << 6 | fourth, index + 4)
    }

    /// The end of the run of scalars of some classes.
    @inline(__always)
    func run(_ set: ClassSet, from start: Int) -> Int {
        var index = start
        while index < end {
            let (scalarClass, next) = next(index)
            guard set.has(scalarClass) else { break }
            index = next
        }
        return index
    }

    /// The end of a run of at most `limit` scalars of some classes.
    @inline(__always)
    func run(_ set: ClassSet, from start: Int, atMost count: Int) -> Int {
        var (index, left) = (start, count)
        while index < end, left > 0 {
            let (scalarClass, next) = next(index)
            guard set.has(scalarClass) else { break }
            (index, left) = (next, left - 1)
        }
        return index
    }

    /// The end of a run of a to z, eight bytes at a time.
    @inline(__always)
    func lowercaseRun(from start: Int) -> Int {
        var index = start
        while index + 8 <= end {
            let word = text.wide(at: index)
            let low = word & 0x7F7F_7F7F_7F7F_7F7F
            // The highest bit of each byte says whether it is at least "a", and beyond "z".
            let fromA = low &+ 0x1F1F_1F1F_1F1F_1F1F
            let beyondZ = low &+ 0x0505_0505_0505_0505
            let others = ~(fromA & ~beyondZ & ~word) & 0x8080_8080_8080_8080
            if others != 0 { return index + others.trailingZeroBitCount &>> 3 }
            index += 8
        }
        while index < end, text.base[index] &- 0x61 < 26 { index += 1 }
        return index
    }

    @inline(__always)
    static func isNewline(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    /// The end of a run of carriage returns and line feeds, and optionally of slashes.
    @inline(__always)
    func newlines(from start: Int, orSlashes: Bool = false) -> Int {
        var index = start
        while index < end,
            Self.isNewline(text.base[index]) || orSlashes && text.base[index] == 0x2F
        { index += 1 }
        return index
    }

    /// The end of `(?i:[sdmt]|ll|ve|re)` after an apostrophe at `start`; `start` if it does not
    /// match.
    ///
    /// Ignoring case, s is also U+017F.
    @inline(__always)
    func contraction(from start: Int, ignoringCase: Bool = true) -> Int {
        guard start + 1 < end, text.base[start] == 0x27 else { return start }
        let bit: UInt8 = ignoringCase ? 0x20 : 0
        let first = text.base[start + 1] | bit
        switch first {
        case 0x73, 0x64, 0x6D, 0x74: return start + 2
        case 0x6C, 0x76, 0x72:
            let second: UInt8 = first == 0x6C ? 0x6C : 0x65
            let isPair = start + 2 < end && text.base[start + 2] | bit == second
            return isPair ? start + 3 : start
        case 0xC5 | bit where ignoringCase && text.base[start + 1] == 0xC5:
            return text.base[start + 2] == 0xBF ? start + 3 : start
        default: return start
        }
    }
}

/// A way to cut text into pieces; tokens are merged inside pieces, never across them.
protocol PieceRule {
    /// The end of the piece that begins at `start`, which is before the end of the text.
    func end(of scanner: TextScanner, from start: Int) -> Int
}
