package import JSON
package import LedgerModel

import struct Crypto.SHA512

/// A request to a model in a form that is equal for requests that ask the same.
///
/// Members are in the order of their keys, numbers have their exact value, members that mean their
/// default or nothing are left out (`RequestFields`), long texts such as images are replaced by
/// their hashes. The form has a version, because what is left out may change.
package struct CanonicalRequest: Sendable {
    package let dialect: RequestDialect
    package let model: String
    /// Whether the same request may be answered differently.
    ///
    /// With a temperature above 0, as OpenAI's and Anthropic's default is, or several answers at
    /// once.
    package let isRandom: Bool
    /// What else than the request decides the answer: the provider's state, or the world.
    package let dependsOn: String?
    package let bytes: [UInt8]

    package static let version = "tally-cache-1"
    package static let bytesMax = 16 << 20
    /// Texts of more bytes are replaced by their SHA-256.
    private static let textBytesMax = 256

    package init(_ body: [UInt8], dialect: RequestDialect) throws(CacheFault) {
        guard body.count <= Self.bytesMax else { throw .requestTooLarge(bytes: body.count) }
        let tree: JSONTree
        do {
            tree = try JSONTree(parsing: body)
        } catch {
            throw .notJSON(error.description)
        }
        guard case .object(let members) = tree else { throw .notAnObject }
        self.dialect = dialect
        model = tree["model"]?.string ?? ""
        isRandom = Self.isRandom(tree, dialect)
        var writer = CanonicalWriter(
            skipping: RequestFields.irrelevantAnywhere[dialect], textBytesMax: Self.textBytesMax)
        writer.text(dialect.rawValue)
        try writer.object(Self.kept(members, dialect))
        bytes = writer.bytes
        dependsOn = Self.state(members) ?? Self.hostedTool(tree) ?? writer.address
    }

    private static func state(_ members: [JSONTree.Member]) -> String? {
        members.first { RequestFields.stateful.contains($0.key) && $0.value != .null }?.key
    }

    /// Whether one answer serves for two requests of this body at the same time: nothing in it is
    /// random, and nothing happens at the provider besides.
    package static func isRepeatable(_ body: JSONTree, _ dialect: RequestDialect) -> Bool {
        !isRandom(body, dialect) && state(body.members ?? []) == nil && hostedTool(body) == nil
    }

    /// The members that matter, null being absent and defaults being left out.
    private static func kept(
        _ members: [JSONTree.Member], _ dialect: RequestDialect
    ) -> [JSONTree.Member] {
        let irrelevant = Set((RequestFields.irrelevant[dialect] ?? []).map(\.name))
        let defaults = RequestFields.defaults[dialect] ?? []
        return members.filter { member in
            guard member.value != .null, !irrelevant.contains(member.key) else { return false }
            return !defaults.contains {
                $0.name == member.key && CanonicalWriter.areEqual($0.value, member.value)
            }
        }
    }

    private static func isRandom(_ tree: JSONTree, _ dialect: RequestDialect) -> Bool {
        guard dialect != .embeddings else { return false }
        func isAbove(_ limit: Int128, _ name: String, ifAbsent: Bool) -> Bool {
            guard let value = tree[name] else { return ifAbsent }
            guard case .number(let text) = value else { return true }
            // Finer digits are above zero too.
            guard let number = scaledDecimal(text, scale: 12) else { return true }
            return number > limit * 1_000_000_000_000
        }
        return isAbove(0, "temperature", ifAbsent: true) || isAbove(1, "n", ifAbsent: false)
            || isAbove(1, "best_of", ifAbsent: false)
    }

    private static func hostedTool(_ tree: JSONTree) -> String? {
        if tree["mcp_servers"] != nil { return "mcp_servers" }
        if tree["web_search_options"] != nil { return "web_search_options" }
        return (tree["tools"]?.items ?? []).lazy.compactMap { $0["type"]?.string }.first { type in
            RequestFields.hostedTools.contains { type.hasPrefix($0) }
        }
    }

    /// The key of the request's answer, and the digest that is compared on a hit.
    ///
    /// The key is a SHA-256, the check a part of a SHA-512: two requests that agree in one don't
    /// agree in the other.
    package func key(in partition: CachePartition) -> (key: CacheKey, check: Digest) {
        var writer = CanonicalWriter(skipping: nil, textBytesMax: .max)
        writer.text(Self.version)
        writer.text(partition.ledger.description)
        // A team has a place of its own, so that none can be named like the whole ledger.
        switch partition.scope {
        case .ledger: writer.tag("L")
        case .team(let team):
            writer.tag("T")
            writer.text(team?.string ?? "")
            writer.tag(team == nil ? "0" : "1")
        }
        let material = writer.bytes + bytes
        let first = Digest(hashing: material).words
        let second = Array(SHA512.hash(data: material).prefix(32))
        return (
            CacheKey(first[0], first[1], first[2], first[3]), Digest(second) ?? Digest.zero
        )
    }
}

/// Who may get an answer that was stored.
package struct CachePartition: Hashable, Sendable {
    package let ledger: LedgerID
    package let scope: Scope

    package enum Scope: Hashable, Sendable {
        /// A team; those without one share a partition.
        case team(Name?)
        /// Every team of the ledger: only where a route says `scope: ledger`.
        case ledger
    }

    package init(ledger: LedgerID, scope: Scope) {
        self.ledger = ledger
        self.scope = scope
    }
}
