import CZlib

/// A file of the spool: a header, then frames.
///
/// A frame is the length of its record, a checksum, and the record; both numbers have four bytes,
/// little-endian. The checksum (CRC-32, as in gzip) covers the length too. Records are JSON, which
/// has no zero bytes, while every length has two: so no part of a record looks like a frame, and
/// after damage a reader finds the next complete frame by trying every byte.
package struct Segment: Hashable, Sendable {
    /// The number of the segment; it increases and is never used again.
    package let number: UInt64
    /// The number of bytes written.
    package var length: Int
    /// The number of its records that wait for the service.
    package var records: Int
    /// Where bytes lie that belong to no whole record.
    package var damages: [Range<Int>] = []
    /// The number of damaged ranges that were reported.
    package var reportedDamages = 0

    package var name: String { Self.name(number) }

    package static let magic: [UInt8] = Array("TALLYSP1".utf8)
    package static let headerBytes = 8
    /// The largest record.
    package static let recordBytesMax = 65_536
    package static let frameBytes = 8

    package static func name(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 20 - digits.count)) + digits + ".segment"
    }

    /// The number in a file name; nil for other files.
    package static func number(of name: String) -> UInt64? {
        guard name.hasSuffix(".segment") else { return nil }
        return UInt64(name.dropLast(".segment".count))
    }

    package static func frame(_ record: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(frameBytes + record.count)
        let length = UInt32(record.count)
        append(length, to: &bytes)
        append(checksum(length, record[...]), to: &bytes)
        bytes.append(contentsOf: record)
        return bytes
    }

    /// The range of the record whose frame starts at `offset`; nil if there is no complete frame.
    package static func record(in bytes: [UInt8], at offset: Int) -> Range<Int>? {
        guard bytes.count - offset > frameBytes else { return nil }
        let length = word(bytes, offset)
        let start = offset + frameBytes
        guard length > 0, length <= Segment.recordBytesMax,
            Int(length) <= bytes.count - start
        else { return nil }
        let range = start..<start + Int(length)
        return checksum(length, bytes[range]) == word(bytes, offset + 4) ? range : nil
    }

    static func append(_ word: UInt32, to bytes: inout [UInt8]) {
        for shift: UInt32 in [0, 8, 16, 24] {
            bytes.append(UInt8(truncatingIfNeeded: word >> shift))
        }
    }

    static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        bytes.withUnsafeBytes {
            UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
    }

    static func checksum(_ length: UInt32, _ record: ArraySlice<UInt8>) -> UInt32 {
        var little = length.littleEndian
        let start = withUnsafeBytes(of: &little) { crc($0, after: 0) }
        return record.withUnsafeBytes { UInt32(truncatingIfNeeded: crc($0, after: start)) }
    }

    private static func crc(_ bytes: UnsafeRawBufferPointer, after start: UInt) -> UInt {
        let address = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        return crc32(start, address, UInt32(bytes.count))
    }
}

/// Reads the records of a segment one after another, a window at a time.
package struct SegmentReader {
    private let disk: any SpoolDisk
    private let name: String
    private let length: Int
    package private(set) var offset: Int
    /// Where bytes lie that belong to no whole record.
    package private(set) var damages: [Range<Int>] = []
    private var window: [UInt8] = []
    private var windowStart = 0

    private static let windowBytes = 256 << 10
    private static let frameBytesMax = Segment.frameBytes + Segment.recordBytesMax

    package init(_ segment: Segment, on disk: any SpoolDisk, from offset: Int) {
        self.disk = disk
        name = segment.name
        length = segment.length
        self.offset = offset
        windowStart = offset
    }

    /// The next complete record; nil at the end.
    package mutating func next() throws(SpoolFault) -> ArraySlice<UInt8>? {
        while offset < length {
            try fill()
            if let record = Segment.record(in: window, at: offset - windowStart) {
                offset = windowStart + record.upperBound
                return window[record]
            }
            if damages.last?.upperBound == offset {
                damages[damages.count - 1] = damages[damages.count - 1].lowerBound..<offset + 1
            } else {
                damages.append(offset..<offset + 1)
            }
            offset += 1
        }
        return nil
    }

    /// Fills the window so that it contains the largest frame that may start at `offset`.
    private mutating func fill() throws(SpoolFault) {
        let needed = min(length, offset + Self.frameBytesMax)
        guard windowStart + window.count < needed else { return }
        let count = min(length - offset, max(Self.windowBytes, Self.frameBytesMax))
        window = try disk.read(name, from: offset, count: count)
        windowStart = offset
        // A truncated file is read as if its end were damaged.
        let missing = count - window.count
        if missing > 0 { window.append(contentsOf: repeatElement(0, count: missing)) }
    }
}
