import Access
import Booking
import Budgeting
import Calendars
import EventStore
import Hummingbird
import JSON
import LedgerModel
import PriceBooks
import Pricing
import Prompts
import Rendering
import Replay
import Runs

/// `/api/v1/replays`: replays of history under other prices or under a policy, as long runs; and
/// `/api/v1/scenarios`: the stored results of the first.
enum ReplayRoutes {
    private static let runs = RunRoutes(
        path: "/api/v1/replays", kinds: [RunKind.priceReplayName] + policies.map(\.runKind))
    /// Whose kind a call may name beside `prices`.
    private static let policies = [
        BudgetHistoryReplay.known, CacheHistoryReplay.known, BatchingHistoryReplay.known,
        RoutingHistoryReplay.known,
    ]
    private static let scenarioPath = "/api/v1/scenarios"

    static let routes: [Route] =
        runs.routes + [
            Route(
                .post, runs.path, "Replay history under other prices or a policy", needs: .reader,
                answers: RunRoutes.accepted, start),
            Route(.get, scenarioPath, "List the scenarios", needs: .reader) {
                (call, _: Nothing) in
                Listing(try await scenarios(call).list())
            },
            Route(
                .delete, scenarioPath + "/{name}", "Drop a scenario", needs: .scope(.admin),
                answers: [.nothing], dropScenario),
        ]

    // MARK: Starting

    private struct ReplayInput: Input {
        /// The body, which may hold a whole price file.
        static let body = BodyForm.object(bytesMax: 32 << 20)
        /// Nil for prices.
        let replay: KnownPolicyReplay?
        let policy: String?
        let book: String?
        let whatIf: WhatIf
        let groupings: [Grouping]
        let filter: HistoryFilter
        let zone: CalendarZone
        let scenario: String?
        let replaces: Bool

        init(_ given: Given) throws {
            let kind =
                try given.member(
                    "kind",
                    .choice("known", kinds, "prices") { kinds.contains($0) ? $0 : nil },
                    "What the replay changes.") ?? "prices"
            replay = policies.first { $0.name == kind }
            policy = try given.member(
                "policy", .text, "The text of the policy file, for all kinds but prices.")
            book = try given.member(
                "book", .text, "A book id, the text of a price file, recorded, default or ledger.")
            groupings =
                try given.member("by", .list(of: .grouping), "Groups; default model.")
                ?? [.provider, .model]
            var filter = HistoryFilter()
            filter.since = try given.member(
                "since", .time(at: given.now, in: given.zone),
                "Only requests at or after this time.")
            filter.until = try given.member(
                "until", .time(.end, at: given.now, in: given.zone),
                "Only requests before this time.")
            filter.scope = try given.only()
            self.filter = filter
            zone = given.zone
            scenario = try given.member("scenario", .text, "A name under which to keep the rows.")
            replaces =
                try given.member("replace", .flag, "Replace a scenario of that name.") ?? false
            for (name, meaning) in [
                ("map_models", "Which model replaces which: see docs/replay.md."),
                ("to", "The model that replaces all others."),
                ("discounts", "Discounts by provider or model, such as {\"openai\":\"10%\"}."),
            ] {
                _ = try given.member(name, .json, meaning)
            }
            whatIf = try WhatIfFile.read(body: given.body.json)
        }
    }

    private static var kinds: [String] { ["prices"] + policies.map { $0.name } }

    private static func start(_ call: Call, _ input: ReplayInput) async throws -> Response {
        if let replay = input.replay { return try await start(replay, call, input) }
        if input.policy != nil {
            throw Refusal.invalid(
                "a replay of prices has no policy: give a kind, or book", param: "policy")
        }
        var replay = ReplayRequest(
            prices: try await prices(input, call), groupedBy: input.groupings)
        replay.whatIf = input.whatIf
        replay.filter = input.filter
        replay.zone = input.zone
        try replay.check()
        var order = ReplayOrder(replay)
        if let name = input.scenario {
            try call.require(.admin)
            let scenario = try ScenarioName(name)
            try await scenarios(call).check(scenario, replaces: input.replaces)
            order.scenario = scenario
            order.replaces = input.replaces
        }
        if case .book(let book) = replay.prices { try await call.parts.bookStore.keep(book) }
        return try await runs.accepted(
            RunKind.priceReplayName, order.text, for: call,
            scope: input.scenario == nil ? .read : .admin)
    }

    private static func start(
        _ replay: KnownPolicyReplay, _ call: Call, _ input: ReplayInput
    ) async throws -> Response {
        guard let policy = input.policy else {
            throw Refusal.invalid(
                "policy is missing: give the text of the policy file", param: "policy")
        }
        guard input.book == nil, input.whatIf.isEmpty, input.scenario == nil, !input.replaces else {
            throw Refusal.invalid(
                "book, models, discounts and scenario are for replays of prices", param: "kind")
        }
        try replay.check(policy, input.zone)
        var history = ReplayedHistory(
            ledger: call.caller.ledger, pool: call.parts.pool,
            prices: try await call.ledger().prices.schedule)
        history.filter = input.filter
        history.groupedBy = input.groupings
        history.zone = input.zone
        return try await runs.accepted(
            replay.runKind, try PolicyOrder(policy, on: history).text, for: call, scope: .read)
    }

    private static func prices(
        _ input: ReplayInput, _ call: Call
    ) async throws -> ReplayRequest.Prices {
        switch input.book {
        case "recorded": return .recorded
        case "default": return .book(.default)
        case "ledger": return .schedule(try await call.ledger().prices.schedule)
        case let text?:
            guard let id = PriceBookID(text) else { return .book(try PriceFile.read(text)) }
            let books = call.parts.bookStore
            guard let book = try await books.book(id, of: call.caller.ledger) else {
                throw Refusal.notFound("there is no price book \(text)")
            }
            return .book(book)
        case nil:
            guard !input.whatIf.isEmpty else {
                throw Refusal.invalid(
                    "book is missing: give an id, the text of a price file, recorded, default or "
                        + "ledger", param: "book")
            }
            return .schedule(try await call.ledger().prices.schedule)
        }
    }

    // MARK: Scenarios

    private static func scenarios(_ call: Call) -> Scenarios {
        Scenarios(ledger: call.caller.ledger, pool: call.parts.pool)
    }

    private struct ScenarioInput: Input {
        let name: String

        init(_ given: Given) throws {
            name = try given.path("name", .text, "The scenario.")
        }
    }

    private static func dropScenario(
        _ call: Call, _ input: ScenarioInput
    ) async throws -> Response {
        guard let name = try? ScenarioName(input.name), try await scenarios(call).drop(name)
        else { throw Refusal.notFound("there is no scenario \(input.name)") }
        return Response(status: .noContent)
    }
}

extension Kind where Value == Grouping {
    /// A dimension or a period.
    fileprivate static let grouping = choice(
        "a dimension or period",
        (Dimension.allCases.map(\.name) + ["hour", "day", "month"])
            .filter { Grouping(name: $0) != nil },
        .model
    ) { Grouping(name: $0) }
}
