import NIOCore
import NIOPosix
import Synchronization

/// A provider of which every byte is the test's: it takes requests apart and answers what it is
/// told.
final class WireUpstream: Sendable {
    enum Step: Sendable {
        case send(String)
        case bytes(Int)
        case close
    }

    struct Seen: Sendable {
        var requests: [String] = []
        var connections = 0
        var closed = 0
        /// Answers that have left to their last byte.
        var written = 0
    }

    let port: Int
    private let channel: any Channel
    private let box: Box

    private final class Box: Sendable {
        let seen = Mutex(Seen())
        let answer: @Sendable (String) -> [Step]

        init(_ answer: @escaping @Sendable (String) -> [Step]) {
            self.answer = answer
        }
    }

    var seen: Seen { box.seen.withLock { $0 } }

    private init(_ answer: @escaping @Sendable (String) -> [Step]) async throws {
        let box = Box(answer)
        self.box = box
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(box))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    /// Lends a provider that answers each request with steps.
    static func with(
        _ answer: @escaping @Sendable (String) -> [Step],
        _ body: (WireUpstream) async throws -> Void
    ) async throws {
        let upstream = try await WireUpstream(answer)
        do { try await body(upstream) } catch {
            await upstream.close()
            throw error
        }
        await upstream.close()
    }

    func close() async { try? await channel.close().get() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let box: Box
        private var text = ""

        init(_ box: Box) {
            self.box = box
        }

        func channelActive(context: ChannelHandlerContext) {
            box.seen.withLock { $0.connections += 1 }
        }

        func channelInactive(context: ChannelHandlerContext) {
            box.seen.withLock { $0.closed += 1 }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(buffer: unwrapInboundIn(data))
            guard let request = wholeRequest() else { return }
            text = ""
            box.seen.withLock { $0.requests.append(request) }
            for step in box.answer(request) {
                switch step {
                case .send(let text): send(ByteBuffer(string: text), context)
                case .bytes(let count):
                    send(ByteBuffer(repeating: 0x61, count: count), context)
                case .close: context.close(promise: nil)
                }
            }
        }

        private func send(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
            let promise = context.eventLoop.makePromise(of: Void.self)
            promise.futureResult.whenSuccess { [box] in box.seen.withLock { $0.written += 1 } }
            context.writeAndFlush(wrapOutboundOut(bytes), promise: promise)
        }

        private func wholeRequest() -> String? {
            guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
            let head = text[..<end.lowerBound]
            let length = head.split(separator: "\r\n").first {
                $0.lowercased().hasPrefix("content-length:")
            }.flatMap { Int($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
            return text[end.upperBound...].utf8.count >= length ?? 0 ? text : nil
        }
    }
}
