import Glibc

/// A `flock(2)` that the kernel drops when its holder ends, however it ends.
///
/// The descriptor is close-on-exec, so that no child process keeps the lock alive.
struct FileLock: ~Copyable, Sendable {
    enum Mode {
        case shared
        case exclusive

        fileprivate var flag: Int32 { self == .shared ? LOCK_SH : LOCK_EX }
    }

    private let descriptor: Int32

    /// Opens, and makes if need be, a lock file without locking it.
    init(opening path: String) throws(EmbeddedServerError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw EmbeddedServerError(
                code: .dataDirectoryUnusable,
                message: "cannot open \(path): \(systemErrorText()); run as the owner of that "
                    + "directory or choose another one with --data-dir")
        }
    }

    deinit { close(descriptor) }

    /// Gives the lock back now rather than at the end of the scope.
    consuming func unlock() {}

    /// Takes the lock, or changes its mode, if nobody is in the way.
    ///
    /// A change that fails gives up the mode held before it, as flock(2) says.
    func tryLock(_ mode: Mode) -> Bool {
        while flock(descriptor, mode.flag | LOCK_NB) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }

    /// Takes the lock, waiting for its holder until the deadline; false when it passed.
    func lock(_ mode: Mode, until deadline: ContinuousClock.Instant) -> Bool {
        while !tryLock(mode) {
            guard ContinuousClock.now < deadline else { return false }
            pauseBetweenLooks()
        }
        return true
    }

    /// The short text kept in the file: who holds it.
    var text: String {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    func setText(_ text: String) {
        let bytes = Array(text.utf8)
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = pwrite(descriptor, bytes, bytes.count, 0)
    }
}

/// How long a wait for another process pauses between two looks.
func pauseBetweenLooks() {
    usleep(5_000)
}
