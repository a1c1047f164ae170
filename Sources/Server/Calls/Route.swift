import Access
import Calendars
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
        needs need: Need = .scope(.read), ofLedger: Bool = true,
        status: HTTPResponse.Status = .ok,
        _ result: @escaping @Sendable (Call, I) async throws -> R
    ) {
        self.init(
            method, path, summary, needs: need, ofLedger: ofLedger,
            answers: [.json(R.self, status)]
        ) { (call: Call, input: I) in
            .json(try await result(call, input), status: status)
        }
    }

    /// A call that writes its answer itself, as one of several types.
    ///
    /// - Parameters:
    ///   - ofLedger: whether the call concerns one ledger, which its query may name.
    ///   - refuse: how it answers errors.
    init<I: Input>(
        _ method: HTTPRequest.Method, _ path: String, _ summary: String,
        needs need: Need = .scope(.read), ofLedger: Bool = true, answers: [Answer],
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
        let choosesLedger = if case .key = need { ofLedger } else { false }
        let given = Given.description(of: I.self, choosesLedger)
        parameters = given.parameters
        takesOthers = given.hasOthers
        let asksForZone = given.asksForZone
        self.respond = { request, context, parts in
            var response: Response
            do {
                try parts.hosts.check(request.head)
                let ledger = choosesLedger ? request.uri.queryParameters["ledger"] : nil
                let caller = try await parts.access.caller(
                    of: request, from: context.remoteAddress, needs: need,
                    ledger: try ledger.map { try named(String($0)) })
                if method != .get, !need.isReading { try I.body.checkType(of: request) }
                let memory = MemoryShare(of: parts.memory)
                let input = try await I.read(
                    request, context, choosesLedger: choosesLedger,
                    in: asksForZone ? try await parts.directory.zone(of: caller.ledger) : .utc,
                    parts, memory)
                let call = Call(
                    request: request, caller: caller, parts: parts, memory: memory,
                    channel: context.channel)
                response = try await respond(call, input).holding(memory)
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

/// The name of a ledger, as it stands in a query.
private func named(_ ledger: String) throws -> String {
    guard !ledger.utf8.contains(0) else {
        throw Refusal.invalid("ledger contains a NUL character", param: "ledger")
    }
    return ledger
}

/// Makes a router; it takes only described routes.
func router(of routes: [Route], _ parts: ServerParts) -> Router<TallyContext> {
    let router = Router(context: TallyContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: Answering(paths: RoutePaths(routes), parts: parts))
    for route in routes {
        router.on(RouterPath(route.path), method: route.method) { request, context in
            try await route.respond(request, context, parts)
        }
    }
    return router
}

/// The paths of all routes, with the methods that each takes.
struct RoutePaths: Sendable {
    private struct Place {
        let pattern: String
        let parts: [Substring]
        let methods: Set<HTTPRequest.Method>
    }

    /// Places by the number of their parts.
    private let places: [Int: [Place]]

    init(_ routes: [Route]) {
        let places = Dictionary(grouping: routes, by: \.path).map { path, routes in
            let methods = Set(routes.map(\.method))
            return Place(
                pattern: path, parts: path.split(separator: "/"),
                methods: methods.contains(.get) ? methods.union([.head]) : methods)
        }
        // A literal part goes before a parameter, as in the router.
        self.places = Dictionary(grouping: places.sorted { $0.pattern < $1.pattern }) {
            $0.parts.count
        }
    }

    /// The pattern of a path, such as `/api/v1/events/{id}`; nil if no route has the path.
    func pattern(of path: String) -> String? { place(of: path)?.pattern }

    /// The methods of a path, such as `GET, HEAD, POST`; nil if no route has the path.
    func allowed(at path: String) -> String? {
        place(of: path).map { $0.methods.map(\.rawValue).sorted().joined(separator: ", ") }
    }

    private func place(of path: String) -> Place? {
        let parts = path.split(separator: "/")
        return places[parts.count]?.first { place in
            zip(place.parts, parts).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }
    }
}
