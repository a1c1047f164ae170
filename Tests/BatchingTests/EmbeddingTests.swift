import Batching
import JSON
import LedgerModel
import LedgerTesting
import Testing

/// Requests for embeddings, merged into one call and split again.
@Suite("Merged embeddings")
struct EmbeddingTests {
    private func request(_ json: String) throws -> EmbeddingRequest {
        try EmbeddingRequest(Array(json.utf8))
    }

    private func tree(_ bytes: [UInt8]) throws -> JSONTree { try JSONTree(parsing: bytes) }

    @Test("requests with the same form merge, whatever the order of their members and their user")
    func forms() throws {
        let first = try request(#"{"model":"m","dimensions":256,"input":"a","user":"u1"}"#)
        let second = try request(#"{"input":["b","c"],"dimensions":256,"model":"m"}"#)
        let other = try request(#"{"model":"m","dimensions":512,"input":"a"}"#)
        let tokens = try request(#"{"model":"m","dimensions":256,"input":[[1,2],[3]]}"#)
        #expect(first.merges(with: second))
        #expect(!first.merges(with: other) && !first.merges(with: tokens))
        #expect(first.inputs.count == 1 && second.inputs.count == 2 && tokens.inputs.count == 2)
        let body = try tree(EmbeddingRequest.merged([first, second]))
        #expect(body["input"]?.items == [.text("a"), .text("b"), .text("c")])
        #expect(body["model"] == .text("m") && body["dimensions"]?.integer == 256)
        #expect(body["user"] == nil)
    }

    @Test("one list of tokens is one input")
    func tokenList() throws {
        let one = try request(#"{"model":"m","input":[1,2,3]}"#)
        let two = try request(#"{"model":"m","input":[[4,5]]}"#)
        #expect(one.inputs.count == 1 && !one.isList)
        let body = try tree(EmbeddingRequest.merged([one, two]))
        #expect(body.json == #"{"model":"m","input":[[1,2,3],[4,5]]}"#)
    }

    @Test("bodies that are no requests for embeddings are refused with the reason")
    func refusals() {
        func refused(_ json: String) -> EmbeddingFault? {
            do {
                _ = try EmbeddingRequest(Array(json.utf8))
                return nil
            } catch { return error }
        }
        #expect(refused("[]") == .notAnObject)
        #expect(refused(#"{"model":"m"}"#) == .noInput)
        #expect(refused(#"{"input":[]}"#) == .noInput)
        #expect(refused(#"{"input":{}}"#) == .badInput)
        #expect(refused(#"{"input":["a",[1]]}"#) == .badInput)
        #expect(refused(#"{"input":"#)?.kind == .invalid)
        let many = Array(repeating: #""a""#, count: 2_049).joined(separator: ",")
        #expect(refused("{\"input\":[\(many)]}") == .tooManyInputs(2_049))
    }

    @Test("a split answer is what each request would have had alone, and its tokens add up")
    func split() throws {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let counts = (0..<random.number(1..<9)).map { _ in random.number(1..<5) }
            let requests = try counts.map { count in
                try request(
                    "{\"model\":\"m\",\"input\":["
                        + (0..<count).map { "\"t\($0)\"" }.joined(separator: ",") + "]}")
            }
            let all = counts.reduce(0, +)
            let total = random.number(0..<5_000)
            var items = (0..<all).map {
                "{\"object\":\"embedding\",\"index\":\($0),\"embedding\":[\($0).5,-1e-7]}"
            }
            items.shuffle(using: &random)
            let answer =
                "{\"object\":\"list\",\"data\":[" + items.joined(separator: ",")
                + "],\"model\":\"m-1\",\"usage\":{\"prompt_tokens\":\(total),"
                + "\"total_tokens\":\(total)}}"
            let expected = counts.map { _ in random.number(0..<900) }
            let parts = try EmbeddingAnswer.split(
                Array(answer.utf8), among: requests, expected: expected)
            #expect(parts.reduce(0) { $0 + ($1.tokens ?? 0) } == total)
            var next = 0
            for (part, count) in zip(parts, counts) {
                let body = try tree(part.body)
                #expect(body["object"] == .text("list") && body["model"] == .text("m-1"))
                #expect(body["usage"]?["total_tokens"]?.integer == part.tokens)
                let data = try #require(body["data"]?.items)
                #expect(data.count == count)
                for (index, item) in data.enumerated() {
                    #expect(item["index"]?.integer == index)
                    #expect(item["embedding"]?.items?.first == .number("\(next).5"))
                    next += 1
                }
            }
        }
    }

    @Test("base64 embeddings and unknown members pass unchanged")
    func otherForms() throws {
        let one = try request(#"{"model":"m","input":"a","encoding_format":"base64"}"#)
        let answer = #"{"id":"x1","data":[{"embedding":"AAAA","index":0}]}"#
        let parts = try EmbeddingAnswer.split(
            Array(answer.utf8), among: [one], expected: [1])
        let body = try tree(parts[0].body)
        #expect(body["id"] == .text("x1") && body["usage"] == nil)
        #expect(body["data"]?.items?.first?["embedding"] == .text("AAAA"))
        #expect(parts[0].tokens == nil)
    }

    @Test("an answer with too few, too many or repeated embeddings is of no use to anybody")
    func miscounts() throws {
        let pair = try [
            request(#"{"model":"m","input":"a"}"#), request(#"{"model":"m","input":"b"}"#),
        ]
        func fault(_ data: String) -> EmbeddingFault? {
            do {
                _ = try EmbeddingAnswer.split(
                    Array("{\"data\":\(data)}".utf8), among: pair, expected: [1, 1])
                return nil
            } catch { return error }
        }
        let one = #"{"index":0,"embedding":[1]}"#
        let two = #"{"index":1,"embedding":[2]}"#
        #expect(fault("[\(one),\(two)]") == nil)
        #expect(fault("[\(one)]") == .miscounted(embeddings: 1, inputs: 2))
        #expect(fault("[\(one),\(two),\(two)]") == .miscounted(embeddings: 3, inputs: 2))
        #expect(fault("[\(one),\(one)]") == .miscounted(embeddings: 2, inputs: 2))
        #expect(fault(#"[{"index":0},{"index":1}]"#) == .badAnswer)
        #expect(fault("{}") == .badAnswer)
    }
}
