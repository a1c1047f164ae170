import LedgerTesting
import Similarity
import Testing

@Suite("Guards of similar questions")
struct GuardTests {
    private func differences(_ a: String, _ b: String) -> [Difference] {
        let (left, right) = (TextProfile(a), TextProfile(b))
        let found = left.compared(with: right).differences
        // Which text came first makes no difference, and neither does stopping early.
        #expect(Set(found) == Set(right.compared(with: left).differences), "\(a) | \(b)")
        #expect(
            left.compared(with: right, isQuick: true).isAcceptable == found.isEmpty, "\(a) | \(b)")
        return found
    }

    @Test(
        "questions that ask the same pass",
        arguments: [
            ("How do I reset my password?", "how can i reset my password"),
            ("What's the capital of France?", "What is the capital of France"),
            ("Convert 5 kg to pounds", "convert five kg to pounds"),
            (
                "Can you please tell me how to install python on Windows",
                "How do I install Python on Windows?"
            ),
            ("Best laptop under $1,000", "best laptops under $1000"),
            ("Where can I buy a bike?", "where can i purchase a bicycle"),
            ("I don't see any errors", "I do not see any errors."),
        ])
    func same(_ a: String, _ b: String) {
        #expect(differences(a, b) == [])
    }

    @Test(
        "a difference is found and named",
        arguments: [
            ("flights from Paris to Rome", "flights to Paris from Rome", Difference.direction),
            ("Did Apple sue Samsung?", "Did Samsung sue Apple?", .order),
            ("Please help me draw", "help please me draw", .order),
            ("The cat was killed by the dog", "the cat killed the dog", .direction),
            ("Is it safe to eat raw eggs?", "Is it not safe to eat raw eggs?", .negation),
            ("capital of france", "capital of spain", .subject),
            ("Name three uses of a brick", "Name 4 uses of a brick", .numbers),
            ("it weighs 5 kg", "it weighs 5 lb", .numbers),
            ("What is the population of Paris?", "What is the population of Rome?", .names),
            ("How do I sort in C++?", "How do I sort in C#?", .literals),
            ("What does `a[i]` do?", "What does `a[j]` do?", .literals),
            ("Say \"hello there\"", "Say \"hello you\"", .literals),
            ("What is x + y?", "What is x - y?", .literals),
            ("Who is the president?", "Who was the president?", .time),
            ("Why is the sky blue?", "Is the sky blue?", .question),
            ("When was Rome founded?", "Where was Rome founded?", .question),
            ("How do I enable the lock?", "How do I disable the lock?", .direction),
            ("Which car is the fastest?", "Which car is the slowest?", .comparison),
            ("Do all birds fly?", "Do some birds fly?", .quantity),
            ("How old are you", "how old am i", .person),
            ("He gave her the book", "She gave him the book", .person),
            (
                "Wie alt ist der Baum und wer ist das", "Wie alt ist der Hund und wer ist das",
                .language
            ),
            ("как вас зовут", "как его зовут", .language),
        ])
    func differs(_ a: String, _ b: String, _ expected: Difference) {
        #expect(differences(a, b).contains(expected), "\(differences(a, b))")
    }

    @Test("texts of the same words in another order never pass")
    func order() {
        var random = SeededGenerator(seed: testSeed())
        let words = """
            the a of in to from cat dog river house paints sees red old not who why Alice Bob 5 seven \
            before with and is does
            """.split(separator: " ").map(String.init)
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 2...12, using: &random)).map { _ in
                words[Int.random(in: 0..<words.count, using: &random)]
            }
            let other = text.shuffled(using: &random)
            guard text != other else { continue }
            let (a, b) = (text.joined(separator: " "), other.joined(separator: " "))
            #expect(!differences(a, b).isEmpty, "\(a) | \(b)")
        }
    }

    @Test("any text is read to its end")
    func endless() {
        var random = SeededGenerator(seed: testSeed())
        let parts = [
            "`", "\"", "“", "«", "'", " ", "a", "5", ".", "\n", "é", "漢", "-", "/", "_", "(", "one",
        ]
        for _ in 0..<5_000 {
            let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                parts[Int.random(in: 0..<parts.count, using: &random)]
            }.joined()
            #expect(differences(text, text) == [], "\(text.debugDescription)")
        }
    }

    @Test("another number, name or negation in hundreds of made questions is always found")
    func generated() {
        var random = SeededGenerator(seed: testSeed())
        let names = ["Paris", "Rome", "Oslo", "Boston", "Madrid", "Dublin"]
        let things = ["bridge", "museum", "garden", "station", "market", "tower"]
        let frames: [(String, String, Int) -> String] = [
            { "How many people visited the \($1) of \($0) in \($2)?" },
            { "is the \($1) in \($0) taller than \($2) meters" },
            { "Tell me \($2) facts on the \($1) of \($0)." },
            { "why did \($0) close the \($1) \($2) times" },
        ]
        for _ in 0..<500 {
            let frame = frames[Int.random(in: 0..<frames.count, using: &random)]
            let picked = names.shuffled(using: &random).prefix(2)
            let sites = things.shuffled(using: &random).prefix(2)
            let number = Int.random(in: 2...2_000, using: &random)
            let text = frame(picked[0], sites[0], number)
            #expect(differences(text, "Please " + text.lowercased()) == [], "\(text)")
            #expect(!differences(text, frame(picked[1], sites[0], number)).isEmpty, "\(text)")
            #expect(!differences(text, frame(picked[0], sites[1], number)).isEmpty, "\(text)")
            let other = number + Int.random(in: 1...9, using: &random)
            #expect(differences(text, frame(picked[0], sites[0], other)).contains(.numbers))
            #expect(!differences(text, text.replacing("the", with: "not the")).isEmpty, "\(text)")
        }
    }
}
