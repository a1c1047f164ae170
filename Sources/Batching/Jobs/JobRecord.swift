import JSON
import LedgerModel

/// A job as text, for the row that outlives the process.
extension BatchJob {
    private static let version = 1

    package var record: String {
        var json = JSONWriter()
        json.object { json in
            json.field("version", Self.version)
            json.field("api", api.rawValue)
            json.field("tag", tag)
            json.field("requests", isFinished.count)
            json.field("finished", Self.hexadecimal(isFinished))
            json.field("submitted_at", submittedAt?.microseconds)
            json.field("not_before", notBefore.microseconds)
            json.field("failures", failures)
            json.field("cancelled", isCancelled)
            json.field("cancel_sent", isCancelSent)
            json.key("mistaken")
            json.array(of: mistaken) { json, id in json.value(id) }
            write(state, &json)
        }
        return json.text
    }

    private func write(_ state: State, _ json: inout JSONWriter) {
        switch state {
        case .prepared: json.field("state", "prepared")
        case .uploaded(let file):
            json.field("state", "uploaded")
            json.field("file", file)
        case .submitting(let file):
            json.field("state", "submitting")
            json.field("file", file)
        case .ambiguous(let file):
            json.field("state", "ambiguous")
            json.field("file", file)
        case .submitted(let id):
            json.field("state", "submitted")
            json.field("id", id)
        case .reading(let id, let results):
            json.field("state", "reading")
            json.field("id", id)
            json.key("results")
            json.array(of: results) { json, result in
                json.object { json in
                    switch result {
                    case .file(let file): json.field("file", file)
                    case .address(let address): json.field("address", address)
                    }
                }
            }
        case .ended: json.field("state", "ended")
        }
    }

    /// Reads a record; a submission that was begun is ambiguous now.
    package init(record: String) throws(JobFault) {
        let json: JSONTree
        do { json = try JSONTree(parsing: record.utf8) } catch { throw .badRecord("\(error)") }
        guard json["version"]?.integer == Self.version else { throw .badRecord("its version") }
        guard let api = json["api"]?.string.flatMap(BatchAPI.init(rawValue:)),
            let tag = json["tag"]?.string, let count = json["requests"]?.integer,
            (0...BatchAPI.anthropic.jobMax.requests).contains(count),
            let finished = json["finished"]?.string,
            let isFinished = Self.flags(finished, count: count),
            let notBefore = json["not_before"]?.integer
        else { throw .badRecord("a member is missing") }
        self.init(
            api: api, tag: tag, requests: count, at: Timestamp(microseconds: Int64(notBefore)))
        self.isFinished = isFinished
        submittedAt = json["submitted_at"]?.integer.map { Timestamp(microseconds: Int64($0)) }
        failures = json["failures"]?.integer ?? 0
        isCancelled = json["cancelled"] == .boolean(true)
        isCancelSent = json["cancel_sent"] == .boolean(true)
        mistaken = json["mistaken"]?.items?.compactMap(\.string) ?? []
        state = try Self.state(json)
    }

    private static func state(_ json: JSONTree) throws(JobFault) -> State {
        let file = json["file"]?.string
        switch (json["state"]?.string, file, json["id"]?.string) {
        case ("prepared", _, _): return .prepared
        case ("uploaded", let file?, _): return .uploaded(file: file)
        case ("submitting", _, _), ("ambiguous", _, _): return .ambiguous(file: file)
        case ("submitted", _, let id?): return .submitted(id: id)
        case ("reading", _, let id?):
            let results = json["results"]?.items?.compactMap { item -> JobStatus.Results? in
                item["file"]?.string.map { .file($0) }
                    ?? item["address"]?.string.map { .address($0) }
            }
            return .reading(id: id, results ?? [])
        case ("ended", _, _): return .ended
        default: throw .badRecord("its state")
        }
    }

    /// Four flags a digit, the first in the highest bit.
    private static func hexadecimal(_ flags: [Bool]) -> String {
        stride(from: 0, to: flags.count, by: 4).map { start in
            let digit = (0..<4).reduce(0) { sum, bit in
                let isSet = start + bit < flags.count && flags[start + bit]
                return sum * 2 + (isSet ? 1 : 0)
            }
            return String(digit, radix: 16)
        }.joined()
    }

    private static func flags(_ text: String, count: Int) -> [Bool]? {
        guard text.utf8.count == (count + 3) / 4 else { return nil }
        var flags: [Bool] = []
        for character in text {
            guard let digit = character.hexDigitValue else { return nil }
            for bit in [8, 4, 2, 1] { flags.append(digit & bit != 0) }
        }
        return Array(flags.prefix(count))
    }
}
