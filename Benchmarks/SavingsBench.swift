import JSON
import LedgerModel
package import Postgres
import Synchronization

/// What `tally bench savings` needs of the program: a made-up provider, services before it, and a
/// way to call them.
package struct SavingsParts: Sendable {
    /// Starts a made-up provider that behaves as a script says.
    package var upstream: @Sendable (_ script: String) async throws -> SavingsUpstream
    /// Starts a service with the files of a part.
    package var service:
        @Sendable (PostgresConfiguration, SavingsPart, _ upstream: UInt16) async throws ->
            RunningService
    package var call:
        @Sendable (_ method: String, _ url: String, _ headers: [String: String], _ body: [UInt8])
            async throws -> (status: Int, body: [UInt8])

    package init(
        upstream: @escaping @Sendable (String) async throws -> SavingsUpstream,
        service:
            @escaping @Sendable (PostgresConfiguration, SavingsPart, UInt16) async throws ->
            RunningService,
        call:
            @escaping @Sendable (String, String, [String: String], [UInt8]) async throws -> (
                status: Int, body: [UInt8]
            )
    ) {
        self.upstream = upstream
        self.service = service
        self.call = call
    }
}

/// A made-up provider that runs.
package struct SavingsUpstream: Sendable {
    package let port: UInt16
    /// Calls of models so far.
    package let calls: @Sendable () -> Int
    package let stop: @Sendable () async -> Void

    package init(
        port: UInt16, calls: @escaping @Sendable () -> Int,
        stop: @escaping @Sendable () async -> Void
    ) {
        self.port = port
        self.calls = calls
        self.stop = stop
    }
}

/// What of the gateway is switched on.
package enum SavingsPart: String, Sendable, CaseIterable {
    case off, cache
    case nearShadow = "near_shadow"
    case near, optimize, coalesce, embeddings, batches, cost, affinity, all

    var usesBatches: Bool { self == .batches || self == .all }

    /// Keys of the provider, each with a prompt cache of its own, as accounts have them.
    package static let keys = ["a", "b", "c", "d"]

    /// `gateway.yaml`.
    package var gatewayFile: String {
        func flag(_ parts: SavingsPart...) -> Bool { self == .all || parts.contains(self) }
        var stages = "cache: \(flag(.cache, .nearShadow, .near)), coalesce: \(flag(.coalesce))"
        stages += ", merge_embeddings: \(flag(.embeddings)), affinity: \(flag(.affinity))"
        if flag(.optimize) { stages += ", optimize: [json-minify, whitespace]" }
        let choice = flag(.cost) ? "cost" : "order"
        return """
            tally_gateway: 1
            routes:
              priced: {for: {model: llama}, providers: [dear, cheap], choice: \(choice), \(stages)}
              others: {providers: [openai], choice: load, \(stages)}

            """
    }

    /// `cache.yaml`.
    package var cacheFile: String {
        let near = self == .near || self == .all ? "verified" : "shadow"
        let rule = self == .near || self == .nearShadow || self == .all ? near : "off"
        return "tally_cache: 1\nrules:\n  all: {near: \"\(rule)\"}\n"
    }

    /// `providers.yaml`.
    package static func providersFile(upstream port: UInt16) -> String {
        let url = "base_url: \"http://127.0.0.1:\(port)/v1\""
        let names = keys.map { "\($0): {env: TALLY_BENCH_KEY_\($0.uppercased())}" }
        return """
            tally_providers: 1
            providers:
              openai: {\(url), keys: {\(names.joined(separator: ", "))}}
              dear:
                {kind: compatible, prices: cerebras, \(url), keys: {\(names[0])},
                 models: {llama: llama-3.3-70b}}
              cheap:
                {kind: compatible, prices: groq, \(url), keys: {\(names[0])},
                 models: {llama: llama-3.3-70b-versatile}}

            """
    }
}

extension Benchmarks {
    /// A model that thinks for a moment, and whose answers follow from the words of the prompt.
    private static let savingsScript = """
        {"latency_ms": 40, "token_us": 500, "output_tokens": 64, "reads_words": true}
        """
    /// How long the jobs of a batch API are waited for.
    private static let nightMax: Duration = .seconds(120)

