import ArgumentParser
import Booking
import EventReading
import JSON
import LedgerModel
import ReadModels
import Server

struct Import: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Appends history from files; running it again adds nothing.",
        discussion: """
            A CSV needs --map for each field that is a column and --set for each that is the same in \
            every row, such as --map occurred_at=TIMESTAMP --set provider=openai. Rows without an id \
            are told apart by their content. Files may be compressed with gzip or zstd; `-` reads \
            standard input. docs/events.md lists the fields, docs/importing.md what becomes of the \
            exports of other products; for those, --set fills in what a row does not say.
            """)

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var target: LedgerOptions
    @Option(
        help: ArgumentHelp(
            "native, ndjson, cloudevents, csv, otlp-json, or the export of another product: "
                + "openai-usage, litellm-spend, langfuse, helicone."))
    var format: ImportFormat = .native
    @Option(
        help: ArgumentHelp("A field and the column it is read from.", valueName: "field=column"))
    var map: [String] = []
    @Option(help: ArgumentHelp("A field and its value in every row.", valueName: "field=value"))
    var set: [String] = []
    @Flag(help: "Print the result as JSON.") var json = false
    @Argument(help: "Files, or - for standard input.") var files: [String]

    /// Refused lines that are printed for each file.
    private static let linesShownMax = 20

    func execute() async throws {
        let mapping = try ImportMapping(map: map, set: set)
        var results: [FileResult] = []
        let settings = try await database.settings()
        try await Deployment.with(settings) { deployment in
            let openLedger = try await deployment.ledger(target.ledger)
            for file in files {
                let result = try await read(file, mapping, settings.telemetry, openLedger.intake)
                results.append(result)
                if !json { show(result) }
            }
            try await ProjectionRunner(pool: deployment.pool).catchUp()
        }
        if json { printJSON(results) }
        if results.contains(where: { $0.report.rejected + $0.report.conflicts > 0 }) {
            throw TallyExit.inputRejected
        }
    }

    private struct FileResult {
        let file: String
        let report: IntakeReport
        /// Spans and log records that are no events.
        let ignored: TelemetryTally
        /// Rows that were left out without being a fault, by reason.
        let passedOver: [(key: String, value: Int)]
    }

    private func read(
        _ file: String, _ mapping: ImportMapping, _ telemetry: TelemetrySettings,
        _ intake: Intake
    ) async throws -> FileResult {
        let progress = Progress(file, isQuiet: json)
        defer { progress.finish() }
        func show(_ read: ImportProgress) {
            let total = read.totalBytes.map { Int64($0) }
            let unit = read.phase == .numbering ? "bytes looked through" : "bytes read"
            progress.show(Int64(read.bytesRead), of: total, unit: unit)
        }
        var reader = try EventFileReader(
            path: file, format: format, mapping: mapping, now: .now, telemetry: telemetry,
            progress: show)
        let report = try await intake.take(listing: .refused) { try reader.next() }
        return FileResult(
            file: file, report: report, ignored: reader.ignored,
            passedOver: reader.passedOver.sorted { $0.key < $1.key })
    }

    private func show(_ result: FileResult) {
        let report = result.report
        print(
            "\(result.file): \(grouped(report.appended)) appended, \(grouped(report.duplicates)) "
                + "duplicates, \(grouped(report.conflicts)) conflicts, "
                + "\(grouped(report.rejected)) rejected")
        if result.ignored.ignored > 0 {
            print("  \(grouped(result.ignored.ignored)) records are no calls to a model")
        }
        if let remark = result.ignored.remark { print("  \(remark)") }
        for (reason, count) in result.passedOver {
            print("  passed over \(grouped(count)): \(reason)")
        }
        let refused = report.orderedLines
        for line in refused.prefix(Self.linesShownMax) {
            let place = line.line.map { "line \($0)" } ?? "event \(line.index)"
            print("  \(place): \(line.reason ?? line.status.rawValue)")
        }
        let hidden = report.rejected + report.conflicts - min(refused.count, Self.linesShownMax)
        if hidden > 0 { print("  and \(grouped(hidden)) more") }
    }

    private func printJSON(_ results: [FileResult]) {
        var writer = JSONWriter()
        writer.array(of: results) { writer, result in
            writer.object { writer in
                writer.field("file", result.file)
                writer.key("result")
                writer.value(raw: JSONWriter.report(result.report).text)
                if format == .otlpJSON { writer.field("ignored", result.ignored.ignored) }
                writer.key("passed_over")
                writer.object { writer in
                    for (reason, count) in result.passedOver { writer.field(reason, count) }
                }
            }
        }
        print(writer.text)
    }
}

extension ImportFormat: ExpressibleByArgument {}
