import FoundationEssentials
package import LedgerModel

package import enum Crypto.Curve25519

/// The public key that checkpoints are verified with: 32 bytes, written as base64.
package struct CheckpointKey: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    package init(of key: Curve25519.Signing.PrivateKey) {
        bytes = [UInt8](key.publicKey.rawRepresentation)
    }

    /// Reads base64; nil if it is not that of 32 bytes.
    package init?(_ text: String) {
        guard let data = Data(base64Encoded: text), data.count == 32 else { return nil }
        bytes = [UInt8](data)
    }

    fileprivate init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var description: String { Data(bytes).base64EncodedString() }

    /// Whether this key signed the text.
    func signed(_ text: String, _ signature: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
            return false
        }
        return key.isValidSignature(signature, for: Array(text.utf8))
    }
}

extension Checkpoint {
    /// The key that it names as its signer's.
    package var signer: CheckpointKey { CheckpointKey(bytes: publicKey) }
}

/// A statement by the owner of a key that another key takes its place, signed by both.
///
/// The old one says so; the new one shows that whoever has it agrees.
package struct KeyHandover: Hashable, Sendable {
    package let old: CheckpointKey
    package let new: CheckpointKey
    package let recordedAt: Timestamp
    package let oldSignature: [UInt8]
    package let newSignature: [UInt8]

    package init(
        from old: Curve25519.Signing.PrivateKey, to new: Curve25519.Signing.PrivateKey,
        at time: Timestamp
    ) throws {
        self.old = CheckpointKey(of: old)
        self.new = CheckpointKey(of: new)
        recordedAt = time
        let text = Array(Self.signedText(self.old, self.new, time).utf8)
        oldSignature = [UInt8](try old.signature(for: text))
        newSignature = [UInt8](try new.signature(for: text))
    }

    package init(
        old: CheckpointKey, new: CheckpointKey, recordedAt: Timestamp, oldSignature: [UInt8],
        newSignature: [UInt8]
    ) {
        self.old = old
        self.new = new
        self.recordedAt = recordedAt
        self.oldSignature = oldSignature
        self.newSignature = newSignature
    }

    /// Whether both keys signed exactly these values.
    package var isAuthentic: Bool {
        let text = Self.signedText(old, new, recordedAt)
        return old.signed(text, oldSignature) && new.signed(text, newSignature)
    }

    private static func signedText(
        _ old: CheckpointKey, _ new: CheckpointKey, _ time: Timestamp
    ) -> String {
        """
        tallystick checkpoint key 1
        \(old)
        \(new)
        \(time)

        """
    }
}

/// The keys whose checkpoints count: a pinned one, and those that it was handed over to.
package struct TrustedKeys: Sendable {
    package let pinned: CheckpointKey
    private let keys: Set<CheckpointKey>

    /// - Parameter handovers: in any order; those that are not authentic count for nothing.
    package init(pinned: CheckpointKey, handovers: [KeyHandover] = []) {
        self.pinned = pinned
        var keys: Set = [pinned]
        var open = [pinned]
        let authentic = handovers.filter(\.isAuthentic)
        while let key = open.popLast() {
            for next in authentic where next.old == key && keys.insert(next.new).inserted {
                open.append(next.new)
            }
        }
        self.keys = keys
    }

    package func contains(_ key: CheckpointKey) -> Bool { keys.contains(key) }
}
