import LedgerModel
import Pricing

/// A charge as it was booked, to be computed again.
struct PendingCharge: Sendable {
    let id: EventID
    let position: Int64
    let request: EventID?
    let book: EventID?
    let amount: Picodollars?
    let unpriced: Name?
    let group: Int

    init(_ row: EventRow, group: Int) {
        id = row.eventID
        position = row.position
        request = row.id(.causeID)
        book = row.id(.bookID)
        amount = row.amount
        unpriced = row.text(.unpriced).map { Name(String(decoding: $0, as: UTF8.self)) }
        self.group = group
    }
}

/// Computes charges again under the books that they name.
struct RecordedFold: Sendable {
    /// The latest request: its charge normally comes next.
    var lastRequest: PricedRequest?
    /// Books that charges name and that are not loaded yet; the page is read again once they are.
    private(set) var missingBooks: Set<EventID> = []
    private var raters: [Rater?] = []
    private var indices: [EventID: Int] = [:]
    private var lastBook: (id: EventID, index: Int)?

    func has(_ book: EventID) -> Bool { indices[book] != nil }

    /// Adds a book; nil for one that is not in the database.
    mutating func add(_ book: PriceBook?, id: EventID) {
        missingBooks.remove(id)
        indices[id] = raters.count
        raters.append(book.map { Rater($0) })
    }

    /// Compares a charge with its request, if that is the latest one; returns the request's cost,
    /// or nil if the request has to be fetched.
    mutating func compare(
        _ charge: PendingCharge, _ check: inout RecordedCheck
    ) throws -> Rating? {
        guard let request = lastRequest, request.id == charge.request else { return nil }
        return try compare(charge, with: request, &check)
    }

    /// Compares a charge with the cost of its request under the charge's book.
    mutating func compare(
        _ charge: PendingCharge, with request: PricedRequest, _ check: inout RecordedCheck
    ) throws -> Rating {
        check.charges += 1
        check.uncharged -= 1
        var rating = Rating.unpriced(.noBook)
        if let book = charge.book {
            guard let index = index(of: book) else {
                missingBooks.insert(book)
                return rating
            }
            guard let computed = try raters[index]?.rate(request) else {
                check.add(charge, "its price book \(book) is not in the database")
                return rating
            }
            rating = computed
        }
        let (amount, unpriced): (Picodollars?, Name?) =
            switch rating {
            case .priced(let amount): (amount, nil)
            case .unpriced(let reason): (nil, Name(reason.description))
            }
        if amount != charge.amount || unpriced != charge.unpriced {
            check.add(
                charge,
                "booked \(text(charge.amount, charge.unpriced)), but the book gives "
                    + text(amount, unpriced))
        }
        return rating
    }

    private mutating func index(of book: EventID) -> Int? {
        if let lastBook, lastBook.id == book { return lastBook.index }
        guard let index = indices[book] else { return nil }
        lastBook = (book, index)
        return index
    }

    private func text(_ amount: Picodollars?, _ unpriced: Name?) -> String {
        if let amount { return "\(amount) USD" }
        return unpriced.map { "no price (\($0))" } ?? "nothing"
    }
}

extension RecordedCheck {
    mutating func add(_ charge: PendingCharge, _ what: String) {
        add(Problem(position: charge.position, charge: charge.id, what: what))
    }
}

extension Rater {
    fileprivate mutating func rate(_ request: PricedRequest) throws -> Rating {
        try request.rate(with: &self)
    }
}
