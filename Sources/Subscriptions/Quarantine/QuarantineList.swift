package import LedgerModel

/// What is halted in a ledger, and what is quarantined.
package struct QuarantineList: Sendable {
    package let halted: [HaltedSubscription]
    package let events: [QuarantinedEvent]
}

/// A subscription that can't get past a block.
package struct HaltedSubscription: Hashable, Sendable {
    package let subscription: String
    /// The last position that it dealt with.
    package let position: Int64
    package let haltedAt: Timestamp
    package let reason: String
    /// The last position of the block that it can't get past.
    package let blockEnd: Int64
}

/// An event that a subscription leaves out.
package struct QuarantinedEvent: Hashable, Sendable {
    package let subscription: String
    package let event: BlockEvent
    /// Nil for a kind that this program does not know.
    package let kind: EventKind?
    package let reason: String
    package let quarantinedAt: Timestamp
    /// The position of the event that says so.
    package let quarantinedPosition: Int64
    /// The id of the event that says so.
    package let id: EventID
    /// Nil for one that was not released.
    package let release: Release?
    /// Whether the version that is read leaves it out: a released event is left out until the
    /// subscription begins again.
    package let isLeftOut: Bool

    /// What took the quarantine back.
    package struct Release: Hashable, Sendable {
        package let reason: String
        package let releasedAt: Timestamp
        /// The position of the event that says so.
        package let position: Int64
    }
}

/// Why an event is not quarantined, or not released.
package enum QuarantineRefusal: Fault, Equatable {
    case unknownEvent(EventID)
    /// Nothing leaves the event out.
    case notQuarantined(EventID)
    case unknownSubscription(String, known: [String])
    case notHalted(subscription: String)
    /// The subscription is halted, but not before this event.
    case elsewhere(
        EventID, position: Int64, subscription: String, block: ClosedRange<Int64>)
    /// An unfinished rebuild has dealt with the event.
    case passed(EventID, subscription: String)
    /// Somebody resumed the subscription while the quarantine was booked.
    case overtaken(subscription: String)
    /// What is missing can't be quarantined.
    case missing(subscription: String, block: ClosedRange<Int64>)
    /// It fails whatever is left out.
    case noEvent(subscription: String, cause: String)
    case reason(bytes: Int)
    case count(Int)
    case contended(subscription: String)

    package var kind: FaultKind {
        switch self {
        case .unknownEvent, .unknownSubscription, .notQuarantined: .notFound
        case .reason, .count: .invalid
        case .notHalted, .elsewhere, .passed, .overtaken, .missing, .noEvent, .contended:
            .conflict
        }
    }

    package var param: String? {
        switch self {
        case .unknownEvent, .notQuarantined, .elsewhere, .passed, .count: "event_ids"
        case .unknownSubscription, .notHalted, .overtaken, .missing, .noEvent, .contended:
            "subscription"
        case .reason: "reason"
        }
    }

    package var description: String {
        switch self {
        case .unknownEvent(let id):
            "there is no event \(id) in this ledger; if it should be there, \(PositionGap.remedy)"
        case .notQuarantined(let id):
            "event \(id) is not quarantined there: see tally quarantine list"
        case .unknownSubscription(let name, let known):
            "there is no subscription \"\(name)\": they are \(known.joined(separator: ", "))"
        case .notHalted(let name):
            "\(name) is not halted: only what halts a subscription can be quarantined, see "
                + "tally status"
        case .elsewhere(let id, let position, let name, let block):
            "event \(id) is at position \(position), but \(name) is halted before positions "
                + "\(block.lowerBound) to \(block.upperBound): tally quarantine find \(name) "
                + "names what it cannot take"
        case .passed(let id, let name):
            "a rebuild of \(name) has taken event \(id): finish it with tally rebuild \(name)"
        case .overtaken(let name):
            "\(name) was resumed and went on while events were quarantined: run tally rebuild "
                + "\(name), so that it leaves them out for certain"
        case .missing(let name, let block):
            "positions \(block.lowerBound) to \(block.upperBound), before which \(name) is halted, "
                + "miss events, and what is missing cannot be quarantined: \(PositionGap.remedy)"
        case .reason(let bytes):
            "a reason has 1 to \(QuarantineService.reasonBytesMax) bytes, not \(bytes)"
        case .noEvent(let name, let cause):
            "\(name) fails without any event of its block too, so none is to blame: mend the cause "
                + "(\(cause)), then tally subscriptions resume \(name)"
        case .count(let count):
            "1 to \(QuarantineService.eventsMax) events are quarantined at once, not \(count)"
        case .contended(let name):
            "another caller quarantined for \(name) at the same time: try again"
        }
    }
}
