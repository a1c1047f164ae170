import FoundationEssentials
import Glibc
import Postgres
import PostgresTesting
import Testing

@Suite("EmbeddedServer", .serialized, .timeLimit(.minutes(5)))
struct EmbeddedServerTests {
    @Test("the first user creates and starts a server, the second finds it, the last stops it")
    func firstToLast() throws {
        let scratch = try Scratch()
        let first = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        let pid = first.postmasterPID
        #expect(sql(first, "SELECT current_user, current_database()") == "tally|tally")
        #expect(sql(first, "SHOW data_checksums") == "on")
        #expect(sql(first, "SHOW server_encoding") == "UTF8")
        #expect(sql(first, "SHOW lc_collate") == "C")
        #expect(sql(first, "SHOW listen_addresses") == "")
        for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
            #expect(sql(first, "SHOW \(setting)") == "on")
        }
        #expect(sql(first, "SHOW shared_buffers") == "256MB")
        let second = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        #expect(second.postmasterPID == pid)
        #expect(second.connectionURL == first.connectionURL)
        #expect(first.release() == .leftToOthers)
        #expect(sql(second, "SELECT 1") == "1")
        let socket = second.socketDirectory
        #expect(access(socket, F_OK) == 0)
        #expect(second.release() == .stopped)
        #expect(!isRunning(pid))
        #expect(access(socket, F_OK) != 0, "the socket directory is removed")
    }

    @Test("a statement beyond the memory of a process fails alone")
    func memory() async throws {
        let scratch = try Scratch()
        let server = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        let connection = try await Connection.open(PostgresConfiguration(url: server.connectionURL))
        let other = try await Connection.open(PostgresConfiguration(url: server.connectionURL))
        do {
            _ = try await connection.session { session in
                try session.query(
                    "SELECT array_agg(repeat('x', 1000000) || g) FROM generate_series(1, 700) AS g")
            }
            Issue.record("700 MB were given")
        } catch let error as PostgresError {
            #expect(error.sqlState == "53200", "\(error)")
        }
        for session in [connection, other] {
            #expect(try await session.session { try $0.query("SELECT 1").rows } == [["1"]])
            await session.close()
        }
    }

    @Test("a session of an auditor that is deaf does not keep the server from stopping")
    func deafSession() async throws {
        let scratch = try Scratch()
        let server = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        let admin = try await Connection.open(PostgresConfiguration(url: server.connectionURL))
        _ = try await admin.session { try $0.execute("CREATE ROLE tally_audit_deaf LOGIN") }
        let auditor = try await Connection.open(
            PostgresConfiguration(url: server.connectionURL)
                .loggedIn(as: "tally_audit_deaf", password: nil))
        let asking = Task {
            try await auditor.session { session in
                try session.query(
                    "SELECT strpos(repeat('a', 10000000), 'b' || repeat('a', 1000000))")
            }
        }
        try await eventually("the query runs") {
            try await admin.session { session in
                try session.query(
                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%strpos%' "
                        + "AND pid <> pg_backend_pid() AND state = 'active'"
                ).rows == [["1"]]
            }
        }
        await admin.close()
        let pid = server.postmasterPID
        #expect(server.release() == .stopped)
        #expect(!isRunning(pid))
        await #expect(throws: PostgresError.self) { try await asking.value }
        await auditor.close()
        let again = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        #expect(sql(again, "SELECT 1") == "1")
    }

    @Test("a value that goes out of scope stops the server too")
    func outOfScope() throws {
        let scratch = try Scratch()
        func use() throws -> pid_t {
            let server = try EmbeddedServer.acquire(dataDirectory: scratch.path)
            #expect(sql(server, "SELECT 1") == "1")
            return server.postmasterPID
        }
        #expect(!isRunning(try use()))
    }

    @Test("many users at once share one server")
    func manyUsers() async throws {
        let scratch = try Scratch()
        let pids = try await withThrowingTaskGroup(of: pid_t.self) { group in
            let holder = try EmbeddedServer.acquire(dataDirectory: scratch.path)
            for _ in 0..<8 {
                group.addTask {
                    let server = try EmbeddedServer.acquire(dataDirectory: scratch.path)
                    return server.postmasterPID
                }
            }
            var pids: Set<pid_t> = [holder.postmasterPID]
            for try await pid in group { pids.insert(pid) }
            #expect(holder.release() == .stopped)
            return pids
        }
        #expect(pids.count == 1)
    }

    @Test("the server runs in its own session, without our file descriptors")
    func nothingLeaks() throws {
        let scratch = try Scratch()
        let marker = scratch.path + "/marker"
        try FileManager.default.createDirectory(
            atPath: scratch.path, withIntermediateDirectories: true)
        if geteuid() == 0 { chmod(scratch.path, 0o711) }
        let descriptor = open(marker, O_RDWR | O_CREAT, 0o600)  // not close-on-exec
        defer { close(descriptor) }
        let server = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        let open = Command(["ls", "-l", "/proc/\(server.postmasterPID)/fd"]).run().output
        #expect(open.contains("/dev/null"))
        #expect(!open.contains("marker"))
        #expect(!open.contains(".lock"))
        #expect(getsid(server.postmasterPID) != getsid(0))
    }

    @Test("a killed postmaster is started again and keeps what was committed")
    func killedPostmaster() throws {
        let scratch = try Scratch()
        let before = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        #expect(sql(before, "CREATE TABLE kept AS SELECT 42 AS answer") == "")
        kill(before.postmasterPID, SIGKILL)
        try eventually { !isRunning(before.postmasterPID) }
        var told: [String] = []
        let after = try EmbeddedServer.acquire(dataDirectory: scratch.path) { told.append($0) }
        #expect(after.postmasterPID != before.postmasterPID)
        #expect(sql(after, "SELECT answer FROM kept") == "42")
        #expect(told.contains { $0.contains("pid file of a killed PostgreSQL") })
        #expect(before.release() == .leftToOthers)
        #expect(after.release() == .stopped)
    }

    @Test("a busy orphan of a killed postmaster does not prevent the next one from starting")
    func busyOrphan() throws {
        let scratch = try Scratch()
        let before = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        let busy = try Background([
            "psql", before.connectionURL, "-c",
            "DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$",
        ])
        defer { busy.kill() }
        try eventually {
            sql(before, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %'") == "1"
        }
        kill(before.postmasterPID, SIGKILL)
        let after = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        #expect(sql(after, "SELECT 1") == "1")
        before.release()
        #expect(after.release() == .stopped)
    }

    @Test("a server whose users were killed is adopted by the next user, who stops it")
    func adoption() throws {
        let scratch = try Scratch()
        let first = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        let pid = first.postmasterPID
        let other = try Background([
            "flock", "--shared", "--no-fork", scratch.path + "/users.lock", "sleep", "600",
        ])
        defer { other.kill() }
        // flock(1) becomes sleep(1) once it has the lock.
        try eventually { other.name == "sleep" }
        #expect(first.release() == .leftToOthers)
        #expect(isRunning(pid))
        other.kill()
        try eventually { !isRunning(other.pid) }
        #expect(isRunning(pid))
        let next = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        #expect(next.postmasterPID == pid)
        #expect(next.release() == .stopped)
        #expect(!isRunning(pid))
    }

    @Test("a pid file whose pid now belongs to another process is stale")
    func reusedPid() throws {
        let scratch = try Scratch()
        let cluster = try scratch.clusterThatWasStopped()
        let stranger = try Background(["sleep", "600"])
        defer { stranger.kill() }
        let text = "\(stranger.pid)\n\(cluster)\n1\n5432\n/tmp/nowhere\n\n 1 1\nready   \n"
        try text.write(toFile: cluster + "/postmaster.pid", atomically: false, encoding: .utf8)
        let server = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        #expect(server.postmasterPID != stranger.pid)
        #expect(sql(server, "SELECT 1") == "1")
        #expect(server.release() == .stopped)
        #expect(isRunning(stranger.pid))
    }

    @Test("a half-made cluster is removed and created again")
    func halfMade() throws {
        let scratch = try Scratch()
        try scratch.clusterThatWasStopped()
        let leftover = scratch.path + "/pg15.new-1-abc"
        try FileManager.default.moveItem(atPath: scratch.path + "/pg15", toPath: leftover)
        try FileManager.default.removeItem(atPath: leftover + "/PG_VERSION")
        let server = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        #expect(sql(server, "SELECT 1") == "1")
        #expect(access(leftover, F_OK) != 0)
        #expect(server.release() == .stopped)
    }

    @Test(
        "a data directory may be deep, and have spaces, accents and quotes in its name",
        arguments: [
            String(repeating: "d/", count: 60) + String(repeating: "x", count: 80),
            "né à $HOME/it's \"quoted\" `here`",
        ])
    func unusualPath(name: String) throws {
        let scratch = try Scratch(subdirectory: name)
        let server = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        #expect(sql(server, "SELECT 1") == "1")
        #expect(server.release() == .stopped)
    }

    @Test(
        "as root, a directory that the server's user can't reach is named with its remedy",
        .enabled(if: geteuid() == 0, "needs root, who starts it as another user"))
    func unreachable() throws {
        let scratch = try Scratch()
        let closed = scratch.root + "/closed to others"
        try #require(mkdir(closed, 0o700) == 0)
        let error = try #require(throws: EmbeddedServerError.self) {
            _ = try EmbeddedServer.acquire(dataDirectory: closed + "/data")
        }
        #expect(error.code == .dataDirectoryUnreachable)
        #expect(error.message.contains("pass through \(closed) to reach"))
        #expect(error.message.contains("chmod o+x '\(closed)'"))
    }

    @Test("missing server binaries are reported in one sentence with the remedy")
    func missingBinaries() throws {
        let scratch = try Scratch()
        let nowhere = ServerSearch(
            configPrograms: [scratch.root + "/pg_config"], versionedRoot: scratch.root,
            directories: ["/nonexistent"])
        let error = try #require(throws: EmbeddedServerError.self) {
            _ = try EmbeddedServer.acquire(dataDirectory: scratch.path, search: nowhere)
        }
        #expect(error.code == .binariesMissing)
        #expect(error.message.contains("apt-get install postgresql-15"))
    }

    @Test("data of another major version is refused with both versions named")
    func otherVersion() throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(
            atPath: scratch.path + "/pg99", withIntermediateDirectories: true)
        let error = try #require(throws: EmbeddedServerError.self) {
            _ = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        }
        #expect(error.code == .versionMismatch)
        #expect(error.message.contains("PostgreSQL 99 is needed"))
    }

    @Test("a server that ends while starting is explained by the end of its log")
    func failedStart() throws {
        let scratch = try Scratch()
        let cluster = try scratch.clusterThatWasStopped()
        try "no_such_setting = 1\n".write(
            toFile: cluster + "/postgresql.conf", atomically: false, encoding: .utf8)
        let error = try #require(throws: EmbeddedServerError.self) {
            _ = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        }
        #expect(error.code == .startFailed)
        #expect(error.message.contains("no_such_setting"))
    }

    @Test("a server that is not ready in time is left to recover, and found by the next user")
    func startTimeout() throws {
        let scratch = try Scratch()
        try scratch.clusterThatWasStopped()
        var error: EmbeddedServerError
        repeat {
            // A child that another test has just forked holds our locks until it calls exec, and
            // without a wait the directory counts as busy.
            error = try #require(throws: EmbeddedServerError.self) {
                _ = try EmbeddedServer.acquire(dataDirectory: scratch.path, startTimeout: .zero)
            }
        } while error.code == .busy
        #expect(error.code == .startTimedOut)
        #expect(error.message.contains(scratch.path + "/pg15/log"))
        let server = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        #expect(sql(server, "SELECT 1") == "1")
        #expect(server.release() == .stopped)
    }

    @Test("a socket directory that another user made is refused")
    func socketDirectoryOfOthers() throws {
        let scratch = try Scratch()
        let server = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        let socket = server.socketDirectory
        #expect(server.release() == .stopped)
        try #require(mkdir(socket, 0o777) == 0 && chmod(socket, 0o777) == 0)
        // As root, our directories belong to the server's user: 65534 is neither.
        if geteuid() == 0 { lchown(socket, 65_534, 65_534) }
        defer { rmdir(socket) }
        let error = try #require(throws: EmbeddedServerError.self) {
            _ = try EmbeddedServer.acquire(dataDirectory: scratch.path)
        }
        #expect(error.code == .socketDirectoryRefused)
        #expect(error.message.contains(socket))
    }

    @Test("a second service on a data directory is told which process uses it")
    func serviceLock() throws {
        let scratch = try Scratch()
        let lock = try ServiceLock.acquire(dataDirectory: scratch.path)
        let error = try #require(throws: EmbeddedServerError.self) {
            _ = try ServiceLock.acquire(dataDirectory: scratch.path)
        }
        #expect(error.code == .serviceRunning)
        #expect(error.message.contains("another tally service (pid \(getpid())) already uses"))
        lock.release()
        let again = try ServiceLock.acquire(dataDirectory: scratch.path)
        again.release()
    }
}

