import Prompts
import Testing
import Tokenizing
import Vocabularies

/// The examples of OpenAI's cookbook, whose counts its API confirms.
@Suite("The cookbook's examples")
struct CookbookTests {
    private func tokens(_ json: String, _ model: String) throws -> Int {
        let profile = try ModelProfile(model: model)
        let encoding = try #require(profile.tokenization?.encoding)
        let tokenizer = try TokenizerLibrary.shared.tokenizer(for: encoding)
        return RequestCounter(profile: profile, counter: tokenizer.counter)
            .count(try chat(json)).tokens
    }

    private let jargon = """
        {"messages":[
        {"role":"system","content":"You are a helpful, pattern-following assistant that translates \
        corporate jargon into plain English."},
        {"role":"system","name":"example_user","content":"New synergies will help drive top-line \
        growth."},
        {"role":"system","name":"example_assistant","content":"Things working well together will \
        increase revenue."},
        {"role":"system","name":"example_user","content":"Let's circle back when we have more \
        bandwidth to touch base on opportunities for increased leverage."},
        {"role":"system","name":"example_assistant","content":"Let's talk later when we're less \
        busy about how to do better."},
        {"role":"user","content":"This late pivot means we don't have time to boil the ocean for \
        the client deliverable."}]}
        """

    @Test(
        "six messages with names",
        arguments: [
            ("gpt-3.5-turbo", 129), ("gpt-4-0613", 129), ("gpt-4", 129), ("gpt-4o", 124),
            ("gpt-4o-mini", 124), ("ft:gpt-4o-mini-2024-07-18:acme::1", 124),
        ])
    func messages(model: String, expected: Int) throws {
        #expect(try tokens(jargon, model) == expected)
    }

    private let weather = """
        {"messages":[
        {"role":"system","content":"You are a helpful assistant that can answer to questions about \
        the weather."},
        {"role":"user","content":"What's the weather like in San Francisco?"}],
        "tools":[{"type":"function","function":{"name":"get_current_weather",
        "description":"Get the current weather in a given location","parameters":{"type":"object",
        "properties":{"location":{"type":"string",
        "description":"The city and state, e.g. San Francisco, CA"},
        "unit":{"type":"string","description":"The unit of temperature to return",
        "enum":["celsius","fahrenheit"]}},"required":["location"]}}}]}
        """

    @Test(
        "a tool",
        arguments: [
            ("gpt-3.5-turbo", 105), ("gpt-4", 105), ("gpt-4o", 101), ("gpt-4o-mini", 101),
        ])
    func tools(model: String, expected: Int) throws {
        #expect(try tokens(weather, model) == expected)
    }

    @Test("an old function costs what a tool costs")
    func functions() throws {
        let old = weather.replacing(
            #""tools":[{"type":"function","function":"#, with: #""functions":["#
        )
        .replacing("]}}}]}", with: "]}}]}")
        #expect(try tokens(old, "gpt-4o") == 101)
    }
}
