package import Budgets
package import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres
package import PriceBooks
import Pricing

/// The budgets of one ledger: defined, changed and read.
///
/// Holds are in a file of their own.
package struct BudgetService: Sendable {
    let ledger: any LedgerStore
    let budgets: LedgerBudgets
    let prices: LedgerPrices
    let pool: Pool
    let leases: LeaseKeeper
    let makeID: @Sendable () -> EventID
    /// Told of the first refusal in a window, before it is answered.
    let refused: @Sendable (LedgerID) async -> Void

    /// Attempts at something while others change the budgets.
    static let triesMax = 8

    package init(
        ledger: any LedgerStore, budgets: LedgerBudgets, prices: LedgerPrices, pool: Pool,
        makeID: @escaping @Sendable () -> EventID,
        refused: @escaping @Sendable (LedgerID) async -> Void = { _ in }
    ) {
        self.ledger = ledger
        self.budgets = budgets
        self.prices = prices
        self.pool = pool
        self.makeID = makeID
        leases = LeaseKeeper(instance: Name(makeID().description))
        self.refused = refused
    }

    // MARK: Reading

    /// How each budget stands.
    package func list(at now: Timestamp) async throws -> [BudgetStatus] {
        let book = try await budgets.reload()
        var statuses: [BudgetStatus] = []
        for budget in book.active { statuses += try await status(of: budget, at: now, limit: 1) }
        return statuses
    }

    /// How a budget stands, the members that spent most first.
    package func show(
        _ name: String, at now: Timestamp, limit: Int
    ) async throws -> [BudgetStatus] {
        try await status(of: try await budgets.reload().find(name), at: now, limit: limit)
    }

    /// How the budgets stand that count a request of some dimensions.
    package func standing(of dimensions: Dimensions, at now: Timestamp) async throws
        -> [BudgetStatus]
    {
        let book = try await budgets.reload()
        let head = try await ledger.head().position
        var statuses: [BudgetStatus] = []
        for budget in book.active where budget.definition.enforcement != .shadow {
            guard let link = budget.definition.member(of: dimensions).flatMap(budget.link) else {
                continue
            }
            let state = BudgetState(try await ledger.state(of: LedgerBudgets.key(link.row)))
            statuses.append(
                BudgetStatus(
                    budget, member: link.member, state, holds: state.holds, head, at: now))
        }
        return statuses
    }

    /// What changed a budget, the newest last.
    package func history(_ name: String) async throws -> [BudgetRevision] {
        let list = ListBudgetEvents(ledger: ledger.id)
        let events = try await pool.session { try $0.run(list) }
        let own = events.filter { event in
            event.event.kind == .budgetDefined && event.event.detail?["budget"] == Name(name)
        }
        if own.isEmpty { _ = try BudgetBook(events).find(name) }
        return own.compactMap(BudgetRevision.init)
    }

    private func status(
        of budget: Budget, at now: Timestamp, limit: Int
    ) async throws -> [BudgetStatus] {
        let snapshot = try await ledger.states(budget.allRows())
        func status(_ member: Name?, _ state: BudgetState, members: Int? = nil) -> BudgetStatus {
            BudgetStatus(
                budget, member: member, members: members, state, holds: state.holds,
                snapshot.position, at: now)
        }
        let rows = snapshot.rows
        guard budget.definition.each != nil else {
            return [status(nil, BudgetState(rows.values.first ?? []))]
        }
        let all = rows.map { key, bytes in
            status(budget.member(ofRow: key.name), BudgetState(bytes), members: rows.count)
        }
        if all.isEmpty { return [status(nil, BudgetState(), members: 0)] }
        return Array(all.sorted { $0.isFullerThan($1) }.prefix(limit))
    }

    // MARK: Changing

    /// Defines or changes a budget, and counts what its window has seen before.
    package func change(
        _ name: String, _ change: BudgetChange, by author: String, reason: String? = nil,
        at now: Timestamp
    ) async throws -> BudgetStatus {
        for _ in 0..<Self.triesMax {
            let book = try await budgets.reload()
            let definition = try change.definition(of: name, in: book, at: now)
            var event = Event(id: makeID(), kind: .budgetDefined, occurredAt: now)
            event.detail = try definition.facts(
                number: try book.number(for: definition), change: change.facts(by: author, reason))
            do {
                _ = try await ledger.append(Self.revising(book, [], [event]))
            } catch is StaleBook {
                continue
            }
            try await finishOpenings()
            let after = try await budgets.reload()
            guard let budget = after.latest(definition.name) else { break }
            let statuses = try await status(of: budget, at: now, limit: 1)
            if let status = statuses.first { return status }
        }
        throw ContendedBudgets()
    }

    /// Counts what was appended before a budget existed, wherever that is not done yet.
    package func finishOpenings() async throws {
        var tries = Self.triesMax
        while let budget = try await budgets.reload().active.first(where: { !$0.opening.isComplete }
        ) {
            do {
                try await open(budget, in: try await budgets.book())
            } catch is StaleBook {
                tries -= 1
                if tries == 0 { throw ContendedBudgets() }
            }
        }
    }

    /// Appends the opening balance of a budget's present window, and then says that it is whole.
    private func open(_ budget: Budget, in book: BudgetBook) async throws {
        guard let block = try await ledger.block(holding: budget.opening.position)?.block else {
            throw ContendedBudgets()
        }
        // What each window adds to each row.
        var openings: [Name?: [WindowSum]] = [:]
        let windows = budget.definition.schedule.windows(at: block.recordedAt, isAhead: true)
        for window in windows {
            let sum = SumWindow(of: budget, in: window, of: ledger.id, upTo: block.lastPosition)
            for row in try await pool.session({ try $0.run(sum) }) {
                openings[row.member.map { Name($0) }, default: []]
                    .append(WindowSum(window: window, amounts: Amounts(row)))
            }
        }
        for (member, sums) in openings {
            guard let member, let name = budget.rowName(of: .value(member)) else { continue }
            let events = try sums.map { try budget.openingEvent($0, block, of: .value(member)) }
            guard let first = events.first else { continue }
            let decision = Decision(id: first.id, on: [LedgerBudgets.key(name)]) { rows, _ in
                rows.post(sums, to: name, of: budget)
                return events
            }
            _ = try await ledger.append(decision)
        }
        let whole = Name(String(budget.number))
        let found = budget.definition.each == nil ? openings[nil] ?? [] : []
        var told = found
        if told.isEmpty, let window = windows.last {
            told = [WindowSum(window: window, amounts: .zero)]
        }
        // The newest first: it says that the opening is complete, and has the decision's id.
        let events = try told.reversed().enumerated().map { index, sum in
            try budget.openingEvent(sum, block, of: .whole, isComplete: index == 0)
        }
        let decision = Self.revising(book, [whole], events) { rows in
            if !found.isEmpty { rows.post(found, to: whole, of: budget) }
        }
        _ = try await ledger.append(decision)
    }

    /// Reads budgets that other processes have changed; to be called every second.
    package func refresh() async throws { try await budgets.refresh() }

    /// A decision that makes the next revision of the book.
    private static func revising(
        _ book: BudgetBook, _ names: [Name], _ events: [Event],
        _ change: @escaping @Sendable (inout StateRows) -> Void = { _ in }
    ) -> Decision {
        precondition(!events.isEmpty)
        return Decision(
            id: events[0].id,
            on: [PostingRules.key] + names.map(LedgerBudgets.key)
        ) { rows, _ in
            guard rows.revision == book.revisionBytes else { throw StaleBook() }
            rows[PostingRules.key] = BudgetBook.bytes(ofRevision: book.revision + 1)
            change(&rows)
            return events
        }
    }

    /// The same budgets, with those marked that no traffic reaches.
    ///
    /// Only those that have counted nothing are looked at, in the read model of spend; what that does
    /// not keep, such as users, marks nothing.
    package func marked(
        _ statuses: [BudgetStatus], at now: Timestamp
    ) async throws -> [BudgetStatus] {
        let since = now.advanced(byMicroseconds: -30 * Timestamp.dayMicroseconds)
        var marked = statuses
        for index in marked.indices {
            let (status, definition) = (marked[index], marked[index].definition)
            let isChosen = !definition.filter.isEmpty || definition.each != nil
            guard isChosen, status.balance.posted == .zero, status.members ?? 0 == 0 else {
                continue
            }
            let find = FindUnreached(
                ledger: ledger.id, filter: definition.filter, each: definition.each, since: since)
            marked[index].isUnreached = try await pool.session { try $0.one(find) }
        }
        return marked
    }

    /// Whether a budget counts any request of the last thirty days; else its filter may be wrong.
    package func reachesTraffic(_ definition: BudgetDefinition, at now: Timestamp) async throws
        -> Bool
    {
        let find = FindCounted(
            ledger: ledger.id, filter: definition.filter, each: definition.each,
            since: now.advanced(byMicroseconds: -30 * Timestamp.dayMicroseconds))
        return try await pool.session { try $0.one(find) }
    }

    // MARK: Checking

    /// Whether what the rows say was spent is the sum of the ledger's events; the differences.
    package func check(at now: Timestamp) async throws -> [BudgetDifference] {
        let book = try await budgets.reload()
        var differences: [BudgetDifference] = []
        for budget in book.active where budget.opening.isComplete {
            differences += try await self.differences(of: budget, at: now)
        }
        return differences
    }

    private func differences(
        of budget: Budget, at now: Timestamp
    ) async throws -> [BudgetDifference] {
        let snapshot = try await ledger.states(budget.allRows())
        var differences: [BudgetDifference] = []
        for window in budget.definition.schedule.windows(at: now) {
            differences += try await self.differences(of: budget, in: window, snapshot)
        }
        return differences
    }

    private func differences(
        of budget: Budget, in window: Window, _ snapshot: StateSnapshot
    ) async throws -> [BudgetDifference] {
        let rows = snapshot.rows
        let sum = SumWindow(of: budget, in: window, of: ledger.id, upTo: snapshot.position)
        let sums = try await pool.session { try $0.run(sum) }
        var expected: [Name: Amounts] = [:]
        for row in sums {
            let name = budget.rowName(of: row.member.map { .value(Name($0)) } ?? .whole)
            if let name { expected[name] = Amounts(row) }
        }
        let names = Set(expected.keys).union(rows.keys.map(\.name))
        return names.sorted().compactMap { name in
            let state = BudgetState(rows[LedgerBudgets.key(name)] ?? [])
            let balance = state.balance(of: window)
            let holds = state.holds.filter { $0.window == window.start }
            let held = holds.reduce(Amounts.zero) { $0 + $1.amounts }
            let leased = holds.filter(\.isLease).reduce(Amounts.zero) { $0 + $1.amounts }
            let spent = expected[name] ?? .zero
            if balance.posted == spent, balance.held == held, balance.leased == leased {
                return nil
            }
            return BudgetDifference(
                budget: budget.definition.name, row: name, expected: spent,
                found: balance.posted)
        }
    }
}

