package import LedgerModel
import Postgres

extension SubscriptionRunner {
    /// Names the events that a halted subscription can't take, in the block before which it stands;
    /// empty if it can take all of them by now.
    ///
    /// A fold is tried in transactions that are rolled back. An effect that appends is run as after
    /// a crash: what follows from the events that it can take is appended, once, as it would be
    /// anyway; its place does not move.
    package func findPoison(
        in subscription: String, of ledger: LedgerID
    ) async throws -> [PoisonEvent] {
        let group = groups.first { $0.subscriptions.contains { $0.name == subscription } }
        guard let group else {
            throw QuarantineRefusal.unknownSubscription(
                subscription, known: subscriptions.map(\.name).sorted())
        }
        let block = try await HaltedBlock.find(subscription, of: ledger, in: pool)
        let list = ListQuarantined(ledger: ledger, subscriptions: [subscription])
        let said = try await pool.session { try $0.run(list) }
        let known = Quarantine(said, of: subscription, born: block.halted.born).events
        var search = PoisonSearch(pool: pool, effect: group.effect, block: block, leftOut: known)
        return try await search.run()
    }
}

/// An event that an effect can't take.
package struct PoisonEvent: Hashable, Sendable {
    package let event: BlockEvent
    /// The error of the effect.
    package let reason: String
}

/// Finds the events of a block that an effect can't take: a binary search for the shortest beginning
/// of the block that fails, as if nothing came after it; then without its last event for the next.
struct PoisonSearch {
    let pool: Pool
    let effect: SubscriptionGroup.Effect
    let block: HaltedBlock
    /// Quarantined events, and those that were found.
    var leftOut: [BlockEvent]

    /// Where more events are guilty, it is the program that has to be mended.
    static let foundMax = 32

    mutating func run() async throws -> [PoisonEvent] {
        if let error = try await failure(without: block.events) {
            throw QuarantineRefusal.noEvent(
                subscription: block.halted.member.name, cause: "\(error)")
        }
        var found: [PoisonEvent] = []
        var good = 0
        while found.count < Self.foundMax {
            let known = Set(leftOut)
            let events = block.events.filter { !known.contains($0) }
            guard var error = try await failure(without: []) else { break }
            var bad = events.count
            while bad - good > 1 {
                let middle = (good + bad) / 2
                if let failed = try await failure(without: Array(events[middle...])) {
                    (bad, error) = (middle, failed)
                } else {
                    good = middle
                }
            }
            // It may have become able to take everything in the meantime.
            guard bad > good else { break }
            found.append(PoisonEvent(event: events[bad - 1], reason: "\(error)"))
            leftOut.append(events[bad - 1])
        }
        return found
    }

    /// The error of the effect over the block without some more events; nil if it can take the rest.
    private func failure(without: [BlockEvent]) async throws -> (any Error)? {
        let range = block.range.leavingOut(Quarantine(leftOut + without))
        let member = block.halted.member
        do {
            switch effect {
            case .fold(let fold, _):
                let fold = CountedFold(fold: fold)
                try await pool.transaction { session in
                    _ = try session.run(FoldSettings())
                    try fold.run(range, for: [member], in: session)
                    throw Rehearsed()
                }
            case .react(let react):
                _ = try await react(Delivery(range: range, state: block.halted.state))
            }
            return nil
        } catch is Rehearsed {
            return nil
        } catch let error where EventRange.isPoison(error) {
            return error
        }
    }
}

/// The end of a fold that was only tried.
private struct Rehearsed: Error {}
