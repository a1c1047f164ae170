import ArgumentParser
import ReadModels

/// The `tally` program: `main` and the list of its subcommands.
@main
struct Tally: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tally",
        abstract: "An event-sourced ledger of AI spend.",
        discussion: """
            Without a database URL, tally uses its own PostgreSQL in the data directory: a command \
            starts the server if none is running there, and the last one stops it.

            Exit codes: 0 success, 1 a check failed, 64 wrong usage, 65 input was rejected, 69 the \
            database cannot be reached, 70 an internal error.
            """,
        version: "0.1.0",
        subcommands: [
            Serve.self, Migrate.self, Backup.self, Restore.self, Import.self, ExportEvents.self,
            Verify.self,
            MakeCheckpoint.self, Prove.self, Rebuild.self, Status.self, Load.self, Doctor.self,
            SubscriptionCommands.self, QuarantineCommands.self, Prices.self, RerateHistory.self,
            Reconcile.self,
            ReplayHistory.self,
            SpendCommand.self, CacheCommands.self, BatchCommands.self, SQL.self,
            Tail.self, TokenCommands.self, Estimate.self,
            Advise.self, Recommend.self, PromptCacheCommand.self, PerformanceCommands.self,
            ExperimentCommands.self, BudgetCommands.self, ControlCommands.self, AlertCommands.self,
            Keys.self,
            AuditLoginCommands.self,
            Ledgers.self,
            Rejections.self, GatewayCommands.self, Upstream.self, Init.self, Completions.self,
            Bench.self,
        ] + commandsByDay)

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let unknown = CommandLineWords.unknownCommand(in: arguments) {
            exit(withError: CommandLineWords.exit(unknown.error, in: unknown.parent))
        }
        do {
            var command = try parseAsRoot(arguments)
            ProcessArguments.hideDatabaseURL()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            if let unknown = CommandLineWords.unknownOption(error, in: arguments) {
                exit(withError: CommandLineWords.exit(unknown.error, in: unknown.command))
            }
            exit(withError: error)
        }
    }
}
