import EventStore
import Experimenting
import Experiments
import LedgerModel
import LedgerTesting
import ReadModels
import StoreTesting
import Subscriptions
import Synchronization
import Testing

@Suite("Experiments of a ledger", .timeLimit(.minutes(3)))
struct ExperimentingTests {
    @Test("live, rebuilt and naively folded units are the same, whatever labels say")
    func fold() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var traffic = Traffic(seed: seed)
            var naive: [String: [Int128]] = [:]
            // Events before the definition do not count.
            try await bench.append([
                try traffic.request([("experiment.tone", "short")], user: "u-1", cost: 5)
            ])
            _ = try await bench.define()
            _ = try await bench.define("length", unit: "request", metrics: "cost")
            var charged: [(request: Event, charge: Event)] = []
            for _ in 0..<8 {
                var entries: [(event: Event, charge: Event?)] = []
                for _ in 0..<Int.random(in: 1...50, using: &traffic.events.random) {
                    if traffic.events.chance(0.2), let last = charged.popLast() {
                        let amount = traffic.events.chance(0.3) ? nil : Int64(7)
                        let adjusted = traffic.adjustment(of: last.charge, to: amount)
                        entries.append((adjusted, nil))
                        charged.insert((last.request, adjusted), at: 0)
                        add(last.request, adjusted, previous: last.charge, to: &naive)
                        continue
                    }
                    let entry = try request(&traffic)
                    entries.append(entry)
                    if let charge = entry.charge { charged.append((entry.event, charge)) }
                    add(entry.event, nil, previous: nil, to: &naive)
                    if let charge = entry.charge {
                        add(entry.event, charge, previous: nil, to: &naive)
                    }
                }
                try await bench.append(entries)
                if traffic.events.chance(0.6) { try await bench.runner.catchUp() }
            }
            try await bench.runner.catchUp()
            #expect(try await bench.units() == naive)
            _ = try await bench.service.stop(
                try await bench.service.find("tone"), keeping: "short", reason: "test",
                at: Traffic.now)
            // Nor do events after the stop.
            try await bench.append([
                try traffic.request([("experiment.tone", "short")], user: "u-1", cost: 5)
            ])
            try await bench.runner.catchUp()
            #expect(try await bench.units() == naive)
            _ = try await bench.runner.rebuild(["experiments"])
            #expect(try await bench.units() == naive)
        }
    }

    /// A request in an arm of one experiment, of both, or of none, or a later judgement.
    private func request(_ traffic: inout Traffic) throws -> (event: Event, charge: Event?) {
        var labels: [(key: Name, value: Name)] = [("other", "x")]
        if traffic.events.chance(0.6) {
            labels.append(("experiment.tone", traffic.events.name("arm", of: 3)))
        } else if traffic.events.chance(0.5) {
            labels.append(("experiment", "tone"))
            if traffic.events.chance(0.8) { labels.append(("arm", "short")) }
        }
        if traffic.events.chance(0.4) { labels.append(("experiment.length", "long")) }
        if traffic.events.chance(0.1) { labels.append(("experiment.unknown", "a")) }
        let user = traffic.events.chance(0.9) ? traffic.events.name("u", of: 9) : nil
        if traffic.events.chance(0.15) {
            var (event, _) = try traffic.request(labels, user: user, cost: 0, quality: 250_000)
            event.kind = .experimentObserved
            event.causeID = traffic.events.chance(0.9) ? event.id : nil
            return (event, nil)
        }
        return try traffic.request(
            labels, user: user, cost: traffic.events.chance(0.9) ? 1_000 : nil,
            isFailed: traffic.events.chance(0.2),
            latency: traffic.events.chance(0.8) ? 70_000 : nil,
            quality: traffic.events.chance(0.3) ? 900_000 : nil)
    }

    /// Adds a request, or with `charge` its cost, to the units of its experiments.
    private func add(
        _ request: Event, _ charge: Event?, previous: Event?, to naive: inout [String: [Int128]]
    ) {
        for (key, value) in request.labels?.pairs ?? [] {
            var (name, arm) = (key.string.dropFirst("experiment.".count), value.string)
            if key == "experiment" {
                (name, arm) = (value.string[...], request.labels?["arm"]?.string ?? "")
            } else if !key.string.hasPrefix("experiment.") {
                continue
            }
            guard name == "tone" || name == "length" else { continue }
            let id = request.kind == .experimentObserved ? request.causeID : request.id
            let unit =
                name == "tone"
                ? request.dimensions[.user].map {
                    Digest(hashing: $0.string.utf8).description
                } ?? ""
                : id.map { $0.description.replacing("-", with: "") } ?? ""
            var sums = naive["\(name) \(arm) \(unit)"] ?? Array(repeating: 0, count: 8)
            if let charge {
                sums[2] += (charge.unpriced == nil ? 0 : 1) - (previous?.unpriced == nil ? 0 : 1)
                sums[3] += Int128(charge.amount?.amount ?? 0)
            } else {
                let isTimed = request.kind == .requestCompleted && request.latency != nil
                sums[0] += request.kind.isRequest ? 1 : 0
                sums[1] += request.kind == .requestFailed ? 1 : 0
                sums[4] += isTimed ? 1 : 0
                sums[5] += isTimed ? Int128(request.latency ?? 0) : 0
                sums[6] += request.quality == nil ? 0 : 1
                sums[7] += Int128(request.quality ?? 0)
            }
            naive["\(name) \(arm) \(unit)"] = sums
        }
    }

    @Test("arms are reported with their units, unknown arms and crossed units separately")
    func report() async throws {
        try await TestLedger.with { bench in
            var traffic = Traffic(seed: 11)
            _ = try await bench.define(metrics: "cost,failure,latency,quality")
            let seen: [(Name, Name?, Int64?, Bool)] = [
                ("control", "a", 10, false), ("control", "a", 30, true),
                ("control", "b", 50, false),
                ("control", nil, 70, false), ("short", "c", nil, false), ("short", "b", 8, false),
                ("long", "d", 1, false),
            ]
            try await bench.append(
                try seen.map { arm, user, cost, isFailed in
                    try traffic.request(
                        [("experiment.tone", arm)], user: user, cost: cost, isFailed: isFailed,
                        latency: 2_000, quality: arm == "short" ? 500_000 : nil)
                })
            try await bench.runner.catchUp()
            let report = try await bench.service.report("tone")
            #expect(report.position == 15)
            let control = report.arms[0]
            #expect(control.units == 2 && control.requests == 4 && control.failedRequests == 1)
            #expect(control.requestsWithoutUnit == 1 && control.cost.amount == 160)
            #expect(control.failure.count == 2 && control.failure.sum == 0.5)
            #expect(control.logCost.count == 2 && control.pricedRequests == 3)
            #expect(control.latencyMilliseconds == 2)
            let short = report.arms[1]
            #expect(short.unpricedRequests == 1 && short.logCost.count == 1)
            #expect(short.quality.mean == 0.5)
            #expect(report.strangers.map(\.arm) == ["long"] && report.crossedUnits == 1)
            #expect(report.decision == nil)
            #expect(try await bench.text("SELECT count(*) FROM audit.experiment_arms") == [["0"]])
        }
    }

    @Test("a decided experiment is stopped once, with the evidence")
    func reactor() async throws {
        let seed = testSeed()
        try await TestLedger.with { bench in
            var traffic = Traffic(seed: seed)
            let experiment = try await bench.define(unit: "request", metrics: "failure:0.01")
            let stopped = Mutex(0)
            let reactor = ExperimentReactor(
                pool: bench.pool, now: { Traffic.now }, open: { _ in bench.ledger },
                stopped: { _ in stopped.withLock { $0 += 1 } })
            let runner = SubscriptionRunner(pool: bench.pool, groups: [reactor.subscription])
            try await runner.catchUp()
            for _ in 0..<6 {
                try await bench.append(
                    try (0..<100).map { index in
                        let isShort = index % 2 == 1
                        return try traffic.request(
                            [("experiment.tone", isShort ? "short" : "control")], user: nil,
                            cost: 1, isFailed: traffic.events.chance(isShort ? 0.05 : 0.5))
                    })
                try await bench.runner.catchUp()
            }
            #expect(stopped.withLock { $0 } == 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 { group.addTask { try await runner.catchUp() } }
                try await group.waitForAll()
            }
            #expect(stopped.withLock { $0 } == 1, "two instances decide, one stop is booked")
            let found = try await bench.service.find("tone")
            #expect(found.stop?.winner == "short" && found.stop?.reason == "better")
            #expect(found.stop?.facts["metric"] == "failure")
            #expect(found.stop?.facts["units_arm"] == "300")
            // 0.05 less 0.5, within four standard errors of 300 units each.
            let effect = try #require(found.stop?.facts["effect"].flatMap { Double($0.string) })
            #expect((-0.58 ... -0.32).contains(effect), "\(effect)")
            try await bench.runner.catchUp()
            try await runner.catchUp()
            #expect(stopped.withLock { $0 } == 1)
            #expect(try found.arm(of: "anybody") == "short")
            await #expect(throws: ExperimentRefusal.alreadyStopped("tone")) {
                try await bench.service.stop(
                    experiment, keeping: "control", reason: "late", at: Traffic.now)
            }
            let events = try await bench.text(
                "SELECT count(*) FROM tally.events WHERE kind IN (110, 112)")
            #expect(events == [["2"]])
        }
    }

    @Test("of two concurrent definitions one wins, and the other is refused")
    func race() async throws {
        try await TestLedger.with { bench in
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for metrics in ["cost", "latency", "failure", "quality"] {
                    group.addTask {
                        do {
                            _ = try await bench.define(metrics: metrics)
                            return true
                        } catch {
                            #expect(error as? ExperimentRefusal == .otherRules("tone"))
                            return false
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count(where: \.self) == 1)
            let weighted = try await bench.service.list()
            #expect(weighted.count == 1 && weighted[0].revision == 1)
            let definition = weighted[0].definition
            let grown = try await bench.define(
                arms: "control=50,short=80", metrics: definition.metricsText)
            #expect(grown.revision == 2 && grown.since == weighted[0].since)
            let again = try await bench.define(
                arms: "control=50,short=80", metrics: definition.metricsText)
            #expect(again.revision == 2, "nothing changes twice")
            await #expect(throws: ExperimentRefusal.unknown("nothing")) {
                try await bench.service.report("nothing")
            }
        }
    }
}
