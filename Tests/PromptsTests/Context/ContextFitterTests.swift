import JSON
import LedgerTesting
import Prompts
import Testing
import Tokenizing

@Suite("Fitting a conversation")
struct ContextFitterTests {
    private func fitter(
        _ tokens: Int, reserve: Int = 0, _ policy: ContextPolicy = ContextPolicy(),
        counter: TokenCounter = words
    ) throws -> ContextFitter {
        try ContextFitter(
            counter: RequestCounter(profile: try ModelProfile(model: "gpt-4o"), counter: counter),
            window: ContextWindow(tokens: tokens), reserve: reserve, policy: policy)
    }

    private let conversation = """
        {"model":"gpt-4o","messages":[{"role":"system","content":"be kind"},
        {"role":"user","content":"one two three"},{"role":"assistant","content":"four five"},
        {"role":"user","content":"call it"},
        {"role":"assistant","content":null,"tool_calls":[{"id":"x","type":"function",
         "function":{"name":"f","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"x","content":"a b c d e f"},
        {"role":"assistant","content":"done"},{"role":"user","content":"and now"}],
        "temperature":0.5}
        """

    @Test("stays as it is if it already fits")
    func unchanged() throws {
        let request = try chat(conversation)
        let fitted = try fitter(200, reserve: 20).fit(request)
        #expect(fitted.dropped == [])
        #expect(fitted.request.body == request.body)
        #expect(fitted.proof.holds)
        #expect(fitted.proof.budget == 180)
    }

    @Test("loses its oldest messages first, and never the system's or the last one")
    func sliding() throws {
        let fitted = try fitter(52).fit(try chat(conversation))
        // One message was dropped, with its answer.
        #expect(fitted.dropped == [1, 2])
        #expect(fitted.kept == [0, 3, 4, 5, 6, 7])
        #expect(fitted.request.body["temperature"] == .number("0.5"))
        #expect(fitted.request.body["messages"]?.items?.count == 6)
        #expect(fitted.proof.count.tokens <= 52)
        #expect(fitted.proof.tokensBefore > 52)
    }

    @Test("never separates a tool call from its result")
    func exchanges() throws {
        for window in 15...60 {
            guard let fitted = try? fitter(window).fit(try chat(conversation)) else { continue }
            #expect(fitted.kept.contains(4) == fitted.kept.contains(5))
        }
    }

    @Test("keeps pinned messages and loses the least important first")
    func priorities() throws {
        var policy = ContextPolicy()
        policy.order = .lowestPriorityFirst
        policy.pinned = [1]
        policy.priorities = [2: 3, 5: 5, 3: 1, 6: 1]
        let fitted = try fitter(50, policy).fit(try chat(conversation))
        #expect(fitted.dropped == [3, 6])
        #expect(fitted.kept == [0, 1, 2, 4, 5, 7])
    }

