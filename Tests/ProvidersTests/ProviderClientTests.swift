import LedgerModel
import NIOCore
import NIOPosix
import PostgresTesting
import Providers
import Testing

@Suite("Calls to providers", .timeLimit(.minutes(1)))
struct ProviderClientTests {
    private static let whole = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"

    /// A client of a provider at a port.
    private static func client(_ port: Int, _ more: String = "") throws -> ProviderClient {
        let (set, _) = ProviderSet.load(
            try ProviderFile.read(
                """
                tally_providers: 1
                providers:
                  there:
                    kind: openai
                    base_url: http://127.0.0.1:\(port)/base/v1
                    keys: {first: {env: FIRST}, second: {env: SECOND}}
                \(more)
                """),
            environment: ["FIRST": "sk-1", "SECOND": "sk-2"])
        return ProviderClient(try #require(set["there"]), of: set)
    }

    private static func isLost(_ error: (any Error)?, _ words: String = "") -> Bool {
        if case .lost(_, let reason)? = error as? ProviderFault {
            return words.isEmpty || reason.contains(words)
        }
        return false
    }

    @Test("headers pass as they are given, in their order, with the key that is asked for")
    func headers() async throws {
        try await WireUpstream.with { _ in
            [.send(Self.whole)]
        } _: { upstream in
            let client = try Self.client(upstream.port)
            var call = ProviderCall(post: "/v1/chat/completions?x=1", json: Array("{}".utf8))
            call.headers = [
                ("X-Stainless-Lang", "js"), ("authorization", "Bearer caller"),
                ("content-type", "application/json; charset=utf-8"), ("x-a", "1"), ("x-a", "2"),
            ]
            let answer = try await client.call(call, key: "second")
            #expect(answer.status == 200 && answer.body == Array("ok".utf8))
            #expect(
                upstream.seen.requests == [
                    """
                    POST /base/v1/chat/completions?x=1 HTTP/1.1\r
                    host: 127.0.0.1:\(upstream.port)\r
                    X-Stainless-Lang: js\r
                    content-type: application/json; charset=utf-8\r
                    x-a: 1\r
                    x-a: 2\r
                    authorization: Bearer sk-2\r
                    content-length: 2\r
                    \r
                    {}
                    """
                ])
            await client.close()
        }
    }

    @Test("any method is sent, and the answer to HEAD has no body whatever it announces")
    func methods() async throws {
        try await WireUpstream.with { request in
            request.hasPrefix("HEAD")
                ? [.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n")]
                : [.send("HTTP/1.1 204 No Content\r\n\r\n")]
        } _: { upstream in
            let client = try Self.client(upstream.port)
            for method in ["HEAD", "DELETE", "PUT", "PATCH", "GET"] {
                var call = ProviderCall("/v1/files/a")
                call.method = method
                let answer = try await client.call(call)
                #expect(answer.body.isEmpty && answer.status == (method == "HEAD" ? 200 : 204))
            }
            let heads = upstream.seen.requests.map { $0.prefix { $0 != " " } }
            #expect(heads == ["HEAD", "DELETE", "PUT", "PATCH", "GET"])
            await client.close()
        }
    }

    @Test("connections are used again")
    func keepAlive() async throws {
        try await WireUpstream.with { _ in
            [.send(Self.whole)]
        } _: { upstream in
            let client = try Self.client(upstream.port)
            for _ in 0..<64 { _ = try await client.call(ProviderCall("/v1/models")) }
            let loops = MultiThreadedEventLoopGroup.singleton.makeIterator().reduce(0) { n, _ in
                n + 1
            }
            #expect(upstream.seen.connections <= loops)
            await client.close()
            try await eventually("all are closed") {
                upstream.seen.closed == upstream.seen.connections
            }
        }
    }

    @Test("what comes after an answer is nobody's, and its connection is not used again")
    func surplus() async throws {
        try await WireUpstream.with { _ in
            [.send(Self.whole + "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil")]
        } _: { upstream in
            let client = try Self.client(upstream.port)
            for _ in 0..<8 {
                let answer = try await client.call(ProviderCall("/v1/models"))
                #expect(answer.body == Array("ok".utf8))
            }
            #expect(upstream.seen.connections == 8)
            await client.close()
        }
    }

    @Test(
        "an answer that is cut off is an error, never taken as whole",
        arguments: [
            "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nok",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n",
            "HTTP/1.1 200 OK\r\ncontent-le", "",
        ])
    func cut(_ answer: String) async throws {
        try await WireUpstream.with { _ in
            [.send(answer), .close]
        } _: { upstream in
            let client = try Self.client(upstream.port)
            let error = await #expect(throws: (any Error).self) {
                try await client.call(ProviderCall("/v1/models"))
            }
            #expect(Self.isLost(error), "\(String(describing: error))")
            await client.close()
        }
    }

    @Test("an answer without a length ends with its connection")
    func untilTheEnd() async throws {
        try await WireUpstream.with { _ in
            [.send("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nto the end"), .close]
        } _: { upstream in
            let client = try Self.client(upstream.port)
            let answer = try await client.call(ProviderCall("/v1/models"))
            #expect(answer.body == Array("to the end".utf8))
            await client.close()
        }
    }

