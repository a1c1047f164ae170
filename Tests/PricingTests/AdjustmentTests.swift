import LedgerModel
import LedgerTesting
import Pricing
import Testing

@Suite("Adjustments")
struct AdjustmentTests {
    private static let time = Timestamp(year: 2026, month: 11, day: 23)
    private static let book = PriceBookID(high: 7, low: 8)

    private func request() -> Event {
        var request = Event(
            id: EventID(at: Self.time, entropy: (1, 2)), kind: .requestCompleted,
            occurredAt: Self.time.advanced(byMicroseconds: 500))
        request.dimensions = [.provider: "acme", .model: "m", .app: "search", .user: "u"]
        request.usage = [.inputTokens: 1]
        return request
    }

    private func chain(_ charges: [(amount: Int64?, unpriced: Name?)]) -> ChargeChain {
        var chain = ChargeChain(of: request())
        for charge in charges {
            chain.add(
                .charge(for: chain.request.id, after: chain.lastID),
                amount: charge.amount.map { Picodollars($0) }, unpriced: charge.unpriced,
                book: nil)
        }
        return chain
    }

    private func adjustment(
        of charges: [(amount: Int64?, unpriced: Name?)], to rating: Rating
    ) throws -> Event? {
        try ChargeRule.adjustment(
            of: chain(charges), to: ScheduledRating(rating: rating, book: Self.book))
    }

    @Test("for another price the signed difference is booked, for the same one nothing")
    func prices() throws {
        let dearer = try adjustment(of: [(100, nil)], to: .priced(Picodollars(130)))
        #expect(dearer?.amount == Picodollars(30) && dearer?.unpriced == nil)
        let cheaper = try adjustment(of: [(100, nil), (30, nil)], to: .priced(Picodollars(1)))
        #expect(cheaper?.amount == Picodollars(-129))
        #expect(try adjustment(of: [(100, nil), (-60, nil)], to: .priced(Picodollars(40))) == nil)
    }

    @Test("an unpriced request gets a price, even a price of zero")
    func pricedNow() throws {
        let priced = try adjustment(of: [(nil, "why")], to: .priced(Picodollars(5)))
        #expect(priced?.amount == Picodollars(5) && priced?.unpriced == nil)
        let free = try adjustment(of: [(nil, "why")], to: .priced(.zero))
        #expect(free?.amount == .zero && free?.unpriced == nil)
    }

    @Test("a price that no longer exists is taken back, with the reason")
    func unpricedNow() throws {
        let gone = try adjustment(of: [(100, nil), (5, nil)], to: .unpriced(.noUsage))
        #expect(gone?.amount == Picodollars(-105))
        #expect(gone?.unpriced == Name(UnpricedReason.noUsage.description))
        let free = try adjustment(of: [(0, nil)], to: .unpriced(.noUsage))
        #expect(free?.amount == nil && free?.unpriced != nil)
    }

    @Test("without a price before and after, only a new reason is booked, without an amount")
    func reasons() throws {
        let same = Name(UnpricedReason.noUsage.description)
        #expect(try adjustment(of: [(nil, same)], to: .unpriced(.noUsage)) == nil)
        let other = try adjustment(of: [(9, nil), (-9, "old")], to: .unpriced(.noUsage))
        #expect(other?.amount == nil && other?.unpriced == same)
    }

    @Test("an adjustment follows the last charge and carries the request's time and dimensions")
    func shape() throws {
        let before = chain([(100, nil), (30, nil)])
        let event = try #require(
            try ChargeRule.adjustment(
                of: before, to: ScheduledRating(rating: .priced(.zero), book: Self.book)))
        let first = EventID.charge(for: before.request.id, after: nil)
        let second = EventID.charge(for: before.request.id, after: first)
        #expect(event.kind == .chargeAdjusted)
        #expect(event.previousID == second)
        #expect(event.id == .charge(for: before.request.id, after: second))
        #expect(event.causeID == before.request.id)
        #expect(event.occurredAt == before.request.occurredAt)
        #expect(event.dimensions == before.request.dimensions)
        #expect(event.bookID == EventID(high: 7, low: 8))
        #expect(event.usage.isEmpty)
        try event.validate(at: Self.time)
    }

    @Test("a request that was never charged has nothing to adjust")
    func uncharged() throws {
        #expect(try adjustment(of: [], to: .priced(Picodollars(5))) == nil)
    }

    @Test("a difference that one event can't hold is an error, never a wrong amount")
    func overflow() throws {
        #expect(throws: RatingOverflow.self) {
            try adjustment(of: [(.min, nil)], to: .priced(Picodollars(.max)))
        }
    }

    @Test("whatever the prices were, the chain ends at the last one and then stays as it is")
    func property() throws {
        try forSeeds { random in
            var chain = chain([(random.count(0...1_000), nil)])
            var sum = chain.state.total.amount
            for _ in 0..<20 {
                let rating: Rating =
                    switch random.count(0...3) {
                    case 0: .unpriced(.noUsage)
                    case 1: .unpriced(.noBook)
                    default: .priced(Picodollars(random.count(0...2)))
                    }
                let rated = ScheduledRating(rating: rating, book: Self.book)
                if let event = try ChargeRule.adjustment(of: chain, to: rated) {
                    sum += Int128(event.amount?.amount ?? 0)
                    chain.add(
                        event.id, amount: event.amount, unpriced: event.unpriced,
                        book: event.bookID)
                }
                #expect(chain.state.change(to: rating) == nil, "\(random)")
                switch rating {
                case .priced(let amount):
                    #expect(sum == Int128(amount.amount) && chain.state.unpriced == nil)
                case .unpriced(let reason):
                    #expect(sum == 0 && chain.state.unpriced == Name(reason.description))
                }
            }
        }
    }
}
