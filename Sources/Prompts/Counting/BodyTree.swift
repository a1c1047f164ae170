import JSON

/// A JSON value with everything that a caller wrote: the order of members, numbers as they stood.
///
/// The ring is pure, so somebody else reads the bytes (`Ingest` does, with simdjson); a request is
/// understood here, and written back with the parts that were changed.
package enum BodyTree: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// As it was written: nothing is lost in a floating-point number.
    case number(String)
    case text(String)
    case array([BodyTree])
    case object([Member])

    package struct Member: Sendable, Equatable {
        package var key: String
        package var value: BodyTree

        package init(_ key: String, _ value: BodyTree) {
            self.key = key
            self.value = value
        }
    }
}

extension BodyTree {
    /// The member of an object, the last where a key comes twice; null counts as absent.
    package subscript(key: String) -> BodyTree? {
        guard case .object(let members) = self else { return nil }
        let value = members.last { $0.key == key }?.value
        return value == .null ? nil : value
    }

    package var string: String? {
        if case .text(let text) = self { text } else { nil }
    }

    package var items: [BodyTree]? {
        if case .array(let items) = self { items } else { nil }
    }

    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    package var integer: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    /// What a message calls the value.
    package var noun: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .number: "a number"
        case .text: "a text"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The object with one member replaced, or added at its end.
    package func replacing(_ key: String, with value: BodyTree) -> BodyTree {
        guard case .object(var members) = self else { return self }
        if let index = members.lastIndex(where: { $0.key == key }) {
            members[index].value = value
        } else {
            members.append(Member(key, value))
        }
        return .object(members)
    }

    /// JSON without a space that is not needed.
    package var json: String {
        var json = JSONWriter()
        write(to: &json)
        return json.text
    }

    private func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.value(raw: "null")
        case .boolean(let flag): json.value(flag)
        case .number(let text): json.value(raw: text)
        case .text(let text): json.value(text)
        case .array(let items): json.array(of: items) { json, item in item.write(to: &json) }
        case .object(let members):
            json.object { json in
                for member in members {
                    json.key(member.key)
                    member.value.write(to: &json)
                }
            }
        }
    }
}
