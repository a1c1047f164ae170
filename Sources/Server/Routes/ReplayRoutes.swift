import Access
import Booking
import EventStore
import Foundation
import HTTPTypes
import Hummingbird
package import JSON
import LedgerModel
import NIOCore
import PriceBooks
import Pricing
package import Replay
import Runs

/// `/api/v1/replays`: the same history under other prices, as long runs; and `/api/v1/scenarios`,
/// what they left behind.
struct ReplayRoutes: Sendable {
    let parts: ServerParts

    /// A body may hold a whole price file.
    private static let bodyBytesMax = 32 << 20
    private static let path = "/api/v1/replays"

    private var runs: RunRoutes {
        RunRoutes(parts: parts, path: Self.path, kinds: [RunKind.priceReplayName])
    }

    func add(to router: Router<TallyContext>) {
        runs.add(to: router)
        router.post(RouterPath(Self.path)) { request, _ in try await start(request) }
        router.get("/api/v1/scenarios") { request, _ in try await listScenarios(request) }
        router.delete("/api/v1/scenarios/:name") { try await dropScenario($0, $1) }
    }

    // MARK: Starting

    private struct Asked: Decodable {
        var kind: String?
        /// An id, the text of a price file, `recorded`, `default` or `ledger`.
        var book: String?
        var since: String?
        var until: String?
        var by: [String]?
        var only: [String: String]?
        var scenario: String?
        var replace: Bool?
    }

    private func start(_ request: Request) async throws -> Response {
        let caller = try await parts.access.reader(request)
        let body = String(buffer: try await request.body.collect(upTo: Self.bodyBytesMax))
        let asked: Asked
        do {
            asked = try JSONDecoder().decode(Asked.self, from: Data(body.utf8))
        } catch {
            throw Failure.invalid(
                #"send {"book": "…", "since": "2026-10-01", "by": ["model"], "map_models": {…}, "#
                    + #""discounts": {…}, "scenario": "name"}: see docs/replay.md"#)
        }
        guard asked.kind ?? "prices" == "prices" else {
            throw Failure.invalid("kind is prices", param: "kind")
        }
        do {
            return try await start(asked, body, caller)
        } catch let error as PriceFileError {
            throw Failure.invalid("\(error)")
        } catch let error as ReplayError {
            throw Failure.invalid("\(error)")
        } catch let error as InvalidScenarioName {
            throw Failure.invalid("\(error)", param: "scenario")
        } catch let error as TooManyScenarios {
            throw Failure.invalid("\(error)", param: "scenario")
        } catch let error as ScenarioExists {
            throw Failure(
                status: .conflict, type: "conflict", message: "\(error)", param: "scenario")
        }
    }

    private func start(_ asked: Asked, _ body: String, _ caller: Caller) async throws -> Response {
        let whatIf = try WhatIfFile.read(body: body)
        var replay = ReplayRequest(
            prices: try await prices(asked.book, supposing: whatIf, caller),
            groupedBy: try groupings(asked.by ?? ["provider", "model"]))
        replay.whatIf = whatIf
        replay.filter.since = try time(asked.since, "since")
        replay.filter.until = try time(asked.until, "until")
        for (name, value) in asked.only ?? [:] {
            guard let dimension = Dimension(name: name) else {
                throw Failure.invalid("there is no dimension \(name)", param: "only")
            }
            replay.filter.scope[dimension] = Name(value)
        }
        try replay.check()
        var order = ReplayOrder(replay)
        if let name = asked.scenario {
            guard caller.scopes.contains(.admin) else { throw AccessRefusal.missingScope(.admin) }
            let scenario = try ScenarioName(name)
            try await Scenarios(ledger: caller.ledger, pool: parts.pool)
                .check(scenario, replaces: asked.replace ?? false)
            order.scenario = scenario
            order.replaces = asked.replace ?? false
        }
        if case .book(let book) = replay.prices { try await parts.bookStore.keep(book) }
        return try await runs.accepted(
            RunKind.priceReplayName, order.text, for: caller,
            scope: asked.scenario == nil ? .read : .admin)
    }

    private func prices(
        _ book: String?, supposing whatIf: WhatIf, _ caller: Caller
    ) async throws -> ReplayRequest.Prices {
        switch book {
        case "recorded": return .recorded
        case "default": return .book(.default)
        case "ledger":
            return .schedule(try await parts.ledgers.openLedger(caller.ledger).prices.schedule)
        case let text?:
            guard let id = PriceBookID(text) else { return .book(try PriceFile.read(text)) }
            guard let book = try await parts.bookStore.book(id) else {
                throw Failure.notFound("there is no price book \(text)")
            }
            return .book(book)
        case nil:
            guard !whatIf.isEmpty else {
                throw Failure.invalid(
                    "book is missing: an id, the text of a price file, recorded, default or "
                        + "ledger", param: "book")
            }
            return .schedule(try await parts.ledgers.openLedger(caller.ledger).prices.schedule)
        }
    }

    private func groupings(_ names: [String]) throws -> [Grouping] {
        try names.map { name in
            guard let grouping = Grouping(name: name) else {
                throw Failure.invalid("there is no dimension or period \(name)", param: "by")
            }
            return grouping
        }
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

    // MARK: Scenarios

    private func listScenarios(_ request: Request) async throws -> Response {
        let caller = try await parts.access.reader(request)
        let scenarios = try await Scenarios(ledger: caller.ledger, pool: parts.pool).list()
        var json = JSONWriter()
        json.object { json in
            json.key("scenarios")
            json.array(of: scenarios) { json, scenario in json.scenario(scenario) }
        }
        return .json(json)
    }

    private func dropScenario(
        _ request: Request, _ context: TallyContext
    ) async throws -> Response {
        let caller = try await parts.access.caller(key: request.apiKey, needs: .admin)
        let text = context.parameters.get("name") ?? ""
        guard let name = try? ScenarioName(text),
            try await Scenarios(ledger: caller.ledger, pool: parts.pool).drop(name)
        else { throw Failure.notFound("there is no scenario \(text)") }
        return Response(status: .noContent)
    }
}

extension JSONWriter {
    package mutating func scenario(_ scenario: Scenarios.Entry) {
        object { json in
            json.field("name", scenario.name)
            json.field("kind", scenario.kind)
            json.field("prices", scenario.prices)
            json.key("by")
            json.array(of: scenario.groupedBy) { $0.value($1) }
            json.field("position", scenario.position)
            json.field("created_at", scenario.createdAt.description)
            json.field("rows", scenario.rows)
            json.field("recorded_usd", scenario.recorded.description)
            json.field("replayed_usd", scenario.replayed.description)
        }
    }
}
