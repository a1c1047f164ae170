import ArgumentParser
import Estimates
import Foundation
import Prompts
import Rendering
import Tokenizing

struct TokenCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens",
        abstract: "Counts, encodes, cuts, fits and shortens prompts; needs no database.",
        discussion: """
            Counts come from the model's own tokenizer where it is public. Claude's and Gemini's \
            are not: their counts are labelled estimated, with the band within which they are \
            right. docs/tokens.md describes what each provider adds to a chat.
            """,
        subcommands: [
            Count.self, Encode.self, Decode.self, Truncate.self, OptimizePrompt.self,
            ExplainTokens.self, FitContext.self,
        ])

    struct Count: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Counts the tokens of texts or chats.")

        @OptionGroup var tokenizer: TokenizerOptions
        @OptionGroup var input: TokenInputOptions
        @Flag(help: "The input is the JSON body of a chat request, of any provider.")
        var chat = false
        @OptionGroup var output: OutputOptions

        func execute() throws {
            if output.json {
                for name in input.names { print(try json(name)) }
                return
            }
            guard input.names.count > 1 else {
                for name in input.names { print(try line(name)) }
                return
            }
            var table = Table(["tokens", "how", "file"])
            var total = 0
            for name in input.names {
                let (tokens, exactness) = try count(name)
                table.add([
                    tokens.cell, Cell(exactnessLabel(exactness)), Cell(input.title(name)),
                ])
                total += tokens
            }
            table.total = [total.cell, .empty, Cell("total")]
            print(table.text(output.style), terminator: "")
        }

        /// The line for a count: a plain number if it is exact, so that a script can use it.
        private func line(_ name: String) throws -> String {
            let (tokens, exactness) = try count(name)
            return exactness == .exact ? "\(tokens)" : "\(tokens) \(exactnessLabel(exactness))"
        }

        private func count(_ name: String) throws -> (Int, TokenCounter.Exactness) {
            guard chat else {
                let counter = try tokenizer.tools().counter
                return (counter.count(try input.text(name)), counter.exactness)
            }
            let count = try tokenizer.count(name, input).count
            for text in count.uncounted { printError("not counted: \(text)") }
            return (count.tokens, count.exactness)
        }

        private func json(_ name: String) throws -> String {
            if chat { return try tokenizer.count(name, input).json }
            return TextCount(of: try input.text(name), try tokenizer.tools()).json
        }
    }

    struct Encode: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the ids of a text's tokens.")

        @OptionGroup var tokenizer: TokenizerOptions
        @OptionGroup var input: TokenInputOptions
        @OptionGroup var output: OutputOptions

        func execute() throws {
            let tools = try tokenizer.tools()
            for name in input.names {
                let ids = try tools.exactTokenizer().encode(try input.text(name))
                output.show(EncodedText(ids, tools))
            }
        }
    }

    struct Decode: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the text of token ids; brackets and commas are allowed.")

        @OptionGroup var tokenizer: TokenizerOptions
        @OptionGroup var input: TokenInputOptions
        @OptionGroup var output: OutputOptions

        func execute() throws {
            let tools = try tokenizer.tools()
            for name in input.names {
                let bytes = try tools.exactTokenizer().decode(try ids(try input.text(name)))
                if output.json {
                    print(DecodedText(bytes, tools).json)
                } else {
                    // Written as it is, without a line feed, so that the text is the same byte for
                    // byte.
                    FileHandle.standardOutput.write(Data(bytes))
                }
            }
        }

        private func ids(_ text: String) throws -> [TokenID] {
            let separators: Set<Character> = [" ", "\n", "\t", "\r\n", "\r", ",", "[", "]"]
            return try text.split(whereSeparator: { separators.contains($0) }).map { word in
                guard let id = TokenID(word) else {
                    throw InputRefused("\(word.prefix(40)) is not a token id: use a whole number")
                }
                return id
            }
        }
    }

    struct Truncate: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the beginning of a text, up to a number of tokens.",
            discussion: "Never cuts a character, its accents or joiners apart.")

        @OptionGroup var tokenizer: TokenizerOptions
        @OptionGroup var input: TokenInputOptions
        @Option(help: "The maximum number of tokens.") var to: Int
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard to >= 0 else { throw ValidationError("--to must be 0 or more") }
        }

        func execute() throws {
            let tools = try tokenizer.tools()
            for name in input.names {
                let cut = TruncatedText(try input.text(name), to: to, tools)
                print(output.json ? cut.json + "\n" : cut.text, terminator: "")
            }
        }
    }
}

// MARK: - Explaining

struct ExplainTokens: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Lists a text's tokens, or shows where a chat's tokens come from.")

    @OptionGroup var tokenizer: TokenizerOptions
    @OptionGroup var input: TokenInputOptions
    @Flag(help: "The input is the JSON body of a chat request, of any provider.") var chat = false
    @OptionGroup var output: OutputOptions

    func execute() throws {
        for name in input.names {
            if chat {
                output.show(try tokenizer.count(name, input, lines: true))
            } else {
                output.show(try TokenPieces(of: try input.text(name), try tokenizer.tools()))
            }
        }
    }
}

extension TokenizerOptions {
    /// The count of a chat.
    fileprivate func count(
        _ name: String, _ input: TokenInputOptions, lines: Bool = false
    ) throws -> ChatCount {
        let request = try ChatRequest(try input.tree(name))
        return ChatCount(of: request, try tools(for: request), lines: lines)
    }
}
