package import Caching
package import LedgerModel

import struct Crypto.SHA256

/// An entry that can't be read: damaged, cut short, of another version, or of another key.
package struct RecordDamage: Error, Equatable {
    package let reason: String
}

/// An answer as bytes, the same in every tier.
///
///     0   version, 1
///     1   1 if the body is compressed with Zstandard
///     2   two zeros
///     4   the first 8 bytes of the SHA-256 of everything behind them
///     12  the bytes of the facts, as four bytes
///     16  the bytes of the body before it was compressed
///     20  facts, then body
///
/// Integers are little-endian. The facts are never compressed, so that invalidations can look at
/// them. A version that is not known is damage: what a newer program stored is fetched again.
package struct AnswerRecord {
    package let bytes: [UInt8]

    package static let version: UInt8 = 1
    package static let headBytes = 20
    private static let sumEnd = 12

    package init(
        _ answer: StoredAnswer, at address: CacheAddress,
        compression: CacheTiersConfiguration.Compression?
    ) {
        var facts = RecordWriter()
        facts.write(answer, at: address)
        var packed: [UInt8]?
        if let compression, answer.body.count >= compression.bytesMin {
            packed = Zstandard.compressed(answer.body, level: compression.level)
        }
        let body = packed ?? answer.body
        var record: [UInt8] = []
        record.reserveCapacity(Self.headBytes + facts.bytes.count + body.count)
        record += [Self.version, packed == nil ? 0 : 1, 0, 0]
        record += [UInt8](repeating: 0, count: 8)
        record.appendLittleEndian(UInt32(facts.bytes.count))
        record.appendLittleEndian(UInt32(answer.body.count))
        record += facts.bytes
        record += body
        let sum = Self.checksum(record[...])
        for index in 0..<8 { record[4 + index] = sum[index] }
        bytes = record
    }

    /// Reads a record that may be damaged.
    ///
    /// - Parameter isTrusted: if it never left this process, so that its sum need not be made.
    package static func read(
        _ bytes: [UInt8], isTrusted: Bool = false
    ) throws(RecordDamage) -> Opened {
        var opened = try open(bytes, isTrusted: isTrusted)
        let stored = bytes[opened.bodyStart...]
        if bytes[1] == 0 {
            guard stored.count == opened.bodyBytes else {
                throw RecordDamage(reason: "its body has another length")
            }
            opened.answer.body = Array(stored)
        } else {
            guard let body = Zstandard.expanded(stored, count: opened.bodyBytes) else {
                throw RecordDamage(reason: "its body can't be decompressed")
            }
            opened.answer.body = body
        }
        return opened
    }

    package struct Opened {
        /// Without its body, unless all was read.
        package var answer: StoredAnswer
        package let key: CacheKey
        package let check: Digest
        /// Of the body, decompressed.
        package let bodyBytes: Int
        let bodyStart: Int
    }

    /// Reads all but the body.
    package static func open(_ bytes: [UInt8], isTrusted: Bool) throws(RecordDamage) -> Opened {
        guard bytes.count >= headBytes else { throw RecordDamage(reason: "it is cut short") }
        guard bytes[0] == version, bytes[1] <= 1, bytes[2] == 0, bytes[3] == 0 else {
            throw RecordDamage(reason: "its version is not known")
        }
        if !isTrusted {
            guard checksum(bytes[...]).elementsEqual(bytes[4..<sumEnd]) else {
                throw RecordDamage(reason: "its checksum differs")
            }
        }
        var head = RecordReader(bytes[sumEnd..<headBytes])
        let factBytes = Int(try head.integer(UInt32.self))
        let bodyBytes = Int(try head.integer(UInt32.self))
        guard factBytes <= bytes.count - headBytes, bodyBytes <= StoredAnswer.bodyBytesMax else {
            throw RecordDamage(reason: "it is cut short")
        }
        let bodyStart = headBytes + factBytes
        var reader = RecordReader(bytes[headBytes..<bodyStart])
        let (answer, key, check) = try reader.answer()
        return Opened(
            answer: answer, key: key, check: check, bodyBytes: bodyBytes, bodyStart: bodyStart)
    }

    private static func checksum(_ record: ArraySlice<UInt8>) -> [UInt8] {
        record.withUnsafeBytes { bytes in
            var hash = SHA256()
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[sumEnd...]))
            return Array(hash.finalize().prefix(8))
        }
    }
}
