import LedgerTesting
import Testing
import UsageExtraction

@Suite("Server-sent events")
struct EventStreamTests {
    private struct Seen: Equatable {
        var name: String?
        var data: String?
        var bytes: [UInt8]
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    private static func isEmpty(_ event: StreamEvent?) -> Bool { event.map { _ in false } ?? true }

    private static func seen(_ event: StreamEvent) -> Seen {
        Seen(name: event.name.map(text), data: event.data.map(text), bytes: Array(event.bytes))
    }

    /// The events of a stream that comes in some pieces, and what is left at its end.
    private static func read(
        _ pieces: [[UInt8]], eventBytesMax: Int = EventStreamReader.eventBytesMax
    ) -> (events: [Seen], rest: Seen?) {
        var reader = EventStreamReader(eventBytesMax: eventBytesMax)
        var events: [Seen] = []
        for piece in pieces {
            reader.append(piece)
            while let event = reader.next() { events.append(seen(event)) }
        }
        return (events, reader.rest().map(seen))
    }

    private static let stream = """
        \u{FEFF}: hello

        event: a
        data: one
        data:two
        id: 7

        data

        : ping

        data: {"x":"Grüße 👋"}

        data:  spaced
        retry: 10

        data: [DONE]\n\n
        """

    @Test(
        "wherever a stream is cut, its events and bytes are the same",
        arguments: ["\n", "\r\n", "\r"])
    func cut(_ end: String) {
        let bytes = Array(
            Self.stream.split(separator: "\n", omittingEmptySubsequences: false)
                .joined(separator: end).utf8)
        let whole = Self.read([bytes])
        #expect(
            whole.events.map(\.data) == [
                nil, "one\ntwo", "", nil, #"{"x":"Grüße 👋"}"#, " spaced", "[DONE]",
            ])
        #expect(whole.events.map(\.name) == [nil, "a", nil, nil, nil, nil, nil])
        #expect(whole.rest == nil)
        #expect(whole.events.flatMap(\.bytes) == bytes)
        for place in 0...bytes.count {
            let cut = Self.read([Array(bytes[..<place]), Array(bytes[place...])])
            #expect(
                cut.events.map(\.data) == whole.events.map(\.data),
                "\(end.debugDescription) \(place)")
            #expect(cut.events.map(\.name) == whole.events.map(\.name))
            #expect(cut.events.flatMap(\.bytes) + (cut.rest?.bytes ?? []) == bytes)
        }
        let single = Self.read(bytes.map { [$0] })
        #expect(single.events.compactMap(\.data) == whole.events.compactMap(\.data))
        #expect(single.events.flatMap(\.bytes) + (single.rest?.bytes ?? []) == bytes)
    }

    @Test("pieces of any size give what one piece gives")
    func pieces() {
        var generator = SeededGenerator(seed: testSeed())
        let lines = ["data: x", "data: \"\\n\"", "event: e", ": c", "", "", "data:", "nonsense"]
        for _ in 0..<500 {
            var text = ""
            for _ in 0..<Int.random(in: 0...30, using: &generator) {
                text += lines.randomElement(using: &generator) ?? ""
                text += ["\n", "\r\n", "\r"].randomElement(using: &generator) ?? ""
            }
            let bytes = Array(text.utf8)
            var pieces: [[UInt8]] = []
            var place = 0
            while place < bytes.count {
                let next = min(bytes.count, place + Int.random(in: 1...9, using: &generator))
                pieces.append(Array(bytes[place..<next]))
                place = next
            }
            let (whole, parts) = (Self.read([bytes]), Self.read(pieces))
            #expect(
                whole.events.filter { $0.data != nil }.map(\.data)
                    == parts.events.filter { $0.data != nil }.map(\.data),
                "\(text.debugDescription)")
            #expect(parts.events.flatMap(\.bytes) + (parts.rest?.bytes ?? []) == bytes)
        }
    }

    @Test("what stands at the end without an empty line is told apart")
    func rest() {
        var reader = EventStreamReader()
        reader.append(Array("data: a\n\ndata: b".utf8))
        let (first, second) = (reader.next(), reader.next())
        #expect(first?.isWhole == true && Self.isEmpty(second))
        let (rest, nothing) = (reader.rest(), reader.rest())
        #expect(rest?.isWhole == false && rest?.data.map(Self.text) == "b")
        #expect(Self.isEmpty(nothing))
    }

    @Test("an event that is too long is left out, and the next one is read")
    func tooLong() {
        let long = "data: " + String(repeating: "x", count: 100)
        for text in ["\(long)\n\ndata: a\n\n", "data: b\n\(long)\ndata: c\n\ndata: a\n\n"] {
            let bytes = Array(text.utf8)
            for size in [1, 7, 1_000] {
                let pieces = stride(from: 0, to: bytes.count, by: size).map {
                    Array(bytes[$0..<min($0 + size, bytes.count)])
                }
                #expect(Self.read(pieces, eventBytesMax: 50).events.map(\.data) == ["a"])
            }
        }
        var reader = EventStreamReader(eventBytesMax: 50)
        reader.append(Array(long.utf8))
        let (next, rest) = (reader.next(), reader.rest())
        #expect(Self.isEmpty(next) && Self.isEmpty(rest) && reader.isSkipping)
    }
}
