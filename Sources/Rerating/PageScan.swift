import EventStore
import LedgerModel
import LedgerSQL
import Postgres
import Pricing

/// A request and what it costs.
struct RatedRequest: Sendable {
    let id: EventID
    let rated: ScheduledRating
}

/// Finds, in one range of positions, the requests whose charges do not say what they cost.
///
/// A request is rated when its row goes by and compared when its charge does, which normally is
/// the next row. Its adjustments lie anywhere later in the ledger; they are summed up first, those
/// of the history that is looked at apart from those that were booked since.
struct PageScan: Sendable {
    private(set) var rater: MeteredRater
    private(set) var report = RerateReport()
    /// The requests to adjust and what they cost, in the order in which they were met.
    private(set) var changed: [RatedRequest] = []

    /// Where the history ends that the report is about.
    private let end: Int64
    /// Whether what was booked since then counts as booked by this run.
    private let isResumed: Bool
    /// What adjustments add to the charges of the page's requests: before the end, and after it.
    private var adjusted: [EventID: ChargeState] = [:]
    private var adjustedSince: [EventID: ChargeState] = [:]
    /// The request that went by last.
    private var last: RatedRequest?
    private var requests: [EventID: ScheduledRating] = [:]
    private var charges: [EventID: ChargeState] = [:]
    private var texts = TextColumns()

    /// Charges that are fetched by their ids in one statement.
    private static let fetchMax = 1_000

    init(rater: MeteredRater, upTo end: Int64 = .max, isResumed: Bool = false) {
        self.rater = rater
        self.end = end
        self.isResumed = isResumed
    }

    mutating func read(_ page: HistoryPage, _ copy: ScanCopy, in session: Session) throws {
        // Workers of the server's own would mix up the order, in which charges follow requests.
        try session.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        let ids = HasAdjustments(ledger: copy.ledger, months: page.months)
        if try session.first(ids) != nil {
            try session.copyOutRows(copy.adjustments(of: page)) { try addAdjustment(&$0) }
        }
        try session.copyOutRows(copy.rows(of: page)) { try take(&$0) }
        try finish(copy, in: session)
    }

    /// Fetches the charges that do not stand in the page of their requests.
    private mutating func finish(_ copy: ScanCopy, in session: Session) throws {
        if let last { requests[last.id] = last.rated }
        last = nil
        let ids = requests.keys.map { EventID.charge(for: $0, after: nil) }
        for start in stride(from: 0, to: ids.count, by: Self.fetchMax) {
            let some = ids[start..<min(ids.count, start + Self.fetchMax)]
            try session.copyOutRows(copy.rows(of: Array(some))) { try take(&$0) }
        }
        report.uncharged += Int64(requests.count)
        (requests, charges) = ([:], [:])
    }

    // MARK: Rows

    private mutating func addAdjustment(_ fields: inout BinaryCopyFields) throws {
        let position = try fields.word() ?? 0
        let id = try fields.eventID()
        let amount = try fields.word().map { Picodollars($0) }
        let unpriced = texts.unpriced.name(of: try fields.next())
        if position <= end {
            adjusted[id, default: ChargeState()].add(amount: amount, unpriced: unpriced)
        } else {
            adjustedSince[id, default: ChargeState()].add(amount: amount, unpriced: unpriced)
        }
    }

    private mutating func take(_ fields: inout BinaryCopyFields) throws {
        let row = try ScannedRow(&fields)
        if row.kind.isRequest {
            try take(request: row, &fields)
        } else {
            try take(charge: row, &fields)
        }
    }

    private mutating func take(
        request row: ScannedRow, _ fields: inout BinaryCopyFields
    ) throws {
        for _ in 0..<ScannedRow.chargeColumns { _ = try fields.next() }
        let usage = try fields.usage()
        guard ChargeRule.isCharged(row.kind, usage) else { return }
        let names = try texts.priced(&fields)
        let rated: ScheduledRating
        do throws(RatingOverflow) {
            rated = try rater.rate(
                usage, provider: names.provider, model: names.model ?? Name(""),
                serviceTier: names.serviceTier, region: names.region, at: row.occurredAt)
        } catch {
            guard row.isAsked else { return }
            throw RerateError.overflow(request: row.id)
        }
        // It may have been read only for what it takes from an allowance.
        guard row.isAsked else { return }
        if let last { requests[last.id] = last.rated }
        last = RatedRequest(id: row.id, rated: rated)
        if let charge = charges.removeValue(forKey: row.id) {
            last = nil
            compare(row.id, rated, charge)
        }
    }

    private mutating func take(charge row: ScannedRow, _ fields: inout BinaryCopyFields) throws {
        guard row.isAsked else { return }
        let request = try fields.eventID()
        var charge = ChargeState()
        charge.add(
            amount: try fields.word().map { Picodollars($0) },
            unpriced: texts.unpriced.name(of: try fields.next()))
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
