import Synchronization

/// How many queries run at a time, in all and of each ledger.
package final class AuditSlots: Sendable {
    /// Queries that one process runs at a time.
    package static let queriesMax = 8
    /// Those of one ledger, so that no ledger takes the slots of all.
    package static let queriesOfLedgerMax = 4

    private let running = Mutex<[AuditScope: Int]>([:])
    private let refusals = Mutex(0)

    /// How many run now, those included that go on although nobody waits for them, and how many were
    /// refused so far.
    var counts: (running: Int, refused: Int) {
        (running.withLock { $0.values.reduce(0, +) }, refusals.withLock { $0 })
    }

    /// One of the slots, until it is left.
    struct Slot: Sendable {
        fileprivate let slots: AuditSlots
        fileprivate let scope: AuditScope

        func leave() { slots.leave(scope) }
    }

    func enter(_ scope: AuditScope) throws(AuditRefusal) -> Slot {
        let full: Int? = running.withLock { running in
            if running.values.reduce(0, +) >= Self.queriesMax { return Self.queriesMax }
            let own = running[scope, default: 0]
            if own >= Self.queriesOfLedgerMax { return own }
            running[scope] = own + 1
            return nil
        }
        if let full {
            refusals.withLock { $0 += 1 }
            throw AuditRefusal.busy(running: full)
        }
        return Slot(slots: self, scope: scope)
    }

    private func leave(_ scope: AuditScope) {
        running.withLock { running in
            let left = running[scope, default: 1] - 1
            running[scope] = left > 0 ? left : nil
        }
    }
}
