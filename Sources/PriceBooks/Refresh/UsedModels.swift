package import LedgerModel
import LedgerSQL
package import Postgres
package import Pricing

/// The models that a ledger used recently, as its requests name them.
package struct UsedModels: Sendable {
    package let since: Timestamp
    package let until: Timestamp
    package let names: [UsedName]

    /// Days that count as recent.
    package static let days: Int64 = 30

    /// The models of the requests in the days before a time.
    package static func of(
        _ ledger: LedgerID, until: Timestamp, in session: Session
    ) throws(PostgresError) -> UsedModels {
        let since = until.advanced(byMicroseconds: -days * Timestamp.dayMicroseconds)
        let list = ListUsedModels(ledger: ledger, since: since, until: until)
        return UsedModels(since: since, until: until, names: try session.run(list))
    }
}

/// What another book would change: for the recently used models, and in all.
package struct PriceChange: Sendable {
    package let whole: BookDifference
    /// nil if the ledger used nothing recently.
    package let used: (models: UsedModels, difference: BookDifference)?

    init(from base: PriceBook, to book: PriceBook, _ models: UsedModels) {
        whole = base.difference(to: book)
        used =
            models.names.isEmpty
            ? nil : (models, base.difference(to: book, of: models.names))
    }

    /// Whether it may be published without approval.
    ///
    /// Judged by what the ledger used, since some of a thousand models always change; for a ledger
    /// that used nothing, judged by the whole.
    package func isWithin(_ tolerance: Factor) -> Bool {
        (used?.difference ?? whole).isWithin(tolerance)
    }
}

/// What the read model of providers knows, and what has arrived since.
struct ListUsedModels: Statement {
    static let sql = """
        SELECT provider, model FROM tally.current_provider_usage
        WHERE ledger_id = $1 AND day >= ($2 AT TIME ZONE 'UTC')::date
            AND day <= ($3 AT TIME ZONE 'UTC')::date AND model IS NOT NULL
        UNION
        SELECT provider, model FROM tally.events
        WHERE ledger_id = $1 AND kind IN (1, 2) AND occurred_at >= $2 AND occurred_at < $3
            AND event_id >= tally.first_event_id($2 - interval '1 day')
            AND model IS NOT NULL AND position > coalesce((
                SELECT places.position FROM tally.projection_positions AS places
                WHERE places.ledger_id = $1 AND places.projection = 'providers'), 0)
        ORDER BY 1, 2
        """
    static let columns = Columns(String?.self, String.self)
    let ledger: LedgerID
    let since: Timestamp
    let until: Timestamp
    var parameters: Parameters { Parameters(ledger, since, until) }
    typealias Row = UsedName

    static func row(_ cells: (String?, String)) throws(PostgresError) -> UsedName {
        UsedName(provider: cells.0.map { Name($0) }, model: Name(cells.1))
    }
}