/// A directory that is removed, with the data directory in it, when the test ends.
private final class Scratch: Sendable {
    let root: String
    let path: String

    init(subdirectory: String = "data") throws {
        root = "/tmp/tally-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        path = root + "/" + subdirectory
        try #require(mkdir(root, 0o711) == 0)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Makes the cluster, and leaves its server stopped.
    @discardableResult
    func clusterThatWasStopped() throws -> String {
        let server = try EmbeddedServer.acquire(dataDirectory: path)
        #expect(server.release() == .stopped)
        return path + "/pg15"
    }
}

/// A program that runs beside the test, not as its child, until it is killed.
private struct Background {
    let pid: pid_t

    init(_ arguments: [String]) throws {
        let script = "exec 3>&1; \"$@\" </dev/null >/dev/null 2>&1 3>&- & echo $! >&3"
        let output = Command(["sh", "-c", script, "sh"] + arguments).run().output
        pid = try #require(pid_t(output.prefix { $0.isNumber }))
    }

    var name: String {
        let text = try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)
        return String((text ?? "").prefix { !$0.isNewline })
    }

    func kill() { _ = Glibc.kill(pid, SIGKILL) }
}

extension EmbeddedServer {
    fileprivate var socketDirectory: String {
        String(connectionURL.dropFirst("host=".count).prefix { $0 != " " })
    }
}

private func sql(_ server: borrowing EmbeddedServer, _ text: String) -> String {
    let outcome = Command(["psql", server.connectionURL, "-AtXqc", text]).run()
    return outcome.output.split(whereSeparator: \.isNewline).joined(separator: "\n")
}

/// Whether the process runs; a zombie does not.
private func isRunning(_ pid: pid_t) -> Bool {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    guard let name = text.lastIndex(of: ")") else { return false }
    return !text[name...].hasPrefix(") Z")
}

private func eventually(_ condition: () -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while !condition() {
        try #require(ContinuousClock.now < deadline, "the condition did not come true in time")
        sched_yield()
    }
}
