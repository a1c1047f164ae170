/// Values in numbered slots that are used again; a handle of an earlier use finds nothing.
struct Slab<Value: Sendable>: Sendable {
    private var values: [Value] = []
    /// Odd while the slot is in use.
    private var generations: [UInt32] = []
    private var free: [Int32] = []
    /// What an unused slot holds, so that it keeps no memory.
    private let blank: Value
    private(set) var count = 0

    init(blank: Value) {
        self.blank = blank
    }

    /// The slots that exist, used or not.
    var capacity: Int { values.count }

    mutating func insert(_ value: Value) -> Int32 {
        count += 1
        if let slot = free.popLast() {
            values[Int(slot)] = value
            generations[Int(slot)] &+= 1
            return slot
        }
        precondition(values.count < Int(Int32.max), "a slab has fewer slots than 31 bits number")
        values.append(value)
        generations.append(1)
        return Int32(values.count - 1)
    }

    mutating func remove(_ slot: Int32) {
        precondition(isUsed(slot), "a slot is freed once")
        count -= 1
        values[Int(slot)] = blank
        generations[Int(slot)] &+= 1
        free.append(slot)
    }

    subscript(slot: Int32) -> Value {
        get { values[Int(slot)] }
        _modify { yield &values[Int(slot)] }
    }

    /// The slots in use, ascending.
    var slots: [Int32] {
        (0..<Int32(values.count)).filter(isUsed)
    }

    private func isUsed(_ slot: Int32) -> Bool { generations[Int(slot)] & 1 == 1 }

    /// The name of this use of a slot.
    func handle(of slot: Int32) -> UInt64 {
        UInt64(generations[Int(slot)]) << 32 | UInt64(UInt32(bitPattern: slot))
    }

    /// The slot of a handle; nil if its use has ended.
    func slot(of handle: UInt64) -> Int32? {
        let slot = Int32(bitPattern: UInt32(truncatingIfNeeded: handle))
        guard slot >= 0, Int(slot) < values.count else { return nil }
        let generation = UInt32(truncatingIfNeeded: handle >> 32)
        return generation & 1 == 1 && generations[Int(slot)] == generation ? slot : nil
    }
}
