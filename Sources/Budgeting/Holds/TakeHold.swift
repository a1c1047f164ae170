import Budgets
import EventStore
package import LedgerModel
import Synchronization

// Money set aside before a call.

extension BudgetService {
    /// Sets money aside in every budget that counts a request as controls leave it, or in none.
    ///
    /// Of several candidates the first is held for whose budgets have room. Where none fits whole and the
    /// caller takes a shorter answer, it is the first for which any output fits.
    ///
    /// - Throws: `BudgetRefusal` where none has room; `ControlRefusal` where policies refuse all.
    package func hold(_ wish: HoldWish, at now: Timestamp) async throws -> HoldAnswer {
        let alternatives = wish.alternatives
        // Or it could not be settled.
        if alternatives.contains(where: { $0.dimensions[.provider] == nil }) {
            throw HoldInvalid.noProvider
        }
        var refusals: [BudgetRefusal] = []
        var candidates: [RefusedCandidate] = []
        var controlled: [ControlRefusal] = []
        var unpriced: HoldInvalid?
        for isLowered in wish.mayLower ? [false, true] : [false] {
            (refusals, candidates, controlled) = ([], [], [])
            for alternative in alternatives {
                do {
                    var answer = try await control(
                        alternative, of: wish, isLowered, at: now)
                    if !answer.isRepeated { answer.passedOver = candidates }
                    return answer
                } catch let refusal as BudgetRefusal {
                    refusals.append(refusal)
                    candidates.append(RefusedCandidate(alternative, refusal))
                } catch let refusal as ControlRefusal {
                    controlled.append(refusal)
                    candidates.append(RefusedCandidate(alternative, refusal))
                } catch let invalid as HoldInvalid where alternatives.count > 1 && invalid.isOfModel
                {
                    unpriced = unpriced ?? invalid
                    candidates.append(RefusedCandidate(alternative, invalid))
                }
            }
        }
        for refusal in refusals { await count(refusal, at: now) }
        for refusal in controlled { await count(refusal, at: now) }
        if var refusal = refusals.first {
            if alternatives.count > 1 { refusal.candidates = candidates }
            throw refusal
        }
        if let refusal = controlled.first { throw refusal }
        throw unpriced ?? HoldInvalid.noProvider
    }

