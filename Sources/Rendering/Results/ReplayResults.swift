import EventStore
import JSON
import LedgerModel
import Pricing
package import Replay

/// The result of a replay; money is exact in JSON.
package struct Replayed: RenderableObject, Reportable {
    let replay: ReplayReport
    private let rowsMax: Int

    /// - Parameter rowsMax: the most rows in JSON; further ones are only counted.
    package init(_ replay: ReplayReport, rowsMax: Int = .max) {
        self.replay = replay
        self.rowsMax = rowsMax
    }

    private var request: ReplayRequest { replay.request }
    private var facts: ReplayReport.Facts { replay.facts }

    package static let shape = Shape<Replayed> {
        Member("prices", { ReplayedPrices(prices: $0.request.prices) })
        Member("since", \.request.filter.since)
        Member("until", \.request.filter.until)
        Member("scope", { NamedValues($0.scope.map { ($0.name, $0.value) }) })
        Member("by", { $0.request.groupedBy.map(\.name) })
        Member("position", \.replay.position)
        Member("events", \.replay.eventsRead)
        Member("total", \.replay.total)
        Member("rows", \.rows)
        Member("rows_omitted", { $0.replay.rows.count - $0.rows.count })
        Member("unpriced", { $0.replay.unpricedReasons.map { UnpricedReason($0) } })
        Member("models", \.replay.models, when: \.supposes)
        Member("discounts", \.discounts, when: \.supposes)
        Member("unattached_charges", \.facts.unattachedCharges, when: \.hasUnattached)
        Member("unattached_usd", \.facts.unattached, when: \.hasUnattached)
        Member("free_usd", \.facts.free, when: \.request.isMetered)
        Member("check", \.replay.check, omitted: true)
    }

    private var supposes: Bool { !request.whatIf.isEmpty }
    private var hasUnattached: Bool { facts.unattachedCharges > 0 }

    private var scope: [(name: String, value: Name)] {
        request.filter.scope.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { ($0.key.name, $0.value) }
    }

    private var rows: [ReplayedRow] {
        replay.rows.prefix(rowsMax).map { row in
            ReplayedRow(names: request.groupedBy.map(\.name), row: row)
        }
    }

    private var discounts: [SupposedDiscount] {
        let unused = Set(replay.unusedDiscounts)
        return request.whatIf.discounts.map {
            SupposedDiscount(discount: $0, isUsed: !unused.contains($0))
        }
    }

    package var report: Report { ReplayWords(replay: replay).report }
}

/// `recorded`, a book, or the books of the ledger with their dates.
private struct ReplayedPrices: Renderable {
    let prices: ReplayRequest.Prices

    static var schema: JSONSchema { .any }
    var cell: Cell { Cell(json) }

    func write(to json: inout JSONWriter) {
        switch prices {
        case .recorded: json.value("recorded")
        case .book(let book):
            json.object { json in
                json.field("name", book.name)
                json.field("book_id", book.id.description)
            }
        case .schedule(let schedule):
            json.array(of: schedule.entries) { json, entry in
                json.object { json in
                    json.field("name", entry.book.name)
                    json.field("book_id", entry.book.id.description)
                    json.field("from", entry.effectiveFrom?.description)
                }
            }
        }
    }
}

private struct ReplayedRow: RenderableObject {
    let names: [String]
    let row: ReplayReport.Row

    static let shape = Shape<ReplayedRow> {
        Member(spreading: { zip($0.names, $0.row.values).map { ($0, $1) } })
        Member(including: \.row.sums)
    }
}

extension ReplayReport.Sums: RenderableObject {
    package static let shape = Shape<ReplayReport.Sums> {
        Member("requests", \.requests)
        Member("recorded_usd", { $0.recorded.known(unpriced: $0.unpricedBefore) })
        Member("replayed_usd", { $0.replayed.known(unpriced: $0.unpricedAfter) })
        Member("difference_usd", \.difference)
        Member("difference_percent", \.percent)
        Member("unpriced_recorded", \.unpricedBefore)
        Member("unpriced_replayed", \.unpricedAfter)
        Member("not_compared", \.notCompared)
    }
}

private struct UnpricedReason: RenderableObject {
    let reason: String
    let requests: Int64

    init(_ entry: (reason: String, requests: Int64)) {
        (reason, requests) = entry
    }

    static let shape = Shape<UnpricedReason> {
        Member("reason", \.reason)
        Member("requests", \.requests)
    }
}

extension ReplayReport.MappedModel: RenderableObject {
    package static let shape = Shape<ReplayReport.MappedModel> {
        Member("provider", \.from.provider)
        Member("model", \.from.model)
        Member("to", \.to?.description)
        Member("requests", \.requests)
        Member(
            "tokens", \.to?.tokens.description, when: { $0.to.map { $0.tokens != .one } ?? false })
        Member("tier", \.to?.tier, omitted: true)
    }
}

private struct SupposedDiscount: RenderableObject {
    let discount: WhatIf.Discount
    let isUsed: Bool

    static let shape = Shape<SupposedDiscount> {
        Member("name", \.discount.name)
        Member("factor", \.discount.factor.description)
        Member("used", \.isUsed)
    }
}

extension RecordedCheck: RenderableObject {
    package static let shape = Shape<RecordedCheck> {
        Member("exact", \.isExact)
        Member("charges", \.charges)
        Member("adjustments", \.adjustments)
        Member("uncharged", \.uncharged)
        Member("different", \.problemCount)
        Member("problems", \.problems)
    }
}

extension RecordedCheck.Problem: RenderableObject {
    package static let shape = Shape<RecordedCheck.Problem> {
        Member("position", \.position)
        Member("charge", \.charge)
        Member("what", \.what)
    }
}

// MARK: - Scenarios

extension Scenarios.Entry: ListedObject {
    package static let listName = "scenarios"
    package static let layout = Table.Layout(
        names: ["recorded_usd": "recorded", "replayed_usd": "replayed"],
        expendable: ["unpriced_recorded", "unpriced_replayed", "rows", "position", "created"],
        nothing: "there are no scenarios: tally replay prices … --scenario NAME keeps one")

    package static let shape = Shape<Scenarios.Entry> {
        Member("name", \.name, .heading("scenario"))
        Member("kind", \.kind)
        Member("prices", \.prices, .column)
        Member("by", \.groupedBy, .column)
        Member("position", \.position, .column)
        Member("created_at", \.createdAt, .heading("created"))
        Member("rows", \.rows, .column)
        Member("recorded_usd", { $0.recorded.known(unpriced: $0.unpricedRecorded) }, .column)
        Member("replayed_usd", { $0.replayed.known(unpriced: $0.unpricedReplayed) }, .column)
        Member("unpriced_recorded", \.unpricedRecorded, .column)
        Member("unpriced_replayed", \.unpricedReplayed, .column)
    }
}
