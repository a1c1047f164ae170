import ArgumentParser
import Foundation
import LedgerModel
import Pricing
import Providers
import Rendering
import Routing

struct GatewayCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Whom the service asks for answers; needs no database.",
        subcommands: [Check.self])

    struct Check: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks files of the gateway: their form, names, and that each key is there.",
            discussion: """
                providers.yaml and gateway.yaml are known by their content; given both, the \
                providers that routes name must exist. An error names its line and column. Nobody \
                is called, and no key is printed. docs/providers.md and docs/gateway-policy.md \
                describe the files.
                """)

        @Argument(help: "The files, such as providers.yaml gateway.yaml.") var files: [String]

        func execute() throws {
            let texts = try files.map { (path: $0, text: try readText($0, "a file")) }
            let policies = texts.filter { GatewayFile.isOne($0.text) }
            let providers = texts.filter { !GatewayFile.isOne($0.text) }
            guard policies.count <= 1, providers.count <= 1 else {
                throw ValidationError("give one file of providers and one gateway.yaml at most")
            }
            let set = try providers.first.map { try checkProviders($0.path) }
            let names = set.map { set in set.set.all.map(\.name) }
            if let (path, text) = policies.first { try checkPolicy(path, text, names) }
            if set?.missing.isEmpty == false { throw ExitCode.checkFailed }
        }

        private func checkProviders(
            _ path: String
        ) throws -> (set: ProviderSet, missing: [KeyMissing]) {
            let (set, missing) = ProviderSet.load(
                try BatchingSettings.read(path),
                environment: ProcessInfo.processInfo.environment)
            for provider in set.all {
                print(
                    """
                    \(provider.name): \(provider.kind.rawValue) at \(provider.baseURL), \
                    \(provider.keys.count) keys, \(provider.aliases.count) aliases, prices of \
                    \(provider.prices), \(provider.hasBatches ? "with" : "without") batches
                    """)
            }
            for key in missing { printError("\(key)") }
            return (set, missing)
        }

        private func checkPolicy(_ path: String, _ text: String, _ names: [String]?) throws {
            let policy: GatewayPolicy
            do { policy = try GatewayFile.read(text, providers: names) } catch {
                throw InputRefused("the policy of the gateway \(path): \(error)")
            }
            for route in policy.routes {
                let who =
                    route.providers.isEmpty
                    ? "whoever knows the model" : route.providers.joined(separator: ", ")
                let others = route.fallbacks.map { "\($0.provider)/\($0.model)" }
                print(
                    "route \(route.name): \(who), by \(route.choice.rawValue)"
                        + (others.isEmpty ? "" : ", then \(others.joined(separator: ", "))"))
            }
            for limit in policy.limits {
                print("limit \(limit.name): \(Self.words(limit))")
            }
            print("classes: \(policy.classes.map(\.name.string).joined(separator: ", "))")
        }

        private static func words(_ limit: LimitPolicy) -> String {
            var parts: [String] = []
            if let count = limit.requestsPerMinute { parts.append("\(count) requests a minute") }
            if let count = limit.tokensPerMinute { parts.append("\(count) tokens a minute") }
            return parts.joined(separator: " and ")
                + (limit.per.map { " per \($0.rawValue)" } ?? "")
        }
    }
}
