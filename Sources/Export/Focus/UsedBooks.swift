import LedgerModel
import Postgres
import PriceBooks
import Pricing
import Synchronization

/// The price books that an export meets, each read once.
final class UsedBooks: Sendable {
    private let books = Mutex<[EventID: PriceBook?]>([:])

    /// nil for a book that the database lacks.
    subscript(id: EventID) -> PriceBook? { books.withLock { $0[id] } ?? nil }

    /// Reads those that are not known yet.
    func know(_ ids: Set<EventID>, in session: Session) throws {
        for id in ids where !books.withLock({ $0.keys.contains(id) }) {
            let book = try PriceBookStore.book(
                PriceBookID(high: id.high, low: id.low), in: session)
            books.withLock { $0[id] = .some(book) }
        }
    }
}
