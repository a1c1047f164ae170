package import EventStore
package import LedgerModel
package import Postgres
package import PriceBooks
import Pricing

/// What an intake would do to a ledger: everything but the append.
package struct PreviewedLedger: Sendable {
    private let ledger: PreviewLedger
    package let intake: Intake

    package init(of id: LedgerID, in pool: Pool, prices: LedgerPrices) {
        self.init(PreviewLedger(id: id, pool: pool), prices)
    }

    /// A ledger that does not exist yet: empty, with the built-in prices.
    package static var new: PreviewedLedger {
        PreviewedLedger(
            PreviewLedger(id: LedgerID(1), pool: nil), LedgerPrices(PriceSchedule(.default)))
    }

    private init(_ ledger: PreviewLedger, _ prices: LedgerPrices) {
        self.ledger = ledger
        intake = Intake(ledger: ledger, prices: prices)
    }

    /// What the new events since the last call would add.
    package func takeSummary() -> AppendPreview { ledger.takeSummary() }
}
