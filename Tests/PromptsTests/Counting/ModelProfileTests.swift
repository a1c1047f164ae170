import Estimating
import Prompts
import Testing
import Tokenizing

@Suite("A model's profile")
struct ModelProfileTests {
    @Test(
        "finds the encoding behind dates, prefixes, regions and fine-tuning",
        arguments: [
            ("gpt-4o", TokenEncoding.o200k), ("gpt-4o-2024-08-06", .o200k),
            ("openai/gpt-4o-mini", .o200k), ("azure/eu/gpt-4o-2024-11-20", .o200k),
            ("azure/gpt-35-turbo-0125", .cl100k), ("ft:gpt-4o-2024-08-06:acme::9abc", .o200k),
            ("ft:gpt-4-0613:acme:x:1", .cl100k), ("ft:gpt-3.5-turbo-0613:a::b", .cl100k),
            ("gpt-4", .cl100k), ("gpt-4-turbo-2024-04-09", .cl100k), ("gpt-4-32k", .cl100k),
            ("gpt-4.1-nano", .o200k), ("gpt-4.5-preview", .o200k), ("chatgpt-4o-latest", .o200k),
            ("gpt-5", .o200k), ("gpt-5.1-codex-max", .o200k), ("openrouter/openai/gpt-5", .o200k),
            ("o1", .o200k), ("o3-mini-2025-01-31", .o200k), ("o4-mini-deep-research", .o200k),
            ("gpt-oss-120b", .o200kHarmony), ("groq/openai/gpt-oss-20b", .o200kHarmony),
            ("text-embedding-3-large", .cl100k), ("text-embedding-ada-002", .cl100k),
            ("davinci-002", .cl100k), ("davinci", .r50k), ("text-davinci-003", .p50k),
            ("gpt2", .r50k), ("code-cushman-001", .p50k), ("GPT-4O", .o200k),
            ("deepseek/deepseek-chat", .deepSeekV3), ("deepseek-r1", .deepSeekV3),
            ("qwen3-235b-a22b", .qwen3), ("ollama/qwen2.5:7b", .qwen25),
            ("Qwen/Qwen2-7B-Instruct", .qwen2), ("qwen/qwq-32b", .qwen3),
            ("qwen/qwq-32b-preview", .qwen25), ("qwen2.5-coder-32b-instruct", .qwen25),
            ("mistral/mistral-small-latest", .tekken), ("devstral-small-2505", .tekken),
        ])
    func exact(model: String, encoding: TokenEncoding) throws {
        #expect(try ModelProfile(model: model).tokenization == .exact(encoding))
    }

    @Test(
        "says that Claude and Gemini are estimated, and from which tokenizer",
        arguments: [
            ("claude-3-5-sonnet-20241022", EstimateRule.claude3),
            ("anthropic/claude-opus-4-6", .claude3), ("claude-opus-4-7", .claude47),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", .claude3),
            ("anthropic.claude-3-haiku-20240307-v1:0", .claude3),
            ("vertex_ai/claude-3-7-sonnet@20250219", .claude3), ("claude-sonnet-5", .claude47),
            ("claude-haiku-4.5", .claude3), ("gemini/gemini-2.5-pro", .gemini),
            ("models/gemini-3-flash-preview", .gemini),
        ])
    func estimated(model: String, rule: EstimateRule) throws {
        #expect(try ModelProfile(model: model).tokenization == .estimated(rule))
    }

    @Test(
        "refuses what it does not know and says what to do",
        arguments: [
            ("grok-4", "name an encoding"), ("gpt-4o2", "name an encoding"),
            ("gpt-50", "name an encoding"), ("gpt-6", "name an encoding"), ("", "name a model"),
            ("claude-2.1", "name an encoding"), ("llama-3.3-70b", "tokenizer.json"),
            ("mixtral-8x7b", "tokenizer.json"), ("gemma-3-27b-it", "tokenizer.json"),
        ])
    func unknown(model: String, advice: String) {
        do throws(UnknownModel) {
            _ = try ModelProfile(model: model)
            Issue.record("\(model) is known")
        } catch {
            #expect("\(error)".contains(advice))
        }
    }

    @Test("of ten thousand adversarial names 21 are known, and case does not matter")
    func hostile() {
        let pieces = [
            "/", ":", "ft:", ".", "-", "us.", "anthropic.", "claude", "4", "é", "@", "gpt",
        ]
        var state: UInt64 = 7
        var known = 0
        for _ in 0..<10_000 {
            var name = ""
            for _ in 0..<6 {
                state = state &* 6_364_136_223_846_793_005 &+ 1
                name += pieces[Int(state >> 33) % pieces.count]
            }
            let profile = try? ModelProfile(model: name)
            let loud = try? ModelProfile(model: name.uppercased())
            #expect(profile?.family == loud?.family, "\(name)")
            #expect(profile?.tokenization == loud?.tokenization, "\(name)")
            let window = ContextWindow(model: name)
            #expect(window == ContextWindow(model: name.uppercased()), "\(name)")
            #expect(window.map { $0.tokens > 0 } ?? true, "\(name)")
            if profile != nil { known += 1 }
        }
        #expect(known == 21, "\(known)")
    }
}

@Suite("An estimate")
struct EstimateTests {
    private let base = TokenCounter(name: "base", exactness: .exact) { $0.utf8.count / 4 }

    @Test("lies above o200k for Claude, by the kind of text")
    func ratios() {
        let claude = TokenCounter.estimate(.claude3, from: base)
        let prose = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 40)
        let hindi = String(repeating: "कृत्रिम बुद्धिमत्ता ", count: 40)
        func ratio(_ text: String) -> Double {
            Double(claude.count(text)) / Double(base.count(text))
        }
        #expect((1.1...1.25).contains(ratio(prose)))
        #expect((3...4).contains(ratio(hindi)))
        #expect(claude.count("") == 0)
        #expect(claude.exactness == .estimated(band: 0.2))
    }

    @Test("uses the calibration from bills in place of its own ratio and band")
    func calibrated() {
        let plain = TokenCounter.estimate(.gemini, from: base)
        let calibrated = TokenCounter.estimate(
            .gemini, from: base,
            calibration: EstimateCalibration(
                ratio: 1.5, band: 0.03, basis: .family, observations: 100))
        let text = String(repeating: "some words of a prompt ", count: 100)
        #expect(calibrated.exactness == .estimated(band: 0.03))
        let ratio = Double(calibrated.count(text)) / Double(plain.count(text))
        #expect(abs(ratio - 1.5) < 0.01)
    }
}
