import NIOCore
import NIOHTTP1
import Synchronization

/// One call, as far as its caller and its connection tell each other about it.
///
/// The connection lives on an event loop, the caller anywhere. What has come is kept here until the
/// caller takes it; when much is kept, the connection reads no more, so that a slow caller slows
/// the provider down instead of filling the memory.
final class ProviderExchange: Sendable {
    /// Bytes that are kept before reading stops.
    static let keptBytesMax = 256 << 10

    private enum Ending {
        case whole
        case failed(any Error)
    }

    private struct State {
        var head: HTTPResponseHead?
        var headWaiter: CheckedContinuation<HTTPResponseHead, any Error>?
        var kept: ByteBuffer?
        var reader: CheckedContinuation<ByteBuffer?, any Error>?
        var ending: Ending?
        var channel: (any Channel)?

        var isFull: Bool { (kept?.readableBytes ?? 0) > ProviderExchange.keptBytesMax }
    }

    private let state = Mutex(State())

    // MARK: The connection's side, on its event loop

    /// A connection takes the call on; false if nobody waits for it any more.
    func begin(on channel: any Channel) -> Bool {
        state.withLock { state in
            guard state.ending == nil else { return false }
            state.channel = channel
            return true
        }
    }

    func receive(_ head: HTTPResponseHead) {
        let waiter = state.withLock { state in
            state.head = head
            return state.headWaiter.take()
        }
        waiter?.resume(returning: head)
    }

    func receive(_ piece: ByteBuffer) {
        let reader: CheckedContinuation<ByteBuffer?, any Error>? = state.withLock { state in
            if let reader = state.reader.take() { return reader }
            guard state.kept != nil else {
                state.kept = piece
                return nil
            }
            state.kept?.writeImmutableBuffer(piece)
            return nil
        }
        reader?.resume(returning: piece)
    }

    /// Whether the connection should read no more for now.
    var isFull: Bool { state.withLock { $0.isFull } }

    /// The whole answer has come.
    func finish() {
        end(.whole)
    }

    /// Nothing more will come.
    func fail(_ error: any Error) {
        end(.failed(error))
    }

    private func end(_ ending: Ending) {
        let (head, reader) = state.withLock { state in
            guard state.ending == nil else {
                return (
                    CheckedContinuation<HTTPResponseHead, any Error>?.none,
                    CheckedContinuation<ByteBuffer?, any Error>?.none
                )
            }
            state.ending = ending
            state.channel = nil
            return (state.headWaiter.take(), state.reader.take())
        }
        switch ending {
        case .whole: reader?.resume(returning: nil)
        case .failed(let error):
            head?.resume(throwing: error)
            reader?.resume(throwing: error)
        }
    }

    // MARK: The caller's side

    /// Starts the call, and returns when its answer begins.
    func head(of start: () -> Void) async throws -> HTTPResponseHead {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isEnded = state.withLock { state in
                    guard state.ending == nil else { return true }
                    state.headWaiter = continuation
                    return false
                }
                if isEnded { return continuation.resume(throwing: CancellationError()) }
                start()
            }
        } onCancel: {
            stop(CancellationError())
        }
    }

    private enum Step {
        case piece(ByteBuffer, resume: (any Channel)?)
        case ended(Ending)
        case nothing
    }

    /// The next piece; nil at the end of the answer.
    func next() async throws -> ByteBuffer? {
        switch state.withLock({ Self.step(&$0) }) {
        case .piece(let piece, let channel):
            channel?.read()
            return piece
        case .ended(.whole): return nil
        case .ended(.failed(let error)): throw error
        case .nothing: break
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let step = state.withLock { state in
                    let step = Self.step(&state)
                    if case .nothing = step { state.reader = continuation }
                    return step
                }
                switch step {
                case .piece(let piece, let channel):
                    channel?.read()
                    continuation.resume(returning: piece)
                case .ended(.whole): continuation.resume(returning: nil)
                case .ended(.failed(let error)): continuation.resume(throwing: error)
                case .nothing: break
                }
            }
        } onCancel: {
            stop(CancellationError())
        }
    }

    private static func step(_ state: inout State) -> Step {
        if let kept = state.kept {
            let channel = state.isFull ? state.channel : nil
            state.kept = nil
            return .piece(kept, resume: channel)
        }
        return state.ending.map { .ended($0) } ?? .nothing
    }

    /// The caller wants no more: the connection, which is in the middle of an answer, is closed.
    func stop(_ error: any Error) {
        let channel = state.withLock { $0.channel }
        end(.failed(error))
        channel?.triggerUserOutboundEvent(CallStopped(of: self), promise: nil)
    }
}

/// Tells a connection that the caller of a call has left.
struct CallStopped: Sendable {
    let exchange: ProviderExchange

    init(of exchange: ProviderExchange) {
        self.exchange = exchange
    }
}
