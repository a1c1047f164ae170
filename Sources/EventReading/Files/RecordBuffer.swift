/// The window of a file in which records are found: lines, rows or JSON values.
///
/// The longest allowed record bounds its memory, not the file.
struct RecordBuffer: ~Copyable {
    /// The longest record of our own formats; events never come near.
    static let recordBytesMax = 1_024 * 1_024

    /// The longest record.
    let recordBytesMax: Int
    private var memory: UnsafeMutableRawBufferPointer
    private var range = 0..<0
    private(set) var isAtEnd = false
    /// The line of the first unconsumed byte, from 1.
    private(set) var line = 1

    init(bytes: Int = 512 * 1_024, recordBytesMax: Int = Self.recordBytesMax) {
        self.recordBytesMax = recordBytesMax
        memory = .allocate(byteCount: bytes, alignment: 16)
    }

    deinit { memory.deallocate() }

    /// The bytes read but not consumed; valid until the next `fill`.
    var unread: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: memory[range])
    }

    var isFull: Bool { range.count > recordBytesMax }

    /// Reads more; false at the end of the file or if a record is longer than allowed.
    mutating func fill(from source: inout FileSource) throws(ImportFault) -> Bool {
        if isAtEnd || isFull { return false }
        makeRoom()
        let room = UnsafeMutableRawBufferPointer(rebasing: memory[range.upperBound...])
        let count = try source.read(into: room)
        isAtEnd = count == 0
        range = range.lowerBound..<range.upperBound + count
        return count > 0
    }

    private mutating func makeRoom() {
        if range.isEmpty { range = 0..<0 }
        guard memory.count - range.upperBound < memory.count / 2 else { return }
        var target = memory
        if range.count > memory.count / 2 {
            target = .allocate(byteCount: memory.count * 2, alignment: 16)
        }
        if let from = unread.baseAddress, !range.isEmpty {
            target.baseAddress?.copyMemory(from: from, byteCount: range.count)
        }
        if target.baseAddress != memory.baseAddress { memory.deallocate() }
        memory = target
        range = 0..<range.count
    }

    /// Drops the first bytes of `unread` and counts their lines.
    mutating func consume(_ count: Int) {
        var passed = UnsafeRawBufferPointer(rebasing: memory[range.prefix(count)])
        while let newline = passed.firstOffset(of: UInt8(ascii: "\n")) {
            line += 1
            passed = UnsafeRawBufferPointer(rebasing: passed[(newline + 1)...])
        }
        range = range.dropFirst(count)
    }

    mutating func startOver() {
        range = 0..<0
        isAtEnd = false
        line = 1
    }
}

/// Where a record ends, relative to its start.
enum RecordEnd {
    /// Ends after `length` bytes, of which `content` belong to the record.
    case found(content: Int, length: Int)
    /// Does not end in what was read so far; may be inside quotation marks.
    case open(isQuoted: Bool)
}

/// Finds the end of a line.
func endOfLine(_ bytes: UnsafeRawBufferPointer) -> RecordEnd {
    guard let newline = bytes.firstOffset(of: UInt8(ascii: "\n")) else {
        return .open(isQuoted: false)
    }
    let hasReturn = newline > 0 && bytes[newline - 1] == UInt8(ascii: "\r")
    return .found(content: hasReturn ? newline - 1 : newline, length: newline + 1)
}

/// Finds the end of a JSON value that starts at the first byte, by its brackets.
///
/// The content is checked later; balanced brackets suffice to find the next value.
func endOfValue(_ bytes: UnsafeRawBufferPointer) -> RecordEnd {
    var depth = 0
    var index = 0
    while index < bytes.count {
        switch bytes[index] {
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            // A closing bracket from outside ends the bare value in front of it.
            if depth < 0 { return .found(content: index, length: index) }
            if depth == 0 { return .found(content: index + 1, length: index + 1) }
        case UInt8(ascii: "\""):
            index += 1
            while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
            }
            guard index < bytes.count else { return .open(isQuoted: true) }
        case UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D:
            if depth == 0, index > 0 { return .found(content: index, length: index) }
        default: break
        }
        index += 1
    }
    return .open(isQuoted: false)
}

/// Whether each line of a text is a value by itself: the first one is complete, or another object
/// follows it; nil until its end is read.
func isFirstLineWhole(_ bytes: UnsafeRawBufferPointer) -> Bool? {
    guard case .found(let content, let length) = endOfLine(bytes) else { return nil }
    if case .found(let value, _) = endOfValue(bytes), value <= content { return true }
    let next = bytes[length...].first { $0 != 0x20 && $0 != 0x0D && $0 != 0x0A }
    return next == UInt8(ascii: "{")
}
