import Booking
import Budgeting
import Budgets
import EventStore
import Gateway
import HTTPTypes
import LedgerModel
import Routing
import StoreTesting
import Testing

@Suite("Books of the gateway", .serialized, .timeLimit(.minutes(5)))
struct BooksTests {
    @Test("without budgets a request and its charge are all that is appended, in one commit")
    func plain() async throws {
        try await BooksBench.with { bench in
            let books = bench.books()
            var headers = HTTPFields()
            let parent = try #require(HTTPField.Name("traceparent"))
            headers[parent] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            let request = bench.request(headers: headers)
            let open = try await bench.open(request, bench.route(), in: books)
            #expect(open.hold == nil && open.covers(1 << 40) && open.budgetRemaining == nil)
            let booked = try await books.close(open, BooksBench.end())
            #expect(booked.cost == BooksBench.cost && !booked.isEstimated)
            #expect(try await bench.kinds() == [.requestCompleted, .chargeRated])
            let event = try #require(try await bench.ledger.store.event(request.id)?.event)
            #expect(event.usage == BooksBench.usage && event.status == 200)
            #expect(event.latency == 800_000 && event.timeToFirstToken == 200_000)
            #expect(event.dimensions[.provider] == "openai" && event.dimensions[.model] == "small")
            #expect(event.dimensions[.app] == "chat" && event.dimensions[.operation] == "chat")
            #expect(event.dimensions[.attempt] == nil)
            #expect(event.detail?["route"] == "plain")
            #expect(event.detail?["stages"] == "route:12,call:1000")
            #expect(event.detail?["usage"] == nil)
            #expect(event.origin.traceID == "0af7651916cd43dd8448eb211c80319c")
            #expect(event.origin.parentSpanID == "b7ad6b7169203331")
            #expect(event.origin.responseID == "chatcmpl-1")
        }
    }

