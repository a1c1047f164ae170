import Foundation
import LedgerModel
import LedgerTesting
import ServiceLifecycle
import Spooling
import Synchronization
import TallyClient
import Testing

/// The client itself, with its tasks and its files, and a simulated service.
@Suite("The client")
struct ClientTests {
    /// A simulated service that several calls may reach.
    private final class Service: Sendable {
        let state = Mutex(SimulatedService(seed: 1))
        var mood: SimulatedService.Mood {
            get { state.withLock { $0.mood } }
            set { state.withLock { $0.mood = newValue } }
        }
        var transport: Transport {
            Transport(post: { body in self.state.withLock { $0.answer(body) } })
        }
        var ids: Set<String> { state.withLock { Set($0.ledger.keys) } }
    }

    private let service = Service()
    private let reports = Reports()

    private func configuration(_ directory: String) -> TallyClient.Configuration {
        var configuration = TallyClient.Configuration(
            url: "http://127.0.0.1:1", spoolDirectory: directory)
        configuration.limits.batchAgeMax = .milliseconds(5)
        configuration.logger = .silent
        configuration.onReport = { [reports] in reports.add($0) }
        return configuration
    }

    private func client(_ configuration: TallyClient.Configuration) throws -> TallyClient {
        try TallyClient(
            configuration, disk: FileDisk(directory: configuration.spoolDirectory),
            transport: service.transport, wallClock: { RecordEncoder.now })
    }

    private func ids(_ outcomes: [RecordOutcome]) -> Set<String> {
        Set(outcomes.compactMap { if case .recorded(let id) = $0 { id.description } else { nil } })
    }

    @Test("records from many threads arrive, with every durability")
    func arrives() async throws {
        for durability in [
            TallyClient.Durability.everyRecord, .within(.milliseconds(1)), .operatingSystem,
        ] {
            try await withDirectory { directory in
                var configuration = configuration(directory)
                configuration.durability = durability
                let client = try client(configuration)
                let outcomes = await withTaskGroup(of: [RecordOutcome].self) { group in
                    for writer in 0..<8 {
                        group.addTask {
                            (0..<50).map { client.record(.numbered(writer * 50 + $0)) }
                        }
                    }
                    return await group.reduce(into: []) { $0 += $1 }
                }
                #expect(ids(outcomes).count == 400)
                let left = await client.shutdown(within: .seconds(20))
                #expect(left.records == 0)
                #expect(service.ids.isSuperset(of: ids(outcomes)))
                let statistics = client.statistics
                #expect(statistics.recorded == 400 && statistics.acknowledged == 400)
                #expect(client.record(.numbered(1)) == .closed)
            }
        }
        #expect(reports.all == Array(repeating: .notRecorded(.closed), count: 3))
    }

    @Test("an unavailable service only costs time: the next client sends the remaining records")
    func outage() async throws {
        try await withDirectory { directory in
            service.mood = .unreachable
            let first = try client(configuration(directory))
            let outcomes = (0..<100).map { first.record(.numbered($0)) }
            let left = await first.shutdown(within: .milliseconds(50))
            #expect(left.records == 100)
            service.mood = .well
            let second = try client(configuration(directory))
            let rest = await second.shutdown(within: .seconds(20))
            #expect(rest.records == 0)
            #expect(service.ids == ids(outcomes))
        }
    }

    @Test("a client that is released without a shutdown leaves its records and its directory")
    func dropped() async throws {
        try await withDirectory { directory in
            service.mood = .unreachable
            var recorded: Set<String> = []
            do {
                let client = try client(configuration(directory))
                recorded = ids((0..<10).map { client.record(.numbered($0)) })
            }
            service.mood = .well
            var next: TallyClient?
            while next == nil {
                // Its task ends in its own time.
                await Task.yield()
                next = try? client(configuration(directory))
            }
            #expect(await next?.shutdown(within: .seconds(20)).records == 0)
            #expect(service.ids == recorded)
        }
    }

    @Test("a full spool is reported to the caller and the operator, and continues when it empties")
    func full() async throws {
        try await withDirectory { directory in
            service.mood = .unreachable
            var configuration = configuration(directory)
            configuration.limits.spoolBytesMax = 200_000
            configuration.limits.segmentBytesMax = 70_000
            let client = try client(configuration)
            var outcomes: [RecordOutcome] = []
            while outcomes.last != .full(.spool) {
                outcomes.append(client.record(.numbered(outcomes.count)))
            }
            #expect(reports.all.contains(.notRecorded(.full(.spool))))
            #expect(client.statistics.spoolBytes <= 200_000)
            while client.statistics.failedCalls == 0 { await Task.yield() }
            service.mood = .well
            // The pause after a failure ends on its own; nothing shortens it.
            while client.statistics.waitingRecords > 0 { await Task.yield() }
            #expect(client.record(.numbered(1)).isRecorded)
            await client.shutdown()
            #expect(service.ids.isSuperset(of: ids(outcomes)))
            #expect(reports.all.contains(.recovered))
        }
    }

