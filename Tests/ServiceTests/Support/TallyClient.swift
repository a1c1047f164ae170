import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A caller of the HTTP service.
struct TallyClient: Sendable {
    let url: String
    var key: String?
    var timeout: Duration = .seconds(60)

    static let answerBytesMax = 64 << 20

    /// Does not try to connect again by itself: tests want to see that a service is gone.
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

    /// Sends events; the report, which must be a success.
    func ingest(
        _ text: String, type: String = "application/json", path: String = "/api/v1/events"
    ) async throws -> Report {
        let answer = try await post(path, text, type: type)
        guard answer.status == 200 else {
            throw ServiceTestError("\(answer.status): \(answer.text)")
        }
        return try answer.json()
    }

    /// The external ids of all requests in the ledger, in the order of the stream.
    func storedIDs() async throws -> [String] {
        var ids: [String] = []
        var after: Int64 = 0
        while true {
            let page: EventPage = try await get(
                "/api/v1/events?limit=10000&after=\(after)"
            ).json()
            ids += page.events.filter { $0.type.hasPrefix("request.") }.map(\.id)
            if page.nextAfter <= after || page.nextAfter >= page.head { return ids }
            after = page.nextAfter
        }
    }
}

struct Answer: Sendable {
    let status: Int
    let headers: [(String, String)]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first { $0.0 == name }?.1 }

    func json<T: Decodable>(_ type: T.Type = T.self) throws -> T {
        do {
            return try JSONDecoder.ofService.decode(T.self, from: Data(body))
        } catch {
            throw ServiceTestError("not the JSON that was expected: \(status) \(text) \(error)")
        }
    }

    /// The error in the shape that AI clients parse.
    var failure: FailureBody.Failure {
        get throws { try json(FailureBody.self).error }
    }
}

extension JSONDecoder {
    /// Turns the names of the wire, such as `cost_usd`, into Swift's.
    static var ofService: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}

/// The body of every answer that is not a success.
struct FailureBody: Decodable {
    struct Failure: Decodable {
        let type: String
        let message: String
        let param: String?
    }
    let error: Failure
}

/// The answer of `POST /api/v1/events`.
struct Report: Decodable {
    struct Line: Decodable {
        let index: Int
        let line: Int?
        let id: String?
        let status: String
        let position: Int64?
        let error: String?
    }

    let appended: Int
    let duplicates: Int
    let conflicts: Int
    let rejected: Int
    let head: HeadBody
    let events: [Line]

    /// Appended, duplicates, conflicts, rejected.
    var counts: [Int] { [appended, duplicates, conflicts, rejected] }
}

struct HeadBody: Decodable, Equatable {
    let position: Int64
    let block: Int64
    let hash: String
}

/// The answer of `GET /api/v1/events`.
struct EventPage: Decodable {
    struct Event: Decodable {
        let position: Int64
        let id: String
        let eventId: String?
        let type: String
        let app: String?
        let costUsd: String?
        let unpriced: String?
        let usage: [String: Double]?
    }
    let events: [Event]
    let nextAfter: Int64
    let head: Int64
}
