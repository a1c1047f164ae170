package import Resilience

/// What upstreams said of their limits, by what they count for: a key and a model.
///
/// A reading is true of the moment at which its call was counted. From then on it fills up evenly
/// until it is whole again, and is used up by the calls that began later; so a key is left alone
/// before it is refused, and is asked again as soon as there is room, not only once all is.
package struct LearntLimits: Sendable {
    /// Limits are told for each model, or group of models, of an account.
    package struct Key: Hashable, Sendable {
        package let provider: String
        package let key: String?
        package let model: String

        package init(_ candidate: RouteCandidate) {
            provider = candidate.provider
            key = candidate.key
            model = candidate.model
        }
    }

    fileprivate struct Begun: Sendable {
        let moment: Moment
        let tokens: Int64
    }

    fileprivate struct Known: Sendable {
        var readings: [LimitReading.Measure: (reading: LimitReading, at: Moment)] = [:]
        /// Nobody is to ask before.
        var blocked: Moment?
        /// Denials in a row that didn't say how long they last.
        var denials = 0
        var begun: [Begun] = []
        var lastUsed: Moment
    }

    private var known: [Key: Known] = [:]

    /// Of a key and a model each; models are callers' words.
    package static let knownMax = 4_096
    /// Calls whose beginnings are remembered until a reading that includes them comes.
    static let begunMax = 1_024
    /// After a denial that doesn't say how long it lasts; doubled up to half a minute.
    fileprivate static let denialFirst: Duration = .seconds(1)

    package init() {}

    package var count: Int { known.count }

    /// How long until a call with some tokens fits; nil if it does, or nothing is known.
    package func wait(for key: Key, tokens: Int64, at now: Moment) -> Duration? {
        guard let known = known[key] else { return nil }
        var longest = known.blocked.map { $0.microseconds(since: now) } ?? 0
        for (reading, moment) in known.readings.values {
            let used = known.used(reading.measure, since: moment)
            longest = max(
                longest, reading.wait(for: tokens, used: used, read: moment, at: now))
        }
        return longest > 0 ? .microseconds(longest) : nil
    }

    /// A call begins.
    package mutating func began(_ key: Key, tokens: Int64, at now: Moment) {
        makeRoom(for: key)
        known[key, default: Known(lastUsed: now)].began(tokens: tokens, at: now)
    }

    /// An upstream said something of its limits.
    ///
    /// - Parameters:
    ///   - counted: when the call that it said it to was counted: when it began.
    ///   - now: when it was said.
    package mutating func heard(
        _ readings: [LimitReading], of key: Key, counted: Moment, at now: Moment
    ) {
        guard !readings.isEmpty else { return }
        makeRoom(for: key)
        known[key, default: Known(lastUsed: now)].hear(readings, counted: counted, at: now)
    }

    /// A call ended; a denial keeps others from asking for a time.
    package mutating func ended(
        _ key: Key, isDenied: Bool, retryAfter: Duration?, at now: Moment
    ) {
        guard known[key] != nil || isDenied else { return }
        makeRoom(for: key)
        known[key, default: Known(lastUsed: now)].end(
            isDenied: isDenied, retryAfter: retryAfter, at: now)
    }

    /// Forgets the quarter that was not used for longest, if there are too many; a quarter at once,
    /// so that who invents models does not have all of them looked through each time.
    private mutating func makeRoom(for key: Key) {
        guard known[key] == nil, known.count >= Self.knownMax else { return }
        let oldest = known.sorted { $0.value.lastUsed < $1.value.lastUsed }
        for (key, _) in oldest.prefix(Self.knownMax / 4) { known[key] = nil }
    }
}

extension LearntLimits.Known {
    fileprivate func used(_ measure: LimitReading.Measure, since moment: Moment) -> Int64 {
        begun.reduce(0) { sum, call in
            guard call.moment > moment else { return sum }
            return sum + (measure == .requests ? 1 : call.tokens)
        }
    }

    fileprivate mutating func began(tokens: Int64, at now: Moment) {
        lastUsed = now
        begun.append(.init(moment: now, tokens: tokens))
        if begun.count > LearntLimits.begunMax { begun.removeFirst(begun.count / 2) }
    }

    fileprivate mutating func hear(_ said: [LimitReading], counted: Moment, at now: Moment) {
        lastUsed = now
        for reading in said {
            // Answers overtake each other: what was counted earlier says less.
            if let old = readings[reading.measure], old.at > counted { continue }
            var reading = reading
            // It is told from when it was said, and kept from when the call was counted.
            reading.reset += .microseconds(now.microseconds(since: counted))
            readings[reading.measure] = (reading, counted)
        }
        let oldest = readings.values.map(\.at).min() ?? now
        begun.removeAll { $0.moment <= oldest }
    }

    fileprivate mutating func end(isDenied: Bool, retryAfter: Duration?, at now: Moment) {
        lastUsed = now
        guard isDenied else {
            denials = 0
            return
        }
        let wait =
            retryAfter?.wholeMicroseconds
            ?? LearntLimits.denialFirst.microseconds(doubled: min(denials, 5))
        denials += 1
        let until = now.advanced(
            byMicroseconds: min(wait, CallFailure.retryAfterMax.wholeMicroseconds))
        blocked = max(blocked ?? until, until)
    }
}

extension LimitReading {
    /// Microseconds until a call fits, as far as the limit is known; 0 if it does.
    ///
    /// What the model's cache gives does not count against Anthropic's limits of input and output,
    /// so an estimate says little there: one token is enough.
    fileprivate func wait(
        for tokens: Int64, used: Int64, read: Moment, at now: Moment
    ) -> Int64 {
        let passed = now.microseconds(since: read)
        let whole = reset.wholeMicroseconds
        guard passed < whole else { return 0 }
        let asked = measure == .tokens ? max(tokens, 1) : 1
        let needed = Int128(min(asked, max(limit ?? asked, 1))) + Int128(used)
        let start = Int128(remaining)
        guard needed > start else { return 0 }
        guard let limit, Int128(limit) > start else { return whole - passed }
        // Evenly from what remained to the limit, which it reaches when it is whole.
        let gained = Int128(limit) - start
        let until = ((needed - start) * Int128(whole) + gained - 1) / gained
        return Int64(clamping: min(until, Int128(whole)) - Int128(passed))
    }
}
