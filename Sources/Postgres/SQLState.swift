/// The only place where a SQLSTATE becomes one of our codes.
enum SQLState {
    static let queryCanceled = "57014"
    static let invalidStatementName = "26000"
    static let duplicateStatementName = "42P05"
    static let featureNotSupported = "0A000"
    static let protocolViolation = "08P01"
    /// A view can't be replaced by one that lacks some of its columns.
    static let columnsDiffer = "42P16"

    static func code(for state: String) -> PostgresError.Code {
        if let exact = exact[state] { return exact }
        switch state.prefix(2) {
        case "08": return .connectionLost
        case "22": return .dataError
        case "28": return .insufficientPrivilege
        case "40": return .serializationFailure
        default: return .other
        }
    }

    /// What the reader of the error can do about it.
    static func remedy(for code: PostgresError.Code) -> String? {
        switch code {
        case .insufficientPrivilege:
            "grant the role what it needs, or connect as another role"
        case .undefinedTable, .undefinedFunction:
            "run the migrations, and check the search_path"
        case .diskFull:
            "free or add disk space on the database server"
        case .tooManyConnections:
            "lower the pool size or raise max_connections"
        case .readOnly:
            "connect to the primary; this server or transaction is read-only"
        case .lockNotAvailable:
            "somebody else holds the lock; try again"
        default:
            nil
        }
    }

    private static let exact: [String: PostgresError.Code] = [
        "23505": .uniqueViolation, "23503": .foreignKeyViolation, "23514": .checkViolation,
        "23502": .notNullViolation, "23P01": .exclusionViolation,
        "40001": .serializationFailure, "40P01": .deadlockDetected, "55P03": .lockNotAvailable,
        "42501": .insufficientPrivilege, "42P01": .undefinedTable, "3F000": .undefinedTable,
        "42883": .undefinedFunction, "42601": .syntaxError,
        "53100": .diskFull, "53300": .tooManyConnections,
        "57P03": .cannotConnectNow, "57P01": .adminShutdown, "57P02": .adminShutdown,
        "57P05": .connectionLost, "25P03": .connectionLost,
        "25006": .readOnly, "22023": .invalidParameter,
        "08P01": .protocolViolation, "57014": .cancelled,
    ]
}
