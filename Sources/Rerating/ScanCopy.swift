import EventStore
import LedgerModel
import LedgerSQL
import Postgres
import Pricing

/// The COPY commands of a scan, and how their rows are read.
struct ScanCopy: Sendable {
    let ledger: LedgerID
    private let columns: String
    private let filter: String
    private let order: String

    private static let priced =
        "cause_id, amount_pico, unpriced, "
        + (UsageUnit.allCases.map(\.column)
        + [Dimension.provider, .model, .serviceTier, .region].map(\.column))
        .joined(separator: ", ")

    /// - Parameter isMetered: reads whatever takes from the same allowances too, in order, and
    ///   says of each row whether the filter asks for it.
    init(_ filter: HistoryFilter, ledger: LedgerID, isMetered: Bool) {
        self.ledger = ledger
        let asked = isMetered ? "(\(filter.condition)) IS TRUE" : "true"
        columns = "kind, event_id, occurred_at, \(asked), \(Self.priced)"
        self.filter = isMetered ? filter.windows.condition : filter.condition
        order = isMetered ? " ORDER BY position" : ""
    }

    /// The requests and the first charges of a page, as they lie in the table: requests right
    /// before their charges.
    func rows(of page: HistoryPage) -> String {
        """
        COPY (SELECT \(columns) FROM tally.events WHERE \(place(page, kinds: "1, 2, 10"))\(order)) \
        TO STDOUT (FORMAT binary)
        """
    }

    /// Some charges by their ids.
    func rows(of ids: [EventID]) -> String {
        let list = ids.map(\.description).joined(separator: ",")
        let bounds = [ids.min(), ids.max()].compactMap(\.self)
        let range = zip([">=", "<="], bounds).map { " AND event_id \($0) '\($1)'" }.joined()
        return """
            COPY (SELECT \(columns) FROM tally.events WHERE ledger_id = \(ledger.number) \
            AND kind = 10 AND event_id = ANY ('{\(list)}'::uuid[])\(range)) \
            TO STDOUT (FORMAT binary)
            """
    }

    /// Position, request, amount and reason of every adjustment of the page's requests, in order.
    ///
    /// An adjustment's id carries the time of its request, so it lies in the same month.
    func adjustments(of page: HistoryPage) -> String {
        """
        COPY (SELECT position, cause_id, amount_pico, unpriced FROM tally.events \
        WHERE ledger_id = \(ledger.number) AND kind = 11 AND \(page.idCondition) \
        AND cause_id IN (SELECT event_id FROM tally.events WHERE \(place(page, kinds: "1, 2"))) \
        ORDER BY position) TO STDOUT (FORMAT binary)
        """
    }

    private func place(_ page: HistoryPage, kinds: String) -> String {
        """
        ledger_id = \(ledger.number) AND position >= \(page.positions.lowerBound) \
        AND position <= \(page.positions.upperBound) AND \(page.idCondition) \
        AND kind IN (\(kinds)) AND \(filter)
        """
    }
}

/// Whether anything was adjusted in some months; mostly nothing was.
struct HasAdjustments: Statement {
    static let sql = """
        SELECT 1 FROM tally.events
        WHERE ledger_id = $1 AND kind = 11 AND cause_id >= $2 AND cause_id < $3
            AND event_id >= $2 AND event_id < $3
        LIMIT 1
        """
    static let columns = Columns(Int32.self)
    let ledger: LedgerID
    let months: ClosedRange<Month>
    var parameters: Parameters {
        Parameters(
            ledger, EventID.first(of: months.lowerBound),
            EventID.first(of: months.upperBound.next))
    }
}

/// The first columns of a row; `chargeColumns` of a charge and then the usage follow.
struct ScannedRow {
    let kind: EventKind
    let id: EventID
    let occurredAt: Timestamp
    /// Whether the filter asks for it.
    let isAsked: Bool

    /// The request, the amount and the reason.
    static let chargeColumns = 3

    init(_ fields: inout BinaryCopyFields) throws(PostgresError) {
        guard let number = try fields.next(),
            let kind = EventKind(rawValue: try Int16(bigEndianBytes: number))
        else { throw PostgresError(.decoding, "an event has a kind that is not known here") }
        self.kind = kind
        id = try fields.eventID()
        occurredAt = Timestamp(microseconds: try fields.word() ?? 0)
        isAsked = try fields.next()?.first == 1
    }
}

extension BinaryCopyFields {
    @inline(__always)
    mutating func word() throws(PostgresError) -> Int64? {
        guard let bytes = try next() else { return nil }
        return try Int64(bigEndianBytes: bytes)
    }

    @inline(__always)
    mutating func eventID() throws(PostgresError) -> EventID {
        guard let bytes = try next() else {
            throw PostgresError(.decoding, "an id is missing: run tally verify")
        }
        return try EventID(postgres: bytes, type: EventID.postgresType)
    }

    mutating func usage() throws(PostgresError) -> Usage {
        var usage = Usage()
        for unit in UsageUnit.allCases {
            if let count = try word() { usage.set(unit, count) }
        }
        return usage
    }
}

/// The texts of a row, remembered from one row to the next: neighbours often agree, and comparing
/// is cheaper than making a string.
struct TextColumns: Sendable {
    var unpriced = Column()
    private var provider = Column()
    private var model = Column()
    private var serviceTier = Column()
    private var region = Column()

    struct Column: Sendable {
        private var last: Name?

        mutating func name(of text: UnsafeRawBufferPointer?) -> Name? {
            guard let text else { return nil }
            if let last, last.string.utf8.elementsEqual(text) { return last }
            last = Name(String(decoding: text, as: UTF8.self))
            return last
        }
    }

    typealias Priced = (provider: Name?, model: Name?, serviceTier: Name?, region: Name?)

    mutating func priced(_ fields: inout BinaryCopyFields) throws(PostgresError) -> Priced {
        (
            provider.name(of: try fields.next()), model.name(of: try fields.next()),
            serviceTier.name(of: try fields.next()), region.name(of: try fields.next())
        )
    }
}
