import LedgerModel
import LedgerTesting
import Testing

@Suite("Merkle tree and blocks")
struct ChainTests {
    static let leaves = (0..<16).map { Digest(hashing: [0x00, UInt8($0)]) }

    @Test(
        "roots are those of RFC 6962",
        arguments: [
            (1, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
            (2, "a20bf9a7cc2dc8a08f5f415a71b19f6ac427bab54d24eec868b5d3103449953a"),
            (3, "3b6cccd7e3e023ff393006f030315ee7ad9eb111b022b41fba7e5b7a3973f688"),
            (5, "b855b42d6c30f5b087e05266783fbd6e394f7b926013ccaa67700a8b0c5a596f"),
            (7, "3560191803028444b232018ac047fdb561c09c23a7a6876c85e08b5e4d48e9f3"),
            (8, "ef7f49b620f6c7ea9b963a214da34b5021c6ded8ed57734380a311ab726aa907"),
            (13, "df5ee130e5a247600d190c31074458de3c0dc58f0b0d8a6a2b3dd4fd7e569501"),
        ])
    func roots(count: Int, root: String) {
        #expect(MerkleTree.root(of: Array(Self.leaves.prefix(count))).description == root)
    }

    @Test("every leaf of every tree has a proof, and no other leaf or place passes with it")
    func proofs() {
        for count in 1...16 {
            let leaves = Array(Self.leaves.prefix(count))
            let root = MerkleTree.root(of: leaves)
            for index in 0..<count {
                let path = MerkleTree.proof(for: index, in: leaves)
                func isProven(_ leaf: Digest, at place: Int, _ path: [Digest]) -> Bool {
                    MerkleTree.verify(leaf, at: place, of: count, path: path, root: root)
                }
                #expect(isProven(leaves[index], at: index, path))
                #expect(!isProven(.zero, at: index, path))
                #expect(!isProven(leaves[index], at: count, path))
                #expect(!isProven(leaves[index], at: index, path + [.zero]))
                if count > 1 {
                    #expect(!isProven(leaves[index], at: (index + 1) % count, path))
                }
            }
        }
    }

    @Test("a block hashes to its golden hash")
    func blockHash() throws {
        let time = try #require(Timestamp(rfc3339: "2025-11-23T17:10:00.123456Z"))
        let block = Block(
            ledger: 1, number: 1, firstPosition: 1, count: 7,
            root: MerkleTree.root(of: Array(Self.leaves.prefix(7))), previousHash: .zero,
            recordedAt: time)
        #expect(
            block.hash.description
                == "c8aa8703ebc026100020ca433c5c47a912f07df60cc65eb910fd464d38f12a5c")
    }
}
