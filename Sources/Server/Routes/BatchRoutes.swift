import BatchRunner
import HTTPTypes
import Hummingbird
import JSON
import LedgerModel
import Rendering

/// `/v1/batches` in OpenAI's shapes, `/v1/messages/batches` in Anthropic's.
enum BatchRoutes {
    static let routes = openAI + anthropic

    private static let callers = FileRoutes.callers
    private static let path = "/v1/batches"
    private static let messages = "/v1/messages/batches"

    // MARK: OpenAI

    private static let openAI: [Route] = [
        Route(
            .post, path, "Have the requests of a file called within a day, at the batch price",
            needs: callers, answers: [BatchSchemas.batch]
        ) { (call, input: CreateInput) in
            var order = BatchOrder(.openAI, endpoint: input.endpoint)
            order.provider = call.providerName
            order.facts = try call.facts()
            order.metadata = input.metadata?.json
            return openAI(
                try await call.parts.batches.create(
                    order, from: input.file, for: call.batchOwner, at: call.now))
        },
        Route(
            .get, path, "List the caller's batches", needs: callers,
            answers: [BatchSchemas.batches]
        ) { (call, input: ListInput) in
            let (page, hasMore) = try await input.page(call, .openAI)
            var json = JSONWriter()
            json.object { json in
                json.field("object", "list")
                json.key("data")
                json.array(of: page) { $0.value(openAI: $1) }
                json.field("has_more", hasMore)
                json.field("first_id", page.first.map { PublicID.batch($0.id, .openAI) })
                json.field("last_id", page.last.map { PublicID.batch($0.id, .openAI) })
            }
            return .json(json)
        },
        Route(
            .get, path + "/{id}", "Show a batch", needs: callers, answers: [BatchSchemas.batch]
        ) { (call, input: BatchName) in
            openAI(try await call.parts.batches.find(input.id, for: call.batchOwner, as: [.openAI]))
        },
        Route(
            .post, path + "/{id}/cancel", "Cancel a batch; what is done by then counts",
            needs: callers, answers: [BatchSchemas.batch]
        ) { (call, input: BatchName) in
            openAI(
                try await call.parts.batches.cancel(
                    input.id, for: call.batchOwner, as: [.openAI], at: call.now))
        },
    ]

    private static func openAI(_ batch: BatchView) -> Response {
        var json = JSONWriter()
        json.value(openAI: batch)
        return .json(json)
    }

    private struct CreateInput: Input {
        static let body = BodyForm.object(bytesMax: 1 << 20)
        let file: EventID
        let endpoint: String
        let metadata: JSONTree?

        init(_ given: Given) throws {
            let text = try given.member(
                required: "input_file_id", .text, "A file of the purpose batch.")
            endpoint = try given.member(
                required: "endpoint", .text, "/v1/chat/completions or /v1/embeddings.")
            _ = try given.member("completion_window", .text, "24h, a goal.")
            metadata = try given.member("metadata", .json, "Texts of the caller's.")
            guard let file = PublicID.read(text) ?? (given.isDescription ? .none0 : nil) else {
                throw BatchFault.unknownFile(text, isInput: true)
            }
            self.file = file
            if let metadata, metadata.json.utf8.count > 16_384 || metadata.members == nil {
                throw Refusal.invalid("metadata must be an object of texts", param: "metadata")
            }
        }
    }

    // MARK: Anthropic

    private static let anthropic: [Route] = [
        Route(
            .post, messages, "Have messages created within a day, at the batch price",
            needs: callers, answers: [BatchSchemas.messageBatch], refuse: Failure.anthropic
        ) { (call, input: MessagesInput) in
            var order = BatchOrder(.anthropic, endpoint: BatchEndpoint.anthropic)
            order.provider = call.providerName
            order.facts = try call.facts()
            return anthropic(
                try await call.parts.batches.create(
                    order, input.items, for: call.batchOwner, at: call.now), call)
        },
        Route(
            .get, messages, "List the caller's batches of messages", needs: callers,
            answers: [BatchSchemas.messageBatches], refuse: Failure.anthropic
        ) { (call, input: ListInput) in
            let (page, hasMore) = try await input.page(call, .anthropic)
            var json = JSONWriter()
            json.object { json in
                json.key("data")
                json.array(of: page) { $0.value(anthropic: $1, at: call.base) }
                json.field("has_more", hasMore)
                json.field("first_id", page.first.map { PublicID.batch($0.id, .anthropic) })
                json.field("last_id", page.last.map { PublicID.batch($0.id, .anthropic) })
            }
            return .json(json)
        },
        Route(
            .get, messages + "/{id}", "Show a batch of messages", needs: callers,
            answers: [BatchSchemas.messageBatch], refuse: Failure.anthropic
        ) { (call, input: BatchName) in
            anthropic(
                try await call.parts.batches.find(
                    input.id, for: call.batchOwner, as: [.anthropic]), call)
        },
        Route(
            .post, messages + "/{id}/cancel",
            "Cancel a batch of messages; what is done by then counts", needs: callers,
            answers: [BatchSchemas.messageBatch], refuse: Failure.anthropic
        ) { (call, input: BatchName) in
            anthropic(
                try await call.parts.batches.cancel(
                    input.id, for: call.batchOwner, as: [.anthropic], at: call.now), call)
        },
        Route(
            .get, messages + "/{id}/results", "Read the results of a batch of messages",
            needs: callers, answers: [.text("application/x-jsonl")], refuse: Failure.anthropic
        ) { (call, input: BatchName) in
            try await BatchAnswers.results(
                call, input.id, as: [.anthropic],
                [.succeeded, .failed, .expired, .cancelled, .missing]
            ) { $0.value(anthropic: $1) }
        },
        Route(
            .delete, messages + "/{id}", "Delete a batch of messages that has ended",
            needs: callers, answers: [BatchSchemas.deletedMessageBatch], refuse: Failure.anthropic
        ) { (call, input: BatchName) in
            try await call.parts.batches.delete(
                input.id, for: call.batchOwner, as: [.anthropic], at: call.now)
            var json = JSONWriter()
            json.object { json in
                json.field("id", PublicID.batch(input.id, .anthropic))
                json.field("type", "message_batch_deleted")
            }
            return .json(json)
        },
    ]

