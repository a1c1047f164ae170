public import FoundationEssentials

/// One request to a model, as the application saw it.
///
/// ```swift
/// tally.record(
///     UsageRecord(
///         provider: "openai", model: "gpt-4o-mini",
///         usage: UsageCounts(inputTokens: 1200, cacheReadInputTokens: 1024, outputTokens: 340),
///         attribution: Attribution(feature: "rerank", user: "u-1"),
///         latency: .milliseconds(812)))
/// ```
///
/// Prompts and answers are not part of it.
public struct UsageRecord: Sendable, Hashable {
    /// How the request ended.
    public enum Result: Sendable, Hashable {
        /// The model answered.
        case completed
        /// The request failed, or broke off; most providers bill what was used until then.
        ///
        /// The text is the reason in a word or two, such as `rate_limit`; at most 512 bytes.
        case failed(String)
    }

    /// The provider that answered, as in the price book: `openai`, `anthropic`, `google`.
    public var provider: String
    /// The model that answered, as named in the answer.
    public var model: String
    /// The usage.
    public var usage: UsageCounts
    /// Who or what it was for.
    public var attribution: Attribution
    /// Whether the request succeeded.
    public var result: Result
    /// When it happened; `nil` means the time of recording.
    public var occurredAt: Date?
    /// From the request to the end of the answer.
    public var latency: Duration?
    /// From the request to the first token of the answer.
    public var timeToFirstToken: Duration?
    /// The operation, such as `chat` or `embeddings`.
    public var operation: String?
    /// The class of service that was bought: `standard`, `batch`, `flex`, `priority`.
    public var serviceTier: String?
    /// The HTTP status of the answer.
    public var status: Int?
    /// Your own identity, for usage that may be recorded twice; with `nil`, one is made.
    public var identity: Identity?
    /// SHA-256 of what decides the answer, as 64 hexadecimal digits: requests with one hash are the
    /// same request, so that a cache's worth can be told from history.
    public var requestHash: String?

    /// An identity that the application chose: the same pair again is a duplicate.
    ///
    /// Leave it out unless the same usage can reach ``TallyClient/TallyClient/record(_:)`` twice,
    /// for example from a queue that redelivers. Each part takes at most 1,024 bytes.
    public struct Identity: Sendable, Hashable {
        /// Who chose the id, such as the name of the application.
        public var source: String
        /// An id that is unique within the source, such as that of the provider's answer.
        public var id: String

        /// An identity within a source.
        public init(source: String, id: String) {
            self.source = source
            self.id = id
        }
    }

    /// A request that a model answered, or failed to answer.
    public init(
        provider: String, model: String, usage: UsageCounts = UsageCounts(),
        attribution: Attribution = Attribution(), result: Result = .completed,
        occurredAt: Date? = nil, latency: Duration? = nil, timeToFirstToken: Duration? = nil,
        operation: String? = nil, serviceTier: String? = nil, status: Int? = nil,
        identity: Identity? = nil, requestHash: String? = nil
    ) {
        self.provider = provider
        self.model = model
        self.usage = usage
        self.attribution = attribution
        self.result = result
        self.occurredAt = occurredAt
        self.latency = latency
        self.timeToFirstToken = timeToFirstToken
        self.operation = operation
        self.serviceTier = serviceTier
        self.status = status
        self.identity = identity
        self.requestHash = requestHash
    }
}

/// What a request was for: the dimensions by which spend is grouped and filtered.
///
/// The client's ``TallyClient/TallyClient/Configuration/defaults`` fill what a record leaves out.
/// Each text takes at most 512 bytes; there are at most 32 labels, with 1,024 bytes in all.
public struct Attribution: Sendable, Hashable {
    /// The application.
    public var app: String?
    /// The team that pays.
    public var team: String?
    /// The project within the team.
    public var project: String?
    /// The environment, such as `production` or `staging`.
    public var environment: String?
    /// The part of the application.
    public var feature: String?
    /// The user, preferably a pseudonym.
    public var user: String?
    /// The conversation or session.
    public var session: String?
    /// The region in which the model ran.
    public var region: String?
    /// The agent, or the run of one, that makes the call.
    public var agent: String?
    /// The run that the agent belongs to; a budget of that run counts the call as well.
    public var parentAgent: String?
    /// Which try of the same work it is.
    public var attempt: String?
    /// Free labels, such as `["experiment": "b"]`.
    public var labels: [String: String]

    /// Sets the given values, and leaves out the rest.
    public init(
        app: String? = nil, team: String? = nil, project: String? = nil,
        environment: String? = nil, feature: String? = nil, user: String? = nil,
        session: String? = nil, region: String? = nil, labels: [String: String] = [:],
        agent: String? = nil, parentAgent: String? = nil, attempt: String? = nil
    ) {
        self.app = app
        self.team = team
        self.project = project
        self.environment = environment
        self.feature = feature
        self.user = user
        self.session = session
        self.region = region
        self.agent = agent
        self.parentAgent = parentAgent
        self.attempt = attempt
        self.labels = labels
    }
}
