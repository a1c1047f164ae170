import Access
import EventStore
import HTTPTypes
import JSON
import LedgerModel

/// The description of the routes as OpenAPI 3.1.
struct OpenAPI {
    let routes: [Route]

    var json: JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.field("openapi", "3.1.0")
            json.key("info")
            json.object { json in
                json.field("title", "Tallystick")
                json.field("version", "1")
                json.field(
                    "description",
                    "An event-sourced ledger of AI spend. Money is an exact decimal, as text; "
                        + "unknown values are null. Names that are not listed here are refused.")
            }
            json.key("paths")
            json.object { write(paths: &$0) }
            json.key("components")
            json.value(raw: Self.components)
        }
        return json
    }

    private func write(paths json: inout JSONWriter) {
        var written: Set<String> = []
        for path in routes.map(\.path) where written.insert(path).inserted {
            json.key(path)
            json.object { json in
                for route in routes where route.path == path {
                    json.key(route.method.rawValue.lowercased())
                    json.object { route.write(to: &$0) }
                }
            }
        }
    }

    private static let components = """
        {"securitySchemes":{"bearer":{"type":"http","scheme":"bearer"},\
        "x-api-key":{"type":"apiKey","in":"header","name":"x-api-key"}},\
        "responses":{"error":{"description":"What is wrong and what to do",\
        "content":{"application/json":{"schema":{"type":"object","required":["error"],\
        "properties":{"error":{"type":"object","required":["message","type","param","code"],\
        "properties":{"message":{"type":"string"},"type":{"type":"string"},\
        "param":{"type":["string","null"]},"code":{"type":"string"}}}}}}}}}}
        """
}

extension Route {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("operationId", operationID)
        json.field("summary", summary)
        json.key("security")
        json.array { json in
            guard needsKey else { return }
            for scheme in ["bearer", "x-api-key"] {
                json.object { json in
                    json.key(scheme)
                    json.array { _ in }
                }
            }
        }
        if let scope = scopeWords { json.field("description", scope) }
        json.key("parameters")
        json.array(of: parameters.filter { $0.place != .body }) { json, parameter in
            json.object { parameter.write(to: &$0) }
        }
        writeBody(to: &json)
        json.key("responses")
        json.object { writeAnswers(to: &$0) }
    }

    /// The id of an operation, such as `get_events_id_proof`.
    private var operationID: String {
        // What others defined keeps its version: /v1/batches is not /api/v1/batches.
        let own = path.hasPrefix("/api/v1/") ? path.dropFirst(8) : path[...]
        let words = own.split { !($0.isLetter || $0.isNumber) }
        return ([method.rawValue.lowercased()] + words.map { String($0) }).joined(separator: "_")
    }

    private var needsKey: Bool {
        if case .nothing = need { false } else { true }
    }

    private var scopeWords: String? {
        switch need {
        case .nothing: nil
        case .key(let scopes): "Needs the scope \(words(scopes))."
        case .keyFromElsewhere(let scopes):
            "Needs the scope \(words(scopes)), unless the caller is on the service's machine."
        }
    }

    private func words(_ scopes: [KeyScope]) -> String {
        scopes.map(\.rawValue).joined(separator: " or ")
    }

    private func writeBody(to json: inout JSONWriter) {
        switch body {
        case .none: return
        case .object:
            json.key("requestBody")
            json.object { json in
                json.field("required", members.contains { $0.isRequired })
                json.key("content")
                json.content("application/json") { writeMembers(to: &$0) }
            }
        case .file, .stream, .form:
            guard let (types, meaning) = body.media else { return }
            json.key("requestBody")
            json.object { json in
                json.field("description", meaning)
                json.field("required", true)
                json.key("content")
                json.object { json in
                    for type in types {
                        json.key(type)
                        json.object { _ in }
                    }
                }
            }
        }
    }

    private var members: [Parameter] { parameters.filter { $0.place == .body } }

    private func writeMembers(to json: inout JSONWriter) {
        json.object { json in
            json.field("type", "object")
            json.key("properties")
            json.object { json in
                for member in members {
                    json.key(member.name)
                    json.value(raw: member.describedSchema)
                }
            }
            json.key("required")
            json.array(of: members.filter(\.isRequired)) { $0.value($1.name) }
            json.field("additionalProperties", takesOthers)
        }
    }

    private func writeAnswers(to json: inout JSONWriter) {
        for status in Set(answers.map(\.status.code)).sorted() {
            let forms = answers.filter { $0.status.code == status }
            json.key("\(status)")
            json.object { json in
                json.field("description", forms[0].status.reasonPhrase)
                json.key("content")
                json.object { json in
                    for form in forms {
                        guard let type = form.type else { continue }
                        json.key(type)
                        json.object { json in
                            guard let schema = form.schema else { return }
                            json.key("schema")
                            json.value(raw: schema)
                        }
                    }
                }
            }
        }
        for status in refusals.sorted() where !answers.contains(where: { $0.status.code == status })
        {
            json.key("\(status)")
            json.value(raw: ##"{"$ref":"#/components/responses/error"}"##)
        }
    }

    /// The statuses that the call is known to have.
    var statuses: [Int] { Set(answers.map(\.status.code)).union(refusals).sorted() }

    /// The statuses of possible refusals, derived from what the call takes.
    private var refusals: Set<Int> {
        var kinds: [FaultKind] = [.forbidden, .busy(retryAfter: .zero)]
        if needsKey {
            kinds += [.unauthenticated, .invalid, .unavailable(retryAfter: .zero)]
        }
        if parameters.contains(where: { $0.place == .path }) { kinds.append(.notFound) }
        if case .none = body {} else { kinds += [.tooLarge, .unsupported] }
        if method != .get, needsKey { kinds.append(.conflict) }
        return Set(kinds.map(\.words.status.code))
    }
}

extension Parameter {
    fileprivate func write(to json: inout JSONWriter) {
        json.field("name", name)
        json.field("in", place.rawValue)
        json.field("description", meaning)
        json.field("required", isRequired)
        json.key("schema")
        json.value(raw: schema)
        if schema.hasPrefix(#"{"type":"array""#) {
            json.field("style", "form")
            json.field("explode", false)
        }
    }

    /// The schema with the meaning of the member.
    fileprivate var describedSchema: String {
        var json = JSONWriter()
        json.object { json in
            json.key("allOf")
            json.array { $0.value(raw: schema) }
            json.field("description", meaning)
        }
        return json.text
    }
}

extension JSONWriter {
    fileprivate mutating func content(
        _ type: String, _ schema: (inout JSONWriter) -> Void
    ) {
        object { json in
            json.key(type)
            json.object { json in
                json.key("schema")
                schema(&json)
            }
        }
    }
}
