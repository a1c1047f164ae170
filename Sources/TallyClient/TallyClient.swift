package import LedgerModel
public import ServiceLifecycle
package import Spooling

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
/// A record is in a file before ``record(_:)`` returns, and leaves it when the service has
/// acknowledged it, whatever happens in between to the network, the service and this process. Every
/// record has an identity from the start, so a record that is sent twice is booked once.
///
/// A client sends from its creation on. End it with ``shutdown(within:)``, or run it as a service
/// of a `ServiceGroup`.
public final class TallyClient: Service {
    private let core: ClientCore

    /// Opens the spool, including the records of an earlier client, and begins to send.
    public convenience init(_ configuration: Configuration) throws(SetupError) {
        try configuration.validate()
        let disk: FileDisk
        do throws(SpoolUnusable) {
            disk = try FileDisk(directory: configuration.spoolDirectory)
        } catch {
            throw SetupError(error)
        }
        try self.init(
            configuration, disk: disk, transport: .http(configuration),
            wallClock: { Timestamp.now })
    }

    /// Creates a client with a given environment, for tests.
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
    /// It does not wait for the network or an answer; it takes some microseconds, plus the disk's
    /// time under ``Durability/everyRecord``. Call it from any thread and any task.
    ///
    /// - Returns: the outcome. Every outcome but `recorded` is also logged, counted and reported,
    ///   so you may ignore it.
    @discardableResult
    public func record(_ record: UsageRecord) -> RecordOutcome { core.record(record) }

    /// Counts of what the client has done, and of what is waiting.
    public var statistics: Statistics { core.statistics }

    /// Stops accepting records, sends those that wait, and releases the spool directory.
    ///
    /// - Parameter limit: how long it may send; remaining records stay in the spool, and the next
    ///   client on the directory sends them.
    @discardableResult
    public func shutdown(within limit: Duration = .seconds(10)) async -> Leftovers {
        await core.shutdown(within: limit)
    }

    /// Runs the client as a service: sends until it is told to stop, then shuts down.
    public func run() async throws {
        // If cancelled instead of told to stop, do the same at once.
        try? await gracefulShutdown()
        await shutdown(within: core.configuration.shutdownTimeMax)
    }
}
