import Foundation
import Glibc

/// A running `tally serve`.
final class TallyProcess: Sendable {
    /// `http://127.0.0.1:PORT`.
    let url: String
    let port: Int
    private let child: Child

    private init(child: Child, url: String, port: Int) {
        self.child = child
        self.url = url
        self.port = port
    }

    /// Starts the service, by default on a free port, and waits until it is ready.
    static func start(
        on place: Place, listen: String = "127.0.0.1:0", environment: [String: String] = [:],
        options: [String] = []
    ) async throws -> TallyProcess {
        let child = try launch(on: place, listen, environment, options)
        do {
            let port = try await port(of: child)
            let process = TallyProcess(
                child: child, url: "http://127.0.0.1:\(port)", port: port)
            try await poll("the service is ready", evidence: { child.errors }) {
                try await process.client().get("/readyz").status == 200
            }
            return process
        } catch {
            await child.end()
            child.discard()
            throw error
        }
    }

    /// Starts a service that is expected to exit, and waits for that.
    static func startInVain(
        on place: Place, listen: String = "127.0.0.1:0"
    ) async throws -> CommandRun {
        // This child must not stop the PostgreSQL of the place: another service uses it.
        let child = try launch(on: place, listen, [:], [], isOwner: false)
        defer { child.discard() }
        let code = try await child.exit(within: .seconds(30))
        return CommandRun(exitCode: code, output: child.output, errors: child.errors)
    }

    private static func launch(
        on place: Place, _ listen: String, _ environment: [String: String], _ options: [String],
        isOwner: Bool = true
    ) throws -> Child {
        try Child(
            Workplace.program, ["serve", "--listen", listen] + options + place.arguments,
            environment: environment, dataDirectory: isOwner ? place.dataDirectory : nil)
    }

    /// The port is in the first line that the service prints.
    private static func port(of child: Child) async throws -> Int {
        var port: Int?
        try await poll("the service says where it listens", within: .seconds(60)) {
            let line = child.output.split(separator: "\n").first { $0.contains("listens on") }
            port = line.flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
            guard port != nil || child.isRunning else {
                throw ServiceTestError("the service ended at once: \(child.errors)")
            }
            return port != nil
        }
        return port ?? 0
    }

    func client(key: String? = nil) -> TallyClient { TallyClient(url: url, key: key) }

    var isRunning: Bool { child.isRunning }
    var log: String { child.errors + child.output }

    func pid() async throws -> pid_t { try await child.pid() }
    func signal(_ number: Int32) async throws { try await child.signal(number) }

    /// Waits for the end; returns the exit code, or 128 + the signal.
    func exit(within limit: Duration = .seconds(40)) async throws -> Int32 {
        try await child.exit(within: limit)
    }

    /// Sends SIGTERM and returns the exit code.
    func stop() async throws -> Int32 {
        try await signal(SIGTERM)
        return try await exit()
    }

    /// Ends it, whatever its state.
    func discard() async {
        if isRunning { await child.end() }
        child.discard()
    }
}

/// Runs a service while the body runs.
func withService<T>(
    on place: Place, listen: String = "127.0.0.1:0", environment: [String: String] = [:],
    options: [String] = [], _ body: (TallyProcess) async throws -> T
) async throws -> T {
    let service = try await TallyProcess.start(
        on: place, listen: listen, environment: environment, options: options)
    do {
        let value = try await body(service)
        await service.discard()
        return value
    } catch {
        print("the service's last words:\n\(service.log.suffix(3_000))")
        await service.discard()
        throw error
    }
}

/// Runs a service on its own database and lends a client for it.
func withClient<T>(_ body: (TallyClient) async throws -> T) async throws -> T {
    try await withPlace { place in
        try await withService(on: place) { try await body($0.client()) }
    }
}
