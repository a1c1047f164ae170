package import LedgerModel
import Synchronization

/// All budgets of a ledger, as of a revision: which rows a request or a charge belongs to.
///
/// It is the fold of the ledger's `budget.defined`, `budget.opened` and `control.defined` events.
package struct BudgetBook: Sendable {
    /// How many of these events there were.
    package private(set) var revision: Int64 = 0
    /// By number; those that count as before keep theirs, others get a new one.
    private var budgets: [Budget] = []
    private var numbers: [Name: Int] = [:]
    /// The budgets in force, by name.
    package private(set) var active: [Budget] = []
    /// What is done to calls before they are made.
    package private(set) var controlList = ControlList()
    /// The dimensions that they look at.
    private var used: [Dimension] = []

    package static let budgetsMax = 1_000

    package init() {}

    /// - Parameter events: the definitions and openings of a ledger, in order.
    package init(_ events: [RecordedEvent]) {
        for event in events { apply(event) }
    }

    package func find(_ name: String) throws(BudgetInvalid) -> Budget {
        if let number = numbers[Name(name)] {
            let found = budgets[number]
            if found.definition.isRetired { throw .retired(name) }
            return found
        }
        throw .unknown(
            name, nearest: Likeness.nearest(to: name, among: active.map(\.definition.name.string)))
    }

    /// The policies in force, in their order.
    package var controls: [Control] { controlList.active }

    /// A book that no ledger has, to try budgets and controls on history.
    package init(supposing definitions: [BudgetDefinition], _ policies: [ControlPolicy] = []) {
        controlList = ControlList(supposing: policies)
        let none = EventID(high: 0, low: 0)
        for definition in definitions {
            var budget = Budget(
                number: budgets.count, definition: definition, definedBy: none, position: 0)
            budget.opening.isComplete = true
            numbers[definition.name] = budgets.count
            budgets.append(budget)
        }
        listActive()
    }

    /// The budget of this name, also if it was removed.
    package func latest(_ name: Name) -> Budget? { numbers[name].map { budgets[$0] } }

    package subscript(number: Int) -> Budget? {
        budgets.indices.contains(number) ? budgets[number] : nil
    }

    /// The number that a definition gets.
    package func number(for definition: BudgetDefinition) throws(BudgetInvalid) -> Int {
        if let known = latest(definition.name), !known.definition.isRetired,
            known.definition.countsLike(definition)
        {
            return known.number
        }
        if numbers[definition.name] == nil, active.count >= Self.budgetsMax {
            throw .tooMany(Self.budgetsMax)
        }
        return budgets.count
    }

    private mutating func apply(_ recorded: RecordedEvent) {
        let event = recorded.event
        if event.kind == .controlDefined {
            revision += 1
            controlList.apply(recorded)
            return
        }
        guard let facts = event.detail,
            let number = facts["number"].flatMap({ Int($0.string) })
        else { return }
        switch event.kind {
        case .budgetDefined:
            guard let definition = BudgetDefinition(facts), number <= budgets.count else { return }
            revision += 1
            let before = self[number]
            var budget = Budget(
                number: number, definition: definition, definedBy: event.id,
                position: recorded.position)
            if let before, before.definition.schedule.since == definition.schedule.since {
                budget.opening = before.opening
            }
            if number < budgets.count { budgets[number] = budget } else { budgets.append(budget) }
            numbers[definition.name] = number
        case .budgetOpened where facts["complete"] != nil:
            revision += 1
            if self[number]?.opening.definition == event.causeID {
                budgets[number].opening.isComplete = true
            }
        default: return
        }
        listActive()
    }

    private mutating func listActive() {
        active = numbers.values.map { budgets[$0] }.filter { !$0.definition.isRetired }
            .sorted { $0.definition.name < $1.definition.name }
        used = Array(active.reduce(into: Set<Dimension>()) { $0.formUnion($1.definition.looksAt) })
    }
}

/// A budget in a book.
package struct Budget: Sendable {
    /// Its rows are named by it.
    package let number: Int
    package let definition: BudgetDefinition
    /// The event that says so.
    package let definedBy: EventID
    package let position: Int64
    package var opening: Opening
    /// How many windows its rows keep.
    package let windowsKept: Int
    private let windows: WindowCache

    /// Whether what was spent before the budget existed is counted.
    package struct Opening: Hashable, Sendable {
        /// The definition from which on every charge is posted.
        package let definition: EventID
        package let position: Int64
        package var isComplete = false
    }

    init(
        number: Int, definition: BudgetDefinition, definedBy: EventID, position: Int64
    ) {
        self.number = number
        self.definition = definition
        self.definedBy = definedBy
        self.position = position
        opening = Opening(definition: definedBy, position: position)
        windowsKept = definition.schedule.windowsKept
        windows = WindowCache(definition.schedule)
    }

    package func window(of time: Timestamp) -> Window { windows.window(of: time) }

    /// How a row stands at a moment: over which time, and what it has spent and holds there.
    package func standing(
        in state: BudgetState, at time: Timestamp
    ) -> (window: Window, balance: WindowBalance) {
        let window = window(of: time)
        guard definition.schedule.isRolling else { return (window, state.balance(of: window)) }
        let span = definition.schedule.span(at: time)
        return (span, state.balance(from: span.start, through: time))
    }

    /// The row that counts for a member, or for the whole budget; nil if the member is missing.
    package func link(to member: BudgetDefinition.Member) -> ChainLink? {
        rowName(of: member).map { row in
            var value: Name?
            if case .value(let name) = member { value = name }
            return ChainLink(budget: self, member: value, row: row)
        }
    }

    /// The name of the row of a member, or of the whole budget.
    package func rowName(of member: BudgetDefinition.Member) -> Name? {
        switch member {
        case .whole: Name(String(number))
        case .value(let value): Name("\(number)/\(value)")
        case .missing: nil
        }
    }
}

