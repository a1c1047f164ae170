/// A field of an event: its number in the canonical encoding and its column in the table.
///
/// The raw value is hashed with the field, so numbers are never reused; a new field takes the next
/// number and leaves old leaves unchanged. Columns have the order of the numbers.
package enum Field: UInt8, CaseIterable, Sendable {
    case id = 1
    case kind, occurredAt, source, externalID, causeID
    case app, team, project, environment, feature, user, session, provider, model, operation
    case serviceTier, region
    case status, errorType, labels
    case inputTokens, cacheReadInputTokens, cacheWriteInputTokens, cacheWriteOneHourInputTokens
    case outputTokens, reasoningOutputTokens, inputAudioTokens, outputAudioTokens
    case cacheReadAudioTokens, inputImageTokens, outputImageTokens, cacheReadImageTokens
    case inputSeconds, outputSeconds, inputCharacters, webSearches, images, requests
    case latency, timeToFirstToken, contentHash
    case amount, unpriced, bookID, previousID, detail
    case tokensBefore, tokensAfter, usefulOutputTokens, quality, stages, lossyStages, saved
    case traceID, spanID, parentSpanID, scope, responseID
    case agent, parentAgent, attempt, apiKey
    case requestHash

    /// The column of `events`; `user` and `session` are reserved words and end in `_id`.
    package var column: String { Self.columns[Int(rawValue) - 1] }

    package static let columns = [
        "event_id", "kind", "occurred_at", "source", "external_id", "cause_id", "app", "team",
        "project", "environment", "feature", "user_id", "session_id", "provider", "model",
        "operation", "service_tier", "region", "status", "error_type", "labels", "input_tokens",
        "cache_read_input_tokens", "cache_write_input_tokens", "cache_write_1h_input_tokens",
        "output_tokens", "reasoning_output_tokens", "input_audio_tokens", "output_audio_tokens",
        "cache_read_audio_tokens", "input_image_tokens", "output_image_tokens",
        "cache_read_image_tokens", "input_us", "output_us", "input_characters", "web_searches",
        "images", "requests", "latency_us", "time_to_first_token_us", "content_hash",
        "amount_pico", "unpriced", "book_id", "previous_id", "detail", "tokens_before",
        "tokens_after", "useful_output_tokens", "quality_ppm", "stages", "lossy_stages",
        "saved_pico", "trace_id", "span_id", "parent_span_id", "scope", "response_id", "agent",
        "parent_agent", "attempt", "api_key", "request_hash",
    ]
}

extension Dimension {
    /// The column of `events`.
    package var column: String { field.column }
}

extension UsageUnit {
    /// The column of `events`; the usage fields stand in the order of the units.
    package var column: String {
        Field.columns[Int(Field.inputTokens.rawValue) - 1 + Int(rawValue)]
    }
}

/// The encoded fields of one event, by number: each field's length as a big-endian `Int32` and its
/// bytes, or −1 if absent.
///
/// Integers are big-endian, texts are UTF-8, times count microseconds from 2000. This is both the
/// body of a PostgreSQL binary COPY row and the source of the leaf hash: what is hashed is what is
/// stored, and an auditor who copies the rows out can recompute every leaf.
package struct EventImage: ~Copyable {
    package private(set) var bytes: UnsafeMutableRawPointer
    package private(set) var count = 0
    private var capacity: Int

    package init(capacity: Int = 4_096) {
        self.capacity = capacity
        bytes = .allocate(byteCount: capacity, alignment: 8)
    }

    deinit { bytes.deallocate() }

    package var buffer: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: bytes, count: count)
    }

    package mutating func removeAll() { count = 0 }

    /// Appends the image of an event.
    package mutating func append(_ event: borrowing Event) {
        put(event.id)
        put(int16: event.kind.rawValue)
        put(int64: event.occurredAt.microseconds)
        put(text: event.externalID?.source)
        put(text: event.externalID?.id)
        put(event.causeID)
        for index in 0..<Dimension.earlyCount { put(text: event.dimensions[unchecked: index]) }
        put(int32: event.status)
        put(text: event.errorType)
        put(json: event.labels)
        for index in 0..<UsageUnit.count { put(int64: event.usage[unchecked: index]) }
        put(int64: event.latency)
        put(int64: event.timeToFirstToken)
        put(event.contentHash)
        put(int64: event.amount?.amount)
        put(text: event.unpriced)
        put(event.bookID)
        put(event.previousID)
        put(json: event.detail)
        put(int64: event.optimization.tokensBefore)
        put(int64: event.optimization.tokensAfter)
        put(int64: event.optimization.usefulOutputTokens)
        put(int32: event.quality)
        put(json: event.optimization.stages)
        put(json: event.optimization.lossyStages)
        put(int64: event.saved?.amount)
        put(text: event.origin.traceID)
        put(text: event.origin.spanID)
        put(text: event.origin.parentSpanID)
        put(text: event.origin.scope)
        put(text: event.origin.responseID)
        for dimension in Dimension.late { put(text: event.dimensions[dimension]) }
        put(event.requestHash)
    }

    private mutating func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        capacity = max(capacity * 2, count + more)
        let grown = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        grown.copyMemory(from: bytes, byteCount: count)
        bytes.deallocate()
        bytes = grown
    }

    private mutating func put<I: FixedWidthInteger>(raw value: I) {
        bytes.storeBytes(of: value.bigEndian, toByteOffset: count, as: I.self)
        count += MemoryLayout<I>.size
    }

    private mutating func putAbsent() {
        reserve(4)
        put(raw: Int32(-1))
    }

    private mutating func put<I: FixedWidthInteger>(integer value: I?) {
        guard let value else { return putAbsent() }
        reserve(4 + MemoryLayout<I>.size)
        put(raw: Int32(MemoryLayout<I>.size))
        put(raw: value)
    }

    private mutating func put(int16 value: Int16?) { put(integer: value) }
    private mutating func put(int32 value: Int32?) { put(integer: value) }
    private mutating func put(int64 value: Int64?) { put(integer: value) }

    private mutating func put(_ id: EventID?) {
        guard let id else { return putAbsent() }
        reserve(20)
        put(raw: Int32(16))
        put(raw: id.high)
        put(raw: id.low)
    }

    private mutating func put(_ digest: Digest?) {
        guard let digest else { return putAbsent() }
        reserve(36)
        put(raw: Int32(32))
        for index in 0..<4 { put(raw: digest.words[index]) }
    }

    private mutating func put(text name: Name?) {
        guard let name else { return putAbsent() }
        put(string: name.string)
    }

    private mutating func put(json labels: Labels?) {
        guard let labels else { return putAbsent() }
        put(string: labels.canonicalJSON)
    }

    private mutating func put(json stages: StageSavings?) {
        guard let stages else { return putAbsent() }
        put(string: stages.canonicalJSON)
    }

    private mutating func put(string: String) {
        let length = string.utf8.count
        reserve(4 + length)
        put(raw: Int32(length))
        let start = bytes + count
        let copied: Void? = string.utf8.withContiguousStorageIfAvailable { utf8 in
            if let base = utf8.baseAddress { start.copyMemory(from: base, byteCount: length) }
        }
        if copied == nil {
            for (offset, byte) in string.utf8.enumerated() {
                start.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
            }
        }
        count += length
    }
}

