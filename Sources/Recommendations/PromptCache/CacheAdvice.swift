import JSON
import LedgerModel
import Pricing
import ReadModels

/// Requests of one app and model on some days, by their turns in sessions, with their rates.
struct CachedGroup {
    let dimensions: Dimensions
    /// Days on which there were requests.
    let days: Int64
    let all: PromptCacheUse
    let turns: [Turn.Class: PromptCacheUse]
    let rates: CacheRates

    func of(_ turn: Turn.Class) -> PromptCacheUse { turns[turn] ?? PromptCacheUse() }

    /// Turns at most five minutes after the one before.
    var soon: PromptCacheUse {
        var use = of(.within5Minutes)
        use += of(.moved)
        return use
    }

    var text: String { PromptGroup(dimensions).text }
    var style: CacheStyle { CacheStyle(dimensions) }
    /// Requests that name a session; only these tell what a request could have read.
    var sessionTurns: Int64 { Turn.Class.allCases.reduce(0) { $0 + of($1).requests } }
}

/// Advice on where to end what is cached, on how long to keep it and on keeping it warm: what each
/// would have saved on the days before, less what it costs itself.
///
/// Costs are those of the requests as they were: a turn at most five minutes (or an hour) after
/// the one before is taken to read what both have in common.
enum CacheAdvice {
    /// The fewest follow-up turns that say anything.
    static let turnsMin: Int64 = 100
    /// The least worth mentioning: a cent a day, in ninths of 1e-24 USD.
    private static let leastPerDay: Int128 = 10_000_000_000 * Rate.ninthsPerPicodollar
    /// Requests that keep a cache warm for an hour after a session's last turn.
    private static let warmAfterEnd: Int128 = 13

    static func advice(on group: CachedGroup) -> [Recommendation] {
        if let unmarked = unmarked(group) { return [unmarked] }
        return [unread(group), lifetime(group), shorter(group)].compactMap(\.self)
    }

    // MARK: Breakpoints

    /// Nothing is marked, though turns share most of their input with the turn before.
    private static func unmarked(_ group: CachedGroup) -> Recommendation? {
        let (soon, all) = (group.soon, group.all)
        guard group.style == .marked, soon.requests >= turnsMin,
            (all.read + all.written) * 100 < all.input,
            all.meanInput >= CacheStyle.tokensMin(group.dimensions[.model])
        else { return nil }
        // With a mark at the end of each prompt, what is not read is written.
        let written = all.input - soon.readable
        let price = written * (group.rates.write.ninths - group.rates.input.ninths)
        let saved = soon.readable * (group.rates.input.ninths - group.rates.read.ninths)
        return recommend(
            .cacheNotMarked, group, saved: saved, price: price,
            "no prompt of \(group.text) is cached, but turns within five minutes repeat "
                + "\(percent(soon.readable, of: soon.input)) of their input",
            "set cache_control: {\"type\": \"ephemeral\"} on the request, or end a breakpoint "
                + "after the tools and the system prompt and another at the last message; prompts "
                + "below \(CacheStyle.tokensMin(group.dimensions[.model])) tokens are not cached",
            turns: soon.requests,
            [("readable_tokens", soon.readable), ("would_be_written_tokens", written)])
    }

    /// Turns that follow at once, on the same way, and don't read what they repeat.
    private static func unread(_ group: CachedGroup) -> Recommendation? {
        let turns = group.of(.within5Minutes)
        guard turns.requests >= turnsMin, turns.missed * 2 > turns.readable,
            turns.readable / Int128(turns.requests) >= 1_024
        else { return nil }
        let marked = group.style == .marked
        // What is written and not read costs the premium as well.
        let premium =
            min(group.all.write, turns.missed)
            * (group.rates.write.ninths - group.rates.input.ninths)
        return recommend(
            .cacheReadsMissed, group,
            saved: turns.missed * (group.rates.input.ninths - group.rates.read.ninths)
                + max(0, premium), price: 0,
            "turns of \(group.text) within five minutes read only "
                + "\(percent(turns.readable - turns.missed, of: turns.readable)) of the input that "
                + "they repeat",
            marked
                ? "put what changes (times, ids, the question) behind the last breakpoint, and "
                    + "keep tools and system prompt as they are: a change there discards all of it"
                : "put what stays the same first and what changes last, and give the requests of "
                    + "a session one prompt_cache_key, so that they reach the same machine",
            turns: turns.requests,
            [
                ("readable_tokens", turns.readable), ("missed_tokens", turns.missed),
                ("lost_turns", Int128(turns.lostTurns)),
                ("recovered_turns", Int128(turns.recoveredTurns)),
            ])
    }

    // MARK: Time to live

