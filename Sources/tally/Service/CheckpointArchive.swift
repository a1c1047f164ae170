import Access
import EventStore
import Foundation
import LedgerModel
import Rendering

/// Signed heads, written at an interval to files outside of the database.
enum CheckpointArchive {
    static func write(of deployment: Deployment, settings: Settings) async throws {
        let directory = settings.dataDirectory + "/checkpoints"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        let key = try CheckpointFile.signingKey(in: settings.dataDirectory)
        for ledger in try await deployment.directory.list() where ledger.head.position > 0 {
            let now = Timestamp.now
            let checkpoint = try Checkpoint(
                ledgerName: ledger.name, ledger: ledger.id, head: ledger.head, at: now, key: key)
            try writeFile(
                checkpoint.json + "\n",
                to: "\(directory)/ledger-\(ledger.id)-\(now.dayDescription).json")
        }
    }
}
