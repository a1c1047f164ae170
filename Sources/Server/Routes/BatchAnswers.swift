import BatchRunner
import HTTPTypes
import Hummingbird
import JSON
import LedgerModel
import NIOCore

/// Batches and their results as OpenAI's and Anthropic's clients read them.
enum BatchAnswers {
    /// The results of a batch, line by line, read page by page.
    static func results(
        _ call: Call, _ id: EventID, as faces: [BatchOrder.Face],
        _ outcomes: [BatchResult.Outcome],
        _ write: @escaping @Sendable (inout JSONWriter, BatchResult) -> Void
    ) async throws -> Response {
        let (batches, owner) = (call.parts.batches, call.batchOwner)
        let batch = try await batches.find(id, for: owner, as: faces)
        guard batch.endedAt != nil else {
            throw BatchFault.notEnded(PublicID.batch(id, batch.face))
        }
        let first = try await batches.results(of: batch, for: owner, from: 0, outcomes)
        return Response(
            status: .ok, headers: [.contentType: "application/x-jsonl"],
            body: ResponseBody { writer in
                var page = first
                while let last = page.last {
                    var json = JSONWriter()
                    for result in page {
                        write(&json, result)
                        json.endLine()
                    }
                    for piece in ByteBuffer(bytes: json.bytes).pieces {
                        try await writer.write(piece)
                    }
                    page = try await batches.results(
                        of: batch, for: owner, from: last.line + 1, outcomes)
                }
                try await writer.finish(nil)
            })
    }
}

extension JSONWriter {
    /// A batch in OpenAI's shape; files of results are named once there are any.
    mutating func value(openAI batch: BatchView) {
        let counts = batch.counts
        let isEnded = batch.endedAt != nil
        let undone = counts.failed + counts.expired + counts.cancelled + counts.missing
        func file(_ suffix: String, if has: Bool) -> String? {
            isEnded && has ? PublicID.file(batch.id) + suffix : nil
        }
        object { json in
            json.field("id", PublicID.batch(batch.id, .openAI))
            json.field("object", "batch")
            json.field("endpoint", batch.endpoint)
            json.key("errors")
            if batch.state == .failed, let error = batch.error {
                json.object { json in
                    json.field("object", "list")
                    json.key("data")
                    json.array(of: [error]) { json, error in
                        json.object { json in
                            json.field("code", "invalid")
                            json.field("message", error)
                        }
                    }
                }
            } else {
                json.value(String?.none)
            }
            json.field("input_file_id", batch.inputFile.map { PublicID.file($0) })
            json.field("completion_window", "24h")
            json.field("status", batch.state.rawValue)
            json.field("output_file_id", file("-output", if: counts.succeeded > 0))
            json.field("error_file_id", file("-errors", if: undone > 0))
            json.field("created_at", batch.createdAt.unixSeconds)
            json.field("in_progress_at", batch.formedAt?.unixSeconds)
            json.field("expires_at", batch.goal.unixSeconds)
            for state in [BatchView.State.completed, .failed, .expired, .cancelled] {
                json.field(
                    "\(state.rawValue)_at",
                    batch.state == state ? batch.endedAt?.unixSeconds : nil)
            }
            json.field("cancelling_at", batch.cancelAt?.unixSeconds)
            json.key("request_counts")
            json.object { json in
                json.field("total", batch.lines)
                json.field("completed", counts.succeeded)
                json.field("failed", counts.failed)
            }
            json.field("metadata", raw: batch.metadata ?? "null")
        }
    }

    /// A line of OpenAI's files of results.
    mutating func value(openAI result: BatchResult) {
        object { json in
            json.field("id", "batch_req_\(result.line)")
            json.field("custom_id", result.customID)
            json.key("response")
            if let status = result.status {
                json.object { json in
                    json.field("status_code", status)
                    json.field("request_id", "")
                    json.key("body")
                    json.value(rawOrNull: result.answer)
                }
            } else {
                json.value(String?.none)
            }
            json.key("error")
            guard result.status == nil else { return json.value(String?.none) }
            json.object { json in
                switch result.outcome {
                case .expired: json.field("code", "batch_expired")
                case .cancelled: json.field("code", "batch_cancelled")
                default: json.field("code", "batch_\(result.outcome.rawValue)")
                }
                json.field(
                    "message",
                    result.answer.isEmpty
                        ? "the provider has no answer to it"
                        : String(decoding: result.answer, as: UTF8.self))
            }
        }
    }

    /// A batch in Anthropic's shape.
    ///
    /// - Parameter base: `http://host`, as the caller knows us.
    mutating func value(anthropic batch: BatchView, at base: String) {
        let counts = batch.counts
        let id = PublicID.batch(batch.id, .anthropic)
        let isEnded = batch.endedAt != nil
        object { json in
            json.field("id", id)
            json.field("type", "message_batch")
            json.field(
                "processing_status",
                isEnded ? "ended" : batch.cancelAt == nil ? "in_progress" : "canceling")
            json.key("request_counts")
            json.object { json in
                json.field("processing", batch.lines - counts.ended)
                json.field("succeeded", counts.succeeded)
                json.field("errored", counts.failed + counts.missing)
                json.field("canceled", counts.cancelled)
                json.field("expired", counts.expired)
            }
            json.field("created_at", batch.createdAt.description)
            json.field("expires_at", batch.goal.description)
            json.field("ended_at", batch.endedAt?.description)
            json.field("cancel_initiated_at", batch.cancelAt?.description)
            json.field("archived_at", String?.none)
            json.field("results_url", isEnded ? "\(base)/v1/messages/batches/\(id)/results" : nil)
        }
    }

    /// A line of Anthropic's results.
    mutating func value(anthropic result: BatchResult) {
        object { json in
            json.field("custom_id", result.customID)
            json.key("result")
            json.object { json in
                switch result.outcome {
                case .succeeded:
                    json.field("type", "succeeded")
                    json.key("message")
                    json.value(rawOrNull: result.answer)
                case .expired: json.field("type", "expired")
                case .cancelled: json.field("type", "canceled")
                case .failed where !result.answer.isEmpty:
                    json.field("type", "errored")
                    json.key("error")
                    json.value(rawOrNull: result.answer)
                case .failed, .missing:
                    json.field("type", "errored")
                    json.field(
                        "error",
                        raw: #"{"type":"error","error":{"type":"api_error","message":"no answer"}}"#
                    )
                }
            }
        }
    }

    mutating func value(rawOrNull bytes: [UInt8]) {
        if bytes.isEmpty { value(String?.none) } else { value(raw: bytes) }
    }
}
