package import LedgerModel

/// Gives each distinct text a small number, by its bytes and without making a string of it again.
package struct NameTable: Sendable {
    package private(set) var names: [Name] = []
    private var numbers = ByteNumbers()

    /// What NULL is numbered.
    package static let null = -1
    /// Texts that are kept where nobody keeps their numbers.
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
        let number = Int(numbers.number(of: text))
        if number == names.count { names.append(Name(String(decoding: text, as: UTF8.self))) }
        return number
    }

    package mutating func removeAll() { self = NameTable() }
}
