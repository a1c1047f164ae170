// NFC is part of the standard library but not of its public interface. The models that need it were
// made with older versions of Unicode, whose normal forms are stable.
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

    /// The composed text; below U+0300, whose first byte is 0xCC, everything is already composed.
    fileprivate func composed() -> [UInt8]? {
        guard buffer.contains(where: { $0 >= 0xCC }) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for scalar in String(decoding: buffer, as: UTF8.self)._nfc {
            bytes.append(contentsOf: String(scalar).utf8)
        }
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
