import Logging
import ServiceLifecycle

/// Work that is repeated at an interval; a failure is logged, and the work is tried again.
struct PeriodicService: Service {
    let name: String
    let interval: Duration
    let logger: Logger
    let work: @Sendable () async throws -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await work()
                } catch {
                    // Work that was interrupted by the end of the service did not fail.
                    if Task.isCancelled { return }
                    logger.warning(
                        "periodic work failed",
                        metadata: ["work": "\(name)", "error": "\(error)"])
                }
                try? await Task.sleep(for: interval)
            }
        }
    }
}
