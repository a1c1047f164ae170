package import LedgerModel
package import Resilience

/// The rules of a batcher.
package struct BatchingPolicy: Sendable {
    package var classes: [PriorityClass] = [
        PriorityClass(name: "interactive", weight: 16, patience: .seconds(5)),
        PriorityClass(name: "standard", weight: 4, patience: .seconds(30)),
        PriorityClass(name: "background", weight: 1, patience: .seconds(600)),
    ]
    package var upstreams: [UpstreamPolicy] = [UpstreamPolicy()]
    package var lanes: [LanePolicy]

    /// All that is accepted and has no outcome yet.
    package var open = Amount(requests: 65_536, tokens: 512 << 20, bytes: 512 << 20)
    /// A tenant may have open as many times of what is still free: with 4, one alone takes 80 %.
    package var tenantShare = 4
    /// By how many tokens a tenant may be ahead of others of its class that wait.
    package var allowanceTokens = 262_144
    /// By how many tokens, over its weight, a class may be ahead of others that wait.
    ///
    /// Until then the earliest deadline decides among all classes, and only then their weights.
    package var classAllowanceTokens = 4_194_304
    /// Requests that share one call.
    package var sharersMax = 1_024
    /// What of a running answer is kept for those who share it late or read it slowly.
    package var replayBytesMax = 1 << 20
    /// All that is kept for readers who fell behind.
    package var detachedBytesMax = 64 << 20
    /// Calls for one request that failed in a way that may pass.
    package var attemptsMax = 4
    package var backoff = Backoff()

    package init(lanes: [LanePolicy]) {
        self.lanes = lanes
    }

    package static let classesMax = 16
    package static let prefixHashesMax = 64
    package static let weightMax = 1_024
    /// A token count that weights can be divided into without overflow.
    package static let tokensMax = 1 << 40

    /// Checks what the initializers cannot.
    package func validate() throws(PolicyRefused) {
        func check(_ isGood: Bool, _ name: String, _ rule: String) throws(PolicyRefused) {
            if !isGood { throw PolicyRefused(member: name, rule: rule) }
        }
        try check((1...Self.classesMax).contains(classes.count), "classes", "1 to 16 of them")
        for item in classes {
            try check(
                (1...Self.weightMax).contains(item.weight), "weight", "from 1 to \(Self.weightMax)")
            try check(item.patience > .zero, "patience", "longer than nothing")
        }
        try check(!lanes.isEmpty, "lanes", "at least one")
        for lane in lanes {
            try check(upstreams.indices.contains(lane.upstream), "upstream", "one of the policy's")
            try check(lane.callsMax >= 1, "calls_max", "at least 1")
            try check(lane.call.requests >= 1, "call.requests", "at least 1")
            try check(lane.call.tokens >= 1 && lane.call.bytes >= 1, "call", "at least 1 of each")
            try check(lane.latencyGoal > .zero, "latency_goal", "longer than nothing")
            try check(lane.waitMax >= .zero, "wait_max", "not negative")
        }
        for upstream in upstreams {
            try check(
                (0...1).contains(upstream.retries.share), "retries.share", "from 0 to 1")
            let breaker = upstream.breaker
            try check(
                breaker.window > .zero && breaker.openFirst > .zero && breaker.openMax > .zero,
                "breaker", "times longer than nothing")
        }
        try check(
            open.requests >= 1 && (1...Self.tokensMax).contains(open.tokens) && open.bytes >= 1,
            "open", "at least 1 of each, and at most \(Self.tokensMax) tokens")
        try check(tenantShare >= 1, "tenant_share", "at least 1")
        try check(
            (0...Self.tokensMax).contains(allowanceTokens), "allowance_tokens",
            "from 0 to \(Self.tokensMax)")
        try check(
            (0...Self.tokensMax).contains(classAllowanceTokens), "class_allowance_tokens",
            "from 0 to \(Self.tokensMax)")
        try check(sharersMax >= 1, "sharers_max", "at least 1")
        try check(replayBytesMax >= 1 && detachedBytesMax >= 1, "replay_bytes_max", "at least 1")
        let hour = Duration.seconds(3_600)
        try check(
            (Duration.zero...hour).contains(backoff.first)
                && (Duration.zero...hour).contains(backoff.max),
            "backoff", "from nothing to an hour")
        try check((1...100).contains(attemptsMax), "attempts_max", "from 1 to 100")
    }
}

/// A class of requests: its part of an upstream when all classes wait.
package struct PriorityClass: Sendable {
    package let name: String
    package let weight: Int
    /// After how long a request without a deadline is due.
    package let patience: Duration

    package init(name: String, weight: Int, patience: Duration) {
        self.name = name
        self.weight = weight
        self.patience = patience
    }
}

/// An endpoint that fails, or works, as a whole.
package struct UpstreamPolicy: Sendable {
    package var retries = RetryBudget.Policy()
    package var breaker = CircuitBreaker.Policy()

    package init() {}
}

/// Requests that may be merged into one call, or that at least go the same way.
package struct LanePolicy: Sendable {
    /// The index in `BatchingPolicy.upstreams`.
    package var upstream = 0
    /// Calls that run at once.
    package var callsMax: Int
    /// What one call carries at most; one request if they can't be merged.
    package var call: Amount
    /// How long a call may take; merged calls grow until they would take longer.
    package var latencyGoal: Duration = .seconds(1)
    /// How long a request may wait for others to be merged with.
    package var waitMax: Duration = .milliseconds(5)
    /// A size of calls that is not adapted; nil to adapt it.
    package var sizeFixed: Int?

    /// Requests that each need a call.
    package static func single(callsMax: Int, upstream: Int = 0) -> LanePolicy {
        LanePolicy(
            upstream: upstream, callsMax: callsMax,
            call: Amount(requests: 1, tokens: BatchingPolicy.tokensMax, bytes: 256 << 20))
    }

    /// Requests that are merged, such as embeddings.
    package static func merging(
        callsMax: Int, call: Amount, latencyGoal: Duration, upstream: Int = 0
    ) -> LanePolicy {
        LanePolicy(
            upstream: upstream, callsMax: callsMax, call: call, latencyGoal: latencyGoal)
    }

    package var merges: Bool { call.requests > 1 }
}

/// A policy that cannot be followed.
package struct PolicyRefused: Fault, Hashable {
    package let member: String
    package let rule: String

    package var kind: FaultKind { .invalid }
    package var param: String? { member }
    package var description: String { "\(member) of the batching policy must be: \(rule)" }
}
