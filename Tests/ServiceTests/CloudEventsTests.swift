import Foundation
import Testing

/// CloudEvents in the three modes of HTTP, as OpenMeter's clients send them.
@Suite("CloudEvents", .serialized)
struct CloudEventsTests {
    @Test(
        "the cloudevents package of Python is understood",
        .enabled(PythonEnvironment.reason) { await PythonEnvironment.shared.isReady })
    func python() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let run = try await PythonEnvironment.shared.run(
                    "cloudevents_client.py", service.url)
                #expect(run.exitCode == 0, "\(run.errors)")
                let lines = run.output.split(separator: "\n").map {
                    $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                }
                let status = lines.map { "\($0[0]) \($0[1])" }
                #expect(
                    status == [
                        "structured 204", "binary 204", "batch 204", "again 204",
                        "again in binary mode 204", "conflict 400", "mixed batch 400",
                        "new structured 204", "new binary 204", "new again 204",
                    ], "\(run.output)")
                let ids = try await service.client().storedIDs()
                #expect(ids == (1...7).map { "python-\($0)" })
                let users = try await place.psql(
                    """
                    SELECT DISTINCT source, user_id FROM tally.events WHERE kind = 1 ORDER BY 2
                    """)
                let source = "https://example.org/shop"
                #expect(users == "\(source)|user 1\n\(source)|user é, 100 %")
            }
        }
    }
}
