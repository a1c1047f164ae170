package import Booking
package import EventReading
import LedgerModel

/// What became of the events of a body or a file.
extension IntakeReport: RenderableObject {
    package static let shape = Shape<IntakeReport> {
        Member("appended", \.appended)
        Member("duplicates", \.duplicates)
        Member("same_calls", \.sameCalls)
        Member("conflicts", \.conflicts)
        Member("rejected", \.rejected)
        Member("head", \.head, omitted: true)
        Member("events", \.orderedLines)
    }
}

extension IntakeReport.Line: RenderableObject {
    package static let shape = Shape<IntakeReport.Line> {
        Member("index", \.index)
        Member("line", \.line, omitted: true)
        Member("id", \.id)
        Member("status", \.status.rawValue)
        Member("position", \.position, omitted: true)
        Member("error", \.reason, omitted: true)
    }
}

/// What `tally import` did with a file.
package struct ImportedFile: RenderableObject {
    let file: String
    package let taken: IntakeReport
    /// Spans and log records that are no events; nil for files of other formats.
    package let telemetry: TelemetryTally?
    /// Rows that were left out without being a fault, by reason.
    let passedOver: [String: Int]

    /// Refused lines that people are shown.
    private static let linesShownMax = 20

    package init(
        _ file: String, _ taken: IntakeReport, telemetry: TelemetryTally?,
        passedOver: [String: Int]
    ) {
        self.file = file
        self.taken = taken
        self.telemetry = telemetry
        self.passedOver = passedOver
    }

    /// Whether every event is in the ledger now.
    package var isComplete: Bool { taken.rejected + taken.conflicts == 0 }

    package static let shape = Shape<ImportedFile> {
        Member("file", \.file)
        Member("result", \.taken)
        Member("ignored", \.telemetry?.ignored, omitted: true)
        Member("passed_over", { NamedValues($0.reasons) })
    }

    private var reasons: [(name: String, value: Int)] {
        passedOver.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// What people read of it.
    package var text: String {
        let counts = [
            (taken.appended, "appended"), (taken.duplicates, "duplicates"),
            (taken.conflicts, "conflicts"), (taken.rejected, "rejected"),
        ]
        var lines = [
            "\(file): " + counts.map { "\(grouped($0)) \($1)" }.joined(separator: ", ")
        ]
        if taken.sameCalls > 0 {
            lines.append(
                "  \(counted(taken.sameCalls, "further report")) of calls that are booked, noted")
        }
        if let ignored = telemetry?.ignored, ignored > 0 {
            let are = ignored == 1 ? "is not a call" : "are not calls"
            lines.append("  \(counted(ignored, "record")) \(are) to a model")
        }
        if let remark = telemetry?.remark { lines.append("  \(remark)") }
        lines += reasons.map { "  passed over \(grouped($0.value)): \($0.name)" }
        let refused = taken.orderedLines.prefix(Self.linesShownMax)
        lines += refused.map { line in
            let place = line.line.map { "line \($0)" } ?? "event \(line.index)"
            return "  \(place): \(line.reason ?? line.status.rawValue)"
        }
        let hidden = taken.rejected + taken.conflicts - refused.count
        if hidden > 0 { lines.append("  and \(grouped(hidden)) more") }
        return lines.joined(separator: "\n")
    }
}

/// What `tally export` wrote.
package struct ExportedFile: RenderableObject {
    let file: String?
    let format: String
    let position: Int64
    let rows: Int64
    let unpriced: Int64

    package init(
        _ file: String?, format: String, position: Int64, rows: Int64, unpriced: Int64
    ) {
        self.file = file
        self.format = format
        self.position = position
        self.rows = rows
        self.unpriced = unpriced
    }

    package static let shape = Shape<ExportedFile> {
        Member("file", \.file)
        Member("format", \.format)
        Member("position", \.position)
        Member("rows", \.rows)
        Member("unpriced", \.unpriced)
    }

    /// What people read of it.
    package var lines: [String] {
        var lines = ["exported \(counted(rows, "row")) at position \(position)"]
        if unpriced > 0 {
            lines.append(
                "\(grouped(unpriced)) of them have no price (unknown, not zero): see audit.unpriced"
            )
        }
        return lines
    }
}

/// Why something did not become an event, or has no price.
extension IntakeReason: ListedObject {
    package static let listName = "reasons"

    package static let shape = Shape<IntakeReason> {
        Member("source", \.source, .column)
        Member("outcome", \.outcome.rawValue, .column)
        Member("count", \.count, .column)
        Member("reason", \.reason, .column)
        Member("first_at", \.firstAt)
        Member("last_at", \.lastAt, .heading("last"))
        Member("example", \.example, .column)
    }
}
