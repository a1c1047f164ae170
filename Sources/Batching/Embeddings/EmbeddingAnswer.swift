import JSON

/// An answer with embeddings, split into one answer for each request of a merged call.
package struct EmbeddingAnswer: Sendable {
    /// The body for a request, as if it had been called alone.
    package let body: [UInt8]
    /// Its part of the tokens that the call was billed; nil if the answer has no usage.
    package let tokens: Int?

    /// Splits an answer.
    ///
    /// The tokens of the call are divided by what each request was expected to take; they add up to
    /// what was billed.
    ///
    /// - Parameter expected: the tokens of each request, as it was submitted.
    /// - Throws: what is wrong with the answer; then no part of it is used.
    package static func split(
        _ answer: [UInt8], among requests: [EmbeddingRequest], expected: [Int]
    ) throws(EmbeddingFault) -> [EmbeddingAnswer] {
        precondition(requests.count == expected.count, "each request has its expected tokens")
        let document: JSONDocument
        do {
            document = try JSONDocument(answer, nodesMax: 64_000_000)
        } catch { throw .badAnswer }
        guard document.nodes[0].kind == .object else { throw .badAnswer }
        var rest: [UInt8] = []
        var embeddings: [ArraySlice<UInt8>?] = []
        var usage: Int?
        let inputs = requests.reduce(0) { $0 + $1.inputs.count }
        for child in document.children(of: 0) {
            let node = document.nodes[child]
            switch name(document, node) {
            case "data": embeddings = try read(document, child, count: inputs)
            case "usage": usage = count("total_tokens", document, child)
            default:
                rest +=
                    answer[node.key] + [UInt8(ascii: ":")] + answer[node.range]
                    + [UInt8(ascii: ",")]
            }
        }
        guard embeddings.count == inputs else {
            throw .miscounted(embeddings: embeddings.count, inputs: inputs)
        }
        let tokens = usage.map { divide($0, by: expected) }
        var start = 0
        return requests.enumerated().map { index, request in
            let own = embeddings[start..<start + request.inputs.count].compactMap(\.self)
            start += request.inputs.count
            return EmbeddingAnswer(
                body: body(rest, own, tokens: tokens?[index]), tokens: tokens?[index])
        }
    }

    /// The embeddings in the order of the inputs, which `index` says.
    private static func read(
        _ document: JSONDocument, _ data: Int, count: Int
    ) throws(EmbeddingFault) -> [ArraySlice<UInt8>?] {
        guard document.nodes[data].kind == .array else { throw .badAnswer }
        let items = Array(document.children(of: data))
        guard items.count == count else {
            throw .miscounted(embeddings: items.count, inputs: count)
        }
        var embeddings: [ArraySlice<UInt8>?] = Array(repeating: nil, count: count)
        for (order, item) in items.enumerated() {
            guard document.nodes[item].kind == .object else { throw .badAnswer }
            var embedding: ArraySlice<UInt8>?
            var place = order
            for member in document.children(of: item) {
                let node = document.nodes[member]
                switch name(document, node) {
                case "embedding": embedding = document.bytes[node.range]
                case "index":
                    guard let index = Int(document.spelling(of: member)) else { throw .badAnswer }
                    place = index
                default: break
                }
            }
            guard let embedding else { throw .badAnswer }
            guard embeddings.indices.contains(place), embeddings[place] == nil else {
                throw .miscounted(embeddings: items.count, inputs: count)
            }
            embeddings[place] = embedding
        }
        return embeddings
    }

    private static func body(
        _ rest: [UInt8], _ embeddings: [ArraySlice<UInt8>], tokens: Int?
    ) -> [UInt8] {
        var json = Array("{".utf8) + rest + Array("\"data\":[".utf8)
        json.reserveCapacity(json.count + embeddings.reduce(64) { $0 + $1.count + 64 })
        for (index, embedding) in embeddings.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json += Array("{\"object\":\"embedding\",\"index\":\(index),\"embedding\":".utf8)
            json += embedding
            json.append(UInt8(ascii: "}"))
        }
        json.append(UInt8(ascii: "]"))
        if let tokens {
            json += Array(
                ",\"usage\":{\"prompt_tokens\":\(tokens),\"total_tokens\":\(tokens)}".utf8)
        }
        json.append(UInt8(ascii: "}"))
        return json
    }

    private static func name(_ document: JSONDocument, _ node: JSONNode) -> String {
        String(decoding: document.bytes[node.key].dropFirst().dropLast(), as: UTF8.self)
    }

    private static func count(_ name: String, _ document: JSONDocument, _ object: Int) -> Int? {
        guard document.nodes[object].kind == .object else { return nil }
        for member in document.children(of: object)
        where Self.name(document, document.nodes[member]) == name {
            return Int(document.spelling(of: member))
        }
        return nil
    }

    /// Divides a total by weights, so that the parts add up to it: the largest remainders get one
    /// more (Hamilton's method).
    static func divide(_ total: Int, by weights: [Int]) -> [Int] {
        let all = weights.reduce(0, +)
        let even = all == 0
        let sum = Int128(even ? weights.count : all)
        var parts: [Int] = []
        var remainders: [(remainder: Int128, index: Int)] = []
        for (index, weight) in weights.enumerated() {
            let product = Int128(total) * Int128(even ? 1 : weight)
            parts.append(Int(product / sum))
            remainders.append((product % sum, index))
        }
        remainders.sort {
            $0.remainder == $1.remainder ? $0.index < $1.index : $0.remainder > $1.remainder
        }
        let missing = total - parts.reduce(0, +)
        for (_, index) in remainders.prefix(missing) { parts[index] += 1 }
        return parts
    }
}
