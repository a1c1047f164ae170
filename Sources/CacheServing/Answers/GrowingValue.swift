import JSON

/// A JSON value that a stream sends in pieces; each adds to what came before.
///
/// After `accumulate_delta` of openai-python: texts are joined, objects are merged by key, and items
/// of lists by their `index`. Unlike there, a number or a name that is sent again replaces the older
/// one, and nothing takes more time than it has bytes, whatever the pieces are.
final class GrowingValue {
    private var text: String?
    private var fixed: JSONTree = .null
    private var keys: [String]?
    private var members: [String: GrowingValue] = [:]
    private var items: [GrowingValue]?
    private var places: [Int: Int] = [:]

    /// Texts that are sent whole, however often.
    private static let whole: Set<String> = ["id", "type", "role", "name", "object", "format"]

    init() {}

    /// - Parameter grows: whether a text is joined to the one before.
    func add(_ piece: JSONTree, grows: Bool, key: String = "") {
        switch piece {
        case .null: break
        case .text(let more):
            if grows, !Self.whole.contains(key) {
                if text == nil { text = "" }
                text?.append(more)
            } else if !more.isEmpty || fixed == .null {
                fixed = piece
            }
        case .number, .boolean: fixed = piece
        case .object(let pieces):
            if keys == nil { keys = [] }
            for piece in pieces {
                let member = member(piece.key)
                member.add(
                    piece.value, grows: grows || Self.starts.contains(piece.key), key: piece.key)
            }
        case .array(let pieces):
            if items == nil { items = [] }
            for piece in pieces { item(of: piece).add(piece, grows: grows) }
        }
    }

    /// Below these members, texts grow.
    private static let starts: Set<String> = ["delta", "text"]

    private func member(_ key: String) -> GrowingValue {
        if let member = members[key] { return member }
        let member = GrowingValue()
        members[key] = member
        keys?.append(key)
        return member
    }

    private func item(of piece: JSONTree) -> GrowingValue {
        let index = piece["index"]?.integer
        if let index, let place = places[index], let item = items?[place] { return item }
        let item = GrowingValue()
        if let index { places[index] = items?.count }
        items?.append(item)
        return item
    }

    var tree: JSONTree {
        if let text { return .text(text) }
        if let keys {
            return .object(keys.map { .init($0, members[$0]?.tree ?? .null) })
        }
        if let items { return .array(items.map(\.tree)) }
        return fixed
    }
}
