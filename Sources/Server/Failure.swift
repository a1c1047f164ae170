import Budgets
import EventReading
import HTTPTypes
import Hummingbird
import JSON
import LedgerModel
import NIOCore
import NIOHTTP1
import Rendering

/// An error response, in the shape that AI clients parse.
struct Failure {
    let status: HTTPResponse.Status
    /// The word for programs, in the error's `code`.
    let code: String
    let type: String
    let message: String
    var param: String?
    var headers: HTTPFields = [:]
    /// The figures of a budget that has no room.
    var refused: BudgetRefusal?
    /// The control that refuses a call.
    var controlled: ControlRefusal?
}

extension Failure {
    /// Turns an error into a response; the only place that does.
    init(_ error: any Error) {
        switch error {
        case let refusal as BudgetRefusal:
            self.init(refusal.kind, refusal.sentence)
            refused = refusal
            // Clients of OpenAI and Anthropic would send the same again.
            headers[.shouldRetry] = "false"
        case let refusal as ControlRefusal:
            self.init(refusal.kind, refusal.sentence)
            controlled = refusal
            if refusal.retrySeconds == nil { headers[.shouldRetry] = "false" }
        case let fault as any Fault:
            self.init(fault.kind, fault.sentence, param: fault.param)
        case let fault as JSONFault:
            self.init(BodyFault(fault))
        case is NIOTooManyBytesError:
            self.init(.tooLarge, "the body is larger than this call takes")
        case is CancellationError:
            self.init(.closing, "the service stops: send the request again")
        case is HTTPParserError:
            self.init(.invalid, "the body is not sent as HTTP says: its chunks have wrong sizes")
            headers[.connection] = "close"
        case let error as HTTPError where error.status == .notFound:
            self.init(.notFound, "there is no such path: /openapi.json lists the calls")
        case let error as HTTPError:
            self.init(
                status: error.status,
                code: error.status == .methodNotAllowed ? "method_not_allowed" : "invalid",
                type: "invalid_request_error", message: error.body ?? error.status.reasonPhrase,
                headers: error.headers)
        default:
            self.init(.defect, "internal error; see the service's log")
        }
    }

    private init(_ kind: FaultKind, _ message: String, param: String? = nil) {
        let words = kind.words
        self.init(
            status: words.status, code: words.code, type: words.type, message: message,
            param: param)
        if let delay = kind.retryAfter {
            headers[.retryAfter] = String(delay.components.seconds)
        }
    }

    var response: Response {
        var json = JSONWriter()
        json.object { json in
            json.key("error")
            write(to: &json)
        }
        var response = Response.json(json, status: status)
        response.headers.append(contentsOf: headers)
        return response
    }
}

extension Failure: RenderableObject {
    static let shape = Shape<Failure> {
        Member("message", \.message)
        Member("type", \.type)
        Member("param", \.param)
        Member("code", \.code)
        Member("budget", \.refused, omitted: true)
        Member("control", \.controlled, omitted: true)
    }
}

extension HTTPField.Name {
    /// Whether clients of OpenAI and Anthropic may send a refused request again.
    fileprivate static let shouldRetry = Self("x-should-retry") ?? .retryAfter
}

extension FaultKind {
    /// The HTTP status, our code, and the type that AI clients know.
    var words: (status: HTTPResponse.Status, code: String, type: String) {
        switch self {
        case .usage, .invalid: (.badRequest, "invalid", "invalid_request_error")
        case .notFound: (.notFound, "not_found", "not_found")
        case .conflict: (.conflict, "conflict", "conflict")
        case .tooLarge: (.contentTooLarge, "too_large", "request_too_large")
        case .unsupported: (.unsupportedMediaType, "unsupported", "invalid_request_error")
        case .tookTooLong: (.requestTimeout, "took_too_long", "query_timeout")
        case .unauthenticated: (.unauthorized, "unauthenticated", "authentication_error")
        case .forbidden: (.forbidden, "forbidden", "permission_error")
        case .overBudget:
            (
                HTTPResponse.Status(code: 402, reasonPhrase: "Payment Required"),
                "budget_exceeded", "billing_error"
            )
        case .busy: (.tooManyRequests, "busy", "overloaded")
        case .unavailable: (.serviceUnavailable, "unavailable", "database_unavailable")
        case .closing: (.serviceUnavailable, "closing", "shutting_down")
        case .defect: (.internalServerError, "internal", "internal_error")
        }
    }

    var retryAfter: Duration? {
        switch self {
        case .busy(let delay), .unavailable(let delay): delay
        case .closing: .seconds(2)
        default: nil
        }
    }
}

/// An error that a call finds in its input.
struct Refusal: Fault {
    let kind: FaultKind
    let description: String
    var param: String?

    static func notFound(_ what: String) -> Refusal {
        Refusal(kind: .notFound, description: what)
    }

    static func invalid(_ message: String, param: String? = nil) -> Refusal {
        Refusal(kind: .invalid, description: message, param: param)
    }
}

extension Response {
    static func json(_ json: JSONWriter, status: HTTPResponse.Status = .ok) -> Response {
        .text(json.text, type: "application/json", status: status)
    }

    static func json(_ value: some Renderable, status: HTTPResponse.Status = .ok) -> Response {
        .text(value.json, type: "application/json", status: status)
    }

    static func text(
        _ text: String, type: String = "text/plain; charset=utf-8",
        status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type],
            body: ResponseBody(inPieces: ByteBuffer(string: text)))
    }
}
