/// Reads the fields of one protobuf message one by one, without decoding their content.
///
/// An export request holds its spans three messages deep. Walking down to them instead of decoding
/// the whole request bounds memory by one span, not by a body in which two bytes make an empty span
/// of hundreds; and a broken span costs only itself.
struct WireFields {
    /// The encoding is broken at a byte of the message.
    struct Fault: Error {
        let reason: String
        /// The address, which gives the place in the body.
        let address: UInt

        init(_ reason: String, at bytes: UnsafeRawBufferPointer, offset: Int = 0) {
            self.reason = reason
            address = UInt(bitPattern: bytes.baseAddress) + UInt(offset)
        }
    }

    struct Field {
        let number: UInt64
        /// The content of a length-delimited field; nil for numbers.
        let bytes: UnsafeRawBufferPointer?
    }

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Returns the next field; nil at the end of the message.
    mutating func next() throws(Fault) -> Field? {
        guard offset < bytes.count else { return nil }
        let start = offset
        let tag = try varint()
        guard tag >> 3 > 0 else { throw fault("a field has the number 0", at: start) }
        switch tag & 7 {
        case 0: _ = try varint()
        case 1: try skip(8)
        case 5: try skip(4)
        case 2:
            let length = try varint()
            guard length <= UInt64(bytes.count - offset) else {
                throw fault("a field is longer than its container", at: start)
            }
            let content = bytes[offset..<offset + Int(length)]
            offset += Int(length)
            return Field(number: tag >> 3, bytes: UnsafeRawBufferPointer(rebasing: content))
        default: throw fault("this is not a field of a protobuf message", at: start)
        }
        return Field(number: tag >> 3, bytes: nil)
    }

    /// Returns the content of the next length-delimited field with this number.
    mutating func next(_ number: UInt64) throws(Fault) -> UnsafeRawBufferPointer? {
        while let field = try next() {
            if field.number == number, let bytes = field.bytes { return bytes }
        }
        return nil
    }

    private mutating func varint() throws(Fault) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard offset < bytes.count else { throw fault("it ends inside a number", at: start) }
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw fault("a number is longer than ten bytes", at: start)
    }

    private mutating func skip(_ count: Int) throws(Fault) {
        guard count <= bytes.count - offset else {
            throw fault("it ends inside a number", at: offset)
        }
        offset += count
    }

    private func fault(_ reason: String, at offset: Int) -> Fault {
        Fault(reason, at: bytes, offset: offset)
    }
}
