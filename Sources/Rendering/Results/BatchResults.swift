package import BatchRunner
import LedgerModel

/// A batch of requests, and of a single one its answer.
package struct ShownBatch: ListedObject {
    let batch: BatchView
    let result: BatchResult?

    package init(_ batch: BatchView, _ result: BatchResult? = nil) {
        self.batch = batch
        self.result = result
    }

    package static let listName = "batches"
    package static let layout = Table.Layout(nothing: "there are no batches")

    package static let shape = Shape<ShownBatch> {
        Member("id", \.batch.id, .column)
        Member("state", \.batch.state.rawValue, .column)
        Member("provider", \.batch.provider, .column)
        Member("endpoint", \.batch.endpoint)
        Member("requests", \.batch.lines, .column)
        Member("succeeded", \.batch.counts.succeeded, .column)
        Member("failed", \.batch.counts.failed, .column)
        Member("expired", \.batch.counts.expired)
        Member("cancelled", \.batch.counts.cancelled)
        Member("missing", \.batch.counts.missing)
        Member("created_at", \.batch.createdAt, .heading("created"))
        Member("goal_at", \.batch.goal)
        Member("ended_at", \.batch.endedAt, .heading("ended"))
        Member("kept_until", \.batch.expiresAt)
        Member("error", \.batch.error, omitted: true)
        Member("outcome", \.result?.outcome.rawValue, omitted: true)
        Member("status", \.result?.status, omitted: true)
        Member("answer", \.answer, omitted: true)
    }

    private var answer: JSONText? {
        result.flatMap {
            $0.answer.isEmpty ? nil : JSONText(String(decoding: $0.answer, as: UTF8.self))
        }
    }
}
