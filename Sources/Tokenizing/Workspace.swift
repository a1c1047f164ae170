import Synchronization

/// Memory that encoding works in, and what it found out about pieces that come again and again.
///
/// Words repeat themselves in every text, so most pieces are found here without looking into the
/// vocabulary's tables, which are too large for a processor's caches. One call has it to itself,
/// which is why the pointers may be shared between calls.
final class Workspace: Sendable {
    /// Pieces of up to 7 bytes with their length, and their counts in the four highest bits.
    nonisolated(unsafe) private let short: UnsafeMutablePointer<UInt64>
    /// Keys of pieces of up to 15 bytes, with their counts in the four highest bits.
    nonisolated(unsafe) private let middle: UnsafeMutablePointer<ShortKey>
    /// What `stayApart` said of a pair: both ranks and the answer, each pair in its own slot.
    nonisolated(unsafe) let pairs: UnsafeMutablePointer<UInt64>
    /// Tokens of the piece that is being encoded.
    nonisolated(unsafe) private(set) var stack: UnsafeMutablePointer<UInt32>
    /// A bit for each place of it that leads nowhere.
    nonisolated(unsafe) private(set) var dead: UnsafeMutablePointer<UInt64>
    nonisolated(unsafe) private var capacity: Int
    /// How often a token was looked for in it.
    nonisolated(unsafe) var trials = 0

    private static let shortBits: UInt64 = 15
    private static let middleBits: UInt64 = 14
    static let pairsBits: UInt64 = 13
    /// Pieces of so many bytes fit without asking for more memory.
    private static let usualBytes = 4_096

    init() {
        short = .allocate(capacity: 1 << Int(Self.shortBits))
        short.initialize(repeating: 0, count: 1 << Int(Self.shortBits))
        middle = .allocate(capacity: 1 << Int(Self.middleBits))
        middle.initialize(repeating: ShortKey(low: 0, high: 0), count: 1 << Int(Self.middleBits))
        pairs = .allocate(capacity: 1 << Int(Self.pairsBits))
        pairs.initialize(repeating: 0, count: 1 << Int(Self.pairsBits))
        capacity = Self.usualBytes
        stack = .allocate(capacity: capacity)
        dead = .allocate(capacity: capacity / 64 + 1)
    }

    deinit {
        short.deallocate()
        middle.deallocate()
        pairs.deallocate()
        stack.deallocate()
        dead.deallocate()
    }

    /// Makes room for a piece.
    func reserve(_ length: Int) {
        if length > capacity { resize(length) }
    }

    /// Gives back what an unusually long piece took.
    func trim() {
        if capacity > Self.usualBytes { resize(Self.usualBytes) }
    }

    private func resize(_ length: Int) {
        stack.deallocate()
        dead.deallocate()
        capacity = length
        stack = .allocate(capacity: capacity)
        dead = .allocate(capacity: capacity / 64 + 1)
    }
}

extension Workspace {
    private static let countShift: UInt64 = 60

    /// The tokens of a piece of up to 7 bytes that was counted before; zero if none is remembered.
    ///
    /// A piece has one of two neighbouring places, and what is found there differs from it in the
    /// count alone. Both are looked at without a branch, since which of them it is can't be foreseen.
    @inline(__always)
    func count(of word: UInt64) -> Int {
        let bucket = bucket(of: word)
        let (first, second) = (bucket[0], bucket[1])
        let found =
            ((first ^ word) &<< 4 == 0 ? first : 0) | ((second ^ word) &<< 4 == 0 ? second : 0)
        return Int(truncatingIfNeeded: found &>> Self.countShift)
    }

    /// The same of a piece of 8 to 15 bytes.
    @inline(__always)
    func count(of key: ShortKey) -> Int {
        let bucket = bucket(of: key)
        let (first, second) = (bucket[0], bucket[1])
        let found =
            (Self.isEqual(first, key) ? first.high : 0)
            | (Self.isEqual(second, key) ? second.high : 0)
        return Int(truncatingIfNeeded: found &>> Self.countShift)
    }

    /// Whether they differ in the count alone.
    @inline(__always)
    private static func isEqual(_ a: ShortKey, _ b: ShortKey) -> Bool {
        (a.low ^ b.low) | (a.high ^ b.high) &<< 4 == 0
    }

    /// A piece has as many tokens as bytes at most, so their number fits four bits.
    func remember(_ word: UInt64, count: Int) {
        let bucket = bucket(of: word)
        bucket[1] = bucket[0]
        bucket[0] = word | UInt64(count) &<< Self.countShift
    }

    func remember(_ key: ShortKey, count: Int) {
        let bucket = bucket(of: key)
        bucket[1] = bucket[0]
        bucket[0] = ShortKey(low: key.low, high: key.high | UInt64(count) &<< Self.countShift)
    }

    @inline(__always)
    private func bucket(of word: UInt64) -> UnsafeMutablePointer<UInt64> {
        let hash = word &* 0x9E37_79B9_7F4A_7C15
        return short + (Int(truncatingIfNeeded: hash &>> (64 &- Self.shortBits)) & ~1)
    }

    @inline(__always)
    private func bucket(of key: ShortKey) -> UnsafeMutablePointer<ShortKey> {
        let hash = key.low &* 0x9E37_79B9_7F4A_7C15 ^ key.high &* 0xD6E8_FEB8_6659_FD93
        return middle + (Int(truncatingIfNeeded: hash &>> (64 &- Self.middleBits)) & ~1)
    }
}

/// Workspaces that nobody uses.
struct WorkspacePool: ~Copyable {
    private let free = Mutex<[Workspace]>([])

    /// More are not kept; each has almost 0.6 MB.
    private static let keptMax = 32

    borrowing func take() -> Workspace {
        free.withLock { $0.popLast() } ?? Workspace()
    }

    borrowing func give(_ workspace: Workspace) {
        workspace.trim()
        free.withLock { if $0.count < Self.keptMax { $0.append(workspace) } }
    }
}
