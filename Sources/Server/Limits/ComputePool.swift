import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Runs long computations on threads of its own, so that ingest and health checks, which share the
/// other threads, never wait for one.
///
/// Half of the processors work on them, at a lower priority, and only so many may wait.
package final class ComputePool: Sendable {
    package let threadCount: Int
    private let threads: NIOThreadPool
    private let state = Mutex((unfinished: 0, refused: 0))
    private let unfinishedMax: Int
    package let waitingMax: Int

    package init(
        threadCount: Int = max(1, System.coreCount / 2), waitingMax: Int
    ) {
        self.threadCount = threadCount
        threads = NIOThreadPool(numberOfThreads: threadCount)
        threads.start()
        unfinishedMax = threadCount + waitingMax
        self.waitingMax = waitingMax
    }

    deinit { threads.shutdownGracefully { _ in } }

    /// How many run and wait now, and how many were refused so far.
    package var counts: (running: Int, waiting: Int, refused: Int) {
        let (unfinished, refused) = state.withLock { $0 }
        let running = min(unfinished, threadCount)
        return (running, unfinished - running, refused)
    }

    /// Runs a computation, or throws `Overload` if too many wait.
    ///
    /// A caller who is cancelled does not wait for the end; a computation that has begun goes on.
    package func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        let mayEnter = state.withLock { state in
            guard state.unfinished < unfinishedMax else {
                state.refused += 1
                return false
            }
            state.unfinished += 1
            return true
        }
        guard mayEnter else { throw Overload.computations(max: waitingMax) }
        let outcome = Outcome<T>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                outcome.await(continuation)
                threads.submit { [self] state in
                    defer { leave() }
                    guard state == .active, !outcome.isKnown else {
                        return outcome.become(.failure(CancellationError()))
                    }
                    lowerPriority()
                    outcome.become(Result { try work() })
                }
            }
        } onCancel: {
            outcome.become(.failure(CancellationError()))
        }
    }

    private func leave() {
        state.withLock { $0.unfinished -= 1 }
    }
}

/// Lets other threads go first, those that answer short calls.
func lowerPriority() {
    let niceness: Int32 = 10
    // Zero means this thread, not the process.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
}

/// The result of a computation, which one caller awaits; only the first counts.
private final class Outcome<T: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<T, any Error>)
        case known(Result<T, any Error>?)
    }

    private let state = Mutex(State.open)

    var isKnown: Bool {
        state.withLock { if case .known = $0 { true } else { false } }
    }

    func await(_ continuation: CheckedContinuation<T, any Error>) {
        let early: Result<T, any Error>? = state.withLock { state in
            if case .known(let result) = state { return result }
            state = .awaited(continuation)
            return nil
        }
        if let early { continuation.resume(with: early) }
    }

    func become(_ result: Result<T, any Error>) {
        let waiting: CheckedContinuation<T, any Error>? = state.withLock { state in
            switch state {
            case .open:
                state = .known(result)
                return nil
            case .awaited(let continuation):
                state = .known(nil)
                return continuation
            case .known: return nil
            }
        }
        waiting?.resume(with: result)
    }
}
