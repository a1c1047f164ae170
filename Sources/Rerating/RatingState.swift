package import EventStore
import JSON
import LedgerModel
import Postgres
package import Pricing
import Subscriptions

/// The state that a reactor of prices stores with its place.
struct RatingState: Codable, Sendable {
    /// The position of the last publication whose prices were used; 0 before the first.
    var publication: Int64 = 0
    /// The used parts of free allowances; nil for prices without allowances.
    var used: [UsedAllowance]?

    struct UsedAllowance: Codable, Sendable {
        let allowance: String
        /// The start of the window, in microseconds since 1970.
        let start: Int64
        let count: Int64
    }

    init(publication: Int64, used: [UsedAllowance]? = nil) {
        self.publication = publication
        self.used = used
    }

    /// - Parameter text: the stored text; empty for a new place.
    init(_ text: String) throws {
        if text.isEmpty { return }
        self = try JSONTree(parsing: text.utf8).decoded()
    }

    func text() throws -> String {
        try JSONTree(encoding: self).json
    }

    var meter: [AllowanceMeter.Pool: Int64] {
        get {
            let pools = (used ?? []).map { used in
                (
                    AllowanceMeter.Pool(
                        allowance: used.allowance, start: Timestamp(unixMicroseconds: used.start)),
                    used.count
                )
            }
            return Dictionary(pools, uniquingKeysWith: { $1 })
        }
        set {
            used = newValue.map { pool, count in
                UsedAllowance(
                    allowance: pool.allowance, start: pool.start.unixMicroseconds, count: count)
            }
        }
    }
}

/// Whether a range holds prices, charges without one, or reports that repeat requests.
struct FindRatable: Statement {
    static let sql = """
        SELECT EXISTS (
                SELECT FROM tally.events
                WHERE ledger_id = $1 AND kind = 70 AND position > $2 AND position <= $3),
            EXISTS (
                SELECT FROM tally.events WHERE ledger_id = $1 AND unpriced IS NOT NULL
                    AND position > $2 AND position <= $3),
            EXISTS (
                SELECT FROM tally.events
                WHERE ledger_id = $1 AND kind = 3 AND position > $2 AND position <= $3)
        """
    static let columns = Columns(Bool.self, Bool.self, Bool.self)
    let range: EventRange
    var parameters: Parameters { Parameters(range.ledger, range.after, range.upTo) }
    typealias Row = (publications: Bool, unpriced: Bool, repeats: Bool)

    static func row(_ cells: (Bool, Bool, Bool)) throws(PostgresError) -> Row { cells }
}

/// A ledger's writer with the prices it uses.
package struct PricedLedger: Sendable {
    package let store: PostgresLedger
    package let schedule: PriceSchedule
    /// The position of the last publication in the schedule.
    package let publication: Int64

    package init(store: PostgresLedger, schedule: PriceSchedule, publication: Int64) {
        self.store = store
        self.schedule = schedule
        self.publication = publication
    }
}
