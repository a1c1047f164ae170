import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A simulated organisation API of a provider, on loopback; a test chooses its answers.
final class BillServer: Sendable {
    struct Seen: Sendable {
        let method: String
        let path: String
        let query: String
        let headers: [String: String]
        let body: String
    }

    struct Reply: Sendable {
        var status = 200
        var headers: [(String, String)] = []
        var body = #"{"object": "page", "data": [], "has_more": false, "next_page": null}"#
    }

    let url: String
    private let channel: any Channel
    private let log: Log

    /// The calls, in order.
    fileprivate final class Log: Sendable {
        private let entries = Mutex<[Seen]>([])

        /// Adds a call; returns how many calls of its path came before.
        func add(_ call: Seen) -> Int {
            entries.withLock { entries in
                entries.append(call)
                return entries.count { $0.path == call.path } - 1
            }
        }

        var all: [Seen] { entries.withLock { $0 } }
    }

    var seen: [Seen] { log.all }

    private init(channel: any Channel, log: Log) {
        self.channel = channel
        self.log = log
        url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    /// - Parameter reply: the answer to a call, given how many of its path came before it.
    static func with<T>(
        _ reply: @escaping @Sendable (Seen, Int) -> Reply,
        _ body: (BillServer) async throws -> T
    ) async throws -> T {
        let log = Log()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(
                        Handler(log: log, reply: reply))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await body(BillServer(channel: channel, log: log))
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let log: Log
        private let reply: @Sendable (Seen, Int) -> Reply
        private var request: HTTPRequestHead?
        private var body = ""

        init(log: Log, reply: @escaping @Sendable (Seen, Int) -> Reply) {
            self.log = log
            self.reply = reply
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (request, body) = (head, "")
            case .body(let bytes): body += String(buffer: bytes)
            case .end: answer(context)
            }
        }

        private func answer(_ context: ChannelHandlerContext) {
            guard let request else { return }
            let parts = request.uri.split(separator: "?", maxSplits: 1)
            let call = Seen(
                method: request.method.rawValue, path: String(parts.first ?? ""),
                query: parts.count > 1 ? String(parts[1]) : "",
                headers: Dictionary(
                    request.headers.map { ($0.name.lowercased(), $0.value) },
                    uniquingKeysWith: { first, _ in first }), body: body)
            let reply = reply(call, log.add(call))
            var head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status))
            for (name, value) in reply.headers { head.headers.add(name: name, value: value) }
            head.headers.add(name: "content-length", value: String(reply.body.utf8.count))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(
                wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: reply.body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
