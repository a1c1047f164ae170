import Foundation
import LedgerTesting
import Prompts
import Testing

@Suite("Lossy stages")
struct LossyStageTests {
    @Test("nothing is left out without permission, and no selection without a budget")
    func permission() {
        #expect(throws: OptimizationRefusal.lossyNotAllowed(.html)) {
            try PromptOptimizer(stages: OptimizationStage.allCases, counter: roughCounter)
        }
        var options = OptimizationOptions()
        options.allowsLossy = true
        #expect(throws: OptimizationRefusal.budgetMissing) {
            try PromptOptimizer(stages: [.selection], counter: roughCounter, options: options)
        }
        #expect(
            "\(OptimizationRefusal.lossyNotAllowed(.html))"
                == "the stage html is lossy: allow lossy stages, or drop it")
    }

    /// 500 items, seven of them with errors of different kinds.
    private func items() -> (json: String, ids: [String], errors: [Int: String]) {
        let errors = [
            17: ",\"error\":\"connection reset by peer\"", 101: ",\"success\":false",
            202: ",\"http_status\":503",
            303: ",\"log\":[{\"message\":\"TimeoutException at Pool.take\"}]",
            404: ",\"result\":{\"state\":\"FAILED\"}", 450: ",\"errors\":[\"E12\"]",
            477: ",\"exception\":{\"type\":\"IOError\"}",
        ]
        let ids = (0..<500).map { "ord-\(70_000 + $0 * 13)" }
        let rows = (0..<500).map { row in
            """
            {"id":"\(ids[row])","customer":"Customer number \(row)","email":"c\(row)@example.com",\
            "amount":\(100 + row % 37).\(row % 10)0,"currency":"EUR","status":"done","retries":0,\
            "created_at":"2026-03-01T10:\(10 + row % 50):00Z","note":"shipped with standard parcel"\
            \(errors[row] ?? ",\"error\":null")}
            """
        }
        return (indented("[" + rows.joined(separator: ",") + "]"), ids, errors)
    }

    @Test("a long array loses four fifths of its tokens, but no error and no identifier")
    func arrays() throws {
        let (json, ids, errors) = items()
        let result = try optimize("Which failed?\n" + json, OptimizationStage.unbudgeted)
        #expect(result.strategies.contains(.arraySampling))
        #expect(result.reduction >= 0.8)
        let text = result.optimized.text
        for id in ids { #expect(text.contains(id), "\(id)") }
        for sign in [
            "connection reset by peer", "503", "TimeoutException", "FAILED", "E12", "IOError",
        ] {
            #expect(text.contains(sign), "\(sign)")
        }
        let restored = result.restored().text
        for row in errors.keys { #expect(restored.contains("\"Customer number \(row)\"")) }
        #expect(restored.contains("\"_left_out\":{\"items\":4"))
        #expect(result.quality.errorLines == 1)
    }

    @Test("an array of only errors stays")
    func allErrors() throws {
        let rows = (0..<100).map { "{\"id\":\($0),\"error\":\"E\($0)\"}" }
        let text = "[" + rows.joined(separator: ",") + "]"
        #expect(try optimize(text, [.arraySampling]).optimized.text == text)
    }

    @Test("extremes and rare values of an array stay")
    func outliers() throws {
        let rows = (0..<400).map { row in
            "{\"n\":\(row),\"ms\":\(row == 123 ? 98765 : 20 + row % 7),\"zone\":\"\(row == 222 ? "moon" : "eu")\"}"
        }
        let text = try optimize("[" + rows.joined(separator: ",") + "]", [.arraySampling])
            .optimized.text
        #expect(text.contains("98765"))
        #expect(text.contains("moon"))
        #expect(text.utf8.count < 1_500)
    }

    @Test("a log keeps its errors, its ends, its outliers and one of each kind")
    func logs() throws {
        var lines = (0..<400).map { index in
            "2026-03-01T10:00:\(10 + index % 50)Z INFO worker-\(index % 4) handled request \(index) in \(10 + index % 9)ms"
        }
        lines[100] = "2026-03-01T10:01:00Z ERROR worker-2 lost connection to db-7"
        lines.insert("    at Pool.take (pool.js:12)", at: 101)
        lines[200] = "2026-03-01T10:02:00Z INFO worker-1 handled request 200 in 98765ms"
        lines[300] = "2026-03-01T10:03:00Z WARN cache nearly full"
        lines[350] = "2026-03-01T10:03:20Z INFO configuration reloaded by ops"
        let result = try optimize(
            "Why?\n\n" + lines.joined(separator: "\n") + "\n\nBe brief.", [.logCollapse])
        let text = result.optimized.text
        for line in [
            lines[0], lines[100], lines[101], lines[200], lines[300], lines[350], lines[400],
        ] {
            #expect(text.contains(line), "\(line)")
        }
        #expect(text.contains("more lines like the one before>"))
        #expect(text.hasSuffix("\n\nBe brief."))
        #expect(result.reduction > 0.9)
        #expect(result.quality.errorLines == 1)
        #expect(try optimize("a\nb\nc", [.logCollapse]).optimized.text == "a\nb\nc")
    }

    @Test("a log that repeats the same error keeps every occurrence")
    func loggedErrors() throws {
        let lines = (0..<400).map { index in
            let second = 10 + index % 50
            return index % 40 == 39
                ? "2026-03-01T10:00:\(second)Z WARN queue of worker-2 is at \(index) percent"
                : index % 40 == 19
                    ? "2026-03-01T10:00:\(second)Z ERROR worker-2 lost connection \(index)"
                    : "2026-03-01T10:00:\(second)Z INFO worker-2 handled request \(index)"
        }
        let text = try optimize(lines.joined(separator: "\n"), [.logCollapse]).optimized.text
        for line in lines where !line.contains("INFO") { #expect(text.contains(line)) }
        #expect(text.utf8.count < 2_000)
    }

    @Test("a page is reduced to its text")
    func html() throws {
        let page = """
            <!DOCTYPE html><html><head><title>T</title><style>p { color: red }</style></head><body>
            <nav><a href="/">Home</a><a href="/x">X</a></nav><script>var a = "<p>no</p>";</script>
            <h1>Prices &amp; terms</h1><p>The fee is <b>12&nbsp;EUR</b> a month.<br>Not refundable.</p>
            <ul><li>One</li><li>Two</li></ul><table><tr><td>a</td><td>1 &lt; 2</td></tr></table>
            <!-- hidden --><footer>Imprint</footer></body></html>
            """
        let text = try optimize(page, [.html]).optimized.text
        for part in [
            "Prices & terms", "The fee is 12 EUR a month.", "Not refundable.", "- One", "1 < 2",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        for part in ["<", "color", "Home", "var a", "hidden", "Imprint"] where part != "<" {
            #expect(!text.contains(part), "\(part)")
        }
        let plain = "if a < b and c > d then <b>x</b>"
        #expect(try optimize(plain, [.html]).optimized.text == plain)
    }

    /// Passages of random words, each with a copy in which some words are changed.
    private func edited(_ share: Double, seed: UInt64) -> [(String, String)] {
        var random = SeededGenerator(seed: seed)
        let vocabulary = (0..<3_000).map { "w\(String($0 * 7919 % 99_991, radix: 36))" }
        return (0..<200).map { _ in
            let words = (0..<200).map { _ in vocabulary[Int.random(in: 0..<3_000, using: &random)] }
            let changed = words.map { word in
                Double.random(in: 0..<1, using: &random) < share
                    ? vocabulary[Int.random(in: 0..<3_000, using: &random)] : word
            }
            return (words.joined(separator: " "), changed.joined(separator: " "))
        }
    }

    @Test(
        "passages with 3 % of their words changed are found, and others are not", arguments: [7, 8])
    func minHash(seed: UInt64) throws {
        let pairs = edited(0.03, seed: seed)
        let found = try pairs.count { original, changed in
            let text = "\(original)\n\n\(changed)"
            return try optimize(text, [.nearDuplicates]).strategies == [.nearDuplicates]
        }
        #expect(found >= 142, "seed \(seed)")
        let strangers = try zip(pairs, pairs.dropFirst()).count { one, other in
            try optimize("\(one.0)\n\n\(other.0)", [.nearDuplicates]).strategies.isEmpty == false
        }
        #expect(strangers == 0, "seed \(seed)")
        let similarity = try pairs.map { original, changed in
            try #require(MinHash(original)).similarity(#require(MinHash(changed)))
        }
        let mean = similarity.reduce(0, +) / Double(similarity.count)
        // Three words in a row are unchanged with 0.97³, so sets share 0.913 / (2 − 0.913).
        #expect(abs(mean - 0.84) < 0.02)
    }

    @Test("a near repetition shows what differs, and the table has all of it")
    func nearDuplicate() throws {
        let passage =
            String(
                repeating:
                    "The service restarts every night and writes its report to the shared disk. ",
                count: 4
            ) + "It has 12 workers in Oslo."
        let other = passage.replacing("12 workers", with: "16 workers")
        let result = try optimize("\(passage)\n\n\(other)", [.nearDuplicates])
        #expect(result.optimized.text.contains("\"16\" instead of \"12\""))
        #expect(result.restored().text == "\(passage)\n\n\(other)")
        #expect(!result.isLossless)
    }

    @Test("a selection fits its budget, keeps what is pinned and answers the question")
    func selection() throws {
        var filler = (0..<300).map {
            "Paragraph \($0) speaks of gardens, rivers and old bridges at length."
        }
        filler[217] = "The warranty of the pump lasts 36 months from delivery."
        let prompt = Prompt(messages: [
            PromptMessage(role: .system, text: "You answer briefly."),
            PromptMessage(role: .user, text: filler.joined(separator: "\n")),
            PromptMessage(role: .user, text: "Salt is white. Snow too. Both melt.", isPinned: true),
            PromptMessage(role: .user, text: "How long is the warranty of the pump?"),
        ])
        var options = OptimizationOptions()
        options.allowsLossy = true
        options.tokenBudget = 200
        let result = try PromptOptimizer(
            stages: [.selection], counter: roughCounter, options: options
        ).optimize(prompt)
        #expect(result.tokensAfter <= 200)
        #expect(result.tokensAfter > 150)
        #expect(result.optimized.messages[0] == prompt.messages[0])
        #expect(result.optimized.messages[2] == prompt.messages[2])
        #expect(result.optimized.messages[3] == prompt.messages[3])
        #expect(result.optimized.messages[1].text.contains("36 months"))
        #expect(result.optimized.messages[1].text.contains("<left out>"))
        options.tokenBudget = 5
        let tight = try PromptOptimizer(
            stages: [.selection], counter: roughCounter, options: options)
        #expect(throws: OptimizationRefusal.self) { try tight.optimize(prompt) }
    }

    @Test("a stage that lowers the quality too much is undone")
    func qualityMin() throws {
        let (json, _, _) = items()
        let result = try optimize(json, [.arraySampling]) { $0.qualityMin = 0.99 }
        guard case .harmed(let quality) = result.stages[0].outcome else {
            Issue.record("\(result.stages)")
            return
        }
        #expect(quality < 0.99)
        #expect(result.optimized.text == json)
    }

    @Test(
        "hostile input takes linear time in every stage",
        arguments: [
            "a", "a ", "a\n", "<", "</a>", "<script>", "<!--", "<a ", "&", "ERROR\n",
            "12:34:56 x\n", "\n\n",
            "{\"id\":1},", "[{}],", "0 error ", ".", "é", "<similar 1: ", "a.b?c! ",
        ])
    func hostile(piece: String) throws {
        func time(_ count: Int) throws -> Duration {
            let text = "[" + String(repeating: piece, count: count / piece.utf8.count)
            let start = ContinuousClock.now
            let result = try optimize(text, OptimizationStage.unbudgeted)
            _ = result.quality
            return ContinuousClock.now - start
        }
        let short = try (0..<2).map { _ in try time(40_000) }.min() ?? .zero
        let long = try (0..<2).map { _ in try time(160_000) }.min() ?? .zero
        #expect(long < short * 10 + .milliseconds(100))
    }
}
