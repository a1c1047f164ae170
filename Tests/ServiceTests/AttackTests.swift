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
            let gates = stalled.map { text in
                Task {
                    try await RawConnection.with(port: service.port) { connection in
                        connection.send(text)
                        return connection.isClosed()
                    }
                }
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
    private static let count =
        ProcessInfo.processInfo.environment["TALLY_ATTACKS"].flatMap { Int($0) } ?? 1_000

    @Test(
        "hostile requests of every kind fell nothing, delay nobody and lose nothing, in 2 GB",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"), .timeLimit(.minutes(60)))
    func everyKind() async throws {
        let seed = testSeed()
        try await withScratchDirectory { directory in
            let bombs = try await Hostile.bombs(in: directory)
            try await withPlace { place in
                try await withService(on: place) { service in
                    try await Self.limitMemory(of: try await service.pid(), to: 2 << 30)
                    let stalled = try await Self.stall(service.port)
                    let kinds =
                        bombs + Hostile.fuzzers + Hostile.questions
                        + Hostile.wires(to: service.port)
                    for (index, kind) in kinds.enumerated() where Self.isWanted(kind) {
                        let ingest = Ingest(service.client(), name: "\(index)")
                        try await ingest.beside {
                            await Self.attack(service.client(), kind, seed &+ UInt64(index))
                        }
                        #expect(service.isRunning, "\(kind.name)")
                        #expect(ingest.p99 < .milliseconds(50), "\(kind.name): \(ingest.p99)")
                        print("\(kind.name): \(ingest.count) events beside, p99 \(ingest.p99)")
                        let stored = try await service.client().storedIDs().count {
                            $0.hasPrefix("\(index)-")
                        }
                        #expect(stored == ingest.count, "\(kind.name)")
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

    /// Sends requests of one kind, four at a time; a connection may end without an answer.
    private static func attack(_ client: TallyClient, _ kind: Hostile, _ seed: UInt64) async {
        await withTaskGroup { group in
            for lane in 0..<4 {
                group.addTask {
                    var generator = SeededGenerator(seed: seed &* 4 &+ UInt64(lane))
                    for _ in 0..<count / 4 {
                        let status = (try? await kind.send(client, &generator)) ?? 0
                        #expect(!(500..<600).contains(status), "\(kind.name): \(status)")
                    }
                }
            }
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

/// One caller that ingests an event at a time, and how long each took.
private final class Ingest: Sendable {
    private let client: TallyClient
    private let name: String
    private let times = Mutex<[Duration]>([])
    private let isDone = Mutex(false)

    init(_ client: TallyClient, name: String) {
        self.client = client
        self.name = name
    }

    var count: Int { times.withLock { $0.count } }
    var p99: Duration {
        times.withLock { $0.sorted()[max(0, $0.count * 99 / 100 - 1)] }
    }

    /// Ingests for as long as the work takes, and at least 200 events.
    func beside(_ work: @Sendable () async -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { [self] in
                while count < 200 || !isDone.withLock({ $0 }) {
                    let event = EventText("\(name)-\(count)").text
                    let start = ContinuousClock.now
                    let report = try await client.ingest(event)
                    times.withLock { $0.append(ContinuousClock.now - start) }
                    #expect(report.counts == [1, 0, 0, 0])
                }
            }
            await work()
            isDone.withLock { $0 = true }
            try await group.waitForAll()
        }
    }
}
