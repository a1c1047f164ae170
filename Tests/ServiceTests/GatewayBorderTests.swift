import Foundation
import LedgerTesting
import Testing
import WireTesting

/// Requests that mean harm to what is behind the gateway.
@Suite("The gateway and hostile callers", .serialized)
struct GatewayBorderTests {
    private static let body = GatewayCaller.chat()

    private static func head(_ more: String) -> String {
        "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n"
            + "content-type: application/json\r\n" + more
    }

    /// Two readers of such a request could disagree on where it ends.
    private static let smuggled: [(name: String, text: String)] = {
        let (length, chunked) = (body.utf8.count, "transfer-encoding: chunked\r\n")
        let chunks = String(length, radix: 16) + "\r\n\(body)\r\n0\r\n\r\n"
        return [
            ("CL and TE", head("content-length: 6\r\n\(chunked)\r\n\(chunks)")),
            ("TE and CL", head("\(chunked)content-length: \(length)\r\n\r\n\(body)")),
            (
                "two lengths",
                head("content-length: \(length)\r\ncontent-length: 1\r\n\r\n\(body)")
            ),
            ("lengths in a list", head("content-length: \(length), 1\r\n\r\n\(body)")),
            ("a signed length", head("content-length: +\(length)\r\n\r\n\(body)")),
            ("a negative length", head("content-length: -1\r\n\r\n\(body)")),
            ("an unknown coding", head("transfer-encoding: xchunked\r\n\r\n\(chunks)")),
            ("chunked twice", head("\(chunked)\(chunked)\r\n\(chunks)")),
            ("chunked, then another", head("transfer-encoding: chunked, x\r\n\r\n\(chunks)")),
            ("a chunk size that is none", head("\(chunked)\r\nzz\r\n\(body)\r\n0\r\n\r\n")),
            ("a huge chunk size", head("\(chunked)\r\nfffffffffffffffff\r\n\(body)")),
            ("a space before the colon", head("content-length : \(length)\r\n\r\n\(body)")),
            ("a zero byte", head("x-a: b\0c\r\ncontent-length: \(length)\r\n\r\n\(body)")),
            ("no host", "POST /v1/chat/completions HTTP/1.1\r\n\r\n"),
        ]
    }()

    @Test("requests whose end is not certain reach nobody")
    func smuggling() async throws {
        try await GatewayHouse.with("{}") { house in
            try await house.withService { service, caller in
                // Without a key a request is refused for another reason.
                let key = "authorization: Bearer \(caller.client.key ?? "")\r\n"
                for (name, text) in Self.smuggled {
                    let text = text.replacingOccurrences(
                        of: "host: localhost\r\n", with: "host: localhost\r\n" + key)
                    let answer = try await RawConnection.with(port: service.port) { connection in
                        connection.send(text)
                        return connection.answer()
                    }
                    #expect(
                        answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"),
                        "\(name): \(answer.prefix(200))")
                }
                #expect(try await house.upstreams[0].calls().isEmpty)
                #expect(try await caller.chat().status == 200)
            }
        }
    }

    @Test("a folded header line is refused, or passed on as one line")
    func folded() async throws {
        try await GatewayHouse.with("{}") { house in
            try await house.withService { service, caller in
                let text =
                    Self.head("authorization: Bearer \(caller.client.key ?? "")\r\n")
                    + "x-folded: one\r\n two\r\ncontent-length: \(Self.body.utf8.count)\r\n\r\n"
                    + Self.body
                let answer = try await RawConnection.with(port: service.port) { connection in
                    connection.send(text)
                    return connection.answer()
                }
                let calls = try await house.upstreams[0].calls()
                #expect(answer.hasPrefix("HTTP/1.1 200") == (calls.count == 1), "\(answer)")
                for header in calls.first?.headers.items ?? [] {
                    #expect(header[1].string?.contains { $0.isNewline } == false)
                    #expect(header[0].string?.hasPrefix("two") == false)
                }
            }
        }
    }

    @Test("heads and bodies that are too large are refused, in the caller's dialect")
    func limits() async throws {
        try await GatewayHouse.with("{}") { house in
            try await house.withService { service, caller in
                for path in ["/v1/chat/completions", "/v1/messages"] {
                    let key = caller.client.key ?? ""
                    let answer = try await RawConnection.with(port: service.port) { connection in
                        connection.send(
                            "POST \(path) HTTP/1.1\r\nhost: localhost\r\n"
                                + "authorization: Bearer \(key)\r\n"
                                + "content-type: application/json\r\n"
                                + "content-length: 1073741824\r\n\r\n[")
                        return connection.answer()
                    }
                    #expect(answer.hasPrefix("HTTP/1.1 413"), "\(answer)")
                    #expect(answer.contains("\"error\""))
                }
                let long = String(repeating: "x", count: 200_000)
                let answer = try await RawConnection.with(port: service.port) { connection in
                    connection.send(Self.head("x-long: \(long)\r\n\r\n"))
                    return connection.answer()
                }
                #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer.prefix(200))")
                for text in ["", "[]", "{", "{\"model\":1}", "{\"model\":\"\"}", "null"] {
                    let refused = try await caller.client.post("/v1/chat/completions", text)
                    #expect((400..<500).contains(refused.status), "\(text): \(refused.text)")
                    #expect(try refused.failure.message.string?.isEmpty == false)
                    let message = try await caller.client.post("/v1/messages", text)
                    #expect((400..<500).contains(message.status), "\(text): \(message.text)")
                    #expect(try message.json.type.string == "error", "\(message.text)")
                }
                let unknown = try await service.client(key: "tally_unknown").post(
                    "/v1/messages", Self.body)
                #expect(unknown.status == 401, "\(unknown.text)")
                #expect(try unknown.json.error.type.string == "authentication_error")
                #expect(try await house.upstreams[0].calls().isEmpty)
            }
        }
    }

    @Test("callers who never end their requests delay nobody")
    func slow() async throws {
        try await GatewayHouse.with("{}") { house in
            try await house.withService { service, caller in
                let texts = [
                    "P", Self.head(""), Self.head("content-length: 999\r\n\r\n{"),
                    Self.head("transfer-encoding: chunked\r\n\r\n1\r\n{\r\n"),
                ]
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let (gate, open) = AsyncStream.makeStream(of: Void.self)
                    for number in 0..<60 {
                        group.addTask {
                            try await RawConnection.with(port: service.port) { connection in
                                connection.send(texts[number % texts.count])
                                open.yield()
                                _ = connection.isClosed()
                            }
                        }
                    }
                    var begun = gate.makeAsyncIterator()
                    for _ in 0..<60 { await begun.next() }
                    let start = ContinuousClock.now
                    for number in 0..<20 {
                        #expect(try await caller.chat("quick \(number)").status == 200)
                    }
                    #expect(ContinuousClock.now - start < .seconds(10))
                    #expect(try await service.stop() == 0, "they do not keep it from ending")
                    try await group.waitForAll()
                }
            }
        }
    }
}
