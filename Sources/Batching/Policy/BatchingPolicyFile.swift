package import Pricing
import Resilience
package import Routing

/// The policy of a batcher as YAML, for a live one and for replays.
///
///     classes:
///     - {name: interactive, weight: 16, patience: 5s}
///     - {name: background, weight: 1, patience: 10m}
///     lanes:
///       chat: {upstream: openai, calls: 32}
///       embeddings: {upstream: openai, calls: 4, call: {requests: 256, tokens: 300000}}
///     jobs:
///     - {for: {app: reports}, window: 1h, size: 10000}
package struct BatchingPolicyFile: Sendable {
    package fileprivate(set) var policy = BatchingPolicy(lanes: [])
    /// The names of the policy's lanes and upstreams, in their order.
    package fileprivate(set) var laneNames: [String] = []
    package fileprivate(set) var upstreamNames: [String] = []
    /// Which requests may wait for a job of a batch API; the first that covers one decides.
    package fileprivate(set) var jobs: [JobRule] = []

    package static let bytesMax = 1 << 20
    package static let lanesMax = 64
    package static let jobsMax = 64

    /// A lane for requests that each need a call, and one for embeddings.
    package static let standardLanes: [(name: String, lane: LanePolicy)] = [
        ("chat", .single(callsMax: 32)),
        (
            "embeddings",
            .merging(
                callsMax: 4, call: Amount(requests: 256, tokens: 300_000, bytes: 8 << 20),
                latencyGoal: .seconds(1))
        ),
    ]

    /// The lane that merges embeddings; nil if none does.
    package var embeddings: LanePolicy? {
        laneNames.firstIndex(of: "embeddings").map { policy.lanes[$0] }
    }

    /// The policy of a file that says nothing.
    package static let standard: BatchingPolicyFile = {
        var file = BatchingPolicyFile()
        file.useStandards()
        return file
    }()

    fileprivate mutating func useStandards() {
        if upstreamNames.isEmpty { upstreamNames = ["default"] }
        guard policy.lanes.isEmpty else { return }
        policy.lanes = Self.standardLanes.map(\.lane)
        laneNames = Self.standardLanes.map(\.name)
    }

    /// What is wrong is said with its line and column.
    package static func read(_ text: String) throws(PriceFileError) -> BatchingPolicyFile {
        guard text.utf8.count <= bytesMax else {
            throw PriceFileError("the file is larger than \(bytesMax >> 20) MiB")
        }
        let root = try FileNode(parsing: text)
        var reader = BatchingPolicyReader()
        try reader.read(root)
        return reader.file
    }
}

/// Requests that may wait, and how long they are gathered.
package struct JobRule: Sendable, Hashable {
    package let selector: RequestSelector
    /// How long the first request of a job waits for others.
    package let window: Duration
    /// How many requests a job has at most; nil for as many as the provider allows.
    package let size: Int?

    package static let windowMax = Duration.seconds(7 * 86_400)

    package init(selector: RequestSelector, window: Duration, size: Int? = nil) {
        self.selector = selector
        self.window = window
        self.size = size
    }
}

private struct BatchingPolicyReader {
    var file = BatchingPolicyFile()

    private static let keys = [
        "classes", "upstreams", "lanes", "jobs", "open", "tenant_share", "allowance_tokens",
        "class_allowance_tokens", "sharers_max", "replay_bytes_max", "detached_bytes_max",
        "attempts_max", "backoff",
    ]
    private static let tokens = 1...BatchingPolicy.tokensMax
    private static let memory = 1...1 << 40
    private static let many = 1...1 << 30
    private static let hour = Duration.zero...Duration.seconds(3_600)
    private static let someTime = Duration.milliseconds(1)...Duration.seconds(7 * 86_400)

