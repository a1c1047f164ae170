import ArgumentParser
import Booking
import Estimates
import Foundation
import JSON
import LedgerModel
import Pricing
import Prompts
import Rendering
import Similarity

struct OptimizePrompt: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "optimize",
        abstract: "Rewrites a prompt with fewer tokens.",
        discussion: """
            Without --lossy nothing is left out: JSON is compacted or written as a table, and what \
            repeats becomes a reference. Standard output is the prompt (for a chat, its body); \
            what it saves and how well it keeps the meaning go to standard error, or with --json \
            all goes to standard output. --record appends the saving as a prompt.optimized event.
            """)

    @OptionGroup var tokenizer: TokenizerOptions
    @OptionGroup var input: TokenInputOptions
    @Flag(help: "The input is the JSON body of a chat request, of any provider.") var chat = false
    @Option(help: "Comma-separated stages to run (default: all that are allowed).")
    var stages: String?
    @Flag(help: "Allow stages that leave something out.") var lossy = false
    @Option(help: "The number of tokens that may remain; needs --lossy.") var budget: Int?
    @Option(help: "What the selection looks for (default: the user's last message).")
    var query: String?
    @Option(help: "Undo a lossy stage that lowers the quality below this, from 0 to 1.")
    var qualityMin: Double?
    @Option(help: "A message that lossy stages leave alone; may be repeated.")
    var pin: [Int] = []
    @Option(help: "Folder of static embeddings (wordllama, unpacked), to compare meaning too.")
    var embeddings: String?
    @Flag(help: "Print the result as JSON.") var json = false
    @OptionGroup var recording: RecordingOptions

    func validate() throws {
        guard budget ?? 1 > 0 else { throw ValidationError("--budget must be positive") }
        guard (0...1).contains(qualityMin ?? 0) else {
            throw ValidationError("--quality-min must lie between 0 and 1")
        }
    }

    func execute() async throws {
        var wish = wish
        wish.embeddings = try embeddings.map { try Self.embeddings(in: $0) }
        for name in input.names {
            let request = chat ? try ChatRequest(try input.tree(name)) : nil
            let tools = try tokenizer.tools(for: request)
            let now = Timestamp.now
            let prompt =
                if let request {
                    try OptimizedPrompt.optimize(
                        chat: request, wish, tools, of: recording.dimensions,
                        under: PriceSchedule(.default), at: now)
                } else {
                    try OptimizedPrompt.optimize(
                        text: try input.text(name), wish, tools, of: recording.dimensions,
                        under: PriceSchedule(.default), at: now)
                }
            let event = try await recording.record(prompt, tools, at: now)
            if json {
                print(OptimizedResult(prompt, tools, event: event).json)
            } else {
                print(prompt.body?.json ?? prompt.result.optimized.text)
                report(prompt)
                if let event { printError("  recorded as \(event)") }
            }
        }
    }

    private var wish: OptimizationWish {
        var wish = OptimizationWish()
        wish.stages = stages?.split(separator: ",").map(String.init)
        wish.allowsLossy = lossy
        wish.budget = budget
        wish.query = query
        wish.qualityMin = qualityMin
        wish.pinned = Set(pin)
        return wish
    }

    /// Reads the two files of the package `wordllama`, from site-packages or its unpacked wheel.
    static func embeddings(in folder: String) throws -> StaticEmbeddings {
        let files = try [
            "weights/l2_supercat_256.safetensors", "tokenizers/l2_supercat_tokenizer_config.json",
        ].map { name in
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
                throw InputRefused(
                    "\(folder)/\(name) can't be read: name the folder `wordllama` of the package")
            }
            return Array(bytes)
        }
        do throws(StaticEmbeddings.Flaw) {
            return try StaticEmbeddings(weights: files[0], vocabulary: files[1])
        } catch {
            switch error {
            case .weights(let why), .vocabulary(let why):
                throw InputRefused("the embeddings in \(folder) can't be used: \(why)")
            }
        }
    }

    private func report(_ prompt: OptimizedPrompt) {
        let result = prompt.result
        let percent = Int((result.reduction * 100).rounded())
        let change = percent > 0 ? "−\(percent) %, " : ""
        printError(
            "\(grouped(result.tokensBefore)) → \(grouped(result.tokensAfter)) tokens (\(change)"
                + "\(exactnessLabel(result.exactness)))"
                + (prompt.savings.map { ", saves \(dollars(PicodollarSum($0))) a call" } ?? ""))
        for stage in result.stages {
            printError(
                "  \(stage.stage.rawValue): \(stage.outcome.label)"
                    + (stage.outcome == .applied
                        ? ", \(grouped(stage.tokensBefore - stage.tokensAfter)) tokens" : "")
                    + (stage.isLossless ? "" : " (lossy)"))
        }
        if !result.isLossless {
            let quality = Int((result.quality.overall * 100).rounded())
            printError("  quality \(quality) %")
        }
    }
}

/// Options that record an optimized prompt in a ledger, with its dimensions.
struct RecordingOptions: ParsableArguments {
    @Flag(help: "Book the saving; needs a model and a database.") var record = false
    @Option(help: "The prompt's application; needs --record.") var app: String?
    @Option(help: "Its feature; needs --record.") var feature: String?
    @OptionGroup var place: LedgerOptions

    func validate() throws {
        guard record || (app == nil && feature == nil) else {
            throw ValidationError("--app and --feature need --record: add --record")
        }
        for (option, text) in [("--app", app), ("--feature", feature)] {
            guard let text else { continue }
            guard (1...Dimensions.valueBytesMax).contains(text.utf8.count) else {
                throw ValidationError("\(option) must have 1 to \(Dimensions.valueBytesMax) bytes")
            }
        }
    }

    var dimensions: Dimensions {
        var dimensions = Dimensions()
        dimensions[.app] = app.map { Name($0) }
        dimensions[.feature] = feature.map { Name($0) }
        return dimensions
    }

    /// The event's id; nil without `--record`.
    func record(
        _ prompt: OptimizedPrompt, _ tools: TokenTools, at now: Timestamp
    ) async throws -> EventID? {
        guard record else { return nil }
        let event = try prompt.event(id: makeEventID(), at: now, tools)
        try await place.open(to: .write) { try await $1.intake.take(event) }
        return event.id
    }
}
