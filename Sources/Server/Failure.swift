import Access
import EventReading
import EventStore
import HTTPTypes
import Hummingbird
import JSON
import LedgerModel
import NIOCore
import Postgres
import Runs

/// An answer that is not a success, in the shape that AI clients parse.
struct Failure: Error {
    let status: HTTPResponse.Status
    let type: String
    let message: String
    var param: String?
    var retryAfter: Int?
}

extension Failure {
    /// The one place where errors become answers.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let refusal as AccessRefusal: self = Failure(refusal)
        case let fault as BodyFault: self = Failure(fault)
        case AppendError.overloaded:
            self = Failure(
                status: .tooManyRequests, type: "overloaded", message: "\(error)", retryAfter: 1)
        case AppendError.closed:
            self = Failure(
                status: .serviceUnavailable, type: "shutting_down", message: "\(error)",
                retryAfter: 2)
        case AppendError.unavailable, is PostgresError:
            self = Failure(database: error)
        case let refusal as RunRefusal: self = Failure(refusal)
        case let unknown as UnknownLedger:
            self = Failure(status: .notFound, type: "not_found", message: "\(unknown)")
        case is NIOTooManyBytesError:
            self = Failure(
                status: .contentTooLarge, type: "request_too_large",
                message: "the body is larger than this call takes")
        case let http as HTTPError where http.status == .notFound:
            self = .notFound("there is no such path: see the README for the calls")
        case let http as HTTPError:
            self = Failure(
                status: http.status, type: "invalid_request_error",
                message: http.body ?? http.status.reasonPhrase)
        default:
            self = Failure(
                status: .internalServerError, type: "internal_error",
                message: "an internal error; the log of the service says more")
        }
    }

    private init(_ refusal: AccessRefusal) {
        switch refusal {
        case .noKey:
            self.init(
                status: .unauthorized, type: "authentication_error",
                message: "an API key is required: send Authorization: Bearer tally_…")
        case .unknownKey:
            self.init(
                status: .unauthorized, type: "authentication_error",
                message: "the API key is not known, or it was revoked")
        case .missingScope(let scope):
            self.init(
                status: .forbidden, type: "permission_error",
                message: "the API key does not have the scope \(scope.rawValue)")
        }
    }

    private init(_ fault: BodyFault) {
        switch fault {
        case .tooLarge:
            self.init(status: .contentTooLarge, type: "request_too_large", message: "\(fault)")
        case .unsupportedContentType, .unsupportedEncoding:
            self.init(
                status: .unsupportedMediaType, type: "invalid_request_error", message: "\(fault)")
        case .malformed, .corrupt:
            self.init(status: .badRequest, type: "invalid_request_error", message: "\(fault)")
        }
    }

    private init(database error: any Error) {
        let cause: any Error
        if case AppendError.unavailable(let inner) = error { cause = inner } else { cause = error }
        let isAway =
            (cause as? PostgresError).map { error in
                error.isConnectionGone || error.isRetryable || error.code == .poolExhausted
                    || error.code == .connectionFailed || error.code == .diskFull
                    || error.code == .timedOut
            } ?? true
        self.init(
            status: isAway ? .serviceUnavailable : .internalServerError,
            type: isAway ? "database_unavailable" : "internal_error",
            message: isAway
                ? "the database cannot take this now: send it again, what was stored is a "
                    + "duplicate then"
                : "the database refused a statement; the log of the service says more",
            retryAfter: isAway ? 2 : nil)
    }
}

extension Failure {
    var response: Response {
        var json = JSONWriter()
        json.object { json in
            json.key("error")
            json.object { json in
                json.field("type", type)
                json.field("message", message)
                json.field("param", param)
            }
        }
        var response = Response.json(json, status: status)
        if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
        return response
    }

    static func notFound(_ what: String) -> Failure {
        Failure(status: .notFound, type: "not_found", message: what)
    }

    static func invalid(_ message: String, param: String? = nil) -> Failure {
        Failure(
            status: .badRequest, type: "invalid_request_error", message: message, param: param)
    }
}

extension Response {
    static func json(_ json: JSONWriter, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: json.text)))
    }

    static func text(
        _ text: String, type: String = "text/plain; charset=utf-8",
        status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
