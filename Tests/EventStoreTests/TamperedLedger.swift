import Crypto
import EventStore
import LedgerModel
import LedgerTesting
import Postgres
import StoreTesting

/// A small ledger that a test changes behind the service's back, row by row.
struct TamperedLedger {
    let database: LedgerDatabase
    let ledger: PostgresLedger
    let events: [RecordedEvent]
    let head: Head
    /// What an honest auditor kept of the head.
    let checkpoint: Checkpoint
    private let pool: Pool

    static func withScratch(
        seed: UInt64, blocks: Int = 6, _ body: (TamperedLedger) async throws -> Void
    ) async throws {
        try await LedgerDatabase.withScratch { database in
            let ledger = try await database.ledger()
            var random = RandomEvents(seed: seed)
            for _ in 0..<blocks { _ = try await ledger.append(random.entries(5)) }
            let head = try await ledger.head()
            try await database.execute(
                """
                CREATE SCHEMA saved;
                CREATE TABLE saved.events AS SELECT * FROM tally.events;
                CREATE TABLE saved.blocks AS SELECT * FROM tally.blocks;
                CREATE TABLE saved.heads AS SELECT * FROM tally.heads;
                CREATE TABLE saved.identities AS SELECT * FROM tally.identities
                """)
            let tampered = TamperedLedger(
                database: database, ledger: ledger, events: try await ledger.everything(),
                head: head,
                checkpoint: try Checkpoint(
                    ledgerName: "main", ledger: ledger.id, head: head, at: .earliest,
                    key: Curve25519.Signing.PrivateKey()),
                pool: Pool(database.configuration, size: 1))
            try await body(tampered)
            await tampered.pool.close()
        }
    }

    /// Changes rows as `sql` says; how many were changed.
    @discardableResult
    func change(_ sql: String) async throws -> Int {
        try await pool.session { try $0.execute(sql) }
    }

    func problem(against checkpoint: Checkpoint? = nil) async throws -> Verifier.Problem? {
        try await Verifier(ledger: ledger.id, pool: pool).verify(against: checkpoint).problem
    }

    /// Undoes every change.
    func restore() async throws {
        try await change(
            """
            DELETE FROM tally.events; INSERT INTO tally.events SELECT * FROM saved.events;
            DELETE FROM tally.blocks; INSERT INTO tally.blocks SELECT * FROM saved.blocks;
            DELETE FROM tally.heads; INSERT INTO tally.heads SELECT * FROM saved.heads;
            DELETE FROM tally.identities;
            INSERT INTO tally.identities SELECT * FROM saved.identities
            """)
    }

    /// Restores after a change of one event only.
    func restore(position: Int64) async throws {
        try await change(
            """
            DELETE FROM tally.events AS events USING saved.events AS saved
            WHERE saved.position = \(position) AND (events.event_id = saved.event_id
                OR events.position IN (\(position), \(Self.elsewhere)));
            INSERT INTO tally.events SELECT * FROM saved.events WHERE position = \(position)
            """)
    }

    /// A position that no ledger here reaches.
    static let elsewhere = 1_000_000

    /// The first position of a block.
    func first(ofBlock number: Int64) async throws -> Int64 {
        for position in 1...head.position {
            if let block = try await ledger.block(holding: position)?.block,
                block.number == number
            {
                return block.firstPosition
            }
        }
        return 0
    }
}
