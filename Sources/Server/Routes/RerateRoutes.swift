import Access
import Booking
import EventStore
import Foundation
import Hummingbird
import LedgerModel
import PriceBooks
import Pricing
import Rerating

/// `POST /api/v1/rerates`, and the runs that it starts.
struct RerateRoutes: Sendable {
    let parts: ServerParts

    private static let bodyBytesMax = 1 << 16

    func add(to router: Router<TallyContext>) {
        let runs = RunRoutes(parts: parts, path: "/api/v1/rerates", kinds: [RerateOrder.kind])
        runs.add(to: router)
        router.post("/api/v1/rerates") { request, _ in try await start(request, runs) }
    }

    private func start(_ request: Request, _ runs: RunRoutes) async throws -> Response {
        let caller = try await parts.access.caller(key: request.apiKey, needs: .admin)
        let bytes = try await request.body.collect(upTo: Self.bodyBytesMax)
        let body = try RerateBody(reading: Data(bytes.readableBytesView))
        let filter = try body.filter()
        var rerate = RerateRequest(prices: try await prices(body.book, caller))
        rerate.filter = filter
        rerate.isDryRun = body.dryRun ?? false
        return try await runs.accepted(
            RerateOrder.kind, RerateOrder(rerate).text, for: caller, scope: .admin)
    }

    /// The books of the ledger at this moment, or one that is asked for by its first digits or as
    /// `default`.
    private func prices(_ asked: String?, _ caller: Caller) async throws -> PriceSchedule {
        guard let asked else {
            let openLedger = try await parts.ledgers.openLedger(caller.ledger)
            try await openLedger.prices.refresh()
            return openLedger.prices.schedule
        }
        if asked == "default" {
            try await parts.bookStore.keep(.default)
            return PriceSchedule(.default)
        }
        guard let id = try await parts.bookStore.find(asked),
            let book = try await parts.bookStore.book(id)
        else {
            throw Failure.invalid(
                "no book, or more than one, has an id that starts with \(asked): see "
                    + "GET /api/v1/prices", param: "book")
        }
        return PriceSchedule(book)
    }
}

/// What a re-rating is asked for with.
private struct RerateBody: Decodable {
    var since: String?
    var until: String?
    /// Id of a book; the books of the ledger without it.
    var book: String?
    var only: [String: String]?
    var dryRun: Bool?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case since, until, book, only
        case dryRun = "dry_run"
    }
}

extension RerateBody {
    /// Reads a body; none at all asks for everything.
    init(reading json: Data) throws {
        self.init()
        if json.isEmpty { return }
        do {
            try JSONNames.check(json, against: CodingKeys.self)
            self = try JSONDecoder().decode(RerateBody.self, from: json)
        } catch is DecodingError {
            throw Failure.invalid(
                "the body is a JSON object: since, until and book are texts, only has texts by "
                    + "dimension, dry_run is true or false")
        }
    }

    func filter() throws -> HistoryFilter {
        var filter = HistoryFilter()
        filter.since = try time(since, "since")
        filter.until = try time(until, "until")
        for (name, value) in only ?? [:] {
            guard let dimension = Dimension(name: name) else {
                throw Failure.invalid("\(name) is no dimension", param: "only")
            }
            guard !value.isEmpty, !value.utf8.contains(0) else {
                throw Failure.invalid("\(name) is empty, or contains NUL", param: "only")
            }
            filter.scope[dimension] = Name(value)
        }
        return filter
    }

    private func time(_ text: String?, _ name: String) throws -> Timestamp? {
        try text.map { text in
            guard let time = Timestamp(rfc3339: text, zoneIsOptional: true) else {
                throw Failure.invalid(
                    "\(name) \(text) is no time: write 2026-11-01 or 2026-11-01T00:00:00Z",
                    param: name)
            }
            return time
        }
    }
}
