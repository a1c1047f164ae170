import LedgerModel
import LedgerSQL
package import Postgres

/// One of each statement of this module: a test prepares them all against the migrated schema.
package let subscriptionStatements: [any Statement] = {
    let ledger = LedgerID(1)
    let member = Member(name: "subscription", version: 1)
    let subscription = Subscription(name: member.name, definition: 1, patience: .seconds(1))
    let group = SubscriptionGroup(reacting: subscription) { _ in .done(state: "") }
    let place = LaggingPlace(
        ledger: ledger, member: member, position: 0, isNew: false, end: 1)
    let range = EventRange(
        ledger: ledger, after: 0, upTo: 1, firstID: EventID(high: 1, low: 2),
        endID: EventID(high: 2, low: 2))
    let claim = PlaceClaim(state: "", born: 0, until: Timestamp(year: 2026, month: 1, day: 1))
    return [
        FoldSettings(),
        RegisterSubscriptions(groups: [group]),
        ListLagging(group: group, pace: .patient),
        InsertPlaces(ledger: ledger, members: [member]),
        ClaimPlaces(ledger: ledger, members: [member], position: 0),
        MovePlaces(ledger: ledger, members: [member], from: 0, to: 1),
        ClaimPlace(place: place, term: .seconds(1)),
        MovePlace(place: place, claim: claim, to: 1, state: ""),
        ReleasePlace(place: place, claim: claim),
        HaltPlace(ledger: ledger, member: member, position: 0, error: "error"),
        ResumePlace(ledger: ledger, subscription: member.name),
        NextRange(ledger: ledger, after: 0, end: 1, positionsMax: 1),
        ListQuarantined(ledger: ledger, subscriptions: [member.name]),
        CountLeftOut(range: range, positions: [1]),
        ListBlockEvents(range: range),
        ListHalted(ledger: ledger),
        ListNames(),
        FindTaker(ledger: ledger, subscription: member.name, position: 1, released: 0),
        LockSubscription(name: member.name),
        LockPlaces(ledger: ledger, subscription: member.name),
        ListQuarantinedEvents(ledger: ledger),
        RestartReaction(name: member.name),
        ListStatus(names: [member.name], definitions: [1]),
        LockActivePlaces(ledger: ledger, subscriptions: [member.name]),
        BearPlace(ledger: ledger, member: member, head: 0),
        BeginRebuild(subscription: member.name),
        DropUnfinishedPlaces(member: member),
        ListBuilding(members: [member]),
        SwitchVersion(member: member, definition: 1),
        DropOldPlaces(member: member),
    ]
}()
