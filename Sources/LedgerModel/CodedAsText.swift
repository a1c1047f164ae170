/// A value that is its own text in a stored run or checkpoint.
package protocol CodedAsText: Codable {
    var codedText: String { get }
    /// nil for the text of no such value.
    init?(codedText: String)
}

extension CodedAsText {
    package func encode(to encoder: any Encoder) throws { try codedText.encode(to: encoder) }

    package init(from decoder: any Decoder) throws {
        let text = try String(from: decoder)
        guard let value = Self(codedText: text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "\(text) is not a \(Self.self)"))
        }
        self = value
    }
}

extension Name: CodedAsText {
    package var codedText: String { string }
    package init?(codedText: String) { self.init(codedText) }
}

extension EventID: CodedAsText {
    package var codedText: String { description }
    package init?(codedText: String) { self.init(codedText) }
}

extension PriceBookID: CodedAsText {
    package var codedText: String { description }
    package init?(codedText: String) { self.init(codedText) }
}

extension Timestamp: CodedAsText {
    package var codedText: String { description }
    package init?(codedText: String) { self.init(rfc3339: codedText) }
}

extension PicodollarSum: CodedAsText {
    package var codedText: String { String(amount) }
    package init?(codedText: String) {
        guard let amount = Int128(codedText) else { return nil }
        self.init(amount)
    }
}

extension Dimension: Codable, CodingKeyRepresentable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(intValue: Int) { nil }
        init(stringValue: String) { self.stringValue = stringValue }
    }

    package func encode(to encoder: any Encoder) throws { try Name(name).encode(to: encoder) }

    package init(from decoder: any Decoder) throws {
        let text = try Name(from: decoder).string
        guard let dimension = Dimension(name: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no dimension is \(text)"))
        }
        self = dimension
    }

    /// A dictionary keyed by dimensions is a JSON object.
    package var codingKey: any CodingKey { Key(stringValue: name) }
    package init?(codingKey: some CodingKey) { self.init(name: codingKey.stringValue) }
}
