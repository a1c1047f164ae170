// The patterns of OpenAI's encodings, and of those that follow them, implemented by hand; each is
// quoted as its publisher writes it. A test compares them with tiktoken.

/// The order in which the branch for white space looks for line ends.
enum SpaceOrder { case endFirst, newlineFirst, noNewline }

extension TextScanner {
    /// Matches white space: up to its last line end; else without its last scalar, which belongs to
    /// the next piece; else all of it.
    ///
    /// - Parameter isEnd: whether this place counts as the end of the text for this pattern.
    @inline(__always)
    func spaces(
        from start: Int, _ order: SpaceOrder, isEnd: (Int) -> Bool = { _ in false }
    ) -> Int {
        var index = start
        var last = start
        var newlineEnd = 0
        while index < end {
            let (scalarClass, next) = next(index)
            guard scalarClass == ScalarClass.space else { break }
            if Self.isNewline(text.base[index]) { newlineEnd = next }
            last = index
            index = next
        }
        let isAtEnd = index == end || isEnd(index)
        switch order {
        case .endFirst:
            if isAtEnd { return index }
            if newlineEnd > 0 { return newlineEnd }
        case .newlineFirst:
            if newlineEnd > 0 { return newlineEnd }
            if isAtEnd { return index }
        case .noNewline:
            if isAtEnd { return index }
        }
        return last > start ? last : index
    }
}

private let notWord = ClassSet.all.subtracting([.space, .letter, .number])

/// r50k_base and p50k_base.
///
/// `'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s`
struct GPT2Rule: PieceRule {
    @inline(__always)
    func end(of scanner: TextScanner, from start: Int) -> Int {
        let contraction = scanner.contraction(from: start, ignoringCase: false)
        if contraction > start { return contraction }
        var (scalarClass, next) = scanner.next(start)
        if scanner[start] == 0x20, next < scanner.end {
            let second = scanner.next(next)
            if second.scalarClass != ScalarClass.space { (scalarClass, next) = second }
        }
        if ClassSet.letter.has(scalarClass) { return scanner.run(.letter, from: next) }
        if ClassSet.number.has(scalarClass) { return scanner.run(.number, from: next) }
        if notWord.has(scalarClass) { return scanner.run(notWord, from: next) }
        return scanner.spaces(from: start, .noNewline)
    }
}

/// cl100k_base.
///
/// `'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+`
/// `|\s++$|\s*[\r\n]|\s+(?!\S)|\s`
///
/// Llama 3: the same with `\s*[\r\n]+|\s+(?!\S)|\s+`. Qwen: like that, with `\p{N}`.
struct CL100KRule: PieceRule {
    let digits: Int
    let takesEndFirst: Bool

    static let cl100k = CL100KRule(digits: 3, takesEndFirst: true)
    static let llama3 = CL100KRule(digits: 3, takesEndFirst: false)
    static let qwen = CL100KRule(digits: 1, takesEndFirst: false)

    @inline(__always)
    func end(of scanner: TextScanner, from start: Int) -> Int {
        if start &+ ASCIIWindow.length <= scanner.end {
            let length = ASCIIWindow(scanner.text.base + start).letterPiece(digits: digits)
            if length > 0 { return start &+ length }
        }
        return plainEnd(of: scanner, from: start)
    }

    @inline(never)
    private func plainEnd(of scanner: TextScanner, from start: Int) -> Int {
        let byte = scanner[start]
        if byte == 0x27 {
            let contraction = scanner.contraction(from: start)
            if contraction > start { return contraction }
        }
        let (scalarClass, next) = scanner.next(start)
        if ClassSet.letter.has(scalarClass) { return word(scanner, from: next) }
        if scalarClass == ScalarClass.number {
            return scanner.run(.number, from: next, atMost: digits - 1)
        }
        var (opening, rest) = (scalarClass, next)
        if next < scanner.end, !TextScanner.isNewline(byte) {
            let second = scanner.next(next)
            if ClassSet.letter.has(second.scalarClass) { return word(scanner, from: second.end) }
            if byte == 0x20 { (opening, rest) = second }
        }
        if notWord.has(opening) {
            return scanner.newlines(from: scanner.run(notWord, from: rest))
        }
        return scanner.spaces(from: start, takesEndFirst ? .endFirst : .newlineFirst)
    }

