import EventStore
import JSON
import LedgerModel

/// Writes requests and charges as CSV rows, with the columns of `audit.requests` and
/// `audit.charges`.
enum TableRow {
    static let requestHeader =
        facts + ["status", "error_type"] + UsageUnit.allCases.map(\.name)
        + ["latency_ms", "time_to_first_token_ms", "labels"]
        + CallOrigin.fields.map(\.column)
        + ["cost_usd", "price_state", "unpriced", "charges", "book_id"]

    static let chargeHeader =
        facts + ["request_id", "previous_id", "book_id", "cost_usd", "unpriced", "detail"]

    private static let facts =
        ["id", "position", "kind", "occurred_at", "recorded_at", "source", "external_id"]
        + Dimension.allCases.map(\.name)

    /// Writes a request up to where it was reported; its cost follows once its charges are known.
    ///
    /// - Parameter usage: that of the row, with what later reports add.
    static func write(request row: EventRow, usage: Usage, to out: inout ExportBytes) {
        writeFacts(of: row, to: &out)
        out.comma()
        if let status = row.int32(.status) { out.append(status) }
        cell(row.text(.errorType), &out)
        for unit in UsageUnit.allCases {
            out.comma()
            if let count = usage[unit] { out.append(count, unit) }
        }
        for field in [Field.latency, .timeToFirstToken] {
            out.comma()
            if let time = row.int64(field) { out.append(decimal(Int128(time), scale: 3)) }
        }
        cell(row.text(.labels), &out)
        for field in CallOrigin.fields { cell(row.text(field), &out) }
    }

    /// Ends a request's row with its current cost.
    static func write(_ cost: RequestCost, to out: inout ExportBytes) {
        out.comma()
        if cost.state == .priced { out.append(PicodollarSum(cost.sum).description) }
        out.comma()
        out.append(cost.state.rawValue)
        out.comma()
        if cost.state == .unpriced, let reason = cost.unpriced { out.append(cell: reason) }
        out.comma()
        out.append(cost.charges)
        out.comma()
        if let book = cost.book { out.append(book) }
        out.endRow()
    }

    static func write(charge row: EventRow, to out: inout ExportBytes) {
        writeFacts(of: row, to: &out)
        for field in [Field.causeID, .previousID, .bookID] {
            out.comma()
            if let id = row.id(field) { out.append(id) }
        }
        out.comma()
        if let amount = row.int64(.amount) { out.append(Picodollars(amount).description) }
        cell(row.text(.unpriced), &out)
        cell(row.text(.detail), &out)
        out.endRow()
    }

    private static func writeFacts(of row: EventRow, to out: inout ExportBytes) {
        if let id = row.id(.id) { out.append(id) }
        out.comma()
        out.append(row.position)
        out.comma()
        out.append(row.kind?.name ?? "")
        out.comma()
        out.append(row.occurredAt)
        out.comma()
        out.append(row.recordedAt)
        cell(row.text(.source), &out)
        cell(row.text(.externalID), &out)
        for dimension in Dimension.allCases { cell(row.text(dimension.field), &out) }
    }

    private static func cell(_ text: UnsafeRawBufferPointer?, _ out: inout ExportBytes) {
        out.comma()
        if let text { out.append(cell: text) }
    }
}

/// What a request costs, up to the position of the export: the sum of its charges, if the last of
/// them has a price.
struct RequestCost {
    enum State: String { case priced, unpriced, uncharged }

    private(set) var sum: Int128 = 0
    private(set) var charges = 0
    /// Why the last charge has no price.
    private(set) var unpriced: String?
    /// The book of the last charge.
    private(set) var book: EventID?

    /// The last charge decides: it may take back a price that an earlier one had.
    var state: State { charges == 0 ? .uncharged : unpriced == nil ? .priced : .unpriced }

    /// The columns that are read from a charge.
    static let columns = EventColumns(
        [.id, .amount, .unpriced, .bookID], with: [.position])

    mutating func add(_ charge: EventRow) {
        charges += 1
        if let amount = charge.amount { sum += Int128(amount.amount) }
        unpriced = charge.text(.unpriced).map { String(decoding: $0, as: UTF8.self) }
        book = charge.id(.bookID)
    }
}
