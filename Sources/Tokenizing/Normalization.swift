// NFC is part of the standard library without being part of its interface. It follows a later version
// of Unicode than the tokenizers that want it; see `composed`.
@_spi(_Unicode) import Swift

/// The changes that a tokenizer makes to text before splitting it.
package struct Normalization: Sendable, Equatable {
    package enum Step: Sendable, Equatable {
        /// Unicode's normal form C.
        case composed
        case replaced([UInt8], by: [UInt8])
        case prepended([UInt8])
    }

    let steps: [Step]
    /// The replacement that decoding makes, such as a blank for U+2581.
    let undone: (text: [UInt8], by: [UInt8])?

    init(_ steps: [Step], undone: (text: [UInt8], by: [UInt8])? = nil) {
        self.steps = steps
        self.undone = undone
    }

    package static func == (one: Normalization, other: Normalization) -> Bool {
        one.steps == other.steps
    }

    /// The normalized text; nil if that is the text itself.
    func normalized(_ text: TextBytes) -> [UInt8]? {
        guard !steps.isEmpty, text.count > 0 else { return nil }
        var bytes: [UInt8]?
        for step in steps {
            let changed =
                bytes.map { current in current.withUnsafeBufferPointer { step.apply(TextBytes($0)) }
                }
                ?? step.apply(text)
            if let changed { bytes = changed }
        }
        return bytes
    }

    func undo(_ bytes: [UInt8]) -> [UInt8] {
        guard let undone else { return bytes }
        return bytes.withUnsafeBufferPointer {
            TextBytes($0).replacing(undone.text, by: undone.by) ?? bytes
        }
    }
}

extension Normalization.Step {
    /// The changed text; nil if nothing changes.
    fileprivate func apply(_ text: TextBytes) -> [UInt8]? {
        switch self {
        case .composed: text.composed()
        case .replaced(let old, let new): text.replacing(old, by: new)
        case .prepended(let bytes): bytes + text.buffer
        }
    }
}

extension TextBytes {
    fileprivate var buffer: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: base, count: count)
    }

    /// The normal form C as the reference has it, which is that of Unicode 9.
    ///
    /// Hugging Face's tokenizers know no later version (compared scalar by scalar with 0.23.3). To
    /// them a later scalar is one that nothing is known of: it never combines, and marks don't move
    /// across it. So it is left alone, and what stands on both sides of it is composed by itself;
    /// normal forms of what Unicode 9 has are the same in every later version.
    ///
    /// Below U+0300, whose first byte is 0xCC, everything is composed.
    fileprivate func composed() -> [UInt8]? {
        guard buffer.contains(where: { $0 >= 0xCC }) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        let text = String(decoding: buffer, as: UTF8.self)
        var start = text.startIndex
        for index in text.unicodeScalars.indices {
            let scalar = text.unicodeScalars[index]
            guard scalar.isLater else { continue }
            bytes.append(composing: text[start..<index])
            bytes.append(contentsOf: UTF8.encode(scalar) ?? .init())
            start = text.unicodeScalars.index(after: index)
        }
        bytes.append(composing: text[start...])
        return bytes.elementsEqual(buffer) ? nil : bytes
    }

    fileprivate func replacing(_ old: [UInt8], by new: [UInt8]) -> [UInt8]? {
        guard let first = old.first, old.count <= count else { return nil }
        var (bytes, index, found) = ([UInt8](), 0, false)
        while index < count {
            if base[index] == first, index + old.count <= count,
                self[index..<index + old.count].buffer.elementsEqual(old)
            {
                bytes += new
                index += old.count
                found = true
            } else {
                bytes.append(base[index])
                index += 1
            }
        }
        return found ? bytes : nil
    }
}

extension [UInt8] {
    fileprivate mutating func append(composing text: Substring) {
        for scalar in String(text)._nfc { append(contentsOf: UTF8.encode(scalar) ?? .init()) }
    }
}

extension Unicode.Scalar {
    /// Whether Unicode got it after version 9.
    fileprivate var isLater: Bool {
        switch value {
        // Blocks that were full or get nothing that combines: most of what is written.
        case 0..<0x530, 0x3000...0x9FFF, 0xAC00...0xD7A3: false
        default: (properties.age?.major ?? 0) > 9
        }
    }
}
