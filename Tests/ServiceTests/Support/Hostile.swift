import Foundation
import LedgerTesting
import WireTesting

/// One kind of hostile request, made again and again.
struct Hostile: Sendable {
    let name: String
    let send:
        @Sendable (_ client: TallyClient, _ generator: inout SeededGenerator) async throws -> Int
}

extension Hostile {
    /// Compressed bodies that become large, or many: none has more than a few hundred kilobytes.
    static func bombs(in directory: String) async throws -> [Hostile] {
        let mib = 1 << 20
        let texts: [(name: String, path: String, type: String, unit: String, bytes: Int)] = [
            ("empty arrays", "/api/v1/events", "application/json", "[],", 63 * mib),
            ("numbers", "/api/v1/events", "application/json", "1,", 63 * mib),
            ("spaced numbers", "/api/v1/events", "application/json", "1, \"\"   ,", 63 * mib),
            ("quotes", "/api/v1/events", "application/json", "\"\" ", 63 * mib),
            ("spaces", "/api/v1/events", "application/json", " ", 100 * mib),
            ("tiny lines", "/api/v1/events", "application/x-ndjson", "1\n", 6 * mib),
            ("bad lines", "/api/v1/events", "application/x-ndjson", "{\"id\":\"x\"}\n", 4 * mib),
            ("empty events", "/api/v1/events", "application/json", "{\"a\":[]},", 4 * mib),
            ("spans", "/v1/traces", "application/json", "{},", 31 * mib),
            ("protobuf", "/v1/traces", "application/x-protobuf", "\n\0", 31 * mib),
            ("ids", "/api/v1/tokens/decode", "application/json", "1,", 15 * mib),
            ("aliases", "/api/v1/prices", "application/yaml", "- [a, a]\n", 2 * mib),
        ]
        var bombs: [Hostile] = []
        for text in texts {
            let file = directory + "/bomb"
            let open = text.unit.hasSuffix(",") ? "[" : ""
            let body = open + String(repeating: text.unit, count: text.bytes / text.unit.utf8.count)
            try Data(body.utf8).write(to: URL(fileURLWithPath: file))
            let bytes = try await HTTPBorderTests.compress(file, "gzip")
            bombs.append(
                Hostile(name: "a bomb of \(text.name)") { client, _ in
                    try await client.post(
                        text.path, bytes: bytes, type: text.type,
                        headers: [("content-encoding", "gzip")]
                    ).status
                })
        }
        return bombs
    }

    /// Random damage to what each reader reads; the generator's seed is printed.
    static let fuzzers: [Hostile] = [
        ("events", "/api/v1/events", "application/json", array(goodEvents(5))),
        (
            "lines", "/api/v1/events", "application/x-ndjson",
            goodEvents(5).map(\.text).joined(separator: "\n")
        ),
        (
            "CloudEvents", "/api/v1/events", "application/cloudevents+json",
            #"{"specversion":"1.0","id":"1","source":"s","type":"request.completed","data":{}}"#
        ),
        (
            "traces", "/v1/traces", "application/json",
            #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"chat","traceId":"00"}]}]}]}"#
        ),
        ("protobuf", "/v1/logs", "application/x-protobuf", "\n\u{8}\u{12}\u{6}\u{12}\u{4}\u{2a}x"),
        ("SQL", "/api/v1/sql", "application/json", #"{"query":"SELECT 1 AS a"}"#),
        (
            "tokens", "/api/v1/tokens/optimize", "application/json",
            #"{"model":"gpt-4o","text":"a text","query":"why"}"#
        ),
        ("prices", "/api/v1/prices", "application/yaml", "prices:\n  - model: x\n    input: 1\n"),
        ("ledgers", "/api/v1/replays", "application/json", #"{"book":"default","by":["model"]}"#),
    ].map { name, path, type, text in
        Hostile(name: "damaged \(name)") { client, generator in
            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] = UInt8.random(in: 0...255, using: &generator)
            }
            return try await client.post(path, bytes: bytes, type: type).status
        }
    }

