import Caching
import LedgerModel
import Pricing
import Resilience
import Routing

/// Puts history to the chooser of the gateway, call by call in the order of their times.
struct RoutingReplayFold: Sendable {
    private let policy: GatewayPolicy
    private let history: ReplayedHistory
    private let past: PastProviders
    private var chooser: RouteChooser
    private var retries = RetryBudget(RetryBudget.Policy())
    private var rater: Rater
    private var order = TimeOrder<RoutedCall>()
    private var running = TimeOrder<RunningCall>(max: .max)
    private var outages: [Name: Outage] = [:]
    private var conversations = RecentKeys<Conversation>()
    private var sums: [RoutingReplayReport.Sums] = []
    private var total = RoutingReplayReport.Sums()
    private var lines: [Name: RoutingReplayReport.Line] = [:]

    /// A call that is under way.
    private struct RunningCall: Sendable {
        let candidate: RouteCandidate
        let request: RoutedRequest
        let outcome: CallOutcome
    }

    /// Where a conversation was answered last, in history and now.
    private struct Conversation: Sendable {
        let then: PastProviders.Place
        let now: PastProviders.Place
        let time: Timestamp
        let input: Int64
    }

    /// Whether a provider fails, as far as history shows.
    private struct Outage: Sendable {
        var failures = 0
        var last: Timestamp

        func isOn(at time: Timestamp) -> Bool {
            failures >= RoutingReplayFold.outageFailures
                && time.microseconds - last.microseconds < RoutingReplayFold.outageMicroseconds
        }
    }

    /// The seed of what is left to chance: always the same, so that a replay can be repeated.
    static let seed: UInt64 = 14
    /// Calls that failed one after the other until a provider counts as failing, and for how long
    /// after the last of them.
    static let outageFailures = 3
    static let outageMicroseconds: Int64 = 600_000_000
    /// How long, and from how many tokens on, a provider's cache is taken to keep a beginning.
    static let cachedMicroseconds: Int64 = 300_000_000
    static let cachedTokensMin: Int64 = 1_024
    /// Groups whose times are kept; of further ones only the sums are.
    static let timedGroupsMax = 4_096

    init(_ policy: GatewayPolicy, _ history: ReplayedHistory, _ past: PastProviders) {
        self.policy = policy
        self.history = history
        self.past = past
        rater = Rater(history.prices)
        var names = Set(past.providers.keys.map(\.string))
        for route in policy.routes {
            names.formUnion(route.providers)
            names.formUnion(route.fallbacks.map(\.provider))
        }
        chooser = RouteChooser(
            names.sorted { Name($0) < Name($1) }.map { RouteProvider(name: $0) }, seed: Self.seed)
    }

    mutating func take(_ call: RoutedCall) throws(ReplayError) {
        guard let next = order.add(call, at: call.time) else { return }
        try play(next)
    }

    // MARK: One call

    private mutating func play(_ call: RoutedCall) throws(ReplayError) {
        while let end = running.earliest, end <= call.time, let ended = running.next() {
            chooser.ended(
                ended.candidate, for: ended.request, ended.outcome, at: Self.moment(end))
        }
        note(call)
        var route = policy.route(for: call.request)
        let isBatch = call.serviceTier == "batch"
        if route.providers.isEmpty || isBatch { route.providers = [call.provider.string] }
        if isBatch { route.fallbacks = [] }
        let costs = route.choice == .cost ? try quotes(call, route) : [:]
        var surroundings = RouteChooser.Surroundings()
        surroundings.cost = { costs[$0] }
        var (tried, waited) = ([RouteCandidate](), Int64(0))
        var answer: Answer?
        retries.deposit()
        while tried.count < route.attemptsMax, tried.isEmpty || retries.withdraw(),
            let (candidate, _) = chooser.choose(
                call.request, route, tried: tried,
                at: Self.moment(call.time.advanced(byMicroseconds: waited)), in: surroundings)
        {
            let start = call.time.advanced(byMicroseconds: waited)
            chooser.began(candidate, for: call.request, at: Self.moment(start))
            let outcome = outcome(of: call, at: candidate, start)
            let latency = outcome.latency?.wholeMicroseconds ?? 0
            if let failure = outcome.failure {
                waited += latency
                tried.append(candidate)
                lines[Name(candidate.provider), default: .init()].failedNow += 1
                chooser.ended(
                    candidate, for: call.request, outcome,
                    at: Self.moment(start.advanced(byMicroseconds: latency)))
                guard failure.mayPass else { break }
            } else {
                _ = running.add(
                    RunningCall(candidate: candidate, request: call.request, outcome: outcome),
                    at: start.advanced(byMicroseconds: latency))
                answer = try answered(call, by: candidate, outcome, after: waited)
                break
            }
        }
        count(call, answer, waited)
    }

