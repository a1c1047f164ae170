package import LedgerModel

/// What `gateway.yaml` says.
package struct GatewayPolicy: Sendable {
    /// The first that covers a request decides; `RoutePolicy.standard` covers the rest.
    package var routes: [RoutePolicy] = []
    package var limits: [LimitPolicy] = []
    package var classes: [ServiceClass] = ServiceClass.standard
    package var scaling: ScalingPolicy?
    package var instance = InstancePolicy()

    package init() {}

    /// What is done with a request: the first route that covers it decides.
    package func route(for request: RoutedRequest) -> RoutePolicy {
        routes.first { $0.filter.covers(request) } ?? .standard
    }
}

extension RequestSelector {
    package func covers(_ request: RoutedRequest) -> Bool {
        if isEmpty { return true }
        return covers(
            path: request.path,
            { $0 == .model ? Name(request.model) : request.dimensions[$0] },
            label: { request.labels?[$0] })
    }
}

/// What is done with the requests that it covers.
package struct RoutePolicy: Sendable {
    package let name: Name
    /// Which requests; what is not given may be anything.
    package var filter = RouteFilter()

    // MARK: Who answers

    /// Names of providers, in order; empty for all that speak the dialect and know the model.
    package var providers: [String] = []
    package var choice = Choice.order
    package var weights: [String: Double] = [:]
    /// From 0 to 1, by provider; of `choice: quality`.
    package var qualities: [String: Double] = [:]
    /// Other models that may answer where nobody else can, in order.
    package var fallbacks: [Fallback] = []
    package var hasAffinity = true
    /// Calls for one request, the first included.
    package var attemptsMax = 3
    package var hedge: Hedge?

    // MARK: The stages

    package var isCached = false
    package var isOptimized: [String] = []
    package var holdsBudgets = true
    package var coalesces = false
    package var schedules = false
    package var mergesEmbeddings = false
    /// Whether streams of OpenAI's older APIs are asked to tell their usage.
    package var asksForUsage = true
    package var durability = Durability.durable
    /// What happens while the database is away.
    package var whenLedgerIsAway = Away.closed
    /// A ping is made after this silence of a stream; nil for none.
    package var ping: Duration? = .seconds(15)

    package enum Choice: String, Sendable, CaseIterable {
        case order, load, cost, latency, quality, weights
    }

    package struct Fallback: Hashable, Sendable {
        package let provider: String
        package let model: String

        package init(provider: String, model: String) {
            self.provider = provider
            self.model = model
        }
    }

    /// A second call is made if the first has said nothing after a time.
    package struct Hedge: Hashable, Sendable {
        package var after: Duration
        /// Of all requests of the route, the share that may be called twice.
        package var share: Double

        package init(after: Duration, share: Double) {
            self.after = after
            self.share = share
        }
    }

    /// Where a charge is before the last byte of its answer leaves.
    package enum Durability: String, Sendable, CaseIterable {
        /// In the ledger.
        case durable
        /// In this instance's spool file, and in the ledger soon after.
        case lease
    }

    package enum Away: String, Sendable, CaseIterable {
        /// Requests are refused.
        case closed
        /// Requests go on without budgets; their charges are kept in the spool.
        case open
    }

    package init(name: Name) {
        self.name = name
    }

    package static let standard = RoutePolicy(name: "standard")
}

/// Which requests a route or a limit is about.
package typealias RouteFilter = RequestSelector

/// How many requests or tokens each of some group may have in a time.
package struct LimitPolicy: Sendable, Hashable {
    package let name: Name
    package var filter = RouteFilter()
    /// A bucket for each value; nil for one bucket.
    package var per: Group?
    package var requestsPerMinute: Int64?
    package var tokensPerMinute: Int64?
    /// What may come at once, as a part of what may come in a minute; nil for a sixth of it.
    package var burst: Double?

    package enum Group: String, Sendable, CaseIterable {
        case key, app, team, user, model, provider, ledger
    }

    package init(name: Name) {
        self.name = name
    }
}

/// A class of requests by how much they matter.
package struct ServiceClass: Sendable, Hashable {
    package let name: Name
    /// Those with less are shed first.
    package var weight: Int
    package var isStandard = false
    /// What its callers were promised; nil for nothing.
    package var goal: Goal?

    package struct Goal: Sendable, Hashable {
        package var timeToFirstToken: Duration?
        package var latency: Duration?
        /// The part of requests that must keep it.
        package var share: Double

        package init(
            timeToFirstToken: Duration? = nil, latency: Duration? = nil, share: Double
        ) {
            self.timeToFirstToken = timeToFirstToken
            self.latency = latency
            self.share = share
        }
    }

    package init(name: Name, weight: Int) {
        self.name = name
        self.weight = weight
    }

    /// The classes of the batcher, by the same names.
    package static let standard: [ServiceClass] = {
        var standard = ServiceClass(name: "standard", weight: 4)
        standard.isStandard = true
        return [
            ServiceClass(name: "interactive", weight: 16), standard,
            ServiceClass(name: "background", weight: 1),
        ]
    }()
}

/// What one instance takes on before it sheds requests, those of the lowest classes first.
package struct InstancePolicy: Sendable, Hashable {
    /// Requests that were let in and have not ended.
    package var inFlightMax = 1_024
    /// Of them, those that no provider works on yet.
    package var waitingMax = 512

    package init() {}

    /// When a request that was shed may come again.
    package static let shedRetryAfter: Duration = .seconds(1)
}

/// When more or fewer instances are wanted.
package struct ScalingPolicy: Sendable, Hashable {
    /// Calls under way that an instance should have.
    package var inFlightTarget: Double = 64
    package var instancesMin = 1
    package var instancesMax = 32
    package var cooldown: Duration = .seconds(300)

    package init() {}
}
