package import LedgerModel

/// Decides which requests are charged, and how: the one rule of ingest and replay.
///
/// A completed request is always charged. A failed one is charged only if it reported any usage,
/// because providers bill what was generated before a stream broke, and nothing for a refusal. An
/// unpriceable request gets a charge that says why, never one of zero: a completed request that
/// reported no usage is unpriced even where the book has a price per request, since its tokens are
/// unknown.
package enum ChargeRule {
    package static func isCharged(_ kind: EventKind, _ usage: Usage) -> Bool {
        kind == .requestCompleted || (kind == .requestFailed && !usage.isEmpty)
    }

    /// The cost of a charged request at its time.
    package static func rate(
        _ usage: Usage, provider: Name?, model: Name, serviceTier: Name?, region: Name?,
        at time: Timestamp, rater: inout Rater
    ) throws(RatingOverflow) -> ScheduledRating {
        let rated = try rater.rate(
            usage, provider: provider, model: model, serviceTier: serviceTier, region: region,
            at: time)
        if usage.isEmpty, rated.book != nil {
            return ScheduledRating(rating: .unpriced(.noUsage), book: rated.book)
        }
        return rated
    }

    /// The cost of a charged request, by its event.
    package static func rate(
        _ request: borrowing Event, rater: inout Rater
    ) throws(RatingOverflow) -> ScheduledRating {
        try rate(
            request.usage, provider: request.dimensions[.provider],
            model: request.dimensions[.model] ?? Name(""),
            serviceTier: request.dimensions[.serviceTier], region: request.dimensions[.region],
            at: request.occurredAt, rater: &rater)
    }

    /// The charge of a request; nil if it is not charged.
    ///
    /// Its id follows only from the request's, so a retried request cannot be charged twice.
    package static func charge(
        for request: borrowing Event, rater: inout Rater
    ) throws(RatingOverflow) -> Event? {
        guard isCharged(request.kind, request.usage) else { return nil }
        let rated = try rate(request, rater: &rater)
        var charge = Event(
            id: .charge(for: request.id, after: nil), kind: .chargeRated,
            occurredAt: request.occurredAt)
        charge.causeID = request.id
        charge.dimensions = request.dimensions
        charge.bookID = rated.book.map { EventID(high: $0.high, low: $0.low) }
        switch rated.rating {
        case .priced(let amount): charge.amount = amount
        case .unpriced(let reason): charge.unpriced = Name(reason.description)
        }
        return charge
    }
}