/// A row that does not say what the ledger says.
package struct BudgetDifference: Sendable {
    package let budget: Name
    package let row: Name
    package let expected: Amounts
    package let found: Amounts
}

extension Amounts {
    init(_ row: SumWindow.Row) {
        self.init(cost: row.cost, tokens: row.tokens, requests: row.requests)
    }
}

/// What a window had seen before its budget existed.
private struct WindowSum: Sendable {
    let window: Window
    let amounts: Amounts
}

extension SumWindow {
    fileprivate init(
        of budget: Budget, in window: Window, of ledger: LedgerID, upTo position: Int64
    ) {
        self.init(
            ledger: ledger, each: budget.definition.each, upTo: position, from: window.start,
            until: window.end ?? .latest, filter: budget.definition.filter)
    }
}

extension StateRows {
    fileprivate mutating func post(_ sums: [WindowSum], to name: Name, of budget: Budget) {
        var state = BudgetState(self[LedgerBudgets.key(name)])
        state.keep(budget.windowsKept)
        for sum in sums { state.post(sum.amounts, in: sum.window.start) }
        self[LedgerBudgets.key(name)] = state.bytes
    }
}

extension Timestamp {
    /// Later than any event.
    static let latest = Timestamp(year: 9999, month: 12, day: 31)
}

