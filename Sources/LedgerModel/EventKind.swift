/// What happened, according to an event.
///
/// Numbers are hashed and stored: add new ones, never reuse one.
package enum EventKind: Int16, CaseIterable, Sendable {
    case requestCompleted = 1
    case requestFailed = 2
    case requestRepeated = 3
    case chargeRated = 10
    case chargeAdjusted = 11
    case chargeReconciled = 12
    case cacheHit = 20
    case cacheMiss = 21
    case cacheStored = 22
    case cacheEvicted = 23
    case cacheInvalidated = 24
    case batchFormed = 30
    case batchCompleted = 31
    case promptOptimized = 40
    case savingRated = 41
    case budgetDefined = 50
    case budgetHeld = 51
    case budgetSettled = 52
    case budgetReleased = 53
    case budgetExpired = 54
    case budgetDenied = 55
    case budgetLeased = 56
    case budgetLeaseReturned = 57
    case budgetOverrun = 58
    case controlApplied = 59
    case budgetOpened = 60
    case controlDefined = 61
    case budgetLeaseRecalled = 62
    case pricesPublished = 70
    case alertRaised = 80
    case alertDelivered = 81
    case alertAcknowledged = 82
    case alertResolved = 83
    case scalingDecided = 90
    case eventQuarantined = 100
    case eventReleased = 101
    case experimentDefined = 110
    case experimentObserved = 111
    case experimentStopped = 112

    /// The name in JSON, in SQL and in messages, such as `request.completed`.
    package var name: String {
        switch self {
        case .requestCompleted: "request.completed"
        case .requestFailed: "request.failed"
        case .requestRepeated: "request.repeated"
        case .chargeRated: "charge.rated"
        case .chargeAdjusted: "charge.adjusted"
        case .chargeReconciled: "charge.reconciled"
        case .cacheHit: "cache.hit"
        case .cacheMiss: "cache.miss"
        case .cacheStored: "cache.stored"
        case .cacheEvicted: "cache.evicted"
        case .cacheInvalidated: "cache.invalidated"
        case .batchFormed: "batch.formed"
        case .batchCompleted: "batch.completed"
        case .promptOptimized: "prompt.optimized"
        case .savingRated: "saving.rated"
        case .budgetDefined: "budget.defined"
        case .budgetHeld: "budget.held"
        case .budgetSettled: "budget.settled"
        case .budgetReleased: "budget.released"
        case .budgetExpired: "budget.expired"
        case .budgetDenied: "budget.denied"
        case .budgetLeased: "budget.leased"
        case .budgetLeaseReturned: "budget.lease_returned"
        case .budgetOverrun: "budget.overrun"
        case .controlApplied: "control.applied"
        case .budgetOpened: "budget.opened"
        case .controlDefined: "control.defined"
        case .budgetLeaseRecalled: "budget.lease_recalled"
        case .pricesPublished: "prices.published"
        case .alertRaised: "alert.raised"
        case .alertDelivered: "alert.delivered"
        case .alertAcknowledged: "alert.acknowledged"
        case .alertResolved: "alert.resolved"
        case .scalingDecided: "scaling.decided"
        case .eventQuarantined: "event.quarantined"
        case .eventReleased: "event.released"
        case .experimentDefined: "experiment.defined"
        case .experimentObserved: "experiment.observed"
        case .experimentStopped: "experiment.stopped"
        }
    }

    package init?(name: some StringProtocol) {
        guard let kind = Self.byName[String(name)] else { return nil }
        self = kind
    }

    private static let byName = Dictionary(
        uniqueKeysWithValues: EventKind.allCases.map { ($0.name, $0) })

    package var isRequest: Bool { self == .requestCompleted || self == .requestFailed }
    /// Whether it books money: of a request, or (reconciled) of a day and a model.
    package var isCharge: Bool {
        self == .chargeRated || self == .chargeAdjusted || self == .chargeReconciled
    }

    /// Whether applications may report it; the ledger books the other kinds itself.
    package var isReported: Bool {
        switch self {
        case .requestCompleted, .requestFailed, .cacheHit, .cacheMiss, .cacheStored,
            .cacheEvicted, .cacheInvalidated, .batchFormed, .batchCompleted, .promptOptimized,
            .experimentObserved:
            true
        default: false
        }
    }
}
