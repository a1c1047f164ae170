import LedgerModel
import Synchronization

/// Brings changes into a tier behind the back of whoever made them, in their order.
///
/// Bounded: a tier that can't follow loses what is new.
final class TierWriter: Sendable {
    private let apply: @Sendable ([TierChange]) async -> Void
    private let dropped: @Sendable (Int) -> Void
    private let state = Mutex(State())

    private struct State {
        var waiting: [TierChange] = []
        var bytes = 0
        var isRunning = false
        var flushers: [CheckedContinuation<Void, Never>] = []
    }

    static let waitingBytesMax = 64 << 20
    /// Changes of one step, unless their bytes end it before.
    private static let stepChanges = 64
    private static let stepBytes = 1 << 20

    /// - Parameters:
    ///   - apply: makes changes; what fails is lost.
    ///   - dropped: is told of answers that there was no room for.
    init(
        apply: @escaping @Sendable ([TierChange]) async -> Void,
        dropped: @escaping @Sendable (Int) -> Void
    ) {
        self.apply = apply
        self.dropped = dropped
    }

    func add(_ changes: [TierChange]) {
        let bytes = changes.reduce(0) { $0 + $1.bytes }
        let (isTaken, begins) = state.withLock { state in
            guard state.bytes + bytes <= Self.waitingBytesMax else { return (false, false) }
            state.waiting += changes
            state.bytes += bytes
            defer { state.isRunning = true }
            return (true, !state.isRunning)
        }
        if !isTaken { dropped(1) }
        if begins { Task { await run() } }
    }

    /// Returns when everything added before is in the tier, or lost.
    func flush() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.isRunning { state.flushers.append(continuation) }
                return !state.isRunning
            }
            if isIdle { continuation.resume() }
        }
    }

    private func run() async {
        while let changes = next() { await apply(changes) }
    }

    private func next() -> [TierChange]? {
        let (step, flushers) = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isRunning = false
                defer { state.flushers = [] }
                return ([TierChange]?.none, state.flushers)
            }
            var (count, bytes) = (0, 0)
            while count < min(Self.stepChanges, state.waiting.count), bytes < Self.stepBytes {
                bytes += state.waiting[count].bytes
                count += 1
            }
            let step = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(count)
            state.bytes -= bytes
            return (step, [])
        }
        flushers.forEach { $0.resume() }
        return step
    }
}
