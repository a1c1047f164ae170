import Budgets
import EventStore
package import LedgerModel
import Synchronization

// Leases of one process: taken, renewed, given back, recalled and ended, each in one commit.

extension BudgetService {
    /// How many holds this process made from memory since the last time, and how many leases it has.
    package func countLeases() -> LeaseKeeper.Counts { leases.count() }

    /// Looks after this process's leases; to be called ten times a second.
    ///
    /// Without it every hold is decided by the rows.
    package func tendLeases(at now: Timestamp) async {
        if leases.table.isIdle { return }
        // Without an answer of the database nothing is renewed, so its terms end.
        let recalled = (try? await recalledRows()) ?? []
        await write(leases.table.tick(recalled: recalled, at: leases.now))
        await makeMoves(at: now)
    }

    /// Writes down what is in memory only, and gives everything back.
    package func returnLeases(at now: Timestamp) async {
        if leases.table.isIdle { return }
        await giveBack(nil, at: now)
    }

    private func giveBack(_ rows: Set<Name>?, at now: Timestamp) async {
        // What could not be written stays in memory, and its part of the lease with it.
        for _ in 0...LeaseTable.holdsMax / LeaseTable.bookingsMax {
            let due = leases.table.close(rows, at: leases.now)
            await write(due)
            if due.count < LeaseTable.bookingsMax { break }
        }
        await makeMoves(at: now)
    }

    private func recalledRows() async throws -> Set<Name> {
        leases.heed(RecallList(try await ledger.state(of: RecallList.key)))
    }

    private func makeMoves(at now: Timestamp) async {
        let moves = leases.table.moves(at: leases.now, newLease: makeID)
        await withTaskGroup { group in
            for (place, move) in moves { group.addTask { await make(move, place, at: now) } }
        }
    }

    private func make(_ move: LeaseMove, _ place: LeasePlace, at now: Timestamp) async {
        let lease: EventID
        do {
            switch move {
            case .take(let wish):
                lease = wish.lease
                let asked = leases.now
                let (grant, position) = try await take(wish, place, at: now)
                leases.table.granted(place, lease, grant, position: position, asked: asked)
            case .giveBack(let id, let amounts, let isLast):
                lease = id
                try await giveBack(lease, amounts, isLast: isLast, place, at: now)
                leases.table.gaveBack(place, lease, isLast: isLast)
            }
        } catch {
            leases.table.failed(place, move.lease, error as? LeaseRefusal, at: leases.now)
        }
    }

    // MARK: Commits

    private func take(
        _ wish: LeaseWish, _ place: LeasePlace, at now: Timestamp
    ) async throws -> (LeaseGrant, position: Int64) {
        for _ in 0..<Self.triesMax {
            do {
                return try await take(wish, place, under: try await budgets.book(), at: now)
            } catch is StaleBook {
                try await budgets.reload()
            }
        }
        throw ContendedBudgets()
    }

    private func take(
        _ wish: LeaseWish, _ place: LeasePlace, under book: BudgetBook, at now: Timestamp
    ) async throws -> (LeaseGrant, position: Int64) {
        guard let link = book.link(toRow: place.row) else { throw LeaseRefusal.nearLimit }
        let key = LedgerBudgets.key(place.row)
        let decided = Mutex<LeaseGrant?>(nil)
        let id = wish.isNew ? wish.lease : makeID()
        let instance = leases.instance
        let receipt = try await ledger.append(
            Decision(id: id, on: [key, RecallList.key]) { rows, clock in
                guard rows.revision == book.revisionBytes else { throw StaleBook() }
                if RecallList(rows[RecallList.key]).has(place.row, at: clock) {
                    throw LeaseRefusal.recalled
                }
                var state: BudgetState = rows.value(of: key)
                let grant = try link.lease(wish, &state, at: clock)
                rows.set(key, to: state)
                decided.withLock { $0 = grant }
                return [
                    try place.event(
                        .budgetLeased, id, of: wish.isNew ? nil : wish.lease, grant.added,
                        [
                            ("budget", link.budget.definition.name), ("instance", instance),
                            ("expires", Name(grant.expires.description)),
                        ], at: now)
                ]
            })
        guard case .appended = receipt.outcomes.first, let grant = decided.withLock({ $0 }) else {
            throw LeaseRefusal.lost
        }
        return (grant, receipt.head.position)
    }

