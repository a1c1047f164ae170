internal import Glibc

/// Wakes a poll(2) from another thread: a pair of sockets, one of which
/// becomes readable. (A pipe can't be made close-on-exec in one step from Swift.)
final class WakePipe: Sendable {
    let reading: Int32
    private let writing: Int32

    /// Without free descriptors, the numbers are −1, which poll(2) ignores and connecting reports
    /// soon enough.
    init() {
        var ends: (Int32, Int32) = (-1, -1)
        withUnsafeMutableBytes(of: &ends) { bytes in
            let numbers = bytes.bindMemory(to: Int32.self)
            let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
            if socketpair(AF_UNIX, Int32(kind), 0, numbers.baseAddress) != 0 {
                numbers[0] = -1
                numbers[1] = -1
            }
        }
        (reading, writing) = ends
    }

    deinit {
        if reading >= 0 { close(reading) }
        if writing >= 0 { close(writing) }
    }

    func signal() {
        var byte: UInt8 = 1
        // A full pipe is readable, which is all we need.
        _ = write(writing, &byte, 1)
    }

    func drain() {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
            while read(reading, buffer.baseAddress, buffer.count) > 0 {}
        }
    }
}
