/// The nearest of many unit vectors: an inverted file (IVF) whose lists split as they grow.
///
/// Vectors are kept in 8 bits a dimension. A look-up compares with the middles of all lists, then
/// the first 64 dimensions of the entries of the nearest lists, and ranks the best of those again by
/// all dimensions. Lists that grow beyond `listMax` are split by 2-means, as SPFresh (SOSP 2023)
/// does, so there is no training, and no insertion takes longer than a split.
package struct VectorIndex: Sendable {
    package let dimensions: Int
    package private(set) var count = 0
    private var lists: [List] = [List()]
    /// The middles of the lists, in 8 bits.
    private var middles: [Int8]
    /// The vector of each slot.
    private var codes: [Int8] = []
    private var scales: [Float] = []
    private var places: [Place] = []
    private let prefix: Int

    private struct Place {
        var list: UInt32
        var position: UInt32
    }

    private struct List {
        var slots: [UInt32] = []
        /// The first dimensions of each entry.
        var heads: [Int8] = []
    }

    package struct Neighbour: Sendable, Equatable {
        package let slot: Int
        /// The cosine, up to the error of 8 bits (about 0.002).
        package let score: Float
    }

    package static let prefixMax = 64
    package static let listMax = 1_024
    /// Lists that a look-up reads, and entries that it ranks again.
    package static let probes = 32
    package static let ranked = 128

    package init(dimensions: Int) {
        precondition(dimensions > 0)
        self.dimensions = dimensions
        prefix = min(dimensions, Self.prefixMax)
        middles = [Int8](repeating: 0, count: dimensions)
    }

    package var bytes: Int {
        codes.count + scales.count * 4 + places.count * 8 + middles.count
            + lists.reduce(0) { $0 + $1.slots.capacity * 4 + $1.heads.capacity + 64 }
    }

    /// Adds or replaces the vector of a slot, a small number that the owner gives out.
    package mutating func insert(_ vector: [Float], at slot: Int) {
        precondition(vector.count == dimensions)
        if slot < places.count, places[slot].list != .max { remove(slot) }
        while places.count <= slot {
            places.append(Place(list: .max, position: 0))
            scales.append(0)
            codes.append(contentsOf: repeatElement(0, count: dimensions))
        }
        let (code, scale) = Self.quantized(vector)
        codes.withUnsafeMutableBufferPointer { target in
            for index in 0..<dimensions { target[slot * dimensions + index] = code[index] }
        }
        scales[slot] = scale
        count += 1
        append(slot, to: nearestList(code))
    }

    package mutating func remove(_ slot: Int) {
        guard slot < places.count, places[slot].list != .max else { return }
        let place = places[slot]
        let (list, position) = (Int(place.list), Int(place.position))
        let last = lists[list].slots.count - 1
        let moved = lists[list].slots[last]
        lists[list].slots[position] = moved
        for index in 0..<prefix {
            lists[list].heads[position * prefix + index] = lists[list].heads[last * prefix + index]
        }
        lists[list].slots.removeLast()
        lists[list].heads.removeLast(prefix)
        places[Int(moved)].position = place.position
        places[slot].list = .max
        count -= 1
    }

    /// The nearest entries, best first.
    package func nearest(to vector: [Float], count wanted: Int) -> [Neighbour] {
        guard count > 0 else { return [] }
        let (code, scale) = Self.quantized(vector)
        var best = Best(max: max(wanted, Self.ranked))
        code.withUnsafeBufferPointer { query in
            for list in probed(query) { scan(list, query, &best) }
        }
        return code.withUnsafeBufferPointer { query in
            codes.withUnsafeBufferPointer { all in
                best.items.map { item in
                    let dot = Self.dot(query, 0, all, Int(item.slot) * dimensions, dimensions)
                    return Neighbour(
                        slot: Int(item.slot), score: Float(dot) * scale * scales[Int(item.slot)])
                }
            }
        }.sorted { ($0.score, $1.slot) > ($1.score, $0.slot) }.prefix(wanted).map { $0 }
    }

    /// The cosine of a vector and the entry of a slot.
    package func score(of vector: [Float], at slot: Int) -> Float {
        let (code, scale) = Self.quantized(vector)
        return code.withUnsafeBufferPointer { query in
            codes.withUnsafeBufferPointer { all in
                Float(Self.dot(query, 0, all, slot * dimensions, dimensions)) * scale * scales[slot]
            }
        }
    }

    // MARK: - Looking up

    private func probed(_ query: UnsafeBufferPointer<Int8>) -> ArraySlice<Int> {
        guard lists.count > Self.probes else { return Array(lists.indices)[...] }
        var dots = [(dot: Int32, list: Int)]()
        dots.reserveCapacity(lists.count)
        middles.withUnsafeBufferPointer { all in
            for list in lists.indices {
                dots.append((Self.dot(query, 0, all, list * dimensions, dimensions), list))
            }
        }
        // Only the nearest matter: what is far from the best is sorted away first.
        var best = Best(max: Self.probes)
        for (dot, list) in dots { best.offer(UInt32(list), dot) }
        return best.items.map { Int($0.slot) }[...]
    }

    private func scan(_ list: Int, _ query: UnsafeBufferPointer<Int8>, _ best: inout Best) {
        let slots = lists[list].slots
        lists[list].heads.withUnsafeBufferPointer { heads in
            for position in slots.indices {
                let dot = Self.dot(query, 0, heads, position * prefix, prefix)
                if dot > best.least { best.offer(slots[position], dot) }
            }
        }
    }

    /// The greatest so many numbers, kept as a heap with the least on top.
    private struct Best {
        private(set) var items: [(dot: Int32, slot: UInt32)] = []
        let max: Int
        var least: Int32 { items.count < max ? .min : items[0].dot }

        init(max: Int) {
            self.max = max
            items.reserveCapacity(max)
        }

        mutating func offer(_ slot: UInt32, _ dot: Int32) {
            if items.count < max {
                items.append((dot, slot))
                var child = items.count - 1
                while child > 0, items[child].dot < items[(child - 1) / 2].dot {
                    items.swapAt(child, (child - 1) / 2)
                    child = (child - 1) / 2
                }
            } else if dot > items[0].dot {
                items[0] = (dot, slot)
                var parent = 0
                while true {
                    var child = parent * 2 + 1
                    guard child < items.count else { break }
                    if child + 1 < items.count, items[child + 1].dot < items[child].dot {
                        child += 1
                    }
                    guard items[child].dot < items[parent].dot else { break }
                    items.swapAt(child, parent)
                    parent = child
                }
            }
        }
    }

    // MARK: - Lists

    private func nearestList(_ code: [Int8]) -> Int {
        code.withUnsafeBufferPointer { query in
            middles.withUnsafeBufferPointer { all in
                var (best, found) = (Int32.min, 0)
                for list in lists.indices {
                    let dot = Self.dot(query, 0, all, list * dimensions, dimensions)
                    if dot > best { (best, found) = (dot, list) }
                }
                return found
            }
        }
    }

    private mutating func append(_ slot: Int, to list: Int) {
        places[slot] = Place(list: UInt32(list), position: UInt32(lists[list].slots.count))
        lists[list].slots.append(UInt32(slot))
        let start = slot * dimensions
        lists[list].heads.append(contentsOf: codes[start..<(start + prefix)])
        if lists[list].slots.count > Self.listMax { split(list) }
    }

    private mutating func split(_ list: Int) {
        let slots = lists[list].slots.map(Int.init)
        var (a, b) = (vector(slots[0]), vector(slots[slots.count / 2]))
        // The second middle starts far from the first.
        let first = Self.quantized(a).code
        if let far = slots.min(by: { dot(first, $0) < dot(first, $1) }) { b = vector(far) }
        var isSecond = [Bool](repeating: false, count: slots.count)
        for _ in 0..<4 {
            let (codeA, codeB) = (Self.quantized(a).code, Self.quantized(b).code)
            var (sumA, sumB) = (
                [Float](repeating: 0, count: dimensions), [Float](repeating: 0, count: dimensions)
            )
            for (index, slot) in slots.enumerated() {
                isSecond[index] = dot(codeB, slot) > dot(codeA, slot)
                let start = slot * dimensions
                if isSecond[index] {
                    for place in 0..<dimensions { sumB[place] += Float(codes[start + place]) }
                } else {
                    for place in 0..<dimensions { sumA[place] += Float(codes[start + place]) }
                }
            }
            (a, b) = (Self.unit(sumA), Self.unit(sumB))
        }
        // Equal vectors can't be told apart, so they are dealt out.
        let seconds = isSecond.count { $0 }
        if seconds == 0 || seconds == slots.count {
            for index in slots.indices { isSecond[index] = index % 2 == 1 }
            b = a
        }
        let other = lists.count
        lists.append(List())
        lists[list] = List()
        let codeA = Self.quantized(a).code
        for place in 0..<dimensions { middles[list * dimensions + place] = codeA[place] }
        middles += Self.quantized(b).code
        for (index, slot) in slots.enumerated() { append(slot, to: isSecond[index] ? other : list) }
    }

    private func vector(_ slot: Int) -> [Float] {
        (0..<dimensions).map { Float(codes[slot * dimensions + $0]) * scales[slot] }
    }

    private func dot(_ code: [Int8], _ slot: Int) -> Int32 {
        code.withUnsafeBufferPointer { query in
            codes.withUnsafeBufferPointer { all in
                Self.dot(query, 0, all, slot * dimensions, dimensions)
            }
        }
    }

    // MARK: - Arithmetic

    /// A vector whose greatest part is 127, and what to multiply it by.
    private static func quantized(_ vector: [Float]) -> (code: [Int8], scale: Float) {
        let greatest = vector.reduce(0) { max($0, abs($1)) }
        guard greatest > 0, greatest.isFinite else {
            return ([Int8](repeating: 0, count: vector.count), 0)
        }
        let factor = 127 / greatest
        return (vector.map { Int8(($0 * factor).rounded()) }, greatest / 127)
    }

    private static func unit(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length == 0 ? vector : vector.map { $0 / length }
    }

    @inline(__always)
    private static func dot(
        _ a: UnsafeBufferPointer<Int8>, _ aStart: Int, _ b: UnsafeBufferPointer<Int8>,
        _ bStart: Int, _ count: Int
    ) -> Int32 {
        guard let left = a.baseAddress, let right = b.baseAddress else { return 0 }
        let (x, y) = (left + aStart, right + bStart)
        var sum: Int32 = 0
        for index in 0..<count { sum &+= Int32(Int16(x[index]) &* Int16(y[index])) }
        return sum
    }
}
