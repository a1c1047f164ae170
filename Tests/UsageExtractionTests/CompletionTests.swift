import LedgerModel
import Testing
import UsageExtraction

@Suite("Completing a catalog")
struct CompletionTests {
    private static func extractor(
        _ flavor: String, root: String = "usage", _ sources: [(Measure, String)]
    ) -> UsageExtractor {
        UsageExtractor(
            flavor: flavor, root: AnswerPath(root),
            sources: sources.map {
                UsageExtractor.Source($0.0, AnswerPath($0.1), isRequired: true)
            })
    }

    private let answer = #"{"usage": {"in": 9, "read": 4, "think": 2, "out": 3}}"#

    @Test("what a provider's extractors never read is read as in the other catalog")
    func completes() throws {
        let own = ExtractorCatalog([
            "p": [Self.extractor("chat", [(.unit(.inputTokens), "in")])]
        ])
        let other = ExtractorCatalog([
            "p": [
                Self.extractor(
                    "chat", [(.unit(.inputTokens), "read"), (.unit(.outputTokens), "out")]),
                Self.extractor("new", [(.unit(.inputTokens), "in")]),
            ],
            "q": [Self.extractor("chat", [(.unit(.inputTokens), "in")])],
        ])
        let both = own.completed(by: other)
        let chat = try #require(both.extractor(of: "p", flavor: "chat"))
        #expect(
            try chat.read(tree(answer)).counts == [.unit(.inputTokens): 9, .unit(.outputTokens): 3])
        // An added source is optional, even if it is required in the other catalog.
        #expect(try chat.read(tree(#"{"usage": {"in": 9}}"#)).counts == [.unit(.inputTokens): 9])
        #expect(both.flavors(of: "p") == ["chat", "new"])
        #expect(both.extractor(of: "q", flavor: "chat") != nil)
    }

    @Test("a place that is added feeds all that it feeds in the other catalog, and nothing twice")
    func addsWithContainers() throws {
        let own = ExtractorCatalog([
            "p": [
                Self.extractor("a", [(.unit(.outputTokens), "out")]),
                Self.extractor(
                    "b", [(.unit(.outputTokens), "out"), (.unit(.outputTokens), "think")]),
            ]
        ])
        let more: [(Measure, String)] = [
            (.unit(.outputTokens), "out"), (.unit(.outputTokens), "think"),
            (.unit(.reasoningOutputTokens), "think"),
        ]
        let other = ExtractorCatalog([
            "p": [Self.extractor("a", more), Self.extractor("b", more)]
        ])
        for flavor in ["a", "b"] {
            let extractor = own.completed(by: other).extractor(of: "p", flavor: flavor)
            let counts = try #require(extractor).read(tree(answer)).counts
            #expect(counts == [.unit(.outputTokens): 5, .unit(.reasoningOutputTokens): 2])
        }
    }

    @Test("a measure that only one flavor reads is left as it is, and so is another root")
    func leaves() throws {
        let own = ExtractorCatalog([
            "p": [
                Self.extractor("chat", [(.unit(.inputTokens), "in")]),
                Self.extractor(
                    "batch", root: "bill",
                    [(.unit(.inputTokens), "in"), (.unit(.cacheReadInputTokens), "read")]),
            ]
        ])
        let more = [(Measure.unit(.cacheReadInputTokens), "read"), (.unit(.outputTokens), "out")]
        let other = ExtractorCatalog([
            "p": [Self.extractor("chat", more), Self.extractor("batch", more)]
        ])
        let both = own.completed(by: other)
        let chat = try #require(both.extractor(of: "p", flavor: "chat"))
        #expect(
            try chat.read(tree(answer)).counts == [.unit(.inputTokens): 9, .unit(.outputTokens): 3])
        let batch = both.extractor(of: "p", flavor: "batch")
        #expect(batch == own.extractor(of: "p", flavor: "batch"))
    }
}
