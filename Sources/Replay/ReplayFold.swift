import Calendars
import EventStore
import LedgerModel
import Pricing

/// Sums a history row by row, without making events of the rows.
///
/// Recorded sums come from charges, replayed sums from requests; both carry the same dimensions and
/// the same time, so they fall into the same group without a join.
struct ReplayFold: Sendable {
    private let groupings: [Grouping]
    private let zone: CalendarZone
    /// For each grouping, the column of its dimension in a row; nil for a period.
    private let groupColumns: [Int?]
    /// The dimensions of a row.
    private let dimensions: [Field]
    private var tables: [NameTable]
    private var groups: [GroupKey: Int] = [:]
    private var keys: [GroupKey] = []
    private var lastGroup: Int?
    private var rater: MeteredRater
    /// A second rater, for requests that are looked up again; it uses up allowances of its own.
    private var secondRater: MeteredRater?
    /// The latest request and its price, nil without one: its charge normally comes next.
    private var lastRated: (id: EventID, amount: Picodollars?)?
    /// Whether the requested models matter, even if they are not grouped by.
    private let mapsModels: Bool
    private var lastModel: (model: ReplayReport.ModelName, names: (Int, Int))?

    /// The sums so far; restored if a page has to be read again.
    var state = State()
    /// Set only if the recorded books are replayed.
    var recorded: RecordedFold?
    /// What repeated reports add to the requests of the page.
    var completions = Completions()

    struct State: Sendable {
        var sums: [ReplayReport.Sums] = []
        var eventsRead: Int64 = 0
        var check = RecordedCheck()
        var facts = ReplayReport.Facts()
        /// Reasons without their texts, which take longer to write than to count.
        var reasons = ReplayReport.Counts<UnpricedReason>(max: 1_000)
        var adjustments: [PendingAdjustment] = []
        var charges: [PendingCharge] = []
    }

    /// The most groups; grouping by user makes the most.
    static let groupsMax = 200_000
    /// - Parameter used: the parts of allowances used before the first row.
    init(_ request: ReplayRequest, used: [AllowanceMeter.Pool: Int64]) {
        let dimensions = request.dimensions
        self.dimensions = dimensions.map(\.field)
        groupings = request.groupedBy
        zone = request.zone
        groupColumns = request.groupedBy.map { grouping in
            guard case .dimension(let dimension) = grouping else { return nil }
            return dimensions.firstIndex(of: dimension)
        }
        tables = dimensions.map { _ in NameTable() }
        rater = MeteredRater(request.schedule, supposing: request.whatIf, used: used)
        mapsModels = request.whatIf.mapsModels || !request.whatIf.discounts.isEmpty
        if case .recorded = request.prices { recorded = RecordedFold() }
    }

    // MARK: Rows

    /// Folds the next row of a page.
    mutating func take(_ row: EventRow) throws {
        let names = names(row)
        guard row.isAsked else { return meter(row, names) }
        let group = try group(of: row.occurredAt, names)
        state.eventsRead += 1
        switch row.kind {
        case .requestCompleted?, .requestFailed?: try take(request: row, names, group)
        case .chargeRated?: try take(charge: row, group)
        default: take(adjustment: row, group)
        }
    }

    /// Reads a request that a charge is waiting for.
    mutating func request(_ row: EventRow) -> PricedRequest { priced(row, names(row)) }

    /// Lets a request outside of the filter use up allowances; one that costs too much uses
    /// nothing.
    private mutating func meter(_ row: EventRow, _ names: Names) {
        guard let kind = row.kind, kind.isRequest else { return }
        let request = priced(row, names)
        guard ChargeRule.isCharged(kind, request.usage) else { return }
        _ = try? request.rate(with: &rater)
    }

    /// The parts of allowances used so far.
    var used: [AllowanceMeter.Pool: Int64] { rater.meter.used }

