import BatchRunner
import Booking
import EventReading
import Gateway
import HTTPTypes
import Hummingbird
import JSON
import LedgerModel
import NIOCore
import Providers
import Rendering

/// The APIs of providers at one address, at their own paths.
///
/// Bodies and headers are the provider's affair, so no member of them is refused here.
enum GatewayRoutes {
    /// The largest request that is passed on, as large as any provider takes.
    static let bodyBytesMax = 32 << 20

    private static let callers = FileRoutes.callers
    private static let answers: [Route.Answer] = [
        Route.Answer(status: .ok, type: "application/json"), .text("text/event-stream"),
    ]

    static let routes: [Route] =
        [
            model(.chatCompletions, "Have a chat completed by a model"),
            model(.completions, "Have a text completed by a model"),
            model(.embeddings, "Have texts turned into vectors"),
            model(.responses, "Have a response made by a model"),
            model(.messages, "Have a message created by a model"),
            model(.countTokens, "Count the tokens of a message, as its provider does"),
        ] + [
            Route(
                .get, "/v1/models",
                "List the models that can be asked, in Anthropic's shape with anthropic-version",
                needs: callers, answers: [Route.Answer(status: .ok, type: "application/json")],
                refuse: refusing
            ) { (call, _: Listing) in
                let isAnthropic = call.request.speaks == .anthropic
                let list = await call.parts.gateway.models(
                    speaking: call.request.speaks)
                var json = JSONWriter()
                json.object { json in
                    if !isAnthropic { json.field("object", "list") }
                    json.key("data")
                    json.array(of: list) { $0.value($1) }
                    if isAnthropic { json.field("has_more", false) }
                }
                return .json(json)
            },
            Route(
                .get, "/api/hello", "Say that somebody is here, as coding agents ask",
                needs: .nothing,
                answers: [.text("text/plain; charset=utf-8")]
            ) { (_, _: Listing) in .text("") },
        ]

    /// What the gateway knows nothing of: it goes to a provider as it is.
    private static func passing(_ method: HTTPRequest.Method) -> Route {
        Route(
            method, "/v1/**", "Call an API of a provider that the gateway doesn't know",
            needs: callers, answers: answers, refuse: refusing
        ) { (call, _: AnyBody) in
            try call.checkForeignBody()
            return try await call.pass(
                .other(path: call.request.uri.path, speaking: call.request.speaks))
        }
    }

    private static let passed: [HTTPRequest.Method: Route] = Dictionary(
        [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete].map { ($0, passing($0)) },
        uniquingKeysWith: { $1 })

    /// The call of a path that no other route has; nil for those that are the service's alone.
    static func passing(_ request: Request) -> Route? {
        let parts = request.uri.path.split(separator: "/", maxSplits: 3)
        guard parts.count > 1, parts[0] == "v1", !own.contains(String(parts[1])),
            !parts.contains(".."), !parts.starts(with: ["v1", "messages", "batches"])
        else { return nil }
        return passed[request.method]
    }

    /// As Anthropic says that there is too much to do.
    static let overloaded = HTTPResponse.Status(code: 529, reasonPhrase: "Overloaded")

    private static let own: Set<String> = ["files", "batches", "traces", "logs", "metrics"]

    private static func model(_ api: GatewayAPI, _ summary: String) -> Route {
        var answers = answers
        if BatchEndpoint.paths.contains(api.path) {
            answers.append(.json(ShownBatch.self, .accepted))
        }
        if api.speaking == .anthropic {
            answers.append(Route.Answer(status: overloaded, type: "application/json"))
        }
        return Route(
            .post, api.path, summary, needs: callers, answers: answers, refuse: refusing
        ) { (call, _: ModelRequest) in
            try await call.pass(api)
        }
    }

    private static let refusing: @Sendable (Failure, Request) -> Response = { failure, request in
        failure.gatewayResponse(speaking: request.speaks)
    }

    private struct ModelRequest: Input {
        static let body = BodyForm.stream(
            types: ["application/json"], meaning: "The request as the provider documents it.")
        init(_ given: Given) { given.ignoreQuery() }
    }

    private struct AnyBody: Input {
        static let body = BodyForm.form(meaning: "The request as the provider documents it.")
        init(_ given: Given) { given.ignoreQuery() }
    }

    private struct Listing: Input {
        init(_ given: Given) { given.ignoreQuery() }
    }
}

extension Request {
    /// In whose dialect the caller speaks, and is answered.
    var speaks: ModelProvider.Dialect {
        uri.path.hasPrefix("/v1/messages") || headers.contains(.anthropicVersion)
            ? .anthropic : .openAI
    }

    /// The query without the ledger, which is ours.
    fileprivate var passedQuery: String {
        (uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("ledger=") }
            .joined(separator: "&")
    }
}

