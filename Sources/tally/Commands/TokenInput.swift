import ArgumentParser
import Estimates
import EventReading
import Foundation
import JSON
import Prompts
import Rendering

/// Options that choose the tokenizer of a command.
struct TokenizerOptions: ParsableArguments {
    @Option(help: "A model, such as gpt-4o or azure/gpt-4o-2024-08-06.") var model: String?
    @Option(help: "An encoding, such as o200k_base, in place of a model.")
    var encoding: String?
    @Option(help: "A tokenizer.json or .tiktoken file; with --model, how that model frames chats.")
    var tokenizer: String?

    func validate() throws {
        if encoding != nil, model != nil || tokenizer != nil {
            throw ValidationError("--encoding excludes --model and --tokenizer: leave them out")
        }
    }

    var selection: TokenSelection {
        TokenSelection(model: model, encoding: encoding, tokenizerFile: tokenizer)
    }

    /// The tokenizer; a chat may name its model itself.
    func tools(for chat: ChatRequest? = nil) throws -> TokenTools {
        if model == nil, encoding == nil, tokenizer == nil, chat?.model == nil {
            throw ValidationError(
                "give --model gpt-4o, --encoding o200k_base or --tokenizer FILE")
        }
        return try TokenService().tools(selection, for: chat)
    }
}

/// The files that a command reads, or standard input.
struct TokenInputOptions: ParsableArguments {
    @Argument(help: "Files (default or -: standard input).") var files: [String] = []
    @Flag(help: "Read invalid UTF-8 as U+FFFD instead of refusing it.")
    var repair = false

    /// Larger inputs are refused.
    static let inputBytesMax = 512 << 20

    var names: [String] { files.isEmpty ? ["-"] : files }

    func bytes(_ name: String) throws -> [UInt8] {
        let data =
            name == "-"
            ? try FileHandle.standardInput.readToEnd() ?? Data()
            : FileManager.default.contents(atPath: name)
        guard let data else { throw InputRefused("the file \(name) cannot be read") }
        guard data.count <= Self.inputBytesMax else {
            throw InputRefused(
                "\(title(name)) has \(grouped(data.count)) bytes: the limit is "
                    + "\(grouped(Self.inputBytesMax)), so split it")
        }
        return Array(data)
    }

    func text(_ name: String) throws -> String {
        let bytes = try bytes(name)
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        if repair { return String(decoding: bytes, as: UTF8.self) }
        throw InputRefused(
            "\(title(name)) is not UTF-8 at byte \(Self.firstFault(in: bytes)): convert it, or read "
                + "invalid UTF-8 as U+FFFD with --repair")
    }

    func tree(_ name: String) throws -> JSONTree {
        let bytes = try bytes(name)
        do throws(JSONFault) {
            return try JSONTree(parsing: bytes)
        } catch {
            throw InputRefused("\(title(name)): the body cannot be read \(error)")
        }
    }

    func title(_ name: String) -> String { name == "-" ? "standard input" : name }

    /// The offset of the first byte that is not valid UTF-8.
    private static func firstFault(in bytes: [UInt8]) -> Int {
        do {
            _ = try UTF8Span(validating: bytes.span)
            return bytes.count
        } catch {
            return error.byteOffsets.lowerBound
        }
    }
}
