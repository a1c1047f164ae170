import NIOCore
import NIOPosix

/// Threads for calls with large bodies, which take tenths of a second at a time to expand and check.
///
/// The other calls keep the threads that all tasks share; these have half as many, at a lower
/// priority.
final class BulkThreads: TaskExecutor {
    private let threads: NIOThreadPool

    init() {
        threads = NIOThreadPool(numberOfThreads: max(1, System.coreCount / 2))
        threads.start()
    }

    deinit { threads.shutdownGracefully { _ in } }

    /// Runs work here, up to its end.
    func run<R>(_ work: () async throws -> R) async throws -> R {
        try await withTaskExecutorPreference(self) {
            // Without a suspension the work would go on where it was called.
            await Task.yield()
            return try await work()
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        threads.submit { [self] _ in
            lowerPriority()
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
