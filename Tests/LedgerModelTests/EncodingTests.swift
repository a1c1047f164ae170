import LedgerModel
import LedgerTesting
import Testing

/// The golden vectors were computed from the text of docs/encoding.md by a program in another
/// language; they must never change.
@Suite("Canonical encoding")
struct EncodingTests {
    static let request: Event = {
        let time = Timestamp(rfc3339: "2025-11-23T17:10:00.123456Z")
        let id = EventID("019ab1d3-2f3b-7c3a-9f10-5b6f1c2d3e4f")
        guard let time, let id else { preconditionFailure("constant text") }
        var event = Event(id: id, kind: .requestCompleted, occurredAt: time)
        event.dimensions = [
            .app: "search", .team: "café", .provider: "openai", .model: "gpt-4o-mini",
        ]
        event.status = 200
        event.labels = try? Labels([("z", "\"q\""), ("experiment", "b")])
        event.usage = [
            .inputTokens: 1_200, .cacheReadInputTokens: 1_024, .outputTokens: 340,
            .reasoningOutputTokens: 128,
        ]
        event.latency = 812_500
        event.timeToFirstToken = 210_000
        return event
    }()

    static let charge: Event = {
        var event = Event(
            id: request.id, kind: .chargeRated, occurredAt: request.occurredAt)
        event.causeID = request.id
        event.dimensions[.provider] = "openai"
        event.amount = Picodollars(-1)
        event.bookID = request.id
        return event
    }()

    @Test(
        "an event encodes to its golden bytes and hashes to its golden leaf",
        arguments: [
            (
                request,
                "010100000010019ab1d32f3b7c3a9f105b6f1c2d3e4f0200000002000103000000080002e744"
                    + "e2abcc4007000000067365617263680800000005636166c3a90e000000066f70656e6169"
                    + "0f0000000b6770742d346f2d6d696e691300000004000000c8150000001e7b2265787065"
                    + "72696d656e74223a2262222c227a223a225c22715c22227d160000000800000000000004"
                    + "b0170000000800000000000004001a0000000800000000000001541b0000000800000000"
                    + "00000080280000000800000000000c65d429000000080000000000033450",
                "521e966aa54c6d46a35fb5baf2beea4daaf4cc786fdab3eaa84c214b26ed056c"
            ),
            (
                charge,
                "010100000010019ab1d32f3b7c3a9f105b6f1c2d3e4f0200000002000a03000000080002e744"
                    + "e2abcc400600000010019ab1d32f3b7c3a9f105b6f1c2d3e4f0e000000066f70656e6169"
                    + "2b00000008ffffffffffffffff2d00000010019ab1d32f3b7c3a9f105b6f1c2d3e4f",
                "d5df5a1e5b3d31cb0a48b99f0b981e9124e7e81fa2c8f22112ba4cfdf8c48d67"
            ),
        ])
    func golden(event: Event, encoding: String, leaf: String) {
        var image = EventImage()
        image.append(event)
        var hasher = LeafHasher()
        #expect(hex(hasher.canonicalEncoding(of: image.buffer) ?? []) == encoding)
        #expect(hasher.leaf(of: image.buffer)?.description == leaf)
    }

    @Test("encoded events of every shape are read back")
    func roundTrip() {
        var events = RandomEvents(seed: testSeed())
        for _ in 0..<2_000 {
            let request = events.request()
            let optimized = events.optimization()
            for event in [request, events.charge(for: request), optimized.event]
                + [optimized.charge].compactMap(\.self)
            {
                var image = EventImage(capacity: 16)
                image.append(event)
                #expect(Event(image: image.buffer) == event)
                #expect(EventRow(image: image.buffer)?.id(.id) == event.id)
            }
        }
    }

    @Test("a truncated or lengthened image is not an event and has no leaf")
    func truncated() {
        var image = EventImage()
        image.append(Self.request)
        let bytes = [UInt8](image.buffer)
        var hasher = LeafHasher()
        for count in bytes.indices {
            bytes.prefix(count).withUnsafeBytes {
                #expect(Event(image: $0) == nil)
                #expect(hasher.leaf(of: $0) == nil)
            }
        }
        (bytes + [0]).withUnsafeBytes { #expect(hasher.leaf(of: $0) == nil) }
    }

    @Test("any changed byte of an image changes the leaf or makes it unreadable")
    func everyByteCounts() {
        var image = EventImage()
        image.append(Self.request)
        var bytes = [UInt8](image.buffer)
        var hasher = LeafHasher()
        let leaf = hasher.leaf(of: image.buffer)
        for index in bytes.indices {
            // The length of an absent field is −1; any negative length reads as absent.
            bytes[index] ^= 0x01
            bytes.withUnsafeBytes { changed in
                let isSameAbsence = Event(image: changed) == Self.request
                #expect(isSameAbsence || hasher.leaf(of: changed) != leaf)
            }
            bytes[index] ^= 0x01
        }
    }

    @Test("external ids and charges get their golden ids")
    func derivedIDs() {
        let external = ExternalID(source: "import", id: "chatcmpl-123")
        #expect(
            external.digest.description
                == "716dae0ee72afdb731709083125fb6ed65b7f655ed048a982224237d80ca6bbe")
        #expect(
            external.eventID(at: Self.request.occurredAt).description
                == "019ab1b1-a2bb-7db7-b170-9083125fb6ed")
        #expect(
            EventID.charge(for: Self.request.id, after: nil).description
                == "019ab1d3-2f3b-73b6-85da-68423cf8bb89")
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
