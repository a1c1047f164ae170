import Glibc
import LedgerModel
import Spooling
import Synchronization

/// A file with a place for each request that is open; it outlives the process, but not a power cut.
///
/// Nothing is synced: what the process has written is in the kernel's hands when it is killed. A place has
/// a length, a checksum and the note; a cleared one has the length zero.
final class OpenSlots: Sendable {
    private let descriptor: Int32
    private let state: Mutex<State>

    private struct State {
        /// What an earlier process left, until somebody sees to it.
        var found: [Int: [UInt8]] = [:]
        /// Places that were used and are free, the last used first.
        var free: [Int] = []
        /// Places that were ever used.
        var count = 0
    }

    static let slotBytes = 4_096
    private static let headBytes = 8
    /// The longest note.
    static let noteBytesMax = slotBytes - headBytes
    /// Requests that are noted at one time.
    static let slotsMax = 65_536

    init(path: String) throws {
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw SpoolUnusable.unusable(
                "cannot open \(path): \(String(cString: strerror(errno))); fix it, or name another "
                    + "directory")
        }
        var status = stat()
        let size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
        let count = min((size + Self.slotBytes - 1) / Self.slotBytes, Self.slotsMax)
        var state = State(count: count)
        for slot in 0..<count {
            if let bytes = Self.read(slot, descriptor) {
                state.found[slot] = bytes
            } else {
                state.free.append(slot)
            }
        }
        self.state = Mutex(state)
    }

    deinit { Glibc.close(descriptor) }

    private static func read(_ slot: Int, _ descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: slotBytes)
        let got = pread(descriptor, &bytes, slotBytes, off_t(slot * slotBytes))
        return Segment.record(in: Array(bytes.prefix(max(got, 0))), at: 0).map { Array(bytes[$0]) }
    }

    /// What an earlier process left and nobody has cleared yet.
    var found: [(slot: Int, bytes: [UInt8])] {
        state.withLock { state in
            state.found.sorted { $0.key < $1.key }.map { (slot: $0.key, bytes: $0.value) }
        }
    }

    /// Writes a note; nil if there is no room, or if it cannot be written.
    func take(_ note: [UInt8]) -> Int? {
        guard (1...Self.noteBytesMax).contains(note.count) else { return nil }
        let slot = state.withLock { state -> Int? in
            if let free = state.free.popLast() { return free }
            guard state.count < Self.slotsMax else { return nil }
            defer { state.count += 1 }
            return state.count
        }
        guard let slot else { return nil }
        let bytes = Segment.frame(note)
        if pwrite(descriptor, bytes, bytes.count, off_t(slot * Self.slotBytes)) == bytes.count {
            return slot
        }
        clear(slot)
        return nil
    }

    func clear(_ slot: Int) {
        let zeros = [UInt8](repeating: 0, count: Self.headBytes)
        _ = pwrite(descriptor, zeros, zeros.count, off_t(slot * Self.slotBytes))
        state.withLock { state in
            state.found[slot] = nil
            state.free.append(slot)
        }
    }
}
