package import Caching
package import LedgerModel

/// An answer of a model, and what is known of it.
package struct StoredAnswer: Sendable, Equatable {
    /// As it is given to callers, in the form that the writer chose.
    package var body: [UInt8]
    package var contentType: String
    /// Who may get it; `partition.ledger` is that of its address.
    package var partition: CachePartition
    package var storedAt: Timestamp
    /// Until when it is given without a second thought.
    package var freshUntil: Timestamp
    /// Until when it may still be given while somebody fetches a new one; at least `freshUntil`.
    package var usableUntil: Timestamp
    package var provider: Name?
    package var model: Name?
    /// What the request used that paid for it.
    package var usage: Usage
    /// The event of that request.
    package var causeID: EventID?
    /// What it cost to get it, if that is known; costly answers stay longer.
    package var cost: Picodollars?
    /// Words by which callers find it again to invalidate it.
    package var tags: [Name]
    /// The prompt template and its version, such as `reply@7`.
    package var template: Name?
    /// Names of what it was made from: documents, tables, other answers.
    package var dependencies: [Name]
    /// The last invalidation that was known when its making began; later ones reach it.
    ///
    /// Set by `TieredCache.store`.
    package var sequence: Int64 = 0

    package static let namesMax = 32
    package static let nameBytesMax = 256
    package static let contentTypeBytesMax = 128
    package static let bodyBytesMax = 64 << 20

    package init(
        body: [UInt8], contentType: String = "application/json", partition: CachePartition,
        storedAt: Timestamp, freshUntil: Timestamp, usableUntil: Timestamp? = nil,
        provider: Name? = nil, model: Name? = nil, usage: Usage = Usage(),
        causeID: EventID? = nil, cost: Picodollars? = nil, tags: [Name] = [],
        template: Name? = nil, dependencies: [Name] = []
    ) {
        self.body = body
        self.contentType = contentType
        self.partition = partition
        self.storedAt = storedAt
        self.freshUntil = freshUntil
        self.usableUntil = max(freshUntil, usableUntil ?? freshUntil)
        self.provider = provider
        self.model = model
        self.usage = usage
        self.causeID = causeID
        self.cost = cost
        self.tags = tags
        self.template = template
        self.dependencies = dependencies
    }

    /// Refuses more names than can be kept, and names that are too long.
    package func validate() throws(CacheTierFault) {
        try Self.check(tags, "tags")
        try Self.check(dependencies, "dependencies")
        for (name, member) in [(template, "template"), (provider, "provider"), (model, "model")] {
            if let name { try Self.check([name], member) }
        }
        if case .team(let team?) = partition.scope { try Self.check([team], "team") }
        guard contentType.utf8.count <= Self.contentTypeBytesMax else {
            throw .nameTooLong(member: "content_type", max: Self.contentTypeBytesMax)
        }
        guard body.count <= Self.bodyBytesMax else {
            throw .answerTooLarge(bytes: body.count, max: Self.bodyBytesMax)
        }
    }

    private static func check(_ names: [Name], _ member: String) throws(CacheTierFault) {
        guard names.count <= namesMax else {
            throw .tooManyNames(member: member, count: names.count)
        }
        for name in names {
            guard !name.string.isEmpty else { throw .emptyName(member: member) }
            // A dimension of an event may have 512 bytes.
            let max =
                member == "tags" || member == "dependencies"
                ? nameBytesMax : Dimensions.valueBytesMax
            guard name.string.utf8.count <= max else {
                throw .nameTooLong(member: member, max: max)
            }
        }
    }
}
