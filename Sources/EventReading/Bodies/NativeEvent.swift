import LedgerModel
import SIMDJSON

/// Reads events in the native JSON form; docs/events.md describes it.
enum NativeEvent {
    static func read(_ value: JSONValue, at now: Timestamp) -> Result<Event, Rejection> {
        var draft = EventDraft()
        do throws(Refusal) {
            guard value.kind == .object else {
                throw Refusal("an event must be an object, not \(value.kindName)")
            }
            try readFields(of: value, into: &draft)
            return .success(try draft.finish(at: now))
        } catch {
            return .failure(Rejection(id: idText(of: value), reason: error.reason))
        }
    }

    /// Reads the members of an event object.
    static func readFields(of object: JSONValue, into draft: inout EventDraft) throws(Refusal) {
        for (key, value) in object.members {
            guard let field = EventField.topLevel.value(of: key.text) else {
                if draft.prefix.isEmpty, object.member("specversion") != nil {
                    throw isCloudEvent
                }
                throw unknown(key, in: draft.prefix)
            }
            try draft.see(field)
            if value.kind == .null { continue }
            switch field {
            case .usage: try readUsage(value, into: &draft)
            case .labels: draft.set(labels: try readLabels(value, draft.prefix, "labels"))
            case .detail: draft.set(detail: try readLabels(value, draft.prefix, "detail"))
            case .stages: draft.set(stages: try readStages(value, draft.prefix + "stages"))
            case .lossyStages:
                draft.set(lossyStages: try readStages(value, draft.prefix + "lossy_stages"))
            case .status, .latency, .timeToFirstToken, .tokensBefore, .tokensAfter,
                .usefulOutputTokens, .quality:
                try require(value, [.integer, .number], field, "a number", draft.prefix)
                try draft.set(field, number: value.text)
            default:
                try requireText(value, field, draft.prefix)
                try draft.set(field, text: value.text)
            }
        }
    }

    private static func readUsage(
        _ value: JSONValue, into draft: inout EventDraft
    ) throws(Refusal) {
        guard value.kind == .object else {
            throw Refusal("\(draft.prefix)usage is \(value.kindName): expected an object")
        }
        for (key, value) in value.members {
            guard let unit = EventField.units.value(of: key.text) else {
                throw unknown(key, in: draft.prefix + "usage.")
            }
            try draft.see(.unit(unit))
            switch value.kind {
            case .integer where unit.scale == 1: draft.set(unit: unit, count: value.integer)
            case .integer, .number: try draft.set(.unit(unit), number: value.text)
            case .null: break
            default:
                throw Refusal(
                    "\(draft.prefix)usage.\(unit.name) is \(value.kindName): expected "
                        + (unit.scale == 1 ? "a whole number" : "a number"))
            }
        }
    }

    private static func readLabels(
        _ value: JSONValue, _ prefix: String, _ field: String
    ) throws(Refusal) -> Labels {
        var path: String { prefix + field }
        guard value.kind == .object else {
            throw Refusal("\(path) is \(value.kindName): expected an object of strings")
        }
        var pairs: [(key: Name, value: Name)] = []
        for (key, value) in value.members {
            try requireWhole(key, "a key of \(path)")
            if value.kind == .null { continue }
            guard value.kind == .string || value.kind == .brokenString else {
                throw Refusal(
                    "\(path).\(shortened(key.text)) is \(value.kindName): expected text")
            }
            try requireWhole(value, "\(path).\(shortened(key.text))")
            pairs.append((name(key.text), name(value.text)))
        }
        do { return try Labels(pairs) } catch {
            throw Refusal(path + error.description.dropFirst("labels".count))
        }
    }

    private static func readStages(
        _ value: JSONValue, _ path: String
    ) throws(Refusal) -> StageSavings {
        guard value.kind == .object else {
            throw Refusal("\(path) is \(value.kindName): expected an object of whole numbers")
        }
        var pairs: [(stage: Name, saved: Int64)] = []
        for (key, value) in value.members {
            try requireWhole(key, "a key of \(path)")
            if value.kind == .null { continue }
            guard value.kind == .integer || value.kind == .number else {
                throw Refusal(
                    "\(path).\(shortened(key.text)) is \(value.kindName): expected the tokens that "
                        + "the stage saved")
            }
            let saved = try savedTokens(value.text, "\(path).\(shortened(key.text))")
            pairs.append((name(key.text), saved))
        }
        do { return try StageSavings(pairs) } catch { throw Refusal("\(path) \(error)") }
    }

    // MARK: Checks

    @inline(__always)
    private static func requireText(
        _ value: JSONValue, _ field: EventField, _ prefix: String
    ) throws(Refusal) {
        if value.kind == .string, !value.wasEscaped { return }
        try require(value, [.string, .brokenString], field, "text", prefix)
        try requireWhole(value, prefix + field.path)
    }

    private static func require(
        _ value: JSONValue, _ kinds: [JSONValue.Kind], _ field: EventField, _ expected: String,
        _ prefix: String
    ) throws(Refusal) {
        guard kinds.contains(value.kind) else {
            throw Refusal("\(prefix)\(field.path) is \(value.kindName): expected \(expected)")
        }
    }

    /// Refuses escapes that PostgreSQL's text type cannot hold.
    @inline(__always)
    static func requireWhole(
        _ value: JSONValue, _ path: @autoclosure () -> String
    ) throws(Refusal) {
        if value.kind == .brokenString {
            throw Refusal("\(path()) contains half a surrogate pair, which is not a character")
        }
        if value.wasEscaped, value.text.contains(0) {
            throw Refusal("\(path()) contains a NUL character")
        }
    }

    private static let isCloudEvent = Refusal(
        "this is a CloudEvent: send it as application/cloudevents+json, several as "
            + "application/cloudevents-batch+json, or import it with --format cloudevents")

    private static func unknown(_ key: JSONValue, in path: String) -> Refusal {
        let isUnit = path.hasSuffix("usage.")
        let name = shortened(key.text)
        let nearest = Likeness.nearest(
            to: name, among: isUnit ? UsageUnit.allCases.map(\.name) : EventField.topLevelNames)
        let hint =
            if let nearest {
                "did you mean \(nearest)?"
            } else if isUnit {
                "the units are \(UsageUnit.allCases.map(\.name).joined(separator: ", "))"
            } else if path.isEmpty, name == "ledger" {
                "it is chosen beside the events, with ?ledger=NAME or --ledger NAME"
            } else {
                "put your own fields in labels"
            }
        return Refusal("\(path)\(name) is unknown: \(hint)")
    }

    /// The id of a refused object, if it has one that can be shown.
    static func idText(of value: JSONValue) -> String? {
        guard value.kind == .object else { return nil }
        for (key, value) in value.members
        where value.kind == .string && key.text.elementsEqual("id".utf8) {
            return shortened(value.text, max: Event.externalIDBytesMax)
        }
        return nil
    }
}
