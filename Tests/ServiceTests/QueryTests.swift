import Dispatch
import Foundation
import Testing
import WireTesting

/// Queries of a running service, and what its process shows to others.
@Suite("SQL of a service")
struct QueryTests {
    private static func sessions(_ place: Place) async throws -> String {
        try await place.psql(
            "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'tally_audit_%' "
                + "AND datname = current_database()")
    }

    @Test("a query ends when its client leaves")
    func departure() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let query =
                    "SELECT count(*) FROM generate_series(1, 9000000) a, "
                    + "generate_series(1, 9000000) b"
                let body = "{\"query\":\"\(query)\"}"
                let request =
                    "POST /api/v1/sql HTTP/1.1\r\nhost: 127.0.0.1\r\n"
                    + "content-type: application/json\r\n"
                    + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
                let leave = DispatchSemaphore(value: 0)
                async let client: Void = RawConnection.with(port: service.port) { connection in
                    connection.send(request)
                    leave.wait()
                }
                try await poll("the query runs") { try await Self.sessions(place) == "1" }
                leave.signal()
                try await client
                // Its own limit is 30 s.
                try await poll("the query has ended", within: .seconds(15)) {
                    try await Self.sessions(place) == "0"
                }
                // Whoever waits is answered, on a connection that goes on.
                for _ in 1...2 {
                    let answer = try await service.client().post(
                        "/api/v1/sql", #"{"query":"SELECT 1 AS one"}"#)
                    #expect(answer.status == 200 && answer.text.contains("\"one\":1"))
                }
            }
        }
    }

    @Test("the list of processes does not show the database URL")
    func processList() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let path = "/proc/\(try await service.pid())/cmdline"
                let shown = String(
                    decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
                #expect(shown.contains("serve\0") && shown.contains(place.dataDirectory))
                #expect(!shown.contains("database-url"))
                #expect(!shown.contains(try #require(place.databaseURL)))
            }
        }
    }
}
