import LedgerModel

extension BenchmarkReport {
    /// The report as a JSON object; the keys are those of `tally bench --json`.
    package var json: String { jsonObject() }

    private func jsonObject() -> String {
        var pairs: [(String, String)] = [
            ("name", text(name)),
            ("\(unit.rawValue)_per_second", number(perSecond.median / unit.size)),
            ("spread", number(perSecond.spread)),
        ]
        if let limit {
            pairs.append(
                ("limit_\(unit.rawValue)_per_second", number(limit.median / unit.size)))
        }
        if let ratio { pairs.append(("ratio_to_limit", number(ratio.median))) }
        if let p50 { pairs.append(("p50_ms", number(p50.median))) }
        if let p99 { pairs.append(("p99_ms", number(p99.median))) }
        pairs += facts.map { ($0.name, number($0.value)) }
        pairs.append(("runs", "[" + runs.map { $0.json(unit) }.joined(separator: ",") + "]"))
        if !also.isEmpty {
            pairs.append(("also", "[" + also.map { $0.jsonObject() }.joined(separator: ",") + "]"))
        }
        if let machine { pairs.append(("machine", machine.json)) }
        return object(pairs)
    }

    /// The report as a short table for people.
    package var table: String {
        var lines = [
            Self.row([
                "", unit == .megabytes ? "MB/s" : "\(unit.rawValue)/s", "limit/s", "ratio",
                "p50 ms", "p99 ms",
                "seconds",
            ])
        ]
        for report in [self] + also {
            for (index, run) in report.runs.enumerated() {
                lines.append(
                    Self.row([
                        index == 0 ? report.name : "", grouped(run.perSecond / unit.size),
                        run.limit.map { grouped($0 / unit.size) } ?? "",
                        run.ratio.map { number($0) } ?? "",
                        run.latency.map { number($0.p50Milliseconds) } ?? "",
                        run.latency.map { number($0.p99Milliseconds) } ?? "", number(run.seconds),
                    ]))
            }
            lines.append(
                Self.row([
                    "  median", grouped(report.perSecond.median / unit.size),
                    report.limit.map { grouped($0.median / unit.size) } ?? "",
                    report.ratio.map { number($0.median) } ?? "",
                    report.p50.map { number($0.median) } ?? "",
                    report.p99.map { number($0.median) } ?? "", "",
                ]))
            lines += report.facts.map { "  \($0.name): \(number($0.value))" }
        }
        if let machine { lines.append("  \(machine)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let widths = [18, 12, 12, 8, 10, 10, 9]

    private static func row(_ cells: [String]) -> String {
        zip(cells, widths).enumerated().map { index, pair in
            let space = String(repeating: " ", count: max(0, pair.1 - pair.0.count))
            return index == 0 ? pair.0 + space : space + pair.0
        }.joined()
    }
}

extension BenchmarkReport.Run {
    fileprivate func json(_ unit: BenchmarkReport.Unit) -> String {
        var pairs = [
            (unit.rawValue, number(Double(events) / unit.size)), ("seconds", number(seconds)),
            ("\(unit.rawValue)_per_second", number(perSecond / unit.size)),
        ]
        if let limit {
            pairs.append(("limit_\(unit.rawValue)_per_second", number(limit / unit.size)))
        }
        if let ratio { pairs.append(("ratio_to_limit", number(ratio))) }
        if let latency {
            pairs.append(("p50_ms", number(latency.p50Milliseconds)))
            pairs.append(("p99_ms", number(latency.p99Milliseconds)))
        }
        return object(pairs)
    }
}

extension Machine: CustomStringConvertible {
    fileprivate var json: String {
        object([
            ("cores", String(cores)), ("cpu", text(cpu)), ("memory_mb", String(memoryMegabytes)),
            ("postgresql", text(postgresql)), ("kernel", text(kernel)), ("date", text(date)),
        ])
    }

    package var description: String {
        "\(cores) cores, \(cpu), \(memoryMegabytes) MB, PostgreSQL \(postgresql), "
            + "Linux \(kernel), \(date)"
    }
}

private func object(_ pairs: [(String, String)]) -> String {
    "{" + pairs.map { "\(text($0.0)):\($0.1)" }.joined(separator: ",") + "}"
}

private func text(_ string: String) -> String {
    var json = ""
    appendJSONString(string, to: &json)
    return json
}

/// Three decimals, or none for what is large.
func number(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    if abs(value) >= 1_000 { return String(Int64(value.rounded())) }
    return decimal(Int128((value * 1_000).rounded()), scale: 3)
}

/// A whole number with its thousands apart.
func grouped(_ value: Double) -> String {
    let digits = Array(String(Int64(value.rounded())))
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return text
}
