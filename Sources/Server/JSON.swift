package import LedgerModel

/// Writes JSON text; the answers of this service are small and known, so they need no encoder.
///
/// Commas are put where they belong; money and times are written as texts, never as numbers.
package struct JSONWriter {
    package private(set) var text = ""
    private var needsComma = false

    package init() {}

    package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try nest("{", "}", body)
    }

    package mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try nest("[", "]", body)
    }

    package mutating func array<S: Sequence>(
        of elements: S, _ body: (inout JSONWriter, S.Element) throws -> Void
    ) rethrows {
        try array { json in
            for element in elements { try body(&json, element) }
        }
    }

    package mutating func key(_ name: String) {
        separate()
        appendJSONString(name, to: &text)
        text += ":"
        needsComma = false
    }

    package mutating func value(_ string: String?) {
        separate()
        if let string { appendJSONString(string, to: &text) } else { text += "null" }
    }

    package mutating func value(_ number: (some FixedWidthInteger)?) {
        separate()
        text += number.map { String($0) } ?? "null"
    }

    package mutating func value(_ number: Double?) {
        separate()
        text += number.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null"
    }

    package mutating func value(_ flag: Bool) {
        separate()
        text += flag ? "true" : "false"
    }

    /// JSON that is already text.
    package mutating func value(raw json: String) {
        separate()
        text += json
    }

    package mutating func field(_ name: String, _ string: String?) {
        key(name)
        value(string)
    }

    package mutating func field(_ name: String, _ number: (some FixedWidthInteger)?) {
        key(name)
        value(number)
    }

    package mutating func field(_ name: String, _ number: Double?) {
        key(name)
        value(number)
    }

    package mutating func field(_ name: String, _ flag: Bool) {
        key(name)
        value(flag)
    }

    private mutating func separate() {
        if needsComma { text += "," }
        needsComma = true
    }

    private mutating func nest(
        _ open: String, _ close: String, _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        separate()
        text += open
        needsComma = false
        try body(&self)
        text += close
        needsComma = true
    }
}

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
