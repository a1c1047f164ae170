package import JSON
import LedgerModel
package import PriceBooks
package import Pricing

extension JSONWriter {
    /// A charge with its derivation, as `tally prices explain --json` and the service answer it.
    package static func explanation(_ explanation: ChargeExplanation) -> JSONWriter {
        let request = explanation.request
        var json = JSONWriter()
        json.object { json in
            json.key("request")
            json.event(request)
            json.field("charged", explanation.charge != nil)
            json.field("cost_usd", explanation.cost?.description)
            json.field("holds", explanation.holds)
            json.key("charges")
            json.array(of: explanation.opinions) { json, opinion in
                json.object { $0.opinion(opinion, on: request.event) }
            }
        }
        return json
    }

    private mutating func opinion(_ opinion: ChargeExplanation.Opinion, on request: Event) {
        let event = opinion.event.event
        field("id", event.id.description)
        field("type", event.kind.name)
        field("position", opinion.event.position)
        field("recorded_at", opinion.event.recordedAt.description)
        field("booked_usd", event.amount?.description)
        field("unpriced", event.unpriced?.string)
        field("cost_so_far_usd", opinion.costSoFar?.description)
        if let detail = event.detail {
            key("detail")
            value(raw: detail.canonicalJSON)
        }
        field("book_id", opinion.book?.id.description)
        field("book_name", opinion.book?.name)
        field("published_at", opinion.publication?.publishedAt.description)
        field("effective_from", opinion.publication?.effectiveFrom?.description)
        key("reasons")
        object { json in
            for (what, why) in opinion.reasons(for: request) { json.field(what, why) }
        }
        key("lines")
        let lines = opinion.derivation?.lines ?? []
        array(of: lines) { json, line in
            json.object { $0.line(line, request.usage, among: lines) }
        }
        field("unrounded_usd", opinion.derivation.map { dollars(ninths: $0.total) })
        switch opinion.recomputed {
        case .priced(let amount): field("recomputed_usd", amount.description)
        case .unpriced(let reason): field("recomputed_unpriced", reason.description)
        }
        field("agrees", opinion.agrees)
    }

    private mutating func line(
        _ line: Derivation.Line, _ usage: Usage, among lines: [Derivation.Line]
    ) {
        let quote = Quote.canonical(of: line.unit)
        field("unit", line.unit.name)
        field("count", line.unit.text(of: line.count))
        field("count_from", line.countWords(usage, among: lines))
        field("list_rate_usd", (line.origin?.listRate ?? line.rate).price(per: quote.counts))
        field("rate_usd", line.rate.price(per: quote.counts))
        field("per", quote.goods)
        field("rate_from", line.rateWords)
        field("list_amount_usd", dollars(ninths: line.listAmount))
        if let discount = line.origin?.source.discount {
            field("discount", discount.name)
            field("discount_factor", discount.factor.description)
            field("discount_usd", dollars(ninths: line.amount - line.listAmount))
        }
        field("amount_usd", dollars(ninths: line.amount))
    }

    package static func published(_ published: LedgerTerms.Published) -> JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.field("book_id", published.book.id.description)
            json.field("name", published.book.name)
            json.field("discounts", published.book.terms.discounts.count)
            json.field("allowances", published.book.terms.allowances.count)
            json.field("effective_from", published.effectiveFrom?.description)
            json.field("position", published.position)
        }
        return json
    }

    package mutating func proposal(_ proposal: PriceProposal) {
        field("id", proposal.id.description)
        field("proposed_at", proposal.proposedAt.description)
        field("source", proposal.source)
        field("book_id", proposal.book.description)
        field("base_id", proposal.base.description)
        field("decision", proposal.decision?.rawValue)
        field("decided_at", proposal.decidedAt?.description)
        key("summary")
        summary(proposal.summary)
    }

    private mutating func summary(_ summary: BookDifference.Summary) {
        object { json in
            json.field("models_compared", summary.modelsCompared)
            json.field("models_equal", summary.modelsEqual)
            json.field("models_only_in_first", summary.modelsOnlyInFirst)
            json.field("models_only_in_second", summary.modelsOnlyInSecond)
            json.field("prices_higher", summary.higher)
            json.field("prices_lower", summary.lower)
            json.field("prices_only_in_first", summary.pricesOnlyInFirst)
            json.field("prices_only_in_second", summary.pricesOnlyInSecond)
        }
    }

    /// The difference, and that of the models that the ledger used lately; null where it used none.
    package mutating func change(_ change: PriceChange) {
        key("used")
        if let used = change.used {
            object { json in
                json.field("since", used.models.since.description)
                json.field("until", used.models.until.description)
                json.field("models", used.models.names.count)
                json.key("difference")
                json.difference(used.difference)
            }
        } else {
            value(raw: "null")
        }
        key("difference")
        difference(change.whole)
    }

    package mutating func difference(_ difference: BookDifference) {
        object { json in
            json.field("equal", difference.isEmpty)
            json.key("summary")
            json.summary(difference.summary)
            for (name, allowances) in [
                ("allowances_only_in_first", difference.allowancesOnlyInFirst),
                ("allowances_only_in_second", difference.allowancesOnlyInSecond),
            ] {
                json.key(name)
                json.array(of: allowances) { $0.value($1.name) }
            }
            json.key("differences")
            json.array(of: difference.rows) { json, row in json.object { $0.row(row) } }
        }
    }

    private mutating func row(_ row: BookDifference.Row) {
        field("provider", row.provider)
        field("model", row.model)
        field("unit", row.unit?.name)
        field("per", row.per)
        field("above", row.above)
        field("tier", row.tier)
        field("region", row.region)
        field("from", row.from?.description)
        field("until", row.until?.description)
        field("hours", row.hours?.description)
        field("first_usd", row.price(of: .first))
        field("second_usd", row.price(of: .second))
        field("ratio", row.ratio)
        field("only_in", row.onlyIn?.rawValue)
    }
}
