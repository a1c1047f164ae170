import Crypto

/// The Merkle tree of RFC 6962 over leaf hashes, which ties a block to its events.
package enum MerkleTree {
    /// The root of the leaves in order; consumes them.
    ///
    /// RFC 6962 splits at the largest power of two below the count, which gives the same tree as
    /// pairing neighbours level by level and lifting an odd last node unchanged.
    package static func root(of leaves: consuming [Digest]) -> Digest {
        guard !leaves.isEmpty else { return Digest(hashing: [UInt8]()) }
        var nodes = leaves
        var count = nodes.count
        nodes.withUnsafeMutableBufferPointer { nodes in
            while count > 1 {
                let pairs = count / 2
                for index in 0..<pairs {
                    nodes[index] = node(nodes[2 * index], nodes[2 * index + 1])
                }
                if count % 2 == 1 { nodes[pairs] = nodes[count - 1] }
                count = pairs + count % 2
            }
        }
        return nodes[0]
    }

    /// The sibling hashes that lead from the leaf at `index` to the root, bottom first.
    package static func proof(for index: Int, in leaves: [Digest]) -> [Digest] {
        precondition(leaves.indices.contains(index))
        var nodes = leaves
        var index = index
        var path: [Digest] = []
        while nodes.count > 1 {
            let sibling = index ^ 1
            if sibling < nodes.count { path.append(nodes[sibling]) }
            nodes = stride(from: 0, to: nodes.count, by: 2).map { left in
                left + 1 < nodes.count ? node(nodes[left], nodes[left + 1]) : nodes[left]
            }
            index /= 2
        }
        return path
    }

    /// Whether `path` leads from the leaf at `index` of `count` leaves to `root`.
    package static func verify(
        _ leaf: Digest, at index: Int, of count: Int, path: [Digest], root: Digest
    ) -> Bool {
        guard index >= 0, index < count else { return false }
        var (hash, index, width) = (leaf, index, count)
        var rest = path[...]
        while width > 1 {
            if index % 2 == 1 || index + 1 < width {
                guard let sibling = rest.popFirst() else { return false }
                hash = index % 2 == 1 ? node(sibling, hash) : node(hash, sibling)
            }
            index /= 2
            width = (width + 1) / 2
        }
        return rest.isEmpty && hash == root
    }

    static func node(_ left: Digest, _ right: Digest) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { buffer in
            buffer[0] = 0x01
            left.store(into: UnsafeMutableRawBufferPointer(rebasing: buffer[1..<33]))
            right.store(into: UnsafeMutableRawBufferPointer(rebasing: buffer[33..<65]))
            return Digest(hashing: UnsafeRawBufferPointer(buffer))
        }
    }
}

/// One link of a ledger's chain: the events of one commit.
package struct Block: Hashable, Sendable {
    package let ledger: Int64
    package let number: Int64
    package let firstPosition: Int64
    package let count: Int64
    package let root: Digest
    package let previousHash: Digest
    package let recordedAt: Timestamp

    package init(
        ledger: Int64, number: Int64, firstPosition: Int64, count: Int64, root: Digest,
        previousHash: Digest, recordedAt: Timestamp
    ) {
        self.ledger = ledger
        self.number = number
        self.firstPosition = firstPosition
        self.count = count
        self.root = root
        self.previousHash = previousHash
        self.recordedAt = recordedAt
    }

    package var lastPosition: Int64 { firstPosition + count - 1 }

    /// SHA-256(0x02 ‖ previous hash ‖ ledger ‖ block ‖ first position ‖ count ‖ root ‖
    /// recorded_at), integers as eight big-endian bytes.
    ///
    /// The database computes the same in SQL.
    package var hash: Digest {
        var bytes: [UInt8] = [0x02]
        bytes += previousHash.bytes
        for word in [ledger, number, firstPosition, count] { bytes += bigEndian(word) }
        bytes += root.bytes
        bytes += bigEndian(recordedAt.microseconds)
        return Digest(hashing: bytes)
    }
}

/// The end of a ledger: its length and the hash that covers everything before.
package struct Head: Hashable, Sendable {
    package let position: Int64
    package let block: Int64
    package let hash: Digest

    package init(position: Int64, block: Int64, hash: Digest) {
        self.position = position
        self.block = block
        self.hash = hash
    }

    /// A ledger without events.
    package static let empty = Head(position: 0, block: 0, hash: .zero)
}

private func bigEndian(_ word: Int64) -> [UInt8] {
    withUnsafeBytes(of: word.bigEndian) { [UInt8]($0) }
}
