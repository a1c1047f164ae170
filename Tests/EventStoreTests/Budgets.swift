import EventStore
import LedgerModel
import LedgerTesting
import Testing

/// Budgets as the tests keep them: what is held of each is a row of state, which no decision
/// lets pass the limit.
struct Budgets {
    static let limit: Int64 = 1_000

    struct OverLimit: Error, Equatable {
        let left: Int64
    }

    static func key(_ name: Name) -> StateKey { StateKey(kind: 1, name: name) }

    /// Holds an amount in each of some budgets, or in none; a negative amount gives it back.
    static func hold(
        _ amount: Int64, in names: [Name], id: EventID, with others: [Event] = []
    ) -> Decision {
        Decision(id: id, on: names.map(key)) { rows, _ in
            for name in names {
                let held = self.held(rows[key(name)])
                let left = amount < 0 ? held : limit - held
                if abs(amount) > left { throw OverLimit(left: left) }
                rows[key(name)] = withUnsafeBytes(of: (held + amount).bigEndian) { [UInt8]($0) }
            }
            var event = Event(id: id, kind: .budgetHeld, occurredAt: id.time)
            event.detail = try Labels(names.map { ($0, Name(String(amount))) })
            return [event] + others
        }
    }

    static func held(_ state: [UInt8]) -> Int64 {
        state.reduce(0) { $0 << 8 | Int64($1) }
    }

    /// What the events say, checked against the limit at every one of them.
    static func fold(_ events: [RecordedEvent]) -> [Name: Int64] {
        var held: [Name: Int64] = [:]
        for recorded in events where recorded.event.kind == .budgetHeld {
            for (name, amount) in recorded.event.detail?.pairs ?? [] {
                held[name, default: 0] += Int64(amount.string) ?? 0
                let isWithin = (0...limit).contains(held[name] ?? 0)
                #expect(isWithin, "\(name) is out of its bounds at \(recorded.position)")
            }
        }
        return held
    }

    /// The rows of state are the fold of the events.
    static func audit(_ store: any LedgerStore, _ names: [Name]) async throws {
        let folded = fold(try await store.everything())
        for name in names {
            let state = try await store.state(of: key(name))
            #expect(held(state) == folded[name] ?? 0, "the state of \(name)")
        }
    }
}

extension RandomEvents {
    mutating func id() -> EventID {
        EventID(at: timestamp(), entropy: (random.next(), random.next()))
    }

    /// A request that is known by its id alone.
    mutating func plainRequest() -> Event {
        var event = request()
        event.externalID = nil
        return event
    }
}
