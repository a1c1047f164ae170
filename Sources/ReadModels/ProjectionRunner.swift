package import LedgerModel
package import Postgres
package import Subscriptions

/// The read models as subscriptions, for who wants nothing else: commands that answer from them,
/// and what compares them with the ledger.
package struct ProjectionRunner: Sendable {
    let pool: Pool
    package let projections: [ReadModel]
    private let runner: SubscriptionRunner

    /// - Parameters: as those of `SubscriptionRunner`.
    package init(
        pool: Pool, projections: [ReadModel] = ReadModel.all,
        wait: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        },
        report: @escaping @Sendable (SubscriptionEvent) -> Void = { _ in }
    ) {
        self.pool = pool
        self.projections = projections
        runner = SubscriptionRunner(
            pool: pool, groups: [.readModels(projections)], wait: wait, report: report)
    }

    /// Runs until the task is cancelled.
    package func run() async { await runner.run() }

    /// Events from which on catching up is bulk work, after which tables are analyzed.
    private static let bulkPositionsMin: Int64 = 100_000

    /// Folds everything there is now, and returns when nothing lags that could be folded.
    package func catchUp() async throws { try await analyzing { try await runner.catchUp() } }

    /// The same for what is there after some bulk work, and much of it while that goes on.
    package func catchUp<T: Sendable>(beside work: () async throws -> T) async throws -> T {
        try await analyzing { try await runner.catchUp(beside: work) }
    }

    private func analyzing<T>(_ folding: () async throws -> T) async throws -> T {
        let before = try await positions()
        let done = try await folding()
        let folded = try await positions() - before
        if folded >= Self.bulkPositionsMin * Int64(projections.count) { try await analyze() }
        return done
    }

    private func positions() async throws -> Int64 {
        try await status().reduce(0) { $0 + $1.position }
    }

    /// Lets PostgreSQL look at what bulk work wrote, so that the next question is planned well.
    private func analyze() async throws {
        _ = try await pool.session { try $0.run(AnalyzeTables()) }
    }

    /// Lets a halted projection try again, after the cause was mended.
    package func resume(_ projection: String, of ledger: LedgerID) async throws {
        try await runner.resume(projection, of: ledger)
    }

    package func status() async throws -> [SubscriptionStatus] { try await runner.status() }

    /// Makes the row of each projection that this database does not know yet.
    func register() async throws { try await runner.register() }

    /// As `SubscriptionRunner.rebuild`.
    ///
    /// - Parameter ledger: nil for all of them.
    package func rebuild(
        _ names: [String]? = nil, of ledger: LedgerID? = nil,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> [RebuiltSubscription] {
        let rebuilt =
            if let ledger {
                try await runner.rebuild(names, of: ledger, progress: progress)
            } else {
                try await runner.rebuild(names, progress: progress)
            }
        try await analyze()
        return rebuilt
    }
}

struct AnalyzeTables: Statement {
    static let sql = "SELECT tally.analyze_tables()"
    static let columns = Columns()
}

extension SubscriptionGroup {
    /// Read models, which move together and are rebuilt beside themselves.
    package static func readModels(_ projections: [ReadModel] = ReadModel.all) -> Self {
        let byName = Dictionary(projections.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        return SubscriptionGroup(
            folding: projections.map(\.subscription), as: "read models",
            erase: { member, ledger, limit, session in
                let page = ErasePage(ledger: ledger, version: member.version, limit: limit)
                return try byName[member.name]?.erase(page, session) ?? 0
            },
            fold: { range, members, session in
                let due = members.compactMap { member in
                    byName[member.name].map { DueModel($0, version: member.version) }
                }
                return try PageFold(range, into: due).run(in: session)
            })
    }
}
