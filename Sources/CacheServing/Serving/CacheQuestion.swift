package import CacheTiers
package import Caching
package import JSON
package import LedgerModel

/// A request to a model for which somebody asks the cache.
package struct CacheQuestion: Sendable {
    package let ledger: LedgerID
    package let dialect: RequestDialect
    /// The body of the request, JSON.
    package let body: [UInt8]
    /// How its sender wants the answer.
    package let form: AnswerForm
    /// Who asks; of these, the team decides who shares the answer.
    package var dimensions: Dimensions
    package var directives: CacheDirectives
    /// What the caller calls this use of the cache, for rules.
    package var route: Name?

    /// - Parameter directives: what the caller says about caching.
    package init(
        body: [UInt8], form: AnswerForm, of dialect: RequestDialect, in ledger: LedgerID,
        dimensions: Dimensions = Dimensions(), directives: CacheDirectives = CacheDirectives(),
        route: Name? = nil
    ) {
        self.ledger = ledger
        self.dialect = dialect
        self.body = body
        self.form = form
        self.dimensions = dimensions
        self.directives = directives
        self.route = route
    }

    /// The same from a request that was read; it says itself which form it wants.
    package init(
        _ request: JSONTree, of dialect: RequestDialect, in ledger: LedgerID,
        dimensions: Dimensions = Dimensions(), directives: CacheDirectives = CacheDirectives(),
        route: Name? = nil
    ) {
        self.init(
            body: Array(request.json.utf8), form: dialect.form(askedBy: request), of: dialect,
            in: ledger, dimensions: dimensions, directives: directives, route: route)
    }
}

/// A question with everything that follows from it and the rules.
package struct AskedQuestion: Sendable {
    package let question: CacheQuestion
    package let request: CanonicalRequest
    package let rule: CacheRule
    package let decision: CacheDecision
    package let partition: CachePartition
    package let address: CacheAddress

    init(_ question: CacheQuestion, _ rules: CacheRules) throws(CacheFault) {
        self.question = question
        request = try CanonicalRequest(question.body, dialect: question.dialect)
        rule = rules.rule(for: question, model: request.model)
        decision = CacheDecision(for: request, question.directives, route: rule.directives)
        partition = rule.partition(of: question)
        address = CacheAddress(request, in: partition)
    }

    package var key: CacheKey { address.key }

    /// Whether a stored answer may be given to this question.
    ///
    /// The partition is part of the key already; it is compared so that no error elsewhere gives
    /// one team's answer to another.
    func accepts(_ answer: StoredAnswer, at now: Timestamp) -> MissReason? {
        guard answer.partition == partition else { return .mismatched }
        guard let maxAge = decision.maxAge else { return nil }
        let age = now.microseconds - answer.storedAt.microseconds
        return age <= Int64(maxAge) * 1_000_000 ? nil : .refused
    }

    /// What a similar question is looked for with; nil if the rule does not want it.
    var near: NearQuestion? {
        guard rule.near != .off else { return nil }
        return NearQuestion(
            question.body, dialect: question.dialect, key: key, check: address.check,
            ledger: question.ledger, team: question.dimensions[.team])
    }

    /// Why nothing is read, or nothing stored; nil if it may be.
    package var reason: CacheSkip? {
        switch decision.reason {
        case nil: nil
        case .asked: rule.isOn ? .asked : .off(rule: rule.name)
        case .random: .random
        case .dependsOn(let member): .dependsOn(member)
        }
    }
}

/// Why the cache has no answer; the raw value is the `reason` of a `cache.miss`.
package enum MissReason: String, Sendable {
    case absent, expired, mismatched, corrupt, unsure
    /// The caller does not want a stored answer, or none of this age.
    case refused
    case notCacheable = "not_cacheable"

    init(_ reason: CacheMissReason) { self = MissReason(rawValue: reason.rawValue) ?? .absent }
}

/// Why a request is left out, or its answer is not kept.
package enum CacheSkip: Sendable, Equatable {
    case asked
    case off(rule: String)
    case random
    case dependsOn(String)
    case status(Int)
    case aborted
    case unfinished(String)
    case fallback(answered: String, asked: String)
    case forbidden
    case unreadable(UnreadableAnswer)
    case tier(CacheTierFault)
    /// The instance has just started.
    case unready

    /// The word for programs.
    package var word: String {
        switch self {
        case .asked: "asked"
        case .off: "off"
        case .random: "random"
        case .dependsOn: "dependent"
        case .status: "status"
        case .aborted: "aborted"
        case .unfinished: "unfinished"
        case .fallback: "fallback"
        case .forbidden: "forbidden"
        case .unreadable: "unreadable"
        case .tier(.answerTooLarge): "too_large"
        case .tier(.overtaken): "overtaken"
        case .tier: "invalid"
        case .unready: "unready"
        }
    }

    /// What it was, and what to do.
    package var sentence: String {
        switch self {
        case .asked: "the caller asked to leave the cache out"
        case .off(let rule): "the rule \(rule) leaves such requests out"
        case .random:
            "the same request may be answered differently each time: set temperature to 0, or send "
                + "x-tally-cache: random to accept the same answer"
        case .dependsOn(let member):
            "\(member.prefix(100)) lets more than the request decide the answer: send "
                + "x-tally-cache: dependent to accept that"
        case .status(let status): "an answer with status \(status) is not kept, only one with 200"
        case .aborted: "the answer broke off before its end"
        case .unfinished(""): "the answer does not say that it was finished"
        case .unfinished(let word):
            "the answer ended with \(word.prefix(100)), so it may not be all of it"
        case .fallback(let answered, let asked):
            "\(answered.prefix(200)) answered instead of \(asked.prefix(200)): if that is its own "
                + "name for it, say so as upstream_model"
        case .forbidden: "the provider forbids to keep it (Cache-Control: no-store)"
        case .unreadable(let reason): reason.description
        case .tier(let fault): fault.description
        case .unready: "this instance has not heard yet of what was forgotten elsewhere"
        }
    }
}
