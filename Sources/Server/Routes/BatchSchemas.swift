import HTTPTypes
import JSON

/// What is answered about files and batches in the shapes of OpenAI and Anthropic, for
/// `/openapi.json`.
enum BatchSchemas {
    static let file = answer(fileObject)
    static let files = answer(
        object([("object", word("list")), ("data", list(fileObject)), ("has_more", flag)]))
    static let deletedFile = answer(
        object([("id", text), ("object", word("file")), ("deleted", flag)]))

    static let batch = answer(batchObject)
    static let batches = answer(object([("object", word("list"))] + page(batchObject)))

    static let messageBatch = answer(messageBatchObject)
    static let messageBatches = answer(object(page(messageBatchObject)))
    static let deletedMessageBatch = answer(
        object([("id", text), ("type", word("message_batch_deleted"))]))

    // MARK: Objects

    private static let fileObject = object([
        ("id", text), ("object", word("file")), ("bytes", count), ("created_at", count),
        ("expires_at", count), ("filename", text), ("purpose", text), ("status", text),
    ])

    private static let batchObject = object([
        ("id", text), ("object", word("batch")), ("endpoint", text), ("errors", orNull(errors)),
        ("input_file_id", textOrNull), ("completion_window", text), ("status", text),
        ("output_file_id", textOrNull), ("error_file_id", textOrNull), ("created_at", count),
        ("in_progress_at", countOrNull), ("expires_at", count), ("completed_at", countOrNull),
        ("failed_at", countOrNull), ("expired_at", countOrNull), ("cancelled_at", countOrNull),
        ("cancelling_at", countOrNull),
        ("request_counts", object([("total", count), ("completed", count), ("failed", count)])),
        ("metadata", #"{"type":["object","null"],"additionalProperties":{}}"#),
    ])

    private static let errors = object([
        ("object", word("list")), ("data", list(object([("code", text), ("message", text)]))),
    ])

    private static let messageBatchObject = object([
        ("id", text), ("type", word("message_batch")), ("processing_status", text),
        (
            "request_counts",
            object([
                ("processing", count), ("succeeded", count), ("errored", count),
                ("canceled", count), ("expired", count),
            ])
        ),
        ("created_at", time), ("expires_at", time), ("ended_at", timeOrNull),
        ("cancel_initiated_at", timeOrNull), ("archived_at", timeOrNull),
        ("results_url", textOrNull),
    ])

    /// The members of a page of a list.
    private static func page(_ element: String) -> [(name: String, schema: String)] {
        [
            ("data", list(element)), ("has_more", flag), ("first_id", textOrNull),
            ("last_id", textOrNull),
        ]
    }

    // MARK: Parts

    private static let text = #"{"type":"string"}"#
    private static let textOrNull = #"{"type":["string","null"]}"#
    private static let time = #"{"type":"string","format":"date-time"}"#
    private static let timeOrNull = #"{"type":["string","null"],"format":"date-time"}"#
    private static let count = #"{"type":"integer"}"#
    private static let countOrNull = #"{"type":["integer","null"]}"#
    private static let flag = #"{"type":"boolean"}"#

    private static func word(_ word: String) -> String {
        #"{"type":"string","const":"\#(word)"}"#
    }

    private static func list(_ element: String) -> String {
        #"{"type":"array","items":\#(element)}"#
    }

    private static func orNull(_ schema: String) -> String {
        #"{"anyOf":[\#(schema),{"type":"null"}]}"#
    }

    /// An object that has each of these members.
    private static func object(_ members: [(name: String, schema: String)]) -> String {
        var json = JSONWriter()
        json.object { json in
            json.field("type", "object")
            json.key("properties")
            json.object { json in
                for member in members { json.field(member.name, raw: member.schema) }
            }
            json.key("required")
            json.array(of: members) { $0.value($1.name) }
        }
        return json.text
    }

    private static func answer(_ schema: String) -> Route.Answer {
        Route.Answer(status: .ok, type: "application/json", schema: schema)
    }
}
