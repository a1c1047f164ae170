import JSON

/// A made-up value that a JSON schema allows, as a model gives it to a tool.
struct JSONSchemaValue {
    private let root: JSONTree

    init(of schema: JSONTree) {
        root = schema
    }

    /// Schemas that mention themselves end here.
    private static let levelsMax = 8

    var json: String { value(root, level: 0).json }

    private func value(_ schema: JSONTree, level: Int) -> JSONTree {
        if level > Self.levelsMax { return .null }
        if let path = schema["$ref"]?.string {
            return value(named(path), level: level + 1)
        }
        if let only = schema["const"] ?? schema["enum"]?.items?.first { return only }
        for word in ["anyOf", "oneOf", "allOf"] {
            if let first = schema[word]?.items?.first { return value(first, level: level + 1) }
        }
        switch schema["type"]?.string ?? schema["type"]?.items?.first?.string {
        case "string": return text(schema)
        case "integer", "number":
            return schema["minimum"] ?? .number("1")
        case "boolean": return .boolean(true)
        case "array":
            let count = schema["minItems"]?.integer ?? 1
            let item = schema["items"].map { value($0, level: level + 1) } ?? .text("word")
            return .array(Array(repeating: item, count: min(count, Self.itemsMax)))
        case "null": return .null
        default:
            let members = schema["properties"]?.members ?? []
            return .object(members.map { .init($0.key, value($0.value, level: level + 1)) })
        }
    }

    private static let itemsMax = 16

    private func text(_ schema: JSONTree) -> JSONTree {
        switch schema["format"]?.string {
        case "date": .text("2026-01-01")
        case "date-time": .text("2026-01-01T00:00:00Z")
        default: .text("word")
        }
    }

    /// What `#/$defs/Name` points to.
    private func named(_ path: String) -> JSONTree {
        path.split(separator: "/").dropFirst().reduce(root) { tree, name in
            tree[String(name)] ?? .object([])
        }
    }
}
