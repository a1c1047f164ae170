import HTTPTypes
import NIOCore
import Synchronization

/// The way from the task that lives a request to whoever writes its answer.
///
/// The task goes on when the caller has left, so that it can book what was used; a caller who is
/// slow holds it up instead of filling memory. A silence is filled with pings, and the head of an
/// answer goes before the first of them: from then on the status is told, and errors are events.
final class AnswerPipe: Sendable {
    /// Bytes by which the caller may be behind; then the provider is read no further.
    static let aheadMax = 256 << 10

    fileprivate struct State {
        /// The answer, once its head is known.
        var answer: GatewayAnswer?
        var waiting = ByteBuffer()
        var isOver = false
        var hasLeft = false
        var reader: CheckedContinuation<Void, Never>?
        var writer: CheckedContinuation<Void, Never>?
        var cancel: (@Sendable () -> Void)?
        var pings: Pings?
        var lastPut = ContinuousClock.now

        mutating func takeReader() -> CheckedContinuation<Void, Never>? {
            defer { reader = nil }
            return reader
        }
    }

    fileprivate struct Pings {
        let every: Duration
        let bytes: ByteBuffer
        let head: GatewayAnswer
        let timer: Task<Void, Never>
    }

    private let state = Mutex(State())

    // MARK: The task's side

    /// Whether the head is on its way, so that only the body can say what goes wrong.
    var hasBegun: Bool { state.withLock { $0.answer != nil } }

    /// Allows pings.
    ///
    /// - Parameter head: what the answer begins with if nothing has come by the first ping.
    func ping(every time: Duration, _ bytes: ByteBuffer, under head: GatewayAnswer) {
        let timer = Task { [weak self] in
            var next = ContinuousClock.now + time
            while (try? await Task.sleep(until: next, clock: .continuous)) != nil {
                guard let again = self?.tick() else { return }
                next = again
            }
        }
        state.withLock {
            $0.lastPut = .now
            $0.pings = Pings(every: time, bytes: bytes, head: head, timer: timer)
        }
    }

    /// Begins a stream, unless a ping did.
    func begin(_ status: Int, _ headers: HTTPFields) {
        let reader = state.withLock { state in
            if state.answer == nil {
                state.answer = GatewayAnswer(
                    status: status, headers: headers, body: .whole(ByteBuffer()))
            }
            return state.takeReader()
        }
        reader?.resume()
    }

