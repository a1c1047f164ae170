import LedgerModel
package import LoadManagement
package import Routing

extension MetricFamily {
    static let classRequests = MetricFamily(
        "tally_class_requests", .gauge, labels: ["class", "outcome"],
        "Requests of a class since the instance began: admitted, limited, shed, kept, missed.")
    static let classCompliance = MetricFamily(
        "tally_class_compliance_ratio", .gauge, labels: ["class"],
        "The part of a class's requests of the last ten minutes that kept its goal.")
    static let instanceInFlight = MetricFamily(
        "tally_instance_in_flight", .gauge, "Requests of the gateway that are in flight.")
    static let concurrencyLimit = MetricFamily(
        "tally_provider_concurrency_limit", .gauge, labels: ["provider"],
        "Calls that a provider is believed to take at once.")
    static let providerInFlight = MetricFamily(
        "tally_provider_in_flight", .gauge, labels: ["provider"],
        "Calls to a provider that are under way.")
    static let providerOverloads = MetricFamily(
        "tally_provider_overloads", .gauge, labels: ["provider"],
        "Calls since the instance began that a provider refused for load or did not answer.")
    static let wantedInstances = MetricFamily(
        "tally_wanted_instances", .gauge, "Instances of the gateway that are wanted.")
    static let scalingDecisions = MetricFamily(
        "tally_scaling_decisions_total", .counter, labels: ["trigger"],
        "Decisions of this instance that another number of instances is wanted.")

    static let ofLoad = [
        classRequests, classCompliance, instanceInFlight, concurrencyLimit, providerInFlight,
        providerOverloads, wantedInstances, scalingDecisions,
    ]
}

extension PrometheusRegistry {
    /// Makes the series of decisions, before there is one.
    package func announceScaling() {
        for trigger in ScalingDecision.Trigger.allCases {
            add(0, to: .scalingDecisions, [trigger.rawValue])
        }
    }

    package func count(_ decision: ScalingDecision) {
        add(1, to: .scalingDecisions, [decision.trigger.rawValue])
    }

    package func measure(_ load: LoadReport, wanted: Int?) {
        instrument(.instanceInFlight, []).set(Double(load.inFlight))
        if let wanted { instrument(.wantedInstances, []).set(Double(wanted)) }
        for item in load.classes {
            let name = item.serviceClass.name.string
            for (outcome, count) in [
                ("admitted", item.total.admitted), ("limited", item.total.limited),
                ("shed", item.total.shed), ("kept", item.total.kept),
                ("missed", item.total.missed),
            ] {
                instrument(.classRequests, [name, outcome]).set(Double(count))
            }
            if let compliance = item.recent.compliance {
                instrument(.classCompliance, [name]).set(compliance)
            }
        }
        for provider in load.providers {
            instrument(.concurrencyLimit, [provider.name]).set(Double(provider.limit))
            instrument(.providerInFlight, [provider.name]).set(Double(provider.inFlight))
            instrument(.providerOverloads, [provider.name]).set(Double(provider.overloads))
        }
    }
}
