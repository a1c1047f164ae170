// swift-tools-version:6.3
import PackageDescription

// The ring a target belongs to decides what it may import; see docs/architecture.md.
// A target's entry here is the whole list: the build refuses an import that is not named.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let numerics = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let asyncHTTPClient = Target.Dependency.product(
    name: "AsyncHTTPClient", package: "async-http-client")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")

// In the order in which they are applied.
let migrations = """
    0001_ledger 0002_projections 0003_audit 0004_access 0005_rerating 0006_runs 0007_price_proposals
    0008_reconciliation 0009_experiments 0010_answers 0011_unknown_cost 0012_subscriptions
    0013_read_models 0014_decisions 0015_statistics 0016_errors 0017_spend_levels 0018_day_spans
    0019_calls 0020_intake_reasons 0021_audit_logins 0022_unpriced_users 0023_unpriced_failures
    0024_tenants 0025_audit_limits 0026_quarantine 0027_budgets 0028_alerts 0029_release
    0030_controls 0031_cached_prefixes 0032_ledger_zones 0033_agents 0034_request_hash 0035_batches
    0036_cache 0037_cache_and_batches 0038_prompt_cache 0039_similar_pairs 0040_cache_readers
    0041_idempotency 0042_instances 0043_performance 0044_merged_histograms
    """.split { $0 == " " || $0 == "\n" }.map { Resource.embedInCode("\($0).sql") }

