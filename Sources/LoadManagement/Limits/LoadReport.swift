package import LedgerModel
import Resilience
package import Routing

/// What an instance has to do, for whom, and how its classes fare.
package struct LoadReport: Sendable {
    package var inFlight = 0
    package var inFlightMax = 0
    /// Of those in flight, what no provider works on.
    package var waiting = 0
    package var waitingMax = 0
    package var classes: [ClassLoad] = []
    package var providers: [ProviderLoad] = []
    package var tenants: [TenantLoad] = []
    /// How far the figures of tenants reach back.
    package var reach: Duration = .zero
}

/// How a class of requests fares.
package struct ClassLoad: Sendable {
    package let serviceClass: ServiceClass
    package let inFlight: Int
    /// Since the instance began.
    package let total: ClassTally.Counts
    /// In the last ten minutes.
    package let recent: ClassTally.Counts

    /// Whether the class keeps what it was promised, in the last ten minutes; nil without a goal or
    /// requests.
    package var isKept: Bool? {
        guard let goal = serviceClass.goal, let compliance = recent.compliance else { return nil }
        return compliance >= goal.share
    }
}

/// What a provider has to do, and how much it is believed to take.
package struct ProviderLoad: Sendable {
    package let name: String
    package let inFlight: Int
    package let limit: Int
    package let method: ConcurrencyLimit.Method
    package let overloads: Int64
}

/// What a team, an application or a key had of an instance.
package struct TenantLoad: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case team, app, key }

    /// Nil for requests that name none.
    package let name: Name?
    package let requests: Int64
    package let tokens: Int64
    /// The sum of the times for which its requests were in flight.
    package let busy: Duration
    package var cost: PicodollarSum
    /// From 0 to 1.
    package var requestShare = 0.0
    package var busyShare = 0.0
    package var costShare: Double?
}

extension LoadManager {
    /// - Parameter ledger: whose tenants are told; those of others are none of the caller's business.
    package func report(of ledger: LedgerID, by kind: TenantLoad.Kind) -> LoadReport {
        let now = clock.moment()
        return limiter.with { $0.report(of: ledger, by: kind, at: now) }
    }

    /// What happened since this was last asked for, for the fleet.
    package func takeSpan() -> FleetLoad {
        let now = clock.moment()
        return limiter.with { $0.span.take($0.inFlight, at: now) }
    }

    /// What there is to measure, without tenants.
    package func measured() -> LoadReport {
        let now = clock.moment()
        return limiter.with { $0.measured(at: now) }
    }
}

extension LoadLimiter.State {
    func measured(at now: Moment) -> LoadReport {
        var report = LoadReport()
        report.inFlight = inFlight
        report.inFlightMax = instance.inFlightMax
        report.waiting = max(inFlight - calling, 0)
        report.waitingMax = instance.waitingMax
        report.classes = shares.classes.indices.map { index in
            ClassLoad(
                serviceClass: shares.classes[index], inFlight: inFlightByClass[index],
                total: tally.totals[index], recent: tally.recent(index, at: now))
        }
        report.providers = upstreams.all.sorted { $0.key < $1.key }.map { name, upstream in
            ProviderLoad(
                name: name, inFlight: upstream.inFlight, limit: upstream.concurrency.limit,
                method: upstream.concurrency.policy.method, overloads: upstream.overloads)
        }
        return report
    }

    mutating func report(
        of ledger: LedgerID, by kind: TenantLoad.Kind, at now: Moment
    ) -> LoadReport {
        var report = measured(at: now)
        let used = tenants.used(in: ledger, at: now)
        report.reach = .microseconds(max(now.microseconds(since: tenants.since), 0))
        var groups: [Name?: TenantShares.Used] = [:]
        for (tenant, part) in used { groups[tenant.name(kind), default: .init()] += part }
        let all = used.values.reduce(into: TenantShares.Used()) { $0 += $1 }
        report.tenants = groups.map { name, part in
            var tenant = TenantLoad(
                name: name, requests: part.requests, tokens: part.tokens,
                busy: .microseconds(part.busyMicroseconds), cost: part.cost)
            tenant.requestShare = Self.share(Double(part.requests), of: Double(all.requests)) ?? 0
            tenant.busyShare =
                Self.share(Double(part.busyMicroseconds), of: Double(all.busyMicroseconds)) ?? 0
            tenant.costShare = Self.share(Double(part.cost.amount), of: Double(all.cost.amount))
            return tenant
        }.sorted { ($1.busy, $0.name ?? "") < ($0.busy, $1.name ?? "") }
        return report
    }

    private static func share(_ part: Double, of all: Double) -> Double? {
        all > 0 ? part / all : nil
    }
}

extension TenantShares.Tenant {
    fileprivate func name(_ kind: TenantLoad.Kind) -> Name? {
        switch kind {
        case .team: team
        case .app: app
        case .key: key
        }
    }
}
