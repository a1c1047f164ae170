import Foundation
import LedgerTesting
import Testing

/// Changes by somebody who can write to the database, and the reports of `tally verify`.
@Suite("Tampering", .serialized)
struct TamperingTests {
    /// A ledger of several blocks.
    private func withLedger(_ body: (Place) async throws -> Void) async throws {
        try await withPlace { place in
            try await withService(on: place) { service in
                for block in 0..<4 {
                    let events = goodEvents(25, prefix: "block\(block)")
                    let report = try await service.client().ingest(array(events))
                    #expect(report.appended == 25)
                }
            }
            try await body(place)
        }
    }

    /// Changes to the tables of the superuser; each is undone by restoring the table.
    private static let changes = [
        ("a count", "UPDATE tally.events SET input_tokens = input_tokens + 1 WHERE position = 40"),
        ("an amount", "UPDATE tally.events SET amount_pico = 0 WHERE position = 41"),
        ("an app", "UPDATE tally.events SET app = 'other' WHERE position = 40"),
        ("a label that was none", "UPDATE tally.events SET labels = '{}' WHERE position = 40"),
        (
            "a time",
            "UPDATE tally.events SET occurred_at = occurred_at + '1 us' WHERE position = 40"
        ),
        ("an event taken out", "DELETE FROM tally.events WHERE position = 40"),
        (
            "two events swapped",
            """
            UPDATE tally.events SET position = CASE position WHEN 40 THEN 42 ELSE 40 END
            WHERE position IN (40, 42)
            """
        ),
        (
            "an event put in",
            """
            INSERT INTO tally.events (ledger_id, position, recorded_at, leaf_prefix, occurred_at,
                kind, event_id, provider, model)
            SELECT ledger_id, position, recorded_at, leaf_prefix, occurred_at, kind,
                encode(set_byte(uuid_send(event_id), 15, 7), 'hex')::uuid, provider, model
            FROM (SELECT * FROM tally.events WHERE position = 40) AS one
            """
        ),
        ("a block's root", "UPDATE tally.blocks SET root = sha256('x') WHERE block = 2"),
        ("a block's time", "UPDATE tally.blocks SET recorded_at = '2020-01-01' WHERE block = 3"),
        ("a block taken out", "DELETE FROM tally.blocks WHERE block = 2"),
        ("the totals", "UPDATE tally.blocks SET charged_pico = charged_pico + 1 WHERE block = 2"),
        ("the head", "UPDATE tally.heads SET hash = sha256('x')"),
        (
            "an identity",
            "DELETE FROM tally.identities WHERE ctid IN (SELECT ctid FROM "
                + "tally.identities LIMIT 1)"
        ),
    ]

    @Test("whatever a superuser changes is found, with exit code 1")
    func changes() async throws {
        try await withLedger { place in
            let intact = try await place.tally("verify", "--json")
            #expect(intact.exitCode == 0)
            #expect(try intact.json.intact == true)
            for (what, sql) in Self.changes {
                try await Self.save(place)
                _ = try await place.psql(sql)
                let run = try await place.tally("verify", "--json")
                #expect(run.exitCode == 1, "\(what): \(run.output)\(run.errors)")
                let verdict = try run.json
                #expect(verdict.intact == false, "\(what)")
                #expect(verdict.problem.what.string?.isEmpty == false, "\(what)")
                if sql.contains("position = 40") {
                    let position = verdict.problem.position
                    #expect([40, 41].contains(position), "\(what): \(run.output)")
                }
                let words = try await place.tally("verify")
                #expect(words.exitCode == 1)
                #expect(words.output.contains("NOT intact: position "), "\(what)")
                try await Self.restore(place)
            }
            #expect(try await place.tally("verify").exitCode == 0, "everything was put back")
        }
    }

    private static let tables = ["events", "blocks", "heads", "identities"]

    private static func save(_ place: Place) async throws {
        _ = try await place.psql(
            "CREATE SCHEMA saved;"
                + tables.map { "CREATE TABLE saved.\($0) AS TABLE tally.\($0);" }.joined())
    }

    private static func restore(_ place: Place) async throws {
        _ = try await place.psql(
            tables.map {
                "DELETE FROM tally.\($0); INSERT INTO tally.\($0) SELECT * FROM saved.\($0);"
            }.joined() + "DROP SCHEMA saved CASCADE;")
    }

