import EventStore
import LedgerModel
import LedgerSQL
import Postgres
import Pricing
import Subscriptions

/// A request and what it costs.
struct RatedRequest: Sendable {
    let id: EventID
    let rated: ScheduledRating
}

/// Finds, in one range of positions, the requests whose charges do not add up to what they cost.
///
/// A request is rated when its row is read and compared when its charge is read, normally the next
/// row. Its adjustments may be anywhere later in the ledger; they are summed up first, those within
/// the scanned history separately from those booked since.
struct PageScan: Sendable {
    private(set) var rater: MeteredRater
    private(set) var report = RerateReport()
    /// The requests to adjust and what they cost, in the order in which they were read.
    private(set) var changed: [RatedRequest] = []

    /// The end of the history that the report covers.
    private let end: Int64
    /// Whether adjustments booked after `end` count as booked by this run.
    private let isResumed: Bool
    /// Events that count as if they were not there.
    private let quarantine: Quarantine
    /// The sums of the adjustments of the page's requests: before the end, and after it.
    private var adjusted: [EventID: ChargeState] = [:]
    private var adjustedSince: [EventID: ChargeState] = [:]
    /// The latest request.
    private var last: RatedRequest?
    private var requests: [EventID: ScheduledRating] = [:]
    private var charges: [EventID: ChargeState] = [:]
    private var texts = Texts()
    /// What repeated reports add to the page's requests.
    private var completions = Completions()

    /// The most charges that are fetched by id in one statement.
    private static let fetchMax = 1_000

    init(
        rater: MeteredRater, upTo end: Int64 = .max, isResumed: Bool = false,
        leavingOut quarantine: Quarantine = .none
    ) {
        self.rater = rater
        self.end = end
        self.isResumed = isResumed
        self.quarantine = quarantine
    }

    mutating func read(_ page: HistoryPage, _ queries: ScanQueries, in session: Session) throws {
        completions = try Completions(
            of: page, in: queries.requests.ledger, session,
            except: { [quarantine] in quarantine.contains(position: $0) })
        let ids = HasAdjustments(ledger: queries.requests.ledger, months: page.months)
        if try session.first(ids) != nil {
            let causes: [EventKind] = [.requestCompleted, .requestFailed]
            try queries.adjustments.read(.effects(of: page, kinds: causes), in: session) {
                addAdjustment($0)
            }
        }
        try queries.requests.read(.page(page), in: session) { try take($0) }
        try finish(queries, in: session)
    }

    /// Fetches the charges that are not in the page of their requests.
    private mutating func finish(_ queries: ScanQueries, in session: Session) throws {
        if let last { requests[last.id] = last.rated }
        last = nil
        let ids = requests.keys.map { EventID.charge(for: $0, after: nil) }
        for start in stride(from: 0, to: ids.count, by: Self.fetchMax) {
            let some = ids[start..<min(ids.count, start + Self.fetchMax)]
            try queries.requests.read(.ids(Array(some)), in: session) { try take($0) }
        }
        report.uncharged += Int64(requests.count)
        (requests, charges) = ([:], [:])
    }

    // MARK: Rows

    private mutating func addAdjustment(_ row: EventRow) {
        guard let request = row.id(.causeID), !quarantine.contains(position: row.position) else {
            return
        }
        let unpriced = texts.reason.name(of: row.text(.unpriced))
        if row.position <= end {
            adjusted[request, default: ChargeState()].add(amount: row.amount, unpriced: unpriced)
        } else {
            adjustedSince[request, default: ChargeState()]
                .add(amount: row.amount, unpriced: unpriced)
        }
    }

    private mutating func take(_ row: EventRow) throws {
        guard let kind = row.kind, !quarantine.contains(row.eventID) else { return }
        if kind.isRequest { try take(request: row, kind) } else { take(charge: row) }
    }

    private mutating func take(request row: EventRow, _ kind: EventKind) throws {
        let id = row.eventID
        var usage = row.usage
        let addition = completions.isEmpty ? nil : completions.complete(&usage, of: id)
        guard ChargeRule.isCharged(kind, usage) else { return }
        let rated: ScheduledRating
        do throws(RatingOverflow) {
            rated = try rater.rate(
                usage, provider: texts.provider.name(of: row.text(.provider)),
                model: texts.model.name(of: row.text(.model)) ?? Name(""),
                serviceTier: texts.serviceTier.name(of: row.text(.serviceTier))
                    ?? addition?.serviceTier,
                region: texts.region.name(of: row.text(.region)) ?? addition?.region,
                at: row.occurredAt)
        } catch {
            guard row.isAsked else { return }
            throw RerateError.overflow(request: id)
        }
        // It may have been read only because it uses up an allowance.
        guard row.isAsked else { return }
        if let last { requests[last.id] = last.rated }
        last = RatedRequest(id: id, rated: rated)
        if let charge = charges.removeValue(forKey: id) {
            last = nil
            compare(id, rated, charge)
        }
    }

    private mutating func take(charge row: EventRow) {
        guard row.isAsked, let request = row.id(.causeID) else { return }
        var charge = ChargeState()
        charge.add(amount: row.amount, unpriced: texts.reason.name(of: row.text(.unpriced)))
        if let last, last.id == request {
            self.last = nil
            compare(request, last.rated, charge)
        } else if let rated = requests.removeValue(forKey: request) {
            compare(request, rated, charge)
        } else {
            charges[request] = charge
        }
    }

    private mutating func compare(
        _ id: EventID, _ rated: ScheduledRating, _ charge: ChargeState
    ) {
        var state = charge
        if !adjusted.isEmpty, let later = adjusted[id] { state.add(later) }
        report.requests += 1
        report.before += state.total
        if state.unpriced != nil { report.unpricedBefore += 1 }
        switch rated.rating {
        case .priced(let amount): report.after += amount
        case .unpriced: report.unpricedAfter += 1
        }
        let wanted = state.change(to: rated.rating)
        if !adjustedSince.isEmpty, let later = adjustedSince[id] { state.add(later) }
        if state.change(to: rated.rating) != nil {
            changed.append(RatedRequest(id: id, rated: rated))
        } else if let wanted {
            if isResumed { report.count(wanted) } else { report.alreadyBooked += 1 }
        }
    }
}

/// The texts of rows, each converted to a name once.
private struct Texts: Sendable {
    var provider = NameTable()
    var model = NameTable()
    var serviceTier = NameTable()
    var region = NameTable()
    var reason = NameTable()
}
