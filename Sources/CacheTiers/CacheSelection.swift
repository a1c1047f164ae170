package import Caching
package import LedgerModel

/// Which answers of a ledger an invalidation names.
package struct CacheSelection: Hashable, Sendable {
    /// By what it was chosen: the `by` of a `cache.invalidated`.
    package let kind: Kind
    /// All that is given must hold; with nothing given, every answer of the ledger is meant.
    package let predicate: CachePredicate

    package enum Kind: String, CaseIterable, Sendable {
        case key, tag, model, template, dependency, predicate, age
    }

    private init(_ kind: Kind, _ predicate: CachePredicate) {
        self.kind = kind
        self.predicate = predicate
    }

    package static func key(_ key: CacheKey) -> CacheSelection {
        CacheSelection(.key, CachePredicate(key: key))
    }

    package static func tag(_ tag: Name) -> CacheSelection {
        CacheSelection(.tag, CachePredicate(tag: tag))
    }

    /// - Parameter model: a name, or the beginning of one before a star.
    package static func model(_ model: Name) -> CacheSelection {
        CacheSelection(.model, CachePredicate(model: model))
    }

    /// - Parameter template: a version such as `reply@7`, or `reply@*` for all versions.
    package static func template(_ template: Name) -> CacheSelection {
        CacheSelection(.template, CachePredicate(template: template))
    }

    package static func dependency(_ dependency: Name) -> CacheSelection {
        CacheSelection(.dependency, CachePredicate(dependency: dependency))
    }

    package static func predicate(_ predicate: CachePredicate) -> CacheSelection {
        CacheSelection(.predicate, predicate)
    }

    /// What was stored before a time.
    package static func age(storedBefore time: Timestamp) -> CacheSelection {
        CacheSelection(.age, CachePredicate(storedBefore: time))
    }
}

/// A condition on what is known of an answer, all of whose given parts must hold.
package struct CachePredicate: Hashable, Sendable {
    package var key: CacheKey?
    package var provider: Name?
    /// A name, or the beginning of one before a star; so is `template`.
    package var model: Name?
    package var template: Name?
    package var tag: Name?
    package var dependency: Name?
    /// The team whose partition it is in.
    package var team: Name?
    package var storedBefore: Timestamp?
    /// Inclusive.
    package var storedAfter: Timestamp?
    /// Of the body, inclusive; so is `bytesMax`.
    package var bytesMin: Int64?
    package var bytesMax: Int64?

    package init(
        key: CacheKey? = nil, provider: Name? = nil, model: Name? = nil, template: Name? = nil,
        tag: Name? = nil, dependency: Name? = nil, team: Name? = nil,
        storedBefore: Timestamp? = nil, storedAfter: Timestamp? = nil, bytesMin: Int64? = nil,
        bytesMax: Int64? = nil
    ) {
        self.key = key
        self.provider = provider
        self.model = model
        self.template = template
        self.tag = tag
        self.dependency = dependency
        self.team = team
        self.storedBefore = storedBefore
        self.storedAfter = storedAfter
        self.bytesMin = bytesMin
        self.bytesMax = bytesMax
    }

    package func matches(_ answer: StoredAnswer, at key: CacheKey) -> Bool {
        matches(answer, bytes: answer.body.count, at: key)
    }

    /// - Parameter bytes: of the body, which need not be there.
    func matches(_ answer: StoredAnswer, bytes: Int, at key: CacheKey) -> Bool {
        if let wanted = self.key, wanted != key { return false }
        if let provider, provider != answer.provider { return false }
        if let model, !Self.covers(model, answer.model) { return false }
        if let template, !Self.covers(template, answer.template) { return false }
        if let tag, !answer.tags.contains(tag) { return false }
        if let dependency, !answer.dependencies.contains(dependency) { return false }
        if let team, answer.partition.scope != .team(team) { return false }
        if let storedBefore, answer.storedAt >= storedBefore { return false }
        if let storedAfter, answer.storedAt < storedAfter { return false }
        if let bytesMin, bytes < bytesMin { return false }
        if let bytesMax, bytes > bytesMax { return false }
        return true
    }

    /// Whether a name is the pattern, or begins with what stands before the pattern's star.
    static func covers(_ pattern: Name, _ name: Name?) -> Bool {
        guard let name else { return false }
        guard pattern.string.utf8.last == UInt8(ascii: "*") else { return pattern == name }
        return name.string.utf8.starts(with: pattern.string.utf8.dropLast())
    }
}
