/// Why a request failed, in few words.
///
/// The numbers are stored: never reuse one.
package enum FailureClass: Int, CaseIterable, Sendable {
    case other = 0
    /// The provider's limit, or ours.
    case rateLimited = 1
    case overloaded = 2
    case timeout = 3
    /// Any other fault of the provider.
    case server = 4
    /// No connection, or one that broke.
    case network = 5
    /// A budget refused it.
    case budget = 6
    /// The caller's request is wrong.
    case invalid = 7
    case unauthorized = 8
    /// The caller left.
    case cancelled = 9

    /// Added to the number of a failed attempt, whose request went on to another one.
    package static let attempt = 16

    package var name: String {
        switch self {
        case .other: "other"
        case .rateLimited: "rate_limited"
        case .overloaded: "overloaded"
        case .timeout: "timeout"
        case .server: "server"
        case .network: "network"
        case .budget: "budget"
        case .invalid: "invalid"
        case .unauthorized: "unauthorized"
        case .cancelled: "cancelled"
        }
    }

    /// Whether callers did it themselves, so that no service is worse for it.
    package var isOfCaller: Bool {
        switch self {
        case .budget, .invalid, .unauthorized, .cancelled: true
        default: false
        }
    }

    /// - Parameters:
    ///   - status: of HTTP; nil if there was none.
    ///   - errorType: the word of a provider or a library.
    package init(status: Int32?, errorType: String?) {
        switch status {
        case 402: self = .budget
        case 408, 504: self = .timeout
        case 429: self = .rateLimited
        case 499: self = .cancelled
        case 503, 529: self = .overloaded
        case 401, 403: self = .unauthorized
        case .some(400..<500): self = .invalid
        case .some(500...): self = .server
        default: self = Self.told(errorType?.lowercased() ?? "")
        }
    }

    /// By parts of the words that libraries have for errors; the first that is there counts.
    private static func told(_ word: String) -> FailureClass {
        for (part, failure) in parts where word.contains(part) { return failure }
        return .other
    }

    private static let parts: [(String, FailureClass)] = [
        ("timeout", .timeout), ("timed_out", .timeout), ("timed out", .timeout),
        ("deadline", .timeout), ("ratelimit", .rateLimited), ("rate_limit", .rateLimited),
        ("rate limit", .rateLimited), ("too_many", .rateLimited), ("throttl", .rateLimited),
        ("overload", .overloaded),
        ("unavailable", .overloaded), ("budget", .budget), ("cancel", .cancelled),
        ("abort", .cancelled), ("auth", .unauthorized), ("permission", .unauthorized),
        ("connect", .network), ("network", .network), ("dns", .network), ("reset", .network),
        ("unreachable", .network), ("lost", .network), ("invalid", .invalid),
        ("badrequest", .invalid), ("bad_request", .invalid), ("not_found", .invalid),
        ("server", .server), ("internal", .server), ("api_error", .server),
    ]
}
