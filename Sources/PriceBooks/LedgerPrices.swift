package import LedgerModel
import LedgerSQL
package import Postgres
package import Pricing
import Synchronization

/// The prices that a ledger uses, kept current from its `prices.published` events.
package final class LedgerPrices: Sendable {
    private let source: (ledger: LedgerID, pool: Pool)?
    private let state: Mutex<State>

    private struct State {
        var schedule: PriceSchedule
        /// The position of the last publication in the schedule.
        var position: Int64 = 0
        /// The ids of all providers in the schedule.
        var providers: Set<String> = []
        /// Idle raters; each remembers how to price what it has seen.
        var idle: [Rater] = []
    }

    /// - Parameter ledger: must exist; call `refresh` before the first use.
    package init(ledger: LedgerID, pool: Pool) {
        source = (ledger, pool)
        state = Mutex(State(schedule: PriceSchedule([])))
    }

    /// Prices that stay as they are: of a ledger that does not exist yet.
    package init(_ schedule: PriceSchedule) {
        source = nil
        state = Mutex(State(schedule: schedule))
    }

    package var schedule: PriceSchedule { state.withLock { $0.schedule } }

    /// The ids of the providers that the ledger has prices of.
    package var providers: Set<String> { state.withLock { $0.providers } }

    /// The schedule with the position of its last publication.
    package var published: (schedule: PriceSchedule, position: Int64) {
        state.withLock { ($0.schedule, $0.position) }
    }

    /// Lends a rater with the newest schedule.
    package func withRater<R>(_ body: (inout Rater) throws -> R) rethrows -> R {
        let (idle, schedule, position) = state.withLock { state in
            (state.idle.popLast(), state.schedule, state.position)
        }
        var rater = idle ?? Rater(schedule)
        defer {
            state.withLock { state in
                // A rater of an older schedule is dropped.
                if state.position == position { state.idle.append(rater) }
            }
        }
        return try body(&rater)
    }

    /// Reads publications newer than the schedule; returns whether there were any.
    @discardableResult
    package func refresh() async throws -> Bool {
        guard let (ledger, pool) = source else { return false }
        let (known, books) = state.withLock { state in
            (state.position, state.schedule.entries.map(\.book))
        }
        let publications = try await pool.session { session in
            try session.run(PublicationsAfter(ledger: ledger, position: known))
        }
        guard let last = publications.last else { return false }
        var entries: [(Int64, PriceSchedule.Entry)] = []
        for publication in publications {
            let book =
                try books.first { $0.id == publication.bookID }
                ?? PriceBookStore.read(publication.bookID, body: publication.body)
            entries.append(
                (
                    publication.position,
                    PriceSchedule.Entry(effectiveFrom: publication.effectiveFrom, book: book)
                ))
        }
        state.withLock { state in
            // Another refresh may have been faster.
            for (position, entry) in entries where position > state.position {
                state.schedule.publish(entry.book, effectiveFrom: entry.effectiveFrom)
                state.providers.formUnion(entry.book.providers.map(\.id))
            }
            state.position = max(state.position, last.position)
            state.idle = []
        }
        return true
    }
}