extension Budget {
    /// Whose row it is; by scalars, since a name may begin with an accent.
    func member(ofRow name: Name) -> Name {
        Name(String(name.string.unicodeScalars.drop { $0 != "/" }.dropFirst()))
    }

    /// Its row, or those of its members.
    func allRows() -> StateSelection {
        let (from, upTo) =
            definition.each == nil
            ? ("\(number)", "\(number)\u{1}") : ("\(number)/", "\(number)0")
        return StateSelection(kind: LedgerBudgets.stateKind, from: Name(from), upTo: Name(upTo))
    }

    /// - Parameter isComplete: whether it says that the opening is complete.
    fileprivate func openingEvent(
        _ sum: WindowSum, _ block: Block, of member: BudgetDefinition.Member,
        isComplete: Bool = false
    ) throws -> Event {
        var name: Name?
        if case .value(let value) = member { name = value }
        var what = "opening \(number) \(name?.string ?? "") \(opening.definition)"
        if definition.schedule.isRolling, !isComplete { what += " \(sum.window.start)" }
        let digest = Digest(hashing: Array(what.utf8))
        var event = Event(
            id: EventID(at: opening.definition.time, digest: digest), kind: .budgetOpened,
            occurredAt: opening.definition.time)
        event.causeID = opening.definition
        let spent = sum.amounts
        var facts: [(key: Name, value: Name)] = [
            ("budget", definition.name), ("number", Name(String(number))),
            ("window", Name(sum.window.start.description)),
            ("position", Name(String(block.lastPosition))),
            ("usd", Name(spent.cost.description)), ("tokens", Name(String(spent.tokens))),
            ("requests", Name(String(spent.requests))),
        ]
        if let name { facts.append(("member", name)) }
        if isComplete { facts.append(("complete", "true")) }
        event.detail = try Labels(facts)
        return event
    }
}

/// Others keep changing the budgets of a ledger.
package struct ContendedBudgets: Fault {
    package var kind: FaultKind { .conflict }
    package var description: String {
        "others changed the budgets at the same time: try again"
    }
}
