import Prompts
import Testing
import Tokenizing

@Suite("Images")
struct ImageTests {
    private func tokens(
        _ model: String, _ width: Int, _ height: Int, _ detail: ImageRule.Detail = .high
    ) throws -> Int {
        let rule = try #require(try ModelProfile(model: model).images)
        return rule.tokens(of: ImageSize(width: width, height: height), detail: detail)
    }

    @Test("cost what OpenAI's examples say, in tiles")
    func tiles() throws {
        #expect(try tokens("gpt-4o", 1_024, 1_024) == 765)
        #expect(try tokens("gpt-4o", 2_048, 4_096) == 1_105)
        #expect(try tokens("gpt-4o", 4_096, 8_192, .low) == 85)
        // Billed by the API for 128 by 64 pixels.
        #expect(try tokens("gpt-4o", 128, 64) == 255)
        #expect(try tokens("gpt-4o-mini", 128, 64) == 8_500)
        #expect(try tokens("o3", 128, 64) == 225)
    }

    @Test("cost what OpenAI's examples say, in patches")
    func patches() throws {
        #expect(try tokens("o4-mini", 1_024, 1_024) == 1_762)
        #expect(try tokens("gpt-4.1-mini", 1_800, 2_400) == 2_353)
        // Billed by the API: into 2,048 pixels first, which makes 64 by 24.
        #expect(try tokens("gpt-4.1-mini", 4_000, 1_474) == 2_489)
        #expect(try tokens("gpt-5-nano", 10, 60_000) == 96)
        #expect(try tokens("gpt-5.4", 6_000, 6_000, .original) <= 12_000)
    }

    /// Differences between requests with and without an image (community.openai.com, topic 1344040).
    @Test(
        "cost in patches what was billed, which is rounded up",
        arguments: [
            (256, 256, 77), (512, 512, 308), (768, 1_024, 922), (1_280, 720, 1_104),
            (1_024, 1_024, 1_229), (2_048, 768, 1_844),
        ])
    func billedPatches(width: Int, height: Int, expected: Int) throws {
        #expect(try tokens("gpt-5-mini", width, height) == expected)
        let rule = try #require(try ModelProfile(model: "gpt-5-mini").images)
        #expect(rule.tokens(of: nil, detail: .high) == 1_844)
    }

    @Test("cost what Anthropic's table says, and never more than its largest size")
    func claude() throws {
        #expect(try tokens("claude-sonnet-4-5", 200, 200) == 64)
        #expect(try tokens("claude-sonnet-4-5", 1_092, 1_092) == 1_521)
        for (width, height) in [(8_000, 8_000), (8_000, 100), (1_568, 1_568), (3, 7_999)] {
            #expect(try tokens("claude-sonnet-4-5", width, height) <= 1_568)
            #expect(try tokens("claude-opus-4-7", width, height) <= 4_784)
        }
        #expect(try tokens("claude-opus-4-7", 2_000, 1_500) > 3_500)
    }

    @Test("cost what Google's examples say")
    func gemini() throws {
        #expect(try tokens("gemini-2.5-pro", 384, 384) == 258)
        #expect(try tokens("gemini-2.5-pro", 960, 540) == 258 * 6)
        #expect(try tokens("gemini-3-pro-preview", 960, 540, .auto) == 1_120)
        #expect(try tokens("gemini-3-pro-preview", 960, 540, .low) == 280)
    }

    @Test(
        "have their size in their headers",
        arguments: [
            // PNG, GIF, JPEG with an application segment, WebP of all three kinds: 3 by 5 pixels.
            "iVBORw0KGgoAAAANSUhEUgAAAAMAAAAFCAYAAAA=", "R0lGODlhAwAFAAAA",
            "/9j/4AAQSkZJRgABAQAAAQABAAD/wAARCAAFAAMDASIAAhEBAxEB",
            "UklGRhoAAABXRUJQVlA4IA4AAAAwAQCdASoDAAUA", "UklGRhoAAABXRUJQVlA4TA0AAAAvAgABAAA=",
            "UklGRhoAAABXRUJQVlA4WAoAAAAQAAAAAgAABAAA",
        ])
    func headers(base64: String) {
        let expected = ImageSize(width: 3, height: 5)
        #expect(ImageSize(encoded: base64) == expected)
        #expect(ImageSize(encoded: "data:image/png;base64," + base64) == expected)
        for length in 0..<base64.utf8.count {
            let cut = ImageSize(encoded: String(base64.prefix(length)))
            #expect(cut == nil || cut == expected)
        }
    }

    @Test("without a size are counted at the most they can cost, and marked so")
    func unknownSize() throws {
        let json = """
            [{"role":"user","content":[{"type":"text","text":"what is this"},
            {"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]
            """
        let found = try count(json, "gpt-4o")
        let image = try #require(found.lines.first { $0.source == .image })
        #expect(image.tokens == 85 + 8 * 170)
        #expect(image.basis == .atMost)
        #expect(found.exactness != .exact)
        let low = try count(json.replacing("a.png\"", with: "a.png\",\"detail\":\"low\""), "gpt-4o")
        #expect(low.lines.first { $0.source == .image }?.basis == .documented)
    }
}

@Suite("Audio")
struct AudioTests {
    /// A WAV header of 16 kHz, 16 bits, one channel, and the given bytes of samples.
    private func wav(bytes: Int) -> String {
        var header = Array("RIFF\0\0\0\0WAVEfmt ".utf8)
        header += [16, 0, 0, 0, 1, 0, 1, 0, 0x80, 0x3E, 0, 0, 0, 0x7D, 0, 0, 2, 0, 16, 0]
        header += Array("data".utf8) + [0xFF, 0xFF, 0xFF, 0xFF]
        return base64(header + [UInt8](repeating: 0, count: bytes))
    }

    private func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place > group.count ? "=" : alphabet[value >> (18 - 6 * place) & 63])
            }
        }
        return text
    }

    @Test("is billed by the second: OpenAI 10 tokens, Gemini 32")
    func seconds() throws {
        let data = wav(bytes: 64_000)
        let openAI = try count(
            """
            [{"role":"user","content":[{"type":"input_audio",
            "input_audio":{"data":"\(data)","format":"wav"}}]}]
            """, "gpt-4o-audio-preview")
        #expect(openAI.lines.first { $0.source == .audio }?.tokens == 20)
        let gemini = try count(
            """
            {"contents":[{"parts":[{"inlineData":{"mimeType":"audio/wav","data":"\(data)"}}]}]}
            """, "gemini-2.5-flash")
        #expect(gemini.tokens == 64)
    }

    @Test("whose length is not in its header is listed, not skipped")
    func unknownLength() throws {
        let found = try count(
            """
            [{"role":"user","content":[{"type":"input_audio",
            "input_audio":{"data":"AAAA","format":"opus"}}]}]
            """, "gpt-4o-audio-preview")
        #expect(found.uncounted == ["[0]: the length of the audio is not in its header"])
        #expect(found.exactness != .exact)
    }
}
