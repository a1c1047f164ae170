/// Reads the files that scripts/make-vocabularies.py makes; docs/tokens.md describes them.
///
/// The tokens' bytes are used in place, in the mapped file.
package struct PackedVocabulary {
    /// A special token in a file, with the encodings that it belongs to.
    private struct Special {
        let token: SpecialToken
        let encodings: UInt16
    }

    package let vocabulary: Vocabulary
    private let specials: [Special]

    /// - Parameters:
    ///   - file: the whole file, which stays valid as long as `owner` lives.
    package init(
        _ file: UnsafeRawBufferPointer, owner: any Sendable
    ) throws(TokenizerFault) {
        var reader = PackedReader(file: file)
        guard try reader.bytes(8).elementsEqual("TALLYVOC".utf8) else {
            throw TokenizerFault("it is not a packed vocabulary")
        }
        let version = try reader.number()
        guard version == 1 else {
            throw TokenizerFault("its format is version \(version), and this program reads 1")
        }
        try reader.checkSum()
        let count = Int(try reader.number())
        let byteCount = Int(try reader.number())
        let specialCount = Int(try reader.number())
        let offset = try reader.number()
        let hasIDs = try reader.number() != 0
        reader.place = 64
        guard count > 0, count <= VocabularyBuilder.tokensMax else {
            throw TokenizerFault("its header claims \(count) tokens")
        }
        let left = try reader.numbers(count)
        let right = try reader.numbers(count)
        let ids: TokenIDs = hasIDs ? TokenIDs(try reader.numbers(count)) : .offset(offset)
        let lengths = try reader.bytes(count).map(UInt16.init)
        let bytes = try reader.bytes(byteCount)
        guard let base = bytes.baseAddress else { throw TokenizerFault("it has no tokens") }
        var specials: [Special] = []
        for _ in 0..<specialCount {
            let id = try reader.number()
            let sizes = try reader.number()
            let text = try reader.bytes(Int(sizes & 0xFFFF))
            let kind = UInt16(sizes >> 16)
            specials.append(
                Special(
                    token: SpecialToken(text, id: id, isOrdinary: kind & 0x8000 != 0),
                    encodings: kind & 0x7FFF))
        }
        self.specials = specials
        vocabulary = try Vocabulary(
            VocabularyParts(
                ids: ids, left: left, right: right, lengths: lengths, mergeable: count,
                findable: count, bytes: base.assumingMemoryBound(to: UInt8.self),
                byteCount: byteCount, owner: owner))
        guard vocabulary.hasEveryByte else {
            throw TokenizerFault("some bytes have no token in it")
        }
    }

    /// The tokenizer of an encoding that uses this file.
    package func tokenizer(for encoding: TokenEncoding) -> Tokenizer {
        Tokenizer(
            name: encoding.name, vocabulary: vocabulary, splitting: encoding.splitting,
            specials: specials.filter { $0.encodings & encoding.specialBit != 0 }.map(\.token),
            normalization: encoding.normalization)
    }
}

/// Reads little-endian numbers and bytes in sequence.
private struct PackedReader {
    private(set) var file: UnsafeRawBufferPointer
    var place = 0

    init(file: UnsafeRawBufferPointer) { self.file = file }

    /// Verifies the checksum at the end, and removes it.
    mutating func checkSum() throws(TokenizerFault) {
        let end = file.count - 8
        guard end >= place else { throw fault }
        var sum = UInt64(end)
        for start in stride(from: 0, to: end, by: 8) {
            var word: UInt64 = 0
            if start + 8 <= end {
                word = file.loadUnaligned(fromByteOffset: start, as: UInt64.self)
            } else {
                for index in start..<end {
                    word |= UInt64(file[index]) << UInt64(8 * (index - start))
                }
            }
            sum = (sum ^ UInt64(littleEndian: word)) &* 0x9E37_79B9_7F4A_7C15
            sum ^= sum >> 32
        }
        guard sum == UInt64(littleEndian: file.loadUnaligned(fromByteOffset: end, as: UInt64.self))
        else { throw TokenizerFault("it is damaged: its checksum does not match") }
        file = UnsafeRawBufferPointer(rebasing: file[..<end])
    }

    private var fault: TokenizerFault {
        TokenizerFault("it is truncated after \(file.count) bytes")
    }

    mutating func bytes(_ count: Int) throws(TokenizerFault) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= file.count - place else { throw fault }
        defer { place += count }
        return UnsafeRawBufferPointer(rebasing: file[place..<place + count])
    }

    mutating func number() throws(TokenizerFault) -> UInt32 {
        UInt32(littleEndian: try bytes(4).loadUnaligned(as: UInt32.self))
    }

    mutating func numbers(_ count: Int) throws(TokenizerFault) -> [UInt32] {
        let bytes = try bytes(4 * count)
        return (0..<count).map {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
        }
    }
}
