import AsyncHTTPClient
import EventStore
import Foundation
import LedgerModel
import NIOCore
import NIOHTTP1
import Rendering

/// Somebody elsewhere who is told of each checkpoint, so that whoever takes over this machine
/// cannot change what was said before.
enum CheckpointWitness: Sendable, Equatable {
    /// A file, such as one on another machine's disk, to which a line is appended.
    case file(String)
    /// A URL that is sent the checkpoint as JSON.
    case webhook(String)
    /// A bucket in which each checkpoint is an object, which is never replaced.
    case bucket(Bucket)

    private static let answerMax: TimeAmount = .seconds(30)

    /// Reads witnesses separated by commas: paths, `http(s)://…`, or
    /// `s3://BUCKET/PREFIX?region=…&endpoint=…`.
    static func list(_ text: String?) throws -> [CheckpointWitness] {
        try (text ?? "").split(separator: ",").map { part in
            let word = part.trimmingCharacters(in: .whitespaces)
            if word.hasPrefix("s3://") { return .bucket(try Bucket(word)) }
            if word.hasPrefix("http://") || word.hasPrefix("https://") { return .webhook(word) }
            guard !word.contains("://") else {
                throw InputRefused(
                    "\(word.prefix { $0 != ":" }) is no kind of witness: give a path, an http or "
                        + "https URL, or s3://BUCKET/PREFIX")
            }
            return .file(word)
        }
    }

    /// Without passwords, for messages.
    var name: String {
        switch self {
        case .file(let path): path
        case .webhook(let url): URL(string: url)?.host() ?? "the webhook"
        case .bucket(let bucket): "s3://" + bucket.name
        }
    }

    func see(_ checkpoint: Checkpoint) async throws {
        do {
            switch self {
            case .file(let path): try append(checkpoint.json + "\n", to: path)
            case .webhook(let url):
                var request = HTTPClientRequest(url: url)
                request.method = .POST
                try await send(checkpoint, request)
            case .bucket(let bucket):
                try await send(
                    checkpoint, try bucket.request(putting: checkpoint, at: .now))
            }
        } catch {
            throw InputRefused(
                "the checkpoint was kept, but the witness \(name) did not take it: \(error)")
        }
    }

    private func append(_ line: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw InputRefused(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let bytes = Array(line.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw InputRefused(String(cString: strerror(errno)))
        }
    }

    private func send(_ checkpoint: Checkpoint, _ request: HTTPClientRequest) async throws {
        var request = request
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: checkpoint.json))
        let response = try await HTTPClient.shared.execute(request, timeout: Self.answerMax)
        guard (200..<300).contains(response.status.code) else {
            throw InputRefused("it answered \(response.status.code)")
        }
    }
}

/// A bucket of S3, or of another server that speaks its protocol.
struct Bucket: Sendable, Equatable {
    let name: String
    let prefix: String
    let region: String
    let endpoint: String

    /// Reads `s3://BUCKET/PREFIX?region=…&endpoint=…`.
    init(_ url: String) throws {
        guard let parts = URLComponents(string: url), let name = parts.host, !name.isEmpty else {
            throw InputRefused("\(url) is not a bucket: expected s3://BUCKET/PREFIX")
        }
        let values = Dictionary(
            (parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
        self.name = name
        prefix = String(parts.path.drop { $0 == "/" })
        region = values["region"] ?? "us-east-1"
        endpoint = values["endpoint"] ?? "https://s3.\(region).amazonaws.com"
    }

    /// A request that puts a checkpoint under its file name, and fails if there is an object.
    ///
    /// The credentials are those of AWS's tools: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for
    /// temporary ones, AWS_SESSION_TOKEN.
    func request(putting checkpoint: Checkpoint, at time: Timestamp) throws -> HTTPClientRequest {
        let environment = ProcessInfo.processInfo.environment
        guard let id = environment["AWS_ACCESS_KEY_ID"],
            let secret = environment["AWS_SECRET_ACCESS_KEY"]
        else { throw InputRefused("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are missing") }
        guard let server = URLComponents(string: endpoint), let host = server.host else {
            throw InputRefused("\(endpoint) is not a URL")
        }
        let path = AmazonSignature.encoded("/\(name)/\(prefix)\(checkpoint.fileName)")
        var signed = [
            (name: "host", value: host + (server.port.map { ":\($0)" } ?? "")),
            (name: "if-none-match", value: "*"),
        ]
        if let token = environment["AWS_SESSION_TOKEN"] {
            signed.append((name: "x-amz-security-token", value: token))
        }
        let signature = AmazonSignature(keyID: id, secret: secret, region: region, time: time)
        var request = HTTPClientRequest(url: endpoint + path)
        request.method = .PUT
        let headers = signature.headers(
            for: "PUT", path, signed, body: Array(checkpoint.json.utf8))
        for header in headers where header.name != "host" {
            request.headers.add(name: header.name, value: header.value)
        }
        return request
    }
}