/// Targets in `Sources` that are nothing but their files, each with what it may import.
let plain: KeyValuePairs<String, [Target.Dependency]> = [
    // Foundation: C libraries and PostgreSQL. No word of AI.
    "SIMDJSON": ["CSIMDJSON", "JSON"],
    "OTLPMessages": [protobuf],
    "Postgres": ["CLibPQ"],
    "Spooling": ["CZlib"],
    // Domain: pure.
    "LedgerModel": ["JSON", crypto],
    "UsageExtraction": ["BuiltIn", "JSON", "LedgerModel"],
    "Pricing": ["BuiltIn", "JSON", "LedgerModel", "UsageExtraction", yams],
    "Tokenizing": ["CTextMasks", "JSON"],
    "Calendars": ["LedgerModel"],
    "Resilience": ["LedgerModel"],
    "Batching": ["JSON", "LedgerModel", "Pricing", "Resilience", "Routing"],
    "Routing": ["JSON", "LedgerModel", "Pricing", "Resilience"],
    "Budgets": ["Calendars", "JSON", "LedgerModel"],
    "Caching": ["JSON", "LedgerModel", crypto],
    "Estimating": ["LedgerModel"],
    "Performance": ["Estimating", "JSON", "LedgerModel", "Pricing", numerics],
    "Similarity": ["JSON", "LedgerModel"],
    "Prompts": ["BuiltIn", "Estimating", "JSON", "LedgerModel", "Similarity", "Tokenizing"],
    "Experiments": ["JSON", "LedgerModel", numerics],
    // Application.
    "LedgerSQL": ["LedgerModel", "Postgres"],
    "EventStore": ["JSON", "LedgerModel", "LedgerSQL", "Postgres", crypto],
    "Access": ["Calendars", "LedgerModel", "LedgerSQL", "Postgres"],
    "EventReading": [
        "CZlib", "CZstd", "JSON", "LedgerModel", "OTLPMessages", "Pricing", "SIMDJSON",
        "UsageExtraction", protobuf,
    ],
    "PriceBooks": [
        "EventStore", "JSON", "LedgerModel", "LedgerSQL", "Postgres", "Pricing", "UsageExtraction",
        asyncHTTPClient, nioCore, nioHTTP1,
    ],
    "Budgeting": [
        "Budgets", "Calendars", "Estimating", "EventStore", "LedgerModel", "LedgerSQL", "Postgres",
        "PriceBooks", "Pricing", "Prompts", "ReadModels", "Replay", "Subscriptions",
    ],
    "Booking": [
        "Budgeting", "EventReading", "EventStore", "LedgerModel", "LedgerSQL", "OTLPMessages",
        "Postgres", "PriceBooks", "Pricing", protobuf,
    ],
    "Subscriptions": ["EventStore", "LedgerModel", "LedgerSQL", "Postgres"],
    "ReadModels": [
        "Calendars", "Estimating", "LedgerModel", "LedgerSQL", "Performance", "Postgres",
        "Subscriptions",
    ],
    "Estimates": [
        "Estimating", "JSON", "LedgerModel", "LedgerSQL", "Similarity", "Postgres", "Pricing",
        "Prompts", "ReadModels", "Tokenizing", "Vocabularies",
    ],
    "Recommendations": [
        "Estimating", "JSON", "LedgerModel", "LedgerSQL", "Performance", "Postgres", "Pricing",
        "ReadModels",
    ],
    "Experimenting": [
        "EventStore", "Experiments", "LedgerModel", "LedgerSQL", "Postgres", "ReadModels",
        "Subscriptions",
    ],
    "Alerting": [
        "CCurl", "Calendars", "EventStore", "JSON", "LedgerModel", "LedgerSQL", "Performance",
        "Postgres", "Pricing", "ReadModels", "Subscriptions", asyncHTTPClient, crypto, logging,
        nioCore,
        nioHTTP1, nioPosix,
    ],
    "Audit": ["LedgerModel", "LedgerSQL", "Postgres"],
    "Runs": ["Access", "LedgerModel", "LedgerSQL", "Postgres"],
    "Replay": [
        "Batching", "Caching", "Calendars", "EventStore", "LedgerModel", "LedgerSQL", "Postgres",
        "PriceBooks", "Pricing", "Resilience", "Routing", "Runs",
    ],
    "Rerating": [
        "EventStore", "JSON", "LedgerModel", "LedgerSQL", "Postgres", "Pricing", "Subscriptions",
    ],
    "Reconciliation": [
        "EventReading", "EventStore", "JSON", "LedgerModel", "LedgerSQL", "Postgres", "Pricing",
        asyncHTTPClient, nioCore, nioHTTP1,
    ],
    "CacheTiers": [
        "CHiredis", "CZstd", "Caching", "JSON", "LedgerModel", "LedgerSQL", "Postgres",
        "Resilience", crypto,
        grdb,
    ],
    "CacheServing": [
        "Booking", "CacheTiers", "Caching", "EventReading", "EventStore", "JSON", "LedgerModel",
        "LedgerSQL", "Similarity", "Postgres", "PriceBooks", "Pricing", "Routing",
        "UsageExtraction",
    ],
    "BatchRunner": [
        "Batching", "Booking", "Budgeting", "EventReading", "EventStore", "JSON", "LedgerModel",
        "LedgerSQL", "Postgres", "PriceBooks", "Pricing", "Providers", "Resilience",
        "UsageExtraction", nioCore,
    ],
    "LoadManagement": [
        "LedgerModel", "LedgerSQL", "Postgres", "Providers", "Resilience", "Routing",
    ],
    "Gateway": [
        "BatchRunner", "Batching", "Booking", "Budgeting", "Budgets", "CacheServing", "CacheTiers",
        "Caching", "Estimates", "EventStore", "JSON", "LedgerModel", "LedgerSQL", "LoadManagement",
        "OTLPMessages", "Postgres", "PriceBooks", "Pricing", "Prompts", "Providers", "Resilience",
        "Routing", "Spooling", "Tokenizing", "UsageExtraction", asyncHTTPClient, httpTypes, nioCore,
        nioHTTP1, protobuf,
    ],
    "Providers": ["JSON", "LedgerModel", "Pricing", nioCore, nioHTTP1, nioPosix, nioSSL],
    "TestUpstream": ["JSON", "LedgerModel", "Providers", httpTypes, hummingbird, logging, nioCore],
    // Faces.
    "TallyClient": [
        "CZlib", "JSON", "LedgerModel", "Spooling", "UsageExtraction", asyncHTTPClient, lifecycle,
        logging, nioCore, nioHTTP1,
    ],
]

