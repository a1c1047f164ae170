/// A part of the life of a request in the gateway, in order.
///
/// Events tell their times in the fact `stages`: `route:12,admit:3,call:812345`, in microseconds.
package enum CallStage: String, CaseIterable, Sendable {
    case route, admit, idempotency, cache, near, optimize, estimate, hold, coalesce, schedule, call
    case firstToken = "first_token"
    case relay, book

    package var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Whether the provider is at work in it.
    package var isOfProvider: Bool {
        switch self {
        case .call, .firstToken, .relay: true
        default: false
        }
    }

    /// Times beyond are none of a request.
    package static let microsecondsMax: Int64 = 86_400_000_000

    /// The times that a fact tells, by number; a part that is not written so tells nothing.
    package static func times(_ text: some Sequence<UInt8>) -> [(stage: CallStage, time: Int64)] {
        var times: [(stage: CallStage, time: Int64)] = []
        var word: [UInt8] = []
        func finish() {
            let parts = word.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            word.removeAll(keepingCapacity: true)
            guard parts.count == 2,
                let stage = CallStage(rawValue: String(decoding: parts[0], as: UTF8.self)),
                let time = Int64(String(decoding: parts[1], as: UTF8.self)),
                (0...microsecondsMax).contains(time)
            else { return }
            times.append((stage, time))
        }
        for byte in text {
            if byte == UInt8(ascii: ",") { finish() } else { word.append(byte) }
        }
        finish()
        return times
    }
}
