package import LedgerModel
package import Postgres

extension PostgresError: Fault {
    /// The database is away, or it refuses our statements.
    package var kind: FaultKind {
        let isAway =
            isConnectionGone || isRetryable
            || [.poolExhausted, .connectionFailed, .diskFull, .timedOut].contains(code)
        return isAway ? .unavailable(retryAfter: .seconds(2)) : .defect
    }

    package var sentence: String {
        kind == .defect
            ? "the database refused a statement; see the service's log"
            : "the database cannot take this now: send it again; what was stored is a duplicate "
                + "then"
    }
}

extension EmbeddedServerError: Fault {
    package var kind: FaultKind { .unavailable(retryAfter: .seconds(2)) }
}