    /// The same requests with every part of the gateway off, each alone and all on.
    ///
    /// - Parameters:
    ///   - prompts: what people ask.
    ///   - requests: about so many.
    package func savings(
        _ parts: SavingsParts, prompts: [String], requests: Int, only: [SavingsPart]? = nil
    ) async throws -> BenchmarkReport {
        let workload = SavingsWorkload(requests: requests, seed: 1, prompts: prompts)
        var reports: [BenchmarkReport] = []
        var first: SavingsOutcome?
        for part in SavingsPart.allCases where only?.contains(part) ?? true {
            log("savings: \(part.rawValue), \(workload.count) requests")
            let outcome = try await run(part, workload, parts)
            let base = first ?? outcome
            if first == nil { first = outcome }
            reports.append(outcome.report(beside: base))
        }
        guard var report = reports.first else {
            throw BenchmarkFailure("there is no part to measure")
        }
        report = BenchmarkReport(name: "savings", runs: report.runs, unit: .requests)
        report.facts = reports[0].facts
        report.also = Array(reports.dropFirst())
        report.machine = try await BenchmarkDatabase.withScratch(on: server, schema) {
            try await $0.machine()
        }
        return report
    }

    private func run(
        _ part: SavingsPart, _ workload: SavingsWorkload, _ parts: SavingsParts
    ) async throws -> SavingsOutcome {
        // A provider of its own, so that no part finds what another one left in a prompt cache.
        let upstream = try await parts.upstream(Self.savingsScript)
        do {
            let outcome = try await BenchmarkDatabase.withScratch(on: server, schema) { database in
                let service = try await parts.service(database.configuration, part, upstream.port)
                var outcome: SavingsOutcome
                do {
                    let caller = SavingsCaller(
                        url: "http://\(service.host):\(service.port)", parts: parts)
                    outcome = try await caller.run(
                        part, workload, nightMax: Self.nightMax)
                } catch {
                    try? await service.stop()
                    throw error
                }
                // What is booked behind answers is in the ledger when it has stopped.
                try await service.stop()
                outcome.cost = try await database.pool.session { try $0.one(ChargedSum()) }
                outcome.providerCalls = upstream.calls()
                return outcome
            }
            await upstream.stop()
            return outcome
        } catch {
            await upstream.stop()
            throw error
        }
    }
}

/// What the workload came to with a part of the gateway.
struct SavingsOutcome: Sendable {
    let part: SavingsPart
    var seconds = 0.0
    var latencies = Latencies()
    /// What each request was answered, in the order of the workload.
    var answers: [String?]
    /// Picodollars.
    var cost: Int64 = 0
    var providerCalls = 0

    /// - Parameter base: with every part off.
    func report(beside base: SavingsOutcome) -> BenchmarkReport {
        let run = BenchmarkReport.Run(
            events: Int64(answers.count), seconds: seconds, limit: nil, latency: latencies.summary)
        var report = BenchmarkReport(name: part.rawValue, runs: [run], unit: .requests)
        let saved = base.cost == 0 ? 0 : 1 - Double(cost) / Double(base.cost)
        let calls =
            base.providerCalls == 0 ? 0 : 1 - Double(providerCalls) / Double(base.providerCalls)
        let equal = zip(answers, base.answers).count { $0 != nil && $0 == $1 }
        report.facts = [
            BenchmarkReport.Fact("cost_microdollars", Double(cost) / 1e6),
            BenchmarkReport.Fact("saved_share", saved),
            BenchmarkReport.Fact("provider_calls", Double(providerCalls)),
            BenchmarkReport.Fact("saved_calls_share", calls),
            BenchmarkReport.Fact("equal_answers_share", Double(equal) / Double(answers.count)),
        ]
        return report
    }
}

/// Sends the workload to a service.
private struct SavingsCaller: Sendable {
    let url: String
    let parts: SavingsParts

    private struct Answered: Sendable {
        let place: Int
        let answer: String?
        let time: Duration
    }

