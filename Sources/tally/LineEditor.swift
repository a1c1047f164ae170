import CEdit
import Foundation

/// Lines typed at a terminal, with history and completion.
struct LineEditor {
    private let historyPath: String?

    /// Lines that are kept from one session to the next.
    private static let linesMax: Int32 = 1_000

    /// - Parameter words: what Tab completes.
    init(completing words: [String]) {
        let environment = ProcessInfo.processInfo.environment
        let state =
            environment["XDG_STATE_HOME"] ?? environment["HOME"].map { $0 + "/.local/state" }
        historyPath = state.map { $0 + "/tally/sql_history" }
        if let historyPath {
            try? FileManager.default.createDirectory(
                atPath: (historyPath as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true)
            edit_load_history(historyPath, Self.linesMax)
        }
        let copies = words.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        edit_complete_words(copies.map { UnsafePointer($0) }, words.count)
    }

    /// The next line; nil at the end.
    func line(_ prompt: String) -> String? {
        fflush(nil)
        guard let typed = edit_read(prompt) else { return nil }
        defer { free(typed) }
        let line = String(cString: typed)
        if !line.allSatisfy(\.isWhitespace) { edit_remember(line, historyPath) }
        return line
    }
}
