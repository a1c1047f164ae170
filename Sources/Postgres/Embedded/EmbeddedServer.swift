import FoundationEssentials
import Glibc

/// The PostgreSQL server that tally runs for a user who names no database.
///
/// Several processes may share one: the first starts the server, the last stops it. Each holds a
/// shared lock on `users.lock`; whoever can make it exclusive is the last. The kernel drops a
/// killed process's lock, so a server that lost all its users keeps running until the next user
/// adopts it. `start.lock` serialises starts and stops.
///
/// All calls block; wrap them where that matters.
package struct EmbeddedServer: ~Copyable, Sendable {
    package enum Ending: Sendable {
        /// This was the last user: the server was stopped, or had already ended.
        case stopped
        /// Others use the server; the last of them stops it.
        case leftToOthers
        /// The server was told to stop and is still stopping.
        case stillStopping
    }

    /// The connection string for libpq: role and database `tally`, over the private socket.
    package let connectionURL: String
    /// The postmaster's process id at the time of `acquire`.
    package let postmasterPID: Int32
    /// The port of 127.0.0.1 on which logins with a password may connect; nil if there is none.
    package let loopbackPort: Int?
    /// Where the server writes its log.
    package let logDirectory: String

    private let usersLock: FileLock
    private let directory: DataDirectory
    private let cluster: Cluster
    private let socketDirectory: SocketDirectory
    private var isFinished = false

    static let stopTimeout = Duration.seconds(120)

    /// Finds the running server of the data directory, or makes and starts one.
    ///
    /// - Parameters:
    ///   - dataDirectory: made if necessary; relative to the current directory unless absolute.
    ///   - loopbackPort: where to listen on 127.0.0.1 for logins with a password; nil for nowhere,
    ///     or wherever a running server listens.
    ///   - startTimeout: covers waiting for others, and crash recovery; not `initdb`.
    ///   - search: where to look for the server's programs.
    ///   - log: receives a sentence for each thing that takes time.
    package static func acquire(
        dataDirectory: String, loopbackPort: Int? = nil, startTimeout: Duration = .seconds(60),
        search: ServerSearch = .system, log: (String) -> Void = { _ in }
    ) throws(EmbeddedServerError) -> EmbeddedServer {
        let directory = try DataDirectory(preparing: dataDirectory)
        let startLock = try FileLock(opening: directory.startLockPath)
        guard startLock.lock(.exclusive, until: .now + startTimeout) else {
            throw busy(directory)
        }
        let usersLock = try FileLock(opening: directory.usersLockPath)
        // Only the holder of the start lock, which is us, ever holds it exclusively.
        guard usersLock.tryLock(.shared) else { throw busy(directory) }
        let (cluster, server) = try findOrStart(
            in: directory, loopbackPort: loopbackPort, timeout: startTimeout, search: search,
            log: log)
        if let loopbackPort, !server.isOnLoopback || server.port != loopbackPort {
            throw EmbeddedServerError(
                code: .busy,
                message: "PostgreSQL already runs in \(directory.path) and does not listen on port "
                    + "\(loopbackPort): end the other tally processes that use it first")
        }
        startLock.unlock()
        return EmbeddedServer(
            usersLock: usersLock, directory: directory, cluster: cluster, server: server)
    }

    /// Kills the process of an audit session; every session of the server ends, and it recovers.
    package borrowing func killAuditSession(_ pid: Int32) {
        guard Postmaster.isProcess(pid, of: cluster), Postmaster.isAuditSession(pid) else { return }
        kill(pid, SIGKILL)
    }

    /// Whether the directory already holds a cluster; makes and starts nothing.
    package static func exists(in dataDirectory: String) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: dataDirectory)) ?? []
        return names.contains { Cluster.version(inName: $0) != nil }
    }

    /// Releases the server; the last user stops it and waits for its end.
    ///
    /// A value that goes out of scope without this does the same.
    @discardableResult
    package consuming func release() -> Ending {
        isFinished = true
        return finish()
    }

    deinit {
        if !isFinished { _ = finish() }
    }

    private init(
        usersLock: consuming FileLock, directory: DataDirectory, cluster: Cluster,
        server: Postmaster
    ) {
        connectionURL = server.connectionString(database: "tally")
        postmasterPID = server.pid
        loopbackPort = server.isOnLoopback ? server.port : nil
        logDirectory = cluster.logDirectoryPath
        self.usersLock = usersLock
        self.directory = directory
        self.cluster = cluster
        socketDirectory = SocketDirectory(path: server.socketDirectory)
    }

    private static func findOrStart(
        in directory: DataDirectory, loopbackPort: Int?, timeout: Duration, search: ServerSearch,
        log: (String) -> Void
    ) throws(EmbeddedServerError) -> (Cluster, Postmaster) {
        let existing = directory.existingCluster()
        if let existing,
            let server = try adopt(existing, in: directory, until: .now + timeout, log: log)
        {
            return (existing, server)
        }
        let binaries = try ServerBinaries.find(search, for: existing)
        let cluster =
            existing
            ?? Cluster(directory: directory.path, majorVersion: binaries.majorVersion)
        let account = try ServerAccount.choose(for: cluster)
        try account.checkReach(of: directory.path)
        directory.removeUnfinishedClusters()
        if existing == nil {
            log("creating a database in \(cluster.path)")
            try ClusterMaker(cluster: cluster, binaries: binaries, account: account).make()
        } else if cluster.owner?.uid != account.uid {
            try account.own(cluster.path)
        }
        let starter = ServerStarter(
            cluster: cluster, binaries: binaries, account: account,
            socketDirectory: SocketDirectory(dataDirectory: directory.path, uid: account.uid),
            loopbackPort: loopbackPort)
        return (cluster, try starter.start(until: .now + timeout, log: log))
    }

    /// The running server, once it answers; nil if there is none (any more).
    private static func adopt(
        _ cluster: Cluster, in directory: DataDirectory,
        until deadline: ContinuousClock.Instant, log: (String) -> Void
    ) throws(EmbeddedServerError) -> Postmaster? {
        while let running = Postmaster.running(in: cluster) {
            guard running.status == .stopping else {
                do throws(EmbeddedServerError) {
                    return try ServerStarter.awaitReady(
                        running.pid, of: cluster, until: deadline, log: log)
                } catch {
                    // The server was killed a moment ago and only looked alive.
                    guard error.code == .startFailed else { throw error }
                    continue
                }
            }
            log("waiting for PostgreSQL (pid \(running.pid)) to stop before starting it again")
            guard Postmaster.waitForEnd(of: running.pid, until: deadline) else {
                throw busy(directory)
            }
        }
        return nil
    }

    private borrowing func finish() -> Ending {
        // Let a current start or stop finish first: without the lock nothing is safe to stop, and
        // the next user finds a server left running.
        guard let startLock = try? FileLock(opening: directory.startLockPath),
            startLock.lock(.exclusive, until: .now + Self.stopTimeout)
        else { return .leftToOthers }
        guard usersLock.tryLock(.exclusive) else { return .leftToOthers }
        var ending = Ending.stopped
        if let server = Postmaster.running(in: cluster),
            !server.stop(of: cluster, until: .now + Self.stopTimeout)
        {
            ending = .stillStopping
        } else {
            socketDirectory.removeSocket()
            socketDirectory.remove()
        }
        startLock.unlock()
        return ending
    }

    private static func busy(_ directory: DataDirectory) -> EmbeddedServerError {
        EmbeddedServerError(
            code: .busy,
            message: "another process has been starting or stopping PostgreSQL in "
                + "\(directory.path) for too long; check which tally processes run, then try again")
    }
}