    @Test("a head that is too long is refused")
    func longHead() async throws {
        try await WireUpstream.with { _ in
            [
                .send("HTTP/1.1 200 OK\r\nx: "), .bytes(80 << 10),
                .send("\r\ncontent-length: 0\r\n\r\n"),
            ]
        } _: { upstream in
            let client = try Self.client(upstream.port)
            let error = await #expect(throws: (any Error).self) {
                try await client.call(ProviderCall("/v1/models"))
            }
            #expect(Self.isLost(error), "\(String(describing: error))")
            await client.close()
        }
    }

    @Test(
        "a provider that is silent is given up",
        arguments: [
            ("", "{first_byte: 1s}", "no answer began"),
            ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok", "{idle: 1s}", "nothing came"),
            ("", "{total: 1s}", "it took more than"),
            ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok", "{total: 1s}", "it took more than"),
        ])
    func silence(_ answer: String, _ times: String, _ words: String) async throws {
        try await WireUpstream.with { _ in
            [.send(answer)]
        } _: { upstream in
            let client = try Self.client(upstream.port, "    timeouts: \(times)")
            let error = await #expect(throws: (any Error).self) {
                try await client.call(ProviderCall("/v1/models"))
            }
            #expect(Self.isLost(error, words), "\(String(describing: error))")
            try await eventually("its connection is closed") { upstream.seen.closed == 1 }
            await client.close()
        }
    }

    @Test("a provider that is not there can't be reached, at once")
    func refused() async throws {
        var port = 0
        try await WireUpstream.with { _ in
            []
        } _: {
            port = $0.port
        }
        let client = try Self.client(port)
        let error = await #expect(throws: ProviderFault.self) {
            try await client.call(ProviderCall("/v1/models"))
        }
        if case .unreachable? = error {} else { Issue.record("\(String(describing: error))") }
        await client.close()
    }

    @Test("whoever reads slowly slows the provider down")
    func backpressure() async throws {
        let size = 32 << 20
        try await WireUpstream.with { request in
            request.contains("/big")
                ? [.send("HTTP/1.1 200 OK\r\ncontent-length: \(size)\r\n\r\n"), .bytes(size)]
                : [.send(Self.whole)]
        } _: { upstream in
            let client = try Self.client(upstream.port)
            let stream = try await client.open(ProviderCall("/v1/big"))
            for _ in 0..<200 { _ = try await client.call(ProviderCall("/v1/small")) }
            // The head and 200 small answers have left, the big one has not.
            #expect(upstream.seen.written == 201)
            var count = 0
            while let piece = try await stream.next() { count += piece.readableBytes }
            #expect(count == size)
            try await eventually("the big one has left too") { upstream.seen.written == 202 }
            await client.close()
        }
    }

    @Test("whoever leaves in the middle of an answer ends the call")
    func leaving() async throws {
        let begun = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok"
        try await WireUpstream.with { _ in
            [.send(begun)]
        } _: { upstream in
            let client = try Self.client(upstream.port)
            do {
                let stream = try await client.open(ProviderCall("/v1/a"))
                #expect(try await stream.next() == ByteBuffer(string: "ok"))
            }
            try await eventually("the first is closed") { upstream.seen.closed == 1 }
            let reader = Task {
                let stream = try await client.open(ProviderCall("/v1/b"))
                while try await stream.next() != nil {}
            }
            try await eventually("the second is asked") { upstream.seen.requests.count == 2 }
            reader.cancel()
            await #expect(throws: CancellationError.self) { try await reader.value }
            try await eventually("the second is closed") { upstream.seen.closed == 2 }
            await client.close()
        }
    }

    @Test("many calls at once get each its own answer")
    func crowd() async throws {
        try await WireUpstream.with { request in
            let path = request.split(separator: " ")[1]
            return [
                .send("HTTP/1.1 200 OK\r\ncontent-length: \(path.utf8.count)\r\n\r\n\(path)")
            ]
        } _: { upstream in
            let client = try Self.client(upstream.port)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<64 {
                    group.addTask {
                        for call in 0..<20 {
                            let path = "/v1/\(caller)/\(call)"
                            let answer = try await client.call(ProviderCall(path))
                            #expect(answer.body == Array("/base\(path)".utf8))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(upstream.seen.requests.count == 1_280)
            await client.close()
        }
    }

    @Test("what would end a line early is not sent")
    func injection() async throws {
        try await WireUpstream.with { _ in
            [.send(Self.whole)]
        } _: { upstream in
            let client = try Self.client(upstream.port)
            var header = ProviderCall("/v1/models")
            header.headers = [("x-a", "1\r\nx-b: 2")]
            for call in [ProviderCall("/v1/a b"), ProviderCall("/v1/a\r\nx: y"), header] {
                let error = await #expect(throws: ProviderFault.self) {
                    try await client.call(call)
                }
                #expect(error?.kind == .invalid)
            }
            #expect(upstream.seen.requests.isEmpty)
            await client.close()
        }
    }

    @Test("a set of clients has one for each provider")
    func clients() throws {
        let (set, _) = ProviderSet.load(
            try ProviderFile.read(
                """
                tally_providers: 1
                providers:
                  a: {kind: compatible, base_url: "http://127.0.0.1:1/v1"}
                  b: {kind: compatible, base_url: "http://127.0.0.1:2/v1"}

                """), environment: [:])
        let clients = ProviderClients(set)
        #expect(clients["a"] === clients["a"] && clients["a"]?.provider.name == "a")
        #expect(clients["b"]?.provider.name == "b" && clients["c"] == nil)
    }
}
