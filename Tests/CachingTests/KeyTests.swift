import Caching
import LedgerModel
import Testing

@Suite("Keys of requests")
struct KeyTests {
    private func key(
        _ body: String, _ dialect: RequestDialect = .chatCompletions,
        in partition: CachePartition = CachePartition(ledger: LedgerID(1), scope: .team("a"))
    ) throws -> CacheKey {
        try CanonicalRequest(Array(body.utf8), dialect: dialect).key(in: partition).key
    }

    private static let plain = #"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#

    @Test(
        "requests that ask the same have one key",
        arguments: [
            #"{"messages":[{"content":"hi","role":"user"}],"model":"m"}"#,
            #"{ "model" : "m", "messages":[{"role":"user","content":"\u0068i"}] }"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"temperature":1.0,"n":1e0}"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"user":"u-1","store":true}"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"stop":null}"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"metadata":{"a":"b"}}"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"response_format":{"type":"text"}}"#,
        ])
    func equal(_ body: String) throws {
        #expect(try key(body) == key(Self.plain))
    }

    @Test(
        "requests that ask something else have another key",
        arguments: [
            #"{"model":"m2","messages":[{"role":"user","content":"hi"}]}"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi "}]}"#,
            #"{"model":"m","messages":[{"role":"user","content":"Hi"}]}"#,
            #"{"model":"m","messages":[{"role":"system","content":"hi"}]}"#,
            #"{"model":"m","messages":[{"role":"user","content":["hi"]}]}"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"temperature":0}"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"temperature":1.0000000001}"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"temperature":"1"}"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"n":2}"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"seed":1}"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"tools":[]}"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi","stream":true}]}"#,
            #"{"model":"m","messages":[{"role":"user","content":"hi"}],"unknown":1}"#,
        ])
    func unequal(_ body: String) throws {
        #expect(try key(body) != key(Self.plain))
    }

    @Test("numbers are equal by value and differ in the last digit, however they are written")
    func numbers() throws {
        func of(_ number: String) throws -> CacheKey {
            try key(#"{"model":"m","seed":\#(number)}"#)
        }
        for same in ["100", "1e2", "1E+2", "100.0", "1000e-1", "0.1e3"] {
            #expect(try of(same) == of("100"), "\(same)")
        }
        #expect(try of("0") == of("-0.0") && of("0") == of("0e99"))
        #expect(try of("0.1") != of("0.10000000000000000001"))
        #expect(try of("-1") != of("1"))
        #expect(try of("12345678901234567890123") != of("12345678901234567890124"))
        #expect(try of("1e99999999999999999999") != of("1e99999999999999999998"))
    }

    @Test("composed and decomposed é are two texts; the order of messages and tools matters")
    func texts() throws {
        #expect(
            try key(#"{"model":"m","prompt":"\u00e9"}"#)
                != key(#"{"model":"m","prompt":"e\u0301"}"#))
        #expect(
            try key(#"{"tools":[{"type":"function","name":"a"},{"type":"function","name":"b"}]}"#)
                != key(
                    #"{"tools":[{"type":"function","name":"b"},{"type":"function","name":"a"}]}"#))
        let long = String(repeating: "x", count: 10_000)
        #expect(
            try key(#"{"model":"m","prompt":"\#(long)"}"#)
                != key(#"{"model":"m","prompt":"\#(long)x"}"#))
        let request = try CanonicalRequest(
            Array(#"{"model":"m","prompt":"\#(long)"}"#.utf8), dialect: .completions)
        #expect(request.bytes.count < 200, "long texts are in it by their hash")
    }

    @Test("marks for the provider's prompt cache change no key of Anthropic's API")
    func promptCacheMarks() throws {
        let plain = #"{"model":"c","max_tokens":9,"system":[{"type":"text","text":"s"}]}"#
        let marked =
            #"{"model":"c","max_tokens":9,"#
            + #""system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}]}"#
        #expect(try key(plain, .messages) == key(marked, .messages))
        #expect(try key(plain, .chatCompletions) != key(marked, .chatCompletions))
        #expect(try key(plain, .messages) != key(plain, .chatCompletions))
    }

    @Test("ledgers, teams and the whole ledger have keys of their own")
    func partitions() throws {
        let partitions = [
            CachePartition(ledger: LedgerID(1), scope: .team("a")),
            CachePartition(ledger: LedgerID(2), scope: .team("a")),
            CachePartition(ledger: LedgerID(1), scope: .team("b")),
            CachePartition(ledger: LedgerID(1), scope: .team("")),
            CachePartition(ledger: LedgerID(1), scope: .team(nil)),
            CachePartition(ledger: LedgerID(1), scope: .ledger),
            CachePartition(ledger: LedgerID(11), scope: .ledger),
        ]
        let keys = try partitions.map { try key(Self.plain, in: $0) }
        #expect(Set(keys).count == partitions.count)
    }

    @Test("key and check are made by two hash functions")
    func checks() throws {
        let request = try CanonicalRequest(Array(Self.plain.utf8), dialect: .chatCompletions)
        let (key, check) = request.key(in: CachePartition(ledger: LedgerID(1), scope: .ledger))
        #expect(key.first != check.words[0] && key.fourth != check.words[3])
    }

    @Test("what is not a request is refused with the reason")
    func refusals() {
        func request(_ bytes: [UInt8]) throws(CacheFault) -> CanonicalRequest {
            try CanonicalRequest(bytes, dialect: .chatCompletions)
        }
        #expect(throws: CacheFault.notAnObject) { try request(Array("[1]".utf8)) }
        #expect(throws: CacheFault.self) { try request(Array("{".utf8)) }
        #expect(throws: CacheFault.self) { try request([]) }
        #expect(throws: CacheFault.repeatedMember("a")) {
            try request(Array(#"{"x":{"a":1,"a":2}}"#.utf8))
        }
        #expect(throws: CacheFault.requestTooLarge(bytes: 100 << 20)) {
            try request([UInt8](repeating: 32, count: 100 << 20))
        }
    }

    @Test(
        "a request is random unless it says otherwise",
        arguments: [
            (#"{"model":"m"}"#, true), (#"{"temperature":0}"#, false),
            (#"{"temperature":0.0}"#, false), (#"{"temperature":1e-30}"#, true),
            (#"{"temperature":0,"n":2}"#, true), (#"{"temperature":null}"#, true),
            (#"{"temperature":"0"}"#, true), (#"{"temperature":-0}"#, false),
        ])
    func random(_ body: String, _ isRandom: Bool) throws {
        let request = try CanonicalRequest(Array(body.utf8), dialect: .chatCompletions)
        #expect(request.isRandom == isRandom)
        let embedding = try CanonicalRequest(Array(body.utf8), dialect: .embeddings)
        #expect(!embedding.isRandom)
    }

    @Test("what lets more than the request decide is named")
    func dependent() throws {
        func dependsOn(_ body: String) throws -> String? {
            try CanonicalRequest(Array(body.utf8), dialect: .responses).dependsOn
        }
        #expect(try dependsOn(#"{"previous_response_id":"r"}"#) == "previous_response_id")
        #expect(try dependsOn(#"{"tools":[{"type":"web_search"}]}"#) == "web_search")
        #expect(try dependsOn(#"{"tools":[{"type":"function","name":"web_search"}]}"#) == nil)
        #expect(
            try dependsOn(#"{"input":[{"image_url":{"url":"https://x/y.png"}}]}"#) == "url")
        #expect(try dependsOn(#"{"input":[{"image_url":"data:image/png;base64,AA"}]}"#) == nil)
        #expect(try dependsOn(#"{"input":"see https://x"}"#) == nil)
    }
}
