import Glibc

/// Starts the server of a cluster and waits until it answers.
struct ServerStarter {
    let cluster: Cluster
    let binaries: ServerBinaries
    let account: ServerAccount
    let socketDirectory: SocketDirectory
    /// Where to listen beside the socket; nil for nowhere.
    let loopbackPort: Int?

    static let progressInterval = Duration.seconds(5)
    static let orphanGrace = Duration.seconds(5)
    /// The private memory of each process of the server.
    ///
    /// Beyond it PostgreSQL reports that memory is exhausted, and only the query fails. Shared
    /// buffers do not count.
    static let processKibibytesMax = 512 << 10

    func start(
        until deadline: ContinuousClock.Instant, log: (String) -> Void
    ) throws(EmbeddedServerError) -> Postmaster {
        try clearRemains(log)
        try socketDirectory.prepare(for: account)
        try writeConfiguration()
        let pid = try launch()
        do throws(EmbeddedServerError) {
            return try Self.awaitReady(pid, of: cluster, until: deadline, log: log)
        } catch {
            guard error.code == .startFailed else { throw error }
            // A killed starter may have launched one that had no pid file yet.
            if let other = Postmaster.running(in: cluster) {
                return try Self.awaitReady(other.pid, of: cluster, until: deadline, log: log)
            }
            socketDirectory.remove()
            throw error
        }
    }

    /// Waits for a server that is starting, or recovering after a crash.
    ///
    /// At the deadline it keeps running: recovery continues, and the next user finds it.
    static func awaitReady(
        _ pid: pid_t, of cluster: Cluster, until deadline: ContinuousClock.Instant,
        log: (String) -> Void
    ) throws(EmbeddedServerError) -> Postmaster {
        var nextReport = ContinuousClock.now + progressInterval
        while true {
            let recorded = Postmaster.read(cluster)
            let isRecorded = recorded?.pid == pid
            if let recorded, isRecorded, recorded.acceptsConnections { return recorded }
            guard Postmaster.isAlive(pid) else {
                throw EmbeddedServerError(
                    code: .startFailed,
                    message: "PostgreSQL ended while it was starting in \(cluster.path): "
                        + "\(cluster.lastLogLines()); see \(cluster.logDirectoryPath)")
            }
            let now = ContinuousClock.now
            // Left before its pid file names it, the server could not be found again.
            guard now < deadline || !isRecorded else {
                throw EmbeddedServerError(
                    code: .startTimedOut,
                    message: "PostgreSQL in \(cluster.path) is not ready yet (it is still "
                        + "recovering; try again later): \(cluster.lastLogLines()); see "
                        + "\(cluster.logDirectoryPath)")
            }
            if now >= nextReport {
                log("PostgreSQL is still starting: \(cluster.lastLogLines(1))")
                nextReport = now + progressInterval
            }
            pauseBetweenLooks()
        }
    }

    /// Clears what a killed postmaster left: its pid file, its socket, its orphans.
    ///
    /// PostgreSQL takes any running process with the file's pid for a live server. We hold the
    /// start lock and no server runs here, so the file is stale. Idle orphans end by themselves;
    /// busy ones would hold the shared memory.
    private func clearRemains(_ log: (String) -> Void) throws(EmbeddedServerError) {
        var orphans = Postmaster.processes(of: cluster)
        if !orphans.isEmpty {
            log("waiting for \(orphans.count) processes of a killed PostgreSQL to end")
            orphans.forEach { kill($0, SIGQUIT) }
        }
        let patience = ContinuousClock.now + Self.orphanGrace
        while !orphans.isEmpty {
            if ContinuousClock.now > patience { orphans.forEach { kill($0, SIGKILL) } }
            pauseBetweenLooks()
            orphans = Postmaster.processes(of: cluster)
        }
        if let stale = Postmaster.read(cluster) {
            log("removing the pid file of a killed PostgreSQL (pid \(stale.pid))")
        }
        guard unlink(cluster.pidFilePath) == 0 || errno == ENOENT else {
            throw EmbeddedServerError(
                code: .dataDirectoryUnusable,
                message: "cannot remove \(cluster.pidFilePath): \(systemErrorText()); run as the "
                    + "owner of that directory")
        }
        socketDirectory.removeSocket()
    }

    private func writeConfiguration() throws(EmbeddedServerError) {
        // lz4 costs little, but not every build has it.
        let lz4 = Command(
            account.prefix + [
                binaries.postgres, "-D", cluster.path, "-c", "wal_compression=lz4",
                "-C", "wal_compression",
            ]
        ).run()
        try write(
            ServerConfiguration.file(walCompression: lz4.succeeded ? "lz4" : "on"),
            to: cluster.configurationPath)
        try write(
            ServerConfiguration.hostBasedAuthentication,
            to: "\(cluster.path)/\(ServerConfiguration.authenticationFileName)")
    }

    /// Replaces a file atomically, as the server's user.
    private func write(_ text: String, to path: String) throws(EmbeddedServerError) {
        let outcome = Command(
            account.prefix + [
                "sh", "-c", "umask 077 && cat > \"$0.new\" && mv \"$0.new\" \"$0\"", path,
            ], input: text
        ).run()
        guard outcome.succeeded else {
            throw EmbeddedServerError(
                code: .dataDirectoryUnusable,
                message: "cannot write \(path): \(outcome.output.trimmedLine); check that the disk "
                    + "has free space")
        }
    }

    /// Starts the postmaster detached and returns its process id.
    ///
    /// The shell ends at once and leaves it to process 1: as our child it would turn into a zombie
    /// when killed, whose pid still counts as running.
    private func launch() throws(EmbeddedServerError) -> pid_t {
        let script =
            "ulimit -d \(Self.processKibibytesMax); exec 3>&1; "
            + "\"$@\" </dev/null >\"$0\" 2>&1 3>&- & echo $! >&3"
        let outcome = Command(
            account.prefix + ["sh", "-c", script, cluster.startLogPath]
                + [binaries.postgres, "-D", cluster.path]
                + ServerConfiguration.commandLine(
                    of: cluster, socketDirectory: socketDirectory, loopbackPort: loopbackPort)
        ).run()
        guard outcome.succeeded, let pid = pid_t(outcome.output.trimmedLine) else {
            throw EmbeddedServerError(
                code: .startFailed,
                message: "cannot start \(binaries.postgres): \(outcome.output.trimmedLine); see "
                    + "\(cluster.startLogPath)")
        }
        return pid
    }
}
