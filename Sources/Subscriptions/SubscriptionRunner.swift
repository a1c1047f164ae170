package import LedgerModel
package import Postgres

/// Keeps subscriptions up with the ledgers.
///
/// Any number of runners may run against one database. Each looks for a subscription that lags by
/// a plain read, claims its place for one page, runs the effect and moves the place by
/// compare-and-set: no leader, no locks of a session.
///
/// Events that an effect cannot take, or a hole in the positions, halt that subscription in that
/// ledger just before the guilty block, and its place says why; the others go on.
package struct SubscriptionRunner: Sendable {
    let pool: Pool
    package let groups: [SubscriptionGroup]
    private let wait: @Sendable (Duration) async throws -> Void
    let report: @Sendable (SubscriptionEvent) -> Void

    /// The longest pause after a failure.
    package static let backoffMax: Duration = .seconds(5)

    /// - Parameters:
    ///   - wait: returns after the given time, or before it when there may be something to do.
    ///   - report: told of what an operator should know; it must not block.
    package init(
        pool: Pool, groups: [SubscriptionGroup],
        wait: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        },
        report: @escaping @Sendable (SubscriptionEvent) -> Void = { _ in }
    ) {
        self.pool = pool
        self.groups = groups
        self.wait = wait
        self.report = report
    }

    var subscriptions: [Subscription] { groups.flatMap(\.subscriptions) }

    /// Runs until the task is cancelled, each group at its own pace.
    package func run() async {
        await withTaskGroup(of: Void.self) { tasks in
            for group in groups { tasks.addTask { await follow(group) } }
        }
    }

    /// Does everything there is to do now, and returns when nothing lags that could go on.
    package func catchUp() async throws {
        try await register()
        for group in groups {
            while try await pass(group, .eager) > 0 {}
        }
    }

    /// Does whatever makes up a whole page while somebody appends in bulk, and what is left at the
    /// end.
    package func catchUp<T: Sendable>(beside work: () async throws -> T) async throws -> T {
        try await register()
        let done = try await withThrowingTaskGroup(of: Void.self) { tasks in
            for group in groups { tasks.addTask { await followInBulk(group) } }
            defer { tasks.cancelAll() }
            return try await work()
        }
        try await catchUp()
        return done
    }

    /// Until the task is cancelled; a page that has begun is finished, since it would be lost.
    ///
    /// What fails here is left to `catchUp`, which says so.
    private func followInBulk(_ group: SubscriptionGroup) async {
        while !Task.isCancelled,
            let longest = try? await Task(operation: { try await pass(group, .bulk) }).value
        {
            if longest < group.pagePositionsMax { try? await wait(group.pause) }
        }
    }

    /// Lets a halted subscription try again, after the cause was mended; whether it was halted.
    @discardableResult
    package func resume(_ subscription: String, of ledger: LedgerID) async throws -> Bool {
        let resume = ResumePlace(ledger: ledger, subscription: subscription)
        return try await pool.session { try $0.execute(resume) } > 0
    }

    /// Makes the row of each subscription that this database does not know yet.
    package func register() async throws {
        let register = RegisterSubscriptions(groups: groups)
        _ = try await pool.session { try $0.run(register) }
    }

    private func follow(_ group: SubscriptionGroup) async {
        var backoff = SubscriptionGroup.pauseMin
        while !Task.isCancelled {
            do {
                try await register()
                while !Task.isCancelled {
                    let longest = try await pass(group, .patient)
                    if longest < group.pagePositionsMax { try await wait(group.pause) }
                    backoff = SubscriptionGroup.pauseMin
                }
            } catch {
                if Task.isCancelled || error is CancellationError { return }
                report(.retrying(group: group.name, after: backoff, error))
                do { try await wait(backoff) } catch { return }
                backoff = min(backoff * 2, Self.backoffMax)
            }
        }
    }

    /// A page for everything that lags; how many events the longest of them had.
    ///
    /// A ledger that fails does not keep the others waiting; its error comes out at the end.
    ///
    private func pass(_ group: SubscriptionGroup, _ pace: SubscriptionPace) async throws -> Int64 {
        let list = ListLagging(group: group, pace: pace)
        let lagging = try await pool.session { try $0.run(list) }
        var longest: Int64 = 0
        var failure: (any Error)?
        for places in LaggingPlace.byLedger(lagging) {
            do {
                longest = max(longest, try await advance(group, places))
            } catch let error where Self.isFatal(error) {
                throw error
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return longest
    }

    /// Whether nothing else can go on either.
    static func isFatal(_ error: any Error) -> Bool {
        error is CancellationError || (error as? PostgresError)?.isConnectionGone == true
    }

    /// A page of one ledger.
    private func advance(
        _ group: SubscriptionGroup, _ places: [LaggingPlace]
    ) async throws -> Int64 {
        switch group.effect {
        case .fold(let fold, _):
            return try await FoldPass(
                runner: self, group: group, fold: fold, places: places
            ).run()
        case .react(let react):
            guard let place = places.first, let subscription = group.subscriptions.first else {
                return 0
            }
            let page = ReactionPage(
                pool: pool, place: place, subscription: subscription, react: react)
            return try await bisecting(place, subscription.pagePositionsMax) {
                try await page.run(positionsMax: $0)
            } ?? 0
        }
    }

    /// Tries shorter and shorter ranges while a page is poisoned, and halts the place before the
    /// block that can't be divided any more; nil if it did.
    ///
    /// What lies before the poison is dealt with first.
    func bisecting<T>(
        _ place: LaggingPlace, _ positionsMax: Int64, _ page: (Int64) async throws -> T
    ) async throws -> T? {
        var limit = positionsMax
        while true {
            do {
                return try await page(limit)
            } catch let poison as PoisonedRange {
                if poison.blocks == 1 {
                    try await halt(place, poison)
                    return nil
                }
                // A block that begins within the limit may end far behind it.
                let span = poison.positions.upperBound - poison.positions.lowerBound
                limit = max(1, min(limit, span) / 2)
            }
        }
    }

    private func halt(_ place: LaggingPlace, _ poison: PoisonedRange) async throws {
        let halt = HaltPlace(
            ledger: place.ledger, member: place.member,
            position: poison.positions.lowerBound - 1, error: "\(poison)")
        let halted = try await pool.transaction { session in
            // The page that made the row of a new place was rolled back with it.
            if place.isNew {
                _ = try session.run(InsertPlaces(ledger: place.ledger, members: [place.member]))
            }
            return try session.run(halt)
        }
        if !halted.isEmpty {
            report(.halted(subscription: place.member.name, ledger: place.ledger, poison))
        }
    }
}

/// What an operator should know about.
package enum SubscriptionEvent: Sendable {
    case halted(subscription: String, ledger: LedgerID, PoisonedRange)
    case retrying(group: String, after: Duration, any Error)
}
