import LedgerModel
package import Rerating
package import Runs

/// A run, with its result once it is done.
package struct ShownRun: ListedObject {
    let run: Run
    /// The result as JSON.
    let result: String?

    package init(_ run: Run, result: String? = nil) {
        self.run = run
        self.result = result
    }

    package static let listName = "runs"

    package static let shape = Shape<ShownRun> {
        Member("id", \.run.id, .column)
        Member("kind", \.run.kind, .column)
        Member("state", \.run.state.rawValue, .column)
        Member("done", \.run.done, .column)
        Member("total", \.run.total, .column)
        Member("cancel_requested", { _ in true }, when: \.run.isCancelRequested)
        Member("created_at", \.run.createdAt, .column)
        Member("started_at", \.run.startedAt)
        Member("updated_at", \.run.updatedAt)
        Member("finished_at", \.run.finishedAt)
        Member("error", \.run.error, omitted: true)
        Member("result", { $0.result.map { JSONText($0) } }, omitted: true)
    }
}

/// The result of a re-rating.
package struct Rerated: RenderableObject, Reportable {
    let rerate: RerateReport
    let isDryRun: Bool

    package init(_ rerate: RerateReport, isDryRun: Bool = false) {
        self.rerate = rerate
        self.isDryRun = isDryRun
    }

    package static let shape = Shape<Rerated> {
        Member("position", \.rerate.position)
        Member("requests", \.rerate.requests)
        Member("adjusted", \.rerate.adjusted)
        Member("newly_priced", \.rerate.newlyPriced)
        Member("newly_unpriced", \.rerate.newlyUnpriced)
        Member("already_booked", \.rerate.alreadyBooked)
        Member("uncharged", \.rerate.uncharged)
        Member("unpriced_before", \.rerate.unpricedBefore)
        Member("unpriced_after", \.rerate.unpricedAfter)
        Member("before_usd", { $0.before })
        Member("after_usd", { $0.after })
        Member("difference_usd", \.rerate.difference)
    }

    private var before: PicodollarSum? { rerate.before.known(unpriced: rerate.unpricedBefore) }
    private var after: PicodollarSum? { rerate.after.known(unpriced: rerate.unpricedAfter) }

    package var report: Report {
        func usd(_ cost: PicodollarSum?) -> String { cost.map { "\($0)" } ?? Cell.unknown.shown }
        var facts = [
            ("requests compared with the prices now", grouped(rerate.requests)),
            (
                isDryRun ? "differ, and would be adjusted" : "differed: adjustments booked",
                grouped(rerate.adjusted)
            ),
            ("  of them had no price and have one now", grouped(rerate.newlyPriced)),
            ("  of them had a price and have none now", grouped(rerate.newlyUnpriced)),
            ("without a price before", grouped(rerate.unpricedBefore)),
            ("without a price after", grouped(rerate.unpricedAfter)),
            ("cost before, USD", usd(before)), ("cost after, USD", usd(after)),
            ("difference, USD", "\(rerate.difference)"),
        ]
        if rerate.alreadyBooked > 0 {
            facts.append(("adjusted by another run meanwhile", grouped(rerate.alreadyBooked)))
        }
        if rerate.uncharged > 0 {
            facts.append(("without a charge, left alone", grouped(rerate.uncharged)))
        }
        return Report(.facts(facts))
    }
}