    /// Turns that come after five minutes, when the cache is gone: an hour's lifetime, or
    /// requests that keep it warm, whichever pays more.
    private static func lifetime(_ group: CachedGroup) -> Recommendation? {
        let late = group.of(.withinHour)
        guard late.requests >= turnsMin / 4, late.missed * 2 > late.readable else { return nil }
        let rates = group.rates
        // What is missed is written again, if anything is written at all.
        let again = group.all.write > 0 ? rates.write : rates.input
        let saved = late.missed * (again.ninths - rates.read.ninths)
        if group.style == .automatic {
            return recommend(
                .cacheTooShort, group, saved: saved, price: 0,
                found(group, late),
                "ask for a longer retention where the model has one "
                    + "(prompt_cache_retention: \"24h\" at OpenAI)",
                turns: late.requests, evidence(late))
        }
        let rest = max(0, group.all.write - late.missed)
        let hour = rest * (rates.writeHour.ninths - rates.write.ninths)
        let ends = Int128(group.of(.first).requests) * Int128(group.all.meanInput)
        let warm = (late.warm + ends * warmAfterEnd) * rates.read.ninths
        // A book without a rate for an hour says that there is no such thing.
        let hasHour = rates.writeHour.ninths > rates.write.ninths
        if hasHour, hour <= warm {
            return recommend(
                .cacheTooShort, group, saved: saved, price: hour, found(group, late),
                "write for an hour: cache_control {\"type\": \"ephemeral\", \"ttl\": \"1h\"}",
                turns: late.requests, evidence(late))
        }
        return recommend(
            .cacheKeepWarm, group, saved: saved, price: warm, found(group, late),
            "keep it warm: repeat the last request with max_tokens 0 every four and a half "
                + "minutes, for at most an hour",
            turns: late.requests, evidence(late) + [("warm_tokens", late.warm)])
    }

    /// Written for an hour though turns follow within five minutes.
    private static func shorter(_ group: CachedGroup) -> Recommendation? {
        let rates = group.rates
        guard group.soon.requests >= turnsMin, group.all.writeHour > 0 else { return nil }
        let late = group.of(.withinHour)
        let kept = late.readable - late.missed
        return recommend(
            .cacheTooLong, group,
            saved: group.all.writeHour * (rates.writeHour.ninths - rates.write.ninths),
            price: kept * (rates.write.ninths - rates.read.ninths),
            "\(group.text) writes to the cache for an hour, but "
                + "\(percent(Int128(group.soon.requests), of: Int128(group.soon.requests + late.requests)))"
                + " of its turns within the hour come within five minutes",
            "write for five minutes: leave out \"ttl\": \"1h\"", turns: group.soon.requests,
            [("cache_write_1h_input_tokens", group.all.writeHour), ("read_after_5m_tokens", kept)])
    }

    // MARK: Money and words

    private static func found(_ group: CachedGroup, _ late: PromptCacheUse) -> String {
        "\(late.requests) turns of \(group.text) came between five minutes and an hour after the "
            + "one before, and read only "
            + "\(percent(late.readable - late.missed, of: late.readable)) of the input that they "
            + "repeat"
    }

    private static func evidence(_ late: PromptCacheUse) -> [(String, Int128)] {
        [("readable_tokens", late.readable), ("missed_tokens", late.missed)]
    }

    /// Nil unless it pays.
    private static func recommend(
        _ kind: Recommendation.Kind, _ group: CachedGroup, saved: Int128, price: Int128,
        _ finding: String, _ remedy: String, turns: Int64, _ evidence: [(String, Int128)]
    ) -> Recommendation? {
        let days = Int128(max(1, group.days))
        guard saved - price >= leastPerDay * days else { return nil }
        func perDay(_ ninths: Int128) -> PicodollarSum {
            PicodollarSum(dividedHalfEven(ninths, by: Rate.ninthsPerPicodollar * days))
        }
        let confidence = turns >= 10 * turnsMin ? "high" : turns >= 3 * turnsMin ? "medium" : "low"
        return Recommendation(
            kind: kind, dimensions: group.dimensions, finding: finding, remedy: remedy,
            costPerDay: .known(perDay(saved - price)),
            evidence: [
                ("confidence", confidence), ("turns", "\(turns)"), ("days", "\(group.days)"),
                ("saving_usd_per_day", "\(perDay(saved))"),
                ("price_usd_per_day", "\(perDay(price))"),
                ("input_tokens", "\(group.all.input)"),
                ("cache_read_input_tokens", "\(group.all.read)"),
            ] + evidence.map { ($0.0, "\($0.1)") })
    }

    private static func percent(_ part: Int128, of whole: Int128) -> String {
        let thousandths = whole <= 0 ? 0 : part * 1_000 / whole
        return "\(decimal(thousandths, scale: 1)) %"
    }
}

extension CachedGroup {
    /// The groups of cells that have a price.
    ///
    /// - Parameter cells: of a `PromptCacheQuery` by app.
    static func groups(
        _ cells: [PromptCacheCell], prices: PriceSchedule, at time: Timestamp
    ) -> [CachedGroup] {
        var rater = Rater(prices)
        return Dictionary(grouping: cells, by: \.dimensions)
            .sorted { PromptGroup($0.key).text < PromptGroup($1.key).text }
            .compactMap { dimensions, cells in
                var all = PromptCacheUse()
                var turns: [Turn.Class: PromptCacheUse] = [:]
                for cell in cells {
                    all += cell.use
                    if let turn = cell.turn { turns[turn, default: PromptCacheUse()] += cell.use }
                }
                guard dimensions[.model] != nil,
                    case .success(let rates)? = try? rater.cacheRates(
                        of: dimensions, input: all.meanInput, at: time)
                else { return nil }
                return CachedGroup(
                    dimensions: dimensions, days: Int64(Set(cells.map(\.day)).count), all: all,
                    turns: turns, rates: rates)
            }
    }
}
