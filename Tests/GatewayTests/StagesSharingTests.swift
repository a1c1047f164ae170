import BatchRunner
import Batching
import Gateway
import HTTPTypes
import JSON
import LedgerModel
import Routing
import Testing

@Suite("Stages that share calls", .timeLimit(.minutes(1)))
struct StagesSharingTests {
    private static let coalescing = StagesBench.route { $0.coalesces = true }
    private static let scheduling = StagesBench.route { $0.schedules = true }
    private static let merging = StagesBench.route { $0.mergesEmbeddings = true }

    @Test("a route that asks for nothing calls at once")
    func off() async throws {
        let (bench, calls) = (try StagesBench(), HeldCalls())
        calls.open()
        var request = bench.request()
        let sent = request.body
        let route = StagesBench.route { _ in }
        let step = try await bench.stages.lookup(request, route)
        #expect(step.headers[.tallyCache] == "off" && !step.wantsAnswer)
        #expect(try await bench.stages.optimize(&request, route) == nil)
        #expect(request.body == sent)
        for _ in 0..<2 {
            let shared = try await bench.stages.shared(request, route, call: calls.whole)
            #expect(shared.role == .alone && shared.waited == .zero)
            #expect(try await shared.answer.text() == #"{"id":"1"}"#)
        }
        #expect(calls.called.count == 2)
        #expect(await bench.stages.counts.submitted == 0)
    }

    @Test("equal requests share one call, and each reads all of its stream")
    func coalesce() async throws {
        let (bench, calls) = (try StagesBench(), HeldCalls())
        let (first, second) = (bench.request(), bench.request())
        let leader = try await bench.stages.shared(first, Self.coalescing, call: calls.stream)
        let follower = try await bench.stages.shared(second, Self.coalescing, call: calls.stream)
        #expect(leader.role == .alone && follower.role == .follower(of: first.id))
        #expect(follower.answer.headers[.contentType] == "text/event-stream")
        let reading = Task { try await leader.answer.text() }
        calls.open()
        let (whole, shared) = (try await reading.value, try await follower.answer.text())
        // What it cost is told to whoever pays.
        #expect(whole == "data: 1\n\ndata: 2\n\n: x-tally-cost-usd=1\n\n")
        #expect(shared == "data: 1\n\ndata: 2\n\n")
        #expect(calls.called == [first.id])
    }

