package import Resilience

/// How many calls of a provider may be under way, learnt from how its calls end.
///
/// Additive increase, multiplicative decrease (Chiu and Jain, 1989), as TCP has it: a refusal for
/// load, or a time-out, takes a part away, once for all calls that were under way together; each
/// success while the limit is in use adds its share of one. Until the first refusal each success adds
/// a whole one. The gradient (after Netflix's `Gradient2`, 2018) takes away when the time to the
/// first token rises, before anything fails. We differ from it in what the time is compared with; see
/// `FirstTokenTimes`.
package struct ConcurrencyLimit: Sendable {
    package enum Method: String, Hashable, Sendable, CaseIterable { case additive, gradient }

    package struct Policy: Hashable, Sendable {
        package var method = Method.additive
        package var first = 32.0
        package var least = 2.0
        package var most = 4_096.0
        /// What remains of the limit after a refusal.
        package var decrease = 0.75
        /// How far the time to the first token may rise before the gradient takes away.
        package var tolerance = 2.5
        /// The part of a new limit by gradient that is taken over at once.
        package var smoothing = 0.2

        package init(_ method: Method = .additive) {
            self.method = method
        }
    }

    package let policy: Policy
    private var value: Double
    private var isStarting = true
    /// Calls that began before say nothing new.
    private var decreased: Moment?
    private var times = FirstTokenTimes()

    package init(_ policy: Policy = Policy()) {
        self.policy = policy
        value = policy.first
    }

    package var limit: Int { Int(value) }

    /// How a call ended that says something of the provider's load.
    package enum End: Sendable, Equatable {
        /// - Parameter first: the time to the first token.
        case success(first: Duration?)
        /// 429, 529, or no answer in time.
        case overload
    }

    /// A call ended.
    ///
    /// - Parameters:
    ///   - began: when it began.
    ///   - inFlight: calls under way, this one included.
    package mutating func ended(_ end: End, began: Moment, inFlight: Int, at now: Moment) {
        switch end {
        case .overload:
            isStarting = false
            if let decreased, began <= decreased { return }
            decreased = now
            // A limit that is not in use is not what was too much.
            value = max(min(value, Double(inFlight)) * policy.decrease, policy.least)
        case .success(let first):
            let isUsed = 2 * inFlight >= limit
            switch policy.method {
            case .additive:
                if isUsed { value = min(value + (isStarting ? 1 : 1 / value), policy.most) }
            case .gradient:
                guard let first else { return }
                follow(Double(first.wholeMicroseconds), isUsed: isUsed)
            }
        }
    }

    private mutating func follow(_ time: Double, isUsed: Bool) {
        times.add(time)
        guard isUsed, let rise = times.rise else { return }
        let gradient = min(max(policy.tolerance / rise, 0.5), 1)
        if gradient < 1 { isStarting = false }
        let room = isStarting ? value : value.squareRoot()
        let wanted = value * gradient + room
        // Once for each call of a round, so that a round changes the limit once.
        let part = policy.smoothing / max(value, 1)
        value = min(max(value + (wanted - value) * part, policy.least), policy.most)
    }
}

/// How times to the first token compare with those without load.
///
/// Those without load are the least mean of a window of calls, not the mean in the long run: under
/// load that lasts, that would learn the load. It rises slowly, so that a provider that has become
/// slower is believed in the end.
private struct FirstTokenTimes: Sendable {
    private var recent = 0.0
    private var count = 0.0
    private var least: Double?
    private var sinceLeast = 0

    /// Calls of a window.
    private static let window = 20.0
    /// By which the least rises with each window; a doubling in 700 of them.
    private static let drift = 1.001

    /// Microseconds.
    mutating func add(_ time: Double) {
        count = min(count + 1, Self.window)
        recent += (time - recent) / count
        guard count >= Self.window else { return }
        sinceLeast += 1
        if sinceLeast >= Int(Self.window) {
            sinceLeast = 0
            least = least.map { $0 * Self.drift }
        }
        least = min(least ?? recent, recent)
    }

    /// How many times what it is without load; nil until that is known.
    var rise: Double? {
        guard let least, least > 0 else { return nil }
        return recent / least
    }
}
