import Foundation
import Similarity
import Testing

@Suite("Static embeddings")
struct StaticEmbeddingsTests {
    private func weights(_ rows: [[Float]], shape: String? = nil) -> [UInt8] {
        let size = rows.count * rows[0].count * 4
        let shape = shape ?? "[\(rows.count),\(rows[0].count)]"
        let header = Array(
            "{\"embedding.weight\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[0,\(size)]}}"
                .utf8)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        let body = rows.joined().flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
        }
        return length + header + body
    }

    private let vocabulary = Array(
        #"{"model":{"vocab":{"\u2581car":0,"▁":1,"c":2,"a":3,"r":4,"ar":5,"s":6}}}"#.utf8)
    private let rows: [[Float]] = [[1, 0], [0, 0], [0, 1], [0, 1], [0, 1], [0, 2], [3, 4]]

    @Test("a text is the mean of its tokens, and similar to itself")
    func mean() throws {
        let embeddings = try StaticEmbeddings(weights: weights(rows), vocabulary: vocabulary)
        #expect(embeddings.dimensions == 2)
        #expect(embeddings.vector(of: "car car") == [1, 0])
        // "cars" is not a word: it is c, ar and s, since ar was merged.
        #expect(abs(embeddings.similarity("s", "s") - 1) < 1e-6)
        #expect(abs(embeddings.similarity("car", "s") - 0.6) < 1e-6)
        #expect(embeddings.similarity("car", "漢") == 0)
        #expect(embeddings.vector(of: "") == [0, 0])
    }

    @Test("files of another kind are refused with the reason")
    func refused() throws {
        let whole = weights(rows)
        for cut in [0, 7, 8, 40, whole.count - 1] {
            #expect(throws: StaticEmbeddings.Flaw.self) {
                try StaticEmbeddings(weights: Array(whole.prefix(cut)), vocabulary: vocabulary)
            }
        }
        for shape in ["[7]", "[7,-2]", "[9223372036854775807,2]", "[8,2]", "[]"] {
            #expect(throws: StaticEmbeddings.Flaw.self) {
                try StaticEmbeddings(weights: weights(rows, shape: shape), vocabulary: vocabulary)
            }
        }
        for text in [
            "", "{", "[]", "{\"model\":{}}", "{\"model\":{\"vocab\":{\"a\":7}}}",
            "{\"model\":{\"vocab\":{\"a\":\"b\"}}}",
        ] {
            #expect(throws: StaticEmbeddings.Flaw.self) {
                try StaticEmbeddings(weights: whole, vocabulary: Array(text.utf8))
            }
        }
    }

    /// The unpacked wheel of wordllama 0.4.0.post1.
    private static let folder = ProcessInfo.processInfo.environment["TALLY_WORDLLAMA"] ?? ""

    @Test(
        "WordLlama's own files give the cosines of its own library",
        .enabled(if: !folder.isEmpty, "TALLY_WORDLLAMA does not name the unpacked wheel"))
    func real() throws {
        let files = [
            "weights/l2_supercat_256.safetensors", "tokenizers/l2_supercat_tokenizer_config.json",
        ]
        .map { Self.folder + "/wordllama/" + $0 }
        let embeddings = try StaticEmbeddings(
            weights: Array(Data(contentsOf: URL(filePath: files[0]))),
            vocabulary: Array(Data(contentsOf: URL(filePath: files[1]))))
        let expected = [
            ("I went to the car", "I went to the pawn shop", 0.061902),
            (
                "The warranty of the pump lasts 36 months.", "How long is the pump covered?",
                0.607952
            ),
            ("Błąd połączenia 漢字 🙂", "connection error", 0.179625),
            ("naïve café", "a small coffee house", 0.213306),
        ]
        for (a, b, cosine) in expected {
            #expect(abs(embeddings.similarity(a, b) - cosine) < 1e-4, "\(a)")
        }
    }
}
