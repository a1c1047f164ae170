/// A named property of a request that spend is grouped and filtered by.
package enum Dimension: UInt8, CaseIterable, Sendable {
    case app
    case team
    case project
    case environment
    case feature
    case user
    case session
    case provider
    case model
    case operation
    case serviceTier
    case region

    /// How many dimensions there are.
    static let count = allCases.count

    /// The name in JSON and in SQL.
    package var name: String { Self.names[Int(rawValue)] }

    private static let names = [
        "app", "team", "project", "environment", "feature", "user", "session", "provider",
        "model", "operation", "service_tier", "region",
    ]

    package init?(name: some StringProtocol) {
        guard let index = Self.names.firstIndex(where: { $0 == name }) else { return nil }
        self.init(rawValue: UInt8(index))
    }
}

/// The dimensions of one event; an absent one is NULL in SQL.
package struct Dimensions: Hashable, Sendable {
    private var values = InlineArray<12, Name?>(repeating: nil)

    package init() {}

    /// The longest value of one dimension, in bytes of UTF-8.
    package static let valueBytesMax = 512

    package subscript(dimension: Dimension) -> Name? {
        get { values[Int(dimension.rawValue)] }
        set { values[Int(dimension.rawValue)] = newValue }
    }

    subscript(unchecked index: Int) -> Name? { values[index] }

    package static func == (a: Dimensions, b: Dimensions) -> Bool {
        Dimension.allCases.allSatisfy { a[$0] == b[$0] }
    }

    package func hash(into hasher: inout Hasher) {
        for dimension in Dimension.allCases { hasher.combine(self[dimension]) }
    }
}

extension Dimensions: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (Dimension, Name)...) {
        for (dimension, value) in elements { self[dimension] = value }
    }
}

/// Free labels: one flat map of text to text, kept as canonical JSON.
package struct Labels: Hashable, Sendable {
    /// Sorted by the bytes of the key.
    package let pairs: [(key: Name, value: Name)]

    package static let countMax = 32
    package static let bytesMax = 1_024

    package enum Refusal: Error, Hashable, Sendable {
        case tooMany(Int)
        case tooLong(bytes: Int)
        case duplicateKey(Name)
        case emptyKey
    }

    package init(_ pairs: [(key: Name, value: Name)]) throws(Refusal) {
        guard pairs.count <= Self.countMax else { throw .tooMany(pairs.count) }
        let sorted = pairs.sorted { $0.key < $1.key }
        for (a, b) in zip(sorted, sorted.dropFirst()) where a.key == b.key {
            throw .duplicateKey(a.key)
        }
        if sorted.first?.key.string.isEmpty == true { throw .emptyKey }
        let bytes = sorted.reduce(0) { $0 + $1.key.string.utf8.count + $1.value.string.utf8.count }
        guard bytes <= Self.bytesMax else { throw .tooLong(bytes: bytes) }
        self.pairs = sorted
    }

    package subscript(key: Name) -> Name? { pairs.first { $0.key == key }?.value }

    /// A JSON object with sorted keys, no spaces, and escapes only where JSON demands them.
    package var canonicalJSON: String { LedgerModel.canonicalJSON(pairs) }

    package static func == (a: Labels, b: Labels) -> Bool {
        a.pairs.count == b.pairs.count
            && zip(a.pairs, b.pairs).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    }

    package func hash(into hasher: inout Hasher) {
        for (key, value) in pairs {
            hasher.combine(key)
            hasher.combine(value)
        }
    }
}

extension Labels.Refusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooMany(let count):
            "labels has \(count) entries: at most \(Labels.countMax) are kept"
        case .tooLong(let bytes):
            "labels takes \(bytes) bytes: at most \(Labels.bytesMax) are kept, keys and values "
                + "together"
        case .duplicateKey(let key): "labels has the key \"\(key)\" twice"
        case .emptyKey: "labels has an empty key"
        }
    }
}

/// A flat JSON object in the one form that is hashed: pairs in the order given, no spaces.
func canonicalJSON(_ pairs: [(key: Name, value: Name)]) -> String {
    var json = "{"
    for (index, pair) in pairs.enumerated() {
        if index > 0 { json.append(",") }
        appendJSONString(pair.key.string, to: &json)
        json.append(":")
        appendJSONString(pair.value.string, to: &json)
    }
    json.append("}")
    return json
}

/// Writes `text` as a JSON string, escaping only quotation marks, backslashes and controls.
package func appendJSONString(_ text: String, to json: inout String) {
    json.append("\"")
    defer { json.append("\"") }
    let needsEscapes = text.utf8.contains { byte in
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
    guard needsEscapes else { return json.append(text) }
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": json.append("\\\"")
        case "\\": json.append("\\\\")
        case "\u{0}"..."\u{1F}":
            let digits = String(scalar.value, radix: 16)
            json.append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
        default: json.unicodeScalars.append(scalar)
        }
    }
}