    private static func moment(_ time: Timestamp) -> Moment {
        Moment(microseconds: time.microseconds)
    }

    /// What history says of its provider at this time.
    private mutating func note(_ call: RoutedCall) {
        var outage = outages[call.provider] ?? Outage(last: call.time)
        if call.failure?.errorClass.isOfUpstream == true {
            outage.failures += 1
            outage.last = call.time
        } else if call.failure == nil {
            outage.failures = 0
        }
        outages[call.provider] = outage
    }

    /// What the prices in force say that the call would cost with each candidate.
    private mutating func quotes(
        _ call: RoutedCall, _ route: RoutePolicy
    ) throws(ReplayError) -> [RouteCandidate: Double] {
        var quotes: [RouteCandidate: Double] = [:]
        for candidate in chooser.candidates(call.request, route) {
            let place = PastProviders.Place(candidate)
            guard let usage = usage(of: call, at: place),
                let amount = try rate(usage, call, at: place)
            else { continue }
            quotes[candidate] = Double(amount.amount)
        }
        return quotes
    }

    private func outcome(
        of call: RoutedCall, at candidate: RouteCandidate, _ start: Timestamp
    ) -> CallOutcome {
        let (own, place) = (call.place, PastProviders.Place(candidate))
        let isOwn = place.provider == own.provider
        if let failure = call.failure, isOwn || failure.errorClass == .refused {
            var outcome = CallOutcome(failure: failure.errorClass, status: failure.status)
            outcome.latency = .microseconds(
                call.latency ?? past.failureTime(of: place.provider) ?? 0)
            return outcome
        }
        if !isOwn, outages[place.provider]?.isOn(at: start) == true {
            var outcome = CallOutcome(failure: .broken)
            outcome.latency = .microseconds(past.failureTime(of: place.provider) ?? 0)
            return outcome
        }
        var outcome = CallOutcome()
        func time(_ told: Int64?, _ kind: KeyPath<CallTimes, TimeBuckets>) -> Int64? {
            guard call.failure == nil else { return past.time(at: place, kind) }
            return told.map { past.time($0, of: own, at: place, kind) ?? $0 }
        }
        outcome.latency = time(call.latency, \.latency).map { .microseconds($0) }
        outcome.timeToFirstToken = time(call.first, \.first).map { .microseconds($0) }
        if let usage = usage(of: call, at: place) {
            outcome.inputTokens = usage[.inputTokens] ?? 0
            outcome.cachedTokens = usage[.cacheReadInputTokens] ?? 0
            outcome.outputTokens = usage[.outputTokens] ?? 0
        }
        return outcome
    }

    /// How a call ends that is answered.
    private struct Answer {
        let place: PastProviders.Place
        let isFallback: Bool
        let cached: Int64
        let cost: PicodollarSum?
        let latency: Int64?
        let first: Int64?
    }

    private mutating func answered(
        _ call: RoutedCall, by candidate: RouteCandidate, _ outcome: CallOutcome,
        after waited: Int64
    ) throws(ReplayError) -> Answer {
        let place = PastProviders.Place(candidate)
        let usage = usage(of: call, at: place)
        var cost: PicodollarSum?
        if call.failure == nil, place == call.place, usage == call.usage {
            cost = call.cost
        } else if let usage {
            cost = try rate(usage, call, at: place).map { PicodollarSum($0) }
        }
        if call.request.affinity.session != nil, let key = call.conversationKey {
            conversations[key] = Conversation(
                then: call.place, now: place, time: call.time, input: outcome.inputTokens)
        }
        return Answer(
            place: place, isFallback: candidate.isFallback,
            cached: usage?[.cacheReadInputTokens] ?? 0, cost: cost,
            latency: outcome.latency.map { $0.wholeMicroseconds + waited },
            first: outcome.timeToFirstToken.map { $0.wholeMicroseconds + waited })
    }

    private mutating func rate(
        _ usage: Usage, _ call: RoutedCall, at place: PastProviders.Place
    ) throws(ReplayError) -> Picodollars? {
        let isOwn = place.provider == call.provider
        do throws(RatingOverflow) {
            return try rater.rate(
                usage, provider: place.provider, model: place.model,
                serviceTier: isOwn ? call.serviceTier : nil, region: isOwn ? call.region : nil,
                at: call.time
            ).rating.amount
        } catch {
            throw .overflow(request: call.id)
        }
    }

    // MARK: Usage elsewhere

