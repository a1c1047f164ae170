/// Bytes inside a base64 text, decoded only where they are needed: the size of an image is in its
/// first bytes, so a photo of ten megabytes need not be decoded.
struct EncodedBytes {
    private let text: UnsafeBufferPointer<UInt8>
    let count: Int

    /// Lends the bytes of a `data:…;base64,` URL or of plain base64; nil for anything else.
    static func with<R>(_ text: String, _ body: (EncodedBytes) -> R?) -> R? {
        var text = text
        return text.withUTF8 { utf8 in
            var start = 0
            if utf8.starts(with: "data:".utf8) {
                let head = utf8.prefix(256)
                guard let comma = head.firstIndex(of: UInt8(ascii: ",")),
                    utf8[..<comma].reversed().starts(with: "46esab;".utf8)
                else { return nil }
                start = comma + 1
            }
            return EncodedBytes(UnsafeBufferPointer(rebasing: utf8[start...])).flatMap(body)
        }
    }

    private init?(_ text: UnsafeBufferPointer<UInt8>) {
        var length = text.count
        while length > 0, text[length - 1] == UInt8(ascii: "=") { length -= 1 }
        guard length % 4 != 1 else { return nil }
        self.text = text
        count = length * 3 / 4
    }

    /// The byte at an index; nil past the end, or if a character is not base64.
    subscript(index: Int) -> UInt8? {
        guard index >= 0, index < count else { return nil }
        let place = index / 3 * 4 + index % 3
        guard let high = Self.value(text[place]), let low = Self.value(text[place + 1]) else {
            return nil
        }
        switch index % 3 {
        case 0: return high << 2 | low >> 4
        case 1: return high << 4 | low >> 2
        default: return high << 6 | low
        }
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character + 4
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }

    func starts(with word: StaticString, at start: Int = 0) -> Bool {
        word.withUTF8Buffer { word in
            word.indices.allSatisfy { self[start + $0] == word[$0] }
        }
    }

    /// An unsigned number of `bytes` bytes.
    func integer(at start: Int, bytes: Int, bigEndian: Bool) -> Int? {
        var value = 0
        for index in 0..<bytes {
            guard let byte = self[start + (bigEndian ? index : bytes - 1 - index)] else {
                return nil
            }
            value = value << 8 | Int(byte)
        }
        return value
    }
}
