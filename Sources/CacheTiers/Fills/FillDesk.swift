import LedgerModel
import Synchronization

/// Lets callers wait for the turns of a `FillTable`.
final class FillDesk: Sendable {
    private let clock: TierClock
    private let waitersMax: Int
    private let state = Mutex(State())

    private struct State {
        var table = FillTable()
        var waiting: [FillTable.WaiterID: CheckedContinuation<FillWait?, Never>] = [:]
        var lastID: FillTable.WaiterID = 0
        var isWatching = false
    }

    init(clock: TierClock, waitersMax: Int) {
        self.clock = clock
        self.waitersMax = waitersMax
    }

    var counts: CacheTierCounts.Fills {
        state.withLock { state in
            var counts = state.table.counts
            counts.waiting = state.table.waiting
            return counts
        }
    }

    func begin(
        _ address: CacheAddress, id: Int64, until: Timestamp, at now: Timestamp
    ) -> FillTable.Beginning {
        state.withLock { $0.table.begin(address, id: id, until: until, at: now) }
    }

    func isElsewhere(_ address: CacheAddress, id: Int64, until: Timestamp) {
        state.withLock { $0.table.isElsewhere(address, id: id, until: until) }
    }

    func extend(_ address: CacheAddress, until: Timestamp) {
        state.withLock { $0.table.extend(address, until: until) }
    }

    /// Ends a turn, and tells those who wait how.
    func end(_ address: CacheAddress, id: Int64? = nil, _ outcome: FillWait) {
        let woken = state.withLock { state in
            let hasAnswer = if case .stored = outcome { true } else { false }
            let ids = state.table.end(address, id: id, hasAnswer: hasAnswer)
            return ids.compactMap { state.waiting.removeValue(forKey: $0) }
        }
        woken.forEach { $0.resume(returning: outcome) }
    }

    func expire(at now: Timestamp) {
        let woken = state.withLock { state in
            state.table.expire(at: now).compactMap { state.waiting.removeValue(forKey: $0) }
        }
        woken.forEach { $0.resume(returning: .free) }
    }

    /// Waits for the turn of an answer to end; nil if nobody has it.
    ///
    /// - Parameter watch: started when another instance has the turn, and nothing is started yet.
    func wait(
        for address: CacheAddress, until: Timestamp, watch: @escaping @Sendable () async -> Void
    ) async -> FillWait? {
        let waiter = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let timer = Mutex<Task<Void, Never>?>(nil)
        defer { timer.withLock { $0?.cancel() } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard join(address, as: waiter, continuation, watch) else { return }
                timer.withLock { $0 = Task { await tell(waiter, at: until) } }
                // The handler below may have run before there was anything to leave.
                if Task.isCancelled { giveUp(waiter) }
            }
        } onCancel: {
            giveUp(waiter)
        }
    }

    /// Returns whether the caller has to wait.
    private func join(
        _ address: CacheAddress, as waiter: FillTable.WaiterID,
        _ continuation: CheckedContinuation<FillWait?, Never>,
        _ watch: @escaping @Sendable () async -> Void
    ) -> Bool {
        let now = clock.now()
        let (joining, begins) = state.withLock { state in
            let joining = state.table.join(address, as: waiter, max: waitersMax, at: now)
            guard case .joined(let isElsewhere) = joining else { return (joining, false) }
            state.waiting[waiter] = continuation
            guard isElsewhere, !state.isWatching else { return (joining, false) }
            state.isWatching = true
            return (joining, true)
        }
        switch joining {
        case .nothing: continuation.resume(returning: nil)
        case .tooMany: continuation.resume(returning: .tooMany)
        case .joined:
            if begins { Task { await watch() } }
            return true
        }
        return false
    }

    /// Waits for time to pass on behalf of a waiter: that of the turn, or his own.
    private func tell(_ waiter: FillTable.WaiterID, at until: Timestamp) async {
        while let end = state.withLock({ $0.table.turnEnd(for: waiter) }) {
            let now = clock.now()
            if end <= now {
                expire(at: now)
            } else if until <= now {
                giveUp(waiter)
            } else {
                guard await clock.pause(now.duration(to: min(end, until))) else { return }
            }
        }
    }

    private func giveUp(_ waiter: FillTable.WaiterID) {
        let continuation = state.withLock { state in
            state.table.leave(waiter) ? state.waiting.removeValue(forKey: waiter) : nil
        }
        continuation?.resume(returning: .timedOut)
    }

    /// What to watch; empty, and nothing is watched any more.
    func awaitedElsewhere() -> [CacheAddress] {
        state.withLock { state in
            let addresses = state.table.awaitedElsewhere
            state.isWatching = !addresses.isEmpty
            return addresses
        }
    }
}
