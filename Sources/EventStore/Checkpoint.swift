package import LedgerModel

package import enum Crypto.Curve25519

/// What the head of a ledger was at a moment, signed, to be kept outside of the database.
///
/// Whoever holds one can tell a truncated or rewritten ledger from the true one.
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

    /// Whether the signature is that of the public key over exactly these values.
    package var isAuthentic: Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
            return false
        }
        let text = Self.signedText(ledgerName, ledger, head, recordedAt)
        return key.isValidSignature(signature, for: Array(text.utf8))
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

/// Proof that one event is in a block, to be checked without the database.
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

    /// Whether the encoding is one of this event and hashes to a leaf that leads to the block's
    /// root.
    package var isValid: Bool {
        guard encoding.starts(with: encodingStart) else { return false }
        let leaf = Digest(hashing: [0x00] + encoding)
        return MerkleTree.verify(
            leaf, at: Int(position - block.firstPosition), of: Int(block.count), path: path,
            root: block.root)
    }

    /// The version, and the first field: the number 1, the length 16 and the id.
    private var encodingStart: [UInt8] {
        var bytes: [UInt8] = [LeafHasher.encodingVersion, Field.id.rawValue, 0, 0, 0, 16]
        for word in [event.high, event.low] {
            withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}

extension LedgerStore {
    /// The proof that an event is in the ledger; nil if the ledger does not have it.
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
