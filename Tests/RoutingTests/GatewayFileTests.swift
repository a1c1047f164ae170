import Foundation
import LedgerModel
import Pricing
import Routing
import Testing

@Suite("gateway.yaml")
struct GatewayFileTests {
    private func refusal(_ text: String, providers: [String]? = nil) -> PriceFileError? {
        do throws(PriceFileError) {
            _ = try GatewayFile.read(text, providers: providers)
            return nil
        } catch { return error }
    }

    private func request(
        _ path: String = "/v1/chat/completions", model: String = "gpt-4o",
        _ dimensions: Dimensions = [:]
    ) -> RoutedRequest {
        RoutedRequest(
            ledger: LedgerID(1), path: path, isAnthropic: false, model: model,
            dimensions: dimensions)
    }

    private static let whole = """
        tally_gateway: 1
        routes:
          search:
            for: {path: /v1/chat/completions, model: [gpt-4o*, o3], app: search, label.kind: live}
            providers: [azure, openai]
            choice: weights
            weights: {azure: 3, openai: 1}
            qualities: {azure: 0.5}
            fallbacks: [{provider: openai, model: gpt-4o-mini}]
            affinity: off
            attempts: 4
            hedge: {after: 2s, share: 0.05}
            cache: on
            optimize: [whitespace]
            budgets: off
            coalesce: true
            schedule: true
            merge_embeddings: true
            ask_for_usage: false
            durability: lease
            when_ledger_is_away: open
            ping: off
          rest:
        limits:
          teams: {for: {team: growth}, per: team, requests_per_minute: 60, tokens_per_minute: 9000, burst: 0.5}
        classes:
          interactive: {goal: {time_to_first_token: 2s, latency: 1m, share: 0.95}}
          bulk: {weight: 2, standard: true}
        scaling: {in_flight_target: 10, instances_min: 2, instances_max: 4, cooldown: 1m}
        """

    @Test("every setting of a route is read")
    func routes() throws {
        let policy = try GatewayFile.read(Self.whole, providers: ["openai", "azure"])
        #expect(policy.routes.map(\.name) == ["search", "rest"])
        let route = policy.routes[0]
        #expect(route.providers == ["azure", "openai"] && route.choice == .weights)
        #expect(route.weights == ["azure": 3, "openai": 1] && route.qualities == ["azure": 0.5])
        #expect(route.fallbacks == [.init(provider: "openai", model: "gpt-4o-mini")])
        #expect(!route.hasAffinity && route.attemptsMax == 4)
        #expect(route.hedge == .init(after: .seconds(2), share: 0.05))
        #expect(route.isCached && route.isOptimized == ["whitespace"] && !route.holdsBudgets)
        #expect(route.coalesces && route.schedules && route.mergesEmbeddings)
        #expect(!route.asksForUsage && route.durability == .lease)
        #expect(route.whenLedgerIsAway == .open && route.ping == nil)
        let rest = policy.routes[1]
        #expect(rest.hasAffinity && rest.holdsBudgets && rest.durability == .durable)
        #expect(rest.ping == .seconds(15) && rest.providers.isEmpty && rest.choice == .order)
    }

    @Test("limits, classes and scaling are read")
    func others() throws {
        let policy = try GatewayFile.read(Self.whole)
        let limit = try #require(policy.limits.first)
        #expect(limit.name == "teams" && limit.per == .team && limit.burst == 0.5)
        #expect(limit.requestsPerMinute == 60 && limit.tokensPerMinute == 9_000)
        #expect(limit.filter.dimensions == [.team: ["growth"]])
        #expect(policy.classes.map(\.name) == ["interactive", "bulk"])
        #expect(policy.classes.map(\.weight) == [16, 2], "known classes keep their weight")
        #expect(policy.classes.map(\.isStandard) == [false, true])
        let goal = try #require(policy.classes[0].goal)
        #expect(goal.timeToFirstToken == .seconds(2) && goal.latency == .seconds(60))
        #expect(goal.share == 0.95)
        let scaling = try #require(policy.scaling)
        #expect(scaling.inFlightTarget == 10 && scaling.instancesMin == 2)
        #expect(scaling.instancesMax == 4 && scaling.cooldown == .seconds(60))
        let empty = try GatewayFile.read("tally_gateway: 1")
        #expect(empty.routes.isEmpty && empty.classes == ServiceClass.standard)
        #expect(empty.scaling == nil)
    }

    @Test("the first route that covers a request decides, and the standard one covers the rest")
    func choosing() throws {
        let policy = try GatewayFile.read(
            """
            tally_gateway: 1
            routes:
              embeddings: {for: {path: /v1/embeddings}}
              search: {for: {model: gpt-4o*, app: [search, find]}}
              mini: {for: {model: gpt-4o-mini}}
            """)
        func name(_ request: RoutedRequest) -> Name { policy.route(for: request).name }
        #expect(name(request("/v1/embeddings", model: "gpt-4o")) == "embeddings")
        #expect(name(request([.app: "find"])) == "search")
        #expect(name(request(model: "gpt-4o-mini", [.app: "search"])) == "search")
        #expect(name(request(model: "gpt-4o-mini")) == "mini")
        #expect(name(request(model: "gpt-4o-mini-2")) == "standard")
        #expect(name(request(model: "gpt-4", [.app: "search"])) == "standard")
    }

