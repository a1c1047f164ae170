import LedgerModel

/// A row of `identities` in COPY's binary format.
struct IdentityRow {
    static let copyIn =
        "COPY tally.identities (ledger_id, digest, event_id) FROM STDIN (FORMAT binary)"

    let ledger: LedgerID
    let digest: Digest
    let id: EventID

    func append(to rows: inout [UInt8]) {
        func put(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.bigEndian) { rows.append(contentsOf: $0) }
        }
        put(Int16(3))
        put(Int32(8))
        put(ledger.number)
        put(Int32(32))
        rows += digest.bytes
        put(Int32(16))
        put(id.high)
        put(id.low)
    }
}
