import HTTPTypes
import NIOCore
import Synchronization

/// Where the calls for a request put what its caller gets.
///
/// The first with output has it alone.
final class AnswerSink: Sendable {
    private let pipe: AnswerPipe
    /// Headers of ours, as far as they are known before the end.
    private let headers: @Sendable (AttemptHead) -> HTTPFields
    private let recordedMax: Int
    private let state = Mutex(State())

    /// What of an answer is kept for the cache, and for whoever repeats the request.
    static let recordedMax = 8 << 20

    private struct State {
        var winner: Int?
        var callsBegun = 0
        var recorded = ByteBuffer()
        var isTooLong = false
    }

    /// - Parameter isRecorded: whether somebody wants the whole answer in the end.
    init(
        _ pipe: AnswerPipe, isRecorded: Bool,
        _ headers: @escaping @Sendable (AttemptHead) -> HTTPFields
    ) {
        self.pipe = pipe
        self.headers = headers
        recordedMax = isRecorded ? Self.recordedMax : 0
    }

    /// Whether a call may answer: from now on no other may.
    func claim(_ number: Int) -> Bool {
        state.withLock { state in
            if state.winner == nil { state.winner = number }
            return state.winner == number
        }
    }

    func beginCall() { state.withLock { $0.callsBegun += 1 } }

    var callsBegun: Int { state.withLock { $0.callsBegun } }

    /// Whether somebody else answers already.
    func isTaken(from number: Int) -> Bool {
        state.withLock { $0.winner.map { $0 != number } ?? false }
    }

    func begin(_ head: AttemptHead) { pipe.begin(head.status, headers(head)) }

    func put(_ bytes: ByteBuffer) async throws {
        record(bytes)
        try await pipe.put(bytes)
    }

    func record(_ bytes: ByteBuffer) {
        guard recordedMax > 0 else { return }
        state.withLock { state in
            guard !state.isTooLong else { return }
            state.isTooLong = state.recorded.readableBytes + bytes.readableBytes > recordedMax
            var bytes = bytes
            if state.isTooLong {
                state.recorded = ByteBuffer()
            } else {
                state.recorded.writeBuffer(&bytes)
            }
        }
    }

    /// The whole answer; nil if it was too long, or nobody wants it.
    var recorded: ByteBuffer? {
        guard recordedMax > 0 else { return nil }
        return state.withLock { $0.isTooLong ? nil : $0.recorded }
    }
}
