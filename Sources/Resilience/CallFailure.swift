package import LedgerModel

/// What kind of error a call, or a request's part of it, ended with.
package enum ErrorClass: Hashable, Sendable, CaseIterable {
    /// The request itself is at fault: sent again it would fail again.
    case refused
    /// The key, the model or the address is at fault: nothing of this kind would work.
    case denied
    /// The provider takes no more for now.
    case limited
    /// The provider has too much to do.
    case overloaded
    /// The provider failed.
    case broken
    /// It was never sent.
    case unreachable
    /// It was sent, and nothing came back: it may have been done.
    case lost
    /// The answer has too few or too many results.
    case miscounted

    /// Whether the same request may work later.
    package var mayPass: Bool {
        switch self {
        case .refused, .denied, .miscounted: false
        case .limited, .overloaded, .broken, .unreachable, .lost: true
        }
    }

    /// Whether one request among those of a merged call may be the reason.
    package var mayBeOfOne: Bool { self == .refused || self == .miscounted }

    /// Whether it counts against the upstream.
    package var isOfUpstream: Bool {
        switch self {
        case .overloaded, .broken, .unreachable, .lost: true
        case .refused, .denied, .limited, .miscounted: false
        }
    }
}

/// Why a call, or a request's part of it, failed.
package struct CallFailure: Hashable, Sendable {
    package let errorClass: ErrorClass
    /// The upstream's HTTP status.
    package let status: Int?
    /// How long the upstream asks to wait.
    package let retryAfter: Duration?

    package init(_ errorClass: ErrorClass, status: Int? = nil, retryAfter: Duration? = nil) {
        self.errorClass = errorClass
        self.status = status
        self.retryAfter = retryAfter
    }

    /// Longer waits are not waited for.
    package static let retryAfterMax: Duration = .seconds(600)

    /// Reads an HTTP answer as SDKs of providers do: `x-should-retry` decides, then the status;
    /// `retry-after-ms` goes before `retry-after`.
    ///
    /// - Parameter header: the value of a header by its lower-case name.
    package init(status: Int, header: (String) -> String?) {
        let byStatus: ErrorClass =
            switch status {
            case 401, 403, 404, 405: .denied
            case 429: .limited
            case 503, 529: .overloaded
            case 408, 409, 500...: .broken
            default: .refused
            }
        let errorClass: ErrorClass =
            switch header("x-should-retry") {
            case "true": byStatus.mayPass ? byStatus : .broken
            case "false": byStatus.mayPass ? .denied : byStatus
            default: byStatus
            }
        self.init(
            errorClass, status: status,
            retryAfter: Self.delay(header("retry-after-ms"), unit: 0.001)
                ?? Self.delay(header("retry-after"), unit: 1))
    }

    private static func delay(_ text: String?, unit: Double) -> Duration? {
        guard let text, let number = Double(text), number.isFinite, number >= 0 else { return nil }
        let microseconds = min(
            number * unit * 1e6, Double(Self.retryAfterMax.wholeMicroseconds))
        return .microseconds(Int64(microseconds))
    }
}

extension CallFailure: Fault {
    package var kind: FaultKind {
        switch errorClass {
        case .refused: .invalid
        case .denied: .conflict
        case .limited: .busy(retryAfter: retryAfter ?? .seconds(1))
        case .overloaded, .broken, .unreachable, .lost, .miscounted:
            .unavailable(retryAfter: retryAfter ?? .seconds(1))
        }
    }

    package var description: String {
        let code = status.map { " (status \($0))" } ?? ""
        return switch errorClass {
        case .refused: "the provider refuses the request\(code): change it"
        case .denied: "the provider takes no request of this kind\(code): check key and model"
        case .limited: "the provider takes no more requests for now\(code): try again later"
        case .overloaded: "the provider has too much to do\(code): try again later"
        case .broken: "the provider failed\(code): try again later"
        case .unreachable: "the provider cannot be reached: try again later"
        case .lost: "the connection was lost before the answer: try again"
        case .miscounted: "the provider's answer has another number of results than was asked for"
        }
    }
}
