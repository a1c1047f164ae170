package import CoreMetrics
import LedgerModel
import Synchronization

/// The metrics of this process, in the text format of Prometheus.
///
/// A backend of swift-metrics: counters, gauges (meters, and recorders that do not aggregate) and
/// histograms (timers and aggregating recorders) with fixed buckets.
package final class PrometheusRegistry: MetricsFactory {
    private let instruments = Mutex<[Key: MetricInstrument]>([:])

    /// The most instruments: names are the process's own, but labels may come from requests; beyond
    /// this number, new label sets are counted together, without labels.
    package static let instrumentsMax = 50_000

    private struct Key: Hashable {
        let name: String
        /// Names and values in turn.
        let labels: [String]
    }

    package init() {}

    package func makeCounter(
        label: String, dimensions: [(String, String)]
    ) -> any CounterHandler {
        instrument(label, dimensions, .counter)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        instrument(label, dimensions, .gauge)
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        instrument(label, dimensions, aggregate ? .histogram : .gauge)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        instrument(label + "_seconds", dimensions, .histogram)
    }

    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    /// The instrument of a family with these values of its labels.
    func instrument(_ family: MetricFamily, _ values: [String]) -> MetricInstrument {
        precondition(values.count == family.labels.count, "each label has a value")
        let labels = zip(family.labels, values).flatMap { [$0, $1] }
        return instrument(Key(name: family.name, labels: labels), family.kind)
    }

    func add(_ amount: Int, to family: MetricFamily, _ values: [String]) {
        instrument(family, values).increment(by: Int64(amount))
    }

    private func instrument(
        _ label: String, _ dimensions: [(String, String)], _ kind: MetricFamily.Kind
    ) -> MetricInstrument {
        let labels = dimensions.flatMap { [Self.metricName($0.0), $0.1] }
        return instrument(Key(name: Self.metricName(label), labels: labels), kind)
    }

    private func instrument(_ key: Key, _ kind: MetricFamily.Kind) -> MetricInstrument {
        instruments.withLock { instruments in
            if let known = instruments[key] { return known }
            let isFull = instruments.count >= Self.instrumentsMax
            let key = isFull ? Key(name: key.name, labels: []) : key
            if let known = instruments[key] { return known }
            let made = MetricInstrument(kind: kind)
            instruments[key] = made
            return made
        }
    }

    /// The exposition, sorted by name; every family of ours is described, with or without values.
    package func exposition() -> String {
        let families = Dictionary(grouping: instruments.withLock { $0 }, by: \.key.name)
        var text = ""
        for name in Set(families.keys).union(MetricFamily.byName.keys).sorted() {
            let series = families[name, default: []].sorted {
                $0.key.labels.lexicographicallyPrecedes($1.key.labels)
            }
            let family = MetricFamily.byName[name]
            let help = family?.help ?? "A metric of a library."
            guard let kind = family?.kind ?? series.first?.value.kind else { continue }
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
            for (key, instrument) in series {
                instrument.write(name: name, labels: Self.text(of: key.labels), to: &text)
            }
        }
        return text
    }

    /// The name with dots and dashes replaced by underscores, as Prometheus requires.
    private static func metricName(_ label: String) -> String {
        String(
            label.map { character in
                character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
            })
    }

    private static func text(of labels: [String]) -> String {
        stride(from: 0, to: labels.count, by: 2).map { index in
            let escaped = labels[index + 1].reduce(into: "") { text, character in
                switch character {
                case "\\": text += "\\\\"
                case "\"": text += "\\\""
                case "\n": text += "\\n"
                default: text.append(character)
                }
            }
            return "\(labels[index])=\"\(escaped)\""
        }.joined(separator: ",")
    }
}

/// One time series, or the series of one histogram.
final class MetricInstrument: CounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    let kind: MetricFamily.Kind
    private let state: Mutex<State>

    private struct State {
        var value = 0.0
        /// In place of `value`: an amount of money, which stays exact.
        var money: PicodollarSum?
        var count = 0
        var buckets: [Int]
    }

    /// Upper bounds of the buckets, in seconds for timers: 0.25 ms to 32 s, doubling.
    private static let bounds = (0..<18).map { 0.000_25 * Double(1 << $0) }

    init(kind: MetricFamily.Kind) {
        self.kind = kind
        let buckets = kind == .histogram ? Self.bounds.count : 0
        state = Mutex(State(buckets: Array(repeating: 0, count: buckets)))
    }

    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }
    func reset() { state.withLock { $0.value = 0 } }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { state.withLock { $0.value = value } }
    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { observe(Double(duration) / 1e9) }

    func record(_ value: Double) {
        if kind == .histogram { observe(value) } else { set(value) }
    }

    private func add(_ amount: Double) { state.withLock { $0.value += amount } }

    func add(_ amount: PicodollarSum) { state.withLock { $0.money = ($0.money ?? .zero) + amount } }

    func observe(_ value: Double) {
        state.withLock { state in
            state.value += value
            state.count += 1
            if let bucket = Self.bounds.firstIndex(where: { value <= $0 }) {
                state.buckets[bucket] += 1
            }
        }
    }

    func write(name: String, labels: String, to text: inout String) {
        let state = state.withLock { $0 }
        let braced = labels.isEmpty ? "" : "{\(labels)}"
        guard kind == .histogram else {
            let value = state.money?.description ?? Self.number(state.value)
            text += "\(name)\(braced) \(value)\n"
            return
        }
        let prefix = labels.isEmpty ? "" : labels + ","
        var cumulated = 0
        for (bound, count) in zip(Self.bounds, state.buckets) {
            cumulated += count
            text += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(cumulated)\n"
        }
        text += "\(name)_bucket{\(prefix)le=\"+Inf\"} \(state.count)\n"
        text += "\(name)_sum\(braced) \(Self.number(state.value))\n"
        text += "\(name)_count\(braced) \(state.count)\n"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
