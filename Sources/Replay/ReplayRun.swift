import EventStore
import LedgerModel
package import Postgres
import Pricing
package import Runs

extension RunKind {
    package static let priceReplayName = "replay.prices"

    /// Replays of prices as long runs.
    ///
    /// - Parameters:
    ///   - render: makes the result of a run, from a report and the most rows that it may have.
    ///   - onReport: receives the whole report, in the process that finished the run.
    package static func priceReplay(
        pool: Pool, render: @escaping @Sendable (ReplayReport, Int) -> String,
        onReport: @escaping @Sendable (ReplayReport) -> Void = { _ in }
    ) -> RunKind {
        RunKind(priceReplayName) { context in
            guard let order = ReplayOrder(text: context.request) else {
                throw ReplayError.unreadableOrder
            }
            let request = try await pool.session { try order.request(in: $0) }
            let report = try await PriceReplay(ledger: context.ledger, pool: pool).run(
                request, from: context.checkpoint, keep: { try await context.keep($0) }
            ) { context.progress($0, of: $1) }
            onReport(report)
            return RunOutcome(result: render(report, resultRowsMax)) { session in
                guard let scenario = order.scenario else { return }
                try Scenarios.write(
                    report, detail: render(report, 0), as: scenario, of: context.ledger,
                    run: context.run,
                    replaces: order.replaces, in: session)
            }
        }
    }

    /// The most rows in the result of a run; a scenario has all of them.
    static let resultRowsMax = 10_000
}
