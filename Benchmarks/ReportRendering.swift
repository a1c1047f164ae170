import JSON
import LedgerModel

extension BenchmarkReport {
    /// The report as a JSON object; the keys are those of `tally bench --json`.
    package var json: String {
        var json = JSONWriter()
        write(to: &json)
        return json.text
    }

    private func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("name", name)
            json.field("\(unit.rawValue)_per_second", raw: number(perSecond.median / unit.size))
            json.field("spread", raw: number(perSecond.spread))
            if let limit {
                json.field(
                    "limit_\(unit.rawValue)_per_second", raw: number(limit.median / unit.size))
            }
            if let ratio { json.field("ratio_to_limit", raw: number(ratio.median)) }
            if let p50 { json.field("p50_ms", raw: number(p50.median)) }
            if let p99 { json.field("p99_ms", raw: number(p99.median)) }
            for fact in facts { json.field(fact.name, raw: number(fact.value)) }
            json.key("runs")
            json.array(of: runs) { json, run in run.write(to: &json, unit) }
            if !also.isEmpty {
                json.key("also")
                json.array(of: also) { json, report in report.write(to: &json) }
            }
            if let machine {
                json.key("machine")
                machine.write(to: &json)
            }
        }
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
    fileprivate func write(to json: inout JSONWriter, _ unit: BenchmarkReport.Unit) {
        json.object { json in
            json.field(unit.rawValue, raw: number(Double(events) / unit.size))
            json.field("seconds", raw: number(seconds))
            json.field("\(unit.rawValue)_per_second", raw: number(perSecond / unit.size))
            if let limit {
                json.field("limit_\(unit.rawValue)_per_second", raw: number(limit / unit.size))
            }
            if let ratio { json.field("ratio_to_limit", raw: number(ratio)) }
            if let latency {
                json.field("p50_ms", raw: number(latency.p50Milliseconds))
                json.field("p99_ms", raw: number(latency.p99Milliseconds))
            }
        }
    }
}

extension Machine: CustomStringConvertible {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("cores", cores)
            json.field("cpu", cpu)
            json.field("memory_mb", memoryMegabytes)
            json.field("postgresql", postgresql)
            json.field("kernel", kernel)
            json.field("date", date)
        }
    }

    package var description: String {
        "\(cores) cores, \(cpu), \(memoryMegabytes) MB, PostgreSQL \(postgresql), "
            + "Linux \(kernel), \(date)"
    }
}

/// A number with three decimals, or none if it is large.
func number(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    if abs(value) >= 1_000 { return String(Int64(value.rounded())) }
    return decimal(Int128((value * 1_000).rounded()), scale: 3)
}

/// A whole number with thousands separators.
func grouped(_ value: Double) -> String {
    let digits = Array(String(Int64(value.rounded())))
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return text
}
