import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A receiver of webhooks on loopback, which keeps what it was sent; a test chooses its answers.
final class Receiver: Sendable {
    struct Message: Sendable {
        let path: String
        let headers: [String: String]
        let body: String
    }

    let url: String
    private let channel: any Channel
    private let state: State

    final class State: Sendable {
        let messages = Mutex<[Message]>([])
        let status = Mutex(204)
    }

    var messages: [Message] { state.messages.withLock { $0 } }

    func answer(_ status: Int) { state.status.withLock { $0 = status } }

    private init(_ channel: any Channel, _ state: State) {
        self.channel = channel
        self.state = state
        url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    static func with<T>(_ body: (Receiver) async throws -> T) async throws -> T {
        let state = State()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(Handler(state))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await body(Receiver(channel, state))
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

        private let state: State
        private var head: HTTPRequestHead?
        private var body = ""

        init(_ state: State) { self.state = state }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, "")
            case .body(let bytes): body += String(buffer: bytes)
            case .end:
                guard let head else { return }
                let headers = Dictionary(
                    head.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
                let message = Message(path: head.uri, headers: headers, body: body)
                state.messages.withLock { $0.append(message) }
                let status = state.status.withLock { $0 }
                var answer = HTTPResponseHead(
                    version: .http1_1, status: HTTPResponseStatus(statusCode: status))
                answer.headers.add(name: "content-length", value: "0")
                if status == 302 { answer.headers.add(name: "location", value: "/elsewhere") }
                context.write(wrapOutboundOut(.head(answer)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
