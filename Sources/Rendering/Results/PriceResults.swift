package import EventReading
package import LedgerModel
package import PriceBooks
package import Pricing

// MARK: - Books

extension PriceBookID: RenderableText {
    package static var format: JSONSchema.Format? { .uuid }
}

extension PriceRow: RenderableObject {
    /// Few prices depend on anything.
    package static let layout = Table.Layout(
        expendable: ["note", "weekdays", "hours", "until", "from", "region", "tier", "above"])

    package static let shape = Shape<PriceRow> {
        Member("provider", \.provider, .column)
        Member("model", \.model, .column)
        Member("unit", \.unit.name, .column)
        Member("usd", { Decimal($0.price) }, .column)
        Member("per", \.per, .column)
        Member("above", { $0.above == 0 ? nil : $0.above }, .column)
        Member("tier", \.tier, .column)
        Member("region", \.region, .column)
        Member("from", \.from, .column)
        Member("until", \.until, .column)
        Member("hours", \.hours, .column)
        Member("weekdays", \.weekdays, .column)
        Member("note", \.note, .column)
    }
}

// MARK: - Differences

extension BookDifference.Summary: RenderableObject {
    package static let shape = Shape<BookDifference.Summary> {
        Member("models_compared", \.modelsCompared)
        Member("models_equal", \.modelsEqual)
        Member("models_only_in_first", \.modelsOnlyInFirst)
        Member("models_only_in_second", \.modelsOnlyInSecond)
        Member("prices_higher", \.higher)
        Member("prices_lower", \.lower)
        Member("prices_only_in_first", \.pricesOnlyInFirst)
        Member("prices_only_in_second", \.pricesOnlyInSecond)
    }
}

extension BookDifference: RenderableObject {
    package static let shape = Shape<BookDifference> {
        Member("equal", \.isEmpty)
        Member("summary", \.summary)
        Member("allowances_only_in_first", { $0.allowancesOnlyInFirst.map(\.name) })
        Member("allowances_only_in_second", { $0.allowancesOnlyInSecond.map(\.name) })
        Member("differences", \.rows)
    }
}

extension BookDifference.Row: RenderableObject {
    package static let shape = Shape<BookDifference.Row> {
        Member("provider", \.provider, .column)
        Member("model", \.model, .column)
        Member("unit", \.unit?.name, .column)
        Member(heading: "tier", \.tier)
        Member(heading: "region", \.region)
        Member(heading: "above") { $0.above == 0 ? nil : $0.above }
        Member(heading: "from", \.from)
        Member(heading: "until", \.until)
        Member(heading: "hours", \.hours?.description)
        Member(heading: "weekdays", \.weekdays?.description)
        Member("per", \.per, .column)
        Member("above", \.above)
        Member("tier", \.tier)
        Member("region", \.region)
        Member("from", \.from)
        Member("until", \.until)
        Member("hours", \.hours?.description)
        Member("weekdays", \.weekdays?.description)
        Member("first_usd", { $0.price(of: .first).map { Decimal($0) } }, .heading("first"))
        Member("second_usd", { $0.price(of: .second).map { Decimal($0) } }, .heading("second"))
        Member("ratio", { $0.ratio.map { Decimal($0) } }, .column)
        Member("only_in", \.onlyIn?.rawValue)
    }
}

/// Two books, and where they would charge differently.
package struct ComparedBooks: RenderableObject, Reportable {
    let first: PriceBook
    let second: PriceBook
    let names: (first: String, second: String)
    package let difference: BookDifference

    /// - Parameter names: what the books are called in a text.
    package init(
        _ first: PriceBook, _ second: PriceBook, called names: (first: String, second: String),
        at time: Timestamp?
    ) {
        self.first = first
        self.second = second
        self.names = names
        difference = first.difference(to: second, at: time)
    }

    package static let shape = Shape<ComparedBooks> {
        Member("first", { NamedBook(book: $0.first) })
        Member("second", { NamedBook(book: $0.second) })
        Member("difference", \.difference)
    }

    package var report: Report {
        DifferenceWords(difference: difference, first: names.first, second: names.second).report
    }
}

