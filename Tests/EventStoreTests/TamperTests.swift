import EventStore
import LedgerModel
import LedgerSQL
import LedgerTesting
import Postgres
import StoreTesting
import Testing

extension Verifier.Problem? {
    fileprivate var text: String { self?.description ?? "nothing was found" }
}

@Suite("A ledger that was tampered with", .serialized, .timeLimit(.minutes(5)))
struct TamperTests {
    /// How to change a value of each type a little: a set value by a bit, a NULL to a value.
    private static func changed(_ column: String, type: String) -> [String] {
        switch type {
        case "bigint", "integer": ["coalesce(\(column) # 1, 0)"]
        case "smallint": ["(\(column) # 1::smallint)"]
        case "timestamp with time zone": ["\(column) + interval '1 microsecond'"]
        case "bytea": ["coalesce(set_byte(\(column), 31, get_byte(\(column), 31) # 1), '\\x00')"]
        case "uuid":
            [
                "coalesce((left(\(column)::text, 35) || CASE right(\(column)::text, 1) "
                    + "WHEN '0' THEN '1' ELSE '0' END)::uuid, "
                    + "'00000000-0000-7000-8000-000000000000')"
            ]
        default:
            [
                "coalesce(\(column) || 'x', '')",
                "coalesce(overlay(\(column) placing '~' from 1 for 1), 'x')",
            ]
        }
    }

    private struct ColumnTypes: Statement {
        static let sql = """
            SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute
            WHERE attrelid = 'tally.events'::regclass AND attnum > 0 ORDER BY attnum
            """
        static let columns = Columns(String.self, String.self)
    }

    @Test("any changed column of any event is found at its position")
    func everyColumn() async throws {
        let seed = testSeed()
        try await TamperedLedger.withScratch(seed: seed) { ledger in
            let connection = try await Connection.open(ledger.database.configuration)
            let columns = try await connection.session { try $0.run(ColumnTypes()) }
            #expect(columns.map(\.0).sorted() == RowFrame.columns.sorted())
            await connection.close()
            var random = SeededGenerator(seed: seed)
            for (column, type) in columns {
                for change in Self.changed(column, type: type) {
                    let all = Array(1...ledger.head.position)
                    let some = Array(all.shuffled(using: &random).prefix(3))
                    for position in isSoaking ? all : some {
                        try await check(ledger, column, change, at: position)
                    }
                }
            }
            #expect(try await ledger.problem() == nil)
        }
    }

    private func check(
        _ ledger: TamperedLedger, _ column: String, _ change: String, at position: Int64
    ) async throws {
        let change = column == "position" ? "\(TamperedLedger.elsewhere)" : change
        let count = try await ledger.change(
            "UPDATE tally.events SET \(column) = \(change) WHERE position = \(position)")
        #expect(count == 1)
        let problem = try await ledger.problem()
        #expect(problem?.position == position, "\(column) of \(position): \(problem.text)")
        #expect(problem?.what.isEmpty == false)
        try await ledger.restore(position: position)
    }

    @Test("removed values are found as changed ones are")
    func removedValues() async throws {
        try await TamperedLedger.withScratch(seed: testSeed()) { ledger in
            for column in ["labels", "amount_pico", "team", "output_tokens", "external_id"] {
                let count = try await ledger.change(
                    "UPDATE tally.events SET \(column) = NULL WHERE \(column) IS NOT NULL")
                #expect(count > 0)
                #expect(try await ledger.problem() != nil)
                try await ledger.restore()
            }
            #expect(try await ledger.problem() == nil)
        }
    }

    @Test("deleted, inserted, swapped and moved rows are found")
    func rows() async throws {
        try await TamperedLedger.withScratch(seed: testSeed()) { ledger in
            let end = ledger.head.position
            for position in [1, 2, end / 2, end] {
                try await ledger.change("DELETE FROM tally.events WHERE position = \(position)")
                let problem = try await ledger.problem()
                #expect(problem?.description == "position \(position): the event is missing")
                try await ledger.restore()
            }
            let columns = RowFrame.columns
                .filter { $0 != "event_id" && $0 != "position" && $0 != "external_id" }
                .joined(separator: ", ")
            for position in [1, end / 2, end, end + 1, 0, -7] {
                let copied = position == 1 ? end : 1
                try await ledger.change(
                    """
                    INSERT INTO tally.events (event_id, position, \(columns))
                    SELECT (left(event_id::text, 24) || '0123456789ab')::uuid, \(position),
                        \(columns) FROM tally.events WHERE position = \(copied)
                    """)
                let problem = try await ledger.problem()
                // Of two rows at one position either may be read first.
                let block = try await ledger.ledger.block(holding: position)?.block
                let range = (block?.firstPosition ?? position)...position
                #expect(problem.map { range.contains($0.position) } == true, "\(problem.text)")
                try await ledger.restore()
            }
            for (a, b) in [(1, 2), (3, end), (end - 1, end)] {
                try await ledger.change(
                    """
                    UPDATE tally.events SET position = \(a) + \(b) - position
                    WHERE position IN (\(a), \(b))
                    """)
                let problem = try await ledger.problem()
                let first = try await ledger.ledger.block(holding: a)?.block.firstPosition ?? a
                #expect(problem.map { (first...a).contains($0.position) } == true)
                try await ledger.restore()
            }
            #expect(try await ledger.problem() == nil)
        }
    }

