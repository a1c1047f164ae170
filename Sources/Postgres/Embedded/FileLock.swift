import Glibc

/// A `flock(2)`, which the kernel drops however its holder ends.
///
/// The descriptor is close-on-exec, so no child process keeps the lock alive.
struct FileLock: ~Copyable, Sendable {
    enum Mode {
        case shared
        case exclusive

        fileprivate var flag: Int32 { self == .shared ? LOCK_SH : LOCK_EX }
    }

    private let descriptor: Int32

    /// Opens a lock file, making it if necessary, without locking it.
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

    /// Releases the lock now rather than at the end of the scope.
    consuming func unlock() {}

    /// Takes the lock, or changes its mode, if nobody prevents it.
    ///
    /// A failed change loses the mode held before, as flock(2) says.
    func tryLock(_ mode: Mode) -> Bool {
        while flock(descriptor, mode.flag | LOCK_NB) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }

    /// Takes the lock, waiting for its holder until the deadline; false if that passed.
    func lock(_ mode: Mode, until deadline: ContinuousClock.Instant) -> Bool {
        while !tryLock(mode) {
            guard ContinuousClock.now < deadline else { return false }
            pauseBetweenLooks()
        }
        return true
    }

    /// The short text in the file that says who holds it.
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

/// How long to pause between two looks at another process.
func pauseBetweenLooks() {
    usleep(5_000)
}
