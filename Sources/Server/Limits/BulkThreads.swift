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

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        threads.submit { [self] _ in
            lowerPriority()
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
