import LedgerModel
package import Resilience

/// Chooses who is asked, and learns from how it ended; a value without clock, lock or network, which
/// the service and replays of history run alike.
///
/// Affinity goes first where several are equally good; the others by the power of two choices
/// (Mitzenmacher, 2001) on calls under way and time to first token.
package struct RouteChooser: Sendable {
    let seats: RouteSeats
    private var loads: [SeatLoad]
    /// One for each provider.
    private var health: [ProviderHealth]
    private var times: [TimeKey: FollowedTime] = [:]
    private var affinity: AffinityTable
    private var chance: SeededChance
    package private(set) var affinityCounts = AffinityCounts()
    /// Whether somebody asks providers for their health, so that no request has to try them first.
    package var asksForHealth = false

    private struct TimeKey: Hashable, Sendable {
        let seat: Int
        let model: String
    }

    /// Keys with their models whose times are followed; those of further ones are not.
    static let timesMax = 4_096

    /// What a choice must know that is not the chooser's.
    package struct Surroundings {
        /// Whether limits leave room for a call.
        package var hasRoom: (RouteCandidate) -> Bool = { _ in true }
        /// What a request would cost, in any unit; nil without a price.
        package var cost: (RouteCandidate) -> Double? = { _ in nil }

        package init() {}
    }

    package init(
        _ providers: [RouteProvider], seed: UInt64, breaker: CircuitBreaker.Policy = .init(),
        conversationsMax: Int? = nil
    ) {
        seats = RouteSeats(providers)
        loads = seats.all.map { _ in SeatLoad() }
        health = providers.map { ProviderHealth(breaker, checkedEvery: $0.checkedEvery) }
        affinity = AffinityTable(entriesMax: conversationsMax ?? AffinityTable.entriesMax)
        chance = SeededChance(seed: seed)
    }

    /// All ways to have a request answered, the first that would be asked first.
    package func candidates(
        _ request: RoutedRequest, _ route: RoutePolicy,
        cost: (RouteCandidate) -> Double? = { _ in nil }
    ) -> [RouteCandidate] {
        ranked(request, route, cost: cost).sorted { $0.rank < $1.rank }.map(\.candidate)
    }

    // MARK: Choosing

    /// The next way to try; nil if there is none left.
    ///
    /// - Parameters:
    ///   - tried: those that failed before, in order.
    ///   - mayRepeat: whether one of those may be tried again if nobody else is left.
    package mutating func choose(
        _ request: RoutedRequest, _ route: RoutePolicy, tried: [RouteCandidate] = [],
        mayRepeat: Bool = true, at now: Moment, in surroundings: Surroundings = .init()
    ) -> (candidate: RouteCandidate, reason: ChoiceReason)? {
        let options = ranked(request, route, cost: surroundings.cost)
        let usable = kindest(
            of: options, tried: tried, mayRepeat: mayRepeat, at: now, surroundings)
        guard let best = usable.map(\.rank).min() else { return nil }
        let tier = usable.filter { $0.rank == best }
        let (chosen, byTier) = pick(tier, request, route, at: now)
        // Somebody should have been asked before, and can't be.
        let isSecond = options.contains { $0.rank < best } || !tried.isEmpty
        let reason: ChoiceReason =
            isSecond ? .fallback : request.provider != nil && tier.count == 1 ? .asked : byTier
        return (chosen.candidate, reason)
    }

    private func ranked(
        _ request: RoutedRequest, _ route: RoutePolicy, cost: (RouteCandidate) -> Double?
    ) -> [RouteOption] {
        var options = seats.options(request, route)
        for index in options.indices where options[index].rank.group < 2 {
            switch route.choice {
            case .order: break
            case .load, .latency, .weights: options[index].rank.value = 0
            case .cost:
                options[index].rank.value =
                    cost(options[index].candidate) ?? .greatestFiniteMagnitude
            case .quality:
                options[index].rank.value =
                    -(route.qualities[options[index].candidate.provider] ?? 0)
            }
        }
        return options
    }

    /// Those that may be asked, of the kindest sort that there is.
    private func kindest(
        of options: [RouteOption], tried: [RouteCandidate], mayRepeat: Bool, at now: Moment,
        _ surroundings: Surroundings
    ) -> [RouteOption] {
        let found = options.map { option in
            standing(of: option, tried: tried, mayRepeat: mayRepeat, at: now)
        }
        for wanted in Standing.allCases where wanted != .out {
            let alike = zip(options, found).filter { option, standing in
                standing == wanted && surroundings.hasRoom(option.candidate)
            }
            if !alike.isEmpty { return alike.map(\.0) }
        }
        return []
    }

    /// How gladly one is asked; those of a later case only if there is none of an earlier one.
    private enum Standing: CaseIterable {
        case ready
        /// Its provider failed this request already, with another key or model.
        case suspect
        /// Its provider was failing, and should be asked for its health first.
        case unproven
        /// It asked to be left alone for a while.
        case paused
        /// It failed this request, perhaps only by chance.
        case tried
        case out
    }

    private func standing(
        of option: RouteOption, tried: [RouteCandidate], mayRepeat: Bool, at now: Moment
    ) -> Standing {
        let seat = seats.all[option.seat]
        let (load, health) = (loads[option.seat], health[seat.provider])
        switch (health.breaker.permission(at: now), load.breaker.permission(at: now)) {
        case (.notBefore, _), (.afterProbe, _), (_, .notBefore), (_, .afterProbe): return .out
        default: break
        }
        if tried.contains(option.candidate) {
            let mayPass = load.lastFailure?.mayPass ?? false
            return mayRepeat && mayPass && !load.isPaused(at: now) ? .tried : .out
        }
        // Only a request that nobody was asked for yet may disturb somebody who wants none.
        if load.isPaused(at: now) { return tried.isEmpty ? .paused : .out }
        if asksForHealth, health.isChecked, health.breaker.opensAgain != nil { return .unproven }
        let isSuspect = tried.contains { failed in
            failed.provider == option.candidate.provider
                && seats.seat(of: failed).map { loads[$0].lastFailure?.isOfUpstream ?? false }
                    ?? false
        }
        return isSuspect ? .suspect : .ready
    }

    // MARK: Among equals

    private mutating func pick(
        _ tier: [RouteOption], _ request: RoutedRequest, _ route: RoutePolicy, at now: Moment
    ) -> (RouteOption, ChoiceReason) {
        let key = route.hasAffinity ? AffinityTable.key(of: request) : nil
        let (chosen, reason) = pick(tier, key, route, at: now)
        if let key { affinity.visits(chosen.seat, key, at: now) }
        return (chosen, reason)
    }

    private mutating func pick(
        _ tier: [RouteOption], _ key: UInt64?, _ route: RoutePolicy, at now: Moment
    ) -> (RouteOption, ChoiceReason) {
        guard tier.count > 1 else { return (tier[0], Self.reason(route.choice, among: 1)) }
        if let key { return (pinned(tier, key, route, at: now), .affinity) }
        let reason = Self.reason(route.choice, among: tier.count)
        switch route.choice {
        case .weights: return (drawn(tier, route), reason)
        case .latency:
            let fastest = tier.map { value(of: $0, at: now) }
            let best = fastest.indices.min { fastest[$0] < fastest[$1] } ?? 0
            return (tier[best], reason)
        case .order, .load, .cost, .quality: return (ofTwo(tier, at: now), reason)
        }
    }

    private static func reason(_ choice: RoutePolicy.Choice, among count: Int) -> ChoiceReason {
        switch choice {
        case .order: count > 1 ? .load : .order
        case .load: count > 1 ? .load : .order
        case .cost: .cost
        case .latency: .latency
        case .quality: .quality
        case .weights: .weight
        }
    }

    private func pinned(
        _ tier: [RouteOption], _ key: UInt64, _ route: RoutePolicy, at now: Moment
    ) -> RouteOption {
        if let seat = affinity.seat(of: key, at: now),
            let before = tier.first(where: { $0.seat == seat })
        {
            return before
        }
        var (best, highest) = (tier[0], -Double.infinity)
        for option in tier {
            let score = Rendezvous.score(
                of: seats.all[option.seat].hash, for: key, weight: weight(of: option, tier, route))
            if score > highest { (best, highest) = (option, score) }
        }
        return best
    }

    /// A provider's weight is shared by its keys, in the parts that their limits are of each other.
    private func weight(
        of option: RouteOption, _ tier: [RouteOption], _ route: RoutePolicy
    ) -> Double {
        let seat = seats.all[option.seat]
        let whole =
            route.choice == .weights ? route.weights[option.candidate.provider] ?? 0 : 1
        let mates = tier.filter { seats.all[$0.seat].provider == seat.provider }
        guard mates.count > 1 else { return whole }
        let sum = mates.reduce(0) { $0 + size(of: seats.all[$1.seat].key) }
        let part = sum > 0 ? size(of: seat.key) / sum : 1 / Double(mates.count)
        return route.choice == .weights ? whole * part : Double(mates.count) * part
    }

    private func size(of key: RouteProvider.Key) -> Double {
        Double(key.tokensPerMinute ?? key.requestsPerMinute.map { $0 * 1_000 } ?? 0)
    }

    private mutating func drawn(_ tier: [RouteOption], _ route: RoutePolicy) -> RouteOption {
        let weights = tier.map { weight(of: $0, tier, route) }
        var rest = chance.fraction() * weights.reduce(0, +)
        for (option, weight) in zip(tier, weights) {
            rest -= weight
            if rest < 0 { return option }
        }
        return tier[weights.lastIndex { $0 > 0 } ?? 0]
    }

    /// Of two that are drawn, the one that has less to do for its speed.
    private mutating func ofTwo(_ tier: [RouteOption], at now: Moment) -> RouteOption {
        let first = Int(chance.fraction() * Double(tier.count))
        var second = Int(chance.fraction() * Double(tier.count - 1))
        if second >= first { second += 1 }
        let (a, b) = (tier[first], tier[second])
        return work(of: a, instead: b, at: now) <= work(of: b, instead: a, at: now) ? a : b
    }

    private func work(
        of option: RouteOption, instead other: RouteOption, at now: Moment
    ) -> Double {
        let load = loads[option.seat]
        // Of whom nothing is known yet is taken to be as fast as the other.
        let time = time(of: option, at: now) ?? time(of: other, at: now) ?? 1
        return Double(load.inFlight + 1) * time
            / (1 - load.fill(seats.all[option.seat].key, at: now))
    }

    private func time(of option: RouteOption, at now: Moment) -> Double? {
        times[TimeKey(seat: option.seat, model: option.candidate.model)]?.value(at: now)
    }

    /// The expected time to first token; one that is not known is tried first.
    private func value(of option: RouteOption, at now: Moment) -> Double {
        (time(of: option, at: now) ?? 0) + Double(loads[option.seat].inFlight) * 1e-3
    }

    // MARK: Learning

    /// A call to a candidate begins; it is ended once.
    package mutating func began(
        _ candidate: RouteCandidate, for request: RoutedRequest, at now: Moment
    ) {
        guard let seat = seats.seat(of: candidate) else { return }
        loads[seat].began(tokens: request.tokens, at: now)
        health[seats.all[seat].provider].began(at: now)
    }

    package mutating func ended(
        _ candidate: RouteCandidate, for request: RoutedRequest, _ outcome: CallOutcome,
        at now: Moment
    ) {
        guard let seat = seats.seat(of: candidate) else { return }
        loads[seat].ended(outcome, at: now, using: &chance)
        health[seats.all[seat].provider].ended(outcome, at: now, using: &chance)
        follow(seat, candidate.model, outcome, at: now)
        guard outcome.failure == nil else { return }
        affinityCounts.add(
            AffinityTable.key(of: request).flatMap { affinity.visit(of: $0) }, outcome)
    }

    private mutating func follow(
        _ seat: Int, _ model: String, _ outcome: CallOutcome, at now: Moment
    ) {
        let key = TimeKey(seat: seat, model: model)
        let told = (outcome.timeToFirstToken ?? outcome.latency).map {
            Double($0.wholeMicroseconds)
        }
        if outcome.failure == nil, let told {
            if times[key] != nil {
                times[key]?.observe(told, at: now)
            } else if times.count < Self.timesMax {
                times[key] = FollowedTime(told, at: now)
            }
        } else if outcome.failure?.isOfUpstream == true, let known = times[key]?.value(at: now) {
            // Who fails at once must not look fast.
            times[key]?.observe(max(2 * known, told ?? 0), at: now)
        }
    }

    // MARK: Health

    /// Providers to be asked for their health now; each counts as asked, and is answered once.
    package mutating func dueForHealth(at now: Moment) -> [String] {
        asksForHealth = true
        var due: [String] = []
        for (number, provider) in seats.providers.enumerated()
        where health[number].beginsHealthCheck(at: now) {
            due.append(provider.name)
        }
        return due
    }

    /// The answer to that: one that had failed and is well may be tried by one request, which decides.
    package mutating func checked(_ provider: String, isHealthy: Bool, at now: Moment) {
        guard let number = seats.provider(provider) else { return }
        health[number].checked(isHealthy: isHealthy, at: now, using: &chance)
    }

    /// When the first of the open ones among a request's candidates may be tried; nil if one is not
    /// open.
    package func opensAgain(_ request: RoutedRequest, _ route: RoutePolicy) -> Moment? {
        var first: Moment?
        for option in seats.options(request, route) {
            let breaker = health[seats.all[option.seat].provider].breaker
            let own = loads[option.seat].breaker
            guard let time = breaker.opensAgain ?? own.opensAgain else { return nil }
            first = min(first ?? time, time)
        }
        return first
    }

    /// Conversations whose place is remembered; never more than twice `conversationsMax`.
    package var conversationsKnown: Int { affinity.count }

    /// How each provider and key stands.
    package func standings(at now: Moment) -> [SeatStanding] {
        seats.all.indices.map { index in
            let (seat, load) = (seats.all[index], loads[index])
            return SeatStanding(
                provider: seats.providers[seat.provider].name, key: seat.key.name,
                inFlight: load.inFlight, isClosed: health[seat.provider].breaker.isClosed,
                isKeyClosed: load.breaker.isClosed, isPaused: load.isPaused(at: now),
                openings: health[seat.provider].openings)
        }
    }
}

/// How a provider's key stands.
package struct SeatStanding: Sendable, Equatable {
    package let provider: String
    package let key: String?
    package let inFlight: Int
    /// False while the provider's breaker is open or half open.
    package let isClosed: Bool
    package let isKeyClosed: Bool
    /// It asked to be left alone for a while.
    package let isPaused: Bool
    /// How often the provider's breaker has opened.
    package let openings: Int64
}
