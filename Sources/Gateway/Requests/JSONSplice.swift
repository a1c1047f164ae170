package import JSON

/// Changes of a JSON object at the places of some values; every other byte stays as it came.
package struct JSONSplice {
    private let document: JSONDocument
    /// By the start of what they replace.
    private var edits: [(range: Range<Int>, text: String)] = []

    /// - Throws: if it is not JSON.
    package init(_ bytes: [UInt8]) throws(JSONFault) {
        document = try JSONDocument(bytes)
    }

    /// Gives a member a value; one that is not there goes behind the last.
    ///
    /// - Parameters:
    ///   - path: keys from the outermost object on; objects on the way are made.
    ///   - json: the value as JSON.
    package mutating func set(_ path: [String], to json: String) {
        set(path[...], to: json, in: 0)
    }

    /// Gives a member of an object a value; does nothing if the object is not there.
    package mutating func set(_ key: String, inside outer: [String], to json: String) {
        var node = 0
        for key in outer {
            guard let next = members(key, of: node).last else { return }
            node = next
        }
        guard document.nodes[node].kind == .object else { return }
        set([key], to: json, in: node)
    }

    /// Takes a member out of the outermost object.
    package mutating func remove(_ key: String) {
        let children = Array(document.children(of: 0))
        for (index, child) in children.enumerated() where isNamed(child, key) {
            let node = document.nodes[child]
            // With the comma behind it or, for the last one, the comma before it.
            if index + 1 < children.count {
                let next = document.nodes[children[index + 1]].key.lowerBound
                edits.append((node.key.lowerBound..<next, ""))
            } else {
                let start =
                    index > 0
                    ? document.nodes[children[index - 1]].range.upperBound : node.key.lowerBound
                edits.append((start..<node.range.upperBound, ""))
            }
        }
    }

    /// The text with all changes.
    package var bytes: [UInt8] {
        guard !edits.isEmpty else { return document.bytes }
        var result: [UInt8] = []
        result.reserveCapacity(document.bytes.count + edits.reduce(0) { $0 + $1.text.utf8.count })
        var place = 0
        for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            result += document.bytes[place..<max(place, edit.range.lowerBound)]
            result += edit.text.utf8
            place = max(place, edit.range.upperBound)
        }
        return result + document.bytes[place...]
    }

    private mutating func set(_ path: ArraySlice<String>, to json: String, in object: Int) {
        guard let key = path.first, document.nodes[object].kind == .object else { return }
        let found = members(key, of: object)
        let rest = path.dropFirst()
        guard !found.isEmpty else {
            let text = "\(quoted(key)):" + made(rest, json)
            let end = document.nodes[object].range.upperBound - 1
            let last = document.children(of: object).reduce(Int?.none) { $1 }
            edits.append(
                last.map { last in
                    let end = document.nodes[last].range.upperBound
                    return (end..<end, "," + text)
                } ?? (end..<end, text))
            return
        }
        // Of a key that is repeated, nobody knows which one the provider takes.
        for member in found {
            if !rest.isEmpty, document.nodes[member].kind == .object {
                set(rest, to: json, in: member)
            } else {
                edits.append((document.nodes[member].range, made(rest, json)))
            }
        }
    }

    /// A value inside new objects.
    private func made(_ path: ArraySlice<String>, _ json: String) -> String {
        path.reversed().reduce(json) { "{\(quoted($1)):\($0)}" }
    }

    private func quoted(_ key: String) -> String { JSONTree.text(key).json }

    private func members(_ key: String, of object: Int) -> [Int] {
        guard document.nodes[object].kind == .object else { return [] }
        return document.children(of: object).filter { isNamed($0, key) }
    }

    private func isNamed(_ node: Int, _ key: String) -> Bool {
        let range = document.nodes[node].key
        let raw = document.bytes[range].dropFirst().dropLast()
        if !raw.contains(UInt8(ascii: "\\")) { return raw.elementsEqual(key.utf8) }
        return (try? document.text(in: range)) == key
    }
}
