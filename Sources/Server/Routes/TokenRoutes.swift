import Access
import Booking
import Estimates
import Estimating
import EventReading
import HTTPTypes
import Hummingbird
import JSON
import LedgerModel
import PriceBooks
import Pricing
import Prompts
import Tokenizing

/// `/api/v1/tokens/…`: counting, encoding, cutting, fitting and optimizing.
struct TokenRoutes: Sendable {
    let parts: ServerParts
    let learnt = LearntEstimates()
    let tokens = TokenService()

    /// Bytes of a body, also after expansion.
    static let tokenBodyBytesMax = 16 << 20
    /// Tokens that a limit, a window or a reserve can name.
    static let tokensMax = 1_000_000_000

    /// What a call is answered from beside its body.
    private struct Ledger {
        let calibrations: EstimateCalibrations
        let prices: PriceSchedule
        let time: Timestamp
    }

    func add(to router: Router<TallyContext>) {
        let calls: [(String, @Sendable (TokenQuestion, Ledger) throws -> JSONWriter)] = [
            ("count", { try count($0, $1, lines: false) }), ("explain", explain),
            ("encode", encode), ("decode", decode), ("truncate", truncate), ("fit", fit),
        ]
        for (name, call) in calls {
            router.post(RouterPath("/api/v1/tokens/\(name)")) { request, _ in
                try await answer(request) { question, ledger in try call(question, ledger) }
            }
        }
        router.post("/api/v1/tokens/optimize") { request, _ in
            try await answer(request) { try await optimize($0, $1, key: request.apiKey) }
        }
    }

    private func answer(
        _ request: Request, _ call: (TokenQuestion, Ledger) async throws -> JSONWriter
    ) async throws -> Response {
        let caller = try await parts.access.caller(key: request.apiKey, needs: .read)
        let now = parts.now()
        let prices = try await parts.ledgers.openLedger(caller.ledger).prices
        let ledger = Ledger(
            calibrations: await learnt.of(caller.ledger, at: now, in: parts.pool),
            prices: prices.schedule, time: now)
        let body = try await request.withBody(upTo: Self.tokenBodyBytesMax) {
            try TreeReader.read($0)
        }
        do {
            return .json(try await call(TokenQuestion(body), ledger))
        } catch {
            guard let refusal = TokenRefusal(error) else { throw error }
            throw Failure.invalid(refusal.description, param: refusal.param)
        }
    }

    // MARK: Calls

    private func count(
        _ question: TokenQuestion, _ ledger: Ledger, lines: Bool
    ) throws -> JSONWriter {
        guard let chat = try question.chat() else {
            return .count(of: try question.text(), try tools(question, ledger))
        }
        return .count(of: chat, try tools(question, ledger, for: chat), lines: lines)
    }

    private func explain(_ question: TokenQuestion, _ ledger: Ledger) throws -> JSONWriter {
        guard question.isAboutText else {
            return try count(question, ledger, lines: true)
        }
        return try .pieces(of: try question.text(), try tools(question, ledger))
    }

    private func encode(_ question: TokenQuestion, _ ledger: Ledger) throws -> JSONWriter {
        let tools = try tools(question, ledger)
        return .ids(try tools.exactTokenizer().encode(try question.text()), tools)
    }

    private func decode(_ question: TokenQuestion, _ ledger: Ledger) throws -> JSONWriter {
        let tools = try tools(question, ledger)
        return .decoded(try tools.exactTokenizer().decode(try question.ids()), tools)
    }

    private func truncate(_ question: TokenQuestion, _ ledger: Ledger) throws -> JSONWriter {
        guard let limit = try question.number("max_tokens", in: 0...Self.tokensMax) else {
            throw Failure.invalid("max_tokens is missing", param: "max_tokens")
        }
        return .truncated(try question.text(), to: limit, try tools(question, ledger))
    }

    private func fit(_ question: TokenQuestion, _ ledger: Ledger) throws -> JSONWriter {
        guard let chat = try question.chat() else {
            throw Failure.invalid("chat is missing: a text is cut with truncate", param: "chat")
        }
        let tools = try tools(question, ledger, for: chat)
        let fitter = try ContextFitter(
            counter: tools.requests,
            window: tools.window(try question.number("window", in: 1...Self.tokensMax)),
            reserve: try question.number("reserve", in: 0...Self.tokensMax),
            for: chat, policy: try question.policy())
        let note = try question.text(of: "note")
        let summarise: Summarising? = note.map { note in { _ in note } }
        return .fitted(try fitter.fit(chat, summarise: summarise), tools)
    }

    private func optimize(
        _ question: TokenQuestion, _ ledger: Ledger, key: String?
    ) async throws -> JSONWriter {
        let wish = try question.wish()
        let recorded = try question.recorded()
        let recorder =
            recorded == nil ? nil : try await parts.access.caller(key: key, needs: .ingest)
        let prompt: OptimizedPrompt
        let tools: TokenTools
        if let chat = try question.chat() {
            tools = try self.tools(question, ledger, for: chat)
            prompt = try .optimize(
                chat: chat, wish, tools, of: recorded ?? Dimensions(), under: ledger.prices,
                at: ledger.time)
        } else {
            tools = try self.tools(question, ledger)
            prompt = try .optimize(
                text: try question.text(), wish, tools, of: recorded ?? Dimensions(),
                under: ledger.prices, at: ledger.time)
        }
        guard let recorder else { return .optimized(prompt, tools) }
        let event = try prompt.event(
            id: parts.makeID(), at: ledger.time, tools)
        try await parts.ledgers.openLedger(recorder.ledger).intake.take(event)
        return .optimized(prompt, tools, event: event.id)
    }

    private func tools(
        _ question: TokenQuestion, _ ledger: Ledger, for chat: ChatRequest? = nil
    ) throws -> TokenTools {
        try tokens.tools(question.selection, for: chat, calibrations: ledger.calibrations)
    }
}
