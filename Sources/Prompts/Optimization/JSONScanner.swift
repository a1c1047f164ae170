/// Finds where a JSON value ends, strictly after RFC 8259, without reading what it means.
///
/// Numbers and strings stay as they are spelled, so that huge numbers, lone surrogates and
/// duplicate keys cost nothing and lose nothing. It goes forward only and keeps its own stack, so
/// hostile nesting takes neither time nor the machine's stack.
package struct JSONScanner {
    /// Deeper values are left alone.
    package static let depthMax = 512
    /// A document with more values is minified, but not made into tables.
    static let nodesMax = 2_000_000

    package let bytes: [UInt8]
    private let keepsNodes: Bool
    package private(set) var nodes: [JSONNode] = []
    private var open: [Int] = []

    package init(_ bytes: [UInt8], keepsNodes: Bool = false) {
        self.bytes = bytes
        self.keepsNodes = keepsNodes
    }

    package enum Outcome: Equatable {
        case value(end: Int)
        /// No JSON: nothing before `at` need be looked at again.
        case none(at: Int)
    }

    private enum Step { case value, valueOrClose, key, keyOrClose, afterValue }

    /// The value that begins at `start`, which may be whitespace.
    package mutating func scan(at start: Int) -> Outcome {
        nodes.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        var kinds: [UInt8] = []
        var position = start
        var step = Step.value
        var key = 0..<0
        while true {
            if step == .afterValue, kinds.isEmpty { return .value(end: position) }
            position = skipWhitespace(position)
            guard position < bytes.count else { return .none(at: position) }
            let byte = bytes[position]
            switch step {
            case .value, .valueOrClose:
                if byte == Byte.openBrace || byte == Byte.openBracket {
                    // What is too deep is left alone whole, not taken apart further in.
                    guard kinds.count < Self.depthMax else { return .none(at: bytes.count) }
                    kinds.append(byte)
                    if keepsNodes { open.append(nodes.count) }
                    append(kind(of: byte), position..<position, key)
                    position += 1
                    step = byte == Byte.openBrace ? .keyOrClose : .valueOrClose
                } else if byte == Byte.closeBracket, step == .valueOrClose {
                    kinds.removeLast()
                    position += 1
                    close(at: position)
                    step = .afterValue
                } else {
                    guard let end = scalarEnd(position, byte) else {
                        return .none(at: position + 1)
                    }
                    guard end > 0 else { return .none(at: -end) }
                    append(kind(of: byte), position..<end, key)
                    position = end
                    step = .afterValue
                }
                key = 0..<0
            case .key, .keyOrClose:
                if byte == Byte.closeBrace, step == .keyOrClose {
                    kinds.removeLast()
                    position += 1
                    close(at: position)
                    step = .afterValue
                    continue
                }
                guard byte == Byte.quote else { return .none(at: position + 1) }
                let end = stringEnd(position)
                guard end > 0 else { return .none(at: -end) }
                key = position..<end
                position = skipWhitespace(end)
                guard position < bytes.count, bytes[position] == Byte.colon else {
                    return .none(at: position)
                }
                position += 1
                step = .value
            case .afterValue:
                let isObject = kinds[kinds.count - 1] == Byte.openBrace
                position += 1
                if byte == Byte.comma {
                    step = isObject ? .key : .value
                } else if byte == (isObject ? Byte.closeBrace : Byte.closeBracket) {
                    kinds.removeLast()
                    close(at: position)
                } else {
                    return .none(at: position)
                }
            }
            if nodes.count > Self.nodesMax { return .none(at: position) }
        }
    }

    private func kind(of byte: UInt8) -> JSONNode.Kind {
        switch byte {
        case Byte.openBrace: .object
        case Byte.openBracket: .array
        case Byte.quote: .string
        default: .scalar
        }
    }

    private mutating func append(_ kind: JSONNode.Kind, _ range: Range<Int>, _ key: Range<Int>) {
        guard keepsNodes else { return }
        nodes.append(JSONNode(kind: kind, range: range, key: key, next: nodes.count + 1))
    }

    private mutating func close(at end: Int) {
        guard keepsNodes, let index = open.popLast() else { return }
        nodes[index].range = nodes[index].range.lowerBound..<end
        nodes[index].next = nodes.count
    }

    /// Behind the string whose opening quote is at `start`; nil if it is broken.
    func stringEnd(at start: Int) -> Int? {
        let end = stringEnd(start)
        return end > 0 ? end : nil
    }

    private func skipWhitespace(_ start: Int) -> Int {
        var position = start
        while position < bytes.count, Byte.isJSONSpace(bytes[position]) { position += 1 }
        return position
    }

    /// The end of a string, number or word; negative where it breaks, nil where none begins.
    private func scalarEnd(_ start: Int, _ byte: UInt8) -> Int? {
        switch byte {
        case Byte.quote: return stringEnd(start)
        case Byte.minus, Byte.zero...Byte.nine: return JSONNumber.end(in: bytes, from: start)
        case UInt8(ascii: "t"): return wordEnd(start, "true")
        case UInt8(ascii: "f"): return wordEnd(start, "false")
        case UInt8(ascii: "n"): return wordEnd(start, "null")
        default: return nil
        }
    }

    private func wordEnd(_ start: Int, _ word: StaticString) -> Int {
        let count = word.utf8CodeUnitCount
        guard start + count <= bytes.count else { return -bytes.count }
        let isEqual = word.withUTF8Buffer { buffer in
            (0..<count).allSatisfy { buffer[$0] == bytes[start + $0] }
        }
        return isEqual ? start + count : -(start + 1)
    }

    /// Behind the closing quote of the string that begins at `start`, or where it breaks, negated.
    private func stringEnd(_ start: Int) -> Int {
        var position = start + 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == Byte.quote { return position + 1 }
            if byte < 0x20 { return -position }
            if byte != Byte.backslash {
                position += 1
                continue
            }
            guard position + 1 < bytes.count else { break }
            switch bytes[position + 1] {
            case UInt8(ascii: "u"):
                guard position + 5 < bytes.count else { return -bytes.count }
                for index in position + 2...position + 5 where !Byte.isHexadecimal(bytes[index]) {
                    return -index
                }
                position += 6
            case Byte.quote, Byte.backslash, UInt8(ascii: "/"), UInt8(ascii: "b"),
                UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                position += 2
            default: return -(position + 1)
            }
        }
        return -bytes.count
    }
}

