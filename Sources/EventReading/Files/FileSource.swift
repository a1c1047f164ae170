import Glibc

/// The bytes of a file or of standard input, expanded if they are gzip or Zstandard.
///
/// A regular file is read up to the size it had when it was opened, so two passes over a growing
/// file see the same bytes.
struct FileSource: ~Copyable {
    let path: String
    /// The size on disk; nil for a pipe.
    let totalBytes: Int?
    /// Bytes read from disk so far, before expansion.
    private(set) var bytesRead = 0

    private let descriptor: Int32
    private let piece: UnsafeMutableRawBufferPointer
    private var input = UnsafeRawBufferPointer(start: nil, count: 0)
    private var expander: Expander?
    private var coding = ContentCoding.identity
    private var form = TextForm()
    /// Converted text that is still to be handed out.
    private var converted: ArraySlice<UInt8> = []

    /// Opens a path; `-` is standard input.
    ///
    /// `pieceBytes` is the size of one read.
    init(path: String, pieceBytes: Int) throws(ImportFault) {
        if path == "-" {
            self.init(descriptor: dup(STDIN_FILENO), name: "standard input", pieceBytes)
        } else {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .cannotRead(path: path, errno: errno) }
            self.init(descriptor: descriptor, name: path, pieceBytes)
        }
    }

    /// Takes over an open descriptor.
    private init(descriptor: Int32, name: String, _ pieceBytes: Int) {
        self.descriptor = descriptor
        path = name
        var status = stat()
        let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        // Files of size 0 with content (in /proc) are read like a pipe.
        totalBytes = isRegular && status.st_size > 0 ? Int(status.st_size) : nil
        piece = .allocate(byteCount: pieceBytes, alignment: 16)
    }

    deinit {
        close(descriptor)
        piece.deallocate()
    }

    /// Fills the front of `buffer` with the next bytes of text, as `TextForm` has them; returns 0 at
    /// the end.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportFault) -> Int {
        if form.isKnown {
            return form.isPlain ? try readBytes(into: buffer) : try readConverted(into: buffer)
        }
        var count = 0
        while !form.isKnown, count < buffer.count {
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            let read = try readBytes(into: room)
            count += read
            form.learn(
                from: UnsafeRawBufferPointer(rebasing: buffer[..<count]),
                isAll: read == 0 || count == buffer.count)
        }
        if form.isPlain { return count }
        return try convert(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: buffer)
    }

    private mutating func readConverted(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(ImportFault) -> Int {
        if converted.isEmpty {
            let count = try readBytes(into: buffer)
            return try convert(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: buffer)
        }
        return handOut(into: buffer)
    }

    /// Converts some bytes, which may lie in `buffer`; none are the end of the file.
    private mutating func convert(
        _ bytes: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer
    ) throws(ImportFault) -> Int {
        var bytes = bytes
        while true {
            var text: [UInt8] = []
            guard form.convert(bytes, isLast: bytes.isEmpty, into: &text) else {
                throw .corrupt(path: path, coding: "UTF-16")
            }
            converted = text[...]
            // A piece may end within a letter and give nothing.
            if !text.isEmpty || bytes.isEmpty { return handOut(into: buffer) }
            let count = try readBytes(into: buffer)
            bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        }
    }

    private mutating func handOut(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let part = converted.prefix(buffer.count)
        buffer.copyBytes(from: part)
        converted = converted.dropFirst(part.count)
        return part.count
    }

    /// Fills the front of `buffer` with the next bytes of the file; returns 0 at the end.
    private mutating func readBytes(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(ImportFault) -> Int {
        if expander == nil { try start() }
        while true {
            let count: Int
            do { count = try expander?.expand(&input, into: buffer) ?? 0 } catch {
                throw .corrupt(path: path, coding: coding.rawValue)
            }
            if count > 0 { return count }
            guard input.isEmpty else { continue }
            guard try refill() else { break }
        }
        guard expander?.isAtEnd == true else {
            throw .corrupt(path: path, coding: coding.rawValue)
        }
        return 0
    }

    /// Starts again from the first byte.
    mutating func rewind() throws(ImportFault) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw .cannotRead(path: path, errno: errno)
        }
        bytesRead = 0
        input = UnsafeRawBufferPointer(start: nil, count: 0)
        expander = nil
        form = TextForm()
        converted = []
    }

    /// Whether the source can be read twice.
    var canRewind: Bool { totalBytes != nil && lseek(descriptor, 0, SEEK_CUR) >= 0 }

    /// Copies the rest into a nameless temporary file, which can be read twice.
    mutating func spooled() throws(ImportFault) -> FileSource {
        let file = try TemporaryFile.open()
        do {
            while try refill() { try TemporaryFile.append(input, to: file) }
        } catch {
            close(file)
            throw error
        }
        lseek(file, 0, SEEK_SET)
        return FileSource(descriptor: file, name: path, piece.count)
    }

    private mutating func start() throws(ImportFault) {
        _ = try refill()
        // A pipe may deliver fewer than the four bytes that identify the coding.
        coding = ContentCoding(magic: input)
        expander = Expander(coding, first: input, windowLogMax: Expander.fileWindowLog)
    }

    /// Reads the next piece from disk; false at the end.
    private mutating func refill() throws(ImportFault) -> Bool {
        let left = totalBytes.map { $0 - bytesRead } ?? piece.count
        var count = 0
        let wanted = min(piece.count, left)
        let enough = min(wanted, bytesRead == 0 ? 4 : 1)
        while count < enough {
            let result = Glibc.read(
                descriptor, piece.baseAddress.map { $0 + count }, wanted - count)
            if result < 0 {
                if errno == EINTR { continue }
                throw .cannotRead(path: path, errno: errno)
            }
            if result == 0 { break }
            count += result
        }
        bytesRead += count
        input = UnsafeRawBufferPointer(rebasing: piece[..<count])
        return count > 0
    }
}

/// Files without a name that vanish with their last descriptor.
enum TemporaryFile {
    static func open() throws(ImportFault) -> Int32 {
        let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((directory + "/tally-import-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw .temporaryFile(errno: errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(template)
        return descriptor
    }

    static func append(_ bytes: UnsafeRawBufferPointer, to file: Int32) throws(ImportFault) {
        var rest = bytes
        while !rest.isEmpty {
            let written = write(file, rest.baseAddress, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw .temporaryFile(errno: errno)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// Reads exactly `buffer.count` bytes at an offset.
    static func read(
        _ file: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(ImportFault) {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = pread(file, rest.baseAddress, rest.count, offset + done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .temporaryFile(errno: count < 0 ? errno : EIO) }
            done += count
        }
    }
}
