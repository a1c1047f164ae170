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
        case .expectedValue: "expected a value"
        case .expectedKey: "expected a key in quotation marks"
        case .expectedColon: "expected a colon after the key"
        case .expectedComma: "expected a comma or a closing bracket"
        case .trailing: "there is something after the end of the value"
        case .truncated: "it ends in the middle of a value"
        case .badNumber: "this is not a number"
        case .badLiteral: "expected true, false or null"
        case .badEscape: "this escape does not exist"
        case .controlCharacter: "a control character must be escaped in a string"
        case .unclosedString: "the string that starts here is not closed"
        case .invalidUTF8: "this is not UTF-8"
        case .tooDeep(let levels): "it nests deeper than \(levels) levels"
        case .tooManyValues(let count): "it contains more than \(count) values"
        case .tooLong: "it is longer than 4 GiB"
        case .halfSurrogate(let place):
            "\(place.isEmpty ? "the string" : place) contains half a surrogate pair: "
                + "send both halves, or \\ufffd in its place"
        case .noMemory: "out of memory"
        }
    }
}

extension JSONFault: CustomStringConvertible {
    /// Continues a sentence such as "this is not JSON".
    package var description: String { "at byte \(offset): \(reason)" }
}
