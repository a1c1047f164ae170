import JSON
import LedgerModel
import SIMDJSON

/// Reads CloudEvents 1.0 in the JSON format; docs/events.md has the mapping.
enum CloudEvent {
    /// The attributes that mean something here; extensions are allowed and ignored.
    enum Attribute: String, CaseIterable {
        case id, source, specversion, type, time, subject, datacontenttype
        case data
        case dataBase64 = "data_base64"
    }

    /// The attributes of one event as texts.
    struct Envelope {
        var texts: [Attribute: Text] = [:]
        subscript(attribute: Attribute) -> Text? {
            get { texts[attribute] }
            set { texts[attribute] = newValue }
        }
    }

    /// Precedes our kinds in `type` where a sender wants globally unique names.
    static let typePrefix = Array("tallystick.".utf8)

    private static let attributes = KeyTable(Attribute.allCases.map { ($0.rawValue, $0) })

    static func read(_ value: JSONValue, at now: Timestamp) -> Result<Event, Rejection> {
        do throws(Refusal) {
            guard value.kind == .object else {
                throw Refusal("a CloudEvent must be an object, not \(value.kindName)")
            }
            var envelope = Envelope()
            let data = try readAttributes(of: value, into: &envelope)
            return .success(try read(envelope, data: data, at: now))
        } catch {
            return .failure(Rejection(id: NativeEvent.idText(of: value), reason: error.reason))
        }
    }

    private static func readAttributes(
        of object: JSONValue, into envelope: inout Envelope
    ) throws(Refusal) -> JSONValue? {
        var data: JSONValue?
        var seen: Set<Attribute> = []
        for (key, value) in object.members {
            guard let attribute = attributes.value(of: key.text) else { continue }
            guard seen.insert(attribute).inserted else {
                throw Refusal("\(attribute.rawValue) is given twice")
            }
            if value.kind == .null { continue }
            if attribute == .data {
                data = value
                continue
            }
            guard value.kind == .string || value.kind == .brokenString else {
                throw Refusal("\(attribute.rawValue) is \(value.kindName): expected text")
            }
            try NativeEvent.requireWhole(value, attribute.rawValue)
            envelope[attribute] = value.text
        }
        return data
    }

    /// Builds the event; `data` is the event's JSON data, if it has any.
    static func read(
        _ envelope: Envelope, data: JSONValue?, at now: Timestamp
    ) throws(Refusal) -> Event {
        if let encoded = envelope[.dataBase64] {
            guard data == nil else { throw Refusal("data and data_base64 cannot both be present") }
            guard let bytes = decodeBase64(encoded) else {
                throw Refusal("data_base64 is not Base64")
            }
            return try bytes.withUnsafeBufferPointer { bytes throws(Refusal) in
                try read(envelope, json: UnsafeRawBufferPointer(bytes), at: now)
            }
        }
        var draft = EventDraft()
        try readRequired(envelope, into: &draft)
        if let data {
            guard data.kind == .object else {
                throw Refusal("data is \(data.kindName): expected an object")
            }
            draft.prefix = "data."
            try refuseIdentity(in: data)
            try NativeEvent.readFields(of: data, into: &draft)
            draft.prefix = ""
            // Reading `data` cannot have changed them: it refuses identity.
        }
        if !draft.hasTime, let time = envelope[.time] { try draft.set(time: time, "time") }
        if !draft.hasTime {
            throw Refusal(
                "time is missing: CloudEvents may leave it out, but here time or "
                    + "data.occurred_at must say when it happened")
        }
        if draft.event.dimensions[.user] == nil, let subject = envelope[.subject] {
            try draft.set(.dimension(.user), text: subject)
        }
        return try draft.finish(at: now)
    }

    /// Builds the event from data that is still JSON text; no bytes mean no data.
    static func read(
        _ envelope: Envelope, json: UnsafeRawBufferPointer, at now: Timestamp
    ) throws(Refusal) -> Event {
        var envelope = envelope
        envelope[.dataBase64] = nil
        if json.isBlank { return try read(envelope, data: nil, at: now) }
        var tape = JSONTape()
        do { _ = try tape.open(json) } catch {
            throw Refusal("data is not JSON at byte \(error.offset): \(error.reason)")
        }
        return try read(envelope, data: tape.next(), at: now)
    }

    private static func readRequired(
        _ envelope: Envelope, into draft: inout EventDraft
    ) throws(Refusal) {
        guard let version = envelope[.specversion] else {
            throw Refusal("specversion is missing: expected 1.0")
        }
        guard version.elementsEqual("1.0".utf8) else {
            throw Refusal("specversion is \(quoted(version)): expected 1.0")
        }
        for required in [Attribute.id, .source, .type] {
            guard let text = envelope[required] else {
                throw Refusal("\(required.rawValue) is missing")
            }
            if text.isEmpty { throw Refusal("\(required.rawValue) is empty") }
        }
        if let type = envelope[.datacontenttype], !isJSON(type) {
            throw Refusal("datacontenttype is \(quoted(type)): expected JSON")
        }
        draft.set(identity: envelope[.id], source: envelope[.source])
        if let type = envelope[.type] {
            let isPrefixed = type.starts(with: typePrefix)
            try draft.set(kind: isPrefixed ? Text(rebasing: type[typePrefix.count...]) : type)
        }
    }

    private static func refuseIdentity(in data: JSONValue) throws(Refusal) {
        for (key, value) in data.members where value.kind != .null {
            if key.text.elementsEqual("id".utf8) || key.text.elementsEqual("source".utf8) {
                throw Refusal(
                    "data.\(shortened(key.text)) is not allowed: a CloudEvent is identified by the "
                        + "source and id outside data")
            }
        }
    }

    /// Whether a media type is JSON by name or by suffix.
    private static func isJSON(_ type: Text) -> Bool {
        let name = String(decoding: type, as: UTF8.self).prefix { $0 != ";" }
            .filter { !$0.isWhitespace }.lowercased()
        return name.hasSuffix("/json") || name.hasSuffix("+json")
    }
}

/// Decodes Base64 (RFC 4648, section 4), padded or not; nil for anything else.
func decodeBase64(_ text: Text) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count * 3 / 4)
    var bits: UInt32 = 0
    var count = 0
    let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard padding <= 2 else { return nil }
    for byte in text.dropLast(padding) {
        let value: UInt8
        switch byte {
        case 65...90: value = byte - 65
        case 97...122: value = byte - 71
        case 48...57: value = byte + 4
        case UInt8(ascii: "+"): value = 62
        case UInt8(ascii: "/"): value = 63
        default: return nil
        }
        bits = bits << 6 | UInt32(value)
        count += 6
        if count >= 8 {
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
    }
    // A single letter after the last whole group stands for no byte.
    return count == 6 || (padding > 0 && (text.count) % 4 != 0) ? nil : bytes
}
