import HTTPTypes
import LedgerModel
import NIOCore
import Providers
import Resilience
import Routing

// Several requests for embeddings as one call, each with money and books of its own.
extension GatewayService {
    /// How a request is called together with others; nil if its route doesn't ask for that.
    func merged(_ life: RequestLife, _ own: MadeOnce) -> StagedCall.MergedCall? {
        guard life.route.mergesEmbeddings, life.request.api == .embeddings else { return nil }
        return StagedCall.MergedCall(
            open: { try await self.openPart(life) },
            abandon: { opened in
                if let part = opened as? MergedPart { await self.books.abandon(part.open) }
            },
            call: { try await self.callMerged($0, life) },
            book: { opened, unbooked, body in
                guard let part = opened as? MergedPart,
                    let call = unbooked.facts as? MergedCallEnd
                else { throw CallFailure(.lost) }
                return try await self.bookPart(part, of: call, body, own)
            })
    }

    private func openPart(_ life: RequestLife) async throws -> MergedPart {
        var life = life
        let expected = await expectations.expected(of: life.request)
        life.clock.mark("estimate")
        let wanted = try chosen(for: life)
        let open = try await books.open(
            life.request, life.route, expecting: expected,
            candidates: holdCandidates(wanted, life.route))
        life.clock.mark("hold")
        return MergedPart(life: life, open: open, expected: expected)
    }

    /// Calls for all of them, as the first one is called.
    private func callMerged(
        _ request: GatewayRequest, _ life: RequestLife
    ) async throws -> StagedCall.Unbooked {
        var life = life
        life.request = request
        life.routed = RoutedRequest(request, model: request.model)
        let form = CallForm(request, life.route, maxTokens: nil)
        let sink = AnswerSink(AnswerPipe(), isRecorded: false) { _ in [:] }
        let first = try chosen(for: life)
        // What each used is read from its part; money is held for each, too.
        let result = await failover(life, ExpectedUsage(usage: Usage()), form, nil)
            .run(from: first, into: sink)
        guard let last = result.last, let head = last.head, case .whole(let body) = last.rest
        else { throw result.fault }
        return StagedCall.Unbooked(
            status: head.status, headers: HeaderPolicy.answer(head.headers), body: body,
            provider: clients.set[last.candidate.provider]?.prices,
            facts: MergedCallEnd(leader: request.id, result: result))
    }

    /// Books a request's part of a call.
    private func bookPart(
        _ part: MergedPart, of call: MergedCallEnd, _ body: ByteBuffer, _ own: MadeOnce
    ) async throws -> StagedCall.BookedAnswer {
        var (life, result) = (part.life, call.result)
        result.last?.rest = .whole(body)
        // What failed before is told once.
        if life.request.id != call.leader { result.failed = [] }
        if result.last?.hasAnswered == true, let candidate = result.last?.candidate,
            let prices = clients.set[candidate.provider]?.prices
        {
            var reader = AnswerReader(
                life.request.api, prices: prices, isStream: false, expected: part.expected,
                wasUsageAdded: false)
            reader.readWhole(body)
            result.last?.meter(reader)
        }
        life.clock.mark(result)
        let pipe = AnswerPipe()
        let form = CallForm(life.request, life.route, maxTokens: nil)
        let sink = AnswerSink(pipe, isRecorded: life.isRecorded) { _ in [:] }
        own.made = try await book(part.open, result, &life, form, sink, pipe)
        guard let answer = await pipe.answer() else { throw CancellationError() }
        return StagedCall.BookedAnswer(answer) { own.served }
    }

    // MARK: Stale answers

    /// Fetches an answer that is past its time anew, while its caller has the old one; nobody reads
    /// it but the cache.
    func refresh(_ found: CacheStep.CacheAnswer, _ life: RequestLife) {
        savings.refresh(found) { step in
            let pipe = AnswerPipe()
            let work = Task {
                var life = life
                life.step = step
                (life.pass, life.token) = (nil, nil)
                life.clock = StageClock(since: .now)
                var made: MadeRequest?
                do { made = try await self.make(&life, pipe) } catch {
                    pipe.finish(
                        GatewayAnswer(refusing: error),
                        orEvent: ErrorEvent.bytes(of: error, for: life.request.api))
                }
                await self.release(life, made)
            }
            pipe.whenLeft { work.cancel() }
            if let answer = await pipe.answer(), case .stream(let run) = answer.body {
                try? await run { _ in }
            }
            await work.value
        }
    }
}

/// A request of a merged call, with the money that is set aside for it.
private struct MergedPart: Sendable {
    let life: RequestLife
    let open: OpenRequest
    let expected: ExpectedUsage
}

/// What came of a merged call.
private struct MergedCallEnd: Sendable {
    /// The request that it was made by.
    let leader: EventID
    let result: Failover.Result
}
