import Access
import HTTPTypes
import Hummingbird
package import JSON
import LedgerModel
package import Runs

/// Long runs of some kinds under one path: the list, one of them, and cancelling it.
///
/// Who starts a run answers with `accepted`; the kind's own routes read what is asked for.
struct RunRoutes: Sendable {
    let parts: ServerParts
    /// Such as `/api/v1/replays`.
    let path: String
    let kinds: [String]

    func add(to router: Router<TallyContext>) {
        router.get(RouterPath(path)) { request, _ in try await list(request) }
        router.get(RouterPath(path + "/:id")) { try await find($0, $1) }
        router.delete(RouterPath(path + "/:id")) { try await cancel($0, $1) }
    }

    /// Takes a run on: 202, and where to ask how far it is.
    ///
    /// - Parameter scope: what it takes to cancel it.
    func accepted(
        _ kind: String, _ text: String, for caller: Caller, scope: KeyScope
    ) async throws -> Response {
        let run = try await parts.runs.start(
            kind, text, in: caller.ledger, id: parts.makeID(), scope: scope)
        var response = Response.json(JSONWriter.run(run), status: .accepted)
        response.headers[.location] = "\(path)/\(run.id)"
        return response
    }

    private func list(_ request: Request) async throws -> Response {
        let caller = try await parts.access.reader(request)
        let runs = try await parts.runs.list(kinds, in: caller.ledger)
        var json = JSONWriter()
        json.object { json in
            json.key("runs")
            json.array(of: runs) { json, run in json.value(raw: JSONWriter.run(run).text) }
        }
        return .json(json)
    }

    private func find(_ request: Request, _ context: TallyContext) async throws -> Response {
        let caller = try await parts.access.reader(request)
        let run = try await known(context, caller)
        let result =
            run.state == .done
            ? try await parts.runs.result(of: run.id, in: caller.ledger) : nil
        return .json(JSONWriter.run(run, result: result))
    }

    private func cancel(_ request: Request, _ context: TallyContext) async throws -> Response {
        let caller = try await parts.access.reader(request)
        let run = try await known(context, caller)
        guard caller.scopes.contains(run.scope) else {
            throw AccessRefusal.missingScope(run.scope)
        }
        let cancelled = try await parts.runs.cancel(run.id, in: caller.ledger) ?? run
        return .json(
            JSONWriter.run(cancelled), status: cancelled.state.isFinal ? .ok : .accepted)
    }

    private func known(_ context: TallyContext, _ caller: Caller) async throws -> Run {
        let text = context.parameters.get("id") ?? ""
        guard let id = EventID(text),
            let run = try await parts.runs.find(id, in: caller.ledger),
            kinds.contains(run.kind)
        else { throw Failure.notFound("there is no run \(text)") }
        return run
    }
}

extension AccessControl {
    /// Who may read, or administer.
    func reader(_ request: Request) async throws -> Caller {
        do {
            return try await caller(key: request.apiKey, needs: .read)
        } catch AccessRefusal.missingScope {
            return try await caller(key: request.apiKey, needs: .admin)
        }
    }
}

extension JSONWriter {
    /// - Parameter result: JSON, of a run that is done.
    package static func run(_ run: Run, result: String? = nil) -> JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.field("id", run.id.description)
            json.field("kind", run.kind)
            json.field("state", run.state.rawValue)
            json.field("done", run.done)
            json.field("total", run.total)
            if run.isCancelRequested { json.field("cancel_requested", true) }
            json.field("created_at", run.createdAt.description)
            json.field("started_at", run.startedAt?.description)
            json.field("updated_at", run.updatedAt.description)
            json.field("finished_at", run.finishedAt?.description)
            if let error = run.error { json.field("error", error) }
            if let result {
                json.key("result")
                json.value(raw: result)
            }
        }
        return json
    }
}

extension Failure {
    init(_ refusal: RunRefusal) {
        switch refusal {
        case .tooManyWaiting:
            self.init(
                status: .tooManyRequests, type: "overloaded", message: "\(refusal)",
                retryAfter: 5)
        case .requestTooLarge:
            self.init(status: .contentTooLarge, type: "request_too_large", message: "\(refusal)")
        case .unknownKind: self = .invalid("\(refusal)", param: "kind")
        }
    }
}
