import Batching
import JSON
import LedgerModel
import NIOCore
import Providers
import Resilience

/// The calls of a provider's batch API, one for each step of a job.
struct ProviderJobs: Sendable {
    let client: ProviderClient
    let api: BatchAPI

    private static let pageMax = 100
    /// Pages of a listing that are looked through for a lost job.
    private static let pagesMax = 50
    private static let lineBytesMax = 64 << 20

    /// What a provider answers if it takes no such call.
    struct Refused: Error {
        let failure: CallFailure
        let body: [UInt8]
    }

    private var path: String { api == .openAI ? "/v1/batches" : "/v1/messages/batches" }

    func upload(_ file: JobFile) async throws -> String {
        let mark = "tally-" + file.tag
        let head = """
            --\(mark)\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n\
            --\(mark)\r\nContent-Disposition: form-data; name="file"; filename="\(file.tag).jsonl"\r\n\
            Content-Type: application/jsonl\r\n\r\n\

            """
        var call = ProviderCall(post: "/v1/files")
        call.contentType = "multipart/form-data; boundary=\(mark)"
        call.body = [
            ByteBuffer(string: head), ByteBuffer(bytes: file.bytes),
            ByteBuffer(string: "\r\n--\(mark)--\r\n"),
        ]
        let json = try await answer(call)
        guard let id = json["id"]?.string else { throw JobFault.badStatus("the file has no id") }
        return id
    }

    /// Makes a job of Anthropic's, which has its requests in it.
    func submit(_ file: JobFile) async throws -> JobStatus {
        try status(try await answer(ProviderCall(post: path, json: file.bytes)))
    }

    /// Makes a job of OpenAI's from a file.
    func submit(tag: String, uploaded: String, endpoint: String) async throws -> JobStatus {
        var json = JSONWriter()
        json.object { json in
            json.field("input_file_id", uploaded)
            json.field("endpoint", endpoint)
            json.field("completion_window", "24h")
            json.key("metadata")
            json.object { json in json.field(JobStatus.tagMember, tag) }
        }
        return try status(try await answer(ProviderCall(post: path, json: json.bytes)))
    }

    func status(of id: String) async throws -> JobStatus {
        try status(try await answer(ProviderCall("\(path)/\(id)")))
    }

    func cancel(_ id: String) async throws {
        _ = try await answer(ProviderCall(post: "\(path)/\(id)/cancel"))
    }

    /// The provider's jobs since a time, and whether the listing reached back to it.
    func list(since: Timestamp) async throws -> (jobs: [JobStatus], isComplete: Bool) {
        var jobs: [JobStatus] = []
        var after = ""
        for _ in 0..<Self.pagesMax {
            let page = try await answer(
                ProviderCall("\(path)?limit=\(Self.pageMax)\(after)"))
            // One that can't be read is not ours: ours were made the way that we read.
            let found = (page["data"]?.items ?? []).compactMap { try? JobStatus($0, from: api) }
            jobs += found
            let isPast = found.last?.createdAt.map { $0 < since } ?? false
            if isPast || page["has_more"] != .boolean(true) { return (jobs, true) }
            guard let last = page["last_id"]?.string ?? found.last?.id else { break }
            after = (api == .openAI ? "&after=" : "&after_id=") + last
        }
        return (jobs, false)
    }

    /// Reads results line by line.
    func read(
        _ results: JobStatus.Results, _ visit: ([ArraySlice<UInt8>]) async throws -> Void
    ) async throws {
        let call: ProviderCall
        switch results {
        case .file(let id): call = ProviderCall("/v1/files/\(id)/content")
        case .address(let url):
            // The key goes to the configured address, whatever the answer names.
            guard let start = url.firstRange(of: "/v1/") else {
                throw JobFault.badStatus("its results_url is \(url)")
            }
            call = ProviderCall(String(url[start.lowerBound...]))
        }
        let stream = try await client.open(call)
        guard (200..<300).contains(stream.status) else { throw Self.refused(stream, []) }
        var splitter = LineSplitter(lineBytesMax: Self.lineBytesMax)
        try await stream.read { piece in
            var lines: [ArraySlice<UInt8>] = []
            try splitter.take(piece.readableBytesView) { lines.append($0) }
            try await visit(lines)
        }
        var lines: [ArraySlice<UInt8>] = []
        try splitter.finish { lines.append($0) }
        try await visit(lines)
    }

    // MARK: Helpers

    private func answer(_ call: ProviderCall) async throws -> JSONTree {
        let answer = try await client.call(call)
        guard (200..<300).contains(answer.status) else {
            throw Refused(
                failure: CallFailure(status: answer.status) { answer.headers[$0] },
                body: Array(answer.body.prefix(4_096)))
        }
        do { return try JSONTree(parsing: answer.body) } catch {
            throw JobFault.badStatus("\(error)")
        }
    }

    private func status(_ json: JSONTree) throws -> JobStatus { try JobStatus(json, from: api) }

    private static func refused(_ stream: ProviderStream, _ body: [UInt8]) -> Refused {
        Refused(failure: CallFailure(status: stream.status) { stream.headers[$0] }, body: body)
    }
}

extension CallFailure {
    /// What an error of a step means for its job; nil for an error of our own.
    init?(of error: any Error) {
        switch error {
        case let refused as ProviderJobs.Refused: self = refused.failure
        case ProviderFault.unreachable: self.init(.unreachable)
        case ProviderFault.lost: self.init(.lost)
        case ProviderFault.tooLarge, is JobFault: self.init(.broken)
        default: return nil
        }
    }
}
