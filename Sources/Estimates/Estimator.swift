package import Estimating
package import LedgerModel
import LedgerSQL
package import Postgres
package import Pricing
import ReadModels

/// Estimates requests by a ledger's history and prices.
package struct Estimator: Sendable {
    private let ledger: LedgerID
    private let pool: Pool
    private let prices: PriceSchedule

    /// The most input tokens, and the most output tokens, of an estimated request.
    package static let tokensMax: Int64 = 1_000_000_000

    package init(ledger: LedgerID, pool: Pool, prices: PriceSchedule) {
        self.ledger = ledger
        self.pool = pool
        self.prices = prices
    }

    package func estimate(
        _ request: PlannedRequest, at time: Timestamp
    ) async throws -> CostEstimate {
        let answer = try await LengthQuery(
            ledger: ledger, app: request.app, feature: request.feature, model: request.model,
            shape: request.shape, at: time
        ).run(on: pool)
        return try CostEstimate(request, knowing: answer, under: prices, at: time)
    }

    /// What the bills of the ledger teach about estimates of tokens.
    package func calibrations(at time: Timestamp) async throws -> EstimateCalibrations {
        try await CalibrationQuery(ledger: ledger, at: time).run(on: pool).calibrations
    }

    /// What the ledger's bills teach about counts made with an encoding for a provider's model.
    package func calibration(
        provider: Name, model: Name, encoding: Name, at time: Timestamp
    ) async throws -> EstimateCalibration {
        try await calibrations(at: time)
            .calibration(provider: provider, model: model, encoding: encoding)
    }
}
