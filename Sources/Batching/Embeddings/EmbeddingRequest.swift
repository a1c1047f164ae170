package import JSON
package import LedgerModel

/// A request for embeddings as OpenAI's API has it: what it asks for, and how.
package struct EmbeddingRequest: Sendable {
    /// The JSON of each input: a text, or a list of tokens.
    package let inputs: [ArraySlice<UInt8>]
    /// Whether the inputs came as a list; one alone may come without.
    package let isList: Bool
    /// All members but `input` and `user`, in the order of their names: requests merge if these
    /// are equal.
    package let form: [UInt8]

    package static let inputsMax = 2_048

    /// - Throws: what is wrong with the body.
    package init(_ body: [UInt8]) throws(EmbeddingFault) {
        let document: JSONDocument
        do { document = try JSONDocument(body) } catch { throw .notJSON(error) }
        guard document.nodes[0].kind == .object else { throw .notAnObject }
        var members: [(key: [UInt8], value: ArraySlice<UInt8>)] = []
        var input: Int?
        for child in document.children(of: 0) {
            let node = document.nodes[child]
            switch Self.name(document, node) {
            case "input": input = child
            case "user": break
            default: members.append((Array(body[node.key]), body[node.range]))
            }
        }
        guard let input else { throw .noInput }
        (inputs, isList) = try Self.inputs(document, input)
        members.sort { $0.key.lexicographicallyPrecedes($1.key) }
        var json: [UInt8] = []
        for member in members {
            json += member.key + [UInt8(ascii: ":")] + member.value + [UInt8(ascii: ",")]
        }
        form = json
    }

    private static func name(_ document: JSONDocument, _ node: JSONNode) -> String {
        String(decoding: document.bytes[node.key].dropFirst().dropLast(), as: UTF8.self)
    }

    private static func inputs(
        _ document: JSONDocument, _ input: Int
    ) throws(EmbeddingFault) -> ([ArraySlice<UInt8>], Bool) {
        let node = document.nodes[input]
        guard node.kind == .array else {
            guard node.kind == .string else { throw .badInput }
            return ([document.bytes[node.range]], false)
        }
        let items = Array(document.children(of: input))
        guard let first = items.first else { throw .noInput }
        // A list of numbers is one input: its tokens.
        if document.nodes[first].kind == .scalar { return ([document.bytes[node.range]], false) }
        guard items.count <= inputsMax else { throw .tooManyInputs(items.count) }
        let inputs = items.map { document.nodes[$0] }
        guard inputs.allSatisfy({ $0.kind == inputs[0].kind && $0.kind != .object }) else {
            throw .badInput
        }
        return (inputs.map { document.bytes[$0.range] }, true)
    }

    /// Whether one call can carry both.
    ///
    /// Texts and tokens don't mix.
    package func merges(with other: EmbeddingRequest) -> Bool {
        form == other.form && inputs.first?.first == other.inputs.first?.first
    }

    /// The body of a call for all inputs of requests that merge.
    package static func merged(_ requests: [EmbeddingRequest]) -> [UInt8] {
        precondition(
            requests.dropFirst().allSatisfy { $0.merges(with: requests[0]) },
            "only requests that merge are merged")
        let size = requests.reduce(64) { $0 + $1.inputs.reduce(0) { $0 + $1.count + 1 } }
        var body: [UInt8] = []
        body.reserveCapacity(size)
        body.append(UInt8(ascii: "{"))
        body += requests[0].form
        body += Array("\"input\":[".utf8)
        var isFirst = true
        for request in requests {
            for input in request.inputs {
                if !isFirst { body.append(UInt8(ascii: ",")) }
                isFirst = false
                body += input
            }
        }
        body += Array("]}".utf8)
        return body
    }
}

/// Why embeddings can't be merged, or an answer not split.
package enum EmbeddingFault: Fault, Equatable {
    case notJSON(JSONFault)
    case notAnObject
    case noInput
    case badInput
    case tooManyInputs(Int)
    /// An answer that isn't a list of embeddings.
    case badAnswer
    /// Another number of embeddings than inputs, or not one for each.
    case miscounted(embeddings: Int, inputs: Int)

    package var kind: FaultKind {
        switch self {
        case .notJSON, .notAnObject, .noInput, .badInput: .invalid
        case .tooManyInputs: .tooLarge
        case .badAnswer, .miscounted: .unavailable(retryAfter: .seconds(1))
        }
    }

    package var param: String? {
        switch self {
        case .noInput, .badInput, .tooManyInputs: "input"
        default: nil
        }
    }

    package var description: String {
        switch self {
        case .notJSON(let fault): "the body is not JSON \(fault)"
        case .notAnObject: "the body must be a JSON object"
        case .noInput: "input is missing: give a text, or a list of texts"
        case .badInput: "input must be a text, a list of texts, or lists of tokens"
        case .tooManyInputs(let count):
            "\(count) inputs are too many: give at most \(EmbeddingRequest.inputsMax)"
        case .badAnswer: "the provider's answer is not a list of embeddings"
        case .miscounted(let embeddings, let inputs):
            "the provider answered \(embeddings) embeddings for \(inputs) inputs"
        }
    }
}
