import Access
import EventStore
import Foundation
import LedgerModel
import Rendering

/// Signed heads, written at an interval to files outside of the database.
enum CheckpointArchive {
    /// When the newest one of a ledger was written; nil if there is none.
    static func newest(of ledger: LedgerID, in dataDirectory: String) -> Timestamp? {
        let directory = dataDirectory + "/checkpoints"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let times = files.filter { $0.hasPrefix("ledger-\(ledger)-") }.compactMap { file in
            let path = directory + "/" + file
            return (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate]
                as? Date
        }
        return times.max().map {
            Timestamp(unixMicroseconds: Int64($0.timeIntervalSince1970 * 1_000_000))
        }
    }

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
