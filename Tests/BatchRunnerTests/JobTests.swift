import BatchRunner
import Batching
import Booking
import Budgeting
import Budgets
import LedgerModel
import Postgres
import Providers
import StoreTesting
import TestUpstream
import Testing

@Suite("Jobs of batches", .timeLimit(.minutes(2)))
struct JobTests {
    @Test("a batch becomes a job, and each of its lines a request at the batch price, once")
    func life() async throws {
        try await Night.with { night in
            let asked = try await night.submit(5)
            #expect(asked.state == .validating && asked.lines == 5)
            let ended = try await night.finish(asked, with: night.runner())
            #expect(ended.state == .completed && ended.counts.succeeded == 5)
            let results = try await night.results(ended)
            #expect(results.map(\.customID) == (0..<5).map { "q-\($0)" })
            #expect(results.allSatisfy { $0.status == 200 && !$0.answer.isEmpty })
            let events = try await night.events()
            #expect(events["request.completed"] == 5 && events["charge.rated"] == 5)
            #expect(events["batch.formed"] == 1 && events["batch.completed"] == 1)
            #expect(events["budget.held"] == 1 && events["budget.released"] == 1)
            #expect(night.upstream.jobCount == 1)
        }
    }

    @Test("messages are batched in Anthropic's way")
    func anthropic() async throws {
        try await Night.with { night in
            let asked = try await night.submit(
                3, model: "claude-haiku-4-5", face: .anthropic, endpoint: "/v1/messages")
            let ended = try await night.finish(asked, with: night.runner())
            #expect(ended.provider == "anthropic" && ended.counts.succeeded == 3)
            #expect(try await night.events()["request.completed"] == 3)
        }
    }

    @Test("what was booked before a crash is booked no second time")
    func crash() async throws {
        try await Night.with { night in
            let asked = try await night.submit(40)
            let runner = night.runner()
            while await runner.turn() {}
            // As it was before any line was read.
            try await night.test.admin.session {
                _ = try $0.execute("CREATE TABLE kept AS SELECT * FROM tally.batch_jobs")
            }
            _ = try await night.finish(asked, with: runner)
            let before = try await night.events()
            #expect(before["request.completed"] == 40)
            try await night.test.admin.session {
                _ = try $0.execute(
                    """
                    UPDATE tally.batch_jobs j SET record = k.record, ended_at = NULL,
                        due_at = k.due_at, claimed_until = NULL, usage = '{}', succeeded = 0
                    FROM kept k WHERE j.job_id = k.job_id
                    """)
                _ = try $0.execute("UPDATE tally.batch_lines SET outcome = NULL, answer = NULL")
                _ = try $0.execute("UPDATE tally.batches SET ended_at = NULL")
            }
            let ended = try await night.finish(asked, with: night.runner())
            #expect(ended.counts.succeeded == 40)
            #expect(try await night.events() == before)
        }
    }

    @Test("a submission without an answer is found again, and not repeated")
    func ambiguous() async throws {
        var script = UpstreamScript()
        script.faults = [.init(path: "/v1/batches", loses: true)]
        try await Night.with(script) { night in
            let ended = try await night.finish(
                try await night.submit(3), with: night.runner())
            #expect(ended.counts.succeeded == 3 && night.upstream.jobCount == 1)
        }
    }

    @Test("a submission that never arrived is made again")
    func lost() async throws {
        var script = UpstreamScript()
        script.faults = [.init(path: "/v1/batches", status: 502)]
        try await Night.with(script) { night in
            let ended = try await night.finish(
                try await night.submit(3), with: night.runner())
            #expect(ended.counts.succeeded == 3 && night.upstream.jobCount == 1)
        }
    }

    @Test("a provider that is away holds up no other's jobs")
    func poison() async throws {
        try await Night.with { night in
            let stuck = try await night.submit(1, provider: "away")
            let others = try await [night.submit(2), night.submit(2), night.submit(2)]
            let runner = night.runner()
            for other in others {
                #expect(try await night.finish(other, with: runner).counts.succeeded == 2)
            }
            #expect(try await night.find(stuck).endedAt == nil)
        }
    }

    @Test("a job that the provider refuses ends with its reason, and books nothing")
    func refused() async throws {
        var script = UpstreamScript()
        script.batch.refusedModels = ["gpt-4o"]
        try await Night.with(script) { night in
            let ended = try await night.finish(
                try await night.submit(2, model: "gpt-4o"), with: night.runner())
            #expect(ended.state == .failed && ended.counts.failed == 2)
            #expect(ended.error?.contains("takes no batches") == true)
            #expect(try await night.events()["request.failed"] == nil)
        }
    }

