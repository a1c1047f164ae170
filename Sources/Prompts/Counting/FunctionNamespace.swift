import JSON

/// Functions as OpenAI's models are shown them: as a namespace of TypeScript.
///
/// OpenAI does not document it. hmarr/openai-chat-tokens found the namespace and measured prompts
/// with `functions`, pamelafox/openai-messages-token-helper measured prompts with `tools`; the two
/// layouts give all of their numbers exactly, and the cookbook's example in both encodings.
struct FunctionNamespace {
    enum Layout: Hashable, Sendable {
        /// A line for each member, two blanks further in for each object around it.
        case indented
        /// Nothing is indented, and an object without descriptions stands in one line.
        case inline
    }

    static let opening = "namespace functions {\n\n"
    static let closing = "} // namespace functions"
    /// What a function's own text ends with.
    static let separator = " any;\n\n"

    private(set) var text = ""
    private let layout: Layout

    /// Deeper objects are not indented any further, so that a text stays as long as its schema.
    private static let indentMax = 32

    /// The text of one function, without the namespace around it.
    init(_ tool: ToolDefinition, _ layout: Layout) {
        self.layout = layout
        for key in ["$defs", "definitions"] {
            for type in tool.parameters?[key]?.members ?? [] {
                text += "type \(type.key) = "
                add(type.value, indent: 0)
                text += ";\n\n"
            }
        }
        if !tool.summary.isEmpty { text += "// \(tool.summary)\n" }
        text += "type \(tool.name) = ("
        if let parameters = tool.parameters, parameters.hasProperties {
            text += "_: "
            add(properties: parameters, indent: 0)
        }
        text += ") =>" + Self.separator
    }

    // MARK: - Objects

    private mutating func add(properties schema: JSONTree, indent: Int) {
        let isOneLine = layout == .inline && !schema.hasDescriptions
        let margin = String(repeating: " ", count: min(indent, Self.indentMax))
        let required = Set((schema["required"]?.items ?? []).compactMap(\.string))
        text += isOneLine ? "{ " : "{\n"
        for (number, property) in (schema["properties"]?.members ?? []).enumerated() {
            if isOneLine, number > 0 { text += ", " }
            if !isOneLine, let summary = property.value.summary {
                text += "\(margin)// \(summary)\n"
            }
            if !isOneLine { text += margin }
            text += required.contains(property.key) ? "\(property.key): " : "\(property.key)?: "
            add(property.value, indent: indent)
            if !isOneLine { text += ",\n" }
        }
        text += isOneLine ? " }" : "}"
    }

    // MARK: - Types

    private mutating func add(_ schema: JSONTree, indent: Int) {
        if let values = schema["enum"]?.items ?? schema["const"].map({ [$0] }) {
            text += values.map(\.json).joined(separator: " | ")
        } else if let choices = (schema["anyOf"] ?? schema["oneOf"] ?? schema["allOf"])?.items {
            for (number, choice) in choices.enumerated() {
                if number > 0 { text += " | " }
                add(choice, indent: indent)
            }
        } else if let reference = schema["$ref"]?.string {
            text += reference.split(separator: "/").last ?? "any"
        } else {
            var names = (schema["type"]?.items ?? []).compactMap(\.string)
            if let name = schema["type"]?.string { names = [name] }
            add(names.isEmpty ? ["any"] : names, schema, indent: indent)
        }
    }

    private mutating func add(_ names: [String], _ schema: JSONTree, indent: Int) {
        for (number, name) in names.enumerated() where !names[..<number].contains(name) {
            if number > 0 { text += " | " }
            switch name {
            case "integer": text += "number"
            case "object" where schema.hasProperties:
                add(properties: schema, indent: layout == .indented ? indent + 2 : indent)
            case "array":
                if let items = schema["items"] { add(items, indent: indent) } else { text += "any" }
                text += "[]"
            default: text += name
            }
        }
    }
}

extension JSONTree {
    fileprivate var summary: String? {
        self["description"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    fileprivate var hasProperties: Bool { self["properties"]?.members?.isEmpty == false }

    fileprivate var hasDescriptions: Bool {
        self["properties"]?.members?.contains { $0.value.summary != nil } ?? false
    }
}
