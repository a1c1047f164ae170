import LedgerModel
package import PriceBooks
import Pricing

/// A charge with its derivation, line by line up to the sum.
extension ChargeExplanation: RenderableObject, Reportable {
    package static let shape = Shape<ChargeExplanation> {
        Member("request", \.request)
        Member("charged", { $0.charge != nil })
        Member("cost_usd", \.cost)
        Member("holds", \.holds)
        Member(
            "charges",
            { explanation in
                explanation.opinions.map {
                    ExplainedCharge(opinion: $0, request: explanation.request.event)
                }
            })
    }

    package var report: Report {
        var report = Report()
        report.parts = [.text(requestText)]
        guard let charge else {
            report.parts.append(
                .text("No charge: a failed request that reported no usage costs nothing."))
            return report
        }
        let explained = ExplainedCharge(opinion: charge, request: request.event)
        report.parts += [.text(explained.text), .table(explained.table)]
        if let alarm = explained.alarm { report.parts.append(.text(alarm)) }
        report.parts += adjustments.map { .text(text(of: $0)) }
        let cost = cost.map { "\($0) USD" } ?? "unknown: there is no price"
        report.parts.append(.text("cost now  \(cost)"))
        return report
    }

    private var requestText: String {
        let event = request.event
        var lines = ["\(event.kind.name) \(event.id)"]
        if let external = event.externalID {
            let source = external.source.string
            lines.append(line("id", "\(external.id)" + (source.isEmpty ? "" : " of \(source)")))
        }
        lines.append(line("occurred", "\(event.occurredAt)"))
        lines.append(recorded(request))
        let named: [(String, Dimension)] = [
            ("provider", .provider), ("model", .model), ("tier", .serviceTier),
            ("region", .region),
        ]
        for (word, dimension) in named {
            if let value = event.dimensions[dimension] { lines.append(line(word, "\(value)")) }
        }
        let usage = event.usage.units.map { "\($0.name) \($0.text(of: event.usage.value($0)))" }
        lines.append(line("usage", usage.isEmpty ? "none" : usage.joined(separator: ", ")))
        return lines.joined(separator: "\n")
    }

    private func text(of adjustment: Opinion) -> String {
        let event = adjustment.event.event
        let sum = adjustment.costSoFar.map { "\($0) USD" } ?? "no price"
        var lines = [
            "adjustment \(event.id)", recorded(adjustment.event),
            line("delta", "\(event.amount?.description ?? "none") USD, which makes \(sum)"),
        ]
        if let reason = event.unpriced { lines.append(line("unpriced", "\(reason)")) }
        if let book = adjustment.book {
            let verdict = adjustment.agrees ? "the same" : "the rest is not a price of the book"
            let price = adjustment.recomputed.words
            lines.append(line("book", "\(book.name) (\(book.id)) gives \(price): \(verdict)"))
        }
        lines += (event.detail?.pairs ?? []).map { "  \($0.key): \($0.value)" }
        return lines.joined(separator: "\n")
    }
}

private func line(_ word: String, _ text: String) -> String {
    "  \(word)\(String(repeating: " ", count: max(1, 10 - word.count)))\(text)"
}

private func recorded(_ event: RecordedEvent) -> String {
    line("recorded", "\(event.recordedAt) at position \(event.position)")
}

extension Rating {
    fileprivate var words: String {
        switch self {
        case .priced(let amount): "\(amount) USD"
        case .unpriced(let reason): "no price (\(reason))"
        }
    }

    /// The amount with all of its digits, since an explanation is about the last one.
    fileprivate var exactCell: Cell {
        switch self {
        case .priced(let amount): Cell(number: amount.description)
        case .unpriced: .unknown
        }
    }
}

/// The amount that one event booked, beside the amount by its book.
private struct ExplainedCharge: RenderableObject {
    let opinion: ChargeExplanation.Opinion
    let request: Event

    private var event: Event { opinion.event.event }

