import Foundation
import Prompts
import Testing
import Tokenizing
import Vocabularies

/// OpenAI's newer encoding, from the sources, so that the figures are of a real tokenizer.
let exactCounter: TokenCounter? = {
    let packed = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/Vocabularies/Packed")
    return try? TokenizerLibrary(folder: packed.path(percentEncoded: false))
        .tokenizer(for: .o200k).counter
}()

/// Tokens as a cheap stand-in for a tokenizer: words, punctuation marks and runs of spaces.
let roughCounter = TokenCounter(name: "rough", exactness: .estimated(band: 0.3)) { text in
    var count = 0
    var run = 0
    var kind = 0
    for byte in text.utf8 {
        let next = byte >= 0x80 || isLetterOrDigit(byte) ? 1 : byte == 32 ? 2 : 3
        if next != kind || next == 3 || run == 4 {
            // One space belongs to the word after it.
            if !(kind == 2 && run == 1 && next == 1) { count += 1 }
            run = 0
        }
        kind = next
        run += 1
    }
    return count
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...122).contains(byte | 0x20)
}

enum TestData {
    private static let folder =
        ProcessInfo.processInfo.environment["TALLY_TEST_DATA"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "../shared/data").path

    static func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/" + name)
    }

    static func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
    }
}

/// Any compact JSON as `json.dumps(value, indent=2)` writes it.
func indented(_ json: String) -> String {
    var result: [UInt8] = []
    var depth = 0
    var isInString = false
    let bytes = Array(json.utf8)
    var index = 0
    func newline() {
        result.append(UInt8(ascii: "\n"))
        result += [UInt8](repeating: UInt8(ascii: " "), count: depth * 2)
    }
    while index < bytes.count {
        let byte = bytes[index]
        switch (byte, isInString) {
        case (UInt8(ascii: "\\"), true):
            result.append(byte)
            index += 1
            result.append(bytes[index])
        case (UInt8(ascii: "\""), _):
            isInString.toggle()
            result.append(byte)
        case (UInt8(ascii: "{"), false), (UInt8(ascii: "["), false):
            result.append(byte)
            if bytes[index + 1] != byte + 2 {
                depth += 1
                newline()
            }
        case (UInt8(ascii: "}"), false), (UInt8(ascii: "]"), false):
            if bytes[index - 1] != byte - 2 {
                depth -= 1
                newline()
            }
            result.append(byte)
        case (UInt8(ascii: ","), false):
            result.append(byte)
            newline()
        case (UInt8(ascii: ":"), false): result += [byte, UInt8(ascii: " ")]
        default: result.append(byte)
        }
        index += 1
    }
    return String(decoding: result, as: UTF8.self)
}

/// The text with its JSON minified and its prose trimmed: lossless stages keep these bytes.
func layoutFree(_ text: String) -> String {
    let minified = JSONMinifier.minify(text) ?? text
    return LayoutTrimmer.trim(minified) ?? minified
}

func optimize(
    _ text: String, _ stages: [OptimizationStage] = OptimizationStage.lossless,
    change: (inout OptimizationOptions) -> Void = { _ in }
) throws -> OptimizationResult {
    var options = OptimizationOptions()
    options.allowsLossy = true
    change(&options)
    return try PromptOptimizer(stages: stages, counter: roughCounter, options: options)
        .optimize(Prompt(text: text))
}
