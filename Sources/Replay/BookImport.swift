import EventStore
package import LedgerModel
package import Postgres
package import Pricing

/// A book that is about to be put into use: as a layer over the one in force, or in its place.
package struct BookImport: Sendable {
    /// The book to publish: with everything of the layers below it.
    package let book: PriceBook
    /// The book that it was laid over; nil if it stands alone.
    package let base: PriceBook?
    /// The first event time that it prices; nil means since always.
    package let effectiveFrom: Timestamp?

    /// - Parameters:
    ///   - own: the book of the file.
    ///   - schedule: the ledger's books; the one in force when the new one takes effect, or now,
    ///     is the layer below.
    ///   - replaces: whether the book stands alone.
    package init(
        _ own: PriceBook, over schedule: PriceSchedule, replaces: Bool,
        effectiveFrom: Timestamp?, at now: Timestamp
    ) throws(PriceFileError) {
        base = replaces ? nil : schedule.book(at: effectiveFrom ?? now)
        book = if let base { try own.laid(over: base) } else { own }
        self.effectiveFrom = effectiveFrom
    }
}

/// What a book would have changed for the requests of the last days, had it been in force.
package struct BookImpact: Sendable {
    package let since: Timestamp
    package let requests: Int64
    /// Models whose requests have a price as booked and none under the book, the costliest first.
    package let losses: [Loss]
    /// Requests without a price as booked that have one under the book.
    package let gained: Int64

    package struct Loss: Sendable {
        package let provider: Name?
        package let model: Name?
        package let requests: Int64
        /// What these requests were booked at.
        package let cost: PicodollarSum
    }

    package static let days: Int64 = 30

    /// Replays the last days under a book.
    package static func of(
        _ book: PriceBook, on ledger: LedgerID, pool: Pool, at now: Timestamp,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> BookImpact {
        var request = ReplayRequest(prices: .book(book), groupedBy: [.provider, .model])
        request.filter.since = now.advanced(byMicroseconds: -days * Timestamp.dayMicroseconds)
        let report = try await PriceReplay(ledger: ledger, pool: pool)
            .run(request, progress: progress)
        return BookImpact(report, since: request.filter.since ?? now)
    }

    private init(_ report: ReplayReport, since: Timestamp) {
        self.since = since
        requests = report.total.requests
        losses = report.rows.compactMap { row in
            let lost = row.sums.notCompared - row.sums.unpricedBefore
            return lost <= 0
                ? nil
                : Loss(
                    provider: row.values[0], model: row.values[1], requests: lost,
                    cost: row.sums.recordedAlone)
        }.sorted { ($1.cost, $1.requests) < ($0.cost, $0.requests) }
        gained = report.total.notCompared - report.total.unpricedAfter
    }

    package var lost: Int64 { losses.reduce(0) { $0 + $1.requests } }
    package var lostCost: PicodollarSum { losses.reduce(.zero) { $0 + $1.cost } }
}
