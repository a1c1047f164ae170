package import JSON

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
        case .text: "a string"
        }
    }
}

extension JSONTree: AnswerDocument {
    package var answerKind: AnswerKind {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .number(let text): .number(text)
        case .text(let text): .text(text)
        case .array: .array
        case .object: .object
        }
    }
}