/// The same in `Tests`.
let tests: KeyValuePairs<String, [Target.Dependency]> = [
    "LedgerTestingTests": [
        "EventStore", "LedgerModel", "LedgerTesting", "Postgres", "PostgresTesting", "StoreTesting",
    ],
    "JSONTests": ["JSON", "LedgerTesting", "SIMDJSON"],
    "PostgresTests": ["LedgerTesting", "Postgres", "PostgresTesting"],
    "LedgerModelTests": ["JSON", "LedgerModel", "LedgerTesting"],
    "UsageExtractionTests": ["JSON", "LedgerModel", "LedgerTesting", "UsageExtraction"],
    "PricingTests": ["JSON", "LedgerModel", "LedgerTesting", "Pricing", "UsageExtraction"],
    "TokenizingTests": ["LedgerTesting", "Tokenizing", "Vocabularies"],
    "PerformanceTests": ["Estimating", "LedgerModel", "LedgerTesting", "Performance", "Pricing"],
    "EstimatingTests": ["Estimating", "LedgerModel", "LedgerTesting"],
    "ExperimentingTests": [
        "EventStore", "Experimenting", "Experiments", "LedgerModel", "LedgerSQL", "LedgerTesting",
        "Postgres", "ReadModels", "StoreTesting", "Subscriptions",
    ],
    "AlertingTests": [
        "Alerting", "EventStore", "LedgerModel", "LedgerTesting", "Performance", "Postgres",
        "Pricing", "ReadModels", "StoreTesting", "Subscriptions", logging, nioCore, nioHTTP1,
        nioPosix,
    ],
    "RecommendationsTests": [
        "EventStore", "LedgerModel", "LedgerSQL", "LedgerTesting", "Postgres", "Pricing",
        "ReadModels", "Recommendations", "StoreTesting",
    ],
    "BatchingTests": [
        "Batching", "JSON", "LedgerModel", "LedgerTesting", "Pricing", "Resilience", "Routing",
    ],
    "RoutingTests": ["JSON", "LedgerModel", "LedgerTesting", "Pricing", "Resilience", "Routing"],
    "LoadManagementTests": [
        "LedgerModel", "LedgerTesting", "LoadManagement", "Providers", "Resilience", "Routing",
    ],
    "ProvidersTests": [
        "LedgerModel", "PostgresTesting", "Pricing", "Providers", nioCore, nioPosix,
    ],
    "GatewayTests": [
        "Access", "BatchRunner", "Batching", "Booking", "Budgeting", "Budgets", "CacheServing",
        "CacheTiers", "Caching", "Estimates", "EventStore", "Gateway", "JSON", "LedgerModel",
        "LedgerSQL", "LedgerTesting", "LoadManagement", "OTLPMessages", "Postgres", "PriceBooks",
        "Pricing", "Prompts", "Providers", "Resilience", "Routing", "Spooling", "StoreTesting",
        "TestUpstream", "UsageExtraction", httpTypes, logging, nioCore, protobuf,
    ],
    "BudgetsTests": ["Budgets", "Calendars", "LedgerModel", "LedgerTesting"],
    "CalendarsTests": ["Calendars", "LedgerModel", "LedgerTesting"],
    "CachingTests": ["Caching", "JSON", "LedgerModel", "LedgerTesting"],
    "SimilarityTests": ["LedgerModel", "LedgerTesting", "Similarity"],
    "CacheTiersTests": [
        "CacheDriver", "CacheTiers", "Caching", "LedgerModel", "LedgerTesting", "Postgres",
        "PostgresTesting", "Resilience", "StoreTesting", grdb,
    ],
    "CacheServingTests": [
        "Access", "Booking", "CacheServing", "CacheTiers", "Caching", "EventStore", "JSON",
        "LedgerModel", "LedgerTesting", "Similarity", "Postgres", "PriceBooks", "Pricing",
        "Routing", "StoreTesting",
    ],
    "BatchRunnerTests": [
        "BatchRunner", "Batching", "Booking", "Budgeting", "Budgets", "EventStore", "JSON",
        "LedgerModel", "LedgerSQL", "LedgerTesting", "Postgres", "PriceBooks", "Pricing",
        "Providers", "Resilience", "StoreTesting", "TestUpstream", logging,
    ],
    "BudgetingTests": [
        "Access", "Budgeting", "Budgets", "Calendars", "EventStore", "LedgerModel", "LedgerTesting",
        "Postgres", "PostgresTesting", "PriceBooks", "Pricing", "ReadModels", "StoreTesting",
    ],
    "ExperimentsTests": ["Experiments", "LedgerModel", "LedgerTesting", numerics],
    "EventStoreTests": [
        "EventStore", "LedgerModel", "LedgerSQL", "LedgerTesting", "Postgres", "PostgresTesting",
        "StoreTesting", crypto,
    ],
    "StatementTests": [
        "Access", "Alerting", "Audit", "BatchRunner", "Booking", "Budgeting", "CacheServing",
        "CacheTiers", "EventStore", "Experimenting", "Export", "Gateway",
        "LedgerModel", "LoadManagement",
        "Migrations", "Postgres", "PostgresTesting", "PriceBooks", "ReadModels", "Recommendations",
        "Reconciliation", "Replay", "Rerating", "Runs", "Subscriptions",
    ],
    "ReadModelsTests": [
        "Calendars", "Estimating", "EventStore", "LedgerModel", "LedgerSQL", "LedgerTesting",
        "Performance", "Postgres", "ReadModels", "StoreTesting", "Subscriptions",
    ],
    "SubscriptionsTests": [
        "EventStore", "LedgerModel", "LedgerTesting", "Postgres", "StoreTesting", "Subscriptions",
    ],
    "AuditTests": [
        "Access", "Audit", "EventStore", "LedgerModel", "LedgerSQL", "LedgerTesting", "Migrations",
        "Postgres", "PostgresTesting", "ReadModels", "StoreTesting",
    ],
    "RunsTests": [
        "Access", "LedgerModel", "LedgerSQL", "Postgres", "PostgresTesting", "Runs", "StoreTesting",
    ],
    "RenderingTests": [
        "Booking", "JSON", "LedgerModel", "Postgres", "Reconciliation", "Rendering", "Rerating",
        "Runs", "Subscriptions",
    ],
    "ReplayTests": [
        "Access", "Audit", "Batching", "Caching", "EventStore", "LedgerModel", "LedgerSQL",
        "LedgerTesting", "Postgres", "Pricing", "Rendering", "Replay", "Runs", "StoreTesting",
    ],
    "ReratingTests": [
        "EventStore", "LedgerModel", "LedgerSQL", "LedgerTesting", "Postgres", "PriceBooks",
        "Pricing", "ReadModels", "Replay", "Rerating", "StoreTesting", "Subscriptions",
    ],
    "ExportTests": [
        "EventReading", "EventStore", "Export", "JSON", "LedgerModel", "LedgerSQL", "LedgerTesting",
        "Postgres", "PriceBooks", "Pricing", "StoreTesting",
    ],
    "BenchmarksTests": ["Benchmarks", "LedgerModel"],
    "TallyClientTests": [
        "LedgerModel", "LedgerTesting", "Spooling", "TallyClient", lifecycle, logging,
    ],
]

