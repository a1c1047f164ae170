import Estimating
import Foundation
import LedgerTesting
import Testing

/// The lengths of real requests, in order; without the files, the test is skipped.
private func requests(_ name: String) throws -> [(input: Int64, output: Int64)] {
    let text = try String(contentsOf: dataFile(name), encoding: .utf8)
    if name.hasSuffix(".csv") {
        return text.split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
            let cells = line.split(separator: ",")
            guard cells.count == 3, let input = Int64(cells[1]), let output = Int64(cells[2])
            else { return nil }
            return (input, output)
        }
    }
    struct Row: Decodable {
        let input: Int64
        let output: Int64

        private enum CodingKeys: String, CodingKey {
            case input = "input_length"
            case output = "output_length"
        }
    }
    return try text.split(whereSeparator: \.isNewline).map { line in
        let row = try JSONDecoder().decode(Row.self, from: Data(line.utf8))
        return (row.input, row.output)
    }
}

private func dataFile(_ name: String) -> URL {
    if let path = ProcessInfo.processInfo.environment["TALLY_TEST_DATA"] {
        return URL(filePath: path).appending(path: name)
    }
    return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "../shared/data/\(name)")
}

private func isThere(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: dataFile(name).path(percentEncoded: false))
}

private let traces = ["azure-llm-2023-code.csv", "mooncake-conversation.jsonl"]

/// A trace in forty sections of equal size, which stand for days.
private struct Trace {
    let stretches: [[(input: Int64, output: Int64)]]
    private let lengths: [LengthHistogram]
    private let byShape: [[PromptShape: LengthHistogram]]

    init(_ requests: [(input: Int64, output: Int64)], stretches count: Int = 40) {
        let size = (requests.count + count - 1) / count
        stretches = stride(from: 0, to: requests.count, by: size).map {
            Array(requests[$0..<min($0 + size, requests.count)])
        }
        lengths = stretches.map { LengthHistogram($0.map(\.output)) }
        byShape = stretches.map { stretch in
            stretch.reduce(into: [:]) { shapes, request in
                let shape = PromptShape(inputTokens: request.input)
                shapes[shape, default: LengthHistogram()].add(request.output)
            }
        }
    }

    /// The predictor of a shape for a ledger that has seen the sections before this one.
    func predictor(_ shape: PromptShape, at now: Int) -> LengthPredictor {
        let all = (0..<now).map { LengthHistory.Period(age: now - $0, lengths: lengths[$0]) }
        var history = LengthHistory([.ledger: all, .model: all, .app: all, .feature: all])
        history[.shape] = (0..<now).map { stretch in
            .init(age: now - stretch, lengths: byShape[stretch][shape] ?? LengthHistogram())
        }
        return LengthPredictor(history)
    }

    /// The shares of the last quarter's answers that were covered, and held, from 0 to 1.
    ///
    /// - Parameter learning: whether the sections of that quarter are learned from as they end.
    func measured(learning: Bool) -> (covered: Double, held: Double) {
        let first = stretches.count * 3 / 4
        var (covered, held, count) = (0, 0, 0)
        for stretch in first..<stretches.count {
            let now = learning ? stretch : first
            for (shape, group) in Dictionary(
                grouping: stretches[stretch], by: { PromptShape(inputTokens: $0.input) })
            {
                let predictor = predictor(shape, at: now)
                let prediction = predictor.predict()
                let hold = predictor.holdTokens()
                for request in group {
                    covered +=
                        (prediction.lower...prediction.upper).contains(request.output) ? 1 : 0
                    held += request.output <= hold ? 1 : 0
                    count += 1
                }
            }
        }
        return (Double(covered) / Double(count), Double(held) / Double(count))
    }
}

@Suite("Prediction of real lengths")
struct RealLengthTests {
    @Test(
        "90 % intervals cover 87 to 93 % of the last quarter, learned once or continuously",
        .enabled(if: traces.allSatisfy(isThere), "the traces are not in TALLY_TEST_DATA"),
        arguments: traces)
    func coverage(_ name: String) throws {
        let trace = Trace(try requests(name))
        for learning in [false, true] {
            let (covered, held) = trace.measured(learning: learning)
            print(
                "\(name), learning \(learning): covered \(covered), held \(held)")
            #expect((0.87...0.93).contains(covered))
            #expect((0.975...1).contains(held))
        }
    }
}
