import AsyncHTTPClient
import Benchmarks
import Foundation
import JSON
import LedgerModel
import Logging
import NIOCore
import NIOHTTP1
import Postgres
import TestUpstream

// What the benchmark of savings starts: a made-up provider in this process, and a service in its
// own.

extension Bench {
    /// Requests of the workload, about.
    static let savingsRequests = 640

    static func savings(
        _ benchmarks: Benchmarks, requests: Int, only parts: [SavingsPart]?
    ) async throws -> BenchmarkReport {
        try await benchmarks.savings(
            SavingsParts(upstream: upstream, service: service, call: call),
            prompts: try prompts(), requests: requests, only: parts)
    }

    static func savingsParts(_ text: String) throws -> [SavingsPart] {
        try text.split(separator: ",").map { word in
            guard let part = SavingsPart(rawValue: String(word)) else {
                let known = SavingsPart.allCases.map(\.rawValue).joined(separator: ", ")
                throw InputRefused("there is no part \(word): use \(known)")
            }
            return part
        }
    }

    private static func prompts() throws -> [String] {
        let data = ProcessInfo.processInfo.environment["TALLY_TEST_DATA"] ?? "../shared/data"
        let file = URL(fileURLWithPath: "\(data)/prompts-arena-hard.jsonl")
        guard let bytes = try? Data(contentsOf: file) else { return try PromptCorpus.own().prompts }
        return try PromptCorpus(bytes: Array(bytes)).prompts
    }

    @Sendable
    private static func upstream(_ script: String) async throws -> SavingsUpstream {
        var behaviour = UpstreamScript()
        try behaviour.apply(try JSONTree(parsing: script.utf8))
        let upstream = TestUpstream(behaviour, clock: { .now })
        let (ports, found) = AsyncStream.makeStream(of: UInt16.self)
        let serving = Task {
            defer { found.finish() }
            let silent = Logger(label: "upstream") { _ in SwiftLogNoOpLogHandler() }
            try await upstream.serve(logger: silent) { found.yield(UInt16(clamping: $0)) }
        }
        for await port in ports {
            return SavingsUpstream(
                port: port,
                calls: {
                    upstream.calls.filter { $0.key.hasPrefix("POST /v1/") && isModel($0.key) }
                        .values.reduce(0, +)
                },
                stop: {
                    serving.cancel()
                    _ = await serving.result
                })
        }
        throw InputRefused("the made-up provider did not start")
    }

    private static func isModel(_ call: String) -> Bool {
        call.hasSuffix("/chat/completions") || call.hasSuffix("/embeddings")
    }

    @Sendable
    private static func service(
        _ configuration: PostgresConfiguration, _ part: SavingsPart, _ upstream: UInt16
    ) async throws -> RunningService {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("tally-savings-\(UInt64.random(in: 0...UInt64.max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let files = [
            ("PROVIDERS", SavingsPart.providersFile(upstream: upstream)),
            ("GATEWAY", part.gatewayFile), ("CACHE", part.cacheFile),
        ]
        var environment = ["TALLY_BATCHES_POLL": "1s", "TALLY_DATA_DIR": folder.path]
        for (name, text) in files {
            let file = folder.appendingPathComponent("\(name.lowercased()).yaml")
            try text.write(to: file, atomically: true, encoding: .utf8)
            environment["TALLY_\(name)_FILE"] = file.path
        }
        for key in SavingsPart.keys {
            environment["TALLY_BENCH_KEY_\(key.uppercased())"] = "secret-\(key)"
        }
        let running = try ServiceProcess.start(on: configuration, with: environment).running
        return RunningService(
            host: running.host, port: running.port, key: nil, processID: running.processID
        ) {
            try await running.stop()
            try? FileManager.default.removeItem(at: folder)
        }
    }

    @Sendable
    private static func call(
        _ method: String, _ url: String, _ headers: [String: String], _ body: [UInt8]
    ) async throws -> (status: Int, body: [UInt8]) {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if !body.isEmpty { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let answer = try await response.body.collect(upTo: 64 << 20)
        return (Int(response.status.code), Array(answer.readableBytesView))
    }
}
