package import Budgets
package import EventStore
package import LedgerModel
package import Postgres
package import PriceBooks
import Synchronization

/// What budgets and controls would have done to a ledger's history; never writes to it.
///
/// Requests are taken in the order of their positions, each for what it cost: a request whose charge
/// did not fit into every hard budget is refused, and is not spent. What a control changes costs
/// what the price book in force then says. So no call is in flight when the next one asks, and
/// nobody behaves otherwise for having been refused.
package struct BudgetReplay: Sendable {
    private let ledger: LedgerID
    private let pool: Pool
    private let prices: LedgerPrices

    package init(ledger: LedgerID, pool: Pool, prices: LedgerPrices) {
        self.ledger = ledger
        self.pool = pool
        self.prices = prices
    }

    /// - Parameter groupedBy: by what refused requests are told apart.
    package func run(
        _ policy: BudgetPolicyFile, over filter: HistoryFilter, groupedBy: [Dimension],
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> BudgetReplayReport {
        var scan = HistoryScan(ledger: ledger, pool: pool)
        scan.filter = filter
        let book = BudgetBook(supposing: policy.budgets, policy.controls)
        for control in policy.controls {
            guard let name = control.conditions.share?.budget, book.latest(name) == nil else {
                continue
            }
            throw ControlInvalid.setting(
                "control \(control.name) looks at budget \(name), which the file does not have")
        }
        var query = HistoryQuery(ledger, BudgetReplayFold.columns, kinds: BudgetReplayFold.kinds)
        query.filter = filter
        query.isOrdered = true
        let fold = Mutex(BudgetReplayFold(book, prices, groupedBy))
        let read = query
        let end = try await scan.inOrder(progress: progress) { page, session in
            try read.read(.page(page), in: session) { row in
                try fold.withLock { try $0.take(row) }
            }
        }
        return try fold.withLock { try $0.report(at: end, filter) }
    }
}

/// Spends history under supposed budgets.
struct BudgetReplayFold {
    static let kinds: [EventKind] = [
        .requestCompleted, .requestFailed, .chargeRated, .chargeAdjusted, .chargeReconciled,
    ]
    static let columns = EventColumns(
        [.id, .kind, .occurredAt, .causeID] + Dimension.allCases.map(\.field)
            + UsageUnit.allCases.map(\.field) + [.amount])

    private let book: BudgetBook
    private let groupedBy: [Dimension]
    private var spent: [Place: Amounts] = [:]
    /// The steps of rolling windows, by budget, as of the last request.
    private var steps: [Int: [Window]] = [:]
    /// A request whose charge comes next.
    private var pending: Pending?
    /// Refused or changed requests, whose adjustments are not spent either.
    private var replaced: Set<EventID> = []
    private var controls: ControlReplay
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
        let usage: Usage
        var amounts: Amounts
        /// What it cost; nil without a price.
        var cost: PicodollarSum?
    }

    init(_ book: BudgetBook, _ prices: LedgerPrices, _ groupedBy: [Dimension]) {
        self.book = book
        self.groupedBy = groupedBy
        controls = ControlReplay(book, prices)
    }

    mutating func take(_ row: EventRow) throws {
        guard let kind = row.kind else { return }
        if let request = pending, kind != .chargeRated || row.id(.causeID) != request.id {
            pending = nil
            try admit(request)
        }
        if kind.isRequest {
            pending = Pending(
                id: row.eventID, occurredAt: row.occurredAt, dimensions: dimensions(of: row),
                usage: row.usage, amounts: Amounts(of: row), cost: .zero)
        } else if var request = pending {
            pending = nil
            request.amounts += Amounts(of: row)
            request.cost = row.amount.map { PicodollarSum($0) }
            try admit(request)
        } else if row.id(.causeID).map({ !replaced.contains($0) }) ?? true {
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

    private mutating func admit(_ asked: Pending) throws {
        requests += 1
        var request = asked
        let outcome = try controlled(asked)
        let group = groupedBy.map { asked.dimensions[$0] }
        if let refusal = outcome.refusal {
            controls.count(refusal, at: asked.occurredAt)
            return refuse(asked, group)
        }
        if outcome.call.dimensions != asked.dimensions || outcome.call.usage != asked.usage {
            request = try changed(asked, by: outcome.call)
        }
        guard admitToBudgets(request) else { return refuse(asked, group) }
        if request.dimensions != asked.dimensions || request.usage != asked.usage {
            replaced.insert(asked.id)
        }
        try controls.count(outcome, cost: asked.cost, group, at: asked.occurredAt)
    }

    /// What controls make of a request; a function of its own, since it borrows what is spent.
    private func controlled(_ asked: Pending) throws -> ControlOutcome {
        let spent = spent
        return try controls.outcome(
            of: ControlledCall(
                dimensions: asked.dimensions, usage: asked.usage, at: asked.occurredAt)
        ) { row, window in
            var balance = WindowBalance(start: window.start)
            balance.posted = spent[Place(row: row, window: window.start)] ?? .zero
            return balance
        }
    }

    /// The request as controls leave it; it costs the same if it has no price then.
    private func changed(_ asked: Pending, by call: ControlledCall) throws -> Pending {
        var request = Pending(
            id: asked.id, occurredAt: asked.occurredAt, dimensions: call.dimensions,
            usage: call.usage, amounts: asked.amounts, cost: asked.cost)
        request.amounts.tokens = Amounts.tokens(of: call.usage)
        if let cost = try controls.price(of: call) {
            request.amounts.cost = cost
        }
        return request
    }

    private mutating func refuse(_ request: Pending, _ group: [Name?]) {
        replaced.insert(request.id)
        total.add(request.amounts, at: request.occurredAt)
        groups[group, default: .init()].add(request.amounts, at: request.occurredAt)
    }

    /// Spends a request; false if a hard budget has no room for it.
    private mutating func admitToBudgets(_ request: Pending) -> Bool {
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
            let taken = taken(of: budget, at: place, request.occurredAt)
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
            return true
        }
        return false
    }

    /// What counts against the limits of a budget at a moment.
    private mutating func taken(of budget: Budget, at place: Place, _ time: Timestamp) -> Amounts {
        guard budget.definition.schedule.isRolling else { return spent[place] ?? .zero }
        var windows = steps[budget.number] ?? []
        if windows.last?.start != place.window {
            windows = budget.definition.schedule.windows(at: time)
            steps[budget.number] = windows
        }
        return windows.reduce(.zero) { sum, window in
            sum + (spent[Place(row: place.row, window: window.start)] ?? .zero)
        }
    }

    mutating func report(
        at position: Int64, _ filter: HistoryFilter
    ) throws -> BudgetReplayReport {
        if let request = pending { try admit(request) }
        pending = nil
        let rows = groups.map { BudgetReplayReport.Group(values: $0.key, refused: $0.value) }
        return BudgetReplayReport(
            position: position, filter: filter, requests: requests, refused: total,
            budgets: book.active.map { sums[$0.number] ?? .init(budget: $0.definition) },
            groupedBy: groupedBy,
            groups: rows.sorted {
                ($1.refused.amounts.cost, $0.text) < ($0.refused.amounts.cost, $1.text)
            }, controls: controls.report)
    }
}

/// What budgets and controls would have refused and changed.
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
    package internal(set) var groups: [Group]
    /// nil where no control was tried.
    package let controls: ControlReplayReport?
}
