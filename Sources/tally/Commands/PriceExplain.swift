import ArgumentParser
import Booking
import JSON
import LedgerModel
import PriceBooks
import Pricing
import Server

extension Prices {
    struct Explain: TallyCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows why a request costs what it costs, line by line until it adds up.",
            discussion: """
                The price is made again with the book that the charge names. Exit code 1: it is \
                not what was booked.
                """)

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var target: LedgerOptions
        @Argument(help: "Id of a request or of a charge, or the id that its sender gave it.")
        var id: String
        @Option(help: "The sender's source, where the id came with one (imports: import).")
        var source: String?
        @Flag(help: "Print the result as JSON.") var json = false

        func execute() async throws {
            let explanation = try await Deployment.with(try await database.settings()) {
                deployment in
                let openLedger = try await deployment.ledger(target.ledger)
                let explainer = Explainer(
                    ledger: openLedger.store, bookStore: deployment.bookStore, pool: deployment.pool
                )
                return try await explainer.explain(id, source: source)
            }
            if json {
                print(JSONWriter.explanation(explanation).text)
            } else {
                print(ExplanationText(explanation).text, terminator: "")
            }
            if !explanation.holds { throw TallyExit.checkFailed }
        }
    }
}

/// An explanation for people.
struct ExplanationText {
    private let explanation: ChargeExplanation
    private var request: Event { explanation.request.event }

    init(_ explanation: ChargeExplanation) {
        self.explanation = explanation
    }

    var text: String {
        guard let charge = explanation.charge else {
            return requestText + "\nNo charge: a failed request that reported no usage costs "
                + "nothing.\n"
        }
        return requestText + "\n" + chargeText(charge) + adjustmentsText + costText
    }

    private var requestText: String {
        let recorded = explanation.request
        var text = "\(request.kind.name) \(request.id)\n"
        if let external = request.externalID {
            let source = external.source.string
            text += "  id        \(external.id)" + (source.isEmpty ? "" : " of \(source)") + "\n"
        }
        text += "  occurred  \(request.occurredAt)\n"
        text += "  recorded  \(recorded.recordedAt) at position \(recorded.position)\n"
        let named: [(String, Dimension)] = [
            ("provider", .provider), ("model", .model), ("tier", .serviceTier),
            ("region", .region),
        ]
        for (word, dimension) in named {
            if let value = request.dimensions[dimension] { text += line(word, value.string) }
        }
        let usage = request.usage.units.map { "\($0.name) \($0.text(of: request.usage.value($0)))" }
        text += "  usage     \(usage.isEmpty ? "none" : usage.joined(separator: ", "))\n"
        return text
    }

    private func chargeText(_ charge: ChargeExplanation.Opinion) -> String {
        var text = "charge \(charge.event.event.id)\n"
        text += "  recorded  \(charge.event.recordedAt) at position \(charge.event.position)\n"
        for (what, why) in charge.reasons(for: request) {
            text += line(what, why)
        }
        text += "\n" + table(charge).text
        if charge.agrees { return text }
        let booked = charge.event.event.amount.map { "\($0) USD" } ?? "no price"
        return text + """

            !!! THIS IS NOT WHAT WAS BOOKED: the book gives \(words(charge.recomputed)), the \
            charge says \(booked).
            !!! Run `tally verify` to see whether the event or the book was changed.

            """
    }

    private func line(_ word: String, _ text: String) -> String {
        "  \(word)\(String(repeating: " ", count: max(1, 10 - word.count)))\(text)\n"
    }

    private func words(_ rating: Rating) -> String {
        switch rating {
        case .priced(let amount): "\(amount) USD"
        case .unpriced(let reason): "no price (\(reason))"
        }
    }

    private func table(_ charge: ChargeExplanation.Opinion) -> TextTable {
        var table = TextTable(["", "count", "usd", "per", "amount_usd", "how"])
        let lines = charge.derivation?.lines ?? []
        for line in lines {
            let quote = Quote.canonical(of: line.unit)
            table.add([
                line.unit.name, line.unit.text(of: line.count),
                (line.origin?.listRate ?? line.rate).price(per: quote.counts), quote.goods,
                dollars(ninths: line.listAmount),
                line.countWords(request.usage, among: lines) + "; " + line.rateWords,
            ])
        }
        for line in lines {
            guard let discount = line.origin?.source.discount else { continue }
            table.add([
                "discount", nil, nil, nil, dollars(ninths: line.amount - line.listAmount),
                "\(discount.name): × \(discount.factor) on \(line.unit.name)",
            ])
        }
        if let derivation = charge.derivation, case .priced(let amount) = charge.recomputed {
            table.add(["sum", nil, nil, nil, dollars(ninths: derivation.total), "exact"])
            table.add([
                "rounded", nil, nil, nil, amount.description, "once, half-even, to 1e-12 USD",
            ])
        }
        if case .unpriced(let reason) = charge.recomputed {
            table.add(["unpriced", nil, nil, nil, nil, reason.description])
        }
        table.add([
            "booked", nil, nil, nil, charge.event.event.amount?.description,
            charge.event.event.unpriced?.string
                ?? (charge.agrees ? "the same" : "SOMETHING ELSE"),
        ])
        return table
    }

    private var adjustmentsText: String {
        explanation.adjustments.map { adjustment in
            let event = adjustment.event.event
            var text = "\nadjustment \(event.id)\n"
            text +=
                "  recorded  \(adjustment.event.recordedAt) at position "
                + "\(adjustment.event.position)\n"
            text +=
                "  delta     \(event.amount?.description ?? "none") USD, which makes "
                + "\(adjustment.costSoFar.map { "\($0) USD" } ?? "no price")\n"
            if let reason = event.unpriced { text += "  unpriced  \(reason)\n" }
            if let book = adjustment.book {
                let verdict = adjustment.agrees ? "the same" : "the rest is no price of the book"
                let price = words(adjustment.recomputed)
                text += "  book      \(book.name) (\(book.id)) gives \(price): \(verdict)\n"
            }
            for (key, value) in event.detail?.pairs ?? [] { text += "  \(key): \(value)\n" }
            return text
        }.joined()
    }

    private var costText: String {
        let cost = explanation.cost.map { "\($0) USD" } ?? "unknown: there is no price"
        return "\ncost now  \(cost)\n"
    }
}
