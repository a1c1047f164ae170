import AsyncHTTPClient
import Benchmarks
import Foundation
import LedgerModel
import NIOCore
import NIOHTTP1
import Postgres
import Providers

/// What `tally bench gateway` measures, started from here: services and a provider as processes of
/// this program, LiteLLM's proxy if it is installed.
struct GatewayBenchSetup: Sendable {
    /// A folder for the files of services, which is removed afterwards.
    private let folder: URL

    static func run(_ benchmarks: Benchmarks) async throws -> BenchmarkReport {
        let setup = GatewayBenchSetup(
            folder: FileManager.default.temporaryDirectory.appending(
                path: "tally-bench-\(UUID().uuidString)"))
        try FileManager.default.createDirectory(
            at: setup.folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: setup.folder) }
        return try await benchmarks.gateway(setup.parts)
    }

    private var parts: GatewayBenchParts {
        var peer: (@Sendable (UInt16) async throws -> RunningService)?
        if let program = Self.litellm {
            peer = { port in try await proxy(program, port) }
        } else {
            printError(
                "gateway: litellm is not installed, so it is left out: pip install 'litellm[proxy]'"
            )
        }
        return GatewayBenchParts(
            upstream: {
                try ServiceProcess.start(["upstream", "--listen", "127.0.0.1:0"], [:]).running
            },
            service: { configuration, port in try service(configuration, port) },
            peer: peer, clients: { port in try clients(port) })
    }

    // MARK: The service

    private func service(
        _ configuration: PostgresConfiguration, _ port: UInt16
    ) throws -> RunningService {
        let own = folder.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        let (providers, gateway) = (
            own.appending(path: "providers.yaml"), own.appending(path: "gateway.yaml")
        )
        try Self.providers(port).write(to: providers, atomically: true, encoding: .utf8)
        try Self.routes.write(to: gateway, atomically: true, encoding: .utf8)
        return try ServiceProcess.start(
            on: configuration,
            with: [
                "TALLY_PROVIDERS_FILE": providers.path, "TALLY_GATEWAY_FILE": gateway.path,
                "TALLY_GATEWAY_SPOOL": own.appending(path: "spool").path,
                "TALLY_BENCH_KEY": "sk-bench",
            ]
        ).running
    }

    private static func providers(_ port: UInt16) -> String {
        """
        tally_providers: 1
        providers:
          openai:
            base_url: http://127.0.0.1:\(port)/v1
            keys: {main: {env: TALLY_BENCH_KEY}}

        """
    }

    /// The ways of a call, told apart by the application.
    private static let routes = """
        tally_gateway: 1
        routes:
          plain: {for: {app: plain}, budgets: false, durability: lease}
          lease: {for: {app: lease}, durability: lease}
          durable: {for: {app: durable}, durability: durable}

        """

    // MARK: LiteLLM

    /// Its program: `TALLY_BENCH_LITELLM`, or the one on the path.
    private static var litellm: String? {
        let environment = ProcessInfo.processInfo.environment
        if let given = environment["TALLY_BENCH_LITELLM"] { return given }
        return (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/litellm" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// How long it may take to start.
    private static let startMax = Duration.seconds(180)

    private func proxy(_ program: String, _ upstream: UInt16) async throws -> RunningService {
        let file = folder.appending(path: "litellm.yaml")
        try """
        model_list:
          - model_name: gpt-4o-mini
            litellm_params:
              model: openai/gpt-4o-mini
              api_base: http://127.0.0.1:\(upstream)/v1
              api_key: sk-bench
        litellm_settings: {telemetry: false, num_retries: 0}

        """.write(to: file, atomically: true, encoding: .utf8)
        let port = try FreePort.find()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["--config", file.path, "--host", "127.0.0.1", "--port", "\(port)"]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["LITELLM_LOG": "ERROR", "LITELLM_LOCAL_MODEL_COST_MAP": "True"]
        ) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let end = ContinuousClock.now + Self.startMax
        while try await !Self.answers(port) {
            guard process.isRunning, ContinuousClock.now < end else {
                process.terminate()
                throw InputRefused("the proxy of LiteLLM did not start: \(program)")
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        return RunningService(
            host: "127.0.0.1", port: port, key: nil, processID: process.processIdentifier
        ) {
            process.terminate()
            process.waitUntilExit()
        }
    }

    private static func answers(_ port: UInt16) async throws -> Bool {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/health/liveliness")
        let response = try? await HTTPClient.shared.execute(request, timeout: .seconds(2))
        return response?.status == .ok
    }

    // MARK: Clients

    /// The client of the gateway, and the general one that it is instead of.
    private func clients(_ port: UInt16) throws -> [GatewayBenchClient] {
        let (set, _) = ProviderSet.load(
            try ProviderFile.read(Self.providers(port)),
            environment: ["TALLY_BENCH_KEY": "sk-bench"])
        let clients = ProviderClients(set)
        guard let own = clients["openai"] else { return [] }
        let url = "http://127.0.0.1:\(port)/v1/chat/completions"
        return [
            GatewayBenchClient("own_client") { body in
                _ = try await own.call(ProviderCall(post: "/v1/chat/completions", json: body))
            },
            GatewayBenchClient("async_http_client") { body in
                var request = HTTPClientRequest(url: url)
                request.method = .POST
                request.headers.add(name: "content-type", value: "application/json")
                request.headers.add(name: "authorization", value: "Bearer sk-bench")
                request.body = .bytes(ByteBuffer(bytes: body))
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
                _ = try await response.body.collect(upTo: 1 << 20)
            },
        ]
    }
}

/// A port of this machine that nobody uses at the moment.
private enum FreePort {
    static func find() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0
                    && getsockname(descriptor, pointer, &size) == 0
            }
        }
        guard status else { throw InputRefused("there is no free port") }
        return UInt16(bigEndian: address.sin_port)
    }
}