    private mutating func take(request row: EventRow, _ names: Names, _ group: Int) throws {
        state.sums[group].requests += 1
        let request = priced(row, names)
        guard let kind = row.kind, ChargeRule.isCharged(kind, request.usage) else { return }
        if recorded != nil {
            state.check.uncharged += 1
            recorded?.lastRequest = request
        } else {
            if mapsModels { note(request, names) }
            let rated = try request.rate(with: &rater)
            state.facts.free += rated.free
            add(rated.rating, to: group)
            lastRated = (request.id, rated.rating.amount)
        }
    }

    private mutating func note(_ request: PricedRequest, _ names: Names) {
        let model: ReplayReport.ModelName
        if let lastModel, lastModel.names == (names[0], names[1]) {
            model = lastModel.model
        } else {
            model = ReplayReport.ModelName(provider: request.provider, model: request.model)
            lastModel = (model, (names[0], names[1]))
        }
        state.facts.models.add(model)
    }

    private mutating func take(charge row: EventRow, _ group: Int) throws {
        if let amount = row.amount { state.sums[group].recorded += amount }
        if row.has(.unpriced) { state.sums[group].unpricedBefore += 1 }
        let cause = row.id(.causeID)
        guard let cause else { return take(unattached: row, group) }
        guard recorded != nil else {
            if let lastRated, lastRated.id == cause {
                pair(row.amount, with: lastRated.amount, group)
            } else {
                state.charges.append(PendingCharge(row, group: group))
            }
            return
        }
        if row.has(.unpriced) { state.sums[group].notCompared += 1 }
        let charge = PendingCharge(row, group: group)
        if let rating = try recorded?.compare(charge, &state.check) {
            add(rating, to: group)
        } else {
            state.charges.append(charge)
        }
    }

    /// Folds a charge without a request, which costs the same under any prices.
    private mutating func take(unattached row: EventRow, _ group: Int) {
        if let amount = row.amount {
            state.sums[group].replayed += amount
            state.facts.unattached += amount
        }
        if row.has(.unpriced) {
            state.sums[group].unpricedAfter += 1
            state.sums[group].notCompared += 1
        }
        state.facts.unattachedCharges += 1
    }

    // MARK: Both sides

    /// Notes what cannot be compared of a request: its charge, and its price here.
    private mutating func pair(
        _ recorded: Picodollars?, with replayed: Picodollars?, _ group: Int
    ) {
        switch (recorded, replayed) {
        case (.some, .some): return
        case (let amount?, nil): state.sums[group].recordedAlone += amount
        case (nil, let amount?): state.sums[group].replayedAlone += amount
        case (nil, nil): break
        }
        state.sums[group].notCompared += 1
    }

    /// The same for a charge whose request was looked up; nil if there is none.
    mutating func pair(_ charge: PendingCharge, with request: PricedRequest?) throws {
        pair(charge.amount, with: try request.flatMap { try priceAgain($0) }, charge.group)
    }

    /// Notes what an adjustment changes of that.
    mutating func pair(_ adjustment: PendingAdjustment, with request: PricedRequest?) throws {
        let group = adjustment.group
        guard let replayed = try request.flatMap({ try priceAgain($0) }) else {
            if let amount = adjustment.amount { state.sums[group].recordedAlone += amount }
            return
        }
        let change = adjustment.change
        state.sums[group].notCompared += change
        state.sums[group].replayedAlone += PicodollarSum(
            Int128(replayed.amount) * Int128(change))
    }

    private mutating func priceAgain(_ request: PricedRequest) throws -> Picodollars? {
        var again = secondRater.take() ?? rater
        defer { secondRater = again }
        return try request.rate(with: &again).rating.amount
    }

    private mutating func take(adjustment row: EventRow, _ group: Int) {
        if !row.has(.causeID) {
            if let amount = row.amount { state.sums[group].recorded += amount }
            return take(unattached: row, group)
        }
        if let amount = row.amount {
            state.sums[group].recorded += amount
            // The recorded books cannot reproduce an adjustment, so it is taken as booked.
            if recorded != nil { state.sums[group].replayed += amount }
        }
        state.check.adjustments += 1
        if let previous = row.id(.previousID) {
            state.adjustments.append(
                PendingAdjustment(
                    request: row.id(.causeID), previous: previous, amount: row.amount,
                    isUnpriced: row.has(.unpriced), group: group))
        }
    }

