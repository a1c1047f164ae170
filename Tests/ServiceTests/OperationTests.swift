import Foundation
import Testing

/// What operators look at: metrics, health, and the read models over HTTP.
@Suite("Operation", .serialized)
struct OperationTests {
    @Test("the metrics are Prometheus text that its own lines agree with")
    func metricsFormat() async throws {
        try await withClient { client in
            #expect(try await client.ingest(array(goodEvents(5))).appended == 5)
            let answer = try await client.get("/metrics")
            #expect(answer.status == 200)
            #expect(answer.header("content-type")?.hasPrefix("text/plain; version=0.0.4") == true)
            let sample = /[a-z_:][a-z0-9_:]*(\{.*\})? [-+0-9.eINFa]+/
            for line in answer.text.split(separator: "\n") where !line.hasPrefix("#") {
                let isSample = line.wholeMatch(of: sample) != nil
                #expect(isSample, "\(line)")
            }
        }
    }

    @Test(
        "the metrics are read by Prometheus' own parser",
        .enabled(PythonEnvironment.reason) { await PythonEnvironment.shared.isReady })
    func metricsParser() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let report = try await service.client().ingest(array(goodEvents(5)))
                #expect(report.appended == 5)
                try await poll("the projections have no lag") {
                    let lags = try await Self.values(
                        of: "subscription_lag_events", service.client(), place)
                    return !lags.isEmpty && lags.allSatisfy { $0 == 0 }
                }
            }
            // Conservation is measured at the start, and rarely after that.
            try await withService(on: place) { service in
                try await poll("the projections are seen to lose nothing") {
                    let checks = try await Self.values(
                        of: "projection_conserved", service.client(), place)
                    return !checks.isEmpty && checks.allSatisfy { $0 == 1 }
                }
            }
        }
    }

    private struct Sample: Decodable {
        let name: String
        let value: Double
    }

    private static func values(
        of gauge: String, _ client: TallyClient, _ place: Place
    ) async throws -> [Double] {
        let file = place.dataDirectory + "/metrics"
        try await client.get("/metrics").text.write(
            toFile: file, atomically: true, encoding: .utf8)
        let run = try await PythonEnvironment.shared.run("parse_metrics.py", file)
        guard run.exitCode == 0 else { throw ServiceTestError(run.errors) }
        return try run.output.split(separator: "\n")
            .map { try JSONDecoder().decode(Sample.self, from: Data($0.utf8)) }
            .filter { $0.name == "tally_" + gauge }.map(\.value)
    }

    @Test("what follows the ledger is listed, and only what halted is resumed")
    func subscriptions() async throws {
        struct Row: Decodable {
            let subscription: String
            let position: String
            let halted: String?
        }
        try await withPlace { place in
            let file = place.dataDirectory + "/events.json"
            try array(goodEvents(5)).write(toFile: file, atomically: true, encoding: .utf8)
            _ = try await place.tally("import", file)
            let list = try await place.tally("subscriptions", "list", "--json")
            let rows = try JSONDecoder().decode([Row].self, from: Data(list.output.utf8))
            let names = rows.map(\.subscription)
            for name in ["spend", "unpriced_rating", "allowance_credits", "experiment_stops"] {
                #expect(names.contains(name))
            }
            #expect(rows.allSatisfy { $0.halted == nil })
            #expect(rows.first { $0.subscription == "spend" }?.position == "11")
            let resumed = try await CommandRun.tally(
                ["subscriptions", "resume", "spend"] + place.arguments)
            #expect(resumed.exitCode == 65, "\(resumed.errors)")
        }
    }

    @Test("health needs no key and no database, readiness needs the database")
    func health() async throws {
        try await withClient { client in
            let health = try await client.get("/healthz"), ready = try await client.get("/readyz")
            #expect(health.text == "ok\n")
            #expect(ready.text == "ready\n")
        }
    }

    private struct Spend: Decodable {
        struct Row: Decodable {
            let app: String?
            let costUsd: String
            let requests: Int
        }
        let position: Int64
        let rows: [Row]
    }

    @Test("spend over HTTP follows the stream and says up to which position it is true")
    func spend() async throws {
        try await withClient { client in
            let events = goodEvents(30) + [EventText("other").with("app", "\"lab\"")]
            let head = try await client.ingest(array(events)).head
            let path = "/api/v1/spend?by=app&from=2025-06-01T00:00:00Z&to=2025-06-02T00:00:00Z"
            var spend: Spend?
            try await poll("the projection is there") {
                spend = try await client.get(path).json(Spend.self)
                return spend?.position == head.position
            }
            let rows = try #require(spend).rows.sorted { $0.requests > $1.requests }
            #expect(rows.map(\.app) == ["search", "lab"])
            #expect(rows.map(\.requests) == [30, 1])
            #expect(rows.map { Double($0.costUsd) } == [0.105, 0.0035])
            for query in ["by=colour", "interval=week", "from=yesterday"] {
                let answer = try await client.get("/api/v1/spend?\(query)")
                #expect(answer.status == 400, "\(query)")
                #expect(try answer.failure.param == String(query.prefix { $0 != "=" }))
            }
        }
    }
}
