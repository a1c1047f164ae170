package import LedgerModel

/// Numbers distinct texts by their bytes, without making a string each time.
///
/// An open-addressing table with linear probing; a text is compared with few others. The hash is
/// the standard library's, which is seeded, because the texts come from callers.
package struct NameTable: Sendable {
    package private(set) var names: [Name] = []
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]
    /// Numbers of texts plus one, where zero is free; the count is a power of two.
    private var slots = [Int32](repeating: 0, count: 64)
    /// The number of the last text: neighbours often agree.
    private var last = -1

    /// The number of NULL.
    package static let null = -1
    /// Texts kept at most, where nobody keeps their numbers.
    package static let namesMax = 65_536

    package init() {}

    package var count: Int { names.count }

    package func name(_ number: Int) -> Name? { number == Self.null ? nil : names[number] }

    /// The text as a name; forgets all numbers when there are too many.
    package mutating func name(of text: UnsafeRawBufferPointer?) -> Name? {
        if count >= Self.namesMax { removeAll() }
        let number = number(of: text)
        return name(number)
    }

    package mutating func number(of text: UnsafeRawBufferPointer?) -> Int {
        guard let text else { return Self.null }
        if last >= 0, holds(last, text) { return last }
        last = find(text)
        return last
    }

    package mutating func removeAll() { self = NameTable() }

    private mutating func find(_ text: UnsafeRawBufferPointer) -> Int {
        var index = slot(of: text)
        while slots[index] != 0 {
            let number = Int(slots[index]) - 1
            if holds(number, text) { return number }
            index = (index + 1) & (slots.count - 1)
        }
        names.append(Name(String(decoding: text, as: UTF8.self)))
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        slots[index] = Int32(names.count)
        if names.count * 2 > slots.count { grow() }
        return names.count - 1
    }

    private func slot(of text: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: text)
        return hasher.finalize() & (slots.count - 1)
    }

    private func holds(_ number: Int, _ text: UnsafeRawBufferPointer) -> Bool {
        let start = ends[number]
        guard ends[number + 1] - start == text.count else { return false }
        return bytes.withUnsafeBytes { bytes in
            let end = start + text.count
            return UnsafeRawBufferPointer(rebasing: bytes[start..<end]).elementsEqual(text)
        }
    }

    private mutating func grow() {
        slots = [Int32](repeating: 0, count: slots.count * 2)
        for number in names.indices {
            var index = bytes[ends[number]..<ends[number + 1]].withUnsafeBytes { slot(of: $0) }
            while slots[index] != 0 { index = (index + 1) & (slots.count - 1) }
            slots[index] = Int32(number + 1)
        }
    }
}
