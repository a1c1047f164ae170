import LedgerModel
import Pricing

/// What was folded of a history; sums are commutative, so it does not matter who folded what when.
struct ReplaySums: Codable, Sendable {
    var eventsRead: Int64 = 0
    /// By the values that name a group.
    var groups: [[Name?]: ReplayReport.Sums] = [:]
    var check = RecordedCheck()
    var facts = ReplayReport.Facts()
    private var taken: [AllowanceMeter.Taken] = []

    /// What was taken from allowances, if pages came in their order.
    var used: [AllowanceMeter.Pool: Int64] {
        get { AllowanceMeter.used(taken) }
        set { taken = AllowanceMeter.taken(newValue) }
    }

    mutating func add(_ values: [[Name?]], _ state: ReplayFold.State) {
        eventsRead += state.eventsRead
        check.add(state.check)
        facts += state.facts
        for (reason, count) in state.reasons.byKey {
            facts.unpriced.add(Name(reason.description), count)
        }
        facts.unpriced.add(others: state.reasons.others)
        for (values, part) in zip(values, state.sums) where part != ReplayReport.Sums() {
            groups[values, default: ReplayReport.Sums()] += part
        }
    }
}
