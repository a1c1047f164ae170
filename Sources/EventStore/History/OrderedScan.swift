package import Postgres

extension HistoryScan {
    /// Reads the pages one after another, each in a transaction of its own; returns the position at
    /// which the history ends.
    ///
    /// What is made of them is kept by the body; a scan that is stopped begins again.
    package func inOrder(
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in },
        _ body: @escaping @Sendable (HistoryPage, Session) throws -> Void
    ) async throws -> Int64 {
        var scan = self
        scan.workers = 1
        let worker = OrderedWorker(pool, body)
        return try await scan.run(
            from: nil, beginningWith: OrderedWorker.Sums(), keep: nil, progress: progress
        ) { _ in worker }.end
    }
}

private final class OrderedWorker: HistoryWorker {
    struct Sums: Codable {}

    private let pool: Pool
    private let body: @Sendable (HistoryPage, Session) throws -> Void

    init(_ pool: Pool, _ body: @escaping @Sendable (HistoryPage, Session) throws -> Void) {
        self.pool = pool
        self.body = body
    }

    func work(on page: HistoryPage) async throws {
        try await pool.transaction(readOnly: true) { session in try self.body(page, session) }
    }

    func drain(into sums: inout Sums) {}
}
