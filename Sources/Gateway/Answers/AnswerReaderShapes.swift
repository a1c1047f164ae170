import JSON
import LedgerModel
import Providers
import UsageExtraction

/// What is different in the answers of each API, as far as it decides what they cost.
struct AnswerShape: Sendable {
    enum Form: Sendable {
        /// OpenAI's older APIs: every chunk looks like an answer.
        case chunks
        /// Anthropic's messages: events of their own, the usage in parts.
        case messages
        /// OpenAI's responses: events, and at the end the whole answer.
        case responses
        /// Any other call.
        case unknown
    }

    let form: Form
    /// Whether its answers have output that is paid for.
    let hasOutput: Bool
    /// Whether an answer without a usage cost something all the same.
    let isCharged: Bool
    /// How the usage is read, the most likely first.
    let extractors: [UsageExtractor]

    init(_ api: GatewayAPI, _ provider: Name) {
        let flavors: [String]
        switch api {
        case .chatCompletions, .completions: (form, flavors) = (.chunks, ["chat"])
        case .embeddings: (form, flavors) = (.chunks, ["embeddings", "chat"])
        case .responses: (form, flavors) = (.responses, ["responses"])
        case .messages, .countTokens: (form, flavors) = (.messages, ["anthropic", "default"])
        case .other(_, .openAI): (form, flavors) = (.unknown, ["responses", "chat", "images"])
        case .other(_, .anthropic): (form, flavors) = (.unknown, ["anthropic", "default"])
        }
        hasOutput = api != .embeddings
        switch api {
        case .countTokens, .other: isCharged = false
        default: isCharged = true
        }
        let speaker = api.speaking == .anthropic ? "anthropic" : "openai"
        let catalog = ExtractorCatalog.builtIn
        extractors = [provider.string, speaker].flatMap { name in
            flavors.compactMap { catalog.extractor(of: name, flavor: $0) }
        }
    }
}

// MARK: - Events

extension SaidSoFar {
    /// Takes an event, and says what it is.
    mutating func take(_ event: StreamEvent, _ shape: AnswerShape) -> StreamFrame.Kind {
        guard let data = event.data else { return event.name == nil ? .ping : .lifecycle }
        if event.isDone {
            isComplete = true
            return .end
        }
        kind = .lifecycle
        return data.withUnsafeBufferPointer { bytes in
            let glance = JSONGlance(bytes)
            // What is no object may be anything: it is passed on, and nothing is learnt from it.
            guard let root = glance.root else { return shape.form == .unknown ? .output : kind }
            switch shape.form {
            case .chunks: takeChunk(glance, root)
            case .messages: takeMessageEvent(glance, root)
            case .responses: takeResponseEvent(glance, root)
            case .unknown:
                kind = .output
                takeHead(glance, root, isFinal: true)
            }
            if kind == .output { outputEvents += 1 }
            return kind
        }
    }

    /// Takes the body of an answer that is no stream.
    mutating func takeWhole(_ bytes: UnsafeBufferPointer<UInt8>, _ shape: AnswerShape) {
        let glance = JSONGlance(bytes)
        guard let root = glance.root else { return }
        takeHead(glance, root, isFinal: true)
        isComplete = errorType == nil
        switch shape.form {
        case .chunks:
            if let choices = glance.member("choices", of: root) { takeChoices(glance, choices) }
        case .messages:
            if let reason = glance.member("stop_reason", of: root) {
                finishReason = glance.text(reason) ?? finishReason
            }
            if let content = glance.member("content", of: root) {
                glance.items(of: content) { takeBlock(glance, $0) }
            }
        case .responses:
            if let output = glance.member("output", of: root) { takeItems(glance, output) }
            takeStatus(glance, root)
        case .unknown: break
        }
    }

    /// What all answers say of themselves.
    ///
    /// - Parameter isFinal: whether a usage here is that of the whole answer.
    private mutating func takeHead(_ glance: JSONGlance, _ root: Int, isFinal: Bool) {
        glance.members(of: root) { key, value in takeHead(glance, key, value, isFinal: isFinal) }
    }

    private mutating func takeHead(
        _ glance: JSONGlance, _ key: Range<Int>, _ value: Int, isFinal: Bool
    ) {
        switch key.count {
        case 2 where glance.has(key, "id"):
            if responseID == nil { responseID = glance.text(value) }
        case 5 where glance.has(key, "model"):
            if model == nil { model = glance.text(value) }
        case 5 where glance.has(key, "usage"):
            takeUsage(glance, value, isFinal: isFinal)
        case 5 where glance.has(key, "error"):
            takeError(glance, value)
        case 12 where glance.has(key, "service_tier"):
            takeTier(glance, value)
        default: break
        }
    }

    private mutating func takeTier(_ glance: JSONGlance, _ value: Int) {
        if let tier = glance.text(value), tier != "auto", !tier.isEmpty { serviceTier = tier }
    }

