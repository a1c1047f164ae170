import Access
import EventStore
import Export
import HTTPTypes
import Hummingbird
import LedgerModel
import NIOCore

/// `GET /api/v1/export`: the events, requests or charges of a range, as a stream.
struct ExportRoutes: Sendable {
    let parts: ServerParts

    func add(to router: Router<TallyContext>) {
        router.get("/api/v1/export") { request, _ in try await export(request) }
    }

    private func export(_ request: Request) async throws -> Response {
        let caller = try await parts.access.caller(key: request.apiKey, needs: .read)
        let asked = try exportRequest(Query(request))
        let plan: ExportPlan
        do {
            plan = try await LedgerExport(ledger: caller.ledger, pool: parts.pool).plan(asked)
        } catch let refusal as ExportRefusal {
            throw Failure.invalid("\(refusal)", param: "position")
        }
        var headers: HTTPFields = [.contentType: asked.format.contentType]
        headers[.xTallyPosition] = String(plan.position)
        headers[.contentDisposition] =
            "attachment; filename=\"tally-\(asked.format.rawValue)-\(plan.position)."
            + "\(asked.format.fileExtension)\""
        // A page is read once the one before it is on its way: a slow reader slows us down.
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(bytes: plan.header))
            for index in 0..<plan.pageCount {
                let chunk = try await plan.page(index)
                if !chunk.bytes.isEmpty { try await writer.write(ByteBuffer(bytes: chunk.bytes)) }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private func exportRequest(_ query: Query) throws -> ExportRequest {
        let name = query["format"] ?? "native"
        guard let format = ExportRequest.Format(rawValue: String(name)) else {
            throw Failure.invalid("format is native, csv or focus, not \(name)", param: "format")
        }
        var request = ExportRequest(format)
        request.filter.since = try query.time("since")
        request.filter.until = try query.time("until")
        if query["position"] != nil {
            request.position = try query.integer("position", default: 0, in: 0...Int64.max)
        }
        request.includesCharges = query["charges"] == "1"
        for dimension in Dimension.allCases {
            if let value = query[dimension.name] {
                request.filter.scope[dimension] = Name(String(value))
            }
        }
        return request
    }
}

extension HTTPField.Name {
    static let xTallyPosition = HTTPField.Name("x-tally-position") ?? .authorization
}
