import JSON

/// A `tokenizer.json` of Hugging Face's `tokenizers` with byte pair encoding.
///
/// Its settings are implemented exactly or refused by name: bytes as characters (GPT-2, Llama 3,
/// DeepSeek) or characters with bytes as a fallback (Llama 2, Gemma).
package struct TokenizerFile {
    private let root: JSONTree
    private let model: JSONTree

    private init(_ bytes: UnsafeBufferPointer<UInt8>) throws(TokenizerFault) {
        do throws(JSONFault) { root = try JSONTree(parsing: bytes) } catch {
            throw TokenizerFault("it is not JSON \(error)")
        }
        guard let model = root["model"], model.members != nil else {
            throw TokenizerFault("it has no “model”, so it is not a tokenizer.json")
        }
        self.model = model
    }

    package static func tokenizer(
        name: String, _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(TokenizerFault) -> Tokenizer {
        let file = try TokenizerFile(bytes)
        try file.refuseWhatDiffers()
        let splitting = try PreTokenizer(file.root["pre_tokenizer"] ?? .null)
        let normalization = try file.normalization()
        let specials = try file.addedTokens()
        let vocabulary = try file.vocabulary(
            isByteLevel: splitting.isByteLevel, added: Set(specials.map(\.id)))
        let unknown: UnknownPolicy =
            if splitting.isByteLevel { .none } else { try file.unknown(vocabulary.ids) }
        return Tokenizer(
            name: name, vocabulary: vocabulary.vocabulary,
            splitting: try splitting.splitting(after: normalization), specials: specials,
            normalization: normalization, unknown: unknown)
    }

    private func refuseWhatDiffers() throws(TokenizerFault) {
        if let type = model["type"]?.string, type != "BPE" {
            throw TokenizerFault("its model is of the type \(type); only BPE can be read")
        }
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            guard let value = model[key], value != .text("") else { continue }
            throw TokenizerFault("its model has “\(key)”, which is not supported")
        }
        if let dropout = model["dropout"], dropout.count != 0 {
            throw TokenizerFault("its model has “dropout”, so its encoding is not unique")
        }
    }

    private func normalization() throws(TokenizerFault) -> Normalization {
        var steps: [Normalization.Step] = []
        var open = [root["normalizer"] ?? .null]
        while let step = open.popLast() {
            if step == .null { continue }
            let type = step["type"]?.string ?? ""
            if type == "Sequence" {
                open += (step["normalizers"]?.items ?? []).reversed()
            } else if type == "NFC" {
                steps.append(.composed)
            } else if type == "Prepend", let text = step["prepend"]?.bytes {
                steps.append(.prepended(text))
            } else if type == "Replace", let old = step["pattern"]?["String"]?.bytes,
                let new = step["content"]?.bytes
            {
                steps.append(.replaced(old, by: new))
            } else {
                throw TokenizerFault("its normalizer “\(type)” is not supported")
            }
        }
        var undone: (text: [UInt8], by: [UInt8])?
        for case .replaced(let old, let new) in steps { undone = (new, old) }
        return Normalization(steps, undone: undone)
    }

    private func addedTokens() throws(TokenizerFault) -> [SpecialToken] {
        var tokens: [SpecialToken] = []
        for added in root["added_tokens"]?.items ?? [] {
            guard let text = added["content"]?.bytes, let id = added["id"]?.id else {
                throw TokenizerFault("one of its added tokens has no “id” or no “content”")
            }
            for flag in ["single_word", "lstrip", "rstrip"] where added[flag]?.isTrue == true {
                throw TokenizerFault(
                    "its added token \(quoted(text)) has “\(flag)”, which is not supported")
            }
            tokens.append(SpecialToken(text, id: id, isOrdinary: added["special"]?.isTrue != true))
        }
        return tokens
    }

    // MARK: - The vocabulary

    private struct Read {
        let vocabulary: Vocabulary
        /// Ids by the text in the file.
        let ids: [[UInt8]: TokenID]
    }

    private func vocabulary(
        isByteLevel: Bool, added: Set<TokenID>
    ) throws(TokenizerFault) -> Read {
        guard let members = model["vocab"]?.members, !members.isEmpty else {
            throw TokenizerFault("its model has no “vocab”")
        }
        var entries: [(id: TokenID, token: [UInt8])] = []
        var ids: [[UInt8]: TokenID] = [:]
        for member in members {
            let key = Array(member.key.utf8)
            guard let id = member.value.id else {
                throw TokenizerFault("\(quoted(key)) has no whole number as its id")
            }
            ids[key] = id
            guard isByteLevel else {
                entries.append((id, key))
                continue
            }
            if let token = ByteCharacters.bytes(of: key) {
                entries.append((id, token))
            } else if !added.contains(id) {
                throw TokenizerFault("\(quoted(key)) is not made of byte characters")
            }
        }
        entries.sort { $0.id < $1.id }
        for (one, next) in zip(entries, entries.dropFirst()) where one.id == next.id {
            throw TokenizerFault("two tokens have the id \(one.id)")
        }
        var order = try MergeOrder(tokens: entries.map(\.token)) { token in
            isByteLevel ? token.map { [$0] } : characters(of: token)
        }
        for (number, merge) in (model["merges"]?.items ?? []).enumerated() {
            guard let (left, right) = pair(merge, isByteLevel) else {
                throw TokenizerFault("its merge \(number + 1) is not a pair of tokens")
            }
            try order.merge(left, right)
        }
        let file = VocabularyFile(
            tokens: entries.map(\.token), ids: entries.map(\.id), order: order.ordered())
        let vocabulary = try Vocabulary(
            file.parts(findsWholePieces: model["ignore_merges"]?.isTrue == true))
        if isByteLevel, !vocabulary.hasEveryByte {
            throw TokenizerFault("some bytes have no token in it")
        }
        return Read(vocabulary: vocabulary, ids: ids)
    }

    /// Reads a merge: an array of two, or one string with a blank between them.
    private func pair(_ merge: JSONTree, _ isByteLevel: Bool) -> ([UInt8], [UInt8])? {
        let parts: [[UInt8]]
        if let items = merge.items {
            parts = items.compactMap(\.bytes)
        } else {
            parts = merge.bytes?.split(separator: 0x20).map(Array.init) ?? []
        }
        guard parts.count == 2 else { return nil }
        guard isByteLevel else { return (parts[0], parts[1]) }
        guard let left = ByteCharacters.bytes(of: parts[0]),
            let right = ByteCharacters.bytes(of: parts[1])
        else { return nil }
        return (left, right)
    }

    private func unknown(_ ids: [[UInt8]: TokenID]) throws(TokenizerFault) -> UnknownPolicy {
        var unknown: TokenID?
        if let token = model["unk_token"]?.bytes {
            guard let id = ids[token] else {
                throw TokenizerFault("its unknown token \(quoted(token)) is not in its vocabulary")
            }
            unknown = id
        }
        let isFused = model["fuse_unk"]?.isTrue == true
        guard model["byte_fallback"]?.isTrue == true else {
            return .characters(unknown, isFused: isFused)
        }
        var bytes: [TokenID] = []
        for byte in 0..<256 {
            let digits = String(byte, radix: 16, uppercase: true)
            let name = "<0x" + (byte < 16 ? "0" : "") + digits + ">"
            guard let id = ids[Array(name.utf8)] else {
                throw TokenizerFault("it falls back to bytes, but it has no token \(name)")
            }
            bytes.append(id)
        }
        return .bytes(bytes)
    }
}

