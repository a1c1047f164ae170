/// A binary heap of numbered slots, smallest key first, from whose middle a slot can be taken.
///
/// Where each slot stands is kept in an array of the owner, so that heaps with a common numbering
/// can share one and an entry is found without searching.
struct SlotHeap<Key: Comparable & Sendable>: Sendable {
    struct Node: Sendable {
        var key: Key
        let slot: Int32
    }

    private(set) var nodes: [Node] = []

    /// In an array of places: in no heap.
    static var absent: Int32 { -1 }

    var count: Int { nodes.count }
    var isEmpty: Bool { nodes.isEmpty }
    var first: Node? { nodes.first }

    mutating func insert(_ slot: Int32, key: Key, _ places: inout [Int32]) {
        nodes.append(Node(key: key, slot: slot))
        rise(from: nodes.count - 1, &places)
    }

    mutating func remove(_ slot: Int32, _ places: inout [Int32]) {
        let place = Int(places[Int(slot)])
        precondition(nodes[place].slot == slot, "a slot is taken from the heap that holds it")
        places[Int(slot)] = Self.absent
        let last = nodes.removeLast()
        guard place < nodes.count else { return }
        nodes[place] = last
        settle(place, &places)
    }

    /// Gives a slot another key.
    mutating func move(_ slot: Int32, to key: Key, _ places: inout [Int32]) {
        let place = Int(places[Int(slot)])
        precondition(nodes[place].slot == slot, "a slot is moved in the heap that holds it")
        nodes[place].key = key
        settle(place, &places)
    }

    private mutating func settle(_ place: Int, _ places: inout [Int32]) {
        if place > 0, nodes[place].key < nodes[(place - 1) / 2].key {
            rise(from: place, &places)
        } else {
            sink(from: place, &places)
        }
    }

    private mutating func rise(from start: Int, _ places: inout [Int32]) {
        let node = nodes[start]
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard node.key < nodes[parent].key else { break }
            nodes[place] = nodes[parent]
            places[Int(nodes[place].slot)] = Int32(place)
            place = parent
        }
        nodes[place] = node
        places[Int(node.slot)] = Int32(place)
    }

    private mutating func sink(from start: Int, _ places: inout [Int32]) {
        let node = nodes[start]
        var place = start
        while true {
            var child = 2 * place + 1
            guard child < nodes.count else { break }
            if child + 1 < nodes.count, nodes[child + 1].key < nodes[child].key { child += 1 }
            guard nodes[child].key < node.key else { break }
            nodes[place] = nodes[child]
            places[Int(nodes[place].slot)] = Int32(place)
            place = child
        }
        nodes[place] = node
        places[Int(node.slot)] = Int32(place)
    }
}
