import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Sends a body to the service; tests replace it to simulate the service.
package struct Transport: Sendable {
    /// Sends lines of JSON and returns what came back.
    package let post: @Sendable (_ body: [UInt8]) async -> Reply
    package let shutDown: @Sendable () async -> Void

    package init(
        post: @escaping @Sendable (_ body: [UInt8]) async -> Reply,
        shutDown: @escaping @Sendable () async -> Void = {}
    ) {
        self.post = post
        self.shutDown = shutDown
    }
}

extension Transport {
    /// The longest answer that is read: a report that lists every record of the largest batch.
    private static let answerBytesMax = 64 << 20

    /// `POST /api/v1/events` over HTTP.
    static func http(_ configuration: TallyClient.Configuration) -> Transport {
        var settings = HTTPClient.Configuration()
        // A redirected POST would become a GET.
        settings.redirectConfiguration = .disallow
        settings.connectionPool.retryConnectionEstablishment = false
        settings.timeout.connect = .seconds(5)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        let request = request(configuration)
        let timeout = TimeAmount.microseconds(configuration.limits.callTimeMax.microseconds)
        return Transport(
            post: { body in
                var request = request
                request.body = .bytes(ByteBuffer(bytes: gzip(body)))
                do {
                    let response = try await client.execute(request, timeout: timeout)
                    let answer = try await response.body.collect(upTo: answerBytesMax)
                    return .answer(
                        status: Int(response.status.code),
                        retryAfter: response.headers.first(name: "retry-after"),
                        body: Array(answer.readableBytesView))
                } catch {
                    return .noAnswer("\(configuration.url) does not answer: \(error)")
                }
            },
            shutDown: { try? await client.shutdown() })
    }

    private static func request(_ configuration: TallyClient.Configuration) -> HTTPClientRequest {
        var url = configuration.url[...]
        while url.hasSuffix("/") { url.removeLast() }
        var request = HTTPClientRequest(url: url + "/api/v1/events")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-ndjson")
        request.headers.add(name: "content-encoding", value: "gzip")
        request.headers.add(name: "user-agent", value: "TallyClient")
        if let key = configuration.apiKey {
            request.headers.add(name: "authorization", value: "Bearer \(key)")
        }
        return request
    }
}
