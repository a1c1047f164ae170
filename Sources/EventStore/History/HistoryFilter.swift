package import LedgerModel

/// Which part of a ledger's history a long read looks at.
package struct HistoryFilter: Hashable, Sendable {
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

// MARK: - As a run keeps it

extension HistoryFilter: Codable {
    private enum CodingKeys: String, CodingKey {
        case since, until, only
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(since?.description, forKey: .since)
        try container.encode(until?.description, forKey: .until)
        try container.encode(
            Dictionary(
                scope.map { ($0.key.name, $0.value.string) }, uniquingKeysWith: { $1 }),
            forKey: .only)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func time(_ key: CodingKeys) throws -> Timestamp? {
            guard let text = try container.decodeIfPresent(String.self, forKey: key) else {
                return nil
            }
            guard let time = Timestamp(rfc3339: text) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container, debugDescription: "\(text) is no time")
            }
            return time
        }
        since = try time(.since)
        until = try time(.until)
        for (name, value) in try container.decode([String: String].self, forKey: .only) {
            guard let dimension = Dimension(name: name) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .only, in: container, debugDescription: "\(name) is no dimension")
            }
            scope[dimension] = Name(value)
        }
    }
}
