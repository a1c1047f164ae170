import Budgets
import EventStore
package import LedgerModel

// More for a call that goes on.

extension BudgetService {
    /// Adds to a hold while the call goes on, such as for the next part of a stream.
    ///
    /// Output tokens are added ahead of the stream: a budget that covers them already adds only the rest. They
    /// cost what they add to the whole call, so that the tier of its input counts.
    ///
    /// - Parameters:
    ///   - step: the caller's number of the extension; the same one again adds nothing.
    ///   - mayLower: whether fewer output tokens are taken, if no more fit.
    /// - Throws: `BudgetRefusal`, which says how many output tokens would still fit.
    package func extend(
        _ requestID: String, by usage: Usage, cost: Picodollars?, step: Int64,
        mayLower: Bool = false, at now: Timestamp
    ) async throws -> HoldAnswer {
        var recalled: Set<Name> = []
        for _ in 0..<Self.triesMax {
            let hold = try await known(requestID)
            let book = try await budgets.book()
            let chain = book.chain(of: hold)
            let more = try more(usage, cost, to: hold, in: chain)
            let id = Hold.extensionID(of: hold.event.id, step: step)
            do {
                let decision = Decision(id: id, on: hold.rows.map(LedgerBudgets.key)) {
                    rows, clock in
                    guard rows.revision == book.revisionBytes else { throw StaleBook() }
                    var states = rows.states(of: hold.rows)
                    guard
                        let (expires, parts) = try more.add(
                            to: hold, in: chain, &states, mayLower, at: clock)
                    else { throw HoldInvalid.notOpen(requestID) }
                    rows.write(states)
                    var event = hold.follower(.budgetHeld, id)
                    event.amount = try parts.most.picodollars
                    event.detail = try Labels(
                        [
                            ("step", Name(String(step))), ("extends", hold.requestID),
                            ("expires", Name(expires.description)),
                        ] + parts.facts)
                    return [event]
                }
                let receipt = try await ledger.append(decision)
                let isNew = if case .appended = receipt.outcomes.first { true } else { false }
                return try await answer(hold, isRepeated: !isNew, at: now)
            } catch is StaleBook {
                try await budgets.reload()
            } catch let due as DueHolds {
                for hold in due.holds { try await expire(hold) }
            } catch let refusal as BudgetRefusal {
                guard try await recallLeases(for: refusal, &recalled, at: now) else {
                    throw refusal
                }
            }
        }
        throw ContendedBudgets()
    }

    private func more(
        _ usage: Usage, _ cost: Picodollars?, to hold: Hold, in chain: [ChainLink]
    ) throws -> More {
        if cost == nil, usage.units == [.outputTokens],
            let question = question(of: hold, in: chain), case .of(let price) = question.price
        {
            return .output(
                usage.value(.outputTokens), input: question.inputTokens, price: price)
        }
        let cost = try money(
            cost, usage, hold.event.dimensions, in: chain, at: hold.event.occurredAt)
        return .amounts(Amounts(cost: cost, tokens: Amounts.tokens(of: usage)))
    }
}

/// What is added to a hold.
private enum More: Sendable {
    /// The same to each budget.
    case amounts(Amounts)
    /// So many output tokens beyond those that every budget covers.
    case output(
        Int64, input: Int64, price: @Sendable (HoldMode, Int64) throws -> PicodollarSum)

    func add(
        to hold: Hold, in chain: [ChainLink], _ rows: inout BudgetRows, _ mayLower: Bool,
        at now: Timestamp
    ) throws -> (expires: Timestamp, added: [HeldPart])? {
        guard case .output(let wanted, let input, let price) = self else {
            guard case .amounts(let amounts) = self else { return nil }
            return try BudgetBook.extend(hold, in: chain, &rows, at: now) { _, _ in
                HeldPart(amounts)
            }
        }
        let open = hold.rows.compactMap { rows[$0]?.hold(hold.event.id) }
        // The output that a row covers is what it holds beyond the input.
        let covered = open.map { $0.amounts.tokens - input }.min() ?? 0
        func part(_ link: ChainLink, _ open: OpenHold, _ output: Int64) throws -> HeldPart {
            let own = open.amounts.tokens - input
            let added = max(0, covered + output - own)
            if added == 0 { return HeldPart(.zero, outputTokens: 0) }
            let mode = link.budget.definition.hold.mode
            let cost = try price(mode, own + added) - price(mode, own)
            return HeldPart(
                Amounts(cost: max(cost, .zero), tokens: added), outputTokens: added)
        }
        do {
            return try BudgetBook.extend(hold, in: chain, &rows, at: now) { link, open in
                try part(link, open, wanted)
            }
        } catch var refusal as BudgetRefusal {
            let most = BudgetBook.extensionThatFits(hold, below: wanted, in: chain, rows, part)
            refusal.outputTokensThatFit = most
            guard mayLower, let most else { throw refusal }
            return try BudgetBook.extend(hold, in: chain, &rows, at: now) { link, open in
                try part(link, open, most)
            }
        }
    }
}
