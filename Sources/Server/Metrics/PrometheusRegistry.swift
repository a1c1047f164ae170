package import CoreMetrics
import Synchronization

/// The metrics of this process, in the text format of Prometheus.
///
/// A backend of swift-metrics: counters, gauges (meters, and recorders that do not aggregate) and
/// histograms (timers and aggregating recorders) with fixed buckets.
package final class PrometheusRegistry: MetricsFactory {
    private let instruments = Mutex<[Key: Instrument]>([:])

    /// The most instruments: names are the process's own, but labels may come from requests; beyond
    /// this number, new label sets are counted together, without labels.
    package static let instrumentsMax = 10_000

    private struct Key: Hashable {
        let name: String
        let labels: String
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

    private func instrument(
        _ label: String, _ dimensions: [(String, String)], _ kind: Instrument.Kind
    ) -> Instrument {
        let name = Self.metricName(label)
        let key = Key(name: name, labels: Self.labels(dimensions))
        return instruments.withLock { instruments in
            if let known = instruments[key] { return known }
            let isFull = instruments.count >= Self.instrumentsMax
            let key = isFull ? Key(name: name, labels: "") : key
            if let known = instruments[key] { return known }
            let made = Instrument(kind: kind)
            instruments[key] = made
            return made
        }
    }

    /// The exposition, sorted by name.
    package func exposition() -> String {
        let all = instruments.withLock { $0 }.sorted {
            ($0.key.name, $0.key.labels) < ($1.key.name, $1.key.labels)
        }
        var text = ""
        var lastName = ""
        for (key, instrument) in all {
            if key.name != lastName {
                text += "# TYPE \(key.name) \(instrument.kind.rawValue)\n"
                lastName = key.name
            }
            instrument.write(name: key.name, labels: key.labels, to: &text)
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

    private static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.map { name, value in
            let escaped = value.reduce(into: "") { text, character in
                switch character {
                case "\\": text += "\\\\"
                case "\"": text += "\\\""
                case "\n": text += "\\n"
                default: text.append(character)
                }
            }
            return "\(metricName(name))=\"\(escaped)\""
        }.joined(separator: ",")
    }
}

/// One time series, or the series of one histogram.
private final class Instrument: CounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    enum Kind: String { case counter, gauge, histogram }

    let kind: Kind
    private let state: Mutex<State>

    private struct State {
        var value = 0.0
        var count = 0
        var buckets: [Int]
    }

    /// Upper bounds of the buckets, in seconds for timers: 0.25 ms to 32 s, doubling.
    private static let bounds = (0..<18).map { 0.000_25 * Double(1 << $0) }

    init(kind: Kind) {
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

    private func observe(_ value: Double) {
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
            text += "\(name)\(braced) \(Self.number(state.value))\n"
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
