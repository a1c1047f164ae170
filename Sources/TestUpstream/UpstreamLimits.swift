import HTTPTypes
import Hummingbird
import LedgerModel

/// The limits of a key in a minute, and how they stand, in each provider's own words.
struct UpstreamLimits {
    let requests: (limit: Int, left: Int)?
    let tokens: (limit: Int, left: Int)?
    /// Seconds until the minute is over, and when that is.
    let reset: Int
    let resetAt: Int

    /// As OpenAI names them: `x-ratelimit-limit-requests`, or Anthropic:
    /// `anthropic-ratelimit-requests-limit`.
    func add(to headers: inout HTTPFields, isAnthropic: Bool) {
        for (noun, standing) in [("requests", requests), ("tokens", tokens)] {
            guard let standing else { continue }
            let left = max(0, standing.left)
            if isAnthropic {
                let nouns = noun == "tokens" ? ["tokens", "input-tokens", "output-tokens"] : [noun]
                let time = Timestamp(unixMicroseconds: Int64(resetAt) * 1_000_000).description
                for noun in nouns {
                    headers.set("anthropic-ratelimit-\(noun)-limit", "\(standing.limit)")
                    headers.set("anthropic-ratelimit-\(noun)-remaining", "\(left)")
                    headers.set("anthropic-ratelimit-\(noun)-reset", time)
                }
            } else {
                headers.set("x-ratelimit-limit-\(noun)", "\(standing.limit)")
                headers.set("x-ratelimit-remaining-\(noun)", "\(left)")
                headers.set("x-ratelimit-reset-\(noun)", "\(reset)s")
            }
        }
    }
}

extension HTTPFields {
    mutating func set(_ name: String, _ value: String) {
        if let name = HTTPField.Name(name) { self[name] = value }
    }
}
