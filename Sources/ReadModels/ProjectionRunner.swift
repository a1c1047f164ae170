package import LedgerModel
import LedgerSQL
package import Postgres

/// Keeps the read models up with the ledgers.
///
/// Any number of runners may run against one database. Each looks for a projection that lags by a
/// plain read, claims its checkpoint row for one transaction, folds the next range of positions
/// into the tables and moves the checkpoint by compare-and-set: exactly once, without a leader.
///
/// An event that cannot be folded, or a hole in the positions, halts that projection of that
/// ledger and says so in its checkpoint; the others go on.
package struct ProjectionRunner: Sendable {
    let pool: Pool
    package let projections: [Projection]
    private let wait: @Sendable (Duration) async throws -> Void
    private let report: @Sendable (ProjectionEvent) -> Void

    /// Positions in one transaction.
    package static let pagePositionsMax: Int64 = 65_536
    /// The pause between two looks for new events, unless much is left to fold.
    package static let pauseMax: Duration = .milliseconds(200)
    /// The longest pause after a failure.
    package static let backoffMax: Duration = .seconds(5)

    /// - Parameters:
    ///   - wait: returns after the given time, or before it when there may be something to do.
    ///   - report: told of what an operator should know; it must not block.
    package init(
        pool: Pool, projections: [Projection] = Projection.all,
        wait: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        },
        report: @escaping @Sendable (ProjectionEvent) -> Void = { _ in }
    ) {
        self.pool = pool
        self.projections = projections
        self.wait = wait
        self.report = report
    }

    /// Runs until the task is cancelled.
    package func run() async {
        var backoff = Self.pauseMax
        var number = 0
        while !Task.isCancelled {
            do {
                try await register()
                while !Task.isCancelled {
                    number += 1
                    // Small folds cost as much to plan as large ones, so they are let grow.
                    if try await pass(number) < Self.pagePositionsMax {
                        try await wait(Self.pauseMax)
                    }
                    backoff = Self.pauseMax
                }
            } catch {
                if Task.isCancelled || error is CancellationError { return }
                report(.retrying(after: backoff, error))
                do { try await wait(backoff) } catch { return }
                backoff = min(backoff * 2, Self.backoffMax)
            }
        }
    }

    /// Folds everything there is now, and returns when nothing lags that could be folded.
    package func catchUp() async throws {
        try await register()
        while try await pass() > 0 {}
    }

    /// Lets a halted projection try again, after the cause was mended.
    package func resume(_ projection: String, of ledger: LedgerID) async throws {
        _ = try await pool.session {
            try $0.run(ResumeCheckpoint(ledger: ledger, projection: projection))
        }
    }

    /// Makes the row of each projection that this database does not know yet.
    func register() async throws {
        let register = RegisterProjections(
            names: projections.map(\.name), definitions: projections.map(\.definition))
        _ = try await pool.session { try $0.run(register) }
    }

    /// One range for everything that lags; how many events the longest of them has.
    ///
    /// - Parameter number: counts the passes of a run, in which models that may wait take turns;
    ///   without one, all fold.
    private func pass(_ number: Int? = nil) async throws -> Int64 {
        let list = ListLagging(
            names: projections.map(\.name), definitions: projections.map(\.definition))
        let lagging = try await pool.session { try $0.run(list) }
        var longest: Int64 = 0
        var failure: (any Error)?
        for target in lagging {
            guard let projection = projections.first(where: { $0.name == target.projection })
            else { continue }
            let isDue = number.map { $0.isMultiple(of: projection.passesApart) } ?? true
            guard isDue || target.lag >= Self.pagePositionsMax else { continue }
            do {
                longest = max(longest, try await advance(projection, target))
            } catch let error as PostgresError where error.isConnectionGone {
                throw error
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return longest
    }

    private func advance(_ projection: Projection, _ target: CheckpointKey) async throws -> Int64 {
        var limit = Self.pagePositionsMax
        while true {
            let page = FoldPage(projection: projection, target: target, positionsMax: limit)
            do {
                return try await page.run(on: pool) ?? 0
            } catch let poison as PoisonedRange {
                // What lies before the poison is folded; only the block that holds it halts.
                if poison.blocks > 1 {
                    limit = max(1, (poison.positions.upperBound - poison.positions.lowerBound) / 2)
                    continue
                }
                try await halt(target, poison)
                return 0
            }
        }
    }

    private func halt(_ target: CheckpointKey, _ poison: PoisonedRange) async throws {
        let halt = HaltCheckpoint(
            target: target, position: poison.positions.lowerBound - 1, error: "\(poison)")
        if try await !pool.session({ try $0.run(halt) }).isEmpty {
            report(.halted(projection: target.projection, ledger: target.ledger, poison))
        }
    }
}

/// What an operator should know about.
package enum ProjectionEvent: Sendable {
    case halted(projection: String, ledger: LedgerID, PoisonedRange)
    case retrying(after: Duration, any Error)
}

/// A range of positions that a projection cannot fold.
package struct PoisonedRange: Error, Sendable, CustomStringConvertible {
    package let positions: ClosedRange<Int64>
    package let blocks: Int64
    package let cause: any Error

    package var description: String {
        "positions \(positions.lowerBound) to \(positions.upperBound) cannot be folded: \(cause)"
    }
}

/// Events that should be there are not, or there are more than there should be.
package struct PositionGap: Error, Hashable, Sendable, CustomStringConvertible {
    package let expected: Int64
    package let found: Int64

    package var description: String {
        "\(expected) events were expected and \(found) found: run tally verify"
    }
}
