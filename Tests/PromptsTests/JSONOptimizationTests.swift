import Foundation
import JSON
import Prompts
import Testing
import Tokenizing

@Suite("JSON in prompts")
struct JSONOptimizationTests {
    private func minified(_ text: String) -> String? {
        JSONMinifier.minify(text)
    }

    @Test("minifying removes whitespace and nothing else")
    func minify() throws {
        let text = """
            Summarise this answer:
            {
              "big": 123456789012345678901234567890.10,
              "a": 1.0, "a": 1e5,
              "lone": "\\ud800 and  two spaces",
              "empty": { }, "list": [ 1,  2 ]
            }
            Thank you.
            """
        #expect(
            minified(text) == """
                Summarise this answer:
                {"big":123456789012345678901234567890.10,"a":1.0,"a":1e5,"lone":"\\ud800 and  \
                two spaces","empty":{},"list":[1,2]}
                Thank you.
                """)
    }

    @Test(
        "text that is not JSON stays as it is",
        arguments: [
            "{\n  'a': 1\n}", "{\n  \"a\": 01\n}", "[1, 2,\n]", "{\n \"a\": 1,\n}", "[\n1, 2",
            "{\"a\": \"\n\"}", "{\n\"a\": NaN\n}", "{\n\"a\" 1}", "[\n\"\\x\"]", "[\n\"\\u12G4\"]",
            "]\n}\n}]", "x = {\n  \"a\": 1\n}", "{\n\"a\": 1 }} trailing", "[\n1. ]", "[\n-]",
            "[\n.5]",
            "{\n  \"a\": 1\n} + 1", "[\n1e]", "{", "[", "\"", "{\"a\":\n", "[\ntru]",
        ])
    func noJSON(text: String) {
        #expect(minified(text) == nil)
        #expect(ColumnarText.encode(text) == nil)
    }

    @Test(
        "code keeps its whitespace, JSON in it included",
        arguments: [
            "```json\n{\n  \"a\":   1\n}\n```", "~~~\n{\n  \"a\":   1\n}\n~~~",
            "Look:\n\n    {\n      \"a\":   1,\n      \"b\": 2 }\n\nend",
            "<pre>\n{\n  \"a\":   1\n}\n</pre>", "```\nnever closed  \n\n\n\n{\n \"a\": 1}",
            "````\n```\n{\n \"a\": 1}\n```\n````",
        ])
    func code(text: String) throws {
        #expect(try optimize(text).optimized.text == text)
    }

    @Test("uniform objects become a table and come back")
    func table() throws {
        let json = """
            [{"id":1,"name":"Ada","address":{"city":"London","zip":"0123"},"active":true},
            {"id":2,"name":"Lovelace, A.","address":{"city":"","zip":"12"},"active":true},
            {"id":3.50,"name":"Bob","active":true,"note":null},
            {"id":4,"name":"12","address":{"city":"Paris","zip":"x"},"active":true}]
            """
        let text = try #require(ColumnarText.encode("Rows: " + json + "\nend"))
        #expect(
            text.hasSuffix(
                """
                an absent key>
                id,name(text),address.city,address.zip(text),active=true,note
                1,Ada,London,0123,
                2,"Lovelace, A.","",12,
                3.50,Bob,,,null
                4,12,Paris,x,
                end
                """))
        #expect(
            ColumnarText.decode(text)
                == "Rows: " + json.replacingOccurrences(of: "\n", with: "") + "\nend")
    }

    @Test("arrays inside a document move before it, and come back to their places")
    func nested() throws {
        func rows(_ name: String) -> String {
            "[" + (1...20).map { "{\"\(name)\":\($0),\"value\":\"v\($0)\"}" }.joined(separator: ",")
                + "]"
        }
        let json = "{\"a\":\(rows("x")),\"b\":[1,\(rows("y"))],\"c\":null}"
        let text = try #require(ColumnarText.encode(json))
        #expect(text.hasSuffix("\n{\"a\":<table 1>,\"b\":[1,<table 2>],\"c\":null}"))
        #expect(ColumnarText.decode(text) == json)
    }

    @Test("objects on separate lines become a table of lines")
    func lines() throws {
        let lines = (1...20).map { "{\"level\":\"info\",\"n\":\($0)}" }.joined(separator: "\n")
        let text = try #require(ColumnarText.encode("Log:\n\(lines)\n\nWhat happened?"))
        #expect(text.contains("20 lines"))
        #expect(ColumnarText.decode(text) == "Log:\n\(lines)\n\nWhat happened?")
    }

    @Test("a text that already contains our notation is left alone")
    func ambiguous() {
        let rows = (1...20).map { "{\"id\":\($0),\"v\":\"<table 1>\"}" }.joined(separator: ",")
        #expect(ColumnarText.encode("[\(rows)]") == nil)
    }

    @Test("a malformed table is not decoded and does no harm")
    func brokenTables() throws {
        let rows = (1...9).map { "{\"id\":\($0),\"name\":\"n \($0)\",\"b\":[\($0)]}" }
        let text = try #require(ColumnarText.encode("[" + rows.joined(separator: ",") + "] "))
        for cut in 1..<text.utf8.count {
            let broken = String(decoding: Array(text.utf8).prefix(cut), as: UTF8.self)
            _ = ColumnarText.decode(broken)
            _ = ColumnarText.decode(broken + text)
        }
        #expect(ColumnarText.decode("<table 1: 99999999999 rows>\na\n1") == nil)
        #expect(ColumnarText.decode("<table 7>") == nil)
    }

    @Test("any JSON comes back, every number and string as it was written", arguments: [1, 2, 3])
    func roundTrip(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        var tables = 0
        for round in 0..<4_000 {
            let json = round % 2 == 0 ? random.table(depth: 2) : random.value()
            guard json.hasPrefix("{") || json.hasPrefix("[") else { continue }
            let text = random.spaced(json).trimmingCharacters(in: .whitespacesAndNewlines)
            guard let encoded = ColumnarText.encode(text) else { continue }
            tables += 1
            let decoded = try #require(
                ColumnarText.decode(encoded), "seed \(seed), round \(round): \(encoded)")
            #expect(
                minified(decoded) ?? decoded == json, "seed \(seed), round \(round): \(encoded)")
        }
        #expect(tables > 500)
    }

    @Test(
        "real answers of providers come back exactly",
        .enabled(
            if: TestData.has("genai-prices-usages-half.json"),
            "genai-prices-usages-half.json is not in TALLY_TEST_DATA"))
    func realBodies() throws {
        let file = try TestData.text("genai-prices-usages-half.json")
        let bodies = try Self.bodies(of: file)
        #expect(bodies.count == 789)
        for body in bodies {
            let text = "Explain this answer:\n" + indented(body) + "\nBriefly."
            let result = try optimize(text)
            #expect(layoutFree(result.restored().text) == layoutFree(text))
            #expect(layoutFree(text) == "Explain this answer:\n" + body + "\nBriefly.")
        }
        let all = "[" + bodies.joined(separator: ",") + "]"
        let result = try optimize(indented(all))
        #expect(result.restored().text == all)
        #expect(try optimize(file).restored().text == file)
        #expect(
            try optimize(bodies.joined(separator: "\n")).restored().text
                == bodies.joined(separator: "\n"))
    }

    /// The texts of all bodies, as written in the file.
    private static func bodies(of file: String) throws -> [String] {
        var scanner = JSONScanner(Array(file.utf8), keepsNodes: true)
        guard case .value = scanner.scan(at: 0) else { return [] }
        return scanner.nodes.compactMap { node in
            guard String(decoding: scanner.bytes[node.key], as: UTF8.self) == "\"body\"" else {
                return nil
            }
            return String(decoding: scanner.bytes[node.range], as: UTF8.self)
        }
    }

    @Test("indented JSON and uniform arrays shrink as much as the documentation says")
    func reduction() throws {
        let rows = (1...200).map { row in
            """
            {"id":\(row),"name":"user_\(row)","email":"user\(row)@example.com","active":\(row % 3 > 0),\
            "score":\(row * 37 % 100).5,"created_at":"2026-01-\(10 + row % 20)T10:00:00Z"}
            """
        }
        let counter = try #require(exactCounter)
        func reduction(_ json: String, _ stages: [OptimizationStage]) throws -> Double {
            try PromptOptimizer(stages: stages, counter: counter)
                .optimize(Prompt(text: indented(json))).reduction
        }
        let uniform = "[" + rows.joined(separator: ",") + "]"
        #expect(try reduction(uniform, OptimizationStage.lossless) >= 0.45)
        let nested = rows.map { "{\"outer\":{\"inner\":[\($0),{\"deep\":{\"list\":[1,2]}}]}}" }
        #expect(try reduction("[" + nested.joined(separator: ",") + "]", [.jsonMinify]) >= 0.3)
    }

    @Test(
        "hostile input takes linear time and is not damaged",
        arguments: [
            "a", "[", "{", "{\"a\":", "[[1],", "\"", "\\", "```\n", "    x\n\n", "<pre>", "<ref 1",
            "<table 1: 5 rows>\n", "{\"a\":[", "]", "}\n", ": {", ">[\n", "[\"", "a: [1,",
            "\u{fffd}",
        ])
    func hostile(piece: String) throws {
        func time(_ count: Int) throws -> Duration {
            let text = String(repeating: piece, count: count / piece.utf8.count)
            let start = ContinuousClock.now
            let result = try optimize(text)
            let taken = ContinuousClock.now - start
            #expect(layoutFree(result.restored().text) == layoutFree(text))
            return taken
        }
        // Four times the input takes sixteen times as long only if something is quadratic; the best
        // of three, because other tests run at the same time.
        let short = try (0..<3).map { _ in try time(250_000) }.min() ?? .zero
        let long = try (0..<3).map { _ in try time(1_000_000) }.min() ?? .zero
        #expect(long < short * 10 + .milliseconds(50))
    }

    @Test(
        "100 MB of one letter take linear time and come out unchanged",
        .enabled(
            if: ProcessInfo.processInfo.environment["TALLY_SOAK"] == "1", "needs TALLY_SOAK=1"),
        arguments: ["a", "[", "{", "\"", " "])
    func huge(letter: String) throws {
        let text = "x" + String(repeating: letter, count: 100_000_000)
        let counter = TokenCounter(name: "bytes", exactness: .exact) { $0.utf8.count }
        let start = ContinuousClock.now
        let result = try PromptOptimizer(counter: counter).optimize(Prompt(text: text))
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(layoutFree(result.restored().text) == layoutFree(text))
    }

    @Test("JSON is read to a depth of 512 and left alone beyond")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[\n", count: depth) + String(repeating: "]\n", count: depth)
        }
        #expect(minified(nested(512)) != nil)
        #expect(minified(nested(513)) == nil)
    }
}
