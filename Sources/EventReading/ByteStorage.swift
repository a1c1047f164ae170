import Glibc

/// Bytes at an address that stays valid while somebody holds them, once nothing more is added.
package final class ByteStorage {
    private var memory: UnsafeMutableRawPointer?
    private var capacity = 0
    package private(set) var count = 0

    package init() {}

    convenience init(copying bytes: UnsafeRawBufferPointer) {
        self.init()
        append(bytes)
    }

    package convenience init(copying bytes: [UInt8]) {
        self.init()
        bytes.withUnsafeBytes { append($0) }
    }

    deinit { free(memory) }

    /// Adds bytes at the end; large storage grows in place, by pages, rather than by copying.
    package func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        if count + bytes.count > capacity {
            capacity = max(count + bytes.count, capacity + capacity / 4)
            memory = realloc(memory, capacity)
        }
        guard let memory else { preconditionFailure("no memory for \(capacity) bytes") }
        memcpy(memory + count, source, bytes.count)
        count += bytes.count
    }

    /// Valid only as long as somebody holds the storage; others use `withBytes`.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: memory, count: count)
    }

    /// Lends the bytes.
    package func withBytes<R>(
        _ read: (UnsafeRawBufferPointer) throws -> R
    ) rethrows -> R {
        try withExtendedLifetime(self) { try read(bytes) }
    }

    var text: UnsafeBufferPointer<UInt8> { bytes.bindMemory(to: UInt8.self) }
}

extension UnsafeRawBufferPointer {
    /// The bytes without a UTF-8 byte order mark.
    var dropByteOrderMark: UnsafeRawBufferPointer {
        starts(with: [0xEF, 0xBB, 0xBF])
            ? UnsafeRawBufferPointer(rebasing: self[3...]) : self
    }

    func firstOffset(of byte: UInt8) -> Int? {
        guard let baseAddress, let found = memchr(baseAddress, Int32(byte), count) else {
            return nil
        }
        return UnsafeRawPointer(found) - baseAddress
    }

    /// How often a byte occurs, counted up to a limit.
    func occurrences(of byte: UInt8, max limit: Int) -> Int {
        var (rest, found) = (self, 0)
        while found < limit, let offset = rest.firstOffset(of: byte) {
            found += 1
            rest = UnsafeRawBufferPointer(rebasing: rest[(offset + 1)...])
        }
        return found
    }

    /// Whether there is only white space.
    var isBlank: Bool {
        allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 || $0 == 0x0A }
    }
}
