import LedgerModel
package import Subscriptions

extension HaltedSubscription: RenderableObject {
    package static let shape = Shape<HaltedSubscription> {
        Member("subscription", \.subscription, .column)
        Member("position", \.position, .column)
        Member("block_end", \.blockEnd)
        Member("halted_at", \.haltedAt, .heading("halted"))
        Member("reason", \.reason, .column)
    }
}

extension QuarantinedEvent: ListedObject {
    package static let listName = "quarantined"

    package static let shape = Shape<QuarantinedEvent> {
        Member("subscription", \.subscription, .column)
        Member("event_id", \.event.id, .column)
        Member("position", \.event.position, .column)
        Member("type", \.kind?.name, .column)
        Member("reason", \.reason, .column)
        Member("quarantined_at", \.quarantinedAt, .heading("quarantined"))
        Member("quarantined_position", \.quarantinedPosition)
        Member("is_left_out", \.isLeftOut, .heading("left out"))
        Member("released_at", \.release?.releasedAt)
        Member("released_position", \.release?.position)
        Member("release_reason", \.release?.reason, .heading("released because"))
    }
}

extension QuarantineList: RenderableObject, Reportable {
    package static let shape = Shape<QuarantineList> {
        Member("halted", \.halted)
        Member("quarantined", \.events)
    }

    package var report: Report {
        Report(
            halted.isEmpty ? .text("No subscription is halted.") : .table(Table(halted)),
            events.isEmpty ? .text("No event is quarantined.") : .table(Table(events)))
    }
}

extension PoisonEvent: RenderableObject {
    package static let shape = Shape<PoisonEvent> {
        Member("event_id", \.event.id, .column)
        Member("position", \.event.position, .column)
        Member("reason", \.reason, .column)
    }
}

/// The events that a halted subscription can't take, with the command that quarantines them.
package struct FoundPoison: RenderableObject, Reportable {
    let subscription: String
    let ledger: String
    let events: [PoisonEvent]

    /// - Parameter ledger: the ledger's name.
    package init(_ events: [PoisonEvent], in subscription: String, of ledger: String) {
        self.events = events
        self.subscription = subscription
        self.ledger = ledger
    }

    package static let shape = Shape<FoundPoison> {
        Member("subscription", \.subscription)
        Member("ledger", \.ledger)
        Member("events", \.events)
        Member("remedy", \.remedy)
    }

    private var remedy: String {
        if events.isEmpty { return "tally subscriptions resume \(subscription) --ledger \(ledger)" }
        let ids = events.map(\.event.id.description).joined(separator: " ")
        return "tally quarantine add \(subscription) \(ids) --reason TEXT --ledger \(ledger)"
    }

    package var report: Report {
        if events.isEmpty {
            return Report(
                .text("\(subscription) can take every event of its block by now: \(remedy)"))
        }
        return Report(
            .table(Table(events)), .text("Mend the program, or leave these out with \(remedy)"))
    }
}
