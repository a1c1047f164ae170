import LedgerModel
import Prompts
import Testing
import Tokenizing

@Suite("Lossless stages")
struct LosslessStageTests {
    private let sentence = "The quick brown fox jumps over the lazy dog near the river bank. "

    @Test("a repeated passage becomes a reference and comes back")
    func duplicates() throws {
        let passage = String(repeating: sentence, count: 4).dropLast()
        let other = "Something else stands here."
        let text = "\(passage)\n\n\(other)\n\n\(passage)\n\nEnd. \n\(passage)"
        let result = try optimize(text, [.duplicates])
        #expect(result.strategies == [.duplicates])
        #expect(result.references.count == 1)
        #expect(result.optimized.text.contains("<repeat 1: the text that begins with The quick"))
        #expect(result.restored().text == text)
        #expect(result.quality.overall == 1)
    }

    @Test("adjacent passages that repeat adjacent ones become one reference")
    func neighbours() throws {
        let parts = (1...3).map { "\($0) " + String(repeating: sentence, count: 4).dropLast() }
        let block = parts.joined(separator: "\n\n")
        let result = try optimize(block + "\n\nand again\n\n" + block, [.duplicates])
        #expect(result.references.map(\.content) == [block])
        #expect(result.restored().text == block + "\n\nand again\n\n" + block)
    }

    @Test("repetitions are found across messages")
    func messages() throws {
        let passage = String(repeating: sentence, count: 4)
        let prompt = Prompt(messages: [
            PromptMessage(role: .system, text: passage), PromptMessage(role: .user, text: "Hi"),
            PromptMessage(role: .tool, text: passage),
        ])
        let result = try PromptOptimizer(stages: [.duplicates], counter: roughCounter)
            .optimize(prompt)
        #expect(result.optimized.messages[0].text == passage)
        #expect(result.tokensAfter < result.tokensBefore * 3 / 4)
        #expect(result.restored() == prompt)
    }

