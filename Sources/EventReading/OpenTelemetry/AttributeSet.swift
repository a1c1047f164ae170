import JSON
import LedgerModel

/// The value of an attribute, if it can say something about a request.
enum AttributeValue: Sendable {
    case text(String)
    case integer(Int64)
    case double(Double)
    case boolean(Bool)
    /// A list that begins with a text: the only kind of list that carries a fact.
    case list(first: String)
    /// Another list, a map or bytes.
    case other
}

/// The attributes to look for, and what each means.
struct AttributeTable: Sendable {
    struct Entry: Sendable {
        let index: Int
        /// Lower is better; a resource's attributes rank below all of a span's.
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
        // Attributes that feed the same field share a place, in order of precedence.
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
    /// The first pair of spellings of one count that differ.
    private(set) var contradiction: String?

    init(_ table: AttributeTable) {
        found = Array(repeating: nil, count: table.count)
    }

    /// Takes an attribute if it is looked for.
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

    /// Uses the value of one fact for another that is missing.
    mutating func adopt(_ fact: TelemetryFact, as other: TelemetryFact) {
        if found[other.index] == nil { found[other.index] = found[fact.index] }
    }

    /// Sets a fact that is missing.
    mutating func suppose(_ text: String, as fact: TelemetryFact) {
        guard found[fact.index] == nil else { return }
        found[fact.index] = Found(name: "", value: .text(text), rank: AttributeTable.resourceRank)
    }

    func has(_ fact: TelemetryFact) -> Bool { found[fact.index] != nil }

    /// The fact as text; numbers and flags as written.
    func text(_ fact: TelemetryFact) -> String? { found[fact.index]?.value.text }

    /// The fact as text; for a list, its first.
    func firstText(_ fact: TelemetryFact) -> String? { found[fact.index]?.value.firstText }

    func seconds(_ fact: TelemetryFact) -> Double? { found[fact.index]?.value.number }

    /// The fact as a whole number; nil if missing.
    func count(_ fact: TelemetryFact) throws(Refusal) -> Int64? {
        guard let attribute = found[fact.index] else { return nil }
        guard let count = attribute.value.count else {
            throw Refusal(
                "\(attribute.name) is \(attribute.value.quoted): expected a whole number")
        }
        return count
    }

    /// The text for an event field that an operator mapped.
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

    /// The first in a list of texts, also in one that was written as JSON, or the only text.
    var firstText: String? {
        if case .list(let first) = self { return first }
        guard let text, text.utf8.first == UInt8(ascii: "["),
            case .array(let items)? = try? JSONTree(parsing: text.utf8)
        else { return text }
        if case .text(let first)? = items.first { return first }
        return nil
    }

    /// A whole number, even if an exporter wrote it as text or with a decimal point.
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
