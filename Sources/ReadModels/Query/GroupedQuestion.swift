package import LedgerModel
import Postgres

/// A question that groups what whole days of UTC say by some of the names that it is kept by.
///
/// Its call (`GET /api/v1/NAME`) and its command follow from it.
package protocol GroupedQuestion: ReadModelQuery {
    /// The names, in the order of the array of its statement.
    associatedtype Part: RawRepresentable, CaseIterable, Hashable, Sendable
    where Part.RawValue == String
    static var name: String { get }
    /// What it reports, such as `batches, waits and failures`.
    static var summary: String { get }
    var by: [Part] { get }
    var days: DayRange { get }
    /// Times are rounded outwards to days.
    init(ledger: LedgerID, by: [Part], from: Timestamp, to: Timestamp, page: AnswerPage)
}

extension GroupedQuestion {
    /// `$1` to `$6` of its query: the ledger, the days, whether each part is asked for, `LIMIT` and
    /// `OFFSET`.
    var parameters: Parameters {
        Parameters(
            ledger, days.from, days.to, Part.allCases.map { by.contains($0) }, page.rowsMax,
            Int64(page.offset))
    }

    /// - Parameter names: those of all parts, in their order.
    static func group(_ names: [String?]) -> [Part: String] {
        var group: [Part: String] = [:]
        for (part, name) in zip(Part.allCases, names) { group[part] = name }
        return group
    }
}