    @inline(__always)
    private func word(_ scanner: TextScanner, from start: Int) -> Int {
        let index = scanner.lowercaseRun(from: start)
        guard index < scanner.end else { return index }
        return scanner.run(.letter, from: index)
    }
}

/// o200k_base.
///
/// `[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?`
/// `|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?`
/// `|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
///
/// Tekken: the same without contractions and with `\p{N}`.
struct O200KRule: PieceRule {
    let digits: Int
    let hasContractions: Bool

    static let o200k = O200KRule(digits: 3, hasContractions: true)
    static let tekken = O200KRule(digits: 1, hasContractions: false)

    private static let opening: ClassSet = [.upper, .caseless, .mark]
    private static let closing: ClassSet = [.lower, .caseless, .mark]
    private static let wordLike: ClassSet = [.letter, .mark]

    @inline(__always)
    func end(of scanner: TextScanner, from start: Int) -> Int {
        if start &+ ASCIIWindow.length <= scanner.end {
            let length = ASCIIWindow(scanner.text.base + start).camelPiece(digits: digits)
            if length > 0 { return start &+ length }
        }
        return plainEnd(of: scanner, from: start)
    }

    @inline(never)
    private func plainEnd(of scanner: TextScanner, from start: Int) -> Int {
        let byte = scanner[start]
        if byte < 0x80 {
            var word = start
            var lead = byte
            if !isLetter(byte), !TextScanner.isNewline(byte), start + 1 < scanner.end {
                word = start + 1
                lead = scanner[word]
            }
            if isLetter(lead), word == start || !isDigit(byte) {
                let end = asciiWord(scanner, from: word)
                if end < scanner.end, scanner[end] >= 0x80 { return wide(scanner, from: start) }
                return contraction(scanner, from: end)
            }
        }
        return wide(scanner, from: start)
    }

    @inline(__always)
    private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    @inline(__always)
    private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// Matches upper case, then lower case; the caller examines what stopped it.
    @inline(__always)
    private func asciiWord(_ scanner: TextScanner, from start: Int) -> Int {
        var index = start
        while index < scanner.end, scanner[index] &- 0x41 < 26 { index += 1 }
        return scanner.lowercaseRun(from: index)
    }

    @inline(__always)
    private func contraction(_ scanner: TextScanner, from end: Int) -> Int {
        hasContractions ? scanner.contraction(from: end) : end
    }

    /// Matches everything but ASCII words.
    private func wide(_ scanner: TextScanner, from start: Int) -> Int {
        let byte = scanner[start]
        let (scalarClass, next) = scanner.next(start)
        if scalarClass == ScalarClass.number {
            return scanner.run(.number, from: next, atMost: digits - 1)
        }
        let isLead = !ClassSet.letter.has(scalarClass) && !TextScanner.isNewline(byte)
        if let end = word(scanner, from: start, after: next, scalarClass, isLead: isLead) {
            return contraction(scanner, from: end)
        }
        var (opening, rest) = (scalarClass, next)
        if byte == 0x20, next < scanner.end { (opening, rest) = scanner.next(next) }
        if notWord.has(opening) {
            return scanner.newlines(from: scanner.run(notWord, from: rest), orSlashes: true)
        }
        return scanner.spaces(from: start, .newlineFirst)
    }

    /// Matches the first two branches, in the order in which a backtracking matcher tries them.
    private func word(
        _ scanner: TextScanner, from start: Int, after next: Int, _ scalarClass: UInt8, isLead: Bool
    ) -> Int? {
        let from = isLead ? next : start
        guard from < scanner.end else {
            // A mark at the end of the text is a letter, not a prefix.
            return scalarClass == ScalarClass.mark ? next : nil
        }
        var index = from
        var lastClosing = 0
        while index < scanner.end {
            let (scalarClass, next) = scanner.next(index)
            guard Self.opening.has(scalarClass) else {
                if scalarClass == ScalarClass.lower {
                    return scanner.run(Self.closing, from: next)
                }
                break
            }
            if Self.closing.has(scalarClass) { lastClosing = next }
            index = next
        }
        // Capitals after the last caseless letter belong to the next piece.
        if lastClosing > 0 { return lastClosing }
        if scalarClass == ScalarClass.mark { return next }
        return index > from ? index : nil
    }
}
