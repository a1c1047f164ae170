package import LedgerModel
import LedgerSQL
package import Postgres

/// A named part of the program that follows every ledger from its first event on.
///
/// How far it came in a ledger is its *place*: one row, moved together with the effect. Two kinds
/// of effects exist, and each is declared as a `SubscriptionGroup`:
///
/// - An effect that is SQL runs in the transaction that moves the place, so it happens exactly
///   once. All read models are one such group.
/// - An effect that appends to the ledger runs before the place moves, so it may happen again
///   after a crash: it appends events whose ids follow from what caused them, and the ledger
///   recognizes them.
///
/// To add one, declare it and hand it to the service's `SubscriptionRunner`. Claims, retries,
/// halts, lag, metrics and a line of `tally status` come with it:
///
///     let expiry = SubscriptionGroup(
///         reacting: Subscription(
///             name: "budget_expiry", definition: 1, patience: .seconds(1), wakes: .seconds(5))
///     ) { delivery in
///         let expired = try await budgets.holdsToExpire(in: delivery.range.ledger)
///         try await budgets.append(expired.map(\.expiry), to: delivery.range.ledger)
///         return .done(state: delivery.state)
///     }
package struct Subscription: Sendable, Hashable {
    /// The name in places, messages and metrics; no two subscriptions share one.
    package let name: String
    /// The revision of the effect.
    ///
    /// A fold that computes something else needs a higher one and then a rebuild; a reaction with a
    /// higher one starts at the beginning of each ledger, and appends what is missing.
    package let definition: Int32
    /// How long those who read the results can wait.
    ///
    /// One whose events touch many rows does less work when it takes more of them at once. When a
    /// whole page waits, it doesn't wait for its time.
    package let patience: Duration
    /// The read model that has to have seen the events first; nil where the events are enough.
    package let follows: String?
    /// How often the effect is wanted also where nothing happened; nil for never.
    package let wakes: Duration?
    /// Positions within which the blocks of one page begin.
    package let pagePositionsMax: Int64

    package static let pagePositionsMax: Int64 = 65_536
    /// A page that holds everything there is, for an effect that reads only the newest state.
    package static let wholeLag: Int64 = 1 << 40

    package init(
        name: String, definition: Int32, patience: Duration, follows: String? = nil,
        wakes: Duration? = nil, pagePositionsMax: Int64 = Self.pagePositionsMax
    ) {
        self.name = name
        self.definition = definition
        self.patience = patience
        self.follows = follows
        self.wakes = wakes
        self.pagePositionsMax = pagePositionsMax
    }
}

/// Subscriptions that share one effect.
package struct SubscriptionGroup: Sendable {
    /// Applies a range of events for some members; how many events it saw.
    ///
    /// The members are those of the group that stand at `range.after` and are due: one scan of
    /// the range can serve all of them. It runs in the transaction that moves their places.
    /// Quarantined events of the range are not applied and not counted.
    package typealias Fold =
        @Sendable (_ range: EventRange, _ members: [Member], _ session: Session) throws -> Int64
    /// Removes at most `limit` rows of versions before the member's from each of its tables; how
    /// many it removed.
    package typealias Erase =
        @Sendable (
            _ member: Member, _ ledger: LedgerID, _ limit: Int64, _ session: Session
        ) throws -> Int
    /// Looks at a range of events and appends what follows from them, leaving out those that are
    /// quarantined.
    package typealias React = @Sendable (_ delivery: Delivery) async throws -> Reaction

    enum Effect: Sendable {
        case fold(Fold, erase: Erase)
        case react(React)
    }

    /// The name in messages.
    package let name: String
    package let subscriptions: [Subscription]
    let effect: Effect

    /// Subscriptions whose effect is SQL: they move together while they stand at the same place.
    package init(
        folding subscriptions: [Subscription], as name: String, erase: @escaping Erase,
        fold: @escaping Fold
    ) {
        precondition(!subscriptions.isEmpty, "a group has members")
        self.name = name
        self.subscriptions = subscriptions
        effect = .fold(fold, erase: erase)
    }

    /// A subscription whose effect appends to the ledger.
    package init(reacting subscription: Subscription, react: @escaping React) {
        name = subscription.name
        subscriptions = [subscription]
        effect = .react(react)
    }

    /// The time between two looks for new events.
    var pause: Duration {
        max(subscriptions.map(\.patience).min() ?? Self.pauseMin, Self.pauseMin)
    }

    /// A page that is as long as it may be has another one behind it.
    var pagePositionsMax: Int64 {
        subscriptions.map(\.pagePositionsMax).min() ?? Subscription.pagePositionsMax
    }

    /// Small folds cost as much to plan as large ones, so they are let grow.
    static let pauseMin: Duration = .milliseconds(200)
}

/// A version of a subscription.
package struct Member: Sendable, Hashable {
    package let name: String
    package let version: Int32

    package init(name: String, version: Int32) {
        self.name = name
        self.version = version
    }
}

/// Whole blocks of a ledger: the positions after `after` up to `upTo`.
///
/// The ids of their events lie in `firstID..<endID`; with that as a condition too, months that
/// hold none of them are not read.
package struct EventRange: Sendable, Hashable {
    package let ledger: LedgerID
    package let after: Int64
    package let upTo: Int64
    package let firstID: EventID
    package let endID: EventID
    /// Events that the effect has to treat as if they were not there, in the range and outside of
    /// it.
    package private(set) var quarantine = Quarantine.none

    package init(
        ledger: LedgerID, after: Int64, upTo: Int64, firstID: EventID, endID: EventID
    ) {
        self.ledger = ledger
        self.after = after
        self.upTo = upTo
        self.firstID = firstID
        self.endID = endID
    }

    /// The positions, those of quarantined events included.
    package var count: Int64 { upTo - after }

    /// The positions of quarantined events in the range, in order.
    package var leftOut: [Int64] {
        quarantine.positions.filter { $0 > after && $0 <= upTo }
    }

    /// The same range without these events.
    package func leavingOut(_ quarantine: Quarantine) -> EventRange {
        var range = self
        range.quarantine = quarantine
        return range
    }
}

/// What an effect that appends is given.
package struct Delivery: Sendable, Hashable {
    /// Without events when only time has passed.
    package let range: EventRange
    /// What the effect left at its place; empty at first.
    package let state: String
}

/// What became of a delivery.
package enum Reaction: Sendable, Hashable {
    /// Everything in the range is dealt with: the place moves behind it.
    case done(state: String)
    /// The ledger has to be read from its first event again.
    case restart(state: String)
}
