import Calendars
import JSON
import LedgerModel
import Prompts

/// The input of a call: it reads its values by name, with type, bounds and meaning.
///
/// The same initializer describes the call in `/openapi.json`, so every value that can be read is
/// described, and every value that is not described is refused.
protocol Input: Sendable {
    static var body: BodyForm { get }
    init(_ given: Given) throws
}

extension Input {
    static var body: BodyForm { .none }
}

/// A call without parameters.
struct Nothing: Input {
    init(_: Given) {}
}

/// The kind of body that a call reads.
enum BodyForm: Sendable {
    case none
    case object(bytesMax: Int)
    /// A text; its media type is only a hint.
    case file(bytesMax: Int, types: [String], meaning: String)
    /// Bytes that the route reads itself.
    case stream(types: [String], meaning: String)
    /// `multipart/form-data` that the route reads itself.
    case form(meaning: String)
}

extension BodyForm {
    /// The media types of a body that is not an object, and what it is.
    var media: (types: [String], meaning: String)? {
        switch self {
        case .none, .object: nil
        case .file(_, let types, let meaning), .stream(let types, let meaning): (types, meaning)
        case .form(let meaning): (["multipart/form-data"], meaning)
        }
    }
}

/// The description of one value that a call takes.
struct Parameter: Sendable {
    enum Place: String, Sendable { case path, query, body }

    let name: String
    let place: Place
    let schema: String
    let isRequired: Bool
    let meaning: String
}

/// The values of one request, read by name, or a recorder of the values that would be read.
final class Given {
    private let path: [String: String]
    private let query: [String: String]
    /// A name that the query has twice.
    private let repeated: String?
    /// The members of the body as received.
    let body: JSONTree
    /// The whole body of a call that takes a file.
    let file: [UInt8]
    /// The time of the request, to which times such as `7d` are relative.
    let now: Timestamp
    private let ledgerZone: CalendarZone
    /// Whether the zone was asked for.
    private(set) var asksForZone = false
    /// Whether there is no request, and the input is only described.
    let isDescription: Bool
    private(set) var parameters: [Parameter] = []
    /// Whether the body has members that are not listed, such as those of a chat.
    private(set) var hasOthers = false
    private var ignoresQuery = false

    init(
        path: [String: String], query: [(String, String)], body: JSONTree, file: [UInt8],
        at now: Timestamp, in zone: CalendarZone
    ) {
        self.now = now
        ledgerZone = zone
        self.path = path
        self.query = Dictionary(query, uniquingKeysWith: { $1 })
        var names: Set<String> = []
        repeated = query.map(\.0).first { !names.insert($0).inserted }
        self.body = body
        self.file = file
        isDescription = false
    }

    private init() {
        now = .earliest
        ledgerZone = .utc
        path = [:]
        query = [:]
        repeated = nil
        body = .object([])
        file = []
        isDescription = true
    }

    /// The description of an input.
    static func description<I: Input>(of _: I.Type, _ choosesLedger: Bool) -> Given {
        let given = Given()
        if choosesLedger { _ = try? given.ledger() }
        _ = try? I(given)
        return given
    }

    // MARK: Values

    /// The reporting zone of the call's ledger, of which days and months are that somebody writes.
    ///
    /// It is read from the database only for calls whose input asks for it.
    var zone: CalendarZone {
        asksForZone = true
        return ledgerZone
    }

    func path<V>(_ name: String, _ kind: Kind<V>, _ meaning: String) throws -> V {
        try value(name, .path, path[name].map { .text($0) }, kind, meaning, isRequired: true)
            ?? kind.sample
    }

    func query<V>(_ name: String, _ kind: Kind<V>, _ meaning: String) throws -> V? {
        try value(name, .query, query[name].map { .text($0) }, kind, meaning, isRequired: false)
    }

    func query<V>(required name: String, _ kind: Kind<V>, _ meaning: String) throws -> V {
        try value(name, .query, query[name].map { .text($0) }, kind, meaning, isRequired: true)
            ?? kind.sample
    }

    /// The ledger of the call; access was decided before the input is read.
    func ledger() throws {
        _ = try query(
            "ledger", .text,
            "The name of the ledger; default the key's, or without a key the ledger default.")
    }

    /// A member of the body; null counts as absent.
    func member<V>(_ name: String, _ kind: Kind<V>, _ meaning: String) throws -> V? {
        try value(name, .body, body[name].map { .json($0) }, kind, meaning, isRequired: false)
    }

    func member<V>(required name: String, _ kind: Kind<V>, _ meaning: String) throws -> V {
        try value(name, .body, body[name].map { .json($0) }, kind, meaning, isRequired: true)
            ?? kind.sample
    }

    /// Accepts members that are not listed.
    func acceptOthers(if isSo: Bool) {
        hasOthers = isSo || isDescription
    }

    private func value<V>(
        _ name: String, _ place: Parameter.Place, _ written: Written?, _ kind: Kind<V>,
        _ meaning: String, isRequired: Bool
    ) throws -> V? {
        parameters.append(
            Parameter(
                name: name, place: place, schema: kind.schema, isRequired: isRequired,
                meaning: meaning))
        if isDescription { return nil }
        guard let written else {
            if isRequired { throw Refusal.invalid("\(name) is missing", param: name) }
            return nil
        }
        guard let value = kind.read(written) else {
            throw Refusal.invalid("\(name) \(kind.expectation(written))", param: name)
        }
        return value
    }

    // MARK: Refusing

    /// Accepts any query, for health checks and scrapers.
    func ignoreQuery() { ignoresQuery = true }

    /// Refuses values that were given but not read.
    func refuseUnknown() throws { try refuseUnknown(to: self) }

    /// Refuses values that an input does not read.
    func refuseUnknown(to input: Given) throws {
        if !input.ignoresQuery {
            try refuse(query.keys.sorted(), .query, to: input)
            if let repeated {
                throw Refusal.invalid(
                    "\(repeated) is given twice: separate several values by commas",
                    param: repeated)
            }
        }
        try refuse(body.members?.map(\.key) ?? [], .body, to: input)
    }

    private func refuse(
        _ names: [String], _ place: Parameter.Place, to input: Given
    ) throws {
        let known = input.parameters.filter { $0.place == place }.map(\.name)
        // Where any member goes, one that belongs elsewhere would still pass for something else.
        let elsewhere = input.parameters.filter { $0.place != place }.map(\.name)
        let takesOthers = place == .body && input.hasOthers
        let unknown = names.first { name in
            !known.contains(name) && (!takesOthers || elsewhere.contains(name))
        }
        guard let unknown else { return }
        throw Refusal.invalid(
            "\(unknown.prefix(100)) is not known here: \(input.remedy(unknown, place, known))",
            param: String(unknown.prefix(100)))
    }

    /// The name that was meant, or all that the call takes.
    private func remedy(_ unknown: String, _ place: Parameter.Place, _ known: [String]) -> String {
        if let nearest = Likeness.nearest(to: unknown, among: known, part: 3) {
            return "did you mean \(nearest)?"
        }
        if let other = parameters.first(where: { $0.name == unknown && $0.place != place }) {
            return "send it in the \(other.place.rawValue)"
        }
        return known.isEmpty
            ? "the call takes none" : "the call takes \(known.joined(separator: ", "))"
    }
}
