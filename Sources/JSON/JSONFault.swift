/// Why a text is not JSON, and where.
package struct JSONFault: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case empty, expectedValue, expectedKey, expectedColon, expectedComma, trailing, truncated
        case badNumber, badLiteral, badEscape, controlCharacter, unclosedString, invalidUTF8
        case tooDeep(levels: Int)
        case tooManyValues(Int)
        case tooLong
        /// The place names the string, such as `messages[0].content`; empty for the root.
        case halfSurrogate(at: String)
        case noMemory
    }

    package let kind: Kind
    /// A byte, counted from 0.
    package let offset: Int

    package init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    /// What is wrong, without the place.
    package var reason: String {
        switch kind {
        case .empty: "it is empty"
        case .expectedValue: "a value is expected"
        case .expectedKey: "a key in quotation marks is expected"
        case .expectedColon: "a colon is expected behind the key"
        case .expectedComma: "a comma or a closing bracket is expected"
        case .trailing: "something follows the end of the value"
        case .truncated: "it stops in the middle of a value"
        case .badNumber: "this is not a number"
        case .badLiteral: "only true, false and null are words"
        case .badEscape: "this escape does not exist"
        case .controlCharacter: "a control character must be escaped in a string"
        case .unclosedString: "the string that starts here is never closed"
        case .invalidUTF8: "this is not UTF-8"
        case .tooDeep(let levels): "it nests deeper than \(levels) levels"
        case .tooManyValues(let count): "it holds more than \(count) values"
        case .tooLong: "it is longer than 4 GiB"
        case .halfSurrogate(let place):
            "\(place.isEmpty ? "the string" : place) holds half a surrogate pair, which is no text: "
                + "send both halves, or \\ufffd in its place"
        case .noMemory: "memory is short"
        }
    }
}

extension JSONFault: CustomStringConvertible {
    /// Continues a sentence such as "this is not JSON".
    package var description: String { "at byte \(offset): \(reason)" }
}
