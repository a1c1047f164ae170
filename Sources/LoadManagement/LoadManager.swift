package import Providers
package import Routing
import Synchronization

/// Who may go on, and who is asked: limits, health and load of all providers, shared by all requests
/// of an instance.
package final class LoadManager: Sendable {
    package let policy: GatewayPolicy
    package let providers: ProviderSet
    package let clock: LoadClock
    /// Limits, concurrency and shedding; see `Limits`.
    let limiter: LoadLimiter
    /// Health, load and conversations; see `Choosing`.
    let choosing: Mutex<ChoosingState>
    /// Of routes that choose by cost; without it they choose in their order.
    let price: PriceQuote?

    /// - Parameter seed: of what is left to chance; a printed one in tests.
    package init(
        policy: GatewayPolicy, providers: ProviderSet, clock: LoadClock = .machine,
        seed: UInt64 = .random(in: 0...UInt64.max), price: PriceQuote? = nil
    ) {
        self.policy = policy
        self.providers = providers
        self.clock = clock
        self.price = price
        choosing = Mutex(ChoosingState(providers, seed: seed))
        limiter = LoadLimiter(policy: policy, providers: providers, at: clock.moment())
    }

    /// A call to a candidate begins; it is ended once.
    package func began(_ candidate: RouteCandidate, for request: RoutedRequest) {
        limitCall(began: candidate, for: request)
        chooserNotes(began: candidate, for: request)
    }

    package func ended(
        _ candidate: RouteCandidate, for request: RoutedRequest, _ outcome: CallOutcome
    ) {
        limitCall(ended: candidate, for: request, outcome)
        chooserNotes(ended: candidate, for: request, outcome)
    }
}
