import LedgerModel
package import LoadManagement
package import Routing

/// What an instance has to do, with the tenants that have it do so.
package struct ShownLoad: RenderableObject, Reportable {
    let load: LoadReport
    let kind: TenantLoad.Kind

    package init(_ load: LoadReport, by kind: TenantLoad.Kind) {
        self.load = load
        self.kind = kind
    }

    package static let shape = Shape<ShownLoad> {
        Member("in_flight", \.load.inFlight)
        Member("in_flight_max", \.load.inFlightMax)
        Member("waiting", \.load.waiting)
        Member("waiting_max", \.load.waitingMax)
        Member("classes", \.load.classes)
        Member("providers", \.load.providers)
        Member("by", \.kind.rawValue)
        Member("reach_seconds", { $0.load.reach.components.seconds })
        Member("tenants", \.load.tenants)
    }

    package var report: Report {
        Report(
            .facts([
                ("in flight", Cell("\(load.inFlight) of \(load.inFlightMax)")),
                ("waiting", Cell("\(load.waiting) of \(load.waitingMax)")),
            ]), .table(Table(load.classes)), .table(Table(load.providers)),
            load.tenants.isEmpty
                ? .text("No request has ended in the last half hour.")
                : .table(Table(load.tenants)))
    }
}

extension ClassLoad: RenderableObject {
    package static let layout = Table.Layout(
        names: ["recent_compliance": "10 min", "goal_share": "goal"],
        expendable: ["weight", "limited", "missed"])

    package static let shape = Shape<ClassLoad> {
        Member("class", \.serviceClass.name, .column)
        Member("weight", \.serviceClass.weight, .column)
        Member("in_flight", \.inFlight, .heading("in flight"))
        Member("admitted", \.total.admitted, .column)
        Member("limited", \.total.limited, .column)
        Member("shed", \.total.shed, .column)
        Member("kept", \.total.kept, .column)
        Member("missed", \.total.missed, .column)
        Member("compliance", { $0.total.compliance.map { Proportion($0, as: .shortBar) } }, .column)
        Member(
            "recent_compliance", { $0.recent.compliance.map { Proportion($0, as: .shortBar) } },
            .column)
        Member("goal_share", \.serviceClass.goal?.share, .column)
        Member("is_kept", \.isKept)
    }
}

extension ProviderLoad: RenderableObject {
    package static let layout = Table.Layout(nothing: "no provider is configured")

    package static let shape = Shape<ProviderLoad> {
        Member("provider", \.name, .column)
        Member("in_flight", \.inFlight, .heading("in flight"))
        Member("concurrency_limit", \.limit, .heading("limit"))
        Member("method", \.method.rawValue, .column)
        Member("overloads", \.overloads, .column)
    }
}

extension TenantLoad: RenderableObject {
    package static let layout = Table.Layout(
        names: ["cost_usd": "cost"], expendable: ["tokens", "busy_seconds"])

    package static let shape = Shape<TenantLoad> {
        Member("name", \.name, .column)
        Member("requests", \.requests, .column)
        Member("request_share", { Proportion($0.requestShare, as: .shortBar) }, .column)
        Member("tokens", { RoundCount($0.tokens) }, .column)
        Member("busy_seconds", \.busy.components.seconds, .column)
        Member("resource_share", { Proportion($0.busyShare, as: .shortBar) }, .column)
        Member("cost_usd", \.cost, .column)
        Member("cost_share", { $0.costShare.map { Proportion($0, as: .shortBar) } }, .column)
    }
}

/// How many instances are wanted: what KEDA's `metrics-api` scaler reads.
package struct ShownScaling: RenderableObject, Reportable {
    let standing: Fleet.Standing
    /// Nil where nobody knows it.
    let policy: ScalingPolicy?

    package init(_ standing: Fleet.Standing, under policy: ScalingPolicy? = nil) {
        self.standing = standing
        self.policy = policy
    }

    private var wanted: Int {
        let found = standing.wanted ?? max(standing.load.instances, 1)
        return policy?.bounded(found) ?? found
    }

    private var decidedAt: Timestamp? { standing.wanted == nil ? nil : standing.decidedAt }

    package static let shape = Shape<ShownScaling> {
        Member("wanted_instances", \.wanted)
        Member("instances", \.standing.load.instances)
        Member("in_flight", \.standing.load.inFlight)
        Member("in_flight_target", \.policy?.inFlightTarget)
        Member("shed", \.standing.load.shed)
        Member("shed_by_providers", \.standing.load.shedByProviders)
        Member("instances_min", \.policy?.instancesMin)
        Member("instances_max", \.policy?.instancesMax)
        Member("decided_at", \.decidedAt)
    }

    package var report: Report {
        Report(
            .facts([
                ("wanted", Cell("\(wanted) instances")),
                ("running", Cell("\(standing.load.instances)")),
                ("in flight", Cell("\(Int(standing.load.inFlight.rounded()))")),
                ("shed", Cell("\(standing.load.shed)")),
                ("shed by providers", Cell("\(standing.load.shedByProviders)")),
                ("decided", Cell(decidedAt.map { "\($0)" } ?? "never")),
            ]))
    }
}
