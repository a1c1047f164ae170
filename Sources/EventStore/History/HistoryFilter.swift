package import LedgerModel

/// The part of a ledger's history that a long read covers.
package struct HistoryFilter: Codable, Hashable, Sendable {
    /// Events that occurred at this time or later.
    package var since: Timestamp?
    /// Events that occurred before this time.
    package var until: Timestamp?
    /// Events with exactly these dimensions.
    package var scope: [Dimension: Name] = [:]

    package init() {}

    /// The filter as a condition for COPY, which takes no parameters.
    ///
    /// We format the times; callers' texts appear only as hexadecimal digits.
    var condition: String {
        var terms: [String] = []
        if let since { terms.append("occurred_at >= '\(since)'") }
        if let until { terms.append("occurred_at < '\(until)'") }
        for (dimension, value) in scope.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let digits = value.string.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            terms.append(
                "\(dimension.field.column) = convert_from('\\x\(digits.joined())', 'UTF8')")
        }
        return terms.isEmpty ? "true" : terms.joined(separator: " AND ")
    }

    /// Everything that uses the same allowances: whole months, all dimensions.
    package var windows: HistoryFilter {
        var windows = HistoryFilter()
        windows.since = since?.month.start
        windows.until = until?.advanced(byMicroseconds: -1).month.next.start
        return windows
    }
}
