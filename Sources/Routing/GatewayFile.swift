import LedgerModel
package import Pricing
import Resilience

/// Reads `gateway.yaml`; a key that is not known is refused with its line and column.
///
///     tally_gateway: 1
///     routes:
///       search:
///         for: {app: search, model: gpt-4o*}
///         providers: [openai, azure]
///         choice: load
///         fallbacks: [{provider: azure, model: gpt-4o-mini}]
///     limits:
///       teams: {per: team, requests_per_minute: 600, tokens_per_minute: 2000000}
///     classes:
///       interactive: {weight: 16, goal: {time_to_first_token: 2s, share: 0.99}}
///     scaling: {in_flight_target: 64, instances_max: 8}
///     instance: {in_flight_max: 1024, waiting_max: 512}
package enum GatewayFile {
    package static let bytesMax = 1 << 20
    package static let routesMax = 200
    package static let limitsMax = 200
    package static let classesMax = 16

    private static let keys = [
        "tally_gateway", "routes", "limits", "classes", "scaling", "instance",
    ]

    /// Whether a file says that it is one, however wrong the rest of it may be.
    package static func isOne(_ text: String) -> Bool {
        ((try? FileNode(parsing: text))?["tally_gateway"]) != nil
    }

    /// - Parameter providers: those that there are; nil where nobody knows.
    package static func read(
        _ text: String, providers: [String]? = nil
    ) throws(PriceFileError) -> GatewayPolicy {
        guard text.utf8.count <= bytesMax else {
            throw PriceFileError("the file has more than \(bytesMax) bytes")
        }
        let root = try FileNode(parsing: text)
        guard let version = root["tally_gateway"], try version.text("tally_gateway") == "1" else {
            throw (root["tally_gateway"] ?? root).error(
                "tally_gateway must be 1: begin the file with tally_gateway: 1")
        }
        var policy = GatewayPolicy()
        for entry in try root.entries("the file") where !entry.value.isNull {
            switch entry.key {
            case "tally_gateway": break
            case "routes":
                policy.routes = try list(entry, max: routesMax) { route throws(PriceFileError) in
                    try RouteFile(route, providers).route
                }
            case "limits": policy.limits = try list(entry, max: limitsMax, limit)
            case "classes": policy.classes = try classes(entry)
            case "scaling": policy.scaling = try scaling(entry.value)
            case "instance": policy.instance = try instance(entry.value)
            default: throw entry.unknown(in: "the file", among: keys)
            }
        }
        return policy
    }

    /// Named parts of the file, in its order.
    private static func list<Part>(
        _ entry: FileNode.Entry, max: Int,
        _ part: (FileNode.Entry) throws(PriceFileError) -> Part
    ) throws(PriceFileError) -> [Part] {
        var parts: [Part] = []
        for named in try entry.value.entries(entry.key) {
            guard (1...64).contains(named.key.utf8.count) else {
                throw named.error("a name has 1 to 64 bytes")
            }
            parts.append(try part(named))
        }
        guard parts.count <= max else {
            throw entry.error("there are more than \(max) \(entry.key)")
        }
        return parts
    }

    // MARK: Limits

    private static func limit(_ entry: FileNode.Entry) throws(PriceFileError) -> LimitPolicy {
        var limit = LimitPolicy(name: Name(entry.key))
        for part in try entry.value.entries(entry.key) {
            let value = part.value
            switch part.key {
            case "for": limit.filter = try RequestSelector(value, knowsPaths: true)
            case "per": limit.per = try value.word("per")
            case "requests_per_minute":
                limit.requestsPerMinute = Int64(
                    try value.count(part.key, in: 1...1_000_000_000))
            case "tokens_per_minute":
                limit.tokensPerMinute = Int64(
                    try value.count(part.key, in: 1...1_000_000_000_000))
            case "burst": limit.burst = try value.fraction(part.key, in: 0...60)
            default:
                throw part.unknown(
                    in: "a limit",
                    among: ["for", "per", "requests_per_minute", "tokens_per_minute", "burst"])
            }
        }
        guard limit.requestsPerMinute != nil || limit.tokensPerMinute != nil else {
            throw entry.error(
                "\(entry.key) limits nothing: give requests_per_minute or tokens_per_minute")
        }
        return limit
    }

    // MARK: Classes

    private static func classes(_ entry: FileNode.Entry) throws(PriceFileError) -> [ServiceClass] {
        var classes = try list(entry, max: classesMax, serviceClass)
        guard !classes.isEmpty else { throw entry.error("classes is empty: leave it out") }
        guard classes.count(where: \.isStandard) <= 1 else {
            throw entry.error("only one class may be the standard one")
        }
        if !classes.contains(where: \.isStandard) {
            let index = classes.firstIndex { $0.name == "standard" } ?? 0
            classes[index].isStandard = true
        }
        return classes
    }

    private static func serviceClass(
        _ entry: FileNode.Entry
    ) throws(PriceFileError) -> ServiceClass {
        let known = ServiceClass.standard.first { $0.name == Name(entry.key) }
        var read = ServiceClass(name: Name(entry.key), weight: known?.weight ?? 1)
        for part in try entry.value.entries(entry.key) {
            switch part.key {
            case "weight": read.weight = try part.value.count("weight", in: 1...1_024)
            case "standard": read.isStandard = try part.value.flag("standard")
            case "goal": read.goal = try goal(part.value)
            default: throw part.unknown(in: "a class", among: ["weight", "standard", "goal"])
            }
        }
        return read
    }

    private static func goal(_ node: FileNode) throws(PriceFileError) -> ServiceClass.Goal {
        let times = Duration.milliseconds(1)...Duration.seconds(3_600)
        var goal = ServiceClass.Goal(share: 0.99)
        for part in try node.entries("goal") {
            switch part.key {
            case "time_to_first_token":
                goal.timeToFirstToken = try part.value.time(part.key, in: times)
            case "latency": goal.latency = try part.value.time(part.key, in: times)
            case "share": goal.share = try part.value.fraction(part.key, in: 0...1)
            default:
                throw part.unknown(
                    in: "goal", among: ["time_to_first_token", "latency", "share"])
            }
        }
        guard goal.timeToFirstToken != nil || goal.latency != nil else {
            throw node.error("goal promises nothing: give time_to_first_token or latency")
        }
        return goal
    }

    // MARK: Scaling

    private static func scaling(_ node: FileNode) throws(PriceFileError) -> ScalingPolicy {
        let instances = 0...10_000
        var policy = ScalingPolicy()
        for part in try node.entries("scaling") {
            let value = part.value
            switch part.key {
            case "in_flight_target":
                policy.inFlightTarget = try value.fraction(part.key, in: 1...100_000)
            case "instances_min": policy.instancesMin = try value.count(part.key, in: instances)
            case "instances_max": policy.instancesMax = try value.count(part.key, in: instances)
            case "cooldown":
                policy.cooldown = try value.time(
                    part.key, in: .zero...Duration.seconds(86_400))
            default:
                throw part.unknown(
                    in: "scaling",
                    among: ["in_flight_target", "instances_min", "instances_max", "cooldown"])
            }
        }
        guard policy.instancesMin <= policy.instancesMax, policy.instancesMax > 0 else {
            throw node.error("instances_min is more than instances_max, or both are 0")
        }
        return policy
    }

    private static func instance(_ node: FileNode) throws(PriceFileError) -> InstancePolicy {
        var policy = InstancePolicy()
        for part in try node.entries("instance") {
            switch part.key {
            case "in_flight_max":
                policy.inFlightMax = try part.value.count(part.key, in: 1...1_000_000)
            case "waiting_max":
                policy.waitingMax = try part.value.count(part.key, in: 1...1_000_000)
            default:
                throw part.unknown(in: "instance", among: ["in_flight_max", "waiting_max"])
            }
        }
        return policy
    }
}
