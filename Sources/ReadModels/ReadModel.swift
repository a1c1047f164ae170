package import LedgerModel
import LedgerSQL
package import Postgres
import Subscriptions

/// A read model: its name, and the statements that fill, empty and check its tables.
package protocol ReadModel {
    /// The name in checkpoints, messages and `tally rebuild`.
    static var name: String { get }
    /// The revision of the fold; a change of what it computes needs another, and a rebuild.
    static var definition: Int32 { get }
    /// How long its readers can wait.
    ///
    /// One whose events touch many rows folds more at once when it waits, and touches each row
    /// less often.
    static var patience: Duration { get }
    associatedtype Fold: FoldStatement
    associatedtype Erase: EraseStatement
    associatedtype Conserved: ConservedStatement
}

extension ReadModel {
    package static var patience: Duration { .zero }
}

/// Adds what happened in a range of positions to the tables; how many events it saw.
///
/// Exactly once is the runner's business; the fold may assume it. `$1` is the ledger, `$2` the
/// version, `$3` and `$4` the positions after which and up to which it reads, `$5` and `$6` the
/// event ids from which and before which they lie, so that months without them are left out.
package protocol FoldStatement: Statement where Row == Int64 {
    var range: FoldRange { get }
    init(range: FoldRange)
}

extension FoldStatement {
    package static var columns: Columns<Int64> { Columns(Int64.self) }
    package static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
    package var parameters: Parameters {
        Parameters(
            range.ledger, range.version, range.after, range.upTo, range.firstID, range.endID)
    }
}

/// Removes rows of versions before `$2` of ledger `$1`, at most `$3` of a table at once.
package protocol EraseStatement: Statement where Row == Void {
    var page: ErasePage { get }
    init(page: ErasePage)
}

extension EraseStatement {
    package static var columns: Columns<> { Columns() }
    package static func row(_ cells: ()) throws(PostgresError) {}
    package var parameters: Parameters { Parameters(page.ledger, page.version, page.limit) }
}

/// Requests and cost of ledger `$1` in version `$2`, a row for each grain that holds all of them.
package protocol ConservedStatement: Statement
where Row == (grain: Int32, requests: Int64, cost: PicodollarSum) {
    var subject: ConservedSubject { get }
    init(subject: ConservedSubject)
}

extension ConservedStatement {
    package static var columns: Columns<Int32, Int64, PicodollarSum> {
        Columns(Int32.self, Int64.self, PicodollarSum.self)
    }
    package static func row(
        _ cells: (Int32, Int64, PicodollarSum)
    ) throws(PostgresError) -> (grain: Int32, requests: Int64, cost: PicodollarSum) { cells }
    package var parameters: Parameters { Parameters(subject.ledger, subject.version) }
}

/// For a read model of which the ledger's blocks say nothing: there is nothing to compare.
package struct NothingConserved: ConservedStatement {
    package static let sql = """
        SELECT 24, 0::bigint, 0::numeric WHERE false AND $1::bigint = $2::integer
        """
    package let subject: ConservedSubject
    package init(subject: ConservedSubject) { self.subject = subject }
}

/// The events a fold reads: positions after `after` up to `upTo`, whose ids lie in
/// `firstID..<endID`.
package struct FoldRange: Sendable {
    package let ledger: LedgerID
    package let version: Int32
    package let after: Int64
    package let upTo: Int64
    package let firstID: EventID
    package let endID: EventID

    init(_ range: EventRange, version: Int32) {
        ledger = range.ledger
        self.version = version
        (after, upTo) = (range.after, range.upTo)
        (firstID, endID) = (range.firstID, range.endID)
    }
}

package struct ErasePage: Sendable {
    package let ledger: LedgerID
    package let version: Int32
    package let limit: Int64
}

package struct ConservedSubject: Sendable {
    package let ledger: LedgerID
    package let version: Int32
}

/// A read model as the runner sees it.
package struct Projection: Sendable {
    let subscription: Subscription
    let fold: @Sendable (FoldRange, Session) throws -> Int64
    let erase: @Sendable (ErasePage, Session) throws -> Int
    let conserved:
        @Sendable (ConservedSubject, Session) throws -> [(
            grain: Int32, requests: Int64, cost: PicodollarSum
        )]

    package var name: String { subscription.name }

    package init<Model: ReadModel>(_: Model.Type) {
        subscription = Subscription(
            name: Model.name, definition: Model.definition, patience: Model.patience)
        fold = { range, session in try session.one(Model.Fold(range: range)) }
        erase = { page, session in try session.execute(Model.Erase(page: page)) }
        conserved = { subject, session in try session.run(Model.Conserved(subject: subject)) }
    }

    /// Every read model of this program; those that take longest to fold come first, so that the
    /// two sides of a rebuild end at about the same time.
    package static let all = [
        Projection(Answers.self), Projection(Spend.self), Projection(ProviderUsage.self),
        Projection(UserUsage.self), Projection(TokenEstimates.self),
        Projection(ExperimentUnits.self),
        Projection(Unpriced.self), Projection(PromptSavings.self),
    ]
}
