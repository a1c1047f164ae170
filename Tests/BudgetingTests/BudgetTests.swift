import Budgeting
import Budgets
import EventStore
import LedgerModel
import LedgerTesting
import PostgresTesting
import Testing

@Suite("Budgets of a ledger", .serialized, .timeLimit(.minutes(5)))
struct BudgetTests {
    @Test("a new budget counts what its window has seen, and whatever comes")
    func opening() async throws {
        try await Bench.with { bench in
            let users: [Name?] = ["u-1", "u-1", "u-2", nil]
            let lastYear = bench.now.advanced(byMicroseconds: -370 * Timestamp.dayMicroseconds)
            try await bench.ingest(users.map { bench.request(user: $0) })
            try await bench.ingest([
                bench.request(user: "u-1", at: lastYear), bench.request(model: "unknown"),
            ])
            let total = try await bench.define("all", usd: "1")
            #expect(total.balance.posted.cost == .charges(5) && total.budget.opening.isComplete)
            #expect(total.balance.posted.requests == 6 && total.balance.posted.tokens == 6_600)
            let year = try await bench.define("year", usd: "1") { $0.window = "year" }
            #expect(year.balance.posted.requests == 5)
            let user = try await bench.define("users", usd: "1") { $0.each = "user" }
            #expect(user.member == "u-1" && user.members == 2)
            #expect(user.balance.posted.cost == .charges(3))
            let chat = try await bench.define("chat", tokens: 5) {
                $0.filter = [("app", "chat"), ("user", "u-2")]
            }
            #expect(chat.balance.posted == Amounts(cost: .charges(1), tokens: 1_100, requests: 1))
            #expect(
                try await bench.define("other", usd: "1") { $0.filter = [("app", "x")] }
                    .balance.posted == .zero)
            try await bench.ingest(users.map { bench.request(user: $0) })
            #expect(try await bench.status("all").balance.posted.cost == .charges(9))
            #expect(try await bench.status("users").balance.posted.cost == .charges(5))
            let standing = try await bench.service.standing(
                of: [.app: "chat", .user: "u-2"], at: .present)
            #expect(standing.map(\.definition.name) == ["all", "chat", "users", "year"])
            #expect(standing.map(\.balance.posted.requests) == [10, 2, 2, 9])
        }
    }

    @Test("what several processes ingest while budgets are defined is counted once")
    func concurrentOpenings() async throws {
        try await Bench.with(3) { bench in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<9 {
                    group.addTask {
                        for round in 0..<12 {
                            let requests = (0..<3).map { number in
                                bench.request(user: Name("u-\((caller + number) % 4)"))
                            }
                            try await bench.ingest(requests, through: caller % 3)
                            // And some of it twice, by another process.
                            if round % 4 == 0 {
                                try await bench.ingest(requests, through: (caller + 1) % 3)
                            }
                        }
                    }
                }
                for number in 0..<4 {
                    group.addTask {
                        let name = "budget-\(number)"
                        try await persistently {
                            try await bench.define(name, usd: "100", through: number % 3) {
                                if number % 2 == 1 { $0.each = "user" }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let all = try await bench.status("budget-0")
            #expect(all.balance.posted.requests == 9 * 12 * 3)
            #expect(try await bench.service.list(at: bench.now).count == 4)
        }
    }

    @Test("people who change the budgets at once each get their change, and no ledger is stuck")
    func concurrentChanges() async throws {
        try await Bench.with(2) { bench in
            try await bench.define("shared", usd: "1")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for person in 0..<6 {
                    group.addTask {
                        try await persistently {
                            try await bench.define(
                                "own-\(person)", tokens: 1_000, through: person % 2)
                        }
                        try await persistently {
                            try await bench.instances[person % 2].service.change(
                                "shared", .topUp(Amounts(cost: PicodollarSum(usd: "1") ?? .zero)),
                                by: "person \(person)", at: .present)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await bench.status("shared").limits.cost == PicodollarSum(usd: "7"))
            let book = try await bench.instances[1].budgets.reload()
            #expect(book.active.count == 7 && Set(book.active.map(\.number)).count == 7)
            #expect(book.active.allSatisfy { $0.opening.isComplete })
            for number in 0..<2 { try await bench.ingest([bench.request()], through: number) }
            let history = try await bench.service.history("shared")
            #expect(history.map(\.change) == ["set"] + Array(repeating: "top-up", count: 6))
            #expect(Set(history.map(\.by)).count == 7)
        }
    }

    @Test("a top-up is for good, an override for some windows")
    func more() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "1") { $0.window = "month" }
            let more = Amounts(cost: try #require(PicodollarSum(usd: "0.5")))
            let service = bench.service
            let topped = try await service.change("a", .topUp(more), by: "t", at: bench.now)
            #expect(topped.limits.cost == PicodollarSum(usd: "1.5"))
            let raised = try await service.change(
                "a", .override(more, .windows(3)), by: "t", reason: "a launch", at: bench.now)
            #expect(raised.limits.cost == PicodollarSum(usd: "2"))
            let definition = raised.definition
            var window = definition.schedule.window(of: bench.now)
            for number in 0..<5 {
                let limit = definition.limits(in: window).cost
                #expect(limit == PicodollarSum(usd: number < 3 ? "2" : "1.5"), "\(number)")
                window = definition.schedule.window(of: try #require(window.end))
            }
            for change in [
                BudgetChange.topUp(Amounts(tokens: 5)), .topUp(more + Amounts(requests: 1)),
            ] {
                await #expect(throws: BudgetInvalid.topUpWithoutLimit("a")) {
                    _ = try await service.change("a", change, by: "t", at: bench.now)
                }
            }
            await #expect(throws: BudgetInvalid.amount("0", member: "usd")) {
                _ = try await service.change("a", .topUp(.zero), by: "t", at: bench.now)
            }
            await #expect(throws: BudgetInvalid.window("the increase must end after now")) {
                _ = try await service.change(
                    "a", .override(more, .time(bench.now)), by: "t", at: bench.now)
            }
            await #expect(throws: BudgetInvalid.unknown("b", nearest: nil)) {
                _ = try await service.change("b", .reset, by: "t", at: bench.now)
            }
            let history = try await service.history("a")
            #expect(history.map(\.change) == ["set", "top-up", "override"])
            #expect(history.last?.reason == "a launch")
        }
    }

    @Test("after a reset only what comes counts, in whatever the limits are")
    func reset() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "0.003")
            try await bench.hold("before")
            await #expect(throws: BudgetRefusal.self) { try await bench.hold("refused") }
            let at = Timestamp.present
            let reset = try await bench.service.change("a", .reset, by: "t", at: at)
            #expect(reset.window.start == at && reset.balance.held == .zero)
            try await bench.hold("after")
            await #expect(throws: BudgetRefusal.self) { try await bench.hold("refused") }
            // What was held before is spent before.
            try await bench.settle("before")
            #expect(try await bench.status("a").balance.posted == .zero)
            try await bench.settle("after")
            #expect(try await bench.status("a").balance.posted.cost == .charges(1))
            try await bench.define("a", usd: "0.006")
            #expect(try await bench.status("a").window.start == at, "outlives new limits")
            try await bench.hold("last")
        }
    }

    @Test("a removed budget counts and refuses nothing, its holds end, and it may come back")
    func removed() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "0.003") { $0.holdSeconds = 1 }
            try await bench.hold("held")
            _ = try await bench.service.change("a", .remove, by: "t", at: .present)
            let free = try await bench.hold("free")
            #expect(free.budgets.isEmpty && free.hold.rows.isEmpty)
            try await bench.ingest([bench.request()])
            await #expect(throws: BudgetInvalid.retired("a")) {
                _ = try await bench.service.show("a", at: .present, limit: 1)
            }
            try await eventually("the hold of a removed budget expires") {
                try await bench.service.tend(at: .present)
                return try await bench.state("held").state == .expired
            }
            let back = try await bench.define("a", usd: "1")
            #expect(back.balance.posted.cost == .charges(1), "its window has seen it")
        }
    }

    @Test("an overrun is covered once, whoever tends, and a further one by what it adds")
    func overruns() async throws {
        try await Bench.with(2) { bench in
            try await bench.define("a", usd: "0.003")
            try await bench.define("soft", usd: "0.003") { $0.enforcement = "soft" }
            try await bench.ingest([bench.request(), bench.request(), bench.request()])
            for _ in 0..<2 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for instance in bench.instances {
                        group.addTask { try await instance.service.tend(at: .present) }
                    }
                    try await group.waitForAll()
                }
            }
            let overruns = try await bench.events(.budgetOverrun).map(\.event)
            #expect(overruns.map(\.amount) == [Picodollars(6_000_000_000)])
            #expect(overruns.first?.detail?["budget"] == "a")
            try await bench.ingest([bench.request()])
            try await bench.service.tend(at: .present)
            try await bench.service.tend(at: .present)
            let all = try await bench.events(.budgetOverrun).compactMap(\.event.amount?.amount)
            #expect(all == [6_000_000_000, 3_000_000_000])
        }
    }

    @Test("an adjustment counts, up and down")
    func adjustments() async throws {
        try await Bench.with { bench in
            try await bench.define("a", usd: "1") { $0.each = "user" }
            try await bench.ingest([bench.request(user: "u")])
            var last = try #require(try await bench.events(.chargeRated).first?.event)
            for amount in [5, -7] as [Int64] {
                var adjusted = last
                adjusted.id = .charge(for: try #require(last.causeID), after: last.id)
                adjusted.kind = .chargeAdjusted
                adjusted.previousID = last.id
                adjusted.amount = Picodollars(amount)
                var batch = EntryBatch(for: bench.ledger.id)
                var encoder = EntryEncoder()
                try batch.add(adjusted, using: &encoder)
                _ = try await bench.ledger.append(batch)
                last = adjusted
            }
            let posted = try await bench.status("a").balance.posted
            #expect(posted.cost.amount == Int128(Bench.cost.amount) - 2 && posted.requests == 1)
        }
    }

    @Test("a crash between a definition and its opening is mended by whoever tends")
    func crashedOpening() async throws {
        try await Bench.with(2) { bench in
            try await bench.ingest((0..<3).map { bench.request(user: Name("u-\($0)")) })
            for number in 0..<12 {
                let book = try await bench.instances[0].budgets.reload()
                let definition = try BudgetDefinition(
                    name: "b-\(number)", limits: Limits(requests: 10),
                    schedule: WindowSchedule(unit: .total))
                var each = definition
                if number % 2 == 0 { each.each = .user }
                let revision = withUnsafeBytes(of: (book.revision + 1).bigEndian) { Array($0) }
                var event = Event(
                    id: bench.request().id, kind: .budgetDefined, occurredAt: bench.now)
                event.detail = try each.facts(number: book.number(for: each), change: [])
                let defined = event
                _ = try await bench.ledger.append(
                    Decision(id: event.id, on: [PostingRules.key]) { rows, _ in
                        rows[PostingRules.key] = revision
                        return [defined]
                    })
            }
            try await bench.ingest([bench.request(user: "u-0")], through: 1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for instance in bench.instances {
                    group.addTask {
                        try await persistently { try await instance.service.tend(at: .present) }
                    }
                }
                try await group.waitForAll()
            }
            let book = try await bench.instances[1].budgets.reload()
            #expect(book.active.count == 12 && book.active.allSatisfy { $0.opening.isComplete })
            #expect(try await bench.status("b-0").balance.posted.requests == 2)
            #expect(try await bench.status("b-1").balance.posted.requests == 4)
        }
    }
}

/// Tries again while others change the budgets.
func persistently<T>(_ body: () async throws -> T) async throws {
    for _ in 0..<50 {
        do {
            _ = try await body()
            return
        } catch is ContendedBudgets {}
    }
    Issue.record("others changed the budgets all the time")
}
