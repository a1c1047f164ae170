import ArgumentParser
import Booking
import EventStore
import Export
import JSON
import LedgerModel
import Server

struct ExportEvents: TallyCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the events, requests or charges of a range to a file.",
        discussion: """
            native is NDJSON that tally import takes: the same events get the same ids in another \
            ledger. csv is one row a request with its current cost, or with --charges one row a \
            charge. focus is the FinOps cost and usage specification, one row a charge. The export \
            is of one position of the ledger, which is told on standard error; the same position \
            gives the same bytes again. Files that end in .gz or .zst are compressed.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var target: LedgerOptions
    @OptionGroup var history: HistoryOptions
    @Option(help: "native, csv or focus.") var format: ExportRequest.Format = .native
    @Option(help: "The last position to export (default: the end of the ledger).")
    var position: Int64?
    @Flag(help: "Charges too (native), or instead of requests (csv).") var charges = false
    @Option(help: "The file to write (default: standard output).") var out: String?
    @Flag(help: "Print what was written as JSON; needs --out.") var json = false

    func validate() throws {
        if json, out == nil { throw ValidationError("--json needs --out FILE") }
        if let position, position < 0 {
            throw ValidationError("--position \(position): positions start at 1")
        }
    }

    func execute() async throws {
        let request = try request()
        try await Deployment.with(try await database.settings()) { deployment in
            let ledger = try await deployment.ledger(target.ledger).store.id
            do {
                let plan = try await LedgerExport(ledger: ledger, pool: deployment.pool).plan(
                    request)
                try await write(plan)
            } catch let refusal as ExportRefusal {
                throw InputRefused("\(refusal)")
            } catch let error as ExportFileError {
                throw InputRefused("\(error)")
            }
        }
    }

    private func write(_ plan: ExportPlan) async throws {
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
        report(total, at: plan.position)
    }

    private func report(_ total: ExportPlan.Chunk, at position: Int64) {
        if json {
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("file", out)
                writer.field("format", format.rawValue)
                writer.field("position", position)
                writer.field("rows", total.rows)
                writer.field("unpriced", total.unpriced)
            }
            return print(writer.text)
        }
        printError("exported \(grouped(total.rows)) rows at position \(position)")
        if total.unpriced > 0 {
            printError(
                "\(grouped(total.unpriced)) of them have no price, which is not zero: see "
                    + "audit.unpriced")
        }
    }

    private func request() throws -> ExportRequest {
        var request = ExportRequest(format)
        let filter = try history.filter()
        request.since = filter.since
        request.until = filter.until
        for (dimension, value) in filter.scope { request.only[dimension] = value }
        request.position = position
        request.includesCharges = charges
        return request
    }
}

extension ExportRequest.Format: ExpressibleByArgument {}
