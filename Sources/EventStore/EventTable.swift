import LedgerModel
import LedgerSQL
import Postgres

/// The table of events, as rows in COPY's binary format.
///
/// COPY takes no parameters, so filters are written into the text; they are numbers and
/// hexadecimal digits of our own making, never a caller's text.
enum EventTable {
    static let copyIn =
        "COPY tally.events (\(columnList)) FROM STDIN (FORMAT binary)"

    private static let columnList = RowFrame.columns.joined(separator: ", ")

    enum Filter {
        /// Positions in order; the months that hold them let partitions be left out.
        case positions(ClosedRange<Int64>, months: ClosedRange<Month>?)
        case ids([EventID])
    }

    /// Hands every row of the filter to `body`, in order of position for a range of positions.
    static func read(
        _ filter: Filter, of ledger: LedgerID, limit: Int? = nil, in session: Session,
        _ body: (StoredRow) throws -> Void
    ) throws {
        let clause: String
        switch filter {
        case .positions(let positions, let months):
            var bounds = ""
            if let months {
                bounds = """
                     AND event_id >= '\(EventID.first(of: months.lowerBound))' \
                    AND event_id < '\(EventID.first(of: months.upperBound.next))'
                    """
            }
            clause = """
                position >= \(positions.lowerBound) AND position <= \(positions.upperBound)\
                \(bounds) ORDER BY position
                """
        case .ids(let ids):
            guard let first = ids.min(), let last = ids.max() else { return }
            let list = ids.map(\.description).joined(separator: ",")
            clause = """
                event_id = ANY ('{\(list)}'::uuid[]) \
                AND event_id >= '\(first)' AND event_id <= '\(last)'
                """
        }
        let query = """
            SELECT \(columnList) FROM tally.events \
            WHERE ledger_id = \(ledger.number) AND \(clause)\
            \(limit.map { " LIMIT \($0)" } ?? "")
            """
        var reader = BinaryCopyReader()
        _ = try session.copyOut("COPY (\(query)) TO STDOUT (FORMAT binary)") { message in
            guard let bytes = try reader.row(of: message) else { return }
            guard let row = StoredRow(bytes) else { throw CorruptRow(position: -1) }
            try body(row)
        }
    }
}

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