extension Call {
    /// Passes a request to the gateway, and its answer back.
    fileprivate func pass(_ api: GatewayAPI) async throws -> Response {
        let request = try await gatewayRequest(api)
        if let queued = try await queued(request) { return queued }
        let gateway = parts.gateway
        let answer = try await whileClientWaits { await gateway.answer(request) }
        var response: Response
        switch answer.body {
        case .refusal(let error):
            response = Failure(error).gatewayResponse(
                speaking: api.speaking, request: request.id)
            if let refusal = error as? IdempotencyRefusal {
                response.status = .init(code: refusal.status)
            }
            for field in answer.headers { response.headers[field.name] = field.value }
        case .whole(let body):
            response = Response(
                status: .init(code: answer.status), headers: answer.headers,
                body: ResponseBody(inPieces: body))
        case .stream(let write):
            let (leave, watch) = (answer.leave, await channel.clientWatch())
            response = Response(
                status: .init(code: answer.status), headers: answer.headers,
                body: ResponseBody { writer in
                    var writer = writer
                    let number = leave.flatMap { watch?.whenLeft($0) }
                    defer { if let number { watch?.forget(number) } }
                    try await write { @concurrent piece in try await writer.write(piece) }
                    try await writer.finish(nil)
                })
        }
        return response
    }

    private func gatewayRequest(_ api: GatewayAPI) async throws -> GatewayRequest {
        let started = ContinuousClock.now
        let bytes: [UInt8] =
            [.get, .head].contains(request.method)
            ? [] : try await body(upTo: GatewayRoutes.bodyBytesMax).withBytes { Array($0) }
        let json = try await compute { () throws -> JSONTree? in
            try JSONValueCount.check(bytes)
            return try? JSONTree(parsing: bytes)
        }
        if api.dialect != nil || api == .countTokens {
            guard let json, json.members != nil else {
                throw Refusal.invalid("the body must be a JSON object")
            }
            // Without a model nobody could tell what the answer may cost.
            guard json["model"]?.string?.isEmpty == false else {
                throw Refusal.invalid("model must name a model", param: "model")
            }
        }
        let facts = try gatewayFacts()
        return GatewayRequest(
            id: parts.gateway.newID(), api: api, method: request.method,
            query: request.passedQuery, headers: request.headers, body: bytes,
            json: json?.members == nil ? nil : json, ledger: caller.ledger, key: caller.key,
            dimensions: facts.dimensions, labels: facts.labels, arrivedAt: now, started: started)
    }

    /// The caller's facts; a coding agent names itself and its session in headers of its own.
    private func gatewayFacts() throws -> BatchFacts {
        var facts = try facts()
        for (dimension, name) in HTTPField.Name.ofAgents {
            guard facts.dimensions[dimension] == nil, let text = request.headers[name] else {
                continue
            }
            facts.dimensions[dimension] = Kind<Name>.name.read(.text(text))
        }
        facts.dimensions[.apiKey] = caller.key.map { Name($0.description) }
        return facts
    }

    /// Puts a request aside whose answer may come within a day, if its caller says so.
    private func queued(_ request: GatewayRequest) async throws -> Response? {
        guard AsyncRequests.isAsked(request.headers[.xTallyAsync]), let json = request.json,
            BatchEndpoint.paths.contains(request.api.path)
        else { return nil }
        var facts = BatchFacts()
        (facts.dimensions, facts.labels) = (request.dimensions, request.labels)
        facts.dimensions[.apiKey] = nil
        let view = try await AsyncRequests(parts.batches).submit(
            json, to: request.api.path, provider: providerName, facts: facts, for: batchOwner,
            at: now)
        var response = Response.json(ShownBatch(view), status: .accepted)
        response.headers[.location] = "/api/v1/batches/jobs/\(view.id)"
        return response
    }

    /// Refuses what a page of any site could send; forms have been checked.
    fileprivate func checkForeignBody() throws {
        let type = request.headers[.contentType] ?? ""
        guard !type.lowercased().hasPrefix("multipart/form-data"), request.method != .get,
            request.method != .head
        else { return }
        try BodyForm.stream(types: ["application/json"], meaning: "").checkType(of: request)
    }
}

extension Failure {
    /// The error in the caller's dialect.
    func gatewayResponse(
        speaking dialect: ModelProvider.Dialect, request id: EventID? = nil
    ) -> Response {
        guard dialect == .anthropic else { return response }
        var json = JSONWriter()
        json.object { json in
            json.field("type", "error")
            json.key("error")
            json.object { json in
                json.field("type", anthropicType)
                json.field("message", message)
                if let refused {
                    json.key("details")
                    json.value(raw: refused.json)
                }
            }
            if let id { json.field("request_id", id.description) }
        }
        let isOverloaded = status == .serviceUnavailable
        var response = Response.json(
            json, status: isOverloaded ? GatewayRoutes.overloaded : status)
        response.headers.append(contentsOf: headers)
        return response
    }
}

extension HTTPField.Name {
    fileprivate static let anthropicVersion = Self("anthropic-version") ?? .authorization

    /// Headers of coding agents, by the dimension that they tell.
    fileprivate static let ofAgents: [(Dimension, HTTPField.Name)] = [
        (.session, Self("x-claude-code-session-id") ?? .authorization),
        (.agent, Self("x-claude-code-agent-id") ?? .authorization),
        (.parentAgent, Self("x-claude-code-parent-agent-id") ?? .authorization),
    ]
}
