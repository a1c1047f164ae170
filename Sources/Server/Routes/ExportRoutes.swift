import Calendars
import EventStore
import Export
import HTTPTypes
import Hummingbird
import LedgerModel
import NIOCore

/// `GET /api/v1/export`: the events, requests or charges of a range, as a stream.
enum ExportRoutes {
    static let routes: [Route] = [
        Route(
            .get, "/api/v1/export", "Export events, requests or charges as a file",
            answers: [.text("application/x-ndjson"), .text("text/csv")], export)
    ]

    private struct ExportInput: Input {
        let request: ExportRequest
        let zone: CalendarZone

        init(_ given: Given) throws {
            var request = ExportRequest(
                try given.query("format", .word, "Default native; see docs/export.md.")
                    ?? .native)
            request.filter.since = try given.query(
                "since", .time(at: given.now, in: given.zone), "Only at or after this time.")
            request.filter.until = try given.query(
                "until", .time(.end, at: given.now, in: given.zone), "Only before this time.")
            request.position = try given.query(
                "position", .integer(in: 0...Int64.max),
                "The ledger as of this position; default the end.")
            request.includesCharges =
                try given.query("charges", .flag, "In the native format: charges too.") ?? false
            request.focusVersion =
                try given.query(
                    "focus_version", .word, "Of the format focus; default 1.2.") ?? .oneTwo
            for (dimension, value) in try given.filters() {
                request.filter.scope[dimension] = value
            }
            self.request = request
            zone = given.zone
        }
    }

    private static func export(_ call: Call, _ input: ExportInput) async throws -> Response {
        let format = input.request.format
        let plan = try await LedgerExport(ledger: call.caller.ledger, pool: call.parts.pool)
            .plan(input.request)
        var headers: HTTPFields = [.contentType: format.contentType]
        headers[.xTallyPosition] = String(plan.position)
        headers[.xTallyZone] = input.zone.name
        headers[.contentDisposition] =
            "attachment; filename=\"tally-\(format.rawValue)-\(plan.position)."
            + "\(format.fileExtension)\""
        // Each page is read after the previous one was sent, so that a slow reader causes back
        // pressure.
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(bytes: plan.header))
            for index in 0..<plan.pageCount {
                let chunk = try await plan.page(index)
                for piece in ByteBuffer(bytes: chunk.bytes).pieces {
                    try await writer.write(piece)
                }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}

extension HTTPField.Name {
    static let xTallyPosition = HTTPField.Name("x-tally-position") ?? .authorization
    /// Whose days and months the range of an export was in.
    static let xTallyZone = HTTPField.Name("x-tally-zone") ?? .authorization
}
