import JSON
import LedgerModel

extension UpstreamScript {
    /// What goes wrong with calls to come.
    package struct Fault: Sendable {
        // MARK: Which calls

        package var method = "POST"
        /// The beginning of the path.
        package var path = ""
        /// Nil for any.
        package var model: String?
        package var key: String?
        /// So many of these calls go well before.
        package var after = 0
        /// So many are met; of those, the part that `rate` says.
        package var times = 1
        package var rate = 1.0

        // MARK: What becomes of them

        /// Nil if they are answered.
        package var status: Int?
        package var message: String?
        package var retryAfterSeconds: Int?
        /// `x-should-retry`.
        package var shouldRetry: Bool?
        /// The call is done, and its connection closed without an answer.
        package var loses = false
        /// Before its answer, beside the latency of all.
        package var milliseconds = 0
        package var shape: UpstreamShape?

        package init(path: String = "", status: Int = 500, loses: Bool = false, times: Int = 1) {
            self.path = path
            self.status = status
            self.loses = loses
            self.times = times
        }

        init(_ json: JSONTree) throws(ScriptRefused) {
            guard json["path"]?.string != nil else {
                throw ScriptRefused(what: "a fault needs a path")
            }
            for member in json.members ?? [] {
                switch member.key {
                case "path": path = member.value.string ?? ""
                case "method": method = member.value.string ?? method
                case "model": model = member.value.string
                case "key": key = member.value.string
                case "after": after = try UpstreamScript.count(member)
                case "times": times = try UpstreamScript.count(member)
                case "rate":
                    rate = try UpstreamScript.part(member)
                    if json["times"] == nil { times = .max }
                case "status": status = try UpstreamScript.count(member)
                case "message": message = member.value.string
                case "retry_after": retryAfterSeconds = try UpstreamScript.count(member)
                case "should_retry": shouldRetry = member.value == .boolean(true)
                case "lose": loses = member.value == .boolean(true)
                case "latency_ms": milliseconds = try UpstreamScript.count(member)
                case "shape":
                    var shape = UpstreamShape()
                    try shape.apply(member.value)
                    self.shape = shape
                default: throw ScriptRefused(what: "a fault has no member \(member.key)")
                }
            }
            if status == nil, shape == nil, milliseconds == 0 { status = 500 }
            if let status, !(400...599).contains(status) {
                throw ScriptRefused(what: "the status of a fault must be from 400 to 599")
            }
        }

        func covers(_ call: UpstreamCall) -> Bool {
            times > 0 && method == call.method && call.path.hasPrefix(path)
                && (model == nil || model == call.model) && (key == nil || key == call.key)
        }
    }
}
