import Hummingbird
import LedgerModel

/// The query of a request's URL; the last of several values counts.
struct Query: Sendable {
    private let values: [Substring: Substring]

    init(_ request: Request) {
        values = Dictionary(
            request.uri.queryParameters.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }

    subscript(name: String) -> Substring? { values[name[...]] }

    /// RFC 3339, or a date that means its midnight in UTC.
    func time(_ name: String) throws -> Timestamp? {
        try self[name].map { text in
            guard let time = Timestamp(rfc3339: text, zoneIsOptional: true) else {
                throw Failure.invalid(
                    "\(name) \(text) is no time: write 2026-11-01 or 2026-11-01T00:00:00Z",
                    param: name)
            }
            return time
        }
    }

    func integer(
        _ name: String, default value: Int64, in range: ClosedRange<Int64>
    ) throws -> Int64 {
        guard let text = self[name] else { return value }
        guard let number = Int64(text), range ~= number else {
            throw Failure.invalid(
                "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)",
                param: name)
        }
        return number
    }
}
