import Booking
import Budgets
import Caching
import HTTPTypes
import LedgerModel
import PriceBooks
import Rendering
import Replay

/// `/api/v1/cache/warming`: what a cache should be filled with before it is asked.
enum WarmingRoutes {
    static let routes = [
        Route(
            .get, "/api/v1/cache/warming",
            "List the answers worth asking for before anybody does"
        ) { (call, input: WarmingInput) in
            try await CacheWarming(
                ledger: call.caller.ledger, pool: call.parts.pool,
                prices: try await call.ledger().prices.schedule
            ).plan(input.wish, at: call.now)
        }
    ]

    private struct WarmingInput: Input {
        let wish: CacheWarming.Wish

        init(_ given: Given) throws {
            var wish = CacheWarming.Wish(
                budget: try given.dollars("budget_usd", "What filling may cost; default 1.")
                    ?? Picodollars(1_000_000_000_000))
            wish.secondsToLive =
                try given.query(
                    "ttl_s", .count(in: 1...TimeToLive.secondsMax),
                    "For how long answers are kept; default a day.") ?? wish.secondsToLive
            wish.days =
                try given.query(
                    "days", .count(in: 1...CacheWarming.Wish.daysMax),
                    "How many days of requests are looked at; default 14.") ?? wish.days
            wish.secondWorth =
                try given.dollars("second_usd", "What a second of waiting is worth; default 0.")
                ?? wish.secondWorth
            wish.countMax =
                try given.query(
                    "limit", .count(in: 1...wish.countMax), "The most keys; default 1,000.")
                ?? wish.countMax
            self.wish = wish
        }
    }
}

extension Given {
    fileprivate func dollars(_ name: String, _ meaning: String) throws -> Picodollars? {
        guard let text = try query(name, .decimal, meaning) else { return nil }
        guard let sum = PicodollarSum(usd: text), let amount = Int64(exactly: sum.amount),
            amount >= 0
        else { throw Refusal.invalid("\(name) is no amount of US dollars: \(text)", param: name) }
        return Picodollars(amount)
    }
}