    /// What a call would have used at a place; nil if nothing says.
    private func usage(of call: RoutedCall, at place: PastProviders.Place) -> Usage? {
        guard call.failure == nil else {
            return past.usage(of: call.model) ?? past.usage(of: place.model)
        }
        guard call.request.affinity.session != nil, let key = call.conversationKey,
            let before = conversations[key]
        else { return call.usage }
        let stayedThen = before.then == call.place
        let staysNow = before.now == place
        guard stayedThen != staysNow else { return call.usage }
        return call.usage(
            cached: staysNow ? cachedNow(call, after: before) : 0)
    }

    /// What a conversation finds that stays where history sent it elsewhere.
    private func cachedNow(_ call: RoutedCall, after before: Conversation) -> Int64 {
        let told = call.usage[.cacheReadInputTokens] ?? 0
        let common = min(before.input, call.usage[.inputTokens] ?? 0)
        let isKept =
            call.time.microseconds - before.time.microseconds <= Self.cachedMicroseconds
            && common >= Self.cachedTokensMin
        // Providers cache in steps of 128 tokens.
        return isKept ? max(told, common & ~127) : told
    }

    // MARK: Sums

    private mutating func count(_ call: RoutedCall, _ answer: Answer?, _ waited: Int64) {
        var one = RoutingReplayReport.Sums()
        one.count(call)
        if let answer {
            one.moved = answer.place == call.place ? 0 : 1
            one.fallbacks = answer.isFallback ? 1 : 0
            one.rescued = call.failure == nil ? 0 : 1
            if call.failure == nil { one.cachedNow = answer.cached }
        } else {
            one.failedNow = 1
        }
        // A call counts with money only if both sides have a price, or none has an answer.
        let (then, now) = (
            call.failure == nil ? call.cost : call.cost ?? .zero,
            answer == nil ? .zero : answer?.cost
        )
        if let then, let now {
            (one.costThen, one.costNow) = (then, now)
            lines[call.provider, default: .init()].costThen += then
            if let answer { lines[answer.place.provider, default: .init()].costNow += now }
        } else {
            one.unpriced = 1
        }
        lines[call.provider, default: .init()].requestsThen += 1
        if let answer { lines[answer.place.provider, default: .init()].requestsNow += 1 }
        while sums.count <= call.group { sums.append(.init()) }
        sums[call.group] += one
        total += one
        let isTimed = call.group < Self.timedGroupsMax
        for (told, new, kind) in [
            (call.latency, answer?.latency, \RoutingReplayReport.Sums.latency),
            (call.first, answer?.first, \.first),
        ] {
            if call.failure == nil, let told {
                total[keyPath: kind].then.add(told)
                if isTimed { sums[call.group][keyPath: kind].then.add(told) }
            }
            if let new {
                total[keyPath: kind].now.add(new)
                if isTimed { sums[call.group][keyPath: kind].now.add(new) }
            }
        }
    }

    mutating func report(
        at position: Int64, groups: PastGroups
    ) throws(ReplayError) -> RoutingReplayReport {
        while let call = order.next() { try play(call) }
        let rows = (0..<groups.count).map { number in
            RoutingReplayReport.Row(
                values: groups.values(of: number),
                sums: sums.indices.contains(number) ? sums[number] : .init())
        }
        return RoutingReplayReport(
            history: history, position: position, total: total, rows: rows,
            lines: lines.map { name, line in
                var line = line
                line.provider = name
                return line
            }, late: order.late)
    }
}

extension RoutedCall {
    var place: PastProviders.Place { PastProviders.Place(provider: provider, model: model) }

    var conversationKey: CacheKey? { request.conversation.map { CacheKey($0, 0, 0, 0) } }

    /// The same with another number of tokens from the provider's cache.
    func usage(cached: Int64) -> Usage {
        var changed = usage
        let told = usage[.cacheReadInputTokens] ?? 0
        let written = usage[.cacheWriteInputTokens] ?? 0
        // Where beginnings are written for a price, those that are not found are written again.
        let writes = written > 0 ? max(0, written + told - cached) : written
        let room = max(
            0,
            (usage[.inputTokens] ?? 0) - writes
                - (usage[.cacheWriteOneHourInputTokens] ?? 0))
        changed[.cacheReadInputTokens] = min(cached, room)
        if usage[.cacheWriteInputTokens] != nil { changed[.cacheWriteInputTokens] = writes }
        return changed
    }
}

extension PastProviders.Place {
    fileprivate init(_ candidate: RouteCandidate) {
        self.init(provider: Name(candidate.provider), model: Name(candidate.model))
    }
}
