import LedgerTesting

/// Checks a value against a schema; supports the part of JSON Schema that `/openapi.json` uses.
///
/// Members that a schema does not name are errors here, since a description must be complete.
enum Schema {
    /// The errors as sentences, each with the place; none if the value is valid.
    static func faults(of value: JSONValue, against schema: JSONValue, at place: String = "$")
        -> [String]
    {
        if schema.members.isEmpty { return [] }
        if case .list(let choices) = schema.anyOf {
            let all = choices.map { faults(of: value, against: $0, at: place) }
            return all.contains { $0.isEmpty } ? [] : all.last ?? []
        }
        let types = schema.type.items.isEmpty ? [schema.type] : schema.type.items
        guard types.contains(where: { $0.string.map { fits(value, $0) } ?? false }) else {
            return ["\(place) is \(value), not \(types)"]
        }
        switch value {
        case .list(let items):
            return items.enumerated().flatMap { index, item in
                faults(of: item, against: schema.elements, at: "\(place)[\(index)]")
            }
        case .map(let members): return faults(of: members, against: schema, at: place)
        default: return []
        }
    }

    private static func fits(_ value: JSONValue, _ type: String) -> Bool {
        switch (value, type) {
        case (.null, "null"), (.boolean, "boolean"), (.characters, "string"), (.list, "array"),
            (.map, "object"), (.decimal, "number"):
            true
        case (.decimal, "integer"): value.integer != nil
        default: false
        }
    }

    private static func faults(
        of members: [String: JSONValue], against schema: JSONValue, at place: String
    ) -> [String] {
        let missing = schema.required.items.compactMap(\.string).filter { members[$0] == nil }
            .map { "\(place).\($0) is missing" }
        return missing
            + members.flatMap { name, member in
                let named = schema.properties[name]
                let other = schema.additionalProperties
                if named != .missing {
                    return faults(of: member, against: named, at: "\(place).\(name)")
                }
                if other == .missing || other == false { return ["\(place).\(name) is not known"] }
                return faults(of: member, against: other, at: "\(place).\(name)")
            }
    }
}

extension JSONValue {
    /// The member `items`, which is also the name of a Swift property here.
    fileprivate var elements: JSONValue { self["items"] }
}