    @Test("an event moved to another month is found")
    func otherMonth() async throws {
        try await TamperedLedger.withScratch(seed: testSeed()) { ledger in
            try await ledger.change("SELECT tally.ensure_month('2020-01-01')")
            let id = EventID.first(of: Month(year: 2020, month: 1))
            for position in [1, ledger.head.position] {
                try await ledger.change(
                    """
                    UPDATE tally.events SET event_id = '\(id)', occurred_at = '2020-01-01T00:00Z'
                    WHERE position = \(position)
                    """)
                #expect(try await ledger.problem()?.position == position)
                try await ledger.restore()
                // A copy slipped into a month that no block names.
                try await ledger.change(
                    """
                    INSERT INTO tally.events (ledger_id, position, recorded_at, leaf_prefix,
                        occurred_at, kind, event_id)
                    SELECT ledger_id, position, recorded_at, leaf_prefix,
                        '2020-01-01T00:00Z', kind, '\(id)'
                    FROM tally.events WHERE position = \(position)
                    """)
                #expect(try await ledger.problem() != nil)
                try await ledger.restore()
            }
        }
    }

    @Test("any changed field of a block is found, and so is a missing block")
    func blocks() async throws {
        let changes =
            [
                "block = 77", "first_position = first_position + 1",
                "first_position = -first_position", "count = count + 1", "count = count - 1",
                "count = 9223372036854775807", "root = sha256(root)",
                "prev_hash = sha256(prev_hash)", "hash = sha256(hash)",
                "recorded_at = recorded_at + interval '1 us'", "requests = requests + 1",
                "charged_pico = charged_pico + 1", "charged_pico = charged_pico + 0.5",
                "charged_pico = 'NaN'", "first_month = first_month - 40",
                "last_month = last_month + 40", "first_month = first_month + 1", "ledger_id = 99",
            ].map { "UPDATE tally.blocks SET \($0)" } + ["DELETE FROM tally.blocks"]
        try await TamperedLedger.withScratch(seed: testSeed()) { ledger in
            for change in changes {
                for number in [1, 3, ledger.head.block] {
                    let first = try await ledger.first(ofBlock: number)
                    #expect(try await ledger.change("\(change) WHERE block = \(number)") == 1)
                    let problem = try await ledger.problem()
                    #expect(problem?.position == first, "\(change), \(number): \(problem.text)")
                    try await ledger.restore()
                }
            }
        }
    }

    @Test("a block with its hash recomputed no longer links to its neighbours")
    func recomputedHash() async throws {
        let changes = ["prev_hash = sha256('x')", "recorded_at = recorded_at + interval '1 us'"]
        let rehash = """
            UPDATE tally.blocks SET hash = sha256('\\x02'::bytea || prev_hash
                || int8send(ledger_id) || int8send(block) || int8send(first_position)
                || int8send(count) || root || timestamptz_send(recorded_at))
            """
        try await TamperedLedger.withScratch(seed: testSeed()) { ledger in
            let first = try await ledger.first(ofBlock: 3)
            for change in changes {
                try await ledger.change("UPDATE tally.blocks SET \(change) WHERE block = 3")
                try await ledger.change("\(rehash) WHERE block = 3")
                #expect(try await ledger.problem()?.position == first)
                try await ledger.restore()
            }
            // A whole block forged well: the next one gives it away.
            let next = try await ledger.first(ofBlock: 4)
            try await ledger.change(
                """
                UPDATE tally.events SET recorded_at = recorded_at + interval '1 us'
                WHERE position >= \(first) AND position < \(next);
                UPDATE tally.blocks SET recorded_at = recorded_at + interval '1 us'
                WHERE block = 3
                """)
            try await ledger.change("\(rehash) WHERE block = 3")
            let problem = try await ledger.problem()
            #expect(problem?.position == next)
            #expect(problem?.what.contains("does not link") == true, "\(problem.text)")
        }
    }

