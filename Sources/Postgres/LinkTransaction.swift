internal import CLibPQ

// How a transaction begins and ends with fewer round trips: what begins it travels with the first
// statement of its body, and a COPY that is the last thing in it may bring the COMMIT along.

extension Link {
    /// Takes note of the statements that begin a transaction; the first use sends them.
    func willBegin(with statements: [String]) {
        pendingBegin = statements
        hasCommitted = false
    }

    /// What has to be sent first; the caller does.
    func takeBegin() -> [String] {
        defer { pendingBegin = [] }
        return pendingBegin
    }

    /// Forgets the transaction when its body is over.
    func endTransaction() {
        pendingBegin = []
        hasCommitted = false
    }

    var isInTransaction: Bool {
        if !pendingBegin.isEmpty { return true }
        return transactionStatus == PQTRANS_INTRANS || transactionStatus == PQTRANS_INERROR
    }

    /// Takes the answers up to that of COMMIT, which can be a refusal in friendly words.
    func collectCommit() throws(PostgresError) {
        let result = try collect(in: .sql("COMMIT"))
        guard result.commandTag == "COMMIT" else {
            throw PostgresError(
                .other, "the server answered COMMIT with \(result.commandTag)",
                cause: lastRefusal)
        }
    }
}
