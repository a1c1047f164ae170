import ArgumentParser
import Foundation
import LedgerModel

/// Wrong words on the command line: what they were probably meant to be, and how the command is
/// used.
enum CommandLineWords {
    /// A word that is no command where one is expected.
    struct Unknown {
        /// The command that has no such subcommand.
        let parent: any ParsableCommand.Type
        let error: ValidationError
    }

    /// The first unknown command, with the one that was probably meant; nil if all are known.
    static func unknownCommand(in arguments: [String]) -> Unknown? {
        var command: any ParsableCommand.Type = Tally.self
        for word in arguments {
            let known = command.configuration.subcommands
            if known.isEmpty || word.hasPrefix("-") || word == "help" { return nil }
            let names = known.map(name)
            guard let index = names.firstIndex(of: word) else {
                let error = ValidationError(
                    "there is no command \(path(to: command))\(word)"
                        + Likeness.question(word, among: names, part: 2))
                return Unknown(parent: command, error: error)
            }
            command = known[index]
        }
        return nil
    }

    private static func path(to command: any ParsableCommand.Type) -> String {
        command == Tally.self ? "" : name(command) + " "
    }

    private static func name(_ command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? command._commandName
    }

    /// Ends a command that was used wrongly, with its own usage.
    static func exit(_ wrong: ValidationError, in command: any ParsableCommand.Type) -> ExitCode {
        let usage = Tally.usageString(for: command)
        let name = usage.split(separator: " ").prefix { !"<[".contains($0.prefix(1)) }
        let text = """
            Error: \(wrong.message)
            Usage: \(usage)
              See '\(name.joined(separator: " ")) --help' for more information.

            """
        FileHandle.standardError.write(Data(text.utf8))
        return ExitCode.validationFailure
    }
}
