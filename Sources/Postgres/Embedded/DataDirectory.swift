import FoundationEssentials
import Glibc

/// The directory that the user named, and its layout.
///
///     users.lock shared by every process that uses the server; the last one stops it
///     start.lock held while a server is started or stopped
///     service.lock held by the service
///     pg15/ the cluster; its log is pg15/log/
///     pg15.new-… an unfinished cluster
struct DataDirectory: Sendable {
    /// Canonical: absolute, without symbolic links.
    let path: String

    var usersLockPath: String { path + "/users.lock" }
    var startLockPath: String { path + "/start.lock" }
    var serviceLockPath: String { path + "/service.lock" }

    /// Makes the directory if necessary and finds its canonical name.
    init(preparing named: String) throws(EmbeddedServerError) {
        let absolute =
            named.hasPrefix("/")
            ? named : FileManager.default.currentDirectoryPath + "/" + named
        try Self.make(absolute)
        guard let resolved = realpath(absolute, nil) else {
            throw Self.unusable(absolute, systemErrorText())
        }
        defer { free(resolved) }
        path = String(cString: resolved)
    }

    /// The cluster that exists, newest version first.
    func existingCluster() -> Cluster? {
        names().compactMap(Cluster.version(inName:)).max()
            .map { Cluster(directory: path, majorVersion: $0) }
    }

    /// Removes what a process left that was killed while making a cluster.
    ///
    /// What can't be removed now waits for the next time: its name is never reused.
    func removeUnfinishedClusters() {
        for name in names() where name.hasPrefix("pg") && name.contains(".new-") {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
    }

    private func names() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }

    /// Makes a directory and its parents.
    ///
    /// As root, others may pass through them (not list them), since the server's user has to reach
    /// its cluster below; otherwise they are private.
    private static func make(_ path: String) throws(EmbeddedServerError) {
        if mkdir(path, 0o700) == 0 {
            if geteuid() == 0 { chmod(path, 0o711) }
            return
        }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try make(String(path[..<slash]))
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw unusable(path, systemErrorText())
            }
            if geteuid() == 0 { chmod(path, 0o711) }
            return
        }
        guard errno == EEXIST else { throw unusable(path, systemErrorText()) }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw unusable(path, "it is not a directory")
        }
    }

    private static func unusable(_ path: String, _ reason: String) -> EmbeddedServerError {
        EmbeddedServerError(
            code: .dataDirectoryUnusable,
            message: "cannot use \(path) as the data directory: \(reason); choose another one "
                + "with --data-dir")
    }
}

/// A database cluster inside the data directory.
struct Cluster: Sendable {
    let directory: String
    let majorVersion: Int

    var path: String { "\(directory)/pg\(majorVersion)" }
    var pidFilePath: String { path + "/postmaster.pid" }
    var logDirectoryPath: String { path + "/log" }
    /// What the server prints before its log collector runs.
    var startLogPath: String { path + "/start.log" }
    var configurationPath: String { path + "/tally.conf" }

    /// 15 for `pg15`, nil for anything else.
    static func version(inName name: String) -> Int? {
        guard name.hasPrefix("pg") else { return nil }
        return Int(name.dropFirst(2))
    }

    /// Who owns the cluster's files; nil if it does not exist.
    var owner: (uid: uid_t, gid: gid_t)? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return (status.st_uid, status.st_gid)
    }

    /// The last lines of the server's log, for an error message.
    func lastLogLines(_ count: Int = 5) -> String {
        let logs = ((try? FileManager.default.contentsOfDirectory(atPath: logDirectoryPath)) ?? [])
            .map { logDirectoryPath + "/" + $0 }
        let newest = (logs + [startLogPath]).map { (path: $0, time: Self.modified($0)) }
            .sorted { $0.time < $1.time }
        for log in newest.reversed() {
            let lines = Self.tail(of: log.path).split(separator: "\n").filter {
                !$0.contains("redirecting log output") && !$0.contains("Future log output")
            }
            if !lines.isEmpty { return lines.suffix(count).joined(separator: " | ") }
        }
        return "(the log is empty)"
    }

    private static func modified(_ path: String) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { return 0 }
        return status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
    }

    private static func tail(of path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let end = lseek(descriptor, 0, SEEK_END)
        let count = pread(descriptor, &bytes, bytes.count, max(0, end - bytes.count))
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
