import Estimating
import LedgerModel
import Performance

/// What the detail of a request tells of its way through the gateway; see docs/events.md.
struct CallFacts {
    private(set) var route: [UInt8]?
    private var stages: [(stage: CallStage, time: Int64)] = []

    init(_ json: UnsafeRawBufferPointer?) {
        guard let json else { return }
        var (route, stages) = (route, stages)
        LabelFacts.read(json) { key, value in
            if key.elementsEqual("route".utf8) {
                route = Array(value)
            } else if key.elementsEqual("stages".utf8) {
                stages = CallStage.times(value)
            }
        }
        (self.route, self.stages) = (route, stages)
    }

    /// Tells what of a request is counted as a call.
    ///
    /// Times of failed requests would make a provider that refuses at once look fast: only those of
    /// completed ones are distributed.
    func tell(of row: ScannedRow, _ request: KnownEvent, to fact: inout Fact) {
        var failure: FailureClass?
        // The gateway names the request that a failed attempt was for.
        let isAttempt = request.isFailed && row.causeID != nil
        if request.isFailed {
            let told = Self.failure(row.failure)
            failure = told
            fact[.failureClass] = Int64(told.rawValue + (isAttempt ? FailureClass.attempt : 0))
        } else {
            fact[.callLatency] = row.latency.map { Self.bucket($0) }
            fact[.callFirstToken] = row.timeToFirstToken.map { Self.bucket($0) }
            fact[.callRate] = Self.rate(row, request.outputTokens).map { Self.bucket($0) }
        }
        let time = Timestamp(microseconds: row.occurredAt)
        fact[.latencySlot] = Int64(
            SlotBucket(
                at: time, failure: failure, isAttempt: isAttempt, microseconds: row.latency
            ).number)
        fact[.firstTokenSlot] = Int64(
            SlotBucket(
                at: time, failure: failure, isAttempt: isAttempt,
                microseconds: row.timeToFirstToken
            ).number)
        tellStages(to: &fact)
    }

    private func tellStages(to fact: inout Fact) {
        guard !stages.isEmpty else { return }
        fact[.stagedRequests] = 1
        for (stage, time) in stages {
            fact[.time(of: stage)] = (fact[.time(of: stage)] ?? 0) + time
        }
        fact[.callQueue] = fact[.time(of: .schedule)].map { Self.bucket($0) }
    }

    /// Output tokens a second, in thousandths: after the first token where that is known.
    private static func rate(_ row: ScannedRow, _ output: Int64?) -> Int64? {
        guard let output, output > 0, let latency = row.latency else { return nil }
        let time = latency - (row.timeToFirstToken ?? 0)
        // A whole answer that comes at once says nothing of how fast it was made.
        guard time >= rateTimeMin else { return nil }
        return Int64(clamping: Int128(output) * 1_000_000_000 / Int128(time))
    }

    private static let rateTimeMin: Int64 = 1_000
    /// Log-linear buckets end there.
    private static let valueMax: Int64 = 1_000_000_000_000_000

    private static func bucket(_ value: Int64) -> Int64 {
        Int64(LengthHistogram.bucket(of: min(max(0, value), valueMax)))
    }

    /// Status and error type as COPY sends them.
    private static func failure(_ block: UnsafeRawBufferPointer) -> FailureClass {
        var fields = FieldBlocks()
        let number = fields.number(of: block)
        return fields.withFields(of: number) { fields in
            let status = fields.first.flatMap { $0 }.flatMap { bytes in
                bytes.count == 4
                    ? Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)) : nil
            }
            let type = fields.dropFirst().first.flatMap { $0 }
            return FailureClass(
                status: status, errorType: type.map { String(decoding: $0, as: UTF8.self) })
        }
    }
}
