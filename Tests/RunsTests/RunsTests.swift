import Access
import LedgerModel
import LedgerSQL
import Postgres
import PostgresTesting
import Runs
import StoreTesting
import Testing

@Suite("Long runs", .timeLimit(.minutes(2)))
struct RunsTests {
    @Test("a run is queued, executed, reports progress, and keeps its result")
    func life() async throws {
        try await TestLedger.with { fixture in
            let gate = Gate()
            let runs = fixture.process { context in
                #expect(context.request == "please" && context.checkpoint == nil)
                context.progress(3, of: 10)
                try await gate.wait()
                return RunOutcome(result: "{\"answer\":42}")
            }
            let asked = try await fixture.ask(runs)
            #expect(asked.state == .queued && asked.done == 0 && asked.total == nil)
            try await working(runs) {
                let half = try await fixture.wait(runs, asked) { $0.done == 3 }
                #expect(half.state == .running && half.total == 10 && half.finishedAt == nil)
                gate.open()
                let ended = try await fixture.wait(runs, asked) { $0.state.isFinal }
                #expect(ended.state == .done && ended.done == 10 && ended.finishedAt != nil)
            }
            #expect(try await runs.result(of: asked.id, in: fixture.id) == "{\"answer\":42}")
            #expect(try await runs.list(["work"], in: fixture.id).map(\.id) == [asked.id])
            #expect(try await runs.list(["other"], in: fixture.id).isEmpty)
            #expect(try await runs.find(asked.id, in: LedgerID(99)) == nil, "not its ledger")
        }
    }

    @Test("a run whose process fell silent resumes elsewhere, at its checkpoint, and only there")
    func silence() async throws {
        try await TestLedger.with { fixture in
            let notes = Notes()
            let gate = Gate()
            // It never sends a heartbeat, as if the process were stopped.
            let dead = fixture.process(heartbeat: .seconds(600)) { context in
                try await context.keep("at 7")
                notes.add("kept")
                try await gate.wait()
                do { try await context.keep("at 8") } catch let lost as RunLost {
                    notes.add("lost")
                    throw lost
                }
                return RunOutcome(result: "\"dead\"")
            }
            let heir = fixture.process { context in
                notes.add(context.checkpoint ?? "anew")
                return RunOutcome(result: "\"heir\"")
            }
            let asked = try await fixture.ask(dead)
            try await working(dead) {
                try await eventually("it is kept") { notes.all == ["kept"] }
                try await working(heir) {
                    _ = try await fixture.wait(heir, asked) { $0.state == .done }
                }
                gate.open()
                try await eventually("all is noted") { notes.all.count == 3 }
            }
            #expect(notes.all == ["kept", "at 7", "lost"])
            #expect(try await heir.result(of: asked.id, in: fixture.id) == "\"heir\"")
        }
    }

    @Test("a stopped process releases its runs, and the next one resumes them")
    func drain() async throws {
        try await TestLedger.with { fixture in
            let notes = Notes()
            let runs = fixture.process { context in
                notes.add(context.checkpoint ?? "anew")
                if context.checkpoint != nil { return RunOutcome(result: "1") }
                context.progress(5, of: 9)
                try await context.keep("half")
                try await forever()
                return RunOutcome(result: "never")
            }
            let asked = try await fixture.ask(runs)
            try await working(runs) {
                _ = try await fixture.wait(runs, asked) { $0.done == 5 }
            }
            let left = try #require(try await runs.find(asked.id, in: fixture.id))
            #expect(left.state == .queued && left.done == 5)
            try await working(runs) {
                _ = try await fixture.wait(runs, asked) { $0.state == .done }
            }
            #expect(notes.all == ["anew", "half"])
        }
    }

    @Test("a run is cancelled from another process, even before it is claimed")
    func cancel() async throws {
        try await TestLedger.with { fixture in
            let notes = Notes()
            let runs = fixture.process { context in
                do { try await forever() } catch {
                    notes.add("stopped")
                    throw error
                }
                return RunOutcome(result: "never", commit: { _ in notes.add("committed") })
            }
            let other = fixture.process { _ in RunOutcome(result: "never") }
            let waiting = try await fixture.ask(runs)
            let cancelled = try await other.cancel(waiting.id, in: fixture.id)
            #expect(cancelled?.state == .cancelled)
            let asked = try await fixture.ask(runs)
            try await working(runs) {
                _ = try await fixture.wait(runs, asked) { $0.state == .running }
                let told = try await other.cancel(asked.id, in: fixture.id)
                #expect(told?.isCancelRequested == true)
                _ = try await fixture.wait(runs, asked) { $0.state == .cancelled }
            }
            #expect(notes.all == ["stopped"])
            // A run that has ended stays as it is.
            #expect(try await other.cancel(asked.id, in: fixture.id)?.state == .cancelled)
            #expect(try await other.cancel(uniqueID(), in: fixture.id) == nil)
        }
    }

