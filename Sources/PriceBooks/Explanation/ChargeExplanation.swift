package import LedgerModel
package import Pricing

/// Explains what a request costs, from the events that book it and their books.
package struct ChargeExplanation: Sendable {
    package let request: RecordedEvent
    /// The charge and its adjustments in booking order; empty for a request that is not charged.
    package let opinions: [Opinion]

    /// What one event booked, and what its book says now.
    package struct Opinion: Sendable {
        /// `charge.rated` or `charge.adjusted`.
        package let event: RecordedEvent
        /// nil if no book was in force, or none is named.
        package let book: PriceBook?
        /// How the book came into use; nil if the ledger never published it.
        package let publication: Publication?
        /// The price of the request under the book, recomputed by the code that rates.
        package let derivation: Derivation?
        package let recomputed: Rating
        /// The sum of everything booked up to this event; nil while there is no price.
        package let costSoFar: PicodollarSum?

        /// Whether the book still yields what was booked.
        ///
        /// A charge that disagrees is a fault in the book's text, the event or the program. An
        /// adjustment may book something other than a price, such as a credit.
        package var agrees: Bool {
            switch recomputed {
            case .priced(let amount): costSoFar == PicodollarSum(amount)
            case .unpriced(let reason):
                costSoFar == nil && event.event.unpriced?.string == reason.description
            }
        }
    }

    /// The book of a `prices.published` event.
    package struct Publication: Hashable, Sendable {
        package let position: Int64
        package let publishedAt: Timestamp
        package let book: PriceBookID
        /// nil means since always.
        package let effectiveFrom: Timestamp?
    }

    /// The sum of everything booked; nil if there is no price.
    package var cost: PicodollarSum? { opinions.last?.costSoFar }

    /// The charge that ingest booked.
    package var charge: Opinion? { opinions.first }
    package var adjustments: ArraySlice<Opinion> { opinions.dropFirst() }

    /// Whether recomputing gives the same charge.
    package var holds: Bool { charge?.agrees ?? true }
}

/// Why nothing was explained.
package enum ExplanationRefusal: Fault {
    case unknown(String)
    case notCharged(EventID, EventKind)
    case missingBook(PriceBookID)

    package var kind: FaultKind {
        if case .notCharged = self { .invalid } else { .notFound }
    }

    package var param: String? {
        if case .notCharged = self { "id" } else { nil }
    }

    package var description: String {
        switch self {
        case .unknown(let id):
            "this ledger has no event \(id): give the id of a request or a charge, or the sender's "
                + "own id with its source (--source, or source= over HTTP)"
        case .notCharged(let id, let kind):
            "event \(id) is \(kind.name): only requests and their charges have a price"
        case .missingBook(let id):
            "the charge names the price book \(id), which the database does not have"
        }
    }
}
