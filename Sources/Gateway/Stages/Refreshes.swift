import Synchronization

/// Answers that are fetched anew in the background.
final class Refreshes: Sendable {
    private struct State {
        var running: [Int: Task<Void, Never>] = [:]
        var next = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// That run at once.
    static let runningMax = 64

    /// Runs a fetch; false if too many run already, or none are begun any more.
    func begin(_ fetch: @escaping @Sendable () async -> Void) -> Bool {
        state.withLock { state in
            guard state.running.count < Self.runningMax, !state.isClosed else { return false }
            let number = state.next
            state.next += 1
            state.running[number] = Task {
                await fetch()
                self.state.withLock { $0.running[number] = nil }
            }
            return true
        }
    }

    /// Begins none any more, and waits for those that run; after a time they are cancelled.
    func close(within time: Duration) async {
        let running = state.withLock { state in
            state.isClosed = true
            return Array(state.running.values)
        }
        let timer = Task {
            guard (try? await Task.sleep(for: time)) != nil else { return }
            for task in running { task.cancel() }
        }
        for task in running { await task.value }
        timer.cancel()
    }
}
