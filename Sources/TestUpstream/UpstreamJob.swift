import JSON
import LedgerModel

/// A job of the made-up batch API.
struct UpstreamJob {
    enum Phase { case running, cancelling, cancelled, expired, completed, failed(String) }

    let id: String
    let isAnthropic: Bool
    let createdAt: Int
    /// Of OpenAI's jobs.
    var file = ""
    var endpoint = ""
    var metadata = JSONTree.object([])
    /// What each line asks for.
    let lines: [(id: String, body: JSONTree)]
    var phase = Phase.running
    var polls = 0
    var endedAt: Int?
    /// Files of results, or for Anthropic the lines themselves under one name.
    var output: String?
    var errors: String?
    var succeeded = 0
    var failed = 0
    var undone = 0

    init(
        id: String, isAnthropic: Bool, createdAt: Int, lines: [(id: String, body: JSONTree)]
    ) {
        self.id = id
        self.isAnthropic = isAnthropic
        self.createdAt = createdAt
        self.lines = lines
    }

    var isOver: Bool { endedAt != nil }

    var json: String { isAnthropic ? anthropic : openAI }

    private var openAI: String {
        var errors = "null"
        let status: String
        switch phase {
        case .running: status = "in_progress"
        case .cancelling: status = "cancelling"
        case .cancelled: status = "cancelled"
        case .expired: status = "expired"
        case .completed: status = "completed"
        case .failed(let reason):
            status = "failed"
            errors = """
                {"object":"list","data":[{"code":"invalid","message":\(quoted(reason)),"param":null,"line":1}]}
                """
        }
        return """
            {"id":"\(id)","object":"batch","endpoint":\(quoted(endpoint)),"errors":\(errors),\
            "input_file_id":\(quoted(file)),"completion_window":"24h","status":"\(status)",\
            "output_file_id":\(name(output)),"error_file_id":\(name(self.errors)),\
            "created_at":\(createdAt),"expires_at":\(createdAt + 86_400),\
            "completed_at":\(endedAt.map { "\($0)" } ?? "null"),"metadata":\(metadata.json),\
            "request_counts":{"total":\(lines.count),"completed":\(succeeded),"failed":\(failed)}}
            """
    }

    private func name(_ file: String?) -> String { file.map { quoted($0) } ?? "null" }

    private var anthropic: String {
        let status =
            switch phase {
            case .running: "in_progress"
            case .cancelling: "canceling"
            default: "ended"
            }
        let isExpired = if case .expired = phase { true } else { false }
        let url = output.map { quoted("{base}/v1/messages/batches/\($0)/results") } ?? "null"
        return """
            {"id":"\(id)","type":"message_batch","processing_status":"\(status)","request_counts":\
            {"processing":\(isOver ? 0 : lines.count),"succeeded":\(succeeded),"errored":\(failed),\
            "canceled":\(isExpired ? 0 : undone),"expired":\(isExpired ? undone : 0)},\
            "ended_at":\(endedAt.map { quoted(Self.time($0)) } ?? "null"),\
            "created_at":\(quoted(Self.time(createdAt))),"expires_at":\(quoted(Self.time(createdAt + 86_400))),\
            "archived_at":null,"cancel_initiated_at":null,"results_url":\(url)}
            """
    }

    private static func time(_ seconds: Int) -> String {
        Timestamp(unixMicroseconds: Int64(seconds) * 1_000_000).description
    }
}

extension UpstreamState {
    /// Lets a job go on, as being asked about it does.
    mutating func advance(_ index: Int, at now: Int) {
        var job = jobs[index]
        if job.isOver { return }
        job.polls += 1
        let isDue = job.polls >= script.batch.polls && now - job.createdAt >= script.batch.seconds
        let (done, end): (Int, UpstreamJob.Phase)
        switch job.phase {
        case .cancelling: (done, end) = (job.lines.count / 2, .cancelled)
        case .running where isDue && script.batch.expiresAfter != nil:
            (done, end) = (script.batch.expiresAfter ?? 0, .expired)
        case .running where isDue: (done, end) = (job.lines.count, .completed)
        default:
            jobs[index] = job
            return
        }
        job.endedAt = now
        job.phase = end
        finish(&job, done: done, at: now)
        jobs[index] = job
    }

    private mutating func finish(_ job: inout UpstreamJob, done: Int, at now: Int) {
        var (output, errors) = ("", "")
        for (number, line) in job.lines.enumerated() {
            let model = line.body["model"]?.string ?? ""
            if number >= done {
                job.undone += 1
                let isExpired = if case .expired = job.phase { true } else { false }
                errors += undone(line.id, isExpired, job.isAnthropic) + "\n"
            } else if script.batch.garbledModels.contains(model) {
                output += "{\"custom_id\":\n"
            } else if script.batch.failRate > 0, chance() < script.batch.failRate {
                job.failed += 1
                errors += failed(line.id, job.isAnthropic) + "\n"
            } else {
                job.succeeded += 1
                let path = job.isAnthropic ? "/v1/messages" : job.endpoint
                let prompt = UpstreamPrompt(line.body, path: path)
                let body = answer(prompt, path: path, key: "", at: now, isBatch: true) ?? "{}"
                output += answered(line.id, body, job.isAnthropic) + "\n"
            }
        }
        if job.isAnthropic {
            job.output = job.id
            files[job.id] = ("results", "results", Array((output + errors).utf8))
            return
        }
        func keep(_ text: String) -> String? {
            if text.isEmpty { return nil }
            let id = newID("file-")
            files[id] = ("\(id).jsonl", "batch_output", Array(text.utf8))
            return id
        }
        job.output = keep(output)
        job.errors = keep(errors)
    }

    private mutating func answered(_ id: String, _ body: String, _ isAnthropic: Bool) -> String {
        isAnthropic
            ? #"{"custom_id":\#(quoted(id)),"result":{"type":"succeeded","message":\#(body)}}"#
            : """
            {"id":"\(newID("batch_req_"))","custom_id":\(quoted(id)),"response":{"status_code":200,\
            "request_id":"\(newID("req_"))","body":\(body)},"error":null}
            """
    }

    private mutating func failed(_ id: String, _ isAnthropic: Bool) -> String {
        let error = UpstreamFailure(status: 400).body(
            isAnthropic: isAnthropic, requestID: newID("req_"))
        return isAnthropic
            ? #"{"custom_id":\#(quoted(id)),"result":{"type":"errored","error":\#(error)}}"#
            : """
            {"id":"\(newID("batch_req_"))","custom_id":\(quoted(id)),"response":{"status_code":400,\
            "request_id":"\(newID("req_"))","body":\(error)},"error":null}
            """
    }

    private mutating func undone(_ id: String, _ isExpired: Bool, _ isAnthropic: Bool) -> String {
        if isAnthropic {
            let type = isExpired ? "expired" : "canceled"
            return #"{"custom_id":\#(quoted(id)),"result":{"type":"\#(type)"}}"#
        }
        let code = isExpired ? "batch_expired" : "batch_cancelled"
        return """
            {"id":"\(newID("batch_req_"))","custom_id":\(quoted(id)),"response":null,\
            "error":{"code":"\(code)","message":"it was not done"}}
            """
    }
}