/// Computes leaf hashes: SHA-256(0x00 ‖ canonical encoding).
///
/// The canonical encoding is the version byte, then for every present field its number, its length
/// and its bytes. Keeps a buffer, so hashing a million leaves allocates once.
package struct LeafHasher: ~Copyable {
    package static let encodingVersion: UInt8 = 1

    private var scratch: UnsafeMutableRawPointer
    private var capacity = 8_192

    package init() {
        scratch = .allocate(byteCount: capacity, alignment: 8)
        scratch.storeBytes(of: 0x00, as: UInt8.self)
        scratch.storeBytes(of: Self.encodingVersion, toByteOffset: 1, as: UInt8.self)
    }

    deinit { scratch.deallocate() }

    /// The leaf of a row that has all fields.
    package mutating func leaf(of row: EventRow) -> Digest {
        let count = encode(row)
        return Digest(hashing: UnsafeRawBufferPointer(start: scratch, count: count))
    }

    /// The leaf that a row would have without the API key that it came by: two reports of one event
    /// are the same, whoever brings them.
    package mutating func content(of row: EventRow) -> Digest {
        var row = row
        row.forget(.apiKey)
        return leaf(of: row)
    }

    /// The leaf of an event image; nil if the bytes are not one (wrong number of fields, or a
    /// length past the end).
    package mutating func leaf(of image: UnsafeRawBufferPointer) -> Digest? {
        var row = EventRow()
        return row.find(Field.all, in: image) ? leaf(of: row) : nil
    }

    /// The canonical encoding of an event image, without the 0x00 of the leaf.
    package mutating func canonicalEncoding(of image: UnsafeRawBufferPointer) -> [UInt8]? {
        guard let row = EventRow(image: image) else { return nil }
        let count = encode(row)
        return [UInt8](UnsafeRawBufferPointer(start: scratch + 1, count: count - 1))
    }

    private mutating func encode(_ row: EventRow) -> Int {
        let needed = row.bytes.count + Field.columns.count + 2
        if needed > capacity { grow(to: needed * 2) }
        guard let base = row.bytes.baseAddress else { return 2 }
        var written = 2
        var rest = row.present
        while rest != 0 {
            let index = rest.trailingZeroBitCount
            rest &= rest - 1
            let start = base + (Int(row.starts[index]) - 4)
            let length = Int(Int32(bigEndian: start.loadUnaligned(as: Int32.self)))
            scratch.storeBytes(of: UInt8(index + 1), toByteOffset: written, as: UInt8.self)
            Self.copy(4 + length, from: start, to: scratch + written + 1)
            written += 5 + length
        }
        return written
    }

    /// Copies a few bytes as two overlapping words, which is faster than calling `memcpy`.
    @inline(__always)
    private static func copy(
        _ count: Int, from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer
    ) {
        switch count {
        case 8...16:
            let end = source.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            target.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
            target.storeBytes(of: end, toByteOffset: count - 8, as: UInt64.self)
        case 17...32:
            typealias Pair = SIMD2<UInt64>
            let end = source.loadUnaligned(fromByteOffset: count - 16, as: Pair.self)
            target.storeBytes(of: source.loadUnaligned(as: Pair.self), as: Pair.self)
            target.storeBytes(of: end, toByteOffset: count - 16, as: Pair.self)
        default: target.copyMemory(from: source, byteCount: count)
        }
    }

    private mutating func grow(to size: Int) {
        let grown = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        grown.copyMemory(from: scratch, byteCount: 2)
        scratch.deallocate()
        scratch = grown
        capacity = size
    }
}
