internal import BuiltIn
package import LedgerModel

extension PriceBook {
    /// The book built into `tally`, made from genai-prices and LiteLLM, see docs/prices.md.
    ///
    /// Reading it takes about a tenth of a second, once.
    package static let `default`: PriceBook = {
        do throws(PriceFileError) {
            return try PriceFile.read(String(cString: built_in_price_book()))
        } catch {
            preconditionFailure("the default price book can't be read: \(error)")
        }
    }()
}

/// One price of a model, as `tally prices show` prints it.
package struct PriceRow: Hashable, Sendable {
    package let provider: String
    package let model: String
    package let unit: UsageUnit
    /// Dollars for `per`, exact.
    package let price: String
    /// What the price buys: "1M tokens", "hour".
    package let per: String
    /// Total input tokens above which the price applies.
    package let above: Int64
    package let tier: String?
    package let region: String?
    package let from: Timestamp?
    package let until: Timestamp?
    /// A part of the day in UTC such as "00:30-16:30"; nil means the whole day.
    package let hours: String?
    /// Days of the week in UTC such as "sat, sun"; nil means every day.
    package let weekdays: String?
    /// What a source of the built-in book says instead, and why that isn't taken.
    package var note: String?
}

/// A model in the list of a book.
package struct ModelSummary: Hashable, Sendable {
    package let provider: String
    package let model: String
    /// Dollars per million tokens at `at`, standard tier; nil if the model has no such price.
    package let input: String?
    package let output: String?
}

extension PriceBook {
    /// Every price of the models that a name means, by provider; with a time, only those in force
    /// then.
    package func show(
        model: Name, provider: Name? = nil, at time: Timestamp? = nil
    ) -> [PriceRow] {
        let sellers = provider.map { [$0] } ?? providers.map { Name($0.id) }
        var rows: [PriceRow] = []
        for seller in sellers {
            guard let found = try? find(provider: seller, model: model) else { continue }
            // Without a provider each model is shown once, under its owner.
            if found.isBorrowed, provider == nil { continue }
            for list in found.model.prices where time.map(list.isInForce) ?? true {
                rows += list.rates.flatMap { self.rows(of: $0, in: list, of: found) }
            }
        }
        return name.hasPrefix("default ") && self == .default ? rows.map(noted) : rows
    }

    private func noted(_ row: PriceRow) -> PriceRow {
        let choices = PriceReasons.builtIn.choices(
            of: row.provider, unit: row.unit, tier: row.tier)
        let notes = choices.filter { choice in
            !choice.prices.contains(row.price)
                && ids(provider: Name(row.provider), model: Name(choice.model))?.model == row.model
        }
        var noted = row
        if !notes.isEmpty {
            // Sources often differ for one reason, which is said once, after all that it explains.
            var reasons: [(says: [String], because: String)] = []
            for note in notes {
                let says = "\(note.source): \(note.says)"
                if let known = reasons.firstIndex(where: { $0.because == note.because }) {
                    reasons[known].says.append(says)
                } else {
                    reasons.append(([says], note.because))
                }
            }
            noted.note = reasons.map { "\($0.says.joined(separator: ", ")); \($0.because)" }
                .joined(separator: "; ")
        }
        return noted
    }

    private func rows(
        of rate: UnitRate, in list: PriceList, of found: FoundModel
    ) -> [PriceRow] {
        let quote = Quote.canonical(of: rate.unit)
        let levels = [UnitRate.Step(above: 0, rate: rate.base)] + rate.steps
        return levels.map { level in
            PriceRow(
                provider: found.provider.id, model: found.model.id, unit: rate.unit,
                price: level.rate.price(per: quote.counts), per: quote.goods, above: level.above,
                tier: list.tier, region: list.region, from: list.from, until: list.until,
                hours: list.hours?.description, weekdays: list.weekdays?.description)
        }
    }

    /// Every model with its main prices at a time, in book order.
    package func list(at time: Timestamp) -> [ModelSummary] {
        providers.flatMap { provider in
            provider.models.map { model in
                let list = model.prices.last {
                    $0.tier == nil && $0.region == nil && $0.isInForce(at: time)
                }
                func price(of unit: UsageUnit) -> String? {
                    let rate = list?.rates.first { $0.unit == unit }
                    return rate?.base.price(per: Quote.canonical(of: unit).counts)
                }
                return ModelSummary(
                    provider: provider.id, model: model.id, input: price(of: .inputTokens),
                    output: price(of: .outputTokens))
            }
        }
    }
}

extension Quote {
    /// What the price buys, for people.
    package var goods: String {
        switch word {
        case "input_hours", "output_hours": "hour"
        case "input_mchars": "1M characters"
        case "web_searches_kcount": "1K searches"
        case "images_kcount": "1K images"
        case "requests_kcount": "1K requests"
        default: "1M tokens"
        }
    }
}

extension DailyHours: CustomStringConvertible {
    /// `16:30-00:30`, with seconds where there are any.
    package var description: String { "\(Self.clock(start))-\(Self.clock(end))" }

    private static func clock(_ microseconds: Int64) -> String {
        let seconds = microseconds / 1_000_000
        let numbers = [seconds / 3_600, seconds / 60 % 60, seconds % 60]
        let shown = numbers[2] == 0 ? numbers.dropLast() : numbers[...]
        return shown.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
