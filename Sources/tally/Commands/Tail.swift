import ArgumentParser
import Booking
import EventStore
import Foundation
import LedgerModel
import Rendering

struct Tail: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follows the ledger: prints what is recorded, as it is recorded.",
        discussion: """
            One line an event: when it occurred, app, model, tokens in and out, and cost; a request \
            and its charge are one line. It begins with the last events and goes on until Ctrl-C, \
            or until --limit. --json prints each event as GET /api/v1/events does.
            """)

    @OptionGroup var place: LedgerOptions
    @Option(help: "How many recorded events to begin with.") var last: Int64 = 10
    @Option(help: "End after so many lines.") var limit: Int?
    @Flag(help: "Print events as JSON, one a line.") var json = false

    /// Events in one read, and the pause after a read that found none.
    private static let pageEvents = 1_000
    private static let pause = Duration.milliseconds(200)

    func validate() throws {
        guard last >= 0 else { throw ValidationError("--last \(last): expected 0 or more") }
        if let limit, limit < 1 { throw ValidationError("--limit \(limit): expected 1 or more") }
    }

    func execute() async throws {
        do {
            try await cancelledBySignals {
                try await place.open(to: .read) { try await follow($1) }
            }
        } catch is Interrupted {
            // That is how it ends.
        }
    }

    private func follow(_ ledger: OpenLedger) async throws {
        var position = max(0, try await ledger.store.head().position - last)
        var lines = TailLines()
        var left = limit ?? .max
        while left > 0 {
            let events = try await ledger.store.events(after: position, limit: Self.pageEvents)
            var found: [String] = []
            for event in events {
                position = event.position
                found += json ? [event.json] : lines.take(event)
            }
            if events.isEmpty { found += lines.flush() }
            for line in found.prefix(left) { print(line) }
            left -= min(left, found.count)
            fflush(nil)
            if events.isEmpty, left > 0 { try await Task.sleep(for: Self.pause) }
        }
    }
}
