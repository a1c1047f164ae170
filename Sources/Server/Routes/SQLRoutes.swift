import Audit
import HTTPTypes
import Hummingbird
import LedgerModel
import Rendering

/// `POST /api/v1/sql`: one read-only query over the caller's ledger.
enum SQLRoutes {
    static let routes: [Route] = [
        Route(
            .post, "/api/v1/sql", "Query the audit views",
            answers: [
                .json(AuditResult.self), .text("application/x-ndjson"), .text("text/csv"),
            ], query)
    ]

    private struct QueryInput: Input {
        static let body = BodyForm.object(bytesMax: 2 * AuditQueries.textBytesMax)
        let query: String
        let rows: Int

        init(_ given: Given) throws {
            query = try given.member(required: "query", .text, "One SELECT statement.")
            let limit = try given.member(
                "limit", .integer(in: 0...Int64.max),
                "The maximum number of rows; default 1,000, at most 100,000.")
            rows = Int(min(limit ?? 1_000, 100_000))
        }
    }

    /// The bytes of the rows of a result, as objects of JSON.
    static let resultBytesMax = 32 << 20

    private static func query(_ call: Call, _ input: QueryInput) async throws -> Response {
        var limits = AuditLimits()
        limits.rows = input.rows
        limits.bytes = resultBytesMax
        let (query, ledger, memory) = (input.query, call.caller.ledger, call.memory)
        let result = try await call.whileClientWaits { [limits] in
            try await call.parts.audit.run(query, as: .ledger(ledger), limits: limits) {
                try memory.grow(by: $0)
            }
        }
        let accept = call.request.headers[.accept] ?? ""
        return try await call.compute {
            if accept.contains("ndjson") {
                return .text(result.ndjson, type: "application/x-ndjson")
            }
            if accept.contains("text/csv") {
                return .text(result.table.csv(), type: "text/csv; charset=utf-8")
            }
            return .json(result)
        }
    }
}
