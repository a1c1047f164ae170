import CacheTiers
import Caching
import LedgerModel
import Resilience
import Testing

@Suite("What tiers decide without asking anybody")
struct PureTests {
    // MARK: - Selections

    @Test("a predicate means answers that have all that it names")
    func predicates() {
        let stored = answer(
            "body", model: "gpt-4o-mini", tags: ["faq", "de"], template: "reply@7",
            dependencies: ["handbook"])
        let key = CacheKey(number: 1)
        let meant: [CachePredicate] = [
            .init(), .init(key: key), .init(provider: "openai"), .init(model: "gpt-4o-mini"),
            .init(model: "gpt-4o*"), .init(model: "*"), .init(template: "reply@*"),
            .init(template: "reply@7", tag: "de"), .init(dependency: "handbook"),
            .init(team: "red"), .init(storedBefore: later(1)), .init(storedAfter: start),
            .init(bytesMin: 4, bytesMax: 4),
        ]
        for predicate in meant { #expect(predicate.matches(stored, at: key), "\(predicate)") }
        let others: [CachePredicate] = [
            .init(key: CacheKey(number: 2)), .init(provider: "OpenAI"), .init(model: "gpt-4o"),
            .init(model: "o*"), .init(template: "reply@"), .init(template: "reply@7", tag: "fr"),
            .init(dependency: "handbook*"), .init(team: "blue"), .init(storedBefore: start),
            .init(storedAfter: later(1)), .init(bytesMin: 5), .init(bytesMax: 3),
        ]
        for predicate in others { #expect(!predicate.matches(stored, at: key), "\(predicate)") }
        #expect(!CachePredicate(model: "*").matches(answer(model: nil), at: key))
    }

    @Test("the text of a predicate is read as it was; what is not understood means everything")
    func texts() {
        let all = CachePredicate(
            key: CacheKey(number: 3), provider: "a", model: "b\"*", template: "c", tag: "d",
            dependency: "e", team: "f", storedBefore: later(9), storedAfter: start, bytesMin: 1,
            bytesMax: Int64.max)
        #expect(CachePredicate(text: all.text) == all)
        #expect(CachePredicate(text: CachePredicate().text) == CachePredicate())
        for text in ["", "[]", #"{"tag":"a","colour":"red"}"#, #"{"tag":"a","model":true}"#] {
            #expect(CachePredicate(text: text) == CachePredicate(), "\(text)")
        }
    }

    // MARK: - The window

    private func record(
        _ sequence: Int64, _ predicate: CachePredicate = .init(tag: "a"), ledger: Int64 = 1
    ) -> InvalidationRecord {
        InvalidationRecord(
            sequence: sequence, ledger: LedgerID(ledger), madeAt: later(Double(sequence)),
            predicate: predicate)
    }

    private func admits(
        _ window: InvalidationWindow, _ sequence: Int64, tags: [Name] = ["a"],
        isArriving: Bool = true
    ) -> Bool {
        var stored = answer(tags: tags)
        stored.sequence = sequence
        return window.admits(stored, bytes: 3, at: address(1), isArriving: isArriving)
    }

    @Test("what began before an invalidation that means it is not admitted; the rest is")
    func window() {
        var window = InvalidationWindow()
        #expect(!admits(window, 0), "nothing is known yet")
        window.begin(at: 4, closed: 0, [])
        #expect(admits(window, 4))
        #expect(!admits(window, 5), "it is from the future")
        func take(_ records: [InvalidationRecord]) -> [Int64]? {
            window.take(records)?.map(\.sequence)
        }
        #expect(take([record(5), record(6, ledger: 2)]) == [5, 6])
        #expect(!admits(window, 4) && admits(window, 5) && admits(window, 4, tags: ["b"]))
        #expect(take([record(5), record(6), record(7, .init())]) == [7])
        #expect(!admits(window, 6) && admits(window, 7))
        #expect(take([record(9)]) == nil, "the eighth is missing")
        #expect(window.applied == 7)
        #expect(window.records(after: 5)?.map(\.sequence) == [6, 7])
        window.close(upTo: 5)
        #expect(!admits(window, 4, tags: ["b"]), "too old to know")
        #expect(!admits(window, 4, isArriving: false), "the seventh means all")
        #expect(window.records(after: 4) == nil)
    }

    @Test("a window that is full forgets its oldest, and admits nothing from before them")
    func overflow() {
        var window = InvalidationWindow()
        window.begin(at: 0, closed: 0, [])
        let count = Int64(InvalidationWindow.recordsMax) + 10
        _ = window.take((1...count).map { record($0, .init(tag: "z")) })
        #expect(window.records.count == InvalidationWindow.recordsMax)
        #expect(!admits(window, 9, isArriving: false) && admits(window, 10, isArriving: false))
        window.begin(at: 20, closed: 0, nil)
        #expect(!admits(window, 19, isArriving: false) && admits(window, 20))
    }

    // MARK: - The breaker

    @Test("a tier that fails five times is left alone, then tried by one, with longer pauses")
    func breaker() {
        var breaker = CircuitBreaker(.ofTiers)
        var chance = SeededChance(seed: 0)
        func moment(_ seconds: Double) -> Moment {
            Moment(microseconds: Int64(seconds * 1e6))
        }
        /// Whether it opens or closes by that.
        func ends(_ isSuccess: Bool, _ seconds: Double, isProbe: Bool = false) -> Bool {
            let wasClosed = breaker.isClosed
            _ = breaker.ended(
                isProbe: isProbe, isSuccess: isSuccess, at: moment(seconds), using: &chance)
            return breaker.isClosed != wasClosed
        }
        func probes(_ seconds: Double) -> Bool {
            guard breaker.permission(at: moment(seconds)) == .probe else { return false }
            breaker.beginProbe()
            return true
        }
        for _ in 0..<4 { #expect(!ends(false, 0)) }
        #expect(breaker.permission(at: moment(0)) == .yes && ends(false, 0))
        #expect(!breaker.isClosed && !probes(0.9))
        #expect(probes(1) && !probes(1), "one at a time")
        #expect(!ends(false, 1), "a call from before says nothing")
        #expect(!ends(false, 1, isProbe: true))
        #expect(!probes(2.9) && probes(3))
        #expect(ends(true, 3, isProbe: true) && breaker.isClosed)
        for _ in 0..<3 { #expect(!ends(false, 4)) }
        #expect(!ends(true, 4))
        for _ in 0..<4 { #expect(!ends(false, 4), "in a row only") }
    }

    // MARK: - Turns

    @Test("one has the turn until it ends; those who wait are told once")
    func turns() {
        var table = FillTable()
        let place = address(1)
        func begin(_ id: Int64) -> FillTable.Beginning {
            table.begin(place, id: id, until: later(10), at: start)
        }
        func join(_ waiter: UInt64) -> FillTable.Joining {
            table.join(place, as: waiter, max: 2, at: start)
        }
        func end(_ id: Int64) -> [UInt64] { table.end(place, id: id, hasAnswer: false) }
        func leaves(_ waiter: UInt64) -> Bool { table.leave(waiter) }
        #expect(begin(1) == .given)
        #expect(begin(2) == .taken(until: later(10)))
        #expect(join(7) == .joined(isElsewhere: false))
        #expect(join(8) == .joined(isElsewhere: false))
        #expect(join(9) == .tooMany)
        #expect(end(2) == [], "it is not his turn")
        #expect(leaves(7) && !leaves(7))
        #expect(end(1) == [8])
        #expect(join(9) == .nothing)
        #expect(table.counts.begun == 1 && table.counts.abandoned == 1)
    }

    @Test("a turn is lost when its term ends, and those who wait go over to the next")
    func lost() {
        var table = FillTable()
        let place = address(1)
        func expire(_ seconds: Double) -> [UInt64] { table.expire(at: later(seconds)) }
        _ = table.begin(place, id: 1, until: later(10), at: start)
        _ = table.join(place, as: 7, max: 9, at: start)
        let second = table.begin(place, id: 2, until: later(20), at: later(10))
        #expect(second == .given)
        #expect(table.turnEnd(for: 7) == later(20))
        let woken = table.end(place, id: 1, hasAnswer: false)
        #expect(woken == [])
        table.isElsewhere(place, id: 2, until: later(12))
        #expect(table.awaitedElsewhere == [place])
        table.extend(place, until: later(15))
        #expect(expire(14) == [] && expire(15) == [7])
        #expect(table.awaitedElsewhere == [] && table.waiting == 0 && table.counts.lost == 2)
    }

    @Test("a token goes to callers and back as a text")
    func tokens() {
        let token = FillToken(id: .max, sequence: 3, until: later(1))
        #expect(FillToken("\(token)") == token)
        for text in ["", "1.2", "1.2.3.4", "1..3", "1.2.g", "1.2.fffffffffffffffff"] {
            #expect(FillToken(text) == nil, "\(text)")
        }
    }

    // MARK: - Memory and addresses

    @Test("memory is that of the cgroup or of the machine, whichever has less left")
    func memory() throws {
        var files = ["/proc/meminfo": "MemTotal: 1000 kB\nMemAvailable:  400 kB\n"]
        #expect(try #require(MemoryReading { files[$0] }).availableBytes == 400 << 10)
        files["/proc/self/cgroup"] = "0::/box\n"
        files["/sys/fs/cgroup/box/memory.max"] = "max\n"
        files["/sys/fs/cgroup/box/memory.current"] = "990000\n"
        #expect(try #require(MemoryReading { files[$0] }).limitBytes == 1_000 << 10)
        files["/sys/fs/cgroup/box/memory.max"] = "1000000\n"
        let short = try #require(MemoryReading { files[$0] })
        #expect(short.availableBytes == 10_000 && short.isShort)
        files["/sys/fs/cgroup/box/memory.stat"] = "anon 1\ninactive_file 90000\n"
        #expect(try #require(MemoryReading { files[$0] }).isShort == false)
        #expect(MemoryReading { _ in nil } == nil)
        #expect(MemoryReading { MemoryReading.file($0) } != nil, "that of this machine")
    }

    @Test("the address of a Redis server says where it is and how to get in")
    func redisAddresses() throws {
        let plain = try RedisAddress("redis://cache")
        #expect(plain.place == .host("cache", port: 6379) && plain.password == nil)
        let full = try RedisAddress("redis://me:p%40ss:w@[::1]:7000/3")
        #expect(full.place == .host("::1", port: 7000))
        #expect(full.user == "me" && full.password == "p@ss:w" && full.database == 3)
        #expect(try RedisAddress("redis://:pw@h").user == nil)
        #expect(try RedisAddress("unix:///run/r.sock?db=2").place == .socket("/run/r.sock"))
        for text in [
            "", "cache:6379", "redis://", "redis://h:0", "redis://h:x", "redis://h/x",
            "unix://relative", "unix:///a?x=1", "rediss://h", "redis://a@b@c",
        ] {
            #expect(throws: CacheTierFault.self, "\(text)") { try RedisAddress(text) }
        }
        #expect(throws: CacheTierFault.redisAddress("redis://…@h:x")) {
            try RedisAddress("redis://me:secret@h:x")
        }
    }
}
