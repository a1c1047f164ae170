import EventReading
import LedgerModel

// MARK: - Times of a bill

extension BillValue {
    /// A day, or a moment of it, in UTC: exports by the hour write `2026-03-31 02:00`.
    static func moment(_ text: String, _ what: String, line: Int) throws -> Timestamp {
        let bare = text.hasSuffix(" UTC") ? String(text.dropLast(4)) : text
        let isWithoutSeconds = bare.utf8.count == "2026-03-31 02:00".utf8.count
        let spellings = isWithoutSeconds ? [bare, bare + ":00"] : [bare]
        for spelling in spellings {
            if let time = Timestamp(rfc3339: spelling, zoneIsOptional: true) { return time }
        }
        if let advice = SpreadsheetDate.advice(of: text, in: what) {
            throw BillFlaw(advice, line: line)
        }
        throw BillFlaw(
            "\(what) is \"\(text)\": expected a day such as 2026-11-01, or an hour such as "
                + "2026-11-01 02:00", line: line)
    }

    /// Seconds since 1970.
    static func moment(seconds: Int64, _ what: String, line: Int) throws -> Timestamp {
        let time = Timestamp(unixMicroseconds: min(seconds, 1 << 40) * 1_000_000)
        guard time < .earliest else { return time }
        throw BillFlaw(
            SpreadsheetDate.advice(of: String(seconds), in: what)
                ?? "\(what) is \(seconds), which lies before 2015: expected seconds since 1970",
            line: line)
    }

    /// What a bucket covers; one without an end is a day.
    static func period(_ start: Timestamp, _ end: Timestamp?) -> Range<Timestamp> {
        start..<(end ?? start.startOfDay.advanced(byMicroseconds: Timestamp.dayMicroseconds))
    }

    /// Requires a bucket that ends after it starts, within one day; an hour belongs
    /// to its day.
    static func requireWithinDay(_ start: Timestamp, _ end: Timestamp?, line: Int) throws {
        guard let end else { return }
        guard end > start else {
            throw BillFlaw(
                "the bucket ends at \(end), which is not after its start at \(start)", line: line)
        }
        if end.microseconds > start.startOfDay.microseconds + Timestamp.dayMicroseconds {
            throw BillFlaw(
                "the bucket covers more than one UTC day: export by day", line: line)
        }
    }
}
