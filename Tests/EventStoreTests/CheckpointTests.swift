import Crypto
import EventStore
import LedgerModel
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
    private let key = Curve25519.Signing.PrivateKey()

    private func checkpoint() throws -> Checkpoint {
        try Checkpoint(
            ledgerName: "main", ledger: LedgerID(3),
            head: Head(position: 12, block: 4, hash: Digest(hashing: "head".utf8)),
            at: Timestamp(year: 2026, month: 11, day: 23), key: key)
    }

    @Test("a signed checkpoint is authentic and names its signer")
    func authentic() throws {
        let checkpoint = try checkpoint()
        #expect(checkpoint.isAuthentic)
        #expect(checkpoint.publicKey == Array(key.publicKey.rawRepresentation))
    }

    @Test("a checkpoint with any changed field is not authentic")
    func changed() throws {
        let signed = try checkpoint()
        func with(
            name: String? = nil, ledger: LedgerID? = nil, head: Head? = nil,
            at time: Timestamp? = nil, publicKey: [UInt8]? = nil, signature: [UInt8]? = nil
        ) -> Checkpoint {
            Checkpoint(
                ledgerName: name ?? signed.ledgerName, ledger: ledger ?? signed.ledger,
                head: head ?? signed.head, recordedAt: time ?? signed.recordedAt,
                publicKey: publicKey ?? signed.publicKey,
                signature: signature ?? signed.signature)
        }
        #expect(with().isAuthentic)
        let (head, hash) = (signed.head, signed.head.hash)
        #expect(!with(name: "main2").isAuthentic)
        #expect(!with(ledger: LedgerID(4)).isAuthentic)
        #expect(!with(head: Head(position: 13, block: head.block, hash: hash)).isAuthentic)
        #expect(!with(head: Head(position: 12, block: 5, hash: hash)).isAuthentic)
        #expect(!with(head: Head(position: 12, block: 4, hash: .zero)).isAuthentic)
        #expect(!with(at: signed.recordedAt.advanced(byMicroseconds: 1)).isAuthentic)
        for index in [0, 31, 32, 63] {
            var signature = signed.signature
            signature[index] ^= 1
            #expect(!with(signature: signature).isAuthentic)
        }
        let other = Curve25519.Signing.PrivateKey().publicKey.rawRepresentation
        #expect(!with(publicKey: Array(other)).isAuthentic)
        #expect(!with(publicKey: [1, 2, 3]).isAuthentic)
        #expect(!with(signature: []).isAuthentic)
    }
}
