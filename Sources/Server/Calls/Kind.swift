import Calendars
import JSON
import LedgerModel
import Prompts

/// A type of values that callers write: its reader, its schema, and the message for a wrong value.
struct Kind<Value: Sendable>: Sendable {
    /// JSON Schema 2020-12.
    let schema: String
    /// The placeholder for a value when a call is only described.
    let sample: Value
    /// Reads a value; nil if it is not of this kind.
    let read: @Sendable (Written) -> Value?
    /// The end of a sentence that begins with the name of the value.
    let expectation: @Sendable (Written) -> String

    /// A kind that converts these values; nil refuses a value.
    func map<Other: Sendable>(
        _ sample: Other, _ convert: @escaping @Sendable (Value) -> Other?
    ) -> Kind<Other> {
        Kind<Other>(schema: schema, sample: sample, read: { read($0).flatMap(convert) }) {
            expectation($0)
        }
    }
}

/// A value as received: text of a path or a query, or JSON of a body.
enum Written {
    case text(String)
    case json(JSONTree)

    var string: String? {
        switch self {
        case .text(let text): text
        case .json(let json): json.string
        }
    }

    /// The text of a number, which is not in quotes in JSON.
    var number: String? {
        switch self {
        case .text(let text): text
        case .json(.number(let text)): text
        case .json: nil
        }
    }

    /// The value as shown in messages.
    var shown: String {
        switch self {
        case .text(let text), .json(.text(let text)): String(text.prefix(100))
        case .json(let json): json.noun
        }
    }

    var noun: String {
        switch self {
        case .text: "text"
        case .json(let json): json.noun
        }
    }
}

// MARK: - Texts

extension Kind where Value == String {
    /// A text without NUL, which the database cannot hold.
    static let text = Kind(
        schema: #"{"type":"string"}"#, sample: "",
        read: { $0.string.flatMap { $0.utf8.contains(0) ? nil : $0 } },
        expectation: {
            $0.string == nil ? "must be text, not \($0.noun)" : "contains a NUL character"
        })
}

extension Kind where Value == Name {
    /// The value of a dimension, or another name with the same limit.
    static let name = Kind(
        schema: """
            {"type":"string","minLength":1,"maxLength":\(Dimensions.valueBytesMax)}
            """,
        sample: Name("x"),
        read: { written in
            written.string.flatMap { text in
                let isGood =
                    (1...Dimensions.valueBytesMax).contains(text.utf8.count)
                    && !text.utf8.contains(0)
                return isGood ? Name(text) : nil
            }
        },
        expectation: { _ in "must be text of 1 to \(Dimensions.valueBytesMax) bytes without NUL" })
}

extension Kind where Value == EventID {
    static let eventID = Kind(
        schema: #"{"type":"string","format":"uuid"}"#, sample: EventID(high: 0, low: 0),
        read: { $0.string.flatMap { EventID($0) } },
        expectation: { "\($0.shown) is not an event id: expected a UUID" })
}

extension Kind where Value == Timestamp {
    /// A time as people write it, such as `7d`, which is relative to `now`.
    ///
    /// - Parameter zone: the ledger's, if days, months and times without an offset are of it; UTC
    ///   otherwise.
    static func time(
        _ bound: Timestamp.Bound = .start, at now: Timestamp, in zone: CalendarZone? = nil
    ) -> Kind {
        let place = zone == nil ? "UTC" : "the ledger's zone"
        let zone = zone ?? .utc
        return Kind(
            schema: """
                {"type":"string","description":"\(Timestamp.writtenForms); days and times \
                without an offset are of \(place)"}
                """,
            sample: now,
            read: { $0.string.flatMap { Timestamp(written: $0, as: bound, at: now, in: zone) } },
            expectation: { "\($0.shown) is not a time: expected \(Timestamp.writtenForms)" })
    }
}

extension Kind {
    /// One of a closed set of words.
    ///
    /// - Parameter noun: what they are, for the message about any other word.
    static func choice(
        _ noun: String, _ words: [String], _ sample: Value,
        _ read: @escaping @Sendable (String) -> Value?
    ) -> Kind {
        let list = words.map { "\"\($0)\"" }.joined(separator: ",")
        return Kind(
            schema: #"{"type":"string","enum":[\#(list)]}"#, sample: sample,
            read: { $0.string.flatMap { words.contains($0) ? read($0) : nil } },
            expectation: {
                "\($0.shown) is not \(noun): expected one of \(words.joined(separator: ", "))"
            })
    }
}

