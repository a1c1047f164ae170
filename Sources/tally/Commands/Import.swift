import ArgumentParser
import Booking
import EventReading
import EventStore
import LedgerModel
import Rendering

struct Import: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Imports events from files; importing a file again adds nothing.",
        discussion: """
            The format is recognised by content, and the result says what was read, its cost and \
            what has no price. A CSV needs --map for each field that is a column, and --set for each that is the same \
            in every row, such as --map occurred_at=TIMESTAMP --set provider=openai. Rows without \
            an id are identified by their content. Files may be compressed with gzip or zstd; `-` \
            reads standard input. docs/events.md lists the fields; docs/importing.md describes the \
            exports of other products, for which --set fills in what their rows lack. \
            --set counts=exclusive says that cached tokens stand beside the input. A ledger cannot \
            forget: --dry-run first shows what a file would add to it.
            """)

    @OptionGroup var place: LedgerOptions
    @Option(
        help: ArgumentHelp(
            "native, ndjson, cloudevents, csv, otlp-json, or the export of another product: "
                + "openai-usage, litellm-spend, langfuse, helicone, cursor, claude-code (default: "
                + "recognised by content; standard input is native)."))
    var format: ImportFormat?
    @Option(
        help: ArgumentHelp("A field and the column to read it from.", valueName: "field=column"))
    var map: [String] = []
    @Option(help: ArgumentHelp("A field and its value in every row.", valueName: "field=value"))
    var set: [String] = []
    @Flag(
        help: """
            Append nothing; show what would be appended, and its cost, with refusals by reason and \
            the models without a price.
            """)
    var dryRun = false
    @OptionGroup var output: OutputOptions
    @Argument(help: "Files, or - for standard input.") var files: [String]

    func execute() async throws {
        let mapping = try ImportMapping(map: map, set: set)
        let telemetry = try await place.database.settings().telemetry
        // Before a database is made for nothing.
        for file in files where file != "-" {
            _ = try reader(of: file, try format(of: file, mapping), mapping, telemetry) { _ in }
        }
        if dryRun { return try await preview(mapping, telemetry) }
        var results: [ImportedFile] = []
        try await place.open(to: .create) { deployment, ledger in
            let journal = IntakeJournal()
            let counted = CountedLedger(ledger.store)
            let intake = Intake(ledger: counted, prices: ledger.prices)
            try await deployment.catchUp(beside: {
                for file in files {
                    var result = try await read(file, mapping, telemetry, intake)
                    result.added = counted.takeSummary()
                    results.append(result)
                    journal.note(
                        result.taken, result.telemetry, from: result.format.rawValue,
                        in: ledger.store.id, at: .now)
                    if !output.json { print(result.text) }
                }
            })
            try await journal.write(to: deployment.pool)
        }
        if output.json { output.show(results) }
        if !results.allSatisfy(\.isComplete) { throw ExitCode.inputRejected }
    }

    private func preview(
        _ mapping: ImportMapping, _ telemetry: TelemetrySettings
    ) async throws {
        var results: [PreviewedFile] = []
        try await place.preview { preview in
            for file in files {
                let result = try await read(file, mapping, telemetry, preview.intake)
                results.append(PreviewedFile(result, adding: preview.takeSummary()))
                if !output.json, let result = results.last { print(result.text) }
            }
        }
        if output.json { output.show(results) }
        if !results.allSatisfy(\.isComplete) { throw ExitCode.inputRejected }
    }

    private func read(
        _ file: String, _ mapping: ImportMapping, _ telemetry: TelemetrySettings,
        _ intake: Intake
    ) async throws -> ImportedFile {
        let progress = Progress(file, isQuiet: output.json)
        defer { progress.finish() }
        func show(_ read: ImportProgress) {
            let total = read.totalBytes.map { Int64($0) }
            let unit = read.phase == .numbering ? "bytes scanned" : "bytes read"
            progress.show(Int64(read.bytesRead), of: total, unit: unit)
        }
        let format = try format(of: file, mapping)
        var reader = try reader(of: file, format, mapping, telemetry, show)
        var times: ClosedRange<Timestamp>?
        let taken = try await intake.take(listing: .refused) {
            let item = try reader.next()
            if case .success(let event)? = item?.result {
                let time = event.occurredAt
                times = min(times?.lowerBound ?? time, time)...max(times?.upperBound ?? time, time)
            }
            return item
        }
        var result = ImportedFile(
            file, format, taken, telemetry: format == .otlpJSON ? reader.ignored : nil,
            passedOver: reader.passedOver)
        result.times = times
        return result
    }

    private func format(of file: String, _ mapping: ImportMapping) throws -> ImportFormat {
        try format ?? .recognized(atPath: file, mapping: mapping)
    }

    private func reader(
        of file: String, _ format: ImportFormat, _ mapping: ImportMapping,
        _ telemetry: TelemetrySettings, _ progress: @escaping (ImportProgress) -> Void
    ) throws -> EventFileReader {
        try EventFileReader(
            path: file, format: format, mapping: mapping, now: .now, telemetry: telemetry,
            progress: progress)
    }
}

extension LedgerOptions {
    /// Lends a preview of the ledger; makes and changes nothing, and needs no database.
    fileprivate func preview(_ body: (PreviewedLedger) async throws -> Void) async throws {
        do {
            try await database.open(to: .read) { deployment in
                try await body(try await deployment.preview(of: ledger))
            }
        } catch SchemaRefusal.missing where ledger == "default" {
            try await body(.new)
        }
    }
}

extension ImportFormat: ExpressibleByArgument {}