    @Test("any changed field of the head is found")
    func head() async throws {
        let changes = [
            "position = position + 1", "position = position - 1", "block = block + 1",
            "block = block - 1", "block = 0", "hash = sha256(hash)", "prev_hash = hash",
            "first_position = first_position + 1", "requests = requests + 1",
            "charged_pico = charged_pico - 1", "recorded_at = recorded_at + interval '1 day'",
        ]
        try await TamperedLedger.withScratch(seed: testSeed()) { ledger in
            for change in changes {
                #expect(try await ledger.change("UPDATE tally.heads SET \(change)") == 1)
                let problem = try await ledger.problem()
                #expect(problem != nil, "\(change)")
                #expect(problem.map { $0.position <= ledger.head.position + 1 } == true)
                try await ledger.restore()
            }
        }
    }

    @Test("identities that were removed, added or pointed elsewhere are found")
    func identities() async throws {
        let changes = [
            """
            DELETE FROM tally.identities
            WHERE digest = (SELECT digest FROM saved.identities ORDER BY digest LIMIT 1)
            """,
            """
            INSERT INTO tally.identities
            SELECT ledger_id, sha256('another'), event_id FROM tally.events WHERE position = 1
            """,
            """
            INSERT INTO tally.identities
            VALUES ((SELECT ledger_id FROM tally.heads), sha256('nobody'), gen_random_uuid())
            """,
            """
            UPDATE tally.identities SET event_id = gen_random_uuid()
            WHERE digest = (SELECT digest FROM saved.identities ORDER BY digest LIMIT 1)
            """,
        ]
        try await TamperedLedger.withScratch(seed: testSeed(), blocks: 8) { ledger in
            for change in changes {
                #expect(try await ledger.change(change) == 1)
                let problem = try await ledger.problem()
                #expect(problem?.what.contains("identit") == true, "\(problem.text)")
                try await ledger.restore()
            }
        }
    }

    @Test("a removed tail with a forged head is found only by who kept a checkpoint")
    func truncated() async throws {
        try await TamperedLedger.withScratch(seed: testSeed()) { ledger in
            let first = try await ledger.first(ofBlock: ledger.head.block)
            try await ledger.change(
                """
                DELETE FROM tally.identities USING tally.events
                WHERE identities.event_id = events.event_id AND position >= \(first);
                DELETE FROM tally.events WHERE position >= \(first);
                DELETE FROM tally.blocks WHERE first_position >= \(first);
                UPDATE tally.heads AS heads SET (block, position, first_position, prev_hash, hash,
                    recorded_at, requests, charged_pico) = (
                    SELECT block, first_position + count - 1, first_position, prev_hash, hash,
                        recorded_at, requests, charged_pico
                    FROM tally.blocks ORDER BY block DESC LIMIT 1)
                """)
            #expect(try await ledger.problem() == nil)
            let problem = try await ledger.problem(against: ledger.checkpoint)
            #expect(problem?.position == first)
            #expect(problem?.what.contains("the tail was removed") == true)
        }
    }

    @Test("a history rewritten from end to end is found only by who kept a checkpoint")
    func rewritten() async throws {
        try await TamperedLedger.withScratch(seed: testSeed()) { ledger in
            #expect(try await ledger.problem(against: ledger.checkpoint) == nil)
            var pages: [[Entry]] = []
            var first: Int64 = 1
            while let block = try await ledger.ledger.block(holding: first)?.block {
                let events = ledger.events[Int(block.firstPosition) - 1..<Int(block.lastPosition)]
                pages.append(events.map { Entry(request: $0.event) })
                first = block.lastPosition + 1
            }
            pages[0][0].request.status = 418
            try await ledger.change(
                """
                DELETE FROM tally.events; DELETE FROM tally.blocks; DELETE FROM tally.identities;
                UPDATE tally.heads SET block = 0, position = 0, first_position = 0, requests = 0,
                    charged_pico = 0, hash = decode(repeat('00', 32), 'hex'),
                    prev_hash = decode(repeat('00', 32), 'hex'), recorded_at = '2000-01-01Z'
                """)
            let forger = try await ledger.database.ledger()
            for page in pages { _ = try await forger.append(page) }
            #expect(try await forger.head().position == ledger.head.position)
            #expect(try await ledger.problem() == nil)
            let problem = try await ledger.problem(against: ledger.checkpoint)
            #expect(problem?.what.contains("history was rewritten") == true)
        }
    }

