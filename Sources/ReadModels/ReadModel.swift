package import LedgerModel
package import Postgres
package import Subscriptions

/// A read model, declared: what it keeps, and how long its readers can wait.
///
/// What a declaration can't say is folded by hand beside the rollups.
package struct ReadModel: Sendable {
    /// The name, the revision of the fold, and how long its readers can wait.
    package let subscription: Subscription
    let rollups: [Rollup]
    let byHand: HandFold?

    package init(
        _ name: String, definition: Int32, patience: Duration, rollups: [Rollup] = [],
        byHand: HandFold? = nil
    ) {
        subscription = Subscription(
            name: name, definition: definition, patience: patience,
            pagePositionsMax: Self.pagePositionsMax)
        self.rollups = rollups
        self.byHand = byHand
    }

    package var name: String { subscription.name }

    /// Positions in one page: the larger it is, the more seldom is a row written again while a long
    /// history is folded.
    package static let pagePositionsMax: Int64 = 262_144

    /// Every read model of this program.
    package static let all = [
        spend, providers, users, unpriced, answers, tokenEstimates, savings, experiments,
        errors, cache, batches, promptCache, performance,
    ]
}

/// A fold that a declaration can't say, with the statement that erases its rows.
///
/// It gets what the scan of the page found; exactly once is the runner's business.
package struct HandFold: Sendable {
    package typealias Fold = @Sendable (EventRange, Int32, ScanFindings, Session) throws -> Void
    package typealias Erase = @Sendable (ErasePage, Session) throws -> Int

    let fold: Fold
    let erase: Erase

    package init(fold: @escaping Fold, erase: @escaping Erase) {
        self.fold = fold
        self.erase = erase
    }
}

package struct ErasePage: Sendable {
    package let ledger: LedgerID
    /// Versions before this one are erased.
    package let version: Int32
    /// Rows of a table at once.
    package let limit: Int64
}

package struct ConservedSubject: Sendable {
    package let ledger: LedgerID
    package let version: Int32
}

extension ReadModel {
    /// Removes rows of earlier versions; how many there were.
    func erase(_ page: ErasePage, _ session: Session) throws -> Int {
        var erased = try byHand?.erase(page, session) ?? 0
        for statements in rollups.flatMap(\.statements) {
            erased += try session.execute(statements.erase(page))
        }
        return erased
    }

    /// Requests and cost of each grain that holds all of them; a grain whose levels disagree gives
    /// those of the level that is unlike the others.
    func conserved(
        _ subject: ConservedSubject, _ session: Session
    ) throws -> [(grain: Int32, requests: Int64, cost: PicodollarSum)] {
        var sums: [(grain: Int32, requests: Int64, cost: PicodollarSum)] = []
        for rollup in rollups where rollup.isConserved {
            for (table, statements) in zip(rollup.tables, rollup.statements) {
                let levels = try session.query(statements.sums(subject)).rows.map { row in
                    ConservedSums(
                        requests: row[1].flatMap { Int64($0) } ?? 0,
                        cost: row[2].flatMap { Int128($0) } ?? 0)
                }
                let counted = Dictionary(grouping: levels, by: { $0 })
                let odd = counted.min { $0.value.count < $1.value.count }?.key ?? ConservedSums()
                sums.append((table.grain.rawValue, odd.requests, PicodollarSum(odd.cost)))
            }
        }
        return sums
    }

    private struct ConservedSums: Hashable {
        var requests: Int64 = 0
        var cost: Int128 = 0
    }
}
