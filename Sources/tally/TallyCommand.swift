import Access
import ArgumentParser
import Audit
import EventReading
import EventStore
import Experimenting
import Experiments
import Foundation
import Postgres
import PriceBooks
import Pricing
import Replay
import Runs

/// A subcommand: its errors become one sentence and an exit code.
protocol TallyCommand: AsyncParsableCommand {
    func execute() async throws
}

extension TallyCommand {
    func run() async throws {
        do {
            try await execute()
        } catch let exit as ExitCode {
            throw exit
        } catch let wrong as ValidationError {
            throw wrong
        } catch {
            printError("\(error)")
            throw TallyExit.code(of: error)
        }
    }
}

/// The exit codes that scripts rely on.
enum TallyExit {
    static let checkFailed = ExitCode(1)
    static let inputRejected = ExitCode(65)
    static let databaseUnreachable = ExitCode(69)
    static let internalError = ExitCode(70)
    /// What shells answer for a program that SIGINT ended.
    static let interrupted = ExitCode(130)

    static func code(of error: any Error) -> ExitCode {
        switch error {
        case is EmbeddedServerError: return databaseUnreachable
        case let error as PostgresError
        where error.code == .connectionFailed
            || error.isConnectionGone || error.code == .poolExhausted:
            return databaseUnreachable
        case AppendError.unavailable, AuditRefusal.unavailable: return databaseUnreachable
        case ImportFault.mapping: return ExitCode.validationFailure
        case is ImportFault, is InputRefused, is BodyFault, is PriceFileError,
            is InvalidLedgerName, is RefreshFailure, is ProposalRefusal, is ExplanationRefusal:
            return inputRejected
        case is ReplayError, is InvalidScenarioName, is ScenarioExists, is TooManyScenarios,
            is RunRefusal:
            return inputRejected
        case is ExperimentRefusal, is ContendedExperiment: return inputRejected
        case is Interrupted: return interrupted
        default: return internalError
        }
    }
}

/// Input that a command cannot work with; the text says what to do.
struct InputRefused: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

func printError(_ text: String) {
    FileHandle.standardError.write(Data("tally: \(text)\n".utf8))
}