extension Kind where Value: RawRepresentable<String> & CaseIterable {
    static var word: Kind {
        choice(
            "known", Value.allCases.map(\.rawValue), Value.allCases[Value.allCases.startIndex]
        ) { Value(rawValue: $0) }
    }
}

extension Kind where Value == Dimension {
    static let dimension = choice("a dimension", Dimension.allCases.map(\.name), .app) {
        Dimension(name: $0)
    }
}

// MARK: - Numbers and flags

extension Kind where Value == Int64 {
    /// An integer in a range; 1200, 1200.0 and 1.2e3 are the same.
    static func integer(in range: ClosedRange<Int64>) -> Kind {
        Kind(
            schema: """
                {"type":"integer","minimum":\(range.lowerBound),"maximum":\(range.upperBound)}
                """,
            sample: range.lowerBound,
            read: { written in
                let number = written.number.flatMap { text in
                    Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) }
                }
                return number.flatMap { range.contains($0) ? $0 : nil }
            },
            expectation: { _ in
                "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            })
    }
}

extension Kind where Value == Int {
    static func count(in range: ClosedRange<Int>) -> Kind {
        Kind<Int64>.integer(in: Int64(range.lowerBound)...Int64(range.upperBound))
            .map(range.lowerBound) { Int($0) }
    }
}

extension Kind where Value == Double {
    static func number(in range: ClosedRange<Double>) -> Kind {
        Kind(
            schema: """
                {"type":"number","minimum":\(range.lowerBound),"maximum":\(range.upperBound)}
                """,
            sample: range.lowerBound,
            read: { written in
                written.number.flatMap { Double($0) }.flatMap { range.contains($0) ? $0 : nil }
            },
            expectation: { _ in "must lie between \(range.lowerBound) and \(range.upperBound)" })
    }
}

extension Kind where Value == Bool {
    static let flag = Kind(
        schema: #"{"type":"boolean"}"#, sample: false,
        read: { written in
            switch written {
            case .json(.boolean(let flag)): flag
            case .text("1"), .text("true"): true
            case .text("0"), .text("false"), .text(""): false
            default: nil
            }
        },
        expectation: { _ in "must be true or false" })
}

// MARK: - Compounds

extension Kind {
    /// An array; in a query, words separated by commas.
    static func list<Element>(of element: Kind<Element>) -> Kind where Value == [Element] {
        @Sendable func items(of written: Written) -> [Written]? {
            switch written {
            case .text(let text): text.split(separator: ",").map { .text(String($0)) }
            case .json(let json): json.items?.map { .json($0) }
            }
        }
        return Kind(
            schema: #"{"type":"array","items":\#(element.schema)}"#, sample: [],
            read: { written in
                guard let items = items(of: written) else { return nil }
                let values = items.compactMap(element.read)
                return values.count == items.count ? values : nil
            },
            expectation: { written in
                let wrong = items(of: written)?.first { element.read($0) == nil }
                return wrong.map(element.expectation) ?? "must be a list, not \(written.noun)"
            })
    }

    /// An object with arbitrary member names, in their order.
    static func map<Key, Element>(
        of key: Kind<Key>, _ element: Kind<Element>
    ) -> Kind where Value == [(key: Key, value: Element)] {
        Kind(
            schema: #"{"type":"object","additionalProperties":\#(element.schema)}"#, sample: [],
            read: { written in
                guard case .json(let json) = written, let members = json.members else { return nil }
                let pairs = members.compactMap { member -> (key: Key, value: Element)? in
                    guard let name = key.read(.text(member.key)),
                        let value = element.read(.json(member.value))
                    else { return nil }
                    return (key: name, value: value)
                }
                return pairs.count == members.count ? pairs : nil
            },
            expectation: { written in
                guard case .json(let json) = written, let members = json.members else {
                    return "must be an object, not \(written.noun)"
                }
                for member in members {
                    let (name, value) = (Written.text(member.key), Written.json(member.value))
                    if key.read(name) == nil { return "has a member that " + key.expectation(name) }
                    if element.read(value) == nil {
                        return "has a member: \(member.key) " + element.expectation(value)
                    }
                }
                return "must be an object"
            })
    }
}

extension Kind where Value == JSONTree {
    /// JSON that other code interprets.
    static let json = Kind(
        schema: "{}", sample: .null,
        read: { written in if case .json(let json) = written { json } else { nil } },
        expectation: { _ in "must be JSON" })
}
