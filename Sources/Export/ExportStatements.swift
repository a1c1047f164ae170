import LedgerModel
import LedgerSQL
import Postgres

/// The name of a ledger and its last position.
struct LedgerEnd: Statement {
    static let sql = """
        SELECT name, position FROM tally.ledgers JOIN tally.heads USING (ledger_id)
        WHERE ledger_id = $1
        """
    static let columns = Columns(String.self, Int64.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
}
