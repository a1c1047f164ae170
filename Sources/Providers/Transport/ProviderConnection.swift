import LedgerModel
import NIOCore
import NIOHTTP1
import NIOSSL

/// What is sent for one call.
struct ProviderRequest: Sendable {
    let head: HTTPRequestHead
    let body: [ByteBuffer]
}

/// A connection to a provider, with one call at a time; it is bound to its event loop.
///
/// After whatever went wrong, and after an answer that was not read to its end, it is closed: a
/// connection that was in doubt is never used again.
final class ProviderConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private let provider: String
    weak var pool: ConnectionPool?
    private var context: ChannelHandlerContext?
    private var exchange: ProviderExchange?
    private var startedAt = NIODeadline.uptimeNanoseconds(0)
    /// When something came last, or the connection had been read to its end.
    private(set) var lastAt = NIODeadline.now()
    private var hasHead = false
    private var staysOpen = false
    /// Whether the request has left.
    private var isSent = true
    private var isAnswered = false
    /// What came of a body since the last pause.
    private var gathered: ByteBuffer?

    init(_ provider: String) {
        self.provider = provider
    }

    var isOpen: Bool { context?.channel.isActive ?? false }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Makes a call.
    func run(_ request: ProviderRequest, for exchange: ProviderExchange) {
        guard let context else {
            exchange.fail(ProviderFault.unreachable(provider, reason: "the connection was closed"))
            return
        }
        guard exchange.begin(on: context.channel) else {
            pool?.checkIn(self)
            return
        }
        self.exchange = exchange
        (hasHead, staysOpen, isSent, isAnswered) = (false, false, false, false)
        startedAt = .now()
        lastAt = startedAt
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenSuccess { [weak self] in self?.isSent = true }
        context.write(wrapOutboundOut(.head(request.head)), promise: nil)
        for piece in request.body {
            context.write(wrapOutboundOut(.body(.byteBuffer(piece))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }

    /// Ends a call that takes too long.
    func check(_ times: ModelProvider.Times, at now: NIODeadline) {
        guard let exchange else { return }
        // Who does not take what has come has no right to more.
        if exchange.isFull { lastAt = now }
        if now - startedAt > times.total.amount {
            fail("it took more than \(times.total)")
        } else if !hasHead, now - startedAt > times.firstByte.amount {
            fail("no answer began in \(times.firstByte)")
        } else if hasHead, now - lastAt > times.idle.amount {
            fail("nothing came for \(times.idle)")
        }
    }

    func close() { context?.close(promise: nil) }

    // MARK: What comes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let exchange else {
            // More than one answer to one request: nothing here can be trusted.
            context.close(promise: nil)
            return
        }
        switch unwrapInboundIn(data) {
        case .head(let head):
            hasHead = true
            lastAt = .now()
            staysOpen = head.isKeepAlive
            exchange.receive(head)
        case .body(var piece):
            if gathered == nil { gathered = piece } else { gathered?.writeBuffer(&piece) }
        case .end:
            passOn()
            self.exchange = nil
            isAnswered = true
            exchange.finish()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        passOn()
        if isAnswered {
            isAnswered = false
            guard staysOpen, isSent, context.channel.isActive else {
                context.close(promise: nil)
                return
            }
            lastAt = .now()
            pool?.checkIn(self)
        }
    }

    private func passOn() {
        guard let piece = gathered.take() else { return }
        lastAt = .now()
        exchange?.receive(piece)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .handshakeFailed? = error as? NIOSSLError, !hasHead {
            end(.unreachable(provider, reason: "TLS: \(error)"))
        } else {
            end(.lost(provider, reason: "\(error)"))
        }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.lost(provider, reason: "the connection was closed before the end of the answer"))
        pool?.remove(self)
    }

    private func fail(_ reason: String) {
        end(.lost(provider, reason: reason))
        context?.close(promise: nil)
    }

    private func end(_ fault: ProviderFault) {
        passOn()
        guard let exchange = exchange.take() else { return }
        exchange.fail(fault)
    }

    // MARK: What the caller wants

    func read(context: ChannelHandlerContext) {
        guard exchange?.isFull != true else { return }
        context.read()
    }

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        guard let stopped = event as? CallStopped else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        promise?.succeed()
        // The connection may have gone on to another call.
        guard exchange === stopped.exchange else { return }
        exchange = nil
        context.close(promise: nil)
    }
}

extension Duration {
    var amount: TimeAmount {
        let (seconds, attoseconds) = components
        return .nanoseconds(
            min(seconds, 1 << 33) * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
