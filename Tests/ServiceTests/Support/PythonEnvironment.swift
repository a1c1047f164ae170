import Foundation
import Testing

/// A Python with the packages that play real clients, made once below `.build`.
actor PythonEnvironment {
    static let shared = PythonEnvironment(
        "test-venv", packages: ["cloudevents>=2", "requests", "prometheus_client"],
        modules: ["cloudevents.v1.http", "requests", "prometheus_client"])
    static let genAIPrices = PythonEnvironment(
        "test-venv-genai-prices", packages: ["genai-prices==0.2.3"], modules: ["genai_prices"])

    /// Why tests that need it are skipped.
    static let reason: Comment = """
        needs python3 with venv and the packages cloudevents, requests and prometheus_client from \
        PyPI, which can't be reached
        """

    static let genAIPricesReason: Comment =
        "needs python3 with venv and the package genai-prices from PyPI, which can't be reached"

    private let directory: String
    private let packages: [String]
    private let modules: [String]
    private var making: Task<Bool, Never>?

    private init(_ name: String, packages: [String], modules: [String]) {
        directory = Workplace.package + "/.build/" + name
        self.packages = packages
        self.modules = modules
    }

    /// Whether the packages are there; installs them at the first question.
    var isReady: Bool {
        get async {
            let task = making ?? Task { await make() }
            making = task
            return await task.value
        }
    }

    /// Runs one of the programs beside these tests.
    func run(_ client: String, _ arguments: String...) async throws -> CommandRun {
        try await CommandRun.run(
            directory + "/bin/python", [Workplace.client(client)] + arguments)
    }

    private func make() async -> Bool {
        if await hasPackages() { return true }
        do {
            let venv = try await CommandRun.run(
                "/usr/bin/env", ["python3", "-m", "venv", directory])
            guard venv.exitCode == 0 else { return false }
            let pip = try await CommandRun.run(
                directory + "/bin/python",
                ["-m", "pip", "install", "--quiet", "--retries", "1"] + packages)
            guard pip.exitCode == 0 else { return false }
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
