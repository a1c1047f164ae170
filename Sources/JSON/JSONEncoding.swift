extension JSONTree {
    /// A `Codable` value as a tree.
    ///
    /// Members come in the order of their keys, so equal values have equal texts. Throws
    /// `EncodingError` for a number that is not finite.
    package init(encoding value: some Encodable) throws {
        let place = EncodedPlace()
        try value.encode(to: TreeEncoder(place: place, codingPath: []))
        self = place.tree
    }
}

/// The place of a value that is being encoded.
private final class EncodedPlace {
    enum Content {
        case value(JSONTree)
        case items([EncodedPlace])
        case members([String: EncodedPlace])
    }

    /// A value that encodes nothing is an empty object.
    var content = Content.members([:])

    init() {}

    init(_ tree: JSONTree) {
        content = .value(tree)
    }

    var tree: JSONTree {
        switch content {
        case .value(let tree): tree
        case .items(let items): .array(items.map(\.tree))
        case .members(let members):
            .object(
                members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                    .map { Member($0.key, $0.value.tree) })
        }
    }

    typealias Member = JSONTree.Member

    var count: Int {
        if case .items(let items) = content { items.count } else { 0 }
    }

    /// Several containers of one value share its members.
    func becomeObject() {
        if case .members = content { return }
        content = .members([:])
    }

    func becomeArray() {
        if case .items = content { return }
        content = .items([])
    }

    func set(_ key: String, _ place: EncodedPlace) {
        guard case .members(var members) = content else { return }
        content = .members([:])
        members[key] = place
        content = .members(members)
    }

    func append(_ place: EncodedPlace) {
        guard case .items(var items) = content else { return }
        content = .items([])
        items.append(place)
        content = .items(items)
    }
}

private struct TreeEncoder: Encoder, SingleValueEncodingContainer {
    let place: EncodedPlace
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        place.becomeObject()
        return KeyedEncodingContainer(ObjectEncoder<Key>(place: place, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        place.becomeArray()
        return ArrayEncoder(place: place, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    // MARK: One value

    func encodeNil() { place.content = .value(.null) }
    func encode(_ value: Bool) { place.content = .value(.boolean(value)) }
    func encode(_ value: String) { place.content = .value(.text(value)) }
    func encode(_ value: Int) { whole(value) }
    func encode(_ value: Int8) { whole(value) }
    func encode(_ value: Int16) { whole(value) }
    func encode(_ value: Int32) { whole(value) }
    func encode(_ value: Int64) { whole(value) }
    func encode(_ value: Int128) { whole(value) }
    func encode(_ value: UInt) { whole(value) }
    func encode(_ value: UInt8) { whole(value) }
    func encode(_ value: UInt16) { whole(value) }
    func encode(_ value: UInt32) { whole(value) }
    func encode(_ value: UInt64) { whole(value) }
    func encode(_ value: UInt128) { whole(value) }
    func encode(_ value: Float) throws { try fraction(value) }
    func encode(_ value: Double) throws { try fraction(value) }
    func encode<T: Encodable>(_ value: T) throws { try value.encode(to: self) }

    private func whole(_ value: some FixedWidthInteger) {
        place.content = .value(.number(String(value)))
    }

    private func fraction(_ value: some BinaryFloatingPoint & LosslessStringConvertible) throws {
        guard value.isFinite else {
            throw EncodingError.invalidValue(
                value,
                .init(codingPath: codingPath, debugDescription: "JSON has no \(value)"))
        }
        place.content = .value(.number(value.description))
    }
}

private struct ObjectEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let place: EncodedPlace
    let codingPath: [any CodingKey]

    /// The encoder of a new member.
    private func member(_ key: any CodingKey) -> TreeEncoder {
        let member = EncodedPlace()
        place.set(key.stringValue, member)
        return TreeEncoder(place: member, codingPath: codingPath + [key])
    }

    func encodeNil(forKey key: Key) { member(key).encodeNil() }
    func encode(_ value: Bool, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: String, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Double, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: Float, forKey key: Key) throws { try member(key).encode(value) }
    func encode(_ value: Int, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Int8, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Int16, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Int32, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Int64, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: Int128, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt8, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt16, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt32, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt64, forKey key: Key) { member(key).encode(value) }
    func encode(_ value: UInt128, forKey key: Key) { member(key).encode(value) }
    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try value.encode(to: member(key))
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        member(key).container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        member(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { member(SuperKey()) }
    func superEncoder(forKey key: Key) -> any Encoder { member(key) }
}

private struct ArrayEncoder: UnkeyedEncodingContainer {
    let place: EncodedPlace
    let codingPath: [any CodingKey]
    var count: Int { place.count }

    /// The encoder of a new item.
    private func item() -> TreeEncoder {
        let item = EncodedPlace()
        place.append(item)
        return TreeEncoder(place: item, codingPath: codingPath)
    }

    func encodeNil() { item().encodeNil() }
    func encode(_ value: Bool) { item().encode(value) }
    func encode(_ value: String) { item().encode(value) }
    func encode(_ value: Double) throws { try item().encode(value) }
    func encode(_ value: Float) throws { try item().encode(value) }
    func encode(_ value: Int) { item().encode(value) }
    func encode(_ value: Int8) { item().encode(value) }
    func encode(_ value: Int16) { item().encode(value) }
    func encode(_ value: Int32) { item().encode(value) }
    func encode(_ value: Int64) { item().encode(value) }
    func encode(_ value: Int128) { item().encode(value) }
    func encode(_ value: UInt) { item().encode(value) }
    func encode(_ value: UInt8) { item().encode(value) }
    func encode(_ value: UInt16) { item().encode(value) }
    func encode(_ value: UInt32) { item().encode(value) }
    func encode(_ value: UInt64) { item().encode(value) }
    func encode(_ value: UInt128) { item().encode(value) }
    func encode<T: Encodable>(_ value: T) throws { try value.encode(to: item()) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type
    ) -> KeyedEncodingContainer<Nested> {
        item().container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { item().unkeyedContainer() }
    func superEncoder() -> any Encoder { item() }
}

/// The key of what a class encodes for the class above it.
struct SuperKey: CodingKey {
    var stringValue: String { "super" }
    var intValue: Int? { nil }
    init() {}
    init?(stringValue: String) { nil }
    init?(intValue: Int) { nil }
}
