package import Calendars
import EventStore
import LedgerModel
import Pricing
import Routing
import Synchronization

/// What another order of providers, affinity or fallbacks would have cost, and done to latency.
///
/// History is read twice: first for what each provider takes and how fast it is, then, in the order
/// of its times, through the chooser that the gateway runs live.
package struct RoutingHistoryReplay: PolicyReplay {
    package static let name = "routing"
    private let policy: GatewayPolicy

    package init(policy: String, in zone: CalendarZone = .utc) throws {
        self.policy = try GatewayFile.read(policy)
    }

    package func run(
        on history: ReplayedHistory,
        progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws -> RoutingReplayReport {
        try history.check()
        let requests = RoutedCall.requests(of: policy)
        let reader = Mutex(RoutedCallReader(policy, history))
        let past = Mutex(PastProviders())
        _ = try await requests.read(history, progress: { progress($0, 2 * $1) }) { row, cost in
            if let call = try reader.withLock({ try $0.call(row, cost: cost) }) {
                past.withLock { $0.add(call) }
            }
        }
        let fold = Mutex(RoutingReplayFold(policy, history, past.withLock { $0 }))
        let end = try await requests.read(history, progress: { progress($0 + $1, 2 * $1) }) {
            row, cost in
            if let call = try reader.withLock({ try $0.call(row, cost: cost) }) {
                try fold.withLock { try $0.take(call) }
            }
        }
        return try fold.withLock { fold in
            try fold.report(at: end, groups: reader.withLock { $0.groups })
        }
    }
}

/// Makes calls of rows, with their groups.
struct RoutedCallReader: Sendable {
    private let ledger: LedgerID
    private let dimensions: [Dimension]
    private let asksForLabels: Bool
    private var labels = LabelTexts()
    private(set) var groups: PastGroups

    init(_ policy: GatewayPolicy, _ history: ReplayedHistory) {
        ledger = history.ledger
        groups = PastGroups(history)
        var dimensions: Set<Dimension> = [.session, .apiKey]
        for route in policy.routes { dimensions.formUnion(route.filter.asked) }
        self.dimensions = Array(dimensions)
        asksForLabels = policy.routes.contains { !$0.filter.labels.isEmpty }
    }

    mutating func call(_ row: EventRow, cost: PicodollarSum?) throws -> RoutedCall? {
        RoutedCall(
            row, cost: cost, group: try groups.number(of: row), ledger: ledger, dimensions,
            asksForLabels ? labels.labels(of: row) : nil)
    }
}
