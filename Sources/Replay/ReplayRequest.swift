package import Calendars
package import EventStore
package import LedgerModel
package import Pricing

/// What to replay: the part of a ledger's history, the prices, and the grouping.
package struct ReplayRequest: Sendable {
    package enum Prices: Sendable {
        /// All requests under this book.
        case book(PriceBook)
        /// Under the books that the ledger uses, each from its date on.
        case schedule(PriceSchedule)
        /// Each charge under the book that it names, which must reproduce the booking exactly.
        case recorded
    }

    package var prices: Prices
    /// Other models and discounts; empty with the recorded books.
    package var whatIf = WhatIf()
    package var filter = HistoryFilter()
    /// At most `groupingsMax`, each once.
    package var groupedBy: [Grouping]
    /// Whose days and months groups are of; hours are UTC's.
    package var zone = CalendarZone.utc

    package static let groupingsMax = 8

    package init(prices: Prices, groupedBy: [Grouping] = []) {
        self.prices = prices
        self.groupedBy = groupedBy
    }

    /// The books that price the requests; none if each charge names its own.
    var schedule: PriceSchedule {
        switch prices {
        case .book(let book): PriceSchedule(book)
        case .schedule(let schedule): schedule
        case .recorded: PriceSchedule()
        }
    }

    /// Whether the order of requests matters, because allowances are used up.
    package var isMetered: Bool { schedule.hasAllowances }

    /// The events to read: in addition to the requested ones, all that use up the same allowances.
    var readFilter: HistoryFilter { isMetered ? filter.windows : filter }

    /// The dimensions that are read, those that choose a price first.
    var dimensions: [Dimension] {
        var dimensions: [Dimension] = [.provider, .model, .serviceTier, .region]
        for case .dimension(let dimension) in groupedBy where !dimensions.contains(dimension) {
            dimensions.append(dimension)
        }
        return dimensions
    }

    /// The requests and their charges, with the columns that prices and groups depend on.
    func query(of ledger: LedgerID) -> HistoryQuery {
        let columns = EventColumns(
            [.kind, .id, .causeID, .previousID, .bookID, .occurredAt, .amount, .unpriced]
                + UsageUnit.allCases.map(\.field) + dimensions.map(\.field), with: [.position])
        var query = HistoryQuery(
            ledger, columns,
            kinds: [.requestCompleted, .requestFailed, .chargeRated, .chargeAdjusted])
        query.filter = readFilter
        if isMetered {
            query.asked = filter
            query.isOrdered = true
        }
        return query
    }

    /// Refuses a request that cannot be replayed, before anything is read.
    package func check() throws(ReplayError) {
        guard groupedBy.count <= Self.groupingsMax, Set(groupedBy).count == groupedBy.count else {
            throw .tooManyGroupings(max: Self.groupingsMax)
        }
        if case .recorded = prices {
            guard whatIf.isEmpty else { throw .supposedUnderRecorded }
        } else if let (target, nearest) = whatIf.unknownTarget(in: schedule) {
            throw .unknownTarget(target, nearest: nearest)
        }
    }
}

/// What the sums of a replay are grouped by.
package enum Grouping: Hashable, Sendable {
    case dimension(Dimension)
    case month, day, hour

    package static let model = Grouping.dimension(.model)
    package static let provider = Grouping.dimension(.provider)
    package static let team = Grouping.dimension(.team)
    package static let app = Grouping.dimension(.app)

    /// The name on the command line and in JSON.
    package var name: String {
        switch self {
        case .dimension(let dimension): dimension.name
        case .month: "month"
        case .day: "day"
        case .hour: "hour"
        }
    }

    /// Reads a name; there are too many sessions and runs to group by them.
    package init?(name: some StringProtocol) {
        switch String(name) {
        case "month": self = .month
        case "day": self = .day
        case "hour": self = .hour
        default:
            guard let dimension = Dimension(name: name), dimension != .session,
                !Dimension.late.contains(dimension)
            else { return nil }
            self = .dimension(dimension)
        }
    }

    /// The start of the period that a time lies in, of days and months their date's midnight in UTC;
    /// nil for a dimension.
    func start(of time: Timestamp, in zone: CalendarZone = .utc) -> Timestamp? {
        switch self {
        case .dimension: nil
        case .month: zone.wall(at: time).month.start
        case .day: zone.wall(at: time).startOfDay
        case .hour:
            time.advanced(byMicroseconds: -(time.timeOfDay % Timestamp.hourMicroseconds))
        }
    }

    /// The start of a period, from its text.
    func start(of text: String) -> Timestamp? {
        let full =
            switch self {
            case .month: text + "-01"
            case .hour: String(text.prefix(13)) + ":00:00Z"
            default: text
            }
        return Timestamp(rfc3339: full, zoneIsOptional: true)
    }

    /// The text of a period, from its start.
    func text(of start: Timestamp) -> String {
        switch self {
        case .month: String(start.description.prefix(7))
        case .hour: String(start.description.prefix(13)) + ":00Z"
        default: start.dayDescription
        }
    }
}

extension Grouping: CodedAsText {
    package var codedText: String { name }
    package init?(codedText: String) { self.init(name: codedText) }
}

/// Why a replay failed.
package enum ReplayError: Error, Sendable {
    /// There are too many groups: a nearly unique grouping would need unbounded memory.
    case tooManyGroups(max: Int)
    case tooManyGroupings(max: Int)
    /// This replay groups by dimensions only.
    case noPeriods(Grouping)
    /// The price book has no such model.
    case unknownTarget(WhatIf.Target, nearest: Name?)
    case supposedUnderRecorded
    case unknownBook(PriceBookID)
    /// Another version of the program wrote the stored request.
    case unreadableOrder
    /// A request costs more under this book than one event can hold.
    case overflow(request: EventID)
}

extension ReplayError: Fault {
    package var kind: FaultKind { .invalid }

    package var description: String {
        switch self {
        case .tooManyGroups(let max):
            "this grouping has more than \(max) groups: group by less, or replay a shorter period"
        case .tooManyGroupings(let max): "group by at most \(max) dimensions or periods, each once"
        case .noPeriods(let grouping):
            "this replay groups by dimensions only: leave \(grouping.name) out"
        case .unknownTarget(let target, let nearest):
            "the price book has no model \(target.model) of \(target.provider)"
                + (nearest.map { " (did you mean \($0)?)" } ?? "")
                + ": see tally prices show, or name another book"
        case .unknownBook(let id):
            "the database has no price book \(id): request the replay again"
        case .unreadableOrder:
            "this version of the program can't read the request: request the replay again"
        case .supposedUnderRecorded:
            "the recorded books show what was booked: to try other models or discounts, leave "
                + "recorded out or name a book"
        case .overflow(let request):
            "request \(request) would cost more than one event can hold: check for a misplaced "
                + "decimal point in the price book"
        }
    }
}