    @Test("says what cannot fit, and cuts it only if allowed")
    func cuts() throws {
        let long = String(repeating: "word ", count: 100)
        let json = #"[{"role":"user","content":"\#(long)"}]"#
        #expect(throws: ContextRefusal.tooLarge(needed: 107, budget: 50, messages: 1)) {
            try fitter(50).fit(try chat(json))
        }
        var policy = ContextPolicy()
        policy.cutsTexts = true
        let fitted = try fitter(50, policy).fit(try chat(json))
        #expect(fitted.proof.count.tokens == 50)
        #expect(fitted.cuts.map(\.tokensBefore) == [104])
        #expect(fitted.cuts.map(\.tokensAfter) == [47])
        let text = try #require(fitted.request.body.items?.first?["content"]?.string)
        #expect(text.hasSuffix(" […]"))
    }

    @Test("has several texts cut where one is not enough")
    func severalCuts() throws {
        let long = String(repeating: "word ", count: 100)
        let message = #"{"role":"user","content":"\#(long)"}"#
        var policy = ContextPolicy()
        policy.cutsTexts = true
        policy.keepLast = 3
        let fitted = try fitter(80, policy).fit(try chat("[\(message),\(message),\(message)]"))
        #expect(fitted.cuts.count == 3)
        #expect(fitted.proof.count.tokens == 80)
    }

    @Test("has a summary in place of the dropped messages, which fits too")
    func summaries() throws {
        var policy = ContextPolicy()
        policy.summaryTokensMax = 8
        let fitter = try fitter(50, policy)
        let fitted = try fitter.fit(try chat(conversation)) { dropped in
            "dropped \(dropped.count) messages"
        }
        let summary = try #require(fitted.summary)
        #expect(summary == "dropped \(fitted.dropped.count) messages")
        #expect(fitted.request.messages[1].parts == [.text(summary)])
        #expect(fitted.proof.holds)
        let talkative = try fitter.fit(try chat(conversation)) { _ in
            String(repeating: "so much to say ", count: 50)
        }
        #expect(talkative.proof.holds)
        #expect(talkative.summary?.hasSuffix(" […]") == true)
    }

    @Test("is checked against the window with the upper end of an estimate's band")
    func bands() throws {
        let text = String(repeating: "w ", count: 100)
        let json = #"[{"role":"user","content":"\#(text)"},{"role":"user","content":"x"}]"#
        let estimate = TokenCounter(
            name: "words", exactness: .estimated(band: 0.5), counting: words.count)
        let fitted = try fitter(130, counter: estimate).fit(try chat(json))
        #expect(fitted.dropped == [0])
    }

    @Test("needs a window, a possible reserve and existing messages")
    func refusals() throws {
        #expect(throws: ContextRefusal.noRoom(window: 10, reserve: 10)) {
            try fitter(10, reserve: 10)
        }
        let profile = try ModelProfile(model: "gpt-4o")
        #expect(throws: ContextRefusal.answerTooLong(reserve: 20_000, most: 16_384)) {
            _ = try ContextFitter(
                counter: RequestCounter(profile: profile, counter: words),
                window: try #require(ContextWindow(model: "gpt-4o")), reserve: 20_000,
                policy: ContextPolicy())
        }
        var policy = ContextPolicy()
        policy.pinned = [9]
        #expect(throws: ContextRefusal.noSuchMessage(9, count: 8)) {
            try fitter(50, policy).fit(try chat(conversation))
        }
    }

    @Test("of any conversation fits, keeps its order, its exchanges and its characters")
    func property() throws {
        let seed = testSeed()
        var random = SeededGenerator(seed: seed)
        for round in 0..<400 {
            let request = RandomChat.request(using: &random)
            var policy = ContextPolicy()
            policy.order = Bool.random(using: &random) ? .oldestFirst : .lowestPriorityFirst
            policy.cutsTexts = Bool.random(using: &random)
            policy.keepLast = Int.random(in: 0...3, using: &random)
            let last = request.messages.count - 1
            policy.pinned = [Int.random(in: 0...last, using: &random)]
            policy.priorities = [Int.random(in: 0...last, using: &random): 2]
            let window = Int.random(in: 20...600, using: &random)
            let fitter = try fitter(window, reserve: window / 10, policy, counter: quarters)
            let summarises = Bool.random(using: &random)
            let note = RandomChat.text(upTo: 200, using: &random)
            let summarise: Summarising? = summarises ? { _ in note } : nil
            let result = Result { () throws(ContextRefusal) in
                try fitter.fit(request, summarise: summarise)
            }
            guard case .success(let fitted) = result else { continue }
            check(fitted, of: request, policy, "round \(round)")
        }
    }

    private func check(
        _ fitted: FittedContext, of request: ChatRequest, _ policy: ContextPolicy,
        _ comment: Comment
    ) {
        #expect(fitted.proof.holds, comment)
        #expect(fitted.kept == fitted.kept.sorted(), comment)
        #expect(
            Set(fitted.kept).union(fitted.dropped) == Set(request.messages.indices), comment)
        #expect(fitted.kept.count + fitted.dropped.count == request.messages.count, comment)
        #expect(policy.pinned.isSubset(of: fitted.kept), comment)
        for (index, message) in request.messages.enumerated() where message.role == .system {
            #expect(fitted.kept.contains(index), comment)
        }
        // The body agrees with the messages, and can be read again.
        let again = try? ChatRequest(fitted.request.body)
        #expect(again?.messages.map(\.parts) == fitted.request.messages.map(\.parts), comment)
        let calls = fitted.request.messages.flatMap { ids($0, calls: true) }
        let results = fitted.request.messages.flatMap { ids($0, calls: false) }
        #expect(Set(calls) == Set(results), comment)
        // A text that was cut is a beginning of the original one, in whole characters.
        for cut in fitted.cuts {
            let before = texts(request.messages[cut.message])
            guard let place = fitted.kept.firstIndex(of: cut.message) else { continue }
            let shift = fitted.summary == nil || cut.message < (fitted.dropped.first ?? 0) ? 0 : 1
            let after = texts(fitted.request.messages[place + shift])
            for (old, new) in zip(before, after) where old != new {
                let characters = Array(new.dropLast(4))
                #expect(new.hasSuffix(" […]"), comment)
                #expect(Array(old.prefix(characters.count)) == characters, comment)
            }
        }
    }

    private func ids(_ message: ChatMessage, calls: Bool) -> [String] {
        message.parts.compactMap { part in
            switch part {
            case .toolCall(let call): calls ? call.id : nil
            case .toolResult(let result): calls ? nil : result.id
            default: nil
            }
        }
    }

    private func texts(_ message: ChatMessage) -> [String] {
        message.parts.flatMap { part -> [String] in
            switch part {
            case .text(let text): [text]
            case .toolResult(let result):
                result.parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
            default: []
            }
        }
    }
}

@Suite("A context window")
struct ContextWindowTests {
    @Test("is known for models with and without date, and by their other names")
    func known() {
        #expect(ContextWindow(model: "gpt-4o")?.tokens == 128_000)
        #expect(ContextWindow(model: "azure/gpt-4o-2099-01-01")?.output == 16_384)
        #expect(ContextWindow(model: "anthropic/claude-sonnet-4-5-20250929")?.tokens == 200_000)
        #expect(ContextWindow(model: "gemini-2.5-pro")?.isShared == false)
        #expect(ContextWindow(model: "gpt-5")?.budget(reserve: 100_000) == 272_000)
        #expect(ContextWindow(model: "gpt-4")?.budget(reserve: 1_000) == 7_192)
        #expect(ContextWindow(model: "nobody-knows-it") == nil)
    }
}