    private mutating func takeError(_ glance: JSONGlance, _ value: Int) {
        guard glance.isObject(value) else {
            // Some say it in a sentence.
            guard let sentence = glance.string(value), !sentence.isEmpty else { return }
            errorType = errorType ?? "error"
            kind = .error
            return
        }
        let type = glance.member("type", of: value).flatMap(glance.text)
        let code = glance.member("code", of: value).flatMap(glance.text)
        errorType = [type, code].compactMap(\.self).first { !$0.isEmpty } ?? "error"
        kind = .error
    }

    // MARK: Chunks

    private mutating func takeChunk(_ glance: JSONGlance, _ root: Int) {
        var (hasChoices, hasUsage) = (false, false)
        glance.members(of: root) { key, value in
            if glance.has(key, "choices") {
                hasChoices = takeChoices(glance, value)
                return
            }
            hasUsage = hasUsage || (glance.has(key, "usage") && glance.isObject(value))
            takeHead(glance, key, value, isFinal: true)
        }
        if hasUsage, !hasChoices, kind == .lifecycle { kind = .usage }
    }

    @discardableResult
    private mutating func takeChoices(_ glance: JSONGlance, _ choices: Int) -> Bool {
        var hasChoices = false
        glance.items(of: choices) { choice in
            hasChoices = true
            glance.members(of: choice) { key, value in
                if glance.has(key, "delta") || glance.has(key, "message") {
                    takeDelta(glance, value)
                } else if glance.has(key, "text"), let text = glance.string(value) {
                    sayOutput(glance[text])
                } else if glance.has(key, "finish_reason"), let reason = glance.text(value) {
                    finishReason = reason
                    choicesEnded += 1
                }
            }
        }
        return hasChoices
    }

    private mutating func takeDelta(_ glance: JSONGlance, _ delta: Int) {
        glance.members(of: delta) { key, value in
            if glance.has(key, "role") { return }
            if let text = glance.string(value) {
                if glance.has(key, "content") || glance.has(key, "refusal") {
                    sayOutput(glance[text])
                } else if glance.has(key, "reasoning_content") || glance.has(key, "reasoning") {
                    sayThinking(glance[text])
                }
            } else if glance.has(key, "tool_calls") {
                glance.items(of: value) { takeCall(glance, $0) }
            } else if glance.has(key, "function_call") {
                takeFunction(glance, value)
            } else if glance.has(key, "content"), glance.isArray(value) {
                glance.items(of: value) { takeBlock(glance, $0) }
            } else if glance.has(key, "audio"), glance.isObject(value) {
                kind = .output
            }
        }
    }

    private mutating func takeCall(_ glance: JSONGlance, _ call: Int) {
        kind = .output
        guard let function = glance.member("function", of: call) else { return }
        takeFunction(glance, function)
    }

    private mutating func takeFunction(_ glance: JSONGlance, _ function: Int) {
        guard glance.isObject(function) else { return }
        kind = .output
        glance.members(of: function) { key, value in
            guard glance.has(key, "name") || glance.has(key, "arguments"),
                let text = glance.string(value)
            else { return }
            sayOutput(glance[text])
        }
    }

    // MARK: Messages

    private mutating func takeMessageEvent(_ glance: JSONGlance, _ root: Int) {
        guard let type = glance.member("type", of: root).flatMap(glance.string) else {
            takeHead(glance, root, isFinal: false)
            return
        }
        if glance.has(type, "content_block_delta") {
            if let delta = glance.member("delta", of: root) { takeBlock(glance, delta) }
        } else if glance.has(type, "content_block_start") {
            if let block = glance.member("content_block", of: root) { takeBlock(glance, block) }
        } else if glance.has(type, "message_start") {
            guard let message = glance.member("message", of: root) else { return }
            takeHead(glance, message, isFinal: false)
        } else if glance.has(type, "message_delta") {
            takeHead(glance, root, isFinal: true)
            let reason = glance.member("delta", of: root).flatMap {
                glance.member("stop_reason", of: $0)
            }
            if let reason { finishReason = glance.text(reason) ?? finishReason }
        } else if glance.has(type, "message_stop") {
            isComplete = true
            kind = .end
        } else if glance.has(type, "ping") {
            kind = .ping
        } else if glance.has(type, "error") {
            takeHead(glance, root, isFinal: false)
            errorType = errorType ?? "error"
            kind = .error
        }
    }

