import Foundation
import LedgerTesting
import Testing
import WireTesting

/// Limits of the service: sizes, encodings, types and paths.
@Suite("HTTP limits", .serialized)
struct HTTPBorderTests {
    private static let bodyBytesMax = 64 << 20

    @Test("a body that announces 100 MB is 413 before it is sent")
    func announcedTooLarge() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let answer = try await RawConnection.with(port: service.port) { connection in
                    connection.send(
                        "POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\n"
                            + "content-type: application/json\r\n"
                            + "content-length: 104857600\r\n\r\n[")
                    return connection.answer()
                }
                #expect(answer.hasPrefix("HTTP/1.1 413"))
                #expect(answer.contains("\"request_too_large\""))
                #expect(try await service.client().get("/readyz").status == 200)
            }
        }
    }

    @Test("an endless chunked body is 413 once it passes the limit")
    func chunkedTooLarge() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                let (sent, answer) = try await RawConnection.with(port: service.port) {
                    connection in
                    connection.send(
                        "POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\n"
                            + "content-type: application/json\r\n"
                            + "transfer-encoding: chunked\r\n\r\n")
                    let size = 1 << 20
                    let chunk =
                        Array("100000\r\n".utf8)
                        + [UInt8](repeating: UInt8(ascii: " "), count: size) + Array("\r\n".utf8)
                    var sent = 0
                    while sent < 200 << 20, !connection.hasAnswer, connection.send(chunk) {
                        sent += size
                    }
                    return (sent, connection.answer())
                }
                #expect(answer.hasPrefix("HTTP/1.1 413"))
                #expect(sent >= Self.bodyBytesMax)
                #expect(sent < 120 << 20, "the answer came late, after \(sent) bytes")
                #expect(try await service.client().get("/readyz").status == 200)
            }
        }
    }

    @Test("a gzip or zstd bomb is 413, a corrupt body 400, and a good one is stored")
    func compressed() async throws {
        try await withScratchDirectory { directory in
            let zeros = directory + "/zeros"
            try Data(repeating: 0x20, count: 100 << 20).write(to: URL(fileURLWithPath: zeros))
            let good = directory + "/good"
            try Data(array(goodEvents(100)).utf8).write(to: URL(fileURLWithPath: good))
            try await withClient { client in
                for tool in ["gzip", "zstd"] {
                    let bomb = try await Self.compress(zeros, tool)
                    #expect(bomb.count < 1 << 20)
                    let refused = try await client.post(
                        "/api/v1/events", bytes: bomb, headers: [("content-encoding", tool)])
                    #expect(refused.status == 413)
                    #expect(try refused.failure.message.contains("expanded"))

                    let small = try await Self.compress(good, tool)
                    let broken = try await client.post(
                        "/api/v1/events", bytes: Array(small.dropLast(10)),
                        headers: [("content-encoding", tool)])
                    #expect(broken.status == 400)
                    #expect(try broken.failure.message.contains(tool))

                    let taken = try await client.post(
                        "/api/v1/events", bytes: small, headers: [("content-encoding", tool)])
                    let report = try taken.json
                    #expect(
                        [report.appended, report.duplicates].compactMap(\.integer).reduce(0, +)
                            == 100)
                }
                #expect(try await client.storedIDs().count == 100)
            }
        }
    }

    static func compress(_ file: String, _ tool: String) async throws -> [UInt8] {
        let output = "\(file).\(tool)"
        let run = try await CommandRun.run(
            "/usr/bin/env",
            tool == "gzip"
                ? ["sh", "-c", "gzip -c \"$1\" >\"$2\"", "gzip", file, output]
                : ["zstd", "-q", "-f", file, "-o", output])
        guard run.exitCode == 0 else { throw ServiceTestError(run.errors) }
        return Array(FileManager.default.contents(atPath: output) ?? Data())
    }
}
