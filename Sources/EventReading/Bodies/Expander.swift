import CZlib
import CZstd

/// How bytes are compressed, according to Content-Encoding or a file's first bytes.
package enum ContentCoding: String, Hashable, Sendable {
    case identity
    case gzip
    case deflate
    case zstd

    /// Reads a Content-Encoding header; supports one coding, not a chain of them.
    package init(header: String?) throws(BodyFault) {
        let name = (header ?? "").filter { !$0.isWhitespace }.lowercased()
        switch name {
        case "", "identity": self = .identity
        case "gzip", "x-gzip": self = .gzip
        case "deflate": self = .deflate
        case "zstd": self = .zstd
        default: throw .unsupportedEncoding(header ?? "")
        }
    }

    /// Recognises a compressed file by its first four bytes.
    init(magic bytes: some Collection<UInt8>) {
        if bytes.starts(with: [0x1F, 0x8B]) {
            self = .gzip
        } else if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            self = .zstd
        } else {
            self = .identity
        }
    }
}

/// The compressed bytes do not fit their coding.
struct CorruptInput: Error {}

/// Decompresses piece by piece, in constant memory.
///
/// Consecutive gzip members or Zstandard frames are one text, as `cat` makes them.
struct Expander: ~Copyable {
    /// The largest window of Zstandard over HTTP (RFC 9659): 8 MiB.
    static let httpWindowLog: Int32 = 23
    /// The largest window in a file: what `zstd --long` makes, 128 MiB.
    static let fileWindowLog: Int32 = 27

    private enum Engine {
        case copy
        /// Needs a stable address: zlib refuses a stream that was moved.
        case zlib(UnsafeMutablePointer<z_stream>)
        case zstd(OpaquePointer)
    }

    private let engine: Engine
    /// Whether the input may end here: between two members or frames.
    private(set) var isAtEnd = true

    /// `first` is the start of the input: it tells the two meanings of `deflate` apart.
    init(_ coding: ContentCoding, first: UnsafeRawBufferPointer, windowLogMax: Int32) {
        switch coding {
        case .identity: engine = .copy
        case .gzip: engine = .zlib(Self.zlib(windowBits: 15 + 16))
        case .deflate: engine = .zlib(Self.zlib(windowBits: Self.hasZlibHeader(first) ? 15 : -15))
        case .zstd:
            guard let stream = ZSTD_createDCtx() else { preconditionFailure("out of memory") }
            ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, windowLogMax)
            engine = .zstd(stream)
        }
        if coding != .identity { isAtEnd = false }
    }

    deinit {
        switch engine {
        case .copy: break
        case .zlib(let stream):
            inflateEnd(stream)
            stream.deallocate()
        case .zstd(let stream): ZSTD_freeDCtx(stream)
        }
    }

    private static func zlib(windowBits: Int32) -> UnsafeMutablePointer<z_stream> {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        let status = inflateInit2_(stream, windowBits, ZLIB_VERSION, size)
        precondition(status == Z_OK, "out of memory")
        return stream
    }

    /// `deflate` means zlib's format by the standard, raw deflate by a widespread mistake.
    private static func hasZlibHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 2 else { return true }
        return bytes[0] & 0x0F == 8 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0
    }

    /// Expands the front of `input` into `output`, advances `input`, and returns how many bytes
    /// were written; none while input is left means that it needs more room.
    mutating func expand(
        _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CorruptInput) -> Int {
        switch engine {
        case .copy:
            let count = min(input.count, output.count)
            output.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[..<count]))
            input = UnsafeRawBufferPointer(rebasing: input[count...])
            return count
        case .zlib(let stream): return try inflate(stream, &input, into: output)
        case .zstd(let stream): return try decompress(stream, &input, into: output)
        }
    }

    private mutating func inflate(
        _ stream: UnsafeMutablePointer<z_stream>, _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CorruptInput) -> Int {
        if isAtEnd, !input.isEmpty {
            guard inflateReset(stream) == Z_OK else { throw CorruptInput() }
            isAtEnd = false
        }
        // zlib counts in 32 bits.
        let given = min(input.count, 1 << 30)
        let room = min(output.count, 1 << 30)
        let bytes = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes)
        stream.pointee.avail_in = UInt32(given)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room)
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        let used = given - Int(stream.pointee.avail_in)
        input = UnsafeRawBufferPointer(rebasing: input[used...])
        switch status {
        case Z_STREAM_END: isAtEnd = true
        case Z_OK, Z_BUF_ERROR: break
        default: throw CorruptInput()
        }
        return room - Int(stream.pointee.avail_out)
    }

    private mutating func decompress(
        _ stream: OpaquePointer, _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CorruptInput) -> Int {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let status = ZSTD_decompressStream(stream, &target, &source)
        guard ZSTD_isError(status) == 0 else { throw CorruptInput() }
        // Zero: a frame is complete and fully written.
        if source.pos > 0 || target.pos > 0 { isAtEnd = status == 0 }
        input = UnsafeRawBufferPointer(rebasing: input[source.pos...])
        return target.pos
    }
}

/// Expands whole bodies, up to a limit.
package enum Body {
    /// Removes the content coding of a body.
    ///
    /// Stops as soon as more than `limit` bytes would come out, so a bomb costs what a body at the
    /// limit costs.
    ///
    /// - Parameter admit: called with the number of bytes about to be kept; it may refuse them.
    package static func expand(
        _ body: UnsafeRawBufferPointer, coding: ContentCoding, limit: Int,
        admit: (Int) throws -> Void = { _ in }
    ) throws -> ByteStorage {
        var expander = Expander(coding, first: body, windowLogMax: Expander.httpWindowLog)
        var input = body
        let output = ByteStorage()
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceBytes, alignment: 16)
        defer { piece.deallocate() }
        while true {
            let count: Int
            do { count = try expander.expand(&input, into: piece) } catch {
                throw BodyFault.corrupt(encoding: coding.rawValue)
            }
            guard output.count + count <= limit else { throw BodyFault.tooLarge(limit: limit) }
            try admit(count)
            output.append(UnsafeRawBufferPointer(rebasing: piece[..<count]))
            if count == 0 && input.isEmpty { break }
        }
        guard expander.isAtEnd else { throw BodyFault.corrupt(encoding: coding.rawValue) }
        return output
    }

    private static let pieceBytes = 64 * 1_024
}
