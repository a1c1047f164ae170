import ArgumentParser
import Booking
import CacheServing
import CacheTiers
import Caching
import EventStore
import Foundation
import LedgerModel
import Pricing
import Rendering

/// The commands of `tally cache` that concern single answers and the file of rules.
let cacheAnswerCommands: [any ParsableCommand.Type] = [
    CacheShow.self, CacheInvalidate.self, CacheCheck.self,
]

struct CacheShow: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows what is stored under a key, and who got it.",
        discussion: """
            It looks into the shared tier; what one instance has in its memory alone, only that \
            instance can tell: GET /api/v1/cache/entries/KEY.
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The key, from x-tally-cache-key.", transform: CacheKey.argument)
    var key: CacheKey

    func execute() async throws {
        output.show(
            try await withCache(place, to: .read) { cache, ledger in
                try await cache.entry(key, in: ledger, at: .now)
            })
    }
}

struct CacheInvalidate: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "invalidate",
        abstract: "Forgets answers, on all instances within a second.",
        discussion: """
            Several conditions must all hold. With --key it also says who got the answer. Models \
            and templates may end with a star.
            """)

    @OptionGroup var place: LedgerOptions
    @Option(help: "The answer with this key.", transform: CacheKey.argument) var key: CacheKey?
    @Option(help: "Answers with this tag.") var tag: String?
    @Option(help: "Answers of this model, such as gpt-4o or gpt-4o*.") var model: String?
    @Option(help: "Answers of this prompt template, such as reply@7 or reply@*.")
    var template: String?
    @Option(help: "Answers that were made from this.") var dependency: String?
    @Option(help: "Answers of this team.") var team: String?
    @Option(
        help: "Answers stored before a time, such as 7d or 2026-11-01.",
        transform: Timestamp.argument)
    var storedBefore: Timestamp?
    @Flag(help: "Every answer of the ledger.") var all = false
    @Option(help: "Why, for the ledger.") var reason: String?
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if all == !conditions.isEmpty {
            throw ValidationError(
                "say which answers, with --key, --tag, --model, --template, --dependency, --team or "
                    + "--stored-before; or --all")
        }
    }

    func execute() async throws {
        let actor = ProcessInfo.processInfo.environment["USER"] ?? "the command line"
        output.show(
            try await withCache(place, to: .write) { cache, ledger in
                if let key, conditions.count == 1 {
                    return try await cache.forget(
                        key, because: reason, by: actor, in: ledger, at: .now)
                }
                let (selection, value) = selection
                return try await cache.forget(
                    CacheInvalidationWish(selection, value: value, reason: reason, actor: actor),
                    in: ledger, at: .now)
            })
    }

    private var conditions: [(name: String, value: String)] {
        let given: [(String, String?)] = [
            ("key", key?.digest.description), ("tag", tag), ("model", model),
            ("template", template), ("dependency", dependency), ("team", team),
            ("stored_before", storedBefore?.description),
        ]
        return given.compactMap { name, value in value.map { (name, $0) } }
    }

    /// One condition as what it is, several as a predicate.
    private var selection: (CacheSelection, value: String) {
        let value = conditions.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
        if conditions.count == 1 {
            let single: CacheSelection? =
                tag.map { .tag(Name($0)) } ?? model.map { .model(Name($0)) }
                ?? template.map { .template(Name($0)) }
                ?? dependency.map { .dependency(Name($0)) }
                ?? storedBefore.map { .age(storedBefore: $0) }
            if let single { return (single, conditions[0].value) }
        }
        let predicate = CachePredicate(
            key: key, model: model.map { Name($0) }, template: template.map { Name($0) },
            tag: tag.map { Name($0) }, dependency: dependency.map { Name($0) },
            team: team.map { Name($0) }, storedBefore: storedBefore)
        return (.predicate(predicate), all ? "all" : value)
    }
}

struct CacheCheck: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks a file of rules for the cache; names line and column of a mistake.")

    @OptionGroup var output: OutputOptions
    @Argument(help: "The file, as in the setting cache.file.") var file: String

    func execute() async throws {
        let text = try readText(file, "the file")
        let settings: CacheSettings
        do { settings = try CacheFile.read(text) } catch {
            throw InputRefused("\(file): \(error)")
        }
        let rules = settings.rules.rules
        output.show(
            Told(
                Done("rules", String(rules.count)),
                "\(file) is good: \(rules.count) \(rules.count == 1 ? "rule" : "rules"), "
                    + "\(settings.tiers.memory.capacityBytes >> 20) MB of memory"))
    }
}

extension CacheKey {
    /// Reads 64 hexadecimal digits.
    static func argument(_ text: String) throws -> CacheKey {
        guard let digest = Digest(hexadecimal: text) else {
            throw ValidationError(
                "the key of an answer has 64 hexadecimal digits, as x-tally-cache-key has them")
        }
        return CacheKey(digest)
    }
}

/// Lends the cache as a command sees it: the shared tier, and next to no memory.
private func withCache<T>(
    _ place: LedgerOptions, to purpose: Deployment.Purpose,
    _ body: (ServedCache, LedgerID) async throws -> T
) async throws -> T {
    var settings = try await place.database.settings().cacheSettings()
    settings.tiers.memory.capacityBytes = ResponseCache.capacityMin
    settings.tiers.disk = nil
    // It reads the invalidations before it begins, and ends before it could miss one.
    settings.tiers.unheardMax = nil
    let tiers = settings.tiers
    return try await place.open(to: purpose) { deployment, ledger in
        let cache = ServedCache(
            tiers: try TieredCache(tiers, pool: deployment.pool, now: { .now }),
            ledgers: deployment.ledgers, pool: deployment.pool, makeID: makeEventID)
        try await cache.tiers.catchUp(at: .now)
        let result = try await body(cache, ledger.store.id)
        await cache.tiers.close()
        return result
    }
}
