import EventStore
import LedgerModel
import Postgres

/// Requests of the past in the order of their positions, each with what it costs by now.
///
/// That is its charge with all adjustments. Hits of caches count with what they saved.
struct PastRequests: Sendable {
    /// The columns that are read in addition to kind, id, time and dimensions of groups.
    var fields: [Field]
    /// The kinds to read.
    var kinds: [EventKind]

    /// The kinds that cost something, or would have.
    private static let costly: [EventKind] = [.requestCompleted, .cacheHit]
    private static let costs = EventColumns([.id, .kind, .causeID, .amount, .saved])
    private static let costKinds: [EventKind] = [
        .chargeRated, .chargeAdjusted, .chargeReconciled, .savingRated,
    ]

    /// Lends each row, with its cost; nil for one without a price.
    ///
    /// Returns the position at which the history ends.
    func read(
        _ history: ReplayedHistory,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void,
        _ take: @escaping @Sendable (EventRow, PicodollarSum?) throws -> Void
    ) async throws -> Int64 {
        var scan = HistoryScan(ledger: history.ledger, pool: history.pool)
        scan.filter = history.filter
        let (events, costs) = queries(history.ledger, history.filter, history.groupedBy)
        return try await scan.inOrder(progress: progress) { page, session in
            var amounts: [EventID: PicodollarSum] = [:]
            try costs.read(.effects(of: page, kinds: Self.costly), in: session) { row in
                guard let cause = row.id(.causeID),
                    let amount = row.amount ?? row.int64(.saved).map({ Picodollars($0) })
                else { return }
                amounts[cause, default: .zero] += amount
            }
            try events.read(.page(page), in: session) { row in
                try take(row, amounts[row.eventID])
            }
        }
    }

    func queries(
        _ ledger: LedgerID, _ filter: HistoryFilter, _ groupedBy: [Grouping]
    ) -> (events: HistoryQuery, costs: HistoryQuery) {
        var columns: [Field] = [.id, .kind, .occurredAt]
        let groups = groupedBy.compactMap { grouping -> Field? in
            if case .dimension(let dimension) = grouping { dimension.field } else { nil }
        }
        for field in fields + groups where !columns.contains(field) { columns.append(field) }
        var events = HistoryQuery(
            ledger, EventColumns(columns, with: [.position]), kinds: kinds)
        events.filter = filter
        events.isOrdered = true
        var costs = HistoryQuery(ledger, Self.costs, kinds: Self.costKinds)
        costs.filter = filter
        return (events, costs)
    }
}

/// The groups of a replay by number.
struct PastGroups: Sendable {
    private let groupings: [Grouping]
    private let history: ReplayedHistory
    private var tables: [NameTable]
    private var numbers: [GroupKey: Int] = [:]
    private var keys: [GroupKey] = []

    init(_ history: ReplayedHistory) {
        self.history = history
        groupings = history.groupedBy
        tables = groupings.map { _ in NameTable() }
    }

    /// The group that a row belongs to.
    mutating func number(of row: EventRow) throws(ReplayError) -> Int {
        var key = GroupKey()
        for (index, grouping) in groupings.enumerated() {
            if case .dimension(let dimension) = grouping {
                key.parts[index] = Int64(tables[index].number(of: row.text(dimension.field)))
            } else {
                key.parts[index] =
                    grouping.start(of: row.occurredAt, in: history.zone)?.microseconds ?? 0
            }
        }
        if let number = numbers[key] { return number }
        guard keys.count < ReplayFold.groupsMax else {
            throw .tooManyGroups(max: ReplayFold.groupsMax)
        }
        numbers[key] = keys.count
        keys.append(key)
        return keys.count - 1
    }

    var count: Int { keys.count }

    /// What a group's members have in common, in the order of the groupings.
    func values(of number: Int) -> [Name?] {
        groupings.enumerated().map { index, grouping -> Name? in
            let part = keys[number].parts[index]
            if case .dimension = grouping { return tables[index].name(Int(part)) }
            return Name(grouping.text(of: Timestamp(microseconds: part)))
        }
    }
}

/// Puts what is nearly in the order of its times into that order, with bounded memory.
///
/// It holds the last `max` elements and gives out the earliest; one that comes even later is given
/// out at once, and counted.
struct TimeOrder<Element: Sendable>: Sendable {
    private var heap: [(time: Timestamp, number: Int64, element: Element)] = []
    private let max: Int
    private var count: Int64 = 0
    private var latest: Timestamp?
    /// How many came too late to be put in their place.
    private(set) var late: Int64 = 0

    static var heldMax: Int { 65_536 }

    init(max: Int = Self.heldMax) {
        self.max = max
    }

    /// Adds an element; returns the one that is next, if there are enough.
    mutating func add(_ element: Element, at time: Timestamp) -> Element? {
        heap.append((time, count, element))
        count += 1
        rise(heap.count - 1)
        return heap.count > max ? next() : nil
    }

    /// The time of the earliest that is left.
    var earliest: Timestamp? { heap.first?.time }

    /// The earliest that is left.
    mutating func next() -> Element? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        if let latest, first.time < latest { late += 1 } else { latest = first.time }
        return first.element
    }

    private func isBefore(_ a: Int, _ b: Int) -> Bool {
        (heap[a].time, heap[a].number) < (heap[b].time, heap[b].number)
    }

    private mutating func rise(_ start: Int) {
        var place = start
        while place > 0, isBefore(place, (place - 1) / 2) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink() {
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < heap.count && isBefore(child, least) { least = child }
            guard least != place else { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
