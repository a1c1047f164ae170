import ArgumentParser
import Estimates
import Foundation
import JSON
import Prompts
import Rendering

struct FitContext: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Prints a chat that fits its model's context window.",
        discussion: """
            Messages are dropped whole: the oldest first, or the least important with --order \
            priority. System messages, pinned ones and the last stay, and a tool call stays \
            with its results. Messages are numbered from 0 in the body's list.
            """)

    @OptionGroup var tokenizer: TokenizerOptions
    @OptionGroup var input: TokenInputOptions
    @Option(help: "Tokens of the window (default: the model's).") var window: Int?
    @Option(help: "Tokens to keep for the answer (default: what the request asks for).")
    var reserve: Int?
    @Option(help: "What to drop first: oldest or priority.") var order = "oldest"
    @Option(help: "A message that stays; may be repeated.") var pin: [Int] = []
    @Option(help: ArgumentHelp("The priority of a message (default 0).", valueName: "number=n"))
    var priority: [String] = []
    @Option(help: "How many messages at the end stay.") var keepLast = 1
    @Flag(help: "Cut texts if dropping is not enough.") var cut = false
    @Option(help: "Text that replaces what was dropped.") var note: String?
    @Option(help: "A shell command that reads the dropped messages as JSON and prints a summary.")
    var summaryCommand: String?
    @Flag(help: "Also print the proof and what was dropped, as JSON.") var json = false

    func validate() throws {
        guard ContextPolicy.Order(rawValue: order) != nil else {
            throw ValidationError("--order must be oldest or priority")
        }
        guard window ?? 1 > 0, reserve ?? 0 >= 0, keepLast >= 0 else {
            throw ValidationError("--window, --reserve and --keep-last must be positive")
        }
        guard note == nil || summaryCommand == nil else {
            throw ValidationError("--note and --summary-command exclude each other: give one")
        }
        _ = try priorities()
    }

    private func priorities() throws -> [Int: Int] {
        var priorities: [Int: Int] = [:]
        for text in priority {
            let words = text.split(separator: "=", maxSplits: 1)
            guard words.count == 2, let number = Int(words[0]), let value = Int(words[1]) else {
                throw ValidationError(
                    "--priority \(text): write message=priority, such as 3=2")
            }
            priorities[number] = value
        }
        return priorities
    }

    func execute() throws {
        var policy = ContextPolicy()
        policy.order = ContextPolicy.Order(rawValue: order) ?? .oldestFirst
        policy.pinned = Set(pin)
        policy.priorities = try priorities()
        policy.keepLast = keepLast
        policy.cutsTexts = cut
        for name in input.names {
            let request = try ChatRequest(try input.tree(name))
            let tools = try tokenizer.tools(for: request)
            let fitter = try ContextFitter(
                counter: tools.requests, window: try tools.window(window), reserve: reserve,
                for: request, policy: policy)
            let fitted = try fitter.fit(request, summarise: summarising)
            print(json ? FittedChat(fitted, tools).json : fitted.request.body.json)
            if !json { report(fitted) }
        }
    }

    private var summarising: Summarising? {
        if let note { return { _ in note } }
        guard let summaryCommand else { return nil }
        return { dropped in
            do {
                return try SummaryCommand.run(summaryCommand, dropped)
            } catch {
                printError("\(error); the dropped messages have no summary")
                return nil
            }
        }
    }

    /// Reports on standard error, since standard output is only the body.
    private func report(_ fitted: FittedContext) {
        let proof = fitted.proof
        let label = exactnessLabel(proof.count.exactness)
        let isWhole = fitted.dropped.isEmpty && fitted.cuts.isEmpty
        let before = isWhole ? "" : "\(counted(proof.tokensBefore, "token")) became "
        let kept =
            proof.budget == proof.window.tokens
            ? "" : " with \(grouped(proof.reserve)) kept for the answer"
        let change =
            isWhole
            ? "nothing was left out"
            : "\(counted(fitted.dropped.count, "message")) left out, "
                + "\(grouped(fitted.cuts.count)) shortened"
        printError(
            "\(before)\(counted(proof.count.tokens, "token")) (\(label)) fit the window of "
                + "\(grouped(proof.window.tokens))\(kept); \(change)")
        for text in proof.count.uncounted { printError("not counted: \(text)") }
    }
}

/// A user's program that writes summaries: it reads JSON and prints text.
private enum SummaryCommand {
    static func run(_ command: String, _ dropped: [ChatMessage]) throws -> String? {
        // A file rather than a pipe, because the program need not read all of it, or any.
        let file = FileManager.default.temporaryDirectory
            .appending(path: "tally-dropped-\(UUID().uuidString).json")
        let json = JSONTree.array(dropped.map(\.item)).json
        try Data(json.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        let output = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw InputRefused("the summary command exited with \(process.terminationStatus)")
        }
        let text = String(decoding: data, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
    }
}
