import CZlib
import CZstd
import Glibc
package import LedgerModel

/// Why an export could not be written.
package struct ExportFileError: Fault {
    package var kind: FaultKind { .invalid }

    package let description: String

    fileprivate init(_ path: String, _ code: Int32) {
        description = "\(path) cannot be written: \(String(cString: strerror(code)))"
    }
}

/// A file that appears once it is complete, compressed as its name says: `.gz`, `.zst` or not.
///
/// Until `finish`, the content is in a `.partial` file, removed if nobody finishes. Without a path
/// it is standard output.
package struct ExportFile: ~Copyable {
    private let path: String?
    private let descriptor: Int32
    private let packer: Packer
    private var isFinished = false

    private enum Packer {
        case none
        /// Needs a stable address: zlib refuses a stream that was moved.
        case gzip(UnsafeMutablePointer<z_stream>)
        case zstd(OpaquePointer)
    }

    private static let bufferBytes = 256 * 1_024

    package init(path: String?) throws(ExportFileError) {
        self.path = path
        guard let path else {
            descriptor = STDOUT_FILENO
            packer = .none
            return
        }
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
        let descriptor = open(path + ".partial", flags, 0o644)
        guard descriptor >= 0 else { throw ExportFileError(path, errno) }
        self.descriptor = descriptor
        if path.hasSuffix(".gz") {
            packer = .gzip(Self.deflater())
        } else if path.hasSuffix(".zst"), let stream = ZSTD_createCCtx() {
            packer = .zstd(stream)
        } else {
            packer = .none
        }
    }

    deinit {
        switch packer {
        case .none: break
        case .gzip(let stream):
            deflateEnd(stream)
            stream.deallocate()
        case .zstd(let stream): ZSTD_freeCCtx(stream)
        }
        if let path {
            close(descriptor)
            if !isFinished { unlink(path + ".partial") }
        }
    }

    package func write(_ bytes: [UInt8]) throws(ExportFileError) {
        try pack(bytes, isLast: false)
    }

    /// Ends the compression and renames the file.
    package mutating func finish() throws(ExportFileError) {
        try pack([], isLast: true)
        guard let path else { return }
        guard fsync(descriptor) == 0, rename(path + ".partial", path) == 0 else {
            throw ExportFileError(path, errno)
        }
        isFinished = true
    }

    // MARK: Compression

    private static func deflater() -> UnsafeMutablePointer<z_stream> {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 more bits of window make a gzip header, without a time, so equal exports are equal.
        let status = deflateInit2_(
            stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "out of memory")
        return stream
    }

    private func pack(_ bytes: [UInt8], isLast: Bool) throws(ExportFileError) {
        var output = [UInt8](repeating: 0, count: Self.bufferBytes)
        switch packer {
        case .none: try put(bytes[...])
        case .gzip(let stream):
            var input = bytes
            var isDone = false
            var offset = 0
            while !isDone {
                let made = input.withUnsafeMutableBufferPointer { input in
                    output.withUnsafeMutableBufferPointer { output in
                        stream.pointee.next_in = input.baseAddress.map { $0 + offset }
                        stream.pointee.avail_in = UInt32(input.count - offset)
                        stream.pointee.next_out = output.baseAddress
                        stream.pointee.avail_out = UInt32(output.count)
                        let status = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                        offset = input.count - Int(stream.pointee.avail_in)
                        isDone = isLast ? status == Z_STREAM_END : stream.pointee.avail_out > 0
                        return output.count - Int(stream.pointee.avail_out)
                    }
                }
                try put(output[..<made])
            }
        case .zstd(let stream):
            var isDone = false
            var offset = 0
            while !isDone {
                let made = bytes.withUnsafeBytes { input in
                    output.withUnsafeMutableBytes { output in
                        var from = ZSTD_inBuffer(
                            src: input.baseAddress, size: input.count, pos: offset)
                        var to = ZSTD_outBuffer(
                            dst: output.baseAddress, size: output.count, pos: 0)
                        let left = ZSTD_compressStream2(
                            stream, &to, &from, isLast ? ZSTD_e_end : ZSTD_e_continue)
                        precondition(ZSTD_isError(left) == 0, "compression does not fail")
                        offset = from.pos
                        isDone = isLast ? left == 0 : from.pos == from.size
                        return to.pos
                    }
                }
                try put(output[..<made])
            }
        }
    }

    private func put(_ bytes: ArraySlice<UInt8>) throws(ExportFileError) {
        var rest = bytes
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                throw ExportFileError(path ?? "standard output", errno)
            }
            rest = rest.dropFirst(written)
        }
    }
}
