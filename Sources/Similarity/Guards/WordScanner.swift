/// The words of a text, as the guards see them: courtesies gone, contractions written out, numbers
/// as values.
struct WordScanner {
    enum Kind: UInt8 {
        case word, name, number, literal
    }

    struct Word: Equatable {
        var text: String
        var kind: Kind
    }

    private(set) var words: [Word] = []
    /// The same with courtesies, which count when only the order differs.
    private(set) var all: [String] = []
    /// Signs outside of words that code and formulas are made of, in their order.
    private(set) var symbols = ""
    private(set) var hasQuestionMark = false
    private(set) var hasForeignScript = false

    static let wordsMax = 4_096

    init(_ text: String) {
        scan(Array(text.unicodeScalars))
        joinNumbers()
        all = words.map(\.text)
        dropCourtesies()
    }

    // MARK: - Scanning

    private mutating func scan(_ scalars: [Unicode.Scalar]) {
        var place = 0
        var startsSentence = true
        while place < scalars.count, words.count <= Self.wordsMax {
            let scalar = scalars[place]
            if let end = Self.endOfQuotation(scalars, place) {
                let inner = scalars[(place + 1)..<end]
                append(String(String.UnicodeScalarView(inner)), .literal)
                place = end + 1
                startsSentence = false
                continue
            }
            if Self.isSpace(scalar) {
                if scalar == "\n" { startsSentence = true }
                place += 1
                continue
            }
            var end = place
            // A mark that opens nothing is read as any other sign, so that every step moves on.
            while end < scalars.count, !Self.isSpace(scalars[end]),
                end == place || !Self.opensQuotation(scalars[end])
            {
                end += 1
            }
            startsSentence = chunk(Array(scalars[place..<end]), startsSentence)
            place = end
        }
    }

    /// What stands between two spaces; returns whether a sentence ends with it.
    private mutating func chunk(_ scalars: [Unicode.Scalar], _ startsSentence: Bool) -> Bool {
        var (start, end) = (0, scalars.count)
        func isEdge(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar {
            case ".", ",", ";", ":", "!", "?", "(", ")", "[", "]", "{", "}", "\"", "'", "*", "_",
                "’",
                "‘", "”", "“", "…":
                true
            default: false
            }
        }
        while start < end, isEdge(scalars[start]) { start += 1 }
        while end > start, isEdge(scalars[end - 1]) { end -= 1 }
        let tail = scalars[end...]
        if tail.contains("?") { hasQuestionMark = true }
        // Brackets close to a word are code: `f()`, `a[0]`.
        if start > 0 || !tail.isEmpty {
            for scalar in scalars[..<start] + tail where "[]{}*_".unicodeScalars.contains(scalar) {
                symbols.unicodeScalars.append(scalar)
            }
            if tail.starts(with: "()".unicodeScalars) { symbols += "()" }
        }
        let ends = tail.contains { ".!?".unicodeScalars.contains($0) } || tail.first == ":"
        let core = Array(scalars[start..<end])
        guard !core.isEmpty else { return startsSentence || ends }
        read(core, startsSentence)
        return ends
    }

    private mutating func read(_ core: [Unicode.Scalar], _ startsSentence: Bool) {
        let text = String(String.UnicodeScalarView(core))
        let letters = core.count(where: Self.isLetter)
        let digits = core.count { ("0"..."9").contains($0) }
        if core.contains(where: { $0.value > 0x24F && Self.isLetter($0) }) {
            hasForeignScript = true
        }
        if digits > 0, readNumber(core) { return }
        if letters == 0, digits == 0 {
            symbols += core == ["-"] || core == ["–"] || core == ["—"] ? "" : text
            return
        }
        let isAddress = core.contains(where: Self.isAddressSign)
        let hasDotInside = core.contains(".") && letters > 0
        if isAddress, !Self.isPlainAlternative(core) { return append(text, .literal) }
        if hasDotInside, !Self.isAbbreviation(core) { return append(text, .literal) }
        if digits > 0 { return append(text, .literal) }
        for part in text.split(whereSeparator: { $0 == "-" || $0 == "–" || $0 == "/" }) {
            readWord(String(part), startsSentence && part.startIndex == text.startIndex)
        }
    }

