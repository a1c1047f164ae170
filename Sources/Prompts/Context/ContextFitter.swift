import Tokenizing

/// Makes a conversation fit a model's window: drops whole exchanges in the order of the policy,
/// keeps what must stay, and counts the result again as the proof.
///
/// Each message is counted separately and tokens add up, so the sum is kept up to date while
/// messages are dropped, and only the finished request is counted again. Estimated counts are
/// checked against the window with the upper end of their band.
package struct ContextFitter: Sendable {
    private let counter: RequestCounter
    private let window: ContextWindow
    private let reserve: Int
    private let policy: ContextPolicy

    /// - Parameter reserve: the tokens that are kept for the answer.
    package init(
        counter: RequestCounter, window: ContextWindow, reserve: Int, policy: ContextPolicy
    ) throws(ContextRefusal) {
        if let most = window.output, reserve > most {
            throw .answerTooLong(reserve: reserve, most: most)
        }
        guard reserve >= 0, window.budget(reserve: reserve) > 0 else {
            throw .noRoom(window: window.tokens, reserve: reserve)
        }
        self.counter = counter
        self.window = window
        self.reserve = reserve
        self.policy = policy
    }

    /// Without a reserve, the limit in the request is kept for the answer, or else 4,096 tokens, or
    /// less if the model's maximum output or a quarter of the window is less.
    package init(
        counter: RequestCounter, window: ContextWindow, reserve: Int?, for request: ChatRequest,
        policy: ContextPolicy
    ) throws(ContextRefusal) {
        let usual = min(
            ContextPolicy.reserveDefault, window.output ?? window.tokens, window.tokens / 4)
        try self.init(
            counter: counter, window: window,
            reserve: reserve ?? request.outputTokensMax ?? usual, policy: policy)
    }

    package func fit(
        _ request: ChatRequest, summarise: Summarising? = nil
    ) throws(ContextRefusal) -> FittedContext {
        let count = counter.count(request)
        var plan = Plan(
            request: request, costs: count.messageBounds,
            fixed: count.upperBound - count.messageBounds.reduce(0, +),
            budget: window.budget(reserve: reserve))
        try protect(&plan)
        if plan.excess > 0 {
            // A summary must not take most of the space of the messages that it replaces.
            if summarise != nil { plan.allowance = min(policy.summaryTokensMax, plan.budget / 4) }
            drop(&plan)
            try cut(&plan)
        }
        return try finish(plan, tokensBefore: count.tokens, summarise)
    }

    // MARK: Steps

    private func protect(_ plan: inout Plan) throws(ContextRefusal) {
        let messages = plan.request.messages
        let apart = plan.request.apartCount
        let listed = messages.count - apart
        for number in policy.pinned.union(policy.priorities.keys).sorted()
        where !(0..<listed).contains(number) {
            throw .noSuchMessage(number, count: listed)
        }
        for unit in ToolExchanges.units(of: messages) {
            let stays = unit.contains { index in
                messages[index].role == .system || policy.pinned.contains(index - apart)
                    || index >= messages.count - policy.keepLast
            }
            let priority = unit.map { policy.priorities[$0 - apart] ?? 0 }.max() ?? 0
            plan.units.append(Plan.Unit(range: unit, stays: stays, priority: priority))
        }
    }

    private func drop(_ plan: inout Plan) {
        var order = plan.units.indices.filter { !plan.units[$0].stays }
        if policy.order == .lowestPriorityFirst {
            order.sort { a, b in
                (plan.units[a].priority, a) < (plan.units[b].priority, b)
            }
        }
        for index in order where plan.excess > 0 { plan.drop(index) }
        dropAnswersWithoutQuestion(&plan)
    }

    /// Drops an answer at the beginning whose question was dropped: Anthropic and Gemini refuse a
    /// conversation that begins with one.
    private func dropAnswersWithoutQuestion(_ plan: inout Plan) {
        let messages = plan.request.messages
        for index in plan.units.indices where !plan.units[index].isDropped {
            let first = messages[plan.units[index].range.lowerBound].role
            if first == .system { continue }
            let lostQuestion = index > 0 && plan.units[index - 1].isDropped
            guard first != .user, lostQuestion, !plan.units[index].stays else { return }
            plan.drop(index)
        }
    }

    /// Cuts texts, the longest first; never those of the system or of pinned messages.
    private func cut(_ plan: inout Plan) throws(ContextRefusal) {
        let apart = plan.request.apartCount
        var candidates = plan.keptIndices.filter { index in
            policy.cutsTexts && plan.request.messages[index].role != .system
                && !policy.pinned.contains(index - apart)
        }
        candidates.sort { (plan.costs[$0], $0) < (plan.costs[$1], $1) }
        while plan.excess > 0 {
            guard let candidate = candidates.popLast() else {
                throw .tooLarge(
                    needed: plan.total, budget: plan.budget, messages: plan.keptIndices.count)
            }
            cutLongestText(of: candidate, &plan)
        }
    }

    private func cutLongestText(of index: Int, _ plan: inout Plan) {
        let message = plan.request.messages[index]
        let texts = message.texts
        guard let longest = texts.max(by: { $0.utf8.count < $1.utf8.count }) else { return }
        let before = counter.counter.count(longest)
        // The band is added to the counter's result.
        let excess = Int((Double(plan.excess) / (1 + counter.textBand)).rounded(.up))
        let limit = before - excess - (counter.counter.exactness == .exact ? 0 : 1)
        // If one text is not enough, its beginning stays and the next one is cut too.
        let least = min(before - 1, ContextPolicy.cutTokensMin)
        guard let shorter = TextCut.cut(longest, to: max(limit, least), counter.counter),
            let cut = message.replacingTexts([(longest, shorter)])
        else { return }
        plan.request.messages[index] = cut
        let count = counter.count(plan.request.messages[index])
        plan.cuts.append(
            .init(
                message: index - plan.request.apartCount,
                tokensBefore: counter.count(message).tokens, tokensAfter: count.tokens))
        plan.setCost(count.upperBound, at: index)
    }

    private func finish(
        _ plan: Plan, tokensBefore: Int, _ summarise: Summarising?
    ) throws(ContextRefusal) -> FittedContext {
        let messages = plan.request.messages
        let apart = plan.request.apartCount
        let kept = plan.keptIndices
        var left = kept.map { messages[$0] }
        var summary: String?
        if let first = plan.droppedIndices.first, let summarise {
            summary = summarise(plan.droppedIndices.map { messages[$0] }).flatMap { text in
                fittingSummary(text, plan)
            }
            if let summary {
                let place = kept.firstIndex { $0 > first } ?? kept.count
                left.insert(plan.request.note(summary), at: place)
            }
        }
        let request =
            plan.isUnchanged ? plan.request : plan.request.replacing(messages: left)
        let proof = FittedContext.Proof(
            window: window, reserve: reserve, count: counter.count(request),
            tokensBefore: tokensBefore)
        guard proof.holds else {
            throw .tooLarge(
                needed: proof.count.upperBound, budget: proof.budget, messages: kept.count)
        }
        return FittedContext(
            request: request, kept: kept.filter { $0 >= apart }.map { $0 - apart },
            dropped: plan.droppedIndices.map { $0 - apart }, cuts: plan.cuts, summary: summary,
            proof: proof)
    }

    /// The summary, cut to the tokens reserved for it; nil if nothing of it fits.
    private func fittingSummary(_ text: String, _ plan: Plan) -> String? {
        func bound(_ text: String) -> Int {
            counter.count(plan.request.note(text)).upperBound
        }
        let room = plan.budget - (plan.total - plan.allowance)
        if bound(text) <= min(room, policy.summaryTokensMax) { return text }
        let around = bound("")
        let limit = Double(min(room, policy.summaryTokensMax) - around) / (1 + counter.textBand)
        guard let shorter = TextCut.cut(text, to: Int(limit.rounded(.down)) - 1, counter.counter),
            bound(shorter) <= min(room, policy.summaryTokensMax)
        else { return nil }
        return shorter
    }
}

