import JSON

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
    /// Who makes the call: an agent, or a run of one.
    case agent
    /// The run that started that agent, directly or not.
    case parentAgent
    /// Which try of the same work it is.
    case attempt
    /// The id of the API key that reported the event or asked for a hold, as the service saw it.
    case apiKey

    /// How many dimensions there are.
    static let count = allCases.count

    /// The name in JSON and in SQL.
    package var name: String { Self.names[Int(rawValue)] }

    private static let names = [
        "app", "team", "project", "environment", "feature", "user", "session", "provider",
        "model", "operation", "service_tier", "region", "agent", "parent_agent", "attempt",
        "api_key",
    ]

    /// Who makes the call, and for which run.
    package static let ofRuns: [Dimension] = [.agent, .parentAgent, .attempt]
    /// Those that came later: their fields stand behind all others, and read models do not keep them.
    package static let late = ofRuns + [.apiKey]
    /// Of which few combinations are met again and again: those that spend is kept by.
    package static let base: [Dimension] = allCases.filter {
        $0 != .user && $0 != .session && !late.contains($0)
    }
    /// How many there are before them.
    static let earlyCount = count - late.count

    package init?(name: some StringProtocol) {
        guard let index = Self.names.firstIndex(where: { $0 == name }) else { return nil }
        self.init(rawValue: UInt8(index))
    }
}

/// The dimensions of one event; an absent one is NULL in SQL.
package struct Dimensions: Hashable, Sendable {
    private var values = InlineArray<16, Name?>(repeating: nil)

    package init() {}

    /// The longest value of one dimension, in bytes of UTF-8.
    package static let valueBytesMax = 512

    package subscript(dimension: Dimension) -> Name? {
        get { values[Int(dimension.rawValue)] }
        set { values[Int(dimension.rawValue)] = newValue }
    }

    /// The run that a call belongs to: that of its agent, or the agent itself.
    package var rootAgent: Name? { self[.parentAgent] ?? self[.agent] }

    /// Whether a value is that of a dimension; an agent's sub-agents are its own as well.
    package func matches(_ dimension: Dimension, _ value: Name) -> Bool {
        self[dimension] == value || dimension == .agent && self[.parentAgent] == value
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

    /// The value of a key, if it is a whole number of at most 15 digits.
    package func count(_ key: Name) -> Int64? { self[key].flatMap { Self.count($0.string.utf8) } }

    /// A text as a whole number of at most 15 digits; nil for anything else.
    package static func count(_ text: some Collection<UInt8>) -> Int64? {
        guard (1...15).contains(text.count) else { return nil }
        var count: Int64 = 0
        for byte in text {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            count = count * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return count
    }

    /// A JSON object with sorted keys, no spaces, and escapes only where JSON demands them.
    package var canonicalJSON: String {
        var json = JSONWriter(capacity: 64 + 32 * pairs.count)
        json.object { json in
            for (key, value) in pairs { json.field(key.string, value.string) }
        }
        return json.text
    }

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

extension Labels.Refusal: Fault {
    package var kind: FaultKind { .invalid }

    package var description: String {
        switch self {
        case .tooMany(let count):
            "labels has \(count) entries: the limit is \(Labels.countMax)"
        case .tooLong(let bytes):
            "labels takes \(bytes) bytes: the limit is \(Labels.bytesMax), keys and values "
                + "together"
        case .duplicateKey(let key): "labels has the key \"\(key)\" twice"
        case .emptyKey: "labels has an empty key"
        }
    }
}
