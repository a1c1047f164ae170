import Budgets
import Estimating
import EventStore
import LedgerModel
import Postgres
import PriceBooks
import Pricing
import Prompts
import ReadModels

// What a call may cost, before anybody knows: as likely, and at most.

extension BudgetService {
    /// What a call asks of the budgets that count it.
    ///
    /// A caller that says how it will be answered is held for the dearest use of its input that is left once
    /// the cached prefix is credited; one that only gives a usage is held for exactly that.
    func question(
        of wish: HoldWish, in chain: [ChainLink], at now: Timestamp
    ) async throws -> (question: HoldQuestion, credited: Int64) {
        if let cost = wish.cost {
            let question = HoldQuestion(
                inputTokens: wish.usage[.inputTokens] ?? 0, outputMax: wish.outputTold,
                choices: wish.call.choices, price: .given(PicodollarSum(cost)))
            return (question, 0)
        }
        let outputMax = try outputMax(of: wish, in: chain, at: now)
        let prefix = try await cachedPrefix(of: wish, in: chain, at: now)
        let credited = min(prefix?.tokens ?? 0, wish.usage[.inputTokens] ?? 0)
        var expected: Int64?
        if chain.contains(where: { $0.budget.definition.hold.mode == .expected }) {
            let (all, overflows) = try await expectedOutput(of: wish, at: now)
                .multipliedReportingOverflow(by: wish.call.choices)
            expected = overflows ? .max : all
        }
        let question = HoldQuestion(
            inputTokens: wish.usage[.inputTokens] ?? 0, outputMax: outputMax,
            choices: wish.call.choices, isStreamed: wish.call.isStreamed ?? false,
            expectedOutput: expected,
            price: price(
                of: wish, credited: credited, isForAnHour: prefix?.isForAnHour ?? false, in: chain,
                at: now))
        return (question, credited)
    }

    /// What an open hold asked, to price what is added to it; nil if the caller chose its money.
    func question(of hold: Hold, in chain: [ChainLink]) -> HoldQuestion? {
        guard !hold.parts.isEmpty, hold.parts.outputTokens != nil else { return nil }
        var wish = HoldWish(
            requestID: hold.requestID.string, dimensions: hold.event.dimensions,
            usage: hold.event.usage, cost: nil)
        wish.call = HoldCall(of: hold)
        let credited = hold.event.detail?["credited"].flatMap { Int64($0.string) } ?? 0
        return HoldQuestion(
            inputTokens: wish.usage[.inputTokens] ?? 0, outputMax: nil,
            choices: wish.call.choices, isStreamed: true,
            price: price(
                of: wish, credited: credited, isForAnHour: false, in: chain,
                at: hold.event.occurredAt))
    }

    /// The price of a usage, once for each request; none where no budget needs to know it.
    func amounts(
        of wish: HoldWish, in chain: [ChainLink], at now: Timestamp
    ) throws -> Amounts {
        var usage = wish.usage
        if let output = wish.outputTold {
            usage[.outputTokens] = min(
                output.multipliedReportingOverflow(by: wish.call.choices).partialValue,
                Usage.countMax)
        }
        var amounts = Amounts(tokens: Amounts.tokens(of: usage), requests: 1)
        amounts.cost = try money(wish.cost, usage, wish.dimensions, in: chain, at: now)
        return amounts
    }

    /// The given money, or the price of a usage; none where no budget needs to know it.
    func money(
        _ given: Picodollars?, _ usage: Usage, _ dimensions: Dimensions, in chain: [ChainLink],
        at now: Timestamp
    ) throws -> PicodollarSum {
        if let given { return PicodollarSum(given) }
        return try known(price(of: usage, dimensions, at: now), dimensions, in: chain)
    }

    /// A price that budgets need to know.
    private func known(
        _ price: Picodollars?, _ dimensions: Dimensions, in chain: [ChainLink]
    ) throws -> PicodollarSum {
        if let price { return PicodollarSum(price) }
        if let budget = chain.first(where: { $0.isInForce && $0.budget.needsPrice })?.budget {
            throw HoldInvalid.noPrice(
                model: dimensions[.model]?.string ?? "", budget: budget.definition.name)
        }
        return .zero
    }

    private func price(
        of usage: Usage, _ dimensions: Dimensions, at now: Timestamp
    ) throws -> Picodollars? {
        try prices.price(of: usage, dimensions, at: now)
    }

    private func ceiling(
        of bounds: UsageBounds, _ dimensions: Dimensions, at now: Timestamp
    ) throws -> Picodollars? {
        let rating = try prices.withRater { rater in
            try rater.ceiling(
                bounds, provider: dimensions[.provider], model: dimensions[.model] ?? "",
                serviceTier: dimensions[.serviceTier], region: dimensions[.region], at: now)
        }
        guard case .priced(let amount) = rating else { return nil }
        return amount
    }

