internal import Dispatch

/// Runs one connection's work on a thread that may block.
///
/// libpq calls wait in poll(2), and other C clients in read(2). In Swift's pool, with one thread per
/// core, a few slow queries would stop the whole process; a separate dispatch queue gets its own
/// thread.
package final class ConnectionExecutor: SerialExecutor {
    private let queue: DispatchQueue

    package init(label: String = "tallystick.postgres.connection") {
        queue = DispatchQueue(label: label)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            job.runSynchronously(on: self.asUnownedSerialExecutor())
        }
    }
}
