package import LedgerModel
package import LoadManagement
package import Providers
import Resilience
package import Routing
import Synchronization

/// The gateway: requests to models in, answers out, and a charge for each.
package final class GatewayService: Sendable {
    let policy: GatewayPolicy
    let clients: ProviderClients
    package let load: LoadManager
    let books: RequestBooks
    let keys: IdempotencyKeys
    let savings: SavingStages
    let spans: GatewaySpans
    let expectations: Expectations
    let now: @Sendable () -> Timestamp
    let makeID: @Sendable () -> EventID
    let lists = ModelLists()
    private let alive = UnderWay()
    private let observe: @Sendable (ObservedRequest) -> Void
    private let chance: Mutex<SeededChance>
    private let hedges = Mutex<[Name: RetryBudget]>([:])

    package init(
        policy: GatewayPolicy, clients: ProviderClients, load: LoadManager, books: RequestBooks,
        keys: IdempotencyKeys, savings: SavingStages, expectations: Expectations = Expectations(),
        spans: GatewaySpans = GatewaySpans(sending: nil), seed: UInt64 = 0,
        now: @escaping @Sendable () -> Timestamp, makeID: @escaping @Sendable () -> EventID,
        observe: @escaping @Sendable (ObservedRequest) -> Void = { _ in }
    ) {
        self.policy = policy
        self.clients = clients
        self.load = load
        self.books = books
        self.keys = keys
        self.savings = savings
        self.expectations = expectations
        self.spans = spans
        self.now = now
        self.makeID = makeID
        self.observe = observe
        chance = Mutex(SeededChance(seed: seed))
    }

    /// An id for a new request, by which its event and its answer are known.
    package func newID() -> EventID { makeID() }

    /// Answers a request; an error of our own is an answer too.
    ///
    /// The request lives in a task of its own, which ends its books when the caller has left. If the
    /// task that waits here is cancelled, the caller counts as having left.
    package func answer(_ request: GatewayRequest) async -> GatewayAnswer {
        let pipe = AnswerPipe()
        alive.began()
        let life = Task {
            await live(request, pipe)
            alive.ended()
        }
        pipe.whenLeft { life.cancel() }
        return await pipe.answer() ?? GatewayAnswer(refusing: CancellationError())
    }

    /// Requests that have no charge yet.
    package var underWay: Int { alive.count }

    /// Returns once every request has its charge; nobody must ask any more.
    package func drained() async { await alive.drained() }

    func ended(_ life: RequestLife, _ made: MadeRequest?) {
        guard let end = made?.end else { return }
        spans.record(life.request, life.route, end)
        observe(
            ObservedRequest(
                api: life.request.api, route: life.route.name, end: end, booked: made?.booked,
                overhead: made?.overhead ?? .zero))
    }

    /// A wait between two calls to the same candidate.
    func wait(before retry: Int, _ failure: CallFailure) async throws {
        let time = chance.withLock {
            Backoff().microseconds(before: retry, retryAfter: failure.retryAfter, using: &$0)
        }
        try await Task.sleep(for: .microseconds(time))
    }

    /// Whether a request of a route may be called twice, as its share allows.
    func mayHedge(_ route: RoutePolicy) -> Bool {
        hedges.withLock { $0[route.name]?.withdraw() ?? false }
    }

    /// Notes a request that could be called twice.
    func mightHedge(_ route: RoutePolicy) {
        guard let hedge = route.hedge else { return }
        hedges.withLock { hedges in
            var policy = RetryBudget.Policy()
            (policy.share, policy.start) = (hedge.share, 1)
            hedges[route.name, default: RetryBudget(policy)].deposit()
        }
    }
}

/// What metrics learn of a request.
package struct ObservedRequest: Sendable {
    package let api: GatewayAPI
    package let route: Name
    package let end: RequestEnd
    package let booked: BookedRequest?
    /// What the gateway took of the time.
    package let overhead: Duration
}

/// No provider can answer.
package enum NobodyAnswers: Fault {
    case noProviders
    case noneFor(model: String)
    case unknownProvider(String)

    package var kind: FaultKind {
        switch self {
        case .noProviders: .unavailable(retryAfter: .seconds(30))
        case .noneFor: .notFound
        case .unknownProvider: .invalid
        }
    }

    package var param: String? {
        switch self {
        case .noProviders: nil
        case .noneFor: "model"
        case .unknownProvider: "x-tally-provider"
        }
    }

    package var description: String {
        switch self {
        case .noProviders: "no provider is configured: set providers.file"
        case .noneFor(let model):
            "no provider is there for the model \(model) by this API: see the route's providers and "
                + "providers.yaml"
        case .unknownProvider(let name): "there is no provider \(name): see providers.yaml"
        }
    }
}
