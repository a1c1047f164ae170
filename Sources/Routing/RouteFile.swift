import LedgerModel
import Pricing

/// A route as `gateway.yaml` writes it.
struct RouteFile {
    private(set) var route: RoutePolicy
    /// Those that there are; nil where nobody knows.
    private let known: [String]?

    static let providersMax = 64
    static let fallbacksMax = 16
    static let attemptsMax = 10
    static let optimizationsMax = 32

    private static let keys = [
        "for", "providers", "choice", "weights", "qualities", "fallbacks", "affinity", "attempts",
        "hedge", "cache", "optimize", "budgets", "coalesce", "schedule", "merge_embeddings",
        "ask_for_usage", "durability", "when_ledger_is_away", "ping",
    ]

    init(_ entry: FileNode.Entry, _ known: [String]?) throws(PriceFileError) {
        route = RoutePolicy(name: Name(entry.key))
        self.known = known
        for part in entry.value.isNull ? [] : try entry.value.entries(entry.key) {
            if try readStage(part) { continue }
            try readChoice(part)
        }
        if route.choice == .weights, route.weights.values.allSatisfy({ $0 == 0 }) {
            throw entry.error("\(entry.key) chooses by weights and has none: give weights")
        }
        if route.choice == .quality, route.qualities.isEmpty {
            throw entry.error("\(entry.key) chooses by quality and has none: give qualities")
        }
    }

    // MARK: Who answers

    private mutating func readChoice(_ part: FileNode.Entry) throws(PriceFileError) {
        let value = part.value
        switch part.key {
        case "for": route.filter = try RequestSelector(value, knowsPaths: true)
        case "providers":
            for item in try value.items("providers") { route.providers.append(try provider(item)) }
            guard (1...Self.providersMax).contains(route.providers.count),
                Set(route.providers).count == route.providers.count
            else {
                throw value.error("give 1 to \(Self.providersMax) providers, each of them once")
            }
        case "choice": route.choice = try value.word("choice")
        case "weights": route.weights = try numbers(value, "weights", in: 0...1e6)
        case "qualities": route.qualities = try numbers(value, "qualities", in: 0...1)
        case "fallbacks":
            for item in try value.items("fallbacks") { route.fallbacks.append(try fallback(item)) }
            guard route.fallbacks.count <= Self.fallbacksMax else {
                throw value.error("there are more than \(Self.fallbacksMax) fallbacks")
            }
        case "affinity": route.hasAffinity = try value.flag("affinity")
        case "attempts":
            route.attemptsMax = try value.count("attempts", in: 1...Self.attemptsMax)
        case "hedge": route.hedge = try hedge(value)
        default: throw part.unknown(in: "a route", among: Self.keys)
        }
    }

    private func provider(_ node: FileNode) throws(PriceFileError) -> String {
        let name = try node.text("a provider")
        guard (1...64).contains(name.utf8.count) else {
            throw node.error("a provider's name has 1 to 64 bytes")
        }
        if let known, !known.contains(name) {
            throw node.error(
                "there is no provider \(name)" + Likeness.question(name, among: known))
        }
        return name
    }

    private func numbers(
        _ node: FileNode, _ what: String, in range: ClosedRange<Double>
    ) throws(PriceFileError) -> [String: Double] {
        var numbers: [String: Double] = [:]
        for entry in try node.entries(what) {
            if let known, !known.contains(entry.key) {
                throw entry.error(
                    "there is no provider \(entry.key)"
                        + Likeness.question(entry.key, among: known))
            }
            numbers[entry.key] = try entry.value.fraction(entry.key, in: range)
        }
        guard (1...Self.providersMax).contains(numbers.count) else {
            throw node.error("give \(what) for 1 to \(Self.providersMax) providers")
        }
        return numbers
    }

    private func fallback(_ node: FileNode) throws(PriceFileError) -> RoutePolicy.Fallback {
        var (name, model) = (String?.none, String?.none)
        for entry in try node.entries("a fallback") {
            switch entry.key {
            case "provider": name = try provider(entry.value)
            case "model": model = try entry.value.text("model")
            default: throw entry.unknown(in: "a fallback", among: ["provider", "model"])
            }
        }
        guard let name, let model, !model.isEmpty else {
            throw node.error("a fallback needs provider and model")
        }
        return RoutePolicy.Fallback(provider: name, model: model)
    }

    private func hedge(_ node: FileNode) throws(PriceFileError) -> RoutePolicy.Hedge {
        var (after, share) = (Duration?.none, Double?.none)
        for entry in try node.entries("hedge") {
            switch entry.key {
            case "after":
                after = try entry.value.time(
                    "after", in: .milliseconds(1)...Duration.seconds(600))
            case "share": share = try entry.value.fraction("share", in: 0...1)
            default: throw entry.unknown(in: "hedge", among: ["after", "share"])
            }
        }
        guard let after, let share else {
            throw node.error(
                "hedge needs after and share: how long the first call may be silent, and the part "
                    + "of requests that may be called twice")
        }
        return RoutePolicy.Hedge(after: after, share: share)
    }

    // MARK: The stages

    /// Whether a part of the route is about one of its stages.
    private mutating func readStage(_ part: FileNode.Entry) throws(PriceFileError) -> Bool {
        let (key, value) = (part.key, part.value)
        switch key {
        case "cache": route.isCached = try value.flag(key)
        case "optimize": route.isOptimized = try names(value, key)
        case "budgets": route.holdsBudgets = try value.flag(key)
        case "coalesce": route.coalesces = try value.flag(key)
        case "schedule": route.schedules = try value.flag(key)
        case "merge_embeddings": route.mergesEmbeddings = try value.flag(key)
        case "ask_for_usage": route.asksForUsage = try value.flag(key)
        case "durability": route.durability = try value.word(key)
        case "when_ledger_is_away": route.whenLedgerIsAway = try value.word(key)
        case "ping":
            let isOff = ["off", "false"].contains(try value.text(key))
            route.ping =
                isOff ? nil : try value.time(key, in: .seconds(1)...Duration.seconds(3_600))
        default: return false
        }
        return true
    }

    private func names(
        _ node: FileNode, _ what: String
    ) throws(PriceFileError) -> [String] {
        var names: [String] = []
        for item in try node.items(what) {
            let name = try item.text(what)
            guard (1...64).contains(name.utf8.count) else {
                throw item.error("a name in \(what) has 1 to 64 bytes")
            }
            names.append(name)
        }
        guard names.count <= Self.optimizationsMax else {
            throw node.error("\(what) has more than \(Self.optimizationsMax) names")
        }
        return names
    }
}
