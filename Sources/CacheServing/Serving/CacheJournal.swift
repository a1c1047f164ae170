package import Booking
import EventReading
package import LedgerModel
import Synchronization

/// Events that nobody waits for, until they are written to their ledgers.
///
/// A service writes them every second and once more when it stops. There is a limit to what waits;
/// beyond it, and when a process is killed, events are lost: misses and evictions are statistics.
package final class CacheJournal: Sendable {
    private struct State {
        var waiting: [LedgerID: [Event]] = [:]
        var count = 0
        var dropped = 0
    }

    private let state = Mutex(State())

    /// Events that wait at most; about 16 MiB.
    package static let eventsMax = 16_384

    package init() {}

    /// Takes an event, or counts it as dropped if too many wait.
    package func note(_ event: Event, in ledger: LedgerID) {
        state.withLock { state in
            guard state.count < Self.eventsMax else {
                state.dropped += 1
                return
            }
            state.waiting[ledger, default: []].append(event)
            state.count += 1
        }
    }

    /// Writes what waits; what one ledger does not take does not delay the others.
    package func write(to ledgers: LedgerRegistry) async throws {
        let taken = state.withLock { state in
            defer { (state.waiting, state.count) = ([:], 0) }
            return state.waiting
        }
        var failure: (any Error)?
        for (ledger, events) in taken {
            do {
                var rest = events[...]
                _ = try await ledgers.openLedger(ledger).intake.take(listing: .refused) {
                    rest.popFirst().map {
                        ReadItem(index: 0, line: nil, result: .success($0))
                    }
                }
            } catch {
                failure = error
                // Events keep their ids, so what was written after all is a duplicate.
                for event in events { note(event, in: ledger) }
            }
        }
        if let failure { throw failure }
    }

    /// How many were dropped since the last call.
    package func takeDropped() -> Int {
        state.withLock { state in
            defer { state.dropped = 0 }
            return state.dropped
        }
    }

    package var waiting: Int { state.withLock { $0.count } }
}
