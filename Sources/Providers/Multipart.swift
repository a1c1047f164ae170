import Glibc
package import LedgerModel

/// Reads `multipart/form-data` (RFC 7578) as it comes: a file in it is never in memory as a whole.
package struct MultipartReader {
    package enum Piece {
        /// A member of the form begins.
        case part(name: String, fileName: String?)
        case data(ArraySlice<UInt8>)
    }

    private enum State { case data(isPart: Bool), boundary, head, ended }

    private let delimiter: [UInt8]
    private var state = State.data(isPart: false)
    /// A delimiter begins with a line feed, also the first one.
    private var rest: [UInt8] = [0x0D, 0x0A]
    private var parts = 0

    package static let headBytesMax = 16 << 10
    package static let partsMax = 64

    /// - Parameter contentType: the header, which names the delimiter.
    package init(contentType: String?) throws(FormFault) {
        let words = (contentType ?? "").split(separator: ";").map {
            $0.drop { $0 == " " }
        }
        guard words.first?.lowercased() == "multipart/form-data" else { throw .notAForm }
        let boundary = words.compactMap { word -> Substring? in
            guard word.lowercased().hasPrefix("boundary=") else { return nil }
            let text = word.dropFirst(9)
            return text.hasPrefix("\"") ? text.dropFirst().prefix { $0 != "\"" } : text
        }.first
        guard let boundary, (1...70).contains(boundary.utf8.count) else { throw .notAForm }
        delimiter = Array("\r\n--".utf8) + boundary.utf8
    }

    /// Takes more of the body.
    package mutating func take(
        _ bytes: some Sequence<UInt8>, _ visit: (Piece) throws -> Void
    ) throws {
        rest += bytes
        var start = 0
        while try step(&start, visit) {}
        rest.removeFirst(start)
    }

    /// - Throws: `FormFault` if the form was cut off.
    package func finish() throws(FormFault) {
        guard case .ended = state else { throw .cutOff }
    }

    /// Reads on from an offset; false if more bytes are needed.
    private mutating func step(_ start: inout Int, _ visit: (Piece) throws -> Void) throws -> Bool {
        switch state {
        case .data(let isPart):
            let found = find(delimiter, from: start)
            let end = found ?? max(start, rest.count - delimiter.count + 1)
            if isPart, end > start { try visit(.data(rest[start..<end])) }
            start = end
            guard found != nil else { return false }
            start += delimiter.count
            state = .boundary
        case .boundary:
            guard rest.count - start >= 2 else { return false }
            if rest[start] == 0x2D, rest[start + 1] == 0x2D {
                state = .ended
            } else {
                guard rest[start] == 0x0D, rest[start + 1] == 0x0A else { throw FormFault.cutOff }
                state = .head
            }
            // The line feed stays: an empty head is that, and another one.
            if case .ended = state { start = rest.count }
        case .head:
            guard let end = find([0x0D, 0x0A, 0x0D, 0x0A], from: start) else {
                guard rest.count - start <= Self.headBytesMax else { throw FormFault.headTooLong }
                return false
            }
            parts += 1
            guard parts <= Self.partsMax else { throw FormFault.tooManyParts }
            try visit(Self.part(String(decoding: rest[start..<end], as: UTF8.self)))
            start = end + 4
            state = .data(isPart: true)
        case .ended:
            start = rest.count
            return false
        }
        return start < rest.count
    }

    private func find(_ needle: [UInt8], from start: Int) -> Int? {
        rest.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return nil }
            var place = start
            while place + needle.count <= bytes.count,
                let found = memchr(
                    base + place, Int32(needle[0]), bytes.count - needle.count + 1 - place)
            {
                place = UnsafeRawPointer(found) - base
                if memcmp(base + place, needle, needle.count) == 0 { return place }
                place += 1
            }
            return nil
        }
    }

    private static func part(_ head: String) -> Piece {
        var (name, file) = ("", String?.none)
        for line in head.split(separator: "\r\n")
        where line.lowercased().hasPrefix("content-disposition:") {
            for word in line.split(separator: ";").dropFirst() {
                let pair = word.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                guard pair.count == 2 else { continue }
                let value =
                    pair[1].hasPrefix("\"")
                    ? String(pair[1].dropFirst().prefix { $0 != "\"" }) : String(pair[1])
                switch pair[0].lowercased() {
                case "name": name = value
                case "filename": file = value
                default: break
                }
            }
        }
        return .part(name: name, fileName: file)
    }
}

/// What is wrong with a form.
package enum FormFault: Fault {
    case notAForm, cutOff, headTooLong, tooManyParts

    package var kind: FaultKind { self == .notAForm ? .unsupported : .invalid }

    package var description: String {
        switch self {
        case .notAForm: "send multipart/form-data with a boundary"
        case .cutOff: "the form ends before its last boundary: send it again"
        case .headTooLong: "the head of a part is longer than \(MultipartReader.headBytesMax) bytes"
        case .tooManyParts: "the form has more than \(MultipartReader.partsMax) parts"
        }
    }
}
