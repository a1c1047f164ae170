internal import BuiltIn
import LedgerModel

/// How many tokens a model can read and write.
package struct ContextWindow: Hashable, Sendable {
    /// The most input tokens; with a shared window, input and output together.
    package let tokens: Int
    /// The most output tokens; nil if unknown.
    package let output: Int?
    /// Whether input and output share the window, as with most providers.
    package let isShared: Bool

    package init(tokens: Int, output: Int? = nil, isShared: Bool = true) {
        precondition(tokens > 0)
        self.tokens = tokens
        self.output = output
        self.isShared = isShared
    }

    /// The window of a model, looked up by its full name, or else by its name without the date.
    package init?(model: String) {
        let name = ModelName(model)
        var base = name.base[...]
        var found = Self.known[Name(name.base)]
        while found == nil, let shorter = Self.withoutLastMark(base) {
            base = shorter
            found = Self.known[Name(String(base))]
        }
        guard let found else { return nil }
        self.init(
            tokens: found.input, output: found.output == 0 ? nil : found.output,
            isShared: Self.isShared(name, found))
    }

    /// The tokens left for input when `reserve` is kept for the answer.
    package func budget(reserve: Int) -> Int { isShared ? tokens - reserve : tokens }

    private struct Limits {
        let input: Int
        let output: Int
    }

    private static let known: [Name: Limits] = {
        let text = String(cString: built_in_context_windows())
        var known: [Name: Limits] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            guard words.count == 3, let input = Int(words[1]), let output = Int(words[2]) else {
                preconditionFailure("a line of the table of context windows is broken")
            }
            known[Name(String(words[0]))] = Limits(input: input, output: output)
        }
        return known
    }()

    /// The nearest model that can be counted, to a name that is not known; nil if none is near.
    static func nearest(to model: String) -> String? {
        let names = known.keys.map(\.string).filter { (try? ModelProfile(model: $0)) != nil }
        return Likeness.nearest(to: model, among: names.sorted())
    }

    /// The name without a date or the word `latest` at its end; nil if it ends with neither.
    private static func withoutLastMark(_ name: Substring) -> Substring? {
        guard let dash = name.lastIndex(of: "-") else { return nil }
        let word = name[name.index(after: dash)...]
        let isDate = word.utf8.allSatisfy { (48...57).contains($0) } && word.utf8.count >= 2
        return isDate || word == "latest" ? name[..<dash] : nil
    }

    /// Gemini counts input and output separately, and so does GPT-5 with its first window of
    /// 400,000.
    private static func isShared(_ name: ModelName, _ limits: Limits) -> Bool {
        if name.begins(with: "gemini") { return false }
        return !(name.base.hasPrefix("gpt-5") && limits.input == 272_000)
    }
}