    @Test("a failed sync is not reported as a full spool, since a retry would book a record twice")
    func failedSync() async throws {
        var configuration = configuration("unused")
        configuration.durability = .everyRecord
        let disk = SimulatedDisk()
        let client = try TallyClient(
            configuration, disk: disk, transport: service.transport,
            wallClock: { RecordEncoder.now })
        // The file is created, opened and written; then comes the sync.
        disk.die(after: 3)
        #expect(client.record(.numbered(1)) == .failed("the process died"))
        await client.shutdown(within: .seconds(20))
        #expect(service.ids.count == 1)
    }

    @Test("a record that the service refuses becomes a dead letter with its reason")
    func deadLetters() async throws {
        try await withDirectory { directory in
            let client = try client(configuration(directory))
            let good = client.record(.numbered(1))
            let poison = client.record(.numbered(2, model: "poison"))
            let more = client.record(.numbered(3))
            await client.shutdown(within: .seconds(20))
            #expect(service.ids == ids([good, more]))
            guard case .recorded(let id) = poison else { return #expect(Bool(false)) }
            #expect(reports.all == [.deadLetter(id, reason: "poison")])
            let file = directory + "/dead-letters.ndjson"
            let letters = try String(contentsOfFile: file, encoding: .utf8)
            #expect(
                letters.hasPrefix(
                    #"{"refused_at":"2026-11-24T00:00:00Z","reason":"poison","event":{"id":"\#(id)""#
                ))
            #expect(client.statistics.deadLetters == 1)
        }
    }

    @Test("a refused key is reported once and keeps everything")
    func refusedKey() async throws {
        try await withDirectory { directory in
            service.mood = .forbidding
            let client = try client(configuration(directory))
            for number in 0..<10 { client.record(.numbered(number)) }
            while client.statistics.failedCalls == 0 { await Task.yield() }
            #expect(await client.shutdown(within: .milliseconds(20)).records == 10)
            #expect(reports.all.count == 1)
            guard case .misconfigured(let reason)? = reports.all.first else {
                return #expect(Bool(false))
            }
            #expect(reason.hasPrefix("status ") && reason.hasSuffix(": no"))
        }
    }

    @Test("as a service it flushes when the group shuts down")
    func service() async throws {
        try await withDirectory { directory in
            let client = try client(configuration(directory))
            let group = ServiceGroup(
                configuration: .init(services: [.init(service: client)], logger: .silent))
            let running = Task { try await group.run() }
            let recorded = ids((0..<10).map { client.record(.numbered($0)) })
            await group.triggerGracefulShutdown()
            try await running.value
            #expect(service.ids == recorded)
            #expect(client.record(.numbered(1)) == .closed)
        }
    }

    @Test("invalid settings are refused with a valid alternative")
    func settings() async throws {
        try await withDirectory { directory in
            let cases: [(String, (inout TallyClient.Configuration) -> Void)] = [
                ("url is \"localhost\"", { $0.url = "localhost" }),
                ("url is \"http://\"", { $0.url = "http://" }),
                ("spoolDirectory is empty", { $0.spoolDirectory = "" }),
                ("limits.segmentBytesMax", { $0.limits.segmentBytesMax = 10 }),
                ("limits.batchRecordsMax is 0", { $0.limits.batchRecordsMax = 0 }),
                ("pauseMax", { $0.limits.pauseMax = .seconds(-1) }),
                ("durability", { $0.durability = .within(.zero) }),
                ("cannot create the directory /proc/", { $0.spoolDirectory = "/proc/spool" }),
            ]
            for (sentence, spoil) in cases {
                var configuration = configuration(directory)
                spoil(&configuration)
                let error = #expect(throws: TallyClient.SetupError.self) {
                    _ = try TallyClient(configuration)
                }
                #expect(error?.description.contains(sentence) == true, "\(sentence)")
            }
            var secret = configuration(directory)
            secret.apiKey = "tally_secret"
            #expect(!"\(secret)".contains("tally_secret"))
        }
    }
}
