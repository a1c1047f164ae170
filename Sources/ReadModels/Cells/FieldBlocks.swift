import LedgerModel
import Postgres

/// Gives each distinct run of fields a small number, without looking at them one by one: fields as
/// COPY sends them, each with its length before it.
struct FieldBlocks {
    private var numbers = ByteNumbers()

    var count: Int { numbers.count }

    mutating func number(of block: UnsafeRawBufferPointer) -> Int32 { numbers.number(of: block) }

    mutating func number(of block: [UInt8]) -> Int32 {
        block.withUnsafeBytes { number(of: $0) }
    }

    /// Lends the fields of a block, without their lengths; nil is NULL.
    func withFields<R>(
        of number: Int32, _ body: ([UnsafeRawBufferPointer?]) throws -> R
    ) rethrows -> R {
        try numbers.withBytes(of: number) { bytes in
            var fields: [UnsafeRawBufferPointer?] = []
            var offset = 0
            while offset < bytes.count {
                let length = Int(
                    Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
                offset += 4
                if length < 0 {
                    fields.append(nil)
                } else {
                    fields.append(
                        UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]))
                    offset += length
                }
            }
            return try body(fields)
        }
    }

    /// Copies of the fields of a block.
    func fields(of number: Int32) -> [[UInt8]?] {
        withFields(of: number) { $0.map { $0.map { Array($0) } } }
    }
}

extension [UInt8] {
    /// A field as COPY sends it; nil is NULL.
    mutating func appendField(raw field: UnsafeRawBufferPointer?) {
        appendBigEndian(Int32(field?.count ?? -1))
        if let field { append(contentsOf: field) }
    }
}
