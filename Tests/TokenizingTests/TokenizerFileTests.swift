import Foundation
import LedgerTesting
import Testing
import Tokenizing
import Vocabularies

@Suite("A tokenizer's file")
struct TokenizerFileTests {
    /// Invalid files, and a part of the message for each.
    static let broken: [(String, String)] = [
        ("", "is empty"),
        ("{", "it is not JSON at byte 1: it ends in the middle of a value"),
        ("{\"model\": nul}", "it is not JSON at byte 10: expected true, false or null"),
        ("{\"model\": {\"type\": \"BPE\"}} x", "there is something after the end"),
        ("{\"a\": \"\\ud800\"}", "a contains half a surrogate pair"),
        ("{\"version\": \"1.0\"}", "it has no “model”"),
        ("{\"model\": {\"type\": \"Unigram\"}}", "the type Unigram; only BPE"),
        ("{\"model\": {\"type\": \"BPE\"}}", "its model has no “vocab”"),
        ("{\"model\": {\"vocab\": {\"a\": -1}}}", "“a” has no whole number as its id"),
        ("{\"model\": {\"vocab\": {\"a\": 1, \"b\": 1}}}", "two tokens have the id 1"),
        ("{\"model\": {\"vocab\": {\"a\": 1, \"a\": 2}}}", "“a” is in it twice"),
        (
            "{\"model\": {\"vocab\": {\"a\": 1}, \"merges\": [\"a b\"]}}",
            "it merges “a” and “b”, which are not both tokens"
        ),
        ("{\"model\": {\"vocab\": {\"a\": 1}, \"merges\": [\"ab\"]}}", "merge 1 is not a pair"),
        (
            "{\"normalizer\": {\"type\": \"NFKC\"}, \"model\": {\"vocab\": {\"a\": 1}}}",
            "its normalizer “NFKC” is not supported"
        ),
        (
            "{\"pre_tokenizer\": {\"type\": \"Digits\"}, \"model\": {\"vocab\": {\"a\": 1}}}",
            "its pre-tokenizer “Digits” is not supported"
        ),
        (
            """
            {"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false}, \
            "model": {"vocab": {"a": 1}}}
            """, "some bytes have no token in it"
        ),
        (
            """
            {"model": {"vocab": {"a": 0, "b": 1, "c": 2, "bc": 3, "abc": 4}, \
            "merges": ["a bc", "b c"]}}
            """, "is not made of the parts it names"
        ),
        (
            "{\"model\": {\"vocab\": {\"a\": 1}, \"byte_fallback\": true}}",
            "it has no token <0x00>"
        ),
        (
            """
            {"added_tokens": [{"id": 2, "content": "<m>", "lstrip": true}], \
            "model": {"vocab": {"a": 1}}}
            """, "“<m>” has “lstrip”"
        ),
        ("YQ== 0\n!!!! 1\n", "line 2 is not a token in base 64 and a rank"),
        ("YQ== 1\nYg== 1\n", "line 2 has a rank that is not above the last one"),
        ("YQ== 0\n", "none with 1 tokens is known; give the pattern too"),
    ]

    @Test("that is malformed is refused with the reason", arguments: broken)
    func refusals(text: String, words: String) throws {
        let error = try #require(throws: VocabularyFailure.self) { try load(text) }
        #expect(error.description.contains(words), "\(error)")
    }

