package import EventReading
import OTLPMessages
import SwiftProtobuf

/// The answer of OTLP, in the encoding of the request.
package struct TelemetryAnswer: Sendable {
    package let contentType: String
    package let body: [UInt8]

    /// Reasons listed in one answer; the rest are only counted.
    static let reasonsListedMax = 20

    private init(_ message: some Message, _ encoding: TelemetryEncoding) {
        contentType = encoding.rawValue
        do {
            body =
                switch encoding {
                case .protobuf: try message.serializedBytes()
                case .json: try message.jsonUTF8Bytes()
                }
        } catch {
            preconditionFailure(
                "a message without required fields, Any or invalid text must encode: \(error)")
        }
    }

    /// Everything usable was taken; rejected records are reported with reasons.
    package init(
        _ report: IntakeReport, _ tally: TelemetryTally, _ signal: TelemetrySignal,
        _ encoding: TelemetryEncoding
    ) {
        let rejected = Int64(report.rejected + report.conflicts)
        let message = Self.message(report, tally, signal)
        switch signal {
        case .traces:
            var answer = Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceResponse()
            if !message.isEmpty {
                answer.partialSuccess.rejectedSpans = rejected
                answer.partialSuccess.errorMessage = message
            }
            self.init(answer, encoding)
        case .logs:
            var answer = Opentelemetry_Proto_Collector_Logs_V1_ExportLogsServiceResponse()
            if !message.isEmpty {
                answer.partialSuccess.rejectedLogRecords = rejected
                answer.partialSuccess.errorMessage = message
            }
            self.init(answer, encoding)
        case .metrics:
            var answer = Opentelemetry_Proto_Collector_Metrics_V1_ExportMetricsServiceResponse()
            if !message.isEmpty {
                answer.partialSuccess.rejectedDataPoints = rejected
                answer.partialSuccess.errorMessage = message
            }
            self.init(answer, encoding)
        }
    }

    /// A google.rpc.Status.
    ///
    /// - Parameter code: one of google.rpc.Code.
    package init(code: Int32, message: String, _ encoding: TelemetryEncoding) {
        var status = Google_Rpc_Status()
        status.code = code
        status.message = message
        self.init(status, encoding)
    }

    private static func message(
        _ report: IntakeReport, _ tally: TelemetryTally, _ signal: TelemetrySignal
    ) -> String {
        var sentences: [String] = []
        let rejected = report.rejected + report.conflicts
        if rejected > 0 {
            var reasons = report.orderedLines.prefix(reasonsListedMax).map { line in
                "\(line.id.map { "\($0): " } ?? "")\(line.reason ?? line.status.rawValue)"
            }
            if rejected > reasons.count { reasons.append("and \(rejected - reasons.count) more") }
            sentences.append(
                "\(rejected) of \(report.total + tally.ignored) \(signal.items) were rejected: "
                    + reasons.joined(separator: "; "))
        }
        if let remark = tally.remark { sentences.append(remark) }
        return sentences.joined(separator: ". ")
    }
}