    mutating func add(_ rating: Rating, to group: Int) {
        switch rating {
        case .priced(let amount): state.sums[group].replayed += amount
        case .unpriced(let reason):
            state.sums[group].unpricedAfter += 1
            state.reasons.add(reason)
        }
    }

    // MARK: Names and groups

    private typealias Names = InlineArray<12, Int>

    private mutating func names(_ row: EventRow) -> Names {
        var names = Names(repeating: NameTable.null)
        for index in tables.indices {
            if tables[index].count >= NameTable.namesMax, !groupColumns.contains(index) {
                tables[index].removeAll()
                lastModel = nil
            }
            names[index] = tables[index].number(of: row.text(dimensions[index]))
        }
        return names
    }

    private func priced(_ row: EventRow, _ names: Names) -> PricedRequest {
        var usage = row.usage
        // The recorded charge follows from the request as it was first reported.
        let addition =
            completions.isEmpty || recorded != nil
            ? nil : completions.complete(&usage, of: row.eventID)
        return PricedRequest(
            id: row.eventID, usage: usage, provider: tables[0].name(names[0]),
            model: tables[1].name(names[1]) ?? Name(""),
            serviceTier: tables[2].name(names[2]) ?? addition?.serviceTier,
            region: tables[3].name(names[3]) ?? addition?.region, occurredAt: row.occurredAt)
    }

    private mutating func group(of time: Timestamp, _ names: Names) throws -> Int {
        var key = GroupKey()
        for (index, column) in groupColumns.enumerated() {
            if let column {
                key.parts[index] = Int64(names[column])
            } else {
                key.parts[index] = groupings[index].start(of: time, in: zone)?.microseconds ?? 0
            }
        }
        // A charge follows its request into the same group.
        if let lastGroup, keys[lastGroup] == key { return lastGroup }
        let group: Int
        if let known = groups[key] {
            group = known
        } else {
            guard keys.count < Self.groupsMax else {
                throw ReplayError.tooManyGroups(max: Self.groupsMax)
            }
            group = keys.count
            groups[key] = group
            keys.append(key)
            state.sums.append(ReplayReport.Sums())
        }
        lastGroup = group
        return group
    }

    /// The values that identify each group, in the order of `state.sums`.
    var groupValues: [[Name?]] {
        keys.map { key in
            groupings.indices.map { index in
                if let column = groupColumns[index] {
                    return tables[column].name(Int(key.parts[index]))
                }
                let start = Timestamp(microseconds: key.parts[index])
                return Name(groupings[index].text(of: start))
            }
        }
    }

    /// Returns the sums so far and begins again at zero; groups stay known.
    mutating func drain() -> State {
        var drained = State()
        swap(&drained, &state)
        state.sums = drained.sums.map { _ in ReplayReport.Sums() }
        return drained
    }

    /// Restores an earlier state; groups added since then stay, empty.
    mutating func restore(_ earlier: State) {
        let groups = state.sums.count
        state = earlier
        for _ in state.sums.count..<groups { state.sums.append(ReplayReport.Sums()) }
    }
}

/// An adjustment whose effect on the number of unpriced requests depends on the charge that it
/// adjusts.
struct PendingAdjustment: Sendable {
    let request: EventID?
    let previous: EventID
    let amount: Picodollars?
    let isUnpriced: Bool
    let group: Int
    /// Whether the adjusted charge had no price, once that has been looked up.
    var wasUnpriced = false

    /// By how much it changes the number of unpriced requests.
    var change: Int64 { (isUnpriced ? 1 : 0) - (wasUnpriced ? 1 : 0) }
}

extension Rating {
    /// Nil if there is no price.
    var amount: Picodollars? {
        if case .priced(let amount) = self { amount } else { nil }
    }
}
