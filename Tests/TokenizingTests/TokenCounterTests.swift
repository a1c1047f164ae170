import Testing
import Tokenizing

@Suite("A token counter")
struct TokenCounterTests {
    @Test("counts by the closure it was made with and says how exact that is")
    func counts() {
        let words = TokenCounter(name: "words", exactness: .estimated(band: 0.1)) { text in
            text.split(separator: " ").count
        }
        #expect(words.count("one two three") == 3)
        #expect(words.exactness == .estimated(band: 0.1))
    }
}
