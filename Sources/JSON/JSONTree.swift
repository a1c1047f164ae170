/// A JSON value that keeps what was written: member order, the spelling of numbers.
package enum JSONTree: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// As written: no floating-point number loses anything.
    case number(String)
    case text(String)
    case array([JSONTree])
    case object([Member])

    package struct Member: Sendable, Equatable {
        package var key: String
        package var value: JSONTree

        package init(_ key: String, _ value: JSONTree) {
            self.key = key
            self.value = value
        }
    }
}

// MARK: - Reading and writing

extension JSONTree {
    /// Reads one JSON text, at most `JSONDocument.depthMax` levels deep.
    ///
    /// Refuses strings with half a surrogate pair: they are not text.
    package init(parsing bytes: some Sequence<UInt8>) throws(JSONFault) {
        var node = 0
        self = try Self.read(JSONDocument(Array(bytes)), &node)
    }

    /// Reads the value of a node; moves past it.
    private static func read(
        _ document: JSONDocument, _ index: inout Int
    ) throws(JSONFault) -> JSONTree {
        let node = document.nodes[index]
        index += 1
        switch node.kind {
        case .string: return .text(try document.text(in: node.range))
        case .array:
            var items: [JSONTree] = []
            while index < node.next { items.append(try read(document, &index)) }
            return .array(items)
        case .object:
            var members: [Member] = []
            while index < node.next {
                let key = try document.text(in: document.nodes[index].key)
                members.append(Member(key, try read(document, &index)))
            }
            return .object(members)
        case .scalar:
            switch document.bytes[node.range.lowerBound] {
            case UInt8(ascii: "n"): return .null
            case UInt8(ascii: "t"): return .boolean(true)
            case UInt8(ascii: "f"): return .boolean(false)
            default: return .number(String(decoding: document.bytes[node.range], as: UTF8.self))
            }
        }
    }

    /// JSON without unnecessary spaces.
    package var json: String {
        var json = JSONWriter()
        json.value(self)
        return json.text
    }
}

extension JSONWriter {
    package mutating func value(_ tree: JSONTree) {
        switch tree {
        case .null: value(raw: "null")
        case .boolean(let flag): value(flag)
        case .number(let text): value(raw: text)
        case .text(let text): value(text)
        case .array(let items): array(of: items) { json, item in json.value(item) }
        case .object(let members):
            object { json in
                for member in members {
                    json.key(member.key)
                    json.value(member.value)
                }
            }
        }
    }
}

// MARK: - Looking into it

extension JSONTree {
    /// The member of an object; the last one if its key is repeated.
    ///
    /// Keys are compared by bytes; Swift's strings would treat é and é as equal.
    package func member(_ key: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    /// The member of an object; null counts as absent.
    package subscript(key: String) -> JSONTree? {
        let value = member(key)
        return value == .null ? nil : value
    }

    package var string: String? {
        if case .text(let text) = self { text } else { nil }
    }

    package var items: [JSONTree]? {
        if case .array(let items) = self { items } else { nil }
    }

    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// A number spelled as a whole number.
    package var integer: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    /// The name of the value's type in messages.
    package var noun: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .number: "a number"
        case .text: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The object with one member replaced, or added at its end.
    package func replacing(_ key: String, with value: JSONTree) -> JSONTree {
        guard case .object(var members) = self else { return self }
        if let index = members.lastIndex(where: { $0.key.utf8.elementsEqual(key.utf8) }) {
            members[index].value = value
        } else {
            members.append(Member(key, value))
        }
        return .object(members)
    }
}
