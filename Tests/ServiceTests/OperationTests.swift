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
