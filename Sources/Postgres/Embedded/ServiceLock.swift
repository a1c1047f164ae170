import Glibc

/// The lock that a data directory's only service holds while it runs.
///
/// The kernel drops it when the process ends, so a killed service leaves nothing behind.
package struct ServiceLock: ~Copyable, Sendable {
    private let lock: FileLock

    /// Takes `service.lock` in the data directory, making that if necessary.
    ///
    /// Throws `.serviceRunning` with the holder's process id if there is one.
    package static func acquire(
        dataDirectory: String
    ) throws(EmbeddedServerError) -> ServiceLock {
        let directory = try DataDirectory(preparing: dataDirectory)
        let lock = try FileLock(opening: directory.serviceLockPath)
        guard lock.tryLock(.exclusive) else {
            let holder = Int32(lock.text).map { "pid \($0)" } ?? "pid unknown"
            throw EmbeddedServerError(
                code: .serviceRunning,
                message: "another tally service (\(holder)) already uses \(directory.path); stop "
                    + "it first or choose another directory with --data-dir")
        }
        lock.setText("\(getpid())")
        return ServiceLock(lock: lock)
    }

    /// Releases the lock; so does going out of scope.
    package consuming func release() {}
}
