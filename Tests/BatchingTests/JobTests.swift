import Batching
import JSON
import LedgerModel
import LedgerTesting
import Resilience
import Testing

/// Jobs of providers' batch APIs: their files, their results and their life.
@Suite("Batch jobs")
struct JobTests {
    private static let start = Timestamp(year: 2026, month: 11, day: 30)

    private func body(_ model: String, _ text: String = "hi") -> [UInt8] {
        Array("{\"model\":\"\(model)\",\"messages\":[{\"content\":\"\(text)\"}]}".utf8)
    }

    // MARK: - Files

    @Test("OpenAI's files have one line a request, one model each, and find their requests again")
    func lines() throws {
        var bodies = [body("a"), body("b"), body("a")]
        bodies.append(Array("{\n \"model\": \"b\"\r\n}".utf8))
        let files = try JobFile.files(
            bodies, for: .openAI, path: "/v1/chat/completions", tag: "night_1")
        #expect(files.map(\.indexes) == [[0, 2], [1, 3]])
        #expect(files.map(\.tag) == ["night_1-0", "night_1-1"])
        let lines = files[1].bytes.split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 2)
        let second = try JSONTree(parsing: lines[1])
        #expect(second["custom_id"] == .text("night_1-1-1"))
        #expect(second["method"] == .text("POST"))
        #expect(second["url"] == .text("/v1/chat/completions"))
        #expect(second["body"]?["model"] == .text("b"))
        #expect(JobFile.number("night_1-1-1", of: "night_1-1") == 1)
        for other in ["night_1-0-1", "night_1-1-01", "night_1-1-", "night_1-1-x", "x"] {
            #expect(JobFile.number(other, of: "night_1-1") == nil)
        }
    }

    @Test("Anthropic's body has all requests, whatever their model")
    func requests() throws {
        let files = try JobFile.files(
            [body("a"), body("b")], for: .anthropic, path: "", tag: "j")
        #expect(files.count == 1)
        let json = try JSONTree(parsing: files[0].bytes)
        let items = try #require(json["requests"]?.items)
        #expect(items.map { $0["custom_id"]?.string } == ["j-0-0", "j-0-1"])
        #expect(items[1]["params"]?["model"] == .text("b"))
    }

    @Test("files respect the limits of requests and of bytes, to the byte")
    func limits() throws {
        #expect(BatchAPI.openAI.jobMax == JobMax(requests: 50_000, bytes: 200_000_000))
        #expect(BatchAPI.anthropic.jobMax == JobMax(requests: 100_000, bytes: 256_000_000))
        let many = Array(repeating: body("a"), count: 11)
        for api in BatchAPI.allCases {
            func counts(_ max: JobMax) throws -> [Int] {
                let files = try JobFile.files(many, for: api, path: "/v1/x", tag: "t", max: max)
                #expect(files.allSatisfy { $0.bytes.count <= max.bytes })
                return files.map(\.indexes.count)
            }
            #expect(try counts(JobMax(requests: 5, bytes: 1_000_000)) == [5, 5, 1])
            let four = try JobFile.files(
                Array(many.prefix(4)), for: api, path: "/v1/x", tag: "t")[0].bytes.count
            #expect(try counts(JobMax(requests: 99, bytes: four)) == [4, 4, 3])
            #expect(try counts(JobMax(requests: 99, bytes: four - 1)) == [3, 3, 3, 2])
        }
    }

    @Test("what can't be in a job is refused by its number")
    func refusals() throws {
        func refused(_ bodies: [[UInt8]], tag: String = "t") -> JobFault? {
            do {
                _ = try JobFile.files(bodies, for: .openAI, path: "/", tag: tag)
                return nil
            } catch { return error }
        }
        #expect(refused([body("a"), Array("[1]".utf8)]) == .notJSON(1))
        #expect(refused([body("a"), Array("{}".utf8)]) == .noModel(1))
        #expect(refused([body("a")], tag: "a b") == .badTag("a b"))
        #expect(refused([body("a")], tag: "") == .badTag(""))
        let one = body("a", "longer than the others")
        func alone(_ bytes: Int) throws -> [JobFile] {
            try JobFile.files(
                [one], for: .openAI, path: "/v1/x", tag: "t",
                max: JobMax(requests: 9, bytes: bytes))
        }
        let bytes = try alone(10_000)[0].bytes.count
        #expect(try alone(bytes).count == 1)
        #expect(throws: JobFault.tooLarge(0, bytes: bytes, max: bytes - 1)) {
            try alone(bytes - 1)
        }
        #expect(throws: JobFault.tooLarge(0, bytes: one.count, max: 9)) { try alone(9) }
    }

    // MARK: - What providers say

    private func line(_ json: String, _ api: BatchAPI) throws -> JobLine {
        try JobLine(Array(json.utf8), from: api)
    }

    @Test("OpenAI's result lines are read: answers, errors, and what expired")
    func openAILines() throws {
        let good = try line(
            #"{"id":"r","custom_id":"t-0","response":{"status_code":200,"request_id":"q","body":{"usage":{"total_tokens":7}}},"error":null}"#,
            .openAI)
        guard case .succeeded(let body) = good.result else {
            Issue.record("it succeeded")
            return
        }
        #expect(String(decoding: body, as: UTF8.self) == #"{"usage":{"total_tokens":7}}"#)
        let bad = try line(
            #"{"custom_id":"t-1","response":{"status_code":400,"body":{"error":{"message":"no"}}},"error":null}"#,
            .openAI)
        guard case .failed(let failure, _) = bad.result else {
            Issue.record("it failed")
            return
        }
        #expect(failure.errorClass == .refused && failure.status == 400)
        let late = try line(
            #"{"custom_id":"t-2","response":null,"error":{"code":"batch_expired","message":"…"}}"#,
            .openAI)
        guard case .expired = late.result else {
            Issue.record("it expired")
            return
        }
        #expect(throws: JobFault.badLine("it has no custom_id")) { try line("{}", .openAI) }
        #expect(throws: JobFault.self) { try line("{\"custom_id\":\"t", .openAI) }
    }

    @Test("Anthropic's result lines are read: messages, errors, and what expired or was cancelled")
    func anthropicLines() throws {
        let good = try line(
            #"{"custom_id":"t-0","result":{"type":"succeeded","message":{"id":"msg_1"}}}"#,
            .anthropic)
        guard case .succeeded(let body) = good.result else {
            Issue.record("it succeeded")
            return
        }
        #expect(String(decoding: body, as: UTF8.self) == #"{"id":"msg_1"}"#)
        let bad = try line(
            #"{"custom_id":"t-1","result":{"type":"errored","error":{"type":"error","error":{"type":"overloaded_error","message":"…"}}}}"#,
            .anthropic)
        guard case .failed(let failure, _) = bad.result else {
            Issue.record("it failed")
            return
        }
        #expect(failure.errorClass == .overloaded)
        let expired = try line(#"{"custom_id":"t","result":{"type":"expired"}}"#, .anthropic)
        let cancelled = try line(#"{"custom_id":"t","result":{"type":"canceled"}}"#, .anthropic)
        if case .expired = expired.result {} else { Issue.record("it expired") }
        if case .cancelled = cancelled.result {} else { Issue.record("it was cancelled") }
        #expect(throws: JobFault.badLine("its type is odd")) {
            try line(#"{"custom_id":"t","result":{"type":"odd"}}"#, .anthropic)
        }
    }

    @Test("the states of jobs are read, and unknown ones are said")
    func statuses() throws {
        func status(_ json: String, _ api: BatchAPI) throws -> JobStatus {
            try JobStatus(try JSONTree(parsing: json.utf8), from: api)
        }
        let done = try status(
            #"{"id":"batch_1","status":"expired","output_file_id":"f1","error_file_id":"f2","request_counts":{"total":3,"completed":1,"failed":0},"metadata":{"tallystick_job":"t"},"created_at":1764460800}"#,
            .openAI)
        #expect(done.phase == .ended && done.results == [.file("f1"), .file("f2")])
        #expect(done.requests == 3 && done.tag == "t")
        #expect(done.createdAt == Timestamp(year: 2025, month: 11, day: 30))
        let failed = try status(
            #"{"id":"b","status":"failed","errors":{"data":[{"message":"bad line 3"}]}}"#, .openAI)
        #expect(failed.phase == .refused("bad line 3"))
        let ended = try status(
            #"{"id":"msgbatch_1","processing_status":"ended","results_url":"https://x/y","created_at":"2026-11-30T00:00:00Z","request_counts":{"processing":0,"succeeded":2,"errored":1,"canceled":0,"expired":4}}"#,
            .anthropic)
        #expect(ended.phase == .ended && ended.requests == 7)
        #expect(ended.results == [.address("https://x/y")] && ended.createdAt == Self.start)
        #expect(throws: JobFault.badStatus("its status is odd")) {
            try status(#"{"id":"b","status":"odd"}"#, .openAI)
        }
        #expect(throws: JobFault.badStatus("it has no id")) { try status("{}", .anthropic) }
    }

    // MARK: - The life of a job

    private func lost() -> CallFailure { CallFailure(.lost) }

    @Test("an ambiguous submission is looked for, never simply repeated")
    func ambiguity() throws {
        var now = Self.start
        var job = BatchJob(api: .openAI, tag: "t-0", requests: 2, at: now)
        #expect(job.step(at: now) == .upload)
        job.uploaded(file: "f", at: now)
        #expect(job.step(at: now) == .submit(file: "f"))
        job.beginSubmit(at: now)
        #expect(job.failed(lost(), chance: 0.5, at: now).isEmpty)
        guard case .wait(let until) = job.step(at: now) else {
            Issue.record("a submission needs time to appear in a listing")
            return
        }
        now = until
        guard case .list = job.step(at: now) else {
            Issue.record("it is looked for")
            return
        }
        var missing = job
        let mine = JobStatus(id: "b7", phase: .running, requests: 2, tag: "t-0")
        let other = JobStatus(id: "b6", phase: .running, requests: 2, tag: "t-1")
        _ = job.listed([other, mine], others: [], isComplete: true, at: now)
        #expect(job.state == .submitted(id: "b7"))
        // An incomplete listing proves nothing; a complete one, that it never arrived.
        _ = missing.listed([other], others: [], isComplete: false, at: now)
        guard case .ambiguous = missing.state else {
            Issue.record("it is still ambiguous")
            return
        }
        _ = missing.listed([other], others: [], isComplete: true, at: now)
        #expect(missing.state == .uploaded(file: "f"))
    }

    @Test("a listing too soon after a submission proves nothing, also after a crash")
    func settling() throws {
        var job = BatchJob(api: .anthropic, tag: "t", requests: 1, at: Self.start)
        job.beginSubmit(at: Self.start)
        job = try BatchJob(record: job.record)
        #expect(job.state == .ambiguous(file: nil))
        let soon = Self.start.advanced(byMicroseconds: 1_000_000)
        _ = job.listed([], others: [], isComplete: true, at: soon)
        #expect(job.state == .ambiguous(file: nil))
        let later = Self.start.advanced(byMicroseconds: 60_000_000)
        #expect(job.step(at: soon) == .wait(until: later))
        _ = job.listed([], others: [], isComplete: true, at: later)
        #expect(job.state == .prepared)
    }

    @Test("a refused submission ends the job, one that was not sent is made again")
    func submissions() throws {
        var job = BatchJob(api: .anthropic, tag: "t-0", requests: 2, at: Self.start)
        job.beginSubmit(at: Self.start)
        #expect(job.failed(CallFailure(.unreachable), chance: 1, at: Self.start).isEmpty)
        #expect(job.state == .prepared)
        guard case .wait(let until) = job.step(at: Self.start) else {
            Issue.record("it waits")
            return
        }
        job.beginSubmit(at: until)
        let outcomes = job.failed(CallFailure(.refused, status: 400), chance: 1, at: until)
        #expect(outcomes.map(\.number) == [0, 1] && job.state == .ended)
    }

    @Test("the finished lines of an expired job count, and the others have an outcome too")
    func expired() throws {
        let now = Self.start
        var job = BatchJob(api: .openAI, tag: "t", requests: 4, at: now)
        job.uploaded(file: "f", at: now)
        job.beginSubmit(at: now)
        job.submitted(id: "b", at: now)
        let status = JobStatus(
            id: "b", phase: .ended, results: [.file("out"), .file("err")], requests: 4)
        #expect(job.polled(status, chance: 0, at: now).isEmpty)
        #expect(job.step(at: now) == .read(.file("out")))
        let good = try line(
            #"{"custom_id":"t-2","response":{"status_code":200,"body":{}}}"#, .openAI)
        #expect(job.read(good)?.number == 2)
        #expect(job.read(good) == nil, "a line that comes twice counts once")
        #expect(job.finished(reading: .file("out"), at: now).isEmpty)
        let late = try line(#"{"custom_id":"t-0","error":{"code":"batch_expired"}}"#, .openAI)
        #expect(job.read(late)?.number == 0)
        let rest = job.finished(reading: .file("err"), at: now)
        #expect(rest.map(\.number) == [1, 3])
        #expect(job.state == .ended && job.step(at: now) == .done)
    }

    @Test("results of somebody else's job are noticed, and the right job is looked for again")
    func mistakes() throws {
        let now = Self.start
        var job = BatchJob(api: .anthropic, tag: "t", requests: 3, at: now)
        job.beginSubmit(at: now)
        _ = job.failed(lost(), chance: 0, at: now)
        let stranger = JobStatus(id: "b1", phase: .running, requests: 3)
        let later = now.advanced(byMicroseconds: 60_000_000)
        _ = job.listed([stranger], others: ["b0"], isComplete: true, at: later)
        let ended = JobStatus(id: "b1", phase: .ended, results: [.address("u")])
        _ = job.polled(ended, chance: 0, at: later)
        #expect(
            job.read(try line(#"{"custom_id":"x-0","result":{"type":"expired"}}"#, .anthropic))
                == nil)
        #expect(job.finished(reading: .address("u"), foreign: true, at: later).isEmpty)
        _ = job.listed([stranger], others: [], isComplete: true, at: later)
        #expect(job.state == .prepared && job.remaining == 3)
    }

    @Test("a cancelled job is not submitted, or stopped, and what was done is still read")
    func cancellation() throws {
        let now = Self.start
        var early = BatchJob(api: .openAI, tag: "t", requests: 2, at: now)
        #expect(early.cancel(at: now).map(\.number) == [0, 1] && early.state == .ended)
        var late = BatchJob(api: .anthropic, tag: "t", requests: 2, at: now)
        late.beginSubmit(at: now)
        late.submitted(id: "b", at: now)
        #expect(late.cancel(at: now).isEmpty)
        #expect(late.step(at: now) == .cancel(id: "b"))
        late.cancelSent(at: now)
        #expect(late.step(at: now) == .poll(id: "b"))
    }

    @Test("polls are as far apart as a job is old, and a failing one waits by itself")
    func polls() throws {
        var now = Self.start
        var job = BatchJob(api: .anthropic, tag: "t", requests: 1, at: now)
        job.beginSubmit(at: now)
        job.submitted(id: "b", at: now)
        var polls = 0
        while now < Self.start.advanced(byMicroseconds: Timestamp.dayMicroseconds) {
            switch job.step(at: now) {
            case .wait(let until): now = until
            case .poll:
                polls += 1
                if polls % 10 == 0 {
                    #expect(job.failed(CallFailure(.broken), chance: 0.9, at: now).isEmpty)
                } else {
                    let status = JobStatus(id: "b", phase: .running)
                    #expect(job.polled(status, chance: 0.5, at: now).isEmpty)
                }
            default: Issue.record("nothing else is to be done")
            }
        }
        #expect(polls > 250 && polls < 500)
    }

    // MARK: - Crashes

    @Test("whatever fails and whenever the process dies, each request ends once, with one job made")
    func crashes() throws {
        let seed = testSeed()
        for run in 0..<UInt64(isSoaking ? 5_000 : 400) {
            var provider = Provider(seed: seed &+ run)
            var job = BatchJob(
                api: provider.api, tag: "t", requests: provider.requests, at: Self.start)
            var now = Self.start
            var outcomes = Array(repeating: 0, count: provider.requests)
            var steps = 0
            while job.state != .ended, steps < 3_000 {
                steps += 1
                if provider.chance(0.2) { job = try BatchJob(record: job.record) }
                for (number, _) in try provider.take(&job, at: &now) { outcomes[number] += 1 }
            }
            #expect(job.state == .ended)
            #expect(outcomes.allSatisfy { $0 == 1 })
            #expect(provider.made <= 1)
        }
    }

    /// A provider whose calls fail, and of which some arrive though they seem to fail.
    private struct Provider {
        let api: BatchAPI
        let requests: Int
        private var random: SeededGenerator
        private(set) var made = 0
        private var polls = 0

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed)
            api = random.chance(0.5) ? .openAI : .anthropic
            requests = random.number(1..<9)
        }

        mutating func chance(_ share: Double) -> Bool { random.chance(share) }

        mutating func take(
            _ job: inout BatchJob, at now: inout Timestamp
        ) throws -> BatchJob.Outcomes {
            let failure = CallFailure(chance(0.5) ? .lost : .broken, status: nil)
            let jitter = Double.random(in: 0...1, using: &random)
            let fails = chance(0.3)
            switch job.step(at: now) {
            case .wait(let until): now = until
            case .upload:
                if fails { return job.failed(failure, chance: jitter, at: now) }
                job.uploaded(file: "f", at: now)
            case .submit:
                job.beginSubmit(at: now)
                let arrives = !fails || chance(0.5)
                if arrives { made += 1 }
                // The process may die before it hears of it.
                if chance(0.2) { job = try BatchJob(record: job.record) }
                if fails { return job.failed(failure, chance: jitter, at: now) }
                job.submitted(id: "b", at: now)
            case .list:
                if fails { return job.failed(failure, chance: jitter, at: now) }
                let status = JobStatus(id: "b", phase: .running, requests: requests, tag: "t")
                return job.listed(
                    made > 0 ? [status] : [], others: [], isComplete: chance(0.8), at: now)
            case .poll:
                if fails { return job.failed(failure, chance: jitter, at: now) }
                polls += 1
                let results: [JobStatus.Results] =
                    api == .openAI ? [.file("o"), .file("e")] : [.address("u")]
                let status = JobStatus(
                    id: "b", phase: polls > 5 ? .ended : .running,
                    results: polls > 5 ? results : [])
                return job.polled(status, chance: jitter, at: now)
            case .cancel: job.cancelSent(at: now)
            case .read(let results): return try read(results, &job, fails, failure, at: now)
            case .done: break
            }
            return []
        }

        /// Each line in one of the files; a connection that breaks has told some of them.
        private mutating func read(
            _ results: JobStatus.Results, _ job: inout BatchJob, _ fails: Bool,
            _ failure: CallFailure, at now: Timestamp
        ) throws -> BatchJob.Outcomes {
            var outcomes: BatchJob.Outcomes = []
            for number in 0..<requests {
                if fails, chance(0.3) {
                    return outcomes + job.failed(failure, chance: 0.5, at: now)
                }
                let json =
                    switch (api, results, number % 2) {
                    case (.anthropic, _, _):
                        "{\"custom_id\":\"t-\(number)\",\"result\":{\"type\":\"succeeded\",\"message\":{}}}"
                    case (.openAI, .file("o"), 0), (.openAI, .file("e"), 1):
                        "{\"custom_id\":\"t-\(number)\",\"response\":{\"status_code\":200,\"body\":{}}}"
                    default: ""
                    }
                // One line in five is missing.
                guard !json.isEmpty, number % 5 != 4 else { continue }
                if let outcome = job.read(try JobLine(Array(json.utf8), from: api)) {
                    outcomes.append(outcome)
                }
            }
            return outcomes + job.finished(reading: results, at: now)
        }
    }

    @Test("a record that isn't one is refused")
    func records() {
        for text in ["", "{}", #"{"version":1}"#, #"{"version":2,"api":"openai"}"#] {
            #expect(throws: JobFault.self) { try BatchJob(record: text) }
        }
        let job = BatchJob(api: .openAI, tag: "t", requests: 5, at: Self.start)
        let short = job.record.replacing("\"requests\":5", with: "\"requests\":9")
        #expect(throws: JobFault.self) { try BatchJob(record: short) }
    }
}
