import Hummingbird
import Logging

/// What a request carries through the routes.
struct TallyContext: RequestContext {
    var coreContext: CoreRequestContextStorage

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
    }
}

/// Turns thrown errors into answers.
struct Answering: RouterMiddleware {
    func handle(
        _ request: Request, context: TallyContext,
        next: @concurrent (Request, TallyContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let failure = Failure(error)
            if failure.status.code >= 500 {
                context.logger.error(
                    "request failed",
                    metadata: [
                        "method": "\(request.method)", "path": "\(request.uri.path)",
                        "error": "\(error)",
                    ])
            }
            return failure.response
        }
    }
}
