import ArgumentParser
import Foundation
import Hummingbird
import JSON
import LedgerModel
import Logging
import TestUpstream

struct Upstream: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "upstream",
        abstract: "Runs a made-up provider, to try clients and gateways without an account.",
        discussion: """
            It answers chat completions, responses, embeddings, messages, files and batches as OpenAI \
            and Anthropic do, streamed or not, with a right usage that follows from the request and \
            the seed. POST /_script changes how it behaves while it runs, POST /_clock moves its \
            clock, GET /_calls counts its calls, and /v1/echo answers with what came. \
            docs/upstream.md lists the script's members.
            """)

    @Option(help: "Address to listen on; port 0 takes a free one.")
    var listen = "127.0.0.1:8090"
    @Option(help: "Decides every random thing.") var seed: UInt64 = 1
    @Option(help: "Milliseconds until an answer begins.") var latencyMs = 0
    @Option(help: "The part of calls that fail, from 0 to 1.") var errorRate = 0.0
    @Option(help: "Calls of a key in a minute, then 429 with Retry-After; 0 for any number.")
    var requestsPerMinute = 0
    @Option(help: "The script as JSON, or @FILE: members as of POST /_script.")
    var script: String?

    func execute() async throws {
        var script = UpstreamScript()
        script.seed = seed
        script.latencyMilliseconds = latencyMs
        script.errorRate = errorRate
        script.requestsPerMinute = requestsPerMinute
        if let text = self.script {
            let text =
                text.hasPrefix("@") ? try readText(String(text.dropFirst()), "the script") : text
            do { try script.apply(JSONTree(parsing: text.utf8)) } catch let fault as JSONFault {
                throw InputRefused("the script is not JSON: \(fault)")
            }
        }
        let address = try ListenAddress(listen)
        var logger = Logger(label: "tally")
        logger.logLevel = .warning
        let upstream = TestUpstream(script, clock: { .now })
        try await upstream.application(
            host: address.host, port: address.port, logger: logger
        ) { port in
            print("A made-up provider listens on http://\(address.host):\(port)")
            fflush(nil)
        }.run()
    }
}
