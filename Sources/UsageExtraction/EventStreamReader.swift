/// Reads `text/event-stream` (WHATWG HTML, 9.2.6) as it comes, cut anywhere.
///
/// Lines end with a line feed, a carriage return, or both, and a byte order mark at the beginning is
/// skipped, as the standard has it. Unlike there, an event is what stands between two empty lines,
/// whatever it has: those who pass a stream on need every byte of it, comments included.
///
///     reader.append(piece)
///     while let event = reader.next() { … }
package struct EventStreamReader: Sendable {
    private let eventBytesMax: Int
    /// What was taken from `start` on waits for the end of its event.
    private var buffer: [UInt8] = []
    private var start = 0
    /// Where the line begins that is being read, and how far it was looked through.
    private var line = 0
    private var scanned = 0
    private var isFirstLine = true
    /// Whether a line ended with a carriage return, so that a line feed may still belong to it.
    private var isAfterReturn = false
    /// The name and the data, as far as they have come.
    private var name: Range<Int>?
    private var data: Range<Int>?
    /// The data if it has several lines.
    private var joined: [UInt8]?
    /// Whether bytes of the present line were dropped.
    private var isLineCut = false

    /// Whether the present event is too long, so that it is left out.
    package private(set) var isSkipping = false

    /// Longer events are left out: no answer is that long.
    package static let eventBytesMax = 16 << 20
    /// Room that is kept from event to event.
    private static let keptMax = 1 << 16

    package init(eventBytesMax: Int = Self.eventBytesMax) {
        self.eventBytesMax = eventBytesMax
    }

    /// Takes the next bytes; what `next` gave before must not be needed any more, or it is copied.
    package mutating func append(_ bytes: some Sequence<UInt8>) {
        if start == buffer.count {
            if buffer.capacity > Self.keptMax { buffer = [] }
            buffer.removeAll(keepingCapacity: true)
            shift(by: start)
        } else if start > Self.keptMax {
            buffer.removeSubrange(..<start)
            shift(by: start)
        }
        buffer.append(contentsOf: bytes)
    }

    private mutating func shift(by count: Int) {
        line -= count
        scanned -= count
        name = name.map { $0.lowerBound - count..<$0.upperBound - count }
        data = data.map { $0.lowerBound - count..<$0.upperBound - count }
        start -= count
    }

    /// The next whole event; nil until more has come.
    package mutating func next() -> StreamEvent? {
        while true {
            if isAfterReturn, scanned < buffer.count {
                isAfterReturn = false
                if buffer[scanned] == UInt8(ascii: "\n") {
                    scanned += 1
                    line = scanned
                }
            }
            guard let end = endOfLine() else {
                scanned = buffer.count
                skipIfTooLong()
                return nil
            }
            scanned = end + 1
            if buffer[end] == UInt8(ascii: "\r") {
                if scanned == buffer.count {
                    isAfterReturn = true
                } else if buffer[scanned] == UInt8(ascii: "\n") {
                    scanned += 1
                }
            }
            if let event = takeLine(upTo: end) { return event }
        }
    }

    /// What stands at the end of the stream without an empty line behind it: recorders cut that off, and
    /// providers that fail.
    package mutating func rest() -> StreamEvent? {
        if isSkipping || start == buffer.count { return nil }
        if line < buffer.count { takeField(line..<buffer.count) }
        scanned = buffer.count
        return takeEvent(isWhole: false)
    }

    // MARK: Lines

    private func endOfLine() -> Int? {
        buffer.withUnsafeBufferPointer { bytes in
            var index = scanned
            let count = bytes.count
            while index < count {
                let byte = bytes[index]
                if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return index }
                index += 1
            }
            return nil
        }
    }

    /// Reads a line that is whole; gives the event that it ends if it is empty.
    private mutating func takeLine(upTo end: Int) -> StreamEvent? {
        var begin = line
        line = scanned
        if isFirstLine, !isLineCut, buffer[begin..<end].starts(with: [0xEF, 0xBB, 0xBF]) {
            begin += 3
        }
        isFirstLine = false
        if isLineCut || begin < end {
            if !isSkipping {
                takeField(begin..<end)
                skipIfTooLong()
            }
            isLineCut = false
            return nil
        }
        if isSkipping {
            isSkipping = false
            drop()
            return nil
        }
        return takeEvent(isWhole: true)
    }

    private mutating func takeEvent(isWhole: Bool) -> StreamEvent {
        defer { drop() }
        return StreamEvent(
            bytes: buffer[start..<scanned], name: name.map { buffer[$0] },
            data: joined.map { $0[...] } ?? data.map { buffer[$0] }, isWhole: isWhole)
    }

    private mutating func drop() {
        start = scanned
        (name, data, joined) = (nil, nil, nil)
    }

    /// Lets go of an event that is too long, up to what comes next of it.
    private mutating func skipIfTooLong() {
        guard isSkipping || scanned - start > eventBytesMax else { return }
        isSkipping = true
        isLineCut = isLineCut || line < scanned
        drop()
        line = scanned
    }

    private mutating func takeField(_ line: Range<Int>) {
        // Names of fields: `data` and `event` are of interest.
        if let value = value(of: "data", in: line) {
            guard let first = data else {
                data = value
                return
            }
            var lines = joined ?? Array(buffer[first])
            lines.append(UInt8(ascii: "\n"))
            lines.append(contentsOf: buffer[value])
            joined = lines
        } else if let value = value(of: "event", in: line) {
            name = value
        }
    }

    private func value(of field: StaticString, in line: Range<Int>) -> Range<Int>? {
        let count = field.utf8CodeUnitCount
        guard line.count >= count else { return nil }
        for index in 0..<count where buffer[line.lowerBound + index] != field.utf8Start[index] {
            return nil
        }
        var begin = line.lowerBound + count
        if begin == line.upperBound { return begin..<begin }
        guard buffer[begin] == UInt8(ascii: ":") else { return nil }
        begin += 1
        if begin < line.upperBound, buffer[begin] == UInt8(ascii: " ") { begin += 1 }
        return begin..<line.upperBound
    }
}

/// What stands between two empty lines of a stream.
package struct StreamEvent: Sendable {
    /// As it came, the empty line behind it included.
    package let bytes: ArraySlice<UInt8>
    package let name: ArraySlice<UInt8>?
    /// Its lines of data, joined by line feeds; nil if it has none, such as a comment.
    package let data: ArraySlice<UInt8>?
    /// Whether its empty line came.
    package let isWhole: Bool

    /// What says that a stream of OpenAI's older APIs is over.
    package static let done: StaticString = "[DONE]"

    package var isDone: Bool {
        guard let data else { return false }
        return data.elementsEqual(
            UnsafeBufferPointer(start: Self.done.utf8Start, count: Self.done.utf8CodeUnitCount))
    }
}
