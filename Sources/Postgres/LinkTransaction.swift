internal import CLibPQ

// Begins and ends transactions with fewer round trips: the beginning travels with the body's first
// statement, and a COPY at the end may bring the COMMIT along.

extension Link {
    /// Notes the statements that begin a transaction; the first use sends them.
    func willBegin(with statements: [String]) {
        pendingBegin = statements
        hasCommitted = false
    }

    /// The statements to send first; the caller sends them.
    func takeBegin() -> [String] {
        defer { pendingBegin = [] }
        return pendingBegin
    }

    /// Forgets the transaction after its body.
    func endTransaction() {
        pendingBegin = []
        hasCommitted = false
    }

    var isInTransaction: Bool {
        if !pendingBegin.isEmpty { return true }
        return transactionStatus == PQTRANS_INTRANS || transactionStatus == PQTRANS_INERROR
    }

    /// Takes the answers up to that of COMMIT, which may be a polite refusal.
    func collectCommit() throws(PostgresError) {
        let result = try collect(in: .sql("COMMIT"))
        guard result.commandTag == "COMMIT" else {
            throw PostgresError(
                .other, "the server answered COMMIT with \(result.commandTag)",
                cause: lastRefusal)
        }
    }
}
