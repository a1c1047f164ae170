/// A text that compares, hashes and sorts by its UTF-8 bytes, as PostgreSQL's `COLLATE "C"` does.
///
/// Swift's `String` treats composed and decomposed é as equal; two apps that differ only in that
/// are different in the database, so they must be different here.
package struct Name: Sendable {
    package let string: String

    package init(_ string: String) {
        self.string = string
    }
}

extension Name: Hashable, Comparable {
    @inlinable
    package static func == (a: Name, b: Name) -> Bool {
        a.string.utf8.elementsEqual(b.string.utf8)
    }

    package static func < (a: Name, b: Name) -> Bool {
        a.string.utf8.lexicographicallyPrecedes(b.string.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var string = string
        string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}

extension Name: ExpressibleByStringLiteral, CustomStringConvertible {
    package init(stringLiteral value: String) { self.init(value) }
    package var description: String { string }
}
