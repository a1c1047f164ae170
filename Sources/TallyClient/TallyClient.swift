package import LedgerModel
public import ServiceLifecycle

/// Records what an application spends on AI, and loses none of it.
///
/// ```swift
/// let tally = try TallyClient(
///     TallyClient.Configuration(
///         url: "http://127.0.0.1:8080", spoolDirectory: "/var/lib/checkout/tally"))
///
/// tally.record(
///     UsageRecord(
///         provider: "openai", model: "gpt-4o-mini",
///         usage: UsageCounts(inputTokens: 1200, outputTokens: 340)))
/// ```
///
/// A record goes to a file before ``record(_:)`` returns, and leaves it when the service has
/// acknowledged it; between the two lies whatever the network, the service and this process do.
/// Every record has an identity from the start, so what is sent twice is booked once.
///
/// A client sends from the moment it is made. End it with ``shutdown(within:)``, or run it as a
/// service of a `ServiceGroup`.
public final class TallyClient: Service {
    private let core: ClientCore

    /// Opens the spool, takes up what an earlier client left in it, and begins to send.
    public convenience init(_ configuration: Configuration) throws(SetupError) {
        try configuration.validate()
        let disk = try FileDisk(directory: configuration.spoolDirectory)
        try self.init(
            configuration, disk: disk, transport: .http(configuration),
            wallClock: { Timestamp.now })
    }

    /// A client whose surroundings are played by somebody else.
    package init(
        _ configuration: Configuration, disk: any SpoolDisk,
        transport: @autoclosure () -> Transport,
        wallClock: @escaping @Sendable () -> Timestamp
    ) throws(SetupError) {
        core = try ClientCore(
            configuration, disk: disk, transport: transport(), wallClock: wallClock)
        core.begin()
    }

    deinit { core.abandon() }

    /// Writes a record to the spool.
    ///
    /// It waits for no network and for nobody's answer; it takes some microseconds, plus the disk's
    /// time under ``Durability/everyRecord``. May be called from any thread and any task.
    ///
    /// - Returns: what was done with it. Whatever is not `recorded` is also logged, counted and
    ///   reported, so the outcome may be ignored.
    @discardableResult
    public func record(_ record: UsageRecord) -> RecordOutcome { core.record(record) }

    /// What the client did, and what it still has to do.
    public var statistics: Statistics { core.statistics }

    /// Takes no more records, sends what waits, and gives the spool directory free.
    ///
    /// - Parameter limit: how long it may send; what is left then stays in the spool, and the next
    ///   client on the directory sends it.
    @discardableResult
    public func shutdown(within limit: Duration = .seconds(10)) async -> Leftovers {
        await core.shutdown(within: limit)
    }

    /// Sends until it is told to stop, then shuts down: the client as a service.
    public func run() async throws {
        // Cancelled instead of told to stop: the same, in a hurry.
        try? await gracefulShutdown()
        await shutdown(within: core.configuration.shutdownTimeMax)
    }
}
