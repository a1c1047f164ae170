package import Booking
package import Calendars
package import EventReading
package import EventStore
package import LedgerModel

/// The outcome for the events of a body or a file.
extension IntakeReport: RenderableObject {
    package static let shape = Shape<IntakeReport> {
        Member("appended", \.appended)
        Member("duplicates", \.duplicates)
        Member("same_calls", \.sameCalls)
        Member("conflicts", \.conflicts)
        Member("rejected", \.rejected)
        Member("head", \.head, omitted: true)
        Member("events", \.orderedLines)
        Member("unlisted", { $0.unlisted > 0 ? $0.unlisted : nil }, omitted: true)
    }
}

extension IntakeReport.Line: RenderableObject {
    package static let shape = Shape<IntakeReport.Line> {
        Member("index", \.index)
        Member("line", \.line, omitted: true)
        Member("id", \.id)
        Member("status", \.status.rawValue)
        Member("position", \.position, omitted: true)
        Member("cost_usd", \.cost, omitted: true)
        Member("unpriced", \.unpriced, omitted: true)
        Member("error", \.reason, omitted: true)
        Member("differs", { EventDifference.list(of: $0.contradiction) }, omitted: true)
    }

    private var cost: PicodollarSum? {
        if case .priced(let sum) = price { sum } else { nil }
    }

    private var unpriced: Name? {
        if case .unpriced(let reason) = price { reason } else { nil }
    }
}

