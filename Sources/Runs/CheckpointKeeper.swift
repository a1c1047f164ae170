import Synchronization

/// Decides when a checkpoint is due: at once, then every few seconds, and rarely enough that
/// keeping it costs at most a tenth of the time.
package final class CheckpointKeeper: Sendable {
    private let keep: @Sendable (String) async throws -> Void
    private let next = Mutex<ContinuousClock.Instant?>(nil)

    private static let intervalMin: Duration = .seconds(2)

    package init(_ keep: @escaping @Sendable (String) async throws -> Void) {
        self.keep = keep
    }

    /// Whether it is time; says so to one worker only.
    package var isDue: Bool {
        let now = ContinuousClock.now
        return next.withLock { next in
            if let time = next, now < time { return false }
            next = now + Self.intervalMin
            return true
        }
    }

    package func keep(_ checkpoint: () -> String) async throws {
        let start = ContinuousClock.now
        try await keep(checkpoint())
        let end = ContinuousClock.now
        next.withLock { $0 = end + max(Self.intervalMin, (end - start) * 10) }
    }
}
