internal import CLibPQ

extension Session {
    /// Runs several statements in one round trip; outside a transaction they form one.
    ///
    /// Reads all answers up to the synchronisation point even after an error, so the connection
    /// stays usable. Throws the error that stopped the pipeline, never that of a statement which
    /// didn't run because of it.
    package func pipeline<each S: Statement>(
        _ statements: repeat each S
    ) throws(PostgresError) -> (repeat [(each S).Row]) {
        let link = active
        try link.checkMayStart(inPipeline: true)
        let connection = try link.opened()
        try link.check(PQenterPipelineMode(connection))
        var reader = PipelineReader(link: link)
        let begin = link.takeBegin()
        do {
            for text in begin { try link.sendUnnamed(text, Parameters()) }
            for statement in repeat each statements {
                try reader.send(statement)
            }
            try link.check(PQpipelineSync(connection))
            try link.flush()
        } catch {
            // Sent halfway: which answers the server will send is unknown.
            if link.isOpen { _ = link.lost("a pipeline could not be sent") }
            throw error
        }
        for text in begin { _ = try reader.answer(to: .sql(text)) }
        let rows = (repeat try reader.rows((each S).self))
        try reader.finish()
        return rows
    }
}

/// Takes the answers of a pipeline in statement order.
private struct PipelineReader {
    private let link: Link
    private var failure: PostgresError?
    private var isPreparing: [String?] = []
    private var next = 0

    init(link: Link) {
        self.link = link
    }

    mutating func send<S: Statement>(_ statement: S) throws(PostgresError) {
        let parameters = statement.parameters
        guard link.prepared.isEnabled else {
            isPreparing.append(nil)
            try link.sendUnnamed(S.sql, parameters)
            return
        }
        let name = link.prepared.name(for: S.self, parameters)
        if link.prepared.isOnServer(name) || isPreparing.contains(name) {
            isPreparing.append(nil)
        } else {
            isPreparing.append(name)
            try link.sendPrepare(name, S.sql, parameters)
        }
        try link.sendPrepared(name, parameters)
    }

    /// The rows of the next statement; none after a failure.
    mutating func rows<S: Statement>(_: S.Type) throws(PostgresError) -> [S.Row] {
        defer { next += 1 }
        if let name = isPreparing[next], try answer(to: .type(S.self)) != nil {
            link.prepared.added(name)
        }
        guard let result = try answer(to: .type(S.self)), failure == nil else { return [] }
        do {
            return try result.rows(of: S.self)
        } catch {
            failure = error
            return []
        }
    }

    /// The next answer; nil if it is an error or an earlier one prevented it.
    mutating func answer(to statement: StatementLabel) throws(PostgresError) -> QueryResult? {
        var answer: QueryResult?
        // Each answer is followed by an empty one.
        while let result = try link.nextResult() {
            if let good = try checked(result, statement) { answer = .some(consume good) }
        }
        return answer
    }

    private mutating func checked(
        _ result: consuming QueryResult, _ statement: StatementLabel
    ) throws(PostgresError) -> QueryResult? {
        switch result.status {
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE:
            if failure == nil { failure = link.refusal(result, in: statement) }
            if !link.isOpen { throw link.gone(failure ?? link.lost()) }
            return nil
        case PGRES_PIPELINE_ABORTED:
            return nil
        default:
            return result
        }
    }

    /// Reads the synchronisation point and leaves the pipeline.
    mutating func finish() throws(PostgresError) {
        while let result = try link.nextResult() {
            if result.status == PGRES_PIPELINE_SYNC { break }
        }
        let left = PQexitPipelineMode(try link.opened())
        if var failure {
            if link.prepared.adapt(to: failure), !link.prepared.isEnabled {
                failure.message += "; this connection no longer prepares statements"
            }
            throw failure
        }
        if left != 1 { throw link.lost("a pipeline did not end") }
    }
}
