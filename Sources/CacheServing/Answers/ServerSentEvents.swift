import JSON
import UsageExtraction

/// An event of a stream, and where it stands in it.
struct ServerSentEvent {
    let name: String?
    let data: String
    /// Its bytes, the empty line behind it included.
    let range: Range<Int>

    /// What says that a stream of OpenAI's older APIs is over.
    static let done = "\(StreamEvent.done)"

    func json() throws(UnreadableAnswer) -> JSONTree {
        do { return try JSONTree(parsing: data.utf8) } catch {
            throw .notAStream("an event is not JSON: \(error)")
        }
    }
}

/// Reads and writes `text/event-stream` (WHATWG HTML, 9.2.6).
///
/// What stands at the end without an empty line behind it is an event too: recorders cut it off.
enum ServerSentEvents {
    static func read(_ bytes: [UInt8]) -> [ServerSentEvent] {
        // What was stored is whole, and bounded by those who store it.
        var reader = EventStreamReader(eventBytesMax: .max)
        reader.append(bytes)
        var (events, end) = ([ServerSentEvent](), 0)
        func take(_ event: StreamEvent) {
            let start = end
            end += event.bytes.count
            guard let data = event.data else { return }
            events.append(
                ServerSentEvent(
                    name: event.name.map { String(decoding: $0, as: UTF8.self) },
                    data: String(decoding: data, as: UTF8.self), range: start..<end))
        }
        while let event = reader.next() { take(event) }
        if let event = reader.rest() { take(event) }
        return events
    }

    /// Appends an event whose data is one line, as JSON of ours is.
    static func write(_ data: String, named name: String? = nil, to bytes: inout [UInt8]) {
        if let name { bytes += "event: \(name)\n".utf8 }
        bytes += "data: \(data)\n\n".utf8
    }

    /// A long text in pieces: some readers of streams have a limit for a line.
    static func pieces(of text: String) -> [String] {
        var (pieces, rest) = ([String](), text.unicodeScalars[...])
        while !rest.isEmpty {
            pieces.append(String(String.UnicodeScalarView(rest.prefix(pieceMax))))
            rest = rest.dropFirst(pieceMax)
        }
        return pieces
    }

    private static let pieceMax = 2_048
}