private struct NamedBook: RenderableObject {
    let book: PriceBook

    static let shape = Shape<NamedBook> {
        Member("book_id", \.book.id)
        Member("name", \.book.name)
    }
}

// MARK: - Audits

extension PriceAudit: RenderableObject, Reportable {
    package static let shape = Shape<PriceAudit> {
        Member("source", \.format.rawValue)
        Member("names", \.names)
        Member("equal", \.equal)
        Member("unexplained", \.unexplained)
        Member("disagreements", \.rows)
    }

    package var report: Report {
        Report(
            parts: PriceAudit.Row.parts(of: rows),
            verdict: "\(grouped(names)) names of \(format.rawValue) compared, \(grouped(equal)) "
                + "equal; \(grouped(rows.count)) disagreements, \(grouped(unexplained)) without a "
                + "reason")
    }
}

extension PriceAudit.Row: RenderableObject {
    package static let shape = Shape<PriceAudit.Row> {
        Member("provider", \.difference.provider, .column)
        Member("model", \.difference.model, .column)
        Member("unit", \.difference.unit?.name, .column)
        Member("tier", \.difference.tier, .column)
        Member("region", \.difference.region, .column)
        Member("above", { $0.difference.above == 0 ? nil : $0.difference.above }, .column)
        Member("from", \.difference.from)
        Member("until", \.difference.until)
        Member("hours", \.difference.hours?.description)
        Member("weekdays", \.difference.weekdays?.description)
        Member(
            "book_usd", { $0.difference.price(of: .first).map { Decimal($0) } }, .heading("book"))
        Member(
            "source_usd", { $0.difference.price(of: .second).map { Decimal($0) } },
            .heading("source"))
        Member("reason", \.reason, .column)
    }
}

// MARK: - Proposals

extension PriceProposal: ListedObject {
    package static let listName = "proposals"
    package static let layout = Table.Layout(
        nothing:
            "there are no proposals: tally prices refresh URL fetches prices and makes one if they differ"
    )

    package static let shape = Shape<PriceProposal> {
        Member("id", \.id, .column)
        Member("proposed_at", \.proposedAt, .column)
        Member(heading: "state", \.state)
        Member(heading: "higher", \.summary.higher)
        Member(heading: "lower", \.summary.lower)
        Member(heading: "added") { $0.summary.modelsOnlyInSecond + $0.summary.pricesOnlyInSecond }
        Member(heading: "removed") { $0.summary.modelsOnlyInFirst + $0.summary.pricesOnlyInFirst }
        Member("source", \.source, .column)
        Member("book_id", \.book)
        Member("base_id", \.base)
        Member("decision", \.decision?.rawValue)
        Member("decided_at", \.decidedAt)
        Member("summary", \.summary)
    }

    fileprivate var state: String { decision?.rawValue ?? "waits" }
}

/// The difference, and the difference for the models that the ledger used lately; null if it used
/// none.
extension PriceChange: RenderableObject {
    package static let shape = Shape<PriceChange> {
        Member(
            "used", { $0.used.map { UsedDifference(models: $0.models, difference: $0.difference) } }
        )
        Member("difference", \.whole)
    }
}

private struct UsedDifference: RenderableObject {
    let models: UsedModels
    let difference: BookDifference

    static let shape = Shape<UsedDifference> {
        Member("since", \.models.since)
        Member("until", \.models.until)
        Member("models", \.models.names.count)
        Member("difference", \.difference)
    }
}

/// A proposal with the changes it would make.
package struct ShownProposal: RenderableObject, Reportable {
    let proposal: PriceProposal
    let change: PriceChange

    package init(_ proposal: PriceProposal, _ change: PriceChange) {
        self.proposal = proposal
        self.change = change
    }

    package static let shape = Shape<ShownProposal> {
        Member(including: \.proposal)
        Member(including: \.change)
    }

    package var report: Report {
        let title =
            "proposal \(proposal.id) of \(proposal.proposedAt) from \(proposal.source): "
            + proposal.state
        var report = DifferenceWords.report(of: change, first: "base", second: "proposed")
        report.parts.insert(.text(title), at: 0)
        return report
    }
}

