import BatchRunner
package import Batching
import Booking
import CacheServing
import HTTPTypes
import JSON
import LedgerModel
import NIOCore
import Resilience
package import Routing
import Synchronization

extension SavingStages {
    // MARK: Coalesce, schedule, merge embeddings

    /// Has a request called: at once, or in its turn, or with others, or by another one that is
    /// the same, as the route says.
    ///
    /// - Parameters:
    ///   - tokens: input and output as expected, for fairness.
    ///   - step: what the cache said; a follower's turn is given back.
    /// - Throws: `SubmissionRefused` if too much waits, `LiveBatcher.Failed` if its deadline came
    ///   first, and what `call` throws.
    package func shared(
        _ request: GatewayRequest, _ route: RoutePolicy, tokens: Int64 = 0,
        after step: CacheStep = .off, call: StagedCall
    ) async throws -> SharedAnswer {
        guard
            let plan = try flights.plan(
                request, route, tokens: tokens, merges: call.merged != nil)
        else { return SharedAnswer(try await call.alone(request).answer) }
        // Whose leader failed before its answer began has one of its own, once shared again.
        do {
            for _ in 0..<2 {
                if let answer = try await fly(request, plan, route, after: step, call: call) {
                    return answer
                }
            }
        } catch is EmbeddingFault {
            // What is wrong with it is the provider's to say.
        } catch SubmissionRefused.tooLarge {
            // More than one call of its lane carries is a call of its own.
        }
        return SharedAnswer(try await call.alone(request).answer)
    }

    /// Whether an equal request is being called now, whose answer this one can share.
    func isInFlight(_ request: GatewayRequest, _ route: RoutePolicy) -> Bool {
        route.coalesces && flights.isInFlight(request)
    }

    /// What waited, shared and was called so far.
    package var counts: BatcherCounts { get async { await flights.batcher.counts } }

    /// Stops taking requests that wait or share; what has begun is waited for.
    package func drain(within time: Duration) async {
        await refreshes.close(within: time)
        await flights.batcher.drain(within: time)
    }

    /// Nil if the call that it shared failed before its answer began.
    private func fly(
        _ request: GatewayRequest, _ plan: FlightPlan, _ route: RoutePolicy,
        after step: CacheStep, call: StagedCall
    ) async throws -> SharedAnswer? {
        let own = OwnCall(request, call, route, merged: { event(of: $0, $1) })
        let flight = try await flights.submit(request, plan, target: own.target)
        do {
            var frames = plan.isMerged ? try await flight.all() : []
            if !plan.isMerged {
                while frames.isEmpty, let more = try await flight.next() { frames = more }
            }
            guard case .head(let head)? = frames.first else { return nil }
            return try await answer(
                head, Array(frames.dropFirst()), flight, plan, own, request, after: step)
        } catch LiveBatcher.Failed.upstream {
            if let error = own.error { throw error }
            return nil
        } catch LiveBatcher.Failed.cancelled {
            throw CancellationError()
        }
    }

    private func answer(
        _ head: FlightFrame.Head, _ frames: [FlightFrame], _ flight: Flight, _ plan: FlightPlan,
        _ own: OwnCall, _ request: GatewayRequest, after step: CacheStep
    ) async throws -> SharedAnswer {
        let isFollower = head.leader != request.id
        if isFollower { abandon(step) }
        let hit: @Sendable (StagedCall.Served) async throws -> Void = { served in
            if isFollower { try await bookHit(of: served, request) }
        }
        let isRunning = !plan.isMerged
        let answer = GatewayAnswer(
            status: head.status, headers: head.headers,
            body: head.isWhole
                ? .whole(try await Self.whole(frames, flight, isRunning, hit))
                : .stream { write in
                    try await Self.read(frames, flight, isRunning, hit) { piece in
                        try await write(isFollower ? piece.withoutComments : piece)
                    }
                })
        let role: SharedAnswer.Role =
            isFollower
            ? .follower(of: head.leader)
            : head.merged > 1 ? .merged(requests: head.merged) : .alone
        return SharedAnswer(answer, role: role, waited: own.waited)
    }

    private static func whole(
        _ frames: [FlightFrame], _ flight: Flight, _ isRunning: Bool,
        _ hit: (StagedCall.Served) async throws -> Void
    ) async throws -> ByteBuffer {
        var body = ByteBuffer()
        try await read(frames, flight, isRunning, hit) { piece in
            var piece = piece
            body.writeBuffer(&piece)
        }
        return body
    }

