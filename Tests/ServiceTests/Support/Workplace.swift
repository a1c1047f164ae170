import Foundation
import Glibc

/// Paths: the program under test, this package, and data that tests read.
enum Workplace {
    private static let environment = ProcessInfo.processInfo.environment

    /// The directory of Package.swift.
    static let package: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.path
    }()

    /// The program: `TALLY_BINARY`, or the one built with the tests.
    static let program: String = {
        if let named = environment["TALLY_BINARY"] { return named }
        let bundle = URL(fileURLWithPath: CommandLine.arguments.first ?? "")
        let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let candidates = [
            bundle.deletingLastPathComponent().appendingPathComponent("tally").path,
            executable.deletingLastPathComponent().appendingPathComponent("tally").path,
            package + "/.build/release/tally", package + "/.build/debug/tally",
        ]
        let found = candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
        return found ?? package + "/.build/release/tally"
    }()

    /// The path of a real input; `TALLY_TEST_DATA` names the folder if it is not beside the
    /// package.
    static func data(_ name: String) -> String {
        let directory = environment["TALLY_TEST_DATA"] ?? package + "/../shared/data"
        return directory + "/" + name
    }

    /// The path of a program in another language that acts as a client or an auditor.
    static func client(_ name: String) -> String {
        package + "/Tests/ServiceTests/Clients/" + name
    }
}

/// A test could not do its work; the text says why.
struct ServiceTestError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    init(systemCall: String) {
        description = "\(systemCall): \(String(cString: strerror(errno)))"
    }
}

/// Creates a new directory; the caller removes it.
func makeTemporaryDirectory(_ name: String) throws -> String {
    let base = FileManager.default.temporaryDirectory.path
    var template = Array("\(base)/\(name).XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw ServiceTestError(systemCall: "mkdtemp") }
    return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// Polls until a condition holds, without keeping a processor busy.
func poll(
    _ what: String, within limit: Duration = .seconds(30),
    evidence: () -> String = { "" }, _ isTrue: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !isTrue() {
        guard ContinuousClock.now < end else {
            throw ServiceTestError("still not so after \(limit): \(what) \(evidence())")
        }
        try await Task.sleep(for: .milliseconds(20))
    }
}

/// Lends a directory for the files of one test; afterwards removes it, and stops any PostgreSQL in
/// it.
func withScratchDirectory<T>(_ body: (String) async throws -> T) async throws -> T {
    let path = try makeTemporaryDirectory("tally-service")
    // As root, the embedded server runs as another user, who needs access.
    chmod(path, 0o711)
    do {
        let value = try await body(path)
        await EmbeddedCluster(dataDirectory: path).remove()
        return value
    } catch {
        await EmbeddedCluster(dataDirectory: path).remove()
        throw error
    }
}

/// The PostgreSQL in the data directory of a program under test, seen from outside.
struct EmbeddedCluster {
    let dataDirectory: String

    private var pidFile: [Substring] {
        let path = dataDirectory + "/pg15/postmaster.pid"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The postmaster; nil unless it runs.
    var postmaster: pid_t? {
        guard let first = pidFile.first, let pid = pid_t(first), pid > 1 else { return nil }
        let name = try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)
        return name == "postgres\n" ? pid : nil
    }

    /// The connection string for `psql`, as the superuser.
    var connection: String {
        "host=\(pidFile.count > 4 ? pidFile[4] : "") port=5432 user=tally dbname=tally"
    }

    func remove() async {
        let socketDirectory = pidFile.count > 4 ? String(pidFile[4]) : ""
        if let pid = postmaster {
            kill(pid, SIGQUIT)
            try? await poll("the embedded server ends") { postmaster == nil }
            if let pid = postmaster { kill(pid, SIGKILL) }
        }
        if socketDirectory.contains("/tally-") {
            try? FileManager.default.removeItem(atPath: socketDirectory)
        }
        try? FileManager.default.removeItem(atPath: dataDirectory)
    }
}
