package import JSON
package import LedgerModel

/// How a made-up provider behaves; every member has a default, and `POST /_script` changes some.
package struct UpstreamScript: Sendable {
    /// Decides every random thing: the same calls in the same order have the same answers.
    package var seed: UInt64 = 1
    /// Until an answer begins.
    package var latency = UpstreamLatency()
    /// For each token of output.
    package var tokenMicroseconds = 0
    /// Answers have 1 to this many tokens, and never more than the request allows.
    package var outputTokensMax = 16
    /// The part of calls that fail, and their status.
    package var errorRate = 0.0
    package var errorStatus = 500
    /// Calls and tokens of a key in a minute, then 429 with `retry-after`; 0 for any number.
    package var requestsPerMinute = 0
    package var tokensPerMinute = 0
    /// Calls of models at once, then 429, or 529 in Anthropic's dialect; 0 for any number.
    package var underWayMax = 0
    /// Keys that are accepted; empty for any.
    package var keys: [String] = []
    package var models = [
        "gpt-4o-mini", "gpt-4o", "text-embedding-3-small", "claude-haiku-4-5", "claude-sonnet-4-5",
    ]
    /// How answers come, where no fault says otherwise.
    package var shape = UpstreamShape()
    /// Whether chat streams show reasoning as `reasoning_content`, as self-hosted models do.
    package var showsReasoning = false
    /// The part of streams that are cut, and that hold a chunk that is not JSON.
    package var cutRate = 0.0
    package var malformedRate = 0.0
    /// Whether the letters and digits of a prompt alone decide its answer, not its layout.
    package var readsWords = false
    /// Whether prompts of a key that begin alike are cheaper for five minutes.
    package var hasCache = true
    package var batch = Batch()
    /// Faults of calls to come, each as often as it says.
    package var faults: [Fault] = []

    /// How batch jobs go.
    package struct Batch: Sendable {
        /// A job is done after this time, and this many polls.
        package var seconds = 0
        package var polls = 1
        /// The part of lines that fail.
        package var failRate = 0.0
        /// A job that expires has done this many of its lines; nil if it doesn't.
        package var expiresAfter: Int?
        /// Jobs that name one of these models are refused when they are made.
        package var refusedModels: [String] = []
        /// Lines with one of these models are answered by something that is not JSON.
        package var garbledModels: [String] = []
    }

    package init() {}

    package var latencyMilliseconds: Int {
        get { latency.fixedMilliseconds }
        set { latency.fixedMilliseconds = newValue }
    }

    /// Changes what an object names.
    package mutating func apply(_ json: JSONTree) throws(ScriptRefused) {
        guard let members = json.members else { throw ScriptRefused(what: "it is not an object") }
        for member in members {
            let value = member.value
            switch member.key {
            case "seed": seed = UInt64(try Self.count(member))
            case "latency_ms": latencyMilliseconds = try Self.count(member)
            case "latency": try latency.apply(value)
            case "token_us": tokenMicroseconds = try Self.count(member)
            case "output_tokens": outputTokensMax = max(1, try Self.count(member))
            case "error_rate": errorRate = try Self.part(member)
            case "error_status": errorStatus = try Self.count(member)
            case "requests_per_minute": requestsPerMinute = try Self.count(member)
            case "tokens_per_minute": tokensPerMinute = try Self.count(member)
            case "under_way_max": underWayMax = try Self.count(member)
            case "keys": keys = Self.texts(value)
            case "models": models = Self.texts(value)
            case "shape":
                shape = UpstreamShape()
                try shape.apply(value)
            case "reasoning_text": showsReasoning = value == .boolean(true)
            case "cut_rate": cutRate = try Self.part(member)
            case "malformed_rate": malformedRate = try Self.part(member)
            case "cache": hasCache = value == .boolean(true)
            case "reads_words": readsWords = value == .boolean(true)
            case "batch_seconds": batch.seconds = try Self.count(member)
            case "batch_polls": batch.polls = try Self.count(member)
            case "batch_fail_rate": batch.failRate = try Self.part(member)
            case "batch_expires_after":
                batch.expiresAfter = value == .null ? nil : try Self.count(member)
            case "batch_refused_models": batch.refusedModels = Self.texts(value)
            case "batch_garbled_models": batch.garbledModels = Self.texts(value)
            case "faults": faults = try Self.faults(value)
            default: throw ScriptRefused(what: "it has no member \(member.key)")
            }
        }
    }

    static func count(_ member: JSONTree.Member) throws(ScriptRefused) -> Int {
        guard let count = member.value.integer, (0...1_000_000_000).contains(count) else {
            throw ScriptRefused(what: "\(member.key) must be a whole number")
        }
        return count
    }

    static func part(
        _ member: JSONTree.Member, most: Double = 1
    ) throws(ScriptRefused) -> Double {
        guard case .number(let text) = member.value, let part = Double(text),
            (0...most).contains(part)
        else { throw ScriptRefused(what: "\(member.key) must be a number from 0 to \(most)") }
        return part
    }

    private static func texts(_ value: JSONTree) -> [String] {
        value.items?.compactMap(\.string) ?? []
    }

    private static func faults(_ value: JSONTree) throws(ScriptRefused) -> [Fault] {
        var faults: [Fault] = []
        for item in value.items ?? [] { faults.append(try Fault(item)) }
        return faults
    }
}

package struct ScriptRefused: LedgerModel.Fault {
    let what: String
    package var kind: FaultKind { .invalid }
    package var description: String { "the script of the made-up provider: \(what)" }
}
