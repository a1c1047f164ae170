package import LedgerModel
import Postgres

/// An event of a ledger with what was booked for it.
package struct StoredEntry: Sendable {
    package let event: RecordedEvent
    /// The charge of a request and its adjustments, in order.
    package private(set) var charges: [Event] = []

    /// What the ledger says that a request costs.
    package var price: BookedPrice? {
        guard let last = charges.last else { return nil }
        if let reason = last.unpriced { return .unpriced(reason) }
        return .priced(charges.compactMap(\.amount).reduce(into: .zero) { $0 += $1 })
    }
}

/// The price of a request: a sum, or why there is none.
package enum BookedPrice: Hashable, Sendable {
    case priced(PicodollarSum)
    case unpriced(Name)

    /// The price that a charge books; nil for another event.
    package init?(_ charge: Event) {
        if let reason = charge.unpriced {
            self = .unpriced(reason)
        } else if let amount = charge.amount {
            self = .priced(PicodollarSum(amount))
        } else {
            return nil
        }
    }
}

extension EntryBatch {
    /// The event that a caller sent.
    package func event(of entry: Entry) -> Event? {
        image(of: entry.rows.lowerBound).withUnsafeBytes { Event(image: $0) }
    }
}

extension StoredEntry {
    /// Adds to some events what was booked for them: the id of each charge follows from the one
    /// before.
    ///
    /// - Parameter find: the events with some ids, in any order.
    static func entries(
        of events: [RecordedEvent], _ find: ([EventID]) throws -> [RecordedEvent]
    ) rethrows -> [Int64: StoredEntry] {
        var entries: [Int64: StoredEntry] = [:]
        var sought: [EventID: Int64] = [:]
        for event in events {
            entries[event.position] = StoredEntry(event: event)
            guard event.event.kind.isRequest else { continue }
            sought[.charge(for: event.event.id, after: nil)] = event.position
        }
        while !sought.isEmpty {
            var next: [EventID: Int64] = [:]
            for charge in try find(Array(sought.keys)).map(\.event) {
                guard let position = sought[charge.id], let request = entries[position]?.event
                else { continue }
                entries[position]?.charges.append(charge)
                next[.charge(for: request.event.id, after: charge.id)] = position
            }
            sought = next
        }
        return entries
    }
}

extension PostgresLedger {
    package func stored(at positions: [Int64]) async throws -> [Int64: StoredEntry] {
        if positions.isEmpty { return [:] }
        let ledger = id
        return try await pool.session { session in
            var events: [RecordedEvent] = []
            try HistoryQuery.whole(ledger).read(.places(positions), in: session) {
                events.append(try RecordedEvent(row: $0))
            }
            return try StoredEntry.entries(of: events) { try session.events($0, of: ledger) }
        }
    }
}
