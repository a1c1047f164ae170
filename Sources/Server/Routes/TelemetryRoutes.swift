import Access
import Booking
import EventReading
import HTTPTypes
import Hummingbird
import LedgerModel
import NIOCore

/// `/v1/traces`, `/v1/logs` and `/v1/metrics`: OTLP over HTTP, answers and errors in its own shape.
///
/// Langfuse's SDK has a path of its own for the same spans, and signs with its two keys.
enum TelemetryRoutes {
    static let routes: [Route] =
        TelemetrySignal.allCases.map { signal in
            route("/v1/\(signal.rawValue)", "Receive OpenTelemetry \(signal.rawValue)", signal)
        } + [
            route(
                "/api/public/otel/v1/traces", "Receive traces where Langfuse's SDK sends them",
                .traces)
        ]

    private static func route(
        _ path: String, _ summary: String, _ signal: TelemetrySignal
    ) -> Route {
        Route(
            .post, path, summary,
            needs: .scope(.ingest),
            answers: [.text("application/x-protobuf"), .text("application/json")],
            refuse: { failure, request in failure.telemetryResponse(to: request) }
        ) { (call, _: TelemetryInput) in
            try await take(call, signal)
        }
    }

    private struct TelemetryInput: Input {
        static let body = BodyForm.stream(
            types: ["application/x-protobuf", "application/json"],
            meaning: "An OTLP export request; gzip is accepted.")
        init(_: Given) {}
    }

    private static func take(_ call: Call, _ signal: TelemetrySignal) async throws -> Response {
        let intake = try await call.ledger().intake
        let type = call.request.headers[.contentType]
        guard let encoding = TelemetryEncoding(contentType: type) else {
            throw Refusal(
                kind: .unsupported,
                description: "the content type \(type ?? "(none)") is not supported: send "
                    + "application/x-protobuf or application/json")
        }
        let body = try await call.body(upTo: TelemetryReader.telemetryBytesMax)
        return try await call.work(on: body) {
            var reader = try TelemetryReader(
                body, signal, encoding, settings: call.parts.telemetry, now: call.now)
            let report = try await intake.take(listing: .refused) {
                reader.next()?.reported(by: call.caller.key)
            }
            count(report, reader.tally, signal, in: call.parts.metrics)
            try await call.note(report, reader.tally, from: signal.rawValue)
            return TelemetryAnswer(report, reader.tally, signal, encoding).response(.ok)
        }
    }

    /// What may become of a record.
    static let outcomes = ["appended", "duplicate", "same_call", "rejected", "ignored"]

    private static func count(
        _ report: IntakeReport, _ tally: TelemetryTally, _ signal: TelemetrySignal,
        in metrics: PrometheusRegistry
    ) {
        let counts = [
            report.appended, report.duplicates, report.sameCalls,
            report.rejected + report.conflicts, tally.ignored,
        ]
        for (outcome, count) in zip(outcomes, counts) where count > 0 {
            metrics.add(count, to: .telemetry, [signal.rawValue, outcome])
        }
    }
}

extension TelemetryAnswer {
    fileprivate func response(_ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension Failure {
    /// The failure as google.rpc.Status, in the encoding of the request if that is known.
    fileprivate func telemetryResponse(to request: Request) -> Response {
        let encoding = TelemetryEncoding(contentType: request.headers[.contentType]) ?? .json
        let answer = TelemetryAnswer(code: canonicalCode, message: message, encoding)
        var response = answer.response(status)
        response.headers.append(contentsOf: headers)
        return response
    }

    /// The google.rpc.Code of the status.
    private var canonicalCode: Int32 {
        switch status.code {
        case 401: 16
        case 403: 7
        case 404: 5
        case 429: 8
        case 503: 14
        case 500...: 13
        default: 3
        }
    }
}
