/// What an extractor needs to know of a JSON text: conform a tree, a tape or a YAML node to it.
package protocol AnswerDocument {
    /// The member of an object, the last where a key comes twice; nil where this is no object.
    func member(_ key: String) -> Self?
    /// The items of an array; nil where this is none.
    var items: [Self]? { get }
    var answerKind: AnswerKind { get }
}

/// What a value is; a number is given as it was written, so that it never passes through a
/// floating-point number on our account.
package enum AnswerKind: Equatable {
    case null, boolean, object, array
    case number(String)
    case text(String)

    /// What a message calls the value.
    var noun: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .object: "an object"
        case .array: "an array"
        case .number: "a number"
        case .text: "a text"
        }
    }
}

/// A JSON value that any decoder can make, for callers who have no document of their own.
///
/// Counts are exact; numbers with a fraction come as the decoder's `Double`, which writes the
/// seconds of a recording back as they stood in the text.
package enum AnswerTree: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case fraction(Double)
    case text(String)
    case array([AnswerTree])
    case object([String: AnswerTree])
}

extension AnswerTree: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .fraction(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([AnswerTree].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: AnswerTree].self))
        }
    }
}

extension AnswerTree: AnswerDocument {
    package func member(_ key: String) -> AnswerTree? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    package var items: [AnswerTree]? {
        if case .array(let items) = self { items } else { nil }
    }

    package var answerKind: AnswerKind {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .integer(let value): .number(String(value))
        case .fraction(let value): .number(value.description)
        case .text(let text): .text(text)
        case .array: .array
        case .object: .object
        }
    }
}
