import Foundation
import LedgerModel
import Providers
import Rendering
import Routing

/// What the files of providers and routes say, and whether the providers answer.
struct ProviderChecks {
    let settings: Settings

    /// How long a provider may take to answer.
    private static let answerMax: Duration = .seconds(5)

    func all() async -> [HealthCheck] {
        guard let file = settings.batching.providersFile else {
            return [.ok("providers", "none: the service calls nobody")]
        }
        let providers: [ModelProvider]
        do { providers = try BatchingSettings.read(file) } catch {
            return [.fault("providers", "the file can't be used", "\(error)")]
        }
        let (set, missing) = ProviderSet.load(
            providers, environment: ProcessInfo.processInfo.environment)
        return [keys(set, missing), routes(set)] + (await answers(set))
    }

    private func keys(_ set: ProviderSet, _ missing: [KeyMissing]) -> HealthCheck {
        guard let first = missing.first else {
            let count = set.all.reduce(0) { $0 + $1.keys.count }
            return .ok("provider keys", "\(count) of \(set.all.count) providers are there")
        }
        return .fault(
            "provider keys", "\(missing.count) can't be had: \(first)",
            "set the variable or write the file where the service runs")
    }

    private func routes(_ set: ProviderSet) -> HealthCheck {
        do {
            let policy = try settings.gateway.policy(providers: set)
            guard settings.gateway.file != nil else {
                return .ok("gateway", "no file: every request takes the standard route")
            }
            return .ok(
                "gateway", "\(policy.routes.count) routes, \(policy.limits.count) limits")
        } catch {
            return .fault("gateway", "its file can't be used", "\(error)")
        }
    }

    /// A line for each provider, in the order of the file.
    private func answers(_ set: ProviderSet) async -> [HealthCheck] {
        let clients = ProviderClients(set)
        let answering = await withTaskGroup(of: (String, Bool).self) { group in
            for provider in set.all {
                group.addTask {
                    let client = clients[provider.name]
                    return (
                        provider.name, await client?.isWell(within: Self.answerMax) ?? false
                    )
                }
            }
            return await group.reduce(into: [String: Bool]()) { $0[$1.0] = $1.1 }
        }
        await clients.close()
        return set.all.map { provider in
            let place = "\(provider.name) at \(provider.baseURL)"
            return answering[provider.name] == true
                ? .ok("provider", "\(place) answers")
                : .warning(
                    "provider", "\(place) does not answer, or says that it is not well",
                    "see that this machine reaches it, and what it says of its own state")
        }
    }
}