    /// Reads to the end.
    ///
    /// - Parameter isRunning: whether more frames may come.
    private static func read(
        _ frames: [FlightFrame], _ flight: Flight, _ isRunning: Bool,
        _ hit: (StagedCall.Served) async throws -> Void,
        _ write: (ByteBuffer) async throws -> Void
    ) async throws {
        var next: [FlightFrame]? = frames
        while let frames = next {
            for frame in frames {
                switch frame {
                case .body(let piece): try await write(piece)
                case .served(let served): try await hit(served)
                case .head: break
                }
            }
            next = isRunning ? try await flight.next() : nil
        }
    }

    // MARK: Books

    /// What a follower got without paying, as a hit of the tier `flight`.
    private func bookHit(of served: StagedCall.Served, _ request: GatewayRequest) async throws {
        guard let ledgers else { return }
        let now = now()
        var event = Event(id: makeID(), kind: .cacheHit, occurredAt: now)
        event.dimensions = request.dimensions
        event.dimensions[.provider] = served.provider ?? event.dimensions[.provider]
        event.dimensions[.model] = served.model ?? event.dimensions[.model]
        event.dimensions[.operation] =
            event.dimensions[.operation] ?? request.api.dialect?.operation
        event.labels = request.labels
        event.usage = served.usage
        event.causeID = served.requestID
        event.latency = (ContinuousClock.now - request.started).wholeMicroseconds
        event.detail = try? Labels([("tier", "flight"), ("request", Name("\(request.id)"))])
        try await ledgers.openLedger(request.ledger).intake.take(event)
    }

    /// Books that one call was made for several requests; nobody waits for it.
    private func event(of call: OwnCall.Merged, _ request: GatewayRequest) {
        let now = now()
        let batch = Name("\(makeID())")
        func event(_ kind: EventKind, _ facts: [(Name, Name)]) -> Event {
            var event = Event(id: makeID(), kind: kind, occurredAt: now)
            event.dimensions = request.dimensions
            event.dimensions[.provider] = call.provider ?? event.dimensions[.provider]
            event.dimensions[.model] = event.dimensions[.model] ?? Name(request.model)
            let common: [(Name, Name)] = [
                ("batch", batch), ("form", "merged"), ("size", Name("\(call.formed.requests)")),
                ("duplicates", Name("\(call.formed.duplicates)")),
            ]
            event.detail = try? Labels((common + facts).map { (key: $0.0, value: $0.1) })
            return event
        }
        let wait = Int64(call.formed.waited / .milliseconds(1))
        journal.note(
            event(
                .batchFormed,
                [
                    ("wait_ms", Name("\(wait)")),
                    ("trigger", call.formed.isFull ? "size" : "time"),
                ]), in: request.ledger)
        var ended = event(
            .batchCompleted,
            [
                ("succeeded", Name("\(call.formed.requests)")), ("failed", "0"),
                ("expired", "0"), ("deadline_misses", "0"), ("retries", "0"),
            ])
        ended.latency = call.latency.wholeMicroseconds
        journal.note(ended, in: request.ledger)
    }
}

extension ByteBuffer {
    /// Without our comments at the end of a stream: they tell what the request cost that paid.
    fileprivate var withoutComments: ByteBuffer {
        let mark = Array(": x-tally-".utf8)
        let bytes = Array(readableBytesView)
        var kept: [UInt8] = []
        var rest = bytes[...]
        while let start = rest.firstRange(of: mark) {
            let isLine = start.lowerBound == 0 || bytes[start.lowerBound - 1] == UInt8(ascii: "\n")
            guard isLine, let end = rest[start.upperBound...].firstRange(of: Array("\n\n".utf8))
            else {
                kept += rest[..<start.upperBound]
                rest = rest[start.upperBound...]
                continue
            }
            kept += rest[..<start.lowerBound]
            rest = rest[end.upperBound...]
        }
        return rest.count == bytes.count ? self : ByteBuffer(bytes: kept + rest)
    }
}

/// The call of one request, as the batcher makes it: alone, or with others, or not at all because
/// it shares another one's.
private final class OwnCall: Sendable {
    struct Merged {
        let formed: LiveTarget.Formed
        let latency: Duration
        let provider: Name?
    }

    private struct State {
        var began: ContinuousClock.Instant?
        var error: (any Error)?
        /// What a merged call has set aside for the request.
        var opened: (any Sendable)?
    }

    private let request: GatewayRequest
    private let call: StagedCall
    private let kind: String
    private let merged: @Sendable (Merged, GatewayRequest) -> Void
    private let submitted = ContinuousClock.now
    private let state = Mutex(State())

    init(
        _ request: GatewayRequest, _ call: StagedCall, _ route: RoutePolicy,
        merged: @escaping @Sendable (Merged, GatewayRequest) -> Void
    ) {
        self.request = request
        self.call = call
        self.merged = merged
        // Requests of a ledger merge that go the same way: by route, and as their headers say.
        let headers = request.headers.filter { field in
            field.name.canonicalName.hasPrefix("openai-")
                || field.name.canonicalName == "x-tally-provider"
        }
        kind =
            "\(request.ledger) \(route.name) "
            + headers.map { "\($0.name.canonicalName)=\($0.value)" }.sorted().joined(separator: " ")
    }

