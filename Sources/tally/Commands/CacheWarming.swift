import ArgumentParser
import Booking
import Budgets
import Caching
import EventStore
import LedgerModel
import PriceBooks
import Rendering
import Replay

struct WarmCache: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "warming",
        abstract: "Lists the answers that are worth asking for before anybody does.",
        discussion: """
            An answer is listed if what history makes sure of is worth more than asking for it: \
            with a batch API at half the price, or if a second of waiting is worth something. \
            Nothing is asked for. The same as GET /api/v1/cache/warming.
            """)

    @OptionGroup var place: LedgerOptions
    @Option(help: "What filling may cost, in US dollars.") var budget = "1"
    @Option(help: "For how many seconds answers are kept.") var ttl = 86_400
    @Option(help: "How many days of requests are looked at.") var days = 14
    @Option(help: "What a second of waiting is worth, in US dollars.") var second = "0"
    @OptionGroup var output: OutputOptions

    func validate() throws { _ = try wish() }

    private func wish() throws -> CacheWarming.Wish {
        var wish = CacheWarming.Wish(budget: try Self.dollars(budget, "--budget"))
        wish.secondWorth = try Self.dollars(second, "--second")
        guard (1...TimeToLive.secondsMax).contains(ttl) else {
            throw ValidationError("--ttl must lie between 1 and \(TimeToLive.secondsMax)")
        }
        guard (1...CacheWarming.Wish.daysMax).contains(days) else {
            throw ValidationError("--days must lie between 1 and \(CacheWarming.Wish.daysMax)")
        }
        (wish.secondsToLive, wish.days) = (ttl, days)
        return wish
    }

    private static func dollars(_ text: String, _ option: String) throws -> Picodollars {
        guard let sum = PicodollarSum(usd: text), let amount = Int64(exactly: sum.amount),
            amount >= 0
        else { throw ValidationError("\(option) \(text): expected an amount such as 2.50") }
        return Picodollars(amount)
    }

    func execute() async throws {
        let wish = try wish()
        output.show(
            try await place.open(to: .read) { deployment, ledger in
                let progress = Progress("history", isQuiet: output.json)
                defer { progress.finish() }
                return try await CacheWarming(
                    ledger: ledger.store.id, pool: deployment.pool, prices: ledger.prices.schedule
                ).plan(wish, at: .now) { progress.show($0, of: $1, unit: "events") }
            })
    }
}
