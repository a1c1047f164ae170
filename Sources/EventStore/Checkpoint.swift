package import LedgerModel

package import enum Crypto.Curve25519

/// A signed head of a ledger at one moment, to be kept outside of the database.
///
/// It tells a truncated or rewritten ledger from the true one.
package struct Checkpoint: Hashable, Sendable {
    package let ledgerName: String
    package let ledger: LedgerID
    package let head: Head
    package let recordedAt: Timestamp
    package let publicKey: [UInt8]
    package let signature: [UInt8]

    /// Signs a head with Ed25519.
    package init(
        ledgerName: String, ledger: LedgerID, head: Head, at time: Timestamp,
        key: Curve25519.Signing.PrivateKey
    ) throws {
        self.ledgerName = ledgerName
        self.ledger = ledger
        self.head = head
        recordedAt = time
        publicKey = [UInt8](key.publicKey.rawRepresentation)
        let text = Self.signedText(ledgerName, ledger, head, time)
        signature = [UInt8](try key.signature(for: Array(text.utf8)))
    }

    package init(
        ledgerName: String, ledger: LedgerID, head: Head, recordedAt: Timestamp,
        publicKey: [UInt8], signature: [UInt8]
    ) {
        self.ledgerName = ledgerName
        self.ledger = ledger
        self.head = head
        self.recordedAt = recordedAt
        self.publicKey = publicKey
        self.signature = signature
    }

    /// Whether the public key signed exactly these values.
    package var isAuthentic: Bool {
        signer.signed(Self.signedText(ledgerName, ledger, head, recordedAt), signature)
    }

    private static func signedText(
        _ name: String, _ ledger: LedgerID, _ head: Head, _ time: Timestamp
    ) -> String {
        """
        tallystick checkpoint 1
        \(ledger) \(name)
        \(head.position) \(head.block) \(head.hash)
        \(time)

        """
    }
}

/// A proof that one event is in a block, checked without the database.
package struct InclusionProof: Hashable, Sendable {
    package let event: EventID
    package let position: Int64
    /// The canonical encoding of the event: the leaf is SHA-256(0x00 ‖ encoding).
    package let encoding: [UInt8]
    package let path: [Digest]
    package let block: Block

    package init(
        event: EventID, position: Int64, encoding: [UInt8], path: [Digest], block: Block
    ) {
        self.event = event
        self.position = position
        self.encoding = encoding
        self.path = path
        self.block = block
    }

    /// Whether the encoding is this event's and its leaf leads to the block's root.
    package var isValid: Bool {
        guard encoding.starts(with: encodingStart) else { return false }
        let leaf = Digest(hashing: [0x00] + encoding)
        return MerkleTree.verify(
            leaf, at: Int(position - block.firstPosition), of: Int(block.count), path: path,
            root: block.root)
    }

    /// The version and the first field: the number 1, the length 16 and the id.
    private var encodingStart: [UInt8] {
        var bytes: [UInt8] = [LeafHasher.encodingVersion, Field.id.rawValue, 0, 0, 0, 16]
        for word in [event.high, event.low] {
            withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}

extension LedgerStore {
    /// Proves that an event is in the ledger; nil if the ledger lacks it.
    package func proof(of id: EventID) async throws -> InclusionProof? {
        guard let recorded = try await event(id),
            let (block, leaves) = try await block(holding: recorded.position)
        else { return nil }
        var image = EventImage()
        image.append(recorded.event)
        var hasher = LeafHasher()
        guard let encoding = hasher.canonicalEncoding(of: image.buffer) else {
            throw CorruptRow(position: recorded.position)
        }
        let index = Int(recorded.position - block.firstPosition)
        return InclusionProof(
            event: id, position: recorded.position, encoding: encoding,
            path: MerkleTree.proof(for: index, in: leaves), block: block)
    }
}
