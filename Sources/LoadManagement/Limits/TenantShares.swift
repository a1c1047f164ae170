import LedgerModel
import Resilience
import Routing

/// What each tenant had of an instance in the last half hour to hour.
///
/// Two halves are kept, as the breaker keeps them: the one that runs and the one before, so that old
/// counts leave without a list of times.
struct TenantShares: Sendable {
    struct Tenant: Hashable, Sendable {
        let ledger: LedgerID
        var team: Name?
        var app: Name?
        var key: Name?
    }

    struct Used: Hashable, Sendable {
        var requests: Int64 = 0
        var tokens: Int64 = 0
        /// The sum of the times for which its requests were in flight.
        var busyMicroseconds: Int64 = 0
        var cost = PicodollarSum.zero

        static func += (a: inout Used, b: Used) {
            a.requests += b.requests
            a.tokens += b.tokens
            a.busyMicroseconds += b.busyMicroseconds
            a.cost = a.cost + b.cost
        }
    }

    private var current: [Tenant: Used] = [:]
    private var previous: [Tenant: Used] = [:]
    private var halfStart: Moment
    private(set) var since: Moment

    static let half: Duration = .seconds(1_800)
    /// Tenants told apart in a half; further ones are counted as one without names.
    static let tenantsMax = 8_192

    init(since now: Moment) {
        halfStart = now
        since = now
    }

    mutating func count(
        _ tenant: Tenant, tokens: Int64, busy: Duration, cost: Picodollars?, at now: Moment
    ) {
        turn(at: now)
        let isKnown = current[tenant] != nil || current.count < Self.tenantsMax
        let counted = isKnown ? tenant : Tenant(ledger: tenant.ledger)
        current[counted, default: Used()] += Used(
            requests: 1, tokens: tokens, busyMicroseconds: busy.wholeMicroseconds,
            cost: cost.map { PicodollarSum($0) } ?? .zero)
    }

    mutating func used(in ledger: LedgerID, at now: Moment) -> [Tenant: Used] {
        turn(at: now)
        return current.merging(previous) { a, b in
            var sum = a
            sum += b
            return sum
        }.filter { $0.key.ledger == ledger }
    }

    private mutating func turn(at now: Moment) {
        let passed = now.microseconds(since: halfStart)
        let half = Self.half.wholeMicroseconds
        guard passed >= half else { return }
        previous = passed < 2 * half ? current : [:]
        since = passed < 2 * half ? halfStart : now
        current = [:]
        halfStart = now
    }
}

extension TenantShares.Tenant {
    init(_ request: RoutedRequest) {
        self.init(
            ledger: request.ledger, team: request.dimensions[.team], app: request.dimensions[.app],
            key: request.dimensions[.apiKey])
    }
}
