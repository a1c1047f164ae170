import Audit
import Testing

@Suite("The SQL prompt")
struct SQLPromptTests {
    /// What a prompt says to each of some lines.
    private func actions(_ lines: String...) -> [SQLPrompt.Action?] {
        var prompt = SQLPrompt()
        return lines.map { prompt.take($0) }
    }

    @Test("a statement ends with a semicoloned line, and takes as many lines as it needs")
    func statements() {
        #expect(actions("SELECT 1;") == [.query("SELECT 1")])
        #expect(actions("", "SELECT", "  1", " ; ") == [nil, nil, nil, .query("SELECT\n1")])
        var prompt = SQLPrompt()
        #expect(prompt.take("SELECT 2") == nil && prompt.isWithin)
        #expect(prompt.finish() == .query("SELECT 2"))
        #expect(!prompt.isWithin && prompt.finish() == nil)
    }

    @Test("words of other prompts mean here what they mean there")
    func commands() {
        #expect(
            actions("\\d", "\\dt", "\\d audit.events;", "\\x", "\\h", "exit", "\\q", "QUIT;", "\\z")
                == [
                    .list, .list, .describe("audit.events"), .fold, .help, .quit, .quit, .quit,
                    .unknown("\\z"),
                ])
        #expect(actions("SELECT", "exit") == [nil, nil], "within a statement they are text")
    }
}
