package import Batching
package import Booking
package import CacheServing
package import Estimates
package import LedgerModel

/// The stages of a request that save money: answers that are there already, shorter prompts, calls
/// that several requests share.
///
/// Each is done only where the route asks for it, and otherwise costs a comparison. None of them
/// knows how a provider is called or what is booked for it: the pipeline gives that as closures.
package struct SavingStages: Sendable {
    let cache: ServedCache?
    let ledgers: LedgerRegistry?
    let tokens: TokenService
    let flights: SharedFlights
    /// Events of batches, which nobody waits for.
    let journal = CacheJournal()
    let refreshes = Refreshes()
    let now: @Sendable () -> Timestamp
    let makeID: @Sendable () -> EventID

    /// - Parameters:
    ///   - cache: nil where no answers are kept.
    ///   - ledgers: where savings are booked; nil books none.
    ///   - batching: lanes and classes of what is scheduled and merged; a lane with a route's name
    ///     is that route's own.
    ///   - makeID: a new unique id.
    package init(
        cache: ServedCache? = nil, ledgers: LedgerRegistry? = nil,
        tokens: TokenService = TokenService(),
        batching: BatchingPolicyFile = .standard,
        now: @escaping @Sendable () -> Timestamp, makeID: @escaping @Sendable () -> EventID
    ) throws {
        self.cache = cache
        self.ledgers = ledgers
        self.tokens = tokens
        self.now = now
        self.makeID = makeID
        flights = try SharedFlights(batching)
    }

    /// Writes what nobody waits for; to be called every second and at the end.
    package func writeJournal() async throws {
        guard let ledgers else { return }
        try await journal.write(to: ledgers)
    }
}