    /// The price of a call with some output tokens, by mode.
    private func price(
        of wish: HoldWish, credited: Int64, isForAnHour: Bool, in chain: [ChainLink],
        at now: Timestamp
    ) -> HoldQuestion.Price {
        let says = wish.call.isStreamed != nil
        return .of { mode, output in
            var usage = wish.usage
            if output > 0 || usage.has(.outputTokens) {
                usage[.outputTokens] = min(output, Usage.countMax)
            }
            let price: Picodollars?
            if mode != .strict, !says {
                price = try self.price(of: usage, wish.dimensions, at: now)
            } else {
                var bounds = UsageBounds(usage)
                if mode != .strict {
                    bounds.cached = credited
                    if isForAnHour, !usage.has(.cacheWriteOneHourInputTokens) {
                        bounds.counts[.cacheWriteOneHourInputTokens] = usage[.inputTokens]
                    }
                }
                price = try self.ceiling(of: bounds, wish.dimensions, at: now)
            }
            return try self.known(price, wish.dimensions, in: chain)
        }
    }

    // MARK: Output

    /// The most output tokens of an answer: what the caller says, but not more than the model can make.
    private func outputMax(
        of wish: HoldWish, in chain: [ChainLink], at now: Timestamp
    ) throws -> Int64? {
        let told = wish.outputTold
        let isStrict = chain.contains { $0.budget.definition.hold.mode == .strict }
        if wish.call.isPlain, !isStrict { return told }
        let model = wish.dimensions[.model]?.string ?? ""
        let own = ContextWindow(model: model)?.output.map { Int64($0) }
        if let known = [told, own].compactMap(\.self).min() { return known }
        // A stream is held slice by slice, so that its end need not be known, and what is expected is known.
        let asking = chain.first { link in
            guard link.isInForce, link.budget.limitsOutput else { return false }
            let mode = link.budget.definition.hold.mode
            return mode == .strict || (mode == .stream && wish.call.isStreamed == false)
        }
        guard let asking, try isOutputPriced(wish, at: now) else { return nil }
        throw HoldInvalid.noOutputMax(model: model, budget: asking.budget.definition.name)
    }

    /// Whether output costs anything: embeddings have none.
    private func isOutputPriced(_ wish: HoldWish, at now: Timestamp) throws -> Bool {
        var usage = wish.usage
        let input = try price(of: usage, wish.dimensions, at: now)
        usage[.outputTokens] = 1_000_000
        guard let input, let both = try price(of: usage, wish.dimensions, at: now) else {
            return false
        }
        return both > input
    }

    /// The output tokens that one answer in a hundred exceeds, by the ledger's own answers.
    private func expectedOutput(of wish: HoldWish, at now: Timestamp) async throws -> Int64 {
        let query = LengthQuery(
            ledger: ledger.id, app: wish.dimensions[.app], feature: wish.dimensions[.feature],
            model: wish.dimensions[.model] ?? "",
            shape: PromptShape(inputTokens: wish.usage[.inputTokens]), at: now)
        if let known = budgets.expectations.known(query, at: now) { return known }
        let predictor = LengthPredictor(try await query.run(on: pool).history)
        let tokens = predictor.holdTokens(risk: HoldRule.expectedRisk)
        budgets.expectations.note(tokens, for: query, at: now)
        return tokens
    }

    // MARK: Cached input

    /// What the provider has cached of the prompt: what the caller says, or what the session's last answer
    /// left behind while its time runs.
    private func cachedPrefix(
        of wish: HoldWish, in chain: [ChainLink], at now: Timestamp
    ) async throws -> CachedPrefix? {
        let counts = chain.contains {
            $0.isInForce && $0.budget.needsPrice && $0.budget.definition.hold.mode != .strict
        }
        guard counts, wish.call.isStreamed != nil else { return nil }
        if let told = wish.usage[.cacheReadInputTokens] {
            return CachedPrefix(tokens: told, at: now, isForAnHour: false)
        }
        guard let key = CachedPrefixes.Key(wish.dimensions) else { return nil }
        if let known = budgets.prefixes.known(key, at: now) { return known }
        let find = FindPrefix(
            ledger: ledger.id, key: key,
            since: now.advanced(byMicroseconds: -CachedPrefix.minutesMax * 60_000_000))
        let found = try await pool.session { try $0.first(find) }
        let prefix = found.flatMap { $0.runs(at: now) ? $0 : nil }
        budgets.prefixes.note(prefix, of: key, at: now)
        return prefix
    }
}

extension Budget {
    /// Whether it must know what a call may cost.
    fileprivate var needsPrice: Bool {
        definition.enforcement == .hard && definition.limits.cost != nil
    }

    /// Whether it must know how long an answer may be.
    fileprivate var limitsOutput: Bool {
        definition.enforcement == .hard
            && (definition.limits.cost != nil || definition.limits.tokens != nil)
    }
}
