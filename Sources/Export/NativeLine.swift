import EventStore
import JSON
import LedgerModel

/// Writes events in the native form, one per line; importing them makes the same events.
struct NativeLine {
    private var needsComma = false

    /// - Parameter addition: what further reports of the call add to a request.
    mutating func write(
        _ row: EventRow, with addition: Completions.Addition?, to out: inout ExportBytes
    ) {
        guard let kind = row.kind else { return }
        out.append("{\"type\":\"")
        out.append(kind.name)
        out.append("\"")
        needsComma = true
        identify(row, kind, &out)
        key("occurred_at", &out)
        out.append("\"")
        out.append(row.occurredAt)
        out.append("\"")
        id("request_id", row.id(.causeID), &out)
        for dimension in Dimension.allCases {
            if let value = row.text(dimension.field) {
                text(dimension.name, value, &out)
            } else if let value = addition?[dimension] {
                text(dimension.name, value, &out)
            }
        }
        if let status = row.int32(.status) {
            key("status", &out)
            out.append(status)
        }
        text("error_type", row.text(.errorType), &out)
        usage(row, addition, &out)
        milliseconds("latency_ms", row.int64(.latency), &out)
        milliseconds("time_to_first_token_ms", row.int64(.timeToFirstToken), &out)
        for field in [Field.contentHash, .requestHash] {
            guard let hash = row.text(field) else { continue }
            key(field.column, &out)
            out.append("\"")
            for byte in hash { out.append(hexadecimal: byte) }
            out.append("\"")
        }
        raw("labels", row.text(.labels), &out)
        for field in CallOrigin.fields { text(field.column, row.text(field), &out) }
        optimization(row, kind, &out)
        if kind.isCharge { charge(row, &out) }
        raw("detail", row.text(.detail), &out)
        out.append("}\n")
    }

    /// Writes the sender's identity for the event, from which its id follows again.
    private mutating func identify(
        _ row: EventRow, _ kind: EventKind, _ out: inout ExportBytes
    ) {
        guard let external = row.text(.externalID) else { return id("id", row.id(.id), &out) }
        // An empty source means none.
        if let source = row.text(.source), !source.isEmpty { text("source", source, &out) }
        text("id", external, &out)
    }

    private mutating func usage(
        _ row: EventRow, _ addition: Completions.Addition?, _ out: inout ExportBytes
    ) {
        var isOpen = false
        for unit in UsageUnit.allCases {
            guard let count = row.int64(unit.field) ?? addition?.usage[unit] else { continue }
            if !isOpen {
                key("usage", &out)
                out.append("{")
                needsComma = false
                isOpen = true
            }
            key(unit.name, &out)
            out.append(count, unit)
        }
        if isOpen { out.append("}") }
    }

    private mutating func charge(_ row: EventRow, _ out: inout ExportBytes) {
        if let amount = row.int64(.amount) {
            key("cost_usd", &out)
            out.append("\"")
            out.append(Picodollars(amount).description)
            out.append("\"")
        }
        text("unpriced", row.text(.unpriced), &out)
        id("book_id", row.id(.bookID), &out)
        id("previous_id", row.id(.previousID), &out)
    }

    private mutating func optimization(
        _ row: EventRow, _ kind: EventKind, _ out: inout ExportBytes
    ) {
        for (name, field) in [
            ("tokens_before", Field.tokensBefore), ("tokens_after", .tokensAfter),
            ("useful_output_tokens", .usefulOutputTokens),
        ] {
            guard let count = row.int64(field) else { continue }
            key(name, &out)
            out.append(count)
        }
        if let quality = row.int32(.quality) {
            key("quality", &out)
            out.append(decimal(Int128(quality), scale: 6))
        }
        raw("stages", row.text(.stages), &out)
        raw("lossy_stages", row.text(.lossyStages), &out)
        guard kind == .savingRated else { return }
        if let saved = row.int64(.saved) {
            key("saved_usd", &out)
            out.append("\"")
            out.append(Picodollars(saved).description)
            out.append("\"")
        }
        id("book_id", row.id(.bookID), &out)
    }

    // MARK: Members

    private mutating func key(_ name: String, _ out: inout ExportBytes) {
        if needsComma { out.comma() }
        needsComma = true
        out.append("\"")
        out.append(name)
        out.append("\":")
    }

    private mutating func text(
        _ name: String, _ text: UnsafeRawBufferPointer?, _ out: inout ExportBytes
    ) {
        guard let text else { return }
        key(name, &out)
        out.append(json: text)
    }

    private mutating func text(_ name: String, _ text: Name, _ out: inout ExportBytes) {
        var bytes = text.string
        bytes.withUTF8 { self.text(name, UnsafeRawBufferPointer($0), &out) }
    }

    /// Writes JSON that is stored as JSON.
    private mutating func raw(
        _ name: String, _ json: UnsafeRawBufferPointer?, _ out: inout ExportBytes
    ) {
        guard let json else { return }
        key(name, &out)
        out.append(raw: json)
    }

    private mutating func id(_ name: String, _ id: EventID?, _ out: inout ExportBytes) {
        guard let id else { return }
        key(name, &out)
        out.append("\"")
        out.append(id)
        out.append("\"")
    }

    private mutating func milliseconds(
        _ name: String, _ microseconds: Int64?, _ out: inout ExportBytes
    ) {
        guard let microseconds else { return }
        key(name, &out)
        out.append(decimal(Int128(microseconds), scale: 3))
    }
}
