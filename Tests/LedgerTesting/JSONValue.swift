package import Foundation

/// A JSON answer, for tests: `answer.json.rows[0].app == "search"`.
///
/// An absent value is `missing`, which equals only itself; null equals nil.
@dynamicMemberLookup
package enum JSONValue: Hashable, Sendable {
    case missing
    case null
    case boolean(Bool)
    case decimal(Decimal)
    case characters(String)
    case list([JSONValue])
    case map([String: JSONValue])

    package init(_ bytes: some Sequence<UInt8>) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    }

    package init(_ text: String) throws { try self.init(text.utf8) }

    package subscript(dynamicMember name: String) -> JSONValue { self[name] }

    package subscript(name: String) -> JSONValue { members[name] ?? .missing }

    package subscript(index: Int) -> JSONValue {
        items.indices.contains(index) ? items[index] : .missing
    }

    package var items: [JSONValue] { if case .list(let items) = self { items } else { [] } }

    package var members: [String: JSONValue] {
        if case .map(let members) = self { members } else { [:] }
    }

    package var string: String? { if case .characters(let text) = self { text } else { nil } }

    package var double: Double? {
        if case .decimal(let number) = self {
            NSDecimalNumber(decimal: number).doubleValue
        } else {
            nil
        }
    }

    package var integer: Int? { double.flatMap { Int(exactly: $0) } }

    /// Appended, duplicates, conflicts and rejected of a report on events.
    package var counts: JSONValue {
        .list(["appended", "duplicates", "conflicts", "rejected"].map { self[$0] })
    }

    /// The member of every item.
    package func each(_ name: String) -> [JSONValue] { items.map { $0[name] } }
}

extension JSONValue: Decodable {
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .boolean(flag)
        } else if let number = try? value.decode(Decimal.self) {
            self = .decimal(number)
        } else if let text = try? value.decode(String.self) {
            self = .characters(text)
        } else if let items = try? value.decode([JSONValue].self) {
            self = .list(items)
        } else {
            self = .map(try value.decode([String: JSONValue].self))
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral text: String) { self = .characters(text) }
    package init(integerLiteral number: Int) { self = .decimal(Decimal(number)) }
    package init(floatLiteral number: Double) {
        self = .decimal(Decimal(string: "\(number)") ?? .nan)
    }
    package init(booleanLiteral flag: Bool) { self = .boolean(flag) }
    package init(arrayLiteral items: JSONValue...) { self = .list(items) }
    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .map(Dictionary(uniqueKeysWithValues: members))
    }
    package init(nilLiteral: ()) { self = .null }
}

extension JSONValue {
    /// Whether it is a text with this part.
    package func contains(_ part: String) -> Bool { string?.contains(part) == true }
}
