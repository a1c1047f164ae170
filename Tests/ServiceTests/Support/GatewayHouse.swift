import Foundation
import LedgerTesting
import PostgresTesting
import Testing

/// A database, made-up providers, and a service between them and its callers.
struct GatewayHouse: Sendable {
    let place: Place
    /// The first is `openai` and `anthropic`, the others are `spare1`, `spare2` and so on, which
    /// speak as OpenAI does, and `claude1` and so on.
    let upstreams: [MadeUpProvider]
    /// For `TallyProcess.start`.
    let environment: [String: String]

    static let secret = "secret-of-upstream"
    /// What every caller together may spend.
    static let limit = "100"

    /// - Parameters:
    ///   - scripts: of the providers.
    ///   - gateway: the text of `gateway.yaml`; empty for none.
    ///   - server: nil for the shared one.
    static func with<T>(
        _ scripts: String..., gateway: String = "", timeouts: String = "{}",
        on server: TestServer? = nil, _ body: (GatewayHouse) async throws -> T
    ) async throws -> T {
        try await withMadeUpProviders(scripts) { upstreams in
            try await withScratchDirectory { directory in
                let files = (directory + "/providers.yaml", directory + "/gateway.yaml")
                try providers(upstreams, timeouts)
                    .write(toFile: files.0, atomically: true, encoding: .utf8)
                var environment = ["TALLY_PROVIDERS_FILE": files.0, "HOUSE_KEY": secret]
                if !gateway.isEmpty {
                    try gateway.write(toFile: files.1, atomically: true, encoding: .utf8)
                    environment["TALLY_GATEWAY_FILE"] = files.1
                }
                return try await withPlace(on: server) { place in
                    try await body(
                        GatewayHouse(
                            place: place, upstreams: upstreams, environment: environment))
                }
            }
        }
    }

    private static func providers(_ upstreams: [MadeUpProvider], _ timeouts: String) -> String {
        let rest = "keys: {main: {env: HOUSE_KEY}}, timeouts: \(timeouts)}"
        var text = "tally_providers: 1\nproviders:\n"
        for (index, upstream) in upstreams.enumerated() {
            let names = index == 0 ? ("openai", "anthropic") : ("spare\(index)", "claude\(index)")
            text += "  \(names.0): {kind: openai, base_url: \"\(upstream.url)/v1\", \(rest)\n"
            text += "  \(names.1): {kind: anthropic, base_url: \"\(upstream.url)\", \(rest)\n"
        }
        return text
    }

    /// Runs a service, sets a budget that counts every call, and makes a key.
    func withService<T>(
        _ body: (TallyProcess, GatewayCaller) async throws -> T
    ) async throws -> T {
        try await ServiceTests.withService(on: place, environment: environment) { service in
            let set = try await place.tally(
                "budgets", "set", "all", "--usd", Self.limit, "--window", "total")
            guard set.exitCode == 0 else { throw ServiceTestError(set.errors) }
            let key = try await place.gatewayKey()
            return try await body(service, GatewayCaller(client: service.client(key: key)))
        }
    }

    // MARK: Books

    /// The rows of a query, without its heading.
    func rows(_ query: String) async throws -> [[String]] {
        let run = try await place.tally("sql", "--csv", query)
        guard run.exitCode == 0 else { throw ServiceTestError(run.errors) }
        return run.output.split(separator: "\n").dropFirst().map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// What the ledger has of a request that a caller saw.
    func booked(_ answer: Answer) async throws -> BookedCall {
        let id = try #require(answer.header("x-tally-request-id"), "\(answer.headers)")
        return try await booked(where: "id = '\(id)'")
    }

    /// What it has of the one request that a condition names, as soon as it has been charged.
    func booked(where condition: String) async throws -> BookedCall {
        var found: [[String]] = []
        try await poll("the request is charged", evidence: { "\(found)" }) {
            found = try await rows(
                """
                SELECT coalesce(output_tokens, 0), charges, coalesce(cost_usd, 0), provider
                FROM audit.requests WHERE \(condition) AND charges > 0
                """)
            return !found.isEmpty
        }
        #expect(found.count == 1, "\(found)")
        let row = try #require(found.first)
        return BookedCall(
            outputTokens: Int(row[0]) ?? -1, charges: Int(row[1]) ?? -1,
            cost: Decimal(string: row[2]) ?? -1, provider: row[3])
    }

    /// Checks that nothing is held, and that budgets have spent exactly what was charged.
    func budgetsAreExact(within limit: Duration = .seconds(30)) async throws {
        var seen = ""
        try await poll("budgets are exact", within: limit, evidence: { seen }) {
            let budgets = try await place.tally("budgets", "list", "--json").json
            let sum = try await rows(
                "SELECT coalesce(sum(cost_usd), 0) FROM audit.events WHERE kind LIKE 'charge.%'")
            let budget = budgets.budgets[0]
            seen = "\(budget) \(sum)"
            guard let spent = budget.spent_usd.string.flatMap({ Decimal(string: $0) }),
                let charged = sum.first?.first.flatMap({ Decimal(string: $0) })
            else { return false }
            return budget.held_usd.string == "0" && spent == charged
        }
        #expect(try await place.tally("budgets", "check").exitCode == 0)
    }
}

/// A request in the ledger.
struct BookedCall {
    let outputTokens: Int
    let charges: Int
    let cost: Decimal
    let provider: String
}

/// A caller of models.
struct GatewayCaller: Sendable {
    let client: TallyClient

    static let model = "gpt-4o-mini"
    static let claude = "claude-haiku-4-5"

    static func chat(_ text: String = "Say something", stream: Bool = false) -> String {
        """
        {"model":"\(model)","messages":[{"role":"user","content":"\(text)"}]\
        \(stream ? ",\"stream\":true" : "")}
        """
    }

    func chat(
        _ text: String = "Say something", stream: Bool = false, app: String = "house"
    ) async throws -> Answer {
        try await client.post(
            "/v1/chat/completions", Self.chat(text, stream: stream),
            headers: [("x-tally-app", app)])
    }

    func message(_ text: String = "Say something", stream: Bool = false) async throws -> Answer {
        let body = """
            {"model":"\(Self.claude)","max_tokens":64,"messages":[{"role":"user","content":\
            "\(text)"}]\(stream ? ",\"stream\":true" : "")}
            """
        return try await client.post(
            "/v1/messages", body,
            headers: [("anthropic-version", "2023-06-01"), ("x-tally-app", "house")])
    }
}

extension Answer {
    /// The data of a stream's events.
    var events: [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map {
            String($0.dropFirst(6))
        }
    }

    /// How many words of the made-up provider are in it.
    var words: Int { text.components(separatedBy: "word").count - 1 }

    /// How many of a stream's events are errors.
    var errorEvents: Int {
        events.count { $0.contains("\"error\":{") || $0.contains("\"type\":\"error\"") }
    }
}
