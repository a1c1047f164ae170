/// The shares of a text that tokenizers treat differently: the weight of each kind is about the
/// number of o200k tokens that it takes.
///
/// Computed in one pass over the bytes. The tokens per byte were measured with o200k_base on
/// prompts, the Python standard library, JSON, tables of numbers and encyclopedic sentences of each
/// script.
struct TextKinds {
    enum Kind: Int, CaseIterable {
        case prose, code, digits, cjk, hangul, cyrillicAndGreek, arabicAndHebrew, indic, other

        var tokensAByte: Double {
            switch self {
            case .prose: 1 / 4.5
            case .code: 1 / 3.2
            case .digits: 1 / 2.6
            case .cjk: 1 / 3.9
            case .hangul: 1 / 4.0
            case .cyrillicAndGreek: 1 / 8.5
            case .arabicAndHebrew: 1 / 5.8
            case .indic: 1 / 8.5
            case .other: 1 / 2.5
            }
        }
    }

    private(set) var weights = InlineArray<9, Double>(repeating: 0)

    init(_ text: String) {
        var text = text
        var bytes = InlineArray<9, Int>(repeating: 0)
        var letters = 0
        var symbols = 0
        text.withUTF8 { utf8 in
            for index in utf8.indices {
                let byte = utf8[index]
                switch byte {
                case 0x61...0x7A, 0x41...0x5A, 0x20, 0xC3...0xC9: letters += 1
                case 0x30...0x39: bytes[Kind.digits.rawValue] += 1
                case 0..<0x80: symbols += 1
                case 0x80..<0xC0: continue
                default:
                    let second = index + 1 < utf8.count ? utf8[index + 1] : 0
                    let (kind, length) = Self.kind(lead: byte, second: second)
                    bytes[kind.rawValue] += length
                }
            }
        }
        // Prose has about one punctuation mark for thirty letters; from one for ten on, it is code.
        let total = Double(max(1, letters + symbols))
        let codeShare = min(1, max(0, (Double(symbols) / total - 0.04) / 0.07))
        let latin = Double(letters + symbols)
        for kind in Kind.allCases {
            let count: Double =
                switch kind {
                case .prose: latin * (1 - codeShare)
                case .code: latin * codeShare
                default: Double(bytes[kind.rawValue])
                }
            weights[kind.rawValue] = count * kind.tokensAByte
        }
    }

    /// The kind of a character, from its first two bytes, and its length in bytes.
    private static func kind(lead: UInt8, second: UInt8) -> (Kind, Int) {
        switch lead {
        case 0xCD...0xD4: return (.cyrillicAndGreek, 2)
        case 0xD6...0xDD: return (.arabicAndHebrew, 2)
        case 0xE0: return (second >= 0xA4 ? .indic : .arabicAndHebrew, 3)
        case 0xE1: return (second < 0x84 ? .indic : .other, 3)
        case 0xE3...0xE9: return (.cjk, 3)
        case 0xEA: return (second < 0xB0 ? .other : .hangul, 3)
        case 0xEB, 0xEC: return (.hangul, 3)
        case 0xED: return (second < 0x9F ? .hangul : .other, 3)
        case 0xE2, 0xEE, 0xEF: return (.other, 3)
        case 0xF0...: return (.other, 4)
        default: return (.prose, 2)
        }
    }

    /// The mean of the ratios, weighted by the tokens of each kind; 1 for a text without any.
    func mean(of ratio: (Kind) -> Double) -> Double {
        var sum = 0.0
        var weight = 0.0
        for kind in Kind.allCases where weights[kind.rawValue] > 0 {
            sum += weights[kind.rawValue] * ratio(kind)
            weight += weights[kind.rawValue]
        }
        return weight > 0 ? sum / weight : 1
    }
}
