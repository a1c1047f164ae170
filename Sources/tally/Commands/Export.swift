import ArgumentParser
import Booking
import Calendars
import EventStore
import Export
import LedgerModel
import Rendering

struct ExportEvents: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the events, requests or charges of a range to a file.",
        discussion: """
            native is NDJSON for tally import: the same events get the same ids in another ledger. \
            csv has one row per request with its current cost, or with --charges one row per \
            charge. focus is the FinOps cost and usage specification, one row per charge and \
            meter, such as its output tokens. An \
            export shows the ledger as of one position, printed to standard error; the same \
            position always gives the same bytes. Files ending in .gz or .zst are compressed.
            """)

    @OptionGroup var place: LedgerOptions
    @OptionGroup var history: HistoryOptions
    @Option(help: "native, csv or focus.") var format: ExportRequest.Format = .native
    @Option(help: "The version of FOCUS: 1.0, 1.1, 1.2 or 1.3.")
    var focusVersion: FocusVersion = .oneTwo
    @Option(help: "The last position to export (default: the end of the ledger).")
    var position: Int64?
    @Flag(help: "Charges too (native), or instead of requests (csv).") var charges = false
    @Option(help: "The file to write (default: standard output).") var out: String?
    @Flag(help: "Print a summary as JSON; needs --out.") var json = false

    func validate() throws {
        if json, out == nil { throw ValidationError("--json needs --out FILE") }
        if let position, position < 0 {
            throw ValidationError("--position \(position): positions start at 1")
        }
    }

    func execute() async throws {
        try await place.open(to: .read) { deployment, ledger in
            let zone = try await deployment.zone(of: ledger)
            let request = try request(in: zone)
            try await write(
                try await LedgerExport(ledger: ledger.store.id, pool: deployment.pool)
                    .plan(request), in: zone)
        }
    }

    private func write(_ plan: ExportPlan, in zone: CalendarZone) async throws {
        let progress = Progress("export", isQuiet: json || out == nil)
        defer { progress.finish() }
        var file = try ExportFile(path: out)
        try file.write(plan.header)
        var total = ExportPlan.Chunk()
        // The next page is read while this one is written.
        var next: Task<ExportPlan.Chunk, any Error>? =
            plan.pageCount > 0 ? Task { try await plan.page(0) } : nil
        defer { next?.cancel() }
        for index in 0..<plan.pageCount {
            guard let chunk = try await next?.value else { break }
            next = index + 1 < plan.pageCount ? Task { try await plan.page(index + 1) } : nil
            try file.write(chunk.bytes)
            total.rows += chunk.rows
            total.unpriced += chunk.unpriced
            progress.show(
                plan.lastPosition(ofPage: index), of: plan.position, unit: "positions")
        }
        try file.finish()
        report(
            ExportedFile(
                out, format: format.rawValue, position: plan.position, zone: zone,
                rows: Int64(total.rows), unpriced: Int64(total.unpriced)))
    }

    /// Standard output may be the export itself.
    private func report(_ exported: ExportedFile) {
        if json { return print(exported.json) }
        for line in exported.lines { printError(line) }
    }

    private func request(in zone: CalendarZone) throws -> ExportRequest {
        var request = ExportRequest(format)
        request.filter = try history.filter(in: zone)
        request.position = position
        request.includesCharges = charges
        request.focusVersion = focusVersion
        return request
    }
}

extension ExportRequest.Format: ExpressibleByArgument {}

extension FocusVersion: ExpressibleByArgument {}
