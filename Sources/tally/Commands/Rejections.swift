import ArgumentParser
import Booking
import EventStore
import Rendering

struct Rejections: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists what was rejected or ignored on its way in, with an example of each.",
        discussion: """
            Each reason has one row: where it came from (traces, logs, metrics, events, or the \
            format of a file), whether it was rejected, ignored, or booked without a price, how \
            often, and the last case as its sender was told. The newest is first. The same as GET \
            /api/v1/rejections; a running service writes them every ten seconds.
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var output: OutputOptions

    func execute() async throws {
        output.show(
            try await place.open(to: .read) { deployment, ledger in
                Listing(
                    try await IntakeJournal.list(of: ledger.store.id, in: deployment.pool))
            })
    }
}
