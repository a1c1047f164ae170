package import JSON
package import LedgerModel
package import Resilience

/// What a provider says of a job.
package struct JobStatus: Sendable, Equatable {
    package enum Phase: Sendable, Equatable {
        /// Not begun, running, or being stopped: ask again later.
        case running
        /// Refused as a whole: no request was done.
        case refused(String)
        /// Done, expired or cancelled: what was done has results.
        case ended
    }

    /// Where results are: a file for OpenAI, an address for Anthropic.
    package enum Results: Sendable, Equatable, Hashable {
        case file(String)
        case address(String)
    }

    package let id: String
    package let phase: Phase
    package let results: [Results]
    /// Requests of the job; nil before the provider has counted them.
    package let requests: Int?
    /// Our name for it, where the provider keeps one.
    package let tag: String?
    package let createdAt: Timestamp?

    /// The member of a job's metadata that holds its tag.
    package static let tagMember = "tallystick_job"

    package init(
        id: String, phase: Phase, results: [Results] = [], requests: Int? = nil,
        tag: String? = nil, createdAt: Timestamp? = nil
    ) {
        self.id = id
        self.phase = phase
        self.results = results
        self.requests = requests
        self.tag = tag
        self.createdAt = createdAt
    }

    package init(_ json: JSONTree, from api: BatchAPI) throws(JobFault) {
        guard let id = json["id"]?.string else { throw .badStatus("it has no id") }
        switch api {
        case .openAI: try self.init(openAI: json, id)
        case .anthropic: try self.init(anthropic: json, id)
        }
    }

    private init(openAI json: JSONTree, _ id: String) throws(JobFault) {
        let phase: Phase
        switch json["status"]?.string {
        case "validating", "in_progress", "finalizing", "cancelling": phase = .running
        case "completed", "expired", "cancelled": phase = .ended
        case "failed":
            let first = json["errors"]?["data"]?.items?.first?["message"]?.string
            phase = .refused(first ?? "the provider gives no reason")
        case let other: throw .badStatus("its status is \(other ?? "missing")")
        }
        let files = ["output_file_id", "error_file_id"].compactMap { json[$0]?.string }
        let total = json["request_counts"]?["total"]?.integer
        self.init(
            id: id, phase: phase, results: files.map { .file($0) },
            requests: total == 0 && phase == .running ? nil : total,
            tag: json["metadata"]?[Self.tagMember]?.string,
            createdAt: json["created_at"]?.integer.flatMap { Self.time(seconds: $0) })
    }

    private init(anthropic json: JSONTree, _ id: String) throws(JobFault) {
        let phase: Phase
        switch json["processing_status"]?.string {
        case "in_progress", "canceling": phase = .running
        case "ended": phase = .ended
        case let other: throw .badStatus("its processing_status is \(other ?? "missing")")
        }
        let names = ["processing", "succeeded", "errored", "canceled", "expired"]
        let counts = names.compactMap { json["request_counts"]?[$0]?.integer }
        self.init(
            id: id, phase: phase,
            results: json["results_url"]?.string.map { [.address($0)] } ?? [],
            requests: counts.isEmpty ? nil : counts.reduce(0, +),
            createdAt: json["created_at"]?.string.flatMap { Timestamp(rfc3339: $0) })
    }

    private static func time(seconds: Int) -> Timestamp? {
        // Until the year 9999; a provider may say anything.
        guard (0...253_402_300_799).contains(seconds) else { return nil }
        return Timestamp(unixMicroseconds: Int64(seconds) * 1_000_000)
    }
}

/// How one request of a job ended, as a line of its results says.
package struct JobLine: Sendable {
    package enum Result: Sendable {
        /// The answer, as a call of its own would have had it.
        case succeeded([UInt8])
        /// The error, with the body that the provider sent for it.
        case failed(CallFailure, [UInt8])
        /// The job expired before its turn came; it costs nothing.
        case expired
        /// The job was cancelled before its turn came; it costs nothing.
        case cancelled
    }

    package let id: String
    package let result: Result

    package init(_ line: some Sequence<UInt8>, from api: BatchAPI) throws(JobFault) {
        let bytes = Array(line)
        let json: JSONTree
        do { json = try JSONTree(parsing: bytes) } catch { throw .badLine("\(error)") }
        guard let id = json["custom_id"]?.string else { throw .badLine("it has no custom_id") }
        self.id = id
        result =
            switch api {
            case .openAI: try Self.openAI(json)
            case .anthropic: try Self.anthropic(json)
            }
    }

    private static func openAI(_ json: JSONTree) throws(JobFault) -> Result {
        if let response = json["response"], let status = response["status_code"]?.integer {
            let body = Array((response["body"] ?? .null).json.utf8)
            if (200..<300).contains(status) { return .succeeded(body) }
            return .failed(CallFailure(status: status) { _ in nil }, body)
        }
        guard let error = json["error"] else { throw .badLine("it has no response and no error") }
        switch error["code"]?.string {
        case "batch_expired": return .expired
        case "batch_cancelled": return .cancelled
        default: return .failed(CallFailure(.broken), Array(error.json.utf8))
        }
    }

    private static func anthropic(_ json: JSONTree) throws(JobFault) -> Result {
        guard let result = json["result"] else { throw .badLine("it has no result") }
        switch result["type"]?.string {
        case "succeeded": return .succeeded(Array((result["message"] ?? .null).json.utf8))
        case "errored":
            // The error stands in an object that looks like the body of an answer.
            let body = result["error"] ?? .null
            let kind = (body["error"] ?? body)["type"]?.string
            return .failed(CallFailure(errorClass(kind)), Array(body.json.utf8))
        case "canceled": return .cancelled
        case "expired": return .expired
        case let other: throw .badLine("its type is \(other ?? "missing")")
        }
    }

    private static func errorClass(_ kind: String?) -> ErrorClass {
        switch kind {
        case "invalid_request_error": .refused
        case "authentication_error", "billing_error", "permission_error", "not_found_error":
            .denied
        case "rate_limit_error": .limited
        case "overloaded_error": .overloaded
        default: .broken
        }
    }
}
