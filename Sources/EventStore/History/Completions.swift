package import LedgerModel
import LedgerSQL
package import Postgres

/// What repeated reports add to some requests, of all that a price depends on.
///
/// Whoever rates a request from its row completes it with this first. Most ledgers have no such
/// report, and then one look at an index is all it costs.
package struct Completions: Sendable {
    package struct Addition: Sendable {
        package fileprivate(set) var usage = Usage()
        package fileprivate(set) var serviceTier: Name?
        package fileprivate(set) var region: Name?

        package subscript(dimension: Dimension) -> Name? {
            switch dimension {
            case .serviceTier: serviceTier
            case .region: region
            default: nil
            }
        }
    }

    private var additions: [EventID: Addition] = [:]

    package init() {}

    /// Reads what is added to the requests of a page, within a transaction.
    ///
    /// - Parameters:
    ///   - end: the last position of the history that is looked at.
    ///   - isLeftOut: which positions are not looked at.
    package init(
        of page: HistoryPage, in ledger: LedgerID, _ session: Session, upTo end: Int64 = .max,
        except isLeftOut: (Int64) -> Bool = { _ in false }
    ) throws {
        let search = HasRepeats(ledger: ledger, months: page.months)
        guard try session.first(search) != nil else { return }
        let requests: [EventKind] = [.requestCompleted, .requestFailed]
        try Self.query(of: ledger).read(.effects(of: page, kinds: requests), in: session) { row in
            guard let request = row.id(.causeID), row.position <= end,
                !isLeftOut(row.position)
            else { return }
            var addition = additions[request] ?? Addition()
            addition.usage.complete(by: row.usage)
            addition.serviceTier = addition.serviceTier ?? Self.name(row, .serviceTier)
            addition.region = addition.region ?? Self.name(row, .region)
            additions[request] = addition
        }
    }

    static func query(of ledger: LedgerID) -> HistoryQuery {
        let units = UsageUnit.allCases.map(\.field)
        return HistoryQuery(
            ledger, EventColumns([.causeID, .serviceTier, .region] + units, with: [.position]),
            kinds: [.requestRepeated])
    }

    private static func name(_ row: EventRow, _ field: Field) -> Name? {
        row.text(field).map { Name(String(decoding: $0, as: UTF8.self)) }
    }

    package var isEmpty: Bool { additions.isEmpty }

    package subscript(request: EventID) -> Addition? { additions[request] }

    /// Completes the counts of a request, and returns the texts that it may lack.
    @discardableResult
    package func complete(_ usage: inout Usage, of request: EventID) -> Addition? {
        guard let addition = additions[request] else { return nil }
        usage.complete(by: addition.usage)
        return addition
    }
}

/// Whether any call of some months was reported again; mostly none was.
///
/// A report begins at most a call's longest time away from its request, so other partitions are left
/// alone.
struct HasRepeats: Statement {
    static let sql = """
        SELECT 1 FROM tally.events
        WHERE ledger_id = $1 AND kind = 3 AND cause_id >= $2 AND cause_id < $3
            AND event_id >= $4 AND event_id < $5
        LIMIT 1
        """
    static let columns = Columns(Int32.self)
    let ledger: LedgerID
    let months: ClosedRange<Month>
    var parameters: Parameters {
        let (start, end) = (months.lowerBound.start, months.upperBound.next.start)
        let reach = FindCalls.callMicrosecondsMax
        return Parameters(
            ledger, EventID.first(at: start), EventID.first(at: end),
            EventID.first(at: start.advanced(byMicroseconds: -reach)),
            EventID.first(at: end.advanced(byMicroseconds: reach)))
    }
}

/// The ids of everything that repeats some requests.
struct ListRepeats: Statement {
    static let sql = """
        SELECT event_id FROM tally.events
        WHERE ledger_id = $1 AND kind = 3 AND cause_id = ANY ($2)
        """
    static let columns = Columns(EventID.self)
    let ledger: LedgerID
    let requests: [EventID]
    var parameters: Parameters { Parameters(ledger, requests) }
    typealias Row = EventID

    static func row(_ cell: EventID) throws(PostgresError) -> EventID { cell }
}

extension Session {
    /// The reports that repeat some requests, in their order.
    package func repeats(
        of requests: [EventID], in ledger: LedgerID
    ) throws -> [RecordedEvent] {
        let ids = try run(ListRepeats(ledger: ledger, requests: requests))
        if ids.isEmpty { return [] }
        return try events(ids, of: ledger).sorted { $0.position < $1.position }
    }
}
