import LedgerModel
import LedgerTesting
import Testing

@Suite("The hash of a request")
struct RequestHashTests {
    static let hash = Digest(hashing: "the same request".utf8)

    @Test("it is the last field, and an event without it encodes as before")
    func encoding() throws {
        var event = EncodingTests.charge
        var hasher = LeafHasher()
        func encode(_ event: Event) throws -> [UInt8] {
            var image = EventImage()
            image.append(event)
            let bytes = hasher.canonicalEncoding(of: image.buffer)
            return try #require(bytes)
        }
        let without = try encode(event)
        event.requestHash = Self.hash
        let with = try encode(event)
        #expect(Field.requestHash.rawValue == 64 && Field.allCases.last == .requestHash)
        #expect(with.starts(with: without))
        #expect(Array(with.dropFirst(without.count)) == [64, 0, 0, 0, 32] + Self.hash.bytes)
    }

    @Test("it is found in the last bit of a row, and touches no other field")
    func lastBit() throws {
        var event = EncodingTests.request
        event.requestHash = Self.hash
        var image = EventImage()
        image.append(event)
        let found = EventRow(image: image.buffer)
        let row = try #require(found)
        #expect(row.present >> 63 == 1 && row.has(.requestHash) && !row.has(.apiKey))
        #expect(row.text(.requestHash).flatMap { Digest($0) } == Self.hash)
        #expect(row.usage == event.usage)
        #expect(Event(row) == event)
        let bytes = [UInt8](image.buffer)
        let isRead = bytes.dropLast().withUnsafeBytes { EventRow(image: $0) != nil }
        #expect(!isRead)
    }

    @Test("it belongs to the content of an event")
    func content() throws {
        var hasher = LeafHasher()
        func content(_ event: Event) throws -> Digest {
            var image = EventImage()
            image.append(event)
            let found = EventRow(image: image.buffer)
            return hasher.content(of: try #require(found))
        }
        var event = EncodingTests.request
        event.requestHash = Self.hash
        let known = try content(event)
        event.dimensions[.apiKey] = "a key"
        #expect(try content(event) == known)
        #expect(try content(EncodingTests.request) != known)
    }

    @Test("a further report of a call tells it, if no report before it did")
    func repeated() {
        let call = ReportedCall(EncodingTests.request)
        var report = EncodingTests.request
        report.requestHash = Self.hash
        var known = call
        known.add(call.repeated(by: report, isCertain: true))
        #expect(known.completed.requestHash == Self.hash)
        #expect(known.repeated(by: report, isCertain: true).requestHash == nil)
        #expect(call.repeated(by: report, isCertain: false).requestHash == nil)
    }
}
