/// A `.tiktoken` file: on each line a token in base 64 and its rank.
///
/// Such a file does not say how text is split. If its number of tokens is a known one, that tells;
/// otherwise the pattern has to be given.
package struct TiktokenFile {
    /// - Parameter pattern: how text is split; nil if the file is a known one.
    package static func tokenizer(
        name: String, _ file: UnsafeBufferPointer<UInt8>, pattern: String?
    ) throws(TokenizerFault) -> Tokenizer {
        var ids: [TokenID] = []
        var tokens: [[UInt8]] = []
        for (number, line) in file.split(separator: 0x0A).enumerated() {
            let words = line.split { $0 == 0x20 || $0 == 0x0D }
            guard words.count == 2, let token = base64(words[0]), !token.isEmpty,
                let id = TokenID(String(decoding: words[1], as: UTF8.self))
            else { throw TokenizerFault("line \(number + 1) is not a token in base 64 and a rank") }
            if let last = ids.last, id <= last {
                throw TokenizerFault("line \(number + 1) has a rank that is not above the last one")
            }
            ids.append(id)
            tokens.append(token)
        }
        let splitting = try splitting(tokens: tokens.count, pattern)
        var order = try MergeOrder(tokens: tokens) { token in token.map { [$0] } }
        order.mergeAllPairs()
        let parts = VocabularyFile(tokens: tokens, ids: ids, order: order.ordered())
        let vocabulary = try Vocabulary(parts.parts(findsWholePieces: true))
        guard vocabulary.hasEveryByte else {
            throw TokenizerFault("some bytes have no token in it")
        }
        return Tokenizer(
            name: name, vocabulary: vocabulary, splitting: splitting, specials: [])
    }

    private static func splitting(
        tokens: Int, _ pattern: String?
    ) throws(TokenizerFault) -> Splitting {
        if let pattern { return try Splitting(pattern: pattern) }
        switch tokens {
        case 50_256, 50_280: return .gpt2
        case 100_256: return .cl100k
        case 128_000: return .llama3
        case 151_643: return .qwen
        case 199_998: return .o200k
        default:
            throw TokenizerFault(
                "a .tiktoken file has no split pattern, and none with \(tokens) tokens "
                    + "is known; give the pattern too")
        }
    }

    private static func base64(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        var (bits, count) = (UInt32(0), 0)
        let padding = text.suffix(2).count { $0 == 0x3D }
        for byte in text.dropLast(padding) {
            let value: UInt8
            switch byte {
            case 0x41...0x5A: value = byte - 0x41
            case 0x61...0x7A: value = byte - 0x61 + 26
            case 0x30...0x39: value = byte - 0x30 + 52
            case 0x2B: value = 62
            case 0x2F: value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }
}

/// The tokens of a file in the order of their ranks, as a vocabulary requires.
struct VocabularyFile {
    let tokens: [[UInt8]]
    let ids: [TokenID]
    let order: MergeOrder.Ordered

    /// - Parameter findsWholePieces: whether a whole piece can be a token that merging would not
    ///   make.
    func parts(findsWholePieces: Bool) -> VocabularyParts {
        let sorted = order.order.map { tokens[Int($0)] }
        let bytes = OwnedBytes(sorted)
        return VocabularyParts(
            ids: TokenIDs(order.order.map { ids[Int($0)] }), left: order.left, right: order.right,
            lengths: sorted.map { UInt16(min($0.count, Int(UInt16.max))) },
            mergeable: order.mergeable,
            findable: findsWholePieces ? sorted.count : order.mergeable, bytes: bytes.start,
            byteCount: bytes.count, owner: bytes)
    }
}

/// Bytes at a stable address.
private final class OwnedBytes: Sendable {
    nonisolated(unsafe) let start: UnsafePointer<UInt8>
    let count: Int

    init(_ tokens: [[UInt8]]) {
        count = tokens.reduce(0) { $0 + $1.count }
        let storage = UnsafeMutablePointer<UInt8>.allocate(capacity: max(count, 1))
        var place = storage
        for token in tokens {
            place.initialize(from: token, count: token.count)
            place += token.count
        }
        start = UnsafePointer(storage)
    }

    deinit { start.deallocate() }
}
