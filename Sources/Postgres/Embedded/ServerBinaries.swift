import FoundationEssentials
import Glibc

/// Where to look for server binaries; an argument, so a test can omit some.
package struct ServerSearch: Sendable {
    /// Programs that print the binaries' directory when asked for `--bindir`.
    package var configPrograms: [String]
    /// The directory with one folder per version, as in Debian.
    package var versionedRoot: String
    /// Directories that may hold the binaries themselves.
    package var directories: [String]

    package init(configPrograms: [String], versionedRoot: String, directories: [String]) {
        self.configPrograms = configPrograms
        self.versionedRoot = versionedRoot
        self.directories = directories
    }

    /// `pg_config`, then /usr/lib/postgresql/*/bin, then PATH.
    package static var system: ServerSearch {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        let directories = path.split(separator: ":").map(String.init)
        return ServerSearch(
            configPrograms: directories.map { $0 + "/pg_config" },
            versionedRoot: "/usr/lib/postgresql", directories: directories)
    }

    /// Directories to look in, best first; some may not exist.
    var candidates: [String] {
        var found: [String] = []
        for program in configPrograms where access(program, X_OK) == 0 {
            let outcome = Command([program, "--bindir"]).run()
            if outcome.succeeded { found.append(outcome.output.trimmedLine) }
        }
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: versionedRoot)) ?? []
        found += versions.compactMap { Int($0) }.sorted(by: >)
            .map { "\(versionedRoot)/\($0)/bin" }
        return found + directories
    }
}

/// The programs of one PostgreSQL installation.
struct ServerBinaries: Sendable {
    let directory: String
    let majorVersion: Int

    /// The oldest server that the code supports.
    static let majorVersionMin = 15

    var postgres: String { directory + "/postgres" }
    var initdb: String { directory + "/initdb" }

    /// Finds a server: the version that made `cluster` if there is one, else the first.
    static func find(
        _ search: ServerSearch, for cluster: Cluster?
    ) throws(EmbeddedServerError) -> ServerBinaries {
        var seen: [ServerBinaries] = []
        for directory in search.candidates
        where !seen.contains(where: { $0.directory == directory }) {
            guard let binaries = ServerBinaries(in: directory) else { continue }
            let wanted = cluster?.majorVersion ?? binaries.majorVersion
            if binaries.majorVersion == wanted && wanted >= majorVersionMin { return binaries }
            seen.append(binaries)
        }
        guard let other = seen.first else {
            throw EmbeddedServerError(
                code: .binariesMissing,
                message: "no PostgreSQL server is installed here; install it with \"apt-get "
                    + "install postgresql-15\" (it need not be running), or name a running "
                    + "database with --database-url")
        }
        let wanted = cluster?.majorVersion ?? majorVersionMin
        throw EmbeddedServerError(
            code: .versionMismatch,
            message: "PostgreSQL \(wanted)\(cluster == nil ? " or newer" : "") is needed"
                + (cluster.map { " for the data in \($0.path)" } ?? "")
                + ", and \(other.directory) has version \(other.majorVersion); install it with "
                + "\"apt-get install postgresql-\(wanted)\"")
    }

    private init?(in directory: String) {
        guard access(directory + "/postgres", X_OK) == 0, access(directory + "/initdb", X_OK) == 0
        else { return nil }
        // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
        let printed = Command([directory + "/postgres", "--version"]).run().output
        let digits = printed.drop { !$0.isNumber }.prefix { $0.isNumber }
        guard let version = Int(digits) else { return nil }
        self.directory = directory
        majorVersion = version
    }
}
