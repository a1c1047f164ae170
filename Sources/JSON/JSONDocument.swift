/// A whole JSON text with the place of every value in it.
///
/// Values are decoded on demand, so a reader of lines, exact spellings or a few members pays only
/// for those.
package struct JSONDocument: Sendable {
    package let bytes: [UInt8]
    /// The values in order of their start; the first is the outermost.
    package let nodes: [JSONNode]

    package static let depthMax = 64
    package static let nodesMax = 32_000_000

    /// Checks the whole text except the escapes and UTF-8 of its strings, which are checked when
    /// read; skips a byte order mark.
    package init(
        _ bytes: [UInt8], depthMax: Int = Self.depthMax, nodesMax: Int = Self.nodesMax
    ) throws(JSONFault) {
        var scanner = JSONScanner(
            bytes, keepsNodes: true, depthMax: depthMax, nodesMax: nodesMax)
        let start = scanner.endOfSpace(from: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        guard start < bytes.count else { throw JSONFault(.empty, at: 0) }
        guard case .value(let end) = scanner.scan(at: start) else { throw scanner.fault }
        let rest = scanner.endOfSpace(from: end)
        guard rest == bytes.count else { throw JSONFault(.trailing, at: rest) }
        self.bytes = bytes
        nodes = scanner.nodes
    }

    /// The nodes of a container's direct values, in order.
    package func children(of parent: Int) -> Children {
        Children(nodes: nodes, index: parent + 1, end: nodes[parent].next)
    }

    package struct Children: Sequence, IteratorProtocol {
        fileprivate let nodes: [JSONNode]
        fileprivate var index: Int
        fileprivate let end: Int

        package mutating func next() -> Int? {
            guard index < end else { return nil }
            defer { index = nodes[index].next }
            return index
        }
    }

    /// A number or word as spelled.
    package func spelling(of node: Int) -> String {
        String(decoding: bytes[nodes[node].range], as: UTF8.self)
    }

    // MARK: - Strings

    /// The text of a string or key that stands in quotation marks in `range`.
    package func text(in range: Range<Int>) throws(JSONFault) -> String {
        let raw = bytes[range.lowerBound + 1..<range.upperBound - 1]
        let text =
            raw.contains(UInt8(ascii: "\\"))
            ? String(validating: try unescaped(raw), as: UTF8.self)
            : String(validating: raw, as: UTF8.self)
        if let text { return text }
        throw JSONFault(.invalidUTF8, at: range.lowerBound + 1 + validCount(of: raw))
    }

    /// Reads a string whose escapes the scanner has checked.
    private func unescaped(_ raw: ArraySlice<UInt8>) throws(JSONFault) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(raw.count)
        var place = raw.startIndex
        while let escape = raw[place...].firstIndex(of: UInt8(ascii: "\\")) {
            text += raw[place..<escape]
            place = escape + 2
            switch raw[escape + 1] {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"):
                guard let scalar = scalar(raw, from: &place) else {
                    throw JSONFault(.halfSurrogate(at: path(to: escape)), at: escape)
                }
                text += Array(String(scalar).utf8)
            case let byte: text.append(byte)
            }
        }
        return text + raw[place...]
    }

    /// The character of one or two `\u` escapes; `place` is just past the first `\u`.
    private func scalar(_ raw: ArraySlice<UInt8>, from place: inout Int) -> Unicode.Scalar? {
        let unit = codeUnit(raw, at: place)
        place += 4
        guard UTF16.isLeadSurrogate(unit), raw[place...].starts(with: "\\u".utf8) else {
            return Unicode.Scalar(unit)
        }
        let low = codeUnit(raw, at: place + 2)
        guard UTF16.isTrailSurrogate(low) else { return nil }
        place += 6
        return Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
    }

    private func codeUnit(_ raw: ArraySlice<UInt8>, at place: Int) -> UInt16 {
        raw[place..<place + 4].reduce(0) { $0 << 4 | (hexadecimalValue($1) ?? 0) }
    }

    /// The number of leading bytes that are UTF-8.
    private func validCount(of raw: ArraySlice<UInt8>) -> Int {
        var decoder = UTF8()
        var bytes = raw.makeIterator()
        var count = 0
        while case .scalarValue(let scalar) = decoder.decode(&bytes) {
            count += UTF8.width(scalar)
        }
        return count
    }

    // MARK: - Places

    /// The path to the string at a byte, as people write it: `messages[0].content`.
    private func path(to offset: Int) -> String {
        var path = ""
        var parent = 0
        while nodes[parent].kind == .object || nodes[parent].kind == .array {
            let isArray = nodes[parent].kind == .array
            let found = children(of: parent).enumerated().first {
                nodes[$0.element].range.contains(offset) || nodes[$0.element].key.contains(offset)
            }
            guard let (index, child) = found else { return path }
            let key = nodes[child].key
            let name = String(decoding: bytes[key].dropFirst().dropLast(), as: UTF8.self)
            path += isArray ? "[\(index)]" : (path.isEmpty ? "" : ".") + name
            if key.contains(offset) { return path }
            parent = child
        }
        return path
    }
}
