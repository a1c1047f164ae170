internal import CLibPQ

/// One connection to PostgreSQL, used by one body at a time.
///
/// The bodies of `session` and `transaction` are synchronous and run on the connection's own
/// thread: they can't await, so no transaction stays open across somebody else's work. A connection
/// that is lost, or whose deadline passed, is closed and never repaired; open another one.
///
/// Cancelling the task while its body runs cancels the current query on the server.
package actor Connection {
    private let executor = ConnectionExecutor()
    private let link: Link
    private let configuration: PostgresConfiguration
    private let canceller: Canceller

    /// How long a rollback may take before the connection is abandoned.
    private static let rollbackMax: Duration = .seconds(5)

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Connects within the configuration's `connectTimeout`.
    package static func open(
        _ configuration: PostgresConfiguration
    ) async throws(PostgresError) -> Connection {
        let connection = Connection(configuration)
        try await connection.connect()
        return connection
    }

    private init(_ configuration: PostgresConfiguration) {
        let canceller = Canceller()
        self.configuration = configuration
        self.canceller = canceller
        link = Link(canceller: canceller)
    }

    private func connect() throws(PostgresError) {
        try link.connect(configuration)
    }

    /// The server process behind the connection.
    package nonisolated var backendPID: Int32 { canceller.backendPID }

    /// Whether an idle connection is open and the server has not said goodbye; makes no round trip.
    package nonisolated var isUsable: Bool { canceller.isQuiet }

    /// Cancels the current query, if any; returns at once.
    package nonisolated func cancel() {
        canceller.request()
    }

    package func close() {
        link.close()
    }

    /// Runs the body outside a transaction: each statement is its own transaction.
    ///
    /// - Parameter deadline: for everything in the body together. After it the query is cancelled,
    ///   the connection closed, and `timedOut` thrown.
    @discardableResult
    package func session<T: Sendable>(
        deadline: Duration? = nil, _ body: sending (Session) throws -> T
    ) async throws -> T {
        let run = canceller.reserveRun()
        return try await withTaskCancellationHandler {
            try perform(run, deadline) { session in
                let value = try body(session)
                if link.isInTransaction { throw Self.leftOpen }
                return value
            }
        } onCancel: {
            canceller.request(run)
        }
    }

    /// Runs the body between BEGIN and COMMIT; ROLLBACK if it throws.
    ///
    /// Rethrows the body's error unchanged: a rollback never hides the first error. After an error
    /// that the connection is gone, COMMIT may have succeeded; look it up.
    @discardableResult
    package func transaction<T: Sendable>(
        isolation: Isolation = .readCommitted, readOnly: Bool = false,
        deadline: Duration? = nil, _ body: sending (Session) throws -> T
    ) async throws -> T {
        let run = canceller.reserveRun()
        let begin = Self.begin(isolation, readOnly, configuration.statementTimeout)
        return try await withTaskCancellationHandler {
            try perform(run, deadline) { session in
                link.willBegin(with: begin)
                let value = try body(session)
                try commit()
                return value
            }
        } onCancel: {
            canceller.request(run)
        }
    }

    package enum Isolation: String, Sendable {
        case readCommitted = "READ COMMITTED"
        case repeatableRead = "REPEATABLE READ"
        case serializable = "SERIALIZABLE"
    }

    // MARK: - One run

    private func perform<T>(
        _ run: UInt64, _ deadline: Duration?, _ body: (Session) throws -> T
    ) throws -> T {
        _ = try link.opened()
        canceller.begin(run)
        link.deadline = deadline.map { .now + $0 }
        let session = Session(link: link)
        defer {
            session.end()
            finish()
        }
        if Task.isCancelled {
            throw PostgresError(.cancelled, "cancelled before it began")
        }
        return try body(session)
    }

    /// Leaves the connection idle for the next run, or closed.
    private func finish() {
        endCancellability()
        if link.isOpen, link.transactionStatus != PQTRANS_IDLE { rollBack() }
        link.endTransaction()
        link.deadline = nil
    }

    private func endCancellability() {
        if !canceller.end() { link.close() }
    }

    private func commit() throws(PostgresError) {
        if link.hasCommitted || !link.takeBegin().isEmpty { return }
        // A cancel after this point could only make the outcome unclear.
        endCancellability()
        switch link.transactionStatus {
        case PQTRANS_INTRANS:
            break
        case PQTRANS_INERROR:
            throw PostgresError(
                .other,
                "a statement failed and its error was dropped, so the transaction can't commit; "
                    + "let the error out, or use a savepoint", cause: link.lastRefusal)
        case PQTRANS_IDLE:
            throw PostgresError(
                .invalidParameter, "the body ended the transaction itself; let transaction end it")
        default:
            _ = try link.opened()
        }
        try link.sendText("COMMIT")
        try link.collectCommit()
    }

    /// Drops its errors: whoever caused the rollback has a better one.
    private func rollBack() {
        link.deadline = .now + Self.rollbackMax
        do {
            try link.sendText("ROLLBACK")
            _ = try link.collect(in: .sql("ROLLBACK"))
        } catch {
            link.close()
        }
        if link.isOpen, link.transactionStatus != PQTRANS_IDLE { link.close() }
    }

    private static func begin(
        _ isolation: Isolation, _ readOnly: Bool, _ timeout: Duration?
    ) -> [String] {
        var texts = ["BEGIN ISOLATION LEVEL \(isolation.rawValue)\(readOnly ? " READ ONLY" : "")"]
        if let timeout {
            let (seconds, attoseconds) = timeout.components
            let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
            texts.append("SET LOCAL statement_timeout = \(max(1, milliseconds))")
        }
        return texts
    }

    private static var leftOpen: PostgresError {
        PostgresError(
            .invalidParameter,
            "the session's body left a transaction open, which was rolled back; "
                + "use transaction instead")
    }
}
