import LedgerTesting
import Postgres
import PostgresTesting
import Testing

@Suite("The pool's decisions")
struct PoolStateMachineTests {
    private let start = ContinuousClock.now

    @Test("the pause after a failure doubles, has a limit, and is jittered")
    func backoff() {
        let first = PoolStateMachine.backoffFirst
        #expect(PoolStateMachine.backoff(failures: 1, chance: 0) == first * 0.5)
        #expect(PoolStateMachine.backoff(failures: 2, chance: 0) == first)
        #expect(PoolStateMachine.backoff(failures: 1_000, chance: 0) == .seconds(1))
        for failures in 1...100 {
            let delay = PoolStateMachine.backoff(failures: failures, chance: 0.999)
            #expect(delay <= PoolStateMachine.backoffMax)
        }
    }

    @Test("after a failure callers are refused until the pause is over, then one tries")
    func refusesWhileBackingOff() {
        var machine = PoolStateMachine(size: 2, waitersMax: 10)
        #expect(machine.lease(for: 1, at: start) == .wait(opening: true))
        #expect(machine.lease(for: 2, at: start) == .wait(opening: true))
        #expect(machine.lease(for: 3, at: start) == .wait(opening: false))
        #expect(machine.openingFailed(at: start, chance: 0).refuses == [])
        #expect(machine.openingFailed(at: start, chance: 0).refuses == [1, 2, 3])
        #expect(machine.lease(for: 4, at: start) == .refuse(.unreachable))
        let later = start + PoolStateMachine.backoffMax
        #expect(machine.lease(for: 5, at: later) == .wait(opening: true))
        #expect(machine.opened(7) == .give(7, to: 5))
    }

    @Test("a failure to open another connection leaves waiters to the existing ones")
    func keepsWaiting() {
        var machine = PoolStateMachine(size: 2, waitersMax: 10)
        _ = machine.lease(for: 1, at: start)
        _ = machine.opened(7)
        #expect(machine.lease(for: 2, at: start) == .wait(opening: true))
        let failure = machine.openingFailed(at: start, chance: 0)
        #expect(failure.refuses == [])
        #expect(failure.retriesAfter != nil)
        #expect(machine.released(7, isUsable: true) == .give(7, to: 2))
        let opensAnother = machine.retry()
        #expect(!opensAnother)
    }

    @Test("limits hold, order is kept, and nobody waits while a connection is idle")
    func randomWalk() {
        var random = SeededGenerator(seed: testSeed())
        let seed = random.seed
        for _ in 0..<200 {
            var walk = Walk(size: Int.random(in: 1...4, using: &random), start: start)
            for _ in 0..<300 {
                walk.step(using: &random)
                #expect(walk.isSound, "seed \(seed)")
            }
            walk.finish()
            #expect(walk.machine.isDrained, "seed \(seed)")
        }
    }
}

/// Simulates the pool, with its own bookkeeping.
private struct Walk {
    var machine: PoolStateMachine
    private let size: Int
    private var now: ContinuousClock.Instant
    private var waiting: [UInt64] = []
    private var leased: Set<UInt64> = []
    private var opening = 0
    private var last: UInt64 = 0
    private var isOrderKept = true

    static let waitersMax = 6

    init(size: Int, start: ContinuousClock.Instant) {
        self.size = size
        now = start
        machine = PoolStateMachine(size: size, waitersMax: Self.waitersMax)
    }

    var isSound: Bool {
        let counts = machine.counts
        return counts.idle + counts.leased + counts.opening <= size
            && counts.leased == leased.count && counts.opening == opening
            && counts.waiters == waiting.count
            && (counts.idle == 0 || waiting.isEmpty) && isOrderKept
            // While somebody waits, a connection is leased or opening.
            && (waiting.isEmpty || counts.leased + counts.opening > 0)
    }

    mutating func step(using random: inout SeededGenerator) {
        now += .milliseconds(Int.random(in: 0...40, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: lease()
        case 2 where opening > 0: opened()
        case 3 where opening > 0: failed(Double.random(in: 0..<1, using: &random))
        case 4:
            if let id = leased.min() { release(id, isUsable: Bool.random(using: &random)) }
        case 5:
            if let waiter = waiting.randomElement(using: &random), machine.gaveUp(waiter) {
                waiting.removeAll { $0 == waiter }
            }
        default: break
        }
    }

    mutating func finish() {
        _ = machine.close()
        waiting = []
        while opening > 0 { opened() }
        while let id = leased.min() { release(id, isUsable: true) }
    }

    private mutating func lease() {
        last += 1
        switch machine.lease(for: last, at: now) {
        case .use(let id): leased.insert(id)
        case .wait(let opens):
            waiting.append(last)
            if opens { opening += 1 }
        case .refuse: break
        }
    }

    private mutating func opened() {
        last += 1
        opening -= 1
        take(machine.opened(last))
    }

    private mutating func failed(_ chance: Double) {
        opening -= 1
        let failure = machine.openingFailed(at: now, chance: chance)
        waiting.removeAll { failure.refuses.contains($0) }
    }

    private mutating func release(_ id: UInt64, isUsable: Bool) {
        leased.remove(id)
        let handover = machine.released(id, isUsable: isUsable)
        take(handover)
        guard handover == .discard else { return }
        let (opens, refuses) = machine.replace(at: now)
        if opens { opening += 1 }
        waiting.removeAll { refuses.contains($0) }
    }

    private mutating func take(_ handover: PoolStateMachine.Handover) {
        guard case .give(let id, let waiter) = handover else { return }
        isOrderKept = isOrderKept && waiting.first == waiter
        waiting.removeFirst()
        leased.insert(id)
    }
}
