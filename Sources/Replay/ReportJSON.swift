import EventStore
import JSON
import LedgerModel
import Pricing

extension ReplayReport {
    /// The report as a JSON object; money as decimal strings, exact.
    package var json: String { json(rowsMax: .max) }

    /// - Parameter rowsMax: rows beyond are left out, and counted.
    package func json(rowsMax: Int) -> String {
        let shown = rows.prefix(rowsMax)
        var fields = [
            ("prices", pricesJSON),
            ("since", request.filter.since.map { quoted($0.description) } ?? "null"),
            ("until", request.filter.until.map { quoted($0.description) } ?? "null"),
            ("scope", scopeJSON),
            ("by", "[" + request.groupedBy.map { quoted($0.name) }.joined(separator: ",") + "]"),
            ("position", String(position)), ("events", String(eventsRead)),
            ("total", object(json(total))),
            ("rows", list(shown.map(json))), ("rows_omitted", String(rows.count - shown.count)),
            ("unpriced", list(unpricedReasons.map(json))),
        ]
        if !request.whatIf.isEmpty { fields += supposed }
        if facts.unattachedCharges > 0 {
            fields.append(("unattached_charges", String(facts.unattachedCharges)))
            fields.append(("unattached_usd", quoted(facts.unattached.description)))
        }
        if request.isMetered { fields.append(("free_usd", quoted(facts.free.description))) }
        if let check { fields.append(("check", json(check))) }
        return object(fields)
    }

    private var pricesJSON: String {
        switch request.prices {
        case .recorded: quoted("recorded")
        case .book(let book):
            object([("name", quoted(book.name)), ("book_id", quoted(book.id.description))])
        case .schedule(let schedule):
            list(
                schedule.entries.map { entry in
                    object([
                        ("name", quoted(entry.book.name)),
                        ("book_id", quoted(entry.book.id.description)),
                        ("from", entry.effectiveFrom.map { quoted($0.description) } ?? "null"),
                    ])
                })
        }
    }

    /// What was supposed, and what became of it.
    private var supposed: [(String, String)] {
        let unused = Set(unusedDiscounts)
        let discounts = request.whatIf.discounts.map { discount in
            object([
                ("name", quoted(discount.name)), ("factor", quoted(discount.factor.description)),
                ("used", String(!unused.contains(discount))),
            ])
        }
        return [("models", list(models.map(json))), ("discounts", list(discounts))]
    }

    private func json(_ model: MappedModel) -> String {
        var fields = [
            ("provider", model.from.provider.map { quoted($0.string) } ?? "null"),
            ("model", quoted(model.from.model.string)),
            ("to", model.to.map { quoted($0.description) } ?? "null"),
            ("requests", String(model.requests)),
        ]
        if let target = model.to, target.tokens != .one {
            fields.append(("tokens", quoted(target.tokens.description)))
        }
        if let tier = model.to?.tier { fields.append(("tier", quoted(tier))) }
        return object(fields)
    }

    private func json(_ reason: (reason: String, requests: Int64)) -> String {
        object([("reason", quoted(reason.reason)), ("requests", String(reason.requests))])
    }

    private var scopeJSON: String {
        object(
            request.filter.scope.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { ($0.key.name, quoted($0.value.string)) })
    }

    private func json(_ row: Row) -> String {
        let values = zip(request.groupedBy, row.values).map { grouping, value in
            (grouping.name, value.map { quoted($0.string) } ?? "null")
        }
        return object(values + json(row.sums))
    }

    private func json(_ sums: Sums) -> [(String, String)] {
        [
            ("requests", String(sums.requests)),
            ("recorded_usd", quoted(sums.recorded.description)),
            ("replayed_usd", quoted(sums.replayed.description)),
            ("difference_usd", quoted(sums.difference.description)),
            ("difference_percent", sums.percent.map { quoted($0) } ?? "null"),
            ("unpriced_recorded", String(sums.unpricedBefore)),
            ("unpriced_replayed", String(sums.unpricedAfter)),
        ]
    }

    private func json(_ check: RecordedCheck) -> String {
        let problems = check.problems.map { problem in
            object([
                ("position", String(problem.position)), ("charge", quoted("\(problem.charge)")),
                ("what", quoted(problem.what)),
            ])
        }
        return object([
            ("exact", String(check.isExact)), ("charges", String(check.charges)),
            ("adjustments", String(check.adjustments)), ("uncharged", String(check.uncharged)),
            ("different", String(check.problemCount)),
            ("problems", "[" + problems.joined(separator: ",") + "]"),
        ])
    }
}

private func list(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

private func quoted(_ text: String) -> String {
    var json = JSONWriter()
    json.value(text)
    return json.text
}

private func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\(quoted($0.0)):\($0.1)" }.joined(separator: ",") + "}"
}
