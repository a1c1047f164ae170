import JSON
import LedgerModel
import NIOCore
import Providers

/// What goes wrong when the head of a stream is on its way, as the event that clients of each API
/// know; and the sign of life.
enum ErrorEvent {
    static func bytes(of error: any Error, for api: GatewayAPI) -> ByteBuffer {
        let fault = error as? any Fault
        let sentence =
            fault?.sentence
            ?? (error is CancellationError
                ? "the service stops: send the request again" : "internal error")
        var json = JSONWriter()
        switch (api, api.speaking) {
        case (.responses, _):
            json.object { json in
                json.field("type", "error")
                json.field("code", fault?.kind.code ?? "internal")
                json.field("message", sentence)
                json.key("param")
                json.value(raw: "null")
            }
            return event(json.text, named: "error")
        case (_, .anthropic):
            json.object { json in
                json.field("type", "error")
                json.key("error")
                json.object { json in
                    json.field("type", fault?.kind.anthropicType ?? "api_error")
                    json.field("message", sentence)
                }
            }
            return event(json.text, named: "error")
        default:
            json.object { json in
                json.key("error")
                json.object { json in
                    json.field("message", sentence)
                    json.field("type", "server_error")
                    json.key("param")
                    json.value(raw: "null")
                    json.field("code", fault?.kind.code ?? "internal")
                }
            }
            return event(json.text, named: nil)
        }
    }

    /// The body of a provider's answer, as an event of a stream that a ping has begun.
    static func bytes(passing body: ByteBuffer, for api: GatewayAPI) -> ByteBuffer {
        // Between values, a line feed is a space.
        let text = String(buffer: body).filter { !$0.isNewline }
        return event(text, named: api.speaking == .anthropic || api == .responses ? "error" : nil)
    }

    /// Clients of Anthropic know an event for it; to all others it is a comment.
    static func ping(_ api: GatewayAPI) -> ByteBuffer {
        api.speaking == .anthropic
            ? event(#"{"type":"ping"}"#, named: "ping") : ByteBuffer(string: ": ping\n\n")
    }

    private static func event(_ data: String, named name: String?) -> ByteBuffer {
        ByteBuffer(string: (name.map { "event: \($0)\n" } ?? "") + "data: \(data)\n\n")
    }
}

extension FaultKind {
    fileprivate var code: String {
        switch self {
        case .overBudget: "budget_exceeded"
        case .busy: "busy"
        case .unavailable: "unavailable"
        case .closing: "closing"
        case .tookTooLong: "took_too_long"
        case .usage, .invalid, .unsupported, .tooLarge: "invalid"
        case .notFound: "not_found"
        case .conflict: "conflict"
        case .unauthenticated: "unauthenticated"
        case .forbidden: "forbidden"
        case .defect: "internal"
        }
    }

    fileprivate var anthropicType: String {
        switch self {
        case .overBudget: "billing_error"
        case .busy: "rate_limit_error"
        case .unavailable, .closing: "overloaded_error"
        case .tookTooLong: "timeout_error"
        case .usage, .invalid, .unsupported: "invalid_request_error"
        case .tooLarge: "request_too_large"
        case .notFound: "not_found_error"
        case .conflict: "conflict_error"
        case .unauthenticated: "authentication_error"
        case .forbidden: "permission_error"
        case .defect: "api_error"
        }
    }
}
