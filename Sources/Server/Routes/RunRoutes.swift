import Access
import EventStore
import HTTPTypes
import Hummingbird
import LedgerModel
import Rendering
import Runs

/// Routes for long runs of some kinds under one path: list, show and cancel.
///
/// The kind's own route reads the request, starts the run and answers with `accepted`.
struct RunRoutes: Sendable {
    /// The path, such as `/api/v1/replays`.
    let path: String
    let kinds: [String]

    var routes: [Route] {
        [
            Route(.get, path, "List the runs", needs: .reader) { (call, _: Nothing) in
                Listing(
                    try await call.parts.runs.list(kinds, in: call.caller.ledger)
                        .map { ShownRun($0) })
            },
            Route(.get, path + "/{id}", "Show the progress and result of a run", needs: .reader) {
                (call, input: NamedInput) in
                let run = try await known(call, input)
                let result =
                    run.state == .done
                    ? try await call.parts.runs.result(of: run.id, in: call.caller.ledger) : nil
                return ShownRun(run, result: result)
            },
            Route(
                .delete, path + "/{id}", "Cancel a run", needs: .reader,
                answers: [.json(ShownRun.self), .json(ShownRun.self, .accepted)], cancel),
        ]
    }

    /// The answers of a route that starts a run.
    static let accepted = [Route.Answer.json(ShownRun.self, .accepted)]

    /// Starts a run and answers 202 with its location.
    ///
    /// - Parameter scope: the scope that is needed to cancel it.
    func accepted(
        _ kind: String, _ text: String, for call: Call, scope: KeyScope
    ) async throws -> Response {
        let run = try await call.parts.runs.start(
            kind, text, in: call.caller.ledger, id: call.parts.makeID(), scope: scope)
        var response = Response.json(ShownRun(run), status: .accepted)
        response.headers[.location] = "\(path)/\(run.id)"
        return response
    }

    private func cancel(_ call: Call, _ input: NamedInput) async throws -> Response {
        let run = try await known(call, input)
        try call.require(run.scope)
        let cancelled = try await call.parts.runs.cancel(run.id, in: call.caller.ledger) ?? run
        return .json(ShownRun(cancelled), status: cancelled.state.isFinal ? .ok : .accepted)
    }

    private func known(_ call: Call, _ input: NamedInput) async throws -> Run {
        guard let id = EventID(input.id),
            let run = try await call.parts.runs.find(id, in: call.caller.ledger),
            kinds.contains(run.kind)
        else { throw Refusal.notFound("there is no run \(input.id)") }
        return run
    }
}
