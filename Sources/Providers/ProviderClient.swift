import Foundation
package import LedgerModel
package import NIOCore
import NIOHTTP1
import NIOPosix

/// A call to a provider, at a path that its documentation names.
package struct ProviderCall: Sendable {
    package var method = "GET"
    /// `/v1/…`, with its query.
    package let path: String
    /// Whether the path goes on from the base URL, rather than from the host.
    package var isBelowBase = true
    /// The model by the provider's own name, where the path of some providers has it.
    package var model: String?
    /// Sent as they are, in this order; the key, `host` and the body's length come from the client.
    package var headers: [(name: String, value: String)] = []
    /// The pieces of the body, which are sent one after another.
    package var body: [ByteBuffer] = []
    /// The media type of a body whose type is not among the headers.
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
    /// It can't be sent to this provider, nor to any other.
    case malformed(String, reason: String)

    package var kind: FaultKind {
        if case .malformed = self { return .invalid }
        return .unavailable(retryAfter: .seconds(5))
    }

    package var description: String {
        switch self {
        case .unreachable(let name, let reason): "provider \(name) can't be reached: \(reason)"
        case .lost(let name, let reason): "provider \(name) did not answer to the end: \(reason)"
        case .tooLarge(let name, let max):
            "an answer of provider \(name) has more than \(max) bytes: see answer_bytes"
        case .malformed(let name, let reason): "a call can't be sent to provider \(name): \(reason)"
        }
    }
}

/// What a provider answered, whole.
package struct ProviderAnswer: Sendable {
    package let status: Int
    package let headers: HTTPHeadersView
    package let body: [UInt8]
}

/// The head of an answer; names are found in whatever case they are written.
package struct HTTPHeadersView: Sendable {
    private let headers: HTTPHeaders

    init(_ headers: HTTPHeaders) {
        self.headers = headers
    }

    package subscript(name: String) -> String? { headers.first(name: name) }
    package var all: [(name: String, value: String)] { headers.map { ($0.name, $0.value) } }
}

/// An answer that is read piece by piece, by one reader; whoever lets go of it before its end ends
/// the call.
package struct ProviderStream: Sendable {
    package let status: Int
    package let headers: HTTPHeadersView
    private let reading: Reading

    init(_ head: HTTPResponseHead, _ exchange: ProviderExchange) {
        status = Int(head.status.code)
        headers = HTTPHeadersView(head.headers)
        reading = Reading(exchange)
    }

    /// The next piece, as much as has come; nil at the end.
    ///
    /// - Throws: `ProviderFault` if the answer broke off, `CancellationError` if the caller's task
    ///   was cancelled.
    package func next() async throws -> ByteBuffer? { try await reading.exchange.next() }

    /// Reads to the end; a visitor that throws ends the call.
    package func read(_ visit: (ByteBuffer) async throws -> Void) async throws {
        do { while let piece = try await next() { try await visit(piece) } } catch {
            end()
            throw error
        }
    }

    /// Ends the call, if it has not ended.
    package func end() { reading.exchange.stop(CancellationError()) }

    /// Ends the call with the last reference to the answer.
    private final class Reading: Sendable {
        let exchange: ProviderExchange

        init(_ exchange: ProviderExchange) {
            self.exchange = exchange
        }

        deinit { exchange.stop(CancellationError()) }
    }
}

