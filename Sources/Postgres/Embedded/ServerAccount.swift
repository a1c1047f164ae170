import Glibc

/// The user that the server runs as.
///
/// PostgreSQL refuses to run as root. Started as root, we run it as the owner of an existing
/// cluster, else as `postgres`; otherwise as ourselves.
struct ServerAccount: Sendable {
    let uid: uid_t
    let gid: gid_t
    let name: String
    /// Precedes a command to run it as this user; empty if we are that user.
    let prefix: [String]

    static func choose(for cluster: Cluster) throws(EmbeddedServerError) -> ServerAccount {
        let me = geteuid()
        guard me == 0 else {
            if let owner = cluster.owner, owner.uid != me {
                let name = entry(uid: owner.uid)?.name ?? "number \(owner.uid)"
                throw EmbeddedServerError(
                    code: .dataDirectoryUnusable,
                    message: "\(cluster.path) belongs to user \(name); run tally as that user or "
                        + "choose another directory with --data-dir")
            }
            return ServerAccount(uid: me, gid: getegid(), name: "", prefix: [])
        }
        if let owner = cluster.owner, owner.uid != 0 {
            return try switching(to: entry(uid: owner.uid), uid: owner.uid, gid: owner.gid)
        }
        guard let postgres = entry(name: "postgres"), postgres.uid != 0 else {
            throw EmbeddedServerError(
                code: .accountMissing,
                message: "PostgreSQL refuses to run as root and there is no user postgres to run "
                    + "it as; create one with \"useradd --system postgres\", or run tally as an "
                    + "ordinary user")
        }
        return try switching(to: postgres, uid: postgres.uid, gid: postgres.gid)
    }

    /// Checks that this user can reach the directory; names the directory that prevents it.
    func checkReach(of directory: String) throws(EmbeddedServerError) {
        guard !prefix.isEmpty, !canPass(directory) else { return }
        var barrier = directory
        var prefixPath = ""
        for part in directory.split(separator: "/") {
            prefixPath += "/" + part
            if !canPass(prefixPath) {
                barrier = prefixPath
                break
            }
        }
        throw EmbeddedServerError(
            code: .dataDirectoryUnreachable,
            message: "started as root, PostgreSQL runs as user \(name), who cannot pass through "
                + "\(barrier) to reach \(directory); choose a directory such as /var/lib/tally "
                + "with --data-dir, or run: chmod o+x \(shellQuoted(barrier))")
    }

    /// Gives files that we made as root to this user; does nothing if we are that user.
    func own(_ path: String) throws(EmbeddedServerError) {
        guard !prefix.isEmpty else { return }
        let outcome = Command(["chown", "-hR", "\(uid):\(gid)", "--", path]).run(
            timeout: .seconds(60))
        guard outcome.succeeded else {
            throw EmbeddedServerError(
                code: .dataDirectoryUnusable,
                message: "cannot give \(path) to user \(name): \(outcome.output.trimmedLine); "
                    + "choose a directory on another file system with --data-dir")
        }
    }

    private func canPass(_ directory: String) -> Bool {
        Command(prefix + ["test", "-x", directory]).run().succeeded
    }

    private static func switching(
        to entry: (name: String, uid: uid_t, gid: gid_t)?, uid: uid_t, gid: gid_t
    ) throws(EmbeddedServerError) -> ServerAccount {
        let groups = entry == nil ? "--clear-groups" : "--init-groups"
        let prefix = ["setpriv", "--reuid", "\(uid)", "--regid", "\(gid)", groups, "--"]
        guard Command(prefix + ["true"]).run().succeeded else {
            throw EmbeddedServerError(
                code: .accountMissing,
                message: "PostgreSQL refuses to run as root and setpriv cannot switch to user "
                    + "\(entry?.name ?? "number \(uid)"); install it with \"apt-get install "
                    + "util-linux\", or run tally as an ordinary user")
        }
        return ServerAccount(
            uid: uid, gid: gid, name: entry?.name ?? "number \(uid)", prefix: prefix)
    }

    private static func entry(uid: uid_t) -> (name: String, uid: uid_t, gid: gid_t)? {
        entry { getpwuid_r(uid, $0, $1, $2, $3) }
    }

    private static func entry(name: String) -> (name: String, uid: uid_t, gid: gid_t)? {
        entry { getpwnam_r(name, $0, $1, $2, $3) }
    }

    private typealias Lookup = (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
        UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32

    private static func entry(_ look: Lookup) -> (name: String, uid: uid_t, gid: gid_t)? {
        var record = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        let count = buffer.count
        return buffer.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, look(&record, base, count, &found) == 0,
                found != nil
            else { return nil }
            return (String(cString: record.pw_name), record.pw_uid, record.pw_gid)
        }
    }
}

/// A word that a POSIX shell reads back unchanged.
private func shellQuoted(_ text: String) -> String {
    let plain = text.utf8.allSatisfy {
        ($0 >= 0x2D && $0 <= 0x39) || ($0 >= 0x41 && $0 <= 0x5A) || $0 == 0x5F
            || ($0 >= 0x61 && $0 <= 0x7A)
    }
    if plain { return text }
    return "'"
        + text.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
}

extension String {
    /// The lines of a program's output as one line of a message.
    var trimmedLine: String {
        split(whereSeparator: \.isNewline).joined(separator: " | ")
    }
}
