package import LedgerModel

/// What all instances of a service say of their load.
package struct FleetLoad: Hashable, Sendable {
    package var instances: Int
    /// Requests in flight, in all instances together.
    package var inFlight: Double
    /// Requests that were shed a short while ago because an instance was full.
    package var shed: Int64
    /// Those that were shed because providers were full: more instances would not help them.
    package var shedByProviders: Int64

    package init(
        instances: Int = 0, inFlight: Double = 0, shed: Int64 = 0, shedByProviders: Int64 = 0
    ) {
        self.instances = instances
        self.inFlight = inFlight
        self.shed = shed
        self.shedByProviders = shedByProviders
    }
}

/// How many instances are wanted, and why it is another number than before.
package struct ScalingDecision: Hashable, Sendable {
    package enum Trigger: String, Sendable, CaseIterable {
        /// More is in flight than the instances should have.
        case load
        /// An instance was full.
        case shed
        /// Fewer instances would do.
        case idle
        /// The policy allows another number than was wanted.
        case bounds
    }

    package enum Constraint: String, Sendable, CaseIterable {
        case instancesMax = "instances_max"
        case instancesMin = "instances_min"
    }

    package let from: Int
    package let wanted: Int
    package let trigger: Trigger
    /// What kept it from being more, or fewer.
    package let constraint: Constraint?
}

/// Decides how many instances are wanted, from their load alone.
///
/// More are wanted at once. Fewer are wanted only after the cooldown, and only as many as would have
/// a fifth of their target to spare, so that a load that goes up and down does not take the
/// instances with it.
package struct ScalingRule: Sendable {
    package let policy: ScalingPolicy

    /// Of the target, what instances may have that were left when others went.
    private static let spareShare = 0.8

    package init(_ policy: ScalingPolicy) {
        self.policy = policy
    }

    /// The next decision; nil if what is wanted stays.
    ///
    /// - Parameters:
    ///   - wanted: what was decided last; nil for nothing.
    ///   - sinceLast: the time since then.
    package func decide(
        _ load: FleetLoad, wanted: Int?, sinceLast: Duration
    ) -> ScalingDecision? {
        let from = wanted ?? max(load.instances, 1)
        var more = needed(load.inFlight, each: policy.inFlightTarget)
        var trigger = ScalingDecision.Trigger.load
        if load.shed > 0, load.instances + 1 > more {
            (more, trigger) = (load.instances + 1, .shed)
        }
        var next = from
        if more > from {
            next = more
        } else if load.shed == 0, sinceLast >= policy.cooldown {
            let fewer = needed(load.inFlight, each: policy.inFlightTarget * Self.spareShare)
            if fewer < from { (next, trigger) = (fewer, .idle) }
        }
        let bounded = policy.bounded(next)
        let constraint: ScalingDecision.Constraint? =
            next > bounded ? .instancesMax : next < bounded ? .instancesMin : nil
        guard bounded != from || wanted == nil else { return nil }
        // A number outside the bounds was allowed by another policy.
        if next == from, bounded != from { trigger = .bounds }
        return ScalingDecision(
            from: from, wanted: bounded, trigger: trigger, constraint: constraint)
    }

    private func needed(_ inFlight: Double, each: Double) -> Int {
        let count = (max(inFlight, 0) / max(each, 0.001)).rounded(.up)
        return Int(min(count, 1_000_000))
    }
}

extension ScalingDecision {
    /// As the `detail` of its event has it.
    package func facts(_ load: FleetLoad) -> [(key: Name, value: Name)] {
        var facts: [(key: Name, value: Name)] = [
            ("from", Name("\(from)")), ("wanted", Name("\(wanted)")),
            ("trigger", Name(trigger.rawValue)), ("instances", Name("\(load.instances)")),
            ("in_flight", Name("\(Int64(load.inFlight.rounded()))")),
            ("shed", Name("\(load.shed)")),
        ]
        if let constraint { facts.append(("constraint", Name(constraint.rawValue))) }
        if load.shedByProviders > 0 {
            facts.append(("shed_by_providers", Name("\(load.shedByProviders)")))
        }
        return facts
    }
}

extension ScalingPolicy {
    /// The nearest number of instances that the policy allows; one has to be there to be asked.
    package func bounded(_ instances: Int) -> Int {
        max(min(max(instances, instancesMin), instancesMax), 1)
    }
}
