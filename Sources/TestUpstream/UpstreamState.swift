import JSON
import LedgerModel

/// What a made-up provider remembers; each call is one step of it.
struct UpstreamState {
    var script: UpstreamScript
    /// Seconds that its clock is ahead.
    var ahead = 0
    private var random: UInt64
    private var serial = 0
    private(set) var calls: [String: Int] = [:]
    var files: [String: (name: String, purpose: String, bytes: [UInt8])] = [:]
    var jobs: [UpstreamJob] = []
    /// When a beginning of a prompt was seen last, by its hash.
    private var seen: [UInt64: Int] = [:]
    private var minutes: [String: (minute: Int, count: Int)] = [:]

    init(_ script: UpstreamScript) {
        self.script = script
        random = script.seed
    }

    /// SplitMix64.
    mutating func chance() -> Double {
        random &+= 0x9E37_79B9_7F4A_7C15
        return Double(mixed(random) >> 11) / Double(1 << 53)
    }

    mutating func newID(_ prefix: String) -> String {
        serial += 1
        return prefix + hexadecimal(mixed(script.seed &+ UInt64(serial)))
    }

    /// Counts a call, and says whether it fails.
    mutating func begin(
        _ method: String, _ path: String, key: String, at now: Int
    ) -> UpstreamFailure? {
        calls["\(method) \(path)", default: 0] += 1
        for index in script.faults.indices
        where script.faults[index].times > 0 && script.faults[index].method == method
            && path.hasPrefix(script.faults[index].path)
        {
            script.faults[index].times -= 1
            let fault = script.faults[index]
            return UpstreamFailure(status: fault.status, loses: fault.loses)
        }
        if script.requestsPerMinute > 0 {
            var minute = minutes[key] ?? (now / 60, 0)
            if minute.minute != now / 60 { minute = (now / 60, 0) }
            minute.count += 1
            minutes[key] = minute
            if minute.count > script.requestsPerMinute {
                return UpstreamFailure(status: 429, retryAfter: 60 - now % 60)
            }
        }
        if script.errorRate > 0, chance() < script.errorRate {
            return UpstreamFailure(status: script.errorStatus)
        }
        return nil
    }

    /// How many tokens of a prompt's beginning are cached; it is from now on.
    mutating func cached(_ prompt: UpstreamPrompt, at now: Int) -> Int {
        guard script.hasCache, prompt.prefixTokens >= 1_024 else { return 0 }
        let before = seen.updateValue(now, forKey: prompt.prefixHash)
        guard let before, now - before < 300 else { return 0 }
        return prompt.prefixTokens / 128 * 128
    }
}

struct UpstreamFailure {
    var status: Int
    var retryAfter: Int?
    var loses = false

    init(status: Int, retryAfter: Int? = nil, loses: Bool = false) {
        self.status = status
        self.retryAfter = retryAfter
        self.loses = loses
    }
}

/// What of a request decides its answer.
struct UpstreamPrompt {
    let model: String
    let tokens: Int
    let prefixTokens: Int
    let prefixHash: UInt64
    let hash: UInt64
    let outputMax: Int?
    /// Anthropic's caches are asked for.
    let asksForCache: Bool
    let inputs: Int

    init(_ json: JSONTree) {
        model = json["model"]?.string ?? ""
        let input = json["input"]
        inputs = input?.items.map { $0.first?.string == nil ? 1 : $0.count } ?? 1
        let messages = json["messages"]?.items ?? []
        let system = (json["system"].map { [$0] } ?? []) + messages.dropLast()
        let beginning = system.map(\.json).joined()
        let end = (messages.last ?? input ?? json["prompt"])?.json ?? ""
        prefixTokens = Self.tokens(beginning)
        tokens = max(1, prefixTokens + Self.tokens(end))
        prefixHash = fnv(beginning)
        hash = fnv(beginning + end)
        outputMax =
            ["max_completion_tokens", "max_tokens", "max_output_tokens"]
            .compactMap { json[$0]?.integer }.first
        asksForCache = (beginning + end).contains("cache_control")
    }

    /// Four bytes each.
    private static func tokens(_ text: String) -> Int { (text.utf8.count + 3) / 4 }

    func outputTokens(_ script: UpstreamScript) -> Int {
        let most = min(outputMax ?? script.outputTokensMax, script.outputTokensMax)
        return 1 + Int(mixed(hash &+ script.seed) % UInt64(max(1, most)))
    }
}

func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
}

/// FNV-1a.
func fnv(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
