import BatchRunner
import HTTPTypes
import Hummingbird
import JSON
import LedgerModel
import Rendering

/// `/api/v1/batches/jobs`: batches for callers that are their own gateway.
enum BatchJobRoutes {
    private static let path = "/api/v1/batches/jobs"
    private static let callers = FileRoutes.callers
    private static let faces: [BatchOrder.Face] = [.jobs, .single, .openAI, .anthropic]

    static let routes: [Route] = [
        Route(
            .post, path,
            "Have requests called within a day, at the batch price; one alone waits for others",
            needs: callers, answers: [.json(ShownBatch.self, .accepted)], create),
        Route(.get, path, "List the caller's batches", needs: callers) {
            (call, input: ListInput) in
            Listing(
                try await call.parts.batches.list(
                    for: call.batchOwner, as: faces, after: input.after, limit: input.limit
                ).map { ShownBatch($0) })
        },
        Route(.get, path + "/{id}", "Show a batch; of one request, its answer", needs: callers) {
            (call, input: JobName) in
            let view = try await call.parts.batches.find(
                input.id, for: call.batchOwner, as: faces)
            guard view.face == .single else { return ShownBatch(view) }
            let found = try await AsyncRequests(call.parts.batches).find(
                input.id, for: call.batchOwner)
            return ShownBatch(found.view, found.result)
        },
        Route(
            .get, path + "/{id}/results", "Read the results of a batch that has ended",
            needs: callers, answers: [.text("application/x-jsonl")]
        ) { (call, input: JobName) in
            try await BatchAnswers.results(
                call, input.id, as: faces, [.succeeded, .failed, .expired, .cancelled, .missing]
            ) { json, result in
                json.object { json in
                    json.field("custom_id", result.customID)
                    json.field("outcome", result.outcome.rawValue)
                    json.field("status", result.status)
                    json.key("answer")
                    json.value(rawOrNull: result.answer)
                }
            }
        },
        Route(
            .delete, path + "/{id}",
            "Cancel a batch, or remove one that has ended; what is done by then counts",
            needs: callers
        ) { (call, input: JobName) in
            let (batches, owner) = (call.parts.batches, call.batchOwner)
            let view = try await batches.find(input.id, for: owner, as: faces)
            if view.endedAt != nil {
                try await batches.delete(input.id, for: owner, as: faces, at: call.now)
                return ShownBatch(view)
            }
            return ShownBatch(
                try await batches.cancel(input.id, for: owner, as: faces, at: call.now))
        },
    ]

    private static func create(_ call: Call, _ input: CreateInput) async throws -> Response {
        var facts = try call.facts()
        for (dimension, value) in input.dimensions { facts.dimensions[dimension] = value }
        if let labels = input.labels { facts.labels = labels }
        let (batches, owner) = (call.parts.batches, call.batchOwner)
        let view: BatchView
        if AsyncRequests.isAsked(call.request.headers[values: .xTallyAsync].first) {
            guard let item = input.items.first, input.items.count == 1 else {
                throw Refusal.invalid(
                    "x-tally-async is for one request: leave it out for several",
                    param: "requests")
            }
            view = try await AsyncRequests(batches).submit(
                item.body, to: input.endpoint, provider: input.provider, facts: facts, for: owner,
                at: call.now)
        } else {
            var order = BatchOrder(.jobs, endpoint: input.endpoint)
            order.provider = input.provider
            order.facts = facts
            view = try await batches.create(order, input.items, for: owner, at: call.now)
        }
        var response = Response.json(ShownBatch(view), status: .accepted)
        response.headers[.location] = "\(path)/\(view.id)"
        return response
    }

    private struct CreateInput: Input {
        static let body = BodyForm.object(bytesMax: BatchSettings.bodyBytesMax)
        let endpoint: String
        let provider: String?
        let items: [BatchItem]
        let dimensions: [(key: Dimension, value: Name)]
        let labels: Labels?

        init(_ given: Given) throws {
            let endpoints = BatchEndpoint.paths
            endpoint = try given.member(
                required: "endpoint", .choice("an endpoint", endpoints, endpoints[0]) { $0 },
                "Where each request would be sent alone.")
            provider = try given.member(
                "provider", .text, "Who is asked; default whoever has the model in providers.yaml.")
            let requests = try given.member(
                required: "requests", .list(of: .json),
                "Objects with body and, if you like, custom_id; default its number.")
            dimensions =
                try given.member(
                    "dimensions", .map(of: .dimension, .name), "app, team, user … of the requests.")
                ?? []
            let pairs =
                try given.member(
                    "labels", .map(of: .name, .name), "Labels of the requests.") ?? []
            labels =
                pairs.isEmpty
                ? nil : try Labels(pairs.map { (key: $0.key, value: $0.value) })
            items = try requests.enumerated().map { index, request in
                guard let body = request["body"], body.members != nil else {
                    throw BatchFault.badLine(index, "body is missing")
                }
                return BatchItem(
                    customID: request["custom_id"]?.string ?? String(index), body: body)
            }
        }
    }

    private struct JobName: Input {
        let id: EventID

        init(_ given: Given) throws {
            id = try given.path("id", .eventID, "The id of the batch.")
        }
    }

    private struct ListInput: Input {
        let after: EventID?
        let limit: Int

        init(_ given: Given) throws {
            after = try given.query("after", .eventID, "The last id of the page before.")
            limit =
                try given.query("limit", .count(in: 1...1_000), "How many; default 100.") ?? 100
        }
    }
}
