import CacheServing
import CacheTiers
import Caching
import LedgerModel
import Routing
import Testing

@Suite("The file of the cache")
struct CacheFileTests {
    private static let whole = """
        tally_cache: 1
        memory: 64MB
        policy: lru
        disk: {directory: /tmp/cache, size: 2GB}
        shared: {postgres: 512MB}
        rules:
          faq:
            for: {api: chat.completions, model: gpt-4o*, app: help, team: support, route: faq}
            scope: ledger
            ttl: 6h
            stale_while_revalidate: 10m
            random: true
            dependent: true
            tags: [faq, help]
            near: shadow
          never: {for: {app: secret}, cache: false}
        """

    @Test("every setting is read")
    func settings() throws {
        let settings = try CacheFile.read(Self.whole)
        #expect(settings.tiers.memory.capacityBytes == 64 << 20)
        #expect(settings.tiers.memory.policy == .lru)
        #expect(settings.tiers.disk?.directory == "/tmp/cache")
        #expect(settings.tiers.disk?.capacityBytes == 2 << 30)
        guard case .postgres(let bytes) = settings.tiers.shared else {
            Issue.record("\(settings.tiers.shared)")
            return
        }
        #expect(bytes == 512 << 20)
        let faq = try #require(settings.rules.rules.first)
        #expect(faq.filter.dialect == .chatCompletions)
        #expect(faq.filter.requests.models == ["gpt-4o*"])
        #expect(faq.filter.requests.dimensions == [.app: ["help"], .team: ["support"]])
        #expect(faq.filter.route == "faq" && faq.scope == .ledger && faq.seconds == 21_600)
        #expect(faq.staleSeconds == 600 && faq.acceptsRandom && faq.acceptsDependent)
        #expect(faq.tags == ["faq", "help"] && faq.near == .shadow)
        #expect(!settings.rules.rules[1].isOn && settings.rules.usesLikeness)
    }

    @Test("without a rule nothing clever is done")
    func standard() throws {
        let settings = try CacheFile.read("tally_cache: 1\nshared: {redis_env: REDIS_URL}")
        #expect(settings.redisVariable == "REDIS_URL" && settings.rules == CacheRules())
        let rule = CacheRules.otherwise
        #expect(rule.isOn && rule.scope == .team && !rule.acceptsRandom && !rule.acceptsDependent)
        #expect(rule.near == .off && rule.staleSeconds == 0)
        #expect(CacheSettings.standard.tiers.disk == nil)
    }

    @Test(
        "a mistake is named with its line and column",
        arguments: [
            ("rules: {}", "tally_cache is missing"), ("tally_cache: 2", "line 1, column 14"),
            ("tally_cache: 1\nmemry: 1GB", "line 2, column 1: memry is not known"),
            ("tally_cache: 1\nmemory: 1 banana", "line 2, column 9: memory is"),
            ("tally_cache: 1\nmemory: 1KB", "write a size such as 512MB"),
            ("tally_cache: 1\nmemory: 99999999999999999999GB", "memory is"),
            ("tally_cache: 1\ndisk: {size: 1GB}", "directory is missing"),
            ("tally_cache: 1\nshared: always", "shared is none"),
            ("tally_cache: 1\nshared: {redis_env: \"redis://a:b@c\"}", "names the environment"),
            ("tally_cache: 1\nrules:\n  a: {ttl: 400d}", "line 3, column 12: ttl is 400d"),
            ("tally_cache: 1\nrules:\n  a: {ttl: 0s}", "ttl is 0s"),
            ("tally_cache: 1\nrules:\n  a: {ttl: -5m}", "ttl is -5m"),
            ("tally_cache: 1\nrules:\n  a: {scope: leger}", "did you mean ledger?"),
            ("tally_cache: 1\nrules:\n  a: {for: {model: g*t}}", "a star may only stand"),
            (
                "tally_cache: 1\nrules:\n  a: {for: {usr: x}}",
                "usr is no dimension: did you mean user?"
            ),
            ("tally_cache: 1\nrules:\n  a: {near: 0.9}", "near is 0.9: use off, shadow"),
            ("tally_cache: 1\nrules: [a]", "rules must be a mapping"),
        ])
    func mistakes(_ text: String, _ expected: String) {
        let error = #expect(throws: (any Error).self) { try CacheFile.read(text) }
        #expect("\(String(describing: error))".contains(expected), "\(String(describing: error))")
        #expect(!"\(String(describing: error))".contains("a:b@c"), "a secret is not repeated")
    }

    @Test("too many rules and tags are refused")
    func bounds() {
        let rules = (0...CacheRules.rulesMax).map { "  r\($0): {ttl: 1h}" }
        let many = "tally_cache: 1\nrules:\n" + rules.joined(separator: "\n")
        #expect(throws: (any Error).self) { try CacheFile.read(many) }
        let tags = (0...CacheRule.tagsMax).map { "t\($0)" }.joined(separator: ", ")
        #expect(throws: (any Error).self) {
            try CacheFile.read("tally_cache: 1\nrules:\n  a: {tags: [\(tags)]}")
        }
    }
}
