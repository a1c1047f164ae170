import JSON
import LedgerModel
import Pricing
import Testing
import UsageExtraction

@Suite("Extractors in price files")
struct ExtractorFileTests {
    private static let ours = """
        tally_prices: 1
        name: with extractors
        providers:
          acme:
            extractors:
              chat:
                root: usage
                counts:
                - {input_tokens: prompt, required: true}
                - {cache_read_input_tokens: [details, cached]}
              live:
                root: [response, usage]
                model: [response, model]
                counts:
                - {input_audio_tokens: [parts, {modality: AUDIO}, count]}
                - {all_cache_write_tokens: writes}
                - {input_text_tokens: [parts, {modality: {or: [text, {starts_with: te}]}}, count]}
            models:
              m: {input_mtok: 1}

        """

    @Test("our form is read, and its canonical text is the same book again")
    func roundTrip() throws {
        let book = try PriceFile.read(Self.ours)
        #expect(book.providers[0].extractors.map(\.flavor) == ["chat", "live"])
        #expect(
            book.canonicalText.contains(
                "        - {input_audio_tokens: [parts, {modality: audio}, count]}\n"))
        #expect(try PriceFile.read(book.canonicalText).canonicalText == book.canonicalText)
        let live = try #require(book.extractors.extractor(of: "acme", flavor: "live"))
        let answer = try JSONTree(
            parsing: """
                {"response":{"model":"m","usage":{"writes":3,"parts":[
                {"modality":"TEXT","count":5},{"modality":"Audio","count":7}]}}}
                """.utf8)
        let reported = try live.read(answer)
        #expect(reported.model == "m")
        #expect(
            reported.counts == [
                .unit(.inputAudioTokens): 7, .allCacheWrites: 3, .unkept("input_text_tokens"): 5,
            ])
    }

    @Test("a book without extractors has the text that it has always had")
    func withoutExtractors() throws {
        let book = try acme("m: {input_mtok: 1}")
        #expect(!book.canonicalText.contains("extractors"))
        #expect(!PriceBook.default.canonicalText.contains("extractors"))
        #expect(
            book.extractors.flavors(of: "openai") == ExtractorCatalog.builtIn.flavors(of: "openai"))
    }

    @Test("genai-prices' extractors come with its book; the built-in ones complete them")
    func genAI() throws {
        let reading = try PriceFile.reading(
            """
            [{"id": "openai", "name": "OpenAI", "api_pattern": "x",
              "extractors": [{"api_flavor": "chat", "root": "usage", "model_path": "model",
               "mappings": [{"path": "prompt_tokens", "dest": "input_tokens", "required": true},
                {"path": "completion_tokens", "dest": "output_tokens", "required": true},
                {"path": ["a", {"type": "array-match", "field": "f", "match": {"equals": "B"}}, "n"],
                 "dest": "input_audio_tokens", "required": false},
                {"path": "x", "dest": "moon_tokens", "required": false}]}],
              "models": [{"id": "m", "match": {"equals": "m"}, "prices": {"input_mtok": 1}}]}]
            """)
        #expect(reading.omissions.map(\.what) == ["the count of moon_tokens, an unknown unit"])
        let own = try #require(reading.book.providers[0].extractors.first)
        #expect(own.sources.map(\.isRequired) == [true, true, false])
        let chat = try #require(reading.book.extractors.extractor(of: "openai", flavor: "chat"))
        #expect(chat.sources.contains { $0.measure == .unit(.reasoningOutputTokens) })
        #expect(reading.book.extractors.flavors(of: "openai").contains("responses"))
        let again = try PriceFile.read(reading.book.canonicalText)
        #expect(again.providers[0].extractors == [own])
    }

    @Test(
        "an error in an extractor is named with its line",
        arguments: [
            ("chat: {counts: [{input_tokens: a}]}", "needs a root"),
            ("chat: {root: usage}", "must read between 1 and 256 counts"),
            ("chat: {root: usage, counts: [{moon_tokens: a}]}", "\"moon_tokens\" is not a unit"),
            (
                "chat: {root: usage, counts: [{input_tokens: a, output_tokens: b}]}",
                "one unit per line"
            ),
            ("chat: {root: usage, counts: [{required: true}]}", "needs a unit and a path"),
            ("chat: {root: usage, counts: [{input_tokens: a, required: 1}]}", "true or false"),
            ("chat: {root: usage, counts: [{input_tokens: [{a: b}]}]}", "must end in a key"),
            ("chat: {root: [], counts: [{input_tokens: a}]}", "1 to 16 steps"),
            (
                "chat: {root: usage, speed: 3, counts: [{input_tokens: a}]}",
                "\"speed\" is not known"
            ),
            ("chat: {root: usage, counts: [{input_tokens: [a, {b: c, d: e}, f]}]}", "exactly one"),
        ])
    func refused(extractor: String, words: String) throws {
        let error = try #require(throws: PriceFileError.self) {
            try acme("m: {input_mtok: 1}", provider: "extractors: {\(extractor)}")
        }
        #expect(error.description.hasPrefix("line 5, column "), "\(error)")
        #expect(error.description.contains(words), "\(error)")
    }
}
