import NIOCore
import Synchronization

/// Knows whether the client of a connection is still there, and cancels work when it leaves.
///
/// It is part of the connection from its first byte on, so a client that leaves at once is noticed
/// too. A client that closes only its half is taken for one that left.
final class ClientWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny

    private struct State {
        var hasLeft = false
        var lastNumber = 0
        var waiting: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// Runs work, cancelled if the client leaves or has left.
    func whileThere<T: Sendable>(
        _ work: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        let task = Task { try await work() }
        let number = add { task.cancel() }
        defer { remove(number) }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Says what to do when the client leaves, or has left, until it is forgotten.
    func whenLeft(_ leave: @escaping @Sendable () -> Void) -> Int { add(leave) }

    func forget(_ number: Int) { remove(number) }

    private func add(_ cancel: @escaping @Sendable () -> Void) -> Int {
        let (number, hasLeft) = state.withLock { state in
            state.lastNumber += 1
            if !state.hasLeft { state.waiting[state.lastNumber] = cancel }
            return (state.lastNumber, state.hasLeft)
        }
        if hasLeft { cancel() }
        return number
    }

    private func remove(_ number: Int) {
        state.withLock { _ = $0.waiting.removeValue(forKey: number) }
    }

    private func leave() {
        let waiting = state.withLock { state in
            state.hasLeft = true
            defer { state.waiting = [:] }
            return state.waiting
        }
        for cancel in waiting.values { cancel() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { leave() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }
}

extension Channel {
    /// The watch of the connection; nil in tests without one.
    func clientWatch() async -> ClientWatch? {
        try? await eventLoop.submit {
            try self.pipeline.syncOperations.handler(type: ClientWatch.self)
        }.get()
    }
}
