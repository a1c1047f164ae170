import JSON
package import LedgerModel
import SIMDJSON

/// Reads the events of one body, holding one at a time.
///
/// A syntax error in a JSON body is found before the first event is returned; in NDJSON it costs
/// only its line. A body with too many events is refused whole, before any of them is read.
package struct EventReader: ~Copyable {
    package enum Form: Hashable, Sendable {
        /// One native event or an array of them.
        case json
        /// One native event per line.
        case ndjson
        /// One CloudEvent in the structured mode.
        case cloudEvent
        /// An array of CloudEvents in the structured mode.
        case cloudEventBatch
    }

    package let form: Form
    /// Whether the body is one native event, not a list.
    package private(set) var isOneEvent = false
    private let now: Timestamp
    private let storage: ByteStorage
    private let body: UnsafeRawBufferPointer
    private var tape = JSONTape(
        elementsMax: UInt32(Self.eventsMax), tokensMax: Self.eventTokensMax)
    private var index = 0
    private var line = 0
    private var offset = 0

    /// The most events, or lines, of one body.
    package static let eventsMax = 500_000
    /// The most keys and values of one event.
    private static let eventTokensMax: UInt32 = 65_536

    /// - Parameter body: nothing is added to it from now on.
    package init(_ body: ByteStorage, form: Form, now: Timestamp) throws(BodyFault) {
        self.form = form
        self.now = now
        storage = body
        self.body = body.bytes.dropByteOrderMark
        if form == .ndjson { try countLines() } else { try openBody() }
    }

    package init(_ body: [UInt8], form: Form, now: Timestamp) throws(BodyFault) {
        try self.init(ByteStorage(copying: body), form: form, now: now)
    }

    private func countLines() throws(BodyFault) {
        let ends = body.occurrences(of: UInt8(ascii: "\n"), max: Self.eventsMax + 1)
        if ends > Self.eventsMax { throw .tooManyEvents(max: Self.eventsMax) }
    }

    private mutating func openBody() throws(BodyFault) {
        let root: JSONTape.Root
        do { root = try tape.open(body) } catch {
            if error.kind == .tooManyValues(Self.eventsMax) {
                throw .tooManyEvents(max: Self.eventsMax)
            }
            throw BodyFault(error)
        }
        isOneEvent = form == .json && root == .object
        let problem: String? =
            switch (form, root) {
            case (.json, .scalar): "expected an event or an array of events"
            case (.cloudEvent, .array), (.cloudEvent, .scalar): "expected one CloudEvent"
            case (.cloudEventBatch, .object), (.cloudEventBatch, .scalar):
                "expected an array of CloudEvents"
            default: nil
            }
        if let problem { throw .malformed(reason: problem, offset: 0) }
    }

    /// Returns the next event or why it was refused; nil at the end.
    package mutating func next() -> ReadItem? {
        form == .ndjson ? nextLine() : nextElement()
    }

    private mutating func nextElement() -> ReadItem? {
        guard let value = tape.next() else { return nil }
        defer { index += 1 }
        let result =
            form == .json
            ? NativeEvent.read(value, at: now) : CloudEvent.read(value, at: now)
        return ReadItem(index: index, line: nil, result: result)
    }

    private mutating func nextLine() -> ReadItem? {
        while offset < body.count {
            let rest = UnsafeRawBufferPointer(rebasing: body[offset...])
            let length = rest.firstOffset(of: UInt8(ascii: "\n")) ?? rest.count
            let text = UnsafeRawBufferPointer(rebasing: rest[..<length])
            offset += length + 1
            line += 1
            if text.isBlank { continue }
            defer { index += 1 }
            let result = tape.readLine(text) { NativeEvent.read($0, at: now) }
            return ReadItem(index: index, line: line, result: result)
        }
        return nil
    }
}

extension EventReader {
    /// Reads all remaining events.
    package mutating func readAll() -> [ReadItem] {
        var items: [ReadItem] = []
        while let item = next() { items.append(item) }
        return items
    }
}

extension EventReader.Form {
    /// The form that a Content-Type header announces; without one it is JSON.
    package init(contentType: String?) throws(BodyFault) {
        let contentType = contentType ?? ""
        let type = contentType.utf8.prefix { $0 != UInt8(ascii: ";") }.filter { $0 > 0x20 }
        switch String(decoding: type, as: UTF8.self).lowercased() {
        case "", "application/json", "text/json": self = .json
        case "application/x-ndjson", "application/ndjson", "application/jsonl",
            "application/jsonlines", "application/x-jsonlines":
            self = .ndjson
        case "application/cloudevents+json": self = .cloudEvent
        case "application/cloudevents-batch+json": self = .cloudEventBatch
        default: throw .unsupportedContentType(contentType)
        }
    }
}

extension JSONTape {
    /// Reads a separate text, such as one line: an error in it costs only this one.
    mutating func readLine(
        _ text: UnsafeRawBufferPointer, _ read: (JSONValue) -> Result<Event, Rejection>
    ) -> Result<Event, Rejection> {
        do {
            let root = try open(text)
            guard root != .array, let value = next() else {
                let reason = "an event must be an object, not an array"
                return .failure(Rejection(id: nil, reason: reason))
            }
            return read(value)
        } catch {
            let reason = "this is not JSON at byte \(error.offset): \(error.reason)"
            return .failure(Rejection(id: nil, reason: reason))
        }
    }
}
