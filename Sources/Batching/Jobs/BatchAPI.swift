import JSON
package import LedgerModel

/// The batch API of a provider: many requests in one job, done within a day at a lower price.
package enum BatchAPI: String, Sendable, CaseIterable {
    /// A file of lines is uploaded; a job names it, and has its results in two more files.
    case openAI = "openai"
    /// A job is one call with all requests; its results are lines at an address.
    case anthropic = "anthropic"

    /// What one job may hold.
    package var jobMax: JobMax {
        switch self {
        case .openAI: JobMax(requests: 50_000, bytes: 200_000_000)
        case .anthropic: JobMax(requests: 100_000, bytes: 256_000_000)
        }
    }

    /// What a job should take; the provider may take longer, or let it expire.
    package static let goal: Duration = .seconds(86_400)
}

package struct JobMax: Sendable, Hashable {
    package let requests: Int
    package let bytes: Int

    package init(requests: Int, bytes: Int) {
        self.requests = requests
        self.bytes = bytes
    }
}

/// The requests of a job, encoded.
package struct JobFile: Sendable {
    /// The name of the job, which all its request ids begin with.
    package let tag: String
    /// Lines for OpenAI, the body of the call for Anthropic.
    package let bytes: [UInt8]
    /// Which of the given requests it holds: the nth has the id `JobFile.id(tag, n)`.
    package let indexes: [Int]

    package static let tagBytesMax = 40

    /// The `custom_id` of a job's nth request.
    package static func id(_ tag: String, _ number: Int) -> String { "\(tag)-\(number)" }

    /// The number of a request by its id; nil if the id is not of this job.
    package static func number(_ id: String, of tag: String) -> Int? {
        guard id.hasPrefix(tag + "-") else { return nil }
        let digits = id.dropFirst(tag.count + 1)
        guard let number = Int(digits), String(number) == digits else { return nil }
        return number
    }

    /// Encodes requests into as few jobs as the provider's limits allow.
    ///
    /// OpenAI's jobs have one model each, so requests are grouped by it.
    ///
    /// - Parameters:
    ///   - bodies: what each request would send if it were called alone.
    ///   - path: the address of such a call, for OpenAI: `/v1/chat/completions`.
    ///   - tag: 1 to 40 letters, digits, hyphens and underscores, used for no other jobs.
    ///   - max: what a job may hold, if that is less than the provider allows.
    package static func files(
        _ bodies: [[UInt8]], for api: BatchAPI, path: String, tag: String, max: JobMax? = nil
    ) throws(JobFault) -> [JobFile] {
        let max = max ?? api.jobMax
        guard (1...tagBytesMax).contains(tag.utf8.count),
            tag.utf8.allSatisfy({ isTagByte($0) })
        else { throw .badTag(tag) }
        var groups: [(model: String, indexes: [Int])] = []
        var groupOf: [String: Int] = [:]
        for (index, body) in bodies.enumerated() {
            guard body.count <= max.bytes else {
                throw .tooLarge(index, bytes: body.count, max: max.bytes)
            }
            let model = try model(of: body, index)
            let key = api == .openAI ? model : ""
            if let group = groupOf[key] {
                groups[group].indexes.append(index)
            } else {
                groupOf[key] = groups.count
                groups.append((key, [index]))
            }
        }
        var files: [JobFile] = []
        for group in groups {
            var rest = group.indexes[...]
            while !rest.isEmpty {
                let file = try fill(
                    &rest, bodies, api, path, "\(tag)-\(files.count)", max)
                files.append(file)
            }
        }
        return files
    }

    private static func isTagByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func model(of body: [UInt8], _ index: Int) throws(JobFault) -> String {
        let document: JSONDocument
        do { document = try JSONDocument(body) } catch { throw .notJSON(index) }
        guard document.nodes[0].kind == .object else { throw .notJSON(index) }
        for child in document.children(of: 0) {
            let node = document.nodes[child]
            let key = String(decoding: body[node.key], as: UTF8.self)
            if key == "\"model\"", node.kind == .string {
                return String(decoding: body[node.range], as: UTF8.self)
            }
        }
        throw .noModel(index)
    }

    /// Takes as many requests as one job may have.
    private static func fill(
        _ rest: inout ArraySlice<Int>, _ bodies: [[UInt8]], _ api: BatchAPI, _ path: String,
        _ tag: String, _ max: JobMax
    ) throws(JobFault) -> JobFile {
        let (head, tail) = api == .openAI ? ("", "") : ("{\"requests\":[", "]}")
        var bytes = Array(head.utf8)
        var indexes: [Int] = []
        while let index = rest.first, indexes.count < max.requests {
            var item: [UInt8] = []
            append(bodies[index], id: id(tag, indexes.count), api, path, to: &item)
            let separator = api == .anthropic && !indexes.isEmpty ? 1 : 0
            guard bytes.count + separator + item.count + tail.utf8.count <= max.bytes else {
                if indexes.isEmpty { throw .tooLarge(index, bytes: item.count, max: max.bytes) }
                break
            }
            if separator == 1 { bytes.append(UInt8(ascii: ",")) }
            bytes += item
            indexes.append(index)
            rest.removeFirst()
        }
        bytes += Array(tail.utf8)
        return JobFile(tag: tag, bytes: bytes, indexes: indexes)
    }

    private static func append(
        _ body: [UInt8], id: String, _ api: BatchAPI, _ path: String, to bytes: inout [UInt8]
    ) {
        // A line feed inside of JSON is only white space.
        let line = body.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
        var json = JSONWriter(capacity: body.count + 128)
        json.object { json in
            json.field("custom_id", id)
            switch api {
            case .openAI:
                json.field("method", "POST")
                json.field("url", path)
                json.key("body")
                json.value(raw: line)
            case .anthropic:
                json.key("params")
                json.value(raw: line)
            }
        }
        if api == .openAI { json.endLine() }
        bytes += json.bytes
    }
}

/// Why requests can't be made a job, or what a provider says of a job can't be read.
package enum JobFault: Fault, Hashable {
    case badTag(String)
    case notJSON(Int)
    case noModel(Int)
    case tooLarge(Int, bytes: Int, max: Int)
    case badStatus(String)
    case badLine(String)
    case badRecord(String)

    package var kind: FaultKind {
        switch self {
        case .badTag, .notJSON, .noModel: .invalid
        case .tooLarge: .tooLarge
        case .badStatus, .badLine: .unavailable(retryAfter: .seconds(60))
        case .badRecord: .defect
        }
    }

    package var description: String {
        switch self {
        case .badTag(let tag):
            "\"\(tag)\" cannot name a job: use 1 to \(JobFile.tagBytesMax) letters, digits, "
                + "hyphens and underscores"
        case .notJSON(let index): "the body of request \(index) is not a JSON object"
        case .noModel(let index): "request \(index) names no model"
        case .tooLarge(let index, let bytes, let max):
            "request \(index) has \(bytes) bytes, and a job at most \(max): call it alone"
        case .badStatus(let reason): "the provider's description of a job can't be read: \(reason)"
        case .badLine(let reason): "a line of a job's results can't be read: \(reason)"
        case .badRecord(let reason): "the record of a job can't be read: \(reason)"
        }
    }
}
