import Foundation
import Glibc
import LedgerTesting
import PostgresTesting
import Testing

/// Processes and servers that end, stop or compete, under load.
@Suite("Faults", .serialized)
struct FaultTests {
    /// Batches of 20 events that have to be acknowledged between two faults.
    private let batches = isSoaking ? 500 : 40

    @Test("SIGTERM under load drains: nothing acknowledged is lost, and the exit code is 0")
    func terminate() async throws {
        try await withPlace { place in
            let load: Load
            do {
                let service = try await TallyProcess.start(on: place)
                load = Load(service.url, patience: .once)
                try await load.run {
                    try await load.more(batches)
                    #expect(try await service.stop() == 0, "\(service.log)")
                }
                await service.discard()
            }
            try await withService(on: place) { _ in
                try await Auditor(place: place).check(load, isComplete: false)
            }
        }
    }

    @Test("SIGKILL under load loses nothing and duplicates nothing when callers retry")
    func killService() async throws {
        try await withEmbeddedPlace { place in
            var service = try await TallyProcess.start(on: place)
            let load = Load(service.url)
            do {
                try await load.run {
                    for _ in 0..<(isSoaking ? 10 : 2) {
                        try await load.more(batches)
                        try await service.signal(SIGKILL)
                        #expect(try await service.exit() == 128 + SIGKILL)
                        await service.discard()
                        service = try await TallyProcess.start(on: place)
                        load.redirect(to: service.url)
                    }
                    try await load.more(batches)
                }
                #expect(load.lostConnections > 0)
                try await Auditor(place: place).check(load, isComplete: true)
            } catch {
                await service.discard()
                throw error
            }
            #expect(try await service.stop() == 0)
            await service.discard()
        }
    }

    @Test("PostgreSQL gone for five seconds in the middle of ingest costs callers only time")
    func databaseOutage() async throws {
        let server = try await TestServer.start()
        try await withPlace(on: server) { place in
            try await withService(on: place) { service in
                let load = Load(service.url)
                try await load.run {
                    try await load.more(batches)
                    try await Self.stopAtOnce(server)
                    let ready = try await service.client().get("/readyz")
                    #expect(ready.status == 503)
                    #expect(try await service.client().get("/healthz").status == 200)
                    // This is the length of the outage, not a wait for something.
                    try await Task.sleep(for: .seconds(5))
                    try await server.restart()
                    try await load.more(batches)
                }
                #expect(load.lostConnections == 0, "the service itself was there all the time")
                try await Auditor(place: place).check(load, isComplete: true)
            }
        }
    }

    /// Stops a server as in a crash: sessions are cut off and nothing is flushed.
    static func stopAtOnce(_ server: TestServer) async throws {
        let file = server.directory + "/data/postmaster.pid"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let pid = try #require(text.split(separator: "\n").first.flatMap { pid_t($0) })
        kill(pid, SIGQUIT)
        try await poll("the server is gone") { kill(pid, 0) != 0 }
    }

    @Test("a killed embedded PostgreSQL is started again under a running service")
    func killEmbeddedServer() async throws {
        try await withEmbeddedPlace { place in
            try await withService(on: place) { service in
                let cluster = EmbeddedCluster(dataDirectory: place.dataDirectory)
                let load = Load(service.url)
                try await load.run {
                    for _ in 0..<(isSoaking ? 5 : 1) {
                        try await load.more(batches)
                        let pid = try #require(cluster.postmaster)
                        kill(pid, SIGKILL)
                        try await poll("another postmaster runs") {
                            cluster.postmaster.map { $0 != pid } ?? false
                        }
                        try await load.more(batches)
                    }
                }
                #expect(load.lostConnections == 0)
                try await Auditor(place: place).check(load, isComplete: true)
            }
        }
    }

    @Test("a writer stopped inside its commit does not block others for long, and then continues")
    func stoppedWriter() async throws {
        try await withPlace { place in
            try await withService(on: place) { sleeper in
                try await withService(on: place) { other in
                    let first = Load(sleeper.url)
                    let second = Load(other.url, name: "second", writers: 1)
                    try await first.run {
                        try await first.more(10)
                        try await Self.stopInsideCommit(sleeper, place)
                        do {
                            try await second.run { try await second.more(batches) }
                        } catch {
                            try await sleeper.signal(SIGCONT)
                            throw error
                        }
                        try await sleeper.signal(SIGCONT)
                        try await first.more(batches)
                    }
                    try await Auditor(place: place).check(first, second, isComplete: true)
                }
            }
        }
    }

    /// Stops the service at a moment at which it holds the head of the ledger.
    private static func stopInsideCommit(_ service: TallyProcess, _ place: Place) async throws {
        let holders = """
            SELECT count(*) FROM pg_locks AS locks JOIN pg_stat_activity AS sessions USING (pid)
            WHERE locks.relation = 'tally.heads'::regclass AND locks.mode = 'RowExclusiveLock'
                AND locks.granted AND sessions.wait_event = 'ClientRead'
            """
        try await poll("the service is stopped inside a commit", within: .seconds(60)) {
            try await service.signal(SIGSTOP)
            // A commit that was already sent may end without the service, so look twice.
            if try await place.psql(holders) != "0", try await place.psql(holders) != "0" {
                return true
            }
            try await service.signal(SIGCONT)
            return false
        }
    }

    @Test("two services on one database, even started at once, make one ledger")
    func twoServices() async throws {
        try await withPlace { place in
            async let one = TallyProcess.start(on: place)
            async let two = TallyProcess.start(on: place)
            let services = try await [one, two]
            do {
                // Every batch goes to both: what one appends is a duplicate for the other.
                let load = Load(services[0].url, services[1].url)
                try await load.run { try await load.more(2 * batches) }
                #expect(load.statuses.keys.sorted() == [200])
                try await Auditor(place: place).check(load, isComplete: true)
                let heads = try await [
                    services[0].client().get("/api/v1/head").text,
                    services[1].client().get("/api/v1/head").text,
                ]
                #expect(heads[0] == heads[1])
            } catch {
                for service in services { await service.discard() }
                throw error
            }
            for service in services {
                #expect(try await service.stop() == 0)
                await service.discard()
            }
        }
    }

    @Test("a second service on one data directory says so and leaves the first alone")
    func twoOnOneDirectory() async throws {
        try await withEmbeddedPlace { place in
            try await withService(on: place) { first in
                let second = try await TallyProcess.startInVain(on: place)
                #expect(second.exitCode != 0)
                let pid = try await first.pid()
                #expect(second.errors.contains("another tally service (pid \(pid))"))
                #expect(second.errors.split(separator: "\n").count == 1, "\(second.errors)")
                let ready = try await first.client().get("/readyz")
                #expect(ready.status == 200, "\(ready.text)")
            }
        }
    }

    @Test("a port that is in use is reported in one sentence")
    func portTaken() async throws {
        try await withPlace { place in
            try await withService(on: place) { first in
                let second = try await TallyProcess.startInVain(
                    on: place, listen: "127.0.0.1:\(first.port)")
                #expect(second.exitCode != 0)
                let last = second.errors.split(separator: "\n").last ?? ""
                #expect(last.hasPrefix("tally: "), "\(second.errors)")
                #expect(last.contains("127.0.0.1:\(first.port)"), "\(second.errors)")
            }
        }
    }
}
