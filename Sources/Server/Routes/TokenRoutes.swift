import Access
import Booking
import Estimates
import EventReading
import HTTPTypes
import Hummingbird
import JSON
import LedgerModel
import PriceBooks
import Prompts
import Rendering
import Tokenizing

/// `/api/v1/tokens/…`: counting, encoding, cutting, fitting and optimizing.
enum TokenRoutes {
    private static let path = "/api/v1/tokens/"
    /// The most bytes of a body, also after expansion.
    static let tokenBodyBytesMax = 16 << 20
    /// The most token ids that are answered.
    private static let idsMax = 1_000_000
    /// The most tokens in a limit, a window or a reserve.
    private static let tokensMax = 1_000_000_000

    static let routes: [Route] = [
        Route(
            .post, path + "count", "Count the tokens of a text or a chat",
            answers: [.json(TextCount.self, or: ChatCount.self)]
        ) { (call, input: Subject) in
            try await count(call, input, lines: false)
        },
        Route(
            .post, path + "explain", "List a text's tokens, or break down a chat's count",
            answers: [.json(TokenPieces.self, or: ChatCount.self)]
        ) { (call, input: Subject) in
            guard input.isAboutText else { return try await count(call, input, lines: true) }
            let (text, tools) = (try input.text(), try await call.tools(input))
            return .json(try await call.compute { try TokenPieces(of: text, tools) })
        },
        Route(.post, path + "encode", "Turn a text into token ids") {
            (call, input: Subject) in
            let (text, tools) = (try input.text(), try await call.tools(input))
            let ids = try await call.compute { try tools.exactTokenizer().encode(text) }
            guard ids.count <= idsMax else {
                throw Refusal(
                    kind: .tooLarge,
                    description: "the text has \(ids.count) tokens: send at most \(idsMax) at a "
                        + "time",
                    param: "text")
            }
            return EncodedText(ids, tools)
        },
        Route(.post, path + "decode", "Turn token ids into a text") {
            (call, input: IDInput) in
            let tools = try await call.tools(input.subject)
            let text = try await call.compute { try tools.exactTokenizer().decode(input.ids) }
            return DecodedText(text, tools)
        },
        Route(.post, path + "truncate", "Cut a text to a number of tokens") {
            (call, input: TruncationInput) in
            let (text, tools) = (
                try input.subject.text(), try await call.tools(input.subject)
            )
            return try await call.compute { TruncatedText(text, to: input.limit, tools) }
        },
        Route(.post, path + "fit", "Fit a chat into a context window", fit),
        Route(.post, path + "optimize", "Shorten a prompt", optimize),
    ]

    /// The subject of a call: a model or an encoding, and a text or a chat.
    fileprivate struct Subject: Input {
        static let body = BodyForm.object(bytesMax: tokenBodyBytesMax)
        let selection: TokenSelection
        /// The chat under `chat`, or the body itself if it has the shape of a chat.
        let chat: ChatRequest?
        let isAboutText: Bool
        private let written: JSONTree?

        init(_ given: Given) throws {
            selection = TokenSelection(
                model: try given.member("model", .text, "The model whose tokenizer counts."),
                encoding: try given.member("encoding", .text, "The encoding, in place of a model."))
            written = try given.member("text", .json, "The text.")
            let chat = try given.member("chat", .json, "A chat request, of any provider.")
            let body = given.body
            // In a body of the responses API `text` is an object.
            let isChat = ["messages", "input", "contents"].contains { body[$0] != nil }
            isAboutText = written != nil && !isChat
            if let chat {
                self.chat = try ChatRequest(chat)
            } else if isChat, body["ids"] == nil, !given.isDescription {
                self.chat = try ChatRequest(body)
            } else {
                self.chat = nil
            }
            given.acceptOthers(if: chat == nil && self.chat != nil)
        }

        /// The text of a call that is not about a chat.
        func text(orElse remedy: String = "text is missing") throws -> String {
            guard let written else { throw Refusal.invalid(remedy, param: "text") }
            guard let text = written.string else {
                throw Refusal.invalid("text must be text, not \(written.noun)", param: "text")
            }
            return text
        }
    }

    // MARK: Texts

    private static let textOrChat = "give text, or a chat with messages, input or contents"

    private static func count(
        _ call: Call, _ input: Subject, lines: Bool
    ) async throws -> Response {
        let tools = try await call.tools(input)
        guard let chat = input.chat else {
            let text = try input.text(orElse: textOrChat)
            return .json(try await call.compute { TextCount(of: text, tools) })
        }
        return .json(try await call.compute { ChatCount(of: chat, tools, lines: lines) })
    }

    private struct IDInput: Input {
        static let body = Subject.body
        let subject: Subject
        let ids: [TokenID]

        init(_ given: Given) throws {
            subject = try Subject(given)
            ids = try given.member(
                required: "ids", .list(of: .tokenID), "Token ids, in order.")
        }
    }

    private struct TruncationInput: Input {
        static let body = Subject.body
        let subject: Subject
        let limit: Int

        init(_ given: Given) throws {
            subject = try Subject(given)
            limit = try given.member(
                required: "max_tokens", .count(in: 0...tokensMax), "The maximum number of tokens.")
        }
    }

    // MARK: Fitting

