import EventStore
import LedgerModel
import LedgerSQL
import Postgres
import Pricing

/// Reads the bookings of some requests, and books the differences.
struct Adjuster: Sendable {
    let ledger: PostgresLedger
    let pool: Pool

    /// The most requests that are read and adjusted at once.
    static let requestsMax = 1_024
    /// The most times that a request is computed again because others adjusted it at the same time.
    private static let roundsMax = 16
    /// The pause while the ledger's writer is busy.
    private static let standBack: Duration = .milliseconds(100)

    /// Adjusts some requests, so that their charges add up to what the requests cost.
    ///
    /// Of adjustments computed at the same time, one is appended; for the other, the request is
    /// read again and the remaining difference, if any, is booked.
    ///
    /// - Parameter isWanted: whether to adjust a request with these bookings.
    func adjust(
        _ requests: [RatedRequest], isDryRun: Bool = false,
        where isWanted: (ChargeChain, ScheduledRating) -> Bool = { _, _ in true }
    ) async throws -> RerateReport {
        var report = RerateReport()
        var open = requests
        for _ in 0..<Self.roundsMax {
            let chains = try await chains(of: open.map(\.id))
            let wanted = open.filter { request in
                chains[request.id].map { isWanted($0, request.rated) } ?? false
            }
            let (batch, changes) = try batch(wanted, chains)
            if batch.isEmpty { return report }
            if isDryRun {
                for change in changes { report.count(change.what) }
                return report
            }
            open = []
            let receipt = try await append(batch)
            for (change, outcome) in zip(changes, receipt.outcomes) {
                switch outcome {
                case .appended: report.count(change.what)
                case .duplicate, .sameCall: report.alreadyBooked += 1
                case .conflict: open.append(change.request)
                }
            }
            if open.isEmpty { return report }
        }
        throw RerateError.contended(request: open[0].id)
    }

    private func batch(
        _ requests: [RatedRequest], _ chains: [EventID: ChargeChain]
    ) throws -> (EntryBatch, [(request: RatedRequest, what: ChargeChange)]) {
        var batch = EntryBatch(for: ledger.id)
        var encoder = EntryEncoder()
        var changes: [(request: RatedRequest, what: ChargeChange)] = []
        for request in requests {
            guard let chain = chains[request.id],
                let change = chain.state.change(to: request.rated.rating)
            else { continue }
            do {
                guard let adjustment = try ChargeRule.adjustment(of: chain, to: request.rated)
                else { continue }
                try batch.add(adjustment, using: &encoder)
                changes.append((request, change))
            } catch is RatingOverflow {
                throw RerateError.overflow(request: request.id)
            }
        }
        return (batch, changes)
    }

    private func append(_ batch: EntryBatch) async throws -> AppendReceipt {
        while true {
            do {
                return try await ledger.append(batch)
            } catch AppendError.overloaded {
                try await Task.sleep(for: Self.standBack)
            }
        }
    }

    /// The requests with all their bookings.
    func chains(of requests: [EventID]) async throws -> [EventID: ChargeChain] {
        if requests.isEmpty { return [:] }
        let ledger = self.ledger.id
        return try await pool.transaction(readOnly: true) { session in
            let ids = requests + requests.map { EventID.charge(for: $0, after: nil) }
            let events = try session.events(ids, of: ledger)
            var chains: [EventID: ChargeChain] = [:]
            for event in events.lazy.map(\.event) where event.kind.isRequest {
                chains[event.id] = ChargeChain(of: event)
            }
            let repeats = try session.repeats(of: Array(chains.keys), in: ledger)
            for repeated in repeats.lazy.map(\.event) {
                if let request = repeated.causeID { chains[request]?.add(repeated) }
            }
            for charge in events.lazy.map(\.event) where charge.kind == .chargeRated {
                guard let request = charge.causeID else { continue }
                chains[request]?.add(
                    charge.id, amount: charge.amount, unpriced: charge.unpriced,
                    book: charge.bookID)
            }
            for adjustment in try session.run(ListAdjustments(of: requests, in: ledger)) {
                chains[adjustment.request]?.add(
                    adjustment.id, amount: adjustment.amount, unpriced: adjustment.unpriced,
                    book: adjustment.book)
            }
            return chains
        }
    }
}

/// The adjustments of some requests, in the order in which they were booked.
///
/// One look into the index for each request: where nothing is known yet of a month that a re-rating
/// filled, `= ANY` would filter all of its adjustments, again and again.
struct ListAdjustments: Statement {
    static let sql = """
        SELECT cause_id, event_id, amount_pico, unpriced, book_id
        FROM unnest($2::uuid[]) AS request (id), LATERAL (
            SELECT cause_id, event_id, amount_pico, unpriced, book_id, position FROM tally.events
            WHERE ledger_id = $1 AND kind = 11 AND cause_id = request.id
                AND event_id >= $3 AND event_id < $4 OFFSET 0
        ) AS adjustment ORDER BY position
        """
    static let columns = Columns(
        EventID.self, EventID.self, Int64?.self, String?.self, EventID?.self)
    let ledger: LedgerID
    let requests: [EventID]
    private let first: EventID
    private let end: EventID

    /// An adjustment's id carries the time of its request, to the millisecond.
    init(of requests: [EventID], in ledger: LedgerID) {
        self.ledger = ledger
        self.requests = requests
        let times = requests.map { $0.high >> 16 }
        first = EventID(high: (times.min() ?? 0) << 16, low: 0)
        end = EventID(high: ((times.max() ?? 0) + 1) << 16, low: 0)
    }

    var parameters: Parameters { Parameters(ledger, requests, first, end) }

    struct Booked {
        let request: EventID
        let id: EventID
        let amount: Picodollars?
        let unpriced: Name?
        let book: EventID?
    }
    typealias Row = Booked

    static func row(
        _ cells: (EventID, EventID, Int64?, String?, EventID?)
    ) throws(PostgresError) -> Booked {
        Booked(
            request: cells.0, id: cells.1, amount: cells.2.map { Picodollars($0) },
            unpriced: cells.3.map { Name($0) }, book: cells.4)
    }
}
