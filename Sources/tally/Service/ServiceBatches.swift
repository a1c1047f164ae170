import BatchRunner
import Configuration
import Foundation
import LedgerModel
import Logging
import Metrics
import Pricing
import Providers
import ServiceLifecycle

/// Whom a service may ask, and how it keeps batches.
struct BatchingSettings: Sendable {
    /// The file with providers; without it nobody is asked.
    let providersFile: String?
    let batches: BatchSettings

    init(_ reader: ConfigReader) throws {
        providersFile = reader.string(forKey: "tally.providers.file")
        var batches = BatchSettings()
        func duration(_ name: String, in range: ClosedRange<Duration>) throws -> Duration? {
            guard let text = reader.string(forKey: ConfigKey("tally." + name)) else { return nil }
            guard let time = try? PriceRefreshOptions.duration(text), range.contains(time) else {
                throw InputRefused("\(name) is \(text): write 90s, 15m, 12h or 1d")
            }
            return time
        }
        let day = Duration.seconds(86_400)
        batches.kept = try duration("batches.keep", in: day...day * 366) ?? batches.kept
        if let poll = try duration("batches.poll", in: .seconds(1)...day / 24) {
            batches.poll(every: poll)
        }
        batches.singleWait =
            try duration("batches.wait", in: .seconds(1)...day) ?? batches.singleWait
        if let text = reader.string(forKey: "tally.batches.bytes") {
            guard let bytes = BoundSettings.bytes(text), bytes > 0 else {
                throw InputRefused("batches.bytes is \(text): write a size such as 512MB or 10GB")
            }
            batches.bytesMax = Int64(bytes)
        }
        self.batches = batches
    }

    /// The providers with their keys; a key that is missing is told of, and its provider refuses.
    func providers(_ logger: Logger) throws -> ProviderSet {
        guard let providersFile else { return .none }
        let (set, missing) = ProviderSet.load(
            try Self.read(providersFile), environment: ProcessInfo.processInfo.environment)
        for key in missing {
            logger.warning(
                "a provider's key is missing",
                metadata: [
                    "provider": "\(key.provider)", "key": "\(key.key)", "reason": "\(key.reason)",
                ])
        }
        return set
    }

    static func read(_ path: String) throws -> [ModelProvider] {
        let text = try readText(path, "the file of providers")
        do { return try ProviderFile.read(text) } catch {
            throw InputRefused("the file of providers \(path): \(error)")
        }
    }
}

/// Works on the jobs of batches until the service stops, then lets other instances have them.
struct BatchJobService: Service {
    let runner: JobRunner

    init(_ batches: BatchService, logger: Logger) {
        runner = JobRunner(
            batches, instance: makeEventID(), now: { .now },
            report: { trouble in
                switch trouble {
                case .failed(let job, let provider, let error):
                    logger.warning(
                        "a batch job does not go on",
                        metadata: [
                            "job": "\(job)", "provider": "\(provider)", "error": "\(error)",
                        ])
                case .cannotLook(let error):
                    logger.warning("batch jobs can't be read", metadata: ["error": "\(error)"])
                }
            })
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await runner.run() }
    }

    /// Records how many jobs are not done.
    func record(providers: ProviderSet) async throws {
        let open = try await runner.openJobs()
        for provider in providers.all {
            let found = open.first { $0.provider == provider.name }
            let failing = found?.failing ?? 0
            for (state, count) in [("running", (found?.jobs ?? 0) - failing), ("failing", failing)]
            {
                Gauge(
                    label: "tally_batch_jobs",
                    dimensions: [("provider", provider.name), ("state", state)]
                ).record(count)
            }
        }
    }
}
