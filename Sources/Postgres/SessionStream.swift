internal import CLibPQ

extension Session {
    /// Lends the rows one by one, holding one in memory.
    ///
    /// An error in `each` stops the query on the server and is rethrown; inside a transaction, that
    /// ends the transaction too.
    package func stream<S: Statement>(
        _ statement: S, each: (S.Row) throws -> Void
    ) throws {
        let link = active
        try link.send(statement)
        try link.check(PQsetSingleRowMode(try link.opened()))
        try link.flush()
        var failure: PostgresError?
        var isChecked = false
        while let result = try link.nextResult() {
            switch result.status {
            case PGRES_SINGLE_TUPLE where failure == nil:
                do {
                    if !isChecked { try result.check(S.self) }
                    isChecked = true
                    try each(try result.row(0, of: S.self))
                } catch {
                    try link.stop()
                    throw error
                }
            case PGRES_TUPLES_OK where !isChecked:
                try result.check(S.self)
            case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE:
                failure = failure ?? link.refusal(result, in: .type(S.self))
            default:
                break
            }
        }
        if let failure { throw link.isOpen ? failure : link.gone(failure) }
    }
}

extension Link {
    /// Stops the current query and reads the rest of it.
    func stop() throws(PostgresError) {
        guard canceller.deliverSoon() else { throw lost("a query could not be stopped") }
        while let result = try nextResult() {
            if result.status == PGRES_COPY_OUT {
                while try nextCopyMessage() != nil {}
            }
        }
    }
}
