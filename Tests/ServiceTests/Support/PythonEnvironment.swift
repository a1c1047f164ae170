import Foundation
import Testing

/// A Python with the packages that play real clients, made once below `.build`.
actor PythonEnvironment {
    static let shared = PythonEnvironment(
        "test-venv", installing: [["cloudevents>=2", "requests", "prometheus_client"]],
        modules: ["cloudevents.v1.http", "requests", "prometheus_client"])

    /// LiteLLM and what it imports.
    ///
    /// Its own list asks for a certifi of a few days ago, which a mirror may not have yet.
    static let liteLLM = PythonEnvironment(
        "test-venv-litellm",
        installing: [
            ["--no-deps", "litellm==1.109.1"],
            [
                "fastuuid<1", "httpx[http2]<1", "openai>=2.20,<4", "python-dotenv", "pyyaml>=6",
                "importlib-metadata<9", "tiktoken<1", "tokenizers<1", "click", "jinja2<4",
                "aiohttp<4", "pydantic<3", "pydantic-settings<3", "jsonschema<5", "requests",
            ],
        ],
        modules: ["litellm", "requests"])

    static let openTelemetry = PythonEnvironment(
        "test-venv-opentelemetry",
        installing: [["opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http"]],
        modules: ["opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http"])

    /// Why tests that need it are skipped.
    static let reason: Comment = """
        needs python3 with venv and the packages cloudevents, requests and prometheus_client from \
        PyPI, which can't be reached
        """

    /// Why the tests of the LiteLLM recipe are skipped.
    static let liteLLMReason: Comment = """
        needs python3 with venv and the package litellm==1.109.1 from PyPI, which can't be reached
        """

    private let directory: String
    /// What pip is told, one time after another.
    private let packages: [[String]]
    private let modules: [String]
    private var making: Task<Bool, Never>?

    private init(_ name: String, installing packages: [[String]], modules: [String]) {
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

    /// Runs a program that a test wrote.
    func run(path: String, environment: [String: String]) async throws -> CommandRun {
        try await CommandRun.run(
            directory + "/bin/python", [path], environment: environment)
    }

    private func make() async -> Bool {
        if await hasPackages() { return true }
        do {
            let venv = try await CommandRun.run(
                "/usr/bin/env", ["python3", "-m", "venv", directory])
            guard venv.exitCode == 0 else { return false }
            for packages in packages {
                let pip = try await CommandRun.run(
                    directory + "/bin/python",
                    ["-m", "pip", "install", "--quiet", "--retries", "1"] + packages)
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
        let run = try? await CommandRun.run(
            python, ["-c", "import \(imports)"],
            environment: ["LITELLM_LOCAL_MODEL_COST_MAP": "True"])
        return run?.exitCode == 0
    }
}
