import Caching
package import LedgerModel

/// An invalidation as every instance gets to know it.
package struct InvalidationRecord: Sendable, Equatable {
    package let sequence: Int64
    package let ledger: LedgerID
    package let madeAt: Timestamp
    package let predicate: CachePredicate

    package init(sequence: Int64, ledger: LedgerID, madeAt: Timestamp, predicate: CachePredicate) {
        self.sequence = sequence
        self.ledger = ledger
        self.madeAt = madeAt
        self.predicate = predicate
    }
}

/// The invalidations that something on its way may still have to obey.
///
/// Memory and disk are searched when one becomes known. What comes in later, from a fetch that
/// began before or from another tier, is compared with those in here.
package struct InvalidationWindow {
    /// The last one that was taken in; nil until the database was asked first.
    package private(set) var applied: Int64?
    /// In the order of their sequences.
    package private(set) var records: [InvalidationRecord] = []
    /// Nothing that began before it is on its way.
    package private(set) var closed: Int64 = 0
    /// The last one that had to make room though it was not closed.
    package private(set) var forgotten: Int64 = 0

    package static let recordsMax = 4_096

    package init() {}

    /// Begins with the open ones of a database; nil if they are not known, so that nothing from
    /// before is admitted.
    package mutating func begin(at sequence: Int64, closed: Int64, _ open: [InvalidationRecord]?) {
        self = InvalidationWindow()
        applied = sequence
        self.closed = closed
        records = open ?? []
        if open == nil { forgotten = sequence }
    }

    /// Takes in those that follow; returns them, or nil if one between is missing.
    package mutating func take(_ news: [InvalidationRecord]) -> [InvalidationRecord]? {
        guard var last = applied else { return nil }
        let fresh = news.filter { $0.sequence > last }
        for record in fresh {
            guard record.sequence == last + 1 else { return nil }
            last = record.sequence
        }
        records += fresh
        applied = last
        makeRoom()
        return fresh
    }

    /// Drops those up to a sequence: everything from before them was stored or refused by now.
    package mutating func close(upTo sequence: Int64) {
        guard sequence > closed else { return }
        closed = sequence
        records.removeAll { $0.sequence <= sequence }
    }

    /// The last one that was made before a time.
    package func last(madeBefore time: Timestamp) -> Int64? {
        records.last { $0.madeAt < time }?.sequence
    }

    /// Those after a sequence; nil if some of them are not here any more.
    package func records(after sequence: Int64) -> [InvalidationRecord]? {
        guard let applied else { return nil }
        if sequence == applied { return [] }
        let wanted = records.filter { $0.sequence > sequence }
        return wanted.count == Int(applied - sequence) ? wanted : nil
    }

    /// Whether an answer may be given out or kept.
    ///
    /// - Parameter isArriving: from a fetch; otherwise from a tier, which was searched for those
    ///   that are closed.
    package func admits(
        _ answer: StoredAnswer, bytes: Int, at address: CacheAddress, isArriving: Bool
    ) -> Bool {
        if answer.sequence < forgotten || isArriving && answer.sequence < closed { return false }
        // What is ahead of this instance may be of another database, restored since.
        guard let applied, answer.sequence <= applied else { return false }
        for record in records.reversed() {
            if record.sequence <= answer.sequence { break }
            if record.ledger == address.ledger,
                record.predicate.matches(answer, bytes: bytes, at: address.key)
            {
                return false
            }
        }
        return true
    }

    private mutating func makeRoom() {
        guard records.count > Self.recordsMax else { return }
        let surplus = records.count - Self.recordsMax
        forgotten = records[surplus - 1].sequence
        records.removeFirst(surplus)
    }
}
