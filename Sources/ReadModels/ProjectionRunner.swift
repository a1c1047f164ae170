package import LedgerModel
package import Postgres
package import Subscriptions

/// The read models as subscriptions, for who wants nothing else: commands that answer from them,
/// and what compares them with the ledger.
package struct ProjectionRunner: Sendable {
    let pool: Pool
    package let projections: [Projection]
    private let runner: SubscriptionRunner

    /// - Parameters: as those of `SubscriptionRunner`.
    package init(
        pool: Pool, projections: [Projection] = Projection.all,
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

    /// Folds everything there is now, and returns when nothing lags that could be folded.
    package func catchUp() async throws { try await runner.catchUp() }

    /// Lets a halted projection try again, after the cause was mended.
    package func resume(_ projection: String, of ledger: LedgerID) async throws {
        try await runner.resume(projection, of: ledger)
    }

    package func status() async throws -> [SubscriptionStatus] { try await runner.status() }

    /// Makes the row of each projection that this database does not know yet.
    func register() async throws { try await runner.register() }

    /// As `SubscriptionRunner.rebuild`.
    package func rebuild(
        _ names: [String]? = nil,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> [RebuiltSubscription] {
        try await runner.rebuild(names, progress: progress)
    }
}

extension SubscriptionGroup {
    /// Read models, which move together and are rebuilt beside themselves.
    package static func readModels(_ projections: [Projection] = Projection.all) -> Self {
        let byName = Dictionary(projections.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        return SubscriptionGroup(
            folding: projections.map(\.subscription), as: "read models",
            erase: { member, ledger, limit, session in
                let page = ErasePage(ledger: ledger, version: member.version, limit: limit)
                return try byName[member.name]?.erase(page, session) ?? 0
            },
            fold: { range, members, session in
                for member in members {
                    let fold = FoldRange(range, version: member.version)
                    let seen = try byName[member.name]?.fold(fold, session)
                    if let seen, seen != range.count { return seen }
                }
                return range.count
            })
    }
}
