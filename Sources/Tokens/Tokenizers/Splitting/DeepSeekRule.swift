/// DeepSeek V3: three patterns one after the other, each inside the pieces of the one before.
///
/// 1. `\p{N}{1,3}`
/// 2. `[一-龥぀-ゟ゠-ヿ]+`
/// 3. ``[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+``
///    `| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
///
/// For the third, digits and what the second takes are the end of the text. What no pattern takes,
/// such as control characters, is a piece of its own.
struct DeepSeekRule: PieceRule {
    private static let word: ClassSet = [.letter, .mark]
    private static let sign: ClassSet = [.punctuation, .symbol]

    func end(of scanner: TextScanner, from start: Int) -> Int {
        let (scalarClass, next) = kind(scanner, start)
        switch scalarClass {
        case ScalarClass.number: return scanner.run(.number, from: next, atMost: 2)
        case Self.ideograph: return run(scanner, from: next) { $0 == Self.ideograph }
        case ScalarClass.upper, ScalarClass.lower, ScalarClass.letter, ScalarClass.mark:
            return word(scanner, from: next)
        case ScalarClass.punctuation, ScalarClass.symbol:
            if scanner[start] < 0x80 {
                let end = asciiLetters(scanner, from: next)
                if end > next { return end }
            }
            return signs(scanner, from: next)
        case ScalarClass.space: return space(scanner, from: start, next: next)
        default: return unmatched(scanner, from: start, next: next)
        }
    }

    private static let ideograph: UInt8 = 9
    private static let end: UInt8 = 10

    /// The class of what begins here, with one more for what the second pattern takes.
    @inline(__always)
    private func kind(_ scanner: TextScanner, _ index: Int) -> (scalarClass: UInt8, end: Int) {
        guard index < scanner.end else { return (Self.end, index) }
        let byte = scanner[index]
        if byte < 0xE3 || byte > 0xE9 { return scanner.next(index) }
        let (scalar, next) = scanner.scalar(index)
        let isIdeograph = (0x4E00...0x9FA5).contains(scalar) || (0x3040...0x30FF).contains(scalar)
        return (isIdeograph ? Self.ideograph : scanner.classes[scalar], next)
    }

    @inline(__always)
    private func run(
        _ scanner: TextScanner, from start: Int, while belongs: (UInt8) -> Bool
    ) -> Int {
        var index = start
        while index < scanner.end {
            let (scalarClass, next) = kind(scanner, index)
            guard belongs(scalarClass) else { break }
            index = next
        }
        return index
    }

    @inline(__always)
    private func word(_ scanner: TextScanner, from start: Int) -> Int {
        run(scanner, from: scanner.lowercaseRun(from: start)) { $0 < 9 && Self.word.has($0) }
    }

    private func signs(_ scanner: TextScanner, from start: Int) -> Int {
        scanner.newlines(from: run(scanner, from: start) { $0 < 9 && Self.sign.has($0) })
    }

    private func asciiLetters(_ scanner: TextScanner, from start: Int) -> Int {
        var index = start
        while index < scanner.end, (scanner[index] | 0x20) &- 0x61 < 26 { index += 1 }
        return index
    }

    private func space(_ scanner: TextScanner, from start: Int, next: Int) -> Int {
        let follower = kind(scanner, next)
        if follower.scalarClass < 9, !TextScanner.isNewline(scanner[start]) {
            if Self.word.has(follower.scalarClass) { return word(scanner, from: follower.end) }
            if scanner[start] == 0x20, Self.sign.has(follower.scalarClass) {
                return signs(scanner, from: follower.end)
            }
        }
        return scanner.spaces(from: start, .newlineFirst) {
            kind(scanner, $0).scalarClass >= 9
                || kind(scanner, $0).scalarClass == ScalarClass.number
        }
    }

    /// Up to where the third pattern takes something again, which may be a scalar like these before
    /// a letter.
    private func unmatched(_ scanner: TextScanner, from start: Int, next: Int) -> Int {
        var (index, next) = (start, next)
        while true {
            let follower = kind(scanner, next)
            if follower.scalarClass < 9, Self.word.has(follower.scalarClass) {
                return index > start ? index : word(scanner, from: follower.end)
            }
            guard follower.scalarClass == ScalarClass.other else { return next }
            (index, next) = (next, follower.end)
        }
    }
}
