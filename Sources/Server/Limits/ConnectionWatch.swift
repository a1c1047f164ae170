import NIOCore
import NIOHTTP1

/// Closes a connection that takes too long, by its `ConnectionTimes`.
///
/// It lies right behind the decoder, where it sees the parts of requests and answers; a second
/// handler at the front tells it of bytes, since a head that never ends is no part.
final class ConnectionWatch: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private var times: ConnectionTimes
    private var alarm: Scheduled<Void>?
    private var alarmTime = NIODeadline.distantFuture

    init(_ limits: ConnectionTimes.Limits) {
        times = ConnectionTimes(limits, at: .now())
    }

    func handlerAdded(context: ChannelHandlerContext) { setAlarm(context) }

    func handlerRemoved(context: ChannelHandlerContext) { alarm?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: times.receiveHead(at: .now())
        case .body: times.receiveBody()
        case .end: times.receiveEnd()
        }
        setAlarm(context)
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        times.askForMore(at: .now())
        setAlarm(context)
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            times.finishAnswer(at: .now())
            setAlarm(context)
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        times.changeWritability(to: context.channel.isWritable, at: .now())
        setAlarm(context)
        context.fireChannelWritabilityChanged()
    }

    fileprivate func seeBytes(_ context: ChannelHandlerContext) {
        times.receiveBytes(at: .now())
        setAlarm(context)
    }

    /// An alarm that rings too early is set again then: most deadlines only move back.
    private func setAlarm(_ context: ChannelHandlerContext) {
        let deadline = times.deadline
        guard deadline < alarmTime else { return }
        alarm?.cancel()
        alarmTime = deadline
        alarm = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            [weak self, weak context] in
            guard let self, let context else { return }
            alarmTime = .distantFuture
            if times.deadline <= .now() {
                context.close(promise: nil)
            } else {
                setAlarm(context)
            }
        }
    }
}

/// Puts the watch of a new connection where it belongs.
final class ConnectionWatching: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let limits: ConnectionTimes.Limits

    init(_ limits: ConnectionTimes.Limits) {
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        let watch = ConnectionWatch(limits)
        do {
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(watch, position: .after(decoder))
            try pipeline.addHandler(ByteWatch(for: watch), position: .first)
        } catch {
            // The connection is closing, or nothing would watch it.
            context.close(promise: nil)
        }
    }
}

/// Tells the watch of bytes as they come from the network.
private final class ByteWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let watch: ConnectionWatch

    init(for watch: ConnectionWatch) {
        self.watch = watch
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if let place = try? context.pipeline.syncOperations.context(handler: watch) {
            watch.seeBytes(place)
        }
        context.fireChannelRead(data)
    }
}
