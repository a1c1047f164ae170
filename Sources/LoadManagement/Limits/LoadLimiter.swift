import LedgerModel
import Providers
import Resilience
import Routing

/// What is counted to decide who is let in, and who may be called.
final class LoadLimiter: Sendable {
    init(policy: GatewayPolicy, providers: ProviderSet) {}

    func admit(
        _ request: RoutedRequest, _ route: RoutePolicy, at now: Moment
    ) throws(LoadRefusal) -> AdmissionPass {
        AdmissionPass(limits: [])
    }

    func end(_ pass: AdmissionPass, tokens: Int64, kept: RequestTimes, at now: Moment) {}

    func began(_ candidate: RouteCandidate, for request: RoutedRequest, at now: Moment) {}

    func ended(
        _ candidate: RouteCandidate, for request: RoutedRequest, _ outcome: CallOutcome,
        at clock: LoadClock
    ) {}
}
