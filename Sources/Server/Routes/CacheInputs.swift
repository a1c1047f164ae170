import CacheServing
import CacheTiers
import Caching
import JSON
import LedgerModel

/// A request to a model, as a call about the cache gives it.
struct GivenQuestion: Sendable {
    private let dialect: RequestDialect
    private let request: JSONTree
    private let dimensions: Dimensions
    private let directives: CacheDirectives
    private let route: Name?

    init(_ given: Given) throws {
        dialect = try given.member(
            required: "api", .word, "The API that the request is written for.")
        request = try given.member(
            required: "request", .object, "The request as it is sent to the provider.")
        var dimensions = Dimensions()
        for (dimension, value) in try given.member(
            "dimensions", .map(of: .dimension, .name),
            "provider, app, team, user … of the call; a team's answers are its own.") ?? []
        {
            dimensions[dimension] = value
        }
        self.dimensions = dimensions
        directives = try CacheDirectives(
            cacheControl: try given.member(
                "cache_control", .text, "The Cache-Control of whoever asks."),
            tallyCache: try given.member(
                "x_tally_cache", .text, "Their x-tally-cache; see docs/cache.md."))
        route = try given.member("route", .name, "A name of this use of the cache, for rules.")
    }

    func asked(by call: Call) -> CacheQuestion {
        var dimensions = dimensions
        dimensions[.apiKey] = call.caller.key.map { Name($0.description) }
        return CacheQuestion(
            request, of: dialect, in: call.caller.ledger, dimensions: dimensions,
            directives: directives, route: route)
    }
}

extension Given {
    func receivedAnswer() throws -> ReceivedAnswer {
        let object = try member(
            "answer", .object, "The answer as the provider's JSON object; or its body as text.")
        let text = try member(
            "body", .text, "The answer byte for byte: JSON, or the events of a stream.")
        if object != nil, text != nil {
            throw Refusal.invalid("give answer or body, not both", param: "body")
        }
        var received = ReceivedAnswer(body: Array((object?.json ?? text ?? "").utf8))
        if let type = try member(
            "content_type", .text,
            "text/event-stream for a stream; default \(AnswerForm.wholeType).")
        {
            received.contentType = type
        }
        let status = Kind.integer(in: 100...599)
        received.status = Int(
            try member("status", status, "The provider's HTTP status; default 200.") ?? 200)
        received.isComplete =
            try member("complete", .flag, "False if the answer broke off.") ?? true
        received.isFallback =
            try member("fallback", .flag, "True if another model had to answer.") ?? false
        if object == nil, text == nil, !isDescription, received.status == 200,
            received.isComplete
        {
            throw Refusal.invalid(
                "answer is missing: give it, or a status or \"complete\":false to end your turn "
                    + "without one", param: "answer")
        }
        received.upstreamModel = try member(
            "upstream_model", .text,
            "The model that the provider was asked for, if the request has your own name for it.")
        received.cacheControl = try member(
            "provider_cache_control", .text, "The Cache-Control of the provider's answer.")
        received.usage = try member(
            "usage", .usage, "What the request used; default what the answer says.")
        received.requestID = try member(
            "request_id", .eventID, "The event of the request that paid for the answer.")
        received.tags = try names("tags", "Words by which it can be forgotten.")
        received.template = try member(
            "template", .name, "The prompt template and its version, such as reply@7.")
        received.dependencies = try names(
            "dependencies", "Names of what it was made from: documents, tables.")
        received.fill = try member(
            "fill_token", .fillToken, "The token of your turn, from the look-up.")
        return received
    }

    private func names(_ name: String, _ meaning: String) throws -> [Name] {
        try member(name, .list(of: .name), meaning) ?? []
    }
}

/// Which answers a call wants forgotten.
struct GivenSelection: Sendable {
    let selection: CacheSelection
    let value: String

    init(_ given: Given) throws {
        var predicate = CachePredicate()
        var parts: [(name: String, value: String, CacheSelection?)] = []
        func name(_ name: String, _ meaning: String) throws -> Name? {
            try given.member(name, .name, meaning)
        }
        predicate.key = try given.member("key", .cacheKey, "The answer with this key.")
        if let key = predicate.key { parts.append(("key", key.digest.description, .key(key))) }
        predicate.tag = try name("tag", "Answers with this tag.")
        if let tag = predicate.tag { parts.append(("tag", tag.string, .tag(tag))) }
        predicate.model = try name("model", "Answers of this model, or of those before a star.")
        if let model = predicate.model { parts.append(("model", model.string, .model(model))) }
        predicate.template = try name("template", "Answers of this template: reply@7, reply@*.")
        if let template = predicate.template {
            parts.append(("template", template.string, .template(template)))
        }
        predicate.dependency = try name("dependency", "Answers made from this.")
        if let dependency = predicate.dependency {
            parts.append(("dependency", dependency.string, .dependency(dependency)))
        }
        predicate.storedBefore = try given.member(
            "stored_before", .time(at: given.now), "Answers stored before a time, such as 7d.")
        if let time = predicate.storedBefore {
            parts.append(("stored_before", time.description, .age(storedBefore: time)))
        }
        predicate.team = try name("team", "Answers of this team alone.")
        if let team = predicate.team { parts.append(("team", team.string, nil)) }
        predicate.provider = try name("provider", "Answers of this provider.")
        if let provider = predicate.provider { parts.append(("provider", provider.string, nil)) }
        let all = try given.member("all", .flag, "True for every answer of the ledger.") ?? false
        if parts.isEmpty, !all, !given.isDescription {
            throw Refusal.invalid(
                "say which answers: key, tag, model, template, dependency, stored_before, team or "
                    + "provider; or \"all\":true for every answer of the ledger", param: "all")
        }
        if all, !parts.isEmpty {
            throw Refusal.invalid("give \"all\":true alone", param: "all")
        }
        // One condition is told as what it is, several as a predicate.
        if parts.count == 1, let single = parts[0].2 {
            selection = single
            value = parts[0].value
        } else {
            selection = .predicate(predicate)
            value =
                parts.isEmpty
                ? "all" : parts.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
        }
    }

    func wish(by actor: String, because reason: String?) -> CacheInvalidationWish {
        CacheInvalidationWish(selection, value: value, reason: reason, actor: actor)
    }
}

extension Kind where Value == CacheKey {
    static let cacheKey = Kind(
        schema: #"{"type":"string","pattern":"^[0-9a-f]{64}$"}"#, sample: CacheKey(number: 0),
        read: { $0.string.flatMap { Digest(hexadecimal: $0) }.map { CacheKey($0) } },
        expectation: {
            "\($0.shown) is not the key of an answer: expected 64 hexadecimal digits, as "
                + "x-tally-cache-key has them"
        })
}

extension Kind where Value == FillToken {
    static let fillToken = Kind(
        schema: #"{"type":"string"}"#, sample: FillToken(id: 0, sequence: 0, until: .earliest),
        read: { $0.string.flatMap { FillToken($0) } },
        expectation: {
            "\($0.shown) is no token of a turn: send fill.token of the look-up as it came, or leave "
                + "it out"
        })
}

extension Kind where Value == JSONTree {
    /// A JSON object that other code interprets.
    static let object = Kind(
        schema: #"{"type":"object"}"#, sample: .object([]),
        read: { written in
            if case .json(let json) = written, json.members != nil { json } else { nil }
        },
        expectation: { "must be a JSON object, not \($0.noun)" })
}
