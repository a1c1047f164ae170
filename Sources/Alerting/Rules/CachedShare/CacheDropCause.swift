import JSON
package import LedgerModel
import ReadModels

/// Why less is read from a provider's cache than before.
package enum CacheDropCause: Hashable, Sendable {
    /// What was written to the cache before no longer is: requests don't mark what to cache.
    case unmarked
    /// New sessions begin differently: system prompt or tools changed.
    case promptStart
    /// Every request begins differently: a time or an id in the prompt's start.
    case promptStartEachTime
    /// Input went to a model that caches less, most of it to this one.
    case model(Name)
    /// Turns of a session go different ways.
    case balancer(BalancerTrace)
    /// Turns come when the cache is gone.
    case timeToLive
    /// More sessions of fewer turns: nothing is wrong with the cache.
    case shorterSessions

    package enum BalancerTrace: Hashable, Sendable {
        /// By another provider, tier, region or key than the turn before.
        case ways
        /// The cache comes and goes within sessions.
        case alternation
    }
}

/// What requests read from caches now and before, taken apart.
///
/// The fall of the share is the sum over the classes of turns of two parts: what a class reads less
/// (by its weight now), and what its weight changed (by how its share differs from the whole).
/// A cause is named if its parts make up half of the fall, and if enough turns say so.
struct CacheComparison {
    private let now: Parts
    private let before: Parts
    private let isOfOneModel: Bool

    /// Turns from which on a class says anything.
    private static let turnsMin: Int64 = 20

    init(now: [PromptCacheCell], before: [PromptCacheCell], isOfOneModel: Bool) {
        self.now = Parts(now)
        self.before = Parts(before)
        self.isOfOneModel = isOfOneModel
    }

    private struct Parts {
        var all = PromptCacheUse()
        var turns: [Turn.Class?: PromptCacheUse] = [:]
        var models: [Name?: PromptCacheUse] = [:]

        init(_ cells: [PromptCacheCell]) {
            for cell in cells {
                all += cell.use
                turns[cell.turn, default: PromptCacheUse()] += cell.use
                models[cell.dimensions[.model], default: PromptCacheUse()] += cell.use
            }
        }

        func of(_ turn: Turn.Class) -> PromptCacheUse { turns[turn] ?? PromptCacheUse() }

        func weight(_ use: PromptCacheUse) -> Double {
            all.input == 0 ? 0 : Double(use.input) / Double(all.input)
        }

        var share: Double { all.share ?? 0 }
        /// The part of input that was neither read nor written.
        var uncached: Double { all.input == 0 ? 0 : Double(all.uncached) / Double(all.input) }
    }

    private var fall: Double { before.share - now.share }

    // MARK: Parts of the fall

    /// What a class reads less.
    private func less(_ turn: Turn.Class) -> Double {
        let use = now.of(turn)
        let usual = before.of(turn).share ?? before.share
        return now.weight(use) * (usual - (use.share ?? usual))
    }

    /// What comes of a class being more, or less, of the input than before.
    private func shifted(_ turn: Turn.Class) -> Double {
        let (was, use) = (before.of(turn), now.of(turn))
        guard let share = was.share else { return 0 }
        return (before.weight(was) - now.weight(use)) * (share - before.share)
    }

    private func grew(_ turn: Turn.Class) -> Bool {
        now.weight(now.of(turn)) > before.weight(before.of(turn))
    }

    private func shiftedUp(_ turn: Turn.Class) -> Double { grew(turn) ? shifted(turn) : 0 }

    private func isKnown(_ turn: Turn.Class) -> Bool {
        min(now.of(turn).requests, before.of(turn).requests) >= Self.turnsMin
    }

    // MARK: Causes

    /// The one that explains the most, at least half; nil if none does.
    var cause: CacheDropCause? {
        guard fall > 0 else { return nil }
        // Turns of another model are told by the model, not by how they differ from others.
        if !isOfOneModel, let (model, part) = models, part * 2 >= fall { return .model(model) }
        // What is lost and asked to be cached is written again.
        if before.all.written * 100 >= before.all.input,
            (now.uncached - before.uncached) * 2 >= fall
        {
            return .unmarked
        }
        let explained = candidates.filter { $0.part * 2 >= fall }
        return explained.max { $0.part < $1.part }?.cause
    }

    private var candidates: [(cause: CacheDropCause, part: Double)] {
        var found: [(cause: CacheDropCause, part: Double)] = []
        if now.of(.moved).requests >= Self.turnsMin {
            found.append((.balancer(.ways), less(.moved) + shiftedUp(.moved)))
        }
        let late = [Turn.Class.withinHour, .later]
        if late.contains(where: { now.of($0).requests >= Self.turnsMin }) {
            found.append((.timeToLive, late.reduce(0) { $0 + less($1) + shiftedUp($1) }))
        }
        if isKnown(.first) { found.append((.shorterSessions, shiftedUp(.first))) }
        let soon = now.of(.within5Minutes)
        if isKnown(.within5Minutes), soon.lostTurns >= Self.turnsMin {
            if soon.recoveredTurns * 4 >= soon.lostTurns {
                found.append((.balancer(.alternation), less(.within5Minutes)))
            } else if soon.recoveredTurns * 10 <= soon.lostTurns {
                found.append(
                    (.promptStartEachTime, less(.within5Minutes) + max(0, less(.first))))
            }
        }
        // While turns that follow at once still read what they share with the one before.
        if isKnown(.first), less(.within5Minutes) * 4 < less(.first) {
            found.append((.promptStart, less(.first)))
        }
        return found
    }

