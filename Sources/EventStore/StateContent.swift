/// A state row as its owner reads it.
///
/// The decisions of one commit pass it on as it is: it is read from its bytes before the first of them, and
/// written after the last. So changing a copy should be cheap, however large the row is.
package protocol StateValue: Sendable {
    /// Reads a row; an empty one is that of something that nothing happened to.
    init(_ bytes: [UInt8])

    var bytes: [UInt8] { get }
}

/// The content of a state row: its bytes, or what its owner has read of them.
package struct StateContent: Sendable {
    private enum Form {
        case bytes([UInt8])
        case value(any StateValue)
    }

    private var form: Form

    init(_ bytes: [UInt8]) {
        form = .bytes(bytes)
    }

    init(_ value: some StateValue) {
        form = .value(value)
    }

    var bytes: [UInt8] {
        switch form {
        case .bytes(let bytes): bytes
        case .value(let value): value.bytes
        }
    }

    /// Whether these are its bytes, as far as it is known without writing a value.
    func has(_ known: [UInt8]) -> Bool {
        if case .bytes(let bytes) = form { return bytes == known }
        return false
    }

    /// What is in it; kept, so that it is read once.
    mutating func value<V: StateValue>(as type: V.Type) -> V {
        if case .value(let known) = form, let value = known as? V { return value }
        let value = V(bytes)
        form = .value(value)
        return value
    }

    /// Changes what is in it where it lies.
    mutating func change<V: StateValue>(as type: V.Type, _ body: (inout V) -> Void) {
        var value = value(as: type)
        // Nobody else has it then, so that nothing is copied.
        form = .bytes([])
        body(&value)
        form = .value(value)
    }
}
