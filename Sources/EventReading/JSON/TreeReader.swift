package import Prompts

/// Reads one JSON text into a tree, for bodies that are looked at as a whole and written back.
package enum TreeReader {
    /// Refuses what is not JSON, what is not UTF-8, and strings with half a surrogate pair: they
    /// are no text, so they have no tokens.
    package static func read(_ body: UnsafeRawBufferPointer) throws(BodyFault) -> BodyTree {
        let storage = ByteStorage(copying: body.dropByteOrderMark)
        var tape = JSONTape()
        let root: JSONTape.Root
        do throws(JSONFault) { root = try tape.open(storage.bytes) } catch {
            throw BodyFault(error)
        }
        guard root == .array else {
            guard let value = tape.next() else {
                throw .malformed(reason: "a value is expected", offset: 0)
            }
            return try tree(value, at: "")
        }
        var items: [BodyTree] = []
        while let value = tape.next() { items.append(try tree(value, at: "[\(items.count)]")) }
        return .array(items)
    }

    package static func read(_ body: [UInt8]) throws(BodyFault) -> BodyTree {
        let result = body.withUnsafeBytes { bytes in
            Result { () throws(BodyFault) in try read(bytes) }
        }
        return try result.get()
    }

    private static func tree(_ value: JSONValue, at root: String) throws(BodyFault) -> BodyTree {
        guard let tree = tree(value) else {
            let place = root + (placeOfBrokenString(in: value) ?? "")
            let name = place.hasPrefix(".") ? String(place.dropFirst()) : place
            throw .malformed(
                reason: "\(name.isEmpty ? "the string" : name) holds half a surrogate pair, which "
                    + "is no text: send both halves, or \\ufffd in its place", offset: 0)
        }
        return tree
    }

    /// Nil where a string is broken.
    private static func tree(_ value: JSONValue) -> BodyTree? {
        switch value.kind {
        case .null: return .null
        case .boolean: return .boolean(value.isTrue)
        case .integer, .number: return .number(String(decoding: value.text, as: UTF8.self))
        case .string: return .text(String(decoding: value.text, as: UTF8.self))
        case .brokenString: return nil
        case .array:
            var items: [BodyTree] = []
            for element in value.elements {
                guard let item = tree(element) else { return nil }
                items.append(item)
            }
            return .array(items)
        case .object:
            var members: [BodyTree.Member] = []
            for (key, value) in value.members {
                guard key.kind == .string, let value = tree(value) else { return nil }
                members.append(.init(String(decoding: key.text, as: UTF8.self), value))
            }
            return .object(members)
        }
    }

    /// Looked for only when something is wrong, so that reading what is right costs no path.
    private static func placeOfBrokenString(in value: JSONValue) -> String? {
        switch value.kind {
        case .brokenString: return ""
        case .array:
            for (index, element) in value.elements.enumerated() {
                if let place = placeOfBrokenString(in: element) { return "[\(index)]" + place }
            }
        case .object:
            for (key, value) in value.members {
                let name = "." + String(decoding: key.text, as: UTF8.self)
                if key.kind == .brokenString { return name }
                if let place = placeOfBrokenString(in: value) { return name + place }
            }
        default: break
        }
        return nil
    }
}
