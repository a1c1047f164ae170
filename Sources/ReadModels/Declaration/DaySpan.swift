import LedgerModel

/// Successive days of UTC in one row: 1, 4, 16 or 64 of them, from a multiple of as many days since
/// 2000.
///
/// Any time of whole days is a few spans, so that a question about months reads as many rows as one
/// about days. `docs/decisions/0039` has what the lengths cost and save.
enum DaySpan: Int16, CaseIterable, Sendable {
    case day, four, sixteen, sixtyFour

    /// A level by a longer span than a day is stored as its number and a multiple of this.
    static let levelsMax: Int16 = 100

    var days: Int32 { 1 << (2 * Int32(rawValue)) }

    /// The number that rows of a level have.
    func stored(_ level: Int16) -> Int16 { level + Self.levelsMax * rawValue }
}

/// The spans that a time of whole days is made of, in order.
struct DaySpans: Sendable {
    private(set) var spans: [DaySpan] = []
    /// Days since 2000.
    private(set) var starts: [Int32] = []

    /// No event lies before this time, and none after the second.
    private static let bounds = Timestamp.earliest...Timestamp(year: 2100, month: 1, day: 1)

    init(_ days: DayRange) {
        let end = Self.day(of: days.to)
        var start = Self.day(of: days.from)
        while start < end {
            let span =
                DaySpan.allCases.last { start % $0.days == 0 && $0.days <= end - start } ?? .day
            spans.append(span)
            starts.append(start)
            start += span.days
        }
    }

    private static func day(of time: Timestamp) -> Int32 {
        let time = min(max(time, bounds.lowerBound), bounds.upperBound)
        return Int32(time.microseconds / Timestamp.dayMicroseconds)
    }

    /// The numbers by which the spans of a level are stored.
    func stored(_ level: Int16) -> [Int16] { spans.map { $0.stored(level) } }

    /// The rows of those spans in a read model's table by day, each with `span_start` and
    /// `span_number` (from 1): `$1` is the ledger, and two parameters are the stored levels and
    /// the starts.
    static func rows(
        _ columns: String, of table: String, in model: String, levels: String, starts: String
    ) -> String {
        """
        unnest(\(levels)::smallint[], \(starts)::integer[]) WITH ORDINALITY
                AS spans (span_level, span_start, span_number),
            LATERAL (
                SELECT \(columns) FROM tally.\(table)
                WHERE ledger_id = $1 AND level = span_level
                    AND day = date '2000-01-01' + span_start
                    AND version = (
                        SELECT active_version FROM tally.projections WHERE name = '\(model)')
                OFFSET 0
            ) AS cells
        """
    }
}