    /// The model whose input grew the most among those that read less than all did before, and
    /// what comes of all of them.
    private var models: (Name, Double)? {
        var part = 0.0
        var most: (name: Name, growth: Double)?
        for (name, use) in now.models {
            let was = before.models[name] ?? PromptCacheUse()
            let growth = now.weight(use) - before.weight(was)
            // A model that was there is taken with the share that it had.
            let share = (was.requests >= Self.turnsMin ? was.share : use.share) ?? before.share
            guard growth > 0, share < before.share, use.requests >= Self.turnsMin else { continue }
            part += growth * (before.share - share)
            if let name, growth > most?.growth ?? 0 { most = (name, growth) }
        }
        return most.map { ($0.name, part) }
    }

    // MARK: Evidence

    /// Up to three facts.
    var evidence: [String] {
        switch cause {
        case .unmarked:
            [
                "written to the cache: \(percent(now.all.written, now.all.input)) of input, before "
                    + percent(before.all.written, before.all.input),
                "neither read nor written: \(shown(now.uncached)), before \(shown(before.uncached))",
            ]
        case .promptStart: [line(.first), line(.within5Minutes)]
        case .promptStartEachTime: [lost, line(.within5Minutes), line(.first)]
        case .balancer(.alternation): [lost, line(.within5Minutes), line(.first)]
        case .balancer(.ways): [count(.moved), line(.moved), line(.within5Minutes)]
        case .timeToLive:
            [count(.withinHour), line(.withinHour), hourWrites ?? line(.within5Minutes)]
        case .shorterSessions: [count(.first), line(.first), line(.within5Minutes)]
        case .model(let name):
            [
                "input to \(name): \(part(now, name)), before \(part(before, name))",
                "it reads \(shown(now.models[name]?.share)) of its input from the cache, all "
                    + "models read \(shown(before.all.share)) before",
            ]
        case nil:
            now.turns.keys.allSatisfy { $0 == nil }
                ? ["requests name no session, so turns can't be compared"]
                : [line(.first), line(.within5Minutes), line(.withinHour)]
        }
    }

    private func line(_ turn: Turn.Class) -> String {
        "\(words(turn)) read \(shown(now.of(turn).share)), before \(shown(before.of(turn).share))"
    }

    private func count(_ turn: Turn.Class) -> String {
        "\(words(turn)): \(percent(now.of(turn).input, now.all.input)) of input, before "
            + percent(before.of(turn).input, before.all.input)
    }

    private var lost: String {
        let soon = now.of(.within5Minutes)
        return "\(soon.lostTurns) of \(soon.requests) turns within 5 minutes lost the cache, "
            + "\(soon.recoveredTurns) got it back"
    }

    private var hourWrites: String? {
        guard before.all.writeHour > 0 else { return nil }
        return "written for an hour: \(percent(now.all.writeHour, now.all.input)) of input, before "
            + percent(before.all.writeHour, before.all.input)
    }

    private func part(_ parts: Parts, _ name: Name) -> String {
        percent(parts.models[name]?.input ?? 0, parts.all.input)
    }

    private func words(_ turn: Turn.Class) -> String {
        switch turn {
        case .first: "first turns"
        case .within5Minutes: "turns within 5 minutes"
        case .moved: "turns that went another way"
        case .withinHour: "turns after 5 minutes to an hour"
        case .later: "turns after more than an hour"
        }
    }

    private func shown(_ share: Double?) -> String {
        share.map { "\(decimal(Int128(($0 * 1_000).rounded()), scale: 1)) %" } ?? "nothing"
    }

    private func percent(_ part: Int128, _ whole: Int128) -> String {
        shown(whole == 0 ? 0 : Double(part) / Double(whole))
    }
}

extension CacheDropCause {
    /// Why, in a sentence.
    package var sentence: String {
        switch self {
        case .unmarked: "requests no longer mark what to cache"
        case .promptStart: "the start of the prompts changed: system prompt or tools"
        case .promptStartEachTime:
            "the start of the prompts differs from request to request, as with a time or an id in it"
        case .model(let name): "input went to \(name), which reads less from its cache"
        case .balancer(.ways):
            "turns of a session go by different providers, tiers, regions or keys"
        case .balancer(.alternation):
            "the cache comes and goes within sessions, as behind a balancer without affinity"
        case .timeToLive: "turns come after the cache's time to live"
        case .shorterSessions: "sessions have fewer turns, and first turns read less"
        }
    }
}
