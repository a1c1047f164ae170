import FoundationEssentials
import Glibc

/// Makes a cluster atomically: it is complete with its database, or does not exist.
///
/// Works in a sibling directory with a unique name, renamed at the end; the next process removes
/// what a killed one leaves.
struct ClusterMaker {
    let cluster: Cluster
    let binaries: ServerBinaries
    let account: ServerAccount

    static let timeout = Duration.seconds(180)

    func make() throws(EmbeddedServerError) {
        let random = UInt64.random(in: 0...UInt64.max)
        let unfinished = "\(cluster.path).new-\(getpid())-\(String(random, radix: 16))"
        do throws(EmbeddedServerError) {
            try fill(unfinished)
            guard rename(unfinished, cluster.path) == 0 else {
                throw failed("rename to \(cluster.path)", systemErrorText())
            }
            synchronise(cluster.directory)
        } catch {
            try? FileManager.default.removeItem(atPath: unfinished)
            throw error
        }
    }

    private func fill(_ path: String) throws(EmbeddedServerError) {
        guard mkdir(path, 0o700) == 0 else { throw failed("mkdir \(path)", systemErrorText()) }
        try account.own(path)
        try run(
            "initdb",
            [
                binaries.initdb, "--pgdata", path, "--username", "tally", "--auth", "trust",
                "--encoding", "UTF8", "--locale", "C", "--data-checksums", "--no-instructions",
            ])
        // Written as the server's user: the directory is theirs, and a link must not mislead root.
        try run(
            "writing the configuration",
            [
                "sh", "-c", "printf %s \"$1\" >> postgresql.conf && cat > pg_hba.conf",
                "sh", ServerConfiguration.includeLine,
            ], in: path, input: ServerConfiguration.hostBasedAuthentication)
        try run(
            "creating the database",
            [
                binaries.postgres, "--single", "-D", path, "-c", "exit_on_error=on",
                "-c", "log_min_messages=warning", "postgres",
            ], input: "CREATE DATABASE tally\n")
    }

    private func run(
        _ step: String, _ arguments: [String], in directory: String = "/", input: String = ""
    ) throws(EmbeddedServerError) {
        let command = Command(account.prefix + arguments, input: input, in: directory)
        let outcome = command.run(timeout: Self.timeout)
        guard outcome.succeeded else { throw failed(step, outcome.output.trimmedLine) }
    }

    private func failed(_ step: String, _ reason: String) -> EmbeddedServerError {
        EmbeddedServerError(
            code: .initialisationFailed,
            message: "cannot create a database in \(cluster.directory): \(step) failed: \(reason); "
                + "check that the disk has free space and that the directory is writable")
    }

    /// Makes the rename itself survive a power failure.
    private func synchronise(_ directory: String) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