    func run(
        _ part: SavingsPart, _ workload: SavingsWorkload, nightMax: Duration
    ) async throws -> SavingsOutcome {
        var outcome = SavingsOutcome(
            part: part, answers: Array(repeating: nil, count: workload.count))
        var night: [(place: Int, request: SavingsRequest)] = []
        let start = ContinuousClock.now
        var place = 0
        for wave in workload.waves {
            var sent: [(Int, SavingsRequest)] = []
            for request in wave {
                if part.usesBatches, request.kind == .night {
                    night.append((place, request))
                } else {
                    sent.append((place, request))
                }
                place += 1
            }
            for answered in try await send(sent) {
                outcome.answers[answered.place] = answered.answer
                outcome.latencies.record(answered.time)
            }
        }
        outcome.seconds = seconds(since: start)
        if !night.isEmpty {
            for (place, answer) in try await wait(for: night, within: nightMax) {
                outcome.answers[place] = answer
            }
        }
        return outcome
    }

    private func send(_ requests: [(Int, SavingsRequest)]) async throws -> [Answered] {
        try await withThrowingTaskGroup(of: Answered.self) { group in
            for (place, request) in requests {
                group.addTask {
                    let start = ContinuousClock.now
                    let answer = try await post(request.path, request.body, request.session)
                    return Answered(
                        place: place, answer: Self.text(of: answer), time: .now - start)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func post(
        _ path: String, _ body: [UInt8], _ session: String? = nil
    ) async throws -> JSONTree {
        var headers = ["content-type": "application/json", "x-tally-team": "growth"]
        if let session { headers["x-tally-session"] = session }
        return try await json("POST", path, headers, body)
    }

    private func json(
        _ method: String, _ path: String, _ headers: [String: String] = [:], _ body: [UInt8] = []
    ) async throws -> JSONTree {
        try JSONTree(parsing: try await bytes(method, path, headers, body))
    }

    private func bytes(
        _ method: String, _ path: String, _ headers: [String: String] = [:], _ body: [UInt8] = []
    ) async throws -> [UInt8] {
        let (status, answer) = try await parts.call(method, url + path, headers, body)
        guard (200..<300).contains(status) else {
            let text = String(decoding: answer.prefix(500), as: UTF8.self)
            throw BenchmarkFailure("\(method) \(path) was answered \(status): \(text)")
        }
        return answer
    }

    /// What an answer says, without what differs from call to call.
    private static func text(of answer: JSONTree) -> String? {
        answer["choices"]?.items?.first?["message"]?["content"]?.string
            ?? answer["data"]?.items?.first?["embedding"]?.json
    }

    /// Has all that can wait done as one job.
    private func wait(
        for night: [(place: Int, request: SavingsRequest)], within time: Duration
    ) async throws -> [(Int, String?)] {
        var json = JSONWriter()
        json.object { json in
            json.field("endpoint", "/v1/chat/completions")
            json.key("requests")
            json.array(of: night) { json, item in
                json.object { json in
                    json.field("custom_id", "\(item.place)")
                    json.key("body")
                    json.value(raw: item.request.body)
                }
            }
        }
        let path = "/api/v1/batches/jobs"
        let made = try await post(path, json.bytes)
        guard let id = made["id"]?.string else { throw BenchmarkFailure("a batch has no id") }
        let end = ContinuousClock.now + time
        while try await self.json("GET", "\(path)/\(id)")["ended_at"]?.string == nil {
            guard ContinuousClock.now < end else {
                throw BenchmarkFailure("a batch took longer than \(time)")
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        let lines = try await bytes("GET", "\(path)/\(id)/results")
        return try lines.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let result = try JSONTree(parsing: Array(line))
            guard let place = result["custom_id"]?.string.flatMap({ Int($0) }) else { return nil }
            return (place, result["answer"].flatMap { Self.text(of: $0) })
        }
    }
}

/// All charges of all ledgers, in picodollars.
private struct ChargedSum: Statement {
    static let sql = """
        SELECT coalesce(sum(amount_pico), 0)::bigint FROM tally.events WHERE kind IN (10, 11)
        """
    static let columns = Columns(Int64.self)
    typealias Row = Int64

    static func row(_ cell: Int64) throws(PostgresError) -> Int64 { cell }
}
