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

    @Test("a hand-over holds if both keys signed exactly it")
    func handover() throws {
        let (old, new) = (Curve25519.Signing.PrivateKey(), Curve25519.Signing.PrivateKey())
        let time = Timestamp(year: 2026, month: 11, day: 23)
        let made = try KeyHandover(from: old, to: new, at: time)
        func with(
            old: CheckpointKey? = nil, new: CheckpointKey? = nil, at other: Timestamp? = nil,
            oldSignature: [UInt8]? = nil, newSignature: [UInt8]? = nil
        ) -> KeyHandover {
            KeyHandover(
                old: old ?? made.old, new: new ?? made.new, recordedAt: other ?? time,
                oldSignature: oldSignature ?? made.oldSignature,
                newSignature: newSignature ?? made.newSignature)
        }
        let third = CheckpointKey(of: Curve25519.Signing.PrivateKey())
        #expect(with().isAuthentic)
        #expect(!with(old: third).isAuthentic && !with(new: third).isAuthentic)
        #expect(!with(at: time.advanced(byMicroseconds: 1)).isAuthentic)
        #expect(!with(oldSignature: made.newSignature).isAuthentic)
        #expect(!with(newSignature: made.oldSignature).isAuthentic)
    }

    @Test("trust goes from the pinned key forward, along hand-overs that hold")
    func trust() throws {
        let keys = (0..<4).map { _ in Curve25519.Signing.PrivateKey() }
        let names = keys.map { CheckpointKey(of: $0) }
        let time = Timestamp(year: 2026, month: 11, day: 23)
        let first = try KeyHandover(from: keys[0], to: keys[1], at: time)
        let second = try KeyHandover(from: keys[1], to: keys[2], at: time)
        // Nobody but the owner of a key hands it over.
        let forged = KeyHandover(
            old: names[2], new: names[3], recordedAt: time, oldSignature: second.oldSignature,
            newSignature: second.newSignature)
        let handovers = [forged, second, first]
        for (pinned, trusted) in [(0, [0, 1, 2]), (1, [1, 2]), (2, [2]), (3, [3])] {
            let keys = TrustedKeys(pinned: names[pinned], handovers: handovers)
            #expect(names.indices.filter { keys.contains(names[$0]) } == trusted)
        }
        #expect(CheckpointKey(names[0].description) == names[0])
        #expect(CheckpointKey("x") == nil && CheckpointKey("AAAA") == nil)
    }
}
