import Testing

/// A Python that runs the programs of docs/recipes with the packages named on their pages.
struct RecipePython: Sendable {
    /// For the page on CloudEvents.
    static let requests = RecipePython("test-venv", .shared)

    /// LiteLLM and what it imports.
    ///
    /// Its own list requires a very recent certifi, which a mirror may not have yet.
    static let liteLLM = RecipePython(
        "test-venv-litellm",
        [
            ["--no-deps", "litellm==1.109.1"],
            [
                "fastuuid<1", "httpx[http2]<1", "openai>=2.20,<4", "python-dotenv", "pyyaml>=6",
                "importlib-metadata<9", "tiktoken<1", "tokenizers<1", "click", "jinja2<4",
                "aiohttp<4", "pydantic<3", "pydantic-settings<3", "jsonschema<5", "requests",
            ],
        ],
        modules: ["openai", "requests"])

    /// OpenTelemetry's SDK and exporter.
    static let openTelemetry = RecipePython(
        "test-venv-opentelemetry",
        [["opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http"]],
        modules: ["opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http"])

    /// Two of the clients of docs/bi.md.
    static let psycopg = RecipePython(
        "test-venv-psycopg", [["psycopg[binary]", "sqlalchemy"]],
        modules: ["psycopg", "sqlalchemy"])

    private let name: String
    private let environment: PythonEnvironment

    private init(_ name: String, _ environment: PythonEnvironment) {
        self.name = name
        self.environment = environment
    }

    private init(_ name: String, _ installations: [[String]], modules: [String]) {
        self.init(name, PythonEnvironment(name, installations, modules: modules))
    }

    /// Whether the packages are there; installs them at the first call.
    var isReady: Bool {
        get async { await environment.isReady }
    }

    /// Runs a program that a test wrote.
    func run(path: String, environment: [String: String]) async throws -> CommandRun {
        try await CommandRun.run(
            Workplace.package + "/.build/\(name)/bin/python", [path], environment: environment)
    }
}
