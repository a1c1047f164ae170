import LedgerModel
import Pricing

extension ReplayReport {
    /// The report as a JSON object; money as decimal strings, exact.
    package var json: String {
        var fields = [
            ("prices", pricesJSON),
            ("since", request.since.map { quoted($0.description) } ?? "null"),
            ("until", request.until.map { quoted($0.description) } ?? "null"),
            ("scope", scopeJSON),
            ("by", "[" + request.groupedBy.map { quoted($0.name) }.joined(separator: ",") + "]"),
            ("events", String(eventsRead)), ("total", object(json(total))),
            ("rows", "[" + rows.map(json).joined(separator: ",") + "]"),
        ]
        if let check { fields.append(("check", json(check))) }
        return object(fields)
    }

    private var pricesJSON: String {
        switch request.prices {
        case .recorded: quoted("recorded")
        case .book(let book):
            object([("name", quoted(book.name)), ("book_id", quoted(book.id.description))])
        }
    }

    private var scopeJSON: String {
        object(
            request.scope.sorted { $0.key.rawValue < $1.key.rawValue }
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

private func quoted(_ text: String) -> String {
    var json = ""
    appendJSONString(text, to: &json)
    return json
}

private func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\(quoted($0.0)):\($0.1)" }.joined(separator: ",") + "}"
}
