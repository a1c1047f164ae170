package import LedgerModel
import Postgres

/// Why a query gave no result; each case is one sentence for the query's author.
package enum AuditRefusal: Error, Sendable {
    /// The server refused the query; the position counts characters of the query from 1.
    case query(message: String, sqlState: String, position: Int?)
    case tookTooLong(Duration)
    case tooLong(bytes: Int, max: Int)
    case zeroByte
    case busy(running: Int)
    /// The database cannot be reached, or the login does not work.
    case unavailable(any Error)

    /// The refusal for a failed query; the consumer's own errors are rethrown.
    static func refusal(for error: any Error, limits: AuditLimits) -> any Error {
        guard let error = error as? PostgresError else { return error }
        if error.code == .cancelled, error.sqlState == nil || Task.isCancelled {
            return CancellationError()
        }
        if error.code == .timedOut || error.code == .cancelled {
            return AuditRefusal.tookTooLong(limits.time)
        }
        guard let sqlState = error.sqlState, !error.isConnectionGone else {
            return AuditRefusal.unavailable(error)
        }
        let prefix = AuditCursor.prefix.count
        return AuditRefusal.query(
            message: words(of: error), sqlState: sqlState,
            position: error.position.flatMap { $0 > prefix ? $0 - prefix : nil })
    }

    /// Classes of SQLSTATE that are about the query; the messages of others may name files, hosts
    /// and settings of the server.
    private static let ofQuery: Set<Substring> = [
        "0A", "20", "21", "22", "23", "25", "2B", "34", "42", "44", "54", "P0",
    ]

    /// The server's message, with the remedy for an auditor rather than for the operator.
    private static func words(of error: PostgresError) -> String {
        let state = error.sqlState ?? ""
        if state == "53200" {
            return "the query needs more memory than a query may have; ask for less at a time"
        }
        guard ofQuery.contains(state.prefix(2)) || state == "53400" else {
            return "the server could not run the query; its log says why"
        }
        let remedy: String
        switch error.code {
        case .insufficientPrivilege, .undefinedTable, .undefinedFunction:
            remedy = "a query may only read views in the audit schema and call plain functions"
        case .readOnly:
            remedy = "a query may only read"
        default:
            switch error.sqlState {
            case "42601" where error.message.contains("multiple commands"):
                return "these are several statements: give one at a time; on standard input, each "
                    + "ends its line with a semicolon"
            case "42601": remedy = "write the query as one SELECT, VALUES, TABLE or WITH statement"
            case "53400": remedy = "ask for less at a time"
            case "42703":
                return error.message + (error.detail.map(advice) ?? "")
            default: return error.message
            }
        }
        let server = error.message.split(separator: "; ", maxSplits: 1).first ?? ""
        return "\(server); \(remedy)"
    }

    /// The server's hint about a column that there is not, which may quote those that were meant.
    private static func advice(_ hint: String) -> String {
        guard hint.hasPrefix("Perhaps you meant") else { return "; \(hint)" }
        let quoted = hint.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }
        return ": did you mean \(quoted.map(\.element).joined(separator: " or "))?"
    }
}

extension AuditRefusal: Fault {
    package var kind: FaultKind {
        switch self {
        case .query, .tooLong, .zeroByte: .invalid
        case .tookTooLong: .tookTooLong
        case .busy: .busy(retryAfter: .seconds(1))
        case .unavailable: .unavailable(retryAfter: .seconds(2))
        }
    }

    package var param: String? { kind == .invalid ? "query" : nil }

    package var description: String {
        switch self {
        case .query(let message, let sqlState, let position):
            message + (position.map { " (at character \($0))" } ?? "")
                + " [SQLSTATE \(sqlState)]"
        case .tookTooLong(let time):
            "the query was stopped after \(time): narrow it with literal bounds on occurred_at"
        case .tooLong(let bytes, let max):
            "the query has \(bytes) bytes: the limit is \(max)"
        case .zeroByte: "the query contains a NUL character"
        case .busy(let running): "\(running) queries are already running: try again shortly"
        case .unavailable(let error): "the audit views cannot be reached: \(error)"
        }
    }

    package var sentence: String {
        if case .unavailable = self {
            return "the audit views cannot be reached: try again shortly"
        }
        return description
    }
}
