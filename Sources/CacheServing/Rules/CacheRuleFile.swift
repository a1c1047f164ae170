import CacheTiers
import Caching
import LedgerModel
import Pricing
import Routing

/// Rules as the file of the cache writes them.
enum CacheRuleFile {
    private static let keys = [
        "for", "cache", "scope", "ttl", "stale_while_revalidate", "random", "dependent", "tags",
        "near",
    ]

    static func rule(_ entry: FileNode.Entry) throws(PriceFileError) -> CacheRule {
        guard (1...CacheRule.nameBytesMax).contains(entry.key.utf8.count) else {
            throw entry.error("the name of a rule has 1 to \(CacheRule.nameBytesMax) bytes")
        }
        var rule = CacheRule(name: entry.key)
        for setting in try entry.value.entries(entry.key) {
            switch setting.key {
            case "for": rule.filter = try filter(setting.value)
            case "cache": rule.isOn = try setting.value.flag(setting.key)
            case "scope": rule.scope = try setting.value.word(setting.key)
            case "ttl":
                rule.seconds = try CacheFileValues.seconds(setting, upTo: TimeToLive.secondsMax)
            case "stale_while_revalidate":
                rule.staleSeconds = try CacheFileValues.seconds(
                    setting, upTo: CacheRule.staleSecondsMax)
            case "random": rule.acceptsRandom = try setting.value.flag(setting.key)
            case "dependent": rule.acceptsDependent = try setting.value.flag(setting.key)
            case "tags": rule.tags = try tags(setting.value)
            case "near": rule.near = try setting.value.word(setting.key)
            default: throw setting.unknown(in: "a rule", among: keys)
            }
        }
        return rule
    }

    /// The keys of a filter beside those of every selector.
    private static let filterKeys = ["api", "route"]

    private static func filter(_ node: FileNode) throws(PriceFileError) -> CacheRule.Filter {
        var filter = CacheRule.Filter()
        filter.requests = try RequestSelector(node, beside: filterKeys)
        guard filter.requests.labels.isEmpty else {
            throw node.error("a rule of the cache knows no labels: use route")
        }
        if let api = node["api"] { filter.dialect = try api.word("api") }
        if let route = node["route"] {
            let text = try route.text("route")
            guard (1...Dimensions.valueBytesMax).contains(text.utf8.count) else {
                throw route.error("route has 1 to \(Dimensions.valueBytesMax) bytes")
            }
            filter.route = Name(text)
        }
        return filter
    }

    private static func tags(_ node: FileNode) throws(PriceFileError) -> [Name] {
        var tags: [Name] = []
        for item in node.isSequence ? try node.items("tags") : [node] {
            let tag = try item.text("tags")
            guard (1...StoredAnswer.nameBytesMax).contains(tag.utf8.count) else {
                throw item.error("a tag has 1 to \(StoredAnswer.nameBytesMax) bytes")
            }
            tags.append(Name(tag))
        }
        guard tags.count <= CacheRule.tagsMax else {
            throw node.error("a rule gives at most \(CacheRule.tagsMax) tags")
        }
        return tags
    }
}

/// Values of the file of the cache.
enum CacheFileValues {
    /// The seconds of `90s`, `15m`, `12h` or `30d`.
    static func seconds(
        _ entry: FileNode.Entry, upTo limit: Int
    ) throws(PriceFileError) -> Int {
        let text = try entry.value.text(entry.key)
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            count >= 1, count <= limit / unit
        else {
            throw entry.value.error(
                "\(entry.key) is \(text): write 90s, 15m, 12h or 1d, at most \(limit / 86_400)d")
        }
        return count * unit
    }

    /// The bytes of `512MB`, in powers of 1,024.
    static func bytes(
        _ entry: FileNode.Entry, in range: ClosedRange<Int>
    ) throws(PriceFileError) -> Int {
        let text = try entry.value.text(entry.key).uppercased().filter { $0 != " " }
        let units = ["KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40]
        guard let unit = units[String(text.suffix(2))], let count = Int(text.dropLast(2)),
            count >= 0, count <= range.upperBound / unit, count * unit >= range.lowerBound
        else {
            throw entry.value.error(
                "\(entry.key) is \(text): write a size such as 512MB, from "
                    + "\(range.lowerBound >> 10)KB to \(range.upperBound >> 40)TB")
        }
        return count * unit
    }
}
