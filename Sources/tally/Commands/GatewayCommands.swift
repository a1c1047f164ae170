import ArgumentParser
import Foundation
import Providers

struct GatewayCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Whom the service asks for answers; needs no database.",
        subcommands: [Check.self])

    struct Check: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks a file of providers: its form, and that each key is there.",
            discussion: """
                An error names its line and column. Nobody is called, and no key is printed. \
                docs/providers.md describes the file.
                """)

        @Argument(help: "The file, such as providers.yaml.") var file: String

        func execute() throws {
            let (set, missing) = ProviderSet.load(
                try BatchingSettings.read(file),
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
            if !missing.isEmpty { throw ExitCode.checkFailed }
        }
    }
}
