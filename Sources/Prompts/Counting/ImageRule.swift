/// The tokens that a provider bills for an image, by its size in pixels.
package enum ImageRule: Hashable, Sendable {
    /// Squares of 512 pixels after scaling; OpenAI's older models.
    case tiles(base: Int, tile: Int)
    /// Patches of 32 pixels, at most `patchesMax`, times a factor in hundredths.
    case patches(factor: Int, patchesMax: Int, originalMax: Int)
    /// Patches of 28 pixels, with a limit on the edge and on their number; Claude.
    case claude(edge: Int, tokensMax: Int)
    /// 258 for a small image, else 258 per crop.
    case geminiCrops
    /// A number that depends on the requested resolution.
    case geminiLevels

    package enum Detail: String, Hashable, Sendable { case low, medium, high, original, auto }

    init?(family: ModelProfile.Family, model: ModelName) {
        switch family {
        case .openAI:
            guard let rule = Self.openAI(model) else { return nil }
            self = rule
        case .anthropic:
            let isLarge = ClaudeVersion(model)?.isAtLeast(4, 7) ?? false
            self =
                isLarge
                ? .claude(edge: 2_576, tokensMax: 4_784)
                : .claude(edge: 1_568, tokensMax: 1_568)
        case .gemini:
            let isOld = ["gemini-1", "gemini-2"].contains { model.base.hasPrefix($0) }
            self = isOld ? .geminiCrops : .geminiLevels
        case .qwen, .mistral, .llama, .gemma, .deepSeek, .none: return nil
        }
    }

    /// The rule of an OpenAI model, with the factors that the API bills where its documentation
    /// differs.
    private static func openAI(_ model: ModelName) -> ImageRule? {
        func patches(_ factor: Int, original: Bool = false) -> ImageRule {
            .patches(
                factor: factor, patchesMax: original ? 2_500 : 1_536,
                originalMax: original ? 10_000 : 1_536)
        }
        let rules: [([String], ImageRule)] = [
            (["gpt-4.1-mini"], patches(162)), (["gpt-4.1-nano"], patches(246)),
            (["o4-mini", "codex-mini"], patches(172)),
            (["gpt-5-mini"], patches(120)), (["gpt-5-nano"], patches(150)),
            (["gpt-5.4-mini", "gpt-5.4-nano"], patches(120)),
            (["gpt-5", "gpt-5.1"], .tiles(base: 70, tile: 140)),
            (["gpt-5.2", "gpt-5.3"], patches(120)),
            (["o1", "o3"], .tiles(base: 75, tile: 150)),
            (["gpt-4o-mini"], .tiles(base: 2_833, tile: 5_667)),
            (["computer-use-preview"], .tiles(base: 65, tile: 129)),
            (
                ["gpt-4o", "gpt-4.1", "gpt-4.5", "chatgpt-4o", "gpt-4-turbo", "gpt-4-vision"],
                .tiles(base: 85, tile: 170)
            ),
        ]
        for (prefixes, rule) in rules where prefixes.contains(where: { model.begins(with: $0) }) {
            return rule
        }
        return model.base.hasPrefix("gpt-5.") ? patches(120, original: true) : nil
    }
}

extension ImageRule {
    /// The tokens of an image of this size; without a size, the most that an image can cost.
    package func tokens(of size: ImageSize?, detail: Detail) -> Int {
        guard let size else { return mostTokens(detail: detail) }
        switch self {
        case .tiles(let base, let tile):
            return detail == .low ? base : base + tile * Self.tiles(size)
        case .patches(let factor, let patchesMax, let originalMax):
            let limit = detail == .original ? originalMax : patchesMax
            return Self.tokens(ofPatches: Self.patches(size, atMost: limit), factor: factor)
        case .claude(let edge, let tokensMax):
            return Self.claudePatches(size, edge: edge, tokensMax: tokensMax)
        case .geminiCrops:
            return 258 * (detail == .low ? 1 : Self.crops(size))
        case .geminiLevels:
            return mostTokens(detail: detail)
        }
    }

    /// Whether images of different sizes cost differently.
    func needsSize(for detail: Detail) -> Bool {
        switch self {
        case .tiles, .geminiCrops: detail != .low
        case .geminiLevels: false
        case .patches, .claude: true
        }
    }

    private func mostTokens(detail: Detail) -> Int {
        switch self {
        // 768 pixels by 2,048 are 2 × 4 squares.
        case .tiles(let base, let tile): detail == .low ? base : base + tile * 8
        case .patches(let factor, let patchesMax, let originalMax):
            Self.tokens(
                ofPatches: detail == .original ? originalMax : patchesMax, factor: factor)
        case .claude(_, let tokensMax): tokensMax
        case .geminiCrops: detail == .low ? 258 : 258 * 6
        case .geminiLevels:
            switch detail {
            case .low: 280
            case .medium: 560
            case .high, .auto: 1_120
            case .original: 2_240
            }
        }
    }

    /// Scales into 2,048 by 2,048, then the shorter side to 768, and counts squares of 512; never
    /// enlarges.
    private static func tiles(_ size: ImageSize) -> Int {
        let (long, short) = (Double(size.longSide), Double(size.shortSide))
        let fit = min(1, 2_048 / long)
        let scale = fit * min(1, 768 / (short * fit))
        func squares(_ side: Double) -> Int {
            max(1, Int((side * scale / 512 - 1e-9).rounded(.up)))
        }
        return squares(long) * squares(short)
    }

    /// Scales into 2,048 by 2,048 (6,000 for the original) and counts the squares of 32 that cover
    /// it; if there are too many, the image is scaled down until they fit.
    private static func patches(_ size: ImageSize, atMost limit: Int) -> Int {
        let edge = limit > 2_500 ? 6_000.0 : 2_048.0
        let fit = min(1, edge / Double(size.longSide))
        let (width, height) = (Double(size.width) * fit / 32, Double(size.height) * fit / 32)
        func squares(_ side: Double) -> Int { max(1, Int((side - 1e-9).rounded(.up))) }
        let whole = squares(width) * squares(height)
        if whole <= limit { return whole }
        let scale = (Double(limit) / (width * height)).squareRoot()
        let (across, down) = (width * scale, height * scale)
        let shrink = min(across.rounded(.down) / across, down.rounded(.down) / down)
        guard shrink > 0 else { return limit }
        return min(limit, squares(across * shrink) * squares(down * shrink))
    }

    /// Bills round up: 256 patches at 1.2 are 308 tokens.
    private static func tokens(ofPatches patches: Int, factor: Int) -> Int {
        (patches * factor + 99) / 100
    }

    /// The largest size of the same shape within the edge whose squares of 28 are few enough.
    private static func claudePatches(_ size: ImageSize, edge: Int, tokensMax: Int) -> Int {
        func squares(long: Int) -> Int {
            let short = (size.shortSide * long + size.longSide / 2) / size.longSide
            return ((long + 27) / 28) * max(1, (short + 27) / 28)
        }
        var (fits, tooLong) = (1, min(size.longSide, edge) + 1)
        while tooLong - fits > 1 {
            let middle = (fits + tooLong) / 2
            if squares(long: middle) <= tokensMax { fits = middle } else { tooLong = middle }
        }
        return squares(long: fits)
    }

    /// Counts the crops of Gemini 2: one up to 384 pixels; else crops of two thirds of the shorter
    /// side.
    private static func crops(_ size: ImageSize) -> Int {
        if size.longSide <= 384 { return 1 }
        let crop = min(768, max(256, size.shortSide * 2 / 3))
        return ((size.width + crop - 1) / crop) * ((size.height + crop - 1) / crop)
    }
}
