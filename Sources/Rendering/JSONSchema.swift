package import JSON

/// A description of a value's JSON, in terms of JSON Schema 2020-12, which OpenAPI 3.1 uses.
package indirect enum JSONSchema: Sendable {
    case text(Format?)
    case integer
    case number
    case boolean
    case any
    case nullable(JSONSchema)
    case list(JSONSchema)
    /// An object whose member names depend on the result.
    case map(JSONSchema)
    case object(title: String, [Property])

    package enum Format: String, Sendable {
        case time = "date-time"
        case day = "date"
        case uuid
        /// US dollars as an exact decimal.
        case money = "decimal"
    }

    package struct Property: Sendable {
        /// Nil for members with any other name.
        package let name: String?
        package let schema: JSONSchema
        package let isRequired: Bool
    }
}

extension JSONSchema: Renderable {
    package static var schema: JSONSchema { .any }
    package var cell: Cell { Cell(json) }

    package func write(to json: inout JSONWriter) {
        json.object { writeMembers(to: &$0) }
    }

    private func writeMembers(to json: inout JSONWriter) {
        switch self {
        case .any: break
        case .nullable(let schema):
            if let type = schema.type {
                json.key("type")
                json.array(of: [type, "null"]) { $0.value($1) }
                schema.writeDetails(to: &json)
            } else {
                json.key("anyOf")
                json.array { json in
                    schema.write(to: &json)
                    json.object { $0.field("type", "null") }
                }
            }
        default:
            json.field("type", type)
            writeDetails(to: &json)
        }
    }

    private var type: String? {
        switch self {
        case .text: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .list: "array"
        case .map, .object: "object"
        case .any, .nullable: nil
        }
    }

    private func writeDetails(to json: inout JSONWriter) {
        switch self {
        case .text(let format?): json.field("format", format.rawValue)
        case .list(let element):
            json.key("items")
            element.write(to: &json)
        case .map(let value):
            json.key("additionalProperties")
            value.write(to: &json)
        case .object(let title, let properties): write(properties, title, to: &json)
        default: break
        }
    }

    private func write(_ properties: [Property], _ title: String, to json: inout JSONWriter) {
        json.field("title", title)
        json.key("properties")
        json.object { json in
            for property in properties {
                guard let name = property.name else { continue }
                json.key(name)
                property.schema.write(to: &json)
            }
        }
        json.key("required")
        let required = properties.filter(\.isRequired).compactMap(\.name)
        json.array(of: required) { $0.value($1) }
        if let other = properties.first(where: { $0.name == nil }) {
            json.key("additionalProperties")
            other.schema.write(to: &json)
        }
    }
}
