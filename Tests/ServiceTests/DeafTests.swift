import Foundation
import LedgerTesting
import Testing

/// Queries that really are deaf, since the functions for them were opened, and what they cost others.
@Suite("Deaf queries", .serialized)
struct DeafTests {
    /// Looks for its end between two steps, of which one takes hours.
    private static let query = """
        SELECT pg_catalog.strpos(pg_catalog.repeat('a', 4000000), \
        'b' || pg_catalog.repeat('a', 2000000))
        """
    private static let callers = 16

    @Test(
        "16 callers of deaf queries hardly delay another ledger, until the last step costs a restart",
        .enabled(if: isSoaking, "needs TALLY_SOAK=1"), .timeLimit(.minutes(15)))
    func besideIngest() async throws {
        try await withEmbeddedPlace { place in
            try await withService(on: place) { service in
                let made = try await place.tally("ledgers", "create", Hostile.ledger)
                #expect(made.exitCode == 0, "\(made.errors)")
                _ = try await place.psql(
                    """
                    GRANT EXECUTE ON FUNCTION pg_catalog.strpos(text, text),
                        pg_catalog.repeat(text, integer) TO PUBLIC
                    """)
                let before = try await Self.sessions(in: place)
                #expect(before == 0)

                let alone = Ingest(service.client(), name: "alone")
                try await alone.beside {}
                print("without: \(alone.summary)")

                // Their callers are answered after 30 s, and their processes end after a minute more.
                let attack = Task { await Self.attack(service.client()) }
                try await poll("the slots of the ledger are taken") {
                    try await Self.sessions(in: place) >= 4
                }
                let beside = Ingest(service.client(), name: "beside")
                try await beside.beside { try await Task.sleep(for: .seconds(45)) }
                print("beside: \(beside.summary)")
                #expect(beside.p99 < .milliseconds(50), "\(beside.summary)")
                #expect(try await Self.sessions(in: place) >= 4, "they were deaf all the time")

                let through = Ingest(service.client(), name: "through")
                try await through.beside {
                    try await poll("they are killed", within: .seconds(180)) {
                        (try? await Self.sessions(in: place)) == 0
                    }
                }
                let answers = await attack.value
                print("through the kill: \(through.summary); answers \(answers)")
                #expect(through.max < .seconds(60), "\(through.summary)")
                for ingest in [alone, beside, through] {
                    #expect(try await ingest.stored(in: place) == ingest.count)
                }
                #expect(service.isRunning)
                let verified = try await place.tally("verify")
                #expect(verified.exitCode == 0, "\(verified.output)\(verified.errors)")
            }
        }
    }

    /// One query for each caller; how many got which status.
    private static func attack(_ client: TallyClient) async -> [Int: Int] {
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<callers {
                group.addTask {
                    let answer = try? await client.post(
                        "/api/v1/sql?ledger=\(Hostile.ledger)", #"{"query":"\#(query)"}"#)
                    return answer?.status ?? 0
                }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
    }

    private static func sessions(in place: Place) async throws -> Int {
        let text = try await place.psql(
            "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'tally_audit_%'")
        return Int(text) ?? -1
    }
}
