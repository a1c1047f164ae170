import Foundation
import Glibc
import LedgerTesting
import Synchronization
import Testing
import WireTesting

/// Callers who mean harm, while others go on.
@Suite("Attacks", .serialized)
struct AttackTests {
    private static let bodyBytesMax = 64 << 20

    @Test("no body makes the service hold more than four times the largest body")
    func memoryOfOneRequest() async throws {
        try await withScratchDirectory { directory in
            let bombs = try await Hostile.bombs(in: directory)
            try await withPlace { place in
                try await withService(on: place) { service in
                    var generator = SeededGenerator(seed: testSeed())
                    let client = service.client()
                    let pid = try await service.pid()
                    let before = try Self.peak(of: pid)
                    for bomb in bombs {
                        let status = try await bomb.send(client, &generator)
                        #expect((200..<500).contains(status), "\(bomb.name): \(status)")
                        let grown = try Self.peak(of: pid) - before
                        #expect(grown < 4 * Self.bodyBytesMax, "\(bomb.name): \(grown) bytes")
                    }
                    #expect(try await client.get("/healthz").status == 200)
                }
            }
        }
    }

    /// The most memory that a process has held so far, in bytes.
    private static func peak(of pid: pid_t) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return try #require(line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }) << 10
    }

    /// How many clients have sent their part.
    private final class Sent: Sendable {
        let count = Mutex(0)
    }

    @Test("SIGTERM ends the service within 30 s, whatever its clients do")
    func stopping() async throws {
        try await withPlace { place in
            let service = try await TallyProcess.start(on: place)
            let head =
                "POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\n"
                + "content-type: application/json\r\n"
            let stalled = [
                "", "GET /head", head + "content-length: 9\r\n\r\n[",
                head + "transfer-encoding: chunked\r\n\r\n1\r\n[\r\n",
            ]
            let sent = Sent()
            let gates = stalled.map { text in
                Task {
                    try await RawConnection.with(port: service.port) { connection in
                        connection.send(text)
                        sent.count.withLock { $0 += 1 }
                        return connection.isClosed()
                    }
                }
            }
            try await poll("all have sent their part") {
                sent.count.withLock { $0 } == stalled.count
            }
            // Its own request was served after the others had come in.
            _ = try await service.client().get("/healthz")
            try await service.signal(SIGTERM)
            #expect(try await service.exit(within: .seconds(30)) == 0, "\(service.log)")
            for gate in gates {
                let isClosed = try await gate.value
                #expect(isClosed)
            }
            await service.discard()
        }
    }

    /// Hostile requests of each kind; `TALLY_ATTACKS` sets another number.
    private static let count = number("TALLY_ATTACKS") ?? 1_000
    /// How many of them are under way at a time; `TALLY_ATTACK_LANES` sets another number.
    ///
    /// With those that stall they stay far below the bound on connections. More of them do not make
    /// it harder: what the memory of all requests or the slots do not hold is refused at once.
    private static let lanes = number("TALLY_ATTACK_LANES") ?? 16

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    @Test(
        "hostile requests of every kind fell nothing, delay nobody and lose nothing, in 2 GB",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"), .timeLimit(.minutes(120)))
    func everyKind() async throws {
        let seed = testSeed()
        try await withScratchDirectory { directory in
            let bombs = try await Hostile.bombs(in: directory)
            try await withPlace { place in
                try await withService(on: place) { service in
                    try await Self.limitMemory(of: try await service.pid(), to: 2 << 30)
                    let stalled = try await Self.stall(service.port)
                    let made = try await place.tally("ledgers", "create", Hostile.ledger)
                    #expect(made.exitCode == 0, "\(made.errors)")
                    let kinds =
                        bombs + Hostile.fuzzers + Hostile.questions
                        + Hostile.wires(to: service.port)
                    for (index, kind) in kinds.enumerated() where Self.isWanted(kind) {
                        let ingest = Ingest(service.client(), name: "\(index)")
                        let begin = ContinuousClock.now
                        let answers = try await ingest.beside {
                            await Self.attack(service.client(), kind, seed &+ UInt64(index))
                        }
                        #expect(service.isRunning, "\(kind.name)")
                        #expect(ingest.p99 < .milliseconds(50), "\(kind.name): \(ingest.p99)")
                        print(
                            "\(kind.name): \(answers) in \(ContinuousClock.now - begin), "
                                + "\(ingest.summary)")
                        #expect(try await ingest.stored(in: place) == ingest.count, "\(kind.name)")
                    }
                    for client in stalled { client.cancel() }
                }
            }
        }
    }

    /// `TALLY_ATTACK_KINDS` has parts of the names of some kinds, separated by commas.
    private static func isWanted(_ kind: Hostile) -> Bool {
        guard let words = ProcessInfo.processInfo.environment["TALLY_ATTACK_KINDS"] else {
            return true
        }
        return words.split(separator: ",").contains { kind.name.contains($0) }
    }

    /// Sends requests of one kind, many at a time; a connection may end without an answer.
    ///
    /// - Returns: how many got which status, the lowest first; 0 is for no answer. Refusals for the
    ///   moment (429) are some of them: that is how the service defends itself.
    private static func attack(
        _ client: TallyClient, _ kind: Hostile, _ seed: UInt64
    ) async -> [String] {
        let lanes = max(1, min(lanes, count))
        return await withTaskGroup(of: [Int: Int].self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var generator = SeededGenerator(seed: seed &* 1_000 &+ UInt64(lane))
                    var statuses: [Int: Int] = [:]
                    for _ in 0..<(count + lanes - 1 - lane) / lanes {
                        let status = (try? await kind.send(client, &generator)) ?? 0
                        #expect(!(500..<600).contains(status), "\(kind.name): \(status)")
                        statuses[status, default: 0] += 1
                    }
                    return statuses
                }
            }
            let all = await group.reduce(into: [Int: Int]()) { $0.merge($1, uniquingKeysWith: +) }
            return all.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
        }
    }

    /// Connections that begin a body and send no more.
    private static func stall(_ port: Int) async throws -> [Task<Void, any Error>] {
        (0..<100).map { _ in
            Task {
                while !Task.isCancelled {
                    try await RawConnection.with(port: port) { connection in
                        connection.send(
                            "POST /api/v1/events HTTP/1.1\r\nhost: localhost\r\n"
                                + "content-type: application/json\r\ncontent-length: 9999\r\n\r\n[")
                        _ = connection.isClosed()
                    }
                }
            }
        }
    }

    /// Limits the address space of a running process, as `ulimit -v` does.
    private static func limitMemory(of pid: pid_t, to bytes: Int) async throws {
        let run = try await CommandRun.run(
            "/usr/bin/env", ["prlimit", "--pid", "\(pid)", "--as=\(bytes)"])
        guard run.exitCode == 0 else { throw ServiceTestError("prlimit: \(run.errors)") }
    }
}
