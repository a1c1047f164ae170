import LedgerModel
import LedgerSQL
import Postgres

/// One page for those members of a group that are due in a ledger.
///
/// Members at the same position share a range. One that lies behind the next is led up to it
/// first, and they go on together: so those that were apart, by their patience or because
/// several runners took them, come together again.
struct FoldPass: Sendable {
    let runner: SubscriptionRunner
    let group: SubscriptionGroup
    let fold: SubscriptionGroup.Fold
    /// Of one ledger.
    let places: [LaggingPlace]

    /// How many events the longest page had.
    func run() async throws -> Int64 {
        var waiting = Dictionary(grouping: places, by: \.position).sorted { $0.key < $1.key }
        let end = places.map(\.end).max() ?? 0
        var arrived = Outcome()
        var longest: Int64 = 0
        var failure: (any Error)?
        while let (position, standing) = waiting.first {
            waiting.removeFirst()
            let joining = arrived.upTo == position ? arrived.places : []
            arrived = try await advance(
                joining + standing, from: position, upTo: waiting.first?.key ?? end)
            longest = max(longest, arrived.events)
            failure = arrived.failure ?? failure
        }
        if let failure { throw failure }
        return longest
    }

    /// Where a page ended, and who stands there now.
    private struct Outcome {
        var upTo: Int64 = 0
        var places: [LaggingPlace] = []
        var events: Int64 = 0
        var failure: (any Error)?
    }

    /// All of them at once; if that fails one by one, so that only those fail that must.
    private func advance(
        _ places: [LaggingPlace], from position: Int64, upTo end: Int64
    ) async throws -> Outcome {
        let places = declared.compactMap { name in places.first { $0.member.name == name } }
        let page = FoldPage(
            fold: CountedFold(fold: fold), places: places, after: position, end: end)
        do {
            if places.count == 1 {
                let done = try await runner.bisecting(places[0], positionsMax) {
                    try await page.run(on: runner.pool, positionsMax: $0)
                }
                return done?.map { outcome($0, of: places) } ?? Outcome()
            }
            let done = try await page.run(on: runner.pool, positionsMax: positionsMax)
            return done.map { outcome($0, of: places) } ?? Outcome()
        } catch let error where SubscriptionRunner.isFatal(error) {
            throw error
        } catch {
            guard places.count > 1 else { return Outcome(failure: error) }
        }
        var all = Outcome()
        for place in places {
            let one = try await advance([place], from: position, upTo: end)
            if one.upTo > all.upTo { (all.upTo, all.places) = (one.upTo, []) }
            if one.upTo == all.upTo { all.places += one.places }
            all.events = max(all.events, one.events)
            all.failure = one.failure ?? all.failure
        }
        return all
    }

    /// The order in which members are handed to the fold.
    private var declared: [String] { group.subscriptions.map(\.name) }

    private var positionsMax: Int64 { group.pagePositionsMax }

    private func outcome(_ done: FoldPage.Done, of places: [LaggingPlace]) -> Outcome {
        let moved = Set(done.members)
        return Outcome(
            upTo: done.range.upTo, places: places.filter { moved.contains($0.member) },
            events: done.range.count)
    }
}
