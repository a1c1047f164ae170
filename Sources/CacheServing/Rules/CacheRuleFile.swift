import CacheTiers
import Caching
import LedgerModel
import Pricing

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
            case "cache": rule.isOn = try CacheFileValues.flag(setting)
            case "scope": rule.scope = try CacheFileValues.word(setting, CacheRule.Scope.self)
            case "ttl":
                rule.seconds = try CacheFileValues.seconds(setting, upTo: TimeToLive.secondsMax)
            case "stale_while_revalidate":
                rule.staleSeconds = try CacheFileValues.seconds(
                    setting, upTo: CacheRule.staleSecondsMax)
            case "random": rule.acceptsRandom = try CacheFileValues.flag(setting)
            case "dependent": rule.acceptsDependent = try CacheFileValues.flag(setting)
            case "tags": rule.tags = try tags(setting.value)
            case "near": rule.near = try CacheFileValues.word(setting, NearSetting.self)
            default: throw CacheFileValues.unknown(setting, in: "a rule", among: keys)
            }
        }
        return rule
    }

    private static func filter(_ node: FileNode) throws(PriceFileError) -> CacheRule.Filter {
        var filter = CacheRule.Filter()
        for entry in try node.entries("for") {
            let text = try entry.value.text(entry.key)
            guard (1...Dimensions.valueBytesMax).contains(text.utf8.count) else {
                throw entry.value.error("\(entry.key) has 1 to \(Dimensions.valueBytesMax) bytes")
            }
            switch entry.key {
            case "api": filter.dialect = try CacheFileValues.word(entry, RequestDialect.self)
            case "model":
                guard !text.dropLast().contains("*") else {
                    throw entry.value.error("a star may only stand at the end of a model")
                }
                filter.model = text
            case "app": filter.app = Name(text)
            case "team": filter.team = Name(text)
            case "route": filter.route = Name(text)
            default:
                throw CacheFileValues.unknown(
                    entry, in: "for", among: ["api", "model", "app", "team", "route"])
            }
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
    static func flag(_ entry: FileNode.Entry) throws(PriceFileError) -> Bool {
        switch try entry.value.text(entry.key) {
        case "true", "on": true
        case "false", "off": false
        case let text: throw entry.value.error("\(entry.key) is \(text): use true or false")
        }
    }

    static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ entry: FileNode.Entry, _: Word.Type
    ) throws(PriceFileError) -> Word {
        let text = try entry.value.text(entry.key)
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        throw entry.value.error("\(entry.key) is \(text): \(remedy(text, words))")
    }

    static func unknown(
        _ entry: FileNode.Entry, in what: String, among keys: [String]
    ) -> PriceFileError {
        entry.error("\(entry.key) is not known in \(what): \(remedy(entry.key, keys))")
    }

    private static func remedy(_ text: String, _ words: [String]) -> String {
        let meant = Likeness.nearest(to: text, among: words, part: 3)
        return meant.map { "did you mean \($0)?" } ?? "use \(words.joined(separator: ", "))"
    }

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
