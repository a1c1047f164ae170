/// Finds where a JSON value ends, strictly by RFC 8259, without interpreting it.
///
/// Numbers and strings stay as spelled, so huge numbers, lone surrogates and duplicate keys cost
/// nothing and lose nothing. It only moves forward and keeps its own stack, so hostile nesting
/// costs neither time nor the call stack.
package struct JSONScanner {
    /// Deeper values are left alone.
    package static let depthMax = 512
    /// A document with more values is minified but not made into tables.
    package static let nodesMax = 2_000_000

    package let bytes: [UInt8]
    package private(set) var nodes: [JSONNode] = []
    /// The fault of the last scan that found no value.
    package private(set) var fault = JSONFault(.empty, at: 0)
    private let keepsNodes: Bool
    private let depthMax: Int
    private let nodesMax: Int
    private var position = 0
    private var step = Step.value
    private var key = 0..<0
    /// For each open container, whether it is an object, and its node.
    private var levels: [(isObject: Bool, node: Int)] = []

    package init(
        _ bytes: [UInt8], keepsNodes: Bool = false, depthMax: Int = Self.depthMax,
        nodesMax: Int = Self.nodesMax
    ) {
        self.bytes = bytes
        self.keepsNodes = keepsNodes
        self.depthMax = depthMax
        self.nodesMax = nodesMax
    }

    package enum Outcome: Equatable {
        case value(end: Int)
        /// Not JSON: nothing before `at` need be looked at again.
        case none(at: Int)
    }

    private enum Step { case value, valueOrClose, key, keyOrClose, afterValue }

    /// The value that begins at `start`, which may be whitespace.
    package mutating func scan(at start: Int) -> Outcome {
        nodes.removeAll(keepingCapacity: true)
        levels.removeAll(keepingCapacity: true)
        (position, step, key) = (start, .value, 0..<0)
        while step != .afterValue || !levels.isEmpty {
            position = endOfSpace(from: position)
            guard position < bytes.count else {
                return fail(.truncated, at: bytes.count, next: position)
            }
            let failure =
                switch step {
                case .value, .valueOrClose: takeValue()
                case .key, .keyOrClose: takeKey()
                case .afterValue: takeMark()
                }
            if let failure { return failure }
        }
        return .value(end: position)
    }

    private mutating func fail(_ kind: JSONFault.Kind, at offset: Int, next: Int) -> Outcome {
        fault = JSONFault(kind, at: offset)
        return .none(at: next)
    }

    // MARK: - Structure

    private mutating func takeValue() -> Outcome? {
        let byte = bytes[position]
        if byte == UInt8(ascii: "]"), step == .valueOrClose {
            close()
            return nil
        }
        guard nodes.count <= nodesMax else {
            return fail(.tooManyValues(nodesMax), at: position, next: position)
        }
        if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
            // A value that is too deep is left alone whole.
            guard levels.count < depthMax else {
                return fail(.tooDeep(levels: depthMax), at: position, next: bytes.count)
            }
            let isObject = byte == UInt8(ascii: "{")
            levels.append((isObject, nodes.count))
            append(isObject ? .object : .array, position..<position)
            position += 1
            step = isObject ? .keyOrClose : .valueOrClose
            return nil
        }
        guard let end = scalarEnd(position, byte) else {
            return fail(.expectedValue, at: position, next: position + 1)
        }
        guard end > 0 else { return fail(brokenScalarAt: -end, byte) }
        append(byte == UInt8(ascii: "\"") ? .string : .scalar, position..<end)
        position = end
        step = .afterValue
        return nil
    }

    private mutating func takeKey() -> Outcome? {
        let byte = bytes[position]
        if byte == UInt8(ascii: "}"), step == .keyOrClose {
            close()
            return nil
        }
        guard byte == UInt8(ascii: "\"") else {
            return fail(.expectedKey, at: position, next: position + 1)
        }
        let end = stringEnd(position)
        guard end > 0 else { return fail(brokenScalarAt: -end, byte) }
        key = position..<end
        position = endOfSpace(from: end)
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
            let kind = position < bytes.count ? JSONFault.Kind.expectedColon : .truncated
            return fail(kind, at: position, next: position)
        }
        position += 1
        step = .value
        return nil
    }

    /// Reads what follows a value in a container: a comma or the container's end.
    private mutating func takeMark() -> Outcome? {
        let byte = bytes[position]
        let isObject = levels[levels.count - 1].isObject
        if byte == UInt8(ascii: ",") {
            position += 1
            step = isObject ? .key : .value
        } else if byte == UInt8(ascii: isObject ? "}" : "]") {
            close()
        } else {
            return fail(.expectedComma, at: position, next: position + 1)
        }
        return nil
    }

    private mutating func append(_ kind: JSONNode.Kind, _ range: Range<Int>) {
        if keepsNodes {
            nodes.append(JSONNode(kind: kind, range: range, key: key, next: nodes.count + 1))
        }
        key = 0..<0
    }

    private mutating func close() {
        let node = levels.removeLast().node
        position += 1
        step = .afterValue
        guard keepsNodes else { return }
        nodes[node].range = nodes[node].range.lowerBound..<position
        nodes[node].next = nodes.count
    }

    package func endOfSpace(from start: Int) -> Int {
        var position = start
        while position < bytes.count, isJSONSpace(bytes[position]) { position += 1 }
        return position
    }

    // MARK: - Scalars

    /// The place after the string whose opening quote is at `start`; nil if it is broken.
    package func stringEnd(at start: Int) -> Int? {
        let end = stringEnd(start)
        return end > 0 ? end : nil
    }

    /// The end of a string, number or word; negative where it breaks, nil if none begins.
    private func scalarEnd(_ start: Int, _ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "\""): stringEnd(start)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            JSONNumber.end(in: bytes, from: start)
        case UInt8(ascii: "t"): wordEnd(start, "true")
        case UInt8(ascii: "f"): wordEnd(start, "false")
        case UInt8(ascii: "n"): wordEnd(start, "null")
        default: nil
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

    /// The place after the string that begins at `start`, or where it breaks, negated.
    private func stringEnd(_ start: Int) -> Int {
        var position = start + 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") { return position + 1 }
            if byte < 0x20 { return -position }
            if byte != UInt8(ascii: "\\") {
                position += 1
                continue
            }
            guard position + 1 < bytes.count else { break }
            switch bytes[position + 1] {
            case UInt8(ascii: "u"):
                guard position + 5 < bytes.count else { return -bytes.count }
                for index in position + 2...position + 5
                where hexadecimalValue(bytes[index]) == nil {
                    return -index
                }
                position += 6
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
                UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                position += 2
            default: return -(position + 1)
            }
        }
        return -bytes.count
    }

    /// Sets the fault of a scalar that breaks at a known place.
    private mutating func fail(brokenScalarAt place: Int, _ first: UInt8) -> Outcome {
        let isOver = place >= bytes.count
        guard first == UInt8(ascii: "\"") else {
            let isNumber = first < UInt8(ascii: "a")
            let kind = isNumber ? JSONFault.Kind.badNumber : .badLiteral
            return fail(isOver ? .truncated : kind, at: isOver ? place : position, next: place)
        }
        if isOver { return fail(.unclosedString, at: position, next: place) }
        let kind = bytes[place] < 0x20 ? JSONFault.Kind.controlCharacter : .badEscape
        return fail(kind, at: place, next: place)
    }
}

/// A value in a document.
package struct JSONNode: Sendable {
    package enum Kind: UInt8, Sendable { case object, array, string, scalar }

    package let kind: Kind
    /// Its bytes, quotes and brackets included.
    package var range: Range<Int>
    /// The bytes of its key with quotes; empty in an array.
    package let key: Range<Int>
    /// The index after its last descendant.
    package var next: Int

    package init(kind: Kind, range: Range<Int>, key: Range<Int>, next: Int) {
        self.kind = kind
        self.range = range
        self.key = key
        self.next = next
    }
}

package enum JSONNumber {
    /// The end of the number that begins at `start`, or where it breaks, negated.
    package static func end(in bytes: [UInt8], from start: Int) -> Int {
        var position = start
        func digits() -> Bool {
            let first = position
            while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
            return position > first
        }
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        guard position < bytes.count else { return -position }
        if bytes[position] == UInt8(ascii: "0") {
            position += 1
        } else {
            guard digits() else { return -position }
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard digits() else { return -position }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count,
                bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
            {
                position += 1
            }
            guard digits() else { return -position }
        }
        return position
    }
}

func isJSONSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
}

func hexadecimalValue(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
