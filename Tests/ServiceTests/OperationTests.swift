import Foundation
import LedgerTesting
import Testing

/// Parts of a running service that other programs read: metrics and the description of the calls.
@Suite("Operation", .serialized)
struct OperationTests {
    @Test(
        "Prometheus' own parser reads the metrics",
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
            // Conservation is checked at the start, and rarely after that.
            try await withService(on: place) { service in
                try await poll("the projections are seen to lose nothing") {
                    let checks = try await Self.values(
                        of: "projection_conserved", service.client(), place)
                    return !checks.isEmpty && checks.allSatisfy { $0 == 1 }
                }
            }
        }
    }

    @Test(
        "spend, requests and events are metrics by ledger and provider, with 0 from the start",
        .enabled(PythonEnvironment.reason) { await PythonEnvironment.shared.isReady })
    func spendMetrics() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let client = service.client()
                let none = ["ledger": "default", "source": "events", "result": "appended"]
                let first = try await Self.samples(client, place)
                #expect(Self.value("tally_events_total", none, in: first) == 0)
                let unknown = (0..<30).map { EventText("u\($0)").with("provider", "\"p\($0)\"") }
                _ = try await client.ingest(array(goodEvents(5) + unknown))
                let samples = try await Self.samples(client, place)
                let openai = ["ledger": "default", "provider": "openai"]
                for (name, expected) in [
                    ("tally_spend_usd_total", 0.0175), ("tally_requests_total", 5),
                    ("tally_unpriced_requests_total", 0),
                ] {
                    #expect(Self.value(name, openai, in: samples) == expected, "\(name)")
                }
                // What callers write makes no series.
                let other = ["ledger": "default", "provider": "other"]
                #expect(Self.value("tally_requests_total", other, in: samples) == 30)
                let series = samples.filter { $0.name == "tally_requests_total" }
                #expect(series.count == 2)
                let route = ["route": "/api/v1/events", "method": "POST"]
                let posted = route.merging(["status": "200"]) { $1 }
                #expect(Self.value("tally_http_requests_total", posted, in: samples) == 1)
                let timed = "tally_http_request_duration_seconds_count"
                #expect(Self.value(timed, route, in: samples) == 1)
            }
            // What the ledger holds is there again after a restart.
            try await withService(on: place) { service in
                try await poll("the spend of the ledger is measured") {
                    let samples = try await Self.samples(service.client(), place)
                    let openai = ["ledger": "default", "provider": "openai"]
                    return Self.value("tally_ledger_spend_usd", openai, in: samples) == 0.0175
                }
            }
        }
    }

    private struct Sample: Decodable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    private static func value(
        _ name: String, _ labels: [String: String], in samples: [Sample]
    ) -> Double? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    private static func values(
        of gauge: String, _ client: TallyClient, _ place: Place
    ) async throws -> [Double] {
        try await samples(client, place).filter { $0.name == "tally_" + gauge }.map(\.value)
    }

    private static func samples(
        _ client: TallyClient, _ place: Place
    ) async throws -> [Sample] {
        let file = place.dataDirectory + "/metrics"
        try await client.get("/metrics").text.write(
            toFile: file, atomically: true, encoding: .utf8)
        let run = try await PythonEnvironment.shared.run("parse_metrics.py", file)
        guard run.exitCode == 0 else { throw ServiceTestError(run.errors) }
        return try run.output.split(separator: "\n")
            .map { try JSONDecoder().decode(Sample.self, from: Data($0.utf8)) }
    }

    @Test("subscriptions are listed, and only halted ones are resumed")
    func subscriptions() async throws {
        try await withPlace { place in
            let file = place.dataDirectory + "/events.json"
            try array(goodEvents(5)).write(toFile: file, atomically: true, encoding: .utf8)
            _ = try await place.tally("import", file)
            let rows = try await place.tally("status", "--json").json.subscriptions.items
            let names = rows.compactMap(\.subscription.string)
            for name in ["spend", "unpriced_rating", "allowance_credits", "experiment_stops"] {
                #expect(names.contains(name))
            }
            #expect(rows.allSatisfy { $0.halted == nil })
            #expect(rows.first { $0.subscription == "spend" }?.position == 11)
            let resumed = try await CommandRun.tally(
                ["subscriptions", "resume", "spend"] + place.arguments)
            #expect(resumed.exitCode == 65, "\(resumed.errors)")
        }
    }

    @Test("an event is quarantined at the command line, and the read model goes on")
    func quarantine() async throws {
        try await withPlace { place in
            let file = place.dataDirectory + "/events.json"
            try array(goodEvents(1)).write(toFile: file, atomically: true, encoding: .utf8)
            _ = try await place.tally("import", file)
            // As if the next events held one that spend cannot take.
            let before = try await place.psql(
                "UPDATE tally.places SET halted_at = now(), error = 'a test' "
                    + "WHERE subscription = 'spend' RETURNING position")
            try array(goodEvents(3)).write(toFile: file, atomically: true, encoding: .utf8)
            _ = try await place.tally("import", file)
            let status = try await place.tally("status", "--json").json.subscriptions.items
                .first { $0.subscription == "spend" }
            #expect(status?.remedy == "tally quarantine find spend --ledger default")
            let listed = try await place.tally("quarantine", "list", "--json").json
            #expect(listed.halted.items.map(\.subscription.string) == ["spend"])
            #expect(listed.halted.items.map(\.position.integer) == [Int(before)])
            let found = try await place.tally("quarantine", "find", "spend", "--json")
            #expect(try found.json.events == [], "\(found.errors)")

            let poison = try await place.psql(
                "SELECT event_id FROM tally.events WHERE position = \(before) + 1")
            let elsewhere = try await place.psql(
                "SELECT event_id FROM tally.events WHERE position = 1")
            let refused = try await place.tally(
                "quarantine", "add", "spend", elsewhere, "--reason", "a test")
            #expect(refused.exitCode == 65 && refused.errors.contains("position 1"))
            let added = try await place.tally(
                "quarantine", "add", "spend", poison, "--reason", "a test", "--json")
            #expect(added.exitCode == 0, "\(added.errors)")
            #expect(try added.json.quarantined.items.map(\.event_id.string) == [poison])
            let rows = try await place.tally(
                "sql", "--csv", "SELECT subscription, event_id, reason FROM audit.quarantined")
            #expect(rows.output.contains("spend,\(poison),a test"), "\(rows.output)")
            _ = try await place.tally("spend")
            let after = try await place.tally("status", "--json").json.subscriptions.items
                .first { $0.subscription == "spend" }
            #expect(after?.halted == .null && after?.lag_events == 0)

            let counted = "SELECT sum(requests) FROM audit.spend_hourly"
            let without = try await place.tally("sql", "--csv", counted).output
            let released = try await place.tally(
                "quarantine", "release", poison, "--reason", "mended", "--json")
            #expect(released.exitCode == 0, "\(released.errors)")
            let row = try released.json.quarantined.items.first
            #expect(row?.release_reason == "mended" && row?.is_left_out == false)
            #expect(try await place.tally("sql", "--csv", counted).output != without)
            let both = try await place.tally(
                "sql", "--csv", "SELECT reason, release_reason, is_left_out FROM audit.quarantined")
            #expect(both.output.contains("a test,mended,"), "\(both.output)")
        }
    }

    @Test(
        "/openapi.json is a valid document of OpenAPI 3.1",
        .enabled(PythonEnvironment.openAPIReason) { await PythonEnvironment.openAPI.isReady })
    func openAPI() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let file = place.dataDirectory + "/openapi.json"
                try await service.client().get("/openapi.json").text.write(
                    toFile: file, atomically: true, encoding: .utf8)
                let run = try await PythonEnvironment.openAPI.run("check_openapi.py", file)
                #expect(run.exitCode == 0, "\(run.errors)")
            }
        }
    }
}

extension PythonEnvironment {
    fileprivate static let openAPI = PythonEnvironment(
        "test-venv-openapi", [["openapi-spec-validator>=0.7"]],
        modules: ["openapi_spec_validator"])
    fileprivate static let openAPIReason: Comment =
        "needs python3 with venv and the package openapi-spec-validator from PyPI"
}