    /// Bytes that are no HTTP, and pages of other sites.
    static func wires(to port: Int) -> [Hostile] {
        let head =
            "POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        let texts = [
            ("a bad chunk", head + "transfer-encoding: chunked\r\n\r\nzz\r\n[]\r\n"),
            ("two lengths", head + "content-length: 2\r\ncontent-length: 3\r\n\r\n[]"),
            ("no HTTP", "\u{16}\u{3}\u{1}\u{2} nonsense\r\n\r\n"),
            ("another host", "GET /api/v1/head HTTP/1.1\r\nhost: evil.example\r\n\r\n"),
            (
                "another site",
                head + "origin: https://evil.example\r\ncontent-length: 2\r\n\r\n[]"
            ),
            ("a long head", "GET / HTTP/1.1\r\nx: " + String(repeating: "x", count: 100_000)),
        ]
        return texts.map { name, text in
            Hostile(name: name) { _, _ in
                try await RawConnection.with(port: port) { connection in
                    connection.send(text)
                    return Int(connection.answer().dropFirst(9).prefix(3)) ?? 0
                }
            }
        }
    }

    /// A ledger of whoever attacks.
    static let ledger = "hostile"

    /// Statements that ran for minutes deaf to every cancel, or took gigabytes.
    private static let deafStatements = [
        "SELECT length(translate(repeat('a', 10000000), repeat('b', 10000000), ''))",
        "SELECT strpos(repeat('a', 1000000), 'b' || repeat('a', 500000))",
        "SELECT pg_catalog.strpos(repeat('a', 1000000), 'b' || repeat('a', 500000))",
        "SELECT replace(repeat('a', 1000000), 'b' || repeat('a', 500000), '')",
        "SELECT trim(both repeat('b', 1000000) || 'a' from repeat('a', 1000000))",
        "SELECT repeat('a', 1000000) LIKE '%' || repeat('a', 30000) || 'b%'",
        "SELECT ARRAY(SELECT generate_series(1, 100000)) && ARRAY(SELECT -generate_series(1, 100000))",
        "SELECT xpath_exists('//a', '<a/>')", "SELECT format('%1000000000s', 'x')",
        "SELECT format(repeat('%1$s', 1000), repeat('y', 1000000))",
        "SELECT array_agg(repeat('x', 100000000) || g) FROM generate_series(1, 30) AS g",
    ]

    /// Statements that heed a cancel, but go on until one comes.
    private static let endlessStatements = [
        "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b",
        "SELECT repeat('a', 60000) ~ ('(' || repeat('a?', 1000) || ')b')",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT 1 FROM r) SELECT max(n) FROM r",
    ]

    private static func statements(_ name: String, _ statements: [String]) -> Hostile {
        Hostile(name: name) { client, generator in
            let query = statements.randomElement(using: &generator) ?? ""
            return try await client.post(
                "/api/v1/sql?ledger=\(ledger)", #"{"query":"\#(query)"}"#
            ).status
        }
    }

    /// Questions whose answers would be much larger than they are, or that would never end.
    static let questions: [Hostile] = [
        statements("SQL deaf to its end", deafStatements),
        statements("SQL without end", endlessStatements),
        Hostile(name: "columns of NULL") { client, _ in
            let columns = (1...1_000).map { "NULL AS column_\($0)" }.joined(separator: ",")
            let query = "SELECT \(columns) FROM generate_series(1, 40000)"
            return try await client.post(
                "/api/v1/sql", #"{"query":"\#(query)","limit":100000}"#
            ).status
        },
        Hostile(name: "a long text to count") { client, generator in
            let word = "word\(Int.random(in: 0..<1_000_000, using: &generator)) "
            let text = String(repeating: word, count: 100_000)
            return try await client.post(
                "/api/v1/tokens/count", #"{"model":"gpt-4o","text":"\#(text)"}"#
            ).status
        },
    ]
}
