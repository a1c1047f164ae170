import Booking
import Budgeting
import EventStore
import LedgerModel
import Spooling

// What the books do beside requests: the spool is emptied into the ledger, and holds of long calls are
// renewed.

extension RequestBooks {
    private static let pauseMin: Duration = .milliseconds(50)
    private static let pauseMax: Duration = .seconds(1)
    /// How often holds are looked through.
    private static let renewalPause: Duration = .seconds(30)

    /// Looks after the books until the task is cancelled, and books once more what waits then.
    package func run() async {
        await withTaskGroup { group in
            group.addTask { await self.keepSpoolEmpty() }
            group.addTask { await self.keepHolds() }
            await group.waitForAll()
        }
        // In a task of its own: this one is cancelled.
        await Task { try? await self.drain() }.value
    }

    private func keepSpoolEmpty() async {
        guard let spool else { return }
        var pause = Self.pauseMin
        var isResolved = false
        while !Task.isCancelled {
            do {
                try await drain()
                if !isResolved {
                    try await resolveAbandoned()
                    isResolved = true
                }
                pause = Self.pauseMin
                if await spool.wait() == nil { return }
            } catch {
                // The ledger is away; what waits is safe, and tried again.
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, Self.pauseMax)
            }
        }
    }

    /// Books everything that waits in the spool.
    ///
    /// - Throws: if the ledger is away; nothing is lost then.
    package func drain() async throws {
        guard let spool else { return }
        while let parcel = try spool.next() {
            // Others may follow one that is no use: it is kept apart.
            let refused = try await book(parcel)
            try spool.acknowledge(parcel, refused: refused)
        }
    }

    /// Books the entries of a parcel, all at one time, so that they share commits.
    ///
    /// - Returns: those that no ledger will ever take.
    private func book(_ parcel: BookingSpool.Parcel) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int?.self) { group in
            for (index, entry) in parcel.entries.enumerated() {
                group.addTask {
                    guard let entry else { return index }
                    do {
                        let ledger = try await self.ledgers.openLedger(entry.ledger)
                        try await Self.append(entry, to: ledger, at: self.now())
                        return nil
                    } catch let error where Self.isFinal(error) {
                        return index
                    }
                }
            }
            var refused: [Int] = []
            for try await index in group { if let index { refused.append(index) } }
            return refused.sorted()
        }
    }

    /// Whether an entry would be refused for ever, so that nothing behind it would be booked.
    private static func isFinal(_ error: any Error) -> Bool {
        if error is CancellationError { return false }
        guard let fault = error as? any Fault else { return true }
        switch fault.kind {
        case .unavailable, .busy, .closing, .conflict, .tookTooLong: return false
        default: return true
        }
    }

    // MARK: Holds

    private func keepHolds() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.renewalPause)
            await renewHolds()
        }
    }

    /// Gives holds of requests that are open more time, before theirs is over: such as for a long stream.
    package func renewHolds() async {
        let now = now()
        let soon = now.advanced(byMicroseconds: Self.renewalPause.wholeMicroseconds * 2)
        for open in openRequests where open.expires.map({ $0 <= soon }) == true {
            do {
                let budgets = try await ledgers.openLedger(open.request.ledger).budgets
                let answer = try await budgets.extend(
                    open.request.id.description, by: Usage(), cost: .zero,
                    step: open.nextStep(), at: now)
                open.renewed(until: answer.expires)
            } catch {
                // It is tried again; if it ends meanwhile, its charge is corrected in the end.
                continue
            }
        }
    }
}