    @Test(
        "with a part of a pattern that is not understood is refused by its name",
        arguments: [
            ("a*?", "a lazy quantifier"), (#"\bword"#, #"\b"#),
            ("(?<=a)b", "a group of an unknown kind"),
            (#"\p{Greek}"#, #"\p{Greek}"#), ("(a+)+", "a repeated group"),
            ("(a|b", "a ( without its )"),
            ("a)", "a ) without its ("), ("[a", "a [ without its ]"), ("a$", "a $"),
            (#"\p{Lu}+"#, #"\p{Lu}"#), (#"\d"#, #"\d"#),
            ("(?=ab)c", "a lookahead at more than one"),
        ])
    func patterns(pattern: String, words: String) throws {
        let error = try #require(throws: TokenizerFault.self) { try SplitPattern(pattern) }
        #expect(error.description.contains(words), "\(error)")
    }

    @Test("that does not exist is refused with a sentence")
    func noFile() throws {
        for path in ["/nowhere/tokenizer.json", "/"] {
            #expect(throws: VocabularyFailure.self) {
                try TokenizerLibrary.shared.tokenizer(file: path)
            }
        }
        let error = try #require(throws: VocabularyFailure.self) {
            try TokenizerLibrary(folder: "/nowhere").tokenizer(for: .o200k)
        }
        #expect(error.description.contains("TALLY_VOCABULARIES"))
    }

    @Test("that is packed and damaged anywhere is refused")
    func damaged() throws {
        let good = try Data(contentsOf: URL(fileURLWithPath: packedFile()))
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<24 {
            var bytes = [UInt8](good)
            switch random.next() % 3 {
            case 0: bytes.removeLast(1 + Int(random.next() % UInt64(bytes.count - 1)))
            case 1: for index in 8..<64 { bytes[index] = UInt8(random.next() & 0xFF) }
            default:
                bytes[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
            }
            let storage = Copied(bytes)
            #expect(throws: TokenizerFault.self) {
                try PackedVocabulary(storage.bytes, owner: storage)
            }
        }
    }

    @Test("merges as the plain definition of byte pair encoding, whatever the merges are")
    func plainDefinition() throws {
        var random = SeededGenerator(seed: testSeed())
        for _ in 0..<60 {
            let (file, merges) = randomFile(&random)
            let tokenizer = try load(file)
            for _ in 0..<60 {
                let text = String(
                    decoding: (0..<Int(random.next() % 40)).map { _ in
                        UInt8(ascii: "a") + UInt8(random.next() % 3)
                    }, as: UTF8.self)
                let ids = tokenizer.encode(text)
                let decoded = try ids.map {
                    String(decoding: try tokenizer.decode([$0]), as: UTF8.self)
                }
                #expect(decoded == plainly(text, merges))
            }
        }
    }

    /// A tokenizer.json over three letters with random merges.
    private func randomFile(_ random: inout SeededGenerator) -> (String, [(String, String)]) {
        var tokens = ["a", "b", "c"]
        var merges: [(String, String)] = []
        for _ in 0..<Int(random.next() % 30) {
            let left = tokens[Int(random.next() % UInt64(tokens.count))]
            let right = tokens[Int(random.next() % UInt64(tokens.count))]
            guard left.count + right.count < 12, !tokens.contains(left + right),
                // Merging has to make the token from these parts, as a trained file's does.
                plainly(left + right, merges) == [left, right]
            else { continue }
            merges.append((left, right))
            tokens.append(left + right)
        }
        let vocabulary = tokens.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ",")
        let list = merges.map { "[\"\($0)\", \"\($1)\"]" }.joined(separator: ",")
        return ("{\"model\": {\"vocab\": {\(vocabulary)}, \"merges\": [\(list)]}}", merges)
    }

    /// Merges naively: of all pairs, the one whose merge comes first in the list, the leftmost
    /// first, until none is left.
    private func plainly(_ text: String, _ merges: [(String, String)]) -> [String] {
        var parts = text.map(String.init)
        while true {
            var best: (order: Int, place: Int)?
            for place in parts.indices.dropLast() {
                let order = merges.firstIndex { $0 == (parts[place], parts[place + 1]) }
                guard let order, order < best?.order ?? .max else { continue }
                best = (order, place)
            }
            guard let best else { return parts }
            parts[best.place] += parts.remove(at: best.place + 1)
        }
    }

    private func load(_ text: String) throws -> Tokenizer {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "tally-tokenizer-\(UUID().uuidString)").path(percentEncoded: false)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try TokenizerLibrary.shared.tokenizer(file: path)
    }

    private func packedFile() -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "Sources/Vocabularies/Packed/r50k.vocabulary")
            .path(percentEncoded: false)
    }
}

/// Bytes at a stable address.
private final class Copied: Sendable {
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    init(_ bytes: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
        copy.copyBytes(from: bytes)
        self.bytes = UnsafeRawBufferPointer(copy)
    }

    deinit { bytes.deallocate() }
}