    @Test("failed work says why, and its outcome is not committed")
    func failure() async throws {
        struct Sad: Error, CustomStringConvertible { let description = "the book is torn" }
        try await TestLedger.with { fixture in
            let ledger = fixture.id
            let runs = fixture.process { context in
                if context.request == "please" { throw Sad() }
                return RunOutcome(result: "1") { session in
                    try session.execute("DELETE FROM tally.runs WHERE kind = 'work'")
                    throw Sad()
                }
            }
            let first = try await fixture.ask(runs)
            let second = try await fixture.ask(runs, "later")
            try await working(runs) {
                for run in [first, second] {
                    let ended = try await fixture.wait(runs, run) { $0.state.isFinal }
                    #expect(ended.state == .failed && ended.error == "the book is torn")
                    #expect(try await runs.result(of: run.id, in: ledger) == nil)
                }
            }
        }
    }

    @Test("the unfinished runs of a ledger, and the running ones of a process, are limited")
    func bounds() async throws {
        try await TestLedger.with { fixture in
            let notes = Notes()
            let gate = Gate()
            let runs = fixture.process(runningMax: 2) { _ in
                notes.add("begun")
                try await gate.wait()
                return RunOutcome(result: "1")
            }
            var asked: [Run] = []
            for _ in 0..<LongRuns.unfinishedMax { asked.append(try await fixture.ask(runs)) }
            await #expect(throws: RunRefusal.self) { try await fixture.ask(runs) }
            try await working(runs) {
                try await eventually("two have begun") { notes.all.count == 2 }
                let states = try await runs.list(["work"], in: fixture.id).map(\.state)
                #expect(states.filter { $0 == .running }.count == 2)
                gate.open()
                for run in asked {
                    _ = try await fixture.wait(runs, run) { $0.state == .done }
                }
            }
            #expect(notes.all.count == LongRuns.unfinishedMax)
            await #expect(throws: RunRefusal.self) {
                try await runs.start(
                    "dream", "", in: fixture.id, id: uniqueID(), scope: .read)
            }
        }
    }

    @Test("a run that never reaches a checkpoint is given up")
    func poison() async throws {
        try await TestLedger.with { fixture in
            let notes = Notes()
            let runs = fixture.process(silence: .milliseconds(1)) { _ in
                notes.add("begun")
                // As if the process had died: nothing is written, and it is claimed again.
                throw PostgresError(.connectionLost, "gone")
            }
            let asked = try await fixture.ask(runs)
            try await working(runs) {
                let ended = try await fixture.wait(runs, asked) { $0.state.isFinal }
                #expect(ended.state == .failed)
                #expect(ended.error?.contains("5 times") == true)
            }
            #expect(notes.all.count == LongRuns.attemptsMax)
        }
    }

    @Test("a run in the foreground ends before it returns, and resumes a dead one")
    func foreground() async throws {
        try await TestLedger.with { fixture in
            let ledger = fixture.id
            let dead = fixture.process { context in
                try await context.keep("at 3")
                throw PostgresError(.connectionLost, "gone")
            }
            await #expect(throws: PostgresError.self) {
                try await dead.runHere(
                    "work", "same", in: ledger, id: uniqueID(), scope: .read)
            }
            let runs = fixture.process(silence: .milliseconds(1)) { context in
                RunOutcome(result: "\"\(context.checkpoint ?? "anew")\"")
            }
            let other = try await runs.runHere(
                "work", "other", in: ledger, id: uniqueID(), scope: .read)
            #expect(!other.wasResumed && other.run.state == .done)
            let same = try await runs.runHere(
                "work", "same", in: ledger, id: uniqueID(), scope: .read)
            #expect(same.wasResumed)
            #expect(try await runs.result(of: same.run.id, in: ledger) == "\"at 3\"")
            let hopeless = fixture.process { _ in
                try await forever()
                return RunOutcome(result: "never")
            }
            let id = uniqueID()
            let task = Task {
                try await hopeless.runHere("work", "x", in: ledger, id: id, scope: .read)
            }
            try await eventually("it runs") {
                try await runs.find(id, in: ledger)?.state == .running
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await runs.find(id, in: ledger)?.state == .cancelled)
        }
    }
}