    private func request(_ dimensions: Dimensions) -> RoutedRequest {
        request("/v1/chat/completions", model: "gpt-4o", dimensions)
    }

    @Test("a label must have one of its values")
    func labels() throws {
        let policy = try GatewayFile.read(Self.whole)
        var asked = request([.app: "search"])
        #expect(policy.route(for: asked).name == "rest")
        asked.labels = try Labels([(key: "kind", value: "live")])
        #expect(policy.route(for: asked).name == "search")
        asked.labels = try Labels([(key: "kind", value: "test")])
        #expect(policy.route(for: asked).name == "rest")
    }

    @Test(
        "a mistake is named with its line and column, and with the word that is near",
        arguments: [
            ("routes: {}", 1, 1, "tally_gateway"),
            ("tally_gateway: 2", 1, 16, "tally_gateway"),
            ("tally_gateway: 1\nroute: {}", 2, 1, "did you mean routes?"),
            ("tally_gateway: 1\nroutes:\n  a: {provders: [b]}", 3, 7, "did you mean providers?"),
            ("tally_gateway: 1\nroutes:\n  a: {choice: wieghts}", 3, 15, "did you mean weights?"),
            ("tally_gateway: 1\nroutes:\n  a: {choice: weights}", 3, 3, "give weights"),
            ("tally_gateway: 1\nroutes:\n  a: {choice: quality}", 3, 3, "give qualities"),
            ("tally_gateway: 1\nroutes:\n  a: {attempts: 0}", 3, 17, "attempts is 0"),
            ("tally_gateway: 1\nroutes:\n  a: {cache: maybe}", 3, 14, "true or false"),
            ("tally_gateway: 1\nroutes:\n  a: {hedge: {after: 1s}}", 3, 14, "share"),
            ("tally_gateway: 1\nroutes:\n  a: {fallbacks: [{provider: b}]}", 3, 19, "model"),
            ("tally_gateway: 1\nroutes:\n  a: {providers: [b, b]}", 3, 18, "each of them once"),
            ("tally_gateway: 1\nroutes:\n  a: {for: {ap: x}}", 3, 13, "did you mean app?"),
            ("tally_gateway: 1\nroutes:\n  a: {for: {model: \"a*b\"}}", 3, 20, "star"),
            ("tally_gateway: 1\nroutes:\n  a: {ping: 1ms}", 3, 13, "ping is 1ms"),
            ("tally_gateway: 1\nlimits:\n  a: {per: team}", 3, 3, "limits nothing"),
            ("tally_gateway: 1\nlimits:\n  a: {per: taem}", 3, 12, "did you mean team?"),
            ("tally_gateway: 1\nclasses:\n  a: {goal: {share: 1}}", 3, 13, "promises nothing"),
            (
                "tally_gateway: 1\nclasses:\n  a: {standard: on}\n  b: {standard: on}", 2, 1,
                "only one"
            ),
            ("tally_gateway: 1\nscaling: {instances_min: 9, instances_max: 2}", 2, 10, "more than"),
        ])
    func mistakes(_ text: String, _ line: Int, _ column: Int, _ words: String) throws {
        let error = try #require(refusal(text), "\(text)")
        #expect(error.line == line && error.column == column, "\(text): \(error)")
        #expect(error.message.contains(words), "\(error)")
    }

    @Test("a route may only name providers that there are")
    func providers() throws {
        let text = "tally_gateway: 1\nroutes:\n  a: {providers: [opnai]}"
        #expect(refusal(text) == nil, "nobody knows which there are")
        let error = try #require(refusal(text, providers: ["openai", "azure"]))
        #expect(error.line == 3 && error.column == 19, "\(error)")
        #expect(error.message.contains("openai"), "\(error)")
        let weights = "tally_gateway: 1\nroutes:\n  a: {choice: weights, weights: {b: 1}}"
        #expect(refusal(weights, providers: ["c"])?.line == 3)
        let fallback = "tally_gateway: 1\nroutes:\n  a: {fallbacks: [{provider: b, model: m}]}"
        #expect(refusal(fallback, providers: ["c"])?.column == 30)
    }

    @Test("a file says that it is one, and what it may have has bounds")
    func bounds() {
        #expect(GatewayFile.isOne("tally_gateway: 1\nroutes: 7"))
        #expect(!GatewayFile.isOne("tally_providers: 1"))
        let many = (0...GatewayFile.routesMax).map { "  r\($0):\n" }.joined()
        #expect(refusal("tally_gateway: 1\nroutes:\n" + many) != nil)
        let large = "tally_gateway: 1 #" + String(repeating: "x", count: GatewayFile.bytesMax)
        #expect(refusal(large) != nil)
    }

    @Test("the example, and what the documentation shows, can be read")
    func documentation() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let example = try String(
            contentsOf: root.appending(path: "Examples/gateway.yaml"), encoding: .utf8)
        #expect(
            try GatewayFile.read(example, providers: ["openai", "azure", "local"]).routes.count == 3
        )
        let page = try String(
            contentsOf: root.appending(path: "docs/gateway-policy.md"), encoding: .utf8)
        let blocks = page.components(separatedBy: "```yaml\n").dropFirst()
            .map { $0.components(separatedBy: "\n```")[0] }
        #expect(!blocks.isEmpty)
        for block in blocks { _ = try GatewayFile.read(block) }
    }
}
