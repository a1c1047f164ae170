import ArgumentParser
import Foundation
import Rendering

struct Init: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a configuration file with every setting, commented.",
        discussion: "Use it with --config FILE. A file that exists is left as it is.")

    @OptionGroup var output: OutputOptions
    @Argument(help: "The file to write.") var file = "tally.yaml"

    func execute() throws {
        guard !FileManager.default.fileExists(atPath: file) else {
            throw InputRefused("\(file) exists already: name another file")
        }
        try writeFile(ConfigFile.template, to: file)
        output.show(Done("wrote", file))
    }
}

struct Completions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Completion of commands and options in your shell.",
        subcommands: [Install.self, Print.self])

    /// The shells that complete tally.
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        var script: String {
            switch self {
            case .bash: Tally.completionScript(for: .bash)
            case .zsh: Tally.completionScript(for: .zsh)
            case .fish: Tally.completionScript(for: .fish)
            }
        }

        /// Where the shell looks for it, from the user's folders.
        func path(_ environment: [String: String]) -> String {
            func folder(_ variable: String, _ usual: String) -> String {
                let named = environment[variable, default: ""]
                return named.isEmpty ? environment["HOME", default: "."] + usual : named
            }
            let data = folder("XDG_DATA_HOME", "/.local/share")
            let config = folder("XDG_CONFIG_HOME", "/.config")
            return switch self {
            case .bash: data + "/bash-completion/completions/tally"
            case .zsh: data + "/zsh/site-functions/_tally"
            case .fish: config + "/fish/completions/tally.fish"
            }
        }

        /// What is left to do.
        func remark(_ path: String) -> String {
            switch self {
            case .bash, .fish: "open a new shell to use it"
            case .zsh:
                "add to .zshrc, before compinit: fpath=("
                    + (path as NSString).deletingLastPathComponent + " $fpath)"
            }
        }
    }

    struct Install: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Installs the completion script for a shell.")

        @OptionGroup var output: OutputOptions
        @Argument(help: "bash, zsh or fish.") var shell: Shell

        func execute() throws {
            let path = shell.path(ProcessInfo.processInfo.environment)
            do {
                try FileManager.default.createDirectory(
                    atPath: (path as NSString).deletingLastPathComponent,
                    withIntermediateDirectories: true)
            } catch {
                throw InputRefused("\(path) cannot be written: \(systemReason(of: error))")
            }
            try writeFile(shell.script, to: path)
            output.show(Told(Done("installed", path), "installed \(path): \(shell.remark(path))"))
        }
    }

    struct Print: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the completion script for a shell.")

        @Argument(help: "bash, zsh or fish.") var shell: Shell

        func execute() throws { print(shell.script) }
    }
}
