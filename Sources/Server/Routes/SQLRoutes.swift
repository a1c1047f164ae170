import Access
import Audit
import Foundation
import HTTPTypes
import Hummingbird
package import JSON
import LedgerModel
import NIOCore

/// `POST /api/v1/sql`: one read-only query over the caller's ledger.
struct SQLRoutes: Sendable {
    let parts: ServerParts

    /// Rows without a `limit`, and at most.
    private static let rowsDefault = 1_000
    private static let rowsMax = 100_000

    func add(to router: Router<TallyContext>) {
        router.post("/api/v1/sql") { request, _ in try await query(request) }
    }

    private struct Question: Decodable {
        var query: String
        var limit: Int?
    }

    private func query(_ request: Request) async throws -> Response {
        let caller = try await parts.access.caller(key: request.apiKey, needs: .read)
        let body = try await request.body.collect(upTo: 2 * AuditQueries.textBytesMax)
        guard
            let asked = try? JSONDecoder().decode(
                Question.self, from: Data(body.readableBytesView))
        else { throw Failure.invalid(#"send {"query": "SELECT …", "limit": 1000}"#) }
        var limits = AuditLimits()
        limits.rows = min(max(asked.limit ?? Self.rowsDefault, 0), Self.rowsMax)
        let result: AuditResult
        do {
            result = try await parts.audit.run(
                asked.query, as: .ledger(caller.ledger), limits: limits)
        } catch let refusal as AuditRefusal {
            throw Failure(refusal)
        }
        let accept = request.headers[.accept] ?? ""
        if accept.contains("ndjson") {
            return .text(result.ndjson, type: "application/x-ndjson")
        }
        if accept.contains("text/csv") {
            return .text(result.csv, type: "text/csv; charset=utf-8")
        }
        return .json(result.json)
    }
}

extension Failure {
    fileprivate init(_ refusal: AuditRefusal) {
        switch refusal {
        case .query, .tooLong, .zeroByte:
            self = .invalid("\(refusal)", param: "query")
        case .tookTooLong:
            self.init(status: .requestTimeout, type: "query_timeout", message: "\(refusal)")
        case .busy:
            self.init(
                status: .tooManyRequests, type: "overloaded", message: "\(refusal)",
                retryAfter: 1)
        case .unavailable:
            self.init(
                status: .serviceUnavailable, type: "database_unavailable",
                message: "\(refusal)", retryAfter: 2)
        }
    }
}

extension AuditResult {
    /// Columns with their types, rows as objects, and whether the limit cut something off.
    package var json: JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.key("columns")
            json.array(of: columns) { json, column in
                json.object { json in
                    json.field("name", column.name)
                    json.field("type", column.type)
                }
            }
            json.key("rows")
            json.array(of: rows) { write($1, to: &$0) }
            json.field("truncated", isTruncated)
        }
        return json
    }

    /// One object a line.
    package var ndjson: String {
        rows.map { row in
            var json = JSONWriter()
            write(row, to: &json)
            return json.text + "\n"
        }.joined()
    }

    /// RFC 4180; NULL is an empty field.
    package var csv: String { csv(endingLinesWith: "\r\n") }

    /// - Parameter end: a line feed alone where tools of a shell read on.
    package func csv(endingLinesWith end: String) -> String {
        let lines = [columns.map { $0.name as String? }] + rows
        return lines.map { row in
            row.map { Self.quoted($0 ?? "") }.joined(separator: ",") + end
        }.joined()
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else {
            return cell
        }
        let doubled = cell.split(separator: "\"", omittingEmptySubsequences: false)
        return "\"\(doubled.joined(separator: "\"\""))\""
    }

    private func write(_ row: [String?], to json: inout JSONWriter) {
        json.object { json in
            for (column, cell) in zip(columns, row) {
                json.key(column.name)
                guard let cell else {
                    json.value(raw: "null")
                    continue
                }
                switch column.type {
                case "bool", "boolean": json.value(cell == "t")
                case "int2", "int4", "int8", "smallint", "integer", "bigint", "json", "jsonb":
                    json.value(raw: cell)
                case "float4", "float8", "real", "double precision": json.value(Double(cell))
                // Exact numbers stay text: many readers would make them floating-point.
                default: json.value(cell)
                }
            }
        }
    }
}
