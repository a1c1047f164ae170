package import Caching
package import LedgerModel

/// Where an answer lies, and the digest by which it is recognised.
///
/// The ledger is part of the key already; beside it, it says whose room an answer takes, and whose
/// invalidations it obeys.
package struct CacheAddress: Hashable, Sendable {
    package let ledger: LedgerID
    package let key: CacheKey
    /// The second digest of the request; see `CanonicalRequest`.
    package let check: Digest

    package init(ledger: LedgerID, key: CacheKey, check: Digest) {
        self.ledger = ledger
        self.key = key
        self.check = check
    }

    /// Where the answer to a request lies for those who share a partition.
    package init(_ request: CanonicalRequest, in partition: CachePartition) {
        let (key, check) = request.key(in: partition)
        self.init(ledger: partition.ledger, key: key, check: check)
    }
}

extension CacheKey {
    /// The key as the 32 bytes of its SHA-256, as events and tables have it.
    package var digest: Digest { Digest(words: [first, second, third, fourth]) }

    package init(_ digest: Digest) {
        let words = digest.words
        self.init(words[0], words[1], words[2], words[3])
    }
}
