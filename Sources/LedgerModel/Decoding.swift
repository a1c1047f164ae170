/// Reads events back from their images.
extension Event {
    /// Decodes an image; nil if the bytes are not one or hold a kind that this version does not
    /// know.
    package init?(image: UnsafeRawBufferPointer) {
        var reader = ImageReader(bytes: image)
        guard let id = reader.eventID(), let kindNumber = reader.integer(Int16.self),
            let kind = EventKind(rawValue: kindNumber), let time = reader.integer(Int64.self)
        else { return nil }
        self.init(id: id, kind: kind, occurredAt: Timestamp(microseconds: time))
        let source = reader.name()
        if let external = reader.name() {
            externalID = ExternalID(source: source ?? "", id: external)
        }
        causeID = reader.eventID()
        for dimension in Dimension.allCases { dimensions[dimension] = reader.name() }
        status = reader.integer(Int32.self)
        errorType = reader.name()
        labels = reader.labels()
        for unit in UsageUnit.allCases { usage[unit] = reader.integer(Int64.self) }
        latency = reader.integer(Int64.self)
        timeToFirstToken = reader.integer(Int64.self)
        contentHash = reader.digest()
        amount = reader.integer(Int64.self).map { Picodollars($0) }
        unpriced = reader.name()
        bookID = reader.eventID()
        previousID = reader.eventID()
        detail = reader.labels()
        optimization.tokensBefore = reader.integer(Int64.self)
        optimization.tokensAfter = reader.integer(Int64.self)
        optimization.usefulOutputTokens = reader.integer(Int64.self)
        quality = reader.integer(Int32.self)
        optimization.stages = reader.stages()
        optimization.lossyStages = reader.stages()
        saved = reader.integer(Int64.self).map { Picodollars($0) }
        guard reader.isComplete else { return nil }
    }
}

extension EventID {
    /// The id in an event's image, which starts with it.
    package init?(image: UnsafeRawBufferPointer) {
        var reader = ImageReader(bytes: image)
        guard let id = reader.eventID() else { return nil }
        self = id
    }
}

extension EventImage {
    /// What an image books, without decoding the rest of it.
    package static func kindAndAmount(
        in image: UnsafeRawBufferPointer
    ) -> (EventKind, Picodollars?)? {
        var reader = ImageReader(bytes: image)
        guard reader.eventID() != nil, let number = reader.integer(Int16.self),
            let kind = EventKind(rawValue: number)
        else { return nil }
        guard kind.isCharge else { return (kind, nil) }
        for _ in Field.kind.rawValue + 1..<Field.amount.rawValue { reader.skip() }
        return (kind, reader.integer(Int64.self).map { Picodollars($0) })
    }
}

private struct ImageReader {
    let bytes: UnsafeRawBufferPointer
    var index = 0
    var isBroken = false

    var isComplete: Bool { !isBroken && index == bytes.count }

    /// The next field's bytes; nil if it is absent or the image is broken.
    private mutating func field() -> UnsafeRawBufferPointer? {
        guard !isBroken, index + 4 <= bytes.count else {
            isBroken = true
            return nil
        }
        let length = Int(
            Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: index, as: Int32.self)))
        index += 4
        guard length >= 0 else { return nil }
        guard index + length <= bytes.count else {
            isBroken = true
            return nil
        }
        defer { index += length }
        return UnsafeRawBufferPointer(rebasing: bytes[index..<index + length])
    }

    mutating func skip() { _ = field() }

    private mutating func field(of size: Int) -> UnsafeRawBufferPointer? {
        guard let field = field() else { return nil }
        guard field.count == size else {
            isBroken = true
            return nil
        }
        return field
    }

    mutating func integer<I: FixedWidthInteger>(_ type: I.Type) -> I? {
        field(of: MemoryLayout<I>.size).map { I(bigEndian: $0.loadUnaligned(as: I.self)) }
    }

    mutating func eventID() -> EventID? {
        field(of: 16).map {
            EventID(
                high: UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }

    mutating func digest() -> Digest? { field(of: 32).flatMap { Digest($0) } }

    mutating func name() -> Name? {
        guard let field = field() else { return nil }
        guard let text = String(validating: field.bindMemory(to: UInt8.self), as: UTF8.self) else {
            isBroken = true
            return nil
        }
        return Name(text)
    }

    mutating func labels() -> Labels? {
        guard let text = name() else { return nil }
        guard let labels = Labels(canonicalJSON: text.string) else {
            isBroken = true
            return nil
        }
        return labels
    }

    mutating func stages() -> StageSavings? {
        guard let text = name() else { return nil }
        guard let stages = StageSavings(canonicalJSON: text.string) else {
            isBroken = true
            return nil
        }
        return stages
    }
}

extension StageSavings {
    /// Reads the canonical form back; nil for any other JSON.
    package init?(canonicalJSON json: String) {
        var parser = CanonicalJSONParser(scalars: Array(json.unicodeScalars))
        guard let pairs = parser.object(of: { $0.integer() }),
            let stages = try? StageSavings(pairs.map { (stage: $0.key, saved: $0.value) }),
            stages.canonicalJSON.utf8.elementsEqual(json.utf8)
        else { return nil }
        self = stages
    }
}

extension Labels {
    /// Reads the canonical form back; nil for any other JSON.
    package init?(canonicalJSON json: String) {
        var parser = CanonicalJSONParser(scalars: Array(json.unicodeScalars))
        guard let pairs = parser.object(of: { $0.string().map { Name($0) } }),
            let labels = try? Labels(pairs),
            labels.canonicalJSON.utf8.elementsEqual(json.utf8)
        else { return nil }
        self = labels
    }
}

private struct CanonicalJSONParser {
    let scalars: [Unicode.Scalar]
    var index = 0

    mutating func object<Value>(
        of value: (inout CanonicalJSONParser) -> Value?
    ) -> [(key: Name, value: Value)]? {
        var pairs: [(key: Name, value: Value)] = []
        guard take("{") else { return nil }
        while !take("}") {
            guard pairs.isEmpty || take(","), let key = string(), take(":"),
                let value = value(&self)
            else { return nil }
            pairs.append((Name(key), value))
        }
        return index == scalars.count ? pairs : nil
    }

    mutating func integer() -> Int64? {
        let start = index
        _ = take("-")
        while index < scalars.count, ("0"..."9").contains(scalars[index]) { index += 1 }
        return Int64(String(String.UnicodeScalarView(scalars[start..<index])))
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard index < scalars.count, scalars[index] == scalar else { return false }
        index += 1
        return true
    }

    mutating func string() -> String? {
        guard take("\"") else { return nil }
        var text = String.UnicodeScalarView()
        while index < scalars.count {
            if take("\"") { return String(text) }
            if take("\\") {
                guard let escaped = escape() else { return nil }
                text.append(escaped)
            } else {
                text.append(scalars[index])
                index += 1
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        if take("\"") { return "\"" }
        if take("\\") { return "\\" }
        guard take("u"), index + 4 <= scalars.count else { return nil }
        defer { index += 4 }
        let digits = String(String.UnicodeScalarView(scalars[index..<index + 4]))
        return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
    }
}
