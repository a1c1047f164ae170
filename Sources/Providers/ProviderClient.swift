import AsyncHTTPClient
package import LedgerModel
package import NIOCore
import NIOHTTP1
import NIOPosix

/// A call to a provider, at a path that its documentation names.
package struct ProviderCall: Sendable {
    package var method = "GET"
    /// `/v1/…`, with its query.
    package let path: String
    package var headers: [(name: String, value: String)] = []
    /// The pieces of the body, which are sent one after another, and its media type.
    package var body: [ByteBuffer] = []
    package var contentType = "application/json"

    package init(_ path: String) {
        self.path = path
    }

    package init(post path: String, json: [UInt8] = []) {
        self.path = path
        method = "POST"
        body = json.isEmpty ? [] : [ByteBuffer(bytes: json)]
    }
}

/// Why a call to a provider has no answer.
package enum ProviderFault: Fault {
    /// Nobody was there: it was not sent.
    case unreachable(String, reason: String)
    /// It was sent, or may have been, and no answer came, or not the whole of it.
    case lost(String, reason: String)
    case tooLarge(String, max: Int)

    package var kind: FaultKind { .unavailable(retryAfter: .seconds(5)) }

    package var description: String {
        switch self {
        case .unreachable(let name, let reason): "provider \(name) can't be reached: \(reason)"
        case .lost(let name, let reason): "provider \(name) did not answer to the end: \(reason)"
        case .tooLarge(let name, let max):
            "an answer of provider \(name) has more than \(max) bytes: see answer_bytes"
        }
    }
}

/// What a provider answered, whole.
package struct ProviderAnswer: Sendable {
    package let status: Int
    package let headers: HTTPHeadersView
    package let body: [UInt8]
}

/// The head of an answer, by names in lower case.
package struct HTTPHeadersView: Sendable {
    private let headers: HTTPHeaders

    init(_ headers: HTTPHeaders) {
        self.headers = headers
    }

    package subscript(name: String) -> String? { headers.first(name: name) }
    package var all: [(name: String, value: String)] { headers.map { ($0.name, $0.value) } }
}

/// An answer that is read piece by piece.
package struct ProviderStream: Sendable {
    package let status: Int
    package let headers: HTTPHeadersView
    private let provider: String
    private let body: HTTPClientResponse.Body

    init(_ response: HTTPClientResponse, _ provider: String) {
        status = Int(response.status.code)
        headers = HTTPHeadersView(response.headers)
        body = response.body
        self.provider = provider
    }

    /// Reads to the end; a visitor that throws ends the call.
    package func read(_ visit: (ByteBuffer) async throws -> Void) async throws {
        var visitors: (any Error)?
        do {
            for try await piece in body {
                do { try await visit(piece) } catch {
                    visitors = error
                    throw error
                }
            }
        } catch {
            if let visitors { throw visitors }
            if Task.isCancelled { throw CancellationError() }
            throw ProviderFault.lost(provider, reason: "\(error)")
        }
    }
}

/// Calls one provider: adds its key, keeps its times and bounds, follows no redirects.
package final class ProviderClient: Sendable {
    package let provider: ModelProvider
    private let set: ProviderSet
    private let http: HTTPClient

    package init(_ provider: ModelProvider, of set: ProviderSet) {
        self.provider = provider
        self.set = set
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        // Compressed answers would have to be bounded after expansion.
        configuration.decompression = .disabled
        configuration.timeout = HTTPClient.Configuration.Timeout(
            connect: Self.amount(provider.times.connect),
            read: Self.amount(max(provider.times.idle, provider.times.firstByte)))
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    package func close() async { try? await http.shutdown() }

    deinit {
        // Its connections would outlive it; of one that was closed, nothing is left to do.
        let http = http
        Task { try? await http.shutdown() }
    }

    /// Calls, and reads the whole answer.
    ///
    /// - Parameter key: the name of the key; nil for the first.
    package func call(_ call: ProviderCall, key: String? = nil) async throws -> ProviderAnswer {
        let stream = try await open(call, key: key)
        var body: [UInt8] = []
        let max = provider.answerBytesMax
        try await stream.read { piece in
            guard body.count + piece.readableBytes <= max else {
                throw ProviderFault.tooLarge(provider.name, max: max)
            }
            body += piece.readableBytesView
        }
        return ProviderAnswer(status: stream.status, headers: stream.headers, body: body)
    }

    /// Calls, and returns when the answer begins.
    package func open(_ call: ProviderCall, key: String? = nil) async throws -> ProviderStream {
        let request = request(call, key)
        let (http, name) = (http, provider.name)
        let (firstByte, total) = (provider.times.firstByte, provider.times.total)
        do {
            return try await withThrowingTaskGroup(of: ProviderStream.self) { group in
                group.addTask {
                    let response = try await http.execute(request, timeout: Self.amount(total))
                    return ProviderStream(response, name)
                }
                group.addTask {
                    try await Task.sleep(for: firstByte)
                    throw ProviderFault.lost(name, reason: "no answer began in \(firstByte)")
                }
                defer { group.cancelAll() }
                guard let first = try await group.next() else { throw CancellationError() }
                return first
            }
        } catch let fault as ProviderFault {
            throw fault
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw Self.fault(error, name)
        }
    }

    private func request(_ call: ProviderCall, _ key: String?) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: provider.url(call.path))
        request.method = HTTPMethod(rawValue: call.method)
        for header in call.headers { request.headers.add(name: header.name, value: header.value) }
        if let secret = set.secret(of: provider, key: key) {
            switch provider.kind {
            case .anthropic: request.headers.replaceOrAdd(name: "x-api-key", value: secret.text)
            case .azure: request.headers.replaceOrAdd(name: "api-key", value: secret.text)
            case .openAI, .compatible:
                request.headers.replaceOrAdd(
                    name: "authorization", value: "Bearer \(secret.text)")
            }
        }
        if provider.kind == .anthropic, !request.headers.contains(name: "anthropic-version") {
            request.headers.add(name: "anthropic-version", value: "2023-06-01")
        }
        guard call.method != "GET" else { return request }
        request.headers.add(name: "content-type", value: call.contentType)
        let length = call.body.reduce(0) { $0 + $1.readableBytes }
        let pieces = call.body
        request.body = .stream(pieces.async, length: .known(Int64(length)))
        if pieces.count < 2 { request.body = .bytes(pieces.first ?? ByteBuffer()) }
        return request
    }

    /// What was certainly not sent, apart from what may have been done.
    private static func fault(_ error: any Error, _ name: String) -> ProviderFault {
        let reason = "\(error)"
        if error is NIOConnectionError { return .unreachable(name, reason: reason) }
        guard let error = error as? HTTPClientError else { return .lost(name, reason: reason) }
        let unsent: [HTTPClientError] = [
            .connectTimeout, .invalidURL, .emptyHost, .missingSocketPath, .unsupportedScheme(""),
            .getConnectionFromPoolTimeout,
        ]
        return unsent.contains(error)
            ? .unreachable(name, reason: reason) : .lost(name, reason: reason)
    }

    private static func amount(_ time: Duration) -> TimeAmount {
        .milliseconds(Int64(time / .milliseconds(1)))
    }
}

extension [ByteBuffer] {
    /// The pieces, one after another.
    fileprivate var async: AsyncStream<ByteBuffer> {
        AsyncStream { continuation in
            for piece in self { continuation.yield(piece) }
            continuation.finish()
        }
    }
}