    private struct FitInput: Input {
        static let body = Subject.body
        let subject: Subject
        let window: Int?
        let reserve: Int?
        let policy: ContextPolicy
        let note: String?

        init(_ given: Given) throws {
            subject = try Subject(given)
            window = try given.member(
                "window", .count(in: 1...tokensMax), "The window's tokens; default the model's.")
            reserve = try given.member(
                "reserve", .count(in: 0...tokensMax), "Tokens kept for the answer.")
            note = try given.member("note", .text, "Text that replaces what is dropped.")
            let numbers = Kind.count(in: 0...ChatRequest.messagesMax)
            var policy = ContextPolicy()
            policy.order =
                try given.member("order", .contextOrder, "What to drop first.") ?? policy.order
            policy.pinned = Set(
                try given.member("pinned", .list(of: numbers), "The numbers of messages that stay.")
                    ?? [])
            let priorities = try given.member(
                "priorities", .map(of: numbers, .count(in: Int.min...Int.max)),
                "Priorities of messages by number, such as {\"3\":2}.")
            for (number, priority) in priorities ?? [] { policy.priorities[number] = priority }
            policy.keepLast =
                try given.member(
                    "keep_last", numbers, "How many messages at the end stay; default 1.")
                ?? 1
            policy.cutsTexts =
                try given.member("cut", .flag, "Whether texts may be cut.") ?? false
            self.policy = policy
        }
    }

    private static func fit(_ call: Call, _ input: FitInput) async throws -> FittedChat {
        guard let chat = input.subject.chat else {
            throw Refusal.invalid("chat is missing: to cut a text, use truncate", param: "chat")
        }
        let tools = try await call.tools(input.subject)
        return try await call.compute {
            let fitter = try ContextFitter(
                counter: tools.requests, window: tools.window(input.window),
                reserve: input.reserve, for: chat, policy: input.policy)
            let summarise: Summarising? = input.note.map { note in { _ in note } }
            return FittedChat(try fitter.fit(chat, summarise: summarise), tools)
        }
    }

    // MARK: Optimizing

    private struct OptimizationInput: Input {
        static let body = Subject.body
        let subject: Subject
        let wish: OptimizationWish
        /// The dimensions of the prompt; nil if it is not recorded.
        let recorded: Dimensions?

        init(_ given: Given) throws {
            subject = try Subject(given)
            var wish = OptimizationWish()
            wish.stages = try given.member(
                "stages", .list(of: .text), "Stages to run; default all that are allowed.")
            wish.allowsLossy =
                try given.member("lossy", .flag, "Whether lossy stages are allowed.") ?? false
            wish.budget = try given.member(
                "budget", .count(in: 1...tokensMax), "The number of tokens that may remain.")
            wish.query = try given.member("query", .text, "What the prompt should answer.")
            wish.qualityMin = try given.member(
                "quality_min", .number(in: 0...1), "Undo lossy stages that go below this.")
            wish.pinned = Set(
                try given.member(
                    "pinned", .list(of: .count(in: 0...ChatRequest.messagesMax)),
                    "The numbers of messages that lossy stages leave alone.") ?? [])
            self.wish = wish
            let record = try given.member(
                "record", .map(of: .dimension, .name),
                "Book the saving under these dimensions; needs the scope ingest.")
            recorded = try record.map { record in
                var dimensions = Dimensions()
                for (dimension, value) in record {
                    guard dimension != .model else {
                        throw Refusal.invalid("record has no member model", param: "record")
                    }
                    dimensions[dimension] = value
                }
                return dimensions
            }
        }
    }

    private static func optimize(
        _ call: Call, _ input: OptimizationInput
    ) async throws -> OptimizedResult {
        if input.recorded != nil { try call.require(.ingest) }
        let ledger = try await call.ledger()
        let tools = try await call.tools(input.subject)
        let (whose, prices) = (input.recorded ?? Dimensions(), ledger.prices.schedule)
        let time = call.now
        let prompt: OptimizedPrompt = try await call.compute {
            if let chat = input.subject.chat {
                try .optimize(
                    chat: chat, input.wish, tools, of: whose, under: prices, at: time)
            } else {
                try .optimize(
                    text: try input.subject.text(orElse: textOrChat), input.wish, tools,
                    of: whose, under: prices, at: time)
            }
        }
        guard input.recorded != nil else { return OptimizedResult(prompt, tools) }
        let event = try prompt.event(id: call.parts.makeID(), at: time, tools)
        try await ledger.intake.take(event)
        return OptimizedResult(prompt, tools, event: event.id)
    }
}

extension Call {
    /// The counter for tokens, calibrated by the ledger's billed requests.
    fileprivate func tools(_ subject: TokenRoutes.Subject) async throws -> TokenTools {
        let learnt = await parts.learnt.of(caller.ledger, at: now, in: parts.pool)
        return try TokenService().tools(
            subject.selection, for: subject.chat, calibrations: learnt)
    }
}

extension Kind where Value == TokenID {
    fileprivate static let tokenID = Kind<Int64>.integer(in: 0...Int64(TokenID.max))
        .map(0) { TokenID(exactly: $0) }
}

extension Kind where Value == ContextPolicy.Order {
    fileprivate static let contextOrder = choice("known", ["oldest", "priority"], .oldestFirst) {
        ContextPolicy.Order(rawValue: $0)
    }
}
