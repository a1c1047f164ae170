/// A failure of the database or of the way to it.
///
/// `message` says what went wrong and what to do. `sqlState` is there when the server spoke;
/// without it the failure is on this side of the connection.
package struct PostgresError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        case connectionFailed, connectionLost, timedOut, cancelled, poolExhausted, closed
        case uniqueViolation, foreignKeyViolation, checkViolation, notNullViolation
        case exclusionViolation
        case serializationFailure, deadlockDetected, lockNotAvailable
        case insufficientPrivilege, undefinedTable, undefinedFunction, syntaxError
        case diskFull, tooManyConnections, cannotConnectNow, adminShutdown, readOnly
        case dataError, invalidParameter, decoding, protocolViolation, migration, other
    }

    package var code: Code
    package var message: String
    package var sqlState: String?
    package var detail: String?
    package var constraint: String?
    /// The statement's type name, or the beginning of its text.
    package var statement: String?
    /// Where in the text the server stopped, in characters from 1.
    package var position: Int?
    /// How many statements of the same text had been done before the failing one.
    package var statementsDone: Int?
    package var cause: (any Error)?

    package init(
        _ code: Code, _ message: String, sqlState: String? = nil, detail: String? = nil,
        constraint: String? = nil, statement: String? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
        self.detail = detail
        self.constraint = constraint
        self.statement = statement
        self.cause = cause
    }

    /// Whether the connection this came from can't be used any more.
    package var isConnectionGone: Bool {
        switch code {
        case .connectionFailed, .connectionLost, .closed, .adminShutdown, .cannotConnectNow:
            true
        case .timedOut:
            // A statement_timeout comes from the server and leaves the connection whole;
            // a deadline on this side closes it.
            sqlState == nil
        default:
            false
        }
    }

    /// Whether the same transaction can be run again as it is, because nothing of it happened.
    ///
    /// A lost connection is not among these: a COMMIT may have been under way.
    package var isRetryable: Bool {
        switch code {
        case .serializationFailure, .deadlockDetected, .lockNotAvailable, .cannotConnectNow,
            .tooManyConnections, .poolExhausted, .connectionFailed:
            true
        default:
            sqlState == SQLState.invalidStatementName
        }
    }

    /// Whether the server refused what it was sent, so that less of it might go through: data, a
    /// constraint, a limit of the server's.
    package var isOfContent: Bool {
        ["22", "23", "54"].contains(sqlState?.prefix(2))
    }

    package var description: String {
        var text = message
        if let detail { text += " (\(detail))" }
        if let statement { text += " [in \(statement)]" }
        if let sqlState { text += " [SQLSTATE \(sqlState)]" }
        if let cause { text += ", because: \(cause)" }
        return text
    }
}
