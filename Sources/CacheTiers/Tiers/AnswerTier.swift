package import Caching
package import LedgerModel

/// A tier below memory.
///
/// Its calls may take long and fail; `GuardedTier` keeps that from callers. All of them may be
/// made at the same time.
package protocol AnswerTier: Sendable {
    /// The record under an address, as it was written; it may be damaged.
    func record(at address: CacheAddress) async throws -> [UInt8]?
    /// The record under a key, for people.
    func record(at key: CacheKey, ledger: LedgerID) async throws -> [UInt8]?
    /// Makes changes in their order.
    func apply(_ changes: [TierChange]) async throws
    /// Removes what a predicate means and was begun before an invalidation; returns how many.
    func remove(
        _ predicate: CachePredicate, ledger: LedgerID, begunBefore sequence: Int64
    ) async throws -> Int
    /// Removes what has expired and what is too much; called every few seconds.
    ///
    /// - Parameter isThorough: about once a minute; of a shared tier, in one instance.
    func sweep(at now: Timestamp, isThorough: Bool) async throws -> TierSweep?
    func close() async
}

/// The tier that all instances share also knows who fetches what.
package protocol SharingTier: AnswerTier {
    /// Gives the turn to fetch an answer for a term, unless somebody has it.
    func claim(_ address: CacheAddress, id: Int64, term: Duration) async throws -> FillClaim
    /// For each address, how much longer somebody has the turn; nil if nobody has.
    func turns(at addresses: [CacheAddress]) async throws -> [Duration?]
}

package enum FillClaim: Sendable {
    /// The record that was there after the turn was given, if there was one.
    case given(found: [UInt8]?)
    case taken(for: Duration)
}

package enum TierChange: Sendable {
    case store(TierEntry)
    case remove(CacheAddress)
    case endFill(CacheAddress, id: Int64)

    /// What it takes while it waits.
    package var bytes: Int {
        if case .store(let entry) = self { entry.record.count + 512 } else { 256 }
    }
}

/// An answer on its way into a tier.
package struct TierEntry: Sendable {
    package let address: CacheAddress
    package let record: [UInt8]
    /// Without its body.
    package let answer: StoredAnswer
    /// Of the body, decompressed.
    package let bodyBytes: Int

    package init(
        _ answer: StoredAnswer, at address: CacheAddress,
        compression: CacheTiersConfiguration.Compression?
    ) {
        record = AnswerRecord(answer, at: address, compression: compression).bytes
        self.address = address
        bodyBytes = answer.body.count
        var facts = answer
        facts.body = []
        self.answer = facts
    }

    package var team: Name? {
        if case .team(let team) = answer.partition.scope { team } else { nil }
    }
}

/// What a tier has after a sweep, and what left in it.
package struct TierSweep: Sendable {
    package var entries = 0
    package var bytes = 0
    package var evicted = Departures()
    package var expired = Departures()

    package struct Departures: Sendable, Equatable {
        var count = 0
        var bytes = 0
        var unused = 0
    }
}
