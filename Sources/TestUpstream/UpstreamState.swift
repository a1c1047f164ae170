import LedgerModel

/// What a made-up provider remembers; each call is one step of it.
struct UpstreamState {
    var script: UpstreamScript
    /// Seconds that its clock is ahead.
    var ahead = 0
    private var random: UInt64
    private var serial = 0
    private(set) var calls: [String: Int] = [:]
    private(set) var callCount = 0
    /// The latest, in no order.
    private var recorded: [UpstreamRecord] = []
    var files: [String: (name: String, purpose: String, bytes: [UInt8])] = [:]
    var jobs: [UpstreamJob] = []
    /// When a beginning of a prompt was seen last, by its hash.
    private var seen: [UInt64: Int] = [:]
    private var minutes: [String: (minute: Int, requests: Int, tokens: Int)] = [:]
    /// Calls of models that are not over.
    var underWay = 0

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

    /// Counts a call, and says what becomes of it.
    ///
    /// - Parameter tokens: those of its prompt and its answer; 0 for calls without a model.
    mutating func begin(_ call: UpstreamCall, tokens: Int, at now: Int) -> UpstreamCourse {
        var course = UpstreamCourse(shape: script.shape)
        course.requestID = newID("req_")
        course.failure = failure(of: call, tokens: tokens, at: now, &course)
        course.limits = limits(of: call.key, at: now)
        record(call, status: course.failure?.status ?? 200)
        return course
    }

    private mutating func failure(
        of call: UpstreamCall, tokens: Int, at now: Int, _ course: inout UpstreamCourse
    ) -> UpstreamFailure? {
        for index in script.faults.indices where script.faults[index].covers(call) {
            if script.faults[index].after > 0 {
                script.faults[index].after -= 1
                continue
            }
            let fault = script.faults[index]
            if fault.rate < 1, chance() >= fault.rate { continue }
            script.faults[index].times -= 1
            course.milliseconds = fault.milliseconds
            if let shape = fault.shape { course.shape = shape }
            guard let status = fault.status else { return fault.loses ? .init(status: 0) : nil }
            var failure = UpstreamFailure(status: status, fault.message)
            failure.retryAfter = fault.retryAfterSeconds
            failure.shouldRetry = fault.shouldRetry
            failure.loses = fault.loses
            return failure
        }
        if !script.keys.isEmpty, !script.keys.contains(call.key) {
            return UpstreamFailure(status: 401, "this key is not known")
        }
        if call.model != nil, script.underWayMax > 0, underWay >= script.underWayMax {
            let status = call.isAnthropic ? 529 : 429
            return UpstreamFailure(status: status, "\(underWay) calls are under way")
        }
        if let failure = overLimit(call.key, tokens, at: now) { return failure }
        if script.errorRate > 0, chance() < script.errorRate {
            return UpstreamFailure(status: script.errorStatus)
        }
        return nil
    }

    private mutating func overLimit(_ key: String, _ tokens: Int, at now: Int) -> UpstreamFailure? {
        if script.requestsPerMinute == 0, script.tokensPerMinute == 0 { return nil }
        var minute = minutes[key] ?? (now / 60, 0, 0)
        if minute.minute != now / 60 { minute = (now / 60, 0, 0) }
        minute.requests += 1
        defer { minutes[key] = minute }
        var failure: UpstreamFailure?
        if script.requestsPerMinute > 0, minute.requests > script.requestsPerMinute {
            failure = UpstreamFailure(status: 429, "more than the requests of a minute")
        } else if script.tokensPerMinute > 0, minute.tokens + tokens > script.tokensPerMinute {
            failure = UpstreamFailure(status: 429, "more than the tokens of a minute")
            failure?.isOfTokens = true
        } else {
            minute.tokens += tokens
        }
        failure?.retryAfter = 60 - now % 60
        return failure
    }

    private func limits(of key: String, at now: Int) -> UpstreamLimits? {
        if script.requestsPerMinute == 0, script.tokensPerMinute == 0 { return nil }
        let minute = minutes[key] ?? (now / 60, 0, 0)
        func standing(_ limit: Int, _ used: Int) -> (limit: Int, left: Int)? {
            limit == 0 ? nil : (limit, limit - used)
        }
        return UpstreamLimits(
            requests: standing(script.requestsPerMinute, minute.requests),
            tokens: standing(script.tokensPerMinute, minute.tokens),
            reset: 60 - now % 60, resetAt: now / 60 * 60 + 60)
    }

    private mutating func record(_ call: UpstreamCall, status: Int) {
        calls["\(call.method) \(call.path)", default: 0] += 1
        callCount += 1
        var record = UpstreamRecord(number: callCount, call)
        record.status = status
        if recorded.count < UpstreamRecord.recordsMax {
            recorded.append(record)
        } else {
            recorded[(callCount - 1) % UpstreamRecord.recordsMax] = record
        }
    }

    /// The latest calls after one, in order.
    func records(after number: Int) -> [UpstreamRecord] {
        recorded.filter { $0.number > number }.sorted { $0.number < $1.number }
    }

    /// How many tokens of a prompt's beginning are cached; it is from now on.
    ///
    /// - Parameter key: its owner has a cache of its own.
    mutating func cached(_ prompt: UpstreamPrompt, key: String, at now: Int) -> Int {
        guard script.hasCache, prompt.prefixTokens >= 1_024 else { return 0 }
        let before = seen.updateValue(now, forKey: fnv(key, after: prompt.prefixHash))
        guard let before, now - before < 300 else { return 0 }
        return prompt.prefixTokens / 128 * 128
    }
}

/// What becomes of a call.
struct UpstreamCourse {
    var failure: UpstreamFailure?
    var shape: UpstreamShape
    /// Before its answer, beside the latency of all.
    var milliseconds = 0
    var limits: UpstreamLimits?
    var requestID = ""

    init(shape: UpstreamShape) {
        self.shape = shape
    }
}

struct UpstreamFailure {
    var status: Int
    var message: String
    var retryAfter: Int?
    var shouldRetry: Bool?
    var loses = false
    var isOfTokens = false

    init(status: Int, _ message: String? = nil) {
        self.status = status
        self.message = message ?? "made to fail"
        loses = status == 0
    }

    /// As OpenAI, or Anthropic, writes it.
    func body(isAnthropic: Bool, requestID: String) -> String {
        guard isAnthropic else {
            return """
                {"error":{"message":\(quoted(message)),"type":"\(openAIType)","param":null,\
                "code":\(openAICode.map { quoted($0) } ?? "null")}}
                """
        }
        return """
            {"type":"error","error":{"type":"\(anthropicType)","message":\(quoted(message))},\
            "request_id":\(quoted(requestID))}
            """
    }

    private var openAIType: String {
        switch status {
        case 429: isOfTokens ? "tokens" : "requests"
        case 400..<500: "invalid_request_error"
        default: "server_error"
        }
    }

    private var openAICode: String? {
        switch status {
        case 401: "invalid_api_key"
        case 404: "model_not_found"
        case 429: "rate_limit_exceeded"
        default: nil
        }
    }

    private var anthropicType: String {
        switch status {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 504: "timeout_error"
        case 529: "overloaded_error"
        case 400..<500: "invalid_request_error"
        default: "api_error"
        }
    }
}
