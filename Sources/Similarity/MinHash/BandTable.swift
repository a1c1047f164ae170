/// Which entries share a band: one open table for all bands, 8 bytes a place.
///
/// A band that many entries share, such as that of a boilerplate, keeps the first `sharersMax` of
/// them: it would find everything and say nothing.
struct BandTable: Sendable {
    private var tags: [UInt32]
    private var entries: [UInt32]
    private var taken = 0
    private var graves = 0

    static let sharersMax = 32
    private static let free = UInt32.max
    private static let grave = UInt32.max - 1

    init() {
        tags = [UInt32](repeating: 0, count: 1_024)
        entries = [UInt32](repeating: Self.free, count: 1_024)
    }

    var bytes: Int { tags.count * 8 }

    mutating func insert(_ hashes: [UInt32], of entry: UInt32) {
        if (taken + graves + hashes.count) * 3 > tags.count * 2 { rebuild() }
        for hash in hashes {
            var (place, sharers) = (start(hash), 0)
            while entries[place] != Self.free {
                if tags[place] == hash, entries[place] != Self.grave { sharers += 1 }
                if sharers >= Self.sharersMax { break }
                place = (place + 1) & (tags.count - 1)
            }
            guard sharers < Self.sharersMax else { continue }
            (tags[place], entries[place]) = (hash, entry)
            taken += 1
        }
    }

    mutating func remove(_ hashes: [UInt32], of entry: UInt32) {
        for hash in hashes {
            var place = start(hash)
            while entries[place] != Self.free {
                if tags[place] == hash, entries[place] == entry {
                    entries[place] = Self.grave
                    taken -= 1
                    graves += 1
                    break
                }
                place = (place + 1) & (tags.count - 1)
            }
        }
    }

    /// The entries that share a band, each once, at most `max`.
    func sharers(_ hashes: [UInt32], max: Int) -> Set<UInt32> {
        var found: Set<UInt32> = []
        for hash in hashes {
            var place = start(hash)
            while entries[place] != Self.free, found.count < max {
                if tags[place] == hash, entries[place] != Self.grave {
                    found.insert(entries[place])
                }
                place = (place + 1) & (tags.count - 1)
            }
        }
        return found
    }

    private func start(_ hash: UInt32) -> Int {
        Int(truncatingIfNeeded: StableHash.mixed(UInt64(hash))) & (tags.count - 1)
    }

    private mutating func rebuild() {
        let old = zip(tags, entries).filter { $0.1 < Self.grave }
        var size = tags.count
        while old.count * 2 + 64 > size { size *= 2 }
        tags = [UInt32](repeating: 0, count: size)
        entries = [UInt32](repeating: Self.free, count: size)
        (taken, graves) = (old.count, 0)
        for (tag, entry) in old {
            var place = start(tag)
            while entries[place] != Self.free { place = (place + 1) & (size - 1) }
            (tags[place], entries[place]) = (tag, entry)
        }
    }
}
