import LedgerModel

/// The value of an attribute, as far as one can say something about a request.
enum AttributeValue: Sendable {
    case text(String)
    case integer(Int64)
    case double(Double)
    case boolean(Bool)
    /// A list that begins with a text, which is the only form of list that tells a fact.
    case list(first: String)
    /// Another list, a map or bytes.
    case other
}

/// Which attributes are looked for, and what each tells.
struct AttributeTable: Sendable {
    struct Entry: Sendable {
        let index: Int
        /// The lower, the better; a resource's attributes rank behind all of a span's.
        let rank: UInt8
        let isCount: Bool
    }

    private let entries: [String: [Entry]]
    let count: Int

    init(_ settings: TelemetrySettings) {
        var entries: [String: [Entry]] = [:]
        for (fact, names) in TelemetryFact.spellings {
            var isCount = fact == .totalTokens
            if case .unit = fact { isCount = true }
            for (rank, name) in names.enumerated() {
                entries[name, default: []].append(
                    Entry(index: fact.index, rank: UInt8(rank), isCount: isCount))
            }
        }
        for word in TelemetryDialect.Word.allCases {
            entries[word.name, default: []].append(
                Entry(index: TelemetryFact.dialect(word).index, rank: 0, isCount: false))
        }
        // Several attributes that feed the same field share a place, in the order of precedence.
        var places: [ImportMapping.Target: Int] = [:]
        for (number, feed) in settings.feeds.enumerated() {
            let place = places[feed.target] ?? number
            places[feed.target] = place
            let rank = UInt8(min(number, Int(Self.resourceRank) - 1))
            entries[feed.attribute, default: []].append(
                Entry(index: TelemetryFact.feed(place).index, rank: rank, isCount: false))
        }
        self.entries = entries
        count = TelemetryFact.feed(settings.feeds.count).index
    }

    static let resourceRank: UInt8 = 100

    func entries(for name: String) -> [Entry]? { entries[name] }
}

/// What the attributes of a record and of its resource say.
struct AttributeSet: Sendable {
    private struct Found: Sendable {
        let name: String
        let value: AttributeValue
        let rank: UInt8
    }

    private var found: [Found?]
    /// Two spellings of one count that differ: the first pair.
    private(set) var contradiction: String?

    init(_ table: AttributeTable) {
        found = Array(repeating: nil, count: table.count)
    }

    /// Takes an attribute in, if it is looked for.
    mutating func note(
        _ name: String, _ read: @autoclosure () -> AttributeValue?, in table: AttributeTable,
        ofResource: Bool = false
    ) {
        guard let entries = table.entries(for: name), let value = read() else { return }
        if case .text("") = value { return }
        for entry in entries {
            let rank = entry.rank + (ofResource ? AttributeTable.resourceRank : 0)
            if let other = found[entry.index] {
                if entry.isCount { compare(name, value, with: other) }
                if other.rank <= rank { continue }
            }
            found[entry.index] = Found(name: name, value: value, rank: rank)
        }
    }

    private mutating func compare(_ name: String, _ value: AttributeValue, with other: Found) {
        guard contradiction == nil, let count = value.count, let known = other.value.count,
            count != known
        else { return }
        contradiction = "\(name) is \(count), but \(other.name) is \(known)"
    }

    /// Takes what one fact says for another that is not told.
    mutating func adopt(_ fact: TelemetryFact, as other: TelemetryFact) {
        if found[other.index] == nil { found[other.index] = found[fact.index] }
    }

    /// Says a fact that is not told.
    mutating func suppose(_ text: String, as fact: TelemetryFact) {
        guard found[fact.index] == nil else { return }
        found[fact.index] = Found(name: "", value: .text(text), rank: AttributeTable.resourceRank)
    }

    func has(_ fact: TelemetryFact) -> Bool { found[fact.index] != nil }

    /// The fact as text; a number or a flag as it is written.
    func text(_ fact: TelemetryFact) -> String? { found[fact.index]?.value.text }

    /// The fact as text; of a list, the first.
    func firstText(_ fact: TelemetryFact) -> String? { found[fact.index]?.value.firstText }

    func seconds(_ fact: TelemetryFact) -> Double? { found[fact.index]?.value.number }

    /// The fact as a whole number; nil where it is not told.
    func count(_ fact: TelemetryFact) throws(Refusal) -> Int64? {
        guard let attribute = found[fact.index] else { return nil }
        guard let count = attribute.value.count else {
            throw Refusal(
                "\(attribute.name) is \(attribute.value.quoted): expected a whole number")
        }
        return count
    }

    /// The text for a field of the event that an operator mapped.
    func fed(_ number: Int) throws(Refusal) -> String? {
        guard let attribute = found[TelemetryFact.feed(number).index] else { return nil }
        guard let text = attribute.value.text else {
            throw Refusal("\(attribute.name) is \(attribute.value.quoted): expected text")
        }
        return text
    }
}

extension AttributeValue {
    var text: String? {
        switch self {
        case .text(let text): text
        case .integer(let integer): String(integer)
        case .double(let double): "\(double)"
        case .boolean(let flag): flag ? "true" : "false"
        case .list, .other: nil
        }
    }

    /// The first of a list of texts, or the only one.
    var firstText: String? {
        if case .list(let first) = self { first } else { text }
    }

    /// A whole number, also where an exporter wrote it as a text or with a decimal point.
    var count: Int64? {
        switch self {
        case .integer(let integer): integer
        case .double(let double): Int64(exactly: double)
        case .text(let text): Int64(text)
        case .boolean, .list, .other: nil
        }
    }

    var number: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .double(let double): double
        case .text(let text): Double(text)
        case .boolean, .list, .other: nil
        }
    }

    var quoted: String {
        switch self {
        case .text(let text): "\"\(text.prefix(64))\""
        case .list, .other: "a list, a map or bytes"
        default: text ?? ""
        }
    }
}
