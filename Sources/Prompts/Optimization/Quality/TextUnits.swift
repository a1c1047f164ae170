/// A text as sentences, lines and JSON objects, each with the content that must not get lost.
struct TextUnits {
    struct Unit {
        /// The numbers of its words in the lexicon, in order.
        var words: [Int] = []
        var numbers: Set<Int> = []
        var names: Set<Int> = []
        var negations = 0
        var isInstruction = false
        var isError = false
    }

    private(set) var units: [Unit] = []

    init(_ bytes: [UInt8], _ lexicon: inout Lexicon) {
        var unit = Unit()
        var start = 0
        for token in WordScanner(bytes) {
            switch token {
            case .word(let range):
                let isFirst = unit.words.isEmpty
                let word = lexicon.number(of: bytes[range])
                unit.words.append(word)
                switch WordKind(bytes[range], isFirst: isFirst) {
                case .number: unit.numbers.insert(word)
                case .name: unit.names.insert(word)
                case .plain: break
                }
                if lexicon.isNegation(word) { unit.negations += 1 }
                if lexicon.asks(word, isFirst: isFirst) { unit.isInstruction = true }
            case .end(let position):
                finish(&unit, bytes[start..<position])
                start = position
            }
        }
        finish(&unit, bytes[start...])
    }

    private mutating func finish(_ unit: inout Unit, _ bytes: ArraySlice<UInt8>) {
        guard !unit.words.isEmpty else { return }
        unit.isError = ErrorSigns.areIn(bytes)
        unit.isInstruction =
            unit.isInstruction && !unit.isError && unit.words.count >= 3
            && !bytes.contains(Byte.quote)
        units.append(unit)
        unit = Unit()
    }
}

enum WordKind {
    case number, name, plain

    init(_ word: ArraySlice<UInt8>, isFirst: Bool) {
        guard let first = word.first else {
            self = .plain
            return
        }
        if Byte.isDigit(first) {
            self = .number
        } else if word.dropFirst().contains(where: { Byte.isUpper($0) || Byte.isDigit($0) })
            || word.contains(UInt8(ascii: "_"))
        {
            self = .name
        } else {
            self = Byte.isUpper(first) && !isFirst && word.count > 1 ? .name : .plain
        }
    }
}

/// The words of all compared texts, numbered.
struct Lexicon {
    private var numbers: [[UInt8]: Int] = [:]
    private var negations: Set<Int> = []
    private var requests: Set<Int> = []
    private var imperatives: Set<Int> = []
    private var fillers: Set<Int> = []

    /// Longer words are compared by their beginning.
    static let wordBytesMax = 64

    init() {
        negations = intern(
            "not no never none nothing neither nor cannot without unless except don't doesn't "
                + "didn't isn't aren't wasn't weren't won't can't couldn't shouldn't wouldn't "
                + "mustn't hasn't haven't dont cant wont")
        requests = intern(
            "must should shall please ensure don't mustn't shouldn't avoid required cannot")
        imperatives = intern(
            "always never only answer return respond reply output write list explain summarize summarise translate "
                + "use cite give format keep include do make provide classify extract generate "
                + "compare describe limit start end refuse stop treat create find state say show")
        fillers = intern(
            "a an the of in on at to for and or but is are was were be been being it its this that "
                + "these those with as by from into than then so very really just quite also "
                + "well however moreover furthermore indeed basically simply which who whom "
                + "there here have has had do does did will would can could may might i you we "
                + "they he she his her their our your my me us them if up out about over")
    }

    private mutating func intern(_ words: String) -> Set<Int> {
        Set(words.split(separator: " ").map { number(of: Array($0.utf8)[...]) })
    }

    mutating func number(of word: ArraySlice<UInt8>) -> Int {
        let key = word.prefix(Self.wordBytesMax).map(Byte.lower)
        if let known = numbers[key] { return known }
        numbers[key] = numbers.count
        return numbers.count - 1
    }

    func isNegation(_ word: Int) -> Bool { negations.contains(word) }
    func isFiller(_ word: Int) -> Bool { fillers.contains(word) }
    func asks(_ word: Int, isFirst: Bool) -> Bool {
        requests.contains(word) || (isFirst && imperatives.contains(word))
    }
}

/// The words of a text and the ends of its sentences, lines and JSON objects.
struct WordScanner: Sequence, IteratorProtocol {
    enum Token {
        case word(Range<Int>)
        case end(Int)
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func next() -> Token? {
        while position < bytes.count {
            let byte = bytes[position]
            if Byte.isWord(byte) { return .word(word()) }
            position += 1
            switch byte {
            case Byte.newline, Byte.openBrace, Byte.closeBrace: return .end(position)
            case Byte.dot, UInt8(ascii: "!"), UInt8(ascii: "?"):
                if position == bytes.count || Byte.isJSONSpace(bytes[position]) {
                    return .end(position)
                }
            default: break
            }
        }
        return nil
    }

