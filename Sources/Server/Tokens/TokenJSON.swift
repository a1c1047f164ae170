package import Estimates
package import JSON
package import LedgerModel
package import Prompts
package import Tokenizing

// The answers about tokens, the same from commands and calls.

extension JSONWriter {
    /// What was counted with, and how far it can be trusted.
    package mutating func basis(_ tools: TokenTools, _ exactness: TokenCounter.Exactness? = nil) {
        field("model", tools.profile.family == .none ? nil : tools.profile.name)
        field("encoding", tools.tokenizer.name)
        switch exactness ?? tools.counter.exactness {
        case .exact: field("exactness", "exact")
        case .estimated(let band):
            field("exactness", "estimated")
            field("band", band)
        }
    }

    package static func count(of text: String, _ tools: TokenTools) -> JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.field("tokens", tools.counter.count(text))
            json.basis(tools)
            json.labels(tools.plain.map { ($0.name, $0.count(text)) })
        }
        return json
    }

    /// What the event of an estimated request carries, so that the ledger learns from its bill.
    private mutating func labels(_ estimate: (name: String, tokens: Int)?) {
        guard let estimate else { return }
        key("labels")
        object { json in
            json.field("estimated_input_tokens", String(estimate.tokens))
            json.field("estimated_with", estimate.name)
        }
    }

    /// The count of a request; with `lines`, where it comes from.
    package static func count(
        of request: ChatRequest, _ tools: TokenTools, lines: Bool
    ) -> JSONWriter {
        let count = tools.requests.count(request)
        let plain = tools.plain.map { plain in
            let counter = RequestCounter(profile: tools.profile, counter: plain)
            return (plain.name, counter.count(request).tokens)
        }
        var json = JSONWriter()
        json.object { json in
            json.count(count, tools, lines: lines)
            json.labels(plain)
        }
        return json
    }

    private mutating func count(_ count: RequestCount, _ tools: TokenTools, lines: Bool) {
        field("tokens", count.tokens)
        basis(tools, count.exactness)
        field("at_most", count.upperBound)
        key("messages")
        array(of: count.messageTokens) { $0.value($1) }
        key("uncounted")
        array(of: count.uncounted) { $0.value($1) }
        if let window = ContextWindow(model: tools.profile.name) {
            field("window", window.tokens)
            field("left", window.tokens - count.tokens)
        }
        guard lines else { return }
        key("lines")
        array(of: count.lines) { json, line in
            json.object { json in
                json.field("place", line.place)
                json.field("source", line.source.rawValue)
                json.field("tokens", line.tokens)
                json.field("basis", line.basis.rawValue)
            }
        }
    }

    package static func ids(_ ids: [TokenID], _ tools: TokenTools) -> JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.field("tokens", ids.count)
            json.basis(tools)
            json.key("ids")
            json.array(of: ids) { $0.value($1) }
        }
        return json
    }

    /// Bytes that are no text by themselves have U+FFFD in them, and it is said.
    package static func decoded(_ bytes: [UInt8], _ tools: TokenTools) -> JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.field("text", String(decoding: bytes, as: UTF8.self))
            json.field("well_formed", String(validating: bytes, as: UTF8.self) != nil)
            json.basis(tools)
        }
        return json
    }

    package static func truncated(
        _ text: String, to limit: Int, _ tools: TokenTools
    ) -> JSONWriter {
        let shorter = tools.truncate(text, to: limit)
        var json = JSONWriter()
        json.object { json in
            json.field("text", shorter)
            json.field("tokens", tools.counter.count(shorter))
            json.field("tokens_before", tools.counter.count(text))
            json.field("truncated", shorter.utf8.count < text.utf8.count)
            json.basis(tools)
        }
        return json
    }

    package static func pieces(of text: String, _ tools: TokenTools) throws(TokenRefusal)
        -> JSONWriter
    {
        let (pieces, count) = TokenPiece.pieces(of: text, try tools.exactTokenizer())
        var json = JSONWriter()
        json.object { json in
            json.field("tokens", count)
            json.basis(tools)
            json.field("listed", pieces.count)
            json.key("pieces")
            json.array(of: pieces) { json, piece in
                json.object { json in
                    json.field("id", piece.id)
                    json.field("start", piece.start)
                    if let text = piece.text {
                        json.field("text", text)
                    } else {
                        json.field("bytes", piece.hexadecimal)
                    }
                }
            }
        }
        return json
    }

    package static func fitted(_ fitted: FittedContext, _ tools: TokenTools) -> JSONWriter {
        let proof = fitted.proof
        var json = JSONWriter()
        json.object { json in
            json.key("body")
            json.value(raw: fitted.request.body.json)
            json.key("kept")
            json.array(of: fitted.kept) { $0.value($1) }
            json.key("dropped")
            json.array(of: fitted.dropped) { $0.value($1) }
            json.key("cut")
            json.array(of: fitted.cuts) { json, cut in
                json.object { json in
                    json.field("message", cut.message)
                    json.field("tokens_before", cut.tokensBefore)
                    json.field("tokens", cut.tokensAfter)
                }
            }
            json.field("summary", fitted.summary)
            json.field("tokens_before", proof.tokensBefore)
            json.key("proof")
            json.object { json in
                json.count(proof.count, tools, lines: false)
                json.field("reserve", proof.reserve)
                json.field("budget", proof.budget)
                json.field("fits", proof.holds)
            }
        }
        return json
    }
}

