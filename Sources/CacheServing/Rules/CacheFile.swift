package import CacheTiers
import Caching
import LedgerModel
package import Pricing

/// The cache as its file describes it: how large each tier is, and the rules.
package struct CacheSettings: Sendable {
    package var tiers = CacheTiersConfiguration()
    /// The environment variable that has the address of the Redis server; nil without one.
    package var redisVariable: String?
    package var rules = CacheRules()

    /// Without a file: memory and PostgreSQL, deterministic requests, each team for itself.
    package static let standard = CacheSettings()
}

/// Reads the file of the cache.
///
/// A key that is not known is refused with its line and column.
///
///     tally_cache: 1
///     memory: 512MB
///     disk: {directory: /var/cache/tally, size: 8GB}
///     shared: {postgres: 2GB}
///     rules:
///       faq:
///         for: {app: help, model: gpt-4o*}
///         ttl: 6h
///         stale_while_revalidate: 10m
///         tags: [faq]
package enum CacheFile {
    package static func read(_ text: String) throws(PriceFileError) -> CacheSettings {
        var settings = CacheSettings()
        let root = try FileNode(parsing: text)
        guard let version = root["tally_cache"] else {
            throw root.error("tally_cache is missing: begin the file with tally_cache: 1")
        }
        for entry in try root.entries("the file") where !entry.value.isNull {
            let value = entry.value
            switch entry.key {
            case "tally_cache":
                guard try version.text("tally_cache") == "1" else {
                    throw version.error("tally_cache must be 1")
                }
            case "memory":
                settings.tiers.memory.capacityBytes = try CacheFileValues.bytes(
                    entry, in: ResponseCache.capacityMin...ResponseCache.capacityMax)
            case "policy":
                settings.tiers.memory.policy = try value.word(entry.key)
            case "disk": settings.tiers.disk = try disk(value)
            case "shared": try shared(value, &settings)
            case "rules":
                let rules = try value.entries("rules")
                guard rules.count <= CacheRules.rulesMax else {
                    throw value.error("there are more than \(CacheRules.rulesMax) rules")
                }
                var read: [CacheRule] = []
                for rule in rules { read.append(try CacheRuleFile.rule(rule)) }
                settings.rules = CacheRules(read)
            default:
                throw entry.unknown(
                    in: "the file",
                    among: ["tally_cache", "memory", "policy", "disk", "shared", "rules"])
            }
        }
        return settings
    }

    private static let tierBytes = 1 << 20...1 << 44

    private static func disk(
        _ node: FileNode
    ) throws(PriceFileError) -> CacheTiersConfiguration.Disk {
        guard let directory = try node["directory"]?.text("directory"), !directory.isEmpty else {
            throw node.error("directory is missing: say where the disk tier keeps its file")
        }
        var disk = CacheTiersConfiguration.Disk(directory: directory)
        for entry in try node.entries("disk") {
            switch entry.key {
            case "directory": break
            case "size": disk.capacityBytes = try CacheFileValues.bytes(entry, in: tierBytes)
            default:
                throw entry.unknown(in: "disk", among: ["directory", "size"])
            }
        }
        return disk
    }

    /// `none`, `{postgres: 1GB}` for each ledger, or `{redis_env: VARIABLE}`.
    private static func shared(
        _ node: FileNode, _ settings: inout CacheSettings
    ) throws(PriceFileError) {
        guard node.isMapping else {
            guard try node.text("shared") == "none" else {
                throw node.error("shared is none, {postgres: 1GB} or {redis_env: VARIABLE}")
            }
            settings.tiers.shared = .none
            return
        }
        let entries = try node.entries("shared")
        guard entries.count == 1, let entry = entries.first else {
            throw node.error("shared takes one of postgres and redis_env")
        }
        switch entry.key {
        case "postgres":
            settings.tiers.shared = .postgres(
                bytesPerLedger: try CacheFileValues.bytes(entry, in: tierBytes))
        case "redis_env":
            let variable = try entry.value.text(entry.key)
            guard !variable.isEmpty, variable.utf8.allSatisfy(isPartOfVariable) else {
                // The address has a password, which must not stand here, so it is not repeated.
                throw entry.value.error(
                    "redis_env names the environment variable that has the server's address, such "
                        + "as TALLY_REDIS_URL")
            }
            settings.redisVariable = variable
        default:
            throw entry.unknown(in: "shared", among: ["postgres", "redis_env"])
        }
    }

    private static func isPartOfVariable(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || byte == 95
    }
}