    @Test("base64 and hashes go into the table, once for each content")
    func references() throws {
        let base64 =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
        let text = """
            {"image":"data:image/png;base64,\(base64)","sha256":"\(hash)"}
            Is \(hash) the hash of \(base64)?
            """
        let result = try optimize(text, [.references])
        #expect(
            result.optimized.text == """
                {"image":"data:image/png;base64,<ref 1: base64, \(base64.count) characters>",\
                "sha256":"<ref 2: hexadecimal, 64 characters>"}
                Is <ref 2> the hash of <ref 1>?
                """)
        #expect(result.references.count == 4)
        #expect(result.restored().text == text)
    }

    @Test(
        "text that people write is not base64",
        arguments: [
            "/usr/local/share/applications/org/example/some/really/long/path/to/nowhere/file",
            "thisIsAVeryLongIdentifierNameThatSomebodyWroteInJavaForSomeReasonOrOtherFactoryBean",
            "https://example.com/a/very/long/url/that/goes/on/and/on/and/on/until/the/end/of/it",
            "550e8400-e29b-41d4-a716-446655440000",
            "----------------------------------------------------------------------",
            "1234567890123456789012345678901234567890123456789012345678901234567890",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "some_snake_case_name_that_is_longer_than_any_reasonable_person_would_ever_make_it",
        ])
    func words(text: String) throws {
        #expect(try optimize(text, [.references]).optimized.text == text)
    }

    @Test("whitespace is removed where readers do not see it, and stays in code")
    func whitespace() throws {
        let text = """
            Hello.   How are you?  \n\n\n\nFine.\t

            ```python
            def f():   \n\n\n    return  1
            ```

            A list:
              - indented   \n\n
              - stays
            """
        let trimmed = try optimize(text, [.whitespace]).optimized.text
        #expect(
            trimmed == """
                Hello. How are you?\n\nFine.

                ```python
                def f():   \n\n\n    return  1
                ```

                A list:
                  - indented   \n\n
                  - stays
                """)
    }

    @Test(
        "code without a fence is not trimmed",
        arguments: [
            "x = 1   \n\n\n\ny = 2;   \nz", "import os   \n\n\n\nprint(1)   \nx",
            "| a  | b |   \n|----|---|   \n\n\n\nend", "if (x) {   \n\n\n\n}   \nend",
        ])
    func pastedCode(text: String) throws {
        #expect(try optimize(text, [.whitespace]).optimized.text == text)
    }

    @Test("a line that states the time moves after the stable text, and back")
    func stablePrefix() throws {
        let rules = (1...8).map { "Rule \($0): keep it short and friendly." }.joined(
            separator: "\n")
        let system = "You help.\nCurrent time: 2026-11-24T13:05:00Z\nReleased in 2019.\n\(rules)"
        let prompt = Prompt(messages: [
            PromptMessage(role: .user, text: "An example."),
            PromptMessage(role: .system, text: system),
            PromptMessage(role: .user, text: "What now?"),
            PromptMessage(role: .assistant, text: "Date: 2026-11-24 10:00\nYes."),
            PromptMessage(role: .user, text: "Go on."),
        ])
        let result = try PromptOptimizer(stages: [.stablePrefix], counter: roughCounter)
            .optimize(prompt)
        let messages = result.optimized.messages
        #expect(messages.map(\.role) == [.system, .user, .user, .assistant, .user])
        #expect(messages[0].text.hasSuffix("friendly.\nCurrent time: 2026-11-24T13:05:00Z"))
        #expect(messages[3] == prompt.messages[3])
        #expect(result.restored() == prompt)
        #expect(result.tokensAfter == result.tokensBefore)
        let (before, after) = result.cachePrefix
        #expect(before.cause?.kind == .time)
        #expect(before.cause?.text.hasPrefix("Current time") == true)
        #expect(after.tokens > before.tokens * 5)
    }

    @Test("what differs from the previous request counts as changing")
    func previous() throws {
        let rules = (1...8).map { "Rule \($0): keep it short." }.joined(separator: "\n")
        func prompt(_ count: Int) -> Prompt {
            Prompt(text: "You saw \(count) visitors.\n\(rules)\nAnswer in 3 words.")
        }
        var options = OptimizationOptions()
        options.previous = prompt(17)
        let result = try PromptOptimizer(
            stages: [.stablePrefix], counter: roughCounter, options: options
        ).optimize(prompt(18))
        #expect(result.optimized.text.hasSuffix("Answer in 3 words.\nYou saw 18 visitors."))
        #expect(result.restored() == prompt(18))
        #expect(result.cachePrefix.before.cause?.kind == .difference)
        #expect(result.cachePrefix.before.tokens == roughCounter.count("You saw 1"))
    }

    @Test("savings are exact, and unknown without a price")
    func savings() throws {
        let price = try #require(TokenPrice(dollarsPerMillion: "2.50"))
        #expect(price.cost(of: 1_000_000)?.description == "2.5")
        #expect(price.cost(of: 3)?.description == "0.0000075")
        #expect(TokenPrice(dollarsPerMillion: "-1") == nil)
        #expect(TokenPrice(dollarsPerMillion: "two") == nil)
        let text = "Hello.   \n\n\n\nThere."
        #expect(try optimize(text).savings == nil)
        let result = try optimize(text) { $0.price = price }
        #expect(result.tokensSaved > 0)
        #expect(result.savings == price.cost(of: result.tokensSaved))
    }

    @Test("every stage is reported, timed by the caller's clock, and undone if it saves nothing")
    func reports() throws {
        nonisolated(unsafe) var now = 0
        let result = try optimize("[1,\n2]", [.jsonMinify, .whitespace]) { options in
            options.elapsed = {
                now += 1
                return .milliseconds(now * now)
            }
        }
        #expect(result.stages.map(\.stage) == [.jsonMinify, .whitespace])
        #expect(result.stages.map(\.time) == [.milliseconds(3), .milliseconds(7)])
        #expect(result.stages.map(\.outcome) == [.applied, .unchanged])
        let spaceless = TokenCounter(name: "letters", exactness: .exact) { text in
            text.utf8.count { !" \n".utf8.contains($0) }
        }
        let kept = try PromptOptimizer(counter: spaceless).optimize(Prompt(text: "[1,\n2]"))
        #expect(kept.stages[1].outcome == .savedNothing)
        #expect(kept.optimized.text == "[1,\n2]")
    }
}
