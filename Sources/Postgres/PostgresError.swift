/// A failure of the database or of the connection to it.
///
/// `message` says what went wrong and what to do. `sqlState` is set if the server reported the
/// error; otherwise the failure is on our side of the connection.
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
    /// The position of the error in the text, in characters from 1.
    package var position: Int?
    /// How many statements with the same text succeeded before the failing one.
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

    /// Whether the connection can't be used any more.
    package var isConnectionGone: Bool {
        switch code {
        case .connectionFailed, .connectionLost, .closed, .adminShutdown, .cannotConnectNow:
            true
        case .timedOut:
            // A statement_timeout comes from the server and keeps the connection usable; a deadline
            // on our side closes it.
            sqlState == nil
        default:
            false
        }
    }

    /// Whether the transaction can be run again unchanged, because nothing of it happened.
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

    /// Whether the server refused the content, so that less of it might succeed: data, a
    /// constraint, a server limit.
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