    private func giveBack(
        _ lease: EventID, _ amounts: Amounts, isLast: Bool, _ place: LeasePlace, at now: Timestamp
    ) async throws {
        let key = LedgerBudgets.key(place.row)
        let (id, instance) = (makeID(), leases.instance)
        _ = try await ledger.append(
            Decision(id: id, on: [key]) { rows, _ in
                var state: BudgetState = rows.value(of: key)
                let had = state.hold(lease)?.amounts ?? .zero
                guard state.draw(amounts, from: lease, isLast: isLast) else {
                    throw LeaseRefusal.lost
                }
                rows.set(key, to: state)
                return [
                    try place.event(
                        .budgetLeaseReturned, id, of: lease, isLast ? had : amounts,
                        [("instance", instance)], at: now)
                ]
            })
    }

    /// Ends a lease whose term is over, as its instance is gone or cut off.
    func endLease(_ event: Event) async throws {
        guard let row = event.detail?["row"],
            let window = event.detail?["window"].flatMap({ Timestamp(rfc3339: $0.string) })
        else { return }
        let place = LeasePlace(row: row, window: window)
        let key = LedgerBudgets.key(row)
        let id = Hold.outcomeID(of: event.id)
        do {
            _ = try await ledger.append(
                Decision(id: id, on: [key]) { rows, clock in
                    var state: BudgetState = rows.value(of: key)
                    guard let open = state.hold(event.id), open.expires <= clock else {
                        throw LeaseRefusal.lost
                    }
                    _ = state.remove(event.id)
                    rows.set(key, to: state)
                    return [
                        try place.event(
                            .budgetLeaseReturned, id, of: event.id, open.amounts,
                            [("expired", "true")], at: event.occurredAt)
                    ]
                })
        } catch is LeaseRefusal {
            // It was renewed, given back or ended meanwhile.
        }
    }

    // MARK: Recall

    /// Lets everybody give back what they have idle of the row that refuses, and waits until they
    /// have or until their terms are over.
    ///
    /// - Parameter recalled: rows that were recalled for this caller before.
    /// - Returns: whether there is a reason to ask the row again.
    func recallLeases(
        for refusal: BudgetRefusal, _ recalled: inout Set<Name>, at now: Timestamp
    ) async throws -> Bool {
        guard refusal.balance.leased != .zero, recalled.insert(refusal.row).inserted else {
            return false
        }
        try await leases.recall(refusal.row) { try await self.recall(refusal.row, at: now) }
        return true
    }

    private func recall(_ row: Name, at now: Timestamp) async throws {
        let start = ContinuousClock.now
        await giveBack([row], at: now)
        do {
            try await markRecall(of: row, at: now)
        } catch is LeaseRefusal {
            // Nobody has a lease any more, or it is recalled already.
        }
        let waitMax = Lease.term + Lease.margin * 2
        while true {
            let elapsed = ContinuousClock.now - start
            let leases = BudgetState(try await ledger.state(of: LedgerBudgets.key(row))).leases
            if leases.isEmpty || elapsed > waitMax { return }
            let present = now.advanced(byMicroseconds: Int64(elapsed / .microseconds(1)))
            for lease in leases where lease.expires <= present { try await expire(lease.id) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func markRecall(of row: Name, at now: Timestamp) async throws {
        let key = LedgerBudgets.key(row)
        let (id, instance) = (makeID(), leases.instance)
        _ = try await ledger.append(
            Decision(id: id, on: [key, RecallList.key]) { rows, clock in
                var list = RecallList(rows[RecallList.key])
                let state: BudgetState = rows.value(of: key)
                guard state.hasLeases, !list.has(row, at: clock) else {
                    throw LeaseRefusal.recalled
                }
                list.add(row, at: clock)
                rows[RecallList.key] = list.bytes
                var event = Event(id: id, kind: .budgetLeaseRecalled, occurredAt: now)
                event.detail = try Labels([("row", row), ("instance", instance)])
                return [event]
            })
    }
}

extension LeaseMove {
    fileprivate var lease: EventID {
        switch self {
        case .take(let wish): wish.lease
        case .giveBack(let lease, _, _): lease
        }
    }
}

extension LeasePlace {
    fileprivate func event(
        _ kind: EventKind, _ id: EventID, of lease: EventID?, _ amounts: Amounts,
        _ facts: [(key: Name, value: Name)], at now: Timestamp
    ) throws -> Event {
        var event = Event(id: id, kind: kind, occurredAt: now)
        event.causeID = lease
        event.amount = try amounts.picodollars
        event.detail = try Labels(
            facts + [
                ("row", row), ("window", Name(window.description)),
                ("tokens", Name(String(amounts.tokens))),
                ("requests", Name(String(amounts.requests))),
            ])
        return event
    }
}
