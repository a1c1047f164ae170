import Caching

/// The policies written as slowly and as plainly as possible: arrays, oldest first.
struct ReferenceCache {
    let policy: PolicyName
    let capacity: Int
    var sizes: [UInt64: Int] = [:]
    private var queue: [UInt64] = []
    private var uses: [UInt64: Int] = [:]
    private var visited: Set<UInt64> = []
    private var hand: UInt64?
    private var main: [UInt64] = []
    private var ghost: [UInt64?] = []
    private var probation: [UInt64] = []
    private var protected: [UInt64] = []
    private var sketch = FrequencySketch()

    init(_ policy: PolicyName, capacity: Int) {
        self.policy = policy
        self.capacity = capacity
    }

    var bytes: Int { sizes.values.reduce(0, +) }

    private func bytes(of keys: [UInt64]) -> Int { keys.reduce(0) { $0 + (sizes[$1] ?? 0) } }

    mutating func get(_ key: UInt64) -> Bool {
        if policy == .wTinyLFU {
            sketch.add(CacheKey(number: key).second, entries: sizes.count)
        }
        guard sizes[key] != nil else { return false }
        switch policy {
        case .fifo, .adaptive: break
        case .lru: touch(key, &queue)
        case .lfu:
            uses[key, default: 0] += 1
            touch(key, &queue)
        case .sieve: visited.insert(key)
        case .s3fifo: uses[key] = min(3, (uses[key] ?? 0) + 1)
        case .wTinyLFU: useInSegment(key)
        }
        return true
    }

    private mutating func useInSegment(_ key: UInt64) {
        if queue.contains(key) { return touch(key, &queue) }
        if protected.contains(key) { return touch(key, &protected) }
        probation.removeAll { $0 == key }
        protected.append(key)
        let window = capacity / 100
        while bytes(of: protected) > (capacity - window) / 5 * 4, protected.count > 1 {
            probation.append(protected.removeFirst())
        }
    }

    mutating func put(_ key: UInt64, bytes size: Int) {
        while bytes + size > capacity { evict(for: size) }
        sizes[key] = size
        switch policy {
        case .s3fifo:
            uses[key] = 0
            if let place = ghost.firstIndex(of: key) {
                ghost[place] = nil
                main.append(key)
            } else {
                queue.append(key)
            }
        case .wTinyLFU:
            queue.append(key)
            while bytes(of: queue) > capacity / 100, queue.count > 1 {
                probation.append(queue.removeFirst())
            }
        default:
            uses[key] = 1
            queue.append(key)
        }
    }

    private mutating func evict(for size: Int) {
        switch policy {
        case .lru, .fifo, .adaptive: sizes[queue.removeFirst()] = nil
        case .lfu:
            let least = queue.map { uses[$0] ?? 0 }.min() ?? 0
            if let place = queue.firstIndex(where: { uses[$0] == least }) {
                sizes[queue.remove(at: place)] = nil
            }
        case .sieve: sieve()
        case .s3fifo: s3fifo(size)
        case .wTinyLFU: wTinyLFU(size)
        }
    }

    private mutating func sieve() {
        var place = hand.flatMap { queue.firstIndex(of: $0) } ?? 0
        while visited.remove(queue[place]) != nil { place = (place + 1) % queue.count }
        hand = place + 1 < queue.count ? queue[place + 1] : nil
        sizes[queue.remove(at: place)] = nil
    }

    private mutating func s3fifo(_ size: Int) {
        while true {
            let isSmall =
                !queue.isEmpty && (bytes(of: queue) + size > capacity / 10 || main.isEmpty)
            let key = isSmall ? queue.removeFirst() : main.removeFirst()
            let count = uses[key] ?? 0
            if isSmall, count > 1 {
                uses[key] = 0
                main.append(key)
            } else if !isSmall, count > 0 {
                uses[key] = count - 1
                main.append(key)
            } else {
                if isSmall, !ghost.contains(key) {
                    while !ghost.isEmpty, ghost.count >= sizes.count { ghost.removeFirst() }
                    ghost.append(key)
                }
                sizes[key] = nil
                return
            }
        }
    }

    private mutating func wTinyLFU(_ size: Int) {
        func frequency(_ key: UInt64) -> Int { sketch.estimate(CacheKey(number: key).second) }
        guard let last = probation.first ?? protected.first else {
            sizes[queue.removeFirst()] = nil
            return
        }
        if let candidate = queue.first, bytes(of: queue) + size > capacity / 100 {
            queue.removeFirst()
            guard frequency(candidate) > frequency(last) else {
                sizes[candidate] = nil
                return
            }
            probation.append(candidate)
        }
        if probation.first == last { probation.removeFirst() } else { protected.removeFirst() }
        sizes[last] = nil
    }

    private func touch(_ key: UInt64, _ keys: inout [UInt64]) {
        keys.removeAll { $0 == key }
        keys.append(key)
    }
}