    /// Holds for one candidate of a wish.
    ///
    /// - Throws: `BudgetRefusal` where a budget has no room, or `ControlsMoved`.
    func take(
        under controls: ControlPlan, of whole: HoldWish, _ isLowered: Bool, at now: Timestamp
    ) async throws -> HoldAnswer {
        let wish = controls.wish
        let identity = Hold.identity(of: wish.requestID)
        let id = identity.eventID(at: now)
        var recalled: Set<Name> = []
        for _ in 0..<Self.triesMax {
            let book = try await budgets.book()
            guard controls.isOf(book) else { throw ControlsMoved() }
            let chain = try book.chain(of: wish.dimensions)
            guard chain.count <= Hold.budgetsMax else {
                throw HoldInvalid.tooManyBudgets(chain.count)
            }
            let (question, credited) = try await question(of: wish, in: chain, at: now)
            let wanted = try question.parts(of: chain)
            let asked = wanted.isEmpty ? [try question.part(under: HoldRule())] : wanted
            if controls.isPlain,
                let answer = try holdFromLeases(
                    wish, asked, credited: credited, in: chain, at: now)
            {
                return answer
            }
            // All that is known before the rows are locked, so that nobody waits for it there.
            let (names, revision) = (chain.map(\.row), book.revisionBytes)
            let callFacts = wish.facts(credited: credited)
            let askedFacts = callFacts + BudgetBook.facts(of: asked, in: chain)
            let plain = {
                var event = Event(id: id, kind: .budgetHeld, occurredAt: now)
                event.externalID = identity
                event.dimensions = wish.dimensions
                event.usage = wish.usage
                return event
            }()
            // What the decision finds, and what it makes.
            let seen = Mutex(BudgetRows())
            let decided = Mutex<(hold: Hold, states: BudgetRows)?>(nil)
            do {
                let receipt = try await ledger.append(
                    Decision(id: id, on: controls.keys(beside: chain)) { rows, clock in
                        guard rows.revision == revision else { throw StaleBook() }
                        let applied = try controls.decide(&rows)
                        var states = rows.states(of: names)
                        var (parts, facts) = (asked, askedFacts)
                        let expires: Timestamp
                        do {
                            expires = try BudgetBook.take(
                                parts, as: id, occurredAt: now, in: chain, &states, at: clock)
                        } catch let refusal as BudgetRefusal {
                            let before = states.mapValues(\.withoutHolds)
                            seen.withLock { $0 = before }
                            guard isLowered,
                                let most = BudgetBook.outputThatFits(
                                    question, occurredAt: now, in: chain, before)
                            else { throw refusal }
                            parts = try question.lowered(to: most).parts(of: chain)
                            facts = callFacts + BudgetBook.facts(of: parts, in: chain)
                            facts.append(("lowered", Name(String(most))))
                            expires = try BudgetBook.take(
                                parts, as: id, occurredAt: now, in: chain, &states, at: clock)
                        }
                        facts.append(("expires", Name(expires.description)))
                        facts += applied.facts(of: wish, asked: controls.asked)
                        var event = plain
                        event.amount = try parts.most.picodollars
                        event.detail = try Labels(facts)
                        rows.write(states)
                        let hold = Hold(event, rows: names, parts: parts, expires: expires)
                        let after = states.mapValues(\.withoutHolds)
                        decided.withLock { $0 = (hold, after) }
                        return [event] + (try applied.events(of: event))
                    })
                guard case .appended = receipt.outcomes.first, let made = decided.withLock({ $0 })
                else { return try await repeated(whole, at: now) }
                let hold = made.hold
                budgets.remember(hold)
                return HoldAnswer(
                    hold: hold, state: .held, isRepeated: false, expires: hold.expires,
                    budgets: statuses(chain, made.states, receipt.head.position, at: now),
                    held: zip(chain, hold.parts).filter { $0.0.isTold }.map(HeldByBudget.init))
            } catch is StaleBook {
                try await budgets.reload()
            } catch let due as DueHolds {
                for hold in due.holds { try await expire(hold) }
            } catch var refusal as BudgetRefusal {
                if try await recallLeases(for: refusal, &recalled, at: now) { continue }
                if try await find(wish.requestID) != nil {
                    return try await repeated(whole, at: now)
                }
                refusal.outputTokensThatFit = BudgetBook.outputThatFits(
                    question, occurredAt: now, in: chain, seen.withLock { $0 })
                throw refusal
            }
        }
        throw ContendedBudgets()
    }

    /// The hold that the ledger has under this name already.
    func repeated(
        _ wish: HoldWish, at now: Timestamp
    ) async throws -> HoldAnswer {
        guard let hold = try await find(wish.requestID) else { throw HoldInvalid.lost }
        // The price may have changed since, what is cached, and the caller's key.
        var asked = hold.asked
        asked.dimensions[.apiKey] = wish.dimensions[.apiKey]
        let isSame =
            asked.usage == wish.usage && asked.call == wish.call
            && wish.alternatives.contains { $0.dimensions == asked.dimensions }
        guard isSame, wish.cost.map({ PicodollarSum($0) == hold.amounts.cost }) ?? true else {
            throw HoldInvalid.otherHold(wish.requestID)
        }
        return try await answer(hold, isRepeated: true, at: now)
    }
}

extension RefusedCandidate {
    fileprivate init(_ wish: HoldWish, _ refusal: BudgetRefusal) {
        self.init(
            provider: wish.dimensions[.provider], model: wish.dimensions[.model],
            budget: refusal.budget, reason: refusal.description,
            outputTokensThatFit: refusal.outputTokensThatFit)
    }

    fileprivate init(_ wish: HoldWish, _ reason: any Fault) {
        self.init(
            provider: wish.dimensions[.provider], model: wish.dimensions[.model], budget: nil,
            reason: reason.description, outputTokensThatFit: nil)
    }
}
