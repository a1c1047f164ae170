import FoundationEssentials
import Glibc

/// The private directory of the server's Unix socket.
///
/// A socket's path ends at 107 bytes and a data directory may be longer, so the socket lives in
/// `/tmp/tally-UID-HASH`. Anybody can make a directory in /tmp: we refuse any that is not a real
/// directory of the server's user with mode 0700, since its maker could answer in our place.
struct SocketDirectory: Sendable {
    let path: String

    /// The usual port, which without a listener only names the socket.
    static let port = 5_432

    init(path: String) {
        self.path = path
    }

    init(dataDirectory: String, uid: uid_t) {
        path = "/tmp/tally-\(uid)-\(Self.hash(dataDirectory))"
    }

    func prepare(for account: ServerAccount) throws(EmbeddedServerError) {
        let made = mkdir(path, 0o700) == 0
        guard made || errno == EEXIST else { throw refused(systemErrorText()) }
        var status = stat()
        guard lstat(path, &status) == 0 else { throw refused(systemErrorText()) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw refused("it is not a directory") }
        // Belongs to us between mkdir and chown, if an earlier run was killed there.
        if status.st_uid == 0 && account.uid != 0 && geteuid() == 0 {
            guard chmod(path, 0o700) == 0, lchown(path, account.uid, account.gid) == 0 else {
                throw refused(systemErrorText())
            }
            return
        }
        guard status.st_uid == account.uid else {
            throw refused("it belongs to user number \(status.st_uid)")
        }
        guard status.st_mode & 0o077 == 0 else { throw refused("other users may enter it") }
    }

    /// Removes what a killed server left; if another process now has the lock file's pid, a new
    /// server would think that the old one runs.
    func removeSocket() {
        guard isOurs else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where name.hasPrefix(".s.PGSQL.") { unlink("\(path)/\(name)") }
    }

    /// Removes the directory if it is empty.
    func remove() {
        guard isOurs else { return }
        rmdir(path)
    }

    /// Touch a path from a pid file only if we could have chosen it.
    private var isOurs: Bool { path.hasPrefix("/tmp/tally-") && !path.contains("/../") }

    private func refused(_ reason: String) -> EmbeddedServerError {
        EmbeddedServerError(
            code: .socketDirectoryRefused,
            message: "\(path) cannot hold the database's socket: \(reason); check who created "
                + "it, remove it, and try again")
    }

    /// 48 bits of FNV-1a (Fowler, Noll, Vo) in hexadecimal: it distinguishes a user's own data
    /// directories and need not resist attacks, since the directory's owner is checked.
    private static func hash(_ text: String) -> String {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 {
            value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        let folded = (value ^ (value >> 48)) & 0xffff_ffff_ffff
        let digits = String(folded, radix: 16)
        return String(repeating: "0", count: 12 - digits.count) + digits
    }
}
