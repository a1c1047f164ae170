import CZstd
import Synchronization

/// Whole bodies through Zstandard.
///
/// Making a context costs 18 µs, four times what it then needs for a short answer, so a few are
/// kept.
enum Zstandard {
    private static let packers = Slots { ZSTD_createCCtx() }
    private static let expanders = Slots { ZSTD_createDCtx() }

    /// Nil if it would not be smaller.
    static func compressed(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        let bound = ZSTD_compressBound(bytes.count)
        let packed = packers.withContext { context in
            [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
                let size = bytes.withUnsafeBytes { bytes in
                    ZSTD_compressCCtx(
                        context, buffer.baseAddress, bound, bytes.baseAddress, bytes.count, level)
                }
                count = ZSTD_isError(size) == 0 ? size : 0
            }
        }
        return packed.isEmpty || packed.count >= bytes.count ? nil : packed
    }

    /// Nil if it is damaged, or if it has not exactly so many bytes.
    static func expanded(_ packed: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
        // Without this a damaged length would decide how much memory is taken.
        let said = packed.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        guard said == UInt64(count) else { return nil }
        let bytes = expanders.withContext { context in
            [UInt8](unsafeUninitializedCapacity: max(1, count)) { buffer, filled in
                let size = packed.withUnsafeBytes { packed in
                    ZSTD_decompressDCtx(
                        context, buffer.baseAddress, count, packed.baseAddress, packed.count)
                }
                filled = ZSTD_isError(size) == 0 ? size : 0
            }
        }
        return bytes.count == count ? bytes : nil
    }
}

/// Contexts of zstd, each used by one caller at a time, for as long as the process lives.
private final class Slots: Sendable {
    private final class Slot: Sendable {
        let context: Mutex<OpaquePointer>

        init(_ context: sending OpaquePointer) {
            self.context = Mutex(context)
        }
    }

    private let slots: [Slot]
    private let next = Atomic<Int>(0)

    init(_ make: () -> OpaquePointer?) {
        slots = (0..<4).map { _ in
            guard let context = make() else { preconditionFailure("out of memory") }
            return Slot(context)
        }
    }

    func withContext<T: Sendable>(_ body: (OpaquePointer) -> T) -> T {
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return slots[turn & (slots.count - 1)].context.withLock { body($0) }
    }
}
