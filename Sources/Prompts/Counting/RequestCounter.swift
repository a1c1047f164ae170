import JSON
package import Tokenizing

/// Counts the tokens of a request as its provider does.
package struct RequestCounter: Sendable {
    package let profile: ModelProfile
    package let counter: TokenCounter

    /// - Parameter counter: an exact counter, or the estimate that the profile requires.
    package init(profile: ModelProfile, counter: TokenCounter) {
        self.profile = profile
        self.counter = counter
    }

    /// The band of texts.
    var textBand: Double {
        if case .estimated(let band) = counter.exactness { band } else { 0 }
    }
    /// The band of every estimated line: what bills correct is the band of whole requests.
    private var band: Double {
        counter.exactness == .exact ? RequestCount.ruleBand : textBand
    }
    private var textBasis: RequestCount.Basis { counter.exactness == .exact ? .exact : .estimated }
    /// The basis of documented rules; with an estimated tokenizer they are no better than the
    /// estimate.
    private var ruleBasis: RequestCount.Basis {
        counter.exactness == .exact ? .documented : .estimated
    }

    package func count(_ request: ChatRequest) -> RequestCount {
        var count = RequestCount(band: band)
        count.uncounted = request.uncounted
        for message in request.messages { count.message { add(message, to: &$0) } }
        addPreamble(request, to: &count)
        addTools(request, to: &count)
        if let schema = request.answerSchema {
            count.add(
                .init(
                    place: "answer schema", source: .schema,
                    tokens: counter.count(schema.json), basis: .estimated))
        }
        if profile.frame.primer > 0 {
            count.add(
                .init(
                    place: "answer", source: .primer, tokens: profile.frame.primer,
                    basis: ruleBasis))
        }
        return count
    }

    /// Counts one message with its frame.
    package func count(_ message: ChatMessage) -> RequestCount {
        var count = RequestCount(band: band)
        count.message { add(message, to: &$0) }
        return count
    }

    // MARK: Messages

    private func add(_ message: ChatMessage, to count: inout RequestCount) {
        let place = message.place
        let frame = profile.frame
        let around = frame.tokens(around: message)
        if around != 0 {
            let basis = message.roleName == "tool" ? .estimated : ruleBasis
            count.add(.init(place: place, source: .frame, tokens: around, basis: basis))
        }
        if frame.countsRole {
            count.add(
                .init(
                    place: place, source: .role, tokens: counter.count(message.roleName),
                    basis: textBasis))
        }
        if let name = message.name {
            count.add(
                .init(
                    place: place, source: .name,
                    tokens: counter.count(name) + frame.tokens(aroundNameOf: message),
                    basis: textBasis))
        }
        for part in message.parts { add(part, place, to: &count) }
        let aroundCalls = frame.tokens(aroundCalls: message.callIDs.count)
        if aroundCalls > 0 {
            count.add(
                .init(
                    place: place, source: .toolCall, tokens: aroundCalls, basis: .estimated))
        }
    }

    private func add(_ part: ContentPart, _ place: String, to count: inout RequestCount) {
        switch part {
        case .text(let text):
            count.add(
                .init(place: place, source: .text, tokens: counter.count(text), basis: textBasis))
        case .reasoning(let text):
            // Providers drop the thinking of earlier turns before they bill.
            count.add(
                .init(
                    place: place, source: .reasoning, tokens: counter.count(text),
                    basis: .atMost))
        case .image(let image): add(image, place, to: &count)
        case .audio(let milliseconds): add(audio: milliseconds, place, to: &count)
        case .toolCall(let call):
            let tokens =
                counter.count(call.name) + counter.count(call.arguments) + profile.frame.toolCall
            count.add(.init(place: place, source: .toolCall, tokens: tokens, basis: .estimated))
        case .toolResult(let result): add(result, place, to: &count)
        case .opaque(let kind):
            count.uncounted.append("\(place): \(kind) tokens are known only to the provider")
        }
    }

    private func add(_ result: ToolResult, _ place: String, to count: inout RequestCount) {
        for part in result.parts {
            guard case .text(let text) = part else {
                add(part, place, to: &count)
                continue
            }
            count.add(
                .init(
                    place: place, source: .toolResult, tokens: counter.count(text),
                    basis: textBasis))
        }
    }

    private func add(_ image: ImagePart, _ place: String, to count: inout RequestCount) {
        guard let rule = profile.images else {
            count.uncounted.append("\(place): how \(profile.name) counts images is not known")
            return
        }
        let isKnown = image.size != nil || !rule.needsSize(for: image.detail)
        count.add(
            .init(
                place: place, source: .image,
                tokens: rule.tokens(of: image.size, detail: image.detail),
                basis: isKnown ? ruleBasis : .atMost))
    }

    private func add(
        audio milliseconds: Int?, _ place: String, to count: inout RequestCount
    ) {
        guard let rate = profile.audioCentitokens, let milliseconds else {
            count.uncounted.append(
                milliseconds == nil
                    ? "\(place): the length of the audio is not in its header"
                    : "\(place): how \(profile.name) counts audio is not known")
            return
        }
        count.add(
            .init(
                place: place, source: .audio, tokens: (milliseconds * rate + 99_999) / 100_000,
                basis: ruleBasis))
    }

    // MARK: What the provider adds

    private func addPreamble(_ request: ChatRequest, to count: inout RequestCount) {
        guard let preamble = profile.frame.preamble,
            !(preamble.onlyWithoutSystem && request.hasSystem)
        else { return }
        let role = profile.frame.countsRole ? counter.count("system") : 0
        count.add(
            .init(
                place: "chat format", source: .preamble,
                tokens: counter.count(preamble.text) + profile.frame.tokens(around: .system)
                    + role, basis: ruleBasis))
    }

    private func addTools(_ request: ChatRequest, to count: inout RequestCount) {
        guard !request.tools.isEmpty else { return }
        for tool in request.tools where tool.isHosted {
            count.uncounted.append(
                "tool \(tool.name): how the provider shows it to the model is not documented")
        }
        let tools = request.tools.filter { !$0.isHosted }
        let found = profile.tools.count(tools, in: request, counter)
        for (tool, tokens) in zip(tools, found.definitions) {
            count.add(
                .init(
                    place: "tool \(tool.name)", source: .toolDefinition, tokens: tokens,
                    basis: .estimated))
        }
        if found.frame != 0 {
            count.add(
                .init(
                    place: "tools", source: .toolFrame, tokens: found.frame,
                    basis: found.isFrameDocumented ? ruleBasis : .estimated))
        }
        if found.choice > 0 {
            count.add(
                .init(
                    place: "tool choice", source: .toolFrame, tokens: found.choice,
                    basis: .estimated))
        }
    }
}
