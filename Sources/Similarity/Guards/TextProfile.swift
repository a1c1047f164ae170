/// What the guards keep of a text: hashes of its words and of what they do, no text.
package struct TextProfile: Sendable, Equatable {
    /// All words in normal form, in their order.
    let words: [UInt64]
    /// Those that carry content, by their stem; numbers, names and literals among them.
    let content: [UInt64]
    /// Words that another text of the same content may lack.
    let function: [UInt64]
    let numbers: [UInt64]
    let names: [UInt64]
    /// In their order, and the signs outside of words.
    let literals: [UInt64]
    /// The content word after each negation, or 0.
    let negations: [UInt64]
    let relations: [Relation]
    let opposites: [UInt64: [UInt64]]
    let comparisons: [UInt64]
    let quantities: [UInt64]
    let times: [UInt64]
    let modals: [UInt64]
    let question: Question
    let tense: UInt8
    let persons: UInt8
    /// The persons in their order.
    let people: [UInt8]
    let language: Language
    let isTooLong: Bool
    /// A hash of all words in their order, and one of the same words sorted.
    let sequence: UInt64
    let bag: UInt64

    struct Relation: Hashable, Comparable {
        let word: UInt64
        let next: UInt64
        let isStrong: Bool

        static func < (a: Relation, b: Relation) -> Bool {
            (a.next, a.word) < (b.next, b.word)
        }
    }

    enum Question: UInt8 {
        case none, yesOrNo, who, what, whose, when, place, why, how, count, extent
    }

    enum Language: UInt8 {
        case english, unknown, foreign
    }

    package static let contentMax = 1_024

    /// About, for bounding memory.
    package var bytes: Int {
        256 + 8 * (words.count + content.count + function.count + numbers.count + names.count)
            + 8 * (literals.count + negations.count + comparisons.count + times.count)
            + 24 * relations.count + 64 * opposites.count
    }

    package init(_ text: String) {
        let scan = WordScanner(text)
        let all = scan.all.map { StableHash.of($0) }
        sequence = StableHash.of(all)
        bag = StableHash.of(all.sorted())
        var reader = ProfileReader(scan)
        reader.read()
        words = reader.words
        content = reader.content
        function = reader.function.sorted()
        numbers = reader.numbers
        names = reader.names
        literals = reader.literals + (scan.symbols.isEmpty ? [] : [StableHash.of(scan.symbols)])
        negations = reader.negations.sorted()
        relations = reader.relations.sorted()
        opposites = reader.opposites
        comparisons = reader.comparisons.sorted()
        quantities = reader.quantities.sorted()
        times = reader.times.sorted()
        modals = reader.modals.sorted()
        question = reader.question
        tense = reader.tense
        persons = reader.persons
        people = reader.people
        language = reader.language(hasForeignScript: scan.hasForeignScript)
        isTooLong = scan.words.count > WordScanner.wordsMax || content.count > Self.contentMax
    }
}

/// Fills a profile, word by word.
private struct ProfileReader {
    private let scan: [WordScanner.Word]
    private let hasQuestionMark: Bool
    var words: [UInt64] = []
    var content: [UInt64] = []
    var function: [UInt64] = []
    var numbers: [UInt64] = []
    var names: [UInt64] = []
    var literals: [UInt64] = []
    var negations: [UInt64] = []
    var relations: [TextProfile.Relation] = []
    var opposites: [UInt64: [UInt64]] = [:]
    var comparisons: [UInt64] = []
    var quantities: [UInt64] = []
    var times: [UInt64] = []
    var modals: [UInt64] = []
    var question = TextProfile.Question.none
    var tense: UInt8 = 0
    var persons: UInt8 = 0
    var people: [UInt8] = []

    init(_ scan: WordScanner) {
        self.scan = Array(scan.words.prefix(WordScanner.wordsMax))
        hasQuestionMark = scan.hasQuestionMark
    }

    mutating func read() {
        for (place, word) in scan.enumerated() {
            switch word.kind {
            case .number:
                add(number: word.text)
            case .literal:
                let hash = StableHash.of(word.text)
                literals.append(hash)
                content.append(hash)
                words.append(hash)
            case .word, .name:
                add(word, at: place)
            }
        }
        readQuestion()
    }

    private mutating func add(number text: String) {
        let hash = StableHash.of("#" + text)
        numbers.append(hash)
        content.append(hash)
        words.append(hash)
    }

    private mutating func add(_ word: WordScanner.Word, at place: Int) {
        let text = word.text
        let hash = Self.stemHash(text)
        words.append(hash)
        if word.kind == .name { names.append(hash) }
        if WordClasses.negations.contains(text) { negations.append(nextContent(after: place)) }
        if WordClasses.comparisons.contains(text) || Self.isDegree(text) {
            comparisons.append(hash)
        }
        if let group = WordClasses.quantities[text] { quantities.append(StableHash.of(group)) }
        if WordClasses.times.contains(text) { times.append(hash) }
        if let group = WordClasses.modals[text] { modals.append(StableHash.of(group)) }
        if WordClasses.past.contains(text) { tense |= 1 }
        if WordClasses.future.contains(text) { tense |= 2 }
        if let bit = WordClasses.persons[text], !isGeneric(place) {
            persons |= bit
            if people.last != bit { people.append(bit) }
        }
        if WordClasses.relations.contains(text), !isInfinitive(place) {
            relations.append(
                .init(
                    word: hash, next: nextContent(after: place),
                    isStrong: WordClasses.strong.contains(text)))
        }
        if let list = WordClasses.opposites[text] {
            opposites[StableHash.of(text)] = list.split(separator: " ").map {
                StableHash.of(String($0))
            }
        }
        if WordClasses.function.contains(text), word.kind == .word {
            function.append(hash)
        } else {
            content.append(hash)
        }
    }

