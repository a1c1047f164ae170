import Access
import Booking
import Budgeting
import Budgets
import EventReading
import Experimenting
import Experiments
import LedgerModel
import Logging
import PriceBooks
import Rerating

/// Sixty days of a made-up company, so that every command has something to show.
enum SampleLedger {
    /// The day on which the experiment began.
    private static let experimentDay: Int64 = 35
    /// The discount that was agreed on late: requests before it was known are re-rated.
    private static let discountDay: Int64 = 40

    /// Fills the ledger `sample` once; an existing sample is left as it is.
    static func fill(in deployment: Deployment, logger: Logger) async throws {
        guard try await deployment.directory.find("sample") == nil else { return }
        let ledger = try await deployment.createLedger("sample")
        var company = SampleCompany(endingAt: .now)
        var requests = try await append(company.events(ofDays: 0..<experimentDay), to: ledger)
        company.experiment = try await defineExperiment(
            in: ledger, deployment, from: company.start(of: experimentDay))
        let rest = experimentDay..<SampleCompany.days
        requests += try await append(company.events(ofDays: rest), to: ledger)
        try await agreeOnDiscount(in: ledger, deployment, from: company.start(of: discountDay))
        try await defineBudgets(in: ledger)
        logger.info("created a sample ledger", metadata: ["events": "\(requests)"])
    }

    private static func append(_ events: [Event], to ledger: OpenLedger) async throws -> Int {
        var rest = events.enumerated().makeIterator()
        let report = try await ledger.intake.take {
            rest.next().map { ReadItem(index: $0, line: nil, result: .success($1)) }
        }
        return report.appended
    }

    private static func defineExperiment(
        in ledger: OpenLedger, _ deployment: Deployment, from start: Timestamp
    ) async throws -> ExperimentDefinition {
        let definition = try ExperimentDefinition(
            name: "short-answers", arms: "control=50,short=50", unit: "user",
            metrics: "cost:5%,quality", errorRate: nil, unitsMin: nil)
        _ = try await ExperimentService(ledger: ledger.store, pool: deployment.pool).define(
            definition, at: start)
        return definition
    }

    /// Two budgets, which first count what their windows have seen.
    private static func defineBudgets(in ledger: OpenLedger) async throws {
        for (name, limit, window, filter, each, enforcement) in [
            (
                "platform", "150", "month", [(dimension: "team", value: "platform")], nil,
                "hard"
            ),
            ("people", "1.50", "day", [], "user", "soft"),
        ] {
            var budget = WrittenBudget(name: name, limits: WrittenAmounts(usd: limit))
            (budget.window, budget.filter) = (window, filter)
            (budget.each, budget.enforcement) = (each, enforcement)
            _ = try await ledger.budgets.change(
                name, .set(try budget.definition()), by: "the sample", at: .now)
        }
    }

    /// Puts a discount into the price book, and books what it changes.
    private static func agreeOnDiscount(
        in ledger: OpenLedger, _ deployment: Deployment, from start: Timestamp
    ) async throws {
        let day = start.description.prefix(10)
        let file = """
            tally_terms: 1
            discounts:
            - {name: framework agreement, from: \(day), provider: anthropic, percent_off: 8}
            """
        let terms = LedgerTerms(
            ledger: ledger.store, prices: ledger.prices, bookStore: deployment.bookStore)
        _ = try await terms.publish(file, effectiveFrom: nil, at: .now, id: makeEventID())
        let request = RerateRequest(prices: ledger.prices.schedule)
        _ = try await Rerater(ledger: ledger.store, pool: deployment.pool).run(request)
    }
}
