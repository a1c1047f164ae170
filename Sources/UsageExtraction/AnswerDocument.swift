package import JSON

/// The view of a JSON text that extractors need; trees, tapes and YAML nodes conform to it.
package protocol AnswerDocument {
    /// A member of an object, the last one if a key occurs twice; nil if this is not an object.
    func member(_ key: String) -> Self?
    /// The items of an array; nil if this is not an array.
    var items: [Self]? { get }
    var answerKind: AnswerKind { get }
}

/// The kind of a value; a number is given as written, so that it never passes through floating
/// point.
package enum AnswerKind: Equatable {
    case null, boolean, object, array
    case number(String)
    case text(String)

    /// The noun for the value in messages.
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
