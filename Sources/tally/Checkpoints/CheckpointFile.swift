import EventStore
import Foundation
import LedgerModel
import Rendering

/// Checkpoints as JSON files.
enum CheckpointFile {
    private struct Contents: Codable {
        var ledger: String
        var ledgerID: Int64
        var position: Int64
        var block: Int64
        var hash: String
        var recordedAt: String
        var publicKey: String
        var signature: String

        enum CodingKeys: String, CodingKey {
            case ledger, position, block, hash, signature
            case ledgerID = "ledger_id"
            case recordedAt = "recorded_at"
            case publicKey = "public_key"
        }
    }

    /// Reads a file and checks its signature.
    static func read(_ path: String) throws -> Checkpoint {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InputRefused("the checkpoint \(path) cannot be read")
        }
        guard let contents = try? JSONDecoder().decode(Contents.self, from: data),
            let hash = Digest(hexadecimal: contents.hash),
            let recordedAt = Timestamp(rfc3339: contents.recordedAt),
            let publicKey = Data(base64Encoded: contents.publicKey),
            let signature = Data(base64Encoded: contents.signature)
        else { throw InputRefused("\(path) is not a checkpoint") }
        let checkpoint = Checkpoint(
            ledgerName: contents.ledger, ledger: LedgerID(contents.ledgerID),
            head: Head(position: contents.position, block: contents.block, hash: hash),
            recordedAt: recordedAt, publicKey: [UInt8](publicKey), signature: [UInt8](signature))
        guard checkpoint.isAuthentic else {
            throw InputRefused("the checkpoint \(path) was changed: its signature does not match")
        }
        return checkpoint
    }
}