    static let shape = Shape<ExplainedCharge> {
        Member("id", \.event.id)
        Member("type", \.event.kind.name)
        Member("position", \.opinion.event.position)
        Member("recorded_at", \.opinion.event.recordedAt)
        Member("booked_usd", \.event.amount)
        Member("unpriced", \.event.unpriced)
        Member("cost_so_far_usd", \.opinion.costSoFar)
        Member("detail", \.event.detail?.json, omitted: true)
        Member("book_id", \.opinion.book?.id)
        Member("book_name", \.opinion.book?.name)
        Member("published_at", \.opinion.publication?.publishedAt)
        Member("effective_from", \.opinion.publication?.effectiveFrom)
        Member("reasons", { NamedValues($0.reasons.map { ($0.0, $0.1) }) })
        Member("lines", \.lines)
        Member("unrounded_usd", { $0.opinion.derivation.map { Decimal(ninths: $0.total) } })
        Member("recomputed_usd", \.opinion.recomputed, when: { $0.unpriced == nil })
        Member("recomputed_unpriced", \.unpriced, omitted: true)
        Member("agrees", \.opinion.agrees)
    }

    private var reasons: [(String, String)] { opinion.reasons(for: request) }

    private var unpriced: String? {
        if case .unpriced(let reason) = opinion.recomputed { reason.description } else { nil }
    }

    private var lines: [ExplainedLine] {
        let lines = opinion.derivation?.lines ?? []
        return lines.map { ExplainedLine(line: $0, all: lines, usage: request.usage) }
    }

    // MARK: For people

    var text: String {
        (["charge \(event.id)", recorded(opinion.event)] + reasons.map { line($0.0, $0.1) })
            .joined(separator: "\n")
    }

    var alarm: String? {
        if opinion.agrees { return nil }
        let booked = event.amount.map { "\($0) USD" } ?? "no price"
        return """
            !!! THIS IS NOT WHAT WAS BOOKED: the book gives \(opinion.recomputed.words), the \
            charge says \(booked).
            !!! Run `tally verify` to see whether the event or the book was changed.
            """
    }

    var table: Table {
        var table = Table(["", "count", "usd", "per", "amount_usd", "how"])
        func add(_ name: String, _ amount: Cell, _ how: String) {
            table.add([Cell(name), .empty, .empty, .empty, amount, Cell(how)])
        }
        for line in lines { table.add(line.cells) }
        for line in lines {
            guard let (amount, how) = line.discount else { continue }
            add("discount", amount.cell, how)
        }
        if let derivation = opinion.derivation, unpriced == nil {
            add("sum", Decimal(ninths: derivation.total).cell, "exact")
            add("rounded", opinion.recomputed.exactCell, "once, half-even, to 1e-12 USD")
        }
        if let unpriced { add("unpriced", .unknown, unpriced) }
        add(
            "booked", event.amount.map { Cell(number: $0.description) } ?? .unknown,
            event.unpriced?.string ?? (opinion.agrees ? "the same" : "SOMETHING ELSE"))
        return table
    }
}

/// The cost of one unit of a request.
private struct ExplainedLine: RenderableObject {
    let line: Derivation.Line
    let all: [Derivation.Line]
    let usage: Usage

    private var quote: Quote { Quote.canonical(of: line.unit) }
    private var terms: Discount? { line.origin?.source.discount }
    private var count: Decimal { Decimal(line.unit.text(of: line.count)) }
    private var countWords: String { line.countWords(usage, among: all) }
    private var listRate: Decimal {
        Decimal((line.origin?.listRate ?? line.rate).price(per: quote.counts))
    }
    private var cut: Decimal { Decimal(ninths: line.amount - line.listAmount) }

    static let shape = Shape<ExplainedLine> {
        Member("unit", \.line.unit.name)
        Member("count", \.count)
        Member("count_from", \.countWords)
        Member("list_rate_usd", \.listRate)
        Member("rate_usd", { Decimal($0.line.rate.price(per: $0.quote.counts)) })
        Member("per", \.quote.goods)
        Member("rate_from", \.line.rateWords)
        Member("list_amount_usd", { Decimal(ninths: $0.line.listAmount) })
        Member("discount", \.terms?.name, omitted: true)
        Member("discount_factor", \.terms?.factor.description, omitted: true)
        Member("discount_usd", \.cut, when: { $0.terms != nil })
        Member("amount_usd", { Decimal(ninths: $0.line.amount) })
    }

    var cells: [Cell] {
        [
            Cell(line.unit.name), count.cell, listRate.cell, Cell(quote.goods),
            Decimal(ninths: line.listAmount).cell, Cell("\(countWords); \(line.rateWords)"),
        ]
    }

    var discount: (amount: Decimal, how: String)? {
        terms.map { (cut, "\($0.name): × \($0.factor) on \(line.unit.name)") }
    }
}

extension Decimal {
    /// A sum of rates in ninths of their unit.
    fileprivate init(ninths: Int128) {
        self.init(dollars(ninths: ninths))
    }
}
