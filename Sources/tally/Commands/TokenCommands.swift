import ArgumentParser
import Estimates
import Foundation
import JSON
import Prompts
import Server
import Tokenizing

struct TokenCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens",
        abstract: "Counts, encodes, cuts and fits what models are sent; needs no database.",
        discussion: """
            Counts are those of the model's own tokenizer where it is public. Claude and Gemini keep \
            theirs to themselves: their counts are labelled estimated, with the band within which \
            they are right. docs/tokens.md says what each provider adds to a chat.
            """,
        subcommands: [
            Count.self, Encode.self, Decode.self, Truncate.self, OptimizePrompt.self,
            ExplainTokens.self, FitContext.self,
        ])

    struct Count: TokenCommand {
        static let configuration = CommandConfiguration(
            abstract: "Counts the tokens of texts or chats.")

        @OptionGroup var tokenizer: TokenizerOptions
        @OptionGroup var input: TokenInputOptions
        @Flag(help: "The input is the JSON body of a chat request, of any provider.")
        var chat = false
        @Flag(help: "Print the result as JSON.") var json = false

        func answer() throws {
            guard input.names.count > 1, !json else {
                for name in input.names { print(try line(name)) }
                return
            }
            var table = TextTable(["tokens", "how", "file"])
            var total = 0
            for name in input.names {
                let (tokens, exactness) = try count(name)
                table.add([grouped(tokens), exactnessLabel(exactness), input.title(name)])
                total += tokens
            }
            table.add([grouped(total), nil, "total"])
            print(table.text, terminator: "")
        }

        /// A plain number where it is exact, so that a script can use it.
        private func line(_ name: String) throws -> String {
            if json { return try Self.json(name, chat: chat, input, tokenizer, lines: false) }
            let (tokens, exactness) = try count(name)
            return exactness == .exact ? "\(tokens)" : "\(tokens) \(exactnessLabel(exactness))"
        }

        private func count(_ name: String) throws -> (Int, TokenCounter.Exactness) {
            guard chat else {
                let counter = try tokenizer.tools().counter
                return (counter.count(try input.text(name)), counter.exactness)
            }
            let request = try ChatRequest(try input.tree(name))
            let count = try tokenizer.tools(for: request).requests.count(request)
            for text in count.uncounted { printError("not counted: \(text)") }
            return (count.tokens, count.exactness)
        }

        fileprivate static func json(
            _ name: String, chat: Bool, _ input: TokenInputOptions,
            _ tokenizer: TokenizerOptions, lines: Bool
        ) throws -> String {
            guard chat else {
                return JSONWriter.count(of: try input.text(name), try tokenizer.tools()).text
            }
            let request = try ChatRequest(try input.tree(name))
            let tools = try tokenizer.tools(for: request)
            return JSONWriter.count(of: request, tools, lines: lines).text
        }
    }

    struct Encode: TokenCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the ids of a text's tokens.")

        @OptionGroup var tokenizer: TokenizerOptions
        @OptionGroup var input: TokenInputOptions
        @Flag(help: "Print the result as JSON.") var json = false

        func answer() throws {
            let tools = try tokenizer.tools()
            for name in input.names {
                let ids = try tools.exactTokenizer().encode(try input.text(name))
                print(
                    json
                        ? JSONWriter.ids(ids, tools).text
                        : ids.map { String($0) }.joined(separator: " "))
            }
        }
    }

    struct Decode: TokenCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the text of ids, which may stand in brackets and between commas.")

        @OptionGroup var tokenizer: TokenizerOptions
        @OptionGroup var input: TokenInputOptions
        @Flag(help: "Print the result as JSON.") var json = false

        func answer() throws {
            let tools = try tokenizer.tools()
            for name in input.names {
                let bytes = try tools.exactTokenizer().decode(try ids(try input.text(name)))
                if json {
                    print(JSONWriter.decoded(bytes, tools).text)
                } else {
                    // As it is, without a line feed: a text comes back byte for byte.
                    FileHandle.standardOutput.write(Data(bytes))
                }
            }
        }

        private func ids(_ text: String) throws -> [TokenID] {
            let separators: Set<Character> = [" ", "\n", "\t", "\r\n", "\r", ",", "[", "]"]
            return try text.split(whereSeparator: { separators.contains($0) }).map { word in
                guard let id = TokenID(word) else {
                    throw InputRefused("\(word.prefix(40)) is no token id: a whole number is one")
                }
                return id
            }
        }
    }

    struct Truncate: TokenCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the beginning of a text that takes at most so many tokens.",
            discussion: "No character is cut, with its accents and joiners.")

        @OptionGroup var tokenizer: TokenizerOptions
        @OptionGroup var input: TokenInputOptions
        @Option(help: "Tokens at the most.") var to: Int
        @Flag(help: "Print the result as JSON.") var json = false

        func validate() throws {
            guard to >= 0 else { throw ValidationError("--to is a number from 0 on") }
        }

        func answer() throws {
            let tools = try tokenizer.tools()
            for name in input.names {
                let text = try input.text(name)
                if json {
                    print(JSONWriter.truncated(text, to: to, tools).text)
                } else {
                    print(tools.truncate(text, to: to), terminator: "")
                }
            }
        }
    }
}

// MARK: - Explaining

struct ExplainTokens: TokenCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Shows a text's tokens, or where the tokens of a chat come from.")

    @OptionGroup var tokenizer: TokenizerOptions
    @OptionGroup var input: TokenInputOptions
    @Flag(help: "The input is the JSON body of a chat request, of any provider.") var chat = false
    @Flag(help: "Print the result as JSON.") var json = false

    func answer() throws {
        for name in input.names {
            if chat { try explainChat(name) } else { try explainText(name) }
        }
    }

    private func explainText(_ name: String) throws {
        let tools = try tokenizer.tools()
        let text = try input.text(name)
        if json { return print(try JSONWriter.pieces(of: text, tools).text) }
        let (pieces, count) = TokenPiece.pieces(of: text, try tools.exactTokenizer())
        var table = TextTable(["at", "id", "text"])
        for piece in pieces {
            table.add([String(piece.start), String(piece.id), Self.shown(piece)])
        }
        print(table.text, terminator: "")
        let rest = count - pieces.count
        print(
            "(\(grouped(count)) tokens of \(tools.tokenizer.name)"
                + (rest > 0 ? ", \(grouped(rest)) are not shown)" : ")"))
    }

    /// As a JSON string, so that spaces and line feeds are seen; bytes where it is no text.
    private static func shown(_ piece: TokenPiece) -> String {
        piece.text.map { BodyTree.text($0).json } ?? "bytes \(piece.hexadecimal)"
    }

    private func explainChat(_ name: String) throws {
        let request = try ChatRequest(try input.tree(name))
        let tools = try tokenizer.tools(for: request)
        if json { return print(JSONWriter.count(of: request, tools, lines: true).text) }
        let count = tools.requests.count(request)
        var table = TextTable(["where", "what", "tokens", "how"])
        for line in count.lines {
            table.add([
                line.place, line.source.rawValue.replacing("_", with: " "), String(line.tokens),
                line.basis.rawValue.replacing("_", with: " "),
            ])
        }
        print(table.text, terminator: "")
        print(
            "(\(grouped(count.tokens)) tokens of \(tools.profile.name), "
                + "\(exactnessLabel(count.exactness)), counted with \(tools.counter.name))")
        if let window = ContextWindow(model: tools.profile.name) {
            print(
                "(\(grouped(window.tokens - count.tokens)) of a window of "
                    + "\(grouped(window.tokens)) are left)")
        }
        for text in count.uncounted { print("not counted: \(text)") }
    }
}
