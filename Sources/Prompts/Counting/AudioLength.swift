/// How long a recording is, from its header; providers bill it by the second.
enum AudioLength {
    /// Milliseconds of a WAV, MP3 or raw 24 kHz recording in base64; nil if the header does not
    /// tell.
    static func milliseconds(encoded: String, format: String?) -> Int? {
        EncodedBytes.with(encoded) { bytes in
            if bytes.starts(with: "RIFF"), bytes.starts(with: "WAVE", at: 8) { return wav(bytes) }
            if bytes.starts(with: "ID3") || bytes[0] == 0xFF { return mp3(bytes) }
            // OpenAI's pcm16: 24 kHz, one channel, two bytes per sample.
            return format == "pcm16" ? bytes.count / 48 : nil
        }
    }

    private static func wav(_ bytes: EncodedBytes) -> Int? {
        var place = 12
        var bytesASecond: Int?
        while let length = bytes.integer(at: place + 4, bytes: 4, bigEndian: false) {
            if bytes.starts(with: "fmt ", at: place) {
                bytesASecond = bytes.integer(at: place + 16, bytes: 4, bigEndian: false)
            }
            if bytes.starts(with: "data", at: place) {
                guard let rate = bytesASecond, rate > 0 else { return nil }
                // When the header of a stream is written, its length is not known yet.
                return min(length, bytes.count - place - 8) * 1_000 / rate
            }
            place += 8 + length + length % 2
        }
        return nil
    }

    private static let kilobits = [
        // MPEG 1 layer III, then MPEG 2 layer III.
        [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ]

    /// The length by the frame count of a Xing header, or else by the bit rate of the first frame.
    private static func mp3(_ bytes: EncodedBytes) -> Int? {
        var place = 0
        if bytes.starts(with: "ID3") {
            // Four bytes of seven bits.
            for index in 6..<10 { place = place << 7 | Int(bytes[index] ?? 0) & 0x7F }
            place += 10
        }
        guard bytes[place] == 0xFF, let version = bytes[place + 1], version & 0xE6 == 0xE2,
            let rates = bytes[place + 2], let mode = bytes[place + 3]
        else { return nil }
        let isMPEG1 = version & 0x18 == 0x18
        let kilobit = Self.kilobits[isMPEG1 ? 0 : 1]
        let sampling = [44_100, 48_000, 32_000]
        guard rates >> 4 < 15, rates >> 4 > 0, rates >> 2 & 3 < 3 else { return nil }
        let samplesASecond =
            sampling[Int(rates >> 2 & 3)] / (isMPEG1 ? 1 : version & 0x10 == 0 ? 4 : 2)
        let samplesAFrame = isMPEG1 ? 1_152 : 576
        let side = isMPEG1 ? (mode >> 6 == 3 ? 17 : 32) : (mode >> 6 == 3 ? 9 : 17)
        let header = place + 4 + side
        if bytes.starts(with: "Xing", at: header) || bytes.starts(with: "Info", at: header),
            let flags = bytes[header + 7], flags & 1 == 1,
            let frames = bytes.integer(at: header + 8, bytes: 4, bigEndian: true)
        {
            return frames * samplesAFrame * 1_000 / samplesASecond
        }
        return (bytes.count - place) * 8 / kilobit[Int(rates >> 4)]
    }
}
