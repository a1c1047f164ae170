/// Identifies a ledger; assigned by the database.
package struct LedgerID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let number: Int64

    package init(_ number: Int64) {
        self.number = number
    }

    package static func < (a: LedgerID, b: LedgerID) -> Bool { a.number < b.number }
    package var description: String { String(number) }
}
