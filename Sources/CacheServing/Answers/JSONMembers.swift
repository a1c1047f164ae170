import JSON

extension JSONTree {
    /// The object without some members.
    func without(_ keys: Set<String>) -> JSONTree {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { !keys.contains($0.key) })
    }

    /// The object with these members replaced, or added at its end.
    func with(_ changes: [(String, JSONTree)]) -> JSONTree {
        changes.reduce(self) { $0.replacing($1.0, with: $1.1) }
    }

    static func number(_ count: Int) -> JSONTree { .number(String(count)) }

    /// An object with these members, in their order.
    static func of(_ members: [(String, JSONTree)]) -> JSONTree {
        .object(members.map { Member($0.0, $0.1) })
    }
}