    mutating func read(_ root: FileNode) throws(PriceFileError) {
        // Lanes name upstreams, wherever those stand.
        if let upstreams = root["upstreams"] { try readUpstreams(upstreams) }
        for entry in try root.entries("the file") {
            let (key, node) = (entry.key, entry.value)
            switch key {
            case "upstreams": break
            case "classes": file.policy.classes = try classes(node)
            case "lanes": try readLanes(node)
            case "jobs": file.jobs = try jobs(node)
            case "open": file.policy.open = try amount(node, file.policy.open, key)
            case "tenant_share":
                file.policy.tenantShare = try node.count(key, in: 1...1_024)
            case "allowance_tokens":
                file.policy.allowanceTokens = try node.count(key, in: 0...BatchingPolicy.tokensMax)
            case "class_allowance_tokens":
                file.policy.classAllowanceTokens =
                    try node.count(key, in: 0...BatchingPolicy.tokensMax)
            case "sharers_max": file.policy.sharersMax = try node.count(key, in: Self.many)
            case "replay_bytes_max":
                file.policy.replayBytesMax = try node.bytes(key, in: Self.memory)
            case "detached_bytes_max":
                file.policy.detachedBytesMax = try node.bytes(key, in: Self.memory)
            case "attempts_max": file.policy.attemptsMax = try node.count(key, in: 1...100)
            case "backoff": try readBackoff(node)
            default: throw entry.unknown(in: "a batching policy", among: Self.keys)
            }
        }
        file.useStandards()
        do throws(PolicyRefused) { try file.policy.validate() } catch {
            throw (root[error.member] ?? root).error(error.description)
        }
    }

    // MARK: Classes, upstreams, lanes

    private func classes(_ node: FileNode) throws(PriceFileError) -> [PriorityClass] {
        var classes: [PriorityClass] = []
        for item in try node.items("classes") {
            var (name, weight, patience) = ("", 1, Duration.seconds(30))
            for entry in try item.entries("a class") {
                switch entry.key {
                case "name": name = try entry.value.text("name")
                case "weight":
                    weight = try entry.value.count(
                        "weight", in: 1...BatchingPolicy.weightMax)
                case "patience": patience = try entry.value.time("patience", in: Self.someTime)
                default: throw entry.unknown(in: "a class", among: ["name", "weight", "patience"])
                }
            }
            if name.isEmpty { throw item.error("a class needs a name") }
            if classes.contains(where: { $0.name == name }) {
                throw item.error("there are two classes \(name)")
            }
            classes.append(PriorityClass(name: name, weight: weight, patience: patience))
        }
        guard (1...BatchingPolicy.classesMax).contains(classes.count) else {
            throw node.error("give 1 to \(BatchingPolicy.classesMax) classes")
        }
        return classes
    }

    private mutating func readUpstreams(_ node: FileNode) throws(PriceFileError) {
        var upstreams: [UpstreamPolicy] = []
        for entry in try node.entries("upstreams") {
            var upstream = UpstreamPolicy()
            for part in entry.value.isNull ? [] : try entry.value.entries(entry.key) {
                switch part.key {
                case "retries": try readRetries(part.value, &upstream.retries)
                case "breaker": try readBreaker(part.value, &upstream.breaker)
                default: throw part.unknown(in: "an upstream", among: ["retries", "breaker"])
                }
            }
            upstreams.append(upstream)
            file.upstreamNames.append(entry.key)
        }
        guard (1...BatchingPolicyFile.lanesMax).contains(upstreams.count) else {
            throw node.error("give 1 to \(BatchingPolicyFile.lanesMax) upstreams")
        }
        file.policy.upstreams = upstreams
    }

    private func readRetries(
        _ node: FileNode, _ retries: inout RetryBudget.Policy
    ) throws(PriceFileError) {
        for entry in try node.entries("retries") {
            switch entry.key {
            case "share": retries.share = try entry.value.fraction("share", in: 0...1)
            case "start": retries.start = try entry.value.fraction("start", in: 0...1e6)
            case "saved_max":
                retries.savedMax = try entry.value.fraction("saved_max", in: 0...1e9)
            default:
                throw entry.unknown(in: "retries", among: ["share", "start", "saved_max"])
            }
        }
    }

    private func readBreaker(
        _ node: FileNode, _ breaker: inout CircuitBreaker.Policy
    ) throws(PriceFileError) {
        let times = Duration.milliseconds(1)...Duration.seconds(3_600)
        for entry in try node.entries("breaker") {
            let value = entry.value
            switch entry.key {
            case "window": breaker.window = try value.time("window", in: times)
            case "failed_share":
                breaker.failedShare = try value.fraction("failed_share", in: 0...1)
            case "failures_min":
                breaker.failuresMin = try value.count("failures_min", in: Self.many)
            case "open_first": breaker.openFirst = try value.time("open_first", in: times)
            case "open_max": breaker.openMax = try value.time("open_max", in: times)
            default:
                throw entry.unknown(
                    in: "breaker",
                    among: ["window", "failed_share", "failures_min", "open_first", "open_max"])
            }
        }
    }

