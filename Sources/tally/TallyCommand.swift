import ArgumentParser
import Foundation
import LedgerModel
import Rendering

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
            throw CommandLineWords.exit(wrong, in: Self.self)
        } catch let interrupted as Interrupted {
            printError("\(interrupted)")
            throw Interrupted.exitCode
        } catch {
            printError("\(error)")
            throw ExitCode(ExitStatus(of: error).rawValue)
        }
    }
}

extension ExitCode {
    static let checkFailed = ExitCode(ExitStatus.checkFailed.rawValue)
    static let inputRejected = ExitCode(ExitStatus.inputRejected.rawValue)
}

/// Input that a command cannot use; the text says what to do.
struct InputRefused: Fault {
    let description: String
    var kind: FaultKind { .invalid }

    init(_ description: String) {
        self.description = description
    }
}

func printError(_ text: String) {
    FileHandle.standardError.write(Data("tally: \(visibleLines(text))\n".utf8))
}

/// Prints lines for programs; on a terminal without what would disturb it.
private func printLines(_ text: String) {
    print(isatty(STDOUT_FILENO) == 1 ? visibleLines(text) : text, terminator: "")
}

/// The options of every command with a result: `--json` and `--exact`.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the result as JSON.") var json = false
    @Flag(help: "In tables, print money with all of its digits instead of rounded.")
    var exact = false

    /// Prints a result for people, or for programs.
    ///
    /// - Parameter folds: whether each row of a table is a block, however narrow it is.
    func show(_ result: some Reportable, folds: Bool = false) {
        var style = style
        if folds { style.folding = .always }
        if json { return printLines(result.json + "\n") }
        print(result.report.text(style), terminator: "")
    }

    /// How people read it on standard output.
    var style: TextStyle {
        var style = TextStyle.ofOutput
        style.isExact = exact
        return style
    }

    /// Prints a result, and writes its page if requested.
    func show(_ result: some Reportable, page path: String?) throws {
        if let path {
            try writeFile(result.report.html, to: path)
            if !json { print("report written to \(path)") }
        }
        show(result)
    }
}

/// The options `--json` and `--csv` of commands whose result is one table.
struct CSVOptions: ParsableArguments {
    @OptionGroup var output: OutputOptions
    @Flag(help: "Print comma-separated values.") var csv = false

    /// - Parameter folds: whether each row is a block, however narrow it is.
    func show(_ result: some Reportable, folds: Bool = false) {
        guard csv, !output.json, let table = result.report.table else {
            return output.show(result, folds: folds)
        }
        printLines(table.csv(endingLinesWith: "\n"))
    }
}

extension TextStyle {
    /// On a terminal in colours, unless NO_COLOR is set, and no wider than the terminal.
    static var ofOutput: TextStyle {
        var style = TextStyle()
        guard isatty(STDOUT_FILENO) == 1 else { return style }
        let environment = ProcessInfo.processInfo.environment
        style.hasColors =
            environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            style.folding = .above(columns: Int(size.ws_col))
        }
        return style
    }
}

/// Replaces a file as a whole, so that a crash leaves the old one.
func writeFile(_ text: String, to path: String) throws {
    do {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
        throw InputRefused("\(path) cannot be written: \(systemReason(of: error))")
    }
}

/// What the system said of a file: `No such file or directory`.
func systemReason(of error: any Error) -> String {
    guard let code = ((error as? CocoaError)?.underlying as? POSIXError)?.code else {
        return error.localizedDescription
    }
    return String(cString: strerror(code.rawValue))
}

/// The content of a file, as UTF-8.
///
/// - Parameter noun: what it is, such as `the price file`.
func readText(_ path: String, _ noun: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
        throw InputRefused("\(noun) \(path) cannot be read")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
        throw InputRefused("\(noun) \(path) is not UTF-8")
    }
    return text
}
