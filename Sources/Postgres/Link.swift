internal import CLibPQ
internal import Glibc

/// One libpq connection and the only place that waits for it.
///
/// libpq is always non-blocking; every wait is one poll(2) with a deadline. Not `Sendable`: it
/// belongs to one `Connection` actor, and everything here runs on that actor's thread.
final class Link {
    private(set) var pointer: OpaquePointer?
    let canceller: Canceller
    /// When the current work must be done; nil waits for ever.
    var deadline: ContinuousClock.Instant?
    var prepared = PreparedStatements()
    /// Whether the current statement began inside a transaction; while it runs, libpq can't tell.
    var startedInTransaction = false
    /// The statements that begin the current transaction, until they are sent with its first one.
    var pendingBegin: [String] = []
    /// Whether the current transaction was committed together with its last COPY.
    var hasCommitted = false
    /// The latest error of a statement, to say why a transaction can't be committed.
    private(set) var lastRefusal: PostgresError?

    /// How long a cancelled query may take to stop before the connection is abandoned.
    private static let cancelGrace: Duration = .seconds(5)

    init(canceller: Canceller) {
        self.canceller = canceller
    }

    deinit {
        close()
    }

    /// Takes over a connection that is being opened.
    func begin(with connection: OpaquePointer) {
        precondition(pointer == nil, "a link connects once")
        pointer = connection
    }

    func close() {
        canceller.detach()
        if let pointer { PQfinish(pointer) }
        pointer = nil
    }

    var isOpen: Bool {
        guard let pointer else { return false }
        return PQstatus(pointer) == CONNECTION_OK
    }

    var transactionStatus: PGTransactionStatusType {
        pointer.map { PQtransactionStatus($0) } ?? PQTRANS_UNKNOWN
    }

    /// The connection, or an error that it is gone.
    func opened() throws(PostgresError) -> OpaquePointer {
        guard let pointer else {
            throw PostgresError(.closed, "the connection is closed; open another one")
        }
        return pointer
    }

    /// Closes the connection, which is never repaired, and returns the error for that.
    func lost(_ what: String? = nil, in statement: String? = nil) -> PostgresError {
        let said = pointer.map { Self.trimmed(PQerrorMessage($0)) } ?? ""
        close()
        let reason = [what, said.isEmpty ? nil : said].compactMap { $0 }.joined(separator: ": ")
        return PostgresError(
            .connectionLost,
            "the connection to the database was lost (\(reason)); "
                + "check that the server is running",
            statement: statement)
    }

    static func trimmed(_ message: UnsafePointer<CChar>?) -> String {
        guard let message else { return "" }
        let lines = String(cString: message).split(separator: "\n")
        return lines.map { line in
            String(line.drop { $0 == " " || $0 == "\t" })
        }.joined(separator: "; ")
    }
}

// MARK: - Waiting

extension Link {
    enum Readiness {
        case socket(readable: Bool)
        case interrupted
        case expired
    }

    /// Waits until the socket is readable (or writable), and reads what is there.
    ///
    /// After the deadline it cancels the query and closes the connection: its state is unknown, so
    /// nobody may use it further.
    func wait(toWrite: Bool = false) throws(PostgresError) {
        while true {
            switch poll(toWrite: toWrite, until: deadline) {
            case .socket(let readable):
                if readable { try consume() }
                return
            case .interrupted:
                // Give the server a moment to answer the cancel with its own error.
                let grace = ContinuousClock.now + Self.cancelGrace
                deadline = deadline.map { min($0, grace) } ?? grace
            case .expired:
                throw expire()
            }
        }
    }

    func poll(toWrite: Bool, until deadline: ContinuousClock.Instant?) -> Readiness {
        guard let pointer else { return .socket(readable: true) }
        let events = toWrite ? POLLIN | POLLOUT : POLLIN
        while true {
            var descriptors = (
                pollfd(fd: PQsocket(pointer), events: Int16(events), revents: 0),
                pollfd(fd: canceller.wake.reading, events: Int16(POLLIN), revents: 0)
            )
            let count = withUnsafeMutableBytes(of: &descriptors) { bytes in
                Glibc.poll(
                    bytes.assumingMemoryBound(to: pollfd.self).baseAddress, 2,
                    Self.milliseconds(until: deadline))
            }
            if count > 0 {
                let revents = Int32(descriptors.0.revents)
                // Read on a hang-up too: the reason is in the last bytes.
                if revents != 0 { return .socket(readable: revents & ~POLLOUT != 0) }
                canceller.wake.drain()
                return .interrupted
            }
            if count == 0, let deadline, ContinuousClock.now >= deadline { return .expired }
        }
    }

