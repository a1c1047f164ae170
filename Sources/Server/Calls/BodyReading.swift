import EventReading
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// What a byte of a body takes while it is read: itself, its place in tables, its values.
    static let bytesHeldPerByte = 4

    /// The body without its content coding; a body above the limit is refused, before or after
    /// expansion.
    ///
    /// - Parameter memory: grows with what has come, so that a body that was only announced holds
    ///   nothing.
    func storage(
        upTo limit: Int, in memory: MemoryShare, _ bulk: BulkThreads
    ) async throws -> ByteStorage {
        let coding = try ContentCoding(header: headers[.contentEncoding])
        let announced = headers[.contentLength].flatMap { Int($0) } ?? 0
        if announced > limit { throw BodyFault.tooLarge(limit: limit) }
        let received = ByteStorage()
        for try await piece in body {
            guard received.count + piece.readableBytes <= limit else {
                throw BodyFault.tooLarge(limit: limit)
            }
            try memory.grow(by: piece.readableBytes)
            piece.withUnsafeReadableBytes { received.append($0) }
        }
        if coding == .identity {
            try memory.grow(by: (Self.bytesHeldPerByte - 1) * received.count)
            return received
        }
        func expand(upTo limit: Int) throws -> ByteStorage {
            try received.withBytes { bytes in
                try Body.expand(bytes, coding: coding, limit: limit) {
                    try memory.grow(by: Self.bytesHeldPerByte * $0)
                }
            }
        }
        do {
            return try expand(upTo: min(limit, Self.smallBytesMax))
        } catch BodyFault.tooLarge where limit > Self.smallBytesMax {
            return try await bulk.run { try expand(upTo: limit) }
        }
    }

    /// A body up to here is read in a millisecond or two.
    static let smallBytesMax = 256 << 10

    /// The same as an array.
    func bytes(
        upTo limit: Int, in memory: MemoryShare, _ bulk: BulkThreads
    ) async throws -> [UInt8] {
        try await storage(upTo: limit, in: memory, bulk).withBytes { Array($0) }
    }

    /// Whether there is a body.
    var hasBody: Bool {
        headers[.transferEncoding] != nil || headers[.contentLength].map { $0 != "0" } == true
    }
}

extension BodyForm {
    /// Refuses types that a page of any site may send without asking: a call that changes something
    /// needs the type of what it takes.
    func checkType(of request: Request) throws(ForeignCaller) {
        // A page cannot send headers of its own anywhere without asking, so they do as well.
        guard request.hasBody, !request.headers.contains(.ceSpecVersion) else { return }
        let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }
            .trimmingCharacters(in: .whitespaces).lowercased()
        switch self {
        case .none, .object:
            if type == "application/json" || type == "text/json" || type.hasSuffix("+json") {
                return
            }
            throw .contentType(request.headers[.contentType], expected: "application/json")
        case .file(_, let types, _), .stream(let types, _):
            guard type.isEmpty || Self.simpleTypes.contains(type) else { return }
            throw .contentType(request.headers[.contentType], expected: types[0])
        case .form:
            guard type != "multipart/form-data" || !Self.isAskedFor(request) else { return }
            throw .contentType(
                request.headers[.contentType],
                expected: "multipart/form-data, with a key or an x-tally-… header")
        }
    }

    /// Whether a page of another site could not have sent it without asking first.
    private static func isAskedFor(_ request: Request) -> Bool {
        request.headers.contains { field in
            let name = field.name.canonicalName
            return name == "authorization" || name == "x-api-key" || name.hasPrefix("x-tally-")
                || name.hasPrefix("x-stainless-")
        }
    }

    private static let simpleTypes = [
        "application/x-www-form-urlencoded", "multipart/form-data", "text/plain",
    ]
}

/// Counts the values of a text before it becomes a tree, which takes many times its size.
enum JSONValueCount {
    /// The most values of a body that is one object.
    static let valuesMax = 500_000

    static func check(_ bytes: [UInt8]) throws(BodyFault) {
        // A value takes two bytes at least.
        guard bytes.count > 2 * valuesMax else { return }
        var (count, isText, isEscaped) = (1, false, false)
        for (offset, byte) in bytes.enumerated() {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\"") {
                isText.toggle()
            } else if isText {
                isEscaped = byte == UInt8(ascii: "\\")
            } else if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "[")
                || byte == UInt8(ascii: "{")
            {
                count += 1
                if count > valuesMax { throw .tooManyValues(max: valuesMax, offset: offset) }
            }
        }
    }
}
