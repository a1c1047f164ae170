import Foundation
import Testing

/// A Python with packages that act as real clients, created once below `.build`.
actor PythonEnvironment {
    static let shared = PythonEnvironment(
        "test-venv", [["cloudevents>=2", "requests", "prometheus_client"]],
        modules: ["cloudevents.v1.http", "requests", "prometheus_client"])
    static let genAIPrices = PythonEnvironment(
        "test-venv-genai-prices", [["genai-prices==0.2.3"]], modules: ["genai_prices"])

    /// Why tests that need it are skipped.
    static let reason: Comment = """
        needs python3 with venv and the packages cloudevents, requests and prometheus_client from \
        PyPI, which can't be reached
        """

    static let genAIPricesReason: Comment =
        "needs python3 with venv and the package genai-prices from PyPI, which can't be reached"

    private let directory: String
    /// The packages that pip installs, in one run for each list; `{}` is the directory of the
    /// environment.
    private let installations: [[String]]
    private let modules: [String]
    private var making: Task<Bool, Never>?

    init(_ name: String, _ installations: [[String]], modules: [String]) {
        directory = Workplace.package + "/.build/" + name
        self.installations = installations.map { [directory] words in
            words.map { $0.replacingOccurrences(of: "{}", with: directory) }
        }
        self.modules = modules
    }

    /// Whether the packages are there; installs them at the first call.
    var isReady: Bool {
        get async {
            let task = making ?? Task { await make() }
            making = task
            return await task.value
        }
    }

    /// Runs one of the programs beside these tests.
    ///
    /// - Parameter environment: variables; `{}` is the directory of the environment.
    func run(
        _ client: String, _ arguments: String..., environment: [String: String] = [:]
    ) async throws -> CommandRun {
        try await run(client, arguments: arguments, environment: environment)
    }

    func run(
        _ client: String, arguments: [String], environment: [String: String] = [:]
    ) async throws -> CommandRun {
        try await CommandRun.run(
            directory + "/bin/python", [Workplace.client(client)] + arguments,
            environment: environment.mapValues {
                $0.replacingOccurrences(of: "{}", with: directory)
            })
    }

    private func make() async -> Bool {
        if await hasPackages() { return true }
        do {
            let venv = try await CommandRun.run(
                "/usr/bin/env", ["python3", "-m", "venv", directory])
            guard venv.exitCode == 0 else { return false }
            for words in installations {
                let pip = try await CommandRun.run(
                    directory + "/bin/python",
                    ["-m", "pip", "install", "--quiet", "--retries", "1"] + words)
                guard pip.exitCode == 0 else { return false }
            }
        } catch {
            return false
        }
        return await hasPackages()
    }

    private func hasPackages() async -> Bool {
        let python = directory + "/bin/python"
        guard FileManager.default.isExecutableFile(atPath: python) else { return false }
        let imports = modules.joined(separator: ", ")
        let run = try? await CommandRun.run(python, ["-c", "import \(imports)"])
        return run?.exitCode == 0
    }
}
