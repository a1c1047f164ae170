package import LedgerModel

/// Which part of a ledger's history a long read looks at.
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
    /// Times are of our own formatting, and callers' texts are hexadecimal digits only.
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

    /// Everything that takes from the same allowances: whole months, whatever the dimensions.
    package var windows: HistoryFilter {
        var windows = HistoryFilter()
        windows.since = since?.month.start
        windows.until = until?.advanced(byMicroseconds: -1).month.next.start
        return windows
    }
}
