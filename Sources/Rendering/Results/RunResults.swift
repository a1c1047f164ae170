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
    package static let layout = Table.Layout(
        nothing: "there are no runs")

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
        var facts = [
            ("requests compared with the prices now", rerate.requests.cell),
            (
                isDryRun ? "differ, and would be adjusted" : "differed: adjustments booked",
                rerate.adjusted.cell
            ),
            ("  of them had no price and have one now", rerate.newlyPriced.cell),
            ("  of them had a price and have none now", rerate.newlyUnpriced.cell),
            ("without a price before", rerate.unpricedBefore.cell),
            ("without a price after", rerate.unpricedAfter.cell),
            ("cost before", before.cell), ("cost after", after.cell),
            ("difference", Cell(money: rerate.difference, isSigned: true)),
        ]
        if rerate.alreadyBooked > 0 {
            facts.append(("adjusted by another run meanwhile", rerate.alreadyBooked.cell))
        }
        if rerate.uncharged > 0 {
            facts.append(("without a charge, left alone", rerate.uncharged.cell))
        }
        return Report(.facts(facts))
    }
}
