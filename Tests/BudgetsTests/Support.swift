import Budgets
import Calendars
import LedgerModel
import LedgerTesting
import Testing

/// A moment as text, such as `2026-03-29` or `2026-03-29T22:00:00Z`.
func moment(_ text: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: text, zoneIsOptional: true))
}

func usd(_ text: String) throws -> PicodollarSum { try #require(PicodollarSum(usd: text)) }

func schedule(
    _ unit: WindowSchedule.Unit, _ count: Int = 1, from anchor: String? = nil,
    in zone: String = "UTC"
) throws -> WindowSchedule {
    try WindowSchedule(
        unit: unit, count: count, anchor: try anchor.map { try #require(CalendarDay($0)) },
        zone: zone)
}

/// The definitions of a ledger, as its events come.
struct Shelf {
    private(set) var events: [RecordedEvent] = []
    private var ids = SeededGenerator(seed: 1)
    static let start = Timestamp(year: 2026, month: 11, day: 1)

    var book: BudgetBook { BudgetBook(events) }

    @discardableResult
    mutating func define(_ definition: BudgetDefinition) throws -> Budget {
        let number = try book.number(for: definition)
        append(.budgetDefined, try definition.facts(number: number, change: []))
        return try #require(book.latest(definition.name))
    }

    /// Says that an opening is whole.
    mutating func complete(_ budget: Budget) throws {
        let facts = try Labels([
            ("number", Name(String(budget.number))), ("complete", "true"),
        ])
        append(.budgetOpened, facts, cause: budget.opening.definition)
    }

    mutating func append(_ kind: EventKind, _ facts: Labels, cause: EventID? = nil) {
        var event = Event(
            id: EventID(at: Self.start, entropy: (ids.next(), ids.next())), kind: kind,
            occurredAt: Self.start)
        event.causeID = cause
        event.detail = facts
        events.append(
            RecordedEvent(
                position: Int64(events.count) + 1, recordedAt: Self.start, event: event))
    }
}

/// A monthly budget, changed as a test wants it.
func budget(
    _ name: String, _ limits: Limits = Limits(requests: 10),
    every unit: WindowSchedule.Unit = .month,
    _ change: (inout BudgetDefinition) -> Void = { _ in }
) throws -> BudgetDefinition {
    var definition = try BudgetDefinition(name: name, limits: limits, schedule: schedule(unit))
    change(&definition)
    return definition
}

extension Event {
    /// What a body makes of the event as a row.
    func asRow<T>(_ body: (EventRow) throws -> T) throws -> T {
        var image = EventImage()
        image.append(self)
        return try body(try #require(EventRow(image: image.buffer)))
    }
}

extension RandomEvents {
    mutating func amounts() -> Amounts {
        Amounts(
            cost: PicodollarSum(Int128.random(in: 0...5_000, using: &random)),
            tokens: Int64.random(in: 0...500, using: &random), requests: 1)
    }

    mutating func eventID() -> EventID {
        EventID(at: timestamp(), entropy: (random.next(), random.next()))
    }
}
