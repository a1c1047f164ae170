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

    /// What to say of an option that a command does not have; nil for any other error.
    static func unknownOption(
        _ error: any Error, in arguments: [String]
    ) -> (command: any ParsableCommand.Type, error: ValidationError)? {
        let message = Tally.message(for: error)
        guard message.hasPrefix("Unknown option '--"),
            let option = message.split(separator: "'").dropFirst().first.map(String.init)
        else { return nil }
        let command = command(of: arguments)
        let own = options(of: command)
        var text = "\(fullName(command)) has no option \(option)"
        if let meant = Likeness.nearest(to: option, among: own, part: 3) {
            text += ": did you mean \(meant)?"
        } else {
            let others = commands().filter { options(of: $0).contains(option) }
                .map { fullName($0) }
            if (1...3).contains(others.count) {
                text +=
                    ", but \(others.joined(separator: " and ")) \(others.count == 1 ? "has" : "have")"
            }
            let below = command.configuration.subcommands.map(name)
            text +=
                own.isEmpty
                ? "; its commands are \(below.joined(separator: ", "))"
                : "; its own are \(own.joined(separator: ", "))"
        }
        return (command, ValidationError(text))
    }

    /// The command that is called.
    private static func command(of arguments: [String]) -> any ParsableCommand.Type {
        var command: any ParsableCommand.Type = Tally.self
        for word in arguments {
            let known = command.configuration.subcommands
            guard let next = known.first(where: { name($0) == word }) else { break }
            command = next
        }
        return command
    }

    /// Every command that has no subcommands.
    private static func commands(
        below command: any ParsableCommand.Type = Tally.self
    ) -> [any ParsableCommand.Type] {
        let below = command.configuration.subcommands
        return below.isEmpty ? [command] : below.flatMap { commands(below: $0) }
    }

    /// The long options of a command, as its help names them.
    private static func options(of command: any ParsableCommand.Type) -> [String] {
        let lines = Tally.helpMessage(for: command, columns: 200).split(separator: "\n")
        let words = lines.filter { $0.hasPrefix("  -") }.flatMap { line in
            line.split(whereSeparator: { " ,/<".contains($0) }).prefix(4)
        }
        var names: [String] = []
        for word in words where word.hasPrefix("--") && !names.contains(String(word)) {
            names.append(String(word))
        }
        return names.filter { $0 != "--help" && $0 != "--version" }
    }

    private static func path(to command: any ParsableCommand.Type) -> String {
        command == Tally.self ? "" : name(command) + " "
    }

    private static func name(_ command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? command._commandName
    }

    /// A command with those above it: `tally budgets set`.
    private static func fullName(_ command: any ParsableCommand.Type) -> String {
        Tally.usageString(for: command).split(separator: " ")
            .prefix { !"<[".contains($0.prefix(1)) }.joined(separator: " ")
    }

    /// Ends a command that was used wrongly, with its own usage.
    static func exit(_ wrong: ValidationError, in command: any ParsableCommand.Type) -> ExitCode {
        let usage = Tally.usageString(for: command)
        let text = """
            Error: \(wrong.message)
            Usage: \(usage)
              See '\(fullName(command)) --help' for more information.

            """
        FileHandle.standardError.write(Data(text.utf8))
        return ExitCode.validationFailure
    }
}
