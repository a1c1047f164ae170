import Booking
import EventStore
import LedgerModel
import PriceBooks
import Pricing
import Rendering
import Rerating
import Runs

extension Deployment {
    /// Re-ratings as long runs.
    ///
    /// - Parameter onReport: receives the whole report, in the process that finished the run.
    func rerates(onReport: @escaping @Sendable (RerateReport) -> Void) -> RunKind {
        RunKind(RerateOrder.kind) { context in
            guard let order = RerateOrder(text: context.request) else {
                throw RerateError.unreadableOrder
            }
            var books: [PriceBookID: PriceBook] = [:]
            for id in Set(order.books.entries.map(\.book)) {
                guard let book = try await self.bookStore.book(id) else {
                    throw InputRefused("there is no book \(id): see tally prices list")
                }
                books[id] = book
            }
            let request = try order.request { id in
                guard let book = books[id] else { throw RerateError.unreadableOrder }
                return book
            }
            let openLedger = try await self.ledgers.openLedger(context.ledger)
            let report = try await Rerater(ledger: openLedger.store, pool: self.pool).run(
                request, from: context.checkpoint, keep: { try await context.keep($0) }
            ) { context.progress($0, of: $1) }
            onReport(report)
            return RunOutcome(result: Rerated(report).json)
        }
    }
}
