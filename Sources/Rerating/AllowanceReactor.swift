import EventStore
package import LedgerModel
import LedgerSQL
package import Postgres
import Pricing

/// Credits what allowances make free, as requests come in.
///
/// It folds the requests of a ledger in the order of their positions, as `tally rerate` does, and
/// books the difference for those that were rated by the very book that grants the allowance;
/// what was rated by another one is left to a re-rating, but takes from the allowance all the same.
/// How far it came, and what was used until there, is a row a ledger. A page is booked before the
/// row moves: who meets it again finds nothing left to book. A new publication starts anew.
package struct AllowanceReactor: Sendable {
    private let pool: Pool
    private let open: @Sendable (LedgerID) async throws -> PricedLedger

    /// Rows in one step.
    static let pageRows: Int64 = 16_384

    /// - Parameter open: a ledger's writer, with its newest prices.
    package init(
        pool: Pool, open: @escaping @Sendable (LedgerID) async throws -> PricedLedger
    ) {
        self.pool = pool
        self.open = open
    }

    /// Credits what came in; how many adjustments were booked in which ledger.
    ///
    /// A ledger that fails does not keep the others waiting; its error comes out at the end.
    @discardableResult
    package func pass() async throws -> [LedgerID: Int] {
        let ledgers = try await pool.session { try $0.run(ListUncredited()) }
        return try await eachLedger(ledgers) { try await credit($0) }
    }

    private func credit(_ id: LedgerID) async throws -> Int {
        let ledger = try await open(id)
        guard ledger.schedule.hasAllowances else {
            try await pool.session { _ = try $0.run(DropAllowancePlace(ledger: id)) }
            return 0
        }
        guard var place = try await pool.session({ try $0.first(ReadAllowancePlace(ledger: id)) }),
            place.at.publication <= ledger.publication
        else { return 0 }
        var start = place
        if place.at.publication < ledger.publication {
            start = AllowancePlace(at: RatingPlace(publication: ledger.publication, position: 0))
        }
        let adjuster = Adjuster(ledger: ledger.store, pool: pool)
        let copy = ScanCopy(HistoryFilter(), ledger: id, isMetered: true)
        var booked = 0
        while true {
            try Task.checkCancellation()
            let rater = MeteredRater(ledger.schedule, used: start.used)
            let after = start.at.position
            let page = try await pool.transaction(readOnly: true) { session in
                let page = try HistoryPage.next(
                    after: after, of: id, rows: Self.pageRows, in: session)
                var scan = PageScan(rater: rater)
                if let page { try scan.read(page, copy, in: session) }
                return page.map { (upTo: $0.positions.upperBound, scan: scan) }
            }
            guard let page else { return booked }
            booked += try await book(page.scan.changed, at: adjuster)
            let next = AllowancePlace(
                at: RatingPlace(publication: start.at.publication, position: page.upTo),
                used: page.scan.rater.meter.used)
            let move = MoveAllowancePlace(ledger: id, from: place.at, to: next)
            if try await pool.session({ try $0.run(move) }).isEmpty { return booked }
            (place, start) = (next, next)
        }
    }

    private func book(_ changed: [RatedRequest], at adjuster: Adjuster) async throws -> Int {
        var booked = 0
        for start in stride(from: 0, to: changed.count, by: Adjuster.requestsMax) {
            let some = changed[start..<min(changed.count, start + Adjuster.requestsMax)]
            let report = try await adjuster.adjust(Array(some)) { chain, rated in
                guard case .priced = rated.rating, let book = rated.book else { return false }
                return chain.state.unpriced != nil
                    || chain.lastBook == EventID(high: book.high, low: book.low)
            }
            booked += Int(report.adjusted)
        }
        return booked
    }
}

/// Does some work for each ledger; an error of one comes out when all had their turn.
func eachLedger(
    _ ledgers: [LedgerID], _ work: (LedgerID) async throws -> Int
) async throws -> [LedgerID: Int] {
    var done: [LedgerID: Int] = [:]
    var failure: (any Error)?
    for ledger in ledgers {
        do {
            let count = try await work(ledger)
            if count > 0 { done[ledger] = count }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            failure = error
        }
    }
    if let failure { throw failure }
    return done
}

/// How far allowances were credited, and what was used of them until there.
struct AllowancePlace: Sendable {
    let at: RatingPlace
    var used: [AllowanceMeter.Pool: Int64] = [:]
}

/// Ledgers with allowances that have events which were not looked at.
struct ListUncredited: Statement {
    static let sql = """
        SELECT ledger_id FROM tally.allowance_places AS places
        JOIN tally.heads AS heads USING (ledger_id)
        WHERE heads.position > places.position ORDER BY ledger_id
        """
    static let columns = Columns(LedgerID.self)
    typealias Row = LedgerID

    static func row(_ cell: LedgerID) throws(PostgresError) -> LedgerID { cell }
}

struct InsertAllowancePlace: Statement {
    static let sql =
        "INSERT INTO tally.allowance_places (ledger_id) VALUES ($1) ON CONFLICT DO NOTHING"
    static let columns = Columns()
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
}

struct ReadAllowancePlace: Statement {
    static let sql = """
        SELECT publication, position, allowances, windows, used
        FROM tally.allowance_places WHERE ledger_id = $1
        """
    static let columns = Columns(
        Int64.self, Int64.self, [String].self, [Timestamp].self, [Int64].self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = AllowancePlace

    static func row(
        _ cells: (Int64, Int64, [String], [Timestamp], [Int64])
    ) throws(PostgresError) -> AllowancePlace {
        var place = AllowancePlace(at: RatingPlace(publication: cells.0, position: cells.1))
        for ((allowance, start), used) in zip(zip(cells.2, cells.3), cells.4) {
            place.used[AllowanceMeter.Pool(allowance: allowance, start: start)] = used
        }
        return place
    }
}

/// Gives no row when the place is not where it was.
struct MoveAllowancePlace: Statement {
    static let sql = """
        UPDATE tally.allowance_places SET publication = $4, position = $5, allowances = $6,
            windows = $7, used = $8, updated_at = now()
        WHERE ledger_id = $1 AND publication = $2 AND position = $3
        RETURNING position
        """
    static let columns = Columns(Int64.self)
    let ledger: LedgerID
    let from: RatingPlace
    let to: AllowancePlace

    var parameters: Parameters {
        let used = Array(to.used)
        return Parameters(
            ledger, from.publication, from.position, to.at.publication, to.at.position,
            used.map(\.key.allowance), used.map(\.key.start), used.map(\.value))
    }
}

struct DropAllowancePlace: Statement {
    static let sql = "DELETE FROM tally.allowance_places WHERE ledger_id = $1"
    static let columns = Columns()
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
}
