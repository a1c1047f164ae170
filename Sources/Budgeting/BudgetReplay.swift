package import Budgets
package import EventStore
package import LedgerModel
package import Postgres
import Synchronization

/// What budgets would have done to a ledger's history; never writes to it.
///
/// Requests are taken in the order of their positions, each for what it cost: a request whose charge
/// did not fit into every hard budget is refused, and is not spent. So no call is in flight when the
/// next one asks, and nobody behaves otherwise for having been refused.
package struct BudgetReplay: Sendable {
    private let ledger: LedgerID
    private let pool: Pool

    package init(ledger: LedgerID, pool: Pool) {
        self.ledger = ledger
        self.pool = pool
    }

    /// - Parameter groupedBy: by what refused requests are told apart.
    package func run(
        _ definitions: [BudgetDefinition], over filter: HistoryFilter, groupedBy: [Dimension],
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> BudgetReplayReport {
        var scan = HistoryScan(ledger: ledger, pool: pool)
        scan.filter = filter
        scan.workers = 1
        var query = HistoryQuery(ledger, BudgetReplayFold.columns, kinds: BudgetReplayFold.kinds)
        query.filter = filter
        query.isOrdered = true
        let fold = Mutex(BudgetReplayFold(BudgetBook(supposing: definitions), groupedBy))
        let worker = BudgetReplayWorker(query, pool) { row in fold.withLock { $0.take(row) } }
        let found = try await scan.run(
            from: nil, beginningWith: BudgetReplayWorker.Sums(), keep: nil, progress: progress
        ) { _ in worker }
        return fold.withLock { $0.report(at: found.end, filter) }
    }
}

private final class BudgetReplayWorker: HistoryWorker {
    /// The fold keeps everything; a replay that is killed starts again.
    struct Sums: Codable {}

    private let query: HistoryQuery
    private let pool: Pool
    private let take: @Sendable (EventRow) -> Void

    init(_ query: HistoryQuery, _ pool: Pool, _ take: @escaping @Sendable (EventRow) -> Void) {
        self.query = query
        self.pool = pool
        self.take = take
    }

    func work(on page: HistoryPage) async throws {
        try await pool.transaction(readOnly: true) { session in
            try self.query.read(.page(page), in: session, self.take)
        }
    }

    func drain(into sums: inout Sums) {}
}

/// Spends history under supposed budgets.
struct BudgetReplayFold {
    static let kinds: [EventKind] = [
        .requestCompleted, .requestFailed, .chargeRated, .chargeAdjusted, .chargeReconciled,
    ]
    static let columns = EventColumns(
        [.id, .kind, .occurredAt, .causeID] + Dimension.allCases.map(\.field)
            + [.inputTokens, .outputTokens, .amount])

    private let book: BudgetBook
    private let groupedBy: [Dimension]
    private var spent: [Place: Amounts] = [:]
    /// A request whose charge comes next.
    private var pending: Pending?
    /// Refused requests, whose adjustments are not spent either.
    private var refused: Set<EventID> = []
    private var sums: [Int: BudgetReplayReport.Sum] = [:]
    private var groups: [[Name?]: BudgetReplayReport.Refused] = [:]
    private var total = BudgetReplayReport.Refused()
    private var requests: Int64 = 0

    private struct Place: Hashable {
        let row: Name
        let window: Timestamp
    }

    private struct Pending {
        let id: EventID
        let occurredAt: Timestamp
        let dimensions: Dimensions
        var amounts: Amounts
    }

    init(_ book: BudgetBook, _ groupedBy: [Dimension]) {
        self.book = book
        self.groupedBy = groupedBy
    }

    mutating func take(_ row: EventRow) {
        guard let kind = row.kind else { return }
        if let request = pending, kind != .chargeRated || row.id(.causeID) != request.id {
            pending = nil
            admit(request)
        }
        if kind.isRequest {
            pending = Pending(
                id: row.eventID, occurredAt: row.occurredAt, dimensions: dimensions(of: row),
                amounts: Amounts(of: row))
        } else if var request = pending {
            pending = nil
            request.amounts += Amounts(of: row)
            admit(request)
        } else if row.id(.causeID).map({ !refused.contains($0) }) ?? true {
            for count in book.counts(of: row) {
                spent[Place(row: count.row, window: count.window), default: .zero] += count.amounts
            }
        }
    }

    private func dimensions(of row: EventRow) -> Dimensions {
        var dimensions = Dimensions()
        for dimension in Dimension.allCases {
            dimensions[dimension] = row.text(dimension.field)
                .map { Name(String(decoding: $0, as: UTF8.self)) }
        }
        return dimensions
    }

    private mutating func admit(_ request: Pending) {
        requests += 1
        var places: [(budget: Budget, place: Place)] = []
        var refuser: Budget?
        for budget in book.active {
            guard let member = budget.definition.member(of: request.dimensions),
                let row = budget.rowName(of: member)
            else { continue }
            let window = budget.window(of: request.occurredAt)
            let place = Place(row: row, window: window.start)
            places.append((budget, place))
            sums[budget.number, default: .init(budget: budget.definition)].requests += 1
            let taken = spent[place] ?? .zero
            if budget.definition.limits(in: window).excess(of: taken + request.amounts) == .zero {
                continue
            }
            sums[budget.number]?.over.add(request.amounts, at: request.occurredAt)
            if budget.definition.enforcement == .hard { refuser = refuser ?? budget }
        }
        guard refuser != nil else {
            for (budget, place) in places {
                spent[place, default: .zero] += request.amounts
                sums[budget.number]?.spent += request.amounts
            }
            return
        }
        refused.insert(request.id)
        total.add(request.amounts, at: request.occurredAt)
        groups[groupedBy.map { request.dimensions[$0] }, default: .init()]
            .add(request.amounts, at: request.occurredAt)
    }

    mutating func report(at position: Int64, _ filter: HistoryFilter) -> BudgetReplayReport {
        if let request = pending { admit(request) }
        pending = nil
        let rows = groups.map { BudgetReplayReport.Group(values: $0.key, refused: $0.value) }
        return BudgetReplayReport(
            position: position, filter: filter, requests: requests, refused: total,
            budgets: book.active.map { sums[$0.number] ?? .init(budget: $0.definition) },
            groupedBy: groupedBy,
            groups: rows.sorted {
                ($1.refused.amounts.cost, $0.text) < ($0.refused.amounts.cost, $1.text)
            })
    }
}

/// What budgets would have refused.
package struct BudgetReplayReport: Sendable {
    /// Requests that did not fit.
    package struct Refused: Sendable {
        package private(set) var requests: Int64 = 0
        package private(set) var amounts = Amounts.zero
        /// When the earliest of them occurred.
        package private(set) var first: Timestamp?

        mutating func add(_ more: Amounts, at time: Timestamp) {
            requests += 1
            amounts += more
            first = min(first ?? time, time)
        }
    }

    /// One budget; a request that several refuse is among those of each.
    package struct Sum: Sendable {
        package let budget: BudgetDefinition
        /// Requests that it counts, those included that are refused.
        package var requests: Int64 = 0
        package var spent = Amounts.zero
        package var over = Refused()
    }

    package struct Group: Sendable {
        package let values: [Name?]
        package let refused: Refused

        fileprivate var text: String { values.map { $0?.string ?? "" }.joined(separator: "\u{0}") }
    }

    package let position: Int64
    package let filter: HistoryFilter
    package let requests: Int64
    package let refused: Refused
    package let budgets: [Sum]
    package let groupedBy: [Dimension]
    package let groups: [Group]
}
