import Booking
import Hummingbird
package import JSON
import LedgerModel
import PriceBooks
package import Recommendations

/// `/api/v1/recommendations`: what could be done better, with the money it costs a day.
struct RecommendationRoutes: Sendable {
    let parts: ServerParts

    /// What is answered without `from`.
    private static let defaultDays: Int64 = 7

    func add(to router: Router<TallyContext>) {
        router.get("/api/v1/recommendations") { request, _ in try await recommend(request) }
    }

    private func recommend(_ request: Request) async throws -> Response {
        let asked = try await ReadRoutes(parts: parts).asked(request, days: Self.defaultDays)
        let query = RecommendationQuery(ledger: asked.ledger, from: asked.from, to: asked.to)
        let prices = try await parts.ledgers.openLedger(asked.ledger).prices.schedule
        let answer = try await query.run(on: parts.pool, prices: prices)
        return .json(
            answer: answer.position, query.from, query.to, rows: answer.recommendations
        ) { json, recommendation in
            json.fields(of: recommendation)
        }
    }
}

extension JSONWriter {
    /// A recommendation, its money as exact text or null with the reason.
    package mutating func fields(of recommendation: Recommendation) {
        field("kind", recommendation.kind.rawValue)
        for dimension in Dimension.allCases {
            guard let name = recommendation.dimensions[dimension] else { continue }
            field(dimension.name, name.string)
        }
        field("finding", recommendation.finding)
        field("remedy", recommendation.remedy)
        switch recommendation.costPerDay {
        case .known(let cost):
            field("cost_usd_per_day", cost.description)
            field("unpriced", nil as String?)
        case .unknown(let reason):
            field("cost_usd_per_day", nil as String?)
            field("unpriced", reason)
        }
        field("sentence", recommendation.sentence)
        key("evidence")
        object { json in
            for (key, value) in recommendation.evidence { json.field(key, value) }
        }
    }
}
