/// The size of an image in pixels.
package struct ImageSize: Hashable, Sendable {
    package let width: Int
    package let height: Int

    /// Larger sides are refused by every provider.
    package static let sideMax = 65_535

    package init?(width: Int, height: Int) {
        let sides = 1...Self.sideMax
        guard sides ~= width, sides ~= height else { return nil }
        self.width = width
        self.height = height
    }

    var longSide: Int { max(width, height) }
    var shortSide: Int { min(width, height) }

    /// Reads the header of a PNG, JPEG, GIF or WebP in base64 or in a data URL.
    package init?(encoded: String) {
        guard let size = EncodedBytes.with(encoded, { Self.read($0) }) else { return nil }
        self = size
    }

    private static func read(_ bytes: EncodedBytes) -> ImageSize? {
        func size(_ width: Int?, _ height: Int?) -> ImageSize? {
            guard let width, let height else { return nil }
            return ImageSize(width: width, height: height)
        }
        if bytes[0] == 0x89, bytes.starts(with: "PNG", at: 1) {
            return size(
                bytes.integer(at: 16, bytes: 4, bigEndian: true),
                bytes.integer(at: 20, bytes: 4, bigEndian: true))
        }
        if bytes.starts(with: "GIF8") {
            return size(
                bytes.integer(at: 6, bytes: 2, bigEndian: false),
                bytes.integer(at: 8, bytes: 2, bigEndian: false))
        }
        if bytes.starts(with: "RIFF"), bytes.starts(with: "WEBP", at: 8) { return webP(bytes) }
        if bytes[0] == 0xFF, bytes[1] == 0xD8 { return jpeg(bytes) }
        return nil
    }

    /// Reads the three kinds of WebP: lossy, lossless, extended.
    private static func webP(_ bytes: EncodedBytes) -> ImageSize? {
        if bytes.starts(with: "VP8X", at: 12) {
            guard let width = bytes.integer(at: 24, bytes: 3, bigEndian: false),
                let height = bytes.integer(at: 27, bytes: 3, bigEndian: false)
            else { return nil }
            return ImageSize(width: width + 1, height: height + 1)
        }
        if bytes.starts(with: "VP8L", at: 12) {
            guard let bits = bytes.integer(at: 21, bytes: 4, bigEndian: false) else { return nil }
            return ImageSize(width: (bits & 0x3FFF) + 1, height: (bits >> 14 & 0x3FFF) + 1)
        }
        guard bytes.starts(with: "VP8 ", at: 12),
            let width = bytes.integer(at: 26, bytes: 2, bigEndian: false),
            let height = bytes.integer(at: 28, bytes: 2, bigEndian: false)
        else { return nil }
        return ImageSize(width: width & 0x3FFF, height: height & 0x3FFF)
    }

    /// Goes from segment to segment until one begins a frame.
    private static func jpeg(_ bytes: EncodedBytes) -> ImageSize? {
        var place = 2
        while let mark = bytes[place], mark == 0xFF, let kind = bytes[place + 1] {
            if kind == 0xFF {
                place += 1
                continue
            }
            if (0xC0...0xCF).contains(kind), ![0xC4, 0xC8, 0xCC].contains(kind) {
                guard let height = bytes.integer(at: place + 5, bytes: 2, bigEndian: true),
                    let width = bytes.integer(at: place + 7, bytes: 2, bigEndian: true)
                else { return nil }
                return ImageSize(width: width, height: height)
            }
            guard let length = bytes.integer(at: place + 2, bytes: 2, bigEndian: true), length >= 2
            else { return nil }
            place += 2 + length
        }
        return nil
    }
}
