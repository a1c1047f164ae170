import JSON

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
        guard let members = (try? JSONTree(parsing: json.utf8))?.members else { return nil }
        let pairs = members.compactMap { member in
            member.value.integer.map { (stage: Name(member.key), saved: Int64($0)) }
        }
        guard pairs.count == members.count, let stages = try? StageSavings(pairs),
            stages.canonicalJSON.utf8.elementsEqual(json.utf8)
        else { return nil }
        self = stages
    }
}

extension Labels {
    /// Reads the canonical form back; nil for any other JSON.
    package init?(canonicalJSON json: String) {
        guard let members = (try? JSONTree(parsing: json.utf8))?.members else { return nil }
        let pairs = members.compactMap { member in
            member.value.string.map { (key: Name(member.key), value: Name($0)) }
        }
        guard pairs.count == members.count, let labels = try? Labels(pairs),
            labels.canonicalJSON.utf8.elementsEqual(json.utf8)
        else { return nil }
        self = labels
    }
}
