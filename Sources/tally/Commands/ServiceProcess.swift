import Benchmarks
import Foundation
import Postgres

/// A command of this program in a separate process, for a benchmark.
struct ServiceProcess {
    let running: RunningService

    /// A service on a database.
    ///
    /// - Parameter settings: further variables of its environment.
    static func start(
        on configuration: PostgresConfiguration, with settings: [String: String] = [:]
    ) throws -> ServiceProcess {
        // Checkpoints and the spool are of one database.
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "tally-bench-\(UUID().uuidString)")
        let defaults = [
            "TALLY_DATABASE_URL": configuration.url, "TALLY_LOG_LEVEL": "error",
            "TALLY_DATA_DIR": folder.path,
        ]
        return try start(
            ["serve", "--listen", "127.0.0.1:0"], defaults.merging(settings) { $1 },
            removing: folder)
    }

    /// A command that prints its address as soon as it listens.
    ///
    /// - Parameter folder: what it leaves behind.
    static func start(
        _ arguments: [String], _ environment: [String: String], removing folder: URL? = nil
    ) throws -> ServiceProcess {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var said = ""
        while !said.contains("\n") {
            let piece = output.fileHandleForReading.availableData
            if piece.isEmpty { throw InputRefused("the benchmarked service did not start") }
            said += String(decoding: piece, as: UTF8.self)
        }
        guard let address = said.split(separator: "\n").first,
            let port = address.split(separator: ":").last.flatMap({ UInt16($0) })
        else { throw InputRefused("the benchmarked service did not print its address") }
        return ServiceProcess(
            running: RunningService(
                host: "127.0.0.1", port: port, key: nil, processID: process.processIdentifier
            ) {
                process.terminate()
                process.waitUntilExit()
                if let folder { try? FileManager.default.removeItem(at: folder) }
            })
    }
}
