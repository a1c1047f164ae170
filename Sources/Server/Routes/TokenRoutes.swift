import EventStore
import HTTPTypes
import Hummingbird
import Ingest
import Tokens

/// `/api/v1/tokens/…`: counting, encoding, cutting and fitting without a database.
struct TokenRoutes: Sendable {
    let access: AccessControl
    let desk = TokenDesk()

    /// Bytes of a body, also after expansion.
    static let tokenBodyBytesMax = 16 << 20
    /// Tokens that a limit, a window or a reserve can name.
    static let tokensMax = 1_000_000_000

    func add(to router: Router<TallyContext>) {
        let calls: [(String, @Sendable (TokenQuestion) throws -> JSONWriter)] = [
            ("count", { try count($0, lines: false) }), ("explain", { try explain($0) }),
            ("encode", { try encode($0) }), ("decode", { try decode($0) }),
            ("truncate", { try truncate($0) }), ("fit", { try fit($0) }),
        ]
        for (name, answer) in calls {
            router.post(RouterPath("/api/v1/tokens/\(name)")) { request, _ in
                try await self.answer(request, answer)
            }
        }
    }

    private func answer(
        _ request: Request, _ answer: (TokenQuestion) throws -> JSONWriter
    ) async throws -> Response {
        _ = try await access.caller(key: request.apiKey, needs: .read)
        let body = try await request.withBody(upTo: Self.tokenBodyBytesMax) {
            try TreeReader.read($0)
        }
        do {
            return .json(try answer(TokenQuestion(body)))
        } catch {
            guard let refusal = TokenRefusal(error) else { throw error }
            throw Failure.invalid(refusal.description, param: refusal.param)
        }
    }

    private func count(_ question: TokenQuestion, lines: Bool) throws -> JSONWriter {
        guard let chat = try question.chat() else {
            return .count(of: try question.text(), try desk.tools(question.selection))
        }
        let tools = try desk.tools(question.selection, for: chat)
        return .count(tools.requests.count(chat), tools, lines: lines)
    }

    private func explain(_ question: TokenQuestion) throws -> JSONWriter {
        guard question.body["text"] != nil else { return try count(question, lines: true) }
        return try .pieces(of: try question.text(), try desk.tools(question.selection))
    }

    private func encode(_ question: TokenQuestion) throws -> JSONWriter {
        let tools = try desk.tools(question.selection)
        return .ids(try tools.exactTokenizer().encode(try question.text()), tools)
    }

    private func decode(_ question: TokenQuestion) throws -> JSONWriter {
        let tools = try desk.tools(question.selection)
        return .decoded(try tools.exactTokenizer().decode(try question.ids()), tools)
    }

    private func truncate(_ question: TokenQuestion) throws -> JSONWriter {
        guard let limit = try question.number("max_tokens", in: 0...Self.tokensMax) else {
            throw Failure.invalid("max_tokens is missing", param: "max_tokens")
        }
        return .truncated(try question.text(), to: limit, try desk.tools(question.selection))
    }

    private func fit(_ question: TokenQuestion) throws -> JSONWriter {
        guard let chat = try question.chat() else {
            throw Failure.invalid("chat is missing: a text is cut with truncate", param: "chat")
        }
        let tools = try desk.tools(question.selection, for: chat)
        let fitter = try ContextFitter(
            counter: tools.requests,
            window: tools.window(try question.number("window", in: 1...Self.tokensMax)),
            reserve: try question.number("reserve", in: 0...Self.tokensMax),
            for: chat, policy: try question.policy())
        let note = try question.note
        let summarise: Summarising? = note.map { note in { _ in note } }
        return .fitted(try fitter.fit(chat, summarise: summarise), tools)
    }
}
