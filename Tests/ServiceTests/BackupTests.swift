import Foundation
import Testing

/// A backup is worth what a restored ledger is.
@Suite("Backup and restore")
struct BackupTests {
    @Test("a restored database has every event, continues its checkpoint, and goes on")
    func restores() async throws {
        let example = Workplace.package + "/Examples/Imports/native.ndjson"
        try await withPlace { place in
            _ = try await place.tally("import", example)
            _ = try await place.tally("sql", "SELECT 1")
            let (backup, checkpoint) = (
                place.dataDirectory + "/ledger.backup", place.dataDirectory + "/kept.json"
            )
            _ = try await place.tally("checkpoint", "--out", checkpoint)
            try await withService(on: place) { _ in
                let run = try await place.tally("backup", backup)
                #expect(run.exitCode == 0, "\(run.errors)")
            }
            let mode = try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions]
            #expect(mode as? Int == 0o600)
            try await withEmbeddedPlace { other in
                let run = try await other.tally("restore", backup)
                #expect(run.exitCode == 0, "\(run.errors)")
                let verified = try await other.tally("verify", "--checkpoint", checkpoint)
                #expect(verified.output.contains("continues the checkpoint"), "\(verified)")
                let sql = "SELECT count(*), sum(cost_usd) FROM audit.requests"
                let (old, new) = (
                    try await place.tally("sql", sql, "--json"),
                    try await other.tally("sql", sql, "--json")
                )
                #expect(new.exitCode == 0 && new.output == old.output, "\(new)")
                let again = try await other.tally("import", example)
                #expect(again.output.contains("0 appended, 7 duplicates"), "\(again)")
                let twice = try await other.tally("restore", backup)
                #expect(twice.exitCode == 65 && twice.errors.contains("ledgers here already"))
            }
            let nothing = try await place.tally("restore", backup + ".none")
            #expect(nothing.exitCode == 65 && nothing.errors.contains("cannot be read"))
        }
    }
}
