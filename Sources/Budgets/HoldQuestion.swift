package import LedgerModel

/// What one budget holds of a call.
package struct HeldPart: Hashable, Sendable {
    package var amounts: Amounts
    /// The output tokens that it covers; nil where money was held that the caller chose.
    package var outputTokens: Int64?

    package init(_ amounts: Amounts, outputTokens: Int64? = nil) {
        self.amounts = amounts
        self.outputTokens = outputTokens
    }
}

/// What a call asks of the budgets that count it: each takes of it what its mode says.
package struct HoldQuestion: Sendable {
    /// Counted alike in every mode, however it is priced.
    package let inputTokens: Int64
    /// The most output tokens of one of its answers; nil where nobody says and nobody knows.
    package private(set) var outputMax: Int64?
    /// Answers to one prompt.
    package let choices: Int64
    package let isStreamed: Bool
    /// The output tokens of all answers that one call in a hundred exceeds; nil where no budget asks.
    package let expectedOutput: Int64?
    /// The price of the call with some output tokens.
    package let price: Price

    package enum Price: Sendable {
        /// The caller knows better than the price book.
        case given(PicodollarSum)
        /// By mode and output tokens.
        case of(@Sendable (HoldMode, Int64) throws -> PicodollarSum)
    }

    package init(
        inputTokens: Int64, outputMax: Int64?, choices: Int64 = 1, isStreamed: Bool = false,
        expectedOutput: Int64? = nil, price: Price
    ) {
        self.inputTokens = inputTokens
        self.outputMax = outputMax
        self.choices = choices
        self.isStreamed = isStreamed
        self.expectedOutput = expectedOutput
        self.price = price
    }

    /// The most output tokens of all answers together.
    package var allOutput: Int64? { outputMax.map { Self.product($0, choices) } }

    /// The same call with shorter answers.
    package func lowered(to outputMax: Int64) -> HoldQuestion {
        var lowered = self
        lowered.outputMax = min(outputMax, self.outputMax ?? outputMax)
        return lowered
    }

    /// What a budget of this rule holds.
    package func part(under rule: HoldRule) throws -> HeldPart {
        switch price {
        case .given(let cost):
            let tokens = Amounts.saturated(inputTokens, allOutput ?? 0)
            return HeldPart(Amounts(cost: cost, tokens: tokens, requests: 1))
        case .of(let cost):
            let output = outputTokens(under: rule)
            return HeldPart(
                Amounts(
                    cost: try cost(rule.mode, output),
                    tokens: Amounts.saturated(inputTokens, output),
                    requests: 1), outputTokens: output)
        }
    }

    /// What each budget of a chain holds, in its order.
    package func parts(of chain: [ChainLink]) throws -> [HeldPart] {
        try chain.map { try part(under: $0.budget.definition.hold) }
    }

    private func outputTokens(under rule: HoldRule) -> Int64 {
        let all = allOutput ?? .max
        let wanted: Int64 =
            switch rule.mode {
            case .stream: isStreamed ? Self.product(rule.slice, choices) : all
            case .expected: expectedOutput ?? all
            case .strict: all
            }
        let output = min(wanted, all)
        return output == .max ? 0 : output
    }

    private static func product(_ a: Int64, _ b: Int64) -> Int64 {
        let (product, overflows) = a.multipliedReportingOverflow(by: b)
        return overflows ? .max - 1 : product
    }
}

extension BudgetBook {
    /// The most output tokens of one answer of a call that fit into a chain, by bisection; nil if none fit,
    /// or if not output is the reason.
    package static func outputThatFits(
        _ question: HoldQuestion, occurredAt: Timestamp, in chain: [ChainLink], _ rows: BudgetRows
    ) -> Int64? {
        guard case .of = question.price else { return nil }
        func fits(_ output: Int64) -> Bool {
            guard let parts = try? question.lowered(to: output).parts(of: chain) else {
                return false
            }
            return hasRoom(for: parts, occurredAt: occurredAt, in: chain, rows)
        }
        return mostThatFits(below: question.outputMax ?? HoldRule.sliceMax + 1, fits)
    }

    /// The most output tokens that can be added to an open hold; nil if none fit.
    ///
    /// - Parameter part: what a budget adds for some output tokens.
    package static func extensionThatFits(
        _ hold: Hold, below: Int64, in chain: [ChainLink], _ rows: BudgetRows,
        _ part: (ChainLink, OpenHold, Int64) throws -> HeldPart
    ) -> Int64? {
        let open = chain.compactMap { link in
            rows[link.row].flatMap { state in
                state.hold(hold.event.id).map { (link, $0, state.withoutHolds) }
            }
        }
        return mostThatFits(below: below) { output in
            open.allSatisfy { link, open, state in
                guard let more = try? part(link, open, output) else { return false }
                let window = Window(
                    start: open.window, end: link.budget.window(of: open.window).end)
                return link.refusal(of: more.amounts, state, in: window) == nil
            }
        }
    }

    /// The largest count from 1 on, below one that does not fit, that fits.
    static func mostThatFits(below: Int64, _ fits: (Int64) -> Bool) -> Int64? {
        guard below > 1, fits(1) else { return nil }
        var (fitting, above) = (Int64(1), below)
        while above - fitting > 1 {
            let middle = fitting + (above - fitting) / 2
            if fits(middle) { fitting = middle } else { above = middle }
        }
        return fitting
    }
}