    @Test(
        "untouched ledgers of any size verify, page by page, with progress",
        arguments: [
            0, 1, 2, 9, 40,
        ])
    func untouched(blocks: Int) async throws {
        let seed = testSeed()
        try await LedgerDatabase.withScratch { database in
            let ledger = try await database.ledger()
            var random = RandomEvents(seed: seed)
            for _ in 0..<blocks { _ = try await ledger.append(random.entries(3)) }
            let head = try await ledger.head()
            for (pageBlocks, pageRows) in [(4_096, 131_072), (1, 1), (3, 131_072), (4_096, 7)] {
                var limits = Verifier.Limits()
                limits.blocks = Int64(pageBlocks)
                limits.rows = Int64(pageRows)
                let seen = Shared([Int64]())
                let report = try await Verifier(
                    ledger: ledger.id, pool: Pool(database.asService, size: 1), limits: limits
                ).verify { done, total in
                    #expect(total == head.position)
                    seen.update { $0.append(done) }
                }
                #expect(report.problem == nil)
                #expect(report.head == head)
                #expect(report.events == head.position && report.blocks == Int64(blocks))
                #expect(seen.value.last == (blocks == 0 ? nil : head.position))
                #expect(seen.value == seen.value.sorted())
                if pageBlocks == 1 { #expect(seen.value.count == blocks) }
            }
        }
    }

    @Test("a checkpoint of another ledger is refused")
    func foreignCheckpoint() async throws {
        try await TamperedLedger.withScratch(seed: testSeed(), blocks: 1) { ledger in
            let other = try await ledger.database.ledger("other")
            await #expect(throws: ForeignCheckpoint.self) {
                _ = try await ledger.database.verify(other, against: ledger.checkpoint)
            }
        }
    }

    @Test("a ledger that continues a checkpoint is read from there on")
    func continuation() async throws {
        try await TamperedLedger.withScratch(seed: testSeed(), blocks: 4) { ledger in
            let known = ledger.checkpoint
            let verifier = Verifier(
                ledger: ledger.ledger.id, pool: Pool(ledger.database.asService, size: 2))
            let same = try await verifier.verify(since: known)
            #expect(same.problem == nil && same.head == known.head && same.events == 0)
            var random = RandomEvents(seed: testSeed() &+ 1)
            for _ in 0..<2 { _ = try await ledger.ledger.append(random.entries(5)) }
            let grown = try await verifier.verify(since: known)
            #expect(grown.problem == nil && grown.blocks == 2)
            #expect(grown.head == (try await ledger.ledger.head()))
            #expect(grown.events == grown.head.position - known.head.position)
            for sql in [
                "UPDATE tally.events SET app = 'else' WHERE position = \(known.head.position + 1)",
                "UPDATE tally.blocks SET root = sha256('x') WHERE block = \(known.head.block + 1)",
                "UPDATE tally.heads SET hash = sha256('x')",
                "DELETE FROM tally.events WHERE position = \(grown.head.position)",
            ] {
                let saved = ["events", "blocks", "heads"]
                try await ledger.change(
                    saved.map { "CREATE TABLE saved.\($0)_2 AS TABLE tally.\($0);" }.joined())
                #expect(try await ledger.change(sql) > 0)
                let found = try await verifier.verify(since: known)
                #expect((found.problem?.position ?? 0) > known.head.position, "\(sql)")
                try await ledger.change(
                    saved.map {
                        "DELETE FROM tally.\($0); INSERT INTO tally.\($0) TABLE saved.\($0)_2;"
                            + "DROP TABLE saved.\($0)_2;"
                    }.joined())
            }
        }
    }

    @Test("a ledger without the block of a checkpoint, or with another, does not continue it")
    func discontinuity() async throws {
        try await TamperedLedger.withScratch(seed: testSeed(), blocks: 3) { ledger in
            let known = ledger.checkpoint
            let verifier = Verifier(
                ledger: ledger.ledger.id, pool: Pool(ledger.database.asService, size: 2))
            for (sql, words) in [
                ("DELETE FROM tally.blocks WHERE block = 3", "the tail was removed"),
                ("UPDATE tally.blocks SET hash = sha256('x') WHERE block = 3", "was rewritten"),
                ("UPDATE tally.blocks SET root = sha256('x') WHERE block = 3", "was rewritten"),
            ] {
                try await ledger.change(sql)
                let found = try await verifier.verify(since: known)
                #expect(found.problem?.what.contains(words) == true, "\(sql): \(found)")
                try await ledger.restore()
            }
            #expect(try await verifier.verify(since: known).problem == nil)
        }
    }
}