    /// Adds to the stream; waits while the caller is behind.
    ///
    /// - Throws: `CancellationError` if the caller has left.
    func put(_ bytes: ByteBuffer) async throws {
        let (reader, isBehind) = try state.withLock { state in
            if state.hasLeft { throw CancellationError() }
            state.add(bytes)
            state.lastPut = .now
            return (state.takeReader(), state.waiting.readableBytes > Self.aheadMax)
        }
        reader?.resume()
        guard isBehind else { return }
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.hasLeft || state.waiting.readableBytes <= Self.aheadMax { return true }
                state.writer = continuation
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    /// Ends the stream.
    ///
    /// - Parameter last: goes out with its end, even if the caller is behind.
    func finish(_ last: ByteBuffer = ByteBuffer()) {
        let (reader, pings) = state.withLock { state in
            state.add(last)
            return state.end()
        }
        pings?.timer.cancel()
        reader?.resume()
    }

    /// Answers as a whole, before anything has begun.
    ///
    /// - Returns: nil, as nothing was made for it.
    @discardableResult
    func finish(_ answer: GatewayAnswer) -> MadeRequest? {
        finish(answer, orEvent: ByteBuffer())
        return nil
    }

    /// Passes on an answer that comes from elsewhere.
    func forward(_ answer: GatewayAnswer) async throws {
        guard case .stream(let body) = answer.body else {
            finish(answer)
            return
        }
        begin(answer.status, answer.headers)
        try await body { try await put($0) }
        finish()
    }

    /// Answers as a whole.
    ///
    /// - Parameter event: what ends the stream instead, if it has begun.
    func finish(_ answer: GatewayAnswer, orEvent event: @autoclosure () -> ByteBuffer) {
        let (reader, pings) = state.withLock { state in
            if state.answer == nil { state.answer = answer } else { state.add(event()) }
            return state.end()
        }
        pings?.timer.cancel()
        reader?.resume()
    }

    /// Fills a silence.
    ///
    /// - Returns: when to look again; nil at the end.
    private func tick() -> ContinuousClock.Instant? {
        let (next, reader) = state.withLock {
            state -> (ContinuousClock.Instant?, CheckedContinuation<Void, Never>?) in
            guard !state.isOver, let pings = state.pings else { return (nil, nil) }
            let due = state.lastPut + pings.every
            guard due <= .now else { return (due, nil) }
            state.lastPut = .now
            if state.answer == nil { state.answer = pings.head }
            // Whoever has not read the last one needs no other.
            if state.waiting.readableBytes == 0 { state.add(pings.bytes) }
            return (state.lastPut + pings.every, state.takeReader())
        }
        reader?.resume()
        return next
    }

    // MARK: The caller's side

    /// Says what to cancel when the caller leaves.
    func whenLeft(_ cancel: @escaping @Sendable () -> Void) {
        let hasLeft = state.withLock { state in
            state.cancel = cancel
            return state.hasLeft
        }
        if hasLeft { cancel() }
    }

    /// The caller has left, or nobody will read on; what comes now is for the books alone.
    func leave() {
        let (cancel, writer, reader) = state.withLock { state in
            state.hasLeft = true
            defer { (state.cancel, state.writer) = (nil, nil) }
            return (state.isOver ? nil : state.cancel, state.writer, state.takeReader())
        }
        cancel?()
        writer?.resume()
        reader?.resume()
    }

    /// The answer, once it is whole or has begun.
    func answer() async -> GatewayAnswer? {
        await change { $0.answer != nil }
        guard var answer = state.withLock({ $0.answer }) else { return nil }
        let isStream = state.withLock { !$0.isOver || $0.waiting.readableBytes > 0 }
        guard isStream else { return answer }
        let reader = Reader(self)
        answer.body = .stream { write in try await reader.read(write) }
        answer.leave = { reader.pipe.leave() }
        return answer
    }

    /// The next bytes; nil at the end.
    private func take() async -> ByteBuffer? {
        await change { $0.waiting.readableBytes > 0 }
        let (bytes, writer) = state.withLock {
            state -> (ByteBuffer?, CheckedContinuation<Void, Never>?) in
            guard state.waiting.readableBytes > 0 else { return (nil, nil) }
            defer { (state.waiting, state.writer) = (ByteBuffer(), nil) }
            return (state.waiting, state.writer)
        }
        writer?.resume()
        return bytes
    }

    /// Waits until something is so, it is over, or the caller has left.
    private func change(_ isSo: @Sendable (borrowing State) -> Bool) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if isSo(state) || state.isOver || state.hasLeft { return true }
                    state.reader = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            leave()
        }
    }

    /// Whoever writes the answer; if nobody does, the caller has left.
    private final class Reader: Sendable {
        let pipe: AnswerPipe

        init(_ pipe: AnswerPipe) {
            self.pipe = pipe
        }

        func read(_ write: (ByteBuffer) async throws -> Void) async throws {
            while let bytes = await pipe.take() { try await write(bytes) }
            if pipe.state.withLock({ $0.hasLeft && !$0.isOver }) { throw CancellationError() }
        }

        deinit { pipe.leave() }
    }
}

extension AnswerPipe.State {
    fileprivate mutating func add(_ bytes: ByteBuffer) {
        var bytes = bytes
        if waiting.readableBytes == 0 { waiting = bytes } else { waiting.writeBuffer(&bytes) }
    }

    fileprivate mutating func end() -> (CheckedContinuation<Void, Never>?, AnswerPipe.Pings?) {
        isOver = true
        defer { pings = nil }
        return (takeReader(), pings)
    }
}