/// The outcome of `tally import` for a file.
package struct ImportedFile: RenderableObject {
    let file: String
    package let format: ImportFormat
    package let taken: IntakeReport
    /// When the first and the last of its events occurred; nil without any.
    package var times: ClosedRange<Timestamp>?
    /// What was appended.
    package var added = AppendPreview()
    /// Counts of spans and log records that are not events; nil for files of other formats.
    package let telemetry: TelemetryTally?
    /// Rows that were passed over without being invalid, by reason.
    let passedOver: [String: Int]

    /// The most refused lines that are shown to people.
    private static let linesShownMax = 20

    package init(
        _ file: String, _ format: ImportFormat, _ taken: IntakeReport, telemetry: TelemetryTally?,
        passedOver: [String: Int]
    ) {
        self.file = file
        self.format = format
        self.taken = taken
        self.telemetry = telemetry
        self.passedOver = passedOver
    }

    /// Whether every event is in the ledger now.
    package var isComplete: Bool { taken.rejected + taken.conflicts == 0 }

    package static let shape = Shape<ImportedFile> {
        Member("file", \.file)
        Member("format", \.format.rawValue)
        Member("first_at", \.times?.lowerBound)
        Member("last_at", \.times?.upperBound)
        Member("requests", \.added.requests)
        Member("cost_usd", \.cost)
        Member("unpriced_requests", \.added.unpricedRequests)
        Member("result", \.taken)
        Member("ignored", \.telemetry?.ignored, omitted: true)
        Member("passed_over", { NamedValues($0.reasons) })
    }

    private var cost: PicodollarSum? {
        added.cost.known(unpriced: added.unpricedRequests)
    }

    fileprivate var shownName: String { file == "-" ? "standard input" : file }

    /// As what the file was read, and which time it covers.
    fileprivate var kind: [String] {
        guard let times else { return [] }
        return ["  \(format.rawValue), \(times.lowerBound) to \(times.upperBound)"]
    }

    /// What the file is and what it costs.
    private var summary: [String] {
        var lines = kind
        if added.requests > 0 {
            let priced = added.requests - added.unpricedRequests
            lines.append(
                cost.map { "  \(counted(priced, "request")) cost \(dollars($0))" }
                    ?? "  \(counted(added.requests, "request")) without a price")
        }
        if added.unpricedRequests > 0, cost != nil {
            lines.append(
                "  \(grouped(added.unpricedRequests)) without a price: see tally unpriced")
        }
        return lines
    }

    fileprivate var reasons: [(name: String, value: Int)] {
        passedOver.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// What people read of it.
    package var text: String {
        let counts = [
            (taken.appended, "appended"), (taken.duplicates, "duplicates"),
            (taken.conflicts, "conflicts"), (taken.rejected, "rejected"),
        ]
        var lines = [
            "\(shownName): " + counts.map { "\(grouped($0)) \($1)" }.joined(separator: ", ")
        ]
        lines += summary + remarks
        let refused = taken.orderedLines.prefix(Self.linesShownMax)
        lines += refused.map { line in
            let place = line.line.map { "line \($0)" } ?? "event \(line.index)"
            let differences = EventDifference.list(of: line.contradiction) ?? []
            let words = ([line.reason ?? line.status.rawValue] + differences.map(\.words))
            return "  \(place): \(words.joined(separator: "; "))"
        }
        let hidden = taken.rejected + taken.conflicts - refused.count
        if hidden > 0 { lines.append("  and \(grouped(hidden)) more") }
        return lines.joined(separator: "\n")
    }

    /// What was left out without being a fault.
    fileprivate var remarks: [String] {
        var lines: [String] = []
        if taken.sameCalls > 0 {
            lines.append(
                "  \(counted(taken.sameCalls, "further report")) of calls that are booked, noted")
        }
        if let ignored = telemetry?.ignored, ignored > 0 {
            let are = ignored == 1 ? "is not a call" : "are not calls"
            lines.append("  \(counted(ignored, "record")) \(are) to a model")
        }
        if let remark = telemetry?.remark { lines.append("  \(remark)") }
        return lines + reasons.map { "  passed over \(grouped($0.value)): \($0.name)" }
    }
}

/// What `tally import --dry-run` found that a file would do.
package struct PreviewedFile: RenderableObject {
    let read: ImportedFile
    let added: AppendPreview

    package init(_ read: ImportedFile, adding added: AppendPreview) {
        self.read = read
        self.added = added
    }

    /// Whether an import would leave every event of the file in the ledger.
    package var isComplete: Bool { read.isComplete }

    package static let shape = Shape<PreviewedFile> {
        Member("file", \.read.file)
        Member("dry_run", { _ in true })
        Member("would_append", \.read.taken.appended)
        Member("duplicates", \.read.taken.duplicates)
        Member("conflicts", \.read.taken.conflicts)
        Member("rejected", \.read.taken.rejected)
        Member("refusals", \.read.taken.refusals.list)
        Member("requests", \.added.requests)
        Member("cost_usd", { $0.added.cost.known(unpriced: $0.added.unpricedRequests) })
        Member("unpriced_requests", \.added.unpricedRequests)
        Member("unpriced", \.unpriced)
        Member("ignored", \.read.telemetry?.ignored, omitted: true)
        Member("passed_over", { NamedValues($0.read.reasons) })
    }

    /// The commonest first.
    private var unpriced: [UnpricedModel] {
        added.unpriced.map { UnpricedModel(key: $0.key, requests: $0.value) }.sorted {
            ($1.requests, $0.key.model ?? "") < ($0.requests, $1.key.model ?? "")
        }
    }

    /// What people read of it.
    package var text: String {
        let taken = read.taken
        let counts = [
            (taken.appended, "would be appended"), (taken.duplicates, "duplicates"),
            (taken.conflicts, "conflicts"), (taken.rejected, "rejected"),
        ]
        var lines = [
            "\(read.shownName), dry run: "
                + counts.map { "\(grouped($0)) \($1)" }.joined(separator: ", ")
        ]
        lines += read.kind
        if added.requests > 0 {
            let cost = added.cost.known(unpriced: added.unpricedRequests)
            let priced = cost == nil ? added.requests : added.requests - added.unpricedRequests
            lines.append(
                "  cost of \(counted(priced, "request")): "
                    + (cost.map { dollars($0) } ?? "unknown, since none has a price"))
        }
        lines += unpriced.map { model in
            "  no price for \(counted(model.requests, "request")) of \(model.name): "
                + model.key.reason.string
        }
        lines += read.remarks
        lines += taken.refusals.list.map { group in
            "  refused \(grouped(group.count)), first at \(group.shownPlaces): \(group.reason)"
        }
        lines.append("  nothing was appended")
        return lines.joined(separator: "\n")
    }
}

extension RefusalGroups.Group: RenderableObject {
    package static let shape = Shape<RefusalGroups.Group> {
        Member("reason", \.reason)
        Member("count", \.count)
        Member("lines", \.places)
    }

    fileprivate var shownPlaces: String {
        (places.count == 1 ? "line " : "lines ")
            + places.map { String($0) }.joined(separator: ", ")
    }
}

/// A model that has no price in the ledger's books.
struct UnpricedModel: RenderableObject {
    let key: AppendPreview.Unpriced
    let requests: Int64

    var name: String {
        [key.provider, key.model].compactMap { $0?.string }.joined(separator: "/")
    }

    static let shape = Shape<UnpricedModel> {
        Member("provider", \.key.provider)
        Member("model", \.key.model)
        Member("reason", \.key.reason)
        Member("requests", \.requests)
    }
}

/// The outcome of `tally export`.
package struct ExportedFile: RenderableObject {
    let file: String?
    let format: String
    let position: Int64
    /// Whose days and months the range was in; times in the file are UTC's.
    let zone: CalendarZone
    let rows: Int64
    let unpriced: Int64

    package init(
        _ file: String?, format: String, position: Int64, zone: CalendarZone, rows: Int64,
        unpriced: Int64
    ) {
        self.zone = zone
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
        Member("zone", \.zone.name)
        Member("rows", \.rows)
        Member("unpriced", \.unpriced)
    }

    /// What people read of it.
    package var lines: [String] {
        let days =
            zone == .utc ? "" : "; days of the range are of \(zone), times in the file of UTC"
        var lines = ["exported \(counted(rows, "row")) at position \(position)\(days)"]
        if unpriced > 0 {
            lines.append(
                "\(grouped(unpriced)) without a price (unknown, not zero): see audit.unpriced"
            )
        }
        return lines
    }
}

/// Why something did not become an event, or has no price.
extension IntakeReason: ListedObject {
    package static let listName = "reasons"
    package static let layout = Table.Layout(
        expendable: ["last"],
        nothing: "nothing was rejected or ignored on its way in")

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
