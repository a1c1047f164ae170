/// A JSON document as a tree, strings as bytes.
///
/// Tokenizers' files tell tokens apart that Swift's strings call equal (composed and decomposed é),
/// so neither `String` keys nor Foundation's reader would do.
indirect enum JSONTree: Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string([UInt8])
    case array([JSONTree])
    case object([Member])

    struct Member: Equatable {
        let key: [UInt8]
        let value: JSONTree
    }

    static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(TokenizerFault) -> JSONTree {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.place == bytes.count else { throw reader.fault("something behind its end") }
        return value
    }

    /// The first member of that name; nil if there is none, or no object.
    subscript(key: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.elementsEqual(key.utf8) }?.value
    }

    var isNull: Bool { self == .null }

    var text: String? {
        if case .string(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
    }

    var bytes: [UInt8]? { if case .string(let bytes) = self { bytes } else { nil } }

    var elements: [JSONTree]? { if case .array(let elements) = self { elements } else { nil } }

    var members: [Member]? { if case .object(let members) = self { members } else { nil } }

    var isTrue: Bool { self == .bool(true) }

    /// A whole number that fits an id.
    var id: TokenID? {
        if case .number(let number) = self { TokenID(exactly: number) } else { nil }
    }
}

private struct JSONReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var place = 0

    private static let depthMax = 64

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    func fault(_ what: String) -> TokenizerFault {
        TokenizerFault("it is not JSON: it has \(what) at byte \(place)")
    }

    private var current: UInt8 { place < bytes.count ? bytes[place] : 0 }

    mutating func skipSpace() {
        while [0x20, 0x0A, 0x0D, 0x09].contains(current) { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        place += 1
        return true
    }

    mutating func value(depth: Int) throws(TokenizerFault) -> JSONTree {
        guard depth < Self.depthMax else { throw fault("more than \(Self.depthMax) levels") }
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(
        _ word: String, _ value: JSONTree
    ) throws(TokenizerFault) -> JSONTree {
        guard bytes[place...].starts(with: word.utf8) else { throw fault("an unknown word") }
        place += word.utf8.count
        return value
    }

    private mutating func object(_ depth: Int) throws(TokenizerFault) -> JSONTree {
        place += 1
        var members: [JSONTree.Member] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([]) }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw fault("no key") }
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fault("no colon") }
            members.append(JSONTree.Member(key: key, value: try value(depth: depth + 1)))
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw fault("no comma") }
        }
    }

    private mutating func array(_ depth: Int) throws(TokenizerFault) -> JSONTree {
        place += 1
        var elements: [JSONTree] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw fault("no comma") }
        }
    }

    private mutating func number() throws(TokenizerFault) -> Double {
        let digits = bytes[place...].prefix { byte in
            byte &- 0x30 < 10 || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
        }
        guard let number = Double(String(decoding: digits, as: UTF8.self)) else {
            throw fault("no value")
        }
        place += digits.count
        return number
    }

    private mutating func string() throws(TokenizerFault) -> [UInt8] {
        place += 1
        var text: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return text
            case UInt8(ascii: "\\"): try escape(&text)
            case 0..<0x20: throw fault("a control character in a string")
            default: text.append(byte)
            }
        }
        throw fault("a string without an end")
    }

    private mutating func escape(_ text: inout [UInt8]) throws(TokenizerFault) {
        let byte = current
        place += 1
        switch byte {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "u"):
            var unit = try hex()
            if (0xD800..<0xDC00).contains(unit), bytes[place...].starts(with: [0x5C, 0x75]) {
                place += 2
                let low = try hex()
                guard (0xDC00..<0xE000).contains(low) else { throw fault("half a character") }
                unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(unit) else { throw fault("half a character") }
            text += Array(String(scalar).utf8)
        default: throw fault("an unknown escape")
        }
    }

    private mutating func hex() throws(TokenizerFault) -> UInt32 {
        guard place + 4 <= bytes.count,
            let unit = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
        else { throw fault("an unknown escape") }
        place += 4
        return unit
    }
}