/// How a count is labelled wherever people read it.
package func exactnessLabel(_ exactness: TokenCounter.Exactness) -> String {
    switch exactness {
    case .exact: return "exact"
    case .estimated(let band):
        let tenths = Int((band * 1_000).rounded(.up))
        return "estimated ±\(tenths / 10)\(tenths % 10 == 0 ? "" : ".\(tenths % 10)") %"
    }
}

extension JSONWriter {
    /// - Parameter event: under which it was recorded; nil if it was not.
    package static func optimized(
        _ prompt: OptimizedPrompt, _ tools: TokenTools, event: EventID? = nil
    ) -> JSONWriter {
        let result = prompt.result
        var json = JSONWriter()
        json.object { json in
            json.field("tokens_before", result.tokensBefore)
            json.field("tokens", result.tokensAfter)
            json.field("saved", result.tokensSaved)
            json.field("reduction", result.reduction)
            json.field("savings_usd", prompt.savings?.description)
            json.basis(tools)
            json.field("lossless", result.isLossless)
            json.key("strategies")
            json.array(of: result.strategies) { $0.value($1.rawValue) }
            json.key("quality")
            json.quality(result.quality)
            json.key("stages")
            json.array(of: result.stages) { $0.stage($1) }
            json.key("references")
            json.array(of: result.references) { json, reference in
                json.object { json in
                    json.field("marker", reference.marker)
                    json.field("content", reference.content)
                }
            }
            if let event { json.field("event_id", event.description) }
            json.prompt(prompt)
        }
        return json
    }

    private mutating func prompt(_ prompt: OptimizedPrompt) {
        guard prompt.result.optimized.form == .chat else {
            return field("text", prompt.result.optimized.text)
        }
        if let body = prompt.body {
            key("body")
            return value(raw: body.json)
        }
        key("messages")
        array(of: prompt.result.optimized.messages) { json, message in
            json.object { json in
                json.field("role", message.role.rawValue)
                json.field("content", message.text)
            }
        }
    }

    private mutating func quality(_ quality: QualityScore) {
        object { json in
            json.field("overall", quality.overall)
            json.field("facts", quality.facts)
            json.field("numbers", quality.numbers)
            json.field("names", quality.names)
            json.field("error_lines", quality.errorLines)
            json.field("instructions", quality.instructions)
            json.field("similarity", quality.similarity)
            json.field("contradictions", quality.contradictions)
        }
    }

    private mutating func stage(_ stage: StageReport) {
        object { json in
            json.field("stage", stage.stage.rawValue)
            json.field("outcome", stage.outcome.label)
            json.field("tokens_before", stage.tokensBefore)
            json.field("tokens", stage.tokensAfter)
            json.field("milliseconds", stage.time / .milliseconds(1))
            json.field("lossless", stage.isLossless)
        }
    }
}

extension StageReport.Outcome {
    package var label: String {
        switch self {
        case .applied: "applied"
        case .unchanged: "unchanged"
        case .savedNothing: "saved nothing"
        case .harmed: "harmed"
        }
    }
}
