import Foundation
import JSON
import LedgerTesting
import Testing

/// What processes stored with Foundation's coder has to stay readable, and the other way round.
@Suite("Coding values as JSON")
struct CodingTests {
    struct Inner: Codable, Hashable {
        var name: String?
        var count: Int64 = 0
        var share = 0.5
    }

    enum Choice: Codable, Hashable {
        case none
        case one(String)
        case both(number: Int, inner: Inner)
    }

    struct Outer: Codable, Hashable {
        var text = ""
        var flag = false
        var missing: String?
        var choices: [Choice] = []
        var pages: Set<Int64> = []
        /// Keys that are not texts make an array of keys and values.
        var groups: [[String?]: Inner] = [:]
        var byName: [String: Inner] = [:]
        var nested: [[Inner]] = []
        var small: UInt8 = 0
        var large: UInt64 = 0
    }

    private func value(using random: inout SeededGenerator) -> Outer {
        let inner = { (random: inout SeededGenerator) in
            Inner(
                name: Bool.random(using: &random) ? nil : text(using: &random),
                count: .random(in: .min ... .max, using: &random),
                share: Double(Int.random(in: -9_999...9_999, using: &random)) / 64)
        }
        var value = Outer()
        value.text = text(using: &random)
        value.flag = .random(using: &random)
        value.missing = Bool.random(using: &random) ? text(using: &random) : nil
        value.choices = [
            .none, .one(text(using: &random)), .both(number: -1, inner: inner(&random)),
        ]
        value.pages = Set((0..<5).map { _ in Int64.random(in: 0...99, using: &random) })
        value.groups = [[nil, text(using: &random)]: inner(&random), []: inner(&random)]
        // Longer than a random name, as a literal must not have a key twice.
        value.byName = [text(using: &random): inner(&random), "by its name": inner(&random)]
        value.nested = [[], [inner(&random), inner(&random)]]
        value.small = .random(in: .min ... .max, using: &random)
        value.large = .random(in: .min ... .max, using: &random)
        return value
    }

    private func text(using random: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            let limit: UInt32 = Bool.random(using: &random) ? 0x80 : 0x11_0000
            text.append(Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) ?? "/")
        }
        return String(text)
    }

    @Test("both coders read what the other one wrote")
    func bothWays() throws {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        for round in 0..<500 {
            let value = value(using: &random)
            let theirs = try JSONEncoder().encode(value)
            let read = try JSONTree(parsing: theirs).decoded(as: Outer.self)
            #expect(read == value, "seed \(seed), round \(round)")
            let ours = try JSONTree(encoding: value).json
            let back = try JSONDecoder().decode(Outer.self, from: Data(ours.utf8))
            #expect(back == value, "seed \(seed), round \(round)")
        }
    }

    @Test("equal values have equal texts, with the members in the order of their keys")
    func sorted() throws {
        let value = Outer(text: "a/b", choices: [.one("x"), .both(number: 2, inner: Inner())])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let theirs = String(decoding: try encoder.encode(value), as: UTF8.self)
        #expect(try JSONTree(encoding: value).json == theirs)
    }

    @Test("numbers as wide as 128 bits stay exact")
    func wide() throws {
        let value = ["least": Int128.min, "most": Int128.max]
        let tree = try JSONTree(parsing: JSONTree(encoding: value).json.utf8)
        #expect(try tree.decoded(as: [String: Int128].self) == value)
    }

    @Test(
        "a text of another type is refused, not guessed",
        arguments: [
            "[]", "null", #"{"count":"1","share":0}"#, #"{"count":1.5,"share":0}"#,
            #"{"count":9223372036854775808,"share":0}"#, #"{"share":0}"#,
            #"{"count":null,"share":0}"#, #"{"count":1,"share":true}"#,
        ])
    func refused(text: String) throws {
        let tree = try JSONTree(parsing: text.utf8)
        #expect(throws: DecodingError.self) { try tree.decoded(as: Inner.self) }
    }

    @Test("members that a type does not know are skipped")
    func unknown() throws {
        let tree = try JSONTree(parsing: #"{"new":[{}],"count":1,"share":2}"#.utf8)
        #expect(try tree.decoded(as: Inner.self) == Inner(count: 1, share: 2))
    }

    @Test("a number that is not finite is refused")
    func infinite() {
        #expect(throws: EncodingError.self) { try JSONTree(encoding: [Double.nan]) }
    }
}
