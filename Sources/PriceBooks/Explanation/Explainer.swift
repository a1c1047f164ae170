package import EventStore
import LedgerModel
import LedgerSQL
package import Postgres
import Pricing

/// Finds what was booked for a request, and recomputes its price.
package struct Explainer: Sendable {
    private let ledger: PostgresLedger
    private let bookStore: PriceBookStore
    private let pool: Pool

    package init(ledger: PostgresLedger, bookStore: PriceBookStore, pool: Pool) {
        self.ledger = ledger
        self.bookStore = bookStore
        self.pool = pool
    }

    /// - Parameters:
    ///   - text: the id of a request or of one of its charges, or the sender's own id.
    ///   - source: the sender, if the id alone is not unique.
    /// - Throws: `ExplanationRefusal`.
    package func explain(_ text: String, source: String? = nil) async throws -> ChargeExplanation {
        guard let event = try await find(text, source) else {
            throw ExplanationRefusal.unknown(text)
        }
        let isOfRequest = event.event.kind.isCharge || event.event.kind == .requestRepeated
        let requestID = isOfRequest ? event.event.causeID : event.event.id
        guard let requestID, let request = try await ledger.event(requestID),
            request.event.kind.isRequest
        else { throw ExplanationRefusal.notCharged(event.event.id, event.event.kind) }
        let ledger = ledger.id
        let publications = try await pool.session { try $0.run(Publications(ledger: ledger)) }
        let repeats = try await pool.session { try $0.repeats(of: [requestID], in: ledger) }
        var opinions: [ChargeExplanation.Opinion] = []
        var sum = PicodollarSum.zero
        for charge in try await charges(of: requestID) {
            if let amount = charge.event.amount { sum += amount }
            // A charge rests on what was known of the request when it was booked.
            var known = request.event
            for repeated in repeats where repeated.position < charge.position {
                known.complete(by: repeated.event)
            }
            opinions.append(
                try await opinion(
                    of: charge, on: known, publications,
                    costSoFar: charge.event.unpriced == nil ? sum : nil))
        }
        return ChargeExplanation(request: request, opinions: opinions)
    }

    private func find(_ text: String, _ source: String?) async throws -> RecordedEvent? {
        if source == nil, let id = EventID(text), let event = try await ledger.event(id) {
            return event
        }
        let external = ExternalID(source: Name(source ?? ""), id: Name(text))
        let identity = IdentityOf(ledger: ledger.id, digest: external.digest)
        guard let id = try await pool.session({ try $0.first(identity) }) else { return nil }
        return try await ledger.event(id)
    }

    /// The charge and its adjustments: each id follows from the one before.
    private func charges(of request: EventID) async throws -> [RecordedEvent] {
        var charges: [RecordedEvent] = []
        var next = EventID.charge(for: request, after: nil)
        while let charge = try await ledger.event(next) {
            charges.append(charge)
            next = .charge(for: request, after: next)
        }
        return charges
    }

    private func opinion(
        of charge: RecordedEvent, on request: Event,
        _ publications: [ChargeExplanation.Publication], costSoFar: PicodollarSum?
    ) async throws -> ChargeExplanation.Opinion {
        guard let id = charge.event.bookID.map({ PriceBookID(high: $0.high, low: $0.low) }) else {
            return ChargeExplanation.Opinion(
                event: charge, book: nil, publication: nil, derivation: nil,
                recomputed: .unpriced(.noBook), costSoFar: costSoFar)
        }
        guard let book = try await bookStore.book(id) else {
            throw ExplanationRefusal.missingBook(id)
        }
        let (provider, model) = (
            request.dimensions[.provider], request.dimensions[.model] ?? Name("")
        )
        let derivation = try book.derive(
            request.usage, provider: provider, model: model,
            serviceTier: request.dimensions[.serviceTier], region: request.dimensions[.region],
            at: request.occurredAt)
        var rater = Rater(book)
        let rated = try ChargeRule.rate(
            request.usage, provider: provider, model: model,
            serviceTier: request.dimensions[.serviceTier], region: request.dimensions[.region],
            at: request.occurredAt, rater: &rater)
        return ChargeExplanation.Opinion(
            event: charge, book: book,
            publication: publications.last { publication in
                publication.book == id && publication.position < charge.position
                    && publication.effectiveFrom.map { $0 <= request.occurredAt } ?? true
            }, derivation: derivation, recomputed: rated.rating, costSoFar: costSoFar)
    }
}

/// The event with this external identity.
struct IdentityOf: Statement {
    static let sql = """
        SELECT event_id FROM tally.identities WHERE ledger_id = $1 AND digest = $2
        """
    static let columns = Columns(EventID.self)
    let ledger: LedgerID
    let digest: Digest
    var parameters: Parameters { Parameters(ledger, digest) }
}

/// Every publication of a ledger, in order.
struct Publications: Statement {
    static let sql = """
        SELECT position, occurred_at, book_id, detail
        FROM tally.events WHERE ledger_id = $1 AND kind = 70 ORDER BY position
        """
    static let columns = Columns(Int64.self, Timestamp.self, EventID.self, String.self)
    let ledger: LedgerID
    var parameters: Parameters { Parameters(ledger) }
    typealias Row = ChargeExplanation.Publication

    static func row(
        _ cells: (Int64, Timestamp, EventID, String)
    ) throws(PostgresError) -> ChargeExplanation.Publication {
        let effective = Labels(canonicalJSON: cells.3)?["effective_from"]
        return ChargeExplanation.Publication(
            position: cells.0, publishedAt: cells.1,
            book: PriceBookID(high: cells.2.high, low: cells.2.low),
            effectiveFrom: effective.flatMap { Timestamp(rfc3339: $0.string) })
    }
}
