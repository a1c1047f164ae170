import Budgeting
import Budgets
import HTTPTypes
import LedgerModel
import LoadManagement
import NIOCore
import Providers
import Routing

// The life of a request, from top to bottom. A stage that its route doesn't ask for returns at once.
// What a stage took of shared things is given back at the end, whatever happened; and the caller's
// last byte waits for the charge.
extension GatewayService {
    func live(_ request: GatewayRequest, _ pipe: AnswerPipe) async {
        var life = RequestLife(request)
        var made: MadeRequest?
        do { made = try await pass(&life, pipe) } catch {
            pipe.finish(
                GatewayAnswer(refusing: error, headers: life.headers),
                orEvent: ErrorEvent.bytes(of: error, for: request.api))
        }
        await release(life, made)
    }

    /// Everything up to the answer.
    ///
    /// - Returns: nil if nobody was asked for it.
    private func pass(
        _ life: inout RequestLife, _ pipe: AnswerPipe
    ) async throws -> MadeRequest? {
        life.route = policy.route(for: life.routed)
        life.clock.mark("route")

        life.pass = try load.admit(life.routed, life.route)
        life.clock.mark("admit")

        if let answer = try await repeated(&life) { return pipe.finish(answer) }
        if let answer = try await cached(&life) { return pipe.finish(answer) }

        life.saving = try await savings.optimize(&life.request, life.route)
        life.clock.mark("optimize")

        return life.route.sharesCalls
            ? try await share(&life, pipe) : try await make(&life, pipe)
    }

    // MARK: Answers that are there already

    /// The answer to the same request, if it was made before.
    private func repeated(_ life: inout RequestLife) async throws -> GatewayAnswer? {
        guard let key = life.request.headers[.idempotencyKey] else { return nil }
        let request = life.request
        let begun = try await keys.begin(
            key: key, in: request.ledger, of: request.key, path: request.api.path,
            body: request.body, claim: request.id)
        life.clock.mark("idempotency")
        switch begun {
        case .new(let token):
            life.token = token
            return nil
        case .replay(let answer): return answer
        case .refused(let refusal): throw refusal
        }
    }

    /// The answer that the cache has.
    private func cached(_ life: inout RequestLife) async throws -> GatewayAnswer? {
        life.step = try await savings.lookup(life.request, life.route)
        life.clock.mark("cache")
        guard case .answer(let found) = life.step else { return nil }
        refresh(found, life)
        var headers = life.headers
        headers[.contentType] = found.contentType
        headers[.tallyCost] = "0"
        return GatewayAnswer(status: 200, headers: headers, body: .whole(found.body))
    }

    // MARK: What is paid for

    /// From the estimate to the books.
    func make(
        _ life: inout RequestLife, _ pipe: AnswerPipe
    ) async throws -> MadeRequest {
        let expected = await expectations.expected(of: life.request)
        life.clock.mark("estimate")

        let wanted = try chosen(for: life)
        let open = try await books.open(
            life.request, life.route, expecting: expected,
            candidates: holdCandidates(wanted, life.route))
        let first = candidate(wanted, heldFor: open.candidate, &life)
        life.clock.mark("hold")

        let form = CallForm(life.request, life.route, maxTokens: open.maxTokens)
        let sink = AnswerSink(pipe, isRecorded: life.isRecorded) { [life] head in
            life.headers(of: head, remaining: open.budgetRemaining)
        }
        allowPings(pipe, life)
        let result = await failover(life, expected, form, open).run(from: first, into: sink)
        life.clock.mark(result)

        return try await book(open, result, &life, form, sink, pipe)
    }

    /// Books a request, and lets the end of its answer go.
    func book(
        _ open: OpenRequest, _ result: Failover.Result, _ life: inout RequestLife,
        _ form: CallForm, _ sink: AnswerSink, _ pipe: AnswerPipe
    ) async throws -> MadeRequest {
        let booked = try await books.close(open, life.end(result))
        life.clock.mark("book")

        let ending = AnswerEnding(life, result, booked, tellsCost: form.tellsCost)
        ending.finish(pipe)
        let end = life.end(result)
        return MadeRequest(
            id: life.request.id,
            provider: end.candidate.flatMap { clients.set[$0.provider]?.prices },
            end: end, booked: booked, overhead: life.clock.overhead,
            recorded: ending.recorded(sink))
    }

    /// Has the request called in its turn, or with others, or not at all because an equal one is.
    private func share(
        _ life: inout RequestLife, _ pipe: AnswerPipe
    ) async throws -> MadeRequest? {
        let leader = life
        let own = MadeOnce()
        let call = StagedCall(merged: merged(leader, own)) { request in
            var life = leader
            life.request = request
            return try await self.lead(life, own)
        }
        let shared = try await savings.shared(
            life.request, life.route, tokens: life.routed.tokens, after: life.step, call: call)
        life.clock.mark("schedule", shared.waited)
        var answer = shared.answer
        if case .follower = shared.role { answer.headers = life.headers(sharing: answer) }
        try await pipe.forward(answer)
        return own.made
    }

    /// Makes the call that others may share; its answer comes by a pipe of its own.
    private func lead(_ life: RequestLife, _ own: MadeOnce) async throws -> StagedCall.BookedAnswer
    {
        let pipe = AnswerPipe()
        let work = Task {
            var life = life
            do { own.made = try await make(&life, pipe) } catch {
                pipe.finish(
                    GatewayAnswer(refusing: error),
                    orEvent: ErrorEvent.bytes(of: error, for: life.request.api))
            }
        }
        pipe.whenLeft { work.cancel() }
        guard let answer = await pipe.answer() else { throw CancellationError() }
        if case .refusal(let error) = answer.body { throw error }
        return StagedCall.BookedAnswer(answer) { own.served }
    }

    // MARK: The end

    /// Gives back what the request holds; its caller has the answer, or has left.
    func release(_ life: RequestLife, _ made: MadeRequest?) async {
        let end = made?.end
        if let pass = life.pass {
            load.end(
                pass, tokens: end.map { Amounts.tokens(of: $0.metered.usage) } ?? 0,
                kept: RequestTimes(
                    timeToFirstToken: end?.timeToFirstToken,
                    latency: life.clock.elapsed, isSuccess: end.map(\.isSuccess) ?? true))
        }
        ended(life, made)
        guard life.token != nil || life.saving != nil || life.step.isOpen else { return }
        // The task may be cancelled, but others wait for what it holds.
        await Task {
            if let token = life.token { await keys.end(token, answer: made?.recorded) }
            if let saving = life.saving, made != nil {
                await savings.book(saving, in: life.request.ledger)
            }
            if let made, let answer = made.fetched(for: life) {
                await savings.store(answer, for: life.step)
            } else {
                savings.abandon(life.step)
            }
        }.value
    }
}