extension JSONTree {
    /// The UTF-8 bytes: tokens are compared by bytes, since Swift's strings treat é and é as equal.
    var bytes: [UInt8]? { string.map { Array($0.utf8) } }

    var isTrue: Bool { self == .boolean(true) }

    /// A whole number, even if it is written with a fraction.
    fileprivate var count: Int128? {
        if case .number(let text) = self { scaledDecimal(text, scale: 0) } else { nil }
    }

    /// A whole number that fits in an id.
    fileprivate var id: TokenID? { count.flatMap { TokenID(exactly: $0) } }
}

/// The scalars of a text, each as its bytes.
private func characters(of text: [UInt8]) -> [[UInt8]] {
    String(decoding: text, as: UTF8.self).unicodeScalars.map { Array(String($0).utf8) }
}

/// The printable characters that stand for bytes in vocabularies since GPT-2.
enum ByteCharacters {
    private static let bytes: [UInt32: UInt8] = {
        var table: [UInt32: UInt8] = [:]
        var others: UInt32 = 0x100
        for byte in UInt8.min...UInt8.max {
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: table[UInt32(byte)] = byte
            default:
                table[others] = byte
                others += 1
            }
        }
        return table
    }()

    /// The bytes of a text; nil if one of its characters stands for no byte.
    static func bytes(of text: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            guard let byte = bytes[scalar.value] else { return nil }
            result.append(byte)
        }
        return result
    }
}
