import Foundation
import Glibc
import LedgerTesting
import Testing

/// The Swift library in separate processes, against the running service.
@Suite("TallyClient and the service", .serialized)
struct ClientLibraryTests {
    /// A program that was built beside the one under test.
    static func program(_ name: String) -> String {
        URL(fileURLWithPath: Workplace.program).deletingLastPathComponent()
            .appendingPathComponent(name).path
    }

    private func driver(_ arguments: String...) throws -> Child {
        try Child(Self.program("ClientDriver"), arguments)
    }

    /// The output of a driver, by its first word.
    private func said(_ output: String) -> [String: String] {
        var words: [String: String] = [:]
        for line in output.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2 { words[String(parts[0])] = String(parts[1]) }
        }
        return words
    }

    /// The ids of accepted records; the last line of a killed program may be incomplete.
    private func promised(_ output: String) -> Set<String> {
        let lines = output.split(separator: "\n").filter { $0.hasPrefix("recorded ") }
        return Set(lines.map { String($0.dropFirst("recorded ".count)) }.filter { $0.count == 36 })
    }

    private func booked(_ place: Place) async throws -> [String] {
        try await place.psql("SELECT event_id FROM tally.events WHERE kind IN (1, 2)")
            .split(separator: "\n").map(String.init)
    }

    private func run(_ arguments: String...) async throws -> CommandRun {
        try await CommandRun.run(Self.program("ClientDriver"), arguments)
    }

    @Test("SIGKILL of the client and of the service: every promised record is booked exactly once")
    func kill() async throws {
        try await withEmbeddedPlace { place in
            try await withScratchDirectory { spool in
                var ids: Set<String> = []
                var service = try await TallyProcess.start(on: place)
                do {
                    for round in 0..<(isSoaking ? 20 : 3) {
                        // Even if a loaded machine looks late, at most 2,000 a second are accepted.
                        let child = try driver(
                            service.url, spool, "100000000", "--pause", "500")
                        try await poll("records are promised", evidence: { child.errors }) {
                            promised(child.output).count > 500
                        }
                        if round == 1 {
                            try await service.signal(SIGKILL)
                            _ = try await service.exit()
                        }
                        try await child.signal(SIGKILL)
                        #expect(try await child.exit(within: .seconds(10)) == 128 + SIGKILL)
                        ids.formUnion(promised(child.output))
                        child.discard()
                        if round == 1 {
                            await service.discard()
                            service = try await TallyProcess.start(on: place)
                        }
                    }
                    let last = try await run(service.url, spool, "10", "--seconds", "300")
                    #expect(last.exitCode == 0, "\(last.errors)")
                    #expect(said(last.output)["leftovers"] == "0", "\(last.output)")
                    ids.formUnion(promised(last.output))
                    let booked = try await booked(place)
                    #expect(Set(booked).count == booked.count)
                    #expect(ids.subtracting(booked) == [])
                    #expect(try await place.tally("verify").exitCode == 0)
                } catch {
                    await service.discard()
                    throw error
                }
                await service.discard()
            }
        }
    }

    @Test("if the service is down, memory stays small, and the spool respects its limit")
    func deadService() async throws {
        try await withScratchDirectory { spool in
            let run = try await run(
                "http://127.0.0.1:9", spool, "200000", "--quiet", "--seconds", "0",
                "--spool-bytes", "20000000")
            #expect(run.exitCode == 0, "\(run.errors)")
            let said = said(run.output)
            let records = try #require(said["records"].flatMap { Int($0) })
            let peak = try #require(said["peak_kib"].flatMap { Int($0) })
            let bytes = try #require(said["spool_bytes"].flatMap { Int($0) })
            #expect(records > 30_000 && records < 200_000)
            #expect(said["not_recorded"] == "\(200_000 - records)")
            #expect(said["leftovers"] == "\(records)")
            #expect(bytes <= 20_000_000 && bytes > 19_000_000)
            #expect(peak < 64 << 10, "\(peak) KiB")
            #expect(run.errors.contains("spool has reached its limit"))
            let files = try FileManager.default.subpathsOfDirectory(atPath: spool)
            let sizes = try files.map {
                try FileManager.default.attributesOfItem(atPath: spool + "/" + $0)[.size] as? Int
            }
            #expect(sizes.compactMap { $0 }.reduce(0, +) <= 20_000_000 + 64)
        }
    }

    @Test(
        "if the disk is full, the caller is told, and accepted records are booked once",
        .enabled("needs the right to mount a file system") { await SmallDisk.canMount() })
    func fullDisk() async throws {
        try await withScratchDirectory { directory in
            let disk = try await SmallDisk.mount(at: directory + "/disk", megabytes: 2)
            do { try await fill(disk) } catch {
                await disk.unmount()
                throw error
            }
            await disk.unmount()
        }
    }

    private func fill(_ disk: SmallDisk) async throws {
        try disk.fill()
        try disk.free(megabytes: 1)
        let first = try await run(
            "http://127.0.0.1:9", disk.path, "100000", "--until-full", "--seconds", "0")
        #expect(first.exitCode == 0, "\(first.errors)")
        #expect(said(first.output)["outcome"] == "the spool's disk is full: free some space")
        try disk.free()
        try await withPlace { place in
            try await withService(on: place) { service in
                let second = try await run(service.url, disk.path, "10")
                #expect(said(second.output)["leftovers"] == "0", "\(second.errors)")
                let ids = promised(first.output).union(promised(second.output))
                #expect(ids.count > 1_000)
                #expect(Set(try await booked(place)) == ids)
            }
        }
    }

    @Test("a client without the key keeps everything, and the next one with the key sends it")
    func key() async throws {
        try await withPlace { place in
            let made = try await place.tally(
                "keys", "create", "--scope", "ingest", "--name", "driver", "--json")
            #expect(made.exitCode == 0, "\(made.errors)")
            struct Made: Decodable {
                let key: String
            }
            let key = try #require(try made.json.key.string)
            try await withService(on: place) { service in
                try await withScratchDirectory { spool in
                    let without = try await run(service.url, spool, "5", "--seconds", "1")
                    #expect(said(without.output)["leftovers"] == "5")
                    #expect(without.errors.contains("an API key is required"))
                    let with = try await run(service.url, spool, "5", "--key", key)
                    #expect(said(with.output)["leftovers"] == "0", "\(with.errors)")
                    let ids = promised(without.output).union(promised(with.output))
                    #expect(Set(try await booked(place)) == ids)
                }
            }
        }
    }

    @Test("other content under one identity: the first is booked, the others are dead letters")
    func conflict() async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                try await withScratchDirectory { spool in
                    let run = try await run(service.url, spool, "5", "--one-identity")
                    let said = said(run.output)
                    #expect(said["leftovers"] == "0" && said["dead_letters"] == "4")
                    #expect(try await booked(place).count == 1)
                    let letters = try String(
                        contentsOfFile: spool + "/dead-letters.ndjson", encoding: .utf8
                    ).split(separator: "\n")
                    #expect(letters.count == 4)
                    #expect(letters.allSatisfy { $0.contains("another event with this identity") })
                }
            }
        }
    }

    @Test("a second process on the same spool is told which process uses it")
    func secondProcess() async throws {
        try await withScratchDirectory { spool in
            let first = try driver("http://127.0.0.1:9", spool, "100000000")
            try await poll("the first has it", evidence: { first.errors }) {
                !first.output.isEmpty
            }
            let second = try await run("http://127.0.0.1:9", spool, "1")
            #expect(second.exitCode == 69)
            let pid = try await first.pid()
            #expect(second.errors.contains("is in use by process \(pid): give each process"))
            await first.end()
            first.discard()
        }
    }

    @Test(
        "the example calls an OpenAI-compatible endpoint, plain and streaming, and books its usage")
    func example() async throws {
        let openAI = try Child("/usr/bin/env", ["python3", Workplace.client("fake_openai.py")])
        defer { openAI.discard() }
        try await poll("the endpoint listens", evidence: { openAI.errors }) {
            openAI.output.hasSuffix("\n")
        }
        let port = said(openAI.output)["port"] ?? ""
        try await withPlace { place in
            try await withService(on: place) { service in
                try await withScratchDirectory { spool in
                    func ask(_ question: String, _ more: String...) async throws -> CommandRun {
                        try await CommandRun.run(
                            Self.program("AskModel"),
                            [
                                "--openai-url", "http://127.0.0.1:\(port)", "--tally-url",
                                service.url, "--spool", spool, question,
                            ] + more)
                    }
                    let whole = try await ask("why?")
                    #expect(whole.exitCode == 0, "\(whole.errors)")
                    #expect(whole.output == "You asked: why?\n")
                    #expect(try await ask("and as a stream?", "--stream").exitCode == 0)
                    #expect(try await ask("break off", "--stream").exitCode == 1)
                    #expect(try await ask("fail").exitCode == 1)
                    #expect(try await ask("why?", "--nonsense").exitCode == 64)
                    let rows = try await place.psql(
                        """
                        SELECT feature, kind, error_type, model, service_tier, input_tokens,
                            cache_read_input_tokens, output_tokens, reasoning_output_tokens
                        FROM tally.events WHERE kind IN (1, 2) ORDER BY position
                        """)
                    let model = "gpt-4o-mini-2024-07-18"
                    #expect(
                        rows == """
                            question|1||\(model)|standard|1200|1024|340|128
                            stream|1||\(model)|standard|1200|1024|340|128
                            stream|2|incomplete_stream|\(model)|standard||||
                            question|2|no_answer|gpt-4o-mini|||||
                            """)
                }
            }
        }
        await openAI.end()
    }
}
