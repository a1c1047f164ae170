import ArgumentParser
import Booking
import EventReading
import Rendering

struct Import: TallyCommand {
    static let configuration = CommandConfiguration(
        abstract: "Imports events from files; importing a file again adds nothing.",
        discussion: """
            A CSV needs --map for each field that is a column, and --set for each that is the same \
            in every row, such as --map occurred_at=TIMESTAMP --set provider=openai. Rows without \
            an id are identified by their content. Files may be compressed with gzip or zstd; `-` \
            reads standard input. docs/events.md lists the fields; docs/importing.md describes the \
            exports of other products, for which --set fills in what their rows lack.
            """)

    @OptionGroup var place: LedgerOptions
    @Option(
        help: ArgumentHelp(
            "native, ndjson, cloudevents, csv, otlp-json, or the export of another product: "
                + "openai-usage, litellm-spend, langfuse, helicone."))
    var format: ImportFormat = .native
    @Option(
        help: ArgumentHelp("A field and the column to read it from.", valueName: "field=column"))
    var map: [String] = []
    @Option(help: ArgumentHelp("A field and its value in every row.", valueName: "field=value"))
    var set: [String] = []
    @OptionGroup var output: OutputOptions
    @Argument(help: "Files, or - for standard input.") var files: [String]

    func execute() async throws {
        let mapping = try ImportMapping(map: map, set: set)
        let telemetry = try await place.database.settings().telemetry
        var results: [ImportedFile] = []
        try await place.open(to: .create) { deployment, ledger in
            let journal = IntakeJournal()
            for file in files {
                let result = try await read(file, mapping, telemetry, ledger.intake)
                results.append(result)
                journal.note(
                    result.taken, result.telemetry, from: format.rawValue, in: ledger.store.id,
                    at: .now)
                if !output.json { print(result.text) }
            }
            try await journal.write(to: deployment.pool)
            try await deployment.catchUp()
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
        var reader = try EventFileReader(
            path: file, format: format, mapping: mapping, now: .now, telemetry: telemetry,
            progress: show)
        let taken = try await intake.take(listing: .refused) { try reader.next() }
        return ImportedFile(
            file, taken, telemetry: format == .otlpJSON ? reader.ignored : nil,
            passedOver: reader.passedOver)
    }
}

extension ImportFormat: ExpressibleByArgument {}
