import Foundation
import LedgerModel
import LedgerTesting
import Spooling
import TallyClient
import Testing

/// Simulations of a client in virtual time: services that fail in every way, crashes at any write,
/// power cuts, restarts; each followed by an audit.
@Suite("Simulations of a client")
struct SimulationTests {
    @Test("every recorded event is in the ledger exactly once, whatever happened on the way")
    func exactlyOnce() throws {
        let first = testSeed()
        var seen = Life.Seen()
        for round in 0..<(isSoaking ? 20_000 : 400) {
            var life = Life(seed: first &+ UInt64(round))
            try life.run()
            try #require(life.findings == [], "seed \(first &+ UInt64(round))")
            seen.add(life.seen)
        }
        // A simulation in which nothing happens proves nothing.
        #expect(seen.kills > 100 && seen.powerCuts > 100 && seen.deadLetters > 100)
        #expect(seen.duplicates > 1_000 && seen.full > 10)
    }
}

/// One simulation: the accepted records, and the places where they must be found again.
private struct Life {
    struct Seen {
        var kills = 0, powerCuts = 0, deadLetters = 0, duplicates = 0, full = 0

        mutating func add(_ other: Seen) {
            kills += other.kills
            powerCuts += other.powerCuts
            deadLetters += other.deadLetters
            duplicates += other.duplicates
            full += other.full
        }
    }

    private var generator: SeededGenerator
    private let disk: SimulatedDisk
    private var service: SimulatedService
    private var spool: Spool
    private var delivery: Delivery<SeededGenerator>
    private let reports = Reports()
    private let encoder = RecordEncoder(defaults: Attribution(app: "tests"))

    private var now: Duration = .zero
    private var number = 0
    /// Records that `record` accepted, which must be found.
    private var promised: Set<String> = []
    /// Records that were accepted but not synced: a power cut may lose them.
    private var unsynced: Set<String> = []
    /// Records that the service never accepts.
    private var poison: Set<String> = []
    private var attempted: Set<String> = []
    private(set) var findings: [String] = []
    private(set) var seen = Seen()

    private static let limits = Courier.Limits(
        batchRecordsMax: 20, batchBytesMax: 8_000, batchAgeMax: .milliseconds(500),
        pauseMax: .seconds(10))
    private static let spoolLimits = Spool.Limits(spoolBytesMax: 60_000, segmentBytesMax: 3_000)

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        disk = SimulatedDisk(seed: generator.next())
        service = SimulatedService(seed: generator.next())
        let opened = try? Spool(on: disk, limits: Self.spoolLimits, report: reports.add)
        guard let opened else { preconditionFailure("an empty disk can be opened") }
        spool = opened
        delivery = Delivery(
            of: opened, limits: Self.limits, journal: journal(reports), generator: generator)
    }

    mutating func run() throws {
        for _ in 0..<60 {
            service.mood = SimulatedService.Mood.allCases.randomElement(using: &generator) ?? .well
            if Int.random(in: 0..<4, using: &generator) == 0 {
                disk.die(after: Int.random(in: 0..<60, using: &generator))
            }
            for _ in 0..<Int.random(in: 1..<30, using: &generator) where !disk.isDead {
                act()
            }
            if disk.isDead { try restart() }
        }
        try finish()
        audit()
    }

    private mutating func act() {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<5:
            for _ in 0..<Int.random(in: 1..<25, using: &generator) { record() }
        case 5: sync()
        default: send(for: .milliseconds(Int.random(in: 1..<2_000, using: &generator)))
        }
    }

    private mutating func record() {
        number += 1
        let isPoison = Int.random(in: 0..<50, using: &generator) == 0
        let record = UsageRecord.numbered(number, model: isPoison ? "poison" : "gpt-4o-mini")
        let entropy = (generator.next(), generator.next())
        guard let line = try? encoder.encode(record, at: RecordEncoder.now, entropy: entropy)
        else { return findings.append("record \(number) was refused") }
        let id = line.id.description
        attempted.insert(id)
        if isPoison { poison.insert(id) }
        do throws(Spool.Refusal) {
            _ = try spool.append(line.bytes)
            promised.insert(id)
            unsynced.insert(id)
        } catch {
            if error == .full { seen.full += 1 }
        }
    }

    private mutating func sync() {
        guard (try? spool.sync()) != nil else { return }
        unsynced = []
    }

    /// Carries out the delivery's decisions for some virtual time.
    private mutating func send(for time: Duration) {
        let end = now + time
        while now < end && !disk.isDead {
            switch delivery.step(at: now) {
            case .call(let body):
                let answer = service.answer(body)
                now += .milliseconds(Int.random(in: 1..<200, using: &generator))
                if !disk.isDead {
                    delivery.settle(answer, at: now, wallClock: RecordEncoder.now)
                }
            case .wait(let until, _): now = max(now, min(end, until ?? end))
            case .finished: return
            }
        }
        now = max(now, end)
    }

    /// Restarts after the process died at some write; another one opens what is left.
    private mutating func restart() throws {
        let isPowerCut = Bool.random(using: &generator)
        disk.restart(after: isPowerCut ? .powerLoss : .kill)
        if isPowerCut {
            seen.powerCuts += 1
            promised.subtract(unsynced)
        } else {
            seen.kills += 1
        }
        unsynced = []
        spool = try Spool(on: disk, limits: Self.spoolLimits, report: reports.add)
        delivery = Delivery(
            of: spool, limits: Self.limits, journal: journal(reports), generator: generator)
    }

    private mutating func finish() throws {
        if disk.isDead { try restart() }
        disk.die(after: .max)
        service.mood = .well
        delivery.close()
        let end = now + .seconds(3_600)
        while now < end {
            switch delivery.step(at: now) {
            case .call(let body):
                now += .milliseconds(10)
                delivery.settle(service.answer(body), at: now, wallClock: RecordEncoder.now)
            case .wait(let until, _): now = max(now, until ?? end)
            case .finished: return
            }
        }
        findings.append("it was not finished within an hour")
    }

    private mutating func audit() {
        struct Letter: Decodable {
            struct Event: Decodable {
                let id: String
            }
            let event: Event
        }
        let letters = disk["dead-letters.ndjson"].split(separator: UInt8(ascii: "\n"))
            .compactMap { try? JSONDecoder().decode(Letter.self, from: Data($0)).event.id }
        let dead = Set(letters)
        let ledger = Set(service.ledger.keys)
        seen.deadLetters += dead.count
        seen.duplicates += max(0, service.duplicates)
        if service.conflicts > 0 { findings.append("\(service.conflicts) conflicts") }
        let lost = promised.subtracting(ledger).subtracting(dead)
        if !lost.isEmpty { findings.append("\(lost.count) lost") }
        if !ledger.isSubset(of: attempted) { findings.append("the ledger has what nobody sent") }
        if !ledger.isDisjoint(with: dead) { findings.append("booked and dead at once") }
        if !dead.isSubset(of: poison) { findings.append("dead letters without a reason") }
        if spool.waiting.records != 0 { findings.append("something waits still") }
        let damages = reports.all.filter {
            if case .damaged(_, _, let isTail) = $0 { !isTail } else { false }
        }
        if !damages.isEmpty { findings.append("a crash damaged the middle of a file") }
    }
}