    /// Writes contractions out.
    private mutating func readWord(_ written: String, _ startsSentence: Bool) {
        let scalars = Array(written.unicodeScalars)
        let upper = scalars.dropFirst().count { $0.properties.isUppercase }
        let lower = scalars.count { $0.properties.isLowercase }
        // `camelCase` is an identifier; `NASA` and `I` are not.
        if upper > 0, lower > 0, scalars.first?.properties.isUppercase == false {
            return append(written, .literal)
        }
        let isCapital = scalars.first?.properties.isUppercase == true
        let isName = (isCapital && !startsSentence) || (upper > 0 && scalars.count > 1)
        var word = written.lowercased()
        word = String(word.map { $0 == "’" || $0 == "‘" ? "'" : $0 })
        // `NOT` and `TO` are loud, not names.
        let isLoud =
            (WordClasses.function.contains(word) || WordClasses.negations.contains(word))
            && !["us", "it", "may", "will", "am"].contains(word)
        let kind: Kind = isName && !isLoud && !word.hasPrefix("i'") ? .name : .word
        if let short = Self.slang[word] {
            for part in short.split(separator: " ") { append(String(part), .word) }
            return
        }
        guard let mark = word.lastIndex(of: "'") else { return append(word, kind) }
        let (stem, ending) = (String(word[..<mark]), String(word[word.index(after: mark)...]))
        switch ending {
        case "t" where stem.hasSuffix("n"):
            let verb = Self.negated[stem] ?? String(stem.dropLast())
            append(verb, .word)
            append("not", .word)
        case "s":
            append(stem, kind)
            if Self.takesIs.contains(stem) { append("is", .word) }
        case "m", "re", "ve", "ll", "d":
            append(stem, kind)
            append(Self.endings[ending] ?? ending, .word)
        default: append(stem + ending, kind)
        }
    }

    private static let slang = [
        "whats": "what is", "dont": "do not", "doesnt": "does not", "cant": "can not",
        "cannot": "can not", "wont": "will not", "isnt": "is not", "im": "i am", "didnt": "did not",
        "shouldnt": "should not", "arent": "are not", "couldnt": "could not", "u": "you",
        "r": "are", "plz": "please", "pls": "please", "gonna": "will", "wanna": "want to",
        "hows": "how is", "wheres": "where is", "whos": "who is", "wasnt": "was not",
    ]
    private static let negated = [
        "wo": "will", "ca": "can", "sha": "shall", "won": "will", "can": "can",
    ]
    private static let endings = [
        "m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would",
    ]
    private static let takesIs: Set<String> = [
        "what", "who", "where", "when", "why", "how", "it", "that", "there", "here", "he", "she",
    ]

    // MARK: - Numbers

    /// `5kg`, `$1,200.50`, `3pm`, `12%`: the value, then the unit as a number's part.
    private mutating func readNumber(_ core: [Unicode.Scalar]) -> Bool {
        var scalars = core[...]
        var unit = ""
        if let first = scalars.first, "$€£¥".unicodeScalars.contains(first) {
            unit = String(first)
            scalars = scalars.dropFirst()
        }
        var digits = ""
        var dots = 0
        if let sign = scalars.first, sign == "-" || sign == "+" || sign == "−" {
            digits = sign == "+" ? "" : "-"
            scalars = scalars.dropFirst()
        }
        guard let first = scalars.first, ("0"..."9").contains(first) else { return false }
        while let scalar = scalars.first {
            if ("0"..."9").contains(scalar) {
                digits.unicodeScalars.append(scalar)
            } else if scalar == "." || scalar == "," {
                // A comma before three digits separates thousands.
                let next = scalars.dropFirst().prefix { ("0"..."9").contains($0) }.count
                guard next > 0 else { break }
                if scalar == ",", next == 3, dots == 0 {
                } else {
                    digits += "."
                    dots += 1
                }
            } else {
                break
            }
            scalars = scalars.dropFirst()
        }
        let rest = String(String.UnicodeScalarView(scalars)).lowercased()
        guard dots <= 1, rest.isEmpty || Self.units.contains(rest) else { return false }
        if dots == 1 {
            while digits.hasSuffix("0") { digits.removeLast() }
            if digits.hasSuffix(".") { digits.removeLast() }
        }
        append(digits, .number)
        if !unit.isEmpty { append(unit, .number) }
        if !rest.isEmpty, !["st", "nd", "rd", "th"].contains(rest) {
            append(rest == "%" ? "percent" : rest, .number)
        }
        return true
    }

    private static let units = WordClasses.words(
        """
        % kg g mg lb lbs oz km m cm mm mi ft in kb mb gb tb kib mib gib k b bn am pm s ms h hr hrs min
        mins px v w kw kwh hz ghz mhz c f st nd rd th x usd eur l ml °c °f d y yr yrs
        """)

