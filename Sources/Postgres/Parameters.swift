/// A statement's binary parameters in one buffer, so binding doesn't allocate per value.
package struct Parameters: Sendable {
    struct Slot: Sendable {
        let type: OID
        let offset: Int32
        /// −1 is NULL.
        let length: Int32
    }

    private(set) var slots: [Slot] = []
    private(set) var bytes: [UInt8] = []

    /// PostgreSQL counts parameters in 16 bits.
    package static let countMax = 65_535

    /// The values of `$1`, `$2`, … in order.
    package init<each Value: PostgresEncodable>(_ values: repeat each Value) {
        for value in repeat each values {
            append(value)
        }
    }

    package mutating func append<Value: PostgresEncodable>(_ value: Value) {
        precondition(slots.count < Self.countMax, "a statement has at most 65535 parameters")
        let start = bytes.count
        if value.isPostgresNull {
            slots.append(Slot(type: Value.postgresType, offset: Int32(start), length: -1))
            return
        }
        value.encode(into: &bytes)
        // PostgreSQL refuses a value beyond 1 GB, so the 32 bits suffice.
        let slot = Slot(
            type: Value.postgresType, offset: Int32(start), length: Int32(bytes.count - start))
        slots.append(slot)
    }

    package var types: [OID] { slots.map(\.type) }

    /// Lends the arrays that libpq needs.
    ///
    /// They live only during the call.
    func withLibpqArrays<R>(
        _ body: (
            _ count: Int32, _ types: UnsafePointer<UInt32>?,
            _ values: UnsafePointer<UnsafePointer<CChar>?>?, _ lengths: UnsafePointer<Int32>?,
            _ formats: UnsafePointer<Int32>?
        ) -> R
    ) -> R {
        if slots.isEmpty { return body(0, nil, nil, nil, nil) }
        let count = slots.count
        return withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) {
            values in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: count * 3) { numbers in
                bytes.withUnsafeBytes { buffer in
                    // An empty array has no address, but an empty value isn't NULL.
                    let empty = UnsafeRawPointer(numbers.baseAddress.unsafelyUnwrapped)
                    let base = buffer.baseAddress ?? empty
                    for (index, slot) in slots.enumerated() {
                        let address = base.advanced(by: Int(slot.offset))
                        values.initializeElement(
                            at: index,
                            to: slot.length < 0 ? nil : address.assumingMemoryBound(to: CChar.self))
                        numbers.initializeElement(at: index, to: max(slot.length, 0))
                        numbers.initializeElement(at: count + index, to: 1)
                        numbers.initializeElement(
                            at: 2 * count + index, to: Int32(bitPattern: slot.type.rawValue))
                    }
                    let lengths = UnsafePointer(numbers.baseAddress.unsafelyUnwrapped)
                    return (lengths + 2 * count).withMemoryRebound(
                        to: UInt32.self, capacity: count
                    ) { types in
                        body(
                            Int32(count), types, values.baseAddress.map { UnsafePointer($0) },
                            lengths, lengths + count)
                    }
                }
            }
        }
    }
}