    private func nextContent(after place: Int) -> UInt64 {
        for word in scan[(place + 1)...] {
            switch word.kind {
            case .number: return StableHash.of("#" + word.text)
            case .literal: return StableHash.of(word.text)
            case .name: return Self.stemHash(word.text)
            case .word:
                if !WordClasses.function.contains(word.text) { return Self.stemHash(word.text) }
            }
        }
        return 0
    }

    /// `how to reset`, `want to know`, `steps to install`: no direction.
    private func isInfinitive(_ place: Int) -> Bool {
        guard scan[place].text == "to" else { return false }
        guard place > 0 else { return true }
        return [
            "how", "want", "need", "like", "way", "ways", "steps", "able", "trying", "try", "going",
            "have", "has", "had", "used", "method", "possible", "best", "where", "what", "when",
            "required", "learn", "wants", "supposed", "easiest", "order", "right", "approach",
            "use",
        ].contains(scan[place - 1].text)
    }

    /// `how do I`, `how can you`: anybody.
    private func isGeneric(_ place: Int) -> Bool {
        guard ["i", "you", "we", "one"].contains(scan[place].text), place > 0 else { return false }
        let before = scan[..<place].suffix(2).map(\.text)
        guard WordClasses.auxiliaries.contains(before[before.count - 1]) else { return false }
        return before.count < 2 || ["how", "where", "what", "when"].contains(before[0])
            || WordClasses.modals[before[1]] != nil
    }

    /// `-er` and `-est` of words that we don't list.
    private static func isDegree(_ text: String) -> Bool {
        text.utf8.count > 5 && text.hasSuffix("est")
            && ![
                "request", "interest", "suggest", "forest", "invest", "digest", "harvest", "arrest",
            ]
            .contains(text)
    }

    private mutating func readQuestion() {
        let texts = scan.map { $0.kind == .word || $0.kind == .name ? $0.text : "" }
        for (place, text) in texts.enumerated() {
            let next = place + 1 < texts.count ? texts[place + 1] : ""
            let after = texts[(place + 1)...].prefix(4)
            switch text {
            case "who", "whom": return question = .who
            case "whose": return question = .whose
            case "when": return question = place == 0 || place == 1 ? .when : .none
            case "where": return question = .place
            case "why": return question = .why
            case "how":
                if ["many", "much"].contains(next) { return question = .count }
                if [
                    "long", "old", "far", "often", "big", "tall", "fast", "deep", "high", "large",
                    "good", "hard", "heavy", "wide", "soon", "likely", "safe",
                ].contains(next) {
                    return question = .extent
                }
                return question = .how
            case "what", "which":
                if !Set(after).isDisjoint(with: ["way", "ways", "method", "steps", "procedure"]) {
                    return question = .how
                }
                if next == "time" || next == "year" || next == "date" { return question = .when }
                if !Set(after.prefix(3)).isDisjoint(with: ["reason", "reasons", "cause"]) {
                    return question = .why
                }
                return question = .what
            default: continue
            }
        }
        if let first = texts.first, WordClasses.auxiliaries.contains(first) { question = .yesOrNo }
    }

    func language(hasForeignScript: Bool) -> TextProfile.Language {
        if hasForeignScript { return .foreign }
        var (english, foreign) = (0, [Int](repeating: 0, count: WordClasses.foreign.count))
        for word in scan where word.kind == .word || word.kind == .name {
            if WordClasses.english.contains(word.text) { english += 1 }
            for (index, list) in WordClasses.foreign.enumerated() where list.contains(word.text) {
                foreign[index] += 1
            }
        }
        let most = foreign.max() ?? 0
        if most >= 2, most > english { return .foreign }
        return english > 0 ? .english : .unknown
    }

    /// A word in normal form: the first of its synonyms, its singular, without `-ing`.
    static func stemHash(_ text: String) -> UInt64 {
        StableHash.of(stem(WordClasses.synonyms[text] ?? text))
    }

    private static func stem(_ text: String) -> String {
        guard text.utf8.count > 3, text.utf8.allSatisfy({ $0 < 128 }) else { return text }
        if text.hasSuffix("ies"), text.utf8.count > 4 {
            return String(text.dropLast(3)) + "y"
        }
        if ["sses", "shes", "ches", "xes"].contains(where: text.hasSuffix) {
            return String(text.dropLast(2))
        }
        if text.hasSuffix("s"), !["ss", "us", "is"].contains(where: text.hasSuffix) {
            let one = String(text.dropLast())
            return WordClasses.synonyms[one] ?? one
        }
        return text
    }
}

extension StableHash {
    /// As `ProfileReader.stemHash`, for other parts of this target.
    static func ofWord(_ text: String) -> UInt64 { ProfileReader.stemHash(text) }
}
