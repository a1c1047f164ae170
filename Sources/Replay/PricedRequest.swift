import LedgerModel
import Pricing

/// The facts of a request that determine its price.
struct PricedRequest: Sendable {
    let id: EventID
    let usage: Usage
    let provider: Name?
    let model: Name
    let serviceTier: Name?
    let region: Name?
    let occurredAt: Timestamp

    /// Prices the request, less what allowances make free; call it in the order of positions.
    func rate(with rater: inout MeteredRater) throws -> ScheduledRating {
        do throws(RatingOverflow) {
            return try rater.rate(
                usage, provider: provider, model: model, serviceTier: serviceTier,
                region: region, at: occurredAt)
        } catch {
            throw ReplayError.overflow(request: id)
        }
    }

    func rate(with rater: inout Rater) throws -> Rating {
        do throws(RatingOverflow) {
            return try ChargeRule.rate(
                usage, provider: provider, model: model, serviceTier: serviceTier,
                region: region, at: occurredAt, rater: &rater
            ).rating
        } catch {
            throw ReplayError.overflow(request: id)
        }
    }
}

/// The texts and periods that identify a group, as numbers.
struct GroupKey: Hashable {
    var parts = InlineArray<8, Int64>(repeating: 0)

    static func == (a: GroupKey, b: GroupKey) -> Bool {
        for index in 0..<8 where a.parts[index] != b.parts[index] { return false }
        return true
    }

    func hash(into hasher: inout Hasher) {
        for index in 0..<8 { hasher.combine(parts[index]) }
    }
}
