import Budgets
import Estimating
import EventStore
package import LedgerModel
import PriceBooks
import Pricing
import ReadModels

// Calls of the gateway that nobody knows the end of: their instance was killed.

extension BudgetService {
    /// The type of error of a request that was left without an outcome.
    package static let unresolved: Name = "unresolved"

    /// What a call has used as likely as not: its input, and the output that the ledger's own answers of its
    /// kind have on average.
    package func likelyUsage(
        _ dimensions: Dimensions, input: Usage, maxTokens: Int64?, choices: Int64,
        at now: Timestamp
    ) async throws -> Usage {
        var usage = input
        let isWithoutOutput = dimensions[.operation] == "embeddings"
        if isWithoutOutput || usage.isEmpty { return usage }
        let query = LengthQuery(
            ledger: ledger.id, app: dimensions[.app], feature: dimensions[.feature],
            model: dimensions[.model] ?? "",
            shape: PromptShape(inputTokens: usage[.inputTokens]), at: now)
        let predictor = LengthPredictor(try await query.run(on: pool).history)
        let mean = predictor.predict(coverage: 0.9, maxTokens: maxTokens).mean
        let (all, overflows) = Int64(mean.rounded()).multipliedReportingOverflow(by: choices)
        usage[.outputTokens] = overflows ? Usage.countMax : min(max(all, 0), Usage.countMax)
        return usage
    }

    /// What the end of a hold's time books for a call of the gateway; nil for others, which their callers
    /// report.
    func unresolved(_ hold: Hold) async throws -> SettledRequest? {
        guard hold.isOfGateway else { return nil }
        let call = HoldCall(of: hold)
        var request = hold.follower(.requestFailed, hold.bookedID)
        var input = hold.event.usage
        input[.outputTokens] = nil
        input[.reasoningOutputTokens] = nil
        request.usage = try await likelyUsage(
            request.dimensions, input: input, maxTokens: call.maxTokens, choices: call.choices,
            at: request.occurredAt)
        request.errorType = Self.unresolved
        request.detail = try Labels([("usage", "estimated")])
        try request.validate()
        let charge = try prices.withRater { try ChargeRule.charge(for: request, rater: &$0) }
        return SettledRequest(request, charge)
    }
}
