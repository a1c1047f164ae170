package import Calendars
package import EventStore
package import LedgerModel
package import Postgres
package import Pricing
package import Runs

/// A question of the form "what would this policy have done to history": a file, and a report.
///
/// The command, the call and the long run follow from it.
package protocol PolicyReplay: Sendable {
    associatedtype Report: PolicyReport
    /// The name of the command, and of the kind in a call: `cache`.
    static var name: String { get }

    /// What is wrong with the file is said with its line and column.
    init(policy: String, in zone: CalendarZone) throws
    func run(
        on history: ReplayedHistory,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void
    ) async throws -> Report
}

package protocol PolicyReport: Sendable {
    /// The same with that many groups at most; the others are only counted.
    func limited(toRows rows: Int) -> Self
}

/// What a policy is tried on.
package struct ReplayedHistory: Sendable {
    package let ledger: LedgerID
    package let pool: Pool
    /// The prices that the ledger uses.
    package let prices: PriceSchedule
    package var filter = HistoryFilter()
    package var groupedBy: [Grouping] = []
    package var zone = CalendarZone.utc

    package init(ledger: LedgerID, pool: Pool, prices: PriceSchedule) {
        self.ledger = ledger
        self.pool = pool
        self.prices = prices
    }
}

/// A replay of a policy, stored with its run: complete, so that any process can execute it.
package struct PolicyOrder: StoredAsJSON, Hashable, Sendable {
    private let policy: String
    private let filter: HistoryFilter
    private let groupedBy: [Grouping]
    private let prices: ScheduledBooks
    /// Nil for UTC.
    private let zone: String?

    package init(_ policy: String, on history: ReplayedHistory) throws(ReplayError) {
        try history.check()
        self.policy = policy
        filter = history.filter
        groupedBy = history.groupedBy
        prices = ScheduledBooks(history.prices)
        zone = history.zone == .utc ? nil : history.zone.name
    }

    fileprivate func run<Replay: PolicyReplay>(
        _: Replay.Type, of ledger: LedgerID, in pool: Pool,
        progress: @escaping @Sendable (Int64, Int64) -> Void
    ) async throws -> Replay.Report {
        let books = prices
        let schedule = try await pool.session { session in
            try books.schedule { try ReplayOrder.book($0, in: session) }
        }
        var history = ReplayedHistory(ledger: ledger, pool: pool, prices: schedule)
        history.filter = filter
        history.groupedBy = groupedBy
        history.zone = zone.flatMap { CalendarZone(named: $0) } ?? .utc
        return try await Replay(policy: policy, in: history.zone)
            .run(on: history, progress: progress)
    }
}

extension ReplayedHistory {
    /// The dimensions that it is grouped by; for replays that know no periods.
    package var dimensions: [Dimension] {
        get throws(ReplayError) {
            var dimensions: [Dimension] = []
            for grouping in groupedBy {
                guard case .dimension(let dimension) = grouping else { throw .noPeriods(grouping) }
                dimensions.append(dimension)
            }
            return dimensions
        }
    }

    /// Refuses groups that can't be made, before anything is read.
    package func check() throws(ReplayError) {
        guard groupedBy.count <= ReplayRequest.groupingsMax,
            Set(groupedBy).count == groupedBy.count
        else { throw .tooManyGroupings(max: ReplayRequest.groupingsMax) }
    }
}

/// What a call needs to know of a replay of a policy before it is run.
package struct KnownPolicyReplay: Sendable {
    /// The kind in a call.
    package let name: String
    /// The kind of its runs.
    package let runKind: String
    /// Refuses a file that is wrong.
    package let check: @Sendable (_ policy: String, _ zone: CalendarZone) throws -> Void
}

extension PolicyReplay {
    /// The kind of its runs: `replay.cache`.
    package static var runKind: String { "replay.\(name)" }

    package static var known: KnownPolicyReplay {
        KnownPolicyReplay(name: name, runKind: runKind) { policy, zone in
            _ = try Self(policy: policy, in: zone)
        }
    }

    /// The replay as a kind of long runs; one that was killed begins again.
    ///
    /// - Parameter render: makes the result of a run.
    package static func run(
        pool: Pool, render: @escaping @Sendable (Report) -> String
    ) -> RunKind {
        RunKind(runKind) { context in
            guard let order = PolicyOrder(text: context.request) else {
                throw ReplayError.unreadableOrder
            }
            let report = try await order.run(Self.self, of: context.ledger, in: pool) {
                context.progress($0, of: $1)
            }
            return RunOutcome(result: render(report.limited(toRows: RunKind.resultRowsMax)))
        }
    }
}
