import Foundation
import Rendering
import Synchronization

/// Shows the progress of long work: a bar on a terminal, elsewhere a line now and then.
final class Progress: Sendable {
    private let label: String
    private let isTerminal: Bool
    private let state: Mutex<State>

    private struct State {
        var start = ContinuousClock.now
        var lastShown: ContinuousClock.Instant?
        var hasBar = false
    }

    private static let barWidth = 30

    init(_ label: String, isQuiet: Bool = false) {
        self.label = label
        isTerminal = isatty(2) == 1
        state = Mutex(State())
        self.isQuiet = isQuiet
    }

    private let isQuiet: Bool

    /// Shows the progress, unless it was shown a moment ago.
    ///
    /// - Parameter total: nil if it is unknown.
    func show(_ done: Int64, of total: Int64?, unit: String) {
        if isQuiet { return }
        let now = ContinuousClock.now
        let interval: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
        let isDue = state.withLock { state in
            if now - (state.lastShown ?? state.start) < interval { return false }
            state.lastShown = now
            state.hasBar = isTerminal
            return true
        }
        guard isDue else { return }
        let elapsed = now - state.withLock { $0.start }
        let seconds =
            Double(elapsed.components.seconds)
            + Double(elapsed.components.attoseconds) / 1e18
        let rate = seconds > 0 ? Int64(Double(done) / seconds) : 0
        var text = "\(label): \(grouped(done))"
        if let total { text += " of \(grouped(total))" }
        text += " \(unit), \(grouped(rate))/s"
        write(isTerminal ? "\r\(bar(done, total))\(text)\u{1B}[K" : "\(text)\n")
    }

    /// Removes the bar, so that only the result remains.
    func finish() {
        if state.withLock({ $0.hasBar }) { write("\r\u{1B}[K") }
    }

    private func bar(_ done: Int64, _ total: Int64?) -> String {
        guard let total, total > 0 else { return "" }
        let filled = Int(min(done, total) * Int64(Self.barWidth) / total)
        return "[" + String(repeating: "#", count: filled)
            + String(repeating: "-", count: Self.barWidth - filled) + "] "
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