    @Test("lines that can't be read are missing, and cost no others")
    func garbled() async throws {
        var script = UpstreamScript()
        script.batch.garbledModels = ["gpt-4o"]
        try await Night.with(script) { night in
            let bad = try await night.submit(2, model: "gpt-4o")
            let good = try await night.submit(2)
            let runner = night.runner()
            #expect(try await night.finish(bad, with: runner).counts.missing == 2)
            #expect(try await night.finish(good, with: runner).counts.succeeded == 2)
        }
    }

    @Test("finished lines of a job that expires count, the others don't")
    func expires() async throws {
        var script = UpstreamScript()
        script.batch.expiresAfter = 3
        try await Night.with(script) { night in
            let ended = try await night.finish(
                try await night.submit(10), with: night.runner())
            #expect(ended.state == .expired)
            #expect(ended.counts.succeeded == 3 && ended.counts.expired == 7)
            #expect(try await night.events()["request.completed"] == 3)
        }
    }

    @Test("finished lines of a job that is cancelled count")
    func cancelled() async throws {
        var script = UpstreamScript()
        script.batch.polls = 1_000
        try await Night.with(script) { night in
            let asked = try await night.submit(10)
            let runner = night.runner()
            while await runner.turn() {}
            let cancelling = try await night.service.cancel(
                asked.id, for: night.owner, as: [.jobs], at: night.clock.now)
            #expect(cancelling.state == .cancelling)
            let ended = try await night.finish(asked, with: runner)
            #expect(ended.state == .cancelled)
            #expect(ended.counts.succeeded == 5 && ended.counts.cancelled == 5)
            #expect(try await night.events()["request.completed"] == 5)
        }
    }

    @Test("a batch that is cancelled before it became a job is never sent")
    func cancelledEarly() async throws {
        try await Night.with { night in
            let asked = try await night.submit(4)
            let ended = try await night.service.cancel(
                asked.id, for: night.owner, as: [.jobs], at: night.clock.now)
            #expect(ended.state == .cancelled && ended.counts.cancelled == 4)
            while await night.runner().turn() {}
            #expect(night.upstream.jobCount == 0)
            #expect(try await night.events()["budget.released"] == 1)
        }
    }

    @Test("a batch that is deleted gives back what was set aside for it")
    func deletedWithHold() async throws {
        try await Night.with { night in
            let asked = try await night.submit(4)
            _ = try await night.service.cancel(
                asked.id, for: night.owner, as: [.jobs], at: night.clock.now)
            #expect(try await night.events()["budget.released"] == nil)
            try await night.service.delete(
                asked.id, for: night.owner, as: [.jobs], at: night.clock.now)
            #expect(try await night.events()["budget.released"] == 1)
        }
    }

    @Test("failed lines are failed requests, with the provider's words")
    func partial() async throws {
        var script = UpstreamScript()
        script.batch.failRate = 0.5
        try await Night.with(script) { night in
            let ended = try await night.finish(
                try await night.submit(20), with: night.runner())
            let counts = ended.counts
            #expect(counts.succeeded > 0 && counts.failed > 0 && counts.ended == 20)
            let events = try await night.events()
            #expect(events["request.completed"] == Int64(counts.succeeded))
            #expect(events["request.failed"] == Int64(counts.failed))
        }
    }

    @Test("single requests of one kind gather into one job")
    func singles() async throws {
        try await Night.with { night in
            let async = AsyncRequests(night.service)
            var views: [BatchView] = []
            for number in 0..<4 {
                views.append(
                    try await async.submit(
                        Night.chat(number).body, to: "/v1/chat/completions", facts: BatchFacts(),
                        for: night.owner, at: night.clock.now))
            }
            let runner = night.runner()
            while await runner.turn() {}
            #expect(night.upstream.jobCount == 0, "they wait for others")
            for view in views {
                #expect(try await night.finish(view, with: runner).counts.succeeded == 1)
            }
            #expect(night.upstream.jobCount == 1)
            let found = try await async.find(views[2].id, for: night.owner)
            #expect(found.result?.status == 200)
            #expect(try await night.events()["batch.formed"] == 1)
        }
    }

    @Test("a large batch becomes several jobs")
    func split() async throws {
        var settings = BatchSettings()
        settings.jobBytesMax = 4_096
        try await Night.with(settings: settings) { night in
            let ended = try await night.finish(
                try await night.submit(20), with: night.runner())
            #expect(ended.counts.succeeded == 20 && night.upstream.jobCount > 1)
            #expect(try await night.events()["request.completed"] == 20)
        }
    }
}
