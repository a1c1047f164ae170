import LedgerModel
import Pricing

/// The sums of a part of a history; they are commutative, so the order and the workers do not
/// matter.
struct ReplaySums: Codable, Sendable {
    var eventsRead: Int64 = 0
    /// Sums by the values that identify a group.
    var groups: [[Name?]: ReplayReport.Sums] = [:]
    var check = RecordedCheck()
    var facts = ReplayReport.Facts()
    private var taken: [AllowanceMeter.Taken] = []

    /// The used parts of allowances, if pages came in order.
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
