import Foundation
import LedgerTesting
import TallyClient

/// Simulates the service: a ledger with identities, behind an unreliable network.
struct SimulatedService {
    enum Mood: CaseIterable {
        case well, slow, lostAnswer, unreachable, busy, broken, forbidding, tooSmall, friendlyPage
    }

    private var generator: SeededGenerator
    /// The content of the ledger, by id.
    private(set) var ledger: [String: String] = [:]
    private(set) var duplicates = 0
    /// How often an id came with other content; must stay zero.
    private(set) var conflicts = 0
    /// Bodies whose caller has given up, but that arrive later nevertheless.
    private var delayed: [[UInt8]] = []
    private(set) var calls = 0
    var mood = Mood.well

    static let recordsMaxWhenSmall = 7

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func answer(_ body: [UInt8]) -> Reply {
        calls += 1
        if !delayed.isEmpty, Bool.random(using: &generator) {
            _ = store(delayed.removeFirst())
        }
        switch mood {
        case .well, .slow: return store(body)
        case .lostAnswer:
            _ = store(body)
            return .noAnswer("the connection was reset")
        case .unreachable:
            if Bool.random(using: &generator) { delayed.append(body) }
            return .noAnswer("connection refused")
        case .busy:
            return .answer(
                status: 429, retryAfter: String(Int.random(in: 0...3, using: &generator)),
                body: Self.failure("queues are full"))
        case .broken:
            let status = [500, 502, 503, 504, 408].randomElement(using: &generator) ?? 500
            return .answer(status: status, retryAfter: nil, body: [])
        case .forbidding:
            let status = [401, 403, 404, 302].randomElement(using: &generator) ?? 401
            return .answer(status: status, retryAfter: nil, body: Self.failure("no"))
        case .tooSmall:
            let records = body.count { $0 == UInt8(ascii: "\n") }
            guard records <= Self.recordsMaxWhenSmall else {
                return .answer(status: 413, retryAfter: nil, body: Self.failure("too large"))
            }
            return store(body)
        case .friendlyPage:
            return .answer(status: 200, retryAfter: nil, body: Array("<html>Hello</html>".utf8))
        }
    }

    static func failure(_ message: String) -> [UInt8] {
        Array(#"{"error":{"type":"invalid_request_error","message":"\#(message)"}}"#.utf8)
    }

    private struct Line: Decodable {
        let id: String
        let model: String
    }

    /// Accepts every record but those of the model `poison`.
    private mutating func store(_ body: [UInt8]) -> Reply {
        var (appended, known, conflicted, rejected) = (0, 0, 0, 0)
        var events: [String] = []
        let lines = String(decoding: body, as: UTF8.self).split(separator: "\n")
        for (index, text) in lines.enumerated() {
            guard let line = try? JSONDecoder().decode(Line.self, from: Data(text.utf8)) else {
                rejected += 1
                events.append(#"{"index":\#(index),"status":"rejected","error":"no JSON"}"#)
                continue
            }
            let status: String
            if line.model == "poison" {
                rejected += 1
                status = #""rejected","error":"poison""#
            } else if let stored = ledger[line.id] {
                let isSame = stored == text
                if isSame { known += 1 } else { conflicted += 1 }
                status = isSame ? #""duplicate""# : #""conflict""#
            } else {
                ledger[line.id] = String(text)
                appended += 1
                continue
            }
            events.append(#"{"index":\#(index),"id":"\#(line.id)","status":\#(status)}"#)
        }
        conflicts += conflicted
        duplicates += known
        let report = """
            {"appended":\(appended),"duplicates":\(known),"conflicts":\(conflicted),\
            "rejected":\(rejected),"events":[\(events.joined(separator: ","))]}
            """
        return .answer(status: 200, retryAfter: nil, body: Array(report.utf8))
    }
}