/// The state while messages are dropped.
private struct Plan {
    struct Unit {
        let range: Range<Int>
        let stays: Bool
        let priority: Int
        var isDropped = false
    }

    var request: ChatRequest
    /// Upper bounds, by message.
    private(set) var costs: [Int]
    let budget: Int
    var units: [Unit] = []
    /// The tokens that are kept free for a summary.
    var allowance = 0
    var cuts: [FittedContext.Cut] = []
    private var kept: Int

    /// - Parameter fixed: the upper bound for everything but the messages.
    init(request: ChatRequest, costs: [Int], fixed: Int, budget: Int) {
        self.request = request
        self.costs = costs
        self.budget = budget
        kept = costs.reduce(fixed, +)
    }

    var total: Int { kept + allowance }
    var excess: Int { total - budget }
    var keptIndices: [Int] { units.filter { !$0.isDropped }.flatMap { Array($0.range) } }
    var droppedIndices: [Int] { units.filter(\.isDropped).flatMap { Array($0.range) } }
    var isUnchanged: Bool { cuts.isEmpty && !units.contains(where: \.isDropped) }

    mutating func drop(_ index: Int) {
        units[index].isDropped = true
        for message in units[index].range { kept -= costs[message] }
    }

    mutating func setCost(_ cost: Int, at index: Int) {
        kept += cost - costs[index]
        costs[index] = cost
    }
}