/// The window asked for last: the next event nearly always lies in the same one.
private final class WindowCache: Sendable {
    private let schedule: WindowSchedule
    private let last = Mutex<Window?>(nil)

    init(_ schedule: WindowSchedule) { self.schedule = schedule }

    func window(of time: Timestamp) -> Window {
        if let window = last.withLock({ $0 }), window.contains(time) { return window }
        let window = schedule.window(of: time)
        last.withLock { $0 = window }
        return window
    }
}

// MARK: - Who counts what

/// A budget that counts a request, and the row that does.
package struct ChainLink: Sendable {
    package let budget: Budget
    package var member: Name?
    /// The name of the state row.
    package let row: Name
    /// Whether the budget may refuse; one that was removed or counts otherwise now may not.
    package var isInForce = true
}

extension BudgetBook {
    /// The budgets that count a request: all of them must have room.
    ///
    /// - Throws: `MissingMember` if a hard budget can't tell whose request it is.
    package func chain(of dimensions: Dimensions) throws(MissingMember) -> [ChainLink] {
        var chain: [ChainLink] = []
        for budget in active {
            guard let member = budget.definition.member(of: dimensions) else { continue }
            if case .missing(let dimension) = member {
                guard budget.definition.enforcement == .hard else { continue }
                throw MissingMember(budget: budget.definition.name, dimension: dimension)
            }
            if let link = budget.link(to: member) { chain.append(link) }
        }
        return chain
    }

    /// The budgets that hold an amount, also where they count otherwise now or were removed.
    package func chain(of hold: Hold) -> [ChainLink] {
        hold.rows.compactMap { row in
            guard var link = link(toRow: row) else { return nil }
            if case .value(let value) = link.budget.definition.member(of: hold.event.dimensions) {
                link.member = value
            }
            return link
        }
    }

    /// The budget of a row, without whose member it is.
    package func link(toRow row: Name) -> ChainLink? {
        let digits = row.string.utf8.prefix { $0 != UInt8(ascii: "/") }
        guard let number = Int(String(decoding: digits, as: UTF8.self)), let budget = self[number]
        else { return nil }
        var link = ChainLink(budget: budget, member: nil, row: row)
        link.isInForce =
            latest(budget.definition.name)?.number == number && !budget.definition.isRetired
        return link
    }

    /// What an appended event adds, to which rows, in which windows.
    package func counts(of event: EventRow) -> [BudgetCount] {
        let amounts = Amounts(of: event)
        if amounts == .zero { return [] }
        var dimensions = Dimensions()
        for dimension in used {
            dimensions[dimension] = event.text(dimension.field)
                .map { Name(String(decoding: $0, as: UTF8.self)) }
        }
        return counts(amounts, of: dimensions, at: event.occurredAt)
    }

    /// What an event adds once it is appended.
    package func counts(of event: borrowing Event) -> [BudgetCount] {
        let amounts = Amounts(of: event)
        if amounts == .zero { return [] }
        return counts(amounts, of: event.dimensions, at: event.occurredAt)
    }

    private func counts(
        _ amounts: Amounts, of dimensions: Dimensions, at time: Timestamp
    ) -> [BudgetCount] {
        active.compactMap { budget in
            guard let member = budget.definition.member(of: dimensions),
                let row = budget.rowName(of: member)
            else { return nil }
            return BudgetCount(
                row: row, window: budget.window(of: time).start, amounts: amounts,
                windowsKept: budget.windowsKept)
        }
    }

    /// Adds what appended events add, where the rows are known.
    package func post(_ events: [Event], to rows: inout BudgetRows) {
        for event in events {
            for count in counts(of: event) { rows[count.row]?.post(count) }
        }
    }
}

/// What an event adds to a row.
package struct BudgetCount: Sendable {
    package let row: Name
    /// When its window begins.
    package let window: Timestamp
    package let amounts: Amounts
    let windowsKept: Int
}

extension BudgetState {
    package mutating func post(_ count: BudgetCount) {
        keep(count.windowsKept)
        post(count.amounts, in: count.window)
    }
}
