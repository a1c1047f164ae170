import Foundation
import LedgerTesting
import Testing

/// How requests do, of applications that don't use the gateway.
@Suite("Performance of reported requests")
struct ReportedPerformanceTests {
    @Test("a service says how reported requests did, and how the objectives of a file stand")
    func reported() async throws {
        try await withPlace { place in
            let file = place.dataDirectory + "/slo.yaml"
            try """
            tally_slos: 1
            slos:
              quick: {goal: 90%, latency: 1s, only: {app: search}}
              up: {goal: 99%}
            """.write(toFile: file, atomically: true, encoding: .utf8)
            let environment = ["TALLY_SLO_FILE": file]
            try await withService(on: place, environment: environment) { service in
                let now = Date().ISO8601Format()
                for index in 0..<40 {
                    let isFailed = index % 10 == 0
                    let times =
                        isFailed
                        ? #""status":503"#
                        : #""latency_ms":\#(index < 20 ? 3000 : 500),"time_to_first_token_ms":200"#
                    let answer = try await service.client().post(
                        "/api/v1/events",
                        #"""
                        {"source":"test","id":"\#(index)","occurred_at":"\#(now)","app":"search",
                        "type":"request.\#(isFailed ? "failed" : "completed")",
                        "provider":"openai","model":"gpt-4o-mini",
                        "usage":{"input_tokens":10,"output_tokens":50},\#(times)}
                        """#)
                    #expect(answer.status == 200, "\(answer.text)")
                }
                try await poll("the read model has all requests") {
                    let rows = try await service.client().get("/api/v1/performance?by=app").json
                        .rows
                    return rows[0].requests.integer == 40
                }
                let group = try await service.client().get("/api/v1/performance?by=app").json
                    .rows[0]
                #expect(group.app.string == "search")
                #expect(group.failed_requests.integer == 4)
                #expect(group.failures.overloaded.integer == 4)
                let slos = try await place.tally(
                    "performance", "slos", "--json", environment: environment)
                #expect(slos.exitCode == 0, "\(slos.errors)")
                let rows = try JSONValue(Array(slos.output.utf8)).rows
                #expect(rows[0].name.string == "quick")
                #expect(rows[0].of.integer == 36)
                #expect(rows[0].missed.integer == 18)
                #expect(rows[0].breached == .boolean(true))
                #expect(rows[1].name.string == "up")
                #expect(rows[1].missed.integer == 4 && rows[1].of.integer == 40)
                let wrong = try await place.tally("performance", "slos", "--file", "/nowhere.yaml")
                #expect(wrong.exitCode == 65 || wrong.exitCode == 64, "\(wrong)")
            }
        }
    }
}