    /// `twenty five` and `2 million` as one value.
    private mutating func joinNumbers() {
        var result: [Word] = []
        var place = 0
        while place < words.count {
            var (value, part, count) = (0, 0, 0)
            scan: while place + count < words.count {
                let word = words[place + count]
                if word.kind == .word || word.kind == .name,
                    let small = WordClasses.numbers[word.text]
                {
                    // `two three` are two numbers, `twenty three` is one.
                    let follows =
                        part % 100 == 0 || (part % 10 == 0 && part % 100 >= 20 && small < 10)
                    if !follows { break scan }
                    part += small
                } else if count > 0, let factor = WordClasses.multipliers[word.text] {
                    if factor == 100 {
                        part = min(part, 1 << 20) * 100
                    } else {
                        value += min(part, 1 << 20) * factor
                        part = 0
                    }
                } else {
                    break
                }
                count += 1
            }
            if count > 0 {
                result.append(Word(text: String(value + part), kind: .number))
                place += count
            } else if words[place].kind == .word, WordClasses.counting.contains(words[place].text) {
                result.append(Word(text: words[place].text, kind: .number))
                place += 1
            } else if words[place].kind == .word, words[place].text != "in",
                Self.units.contains(words[place].text), result.last?.kind == .number
            {
                // `5 kg` is `5kg`.
                result.append(Word(text: words[place].text, kind: .number))
                place += 1
            } else if words[place].kind != .literal, let last = result.last, last.kind == .number,
                let factor = WordClasses.multipliers[words[place].text],
                let number = Int(last.text),
                number < 1 << 20
            {
                result[result.count - 1].text = String(number * factor)
                place += 1
            } else {
                result.append(words[place])
                place += 1
            }
        }
        words = result
    }

    // MARK: - Courtesies

    private mutating func dropCourtesies() {
        var start = 0
        search: while start < words.count {
            for phrase in WordClasses.courtesies where start + phrase.count < words.count {
                if zip(phrase, words[start...]).allSatisfy({ $0 == $1.text }) {
                    start += phrase.count
                    continue search
                }
            }
            break
        }
        words.removeFirst(start)
        while words.count > 1, ["please", "thanks"].contains(words[words.count - 1].text) {
            words.removeLast()
        }
        if words.count > 2, words.suffix(2).map(\.text) == ["thank", "you"] { words.removeLast(2) }
    }

    // MARK: - Parts

    private mutating func append(_ text: String, _ kind: Kind) {
        words.append(Word(text: text, kind: kind))
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            ? scalar == " " || (scalar.value >= 9 && scalar.value <= 13)
            : scalar.properties.isWhitespace
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            ? (scalar.value | 0x20) >= 97 && (scalar.value | 0x20) <= 122
            : scalar.properties.isAlphabetic
    }

    private static func isAddressSign(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "/", "\\", "@", "#", "_", "=", "<", ">", "+", "*", "&", "|", "^", "%", "$", "~", ":":
            true
        default: false
        }
    }

    private static func opensQuotation(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "`" || scalar == "\"" || scalar == "“" || scalar == "«"
    }

    /// The place of the mark that ends the quotation or code span that begins here.
    private static func endOfQuotation(_ scalars: [Unicode.Scalar], _ place: Int) -> Int? {
        let closing: Unicode.Scalar
        switch scalars[place] {
        case "`", "\"": closing = scalars[place]
        case "“": closing = "”"
        case "«": closing = "»"
        case "'" where place == 0 || isSpace(scalars[place - 1]): closing = "'"
        default: return nil
        }
        var end = place + 1
        while end < scalars.count {
            if scalars[end] == closing {
                let isInside =
                    closing == "'" && end + 1 < scalars.count
                    && scalars[end + 1].properties.isAlphabetic
                if !isInside { return end > place + 1 ? end : nil }
            }
            end += 1
        }
        return nil
    }

    /// `and/or`, `he/she`: two words, no path.
    private static func isPlainAlternative(_ core: [Unicode.Scalar]) -> Bool {
        core.allSatisfy { $0.properties.isAlphabetic || $0 == "/" }
            && core.count { $0 == "/" } == 1 && core.first != "/" && core.last != "/"
    }

    /// Whether it is such as `e.g` or `U.S`.
    private static func isAbbreviation(_ core: [Unicode.Scalar]) -> Bool {
        core.split(separator: ".").allSatisfy { $0.count == 1 }
    }
}
