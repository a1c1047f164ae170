package import LedgerModel
package import Resilience
import Synchronization

/// A tier that never makes anybody wait for longer than was asked, and is left alone while it
/// fails.
package final class GuardedTier<Tier: Sendable>: Sendable {
    package let name: CacheTier
    package let tier: Tier
    private let clock: TierClock
    private let report: @Sendable (CacheNotice) -> Void
    private let state = Mutex(State())

    private struct State {
        var breaker = CircuitBreaker(.ofTiers)
        /// Nothing of a tier's breaker is left to chance.
        var chance = SeededChance(seed: 0)
        var counts = CacheTierCounts.Tier()
        var running = 0

        /// Whether the tier was used and is not any more, or the reverse.
        mutating func ended(isProbe: Bool, isSuccess: Bool, at now: Timestamp) -> Bool {
            let wasClosed = breaker.isClosed
            _ = breaker.ended(
                isProbe: isProbe, isSuccess: isSuccess, at: Moment(now), using: &chance)
            return breaker.isClosed != wasClosed
        }
    }

    private enum Permission { case call, probe }

    /// Calls that are under way at a time; of a tier that hangs, no more than these hang with it.
    package static var runningMax: Int { 64 }
    /// Calls that fail in a row until it is left alone.
    package static var failuresMax: Int { CircuitBreaker.Policy.ofTiers.failuresInRow ?? 0 }

    package init(
        _ tier: Tier, name: CacheTier, clock: TierClock,
        report: @escaping @Sendable (CacheNotice) -> Void
    ) {
        self.tier = tier
        self.name = name
        self.clock = clock
        self.report = report
    }

    package var counts: CacheTierCounts.Tier {
        state.withLock { state in
            var counts = state.counts
            counts.isPaused = !state.breaker.isClosed
            return counts
        }
    }

    package func count(_ change: (inout CacheTierCounts.Tier) -> Void) {
        state.withLock { change(&$0.counts) }
    }

    /// The outcome of a call, if it came in time; what comes later is dropped.
    package func within<T: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable (Tier) async throws -> T
    ) async -> T? {
        guard let permission = begin() else { return nil }
        let race = Race<T>()
        let (clock, tier) = (clock, tier)
        Task { [self] in
            do {
                let value = try await body(tier)
                // A tier that is always a little late would never fail otherwise.
                end(permission, race.finish(with: value) ? .inTime : .late)
            } catch {
                end(permission, race.isOver ? .late : .failed("\(error)"))
                race.finish(with: nil)
            }
        }
        let timer = Task { [self] in
            guard await clock.pause(limit) else { return }
            if race.finish(with: nil) { late(permission, limit) }
        }
        let value = await race.outcome()
        timer.cancel()
        return value
    }

    /// As `within`, but it waits as long as it takes, and throws.
    package func call<T: Sendable>(_ body: (Tier) async throws -> T) async throws -> T? {
        guard let permission = begin() else { return nil }
        do {
            let value = try await body(tier)
            end(permission, .inTime)
            return value
        } catch {
            end(permission, .failed("\(error)"))
            throw error
        }
    }

    /// As `call`, but what goes wrong is only counted; returns whether it was done.
    package func tryCall(_ body: (Tier) async throws -> Void) async -> Bool {
        ((try? await call(body)) ?? nil) != nil
    }

    private func begin() -> Permission? {
        let now = clock.now()
        return state.withLock { state in
            let permission: Permission? =
                switch state.breaker.permission(at: Moment(now)) {
                case .yes: .call
                case .probe: .probe
                case .notBefore, .afterProbe: nil
                }
            guard let permission, state.running < Self.runningMax else {
                state.counts.skipped += 1
                return nil
            }
            if permission == .probe { state.breaker.beginProbe() }
            state.running += 1
            return permission
        }
    }

    private enum End {
        case inTime
        /// After `late` has said so.
        case late
        case failed(String)
    }

    private func end(_ permission: Permission, _ end: End) {
        let now = clock.now()
        let notice = state.withLock { state -> CacheNotice? in
            state.running -= 1
            switch end {
            case .inTime:
                let isResumed = state.ended(
                    isProbe: permission == .probe, isSuccess: true, at: now)
                return isResumed ? .tierResumed(name) : nil
            case .late: return nil
            case .failed(let reason):
                state.counts.failures += 1
                let isPaused = state.ended(
                    isProbe: permission == .probe, isSuccess: false, at: now)
                return isPaused ? .tierPaused(name, reason: reason) : nil
            }
        }
        if let notice { report(notice) }
    }

    private func late(_ permission: Permission, _ limit: Duration) {
        let now = clock.now()
        let isPausedNow = state.withLock { state in
            state.counts.timeouts += 1
            return state.ended(isProbe: permission == .probe, isSuccess: false, at: now)
        }
        if isPausedNow { report(.tierPaused(name, reason: "no answer within \(limit)")) }
    }
}

extension CircuitBreaker.Policy {
    /// A tier that fails some times in a row is passed over, and tried again with growing pauses.
    package static let ofTiers: Self = {
        var policy = Self()
        policy.failuresInRow = 5
        policy.openFirst = .seconds(1)
        policy.openMax = .seconds(30)
        policy.jitter = 0
        return policy
    }()
}

extension Moment {
    fileprivate init(_ time: Timestamp) { self.init(microseconds: time.microseconds) }
}

/// Time and waiting, which tests replace.
package struct TierClock: Sendable {
    package let now: @Sendable () -> Timestamp
    /// Returns false if the task was cancelled meanwhile.
    package let pause: @Sendable (Duration) async -> Bool

    package init(
        now: @escaping @Sendable () -> Timestamp,
        pause: @escaping @Sendable (Duration) async -> Bool
    ) {
        self.now = now
        self.pause = pause
    }
}

/// Gives whatever comes first to the one who waits.
private final class Race<T: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<T?, Never>)
        case over(T?)
    }

    private let state = Mutex(State.open)

    var isOver: Bool {
        state.withLock { state in
            if case .over = state { true } else { false }
        }
    }

    /// Returns whether it was the first.
    @discardableResult
    func finish(with value: T?) -> Bool {
        let (isFirst, waiter) = state.withLock { state in
            switch state {
            case .open:
                state = .over(value)
                return (true, CheckedContinuation<T?, Never>?.none)
            case .awaited(let continuation):
                state = .over(value)
                return (true, continuation)
            case .over: return (false, nil)
            }
        }
        waiter?.resume(returning: value)
        return isFirst
    }

    func outcome() async -> T? {
        await withCheckedContinuation { continuation in
            let (isOver, value) = state.withLock { state -> (Bool, T?) in
                if case .over(let value) = state { return (true, value) }
                state = .awaited(continuation)
                return (false, nil)
            }
            if isOver { continuation.resume(returning: value) }
        }
    }
}
