import LedgerTesting
import Testing
import Tokenizing
import Vocabularies

/// Facts about published tokenizers, each as its reference gives it.
@Suite("A published tokenizer")
struct ReferenceTests {
    private func tokenizer(_ encoding: TokenEncoding) throws -> Tokenizer {
        try TokenizerLibrary.shared.tokenizer(for: encoding)
    }

    /// The added tokens of Qwen that its tokenizer.json does not call special.
    private static let ordinary: [(text: String, id: TokenID)] = [
        ("<tool_call>", 151_657), ("</tool_call>", 151_658), ("<|fim_prefix|>", 151_659),
        ("<|fim_middle|>", 151_660), ("<|fim_suffix|>", 151_661), ("<|fim_pad|>", 151_662),
        ("<|repo_name|>", 151_663), ("<|file_sep|>", 151_664), ("<tool_response>", 151_665),
        ("</tool_response>", 151_666), ("<think>", 151_667), ("</think>", 151_668),
    ]

    @Test("finds the added tokens of its generation in any text, and no later ones")
    func addedTokens() throws {
        let last: [(TokenEncoding, TokenID)] = [
            (.qwen2, 0), (.qwen25, 151_664), (.qwen3, 151_668),
        ]
        for (encoding, last) in last {
            let tokenizer = try tokenizer(encoding)
            for (text, id) in Self.ordinary {
                let isKnown = id <= last
                #expect((tokenizer.encode(text) == [id]) == isKnown, "\(encoding) \(text)")
                let around = tokenizer.encode("a \(text)b")
                #expect(around.contains(id) == isKnown)
                #expect(tokenizer.count("a \(text)b") == around.count)
                var growing = IncrementalCount(tokenizer)
                for byte in "a \(text)b".utf8 { growing.append(utf8: [byte]) }
                #expect(growing.count == around.count)
            }
            // What a user types can't end a message.
            #expect(tokenizer.count("<|im_end|>") > 1)
        }
        #expect(try tokenizer(.qwen3).encode("<think>") == [151_667])
        #expect(try tokenizer(.qwen2).encode("<think>") == [13_708, 766, 29])
        #expect(try tokenizer(.deepSeekV3).encode("<think>").count == 1)
        #expect(try tokenizer(.o200kHarmony).count("<|start|>") > 1)
    }

    /// Marks that Unicode got after version 9, which Hugging Face's tokenizers 0.23.3 neither compose
    /// nor move: all scalars whose `NFC` differs from that of Unicode 17.
    private static let laterMarks: [ClosedRange<UInt32>] = [
        0x7FD...0x7FD, 0x897...0x89F, 0x8CA...0x8D3, 0x9FE...0x9FE, 0xC3C...0xC3C, 0xD3B...0xD3C,
        0xEBA...0xEBA, 0x1715...0x1715, 0x1ABF...0x1ADD, 0x1AE0...0x1AEB, 0x1DF6...0x1DFA,
        0xA82C...0xA82C, 0x10D24...0x10D27, 0x10D69...0x10D6D, 0x10EAB...0x10EAC,
        0x10EFA...0x10EFB, 0x10EFD...0x10EFF, 0x10F46...0x10F50, 0x10F82...0x10F85,
        0x11070...0x11070, 0x1133B...0x1133B, 0x113CE...0x113D0, 0x1145E...0x1145E,
        0x11839...0x1183A, 0x1193D...0x1193E, 0x11943...0x11943, 0x119E0...0x119E0,
        0x11A34...0x11A34, 0x11A47...0x11A47, 0x11A99...0x11A99, 0x11D42...0x11D42,
        0x11D44...0x11D45, 0x11D97...0x11D97, 0x11F41...0x11F42, 0x1612F...0x1612F,
        0x16FF0...0x16FF1, 0x1E08F...0x1E08F, 0x1E130...0x1E136, 0x1E2AE...0x1E2AE,
        0x1E2EC...0x1E2EF, 0x1E4EC...0x1E4EF, 0x1E5EE...0x1E5EF, 0x1E6E3...0x1E6E3,
        0x1E6E6...0x1E6E6, 0x1E6EE...0x1E6EF, 0x1E6F5...0x1E6F5,
    ]

    @Test("leaves marks where they stand that its reference does not know")
    func laterMarks() throws {
        let qwen = try tokenizer(.qwen3)
        #expect(qwen.encode("a\u{898}\u{323}") == [64, 156, 95, 246, 136, 96])
        let marks = Self.laterMarks.flatMap { $0 }.compactMap(Unicode.Scalar.init)
        #expect(marks.count == 154)
        for mark in marks {
            // What stands on both sides of the mark is composed by itself.
            for (text, expected) in [
                ("a\(mark)\u{323}", "a\(mark)\u{323}"), ("a\u{345}\(mark)", "a\u{345}\(mark)"),
                ("a\u{301}\(mark)\u{323}", "\u{E1}\(mark)\u{323}"),
            ] {
                #expect(try qwen.decode(qwen.encode(text)) == Array(expected.utf8), "\(mark)")
            }
        }
    }

    @Test(
        "does not compose what its reference does not compose",
        arguments: ["\u{113C2}\u{113C2}", "\u{11935}\u{11930}", "\u{1611E}\u{1611E}\u{1611F}"])
    func laterPairs(text: String) throws {
        let qwen = try tokenizer(.qwen3)
        #expect(try qwen.decode(qwen.encode(text)) == Array(text.utf8))
    }

    @Test("gives the ids that its reference gives where a newer mark stands")
    func newerMark() throws {
        let ids = try tokenizer(.qwen3).encode("a\u{898}\u{323}")
        #expect(ids == [64, 156, 95, 246, 136, 96])
    }

    @Test("composes what every version composes")
    func composed() throws {
        let qwen = try tokenizer(.qwen25)
        for (text, composed) in [
            ("e\u{301}", "\u{E9}"), ("か\u{3099}", "が"), ("\u{1100}\u{1161}\u{11A8}", "각"),
            ("a\u{323}\u{302}", "\u{1EAD}"), ("a\u{302}\u{323}", "\u{1EAD}"),
            ("\u{2126}", "\u{3A9}"), ("\u{F900}", "\u{8C48}"),
        ] {
            #expect(try qwen.decode(qwen.encode(text)) == Array(composed.utf8), "\(composed)")
        }
    }
}
