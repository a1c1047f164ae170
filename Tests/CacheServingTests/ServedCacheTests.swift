import CacheServing
import CacheTiers
import Caching
import EventStore
import LedgerModel
import Routing
import Testing

@Suite("The cache in the service")
struct ServedCacheTests {
    @Test("what is missed is fetched by one, stored, and given to all who share it")
    func life() async throws {
        try await CacheBench.with(2) { bench in
            let question = try bench.question()
            let miss = try await bench.cache.lookup(question, at: bench.now)
            #expect(miss.outcome == .miss && miss.reason == .absent)
            guard case .yours(let token) = miss.turn else {
                Issue.record("nobody else could have the turn")
                return
            }
            let elsewhere = try await bench.caches[1].lookup(question, at: bench.now)
            guard case .elsewhere = elsewhere.turn else {
                Issue.record("two instances fetch the same answer")
                return
            }
            var received = ReceivedAnswer(.chat)
            received.fill = token
            received.requestID = EventID(at: bench.now, entropy: (1, 2))
            let stored = try await bench.cache.store(received, to: question, at: bench.now)
            #expect(stored.skip == nil && stored.note == nil && stored.key == miss.key)
            let usage = try #require(stored.answer?.usage)
            #expect(usage.value(.inputTokens) == 9 && usage.value(.outputTokens) == 12)
            #expect(stored.answer?.cost != nil && stored.answer?.model == "gpt-4o-mini-2024-07-18")
            await bench.cache.tiers.flush()
            for cache in bench.caches {
                let hit = try await cache.lookup(question, at: bench.later(5))
                #expect(hit.outcome == .hit && hit.turn == nil)
                #expect(hit.answer?.body == Array(RecordedAnswer.chat.whole.utf8))
                #expect(hit.answer?.stored.causeID == received.requestID)
            }
        }
    }

