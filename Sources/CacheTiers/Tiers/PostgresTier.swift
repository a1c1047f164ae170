package import Caching
package import LedgerModel
import LedgerSQL
package import Postgres
import Synchronization

/// The shared tier in the database of the ledgers: an unlogged table, which needs nothing else to
/// be installed.
package final class PostgresTier: SharingTier {
    private let pool: Pool
    private let bytesPerLedger: Int
    private let state = Mutex(State())

    private struct State {
        /// How often answers were used since that was written down.
        var uses: [CacheAddress: Int64] = [:]
        var written = 0
        var touchAt: Timestamp?
    }

    /// A statement that takes longer is cancelled, and its connection closed.
    private let statementMax: Duration
    package static let statementMaxDefault: Duration = .seconds(2)
    /// Addresses whose use is remembered until it is written down.
    package static let usesMax = 8_192
    package static let touchPause: Duration = .seconds(60)
    /// Removing many rows takes its time, and nobody waits for it.
    package static let sweepMax: Duration = .seconds(60)
    /// What a row takes beside its record.
    package static let rowBytes = 400

    /// - Parameter lookupMax: how long callers wait at most.
    package init(pool: Pool, bytesPerLedger: Int, lookupMax: Duration = .zero) {
        self.pool = pool
        statementMax = max(Self.statementMaxDefault, lookupMax)
        self.bytesPerLedger = bytesPerLedger
    }

    package func record(at address: CacheAddress) async throws -> [UInt8]? {
        let find = FindSharedAnswer(ledger: address.ledger, key: address.key)
        let found = try await pool.session(deadline: statementMax) { try $0.first(find) }
        if found != nil { noteUse(of: address) }
        return found
    }

    package func record(at key: CacheKey, ledger: LedgerID) async throws -> [UInt8]? {
        let find = FindSharedAnswer(ledger: ledger, key: key)
        return try await pool.session(deadline: statementMax) { try $0.first(find) }
    }

    package func apply(_ changes: [TierChange]) async throws {
        try await pool.session(deadline: statementMax) { session in
            // Each by itself: in one transaction, two instances might wait for each other's rows.
            for change in changes {
                switch change {
                case .store(let entry): try session.execute(StoreSharedAnswer(entry: entry))
                case .remove(let address):
                    try session.execute(
                        RemoveSharedAnswer(
                            ledger: address.ledger, key: address.key, begunBefore: .max))
                case .endFill(let address, let id):
                    try session.execute(
                        EndSharedFill(ledger: address.ledger, key: address.key, id: id))
                }
            }
        }
        let written = changes.reduce(0) { $0 + $1.bytes }
        state.withLock { $0.written += written }
    }

    package func remove(
        _ predicate: CachePredicate, ledger: LedgerID, begunBefore sequence: Int64
    ) async throws -> Int {
        try await pool.session(deadline: Self.sweepMax) { session in
            if let key = predicate.key, predicate == CachePredicate(key: key) {
                return try session.execute(
                    RemoveSharedAnswer(ledger: ledger, key: key, begunBefore: sequence))
            }
            return try session.execute(
                RemoveSharedAnswers(
                    ledger: ledger, predicate: predicate, begunBefore: sequence))
        }
    }

    // MARK: - Turns

    package func claim(_ address: CacheAddress, id: Int64, term: Duration) async throws -> FillClaim
    {
        let claim = ClaimSharedFill(ledger: address.ledger, key: address.key, id: id, term: term)
        let find = FindSharedAnswer(ledger: address.ledger, key: address.key)
        // Whoever had the turn stored the answer before giving it up, so the second statement
        // sees it.
        let (claims, found) = try await pool.session(deadline: statementMax) { session in
            try session.pipeline(claim, find)
        }
        guard let outcome = claims.first else { return .taken(for: Self.unseenTurn) }
        return outcome.isGiven ? .given(found: found.first) : .taken(for: outcome.left)
    }

    /// For how long a turn is taken that came after the statement began to look.
    private static let unseenTurn: Duration = .seconds(1)

    package func turns(at addresses: [CacheAddress]) async throws -> [Duration?] {
        let list = ListSharedTurns(addresses: addresses)
        let rows = try await pool.session(deadline: statementMax) { try $0.run(list) }
        var turns = [Duration?](repeating: nil, count: addresses.count)
        for (number, left) in rows where turns.indices.contains(Int(number) - 1) {
            turns[Int(number) - 1] = left
        }
        return turns
    }

    // MARK: - Cleaning up

    package func sweep(at now: Timestamp, isThorough: Bool) async throws -> TierSweep? {
        try await writeUses(at: now)
        let isPressed = state.withLock { $0.written > bytesPerLedger / 8 }
        guard isThorough || isPressed else { return nil }
        let keep = Int64(bytesPerLedger - bytesPerLedger / 16)
        let limit = Int64(bytesPerLedger)
        let sweep = try await pool.session(deadline: Self.sweepMax) { session in
            var sweep = TierSweep()
            sweep.expired = try session.one(RemoveExpiredAnswers(at: now))
            for size in try session.run(ListSharedSizes()) {
                sweep.entries += Int(size.entries)
                sweep.bytes += Int(size.bytes)
                guard size.bytes > limit else { continue }
                let gone = try session.one(
                    EvictSharedAnswers(ledger: size.ledger, keepBytes: keep))
                sweep.evicted.add(gone)
                sweep.entries -= gone.count
                sweep.bytes -= gone.bytes
            }
            try session.execute(ForgetSharedFills())
            return sweep
        }
        state.withLock { $0.written = 0 }
        return sweep
    }

    private func noteUse(of address: CacheAddress) {
        state.withLock { state in
            guard state.uses[address] != nil || state.uses.count < Self.usesMax else { return }
            state.uses[address, default: 0] += 1
        }
    }

    /// Writes down what was used, now and then: a write for each use would cost more than it saves.
    private func writeUses(at now: Timestamp) async throws {
        let uses = state.withLock { state -> [CacheAddress: Int64] in
            guard let due = state.touchAt, !state.uses.isEmpty else {
                if state.touchAt == nil { state.touchAt = now.advanced(by: Self.touchPause) }
                return [:]
            }
            guard now >= due || state.uses.count == Self.usesMax else { return [:] }
            state.touchAt = now.advanced(by: Self.touchPause)
            defer { state.uses = [:] }
            return state.uses
        }
        guard !uses.isEmpty else { return }
        let touch = TouchSharedAnswers(uses: Array(uses), at: now)
        try await pool.session(deadline: Self.sweepMax) { try $0.execute(touch) }
    }

    /// The pool is somebody else's.
    package func close() async {}
}

extension TierSweep.Departures {
    package mutating func add(_ other: TierSweep.Departures) {
        count += other.count
        bytes += other.bytes
        unused += other.unused
    }
}
