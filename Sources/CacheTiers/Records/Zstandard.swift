import CZstd

/// Whole bodies through Zstandard.
enum Zstandard {
    /// Nil if it would not be smaller.
    static func compressed(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        let bound = ZSTD_compressBound(bytes.count)
        let packed = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            let size = bytes.withUnsafeBytes { bytes in
                ZSTD_compress(
                    buffer.baseAddress, bound, bytes.baseAddress, bytes.count, level)
            }
            count = ZSTD_isError(size) == 0 ? size : 0
        }
        return packed.isEmpty || packed.count >= bytes.count ? nil : packed
    }

    /// Nil if it is damaged, or if it has not exactly so many bytes.
    static func expanded(_ packed: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
        // Without this a damaged length would decide how much memory is taken.
        let said = packed.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        guard said == UInt64(count) else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: max(1, count)) { buffer, filled in
            let size = packed.withUnsafeBytes { packed in
                ZSTD_decompress(buffer.baseAddress, count, packed.baseAddress, packed.count)
            }
            filled = ZSTD_isError(size) == 0 ? size : 0
        }
        return bytes.count == count ? bytes : nil
    }
}
