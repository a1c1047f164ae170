import Access
import EventStore
import HTTPTypes
import Hummingbird
import NIOCore
import Rendering

/// One call of the service, described once: parsing, refusals, errors and `/openapi.json` follow.
struct Route: Sendable {
    typealias Respond = @Sendable (Request, TallyContext, ServerParts) async throws -> Response

    let method: HTTPRequest.Method
    /// The path, with the names of its parameters in braces: `/api/v1/events/{id}`.
    let path: String
    let summary: String
    let need: Need
    let parameters: [Parameter]
    let body: BodyForm
    /// Whether the body may have other members than the parameters.
    let takesOthers: Bool
    let answers: [Answer]
    let respond: Respond

    /// A possible answer of a successful call.
    struct Answer: Sendable {
        let status: HTTPResponse.Status
        var type: String?
        /// JSON Schema; nil if the answer is not JSON.
        var schema: String?

        static func json<R: Renderable>(
            _: R.Type, _ status: HTTPResponse.Status = .ok
        ) -> Answer {
            Answer(status: status, type: "application/json", schema: R.schema.json)
        }

        /// JSON of either type.
        static func json<A: Renderable, B: Renderable>(_: A.Type, or _: B.Type) -> Answer {
            Answer(
                status: .ok, type: "application/json",
                schema: "{\"anyOf\":[\(A.schema.json),\(B.schema.json)]}")
        }

        static func text(_ type: String) -> Answer { Answer(status: .ok, type: type) }

        static let nothing = Answer(status: .noContent)
    }

    /// A call whose result is a value.
    init<I: Input, R: Renderable>(
        _ method: HTTPRequest.Method, _ path: String, _ summary: String,
        needs need: Need = .scope(.read), status: HTTPResponse.Status = .ok,
        _ result: @escaping @Sendable (Call, I) async throws -> R
    ) {
        self.init(
            method, path, summary, needs: need, answers: [.json(R.self, status)]
        ) { (call: Call, input: I) in
            .json(try await result(call, input), status: status)
        }
    }

    /// A call that writes its answer itself, as one of several types.
    ///
    /// - Parameter refuse: how it answers errors.
    init<I: Input>(
        _ method: HTTPRequest.Method, _ path: String, _ summary: String,
        needs need: Need = .scope(.read), answers: [Answer],
        refuse: @escaping @Sendable (Failure, Request) -> Response = { failure, _ in
            failure.response
        },
        _ respond: @escaping @Sendable (Call, I) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.need = need
        self.answers = answers
        body = I.body
        let given = Given.description(of: I.self)
        parameters = given.parameters
        takesOthers = given.hasOthers
        self.respond = { request, context, parts in
            var response: Response
            do {
                let caller = try await parts.access.caller(of: request, needs: need)
                let input = try await I.read(request, context, at: parts.now())
                response = try await respond(
                    Call(request: request, caller: caller, parts: parts), input)
            } catch {
                let failure = Failure(error)
                context.log(error, as: failure, of: request)
                response = refuse(failure, request)
            }
            if case .nothing = need { return response }
            response.headers[.cacheControl] = "private, no-store"
            return response
        }
    }
}

/// Makes a router; it takes only described routes.
func router(of routes: [Route], _ parts: ServerParts) -> Router<TallyContext> {
    let router = Router(context: TallyContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: Answering())
    for route in routes {
        router.on(RouterPath(route.path), method: route.method) { request, context in
            try await route.respond(request, context, parts)
        }
    }
    for (path, routes) in Dictionary(grouping: routes, by: \.path) {
        var known = Set(routes.map(\.method))
        if known.contains(.get) { known.insert(.head) }
        let allowed = known.map(\.rawValue).sorted().joined(separator: ", ")
        for method in everyMethod where !known.contains(method) {
            router.on(RouterPath(path), method: method) { _, _ -> Response in
                throw HTTPError(
                    .methodNotAllowed, headers: [.allow: allowed],
                    message: "this path takes \(allowed)")
            }
        }
    }
    return router
}

private let everyMethod: [HTTPRequest.Method] = [
    .get, .head, .post, .put, .patch, .delete,
]