    @Test("a removed tail is found by a checkpoint that was kept elsewhere")
    func truncatedTail() async throws {
        try await withLedger { place in
            let file = place.dataDirectory + "/kept.json"
            let made = try await place.tally("checkpoint", "--out", file)
            #expect(made.exitCode == 0, "\(made.errors)")
            let good = try await place.tally("verify", "--checkpoint", file)
            #expect(good.exitCode == 0, "\(good.output)")
            _ = try await place.psql(Self.cut)
            try FileManager.default.removeItem(atPath: place.dataDirectory + "/checkpoints")
            let without = try await place.tally("verify")
            #expect(without.exitCode == 0, "the chain alone can't tell: \(without.output)")
            let cut = try await place.tally("verify", "--checkpoint", file)
            #expect(cut.exitCode == 1)
            #expect(cut.output.contains("the tail was removed"), "\(cut.output)")
        }
    }

    /// Removes the last block so that everything left agrees.
    static let cut = """
        DELETE FROM tally.identities WHERE event_id IN (
            SELECT event_id FROM tally.events
            WHERE position >= (SELECT max(first_position) FROM tally.blocks));
        DELETE FROM tally.events WHERE position >= (SELECT max(first_position) FROM tally.blocks);
        DELETE FROM tally.blocks WHERE block = (SELECT max(block) FROM tally.blocks);
        UPDATE tally.heads SET block = last.block, first_position = last.first_position,
            position = last.first_position + last.count - 1, prev_hash = last.prev_hash,
            hash = last.hash, recorded_at = last.recorded_at, requests = last.requests,
            charged_pico = last.charged_pico
        FROM (SELECT * FROM tally.blocks ORDER BY block DESC LIMIT 1) AS last
        WHERE heads.ledger_id = last.ledger_id
        """

    @Test("a checkpoint that was changed, or is of another ledger, is refused")
    func changedCheckpoint() async throws {
        try await withLedger { place in
            let file = place.dataDirectory + "/kept.json"
            _ = try await place.tally("checkpoint", "--out", file)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let position = try #require(text.firstRange(of: /"position":\d+/))
            try text.replacingCharacters(in: position, with: "\"position\":1").write(
                toFile: file, atomically: true, encoding: .utf8)
            let run = try await place.tally("verify", "--checkpoint", file)
            #expect(run.exitCode == 65)
            #expect(run.errors.contains("signature"), "\(run.errors)")
        }
    }

    @Test("a proof is checked by an independent program that only uses SHA-256")
    func proofs() async throws {
        try await withLedger { place in
            let rows = try await place.psql(
                "SELECT event_id, external_id FROM tally.events WHERE kind = 1 ORDER BY position")
            let events = rows.split(separator: "\n").map { $0.split(separator: "|") }
            for index in [0, 1, 24, 25, 60, 99] {
                let id = String(events[index][0]), external = String(events[index][1])
                let run = try await place.tally("prove", id)
                #expect(run.exitCode == 0, "\(run.errors)")
                let file = place.dataDirectory + "/proof.json"
                try run.output.write(toFile: file, atomically: true, encoding: .utf8)
                let checked = try await Self.check(file, external)
                #expect(checked.exitCode == 0, "\(checked.errors)")
                #expect(checked.output.hasPrefix("proven "))
                let ours = try await CommandRun.tally(["prove", "--check", file])
                #expect(ours.exitCode == 0, "\(ours.errors)")
                #expect(ours.output.hasPrefix("event \(id) is at position "))
                let wrong = run.output.replacingOccurrences(
                    of: #""encoding":"01"#, with: #""encoding":"02"#)
                try wrong.write(toFile: file, atomically: true, encoding: .utf8)
                #expect(try await Self.check(file, external).exitCode != 0)
                #expect(try await CommandRun.tally(["prove", "--check", file]).exitCode == 1)
            }
        }
    }

    @Test("a proof is compared with a checkpoint of its block, and with no other")
    func proofAndCheckpoint() async throws {
        try await withLedger { place in
            let files = (place.dataDirectory + "/proof.json", place.dataDirectory + "/kept.json")
            _ = try await place.tally("checkpoint", "--out", files.1)
            for (order, code, words) in [
                ("DESC", Int32(0), "as the checkpoint says"), ("ASC", 1, "take one of block 1"),
            ] {
                let id = try await place.psql(
                    "SELECT event_id FROM tally.events ORDER BY position \(order) LIMIT 1")
                let proof = try await place.tally("prove", id).output
                try proof.write(toFile: files.0, atomically: true, encoding: .utf8)
                let run = try await CommandRun.tally(
                    ["prove", "--check", files.0, "--checkpoint", files.1])
                #expect(run.exitCode == code && run.output.contains(words), "\(run)")
            }
            let run = try await CommandRun.tally(["prove", "--check", files.1])
            #expect(run.exitCode == 65 && run.errors.contains("is not a proof"))
        }
    }

    private static func check(_ file: String, _ externalID: String) async throws -> CommandRun {
        try await CommandRun.run(
            "/usr/bin/env", ["python3", Workplace.client("verify_proof.py"), file, externalID])
    }
}
