import EventStore
import Foundation
import JSON
import LedgerModel
import Rendering

/// Checkpoints as JSON files.
enum CheckpointFile {
    /// Reads a file and checks its signature.
    static func read(_ path: String) throws -> Checkpoint {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InputRefused("the checkpoint \(path) cannot be read")
        }
        guard let contents = try? JSONTree(parsing: data),
            let ledger = contents["ledger"]?.string, let id = contents["ledger_id"]?.integer,
            let position = contents["position"]?.integer,
            let block = contents["block"]?.integer,
            let hash = (contents["hash"]?.string).flatMap({ Digest(hexadecimal: $0) }),
            let recordedAt = (contents["recorded_at"]?.string)
                .flatMap({ Timestamp(rfc3339: $0) }),
            let publicKey = contents.base64("public_key"),
            let signature = contents.base64("signature")
        else { throw InputRefused("\(path) is not a checkpoint") }
        let checkpoint = Checkpoint(
            ledgerName: ledger, ledger: LedgerID(Int64(id)),
            head: Head(position: Int64(position), block: Int64(block), hash: hash),
            recordedAt: recordedAt, publicKey: publicKey, signature: signature)
        guard checkpoint.isAuthentic else {
            throw InputRefused("the checkpoint \(path) was changed: its signature does not match")
        }
        return checkpoint
    }
}

extension JSONTree {
    /// The bytes of a member that is base64; nil if it is anything else.
    func base64(_ key: String) -> [UInt8]? {
        self[key]?.string.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) }
    }
}
