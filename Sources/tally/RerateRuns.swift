import EventStore
import Foundation
import Ingest
import LedgerModel
import Pricing
import Rerating
import Runs
import Server

extension Deployment {
    /// Re-ratings as long runs.
    ///
    /// One that is taken up again starts from the beginning and books only what is left.
    var rerates: RunKind {
        RunKind(RerateBody.kind) { context in
            let body = try JSONDecoder().decode(
                RerateBody.self, from: Data(context.request.utf8))
            let desk = try await self.ledgers.desk(for: context.ledger)
            try await desk.prices.refresh()
            var prices = desk.prices.schedule
            if let named = body.book {
                guard let id = PriceBookID(named), let book = try await self.shelf.book(id) else {
                    throw InputRefused("there is no book \(named)")
                }
                prices = PriceSchedule(book)
            }
            var request = RerateRequest(prices: prices)
            request.filter = try body.filter()
            request.isDryRun = body.dryRun ?? false
            let report = try await Rerater(ledger: desk.store, pool: self.pool)
                .run(request) { context.progress($0, of: $1) }
            return RunOutcome(result: report.json)
        }
    }
}
