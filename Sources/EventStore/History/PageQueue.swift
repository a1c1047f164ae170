import Synchronization

/// The remaining pages of a history, and the workers' common progress.
final class PageQueue: Sendable {
    private struct State {
        var next = 0
        var done: Int64
    }

    private let pages: [HistoryPage]
    private let total: Int64
    private let progress: @Sendable (Int64, Int64) -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - done: the numbers of pages that are not read again.
    ///   - progress: called with the events done so far and those there are in all.
    init(
        _ all: [HistoryPage], done: Set<Int64>,
        _ progress: @escaping @Sendable (_ done: Int64, _ total: Int64) -> Void
    ) {
        pages = all.filter { !done.contains($0.number) }
        self.progress = progress
        total = all.reduce(0) { $0 + $1.events }
        state = Mutex(State(done: total - pages.reduce(0) { $0 + $1.events }))
    }

    var count: Int { pages.count }

    func next() -> HistoryPage? {
        state.withLock { state in
            guard state.next < pages.count else { return nil }
            state.next += 1
            return pages[state.next - 1]
        }
    }

    func finished(_ page: HistoryPage) {
        // Under the lock, so that reported progress never goes back.
        state.withLock { state in
            state.done += page.events
            progress(state.done, total)
        }
    }
}
