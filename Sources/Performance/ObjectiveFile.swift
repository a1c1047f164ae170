import JSON
import LedgerModel
package import Pricing

/// Reads `slo.yaml`; a key that is not known is refused with its line and column.
package enum ObjectiveFile {
    package static let bytesMax = 1 << 20
    package static let objectivesMax = 64

    package static func read(_ text: String) throws(PriceFileError) -> [ServiceObjective] {
        let root = try FileFields(try FileNode(parsing: text), "the file")
        guard text.utf8.count <= bytesMax else {
            throw root.error("it has more than \(bytesMax) bytes")
        }
        guard try root.text("tally_slos") == "1" else { throw root.error("tally_slos must be 1") }
        var objectives: [ServiceObjective] = []
        for entry in try root.node("slos")?.entries("slos") ?? [] {
            objectives.append(try objective(entry))
        }
        guard !objectives.isEmpty else { throw root.error("it has no slos") }
        guard objectives.count <= objectivesMax else {
            throw root.error("there are more than \(objectivesMax) slos")
        }
        try root.finish()
        return objectives
    }

    private static func objective(
        _ entry: FileNode.Entry
    ) throws(PriceFileError) -> ServiceObjective {
        let fields = try FileFields(entry.value, "slo \(entry.key)")
        guard (1...64).contains(entry.key.utf8.count) else {
            throw entry.error("the name of an slo has 1 to 64 bytes")
        }
        let latency = try time(fields, "latency")
        let first = try time(fields, "time_to_first_token")
        guard latency == nil || first == nil else {
            throw fields.error("give latency or time_to_first_token, not both")
        }
        let goal: ServiceObjective.Goal =
            latency.map { .latency($0) } ?? first.map { .timeToFirstToken($0) } ?? .availability
        var only: [String: Name] = [:]
        if let node = try fields.node("only") {
            let given = try FileFields(node, "only of slo \(entry.key)")
            for key in ["app", "provider", "model", "operation", "route"] {
                only[key] = try given.optionalText(key).map { Name($0) }
            }
            try given.finish()
        }
        let objective = ServiceObjective(
            name: Name(entry.key), goal: goal, missesPerMillion: try misses(fields),
            days: (try fields.seconds("period") ?? 30 * 86_400) / 86_400, app: only["app"],
            provider: only["provider"], model: only["model"], operation: only["operation"],
            route: only["route"])
        guard objective.days >= 1 else { throw fields.error("period is less than a day") }
        try fields.finish()
        return objective
    }

    /// From `99.9%`, what may miss of a million.
    private static func misses(_ fields: FileFields) throws(PriceFileError) -> Int64 {
        let text = try fields.text("goal")
        guard text.hasSuffix("%"), let scaled = scaledDecimal(String(text.dropLast()), scale: 4),
            scaled > 0, scaled < 1_000_000
        else { throw fields.error("goal is \(text): write a percentage below 100%, such as 99.9%") }
        return 1_000_000 - Int64(scaled)
    }

    /// The microseconds of `800ms`, `2s` or `1m`.
    private static func time(
        _ fields: FileFields, _ key: String
    ) throws(PriceFileError) -> Int64? {
        guard let text = try fields.optionalText(key) else { return nil }
        let units: [(suffix: String, microseconds: Int64)] = [
            ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000),
        ]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let count = Int64(text.dropLast(unit.suffix.count)), (1...86_400).contains(count)
        else { throw fields.error("\(key) is \(text): write 800ms, 2s or 1m") }
        return count * unit.microseconds
    }
}
