package import LedgerModel

/// The one rule for what was saved: by an optimization, a cache or a batch.
///
/// A saving is an event of its own, like a charge: the content of what the sender reported does not
/// depend on prices, so a retry after a price change is still a duplicate. All prices are those of
/// the book in force when it happened. Without a price the saving is unknown, not zero, and says why.
///
/// - An optimized prompt saves the price of `tokens_before` input tokens minus that of
///   `tokens_after`, so crossing a price bound counts too. Tokens that the provider's cache would
///   have made cheaper count at the plain input rate.
/// - A hit of a cache saves the price of a request with the usage of the answer that it served, less
///   what the look-up itself cost.
/// - A batch at the provider's batch price saves the standard price of its usage less that price.
package enum SavingRule {
    /// The key in `detail` under which an unpriced saving says why.
    package static let unpricedKey: Name = "unpriced"

    /// The service tier whose prices are the provider's for batches.
    package static let batchTier: Name = "batch"

    /// An amount, or why there is none, and the book that says so.
    package typealias Saved = (amount: Result<Picodollars, UnpricedReason>, book: PriceBookID?)

    /// The saving of an event; nil for those that save nothing, and without counts.
    package static func saving(
        for event: borrowing Event, rater: inout Rater
    ) throws(RatingOverflow) -> Event? {
        guard let saved = try saved(by: event, rater: &rater) else { return nil }
        var saving = Event(
            id: .charge(for: event.id, after: nil), kind: .savingRated,
            occurredAt: event.occurredAt)
        saving.causeID = event.id
        saving.dimensions = event.dimensions
        saving.bookID = saved.book.map { EventID(high: $0.high, low: $0.low) }
        switch saved.amount {
        case .success(let amount): saving.saved = amount
        case .failure(let reason):
            saving.detail = try? Labels([(unpricedKey, Name(reason.description))])
        }
        return saving
    }

    private static func saved(
        by event: borrowing Event, rater: inout Rater
    ) throws(RatingOverflow) -> Saved? {
        switch event.kind {
        case .promptOptimized:
            guard let before = event.optimization.tokensBefore,
                let after = event.optimization.tokensAfter
            else { return nil }
            return try saved(
                from: before, to: after, of: event.dimensions, at: event.occurredAt,
                rater: &rater)
        case .cacheHit:
            if event.usage.isEmpty { return nil }
            let served = try ChargeRule.rate(event, rater: &rater)
            let overhead = event.detail?.count(Event.overheadKey) ?? 0
            return difference(served, .priced(Picodollars(overhead)))
        case .batchCompleted:
            let tier = event.dimensions[.serviceTier]
            guard !event.usage.isEmpty, tier?.string.lowercased() == batchTier.string
            else { return nil }
            let standard = try rate(batch: event, at: nil, &rater)
            return difference(standard, try rate(batch: event, at: batchTier, &rater).rating)
        default: return nil
        }
    }

    /// The price of a batch's usage, whose requests count as equally large.
    private static func rate(
        batch: borrowing Event, at tier: Name?, _ rater: inout Rater
    ) throws(RatingOverflow) -> ScheduledRating {
        let requests = batch.detail?.count("succeeded") ?? batch.detail?.count("size") ?? 1
        return try rater.rate(
            batch.usage, provider: batch.dimensions[.provider],
            model: batch.dimensions[.model] ?? Name(""), serviceTier: tier,
            region: batch.dimensions[.region], at: batch.occurredAt, requests: max(requests, 1))
    }

    private static func difference(_ price: ScheduledRating, _ lower: Rating) -> Saved {
        switch (price.rating, lower) {
        case (.priced(let before), .priced(let after)):
            (.success(Picodollars(before.amount - after.amount)), price.book)
        case (.unpriced(let reason), _), (_, .unpriced(let reason)):
            (.failure(reason), price.book)
        }
    }

    /// The saving from fewer input tokens, and the book that gives it.
    ///
    /// - Parameter dimensions: model, provider, service tier and region of the prompt.
    package static func saved(
        from before: Int64, to after: Int64, of dimensions: Dimensions, at time: Timestamp,
        rater: inout Rater
    ) throws(RatingOverflow) -> Saved {
        func rate(_ tokens: Int64, _ rater: inout Rater) throws(RatingOverflow) -> ScheduledRating {
            try rater.rate(
                [.inputTokens: tokens], provider: dimensions[.provider],
                model: dimensions[.model] ?? Name(""), serviceTier: dimensions[.serviceTier],
                region: dimensions[.region], at: time)
        }
        let price = try rate(before, &rater)
        return difference(price, try rate(after, &rater).rating)
    }
}
