import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The context of a request.
struct TallyContext: RequestContext, RemoteAddressRequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection that the request came by.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    var remoteAddress: SocketAddress? { channel.remoteAddress }

    /// Logs errors that are the service's or the database's fault.
    func log(_ error: any Error, as failure: Failure, of request: Request) {
        guard failure.status.code >= 500, !(error is CancellationError) else { return }
        logger.error(
            "request failed",
            metadata: [
                "method": "\(request.method)", "path": "\(request.uri.path)",
                "error": "\(error)",
            ])
    }
}

/// Turns thrown errors into responses.
struct Answering: RouterMiddleware {
    let paths: RoutePaths
    let parts: ServerParts

    func handle(
        _ request: Request, context: TallyContext,
        next: @concurrent (Request, TallyContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = await answer(request, context, next)
        parts.metrics.count(
            route: paths.pattern(of: request.uri.path), method: request.method.label,
            status: response.status.code, seconds: (ContinuousClock.now - start) / .seconds(1))
        return response
    }

    private func answer(
        _ request: Request, _ context: TallyContext,
        _ next: @concurrent (Request, TallyContext) async throws -> Response
    ) async -> Response {
        do {
            return try await next(request, context)
        } catch {
            // What no route has may be an API of a provider.
            if otherMethod(error, request) == nil, (error as? HTTPError)?.status == .notFound,
                let route = GatewayRoutes.passing(request),
                let response = try? await route.respond(request, context, parts)
            {
                return response
            }
            let failure = Failure(otherMethod(error, request) ?? error)
            context.log(error, as: failure, of: request)
            return failure.response
        }
    }

    /// The router does not tell an unknown path from an unknown method of a known one.
    private func otherMethod(_ error: any Error, _ request: Request) -> HTTPError? {
        guard (error as? HTTPError)?.status == .notFound,
            let allowed = paths.allowed(at: request.uri.path)
        else { return nil }
        return HTTPError(
            .methodNotAllowed, headers: [.allow: allowed], message: "this path takes \(allowed)")
    }
}

extension HTTPRequest.Method {
    /// The method in metrics; callers may send any word.
    fileprivate var label: String {
        let known: [HTTPRequest.Method] = [
            .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect,
        ]
        return known.contains(self) ? rawValue : "other"
    }
}