let package = Package(
    name: "tallystick",
    products: [
        .executable(name: "tally", targets: ["tally"]),
        .library(name: "TallyClient", targets: ["TallyClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd"),
        .target(
            name: "CSIMDJSON",
            linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
        .systemLibrary(name: "CHiredis", pkgConfig: "hiredis"),
        .target(name: "CEdit", linkerSettings: [.linkedLibrary("edit")]),
        .target(name: "CMalloc"),
        .target(name: "JSON"),
        .target(
            name: "BuiltIn",
            exclude: [
                "context-windows.txt", "extractors.txt", "price-disagreements.txt", "prices.yaml",
            ]),
        .systemLibrary(name: "CTextMasks"),
        // The schema.
        .target(
            name: "Migrations", dependencies: ["LedgerModel", "Postgres"], path: "migrations",
            resources: migrations + [.embedInCode("views")]),
        .target(
            name: "Vocabularies", dependencies: ["Tokenizing"], resources: [.copy("Packed")]),
        .target(
            name: "Export",
            dependencies: [
                "CZlib", "CZstd", "EventStore", "JSON", "LedgerModel", "LedgerSQL", "Postgres",
                "PriceBooks", "Pricing",
            ],
            resources: [.embedInCode("Focus/columns.csv")]),
        .target(
            name: "Rendering",
            dependencies: [
                "Access", "Alerting", "Audit", "BatchRunner", "Batching", "Booking", "Budgeting",
                "Budgets", "CacheServing", "CacheTiers", "Caching", "Calendars", "Estimates",
                "Estimating", "EventReading", "EventStore", "Experimenting", "Experiments", "JSON",
                "LedgerModel", "Performance", "LoadManagement", "PriceBooks", "Pricing", "Prompts",
                "ReadModels",
                "Recommendations", "Routing",
                "Reconciliation", "Replay", "Rerating", "Runs", "Subscriptions",
                "Tokenizing",
                mustache,
            ],
            resources: [.embedInCode("Page/page.mustache"), .embedInCode("Page/page.css")]),
        .target(
            name: "Server",
            dependencies: [
                "Access", "Alerting", "Audit", "BatchRunner", "Booking", "Budgeting", "Budgets",
                "CacheServing", "CacheTiers", "Caching", "Calendars", "Estimates", "EventReading",
                "EventStore", "Experimenting", "Experiments", "Export", "Gateway", "JSON",
                "LedgerModel",
                "LedgerSQL", "LoadManagement", "Performance", "Postgres", "PriceBooks", "Pricing",
                "Prompts", "Providers",
                "ReadModels", "Recommendations", "Rendering", "Replay", "Rerating", "Runs",
                "Routing", "Subscriptions", "Tokenizing", hummingbird, logging, nioCore, nioHTTP1,
                nioPosix,
                .product(name: "CoreMetrics", package: "swift-metrics"),
                httpTypes,
                .product(name: "HummingbirdCore", package: "hummingbird"),
            ]),
        .target(
            name: "Benchmarks",
            dependencies: [
                "Access", "Batching", "Budgeting", "Budgets", "Caching", "EventStore", "JSON",
                "LedgerModel", "LedgerSQL", "Postgres", "PriceBooks", "Pricing", "Prompts",
                "Replay", "Rerating", "Resilience", "Tokenizing",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            path: "Benchmarks", resources: [.embedInCode("Prompts/prompts.jsonl")]),
        .executableTarget(
            name: "tally",
            dependencies: [
                "Access", "Alerting", "Audit", "BatchRunner", "Batching", "Benchmarks", "Booking",
                "Budgeting", "Budgets", "CEdit", "CMalloc", "CacheServing", "CacheTiers", "Caching",
                "Calendars", "Estimates", "Estimating", "EventReading", "EventStore",
                "Experimenting", "Experiments", "Export", "Gateway", "JSON", "LedgerModel",
                "LedgerSQL", "LoadManagement", "Performance", "Routing", "Similarity", "Spooling",
                "Migrations", "Postgres",
                "PriceBooks", "Pricing", "Prompts",
                "Providers", "ReadModels", "Recommendations", "Reconciliation", "Rendering",
                "Replay", "Rerating", "Runs", "Server", "Subscriptions", "TestUpstream",
                "Tokenizing", "Vocabularies", asyncHTTPClient, crypto,
                hummingbird, lifecycle, logging, nioCore, nioHTTP1,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        .executableTarget(
            name: "AskModel",
            dependencies: [
                "TallyClient", asyncHTTPClient, nioCore, nioHTTP1,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Examples/AskModel"),
        .target(
            name: "LedgerTesting", dependencies: ["LedgerModel"], path: "Tests/LedgerTesting"),
        .target(name: "WireTesting", path: "Tests/WireTesting"),
        .target(
            name: "PostgresTesting", dependencies: ["Postgres"], path: "Tests/PostgresTesting"),
        .target(
            name: "StoreTesting",
            dependencies: [
                "Access", "EventStore", "LedgerModel", "Migrations", "Postgres", "PostgresTesting",
            ], path: "Tests/StoreTesting"),
        .testTarget(
            name: "EventReadingTests",
            dependencies: [
                "Booking", "CZlib", "CZstd", "EventReading", "JSON", "LedgerModel", "LedgerTesting",
                "OTLPMessages", "Pricing", protobuf,
            ], exclude: ["Fixtures"]),
        .testTarget(
            name: "PromptsTests",
            dependencies: [
                "Estimating", "JSON", "LedgerModel", "LedgerTesting", "Prompts", "Tokenizing",
                "Vocabularies",
            ], exclude: ["Fixtures"]),
        .executableTarget(
            name: "CacheDriver", dependencies: ["CacheTiers", "Caching", "LedgerModel"],
            path: "Tests/CacheDriver"),
        .testTarget(
            name: "ReconciliationTests",
            dependencies: ["JSON", "LedgerModel", "LedgerTesting", "Pricing", "Reconciliation"],
            exclude: ["Fixtures"]),
        .executableTarget(
            name: "ClientDriver",
            dependencies: ["TallyClient", logging],
            path: "Tests/ClientDriver"),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Access", "Alerting", "Audit", "BatchRunner", "Booking", "Budgeting",
                "CacheServing", "CacheTiers", "Calendars", "EventReading", "LedgerModel",
                "LedgerTesting", "Postgres", "PostgresTesting", "PriceBooks", "Providers",
                "ReadModels", "Replay", "Rerating", "Runs", "Server", "StoreTesting",
                "WireTesting", hummingbird, logging, nioCore,
                .product(name: "CoreMetrics", package: "swift-metrics"),
                httpTypes,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "AskModel", "ClientDriver", "LedgerTesting", "Postgres", "PostgresTesting",
                "Tokenizing", "Vocabularies", "WireTesting", "tally", asyncHTTPClient, nioCore,
                nioHTTP1, nioPosix,
            ],
            exclude: ["Clients"]),
    ] + plain.map { .target(name: $0.key, dependencies: $0.value) }
        + tests.map { .testTarget(name: $0.key, dependencies: $0.value) },
    cxxLanguageStandard: .cxx17
)

// TALLY_ONLY=EventStoreTests,PricingTests: these targets and what they need, for a quick round of
// building and testing; `make test ONLY=…` sets it.
if let only = Context.environment["TALLY_ONLY"], !only.isEmpty {
    let targets = Dictionary(uniqueKeysWithValues: package.targets.map { ($0.name, $0) })
    var kept: Set<String> = []
    var open = only.split(separator: ",").map(String.init)
    while let name = open.popLast() {
        guard let target = targets[name], kept.insert(name).inserted else { continue }
        for case .byNameItem(let needed, _) in target.dependencies { open.append(needed) }
    }
    package.targets.removeAll { !kept.contains($0.name) }
    package.products.removeAll { !kept.contains($0.name) }
}

// All Swift of ours is strict; BuiltIn is data.
let others: Set = ["BuiltIn", "CEdit", "CMalloc", "CSIMDJSON"]
for target in package.targets where target.type != .system && !others.contains(target.name) {
    target.swiftSettings = strict
}