    @Test("whole answers are shared too")
    func wholes() async throws {
        let (bench, calls) = (try StagesBench(), HeldCalls())
        let requests = (0..<5).map { _ in bench.request() }
        let answers = try await withThrowingTaskGroup(of: SharedAnswer.self) { group in
            for request in requests {
                group.addTask {
                    try await bench.stages.shared(request, Self.coalescing, call: calls.whole)
                }
            }
            await bench.until { $0.shared == 4 }
            calls.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(calls.called.count == 1)
        #expect(answers.filter { $0.role == .alone }.count == 1)
        for answer in answers { #expect(try await answer.answer.text() == #"{"id":"1"}"#) }
    }

    @Test("what may be answered differently is shared by a client's retry alone, never by a team")
    func whoShares() async throws {
        let (bench, calls) = (try StagesBench(), HeldCalls())
        let random = #"{"model":"m","messages":[]}"#
        let retry: HTTPFields = [try #require(HTTPField.Name("x-stainless-retry-count")): "1"]
        let beta: HTTPFields = [try #require(HTTPField.Name("openai-beta")): "new"]
        let requests = [
            bench.request(random), bench.request(random), bench.request(),
            bench.request(team: "sales"), bench.request(headers: beta),
            bench.request(#"{"model":"m","temperature":0,"conversation":"c"}"#, .responses),
            bench.request(#"{"model":"m","temperature":0,"conversation":"c"}"#, .responses),
        ]
        for request in requests {
            let shared = try await bench.stages.shared(
                request, Self.coalescing, call: calls.stream)
            #expect(shared.role == .alone)
            // Kept, so that its call goes on.
            Task { try await shared.answer.text() }
        }
        #expect(calls.called.count == requests.count)
        let again = try await bench.stages.shared(
            bench.request(random, headers: retry), Self.coalescing, call: calls.stream)
        #expect(again.role == .follower(of: requests[0].id))
        calls.open()
        #expect(try await again.answer.text().hasSuffix("data: 2\n\n"))
    }

    @Test("a call goes on for those who share it when its own caller has left")
    func leaderLeaves() async throws {
        let (bench, calls) = (try StagesBench(), HeldCalls())
        var leader: SharedAnswer? = try await bench.stages.shared(
            bench.request(), Self.coalescing, call: calls.stream)
        #expect(leader?.role == .alone)
        let follower = try await bench.stages.shared(
            bench.request(), Self.coalescing, call: calls.stream)
        leader = nil
        await bench.until { $0.cancelled == 1 }
        calls.open()
        #expect(try await follower.answer.text() == "data: 1\n\ndata: 2\n\n")
        #expect(calls.called.count == 1)
    }

    @Test("whose leader failed before its answer began is called for itself")
    func leaderFails() async throws {
        let (bench, failing, good) = (try StagesBench(), HeldCalls(), HeldCalls())
        good.open()
        let (first, second) = (bench.request(), bench.request())
        let leader = Task {
            try await bench.stages.shared(first, Self.coalescing, call: failing.failing)
        }
        await bench.until { $0.calls == 1 }
        let follower = Task {
            try await bench.stages.shared(second, Self.coalescing, call: good.whole)
        }
        await bench.until { $0.shared == 1 }
        failing.open()
        await #expect(throws: HeldCalls.Refused.self) { try await leader.value }
        let answer = try await follower.value
        #expect(answer.role == .alone)
        #expect(good.called == [second.id])
    }

    @Test("requests wait for their turn, the urgent ones first, and too many are refused")
    func schedule() async throws {
        let bench = try StagesBench("lanes: {chat: {calls: 1}}\nopen: {requests: 3}\n")
        let calls = HeldCalls()
        let priority = try #require(HTTPField.Name("x-tally-priority"))
        let (first, background, urgent) = (
            bench.request(), bench.request(headers: [priority: "background"]),
            bench.request(headers: [priority: "interactive"])
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, request) in [first, background, urgent].enumerated() {
                group.addTask {
                    let shared = try await bench.stages.shared(
                        request, Self.scheduling, call: calls.whole)
                    #expect(shared.role == .alone)
                }
                await bench.until { $0.submitted == number + 1 }
            }
            await #expect {
                try await bench.stages.shared(
                    bench.request(), Self.scheduling, call: calls.whole)
            } throws: { error in
                if case .busy? = (error as? any Fault)?.kind { true } else { false }
            }
            calls.open()
            try await group.waitForAll()
        }
        #expect(calls.called == [first.id, urgent.id, background.id])
    }

    @Test("a request that waits past its deadline is refused, and never called")
    func deadline() async throws {
        let bench = try StagesBench("lanes: {chat: {calls: 1}}\n")
        let calls = HeldCalls()
        let name = try #require(HTTPField.Name("x-tally-deadline-ms"))
        let first = Task {
            try await bench.stages.shared(bench.request(), Self.scheduling, call: calls.whole)
        }
        await bench.until { $0.calls == 1 }
        await #expect(throws: LiveBatcher.Failed.expired) {
            try await bench.stages.shared(
                bench.request(headers: [name: "50"]), Self.scheduling, call: calls.whole)
        }
        await #expect(throws: BadDeadline.self) {
            try await bench.stages.shared(
                bench.request(headers: [name: "soon"]), Self.scheduling, call: calls.whole)
        }
        calls.open()
        let answer = try await first.value
        #expect(answer.role == .alone)
        #expect(calls.called.count == 1)
    }

    private static let lane = "lanes: {embeddings: {calls: 1, size: 8}}\n"

    private static func embedding(_ text: String, model: String = "e") -> String {
        #"{"model":"\#(model)","input":"\#(text)"}"#
    }

    /// One request that holds the lane, and then some that gather meanwhile.
    private static func gather(
        _ bench: StagesBench, _ calls: HeldCalls, _ call: StagedCall, _ bodies: [String]
    ) async throws -> [SharedAnswer] {
        try await withThrowingTaskGroup(of: (Int, SharedAnswer).self) { group in
            for (number, body) in ([embedding("first")] + bodies).enumerated() {
                let request = bench.request(body, .embeddings)
                group.addTask {
                    (number, try await bench.stages.shared(request, merging, call: call))
                }
                await bench.until { $0.submitted == number + 1 }
            }
            calls.open()
            return try await group.reduce(into: []) { $0.append($1) }
                .sorted { $0.0 < $1.0 }.dropFirst().map(\.1)
        }
    }

    @Test("embeddings that gather are one call, split again, each booked for itself")
    func merge() async throws {
        let (bench, calls) = (try StagesBench(Self.lane), HeldCalls())
        let bodies = ["a", "b", "c"].map { Self.embedding($0) }
        let answers = try await Self.gather(bench, calls, calls.embeddings(), bodies)
        #expect(calls.merged == [#"{"model":"e","input":["a","b","c"]}"#])
        #expect(calls.called.count == 1)
        #expect(calls.booked.count == 3 && calls.opened == 0)
        for (number, answer) in answers.enumerated() {
            #expect(answer.role == .merged(requests: 3))
            let json = try JSONTree(parsing: try await answer.answer.text().utf8)
            #expect(json["data"]?.items?.count == 1)
            #expect(json["data"]?.items?.first?["embedding"]?.items?.first?.integer == number)
            #expect(json["usage"]?["total_tokens"]?.integer == 10)
        }
    }

    @Test("a request that is none for embeddings is called as it is, for the provider to refuse")
    func unreadableEmbeddings() async throws {
        let (bench, calls) = (try StagesBench(Self.lane), HeldCalls())
        calls.open()
        let shared = try await bench.stages.shared(
            bench.request(#"{"model":"e"}"#, .embeddings), Self.merging, call: calls.embeddings())
        #expect(shared.role == .alone && calls.called.count == 1)
    }

    @Test("an error that none of them is the reason of goes to all, after one call")
    func mergedError() async throws {
        let (bench, calls) = (try StagesBench(Self.lane), HeldCalls())
        let bodies = ["a", "b", "c"].map { Self.embedding($0) }
        let answers = try await Self.gather(bench, calls, calls.embeddings(status: 429), bodies)
        #expect(calls.merged.count == 1 && calls.called.count == 1)
        for answer in answers {
            #expect(answer.answer.status == 429)
            #expect(try await answer.answer.text() == #"{"error":{"message":"no"}}"#)
        }
    }

    @Test("an error that one of them may be the reason of has each called apart")
    func mergedRefusal() async throws {
        let (bench, calls) = (try StagesBench(Self.lane), HeldCalls())
        let answers = try await Self.gather(
            bench, calls, calls.embeddings(status: 400),
            ["a", "b"].map { Self.embedding($0) })
        #expect(calls.called.count == 3 && calls.opened == 0)
        for answer in answers {
            #expect(answer.answer.status == 200 && answer.role == .alone)
        }
    }

    @Test("a request that gets no money is left out of a merged call")
    func mergedWithoutMoney() async throws {
        let (bench, calls) = (try StagesBench(Self.lane), HeldCalls())
        calls.fillBudget()
        await #expect(throws: HeldCalls.Refused.self) {
            _ = try await Self.gather(
                bench, calls, calls.embeddings(), ["a", "b"].map { Self.embedding($0) })
        }
        #expect(calls.merged.isEmpty && calls.booked.isEmpty && calls.opened == 0)
    }
}