    @Test("a budget's hold is settled with the request and its charge in one commit")
    func held() async throws {
        try await BooksBench.with { bench in
            try await bench.define("1")
            let books = bench.books()
            let request = bench.request()
            let open = try await bench.open(request, bench.route(), in: books)
            #expect(open.hold?.state == .held)
            #expect(open.candidate == HoldCandidate(provider: "openai", model: "small"))
            #expect(try await bench.status().held.cost > .zero)
            let booked = try await books.close(open, BooksBench.end())
            #expect(booked.cost == BooksBench.cost)
            #expect(
                try await bench.kinds() == [
                    .budgetHeld, .requestCompleted, .chargeRated, .budgetSettled,
                ])
            let status = try await bench.status()
            #expect(
                status.held == .zero && status.balance.posted.cost == PicodollarSum(BooksBench.cost)
            )
            #expect(booked.budgetRemaining == status.left.cost)
            #expect(try await bench.ledger.store.event(request.id) != nil)
        }
    }

    @Test("a request that no budget has room for is refused, and nothing is left of it")
    func refused() async throws {
        try await BooksBench.with { bench in
            try await bench.define("0.001")
            let books = bench.books()
            await #expect(throws: BudgetRefusal.self) {
                try await bench.open(bench.request(), bench.route(), in: books)
            }
            var free = bench.route()
            free.holdsBudgets = false
            let open = try await bench.open(bench.request(), free, in: books)
            _ = try await books.close(open, BooksBench.end())
            #expect(try await bench.status().held == .zero)
            #expect(try await bench.events(.chargeRated).count == 1)
        }
    }

    @Test("attempts that failed are events of their own, charged for what they used")
    func attempts() async throws {
        for isHeld in [false, true] {
            try await BooksBench.with { bench in
                if isHeld { try await bench.define("1") }
                let books = bench.books()
                let request = bench.request()
                let open = try await bench.open(request, bench.route(), in: books)
                let broken = MeteredAnswer(usage: [.inputTokens: 1_000], isReported: false)
                let booked = try await books.close(
                    open,
                    BooksBench.end {
                        $0.attempts = [
                            FailedAttempt(
                                BooksBench.candidate, status: 429, errorType: "rate_limited",
                                latency: .milliseconds(5)),
                            FailedAttempt(
                                BooksBench.candidate, status: 200, errorType: "cut",
                                latency: .milliseconds(7), metered: broken),
                        ]
                    })
                let failed = try await bench.events(.requestFailed)
                #expect(failed.map { $0.dimensions[.attempt] } == ["1", "2"])
                #expect(failed.map(\.errorType) == ["rate_limited", "cut"])
                #expect(failed.allSatisfy { $0.causeID == request.id })
                #expect(failed[1].detail?["usage"] == "estimated")
                let done = try #require(try await bench.events(.requestCompleted).first)
                #expect(done.id == request.id && done.dimensions[.attempt] == "3")
                let charges = try await bench.events(.chargeRated)
                #expect(charges.count == 2, "an attempt without usage costs nothing")
                // 0.003 of the answer and 0.002 of the broken attempt's input.
                #expect(booked.cost == Picodollars(5_000_000_000))
            }
        }
    }

    @Test("where nobody answers, the last attempt is the request's own")
    func nobody() async throws {
        try await BooksBench.with { bench in
            try await bench.define("1")
            let books = bench.books()
            let request = bench.request()
            let open = try await bench.open(request, bench.route(), in: books)
            let booked = try await books.close(
                open,
                BooksBench.end(usage: Usage()) { end in
                    end.candidate = nil
                    end.status = 502
                    end.attempts = (0..<2).map { _ in
                        FailedAttempt(
                            BooksBench.candidate, status: 500, errorType: "server_error",
                            latency: .milliseconds(5))
                    }
                })
            let failed = try await bench.events(.requestFailed)
            #expect(Set(failed.map { $0.dimensions[.attempt] }) == ["1", "2"])
            #expect(failed.contains { $0.id == request.id && $0.dimensions[.attempt] == "2" })
            #expect(booked.cost == .zero && booked.unpriced == nil)
            #expect(try await bench.status().held == .zero)
        }
    }

    @Test("an estimated usage is charged, and says that it is one")
    func estimated() async throws {
        try await BooksBench.with { bench in
            let books = bench.books()
            let request = bench.request(streamed: true)
            let open = try await bench.open(request, bench.route(), in: books)
            let booked = try await books.close(
                open,
                BooksBench.end {
                    $0.metered.isReported = false
                    $0.isCallerGone = true
                    $0.errorType = "caller_gone"
                    $0.status = 499
                })
            #expect(booked.isEstimated && booked.cost == BooksBench.cost)
            let event = try #require(try await bench.ledger.store.event(request.id)?.event)
            #expect(event.kind == .requestFailed && event.detail?["usage"] == "estimated")
            #expect(event.detail?["caller"] == "gone")
        }
    }

    @Test("a fallback says what it cost more than who was asked for")
    func fallback() async throws {
        try await BooksBench.with { bench in
            let books = bench.books()
            let request = bench.request()
            let open = try await bench.open(request, bench.route(), in: books)
            _ = try await books.close(
                open,
                BooksBench.end {
                    $0.candidate = RouteCandidate(
                        provider: "openai", key: nil, model: "tiny", isFallback: true)
                })
            let event = try #require(try await bench.ledger.store.event(request.id)?.event)
            #expect(event.detail?["asked_model"] == "small")
            #expect(event.detail?["fallback_usd"] == "-0.0015")
        }
    }

    @Test("a request that nobody was asked to answer leaves nothing but its released hold")
    func abandoned() async throws {
        try await BooksBench.with { bench in
            try await bench.define("1")
            let books = bench.books()
            let open = try await bench.open(bench.request(), bench.route(), in: books)
            await books.abandon(open)
            await books.abandon(open)
            #expect(try await bench.kinds() == [.budgetHeld, .budgetReleased])
            #expect(try await bench.status().held == .zero)
        }
    }

    @Test("controls change the call, and the caller learns how")
    func controlled() async throws {
        try await BooksBench.with { bench in
            try await bench.define("1")
            _ = try await bench.ledger.budgets.apply(
                try BudgetPolicyFile.read(
                    """
                    controls:
                      cheap: {for: {app: chat}, do: {downgrade: {small: tiny}, max_tokens: 50}}
                    """
                ).controls, by: "a test", at: BooksBench.now)
            let books = bench.books()
            let open = try await bench.open(bench.request(), bench.route(), in: books)
            #expect(open.modelOfControl == "tiny" && open.maxTokens == 50)
            #expect(open.controls.count == 2)
            await books.abandon(open)
        }
    }

    @Test("a stream that goes on is covered slice by slice, until the budget ends it")
    func covered() async throws {
        try await BooksBench.with { bench in
            // Room for 1,000 tokens of input and 2,800 of output.
            try await bench.define("0.03") {
                $0.hold = "stream"; $0.slice = 256
            }
            let books = bench.books()
            let request = bench.request(streamed: true)
            let open = try await books.open(
                request, bench.route(),
                expecting: ExpectedUsage(usage: [.inputTokens: 1_000], maxTokens: 100_000),
                candidates: [HoldCandidate(provider: "openai", model: "small")])
            #expect(open.covers(100) && !open.covers(256))
            var output: Int64 = 0
            var isEnded = false
            while output < 10_000, !isEnded {
                output += 100
                do { try await books.cover(open, output) } catch is BudgetRefusal { isEnded = true }
            }
            #expect(isEnded && (2_600...3_000).contains(output), "\(output)")
            _ = try await books.close(
                open, BooksBench.end(usage: [.inputTokens: 1_000, .outputTokens: output - 100]))
            let status = try await bench.status()
            #expect(
                status.held == .zero && status.balance.posted.cost <= PicodollarSum(30_000_000_000))
        }
    }

    @Test("a charge is booked although its caller leaves")
    func cancelled() async throws {
        try await BooksBench.with { bench in
            let books = bench.books()
            let request = bench.request()
            let open = try await bench.open(request, bench.route(), in: books)
            let task = Task { try await books.close(open, BooksBench.end()) }
            task.cancel()
            #expect(try await task.value.cost == BooksBench.cost)
            #expect(try await bench.kinds() == [.requestCompleted, .chargeRated])
        }
    }
}
