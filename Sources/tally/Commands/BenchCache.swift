import Benchmarks
import Foundation
import JSON

// The benchmark of the response cache, which needs no database.

extension Bench {
    static func cache(
        _ options: Benchmarks.Options, isQuiet: Bool
    ) async throws -> BenchmarkReport {
        let log: @Sendable (String) -> Void = { if !isQuiet { printError($0) } }
        let peers = CachePeers(runs: options.runs, log: log)
        return try await Benchmarks.cache(
            options, real: try realTraces(log), peers: peers.measure, log: log)
    }

    private static func realTraces(_ log: (String) -> Void) throws -> [CacheTrace] {
        let data = ProcessInfo.processInfo.environment["TALLY_TEST_DATA"] ?? "../shared/data"
        func text(_ name: String) -> String? {
            let text = try? String(contentsOfFile: "\(data)/\(name)", encoding: .utf8)
            if text == nil { log("cache: \(data)/\(name) is missing") }
            return text
        }
        return try [
            text("cache-traces/web12.txt").map { CacheTrace(name: "web12", lines: $0) },
            text("cache-traces/lirs_multi3.txt").map { CacheTrace(name: "lirs_multi3", lines: $0) },
            text("mooncake-conversation.jsonl").map {
                try CacheTrace(name: "mooncake", mooncake: $0)
            },
        ].compactMap(\.self)
    }
}

/// Python's `cachetools` on the same keys, if it is installed for `python3`.
struct CachePeers {
    let runs: Int
    let log: @Sendable (String) -> Void

    private struct Answer: Decodable {
        let name: String
        let operations: Int64
        let hits: Int
        let seconds: [Double]
    }

    func measure(_ keys: [UInt64], entries: Int) throws -> [Benchmarks.CachePeer] {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "tally-bench-cache-\(UUID().uuidString)")
        try Data(keys.map(String.init).joined(separator: "\n").utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        guard
            let output = outputOfProgram(
                "/usr/bin/env",
                [
                    "python3", "-c", Self.program, file.path(percentEncoded: false),
                    String(entries), String(runs),
                ])
        else {
            log("cache: cachetools is missing: no python3, or not installed for it")
            return []
        }
        return try output.split(separator: "\n").map { line in
            let answer = try JSONTree(parsing: line.utf8).decoded(as: Answer.self)
            return Benchmarks.CachePeer(
                name: answer.name,
                runs: answer.seconds.map {
                    BenchmarkReport.Run(events: answer.operations, seconds: $0, limit: nil)
                }, hits: answer.hits)
        }
    }

    private static let program = """
        import json, sys, time
        import cachetools
        keys = [int(line) for line in open(sys.argv[1])]
        value = bytes(1024)
        for name in ["LRUCache", "LFUCache", "FIFOCache"]:
            seconds = []
            for _ in range(int(sys.argv[3])):
                cache, hits = getattr(cachetools, name)(maxsize=int(sys.argv[2])), 0
                start = time.perf_counter()
                for key in keys:
                    if cache.get(key) is None:
                        cache[key] = value
                    else:
                        hits += 1
                seconds.append(time.perf_counter() - start)
            print(json.dumps({"name": "cachetools_" + name[:-5].lower(), "hits": hits,
                              "operations": 2 * len(keys) - hits, "seconds": seconds}))
        """
}