    var hasBegun: Bool { state.withLock { $0.began != nil } }
    /// What its own call threw.
    var error: (any Error)? { state.withLock { $0.error } }
    var waited: Duration { state.withLock { $0.began.map { $0 - submitted } } ?? .zero }

    private func begin() { state.withLock { $0.began = .now } }

    private func fail(_ error: any Error) -> CallFailure {
        state.withLock { $0.error = error }
        return error as? CallFailure ?? CallFailure(.denied)
    }

    var target: LiveTarget {
        guard let merged = call.merged else { return LiveTarget(alone: alone) }
        return LiveTarget(
            merged: LiveTarget.Merged(
                kind: kind, begin: { try await self.open(merged) },
                undo: { await self.abandon(merged) },
                call: { try await self.callMerged($0, $1, merged) },
                part: { try await self.book($0, $1, merged) }), alone: alone)
    }

    @Sendable
    private func alone(
        _ body: [UInt8], _ received: ([UInt8]) async throws -> Void
    ) async throws {
        begin()
        do {
            let booked = try await call.alone(request)
            let answer = booked.answer
            if case .stream(let run) = answer.body {
                try await received(head(answer.status, answer.headers, isWhole: false).bytes)
                try await run { try await received(FlightFrame.body($0).bytes) }
            } else if case .whole(let body) = answer.body {
                try await received(head(answer.status, answer.headers, isWhole: true).bytes)
                try await received(FlightFrame.body(body).bytes)
            } else if case .refusal(let refusal) = answer.body {
                throw refusal
            }
            if let served = booked.booked() {
                try await received(FlightFrame.served(served).bytes)
            }
        } catch {
            throw fail(error)
        }
    }

    private func head(
        _ status: Int, _ headers: HTTPFields, isWhole: Bool, merged: Int = 1
    ) -> FlightFrame {
        .head(
            FlightFrame.Head(
                status: status, headers: headers, isWhole: isWhole, leader: request.id,
                merged: merged))
    }

    // MARK: Together

    private struct Facts: Sendable {
        let unbooked: StagedCall.Unbooked
        let requests: Int
    }

    private func open(_ merged: StagedCall.MergedCall) async throws {
        do {
            let opened = try await merged.open()
            state.withLock { $0.opened = opened }
        } catch {
            throw fail(error)
        }
    }

    private func abandon(_ merged: StagedCall.MergedCall) async {
        guard let opened = takeOpened() else { return }
        await merged.abandon(opened)
    }

    private func takeOpened() -> (any Sendable)? {
        state.withLock { state in
            defer { state.opened = nil }
            return state.opened
        }
    }

    private func callMerged(
        _ body: [UInt8], _ formed: LiveTarget.Formed, _ merged: StagedCall.MergedCall
    ) async throws -> LiveTarget.Answer {
        begin()
        do {
            var together = request
            together.body = body
            together.json = try? JSONTree(parsing: body)
            let start = ContinuousClock.now
            let unbooked = try await merged.call(together)
            let isSuccess = (200..<300).contains(unbooked.status)
            if !isSuccess {
                let failure = CallFailure(status: unbooked.status) { name in
                    HTTPField.Name(name).flatMap { unbooked.headers[$0] }
                }
                // One of them may be the reason, who gets the error alone.
                if failure.errorClass.mayBeOfOne { throw failure }
            }
            self.merged(
                Merged(
                    formed: formed, latency: ContinuousClock.now - start,
                    provider: unbooked.provider), request)
            return LiveTarget.Answer(
                Array(unbooked.body.readableBytesView), isForAll: !isSuccess,
                facts: Facts(unbooked: unbooked, requests: formed.requests))
        } catch let failure as CallFailure {
            throw failure
        } catch {
            throw fail(error)
        }
    }

    private func book(
        _ answer: LiveTarget.Answer, _ body: [UInt8], _ merged: StagedCall.MergedCall
    ) async throws -> [UInt8] {
        guard let facts = answer.facts as? Facts, let opened = takeOpened() else {
            throw CallFailure(.lost)
        }
        begin()
        do {
            let own = try await merged.book(opened, facts.unbooked, ByteBuffer(bytes: body))
            let answer = own.answer
            guard case .whole(let content) = answer.body else { throw CallFailure(.lost) }
            let head = head(answer.status, answer.headers, isWhole: true, merged: facts.requests)
            let served = own.booked().map { FlightFrame.served($0).bytes } ?? []
            return head.bytes + FlightFrame.body(content).bytes + served
        } catch {
            throw fail(error)
        }
    }
}