    private static func anthropic(_ batch: BatchView, _ call: Call) -> Response {
        var json = JSONWriter()
        json.value(anthropic: batch, at: call.base)
        return .json(json)
    }

    private struct MessagesInput: Input {
        static let body = BodyForm.object(bytesMax: BatchSettings.bodyBytesMax)
        let items: [BatchItem]

        init(_ given: Given) throws {
            let requests = try given.member(
                required: "requests", .list(of: .json), "Objects with custom_id and params.")
            items = try requests.enumerated().map { index, request in
                guard let id = request["custom_id"]?.string else {
                    throw BatchFault.badLine(index, "custom_id is missing")
                }
                guard let body = request["params"], body.members != nil else {
                    throw BatchFault.badLine(index, "params is missing")
                }
                return BatchItem(customID: id, body: body)
            }
        }
    }

    // MARK: Shared

    private struct BatchName: Input {
        let id: EventID

        init(_ given: Given) throws {
            let text = try given.path("id", .text, "The id of the batch.")
            guard let id = PublicID.read(text) ?? (given.isDescription ? .none0 : nil) else {
                throw BatchFault.unknownBatch(text)
            }
            self.id = id
        }
    }

    private struct ListInput: Input {
        let after: EventID?
        let limit: Int

        init(_ given: Given) throws {
            let after = try given.query("after", .text, "The last id of the page before.")
            let other = try given.query("after_id", .text, "The same, as Anthropic calls it.")
            self.after = (after ?? other).flatMap { PublicID.read($0) }
            limit =
                try given.query("limit", .count(in: 1...1_000), "How many; default 20.") ?? 20
        }

        func page(
            _ call: Call, _ face: BatchOrder.Face
        ) async throws -> (page: [BatchView], hasMore: Bool) {
            let found = try await call.parts.batches.list(
                for: call.batchOwner, as: [face], after: after, limit: limit + 1)
            return (Array(found.prefix(limit)), found.count > limit)
        }
    }
}

extension EventID {
    /// Stands for an id where a call is only described.
    fileprivate static let none0: EventID? = EventID(high: 0, low: 0)
}

extension Call {
    /// The provider that the caller chooses, if any.
    var providerName: String? { request.headers[values: .xTallyProvider].first }

    /// How the caller addresses us.
    fileprivate var base: String {
        let scheme = request.headers[values: .xForwardedProto].first ?? "http"
        return "\(scheme == "https" ? "https" : "http")://\(request.head.authority ?? "localhost")"
    }
}

extension HTTPField.Name {
    fileprivate static let xTallyProvider = Self("x-tally-provider") ?? .authorization
    fileprivate static let xForwardedProto = Self("x-forwarded-proto") ?? .authorization
    static let xTallyAsync = Self("x-tally-async") ?? .authorization
}

extension Failure {
    /// The error as Anthropic's clients read it.
    static let anthropic: @Sendable (Failure, Request) -> Response = { failure, _ in
        var json = JSONWriter()
        json.object { json in
            json.field("type", "error")
            json.key("error")
            json.object { json in
                json.field("type", failure.anthropicType)
                json.field("message", failure.message)
            }
        }
        var response = Response.json(json, status: failure.status)
        response.headers.append(contentsOf: failure.headers)
        return response
    }

    /// The word that Anthropic's clients know for it.
    var anthropicType: String {
        switch status.code {
        case 400, 415, 422: "invalid_request_error"
        case 401: "authentication_error"
        case 402: "billing_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 409: "conflict_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 503: "overloaded_error"
        default: "api_error"
        }
    }
}
