import JSON
package import LedgerModel

/// The reply to a call.
package enum Reply: Sendable {
    case answer(status: Int, retryAfter: String?, body: [UInt8])
    /// There was no answer; the sentence says why.
    case noAnswer(String)
}

/// The outcome of a batch at the service.
package enum IngestOutcome: Hashable, Sendable {
    /// It has all records but the refused ones.
    case stored(duplicates: Int, refused: [Refusal])
    /// The body is too large: fewer records at once may succeed.
    case tooLarge(String)
    /// It cannot take anything now.
    case unavailable(retryAfter: Duration?, String)
    /// It does not accept anything from this client, or it is not the service at all.
    case misconfigured(String)

    package struct Refusal: Hashable, Sendable {
        package var index: Int
        package var reason: String

        package init(index: Int, reason: String) {
            self.index = index
            self.reason = reason
        }

        /// Reads a line of a report; nil if it names none of the records.
        fileprivate init?(_ line: JSONTree, of records: Int) {
            guard let index = line["index"]?.integer, (0..<records).contains(index),
                let status = line["status"]?.string
            else { return nil }
            let isConflict = status == "conflict"
            let reason = isConflict ? "another event has this identity" : status
            self.init(index: index, reason: line["error"]?.string ?? reason)
        }
    }
}

extension IngestOutcome {
    /// Reads the answer to a call with this many records.
    ///
    /// Only a report that accounts for every record is an acknowledgement; a proxy's page with
    /// status 200 is not.
    package init(_ reply: Reply, records: Int, at now: Timestamp) {
        switch reply {
        case .noAnswer(let reason): self = .unavailable(retryAfter: nil, reason)
        case .answer(200, _, let body): self = Self.stored(body, records: records)
        case .answer(let status, let retryAfter, let body):
            let message = Self.message(of: body)
            let reason = "status \(status)" + (message.map { ": \($0)" } ?? "")
            switch status {
            case 413: self = .tooLarge(reason)
            case 408, 425, 429, 500...:
                self = .unavailable(
                    retryAfter: retryAfter.flatMap { Self.duration(retryAfter: $0, at: now) },
                    reason)
            case 400, 422:
                // Without the service's own error format, something else refuses.
                self = message == nil ? .misconfigured(reason) : .tooLarge(reason)
            default: self = .misconfigured(reason)
            }
        }
    }

    private static func stored(_ body: [UInt8], records: Int) -> IngestOutcome {
        guard let report = try? JSONTree(parsing: body),
            let appended = report["appended"]?.integer,
            let duplicates = report["duplicates"]?.integer,
            let conflicts = report["conflicts"]?.integer,
            let rejected = report["rejected"]?.integer, let events = report["events"]?.items,
            appended + duplicates + (report["same_calls"]?.integer ?? 0) + conflicts + rejected
                == records
        else {
            return .misconfigured(
                "status 200 without a report on \(records) records: is this a Tallystick service?")
        }
        let refused = events.filter {
            !["duplicate", "appended", "same_call"].contains($0["status"]?.string)
        }.compactMap { Refusal($0, of: records) }
        guard refused.count == conflicts + rejected else {
            return .misconfigured("the report does not name the refused records")
        }
        return .stored(duplicates: duplicates, refused: refused)
    }

    private static func message(of body: [UInt8]) -> String? {
        guard let error = (try? JSONTree(parsing: body))?["error"], error["type"]?.string != nil
        else { return nil }
        return error["message"]?.string
    }

    // MARK: Retry-After

    /// Seconds, or a date in the form that HTTP prefers (RFC 9110, section 10.2.3).
    static func duration(retryAfter text: String, at now: Timestamp) -> Duration? {
        let text = text.trimmingPrefix { $0 == " " }
        if let seconds = Int64(text) {
            return seconds < 0 ? nil : .seconds(min(seconds, 1_000_000))
        }
        let words = text.split(separator: " ")
        guard words.count == 6, let day = Int(words[1]), (1...31).contains(day),
            let month = months.firstIndex(of: words[2]), let year = Int(words[3]),
            (1970...9999).contains(year), words[5] == "GMT"
        else { return nil }
        let numbers = words[4].split(separator: ":").map { Int64($0) ?? -1 }
        guard numbers.count == 3, numbers.allSatisfy({ (0...60).contains($0) }) else {
            return nil
        }
        let seconds = numbers.reduce(0) { $0 * 60 + $1 }
        let time = Timestamp(year: year, month: month + 1, day: day)
            .advanced(byMicroseconds: seconds * 1_000_000)
        return .microseconds(max(0, time.microseconds - now.microseconds))
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
