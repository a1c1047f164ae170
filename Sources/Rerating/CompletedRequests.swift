import EventStore
import LedgerModel
import LedgerSQL
import Postgres
import Pricing
import Subscriptions

/// Books what requests cost more or less by what repeated reports add to them.
///
/// Each is rated by the book of its last charge, so that a report that comes late changes what is
/// known of the request, and not which prices hold for it.
struct CompletedRequests: Sendable {
    let ledger: PricedLedger
    let adjuster: Adjuster
    let refused: @Sendable (LedgerID, EventID) -> Void

    /// Adjusts the requests whose reports lie in a range; returns how many were adjusted.
    func rate(in range: EventRange) async throws -> Int64 {
        var (after, booked): (Int64, Int64) = (range.after, 0)
        while true {
            try Task.checkCancellation()
            let list = ListRepeatedRequests(range: range, after: after)
            let page = try await adjuster.pool.session { try $0.run(list) }
            guard let last = page.last else { return booked }
            let repeated = page.filter { !range.quarantine.leavesOut($0.position, of: $0.request) }
            booked += try await rate(Array(Set(repeated.map(\.request))).sorted())
            after = last.position
        }
    }

    private func rate(_ requests: [EventID]) async throws -> Int64 {
        let chains = try await adjuster.chains(of: requests)
        var raters: [PriceBookID?: Rater] = [:]
        var rated: [RatedRequest] = []
        var uncharged: [Event] = []
        for chain in requests.compactMap({ chains[$0] })
        where ChargeRule.isCharged(chain.request.kind, chain.completed.usage) {
            let book = chain.lastBook.map { PriceBookID(high: $0.high, low: $0.low) }
            do throws(RatingOverflow) {
                let rating = try ChargeRule.rate(
                    chain.completed, rater: &raters[book, default: rater(of: book)])
                guard chain.lastID == nil else {
                    rated.append(RatedRequest(id: chain.request.id, rated: rating))
                    continue
                }
                // A failed request without usage was not charged.
                let charge = try ChargeRule.charge(
                    for: chain.completed, rater: &raters[book, default: rater(of: book)])
                if let charge { uncharged.append(charge) }
            } catch {
                refused(ledger.store.id, chain.request.id)
            }
        }
        try await book(uncharged)
        return try await adjust(rated) + Int64(uncharged.count)
    }

    private func rater(of book: PriceBookID?) -> Rater {
        let known = ledger.schedule.entries.last { $0.book.id == book }?.book
        return known.map { Rater($0) } ?? Rater(ledger.schedule)
    }

    private func book(_ charges: [Event]) async throws {
        if charges.isEmpty { return }
        var batch = EntryBatch(for: ledger.store.id)
        var encoder = EntryEncoder()
        for charge in charges { try batch.add(charge, using: &encoder) }
        _ = try await ledger.store.append(batch)
    }

    private func adjust(_ requests: [RatedRequest]) async throws -> Int64 {
        var rated = requests
        while true {
            do { return try await adjuster.adjust(rated).adjusted } catch RerateError.overflow(
                let request)
            {
                refused(ledger.store.id, request)
                rated.removeAll { $0.id == request }
            }
        }
    }
}

/// The requests that reports in a range repeat, in the order of the reports.
struct ListRepeatedRequests: Statement {
    static let sql = """
        SELECT position, cause_id FROM tally.events
        WHERE ledger_id = $1 AND kind = 3 AND position > $2 AND position <= $3
            AND cause_id IS NOT NULL
        ORDER BY position LIMIT $4
        """
    static let columns = Columns(Int64.self, EventID.self)
    let range: EventRange
    let after: Int64
    var parameters: Parameters {
        Parameters(range.ledger, after, range.upTo, Int64(Adjuster.requestsMax))
    }
    typealias Row = (position: Int64, request: EventID)

    static func row(_ cells: (Int64, EventID)) throws(PostgresError) -> Row { cells }
}