    private mutating func readLanes(_ node: FileNode) throws(PriceFileError) {
        for entry in try node.entries("lanes") {
            file.policy.lanes.append(try lane(entry))
            file.laneNames.append(entry.key)
        }
        guard (1...BatchingPolicyFile.lanesMax).contains(file.laneNames.count) else {
            throw node.error("give 1 to \(BatchingPolicyFile.lanesMax) lanes")
        }
    }

    private func lane(_ written: FileNode.Entry) throws(PriceFileError) -> LanePolicy {
        var lane =
            BatchingPolicyFile.standardLanes.first { $0.name == written.key }?.lane
            ?? .single(callsMax: 32)
        for entry in try written.value.entries(written.key) {
            let (key, value) = (entry.key, entry.value)
            switch key {
            case "upstream":
                let name = try value.text(key)
                let names = file.upstreamNames.isEmpty ? ["default"] : file.upstreamNames
                guard let index = names.firstIndex(of: name) else {
                    throw value.error(
                        "\(name) is not among the upstreams: \(names.joined(separator: ", "))")
                }
                lane.upstream = index
            case "calls": lane.callsMax = try value.count(key, in: 1...65_536)
            case "call": lane.call = try amount(value, lane.call, key)
            case "latency_goal": lane.latencyGoal = try value.time(key, in: Self.someTime)
            case "wait": lane.waitMax = try value.time(key, in: Self.hour)
            case "size": lane.sizeFixed = try value.count(key, in: Self.many)
            default:
                throw entry.unknown(
                    in: "a lane",
                    among: ["upstream", "calls", "call", "latency_goal", "wait", "size"])
            }
        }
        return lane
    }

    // MARK: Others

    private func amount(
        _ node: FileNode, _ standard: Amount, _ what: String
    ) throws(PriceFileError) -> Amount {
        var amount = standard
        for entry in try node.entries(what) {
            switch entry.key {
            case "requests":
                amount.requests = try entry.value.count("requests", in: Self.many)
            case "tokens": amount.tokens = try entry.value.count("tokens", in: Self.tokens)
            case "bytes": amount.bytes = try entry.value.bytes("bytes", in: Self.memory)
            default: throw entry.unknown(in: what, among: ["requests", "tokens", "bytes"])
            }
        }
        return amount
    }

    private mutating func readBackoff(_ node: FileNode) throws(PriceFileError) {
        for entry in try node.entries("backoff") {
            switch entry.key {
            case "first":
                file.policy.backoff.first = try entry.value.time("first", in: Self.hour)
            case "max": file.policy.backoff.max = try entry.value.time("max", in: Self.hour)
            default: throw entry.unknown(in: "backoff", among: ["first", "max"])
            }
        }
    }

    private func jobs(_ node: FileNode) throws(PriceFileError) -> [JobRule] {
        var rules: [JobRule] = []
        for item in try node.items("jobs") {
            var selector: RequestSelector?
            var (window, size) = (Duration.seconds(3_600), Int?.none)
            for entry in try item.entries("a rule for jobs") {
                switch entry.key {
                case "for": selector = try RequestSelector(entry.value)
                case "window":
                    window = try entry.value.time("window", in: .zero...JobRule.windowMax)
                case "size":
                    size = try entry.value.count(
                        "size", in: 1...BatchAPI.anthropic.jobMax.requests)
                default:
                    throw entry.unknown(in: "a rule for jobs", among: ["for", "window", "size"])
                }
            }
            guard let selector, !selector.isEmpty else {
                throw item.error(
                    "for is missing: say which requests may wait up to a day for their answer")
            }
            rules.append(JobRule(selector: selector, window: window, size: size))
        }
        guard rules.count <= BatchingPolicyFile.jobsMax else {
            throw node.error("give at most \(BatchingPolicyFile.jobsMax) rules for jobs")
        }
        return rules
    }
}
