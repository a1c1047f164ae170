package import CSIMDJSON
package import JSON

/// A JSON text, read value by value; each value is a flat array of tokens.
///
/// The bytes passed to `open` must stay valid until the last token was used.
package struct JSONTape: ~Copyable {
    private let json: OpaquePointer
    private let elementsMax: UInt32
    private let tokensMax: UInt32

    /// The most keys and values of one element, at 32 bytes each.
    package static let tokensMaxStandard: UInt32 = 4 << 20

    /// - Parameters:
    ///   - elementsMax: the most elements of the outermost array.
    ///   - tokensMax: the most keys and values of one element, or of a value that is no array.
    package init(elementsMax: UInt32 = .max, tokensMax: UInt32 = Self.tokensMaxStandard) {
        guard let json = tally_json_create(elementsMax, tokensMax) else {
            preconditionFailure("no memory for a JSON parser")
        }
        self.json = json
        self.elementsMax = elementsMax
        self.tokensMax = tokensMax
    }

    deinit { tally_json_destroy(json) }

    package enum Root { case object, array, scalar }

    /// Checks the whole text; if it is invalid, nothing can be read.
    package mutating func open(_ bytes: UnsafeRawBufferPointer) throws(JSONFault) -> Root {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let status = tally_json_open(json, start, bytes.count)
        guard status == tally_json_ok else {
            throw fault(status)
        }
        switch tally_json_root(json) {
        case tally_json_object: return .object
        case tally_json_array: return .array
        default: return .scalar
        }
    }

    private func fault(_ status: tally_json_status) -> JSONFault {
        let offset = tally_json_error_offset(json)
        return switch status {
        case tally_json_too_many_elements: JSONFault(.tooManyValues(Int(elementsMax)), at: offset)
        case tally_json_too_many_values: JSONFault(.tooManyValues(Int(tokensMax)), at: offset)
        default: JSONFault(status: status, offset: offset)
        }
    }

    /// The next element of the outermost array, or the outermost value itself; nil at the end.
    ///
    /// The value stays readable until the next call.
    package mutating func next() -> JSONValue? {
        var tokens: UnsafePointer<tally_json_token>?
        var count: UInt32 = 0
        let status = tally_json_next(json, &tokens, &count)
        precondition(status != tally_json_no_memory, "no memory for a JSON value")
        guard status == tally_json_ok, let tokens else { return nil }
        return JSONValue(token: tokens)
    }
}

/// One value inside a `JSONTape`: a pointer to its first token.
package struct JSONValue {
    package let token: UnsafePointer<tally_json_token>

    @inlinable package init(token: UnsafePointer<tally_json_token>) { self.token = token }

    package enum Kind { case null, boolean, integer, number, string, brokenString, array, object }

    @inlinable package var kind: Kind {
        switch token.pointee.type {
        case tally_json_null: .null
        case tally_json_false, tally_json_true: .boolean
        case tally_json_integer: .integer
        case tally_json_number: .number
        case tally_json_string, tally_json_escaped_string: .string
        case tally_json_broken_string: .brokenString
        case tally_json_array: .array
        default: .object
        }
    }

    /// The text of a string without quotes and escapes, or a number as it was written.
    @inlinable package var text: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: token.pointee.text, count: Int(token.pointee.length))
    }

    /// The bytes of a container, brackets included.
    @inlinable package var source: UnsafeRawBufferPointer { UnsafeRawBufferPointer(text) }

    /// The value of an `.integer`.
    @inlinable package var integer: Int64 { token.pointee.integer }

    /// Whether the text came from escapes: only then can it hold NUL.
    @inlinable package var wasEscaped: Bool { token.pointee.type == tally_json_escaped_string }

    /// The members of an object, in the order of the text.
    @inlinable package var members: JSONMembers { JSONMembers(object: token) }

    /// The last member with this key; nil if there is none, or if this is not an object.
    package func member(_ name: String) -> JSONValue? {
        guard kind == .object else { return nil }
        var found: JSONValue?
        for (key, value) in members where key.text.elementsEqual(name.utf8) { found = value }
        return found
    }

    /// The elements of an array, in order; empty for anything else.
    @inlinable package var elements: JSONElements { JSONElements(of: self) }

    /// Whether it is `true`.
    @inlinable package var isTrue: Bool { token.pointee.type == tally_json_true }

    /// The kind of value, for messages.
    @inlinable package var kindName: String {
        switch kind {
        case .null: "null"
        case .boolean: "a boolean"
        case .integer, .number: "a number"
        case .string, .brokenString: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// The keys and values of an object; a key may occur twice.
package struct JSONMembers: Sequence, IteratorProtocol {
    @usableFromInline var cursor: UnsafePointer<tally_json_token>
    @usableFromInline let end: UnsafePointer<tally_json_token>

    @inlinable init(object: UnsafePointer<tally_json_token>) {
        end = object + Int(object.pointee.span)
        cursor = object + 1
    }

    @inlinable package mutating func next() -> (key: JSONValue, value: JSONValue)? {
        guard cursor < end else { return nil }
        let key = JSONValue(token: cursor)
        let value = JSONValue(token: cursor + 1)
        cursor = value.token + Int(value.token.pointee.span)
        return (key, value)
    }
}

/// The elements of an array; empty for anything else.
package struct JSONElements: Sequence, IteratorProtocol {
    @usableFromInline var cursor: UnsafePointer<tally_json_token>?
    @usableFromInline let end: UnsafePointer<tally_json_token>?

    @inlinable package init(of value: JSONValue?) {
        let array = value?.kind == .array ? value?.token : nil
        cursor = array.map { $0 + 1 }
        end = array.map { $0 + Int($0.pointee.span) }
    }

    @inlinable package mutating func next() -> JSONValue? {
        guard let token = cursor, let end, token < end else { return nil }
        cursor = token + Int(token.pointee.span)
        return JSONValue(token: token)
    }
}

extension JSONFault {
    fileprivate init(status: tally_json_status, offset: Int) {
        let kind: Kind =
            switch status {
            case tally_json_empty: .empty
            case tally_json_expected_value: .expectedValue
            case tally_json_expected_key: .expectedKey
            case tally_json_expected_colon: .expectedColon
            case tally_json_expected_comma: .expectedComma
            case tally_json_trailing: .trailing
            case tally_json_truncated: .truncated
            case tally_json_bad_number: .badNumber
            case tally_json_bad_literal: .badLiteral
            case tally_json_bad_escape: .badEscape
            case tally_json_control_character: .controlCharacter
            case tally_json_unclosed_string: .unclosedString
            case tally_json_invalid_utf8: .invalidUTF8
            case tally_json_too_deep: .tooDeep(levels: Int(TALLY_JSON_DEPTH_MAX))
            case tally_json_too_long: .tooLong
            default: .noMemory
            }
        self.init(kind, at: offset)
    }
}

extension UnsafeRawBufferPointer {
    /// Whether all bytes are valid UTF-8.
    package var isUTF8: Bool {
        tally_json_is_utf8(baseAddress?.assumingMemoryBound(to: UInt8.self), count) != 0
    }
}
