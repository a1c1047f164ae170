package import LedgerModel

/// The one rule for what an optimization saved.
///
/// A saving is an event of its own, like a charge: the content of what the sender reported does not
/// depend on prices, so a retry after a price change is still a duplicate. It is the price of
/// `tokens_before` input tokens minus that of `tokens_after` under the book in force, so crossing a
/// price bound counts too. Tokens that the provider's cache would have made cheaper count at the
/// plain input rate. Without a price the saving is unknown, not zero, and says why.
package enum SavingRule {
    /// The key in `detail` under which an unpriced saving says why.
    package static let unpricedKey: Name = "unpriced"

    /// The saving of an optimized prompt; nil for other events, and without counts.
    package static func saving(
        for optimized: borrowing Event, rater: inout Rater
    ) throws(RatingOverflow) -> Event? {
        guard optimized.kind == .promptOptimized,
            let before = optimized.optimization.tokensBefore,
            let after = optimized.optimization.tokensAfter
        else { return nil }
        var saving = Event(
            id: .charge(for: optimized.id, after: nil), kind: .savingRated,
            occurredAt: optimized.occurredAt)
        saving.causeID = optimized.id
        saving.dimensions = optimized.dimensions
        let saved = try saved(
            from: before, to: after, of: optimized.dimensions, at: optimized.occurredAt,
            rater: &rater)
        saving.bookID = saved.book.map { EventID(high: $0.high, low: $0.low) }
        switch saved.amount {
        case .success(let amount): saving.saved = amount
        case .failure(let reason):
            saving.detail = try? Labels([(unpricedKey, Name(reason.description))])
        }
        return saving
    }

    /// The saving from fewer input tokens, and the book that gives it.
    ///
    /// - Parameter dimensions: model, provider, service tier and region of the prompt.
    package static func saved(
        from before: Int64, to after: Int64, of dimensions: Dimensions, at time: Timestamp,
        rater: inout Rater
    ) throws(RatingOverflow) -> (
        amount: Result<Picodollars, UnpricedReason>, book: PriceBookID?
    ) {
        func rate(_ tokens: Int64, _ rater: inout Rater) throws(RatingOverflow) -> ScheduledRating {
            try rater.rate(
                [.inputTokens: tokens], provider: dimensions[.provider],
                model: dimensions[.model] ?? Name(""), serviceTier: dimensions[.serviceTier],
                region: dimensions[.region], at: time)
        }
        let price = try rate(before, &rater)
        let lower = try rate(after, &rater)
        switch (price.rating, lower.rating) {
        case (.priced(let before), .priced(let after)):
            return (.success(Picodollars(before.amount - after.amount)), price.book)
        case (.unpriced(let reason), _), (_, .unpriced(let reason)):
            return (.failure(reason), price.book)
        }
    }
}
