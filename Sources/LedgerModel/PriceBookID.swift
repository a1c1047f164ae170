/// The identity of a price book: the first half of the SHA-256 of its canonical text.
package struct PriceBookID: Hashable, Comparable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(_ digest: Digest) {
        self.init(high: digest.words[0], low: digest.words[1])
    }

    package static func < (a: PriceBookID, b: PriceBookID) -> Bool {
        (a.high, a.low) < (b.high, b.low)
    }
}

extension PriceBookID: CustomStringConvertible {
    /// The 36 characters of a UUID, as PostgreSQL shows it.
    package var description: String { EventID(high: high, low: low).description }

    package init?(_ text: some StringProtocol) {
        guard let id = EventID(text) else { return nil }
        self.init(high: id.high, low: id.low)
    }
}