    @Test("hits and stored answers are booked before they are answered, with what they saved")
    func booked() async throws {
        try await CacheBench.with { bench in
            let question = try bench.question()
            _ = try await bench.cache.store(ReceivedAnswer(.chat), to: question, at: bench.now)
            let hit = try await bench.cache.lookup(question, at: bench.later(7))
            let events = try await bench.events(.cacheStored, .cacheHit)
            #expect(events.map(\.kind) == [.cacheStored, .cacheHit])
            for event in events {
                #expect(event.requestHash == hit.key.digest)
                #expect(event.usage.value(.outputTokens) == 12)
                #expect(
                    event.dimensions[.team] == "growth" && event.dimensions[.operation] == "chat")
                #expect(event.dimensions[.model] == "gpt-4o-mini-2024-07-18")
            }
            let told = try #require(events.last?.detail)
            #expect(told["tier"] == "memory" && told["age_s"] == "7" && told["stale"] == nil)
            #expect(events.last?.latency != nil && events.last?.id == hit.answer?.event)
            #expect(bench.observed.all.contains { $0.hasPrefix("lookup") })
        }
    }

    @Test("misses wait in a bounded journal until it is written")
    func misses() async throws {
        try await CacheBench.with { bench in
            let question = try bench.question()
            _ = try await bench.cache.lookup(question, turn: nil, at: bench.now)
            _ = try await bench.cache.lookup(
                try bench.question(cacheControl: "no-store"), at: bench.now)
            _ = try await bench.cache.lookup(
                try bench.question(#"{"model":"gpt-4o-mini"}"#), at: bench.now)
            #expect(try await bench.events(.cacheMiss).isEmpty && bench.cache.journal.waiting == 3)
            try await bench.cache.writeJournal(evictionsIn: bench.ledger.id, at: bench.now)
            let reasons = try await bench.events(.cacheMiss).map { $0.detail?["reason"] }
            #expect(reasons == ["absent", "refused", "not_cacheable"])
            #expect(bench.cache.journal.waiting == 0)
            let event = Event(
                id: EventID(at: bench.now, entropy: (1, 1)), kind: .cacheMiss,
                occurredAt: bench.now)
            for _ in 0...CacheJournal.eventsMax {
                bench.cache.journal.note(event, in: bench.ledger.id)
            }
            #expect(bench.cache.journal.waiting == CacheJournal.eventsMax)
            #expect(bench.cache.journal.takeDropped() == 1)
        }
    }

    @Test("what a team stored no other team sees, nor another ledger, whatever they say")
    func partitions() async throws {
        var wide = CacheRule(name: "wide")
        (wide.filter.requests.dimensions[.app], wide.scope) = (["public"], .ledger)
        try await CacheBench.with(rules: [wide]) { bench in
            _ = try await bench.cache.store(
                ReceivedAnswer(.chat), to: try bench.question(), at: bench.now)
            let strangers = [
                try bench.question(team: "sales"), try bench.question(team: nil),
                try bench.question(team: "Growth"), try bench.question(app: "public"),
                try bench.question(team: "growth", in: bench.other),
            ]
            for stranger in strangers {
                let found = try await bench.cache.lookup(stranger, at: bench.now)
                #expect(found.outcome == .miss && found.answer == nil)
            }
            let own = try await bench.cache.lookup(
                try bench.question(app: "other", user: "u-2"), at: bench.now)
            #expect(own.outcome == .hit, "a team shares its answers")
            // The rule shares answers wider, for both sides alike.
            _ = try await bench.cache.store(
                ReceivedAnswer(.chat), to: try bench.question(app: "public"), at: bench.now)
            let shared = try await bench.cache.lookup(
                try bench.question(team: "sales", app: "public"), at: bench.now)
            #expect(shared.outcome == .hit)
            let key = try bench.cache.ask(try bench.question()).key
            await #expect(throws: NoCacheEntry.self) {
                try await bench.cache.entry(key, in: bench.other, at: bench.now)
            }
            let forgotten = try await bench.cache.forget(
                key, because: nil, by: "a stranger", in: bench.other, at: bench.now)
            #expect(forgotten.readers?.readers.isEmpty == true)
            #expect(
                try await bench.cache.lookup(try bench.question(), at: bench.now).outcome == .hit)
        }
    }

    @Test("one stored answer serves streamed and unstreamed callers", arguments: [false, true])
    func forms(_ asStream: Bool) async throws {
        try await CacheBench.with { bench in
            let image = #"{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}"#
            func question(_ more: String) throws -> CacheQuestion {
                try bench.question(
                    #"{"model":"gpt-4o","temperature":0,"messages":[{"role":"user","content":["#
                        + image + #"]}],"tools":[{"type":"function","function":{"name":"f"}}]"#
                        + more + "}")
            }
            let stored = try await bench.cache.store(
                ReceivedAnswer(.tools, asStream: asStream), to: try question(""), at: bench.now)
            #expect(stored.skip == nil && stored.answer?.usage.value(.inputTokens) == 80)
            let wishes = [
                ("", AnswerForm.whole), (#","stream":true"#, .stream(withUsage: false)),
                (
                    #","stream":true,"stream_options":{"include_usage":true}"#,
                    .stream(withUsage: true)
                ),
            ]
            for (wish, form) in wishes {
                let hit = try await bench.cache.lookup(try question(wish), at: bench.now)
                #expect(hit.outcome == .hit && hit.key == stored.key)
                let answer = try #require(hit.answer)
                #expect(answer.contentType == form.contentType)
                let read = try AssembledAnswer(
                    answer.body, isStream: form != .whole, of: .chatCompletions)
                #expect(read.isComplete && read.finishReasons == ["tool_calls"])
                let text = String(decoding: answer.body, as: UTF8.self)
                #expect(text.contains("prompt_tokens") == (form != .stream(withUsage: false)))
                if asStream, form == .stream(withUsage: true) {
                    #expect(text == RecordedAnswer.tools.stream)
                }
            }
        }
    }

    @Test("what must not be kept is refused with the reason, and its turn ends")
    func refused() async throws {
        try await CacheBench.with { bench in
            let question = try bench.question()
            func attempt(
                _ reason: String, _ change: (inout ReceivedAnswer) -> Void
            ) async throws {
                // Turns end in the shared tier behind the caller's back.
                await bench.cache.tiers.flush()
                let miss = try await bench.cache.lookup(question, at: bench.now)
                guard case .yours(let token) = miss.turn else {
                    Issue.record("\(reason): the turn before it did not end")
                    return
                }
                var received = ReceivedAnswer(.chat)
                received.fill = token
                change(&received)
                let outcome = try await bench.cache.store(received, to: question, at: bench.now)
                #expect(outcome.skip?.word == reason && outcome.answer == nil)
                #expect(outcome.skip?.sentence.isEmpty == false)
            }
            try await attempt("status") { $0.status = 429 }
            try await attempt("aborted") { $0.isComplete = false }
            try await attempt("aborted") {
                $0 = ReceivedAnswer(.chat, asStream: true).cut(by: 14, fill: $0.fill)
            }
            try await attempt("unfinished") { $0.replace("\"stop\"", "\"length\"") }
            try await attempt("unfinished") { $0.replace("\"stop\"", "null") }
            try await attempt("fallback") { $0.replace("gpt-4o-mini-2024-07-18", "gpt-4o") }
            try await attempt("fallback") { $0.isFallback = true }
            try await attempt("forbidden") { $0.cacheControl = "no-store" }
            try await attempt("unreadable") { $0.body = Array("<html>".utf8) }
            try await attempt("unreadable") { $0.contentType = "text/event-stream" }
            try await attempt("unreadable") { $0.body = [] }
            #expect(try await bench.events(.cacheStored).isEmpty)
            let random = try await bench.cache.store(
                ReceivedAnswer(.chat), to: try bench.question(#"{"model":"m"}"#), at: bench.now)
            #expect(random.skip == .random)
        }
    }

    @Test("an alias of the caller's own is no fallback if it says what it asked for")
    func alias() async throws {
        try await CacheBench.with { bench in
            let question = try bench.question(#"{"model":"our-best","temperature":0}"#)
            var received = ReceivedAnswer(.chat)
            let refused = try await bench.cache.store(received, to: question, at: bench.now)
            #expect(refused.skip?.word == "fallback")
            received.upstreamModel = "gpt-4o-mini"
            let stored = try await bench.cache.store(received, to: question, at: bench.now)
            #expect(stored.skip == nil)
        }
    }

    @Test("callers and rules decide what is read, kept and shared, and for how long")
    func directives() async throws {
        var (brief, off) = (CacheRule(name: "brief"), CacheRule(name: "off"))
        (brief.filter.requests.models, brief.seconds, brief.staleSeconds) = (["gpt-4o*"], 100, 50)
        (brief.tags, brief.acceptsRandom) = (["brief"], true)
        (off.filter.requests.dimensions[.app], off.isOn) = (["secret"], false)
        try await CacheBench.with(rules: [off, brief]) { bench in
            let question = try bench.question(#"{"model":"gpt-4o-mini"}"#)
            let stored = try await bench.cache.store(
                ReceivedAnswer(.chat), to: question, at: bench.now)
            #expect(stored.asked.rule.name == "brief" && stored.answer?.tags == ["brief"])
            let fresh = try #require(stored.answer?.freshUntil)
            #expect(fresh <= bench.later(100) && fresh >= bench.later(89))
            let stale = try await bench.cache.lookup(question, at: bench.later(110))
            #expect(stale.outcome == .stale)
            guard case .yours = stale.turn else {
                Issue.record("nobody fetches the answer anew")
                return
            }
            let gone = try await bench.cache.lookup(question, at: bench.later(200))
            #expect(gone.outcome == .miss && gone.reason == .expired)
            let secret = try await bench.cache.lookup(
                try bench.question(app: "secret"), at: bench.now)
            #expect(secret.outcome == .refused && secret.skip == .off(rule: "off"))
            let young = try await bench.cache.lookup(
                try bench.question(#"{"model":"gpt-4o-mini"}"#, cacheControl: "max-age=5"),
                at: bench.later(10))
            #expect(young.outcome == .miss && young.reason == .refused)
            let only = try await bench.cache.lookup(
                try bench.question(#"{"model":"gpt-4o","seed":1}"#, says: "only"), at: bench.now)
            #expect(only.outcome == .miss && only.turn == nil)
        }
    }

    @Test("a forgotten answer is given nowhere, and it is said who got it")
    func forgetting() async throws {
        try await CacheBench.with(2) { bench in
            let question = try bench.question()
            let stored = try await bench.cache.store(
                ReceivedAnswer(.chat), to: question, at: bench.now)
            await bench.cache.tiers.flush()
            _ = try await bench.caches[1].lookup(
                try bench.question(app: "help", user: "u-9"), at: bench.now)
            let entry = try await bench.cache.entry(stored.key, in: bench.ledger.id, at: bench.now)
            #expect(entry.readers.readers.count == 2 && !entry.readers.hasMore)
            let forgotten = try await bench.cache.forget(
                stored.key, because: "wrong", by: "ann", in: bench.ledger.id, at: bench.later(1))
            #expect(forgotten.by == .key)
            let readers = try #require(forgotten.readers?.readers)
            #expect(readers.map(\.isStoring) == [false, true])
            #expect(readers.first?.user == "u-9" && readers.first?.app == "help")
            for cache in bench.caches {
                try await cache.tiers.catchUp(at: bench.later(2))
                let found = try await cache.lookup(question, turn: nil, at: bench.later(2))
                #expect(found.outcome == .miss)
            }
            let event = try #require(try await bench.events(.cacheInvalidated).first)
            #expect(event.requestHash == stored.key.digest && event.detail?["by"] == "key")
            #expect(event.detail?["actor"] == "ann" && event.detail?["reason"] == "wrong")
            await #expect(throws: NoCacheEntry.self) {
                try await bench.cache.entry(stored.key, in: bench.ledger.id, at: bench.later(2))
            }
        }
    }

    @Test("answers are forgotten by tag, model, template and dependency, and no others")
    func selections() async throws {
        try await CacheBench.with { bench in
            func store(_ seed: Int, _ change: (inout ReceivedAnswer) -> Void) async throws {
                var received = ReceivedAnswer(.chat)
                change(&received)
                _ = try await bench.cache.store(
                    received, to: try bench.question(Self.request(seed)), at: bench.now)
            }
            let selections: [CacheSelection] = [
                .tag("a"), .template("reply@*"), .dependency("doc-1"),
                .predicate(CachePredicate(model: "gpt-4o*", team: "growth")),
            ]
            for (number, selection) in selections.enumerated() {
                for seed in 0..<4 {
                    try await store(seed) { answer in
                        if seed == 0 { answer.tags = ["a"] }
                        if seed == 1 { answer.template = "reply@7" }
                        if seed == 2 { answer.dependencies = ["doc-1", "doc-2"] }
                    }
                }
                await bench.cache.tiers.flush()
                _ = try await bench.cache.forget(
                    CacheInvalidationWish(selection, value: "x", actor: "a test"),
                    in: bench.ledger.id, at: bench.now)
                for seed in 0..<4 {
                    let found = try await bench.cache.lookup(
                        try bench.question(Self.request(seed)), turn: nil, at: bench.now)
                    let isGone = seed == number || number == 3
                    #expect((found.outcome == .miss) == isGone, "\(selection.kind) \(seed)")
                }
            }
        }
    }

    private static func request(_ seed: Int) -> String {
        #"{"model":"gpt-4o-mini","temperature":0,"seed":\#(seed)}"#
    }

    @Test("an answer without a turn or with one that is over is stored, and it is said")
    func turns() async throws {
        try await CacheBench.with { bench in
            let question = try bench.question()
            let miss = try await bench.cache.lookup(
                question, turn: .seconds(2), at: bench.now)
            guard case .yours(let token) = miss.turn else {
                Issue.record("nobody else could have the turn")
                return
            }
            var received = ReceivedAnswer(.chat)
            received.fill = token
            let late = try await bench.cache.store(received, to: question, at: bench.later(5))
            #expect(late.skip == nil && late.note?.contains("the turn was over") == true)
            let hit = try await bench.cache.lookup(question, at: bench.later(6))
            #expect(hit.outcome == .hit)
            #expect(FillToken("nonsense") == nil && FillToken("1.2") == nil)
        }
    }

    @Test("names that can't be kept are an error that says which, and end the turn too")
    func names() async throws {
        try await CacheBench.with { bench in
            var received = ReceivedAnswer(.chat)
            received.tags = (0...StoredAnswer.namesMax).map { Name("t\($0)") }
            let error = await #expect(throws: CacheTierFault.self) {
                try await bench.cache.store(received, to: try bench.question(), at: bench.now)
            }
            #expect(error?.param == "tags")
        }
    }
}

extension ReceivedAnswer {
    fileprivate mutating func replace(_ old: String, _ new: String) {
        body = Array(String(decoding: body, as: UTF8.self).replacing(old, with: new).utf8)
    }

    fileprivate func cut(by bytes: Int, fill: FillToken?) -> ReceivedAnswer {
        var answer = self
        answer.body.removeLast(bytes)
        answer.fill = fill
        return answer
    }
}
