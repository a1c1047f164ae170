import LedgerModel

/// A row of `identities` in COPY's binary format.
struct IdentityRow {
    static let copyIn =
        "COPY tally.identities (ledger_id, digest, event_id) FROM STDIN (FORMAT binary)"

    let ledger: LedgerID
    let digest: Digest
    let id: EventID

    private static let bytes = 2 + (4 + 8) + (4 + 32) + (4 + 16)

    func append(to rows: inout [UInt8]) {
        withUnsafeTemporaryAllocation(byteCount: Self.bytes, alignment: 8) { row in
            row.storeBytes(of: Int16(3).bigEndian, as: Int16.self)
            row.storeBytes(of: Int32(8).bigEndian, toByteOffset: 2, as: Int32.self)
            row.storeBytes(of: ledger.number.bigEndian, toByteOffset: 6, as: Int64.self)
            row.storeBytes(of: Int32(32).bigEndian, toByteOffset: 14, as: Int32.self)
            digest.store(into: UnsafeMutableRawBufferPointer(rebasing: row[18...]))
            row.storeBytes(of: Int32(16).bigEndian, toByteOffset: 50, as: Int32.self)
            row.storeBytes(of: id.high.bigEndian, toByteOffset: 54, as: UInt64.self)
            row.storeBytes(of: id.low.bigEndian, toByteOffset: 62, as: UInt64.self)
            rows.append(contentsOf: row)
        }
    }
}
