/// DeepSeek V3: three patterns in sequence, each applied inside the pieces of the previous one.
///
/// 1. `\p{N}{1,3}`
/// 2. `[一-龥぀-ゟ゠-ヿ]+`
/// 3. ``[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+``
///    `| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
///
/// The third also works inside the pieces of the first two: where text enters or leaves the
/// second's range, it ends for the third. Text that no pattern matches, such as control characters,
/// is a separate piece.
struct DeepSeekRule: PieceRule {
    private static let word: ClassSet = [.letter, .mark]
    private static let sign: ClassSet = [.punctuation, .symbol]

    func end(of scanner: TextScanner, from start: Int) -> Int {
        let walk = Walk(scanner: scanner, isKana: Walk.isKana(scanner, start))
        let (scalarClass, next) = walk.next(start)
        switch scalarClass {
        case ScalarClass.number: return scanner.run(.number, from: next, atMost: 2)
        case ScalarClass.upper, ScalarClass.lower, ScalarClass.letter, ScalarClass.mark:
            return walk.word(from: next)
        case ScalarClass.punctuation, ScalarClass.symbol:
            if scanner[start] < 0x80 {
                let end = asciiLetters(scanner, from: next)
                if end > next { return end }
            }
            return signs(walk, from: next)
        case ScalarClass.space: return space(walk, from: start, next: next)
        default: return unmatched(walk, from: start, next: next)
        }
    }

    /// Text on one side of the second pattern: ideographs and kana, or everything else.
    private struct Walk {
        let scanner: TextScanner
        let isKana: Bool

        static let end: UInt8 = 15

        @inline(__always)
        static func isKana(_ scanner: TextScanner, _ index: Int) -> Bool {
            let byte = scanner[index]
            guard byte >= 0xE3, byte <= 0xE9 else { return false }
            let scalar = scanner.scalar(index).value
            return (0x4E00...0x9FA5).contains(scalar) || (0x3040...0x30FF).contains(scalar)
        }

        /// The class of the scalar here; `end` at the end of the text and on the other side.
        @inline(__always)
        func next(_ index: Int) -> (scalarClass: UInt8, end: Int) {
            guard index < scanner.end, Self.isKana(scanner, index) == isKana else {
                return (Self.end, index)
            }
            return scanner.next(index)
        }

        @inline(__always)
        func word(from start: Int) -> Int {
            run(DeepSeekRule.word, from: isKana ? start : scanner.lowercaseRun(from: start))
        }

        @inline(__always)
        func run(_ set: ClassSet, from start: Int) -> Int {
            var index = start
            while true {
                let (scalarClass, next) = next(index)
                guard set.has(scalarClass) else { return index }
                index = next
            }
        }
    }

    private func signs(_ walk: Walk, from start: Int) -> Int {
        let end = walk.run(Self.sign, from: start)
        return walk.isKana ? end : walk.scanner.newlines(from: end)
    }

    private func asciiLetters(_ scanner: TextScanner, from start: Int) -> Int {
        var index = start
        while index < scanner.end, (scanner[index] | 0x20) &- 0x61 < 26 { index += 1 }
        return index
    }

    private func space(_ walk: Walk, from start: Int, next: Int) -> Int {
        let byte = walk.scanner[start]
        let follower = walk.next(next)
        if Self.word.has(follower.scalarClass), !TextScanner.isNewline(byte) {
            return walk.word(from: follower.end)
        }
        if Self.sign.has(follower.scalarClass), byte == 0x20 {
            return signs(walk, from: follower.end)
        }
        return walk.scanner.spaces(from: start, .newlineFirst) {
            let (scalarClass, _) = walk.next($0)
            return scalarClass == Walk.end || scalarClass == ScalarClass.number
        }
    }

    /// The end of the unmatched text: the place where the third pattern matches again, which may be
    /// a scalar like these before a letter.
    private func unmatched(_ walk: Walk, from start: Int, next: Int) -> Int {
        var (index, next) = (start, next)
        while true {
            let follower = walk.next(next)
            if Self.word.has(follower.scalarClass) {
                return index > start ? index : walk.word(from: follower.end)
            }
            guard follower.scalarClass == ScalarClass.other else { return next }
            (index, next) = (next, follower.end)
        }
    }
}
