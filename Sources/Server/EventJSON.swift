package import JSON
package import LedgerModel

extension JSONWriter {
    /// A recorded event in the form in which it can be sent again, with its place.
    package mutating func event(_ recorded: RecordedEvent) {
        let event = recorded.event
        object { json in
            json.field("position", recorded.position)
            json.field("recorded_at", recorded.recordedAt.description)
            json.field("type", event.kind.name)
            if let external = event.externalID {
                json.field("event_id", event.id.description)
                json.field("source", external.source.string)
                json.field("id", external.id.string)
            } else {
                json.field("id", event.id.description)
            }
            json.field("occurred_at", event.occurredAt.description)
            if let cause = event.causeID { json.field("request_id", cause.description) }
            for dimension in Dimension.allCases {
                if let value = event.dimensions[dimension] {
                    json.field(dimension.name, value.string)
                }
            }
            json.outcome(of: event)
            json.optimization(of: event)
            json.charge(of: event)
        }
    }

    private mutating func outcome(of event: Event) {
        if let status = event.status { field("status", status) }
        if let error = event.errorType { field("error_type", error.string) }
        if !event.usage.isEmpty {
            key("usage")
            object { json in
                for unit in event.usage.units {
                    json.key(unit.name)
                    let count = Int128(event.usage.value(unit))
                    json.value(raw: decimal(count, scale: unit.scale == 1 ? 0 : 6))
                }
            }
        }
        for (name, microseconds) in [
            ("latency_ms", event.latency), ("time_to_first_token_ms", event.timeToFirstToken),
        ] {
            guard let microseconds else { continue }
            key(name)
            value(raw: decimal(Int128(microseconds), scale: 3))
        }
        if let hash = event.contentHash { field("content_hash", hash.description) }
        if let labels = event.labels {
            key("labels")
            value(raw: labels.canonicalJSON)
        }
    }

    private mutating func optimization(of event: Event) {
        let counts = event.optimization
        for (name, count) in [
            ("tokens_before", counts.tokensBefore), ("tokens_after", counts.tokensAfter),
            ("useful_output_tokens", counts.usefulOutputTokens),
        ] {
            if let count { field(name, count) }
        }
        if let quality = event.quality {
            key("quality")
            value(raw: decimal(Int128(quality), scale: 6))
        }
        for (name, stages) in [("stages", counts.stages), ("lossy_stages", counts.lossyStages)] {
            guard let stages else { continue }
            key(name)
            value(raw: stages.canonicalJSON)
        }
        if event.kind == .savingRated { field("saved_usd", event.saved?.description) }
    }

    private mutating func charge(of event: Event) {
        if event.kind.isCharge { field("cost_usd", event.amount?.description) }
        if let reason = event.unpriced { field("unpriced", reason.string) }
        if let book = event.bookID { field("book_id", book.description) }
        if let previous = event.previousID { field("previous_id", previous.description) }
        if let detail = event.detail {
            key("detail")
            value(raw: detail.canonicalJSON)
        }
    }
}
