import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TallyClient

/// Asks a model a question, prints the answer, and records its usage.
///
/// Any endpoint compatible with OpenAI's chat completions will do. The usage is in the spool before
/// the program ends; if the ledger is unavailable, the next run sends it.
@main
struct AskModel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "AskModel",
        abstract: "Asks a model a question and records what it used in a Tallystick ledger.")

    @Option(help: "The address of the model's API.")
    var openaiURL = "https://api.openai.com"

    @Option(help: "The model to ask.")
    var model = "gpt-4o-mini"

    @Option(help: "The address of the Tallystick service.")
    var tallyURL = "http://127.0.0.1:8080"

    @Option(help: "Where usage waits until the service has it.")
    var spool = ".ask-model"

    @Flag(help: "Print the answer as it comes.")
    var stream = false

    @Argument(help: "The question.")
    var question: String

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        var configuration = TallyClient.Configuration(
            url: tallyURL, spoolDirectory: spool, apiKey: environment["TALLY_API_KEY"])
        configuration.defaults = Attribution(app: "ask-model", environment: "example")
        let tally = try TallyClient(configuration)

        let clock = ContinuousClock()
        let start = clock.now
        var record: UsageRecord
        do {
            record = try await ask(key: environment["OPENAI_API_KEY"])
        } catch {
            record = UsageRecord(provider: "openai", model: model, result: .failed("no_answer"))
            complain("\(error)")
        }
        record.latency = clock.now - start
        record.attribution.feature = stream ? "stream" : "question"
        tally.record(record)

        let left = await tally.shutdown(within: .seconds(5))
        if left.records > 0 {
            complain("\(left.records) records wait in \(spool) for the ledger to come back")
        }
        if record.result != .completed { throw ExitCode.failure }
    }

    /// Sends the question, prints the answer, and returns its usage.
    private func ask(key: String?) async throws -> UsageRecord {
        var request = HTTPClientRequest(url: openaiURL + "/v1/chat/completions")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        var body: [String: Any] = [
            "model": model, "messages": [["role": "user", "content": question]],
        ]
        if stream {
            body["stream"] = true
            // Without it, OpenAI does not report the usage of a stream.
            body["stream_options"] = ["include_usage": true]
        }
        request.body = .bytes(ByteBuffer(bytes: try JSONSerialization.data(withJSONObject: body)))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        guard response.status.code == 200 else {
            let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
            throw Refusal(description: "the model's API answers \(response.status): \(text)")
        }
        return stream ? try await read(response) : try await readWhole(response)
    }

    private func readWhole(_ response: HTTPClientResponse) async throws -> UsageRecord {
        let answer = try await response.body.collect(upTo: 16 << 20)
        let completion = try JSONDecoder().decode(
            Completion.self, from: Data(answer.readableBytesView))
        print(completion.choices.first?.message?.content ?? "")
        return try UsageRecord(answer: answer.readableBytesView, format: .openAIChat)
    }

    private func read(_ response: HTTPClientResponse) async throws -> UsageRecord {
        var usage = AnswerStream(.openAIChat)
        do {
            for try await piece in response.body {
                usage.read(piece.readableBytesView)
                print(String(buffer: piece), terminator: "")
            }
        } catch {
            // The usage reported so far is recorded with a failed request.
            complain("the answer broke off: \(error)")
        }
        return try usage.record()
    }

    private func complain(_ sentence: String) {
        FileHandle.standardError.write(Data((sentence + "\n").utf8))
    }

    private struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    private struct Completion: Decodable {
        struct Choice: Decodable {
            struct Message: Decodable {
                let content: String?
            }
            let message: Message?
        }
        let choices: [Choice]
    }
}
