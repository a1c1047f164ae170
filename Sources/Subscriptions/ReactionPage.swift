import LedgerModel
import LedgerSQL
import Postgres

/// One page of a subscription that appends: claim the place for a while, run the effect, move the
/// place if the claim still stands.
///
/// The effect is no transaction, so its claim is a term on the clock of the database. Who comes
/// after the end of the term does the same work again, which appends nothing twice; the term as a
/// condition of the move says who was first.
struct ReactionPage: Sendable {
    let pool: Pool
    let place: LaggingPlace
    let subscription: Subscription
    let react: SubscriptionGroup.React

    /// How long a claim holds when nothing is heard of its effect.
    static let claimMax: Duration = .seconds(10)

    private struct Claimed {
        let claim: PlaceClaim
        let delivery: Delivery
        let blocks: Int64
    }

    /// How many events were dealt with.
    func run(positionsMax: Int64) async throws -> Int64 {
        guard let claimed = try await claim(positionsMax) else { return 0 }
        let reaction: Reaction
        do {
            reaction = try await react(claimed.delivery)
        } catch {
            await giveUp(claimed.claim)
            throw claimed.delivery.range.poisoned(blocks: claimed.blocks, by: error)
        }
        switch reaction {
        case .done(let state):
            return try await move(claimed, to: claimed.delivery.range.upTo, state)
        case .restart(let state):
            // To start again is progress too: there is something to do at once.
            return max(1, try await move(claimed, to: 0, state))
        }
    }

    private func claim(_ positionsMax: Int64) async throws -> Claimed? {
        let (place, claimMax) = (self.place, Self.claimMax)
        return try await pool.transaction { session in
            if place.isNew {
                _ = try session.run(InsertPlaces(ledger: place.ledger, members: [place.member]))
            }
            let (claims, quarantined) = try session.pipeline(
                ClaimPlace(place: place, term: claimMax),
                ListQuarantined(ledger: place.ledger, subscriptions: [place.member.name]))
            guard let claim = claims.first else { return nil }
            let quarantine = Quarantine(
                quarantined, of: place.member.name, born: claim.born)
            if place.position >= place.end {
                let range = EventRange(nothingAfter: place.position, of: place.ledger)
                    .leavingOut(quarantine)
                return Claimed(
                    claim: claim, delivery: Delivery(range: range, state: claim.state), blocks: 0)
            }
            let next = try NextRange.find(
                place.ledger, after: place.position, end: place.end, positionsMax: positionsMax,
                in: session)
            let range = next.range.leavingOut(quarantine)
            do {
                try next.checkCount()
                _ = try range.countLeftOut(in: session)
            } catch {
                throw range.poisoned(blocks: next.blocks, by: error)
            }
            return Claimed(
                claim: claim, delivery: Delivery(range: range, state: claim.state),
                blocks: next.blocks)
        }
    }

    private func move(_ claimed: Claimed, to position: Int64, _ state: String) async throws -> Int64
    {
        let move = MovePlace(place: place, claim: claimed.claim, to: position, state: state)
        let moved = try await pool.session { try $0.run(move) }
        return moved.isEmpty ? 0 : claimed.delivery.range.count
    }

    /// Ends the claim, also for a task that was cancelled.
    private func giveUp(_ claim: PlaceClaim) async {
        let release = ReleasePlace(place: place, claim: claim)
        let pool = self.pool
        // Where this fails the claim ends by itself, and the effect's own error matters more.
        await Task { _ = try? await pool.session { try $0.run(release) } }.value
    }
}

extension EventRange {
    /// What an effect is given that is only woken.
    fileprivate init(nothingAfter position: Int64, of ledger: LedgerID) {
        let none = EventID(high: 0, low: 0)
        self.init(ledger: ledger, after: position, upTo: position, firstID: none, endID: none)
    }
}
