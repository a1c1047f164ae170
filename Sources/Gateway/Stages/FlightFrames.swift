import HTTPTypes
import JSON
import LedgerModel
import NIOCore

/// A part of a shared answer, as it passes through the batcher, which knows bytes alone.
///
/// Whoever joins late reads the same bytes from their beginning, so that head and end are among
/// them: one byte for the kind, four for the length, then the content.
enum FlightFrame {
    case head(Head)
    case body(ByteBuffer)
    /// What was booked for the answer, after its end.
    case served(StagedCall.Served)

    struct Head {
        var status: Int
        var headers: HTTPFields
        var isWhole: Bool
        /// The request that it was called for.
        var leader: EventID
        /// Requests that it was called for at once.
        var merged = 1
    }

    private enum Kind: UInt8 { case head, body, served }

    private static let prefixBytes = 5

    var bytes: [UInt8] {
        switch self {
        case .head(let head): Self.framed(.head, head.json)
        case .body(let piece): Self.framed(.body, Array(piece.readableBytesView))
        case .served(let served): Self.framed(.served, served.json)
        }
    }

    private static func framed(_ kind: Kind, _ content: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(prefixBytes + content.count)
        bytes.append(kind.rawValue)
        withUnsafeBytes(of: UInt32(content.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes += content
        return bytes
    }

    /// All frames of bytes that the batcher gives, which never cuts one.
    static func read(_ bytes: [UInt8]) -> [FlightFrame] {
        var frames: [FlightFrame] = []
        var rest = ByteBuffer(bytes: bytes)
        while let kind = rest.readInteger(as: UInt8.self).flatMap(Kind.init(rawValue:)),
            let length = rest.readInteger(as: UInt32.self),
            let content = rest.readSlice(length: Int(length))
        {
            switch kind {
            case .body: frames.append(.body(content))
            case .head:
                if let head = json(content).flatMap(Head.init) { frames.append(.head(head)) }
            case .served:
                if let served = json(content).flatMap(StagedCall.Served.init) {
                    frames.append(.served(served))
                }
            }
        }
        precondition(rest.readableBytes == 0, "pieces of shared answers are whole frames")
        return frames
    }

    private static func json(_ content: ByteBuffer) -> JSONTree? {
        try? JSONTree(parsing: Array(content.readableBytesView))
    }
}

extension FlightFrame.Head {
    fileprivate var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("status", status)
            json.field("whole", isWhole ? 1 : 0)
            json.field("leader", leader.description)
            json.field("merged", merged)
            json.key("headers")
            json.array(of: headers) { json, field in
                json.object { json in
                    json.field("name", field.name.rawName)
                    json.field("value", field.value)
                }
            }
        }
        return json.bytes
    }

    fileprivate init?(_ json: JSONTree) {
        guard let status = json["status"]?.integer,
            let leader = json["leader"]?.string.flatMap({ EventID($0) })
        else { return nil }
        self.status = status
        self.leader = leader
        isWhole = json["whole"]?.integer == 1
        merged = json["merged"]?.integer ?? 1
        headers = [:]
        for item in json["headers"]?.items ?? [] {
            guard let name = item["name"]?.string.flatMap({ HTTPField.Name($0) }),
                let value = item["value"]?.string
            else { continue }
            headers.append(HTTPField(name: name, value: value))
        }
    }
}

extension StagedCall.Served {
    fileprivate var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("request", requestID.description)
            if let provider { json.field("provider", provider.string) }
            if let model { json.field("model", model.string) }
            json.key("usage")
            json.array(of: UsageUnit.allCases.map { usage[$0] ?? -1 }) { json, count in
                json.value(count)
            }
        }
        return json.bytes
    }

    fileprivate init?(_ json: JSONTree) {
        guard let requestID = json["request"]?.string.flatMap({ EventID($0) }) else { return nil }
        var usage = Usage()
        for (unit, count) in zip(UsageUnit.allCases, json["usage"]?.items ?? []) {
            if let count = count.integer, count >= 0 { usage[unit] = Int64(count) }
        }
        self.init(
            usage: usage, provider: json["provider"]?.string.map { Name($0) },
            model: json["model"]?.string.map { Name($0) }, requestID: requestID)
    }
}