/// A value in a document, in the order of their beginnings.
package struct JSONNode {
    package enum Kind: UInt8 { case object, array, string, scalar }

    package let kind: Kind
    /// Its bytes, quotes and brackets included.
    package var range: Range<Int>
    /// The bytes of its key with quotes; empty in an array.
    package let key: Range<Int>
    /// The index behind its last descendant.
    package var next: Int
}

enum JSONNumber {
    /// The end of the number that begins at `start`, or where it breaks, negated.
    static func end(in bytes: [UInt8], from start: Int) -> Int {
        var position = start
        func digits() -> Bool {
            let first = position
            while position < bytes.count, Byte.isDigit(bytes[position]) { position += 1 }
            return position > first
        }
        if bytes[position] == Byte.minus { position += 1 }
        guard position < bytes.count else { return -position }
        if bytes[position] == Byte.zero {
            position += 1
        } else {
            guard digits() else { return -position }
        }
        if position < bytes.count, bytes[position] == Byte.dot {
            position += 1
            guard digits() else { return -position }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == Byte.plus || bytes[position] == Byte.minus
            {
                position += 1
            }
            guard digits() else { return -position }
        }
        return position
    }
}

/// Appends a valid JSON value without the whitespace around its tokens.
func appendCompact(_ bytes: [UInt8], _ range: Range<Int>, to result: inout [UInt8]) {
    var isInString = false
    var position = range.lowerBound
    var start = position
    while position < range.upperBound {
        let byte = bytes[position]
        if isInString {
            if byte == Byte.backslash {
                position += 1
            } else if byte == Byte.quote {
                isInString = false
            }
        } else if byte == Byte.quote {
            isInString = true
        } else if Byte.isJSONSpace(byte) {
            result += bytes[start..<position]
            start = position + 1
        }
        position += 1
    }
    result += bytes[start..<range.upperBound]
}
