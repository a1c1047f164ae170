import CLibPQ
import FoundationEssentials
import Glibc

/// A running server, according to its pid file and the process table.
struct Postmaster: Sendable {
    let pid: pid_t
    /// Empty until the server has written it.
    let socketDirectory: String
    /// Names the socket, and is where the server listens on loopback if it does.
    let port: Int
    let isOnLoopback: Bool
    let status: Status

    /// The server's status, from the last line of its pid file.
    enum Status: Sendable {
        case starting
        case ready
        case stopping
    }

    /// The server of a cluster; nil if none runs, even if a pid file was left behind.
    static func running(in cluster: Cluster) -> Postmaster? {
        guard let recorded = read(cluster), isProcess(recorded.pid, of: cluster) else { return nil }
        return recorded
    }

    /// The content of the pid file, true or not.
    static func read(_ cluster: Cluster) -> Postmaster? {
        guard let text = try? String(contentsOfFile: cluster.pidFilePath, encoding: .utf8) else {
            return nil
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let pid = pid_t(first), pid > 1 else { return nil }
        let word = lines.count > 7 ? lines[7] : ""
        return Postmaster(
            pid: pid, socketDirectory: lines.count > 4 ? String(lines[4]) : "",
            port: lines.count > 3 ? Int(lines[3]) ?? 0 : 0,
            isOnLoopback: lines.count > 5 && !lines[5].isEmpty,
            status: word.hasPrefix("ready")
                ? .ready : word.hasPrefix("stopping") ? .stopping : .starting)
    }

    /// Every server process working in the cluster, orphans of its postmaster included.
    static func processes(of cluster: Cluster) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { isProcess($0, of: cluster) }
    }

    /// Whether the process is a PostgreSQL process of exactly this cluster, and not a zombie.
    ///
    /// Server processes work in the cluster's directory; comparing it by device and inode survives
    /// a renamed parent and a reused pid.
    static func isProcess(_ pid: pid_t, of cluster: Cluster) -> Bool {
        var home = stat()
        var work = stat()
        guard stat(cluster.path, &home) == 0, stat("/proc/\(pid)/cwd", &work) == 0 else {
            return false
        }
        guard home.st_dev == work.st_dev, home.st_ino == work.st_ino else { return false }
        let name = (try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)) ?? ""
        return name == "postgres\n"
    }

    /// Whether the process runs at all; a zombie does not.
    static func isAlive(_ pid: pid_t) -> Bool {
        // As process 1 of a container we inherit orphans and have to reap them.
        waitpid(pid, nil, WNOHANG)
        guard kill(pid, 0) == 0 || errno == EPERM else { return false }
        let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        guard let name = text.lastIndex(of: ")") else { return false }
        return !text[name...].hasPrefix(") Z")
    }

    /// The connection string for the server.
    ///
    /// Sets every key with which an environment variable could redirect us to another server.
    func connectionString(database: String) -> String {
        "host=\(socketDirectory) port=\(port) user=tally dbname=\(database) "
            + "sslmode=disable gssencmode=disable"
    }

    /// Asks only a server that says it is ready: asking earlier would leave a FATAL in its log.
    var acceptsConnections: Bool {
        guard status == .ready, !socketDirectory.isEmpty else { return false }
        return PQping(connectionString(database: "postgres") + " connect_timeout=2") == PQPING_OK
    }

    /// Ends the server's sessions and stops it with a checkpoint; false if it still runs at the
    /// deadline.
    ///
    /// Audit sessions that are deaf to their end are killed after a while, which leaves the
    /// checkpoint to the next start.
    func stop(of cluster: Cluster, until deadline: ContinuousClock.Instant) -> Bool {
        kill(pid, SIGINT)
        let patience = min(deadline, .now + Self.deafMax)
        if Self.waitForEnd(of: pid, until: patience) { return true }
        for session in Self.processes(of: cluster) where Self.isAuditSession(session) {
            kill(session, SIGKILL)
        }
        return Self.waitForEnd(of: pid, until: deadline)
    }

    /// How long a stopping server waits for audit sessions.
    private static let deafMax = Duration.seconds(5)

    /// Whether the process serves a session of an audit role, according to its title.
    static func isAuditSession(_ pid: pid_t) -> Bool {
        let title = try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)
        return title?.hasPrefix("postgres: tally: tally_audit_") == true
    }

    static func waitForEnd(of pid: pid_t, until deadline: ContinuousClock.Instant) -> Bool {
        while isAlive(pid) {
            guard ContinuousClock.now < deadline else { return false }
            pauseBetweenLooks()
        }
        return true
    }
}
