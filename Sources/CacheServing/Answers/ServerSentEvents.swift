import JSON

/// An event of a stream, and where it stands in it.
struct ServerSentEvent {
    let name: String?
    let data: String
    /// Its bytes, the empty line behind it included.
    let range: Range<Int>

    /// What says that a stream of OpenAI's older APIs is over.
    static let done = "[DONE]"

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
        var events: [ServerSentEvent] = []
        var (start, name, data) = (0, String?.none, [String]())
        func finish(at end: Int) {
            if !data.isEmpty {
                let text = data.joined(separator: "\n")
                events.append(ServerSentEvent(name: name, data: text, range: start..<end))
            }
            (start, name, data) = (end, nil, [])
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var at = bytes.starts(with: mark) ? mark.count : 0
        while at < bytes.count {
            let end = bytes[at...].firstIndex { $0 == 10 || $0 == 13 } ?? bytes.count
            let isPair = end + 1 < bytes.count && bytes[end] == 13 && bytes[end + 1] == 10
            let next = min(bytes.count, end + (isPair ? 2 : 1))
            let line = bytes[at..<end]
            at = next
            if line.isEmpty {
                finish(at: next)
                continue
            }
            let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
            var value = line[colon...].dropFirst()
            if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
            switch String(decoding: line[..<colon], as: UTF8.self) {
            case "data": data.append(String(decoding: value, as: UTF8.self))
            case "event": name = String(decoding: value, as: UTF8.self)
            default: break
            }
        }
        finish(at: bytes.count)
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