/// The outcome of `tally prices refresh`.
package struct RefreshedPrices: RenderableObject, Reportable {
    let outcome: PriceRefresh.Outcome
    let isApproved: Bool

    package init(_ outcome: PriceRefresh.Outcome, isApproved: Bool) {
        self.outcome = outcome
        self.isApproved = isApproved
    }

    package static let shape = Shape<RefreshedPrices> {
        Member("outcome", \.word)
        Member("proposal", \.proposed?.proposal, omitted: true)
        Member(
            "used",
            {
                $0.proposed?.change.used.map {
                    UsedDifference(models: $0.models, difference: $0.difference)
                }
            }, when: { $0.proposed != nil })
        Member("difference", \.proposed?.change.whole, omitted: true)
    }

    private var proposed: (proposal: PriceProposal, change: PriceChange)? {
        if case .proposed(let proposal, let change, _) = outcome { (proposal, change) } else { nil }
    }

    private var word: String {
        proposed == nil ? outcome.label : isApproved ? "approved" : "proposed"
    }

    package var report: Report {
        guard let (proposal, change) = proposed else {
            guard case .rejected(let proposal) = outcome else {
                return Report(.text("The ledger already uses this book."))
            }
            return Report(
                .text(
                    "This book was rejected (proposal \(proposal.id)); tally prices publish "
                        + "\(proposal.book) uses it anyway."))
        }
        var report = DifferenceWords.report(of: change, first: "now", second: "fetched")
        report.parts.append(
            .text(
                isApproved
                    ? "Book \(proposal.book) is in use."
                    : "Nothing has changed yet. To use it: tally prices approve \(proposal.id)"))
        return report
    }
}

/// The decision about a proposal.
package struct DecidedProposal: RenderableObject, Reportable {
    let proposal: PriceProposal
    let ledger: String
    /// Nil for a rejected proposal.
    let approval: (from: Timestamp, position: Int64)?

    package init(
        _ proposal: PriceProposal, in ledger: String,
        approved approval: (from: Timestamp, position: Int64)? = nil
    ) {
        self.proposal = proposal
        self.ledger = ledger
        self.approval = approval
    }

    package static let shape = Shape<DecidedProposal> {
        Member("id", \.proposal.id)
        Member("decision", { $0.approval == nil ? "rejected" : "approved" })
        Member("book_id", \.proposal.book, when: { $0.approval != nil })
        Member("effective_from", \.approval?.from, omitted: true)
        Member("position", \.approval?.position, omitted: true)
    }

    package var report: Report {
        Report(
            .text(
                approval.map {
                    "book \(proposal.book) prices ledger \(ledger) from \($0.from) on"
                } ?? "proposal \(proposal.id) is rejected"))
    }
}

// MARK: - Checks

/// A comparison of a book with recorded provider answers.
extension RecordedUsages.Report: RenderableObject, Reportable {
    package static let shape = Shape<RecordedUsages.Report> {
        Member("rows", \.rows)
        Member("exact", \.exactRows)
        Member("extractions", \.extractions)
        Member("exact_extractions", \.exactExtractions)
        Member("differences", \.differences)
    }

    package var report: Report {
        var report = Report()
        if !differences.isEmpty { report.parts = [.table(Table(differences))] }
        report.verdict =
            "\(grouped(exactRows)) of \(grouped(rows)) rows are exact "
            + "(\(grouped(exactExtractions)) of \(grouped(extractions)) extractions)"
        return report
    }
}

extension RecordedUsages.Difference: RenderableObject {
    package static let shape = Shape<RecordedUsages.Difference> {
        Member("row", \.row, .column)
        Member("provider", \.provider, .column)
        Member("flavor", \.flavor, .column)
        Member("what", \.what, .column)
        Member("expected", \.expected, .column)
        Member("found", \.found, .column)
    }
}