    private mutating func word() -> Range<Int> {
        let start = position
        if bytes[start] >= 0xE0 {
            // In scripts without spaces, every character is a word.
            position += bytes[start] >= 0xF0 ? 4 : 3
            position = Swift.min(position, bytes.count)
            return start..<position
        }
        while position < bytes.count, bytes[position] < 0xE0 {
            if Byte.isWord(bytes[position]) || bytes[position] == UInt8(ascii: "_") {
                position += 1
            } else if position + 1 < bytes.count, joins(position) {
                position += 1
            } else {
                break
            }
        }
        return start..<position
    }

    /// Whether a mark is inside a word or number: `don't`, `1,234.5`, `10:30`, `a-b`.
    private func joins(_ mark: Int) -> Bool {
        let (before, after) = (bytes[mark - 1], bytes[mark + 1])
        switch bytes[mark] {
        case UInt8(ascii: "'"), Byte.minus: return Byte.isLetter(before) && Byte.isLetter(after)
        case Byte.dot, Byte.comma, Byte.colon, UInt8(ascii: "/"):
            return Byte.isDigit(before) && Byte.isDigit(after)
        default: return false
        }
    }
}

/// Signs of an error in a log line or a JSON item.
enum ErrorSigns {
    private static let words: Set<[UInt8]> = Set(
        [
            "error", "errors", "err", "exception", "fatal", "failed", "failure", "fail", "panic",
            "traceback", "critical", "crash", "crashed", "denied", "refused", "timeout", "abort",
            "aborted", "unauthorized", "forbidden", "segfault", "oom", "severe", "emergency",
            "alert", "unreachable", "corrupt", "corrupted", "invalid", "rejected",
        ].map { Array($0.utf8) })
    private static let wordBytesMax = 12

    static func areIn(_ bytes: ArraySlice<UInt8>) -> Bool {
        var position = bytes.startIndex
        while position < bytes.endIndex {
            guard Byte.isLetter(bytes[position]) else {
                position += 1
                continue
            }
            let start = position
            while position < bytes.endIndex, Byte.isLetter(bytes[position]) { position += 1 }
            let word = bytes[start..<position]
            guard word.count >= 3 else { continue }
            if word.count <= wordBytesMax, words.contains(word.map(Byte.lower)) {
                if !isAbsent(bytes, start, position) { return true }
            } else if hasErrorSuffix(word) {
                return true
            }
        }
        return false
    }

    /// Whether a word names an error, such as `NullPointerException` or `ValueError`.
    private static func hasErrorSuffix(_ word: ArraySlice<UInt8>) -> Bool {
        word.suffix(9).elementsEqual("Exception".utf8) || word.suffix(5).elementsEqual("Error".utf8)
    }

    /// Whether the named error did not happen: `"error":null`, `errors=0`, `0 errors`, `no error`.
    private static func isAbsent(_ bytes: ArraySlice<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var next = end
        while next < bytes.endIndex, next < end + 4,
            [Byte.quote, Byte.colon, Byte.equals, Byte.space].contains(bytes[next])
        {
            next += 1
        }
        if next > end, next < bytes.endIndex {
            let rest = bytes[next...].prefix(6).map(Byte.lower)
            if bytes[end] != Byte.space || bytes[next - 1] != Byte.space || next > end + 1 {
                for empty in ["null", "false", "none", "[]", "{}", "\"\""]
                where rest.starts(with: empty.utf8) { return true }
                if rest.first == Byte.zero, rest.count < 2 || !Byte.isDigit(rest[1]) { return true }
            }
            if rest.first == Byte.comma, bytes[next - 1] == Byte.quote, next >= end + 3 {
                return true
            }
        }
        var last = start - 1
        while last >= bytes.startIndex, Byte.isBlank(bytes[last]) { last -= 1 }
        guard last < start - 1, last >= bytes.startIndex else { return false }
        if bytes[last] == Byte.zero {
            return last == bytes.startIndex || !Byte.isWord(bytes[last - 1])
        }
        return last > bytes.startIndex && Byte.lower(bytes[last - 1]) == UInt8(ascii: "n")
            && Byte.lower(bytes[last]) == UInt8(ascii: "o")
            && (last - 2 < bytes.startIndex || !Byte.isWord(bytes[last - 2]))
    }
}
