package import LedgerModel
package import Pricing
package import Replay

/// A book of a ledger, with the time from which it prices events.
package struct ShownBook: ListedObject {
    let entry: PriceSchedule.Entry
    let isInForce: Bool

    /// The books of a ledger in the order of publication.
    ///
    /// - Parameter now: the time at which one of them is in force.
    package static func all(of schedule: PriceSchedule, at now: Timestamp) -> [ShownBook] {
        let inForce = schedule.index(at: now)
        return schedule.entries.enumerated().map {
            ShownBook(entry: $1, isInForce: $0 == inForce)
        }
    }

    package static let listName = "prices"
    package static let layout = Table.Layout(
        nothing: "no price book is published: tally prices publish publishes the built-in one")

    package static let shape = Shape<ShownBook> {
        Member("book_id", \.entry.book.id, .heading("book"))
        Member("name", \.entry.book.name, .column)
        Member("models", \.entry.book.modelCount, .column)
        Member("discounts", \.entry.book.terms.discounts.count)
        Member("allowances", \.entry.book.terms.allowances.count)
        // Books of one name may differ by their terms alone.
        Member(heading: "terms", \.terms)
        Member("effective_from", \.entry.effectiveFrom)
        Member(heading: "effective_from") { $0.entry.effectiveFrom?.description ?? "always" }
        Member("in_force", \.isInForce)
        Member(heading: "in_force") { $0.isInForce ? "now" : "" }
    }

    private var terms: String {
        let terms = entry.book.terms
        return [(terms.discounts.count, "discount"), (terms.allowances.count, "allowance")]
            .filter { $0.0 > 0 }.map { counted($0.0, $0.1) }.joined(separator: ", ")
    }
}

/// A book that was put into use.
package struct PublishedBook: RenderableObject, Reportable {
    let book: PriceBook
    let ledger: String
    let effectiveFrom: Timestamp?
    /// Nil if it was only tried.
    let position: Int64?
    let showsTerms: Bool
    let base: PriceBook?

    /// - Parameter base: the book that it was laid over.
    package init(
        _ book: PriceBook, in ledger: String, from time: Timestamp?, at position: Int64?,
        showsTerms: Bool = false, over base: PriceBook? = nil
    ) {
        self.book = book
        self.ledger = ledger
        effectiveFrom = time
        self.position = position
        self.showsTerms = showsTerms
        self.base = base
    }

    package static let shape = Shape<PublishedBook> {
        Member("book_id", \.book.id)
        Member("name", \.book.name)
        Member("models", \.book.modelCount)
        Member("over", { $0.base?.id })
        Member("discounts", \.book.terms.discounts.count)
        Member("allowances", \.book.terms.allowances.count)
        Member("effective_from", \.effectiveFrom)
        Member("position", \.position)
    }

    package var report: Report {
        let terms = book.terms
        let holds =
            showsTerms
            ? "; discounts: \(terms.discounts.count), allowances: \(terms.allowances.count)"
            : ", \(counted(book.modelCount, "model"))"
        let verb = position == nil ? "would price" : "prices"
        return Report(
            .text(
                "book \(book.id) (\(book.name)\(holds)) \(verb) ledger \(ledger) from "
                    + "\(effectiveFrom?.description ?? "the beginning") on"))
    }
}

/// A book of a file that was put into use, or tried, with what it means for recent requests.
package struct ImportedBook: RenderableObject, Reportable {
    let published: PublishedBook
    let impact: BookImpact

    package init(_ published: PublishedBook, _ impact: BookImpact) {
        self.published = published
        self.impact = impact
    }

    package static let shape = Shape<ImportedBook> {
        Member(including: \.published)
        Member("dry_run", { $0.published.position == nil })
        Member("impact", \.impact)
    }

    package var report: Report { published.report }
}

extension BookImpact: RenderableObject, Reportable {
    package static let shape = Shape<BookImpact> {
        Member("since", \.since)
        Member("requests", \.requests)
        Member("becomes_unpriced", \.lost)
        Member("becomes_unpriced_usd", \.lostCost)
        Member("becomes_priced", \.gained)
        Member("models", \.losses)
    }

    private static let lossesShownMax = 10

    /// What it would have meant for the last days, before it is done.
    package var report: Report {
        let days = "of the last \(Self.days) days"
        guard requests > 0 else { return Report(.text("there are no requests \(days)")) }
        var lines: [String] = []
        if losses.isEmpty {
            lines.append("no request \(days) loses its price")
        } else {
            lines.append(
                "\(grouped(lost)) of \(counted(requests, "request")) \(days) would have no price; "
                    + "they were booked at \(dollars(lostCost)):")
            lines += losses.prefix(Self.lossesShownMax).map { loss in
                let name = [loss.provider, loss.model].compactMap { $0?.string }
                return "  \(name.joined(separator: "/")): \(counted(loss.requests, "request")), "
                    + dollars(loss.cost)
            }
            if losses.count > Self.lossesShownMax {
                lines.append("  and \(counted(losses.count - Self.lossesShownMax, "model")) more")
            }
        }
        if gained > 0 { lines.append("\(counted(gained, "request")) \(days) would get a price") }
        return Report(.text(lines.joined(separator: "\n")))
    }
}

extension BookImpact.Loss: RenderableObject {
    package static let shape = Shape<BookImpact.Loss> {
        Member("provider", \.provider)
        Member("model", \.model)
        Member("requests", \.requests)
        Member("cost_usd", \.cost)
    }
}
