import AsyncHTTPClient
import Foundation
import LedgerTesting
import NIOCore
import NIOHTTP1

/// A caller of the HTTP service.
struct TallyClient: Sendable {
    let url: String
    var key: String?
    var timeout: Duration = .seconds(60)

    static let answerBytesMax = 64 << 20

    /// It does not reconnect on its own, because tests must see that a service is gone.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    func get(_ path: String, headers: [(String, String)] = []) async throws -> Answer {
        try await send("GET", path, headers: headers, body: nil)
    }

    func delete(_ path: String) async throws -> Answer {
        try await send("DELETE", path, headers: [], body: nil)
    }

    func post(
        _ path: String, _ text: String, type: String? = "application/json",
        headers: [(String, String)] = []
    ) async throws -> Answer {
        try await post(path, bytes: Array(text.utf8), type: type, headers: headers)
    }

    func post(
        _ path: String, bytes: [UInt8], type: String? = "application/json",
        headers: [(String, String)] = []
    ) async throws -> Answer {
        let typed = headers + (type.map { [("content-type", $0)] } ?? [])
        return try await send("POST", path, headers: typed, body: bytes)
    }

    func send(
        _ method: String, _ path: String, headers: [(String, String)], body: [UInt8]?
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let nanoseconds = timeout.components.seconds * 1_000_000_000
        let response = try await Self.http.execute(
            request, timeout: .nanoseconds(nanoseconds))
        let bytes = try await response.body.collect(upTo: Self.answerBytesMax)
        return Answer(
            status: Int(response.status.code),
            headers: response.headers.map { ($0.name.lowercased(), $0.value) },
            body: Array(bytes.readableBytesView))
    }

    /// Sends events; returns the report, which must be a success.
    func ingest(
        _ text: String, type: String = "application/json", path: String = "/api/v1/events"
    ) async throws -> JSONValue {
        let answer = try await post(path, text, type: type)
        guard answer.status == 200 else {
            throw ServiceTestError("\(answer.status): \(answer.text)")
        }
        return try answer.json
    }

    /// The external ids of all requests in the ledger, in order.
    func storedIDs() async throws -> [String] {
        var ids: [String] = []
        var after = 0
        while true {
            let page = try await get("/api/v1/events?limit=10000&after=\(after)").json
            ids += page.events.items.filter { $0.type.string?.hasPrefix("request.") == true }
                .compactMap { $0.id.string }
            let next = page.next_after.integer ?? 0
            if next <= after || next >= page.head.integer ?? 0 { return ids }
            after = next
        }
    }
}

struct Answer: Sendable {
    let status: Int
    let headers: [(String, String)]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first { $0.0 == name }?.1 }

    var json: JSONValue {
        get throws {
            do { return try JSONValue(body) } catch {
                throw ServiceTestError("not the JSON that was expected: \(status) \(text)")
            }
        }
    }

    /// The error in the shape that AI clients parse.
    var failure: JSONValue {
        get throws { try json.error }
    }
}
