import Spooling
import Synchronization

/// Wakes one waiter on a signal, when enough waits in the spool, or at a deadline.
final class Signal: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isRaised = false
        var threshold: Spool.Waiting?
        var waiter: CheckedContinuation<Void, Never>?

        /// Takes the waiter; waking it consumes the signal, unless it is woken for another reason.
        mutating func takeWaiter(keepsSign: Bool = false) -> CheckedContinuation<Void, Never>? {
            defer { waiter = nil }
            if waiter != nil && !keepsSign { isRaised = false }
            return waiter
        }
    }

    func raise() {
        let waiter = state.withLock { state in
            state.isRaised = true
            return state.takeWaiter()
        }
        waiter?.resume()
    }

    /// Wakes the waiter if this is what it waits for.
    func note(_ waiting: Spool.Waiting) {
        let waiter = state.withLock { state in
            guard let threshold = state.threshold, waiting.reaches(threshold) else {
                return nil as CheckedContinuation<Void, Never>?
            }
            state.threshold = nil
            state.isRaised = true
            return state.takeWaiter()
        }
        waiter?.resume()
    }

    /// - Parameters:
    ///   - threshold: how much has to wait in the spool; nil if it does not matter.
    ///   - now: how much waits; called after the threshold is set, so that no record is missed.
    ///   - deadline: nil waits for as long as it takes.
    func wait(
        for threshold: Spool.Waiting? = nil, now: () -> Spool.Waiting? = { nil },
        until deadline: ContinuousClock.Instant? = nil
    ) async {
        state.withLock { $0.threshold = threshold }
        if let threshold, now()?.reaches(threshold) == true { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.raised() }
            if let deadline {
                group.addTask { try? await Task.sleep(until: deadline, clock: .continuous) }
            }
            await group.next()
            group.cancelAll()
        }
        state.withLock { $0.threshold = nil }
    }

    private func raised() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if state.isRaised || Task.isCancelled {
                        state.isRaised = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.takeWaiter(keepsSign: true) }?.resume()
        }
    }
}

extension Spool.Waiting {
    /// Whether either count reaches that of the other.
    fileprivate func reaches(_ other: Spool.Waiting) -> Bool {
        records >= other.records || bytes >= other.bytes
    }
}
