package import HTTPTypes
import LedgerModel
package import Routing
import Synchronization

/// Spans of the gateway's own, for a collector: one around each request, with one for each stage that
/// took a while and each call to a provider.
///
/// A request only leaves what is known of it in a queue with a bound; messages are made and sent
/// elsewhere. What finds the queue full is counted and forgotten.
package final class GatewaySpans: Sendable {
    /// The instrumentation's name.
    package static let scope = "tallystick.gateway"

    private let sender: (any SpanSender)?
    private let state = Mutex(State())

    /// Requests that wait to be sent.
    package static let waitingMax = 4_096
    /// Requests in one message.
    package static let batchMax = 256
    /// From the end of a request to its message, while a collector keeps up.
    package static let gatherMax = Duration.seconds(1)

    private struct State {
        var waiting: [FinishedRequest] = []
        var counts = SpanCounts()
    }

    /// - Parameter sender: nil for no collector.
    package init(sending sender: (any SpanSender)?) {
        self.sender = sender
    }

    /// What a caller says of its trace; nil for nothing that can be read.
    package static func context(of headers: HTTPFields) -> TraceParent? { TraceParent(headers) }

    /// Where a request stands in its trace.
    package static func context(of request: GatewayRequest) -> SpanContext {
        SpanContext(of: request)
    }

    /// Takes note of a request that has ended; never waits.
    package func record(_ request: GatewayRequest, _ route: RoutePolicy, _ end: RequestEnd) {
        if sender == nil { return }
        let context = SpanContext(of: request)
        guard context.isSampled else { return }
        let finished = FinishedRequest(
            context: context, id: request.id, api: request.api, method: request.method.rawValue,
            model: request.model, app: request.dimensions[.app], route: route.name,
            arrivedAt: request.arrivedAt, end: end)
        state.withLock { state in
            if state.waiting.count < Self.waitingMax {
                state.waiting.append(finished)
            } else {
                state.counts.dropped += 1
            }
        }
    }

    package var counts: SpanCounts { state.withLock { $0.counts } }

    /// Sends what waits, again and again, until the task is cancelled.
    package func run() async {
        guard sender != nil else { return }
        while !Task.isCancelled {
            // Only cancellation ends it early; then `finish` sends the rest.
            do { try await Task.sleep(for: Self.gatherMax) } catch { return }
            while await sendBatch() {}
        }
    }

    /// Sends what waits when the service stops, and gives up at the first message that is not taken.
    package func finish() async {
        let dropped = counts.dropped
        while await sendBatch(tries: 1), counts.dropped == dropped {}
        state.withLock { state in
            state.counts.dropped += state.waiting.count
            state.waiting.removeAll()
        }
    }

    /// Tries of one message.
    package static let triesMax = 4

    /// Sends some of what waits; whether there is more.
    ///
    /// What is not taken after some tries is counted and forgotten.
    package func sendBatch(tries: Int = triesMax) async -> Bool {
        guard let sender else { return false }
        let batch = state.withLock { state in
            let batch = Array(state.waiting.prefix(Self.batchMax))
            state.waiting.removeFirst(batch.count)
            return batch
        }
        if batch.isEmpty { return false }
        let wasTaken = await sender.send(SpanMessage.bytes(of: batch), tries: tries)
        return state.withLock { state in
            if wasTaken {
                state.counts.sent += batch.count
            } else {
                state.counts.dropped += batch.count
            }
            return !state.waiting.isEmpty
        }
    }
}

/// Requests whose spans were sent, or given up, since the start.
package struct SpanCounts: Hashable, Sendable {
    package var sent: Int
    package var dropped: Int

    package init(sent: Int = 0, dropped: Int = 0) {
        self.sent = sent
        self.dropped = dropped
    }
}

/// What takes messages of spans: `ExportTraceServiceRequest` as protobuf.
package protocol SpanSender: Sendable {
    /// False if it was not taken after so many tries, or is refused.
    func send(_ message: [UInt8], tries: Int) async -> Bool
}

/// What is known of a request when it has ended.
package struct FinishedRequest: Sendable {
    let context: SpanContext
    let id: EventID
    let api: GatewayAPI
    let method: String
    let model: String
    let app: Name?
    let route: Name
    let arrivedAt: Timestamp
    let end: RequestEnd
}
