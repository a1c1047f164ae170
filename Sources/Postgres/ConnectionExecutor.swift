internal import Dispatch

/// Runs one connection's work on a thread that may block.
///
/// libpq calls wait in poll(2). On Swift's own pool, which has one thread a core, a few slow
/// queries would stop the whole process; a dispatch queue of its own gets a thread of its own.
final class ConnectionExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "tallystick.postgres.connection")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            job.runSynchronously(on: self.asUnownedSerialExecutor())
        }
    }
}
