import EventStore
import Foundation
import JSON
import LedgerModel

/// Inclusion proofs as JSON files.
enum ProofFile {
    static func read(_ path: String) throws -> (proof: InclusionProof, blockHash: Digest) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InputRefused("the proof \(path) cannot be read")
        }
        guard let tree = try? JSONTree(parsing: data), let block = tree["block"],
            let event = EventID(tree["event_id"]?.string ?? ""),
            let position = tree["position"]?.integer, position > 0,
            let encoding = [UInt8](hexadecimal: tree["encoding"]?.string ?? ""),
            let siblings = tree["path"]?.items?.map(digest), !siblings.contains(nil),
            let ledger = block["ledger"]?.integer, let number = block["number"]?.integer,
            let first = block["first_position"]?.integer, let count = block["count"]?.integer,
            (1...position).contains(first), count > 0, let root = digest(block["root"]),
            let previous = digest(block["previous_hash"]),
            let recordedAt = Timestamp(rfc3339: block["recorded_at"]?.string ?? ""),
            let hash = digest(block["hash"])
        else { throw InputRefused("\(path) is not a proof: expected what tally prove prints") }
        let proof = InclusionProof(
            event: event, position: Int64(position), encoding: encoding,
            path: siblings.compactMap(\.self),
            block: Block(
                ledger: Int64(ledger), number: Int64(number), firstPosition: Int64(first),
                count: Int64(count), root: root, previousHash: previous, recordedAt: recordedAt))
        return (proof, hash)
    }

    private static func digest(_ value: JSONTree?) -> Digest? {
        value?.string.flatMap { Digest(hexadecimal: $0) }
    }
}

extension [UInt8] {
    /// Reads pairs of hexadecimal digits.
    fileprivate init?(hexadecimal text: String) {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == text.count, digits.count.isMultiple(of: 2) else { return nil }
        self = stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}