    /// poll(2) takes whole milliseconds; rounding up avoids spinning in the last one.
    static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let left = ContinuousClock.now.duration(to: deadline)
        if left <= .zero { return 0 }
        let (seconds, attoseconds) = left.components
        if seconds > 86_400 { return 86_400_000 }
        return Int32(seconds * 1_000 + attoseconds / 1_000_000_000_000_000 + 1)
    }

    func consume() throws(PostgresError) {
        let connection = try opened()
        if PQconsumeInput(connection) == 0 { throw lost() }
    }

    /// Sends what libpq has buffered, reading meanwhile: with both pipes full, a client that
    /// only writes would wait forever.
    func flush() throws(PostgresError) {
        while true {
            switch PQflush(try opened()) {
            case 0: return
            case 1: try wait(toWrite: true)
            default: throw lost("could not send")
            }
        }
    }

    private func expire() -> PostgresError {
        let wasCancelled = canceller.isRequested
        _ = canceller.deliverSoon()
        close()
        if wasCancelled {
            return PostgresError(
                .cancelled, "cancelled, and the server did not stop in time; connection closed")
        }
        return PostgresError(
            .timedOut,
            "the database did not answer before the deadline; the connection was closed. "
                + "Check for locks and slow statements, or allow more time")
    }
}

// MARK: - Results

extension Link {
    /// The next result, or nil when the query has no more.
    func nextResult() throws(PostgresError) -> QueryResult? {
        let connection = try opened()
        while PQisBusy(connection) != 0 {
            try wait()
        }
        return PQgetResult(connection).map { QueryResult(owning: $0) }
    }

    /// Sends what is pending, takes all results and returns the last one; throws the first error,
    /// but only after reading everything, so the connection stays usable.
    func collect(in statement: StatementLabel) throws(PostgresError) -> QueryResult {
        try flush()
        var answer = Answer()
        do {
            while let result = try nextResult() {
                try add(result, to: &answer, statement)
            }
        } catch {
            // The server's last message says more than the closed connection after it.
            throw answer.failure.map(gone) ?? error
        }
        if let failure = answer.failure {
            throw failure.isConnectionGone || !isOpen ? gone(failure) : failure
        }
        guard let result = answer.last.take() else {
            throw lost("no answer", in: statement.text)
        }
        return result
    }

    private struct Answer: ~Copyable {
        var last: QueryResult?
        var failure: PostgresError?
        var done = 0
    }

    private func add(
        _ result: consuming QueryResult, to answer: inout Answer, _ statement: StatementLabel
    ) throws(PostgresError) {
        let status = result.status
        switch status {
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE:
            guard answer.failure == nil else { return }
            answer.failure = refusal(result, in: statement)
            answer.failure?.statementsDone = answer.done
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            answer.failure = answer.failure ?? Self.unexpectedCopy(statement)
            try abandonCopy(status)
        default:
            answer.done += 1
            answer.last = .some(consume result)
        }
    }

    /// The error of a result; who requested a cancel decides what it means.
    func refusal(
        _ result: borrowing QueryResult, in statement: StatementLabel
    ) -> PostgresError {
        var error = result.error(in: statement.text)
        if error.sqlState == SQLState.queryCanceled, !canceller.isRequested {
            error.code = .timedOut
            error.message += "; the server stopped it, check statement_timeout"
        } else if error.sqlState == nil, !isOpen {
            error.code = .connectionLost
            error.message += "; the connection was lost, check that the server is running"
        }
        lastRefusal = error
        return error
    }

    /// Closes the connection after an error with which the server ended it.
    func gone(_ error: PostgresError) -> PostgresError {
        var error = error
        close()
        if !error.isConnectionGone { error.code = .connectionLost }
        return error
    }

    private static func unexpectedCopy(_ statement: StatementLabel) -> PostgresError {
        PostgresError(
            .invalidParameter, "a COPY needs copyIn or copyOut",
            statement: statement.text)
    }

    /// Leaves a COPY that nobody wanted.
    private func abandonCopy(_ status: ExecStatusType) throws(PostgresError) {
        let connection = try opened()
        if status == PGRES_COPY_OUT {
            while try nextCopyMessage() != nil {}
        } else {
            while PQputCopyEnd(connection, "not expected here") == 0 {
                try wait(toWrite: true)
            }
            try flush()
        }
    }

    /// The next row of a COPY OUT, or nil at the end; the result after it tells whether the COPY
    /// succeeded.
    func nextCopyMessage() throws(PostgresError) -> CopyMessage? {
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(try opened(), &buffer, 1)
            if length > 0, let buffer {
                return CopyMessage(owning: buffer, count: Int(length))
            }
            if length != 0 { return nil }
            try wait()
        }
    }
}

/// One row of a COPY OUT, in memory that libpq allocated.
struct CopyMessage: ~Copyable {
    private let start: UnsafeMutablePointer<CChar>
    private let count: Int

    init(owning start: UnsafeMutablePointer<CChar>, count: Int) {
        self.start = start
        self.count = count
    }

    deinit {
        PQfreemem(start)
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
}