    /// A block of content, or what is added to one: text, thinking, the call of a tool.
    private mutating func takeBlock(_ glance: JSONGlance, _ block: Int) {
        guard glance.isObject(block) else { return }
        if let type = glance.member("type", of: block).flatMap(glance.string),
            glance.has(type, "tool_use") || glance.has(type, "server_tool_use")
                || glance.has(type, "citations_delta") || glance.has(type, "mcp_tool_use")
        {
            kind = .output
        }
        glance.members(of: block) { key, value in
            if let text = glance.string(value) {
                if glance.has(key, "text") || glance.has(key, "partial_json")
                    || glance.has(key, "refusal")
                {
                    sayOutput(glance[text])
                } else if glance.has(key, "name") {
                    if kind == .output { sayOutput(glance[text]) }
                } else if glance.has(key, "thinking") {
                    sayThinking(glance[text])
                } else if glance.has(key, "signature") || glance.has(key, "data") {
                    // Nothing that is counted as text.
                    if kind != .output { kind = .thinking }
                }
            } else if glance.has(key, "input"), let input = glance.range(value), input.count > 2 {
                sayOutput(glance[input])
            }
        }
    }

    // MARK: Responses

    private mutating func takeResponseEvent(_ glance: JSONGlance, _ root: Int) {
        guard let type = glance.member("type", of: root).flatMap(glance.text) else {
            takeHead(glance, root, isFinal: false)
            return
        }
        switch type {
        case "response.completed", "response.incomplete", "response.failed", "response.cancelled":
            isComplete = true
            kind = .end
            takeResponse(glance, root, isFinal: true)
            if type == "response.failed" {
                errorType = errorType ?? "error"
                kind = .error
            }
        case "error":
            takeHead(glance, root, isFinal: false)
            let code = glance.member("code", of: root).flatMap(glance.text)
            errorType = errorType ?? code ?? "error"
            kind = .error
        case "response.output_item.added":
            guard let item = glance.member("item", of: root),
                let itemType = glance.member("type", of: item).flatMap(glance.text)
            else { return }
            if itemType.hasSuffix("_call") {
                kind = .output
                if let name = glance.member("name", of: item).flatMap(glance.string) {
                    sayOutput(glance[name])
                }
            }
            if itemType == "reasoning" { kind = .thinking }
        case _ where type.hasSuffix(".delta"):
            guard let text = glance.member("delta", of: root).flatMap(glance.string) else {
                kind = .output
                return
            }
            if type.hasPrefix("response.reasoning") {
                sayThinking(glance[text])
            } else {
                sayOutput(glance[text])
            }
        case _ where type.hasPrefix("response.reasoning"): kind = .thinking
        case _ where type.hasSuffix(".partial_image"): kind = .output
        default: takeResponse(glance, root, isFinal: false)
        }
    }

    private mutating func takeResponse(_ glance: JSONGlance, _ root: Int, isFinal: Bool) {
        guard let response = glance.member("response", of: root) else { return }
        let known = kind
        takeHead(glance, response, isFinal: isFinal)
        kind = known
        guard isFinal else { return }
        takeStatus(glance, response)
    }

    /// How a response ended, and why, if it did not come to its end.
    private mutating func takeStatus(_ glance: JSONGlance, _ response: Int) {
        let reason = glance.member("incomplete_details", of: response).flatMap {
            glance.member("reason", of: $0)
        }.flatMap(glance.text)
        let status = glance.member("status", of: response).flatMap(glance.text)
        finishReason = reason ?? status ?? finishReason
    }

    /// The output of a whole answer, which says nothing in events.
    private mutating func takeItems(_ glance: JSONGlance, _ output: Int) {
        glance.items(of: output) { item in
            glance.members(of: item) { key, value in
                if glance.has(key, "content") {
                    glance.items(of: value) { takeBlock(glance, $0) }
                } else if glance.has(key, "arguments") || glance.has(key, "name"),
                    let text = glance.string(value)
                {
                    sayOutput(glance[text])
                }
            }
        }
    }
}

// MARK: - Usage

extension SaidSoFar {
    /// Takes the members of a usage: those that come again replace what came before, null says nothing.
    private mutating func takeUsage(_ glance: JSONGlance, _ value: Int, isFinal: Bool) {
        guard glance.isObject(value), let range = glance.range(value),
            let told = try? JSONTree(parsing: glance[range]), let members = told.members,
            !members.isEmpty
        else { return }
        if let tier = glance.member("service_tier", of: value) { takeTier(glance, tier) }
        guard var usage = usageMembers else {
            usageMembers = told
            isUsageFinal = isFinal
            return
        }
        for member in members where member.value != .null || usage.member(member.key) == nil {
            usage = usage.replacing(member.key, with: member.value)
        }
        usageMembers = usage
        isUsageFinal = isUsageFinal || isFinal
    }

    /// The usage as the provider told it; nil if it did not, or contradicts itself.
    func usage(of shape: AnswerShape) -> Usage? {
        guard let usageMembers else { return nil }
        var members: [JSONTree.Member] = [.init("usage", usageMembers)]
        if let model { members.append(.init("model", .text(model))) }
        let answer = JSONTree.object(members)
        for extractor in shape.extractors {
            if let read = try? extractor.extract(from: answer) { return read.usage }
        }
        return nil
    }
}