/// Calls one provider: adds its key, keeps its times and bounds, follows no redirects.
///
/// It has connections of its own, on the event loops that the whole process shares. A call that is
/// made on such a loop stays there, so that nobody has to be woken for it.
package final class ProviderClient: Sendable {
    package let provider: ModelProvider
    private let set: ProviderSet
    private let origin: ProviderOrigin?
    private let pools: [NIOLoopBoundBox<ConnectionPool>]

    package init(_ provider: ModelProvider, of set: ProviderSet) {
        self.provider = provider
        self.set = set
        let origin = ProviderOrigin(provider.baseURL)
        self.origin = origin
        guard let origin else {
            pools = []
            return
        }
        pools = MultiThreadedEventLoopGroup.singleton.makeIterator().map { loop in
            .makeBoxSendingValue(
                ConnectionPool(provider.name, origin, provider.times, on: loop), eventLoop: loop)
        }
    }

    package func close() async {
        for pool in pools {
            try? await pool.eventLoop.submit { pool.value.close() }.get()
        }
    }

    deinit {
        // Its connections would outlive it; of one that was closed, nothing is left to do.
        for pool in pools { pool.eventLoop.execute { pool.value.close() } }
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
        guard let origin, let pool = pool() else {
            throw ProviderFault.unreachable(provider.name, reason: "base_url is no address")
        }
        let request = try request(call, key, to: origin)
        let exchange = ProviderExchange()
        let head = try await exchange.head {
            if pool.eventLoop.inEventLoop {
                pool.value.start(request, for: exchange)
            } else {
                pool.eventLoop.execute { pool.value.start(request, for: exchange) }
            }
        }
        return ProviderStream(head, exchange)
    }

    /// Whether the provider answers a question about its health, in time.
    ///
    /// A refusal is an answer too: a key that may not list models may call them.
    package func isWell(within limit: Duration) async -> Bool {
        let path = provider.health?.path ?? "/v1/models"
        var call = ProviderCall(path)
        call.isBelowBase = path.hasPrefix("/v1/")
        return await withTaskGroup(of: Bool.self) { [call] group in
            group.addTask {
                guard let answer = try? await self.call(call) else { return false }
                return answer.status < 500 && answer.status != 429
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }

    /// The connections of the loop that this runs on, or of the next in turn.
    private func pool() -> NIOLoopBoundBox<ConnectionPool>? {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        return pools.first { $0.eventLoop === loop }
    }

    private func request(
        _ call: ProviderCall, _ key: String?, to origin: ProviderOrigin
    ) throws(ProviderFault) -> ProviderRequest {
        let target =
            call.isBelowBase
            ? origin.prefix + provider.target(of: call.path, model: call.model) : call.path
        // A space or a line feed would end the line early.
        guard target.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .malformed(provider.name, reason: "its path has other characters than a URL may")
        }
        var headers = HTTPHeaders()
        headers.reserveCapacity(call.headers.count + 5)
        headers.add(name: "host", value: origin.authority)
        for header in call.headers {
            guard Self.isSafe(header.name), Self.isSafe(header.value) else {
                throw .malformed(provider.name, reason: "a header has a line feed in it")
            }
            headers.add(name: header.name, value: header.value)
        }
        if let secret = set.secret(of: provider, key: key) {
            let (name, value) = provider.kind.credential(secret)
            headers.replaceOrAdd(name: name, value: value)
        }
        if provider.kind == .anthropic, !headers.contains(name: "anthropic-version") {
            headers.add(name: "anthropic-version", value: "2023-06-01")
        }
        let length = call.body.reduce(0) { $0 + $1.readableBytes }
        if length > 0, !headers.contains(name: "content-type") {
            headers.add(name: "content-type", value: call.contentType)
        }
        if length > 0 || !Self.withoutBody.contains(call.method) {
            headers.add(name: "content-length", value: "\(length)")
        }
        return ProviderRequest(
            head: HTTPRequestHead(
                version: .http1_1, method: HTTPMethod(rawValue: call.method), uri: target,
                headers: headers),
            body: call.body)
    }

    /// Methods whose requests say nothing of a length unless they have a body.
    private static let withoutBody: Set = ["GET", "HEAD", "DELETE", "OPTIONS"]

    private static func isSafe(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 != 0x0D && $0 != 0x0A && $0 != 0 }
    }
}

extension ModelProvider.Kind {
    /// The header that a key travels in.
    fileprivate func credential(_ secret: Secret) -> (name: String, value: String) {
        switch self {
        case .anthropic: ("x-api-key", secret.text)
        case .azure: ("api-key", secret.text)
        case .openAI, .gemini, .compatible: ("authorization", "Bearer \(secret.text)")
        }
    }
}

/// A client for each provider of a set, so that all who call one share its connections.
package final class ProviderClients: Sendable {
    package let set: ProviderSet
    private let clients: [String: ProviderClient]

    package init(_ set: ProviderSet) {
        self.set = set
        clients = Dictionary(
            set.all.map { ($0.name, ProviderClient($0, of: set)) }, uniquingKeysWith: { $1 })
    }

    package subscript(name: String) -> ProviderClient? { clients[name] }

    package func close() async {
        for client in clients.values { await client.close() }
    }
}
