import Access
import Booking
import CoreMetrics
import EventReading
import HTTPTypes
import Hummingbird
import LedgerModel
import NIOCore

/// `/v1/traces`, `/v1/logs` and `/v1/metrics`: OTLP over HTTP, answers and errors in its own shape.
struct TelemetryRoutes: Sendable {
    let access: AccessControl
    let ledgers: LedgerRegistry
    let settings: TelemetrySettings
    let now: @Sendable () -> Timestamp

    func add(to router: Router<TallyContext>) {
        for signal in TelemetrySignal.allCases {
            router.post(RouterPath("/v1/\(signal.rawValue)")) { request, context in
                do {
                    return try await take(request, signal)
                } catch {
                    let failure = Failure(error)
                    context.log(error, as: failure, of: request)
                    return failure.telemetryResponse(to: request)
                }
            }
        }
    }

    private func take(_ request: Request, _ signal: TelemetrySignal) async throws -> Response {
        let caller = try await access.caller(key: request.apiKey, needs: .ingest)
        let openLedger = try await ledgers.openLedger(caller.ledger)
        let type = request.headers[.contentType]
        guard let encoding = TelemetryEncoding(contentType: type) else {
            throw Failure(
                status: .unsupportedMediaType, type: "invalid_request_error",
                message: "the content type \(type ?? "(none)") is not read here: send "
                    + "application/x-protobuf or application/json")
        }
        let body = try await request.withBody(upTo: TelemetryReader.telemetryBytesMax) { Array($0) }
        var reader = try TelemetryReader(body, signal, encoding, settings: settings, now: now())
        let report = try await openLedger.intake.take(listing: .refused) { reader.next() }
        count(report, reader.tally, signal)
        let answer = TelemetryAnswer(report, reader.tally, signal, encoding)
        return Response(
            status: .ok, headers: [.contentType: answer.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    private func count(
        _ report: IntakeReport, _ tally: TelemetryTally, _ signal: TelemetrySignal
    ) {
        for (outcome, count) in [
            ("appended", report.appended), ("duplicate", report.duplicates),
            ("rejected", report.rejected + report.conflicts), ("ignored", tally.ignored),
        ] where count > 0 {
            Counter(
                label: "tally_otlp_records_total",
                dimensions: [("signal", signal.rawValue), ("outcome", outcome)]
            ).increment(by: count)
        }
    }
}

extension Failure {
    /// The failure as google.rpc.Status, in the encoding of the request where that is known.
    func telemetryResponse(to request: Request) -> Response {
        let encoding = TelemetryEncoding(contentType: request.headers[.contentType]) ?? .json
        let answer = TelemetryAnswer(code: canonicalCode, message: message, encoding)
        var response = Response(
            status: status, headers: [.contentType: answer.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
        if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
        return response
    }

    /// The number in google.rpc.Code that stands for the status.
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
