internal import CLibPQ

// Sends statements: prepared under a name where that works, else unnamed.

extension Link {
    /// Runs one statement and returns its result, with all rows in memory.
    func run<S: Statement>(_ statement: S) throws(PostgresError) -> QueryResult {
        try send(statement)
        return try collectAdapting(statement)
    }

    /// Sends a statement, preparing it first if this connection hasn't yet.
    func send<S: Statement>(_ statement: S) throws(PostgresError) {
        try checkMayStart()
        let parameters = statement.parameters
        guard prepared.isEnabled else {
            try sendUnnamed(S.sql, parameters)
            return
        }
        let name = prepared.name(for: S.self, parameters)
        if !prepared.isOnServer(name) {
            do {
                try sendPrepare(name, S.sql, parameters)
                _ = try collect(in: .type(S.self))
                prepared.added(name)
            } catch {
                guard prepared.adapt(to: error), !startedInTransaction else { throw error }
                try sendUnnamed(S.sql, parameters)
                return
            }
        }
        try sendPrepared(name, parameters)
    }

    /// Takes the result.
    ///
    /// If prepared names don't work here, and nothing is lost by it, retries once in another way.
    private func collectAdapting<S: Statement>(_ statement: S) throws(PostgresError) -> QueryResult
    {
        do {
            return try collect(in: .type(S.self))
        } catch {
            guard prepared.isEnabled, prepared.adapt(to: error), !startedInTransaction else {
                throw error
            }
            try sendUnnamed(S.sql, statement.parameters)
            return try collect(in: .type(S.self))
        }
    }

    /// Refuses to start anything for a cancelled task: a cancel between two statements has nothing
    /// to stop on the server.
    ///
    /// Begins the transaction first, except in a pipeline, which does so itself.
    func checkMayStart(inPipeline: Bool = false) throws(PostgresError) {
        startedInTransaction = isInTransaction
        if canceller.isRequested {
            throw PostgresError(.cancelled, "cancelled before the statement was sent")
        }
        if inPipeline || pendingBegin.isEmpty { return }
        let begin = takeBegin().joined(separator: "; ")
        try sendText(begin)
        _ = try collect(in: .sql(begin))
    }

    func sendText(_ sql: String) throws(PostgresError) {
        try check(PQsendQuery(try opened(), sql))
    }

    func sendUnnamed(
        _ sql: String, _ parameters: Parameters, binary: Bool = true
    ) throws(PostgresError) {
        let connection = try opened()
        let sent = parameters.withLibpqArrays { count, types, values, lengths, formats in
            PQsendQueryParams(
                connection, sql, count, types, values, lengths, formats, binary ? 1 : 0)
        }
        try check(sent)
    }

    func sendPrepare(
        _ name: String, _ sql: String, _ parameters: Parameters
    ) throws(PostgresError) {
        let connection = try opened()
        let sent = parameters.withLibpqArrays { count, types, _, _, _ in
            PQsendPrepare(connection, name, sql, count, types)
        }
        try check(sent)
    }

    func sendPrepared(_ name: String, _ parameters: Parameters) throws(PostgresError) {
        let connection = try opened()
        let sent = parameters.withLibpqArrays { count, _, values, lengths, formats in
            PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1)
        }
        try check(sent)
    }

    /// Turns libpq's failure into an error: the connection is gone, or the call was wrong.
    func check(_ sent: Int32) throws(PostgresError) {
        if sent == 1 { return }
        guard isOpen, let pointer else { throw lost("could not send") }
        throw PostgresError(
            .protocolViolation,
            "libpq refused the request: \(Self.trimmed(PQerrorMessage(pointer)))")
    }
}
