// Made by scripts/make-default-price-book.py; do not edit.
// swift-format-ignore-file

/// The text of `PriceBook.default`.
let defaultPriceBookText: StaticString = #"""
# The price book that tally ships, made on 2026-11-23 by scripts/make-default-price-book.py.
# Sources: genai-prices==0.2.3 (https://github.com/pydantic/genai-prices, MIT) and
# litellm==1.109.1 (https://github.com/BerriAI/litellm, model_prices_and_context_window, MIT).
# Prices are facts that those projects collect from the providers' pages; check yours.
# The format is described in docs/prices.md.
tally_prices: 1
name: default 2026-11-23
providers:
  anthropic:
    match: {contains: anthropic}
    model_match: {contains: claude}
    tiers: {batch: 0.5}
    models:
      claude-2: {match: {or: [{starts_with: claude-2}, {contains: claude-v2}]}, input_mtok: 8, output_mtok: 24}
      claude-3-5-haiku-latest: {match: {or: [{starts_with: claude-3-5-haiku}, {starts_with: claude-3.5-haiku}]}, input_mtok: 0.8, cache_read_mtok: 0.08, cache_write_mtok: 1, cache_write_1h_mtok: 1.6, output_mtok: 4, web_searches_kcount: 10}
      claude-3-5-sonnet: {match: {or: [{starts_with: claude-3-5-sonnet}, {starts_with: claude-3.5-sonnet}]}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, cache_write_1h_mtok: 6, output_mtok: 15, web_searches_kcount: 10}
      claude-3-7-sonnet-latest: {match: {or: [{starts_with: claude-3-7-sonnet}, {starts_with: claude-3.7-sonnet}, {starts_with: claude-sonnet-3.7}, {starts_with: claude-sonnet-3-7}]}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, cache_write_1h_mtok: 6, output_mtok: 15, web_searches_kcount: 10}
      claude-3-haiku: {match: {starts_with: claude-3-haiku}, input_mtok: 0.25, cache_read_mtok: 0.03, cache_write_mtok: 0.3, cache_write_1h_mtok: 0.5, output_mtok: 1.25}
      claude-3-opus-latest: {match: {starts_with: claude-3-opus}, input_mtok: 15, cache_read_mtok: 1.5, cache_write_mtok: 18.75, cache_write_1h_mtok: 30, output_mtok: 75}
      claude-3-sonnet: {match: {starts_with: claude-3-sonnet}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, cache_write_1h_mtok: 6, output_mtok: 15}
      claude-fable-5:
        match: {or: [claude-fable-5, {regex: "^claude-fable-5-\\d{8}$"}]}
        prices:
        - {input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
        - {from: 2026-10-14, tier: batch, input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25}
      claude-fable-5-1:
        match: {or: [claude-fable-5-1, {regex: "^claude-fable-5-1-\\d{8}$"}]}
        prices:
        - {input_mtok: 10, cache_read_mtok: 0.25, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 5, cache_read_mtok: 0.125, cache_write_mtok: 6.25, output_mtok: 25}
        - {from: 2026-10-14, tier: batch, input_mtok: 5, cache_read_mtok: 0.125, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25}
      claude-fable-5-2:
        match: {or: [claude-fable-5-2, {regex: "^claude-fable-5-2-\\d{8}$"}]}
        prices:
        - {input_mtok: 8, cache_read_mtok: 0.2, cache_write_mtok: 10, cache_write_1h_mtok: 16, output_mtok: 40, web_searches_kcount: 10}
        - {tier: fast, input_mtok: 16, cache_read_mtok: 0.4, cache_write_mtok: 20, cache_write_1h_mtok: 32, output_mtok: 80}
        - {tier: batch, input_mtok: 4, cache_read_mtok: 0.1, cache_write_mtok: 5, cache_write_1h_mtok: 8, output_mtok: 20}
      claude-haiku-4-5:
        match: {or: [{starts_with: claude-haiku-4-5}, {starts_with: claude-haiku-4.5}, {starts_with: claude-4-5-haiku}, {starts_with: claude-4.5-haiku}]}
        prices:
        - {input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, cache_write_1h_mtok: 2, output_mtok: 5, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 0.5, cache_read_mtok: 0.05, cache_write_mtok: 0.625, output_mtok: 2.5}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.5, cache_read_mtok: 0.05, cache_write_mtok: 0.625, cache_write_1h_mtok: 1, output_mtok: 2.5}
      claude-haiku-5-5:
        match: {or: [claude-haiku-5-5, {regex: "^claude-haiku-5-5-\\d{8}$"}, {starts_with: "claude-haiku-5-5@"}, {starts_with: claude-haiku-5.5}, {starts_with: claude-5-5-haiku}, {starts_with: claude-5.5-haiku}]}
        prices:
        - {input_mtok: {0: 0.1, 100000: 0.5}, cache_read_mtok: {0: 0.01, 100000: 0.05}, cache_write_mtok: {0: 0.125, 100000: 0.625}, cache_write_1h_mtok: {0: 0.2, 100000: 1}, output_mtok: {0: 0.5, 100000: 2.5}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: {0: 0.05, 100000: 0.25}, cache_read_mtok: {0: 0.005, 100000: 0.025}, cache_write_mtok: {0: 0.0625, 100000: 0.3125}, output_mtok: {0: 0.25, 100000: 1.25}}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 0.05, 100000: 0.25}, cache_read_mtok: {0: 0.005, 100000: 0.025}, cache_write_mtok: {0: 0.0625, 100000: 0.3125}, cache_write_1h_mtok: {0: 0.1, 100000: 0.5}, output_mtok: {0: 0.25, 100000: 1.25}}
      claude-mythos-5-2:
        match: {or: [claude-mythos-5-2, {regex: "^claude-mythos-5-2-\\d{8}$"}]}
        prices:
        - {input_mtok: 8, cache_read_mtok: 0.2, cache_write_mtok: 10, cache_write_1h_mtok: 16, output_mtok: 40, web_searches_kcount: 10}
        - {tier: fast, input_mtok: 16, cache_read_mtok: 0.4, cache_write_mtok: 20, cache_write_1h_mtok: 32, output_mtok: 80}
        - {tier: batch, input_mtok: 4, cache_read_mtok: 0.1, cache_write_mtok: 5, cache_write_1h_mtok: 8, output_mtok: 20}
      claude-opus-4-0: {match: {or: [{starts_with: claude-opus-4-0}, {starts_with: claude-4-opus}, claude-opus-4, claude-opus-4-20250514]}, input_mtok: 15, cache_read_mtok: 1.5, cache_write_mtok: 18.75, cache_write_1h_mtok: 30, output_mtok: 75, web_searches_kcount: 10}
      claude-opus-4-1: {match: {or: [{starts_with: claude-opus-4-1}, {starts_with: claude-opus-4.1}]}, input_mtok: 15, cache_read_mtok: 1.5, cache_write_mtok: 18.75, cache_write_1h_mtok: 30, output_mtok: 75, web_searches_kcount: 10}
      claude-opus-4-5:
        match: {or: [{starts_with: claude-opus-4-5}, {starts_with: claude-opus-4.5}, {starts_with: claude-4-5-opus}, {starts_with: claude-4.5-opus}]}
        prices:
        - {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
        - {from: 2026-10-14, tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, cache_write_1h_mtok: 5, output_mtok: 12.5}
      claude-opus-4-6:
        match: {or: [{starts_with: claude-opus-4-6}, {starts_with: claude-opus-4.6}, {starts_with: claude-4-6-opus}, {starts_with: claude-4.6-opus}]}
        prices:
        - {input_mtok: {0: 5, 200000: 10}, cache_read_mtok: {0: 0.5, 200000: 1}, cache_write_mtok: {0: 6.25, 200000: 12.5}, cache_write_1h_mtok: {0: 10, 200000: 20}, output_mtok: {0: 25, 200000: 37.5}, web_searches_kcount: 10}
        - {from: 2026-03-13, input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
        - {from: 2026-10-14, tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, cache_write_1h_mtok: 5, output_mtok: 12.5}
      claude-opus-4-7:
        match: {or: [{starts_with: claude-opus-4-7}, {starts_with: claude-opus-4.7}, {starts_with: claude-4-7-opus}, {starts_with: claude-4.7-opus}]}
        prices:
        - {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
        - {from: 2026-10-14, tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, cache_write_1h_mtok: 5, output_mtok: 12.5}
      claude-opus-4-8:
        match: {or: [{starts_with: claude-opus-4-8}, {starts_with: claude-opus-4.8}, {starts_with: claude-4-8-opus}, {starts_with: claude-4.8-opus}]}
        prices:
        - {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
        - {tier: fast, input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50}
        - {from: 2026-10-14, tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, cache_write_1h_mtok: 5, output_mtok: 12.5}
      claude-opus-5:
        match: {or: [claude-opus-5, claude-opus-5-latest, {regex: "^claude-opus-5[-@]\\d{8}$"}, {regex: "^claude-opus-5-\\d{4}-\\d{2}-\\d{2}$"}, {starts_with: claude-opus-5.0}, {starts_with: claude-5-opus}, {starts_with: claude-5.0-opus}]}
        prices:
        - {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
        - {tier: fast, input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50}
        - {from: 2026-10-14, tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, cache_write_1h_mtok: 5, output_mtok: 12.5}
      claude-opus-5-5:
        match: {or: [claude-opus-5-5, {regex: "^claude-opus-5-5-\\d{8}$"}, {starts_with: claude-opus-5.5}, {starts_with: claude-5-5-opus}, {starts_with: claude-5.5-opus}]}
        prices:
        - {input_mtok: 4, cache_read_mtok: 0.2, cache_write_mtok: 5, cache_write_1h_mtok: 8, output_mtok: 20, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2, cache_read_mtok: 0.1, cache_write_mtok: 2.5, output_mtok: 10}
        - {tier: fast, input_mtok: 8, cache_read_mtok: 0.4, cache_write_mtok: 10, cache_write_1h_mtok: 16, output_mtok: 40}
        - {from: 2026-10-14, tier: batch, input_mtok: 2, cache_read_mtok: 0.1, cache_write_mtok: 2.5, cache_write_1h_mtok: 4, output_mtok: 10}
      claude-sonnet-4-0: {match: {or: [{starts_with: claude-sonnet-4-2025}, {starts_with: claude-sonnet-4-0}, {starts_with: "claude-sonnet-4@"}, claude-sonnet-4, {starts_with: claude-4-sonnet}]}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, cache_write_1h_mtok: 6, output_mtok: 15, web_searches_kcount: 10}
      claude-sonnet-4-5:
        match: {or: [{starts_with: claude-sonnet-4-5}, {starts_with: claude-sonnet-4.5}]}
        prices:
        - {input_mtok: {0: 3, 200000: 6}, cache_read_mtok: {0: 0.3, 200000: 0.6}, cache_write_mtok: {0: 3.75, 200000: 7.5}, cache_write_1h_mtok: {0: 6, 200000: 12}, output_mtok: {0: 15, 200000: 22.5}, web_searches_kcount: 10}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 1.5, 200000: 3}, cache_read_mtok: {0: 0.15, 200000: 0.3}, cache_write_mtok: {0: 1.875, 200000: 3.75}, cache_write_1h_mtok: {0: 3, 200000: 6}, output_mtok: {0: 7.5, 200000: 11.25}}
      claude-sonnet-4-6:
        match: {or: [{starts_with: claude-sonnet-4-6}, {starts_with: claude-sonnet-4.6}]}
        prices:
        - {input_mtok: {0: 3, 200000: 6}, cache_read_mtok: {0: 0.3, 200000: 0.6}, cache_write_mtok: {0: 3.75, 200000: 7.5}, cache_write_1h_mtok: {0: 6, 200000: 12}, output_mtok: {0: 15, 200000: 22.5}, web_searches_kcount: 10}
        - {from: 2026-03-13, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, cache_write_1h_mtok: 6, output_mtok: 15, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1.5, cache_read_mtok: 0.15, cache_write_mtok: 1.875, output_mtok: 7.5}
        - {from: 2026-10-14, tier: batch, input_mtok: 1.5, cache_read_mtok: 0.15, cache_write_mtok: 1.875, cache_write_1h_mtok: 3, output_mtok: 7.5}
      claude-sonnet-5:
        match: {or: [claude-sonnet-5, {regex: "^claude-sonnet-5-\\d{8}$"}, {starts_with: "claude-sonnet-5@"}, {starts_with: claude-sonnet-5.0}, {starts_with: claude-5-sonnet}, {starts_with: claude-5.0-sonnet}]}
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 2.5, cache_write_1h_mtok: 4, output_mtok: 10, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, output_mtok: 5}
        - {from: 2026-10-14, tier: batch, input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, cache_write_1h_mtok: 2, output_mtok: 5}
      claude-sonnet-5-5:
        match: {or: [claude-sonnet-5-5, {regex: "^claude-sonnet-5-5-\\d{8}$"}, {starts_with: "claude-sonnet-5-5@"}, {starts_with: claude-sonnet-5.5}, {starts_with: claude-5-5-sonnet}, {starts_with: claude-5.5-sonnet}]}
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.1, cache_write_mtok: 2.5, cache_write_1h_mtok: 4, output_mtok: 10, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1, cache_read_mtok: 0.05, cache_write_mtok: 1.25, output_mtok: 5}
        - {from: 2026-10-14, tier: batch, input_mtok: 1, cache_read_mtok: 0.05, cache_write_mtok: 1.25, cache_write_1h_mtok: 2, output_mtok: 5}
      claude-v1: {input_mtok: 8, output_mtok: 24}
      claude-mythos-5:
        prices:
        - {input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      claude-mythos-5-1:
        prices:
        - {input_mtok: 10, cache_read_mtok: 0.25, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 5, cache_read_mtok: 0.125, cache_write_mtok: 6.25, output_mtok: 25}
      claude-mythos-preview: {input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50, web_searches_kcount: 10}
  arcee:
    match: {contains: arcee}
    models:
      deepseek/deepseek-v4-flash-latest: {input_mtok: 0.14, cache_read_mtok: 0.028, output_mtok: 0.28}
      deepseek/deepseek-v4-pro: {input_mtok: 1.74, cache_read_mtok: 0.2, output_mtok: 3.48}
      deepseek/deepseek-v4-pro-0813: {input_mtok: 1.32, cache_read_mtok: 0.044, output_mtok: 3.96}
      deepseek/deepseek-v4.1-flash:
        prices:
        - {input_mtok: 0.22, cache_read_mtok: 0.007, output_mtok: 0.66}
        - {from: 2026-11-01, input_mtok: 0.22, cache_read_mtok: 0.007, output_mtok: 1.2}
      deepseek/deepseek-v4.1-flash-1017: {input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
      moonshotai/kimi-k3: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      thinkingmachines/inkling-small: {input_mtok: 0.5, cache_read_mtok: 0.1, output_mtok: 1.2}
      trinity-large-thinking: {input_mtok: 0.25, cache_read_mtok: 0.06, output_mtok: 0.8}
      zai-org/glm-5.2: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      zai-org/glm-5.3: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      zai-org/glm-5.3-flash: {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
  avian:
    models:
      Meta-Llama-3.1-405B-Instruct: {input_mtok: 1.5, output_mtok: 1.5}
      Meta-Llama-3.1-70B-Instruct: {input_mtok: 0.45, output_mtok: 0.45}
      Meta-Llama-3.1-8B-Instruct: {input_mtok: 0.1, output_mtok: 0.1}
      Meta-Llama-3.3-70B-Instruct: {input_mtok: 0.45, output_mtok: 0.45}
      deepseek/deepseek-v3.2: {input_mtok: 0.23, cache_read_mtok: 0.012, output_mtok: 0.33}
      deepseek/deepseek-v4-flash:
        prices:
        - {input_mtok: 0.0805, cache_read_mtok: 0.0165, output_mtok: 0.161}
        - {from: 2026-10-18, input_mtok: 0.14, cache_read_mtok: 0.0028, output_mtok: 0.28}
      deepseek/deepseek-v4-pro: {input_mtok: 1.305, cache_read_mtok: 0.10875, output_mtok: 2.61}
      deepseek/deepseek-v4-pro-0813:
        prices:
        - {input_mtok: 0.594, cache_read_mtok: 0.0198, output_mtok: 1.782}
        - {from: 2026-10-18, input_mtok: 0.561, cache_read_mtok: 0.0187, output_mtok: 1.683}
      deepseek/deepseek-v4.1-flash: {input_mtok: 0.1275, cache_read_mtok: 0.00255, output_mtok: 0.51}
      minimax/minimax-m2.5: {input_mtok: 0.27, cache_read_mtok: 0.15, output_mtok: 1.08}
      minimax/minimax-m3: {input_mtok: 0.255, cache_read_mtok: 0.051, output_mtok: 1.02}
      moonshotai/kimi-k2.5: {input_mtok: 0.45, cache_read_mtok: 0.225, output_mtok: 2.2}
      moonshotai/kimi-k2.6: {input_mtok: 0.95, cache_read_mtok: 0.16, output_mtok: 4}
      moonshotai/kimi-k3: {input_mtok: 2.55, cache_read_mtok: 0.255, output_mtok: 12.75}
      xiaomi/mimo-v2.5: {input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.4}
      xiaomi/mimo-v2.5-pro:
        prices:
        - {input_mtok: 0.435, cache_read_mtok: 0.0036, output_mtok: 0.87}
        - {from: 2026-10-18, input_mtok: 0.36975, cache_read_mtok: 0.00306, output_mtok: 0.7395}
      xiaomi/mimo-v2.6-flash:
        prices:
        - {input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.4}
        - {from: 2026-10-18, input_mtok: 0.14, cache_read_mtok: 0.0028, output_mtok: 0.28}
      xiaomi/mimo-v2.6-pro:
        prices:
        - {input_mtok: 0.435, cache_read_mtok: 0.0036, output_mtok: 0.87}
        - {from: 2026-10-18, input_mtok: 0.36975, cache_read_mtok: 0.00306, output_mtok: 0.7395}
      z-ai/glm-4.7: {input_mtok: 0.388, cache_read_mtok: 0.097, output_mtok: 1.806}
      z-ai/glm-5: {input_mtok: 0.516, cache_read_mtok: 0.129, output_mtok: 2.322}
      z-ai/glm-5.1: {input_mtok: 0.743, cache_read_mtok: 0.186, output_mtok: 2.971}
      z-ai/glm-5.2: {input_mtok: 0.495, cache_read_mtok: 0.124, output_mtok: 1.733}
      z-ai/glm-5.3: {input_mtok: 1.19, cache_read_mtok: 0.221, output_mtok: 3.74}
      z-ai/glm-5.3-flash: {input_mtok: 0.1275, cache_read_mtok: 0.0255, output_mtok: 0.425}
  aws:
    match: {or: [{contains: bedrock}, {contains: amazon}]}
    tiers: {batch: 0.5}
    models:
      "amazon.nova-2-sonic-v1:0": {match: {contains: amazon.nova-2-sonic}, input_mtok: 0.33, output_mtok: 2.75, input_audio_mtok: 3, output_audio_mtok: 12}
      "amazon.nova-lite-v1:0":
        match: {contains: amazon.nova-lite}
        prices:
        - {input_mtok: 0.06, cache_read_mtok: 0.015, output_mtok: 0.24}
        - {tier: batch, input_mtok: 0.03, output_mtok: 0.12}
      "amazon.nova-micro-v1:0":
        match: {contains: amazon.nova-micro}
        prices:
        - {input_mtok: 0.035, cache_read_mtok: 0.00875, output_mtok: 0.14}
        - {tier: batch, input_mtok: 0.0175, output_mtok: 0.07}
      "amazon.nova-premier-v1:0":
        match: {contains: amazon.nova-premier}
        prices:
        - {input_mtok: 2.5, cache_read_mtok: 0.625, output_mtok: 12.5}
        - {tier: batch, input_mtok: 1.25, output_mtok: 6.25}
        - {tier: priority, input_mtok: 4.375, cache_read_mtok: 1.09375, output_mtok: 21.875}
      "amazon.nova-pro-v1:0":
        match: {contains: amazon.nova-pro}
        prices:
        - {input_mtok: 0.8, cache_read_mtok: 0.2, output_mtok: 3.2}
        - {tier: batch, input_mtok: 0.4, output_mtok: 1.6}
        - {tier: flex, input_mtok: 0.4, cache_read_mtok: 0.1, output_mtok: 1.6}
        - {tier: priority, input_mtok: 1.4, cache_read_mtok: 0.35, output_mtok: 5.6}
      "amazon.nova-sonic-v1:0": {match: {contains: amazon.nova-sonic}, input_mtok: 0.06, output_mtok: 0.24, input_audio_mtok: 3.4, output_audio_mtok: 13.6}
      amazon.titan-embed-text-v1: {match: {or: [{ends_with: amazon.titan-embed-text}, {contains: amazon.titan-embed-text-v1}]}, input_mtok: 0.1}
      "amazon.titan-embed-text-v2:0": {match: {contains: amazon.titan-embed-text-v2}, input_mtok: 0.02}
      amazon.titan-text-express-v1: {match: {contains: titan-text-express}, input_mtok: 0.2, output_mtok: 0.6}
      amazon.titan-text-lite-v1: {match: {contains: titan-text-lite}, input_mtok: 0.15, output_mtok: 0.2}
      "deepseek.r1-v1:0": {match: {contains: deepseek.r1}, input_mtok: 1.35, output_mtok: 5.4}
      "global.amazon.nova-2-lite-v1:0":
        match: {contains: global.amazon.nova-2-lite}
        prices:
        - {input_mtok: 0.3, cache_read_mtok: 0.075, output_mtok: 2.5}
        - {tier: batch, input_mtok: 0.15, output_mtok: 1.25}
        - {tier: priority, input_mtok: 0.525, cache_read_mtok: 0.13125, output_mtok: 4.375}
      "global.anthropic.claude-fable-5-1-v1:0": {match: {or: [{ends_with: global.anthropic.claude-fable-5-1}, {contains: global.anthropic.claude-fable-5-1-v1}]}, input_mtok: 10, cache_read_mtok: 0.25, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50, web_searches_kcount: 10}
      global.anthropic.claude-fable-5-2: {match: {or: [{ends_with: global.anthropic.claude-fable-5-2}, {contains: global.anthropic.claude-fable-5-2-v1}]}, input_mtok: 8, cache_read_mtok: 0.2, cache_write_mtok: 10, cache_write_1h_mtok: 16, output_mtok: 40}
      "global.anthropic.claude-fable-5-v1:0": {match: {or: [{ends_with: global.anthropic.claude-fable-5}, {contains: global.anthropic.claude-fable-5-v1}]}, input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50, web_searches_kcount: 10}
      "global.anthropic.claude-haiku-4-5-20251001-v1:0":
        match: {contains: global.anthropic.claude-haiku-4-5-20251001}
        prices:
        - {input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, cache_write_1h_mtok: 2, output_mtok: 5}
        - {tier: batch, input_mtok: 0.5, output_mtok: 2.5}
      global.anthropic.claude-haiku-5-5: {match: {or: [{ends_with: global.anthropic.claude-haiku-5-5}, {contains: global.anthropic.claude-haiku-5-5-v1}]}, input_mtok: {0: 0.1, 100000: 0.5}, cache_read_mtok: {0: 0.01, 100000: 0.05}, cache_write_mtok: {0: 0.125, 100000: 0.625}, cache_write_1h_mtok: {0: 0.2, 100000: 1}, output_mtok: {0: 0.5, 100000: 2.5}, web_searches_kcount: 10}
      global.anthropic.claude-mythos-5-2: {match: {or: [{ends_with: global.anthropic.claude-mythos-5-2}, {contains: global.anthropic.claude-mythos-5-2-v1}]}, input_mtok: 8, cache_read_mtok: 0.2, cache_write_mtok: 10, cache_write_1h_mtok: 16, output_mtok: 40}
      "global.anthropic.claude-opus-4-5-v1:0": {match: {contains: global.anthropic.claude-opus-4-5}, input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
      "global.anthropic.claude-opus-4-6-v1:0": {match: {contains: global.anthropic.claude-opus-4-6}, input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
      "global.anthropic.claude-opus-4-7-v1:0": {match: {contains: global.anthropic.claude-opus-4-7}, input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
      "global.anthropic.claude-opus-4-8-v1:0": {match: {contains: global.anthropic.claude-opus-4-8}, input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
      global.anthropic.claude-opus-5: {match: {or: [{ends_with: global.anthropic.claude-opus-5}, {contains: global.anthropic.claude-opus-5-v1}]}, input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
      global.anthropic.claude-opus-5-5: {match: {or: [{ends_with: global.anthropic.claude-opus-5-5}, {contains: global.anthropic.claude-opus-5-5-v1}]}, input_mtok: 4, cache_read_mtok: 0.2, cache_write_mtok: 5, cache_write_1h_mtok: 8, output_mtok: 20, web_searches_kcount: 10}
      "global.anthropic.claude-sonnet-4-20250514-v1:0": {match: {contains: global.anthropic.claude-sonnet-4-20250514}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      "global.anthropic.claude-sonnet-4-5-20250929-v1:0": {match: {contains: global.anthropic.claude-sonnet-4-5-20250929}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, cache_write_1h_mtok: 6, output_mtok: 15}
      "global.anthropic.claude-sonnet-4-6-v1:0": {match: {contains: global.anthropic.claude-sonnet-4-6}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, cache_write_1h_mtok: 6, output_mtok: 15, web_searches_kcount: 10}
      global.anthropic.claude-sonnet-5-5: {match: {or: [{ends_with: global.anthropic.claude-sonnet-5-5}, {contains: global.anthropic.claude-sonnet-5-5-v1}]}, input_mtok: 2, cache_read_mtok: 0.1, cache_write_mtok: 2.5, cache_write_1h_mtok: 4, output_mtok: 10, web_searches_kcount: 10}
      "global.anthropic.claude-sonnet-5-v1:0": {match: {or: [{ends_with: global.anthropic.claude-sonnet-5}, {contains: global.anthropic.claude-sonnet-5-v1}]}, input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 2.5, cache_write_1h_mtok: 4, output_mtok: 10, web_searches_kcount: 10}
      global.moonshotai.kimi-k3:
        match: {or: [global.moonshotai.kimi-k3, {ends_with: /global.moonshotai.kimi-k3}]}
        prices:
        - {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
        - {tier: flex, input_mtok: 1.5, cache_read_mtok: 0.15, cache_write_mtok: 1.875, output_mtok: 7.5}
        - {tier: priority, input_mtok: 5.25, cache_read_mtok: 0.525, cache_write_mtok: 6.5625, output_mtok: 26.25}
      global.moonshotai.kimi-k3.1: {match: {contains: global.moonshotai.kimi-k3.1}, input_mtok: 4, cache_read_mtok: 0.2, cache_write_mtok: 5, output_mtok: 20}
      global.openai.gpt-5.6-luna: {match: {contains: global.openai.gpt-5.6-luna}, input_mtok: {0: 0.2, 272000: 0.4}, cache_read_mtok: {0: 0.02, 272000: 0.04}, cache_write_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 1.2, 272000: 1.8}}
      global.openai.gpt-5.6-sol:
        match: {contains: global.openai.gpt-5.6-sol}
        prices:
        - {input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, cache_write_mtok: {0: 6.25, 272000: 12.5}, output_mtok: {0: 30, 272000: 45}}
        - {from: 2026-08-21, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}}
      global.openai.gpt-5.6-terra: {match: {contains: global.openai.gpt-5.6-terra}, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 12, 272000: 18}}
      global.openai.gpt-6-astra:
        match: {contains: global.openai.gpt-6-astra}
        prices:
        - {input_mtok: {0: 10, 272000: 20}, cache_read_mtok: {0: 1, 272000: 2}, cache_write_mtok: {0: 12.5, 272000: 25}, output_mtok: {0: 50, 272000: 75}}
        - {tier: ultrafast, input_mtok: {0: 60, 272000: 120}, cache_read_mtok: {0: 6, 272000: 12}, cache_write_mtok: {0: 75, 272000: 150}, output_mtok: {0: 300, 272000: 450}}
      global.openai.gpt-6-luna: {match: {contains: global.openai.gpt-6-luna}, input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.5, 272000: 0.75}}
      global.openai.gpt-6-sol: {match: {contains: global.openai.gpt-6-sol}, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
      global.openai.gpt-6.1-sol:
        match: {contains: global.openai.gpt-6.1-sol}
        prices:
        - {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
        - {tier: ultrafast, input_mtok: {0: 12, 272000: 24}, cache_read_mtok: {0: 0.6, 272000: 1.2}, cache_write_mtok: {0: 15, 272000: 30}, output_mtok: {0: 60, 272000: 90}}
      global.openai.gpt-6.1-terra: {match: {contains: global.openai.gpt-6.1-terra}, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.05, 272000: 0.1}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}}
      global.zai.glm-5.3:
        match: {or: [global.zai.glm-5.3, {ends_with: /global.zai.glm-5.3}]}
        prices:
        - {input_mtok: 1.68, cache_read_mtok: 0.312, cache_write_mtok: 2.1, output_mtok: 5.28}
        - {tier: batch, input_mtok: 0.84, cache_read_mtok: 0.156, cache_write_mtok: 1.05, output_mtok: 2.64}
        - {tier: flex, input_mtok: 0.84, cache_read_mtok: 0.156, cache_write_mtok: 1.05, output_mtok: 2.64}
        - {tier: priority, input_mtok: 2.94, cache_read_mtok: 0.546, cache_write_mtok: 3.675, output_mtok: 9.24}
      google.gemma-3-12b-it:
        match: {contains: google.gemma-3-12b-it}
        prices:
        - {input_mtok: 0.09, output_mtok: 0.29}
        - {tier: batch, input_mtok: 0.05, output_mtok: 0.15}
        - {tier: flex, input_mtok: 0.05, output_mtok: 0.15}
        - {tier: priority, input_mtok: 0.16, output_mtok: 0.51}
      google.gemma-3-27b-it:
        match: {contains: google.gemma-3-27b-it}
        prices:
        - {input_mtok: 0.23, output_mtok: 0.38}
        - {tier: batch, input_mtok: 0.12, output_mtok: 0.19}
        - {tier: flex, input_mtok: 0.12, output_mtok: 0.19}
        - {tier: priority, input_mtok: 0.4, output_mtok: 0.67}
      google.gemma-3-4b-it:
        match: {contains: google.gemma-3-4b-it}
        prices:
        - {input_mtok: 0.04, output_mtok: 0.08}
        - {tier: batch, input_mtok: 0.02, output_mtok: 0.04}
        - {tier: flex, input_mtok: 0.02, output_mtok: 0.04}
        - {tier: priority, input_mtok: 0.07, output_mtok: 0.14}
      "meta.llama3-1-70b-instruct-v1:0":
        match: {contains: meta.llama3-1-70b-instruct}
        prices:
        - {input_mtok: 0.72, output_mtok: 0.72}
        - {tier: batch, input_mtok: 0.36, output_mtok: 0.36}
      "meta.llama3-1-8b-instruct-v1:0":
        match: {contains: meta.llama3-1-8b-instruct}
        prices:
        - {input_mtok: 0.22, output_mtok: 0.22}
        - {tier: batch, input_mtok: 0.11, output_mtok: 0.11}
      "meta.llama3-2-11b-instruct-v1:0": {match: {contains: meta.llama3-2-11b-instruct}, input_mtok: 0.16, output_mtok: 0.16}
      "meta.llama3-2-1b-instruct-v1:0": {match: {contains: meta.llama3-2-1b-instruct}, input_mtok: 0.1, output_mtok: 0.1}
      "meta.llama3-2-3b-instruct-v1:0": {match: {contains: meta.llama3-2-3b-instruct}, input_mtok: 0.15, output_mtok: 0.15}
      "meta.llama3-2-90b-instruct-v1:0": {match: {contains: meta.llama3-2-90b-instruct}, input_mtok: 0.72, output_mtok: 0.72}
      "meta.llama3-3-70b-instruct-v1:0":
        match: {contains: meta.llama3-3-70b-instruct}
        prices:
        - {input_mtok: 0.72, output_mtok: 0.72}
        - {tier: batch, input_mtok: 0.36, output_mtok: 0.36}
      "meta.llama3-70b-instruct-v1:0": {match: {contains: meta.llama3-70b-instruct}, input_mtok: 2.65, output_mtok: 3.5}
      "meta.llama3-8b-instruct-v1:0": {match: {contains: meta.llama3-8b-instruct}, input_mtok: 0.3, output_mtok: 0.6}
      "meta.llama4-maverick-17b-instruct-v1:0":
        match: {contains: meta.llama4-maverick-17b-instruct}
        prices:
        - {input_mtok: 0.24, output_mtok: 0.97}
        - {tier: batch, input_mtok: 0.12, output_mtok: 0.485}
      "meta.llama4-scout-17b-instruct-v1:0":
        match: {contains: meta.llama4-scout-17b-instruct}
        prices:
        - {input_mtok: 0.17, output_mtok: 0.66}
        - {tier: batch, input_mtok: 0.085, output_mtok: 0.33}
      mistral.devstral-2-123b:
        match: {contains: mistral.devstral-2-123b}
        prices:
        - {input_mtok: 0.4, output_mtok: 2}
        - {tier: batch, input_mtok: 0.2, output_mtok: 1}
        - {tier: flex, input_mtok: 0.2, output_mtok: 1}
        - {tier: priority, input_mtok: 0.7, output_mtok: 3.5}
      mistral.magistral-small-2509:
        match: {contains: mistral.magistral-small-2509}
        prices:
        - {input_mtok: 0.5, output_mtok: 1.5}
        - {tier: batch, input_mtok: 0.25, output_mtok: 0.75}
        - {tier: flex, input_mtok: 0.25, output_mtok: 0.75}
        - {tier: priority, input_mtok: 0.88, output_mtok: 2.63}
      mistral.ministral-3-14b-instruct:
        match: {contains: mistral.ministral-3-14b-instruct}
        prices:
        - {input_mtok: 0.2, output_mtok: 0.2}
        - {tier: batch, input_mtok: 0.1, output_mtok: 0.1}
        - {tier: flex, input_mtok: 0.1, output_mtok: 0.1}
        - {tier: priority, input_mtok: 0.35, output_mtok: 0.35}
      mistral.ministral-3-3b-instruct:
        match: {contains: mistral.ministral-3-3b-instruct}
        prices:
        - {input_mtok: 0.1, output_mtok: 0.1}
        - {tier: batch, input_mtok: 0.05, output_mtok: 0.05}
        - {tier: flex, input_mtok: 0.05, output_mtok: 0.05}
        - {tier: priority, input_mtok: 0.17, output_mtok: 0.17}
      mistral.ministral-3-8b-instruct:
        match: {contains: mistral.ministral-3-8b-instruct}
        prices:
        - {input_mtok: 0.15, output_mtok: 0.15}
        - {tier: batch, input_mtok: 0.07, output_mtok: 0.07}
        - {tier: flex, input_mtok: 0.07, output_mtok: 0.07}
        - {tier: priority, input_mtok: 0.26, output_mtok: 0.26}
      "mistral.mistral-7b-instruct-v0:2": {match: {contains: mistral.mistral-7b-instruct-v0}, input_mtok: 0.15, output_mtok: 0.2}
      "mistral.mistral-large-2402-v1:0": {match: {contains: mistral.mistral-large-2402}, input_mtok: 4, output_mtok: 12}
      mistral.mistral-large-3-675b-instruct:
        match: {contains: mistral.mistral-large-3-675b-instruct}
        prices:
        - {input_mtok: 0.5, output_mtok: 1.5}
        - {tier: batch, input_mtok: 0.25, output_mtok: 0.75}
        - {tier: flex, input_mtok: 0.25, output_mtok: 0.75}
        - {tier: priority, input_mtok: 0.88, output_mtok: 2.63}
      "mistral.mistral-small-2402-v1:0":
        match: {contains: mistral.mistral-small-2402}
        prices:
        - {input_mtok: 1, output_mtok: 3}
        - {tier: batch, input_mtok: 0.5, output_mtok: 1.5}
      "mistral.mixtral-8x7b-instruct-v0:1": {match: {contains: mistral.mixtral-8x7b-instruct-v0}, input_mtok: 0.45, output_mtok: 0.7}
      "mistral.pixtral-large-2502-v1:0": {match: {contains: mistral.pixtral-large-2502}, input_mtok: 2, output_mtok: 6}
      mistral.voxtral-mini-3b-2507:
        match: {contains: mistral.voxtral-mini-3b-2507}
        prices:
        - {input_mtok: 0.04, output_mtok: 0.04}
        - {tier: batch, input_mtok: 0.02, output_mtok: 0.02}
        - {tier: flex, input_mtok: 0.02, output_mtok: 0.02}
        - {tier: priority, input_mtok: 0.07, output_mtok: 0.07}
      mistral.voxtral-small-24b-2507:
        match: {contains: mistral.voxtral-small-24b-2507}
        prices:
        - {input_mtok: 0.1, output_mtok: 0.3}
        - {tier: batch, input_mtok: 0.05, output_mtok: 0.15}
        - {tier: flex, input_mtok: 0.05, output_mtok: 0.15}
        - {tier: priority, input_mtok: 0.17, output_mtok: 0.52}
      "nvidia.nemotron-nano-3-30b:0":
        match: {contains: nvidia.nemotron-nano-3-30b}
        prices:
        - {input_mtok: 0.06, output_mtok: 0.24}
        - {tier: batch, input_mtok: 0.03, output_mtok: 0.12}
        - {tier: flex, input_mtok: 0.03, output_mtok: 0.12}
        - {tier: priority, input_mtok: 0.11, output_mtok: 0.42}
      "nvidia.nemotron-nano-9b-v2:0":
        match: {contains: nvidia.nemotron-nano-9b-v2}
        prices:
        - {input_mtok: 0.06, output_mtok: 0.23}
        - {tier: batch, input_mtok: 0.03, output_mtok: 0.12}
        - {tier: flex, input_mtok: 0.03, output_mtok: 0.12}
        - {tier: priority, input_mtok: 0.11, output_mtok: 0.4}
      "nvidia.nemotron-super-3-120b:0":
        match: {contains: nvidia.nemotron-super-3-120b}
        prices:
        - {input_mtok: 0.15, output_mtok: 0.65}
        - {tier: batch, input_mtok: 0.075, output_mtok: 0.325}
        - {tier: flex, input_mtok: 0.075, output_mtok: 0.325}
        - {tier: priority, input_mtok: 0.2625, output_mtok: 1.1375}
      openai.gpt-5.4: {input_mtok: 2.75, cache_read_mtok: 0.275, output_mtok: 16.5}
      openai.gpt-5.5: {input_mtok: 5.5, cache_read_mtok: 0.55, output_mtok: 33}
      "openai.gpt-oss-120b-1:0":
        match: {contains: openai.gpt-oss-120b-1}
        prices:
        - {input_mtok: 0.15, output_mtok: 0.6}
        - {tier: batch, input_mtok: 0.075, output_mtok: 0.3}
        - {tier: flex, input_mtok: 0.075, output_mtok: 0.3}
        - {tier: priority, input_mtok: 0.2625, output_mtok: 1.05}
      "openai.gpt-oss-20b-1:0":
        match: {contains: openai.gpt-oss-20b-1}
        prices:
        - {input_mtok: 0.07, output_mtok: 0.3}
        - {tier: batch, input_mtok: 0.035, output_mtok: 0.15}
        - {tier: flex, input_mtok: 0.035, output_mtok: 0.15}
        - {tier: priority, input_mtok: 0.1225, output_mtok: 0.525}
      "qwen.qwen3-32b-v1:0":
        match: {contains: qwen.qwen3-32b}
        prices:
        - {input_mtok: 0.15, output_mtok: 0.6}
        - {tier: batch, input_mtok: 0.075, output_mtok: 0.3}
        - {tier: flex, input_mtok: 0.075, output_mtok: 0.3}
        - {tier: priority, input_mtok: 0.2625, output_mtok: 1.05}
      "qwen.qwen3-coder-30b-a3b-v1:0":
        match: {contains: qwen.qwen3-coder-30b-a3b}
        prices:
        - {input_mtok: 0.15, output_mtok: 0.6}
        - {tier: batch, input_mtok: 0.075, output_mtok: 0.3}
        - {tier: priority, input_mtok: 0.2625, output_mtok: 1.05}
      "qwen.qwen3-coder-480b-a35b-v1:0": {match: {contains: qwen.qwen3-coder-480b-a35b}, input_mtok: 0.45, output_mtok: 1.8}
      "qwen.qwen3-vl-235b-a22b-v1:0":
        match: {contains: qwen.qwen3-vl-235b-a22b}
        prices:
        - {input_mtok: 0.53, output_mtok: 2.66}
        - {tier: batch, input_mtok: 0.26, output_mtok: 1.33}
        - {tier: priority, input_mtok: 0.93, output_mtok: 4.66}
      "regional.amazon.nova-2-lite-v1:0":
        match: {or: [{contains: us.amazon.nova-2-lite}, {contains: eu.amazon.nova-2-lite}, {contains: jp.amazon.nova-2-lite}]}
        prices:
        - {input_mtok: 0.33, cache_read_mtok: 0.0825, output_mtok: 2.75}
        - {tier: batch, input_mtok: 0.165, output_mtok: 1.375}
        - {tier: flex, input_mtok: 0.165, cache_read_mtok: 0.04125, output_mtok: 1.375}
        - {tier: priority, input_mtok: 0.5775, cache_read_mtok: 0.144375, output_mtok: 4.8125}
      "regional.anthropic.claude-3-5-haiku-20241022-v1:0": {match: {contains: claude-3-5-haiku-20241022}, input_mtok: 0.8, cache_read_mtok: 0.08, cache_write_mtok: 1, output_mtok: 4}
      "regional.anthropic.claude-3-5-sonnet-20240620-v1:0": {match: {contains: claude-3-5-sonnet-20240620}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      "regional.anthropic.claude-3-5-sonnet-20241022-v2:0": {match: {contains: claude-3-5-sonnet-20241022}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      "regional.anthropic.claude-3-7-sonnet-20250219-v1:0": {match: {contains: claude-3-7-sonnet-20250219}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      "regional.anthropic.claude-3-haiku-20240307-v1:0": {match: {contains: claude-3-haiku-20240307}, input_mtok: 0.25, output_mtok: 1.25}
      "regional.anthropic.claude-3-opus-20240229-v1:0": {match: {contains: claude-3-opus-20240229}, input_mtok: 15, output_mtok: 75}
      "regional.anthropic.claude-3-sonnet-20240229-v1:0": {match: {contains: claude-3-sonnet-20240229}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      "regional.anthropic.claude-fable-5-1-v1:0": {match: {or: [anthropic.claude-fable-5-1, claude-fable-5-1, {starts_with: anthropic.claude-fable-5-1-v1}, {starts_with: claude-fable-5-1-v1}, us.anthropic.claude-fable-5-1, {contains: us.anthropic.claude-fable-5-1-v1}]}, input_mtok: 11, cache_read_mtok: 0.275, cache_write_mtok: 13.75, cache_write_1h_mtok: 22, output_mtok: 55, web_searches_kcount: 10}
      regional.anthropic.claude-fable-5-2: {match: {or: [anthropic.claude-fable-5-2, claude-fable-5-2, {starts_with: anthropic.claude-fable-5-2-v1}, {starts_with: claude-fable-5-2-v1}, us.anthropic.claude-fable-5-2, eu.anthropic.claude-fable-5-2, {contains: us.anthropic.claude-fable-5-2-v1}, {contains: eu.anthropic.claude-fable-5-2-v1}]}, input_mtok: 8.8, cache_read_mtok: 0.22, cache_write_mtok: 11, cache_write_1h_mtok: 17.6, output_mtok: 44}
      "regional.anthropic.claude-fable-5-v1:0": {match: {or: [anthropic.claude-fable-5, claude-fable-5, {starts_with: anthropic.claude-fable-5-v1}, {starts_with: claude-fable-5-v1}, us.anthropic.claude-fable-5, au.anthropic.claude-fable-5, eu.anthropic.claude-fable-5, {contains: us.anthropic.claude-fable-5-v1}, {contains: au.anthropic.claude-fable-5-v1}, {contains: eu.anthropic.claude-fable-5-v1}, {contains: jp.anthropic.claude-fable-5-v1}]}, input_mtok: 11, cache_read_mtok: 1.1, cache_write_mtok: 13.75, cache_write_1h_mtok: 22, output_mtok: 55, web_searches_kcount: 10}
      "regional.anthropic.claude-haiku-4-5-20251001-v1:0":
        match: {or: [{starts_with: anthropic.claude-haiku-4-5-20251001}, {starts_with: claude-haiku-4-5-20251001}, {contains: us.anthropic.claude-haiku-4-5-20251001}, {contains: au.anthropic.claude-haiku-4-5-20251001}, {contains: apac.anthropic.claude-haiku-4-5-20251001}, {contains: eu.anthropic.claude-haiku-4-5-20251001}, {contains: us-gov.anthropic.claude-haiku-4-5-20251001}, {contains: jp.anthropic.claude-haiku-4-5-20251001}, {contains: in.anthropic.claude-haiku-4-5-20251001}]}
        prices:
        - {input_mtok: 1.1, cache_read_mtok: 0.11, cache_write_mtok: 1.375, cache_write_1h_mtok: 2.2, output_mtok: 5.5}
        - {tier: batch, input_mtok: 0.55, output_mtok: 2.75}
      regional.anthropic.claude-haiku-5-5: {match: {or: [anthropic.claude-haiku-5-5, claude-haiku-5-5, {starts_with: anthropic.claude-haiku-5-5-v1}, {starts_with: claude-haiku-5-5-v1}, us.anthropic.claude-haiku-5-5, au.anthropic.claude-haiku-5-5, apac.anthropic.claude-haiku-5-5, eu.anthropic.claude-haiku-5-5, us-gov.anthropic.claude-haiku-5-5, jp.anthropic.claude-haiku-5-5, {contains: us.anthropic.claude-haiku-5-5-v1}, {contains: au.anthropic.claude-haiku-5-5-v1}, {contains: apac.anthropic.claude-haiku-5-5-v1}, {contains: eu.anthropic.claude-haiku-5-5-v1}, {contains: us-gov.anthropic.claude-haiku-5-5-v1}, {contains: jp.anthropic.claude-haiku-5-5-v1}]}, input_mtok: {0: 0.11, 100000: 0.55}, cache_read_mtok: {0: 0.011, 100000: 0.055}, cache_write_mtok: {0: 0.1375, 100000: 0.6875}, cache_write_1h_mtok: {0: 0.22, 100000: 1.1}, output_mtok: {0: 0.55, 100000: 2.75}, web_searches_kcount: 10}
      regional.anthropic.claude-mythos-5-2: {match: {or: [anthropic.claude-mythos-5-2, claude-mythos-5-2, {starts_with: anthropic.claude-mythos-5-2-v1}, {starts_with: claude-mythos-5-2-v1}, us.anthropic.claude-mythos-5-2, eu.anthropic.claude-mythos-5-2, {contains: us.anthropic.claude-mythos-5-2-v1}, {contains: eu.anthropic.claude-mythos-5-2-v1}]}, input_mtok: 8.8, cache_read_mtok: 0.22, cache_write_mtok: 11, cache_write_1h_mtok: 17.6, output_mtok: 44}
      "regional.anthropic.claude-opus-4-1-20250805-v1:0": {match: {or: [{starts_with: anthropic.claude-opus-4-1-20250805}, {starts_with: claude-opus-4-1-20250805}, {contains: us.anthropic.claude-opus-4-1-20250805}, {contains: au.anthropic.claude-opus-4-1-20250805}, {contains: apac.anthropic.claude-opus-4-1-20250805}, {contains: eu.anthropic.claude-opus-4-1-20250805}, {contains: us-gov.anthropic.claude-opus-4-1-20250805}, {contains: jp.anthropic.claude-opus-4-1-20250805}]}, input_mtok: 15, cache_read_mtok: 1.5, cache_write_mtok: 18.75, output_mtok: 75, web_searches_kcount: 10}
      "regional.anthropic.claude-opus-4-20250514-v1:0": {match: {or: [{starts_with: anthropic.claude-opus-4-20250514}, {starts_with: claude-opus-4-20250514}, {contains: us.anthropic.claude-opus-4-20250514}, {contains: au.anthropic.claude-opus-4-20250514}, {contains: apac.anthropic.claude-opus-4-20250514}, {contains: eu.anthropic.claude-opus-4-20250514}, {contains: us-gov.anthropic.claude-opus-4-20250514}, {contains: jp.anthropic.claude-opus-4-20250514}]}, input_mtok: 15, cache_read_mtok: 1.5, cache_write_mtok: 18.75, output_mtok: 75, web_searches_kcount: 10}
      "regional.anthropic.claude-opus-4-5-v1:0": {match: {or: [{starts_with: anthropic.claude-opus-4-5}, {starts_with: claude-opus-4-5}, {contains: us.anthropic.claude-opus-4-5}, {contains: au.anthropic.claude-opus-4-5}, {contains: apac.anthropic.claude-opus-4-5}, {contains: eu.anthropic.claude-opus-4-5}, {contains: us-gov.anthropic.claude-opus-4-5}, {contains: jp.anthropic.claude-opus-4-5}]}, input_mtok: 5.5, cache_read_mtok: 0.55, cache_write_mtok: 6.875, cache_write_1h_mtok: 11, output_mtok: 27.5, web_searches_kcount: 10}
      "regional.anthropic.claude-opus-4-6-v1:0": {match: {or: [{starts_with: anthropic.claude-opus-4-6}, {starts_with: claude-opus-4-6}, {contains: us.anthropic.claude-opus-4-6}, {contains: au.anthropic.claude-opus-4-6}, {contains: apac.anthropic.claude-opus-4-6}, {contains: eu.anthropic.claude-opus-4-6}, {contains: us-gov.anthropic.claude-opus-4-6}, {contains: jp.anthropic.claude-opus-4-6}]}, input_mtok: 5.5, cache_read_mtok: 0.55, cache_write_mtok: 6.875, cache_write_1h_mtok: 11, output_mtok: 27.5, web_searches_kcount: 10}
      "regional.anthropic.claude-opus-4-7-v1:0": {match: {or: [{starts_with: anthropic.claude-opus-4-7}, {starts_with: claude-opus-4-7}, {contains: us.anthropic.claude-opus-4-7}, {contains: au.anthropic.claude-opus-4-7}, {contains: apac.anthropic.claude-opus-4-7}, {contains: eu.anthropic.claude-opus-4-7}, {contains: us-gov.anthropic.claude-opus-4-7}, {contains: jp.anthropic.claude-opus-4-7}]}, input_mtok: 5.5, cache_read_mtok: 0.55, cache_write_mtok: 6.875, cache_write_1h_mtok: 11, output_mtok: 27.5, web_searches_kcount: 10}
      "regional.anthropic.claude-opus-4-8-v1:0": {match: {or: [{starts_with: anthropic.claude-opus-4-8}, {starts_with: claude-opus-4-8}, {contains: us.anthropic.claude-opus-4-8}, {contains: au.anthropic.claude-opus-4-8}, {contains: eu.anthropic.claude-opus-4-8}, {contains: jp.anthropic.claude-opus-4-8}]}, input_mtok: 5.5, cache_read_mtok: 0.55, cache_write_mtok: 6.875, cache_write_1h_mtok: 11, output_mtok: 27.5, web_searches_kcount: 10}
      regional.anthropic.claude-opus-5: {match: {or: [anthropic.claude-opus-5, claude-opus-5, {starts_with: anthropic.claude-opus-5-v1}, {starts_with: claude-opus-5-v1}, us.anthropic.claude-opus-5, au.anthropic.claude-opus-5, eu.anthropic.claude-opus-5, jp.anthropic.claude-opus-5, in.anthropic.claude-opus-5, {contains: us.anthropic.claude-opus-5-v1}, {contains: au.anthropic.claude-opus-5-v1}, {contains: eu.anthropic.claude-opus-5-v1}, {contains: jp.anthropic.claude-opus-5-v1}, {contains: in.anthropic.claude-opus-5-v1}]}, input_mtok: 5.5, cache_read_mtok: 0.55, cache_write_mtok: 6.875, cache_write_1h_mtok: 11, output_mtok: 27.5, web_searches_kcount: 10}
      regional.anthropic.claude-opus-5-5: {match: {or: [anthropic.claude-opus-5-5, claude-opus-5-5, {starts_with: anthropic.claude-opus-5-5-v1}, {starts_with: claude-opus-5-5-v1}, us.anthropic.claude-opus-5-5, au.anthropic.claude-opus-5-5, eu.anthropic.claude-opus-5-5, jp.anthropic.claude-opus-5-5, {contains: us.anthropic.claude-opus-5-5-v1}, {contains: au.anthropic.claude-opus-5-5-v1}, {contains: eu.anthropic.claude-opus-5-5-v1}, {contains: jp.anthropic.claude-opus-5-5-v1}]}, input_mtok: 4.4, cache_read_mtok: 0.22, cache_write_mtok: 5.5, cache_write_1h_mtok: 8.8, output_mtok: 22, web_searches_kcount: 10}
      "regional.anthropic.claude-sonnet-4-20250514-v1:0": {match: {or: [{starts_with: anthropic.claude-sonnet-4-20250514}, {starts_with: claude-sonnet-4-20250514}, {contains: us.anthropic.claude-sonnet-4-20250514}, {contains: au.anthropic.claude-sonnet-4-20250514}, {contains: apac.anthropic.claude-sonnet-4-20250514}, {contains: eu.anthropic.claude-sonnet-4-20250514}, {contains: us-gov.anthropic.claude-sonnet-4-20250514}, {contains: jp.anthropic.claude-sonnet-4-20250514}]}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      "regional.anthropic.claude-sonnet-4-5-20250929-v1:0": {match: {or: [{starts_with: anthropic.claude-sonnet-4-5-20250929}, {starts_with: claude-sonnet-4-5-20250929}, {contains: us.anthropic.claude-sonnet-4-5-20250929}, {contains: au.anthropic.claude-sonnet-4-5-20250929}, {contains: apac.anthropic.claude-sonnet-4-5-20250929}, {contains: eu.anthropic.claude-sonnet-4-5-20250929}, {contains: us-gov.anthropic.claude-sonnet-4-5-20250929}, {contains: jp.anthropic.claude-sonnet-4-5-20250929}]}, input_mtok: 3.3, cache_read_mtok: 0.33, cache_write_mtok: 4.125, cache_write_1h_mtok: 6.6, output_mtok: 16.5}
      "regional.anthropic.claude-sonnet-4-6-v1:0": {match: {or: [{starts_with: anthropic.claude-sonnet-4-6}, {starts_with: claude-sonnet-4-6}, {contains: us.anthropic.claude-sonnet-4-6}, {contains: au.anthropic.claude-sonnet-4-6}, {contains: apac.anthropic.claude-sonnet-4-6}, {contains: eu.anthropic.claude-sonnet-4-6}, {contains: us-gov.anthropic.claude-sonnet-4-6}, {contains: jp.anthropic.claude-sonnet-4-6}]}, input_mtok: 3.3, cache_read_mtok: 0.33, cache_write_mtok: 4.125, cache_write_1h_mtok: 6.6, output_mtok: 16.5, web_searches_kcount: 10}
      regional.anthropic.claude-sonnet-5-5: {match: {or: [anthropic.claude-sonnet-5-5, claude-sonnet-5-5, {starts_with: anthropic.claude-sonnet-5-5-v1}, {starts_with: claude-sonnet-5-5-v1}, us.anthropic.claude-sonnet-5-5, au.anthropic.claude-sonnet-5-5, apac.anthropic.claude-sonnet-5-5, eu.anthropic.claude-sonnet-5-5, us-gov.anthropic.claude-sonnet-5-5, jp.anthropic.claude-sonnet-5-5, {contains: us.anthropic.claude-sonnet-5-5-v1}, {contains: au.anthropic.claude-sonnet-5-5-v1}, {contains: apac.anthropic.claude-sonnet-5-5-v1}, {contains: eu.anthropic.claude-sonnet-5-5-v1}, {contains: us-gov.anthropic.claude-sonnet-5-5-v1}, {contains: jp.anthropic.claude-sonnet-5-5-v1}]}, input_mtok: 2.2, cache_read_mtok: 0.11, cache_write_mtok: 2.75, cache_write_1h_mtok: 4.4, output_mtok: 11, web_searches_kcount: 10}
      "regional.anthropic.claude-sonnet-5-v1:0": {match: {or: [anthropic.claude-sonnet-5, claude-sonnet-5, {starts_with: anthropic.claude-sonnet-5-v1}, {starts_with: claude-sonnet-5-v1}, us.anthropic.claude-sonnet-5, au.anthropic.claude-sonnet-5, apac.anthropic.claude-sonnet-5, eu.anthropic.claude-sonnet-5, us-gov.anthropic.claude-sonnet-5, jp.anthropic.claude-sonnet-5, in.anthropic.claude-sonnet-5, {contains: us.anthropic.claude-sonnet-5-v1}, {contains: au.anthropic.claude-sonnet-5-v1}, {contains: apac.anthropic.claude-sonnet-5-v1}, {contains: eu.anthropic.claude-sonnet-5-v1}, {contains: us-gov.anthropic.claude-sonnet-5-v1}, {contains: jp.anthropic.claude-sonnet-5-v1}, {contains: in.anthropic.claude-sonnet-5-v1}]}, input_mtok: 2.2, cache_read_mtok: 0.22, cache_write_mtok: 2.75, cache_write_1h_mtok: 4.4, output_mtok: 11, web_searches_kcount: 10}
      regional.moonshotai.kimi-k3:
        match: {or: [us.moonshotai.kimi-k3, in.moonshotai.kimi-k3, {ends_with: /us.moonshotai.kimi-k3}, {ends_with: /in.moonshotai.kimi-k3}, moonshotai.kimi-k3]}
        prices:
        - {input_mtok: 3.3, cache_read_mtok: 0.33, cache_write_mtok: 4.125, output_mtok: 16.5}
        - {tier: flex, input_mtok: 1.65, cache_read_mtok: 0.165, cache_write_mtok: 2.0625, output_mtok: 8.25}
        - {tier: priority, input_mtok: 5.775, cache_read_mtok: 0.5775, cache_write_mtok: 7.21875, output_mtok: 28.875}
      regional.moonshotai.kimi-k3.1: {match: {or: [{contains: us.moonshotai.kimi-k3.1}, {contains: in.moonshotai.kimi-k3.1}]}, input_mtok: 4.4, cache_read_mtok: 0.22, cache_write_mtok: 5.5, output_mtok: 22}
      regional.openai.gpt-5.6-luna:
        match: {or: [{starts_with: openai.gpt-5.6-luna}, {starts_with: gpt-5.6-luna}, {contains: us.openai.gpt-5.6-luna}, {contains: in.openai.gpt-5.6-luna}]}
        prices:
        - {input_mtok: 1.1, cache_read_mtok: 0.11, cache_write_mtok: 1.375, output_mtok: 6.6}
        - {from: 2026-07-30, input_mtok: {0: 0.22, 272000: 0.44}, cache_read_mtok: {0: 0.022, 272000: 0.044}, cache_write_mtok: {0: 0.275, 272000: 0.55}, output_mtok: {0: 1.32, 272000: 1.98}, web_searches_kcount: 12}
      regional.openai.gpt-5.6-sol:
        match: {or: [{starts_with: openai.gpt-5.6-sol}, {starts_with: gpt-5.6-sol}, {contains: us.openai.gpt-5.6-sol}]}
        prices:
        - {input_mtok: {0: 5.5, 272000: 11}, cache_read_mtok: {0: 0.55, 272000: 1.1}, cache_write_mtok: {0: 6.875, 272000: 13.75}, output_mtok: {0: 33, 272000: 49.5}}
        - {from: 2026-08-21, input_mtok: {0: 4.4, 272000: 8.8}, cache_read_mtok: {0: 0.44, 272000: 0.88}, cache_write_mtok: {0: 5.5, 272000: 11}, output_mtok: {0: 22, 272000: 33}, web_searches_kcount: 12}
      regional.openai.gpt-5.6-terra:
        match: {or: [{starts_with: openai.gpt-5.6-terra}, {starts_with: gpt-5.6-terra}, {contains: us.openai.gpt-5.6-terra}, {contains: in.openai.gpt-5.6-terra}]}
        prices:
        - {input_mtok: 2.75, cache_read_mtok: 0.275, cache_write_mtok: 3.4375, output_mtok: 16.5}
        - {from: 2026-07-30, input_mtok: {0: 2.2, 272000: 4.4}, cache_read_mtok: {0: 0.22, 272000: 0.44}, cache_write_mtok: {0: 2.75, 272000: 5.5}, output_mtok: {0: 13.2, 272000: 19.8}, web_searches_kcount: 12}
      regional.openai.gpt-6-astra:
        match: {or: [{starts_with: openai.gpt-6-astra}, {starts_with: gpt-6-astra}, {contains: us.openai.gpt-6-astra}]}
        prices:
        - {input_mtok: {0: 11, 272000: 22}, cache_read_mtok: {0: 1.1, 272000: 2.2}, cache_write_mtok: {0: 13.75, 272000: 27.5}, output_mtok: {0: 55, 272000: 82.5}}
        - {tier: ultrafast, input_mtok: {0: 66, 272000: 132}, cache_read_mtok: {0: 6.6, 272000: 13.2}, cache_write_mtok: {0: 82.5, 272000: 165}, output_mtok: {0: 330, 272000: 495}}
      regional.openai.gpt-6-luna: {match: {or: [{starts_with: openai.gpt-6-luna}, {starts_with: gpt-6-luna}, {contains: us.openai.gpt-6-luna}, {contains: in.openai.gpt-6-luna}]}, input_mtok: {0: 0.11, 272000: 0.22}, cache_read_mtok: {0: 0.011, 272000: 0.022}, cache_write_mtok: {0: 0.1375, 272000: 0.275}, output_mtok: {0: 0.55, 272000: 0.825}}
      regional.openai.gpt-6-sol: {match: {or: [{starts_with: openai.gpt-6-sol}, {starts_with: gpt-6-sol}, {contains: us.openai.gpt-6-sol}, {contains: in.openai.gpt-6-sol}]}, input_mtok: {0: 2.2, 272000: 4.4}, cache_read_mtok: {0: 0.22, 272000: 0.44}, cache_write_mtok: {0: 2.75, 272000: 5.5}, output_mtok: {0: 11, 272000: 16.5}}
      regional.openai.gpt-6.1-sol:
        match: {or: [{starts_with: openai.gpt-6.1-sol}, {starts_with: gpt-6.1-sol}, {contains: us.openai.gpt-6.1-sol}]}
        prices:
        - {input_mtok: {0: 2.2, 272000: 4.4}, cache_read_mtok: {0: 0.11, 272000: 0.22}, cache_write_mtok: {0: 2.75, 272000: 5.5}, output_mtok: {0: 11, 272000: 16.5}}
        - {tier: ultrafast, input_mtok: {0: 13.2, 272000: 26.4}, cache_read_mtok: {0: 0.66, 272000: 1.32}, cache_write_mtok: {0: 16.5, 272000: 33}, output_mtok: {0: 66, 272000: 99}}
      regional.openai.gpt-6.1-terra: {match: {or: [{starts_with: openai.gpt-6.1-terra}, {starts_with: gpt-6.1-terra}, {contains: us.openai.gpt-6.1-terra}]}, input_mtok: {0: 1.1, 272000: 2.2}, cache_read_mtok: {0: 0.055, 272000: 0.11}, cache_write_mtok: {0: 1.375, 272000: 2.75}, output_mtok: {0: 5.5, 272000: 8.25}}
      regional.zai.glm-5.3:
        match: {or: [us.zai.glm-5.3, {ends_with: /us.zai.glm-5.3}]}
        prices:
        - {input_mtok: 1.848, cache_read_mtok: 0.3432, cache_write_mtok: 2.31, output_mtok: 5.808}
        - {tier: batch, input_mtok: 0.924, cache_read_mtok: 0.1716, cache_write_mtok: 1.155, output_mtok: 2.904}
        - {tier: flex, input_mtok: 0.924, cache_read_mtok: 0.1716, cache_write_mtok: 1.155, output_mtok: 2.904}
        - {tier: priority, input_mtok: 3.234, cache_read_mtok: 0.6006, cache_write_mtok: 4.0425, output_mtok: 10.164}
      "writer.palmyra-x4-v1:0": {match: {contains: writer.palmyra-x4}, input_mtok: 2.5, output_mtok: 10}
      "writer.palmyra-x5-v1:0": {match: {contains: writer.palmyra-x5}, input_mtok: 0.6, output_mtok: 6}
      "1024-x-1024/50-steps/bedrock/amazon.nova-canvas-v1:0": {images_kcount: 60}
      1024-x-1024/50-steps/stability.stable-diffusion-xl-v1: {images_kcount: 40}
      1024-x-1024/max-steps/stability.stable-diffusion-xl-v1: {images_kcount: 80}
      512-x-512/50-steps/stability.stable-diffusion-xl-v0: {images_kcount: 18}
      512-x-512/max-steps/stability.stable-diffusion-xl-v0: {images_kcount: 36}
      ai21.j2-mid-v1: {input_mtok: 12.5, output_mtok: 12.5}
      ai21.j2-ultra-v1: {input_mtok: 18.8, output_mtok: 18.8}
      "ai21.jamba-1-5-large-v1:0": {input_mtok: 2, output_mtok: 8}
      "ai21.jamba-1-5-mini-v1:0": {input_mtok: 0.2, output_mtok: 0.4}
      "ai21.jamba-instruct-v1:0": {input_mtok: 0.5, output_mtok: 0.7}
      "amazon.nova-canvas-v1:0": {images_kcount: 60}
      "us.amazon.nova-canvas-v1:0": {images_kcount: 60}
      writer.palmyra-vision-7b:
        prices:
        - {input_mtok: 0.15, output_mtok: 0.6}
        - {tier: batch, input_mtok: 0.075, output_mtok: 0.3}
        - {tier: flex, input_mtok: 0.075, output_mtok: 0.3}
        - {tier: priority, input_mtok: 0.2625, output_mtok: 1.05}
      "amazon.nova-2-lite-v1:0":
        prices:
        - {input_mtok: 0.3, cache_read_mtok: 0.075, output_mtok: 2.5}
        - {tier: batch, input_mtok: 0.15, output_mtok: 1.25}
        - {tier: priority, input_mtok: 0.525, cache_read_mtok: 0.13125, output_mtok: 4.375}
      "amazon.nova-2-pro-preview-20251202-v1:0":
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.3125, output_mtok: 10}
        - {tier: batch, input_mtok: 0.625, output_mtok: 5}
        - {tier: priority, input_mtok: 2.1875, output_mtok: 17.5}
      "apac.amazon.nova-2-lite-v1:0": {input_mtok: 0.396, cache_read_mtok: 0.099, output_mtok: 3.311}
      "apac.amazon.nova-2-pro-preview-20251202-v1:0": {input_mtok: 1.375, cache_read_mtok: 0.34375, output_mtok: 11}
      "eu.amazon.nova-2-pro-preview-20251202-v1:0": {input_mtok: 1.375, cache_read_mtok: 0.34375, output_mtok: 11}
      "us.amazon.nova-2-pro-preview-20251202-v1:0":
        prices:
        - {input_mtok: 1.375, cache_read_mtok: 0.34375, output_mtok: 11}
        - {tier: batch, input_mtok: 0.6875, output_mtok: 5.5}
        - {tier: priority, input_mtok: 2.40625, output_mtok: 19.25}
      "amazon.nova-2-multimodal-embeddings-v1:0": {input_mtok: 0.135, output_mtok: 0}
      "amazon.rerank-v1:0": {input_mtok: 0, output_mtok: 0, requests_kcount: 1}
      amazon.titan-embed-image-v1: {input_mtok: 0.8, output_mtok: 0}
      amazon.titan-embed-g1-text-02: {input_mtok: 0.1, output_mtok: 0}
      amazon.titan-image-generator-v1: {images_kcount: 8}
      amazon.titan-image-generator-v2: {images_kcount: 8}
      "amazon.titan-image-generator-v2:0": {images_kcount: 8}
      "twelvelabs.marengo-embed-2-7-v1:0": {output_mtok: 0, input_hours: 0.504, requests_kcount: 0.07}
      "us.twelvelabs.marengo-embed-2-7-v1:0": {output_mtok: 0, input_hours: 0.504, requests_kcount: 0.07}
      "eu.twelvelabs.marengo-embed-2-7-v1:0": {output_mtok: 0, input_hours: 0.504, requests_kcount: 0.07}
      "twelvelabs.marengo-embed-3-0-v1:0": {output_mtok: 0, input_hours: 0.504, requests_kcount: 0.07}
      "us.twelvelabs.marengo-embed-3-0-v1:0": {output_mtok: 0, input_hours: 0.504, requests_kcount: 0.07}
      "eu.twelvelabs.marengo-embed-3-0-v1:0": {output_mtok: 0, input_hours: 0.504, requests_kcount: 0.07}
      "twelvelabs.pegasus-1-2-v1:0": {output_mtok: 7.5}
      "us.twelvelabs.pegasus-1-2-v1:0": {output_mtok: 7.5}
      "eu.twelvelabs.pegasus-1-2-v1:0": {output_mtok: 7.5}
      "global.twelvelabs.pegasus-1-2-v1:0": {output_mtok: 7.5}
      "amazon.titan-text-premier-v1:0": {input_mtok: 0.5, output_mtok: 1.5}
      "anthropic.claude-haiku-4-5@20251001": {input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, cache_write_1h_mtok: 2, output_mtok: 5}
      "anthropic.claude-3-7-sonnet-20240620-v1:0": {input_mtok: 3.6, cache_read_mtok: 0.36, cache_write_mtok: 4.5, output_mtok: 18}
      anthropic.claude-instant-v1: {input_mtok: 0.8, output_mtok: 2.4}
      anthropic.claude-mythos-preview: {input_mtok: 27.5, cache_read_mtok: 2.75, cache_write_mtok: 34.375, cache_write_1h_mtok: 55, output_mtok: 137.5}
      eu.anthropic.claude-fable-5-1: {input_mtok: 11, cache_read_mtok: 0.275, cache_write_mtok: 13.75, cache_write_1h_mtok: 22, output_mtok: 55, web_searches_kcount: 10}
      anthropic.claude-v1: {input_mtok: 8, output_mtok: 24}
      "anthropic.claude-v2:1": {input_mtok: 8, output_mtok: 24}
      ap-northeast-1/anthropic.claude-instant-v1: {input_mtok: 2.23, output_mtok: 7.55}
      ap-northeast-1/anthropic.claude-v1: {input_mtok: 8, output_mtok: 24}
      "ap-northeast-1/anthropic.claude-v2:1": {input_mtok: 8, output_mtok: 24}
      ap-northeast-1/deepseek.v3.2:
        prices:
        - {input_mtok: 0.74, output_mtok: 2.22}
        - {tier: batch, input_mtok: 0.37, output_mtok: 1.11}
        - {tier: flex, input_mtok: 0.37, output_mtok: 1.11}
        - {tier: priority, input_mtok: 1.295, output_mtok: 3.885}
      ap-northeast-1/minimax.minimax-m2.1:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: batch, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: priority, input_mtok: 0.63, output_mtok: 2.52}
      ap-northeast-1/minimax.minimax-m2.5:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: batch, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: priority, input_mtok: 0.63, output_mtok: 2.52}
      ap-northeast-1/moonshotai.kimi-k2-thinking:
        prices:
        - {input_mtok: 0.73, output_mtok: 3.03}
        - {tier: flex, input_mtok: 0.36, output_mtok: 1.52}
      ap-northeast-1/moonshotai.kimi-k2.5:
        prices:
        - {input_mtok: 0.72, output_mtok: 3.6}
        - {tier: batch, input_mtok: 0.36, output_mtok: 1.8}
        - {tier: flex, input_mtok: 0.36, output_mtok: 1.8}
        - {tier: priority, input_mtok: 1.26, output_mtok: 6.3}
      ap-northeast-1/qwen.qwen3-coder-next:
        prices:
        - {input_mtok: 0.6, output_mtok: 1.44}
        - {tier: flex, input_mtok: 0.3, output_mtok: 0.72}
      moonshotai.kimi-k2-thinking:
        prices:
        - {input_mtok: 0.6, output_mtok: 2.5}
        - {tier: flex, input_mtok: 0.3, output_mtok: 1.25}
      moonshotai.kimi-k2.5:
        prices:
        - {input_mtok: 0.6, output_mtok: 3}
        - {tier: flex, input_mtok: 0.3, output_mtok: 1.5}
      ap-south-1/deepseek.v3.2:
        prices:
        - {input_mtok: 0.74, output_mtok: 2.22}
        - {tier: batch, input_mtok: 0.37, output_mtok: 1.11}
        - {tier: flex, input_mtok: 0.37, output_mtok: 1.11}
        - {tier: priority, input_mtok: 1.295, output_mtok: 3.885}
      ap-south-1/minimax.minimax-m2.1:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: batch, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: priority, input_mtok: 0.63, output_mtok: 2.52}
      ap-south-1/minimax.minimax-m2.5:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: batch, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: priority, input_mtok: 0.63, output_mtok: 2.52}
      ap-south-1/moonshotai.kimi-k2-thinking:
        prices:
        - {input_mtok: 0.71, output_mtok: 2.94}
        - {tier: flex, input_mtok: 0.36, output_mtok: 1.47}
      ap-south-1/moonshotai.kimi-k2.5:
        prices:
        - {input_mtok: 0.72, output_mtok: 3.6}
        - {tier: batch, input_mtok: 0.36, output_mtok: 1.8}
        - {tier: flex, input_mtok: 0.36, output_mtok: 1.8}
        - {tier: priority, input_mtok: 1.26, output_mtok: 6.3}
      ap-south-1/qwen.qwen3-coder-next:
        prices:
        - {input_mtok: 0.6, output_mtok: 1.44}
        - {tier: flex, input_mtok: 0.3, output_mtok: 0.72}
      ap-southeast-2/minimax.minimax-m2.5:
        prices:
        - {input_mtok: 0.31, output_mtok: 1.24}
        - {tier: batch, input_mtok: 0.155, output_mtok: 0.62}
        - {tier: flex, input_mtok: 0.155, output_mtok: 0.62}
        - {tier: priority, input_mtok: 0.5425, output_mtok: 2.17}
      ap-southeast-3/deepseek.v3.2:
        prices:
        - {input_mtok: 0.74, output_mtok: 2.22}
        - {tier: flex, input_mtok: 0.37, output_mtok: 1.11}
      ap-southeast-3/minimax.minimax-m2.1:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
      ap-southeast-3/minimax.minimax-m2.5:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
      ap-southeast-3/moonshotai.kimi-k2.5:
        prices:
        - {input_mtok: 0.72, output_mtok: 3.6}
        - {tier: flex, input_mtok: 0.36, output_mtok: 1.8}
      ap-southeast-3/qwen.qwen3-coder-next:
        prices:
        - {input_mtok: 0.6, output_mtok: 1.44}
        - {tier: flex, input_mtok: 0.3, output_mtok: 0.72}
      eu-north-1/deepseek.v3.2:
        prices:
        - {input_mtok: 0.74, output_mtok: 2.22}
        - {tier: batch, input_mtok: 0.37, output_mtok: 1.11}
        - {tier: flex, input_mtok: 0.37, output_mtok: 1.11}
        - {tier: priority, input_mtok: 1.295, output_mtok: 3.885}
      eu-north-1/minimax.minimax-m2.1:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: batch, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: priority, input_mtok: 0.63, output_mtok: 2.52}
      eu-north-1/minimax.minimax-m2.5:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: batch, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: priority, input_mtok: 0.63, output_mtok: 2.52}
      eu-north-1/moonshotai.kimi-k2.5:
        prices:
        - {input_mtok: 0.72, output_mtok: 3.6}
        - {tier: batch, input_mtok: 0.36, output_mtok: 1.8}
        - {tier: flex, input_mtok: 0.36, output_mtok: 1.8}
        - {tier: priority, input_mtok: 1.26, output_mtok: 6.3}
      eu-central-1/anthropic.claude-instant-v1: {input_mtok: 2.48, output_mtok: 8.38}
      eu-central-1/anthropic.claude-v1: {input_mtok: 8, output_mtok: 24}
      "eu-central-1/anthropic.claude-v2:1": {input_mtok: 8, output_mtok: 24}
      eu-central-1/minimax.minimax-m2.1:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: batch, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: priority, input_mtok: 0.63, output_mtok: 2.52}
      eu-central-1/minimax.minimax-m2.5:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: batch, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: priority, input_mtok: 0.63, output_mtok: 2.52}
      eu-central-1/qwen.qwen3-coder-next:
        prices:
        - {input_mtok: 0.6, output_mtok: 1.44}
        - {tier: flex, input_mtok: 0.3, output_mtok: 0.72}
      eu-west-1/minimax.minimax-m2.1:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: batch, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: priority, input_mtok: 0.63, output_mtok: 2.52}
      eu-west-1/minimax.minimax-m2.5:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: batch, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: priority, input_mtok: 0.63, output_mtok: 2.52}
      eu-west-1/qwen.qwen3-coder-next:
        prices:
        - {input_mtok: 0.6, output_mtok: 1.44}
        - {tier: flex, input_mtok: 0.3, output_mtok: 0.72}
      eu-west-2/minimax.minimax-m2.1:
        prices:
        - {input_mtok: 0.47, output_mtok: 1.86}
        - {tier: batch, input_mtok: 0.235, output_mtok: 0.93}
        - {tier: flex, input_mtok: 0.235, output_mtok: 0.93}
        - {tier: priority, input_mtok: 0.8225, output_mtok: 3.255}
      eu-west-2/minimax.minimax-m2.5:
        prices:
        - {input_mtok: 0.47, output_mtok: 1.86}
        - {tier: batch, input_mtok: 0.235, output_mtok: 0.93}
        - {tier: flex, input_mtok: 0.235, output_mtok: 0.93}
        - {tier: priority, input_mtok: 0.8225, output_mtok: 3.255}
      eu-west-2/qwen.qwen3-coder-next:
        prices:
        - {input_mtok: 0.78, output_mtok: 1.86}
        - {tier: batch, input_mtok: 0.39, output_mtok: 0.93}
        - {tier: flex, input_mtok: 0.39, output_mtok: 0.93}
        - {tier: priority, input_mtok: 1.365, output_mtok: 3.255}
      eu-south-1/minimax.minimax-m2.1:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
      eu-south-1/minimax.minimax-m2.5:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
      eu-south-1/qwen.qwen3-coder-next:
        prices:
        - {input_mtok: 0.6, output_mtok: 1.44}
        - {tier: flex, input_mtok: 0.3, output_mtok: 0.72}
      sa-east-1/deepseek.v3.2:
        prices:
        - {input_mtok: 0.74, output_mtok: 2.22}
        - {tier: batch, input_mtok: 0.37, output_mtok: 1.11}
        - {tier: flex, input_mtok: 0.37, output_mtok: 1.11}
        - {tier: priority, input_mtok: 1.295, output_mtok: 3.885}
      sa-east-1/minimax.minimax-m2.1:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: batch, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: priority, input_mtok: 0.63, output_mtok: 2.52}
      sa-east-1/minimax.minimax-m2.5:
        prices:
        - {input_mtok: 0.36, output_mtok: 1.44}
        - {tier: batch, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: flex, input_mtok: 0.18, output_mtok: 0.72}
        - {tier: priority, input_mtok: 0.63, output_mtok: 2.52}
      sa-east-1/moonshotai.kimi-k2-thinking:
        prices:
        - {input_mtok: 0.73, output_mtok: 3.03}
        - {tier: flex, input_mtok: 0.36, output_mtok: 1.52}
      sa-east-1/moonshotai.kimi-k2.5:
        prices:
        - {input_mtok: 0.72, output_mtok: 3.6}
        - {tier: batch, input_mtok: 0.36, output_mtok: 1.8}
        - {tier: flex, input_mtok: 0.36, output_mtok: 1.8}
        - {tier: priority, input_mtok: 1.26, output_mtok: 6.3}
      sa-east-1/qwen.qwen3-coder-next:
        prices:
        - {input_mtok: 0.6, output_mtok: 1.44}
        - {tier: flex, input_mtok: 0.3, output_mtok: 0.72}
      us-east-1/anthropic.claude-instant-v1: {input_mtok: 0.8, output_mtok: 2.4}
      us-east-1/anthropic.claude-v1: {input_mtok: 8, output_mtok: 24}
      "us-east-1/anthropic.claude-v2:1": {input_mtok: 8, output_mtok: 24}
      us-east-1/deepseek.v3.2:
        prices:
        - {input_mtok: 0.62, output_mtok: 1.85}
        - {tier: batch, input_mtok: 0.31, output_mtok: 0.925}
        - {tier: flex, input_mtok: 0.31, output_mtok: 0.925}
        - {tier: priority, input_mtok: 1.085, output_mtok: 3.2375}
      us-east-1/minimax.minimax-m2.1:
        prices:
        - {input_mtok: 0.3, output_mtok: 1.2}
        - {tier: batch, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: flex, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.525, output_mtok: 2.1}
      us-east-1/minimax.minimax-m2.5:
        prices:
        - {input_mtok: 0.3, output_mtok: 1.2}
        - {tier: batch, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: flex, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.525, output_mtok: 2.1}
      us-east-1/moonshotai.kimi-k2-thinking:
        prices:
        - {input_mtok: 0.6, output_mtok: 2.5}
        - {tier: flex, input_mtok: 0.3, output_mtok: 1.25}
      us-east-1/moonshotai.kimi-k2.5:
        prices:
        - {input_mtok: 0.6, output_mtok: 3}
        - {tier: batch, input_mtok: 0.3, output_mtok: 1.5}
        - {tier: flex, input_mtok: 0.3, output_mtok: 1.5}
        - {tier: priority, input_mtok: 1.05, output_mtok: 5.25}
      us-east-1/qwen.qwen3-coder-next:
        prices:
        - {input_mtok: 0.5, output_mtok: 1.2}
        - {tier: batch, input_mtok: 0.25, output_mtok: 0.6}
        - {tier: flex, input_mtok: 0.25, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.875, output_mtok: 2.1}
      us-east-2/deepseek.v3.2:
        prices:
        - {input_mtok: 0.62, output_mtok: 1.85}
        - {tier: batch, input_mtok: 0.31, output_mtok: 0.925}
        - {tier: flex, input_mtok: 0.31, output_mtok: 0.925}
        - {tier: priority, input_mtok: 1.085, output_mtok: 3.2375}
      us-east-2/minimax.minimax-m2.1:
        prices:
        - {input_mtok: 0.3, output_mtok: 1.2}
        - {tier: batch, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: flex, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.525, output_mtok: 2.1}
      us-east-2/minimax.minimax-m2.5:
        prices:
        - {input_mtok: 0.3, output_mtok: 1.2}
        - {tier: batch, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: flex, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.525, output_mtok: 2.1}
      us-east-2/moonshotai.kimi-k2-thinking:
        prices:
        - {input_mtok: 0.6, output_mtok: 2.5}
        - {tier: flex, input_mtok: 0.3, output_mtok: 1.25}
      us-east-2/moonshotai.kimi-k2.5:
        prices:
        - {input_mtok: 0.6, output_mtok: 3}
        - {tier: batch, input_mtok: 0.3, output_mtok: 1.5}
        - {tier: flex, input_mtok: 0.3, output_mtok: 1.5}
        - {tier: priority, input_mtok: 1.05, output_mtok: 5.25}
      us-east-2/qwen.qwen3-coder-next:
        prices:
        - {input_mtok: 0.5, output_mtok: 1.2}
        - {tier: flex, input_mtok: 0.25, output_mtok: 0.6}
      "us-gov-east-1/amazon.titan-text-premier-v1:0": {input_mtok: 0.5, output_mtok: 1.5}
      "us-gov-east-1/anthropic.claude-sonnet-4-5-20250929-v1:0": {input_mtok: 3.6, cache_read_mtok: 0.36, cache_write_mtok: 4.5, cache_write_1h_mtok: 7.2, output_mtok: 18}
      "us-gov-east-1/claude-sonnet-4-5-20250929-v1:0": {input_mtok: 3.6, cache_read_mtok: 0.36, cache_write_mtok: 4.5, cache_write_1h_mtok: 7.2, output_mtok: 18}
      "us-gov-west-1/amazon.nova-2-multimodal-embeddings-v1:0": {input_mtok: 0.162, output_mtok: 0}
      "us-gov-west-1/amazon.titan-text-premier-v1:0": {input_mtok: 0.5, output_mtok: 1.5}
      "us-gov-west-1/anthropic.claude-sonnet-4-5-20250929-v1:0": {input_mtok: 3.6, cache_read_mtok: 0.36, cache_write_mtok: 4.5, cache_write_1h_mtok: 7.2, output_mtok: 18}
      "us-gov-west-1/claude-sonnet-4-5-20250929-v1:0": {input_mtok: 3.6, cache_read_mtok: 0.36, cache_write_mtok: 4.5, cache_write_1h_mtok: 7.2, output_mtok: 18}
      us-west-2/anthropic.claude-instant-v1: {input_mtok: 0.8, output_mtok: 2.4}
      us-west-2/anthropic.claude-v1: {input_mtok: 8, output_mtok: 24}
      "us-west-2/anthropic.claude-v2:1": {input_mtok: 8, output_mtok: 24}
      us-west-2/deepseek.v3.2:
        prices:
        - {input_mtok: 0.62, output_mtok: 1.85}
        - {tier: batch, input_mtok: 0.31, output_mtok: 0.925}
        - {tier: flex, input_mtok: 0.31, output_mtok: 0.925}
        - {tier: priority, input_mtok: 1.085, output_mtok: 3.2375}
      us-west-2/minimax.minimax-m2.1:
        prices:
        - {input_mtok: 0.3, output_mtok: 1.2}
        - {tier: batch, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: flex, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.525, output_mtok: 2.1}
      us-west-2/minimax.minimax-m2.5:
        prices:
        - {input_mtok: 0.3, output_mtok: 1.2}
        - {tier: batch, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: flex, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.525, output_mtok: 2.1}
      us-west-2/moonshotai.kimi-k2-thinking:
        prices:
        - {input_mtok: 0.6, output_mtok: 2.5}
        - {tier: flex, input_mtok: 0.3, output_mtok: 1.25}
      us-west-2/moonshotai.kimi-k2.5:
        prices:
        - {input_mtok: 0.6, output_mtok: 3}
        - {tier: batch, input_mtok: 0.3, output_mtok: 1.5}
        - {tier: flex, input_mtok: 0.3, output_mtok: 1.5}
        - {tier: priority, input_mtok: 1.05, output_mtok: 5.25}
      us-west-2/qwen.qwen3-coder-next:
        prices:
        - {input_mtok: 0.5, output_mtok: 1.2}
        - {tier: flex, input_mtok: 0.25, output_mtok: 0.6}
      cohere.command-light-text-v14: {input_mtok: 0.3, output_mtok: 0.6}
      cohere.command-text-v14: {input_mtok: 1, output_mtok: 2}
      cohere.embed-english-v3: {input_mtok: 0.1, output_mtok: 0}
      cohere.embed-multilingual-v3: {input_mtok: 0.1, output_mtok: 0}
      "cohere.embed-v4:0": {input_mtok: 0.12, output_mtok: 0}
      "us.cohere.embed-v4:0": {input_mtok: 0.12, output_mtok: 0}
      "global.cohere.embed-v4:0": {input_mtok: 0.12, output_mtok: 0}
      "cohere.rerank-v3-5:0": {input_mtok: 0, output_mtok: 0, requests_kcount: 2}
      "deepseek.v3-v1:0": {input_mtok: 0.58, output_mtok: 1.68}
      deepseek.v3.2:
        prices:
        - {input_mtok: 0.62, output_mtok: 1.85}
        - {tier: batch, input_mtok: 0.31, output_mtok: 0.925}
        - {tier: flex, input_mtok: 0.31, output_mtok: 0.925}
        - {tier: priority, input_mtok: 1.085, output_mtok: 3.2375}
      max-x-max/50-steps/stability.stable-diffusion-xl-v0: {images_kcount: 36}
      max-x-max/max-steps/stability.stable-diffusion-xl-v0: {images_kcount: 72}
      meta.llama2-13b-chat-v1: {input_mtok: 0.75, output_mtok: 1}
      meta.llama2-70b-chat-v1: {input_mtok: 1.95, output_mtok: 2.56}
      "meta.llama3-1-405b-instruct-v1:0": {input_mtok: 2.4, output_mtok: 2.4}
      minimax.minimax-m2:
        prices:
        - {input_mtok: 0.3, output_mtok: 1.2}
        - {tier: batch, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: flex, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.52, output_mtok: 2.1}
      minimax.minimax-m2.1:
        prices:
        - {input_mtok: 0.3, output_mtok: 1.2}
        - {tier: batch, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: flex, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.525, output_mtok: 2.1}
      minimax.minimax-m2.5:
        prices:
        - {input_mtok: 0.3, output_mtok: 1.2}
        - {tier: batch, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: flex, input_mtok: 0.15, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.525, output_mtok: 2.1}
      "mistral.mistral-large-2407-v1:0": {input_mtok: 2, output_mtok: 6}
      moonshot.kimi-k2-thinking:
        prices:
        - {input_mtok: 0.6, output_mtok: 2.5}
        - {tier: batch, input_mtok: 0.3, output_mtok: 1.25}
        - {tier: priority, input_mtok: 1.05, output_mtok: 4.38}
      nvidia.nemotron-nano-12b-v2:
        prices:
        - {input_mtok: 0.2, output_mtok: 0.6}
        - {tier: batch, input_mtok: 0.1, output_mtok: 0.3}
        - {tier: flex, input_mtok: 0.1, output_mtok: 0.3}
        - {tier: priority, input_mtok: 0.35, output_mtok: 1.05}
      openai.gpt-oss-safeguard-120b:
        prices:
        - {input_mtok: 0.15, output_mtok: 0.6}
        - {tier: batch, input_mtok: 0.07, output_mtok: 0.3}
        - {tier: flex, input_mtok: 0.07, output_mtok: 0.3}
        - {tier: priority, input_mtok: 0.26, output_mtok: 1.05}
      openai.gpt-oss-safeguard-20b:
        prices:
        - {input_mtok: 0.07, output_mtok: 0.2}
        - {tier: batch, input_mtok: 0.03, output_mtok: 0.1}
        - {tier: flex, input_mtok: 0.03, output_mtok: 0.1}
        - {tier: priority, input_mtok: 0.12, output_mtok: 0.35}
      "qwen.qwen3-235b-a22b-2507-v1:0":
        prices:
        - {input_mtok: 0.22, output_mtok: 0.88}
        - {tier: batch, input_mtok: 0.11, output_mtok: 0.44}
        - {tier: flex, input_mtok: 0.11, output_mtok: 0.44}
      qwen.qwen3-next-80b-a3b:
        prices:
        - {input_mtok: 0.15, output_mtok: 1.2}
        - {tier: flex, input_mtok: 0.07, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.26, output_mtok: 2.1}
      ap-northeast-1/qwen.qwen3-next-80b-a3b:
        prices:
        - {input_mtok: 0.18, output_mtok: 1.45}
        - {tier: flex, input_mtok: 0.09, output_mtok: 0.72}
        - {tier: priority, input_mtok: 0.32, output_mtok: 2.54}
      ap-south-1/qwen.qwen3-next-80b-a3b:
        prices:
        - {input_mtok: 0.18, output_mtok: 1.41}
        - {tier: batch, input_mtok: 0.09, output_mtok: 0.71}
        - {tier: flex, input_mtok: 0.09, output_mtok: 0.71}
        - {tier: priority, input_mtok: 0.32, output_mtok: 2.47}
      ap-southeast-2/qwen.qwen3-next-80b-a3b: {input_mtok: 0.1545, output_mtok: 1.236}
      eu-west-1/qwen.qwen3-next-80b-a3b:
        prices:
        - {input_mtok: 0.18, output_mtok: 1.41}
        - {tier: flex, input_mtok: 0.09, output_mtok: 0.71}
        - {tier: priority, input_mtok: 0.32, output_mtok: 2.47}
      eu-west-2/qwen.qwen3-next-80b-a3b:
        prices:
        - {input_mtok: 0.23, output_mtok: 1.86}
        - {tier: flex, input_mtok: 0.12, output_mtok: 0.93}
        - {tier: priority, input_mtok: 0.4, output_mtok: 3.26}
      sa-east-1/qwen.qwen3-next-80b-a3b:
        prices:
        - {input_mtok: 0.18, output_mtok: 1.45}
        - {tier: flex, input_mtok: 0.09, output_mtok: 0.72}
        - {tier: priority, input_mtok: 0.32, output_mtok: 2.54}
      qwen.qwen3-coder-next:
        prices:
        - {input_mtok: 0.5, output_mtok: 1.2}
        - {tier: batch, input_mtok: 0.25, output_mtok: 0.6}
        - {tier: flex, input_mtok: 0.25, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.875, output_mtok: 2.1}
      "stability.sd3-5-large-v1:0": {images_kcount: 80}
      "stability.sd3-large-v1:0": {images_kcount: 80}
      "stability.stable-image-core-v1:0": {images_kcount: 40}
      "stability.stable-conservative-upscale-v1:0": {images_kcount: 400}
      "us.stability.stable-conservative-upscale-v1:0": {images_kcount: 400}
      "stability.stable-creative-upscale-v1:0": {images_kcount: 600}
      "us.stability.stable-creative-upscale-v1:0": {images_kcount: 600}
      "stability.stable-fast-upscale-v1:0": {images_kcount: 30}
      "us.stability.stable-fast-upscale-v1:0": {images_kcount: 30}
      "stability.stable-outpaint-v1:0": {images_kcount: 60}
      "us.stability.stable-outpaint-v1:0": {images_kcount: 60}
      "stability.stable-image-control-sketch-v1:0": {images_kcount: 70}
      "us.stability.stable-image-control-sketch-v1:0": {images_kcount: 70}
      "stability.stable-image-control-structure-v1:0": {images_kcount: 70}
      "us.stability.stable-image-control-structure-v1:0": {images_kcount: 70}
      "stability.stable-image-erase-object-v1:0": {images_kcount: 70}
      "us.stability.stable-image-erase-object-v1:0": {images_kcount: 70}
      "stability.stable-image-inpaint-v1:0": {images_kcount: 70}
      "us.stability.stable-image-inpaint-v1:0": {images_kcount: 70}
      "stability.stable-image-remove-background-v1:0": {images_kcount: 70}
      "us.stability.stable-image-remove-background-v1:0": {images_kcount: 70}
      "stability.stable-image-search-recolor-v1:0": {images_kcount: 70}
      "us.stability.stable-image-search-recolor-v1:0": {images_kcount: 70}
      "stability.stable-image-search-replace-v1:0": {images_kcount: 70}
      "us.stability.stable-image-search-replace-v1:0": {images_kcount: 70}
      "stability.stable-image-style-guide-v1:0": {images_kcount: 70}
      "us.stability.stable-image-style-guide-v1:0": {images_kcount: 70}
      "stability.stable-style-transfer-v1:0": {images_kcount: 80}
      "us.stability.stable-style-transfer-v1:0": {images_kcount: 80}
      "stability.stable-image-core-v1:1": {images_kcount: 40}
      "stability.stable-image-ultra-v1:0": {images_kcount: 140}
      "stability.stable-image-ultra-v1:1": {images_kcount: 140}
      us-gov.anthropic.claude-opus-4-8: {input_mtok: 6, cache_read_mtok: 0.6, cache_write_mtok: 7.5, cache_write_1h_mtok: 12, output_mtok: 30}
      us-gov.anthropic.claude-opus-5: {input_mtok: 6, cache_read_mtok: 0.6, cache_write_mtok: 7.5, cache_write_1h_mtok: 12, output_mtok: 30}
      us-gov.anthropic.claude-opus-5-5: {input_mtok: 4.8, cache_read_mtok: 0.24, cache_write_mtok: 6, cache_write_1h_mtok: 9.6, output_mtok: 24}
      us-gov.anthropic.claude-fable-5-1: {input_mtok: 12, cache_read_mtok: 0.3, cache_write_mtok: 15, cache_write_1h_mtok: 24, output_mtok: 60}
      us-gov.nvidia.nemotron-nano-12b-v2: {input_mtok: 0.24, output_mtok: 0.72}
      us-gov.xai.grok-4.6: {input_mtok: 2.64, cache_read_mtok: 0.66, output_mtok: 7.92}
      us.deepseek.v3.2:
        prices:
        - {input_mtok: 0.62, output_mtok: 1.85}
        - {tier: batch, input_mtok: 0.31, output_mtok: 0.925}
        - {tier: flex, input_mtok: 0.31, output_mtok: 0.925}
        - {tier: priority, input_mtok: 1.085, output_mtok: 3.2375}
      eu.deepseek.v3.2:
        prices:
        - {input_mtok: 0.74, output_mtok: 2.22}
        - {tier: flex, input_mtok: 0.37, output_mtok: 1.11}
      "us.meta.llama3-1-405b-instruct-v1:0": {input_mtok: 2.4, output_mtok: 2.4}
      zai.glm-4.7:
        prices:
        - {input_mtok: 0.6, output_mtok: 2.2}
        - {tier: batch, input_mtok: 0.3, output_mtok: 1.1}
        - {tier: flex, input_mtok: 0.3, output_mtok: 1.1}
        - {tier: priority, input_mtok: 1.05, output_mtok: 3.85}
      zai.glm-5:
        prices:
        - {input_mtok: 1, output_mtok: 3.2}
        - {tier: batch, input_mtok: 0.5, output_mtok: 1.6}
        - {tier: priority, input_mtok: 1.75, output_mtok: 5.6}
      zai.glm-4.7-flash:
        prices:
        - {input_mtok: 0.07, output_mtok: 0.4}
        - {tier: batch, input_mtok: 0.035, output_mtok: 0.2}
        - {tier: flex, input_mtok: 0.035, output_mtok: 0.2}
        - {tier: priority, input_mtok: 0.1225, output_mtok: 0.7}
      openai.gpt-oss-120b:
        prices:
        - {input_mtok: 0.15, output_mtok: 0.6}
        - {tier: batch, input_mtok: 0.075, output_mtok: 0.3}
        - {tier: flex, input_mtok: 0.075, output_mtok: 0.3}
        - {tier: priority, input_mtok: 0.2625, output_mtok: 1.05}
      openai.gpt-oss-20b:
        prices:
        - {input_mtok: 0.07, output_mtok: 0.3}
        - {tier: batch, input_mtok: 0.035, output_mtok: 0.15}
        - {tier: flex, input_mtok: 0.035, output_mtok: 0.15}
        - {tier: priority, input_mtok: 0.1225, output_mtok: 0.525}
      openai.gpt-5.6-cyber: {input_mtok: 13.75, cache_read_mtok: 1.375, cache_write_mtok: 17.1875, output_mtok: 82.5}
      openai.gpt-daybreak-blue-5.6-sol: {input_mtok: {0: 4.4, 272000: 8.8}, cache_read_mtok: {0: 0.44, 272000: 0.88}, cache_write_mtok: {0: 5.5, 272000: 11}, output_mtok: {0: 22, 272000: 33}}
      us.openai.gpt-5.4: {input_mtok: {0: 2.75, 272000: 5.5}, cache_read_mtok: {0: 0.275, 272000: 0.55}, output_mtok: {0: 16.5, 272000: 24.75}}
      global.openai.gpt-5.4: {input_mtok: {0: 2.5, 272000: 5}, cache_read_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 15, 272000: 22.5}}
      us.openai.gpt-5.5: {input_mtok: {0: 5.5, 272000: 11}, cache_read_mtok: {0: 0.55, 272000: 1.1}, output_mtok: {0: 33, 272000: 49.5}}
      global.openai.gpt-5.5: {input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 30, 272000: 45}}
      google.gemma-4-31b:
        prices:
        - {input_mtok: 0.14, output_mtok: 0.4}
        - {tier: batch, input_mtok: 0.07, output_mtok: 0.2}
        - {tier: flex, input_mtok: 0.07, output_mtok: 0.2}
        - {tier: priority, input_mtok: 0.245, output_mtok: 0.7}
      google.gemma-4-26b-a4b:
        prices:
        - {input_mtok: 0.13, output_mtok: 0.4}
        - {tier: batch, input_mtok: 0.065, output_mtok: 0.2}
        - {tier: flex, input_mtok: 0.065, output_mtok: 0.2}
        - {tier: priority, input_mtok: 0.2275, output_mtok: 0.7}
      google.gemma-4-e2b:
        prices:
        - {input_mtok: 0.04, output_mtok: 0.08}
        - {tier: batch, input_mtok: 0.02, output_mtok: 0.04}
        - {tier: flex, input_mtok: 0.02, output_mtok: 0.04}
        - {tier: priority, input_mtok: 0.07, output_mtok: 0.14}
      xai.grok-4.3:
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.2, output_mtok: 2.5}
        - {tier: batch, input_mtok: 0.625, cache_read_mtok: 0.1, output_mtok: 1.25}
        - {tier: flex, input_mtok: 0.625, cache_read_mtok: 0.1, output_mtok: 1.25}
        - {tier: priority, input_mtok: 2.1875, cache_read_mtok: 0.35, output_mtok: 4.375}
      xai.grok-4.6:
        prices:
        - {input_mtok: 2.2, cache_read_mtok: 0.55, output_mtok: 6.6}
        - {tier: flex, input_mtok: 1.1, cache_read_mtok: 0.275, output_mtok: 3.3}
        - {tier: priority, input_mtok: 3.85, cache_read_mtok: 0.9625, output_mtok: 11.55}
      anthropic.claude-haiku-4-5:
        prices:
        - {input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, cache_write_1h_mtok: 2, output_mtok: 5}
        - {tier: batch, input_mtok: 0.5, output_mtok: 2.5}
      us.xai.grok-4.6:
        prices:
        - {input_mtok: 2.2, cache_read_mtok: 0.55, output_mtok: 6.6}
        - {tier: flex, input_mtok: 1.1, cache_read_mtok: 0.275, output_mtok: 3.3}
        - {tier: priority, input_mtok: 3.85, cache_read_mtok: 0.9625, output_mtok: 11.55}
      global.xai.grok-4.6:
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 6}
        - {tier: flex, input_mtok: 1, cache_read_mtok: 0.25, output_mtok: 3}
        - {tier: priority, input_mtok: 3.5, cache_read_mtok: 0.875, output_mtok: 10.5}
      us-east-1/zai.glm-5:
        prices:
        - {input_mtok: 1, output_mtok: 3.2}
        - {tier: batch, input_mtok: 0.5, output_mtok: 1.6}
        - {tier: flex, input_mtok: 0.5, output_mtok: 1.6}
        - {tier: priority, input_mtok: 1.75, output_mtok: 5.6}
      us-west-2/zai.glm-5:
        prices:
        - {input_mtok: 1, output_mtok: 3.2}
        - {tier: batch, input_mtok: 0.5, output_mtok: 1.6}
        - {tier: flex, input_mtok: 0.5, output_mtok: 1.6}
        - {tier: priority, input_mtok: 1.75, output_mtok: 5.6}
      "us-gov-east-1/anthropic.claude-haiku-4-5-20251001-v1:0": {input_mtok: 1.2, cache_read_mtok: 0.12, cache_write_mtok: 1.5, cache_write_1h_mtok: 2.4, output_mtok: 6}
      "us-gov-west-1/anthropic.claude-haiku-4-5-20251001-v1:0": {input_mtok: 1.2, cache_read_mtok: 0.12, cache_write_mtok: 1.5, cache_write_1h_mtok: 2.4, output_mtok: 6}
      us-gov-west-1/nvidia.nemotron-nano-12b-v2: {input_mtok: 0.24, output_mtok: 0.72}
      us-gov-west-1/anthropic.claude-sonnet-5: {input_mtok: 2.4, cache_read_mtok: 0.24, cache_write_mtok: 3, cache_write_1h_mtok: 4.8, output_mtok: 12}
      us-gov-west-1/anthropic.claude-opus-4-8: {input_mtok: 6, cache_read_mtok: 0.6, cache_write_mtok: 7.5, cache_write_1h_mtok: 12, output_mtok: 30}
      us-gov-west-1/anthropic.claude-opus-5: {input_mtok: 6, cache_read_mtok: 0.6, cache_write_mtok: 7.5, cache_write_1h_mtok: 12, output_mtok: 30}
      us-gov-west-1/anthropic.claude-opus-5-5: {input_mtok: 4.8, cache_read_mtok: 0.24, cache_write_mtok: 6, cache_write_1h_mtok: 9.6, output_mtok: 24}
      us-gov-west-1/anthropic.claude-fable-5-1: {input_mtok: 12, cache_read_mtok: 0.3, cache_write_mtok: 15, cache_write_1h_mtok: 24, output_mtok: 60}
      us-gov-east-1/nvidia.nemotron-nano-12b-v2: {input_mtok: 0.24, output_mtok: 0.72}
      us-gov-east-1/anthropic.claude-sonnet-5: {input_mtok: 2.4, cache_read_mtok: 0.24, cache_write_mtok: 3, cache_write_1h_mtok: 4.8, output_mtok: 12}
      us-gov-east-1/anthropic.claude-opus-4-8: {input_mtok: 6, cache_read_mtok: 0.6, cache_write_mtok: 7.5, cache_write_1h_mtok: 12, output_mtok: 30}
      us-gov-east-1/anthropic.claude-opus-5: {input_mtok: 6, cache_read_mtok: 0.6, cache_write_mtok: 7.5, cache_write_1h_mtok: 12, output_mtok: 30}
      us-gov-east-1/anthropic.claude-opus-5-5: {input_mtok: 4.8, cache_read_mtok: 0.24, cache_write_mtok: 6, cache_write_1h_mtok: 9.6, output_mtok: 24}
      us-gov-east-1/anthropic.claude-fable-5-1: {input_mtok: 12, cache_read_mtok: 0.3, cache_write_mtok: 15, cache_write_1h_mtok: 24, output_mtok: 60}
      us-gov-west-1/openai.gpt-5.6-terra: {input_mtok: {0: 2.7, 272000: 5.4}, cache_read_mtok: {0: 0.27, 272000: 0.54}, cache_write_mtok: {0: 3.375, 272000: 6.75}, output_mtok: {0: 16.2, 272000: 24.3}}
      us-gov-west-1/openai.gpt-5.6-luna: {input_mtok: {0: 0.27, 272000: 0.54}, cache_read_mtok: {0: 0.027, 272000: 0.054}, cache_write_mtok: {0: 0.3375, 272000: 0.675}, output_mtok: {0: 1.62, 272000: 2.43}}
      us-gov-west-1/openai.gpt-5.4: {input_mtok: 3.375, cache_read_mtok: 0.3375, output_mtok: 20.25}
      us-gov-west-1/xai.grok-4.3: {input_mtok: 1.5, cache_read_mtok: 0.24, output_mtok: 3}
      us-gov-west-1/xai.grok-4.6: {input_mtok: 2.64, cache_read_mtok: 0.66, output_mtok: 7.92}
      us-gov-west-1/google.gemma-4-e2b: {input_mtok: 0.048, output_mtok: 0.096}
      us-gov-west-1/google.gemma-4-26b-a4b: {input_mtok: 0.156, output_mtok: 0.48}
      us-gov-west-1/google.gemma-4-31b: {input_mtok: 0.168, output_mtok: 0.48}
      us-gov-west-1/openai.gpt-oss-20b: {input_mtok: 0.084, output_mtok: 0.36}
      us-gov-west-1/openai.gpt-oss-120b: {input_mtok: 0.18, output_mtok: 0.72}
      us-gov-west-1/anthropic.claude-sonnet-5-5: {input_mtok: 2.4, cache_read_mtok: 0.12, cache_write_mtok: 3, cache_write_1h_mtok: 4.8, output_mtok: 12}
      us-gov-east-1/openai.gpt-5.4: {input_mtok: 3.3, cache_read_mtok: 0.33, output_mtok: 19.8}
      us-gov-east-1/xai.grok-4.6: {input_mtok: 2.64, cache_read_mtok: 0.66, output_mtok: 7.92}
      us-gov-east-1/openai.gpt-oss-20b: {input_mtok: 0.084, output_mtok: 0.36}
      us-gov-east-1/openai.gpt-oss-120b: {input_mtok: 0.18, output_mtok: 0.72}
      deepseek.v3.1:
        prices:
        - {input_mtok: 0.58, output_mtok: 1.68}
        - {tier: batch, input_mtok: 0.29, output_mtok: 0.84}
        - {tier: flex, input_mtok: 0.29, output_mtok: 0.84}
        - {tier: priority, input_mtok: 1.015, output_mtok: 2.94}
      qwen.qwen3-235b-a22b-2507:
        prices:
        - {input_mtok: 0.22, output_mtok: 0.88}
        - {tier: batch, input_mtok: 0.11, output_mtok: 0.44}
        - {tier: flex, input_mtok: 0.11, output_mtok: 0.44}
        - {tier: priority, input_mtok: 0.385, output_mtok: 1.54}
      qwen.qwen3-next-80b-a3b-instruct:
        prices:
        - {input_mtok: 0.14, output_mtok: 1.2}
        - {tier: batch, input_mtok: 0.07, output_mtok: 0.6}
        - {tier: flex, input_mtok: 0.07, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.26, output_mtok: 2.1}
      anthropic.claude-mythos-5-1: {input_mtok: 10, cache_read_mtok: 0.25, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50}
      global.anthropic.claude-mythos-5-1: {input_mtok: 10, cache_read_mtok: 0.25, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50}
      us.anthropic.claude-mythos-5-1: {input_mtok: 11, cache_read_mtok: 0.275, cache_write_mtok: 13.75, cache_write_1h_mtok: 22, output_mtok: 55}
      us.anthropic.claude-mythos-5: {input_mtok: 11, cache_read_mtok: 1.1, cache_write_mtok: 13.75, cache_write_1h_mtok: 22, output_mtok: 55}
      apac.anthropic.claude-fable-5: {input_mtok: 11, cache_read_mtok: 1.1, cache_write_mtok: 13.75, cache_write_1h_mtok: 22, output_mtok: 55}
      apac.anthropic.claude-opus-4-8: {input_mtok: 5.5, cache_read_mtok: 0.55, cache_write_mtok: 6.875, cache_write_1h_mtok: 11, output_mtok: 27.5}
      apac.anthropic.claude-opus-5: {input_mtok: 5.5, cache_read_mtok: 0.55, cache_write_mtok: 6.875, cache_write_1h_mtok: 11, output_mtok: 27.5}
      apac.anthropic.claude-opus-5-5: {input_mtok: 4.4, cache_read_mtok: 0.22, cache_write_mtok: 5.5, cache_write_1h_mtok: 8.8, output_mtok: 22}
      us.anthropic.claude-mythos-preview: {input_mtok: 27.5, cache_read_mtok: 2.75, cache_write_mtok: 34.375, cache_write_1h_mtok: 55, output_mtok: 137.5}
      apac.anthropic.claude-mythos-preview: {input_mtok: 27.5, cache_read_mtok: 2.75, cache_write_mtok: 34.375, cache_write_1h_mtok: 55, output_mtok: 137.5}
      au.anthropic.claude-mythos-preview: {input_mtok: 27.5, cache_read_mtok: 2.75, cache_write_mtok: 34.375, cache_write_1h_mtok: 55, output_mtok: 137.5}
      us-gov-east-1/anthropic.claude-sonnet-5-5: {input_mtok: 2.4, cache_read_mtok: 0.12, cache_write_mtok: 3, cache_write_1h_mtok: 4.8, output_mtok: 12}
      global.xai.grok-4.7:
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 6}
        - {tier: flex, input_mtok: 1, cache_read_mtok: 0.25, output_mtok: 3}
        - {tier: priority, input_mtok: 3.5, cache_read_mtok: 0.875, output_mtok: 10.5}
      us.xai.grok-4.7:
        prices:
        - {input_mtok: 2.2, cache_read_mtok: 0.55, output_mtok: 6.6}
        - {tier: flex, input_mtok: 1.1, cache_read_mtok: 0.275, output_mtok: 3.3}
        - {tier: priority, input_mtok: 3.85, cache_read_mtok: 0.9625, output_mtok: 11.55}
      amazon.nova-2-5-sonic: {input_mtok: 0.33, output_mtok: 2.75, input_audio_mtok: 3, output_audio_mtok: 12}
      us-gov-west-1/anthropic.claude-haiku-5-5: {input_mtok: {0: 0.12, 100000: 0.6}, cache_read_mtok: {0: 0.012, 100000: 0.06}, cache_write_mtok: {0: 0.15, 100000: 0.75}, cache_write_1h_mtok: {0: 0.24, 100000: 1.2}, output_mtok: {0: 0.6, 100000: 3}}
      us-gov-east-1/anthropic.claude-haiku-5-5: {input_mtok: {0: 0.12, 100000: 0.6}, cache_read_mtok: {0: 0.012, 100000: 0.06}, cache_write_mtok: {0: 0.15, 100000: 0.75}, cache_write_1h_mtok: {0: 0.24, 100000: 1.2}, output_mtok: {0: 0.6, 100000: 3}}
      "us.twelvelabs.pegasus-1-5-v1:0": {output_mtok: 7.5}
      "global.twelvelabs.pegasus-1-5-v1:0": {output_mtok: 7.5}
      "twelvelabs.pegasus-1-5-v1:0": {output_mtok: 7.5}
      claude_platform/claude-fable-5:
        prices:
        - {input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      claude_platform/claude-fable-5-1:
        prices:
        - {input_mtok: 10, cache_read_mtok: 0.25, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 5, cache_read_mtok: 0.125, cache_write_mtok: 6.25, output_mtok: 25}
      claude_platform/claude-haiku-4-5:
        prices:
        - {input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, cache_write_1h_mtok: 2, output_mtok: 5}
        - {tier: batch, input_mtok: 0.5, cache_read_mtok: 0.05, cache_write_mtok: 0.625, output_mtok: 2.5}
      claude_platform/claude-haiku-5-5:
        prices:
        - {input_mtok: {0: 0.1, 100000: 0.5}, cache_read_mtok: {0: 0.01, 100000: 0.05}, cache_write_mtok: {0: 0.125, 100000: 0.625}, cache_write_1h_mtok: {0: 0.2, 100000: 1}, output_mtok: {0: 0.5, 100000: 2.5}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: {0: 0.05, 100000: 0.25}, cache_read_mtok: {0: 0.005, 100000: 0.025}, cache_write_mtok: {0: 0.0625, 100000: 0.3125}, output_mtok: {0: 0.25, 100000: 1.25}}
      claude_platform/claude-opus-4-5:
        prices:
        - {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      claude_platform/claude-opus-4-6:
        prices:
        - {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      claude_platform/claude-opus-4-7:
        prices:
        - {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      claude_platform/claude-opus-4-8:
        prices:
        - {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      claude_platform/claude-opus-5:
        prices:
        - {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      claude_platform/claude-opus-5-5:
        prices:
        - {input_mtok: 4, cache_read_mtok: 0.2, cache_write_mtok: 5, cache_write_1h_mtok: 8, output_mtok: 20, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2, cache_read_mtok: 0.1, cache_write_mtok: 2.5, output_mtok: 10}
      claude_platform/claude-sonnet-4-5:
        prices:
        - {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, cache_write_1h_mtok: 6, output_mtok: 15, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1.5, cache_read_mtok: 0.15, cache_write_mtok: 1.875, output_mtok: 7.5}
      claude_platform/claude-sonnet-4-6:
        prices:
        - {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, cache_write_1h_mtok: 6, output_mtok: 15, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1.5, cache_read_mtok: 0.15, cache_write_mtok: 1.875, output_mtok: 7.5}
      claude_platform/claude-sonnet-5:
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 2.5, cache_write_1h_mtok: 4, output_mtok: 10, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, output_mtok: 5}
      claude_platform/claude-sonnet-5-5:
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.1, cache_write_mtok: 2.5, cache_write_1h_mtok: 4, output_mtok: 10, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1, cache_read_mtok: 0.05, cache_write_mtok: 1.25, output_mtok: 5}
  azure:
    match: {or: [{starts_with: azure}, {starts_with: az.}]}
    fallback: [openai, anthropic, deepseek, x-ai, moonshotai]
    tiers: {batch: 0.5}
    models:
      ada: {also: [text-embedding-ada, text-embedding-ada-002, text-embedding-ada-002-v2], input_mtok: 0.1}
      babbage: {also: [babbage-002], input_mtok: 0.4}
      curie: {also: [text-curie, text-curie-001], input_mtok: 2}
      davinci: {also: [davinci-002, text-davinci, text-davinci-002], input_mtok: 2}
      "mai-ds-r1:free": {}
      o1: {also: [o1-2024-12-17], input_mtok: 15, cache_read_mtok: 7.5, output_mtok: 60}
      o1-mini:
        also: [o1-mini-2024-09-12]
        prices:
        - {input_mtok: 1.1, cache_read_mtok: 0.55, output_mtok: 4.4}
        - {tier: batch, input_mtok: 0.55, output_mtok: 2.2}
      o1-preview: {also: [o1-preview-2024-09-12], input_mtok: 15, cache_read_mtok: 7.5, output_mtok: 60}
      o3-2025-04-16:
        also: [o3]
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 8, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 1, output_mtok: 4}
      o3-mini:
        also: [o3-mini-2025-01-31]
        prices:
        - {input_mtok: 1.1, cache_read_mtok: 0.55, output_mtok: 4.4}
        - {tier: batch, input_mtok: 0.55, output_mtok: 2.2}
      o4-mini:
        match: {or: [{contains: o4-mini}, {contains: o4-mini-2025-04-16}]}
        prices:
        - {input_mtok: 1.1, cache_read_mtok: 0.275, output_mtok: 4.4, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.55, output_mtok: 2.2}
      phi-3-medium-128k-instruct: {input_mtok: 0.17, output_mtok: 0.68}
      phi-3-mini-128k-instruct: {input_mtok: 0.13, output_mtok: 0.52}
      phi-3.5-mini-128k-instruct: {input_mtok: 0.13, output_mtok: 0.52}
      phi-4: {input_mtok: 0.125, output_mtok: 0.5}
      phi-4-mini-instruct: {input_mtok: 0.075, output_mtok: 0.3}
      phi-4-multimodal-instruct: {input_mtok: 0.08, output_mtok: 0.32, input_audio_mtok: 4}
      phi-4-reasoning-plus: {input_mtok: 0.125, output_mtok: 0.5}
      "phi-4-reasoning-plus:free": {}
      "phi-4-reasoning:free": {}
      text-embedding-3-large: {input_mtok: 0.13}
      text-embedding-3-small: {input_mtok: 0.02}
      wizardlm-2-8x22b: {input_mtok: 0.48, output_mtok: 0.48}
      codex-mini: {input_mtok: 1.5, cache_read_mtok: 0.375, output_mtok: 6}
      command-r-plus: {input_mtok: 3, output_mtok: 15}
      claude-haiku-4-5: {input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, cache_write_1h_mtok: 2, output_mtok: 5}
      claude-opus-4-5: {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25}
      claude-opus-4-6: {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
      claude-opus-4-7: {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
      claude-fable-5: {input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50, web_searches_kcount: 10}
      claude-fable-5-1: {input_mtok: 10, cache_read_mtok: 0.25, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50, web_searches_kcount: 10}
      claude-opus-5: {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
      claude-opus-5-5: {input_mtok: 4, cache_read_mtok: 0.2, cache_write_mtok: 5, cache_write_1h_mtok: 8, output_mtok: 20, web_searches_kcount: 10}
      claude-opus-4-8: {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
      claude-sonnet-5: {input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 2.5, cache_write_1h_mtok: 4, output_mtok: 10, web_searches_kcount: 10}
      claude-sonnet-4-6: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, cache_write_1h_mtok: 6, output_mtok: 15}
      computer-use-preview: {input_mtok: 3, output_mtok: 12}
      gpt-6-astra: {input_mtok: {0: 10, 272000: 20}, cache_read_mtok: {0: 1, 272000: 2}, cache_write_mtok: {0: 12.5, 272000: 25}, output_mtok: {0: 50, 272000: 75}, web_searches_kcount: 10}
      gpt-6-luna: {input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.5, 272000: 0.75}, web_searches_kcount: 10}
      gpt-6-sol: {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}, web_searches_kcount: 10}
      gpt-6.1-sol: {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}, web_searches_kcount: 10}
      gpt-6.1-terra: {input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.05, 272000: 0.1}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}, web_searches_kcount: 14}
      gpt-5.5:
        prices:
        - {input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 30, 272000: 45}}
        - {tier: priority, input_mtok: {0: 10, 272000: 20}, cache_read_mtok: {0: 1, 272000: 2}, output_mtok: {0: 60, 272000: 90}}
      gpt-chat-latest: {input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 30}
      gpt-image-2: {input_mtok: 5, cache_read_mtok: 1.25, input_image_mtok: 8, output_image_mtok: 30, cache_image_read_mtok: 2}
      whisper: {input_hours: 0.36, output_hours: 0.36}
      gpt-5.5-2026-04-23:
        prices:
        - {input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 30, 272000: 45}}
        - {tier: priority, input_mtok: {0: 10, 272000: 20}, cache_read_mtok: {0: 1, 272000: 2}, output_mtok: {0: 60, 272000: 90}}
      gpt-5.5-2026-04-24:
        prices:
        - {input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 30, 272000: 45}}
        - {tier: priority, input_mtok: {0: 10, 272000: 20}, cache_read_mtok: {0: 1, 272000: 2}, output_mtok: {0: 60, 272000: 90}}
      gpt-5.4:
        prices:
        - {input_mtok: {0: 2.5, 272000: 5}, cache_read_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 15, 272000: 22.5}}
        - {tier: priority, input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 30, 272000: 45}}
      gpt-5.4-2026-03-05:
        prices:
        - {input_mtok: {0: 2.5, 272000: 5}, cache_read_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 15, 272000: 22.5}}
        - {tier: priority, input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 30, 272000: 45}}
      gpt-5.4-pro:
        prices:
        - {input_mtok: {0: 30, 272000: 60}, cache_read_mtok: {0: 3, 272000: 6}, output_mtok: {0: 180, 272000: 270}}
        - {tier: priority, input_mtok: {0: 60, 272000: 120}, cache_read_mtok: {0: 6, 272000: 12}, output_mtok: {0: 360, 272000: 540}}
      gpt-5.4-pro-2026-03-05:
        prices:
        - {input_mtok: {0: 30, 272000: 60}, cache_read_mtok: {0: 3, 272000: 6}, output_mtok: {0: 180, 272000: 270}}
        - {tier: priority, input_mtok: {0: 60, 272000: 120}, cache_read_mtok: {0: 6, 272000: 12}, output_mtok: {0: 360, 272000: 540}}
      gpt-5.4-mini:
        prices:
        - {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 4.5}
        - {tier: priority, input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 9}
      gpt-5.4-mini-2026-03-17:
        prices:
        - {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 4.5}
        - {tier: priority, input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 9}
      gpt-5.4-nano:
        prices:
        - {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 1.25}
        - {tier: priority, input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 2.5}
      gpt-5.4-nano-2026-03-17:
        prices:
        - {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 1.25}
        - {tier: priority, input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 2.5}
      model_router: {input_mtok: 0.14, output_mtok: 0}
      model-router: {input_mtok: 0.14, output_mtok: 0}
      eu/gpt-4o-2024-08-06:
        prices:
        - {input_mtok: 2.75, cache_read_mtok: 1.375, output_mtok: 11}
        - {tier: batch, input_mtok: 1.375, output_mtok: 5.5}
      eu/gpt-4o:
        prices:
        - {input_mtok: 2.75, cache_read_mtok: 1.375, cache_write_mtok: 1.38, output_mtok: 11}
        - {tier: batch, input_mtok: 1.375, output_mtok: 5.5}
      eu/gpt-4o-2024-11-20:
        prices:
        - {input_mtok: 2.75, cache_read_mtok: 1.375, cache_write_mtok: 1.38, output_mtok: 11}
        - {tier: batch, input_mtok: 1.375, output_mtok: 5.5}
      eu/gpt-4o-mini:
        prices:
        - {input_mtok: 0.165, cache_read_mtok: 0.083, output_mtok: 0.66, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.083}
      eu/gpt-4o-mini-2024-07-18:
        prices:
        - {input_mtok: 0.165, cache_read_mtok: 0.083, output_mtok: 0.66, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.083}
      eu/gpt-4o-mini-realtime-preview-2024-12-17: {input_mtok: 0.66, cache_read_mtok: 0.33, output_mtok: 2.64, input_audio_mtok: 11, output_audio_mtok: 22}
      eu/gpt-4o-realtime-preview-2024-10-01: {input_mtok: 5.5, cache_read_mtok: 2.75, output_mtok: 22, input_audio_mtok: 110, output_audio_mtok: 220}
      eu/gpt-4o-realtime-preview-2024-12-17: {input_mtok: 5.5, cache_read_mtok: 2.75, output_mtok: 22, input_audio_mtok: 44, output_audio_mtok: 88, cache_audio_read_mtok: 2.5}
      eu/gpt-5-2025-08-07:
        prices:
        - {input_mtok: 1.375, cache_read_mtok: 0.1375, output_mtok: 11, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.6875, cache_read_mtok: 0.06875, output_mtok: 5.5}
        - {tier: priority, input_mtok: 2.75, cache_read_mtok: 0.275, output_mtok: 22}
      eu/gpt-5-mini-2025-08-07:
        prices:
        - {input_mtok: 0.275, cache_read_mtok: 0.0275, output_mtok: 2.2, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.1375, cache_read_mtok: 0.01375, output_mtok: 1.1}
        - {tier: priority, input_mtok: 0.495, cache_read_mtok: 0.0495, output_mtok: 3.96}
      eu/gpt-5.1:
        prices:
        - {input_mtok: 1.375, cache_read_mtok: 0.1375, output_mtok: 11, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.6875, cache_read_mtok: 0.06875, output_mtok: 5.5}
        - {tier: priority, input_mtok: 2.75, cache_read_mtok: 0.275, output_mtok: 22}
      eu/gpt-5.1-codex: {input_mtok: 1.375, cache_read_mtok: 0.1375, output_mtok: 11}
      eu/gpt-5.1-codex-mini: {input_mtok: 0.275, cache_read_mtok: 0.0275, output_mtok: 2.2}
      eu/gpt-5-nano-2025-08-07:
        prices:
        - {input_mtok: 0.055, cache_read_mtok: 0.0055, output_mtok: 0.44, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.0275, cache_read_mtok: 0.00275, output_mtok: 0.22}
      eu/o1:
        prices:
        - {input_mtok: 16.5, cache_read_mtok: 8.25, output_mtok: 66}
        - {tier: batch, input_mtok: 8.25, output_mtok: 33}
      eu/o1-2024-12-17:
        prices:
        - {input_mtok: 16.5, cache_read_mtok: 8.25, output_mtok: 66}
        - {tier: batch, input_mtok: 8.25, output_mtok: 33}
      eu/o1-mini-2024-09-12:
        prices:
        - {input_mtok: 1.21, cache_read_mtok: 0.605, output_mtok: 4.84}
        - {tier: batch, input_mtok: 0.605, output_mtok: 2.42}
      eu/o3-mini:
        prices:
        - {input_mtok: 1.21, cache_read_mtok: 0.605, output_mtok: 4.84}
        - {tier: batch, input_mtok: 0.605, output_mtok: 2.42}
      eu/o3-mini-2025-01-31:
        prices:
        - {input_mtok: 1.21, cache_read_mtok: 0.605, output_mtok: 4.84}
        - {tier: batch, input_mtok: 0.605, output_mtok: 2.42}
      global-standard/gpt-4o-2024-08-06:
        prices:
        - {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10}
        - {tier: batch, input_mtok: 1.25, output_mtok: 5}
      global-standard/gpt-4o-2024-11-20:
        prices:
        - {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10}
        - {tier: batch, input_mtok: 1.25, output_mtok: 5}
      global-standard/gpt-4o-mini: {input_mtok: 0.15, output_mtok: 0.6, web_searches_kcount: 14}
      global/gpt-4o-2024-08-06:
        prices:
        - {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10}
        - {tier: batch, input_mtok: 1.25, output_mtok: 5}
      global/gpt-4o-2024-11-20:
        prices:
        - {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10}
        - {tier: batch, input_mtok: 1.25, output_mtok: 5}
      global/gpt-5.1:
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
        - {tier: priority, input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 20}
      global/gpt-5.1-codex: {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10}
      global/gpt-5.1-codex-mini: {input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 2}
      gpt-3.5-turbo: {input_mtok: 0.5, output_mtok: 1.5}
      gpt-35-turbo: {input_mtok: 0.5, output_mtok: 1.5}
      gpt-35-turbo-16k: {input_mtok: 3, output_mtok: 4}
      gpt-35-turbo-16k-0613: {input_mtok: 3, output_mtok: 4}
      gpt-35-turbo-instruct: {input_mtok: 1.65, output_mtok: 2.2}
      gpt-35-turbo-instruct-0914: {input_mtok: 1.65, output_mtok: 2.2}
      gpt-4: {input_mtok: 30, output_mtok: 60}
      gpt-4-0125-preview: {input_mtok: 10, output_mtok: 30}
      gpt-4-0613: {input_mtok: 30, output_mtok: 60}
      gpt-4-1106-preview: {input_mtok: 10, output_mtok: 30}
      gpt-4-32k: {input_mtok: 60, output_mtok: 120}
      gpt-4-32k-0613: {input_mtok: 60, output_mtok: 120}
      gpt-4-turbo-vision-preview: {input_mtok: 11, output_mtok: 33}
      gpt-4.1:
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 8, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 1, output_mtok: 4}
        - {tier: priority, input_mtok: 3.5, cache_read_mtok: 0.875, output_mtok: 14}
      gpt-4.1-2025-04-14:
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 8, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 1, output_mtok: 4}
        - {tier: priority, input_mtok: 3.5, cache_read_mtok: 0.875, output_mtok: 14}
      gpt-4.1-mini:
        prices:
        - {input_mtok: 0.4, cache_read_mtok: 0.1, output_mtok: 1.6, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.2, output_mtok: 0.8}
        - {tier: priority, input_mtok: 0.7, cache_read_mtok: 0.175, output_mtok: 2.8}
      gpt-4.1-mini-2025-04-14:
        prices:
        - {input_mtok: 0.4, cache_read_mtok: 0.1, output_mtok: 1.6, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.2, output_mtok: 0.8}
        - {tier: priority, input_mtok: 0.7, cache_read_mtok: 0.175, output_mtok: 2.8}
      gpt-4.1-nano:
        prices:
        - {input_mtok: 0.1, cache_read_mtok: 0.025, output_mtok: 0.4}
        - {tier: batch, input_mtok: 0.05, output_mtok: 0.2}
      gpt-4.1-nano-2025-04-14:
        prices:
        - {input_mtok: 0.1, cache_read_mtok: 0.025, output_mtok: 0.4}
        - {tier: batch, input_mtok: 0.05, output_mtok: 0.2}
      gpt-4.5-preview:
        prices:
        - {input_mtok: 75, cache_read_mtok: 37.5, output_mtok: 150}
        - {tier: batch, input_mtok: 37.5, output_mtok: 75}
      gpt-4o:
        prices:
        - {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10}
        - {tier: batch, input_mtok: 1.25, output_mtok: 5}
      gpt-4o-2024-05-13:
        prices:
        - {input_mtok: 5, output_mtok: 15}
        - {tier: batch, input_mtok: 2.5, output_mtok: 7.5}
      gpt-4o-2024-08-06:
        prices:
        - {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10}
        - {tier: batch, input_mtok: 1.25, output_mtok: 5}
      gpt-4o-2024-11-20:
        prices:
        - {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10}
        - {tier: batch, input_mtok: 1.25, output_mtok: 5}
      gpt-audio: {input_mtok: 2.5, output_mtok: 10, input_audio_mtok: 40, output_audio_mtok: 80}
      gpt-audio-2025-08-28: {input_mtok: 2.5, output_mtok: 10, input_audio_mtok: 40, output_audio_mtok: 80}
      gpt-audio-1.5: {input_mtok: 2.5, output_mtok: 10, input_audio_mtok: 32, output_audio_mtok: 64}
      gpt-audio-1.5-2026-02-23: {input_mtok: 2.5, output_mtok: 10, input_audio_mtok: 32, output_audio_mtok: 64}
      gpt-audio-mini: {input_mtok: 0.6, output_mtok: 2.4, input_audio_mtok: 10, output_audio_mtok: 20}
      gpt-audio-mini-2025-10-06: {input_mtok: 0.6, output_mtok: 2.4, input_audio_mtok: 10, output_audio_mtok: 20}
      gpt-4o-audio-preview-2024-12-17: {input_mtok: 2.5, output_mtok: 10, input_audio_mtok: 40, output_audio_mtok: 80}
      gpt-4o-mini:
        prices:
        - {input_mtok: 0.15, cache_read_mtok: 0.075, output_mtok: 0.6, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.075, output_mtok: 0.3}
      gpt-4o-mini-2024-07-18:
        prices:
        - {input_mtok: 0.15, cache_read_mtok: 0.075, output_mtok: 0.6, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.075, output_mtok: 0.3}
      gpt-4o-mini-audio-preview-2024-12-17: {input_mtok: 0.15, output_mtok: 0.6, input_audio_mtok: 10, output_audio_mtok: 20}
      gpt-4o-mini-realtime-preview-2024-12-17: {input_mtok: 0.6, cache_read_mtok: 0.3, output_mtok: 2.4, input_audio_mtok: 10, output_audio_mtok: 20}
      gpt-realtime: {input_mtok: 4, cache_read_mtok: 0.4, output_mtok: 16, input_audio_mtok: 32, output_audio_mtok: 64, cache_audio_read_mtok: 0.4, input_image_mtok: 5}
      gpt-realtime-2025-08-28: {input_mtok: 4, cache_read_mtok: 0.4, output_mtok: 16, input_audio_mtok: 32, output_audio_mtok: 64, cache_audio_read_mtok: 0.4, input_image_mtok: 5}
      gpt-realtime-1.5: {input_mtok: 4, cache_read_mtok: 0.4, output_mtok: 16, input_audio_mtok: 32, output_audio_mtok: 64, cache_audio_read_mtok: 0.4, input_image_mtok: 5}
      gpt-realtime-1.5-2026-02-23: {input_mtok: 4, cache_read_mtok: 0.4, output_mtok: 16, input_audio_mtok: 32, output_audio_mtok: 64, cache_audio_read_mtok: 0.4, input_image_mtok: 5}
      gpt-realtime-2.1: {input_mtok: 4, cache_read_mtok: 0.4, output_mtok: 24, input_audio_mtok: 32, output_audio_mtok: 64, cache_audio_read_mtok: 0.4, input_image_mtok: 5}
      gpt-realtime-2.1-mini: {input_mtok: 0.6, cache_read_mtok: 0.06, output_mtok: 2.4, input_audio_mtok: 10, output_audio_mtok: 20, cache_audio_read_mtok: 0.3, input_image_mtok: 0.8}
      gpt-realtime-mini: {input_mtok: 0.6, cache_read_mtok: 0.06, output_mtok: 2.4, input_audio_mtok: 10, output_audio_mtok: 20, cache_audio_read_mtok: 0.3, input_image_mtok: 0.8}
      gpt-realtime-mini-2025-10-06: {input_mtok: 0.6, cache_read_mtok: 0.06, output_mtok: 2.4, input_audio_mtok: 10, output_audio_mtok: 20, cache_audio_read_mtok: 0.3, input_image_mtok: 0.8}
      gpt-4o-mini-transcribe: {input_mtok: 1.25, output_mtok: 5, input_audio_mtok: 3}
      gpt-4o-realtime-preview-2024-10-01: {input_mtok: 5, cache_read_mtok: 2.5, output_mtok: 20, input_audio_mtok: 100, output_audio_mtok: 200}
      gpt-4o-realtime-preview-2024-12-17: {input_mtok: 5, cache_read_mtok: 2.5, output_mtok: 20, input_audio_mtok: 40, output_audio_mtok: 80}
      gpt-4o-transcribe: {input_mtok: 2.5, output_mtok: 10, input_audio_mtok: 6}
      gpt-4o-transcribe-diarize: {input_mtok: 2.5, output_mtok: 10, input_audio_mtok: 6}
      gpt-realtime-whisper: {input_hours: 1.02}
      gpt-5.1-2025-11-13:
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
        - {tier: priority, input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 20}
      gpt-5.1-codex-2025-11-13:
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10}
        - {tier: priority, input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 20}
      gpt-5.1-codex-mini-2025-11-13:
        prices:
        - {input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 2}
        - {tier: priority, input_mtok: 0.45, cache_read_mtok: 0.045, output_mtok: 3.6}
      gpt-5:
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
        - {tier: priority, input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 20}
      gpt-5-2025-08-07:
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
        - {tier: priority, input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 20}
      gpt-5-codex: {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10}
      gpt-5-mini:
        prices:
        - {input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 2, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.125, cache_read_mtok: 0.0125, output_mtok: 1}
        - {tier: priority, input_mtok: 0.45, cache_read_mtok: 0.045, output_mtok: 3.6}
      gpt-5-mini-2025-08-07:
        prices:
        - {input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 2, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.125, cache_read_mtok: 0.0125, output_mtok: 1}
        - {tier: priority, input_mtok: 0.45, cache_read_mtok: 0.045, output_mtok: 3.6}
      gpt-5-nano:
        prices:
        - {input_mtok: 0.05, cache_read_mtok: 0.005, output_mtok: 0.4, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.025, cache_read_mtok: 0.0025, output_mtok: 0.2}
      gpt-5-nano-2025-08-07:
        prices:
        - {input_mtok: 0.05, cache_read_mtok: 0.005, output_mtok: 0.4, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.025, cache_read_mtok: 0.0025, output_mtok: 0.2}
      gpt-5-pro:
        prices:
        - {input_mtok: 15, output_mtok: 120, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 7.5, output_mtok: 60}
      gpt-5.1:
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
        - {tier: priority, input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 20}
      gpt-5-chat: {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10}
      gpt-5.1-chat: {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10}
      gpt-5.2-chat: {input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14}
      gpt-5.3-chat: {input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14}
      us/gpt-5.1-chat: {input_mtok: 1.375, cache_read_mtok: 0.1375, output_mtok: 11}
      us/gpt-5.2-chat: {input_mtok: 1.925, cache_read_mtok: 0.1925, output_mtok: 15.4}
      us/gpt-5.3-chat: {input_mtok: 1.925, cache_read_mtok: 0.1925, output_mtok: 15.4}
      eu/gpt-5.1-chat: {input_mtok: 1.375, cache_read_mtok: 0.1375, output_mtok: 11}
      eu/gpt-5.2-chat: {input_mtok: 1.925, cache_read_mtok: 0.1925, output_mtok: 15.4}
      eu/gpt-5.3-chat: {input_mtok: 1.925, cache_read_mtok: 0.1925, output_mtok: 15.4}
      us/o1-preview: {input_mtok: 16.5, cache_read_mtok: 8.25, output_mtok: 66}
      eu/o1-preview: {input_mtok: 16.5, cache_read_mtok: 8.25, output_mtok: 66}
      gpt-5.1-codex: {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10}
      gpt-5.1-codex-max: {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10}
      gpt-5.1-codex-mini: {input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 2}
      gpt-5.2:
        prices:
        - {input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.875, cache_read_mtok: 0.0875, output_mtok: 7}
        - {tier: priority, input_mtok: 3.5, cache_read_mtok: 0.35, output_mtok: 28}
      gpt-5.2-2025-12-11:
        prices:
        - {input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.875, cache_read_mtok: 0.0875, output_mtok: 7}
        - {tier: priority, input_mtok: 3.5, cache_read_mtok: 0.35, output_mtok: 28}
      gpt-5.2-codex: {input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14}
      gpt-5.3-codex:
        prices:
        - {input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14, web_searches_kcount: 14}
        - {tier: priority, input_mtok: 3.5, cache_read_mtok: 0.35, output_mtok: 28}
      gpt-5.2-pro:
        prices:
        - {input_mtok: 21, output_mtok: 168, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 10.5, output_mtok: 84}
      gpt-5.2-pro-2025-12-11:
        prices:
        - {input_mtok: 21, output_mtok: 168, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 10.5, output_mtok: 84}
      us/gpt-5.4:
        prices:
        - {input_mtok: {0: 2.75, 272000: 5.5}, cache_read_mtok: {0: 0.275, 272000: 0.55}, output_mtok: {0: 16.5, 272000: 24.75}}
        - {tier: batch, input_mtok: {0: 1.375, 272000: 2.75}, cache_read_mtok: {0: 0.143, 272000: 0.275}, output_mtok: {0: 8.25, 272000: 12.375}}
        - {tier: priority, input_mtok: 5.5, cache_read_mtok: 0.55, output_mtok: 33}
      eu/gpt-5.4:
        prices:
        - {input_mtok: {0: 2.75, 272000: 5.5}, cache_read_mtok: {0: 0.275, 272000: 0.55}, output_mtok: {0: 16.5, 272000: 24.75}}
        - {tier: batch, input_mtok: {0: 1.375, 272000: 2.75}, cache_read_mtok: {0: 0.143, 272000: 0.275}, output_mtok: {0: 8.25, 272000: 12.375}}
        - {tier: priority, input_mtok: 5.5, cache_read_mtok: 0.55, output_mtok: 33}
      us/gpt-5.4-2026-03-05:
        prices:
        - {input_mtok: {0: 2.75, 272000: 5.5}, cache_read_mtok: {0: 0.275, 272000: 0.55}, output_mtok: {0: 16.5, 272000: 24.75}}
        - {tier: batch, input_mtok: {0: 1.375, 272000: 2.75}, cache_read_mtok: {0: 0.143, 272000: 0.275}, output_mtok: {0: 8.25, 272000: 12.375}}
        - {tier: priority, input_mtok: 5.5, cache_read_mtok: 0.55, output_mtok: 33}
      eu/gpt-5.4-2026-03-05:
        prices:
        - {input_mtok: {0: 2.75, 272000: 5.5}, cache_read_mtok: {0: 0.275, 272000: 0.55}, output_mtok: {0: 16.5, 272000: 24.75}}
        - {tier: batch, input_mtok: {0: 1.375, 272000: 2.75}, cache_read_mtok: {0: 0.143, 272000: 0.275}, output_mtok: {0: 8.25, 272000: 12.375}}
        - {tier: priority, input_mtok: 5.5, cache_read_mtok: 0.55, output_mtok: 33}
      gpt-5.6:
        prices:
        - {input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}, web_searches_kcount: 14}
        - {tier: priority, input_mtok: {0: 8, 272000: 16}, cache_read_mtok: {0: 0.8, 272000: 1.6}, cache_write_mtok: {0: 10, 272000: 20}, output_mtok: {0: 40, 272000: 60}}
      gpt-5.6-sol:
        prices:
        - {input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}, web_searches_kcount: 14}
        - {tier: flex, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
        - {tier: priority, input_mtok: {0: 8, 272000: 16}, cache_read_mtok: {0: 0.8, 272000: 1.6}, cache_write_mtok: {0: 10, 272000: 20}, output_mtok: {0: 40, 272000: 60}}
      gpt-5.6-sol-2026-07-09:
        prices:
        - {input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}, web_searches_kcount: 14}
        - {tier: flex, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
        - {tier: priority, input_mtok: {0: 8, 272000: 16}, cache_read_mtok: {0: 0.8, 272000: 1.6}, cache_write_mtok: {0: 10, 272000: 20}, output_mtok: {0: 40, 272000: 60}}
      gpt-5.6-terra:
        prices:
        - {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 12, 272000: 18}, web_searches_kcount: 14}
        - {tier: flex, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 6, 272000: 9}}
        - {tier: priority, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 24, 272000: 36}}
      gpt-5.6-terra-2026-07-09:
        prices:
        - {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 12, 272000: 18}, web_searches_kcount: 14}
        - {tier: flex, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 6, 272000: 9}}
        - {tier: priority, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 24, 272000: 36}}
      gpt-5.6-luna:
        prices:
        - {input_mtok: {0: 0.2, 272000: 0.4}, cache_read_mtok: {0: 0.02, 272000: 0.04}, cache_write_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 1.2, 272000: 1.8}, web_searches_kcount: 14}
        - {tier: flex, input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.6, 272000: 0.9}}
        - {tier: priority, input_mtok: {0: 0.4, 272000: 0.8}, cache_read_mtok: {0: 0.04, 272000: 0.08}, cache_write_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 2.4, 272000: 3.6}}
      gpt-5.6-luna-2026-07-09:
        prices:
        - {input_mtok: {0: 0.2, 272000: 0.4}, cache_read_mtok: {0: 0.02, 272000: 0.04}, cache_write_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 1.2, 272000: 1.8}, web_searches_kcount: 14}
        - {tier: flex, input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.6, 272000: 0.9}}
        - {tier: priority, input_mtok: {0: 0.4, 272000: 0.8}, cache_read_mtok: {0: 0.04, 272000: 0.08}, cache_write_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 2.4, 272000: 3.6}}
      gpt-6-astra-2026-09-03:
        prices:
        - {input_mtok: {0: 10, 272000: 20}, cache_read_mtok: {0: 1, 272000: 2}, cache_write_mtok: {0: 12.5, 272000: 25}, output_mtok: {0: 50, 272000: 75}, web_searches_kcount: 14}
        - {tier: flex, input_mtok: {0: 10, 272000: 10}, cache_read_mtok: {0: 1, 272000: 1}, cache_write_mtok: {0: 12.5, 272000: 12.5}, output_mtok: {0: 50, 272000: 37.5}}
      gpt-6-luna-2026-09-22: {input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.5, 272000: 0.75}, web_searches_kcount: 14}
      gpt-6-sol-2026-09-22:
        prices:
        - {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}, web_searches_kcount: 14}
        - {tier: priority, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}}
      gpt-6.1-sol-2026-09-29: {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}, web_searches_kcount: 14}
      us/gpt-6.1-terra: {input_mtok: {0: 1.1, 272000: 2.2}, cache_read_mtok: {0: 0.055, 272000: 0.11}, cache_write_mtok: {0: 1.375, 272000: 2.75}, output_mtok: {0: 5.5, 272000: 8.25}, web_searches_kcount: 14}
      us/gpt-6.1-sol: {input_mtok: {0: 2.2, 272000: 4.4}, cache_read_mtok: {0: 0.11, 272000: 0.22}, cache_write_mtok: {0: 2.75, 272000: 5.5}, output_mtok: {0: 11, 272000: 16.5}, web_searches_kcount: 14}
      eu/gpt-6.1-terra: {input_mtok: {0: 1.2, 272000: 2.4}, cache_read_mtok: {0: 0.06, 272000: 0.12}, cache_write_mtok: {0: 1.5, 272000: 3}, output_mtok: {0: 6, 272000: 9}, web_searches_kcount: 14}
      eu/gpt-6.1-sol: {input_mtok: {0: 2.4, 272000: 4.8}, cache_read_mtok: {0: 0.12, 272000: 0.24}, cache_write_mtok: {0: 3, 272000: 6}, output_mtok: {0: 12, 272000: 18}, web_searches_kcount: 14}
      apac/gpt-6.1-terra: {input_mtok: {0: 1.2, 272000: 2.4}, cache_read_mtok: {0: 0.06, 272000: 0.12}, cache_write_mtok: {0: 1.5, 272000: 3}, output_mtok: {0: 6, 272000: 9}, web_searches_kcount: 14}
      apac/gpt-6.1-sol: {input_mtok: {0: 2.4, 272000: 4.8}, cache_read_mtok: {0: 0.12, 272000: 0.24}, cache_write_mtok: {0: 3, 272000: 6}, output_mtok: {0: 12, 272000: 18}, web_searches_kcount: 14}
      chat-latest: {input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 30}
      us/gpt-5.6:
        prices:
        - {input_mtok: {0: 4.4, 272000: 8.8}, cache_read_mtok: {0: 0.44, 272000: 0.88}, cache_write_mtok: {0: 5.5, 272000: 11}, output_mtok: {0: 22, 272000: 33}, web_searches_kcount: 14}
        - {tier: priority, input_mtok: {0: 8.8, 272000: 17.6}, cache_read_mtok: {0: 0.88, 272000: 1.76}, cache_write_mtok: {0: 11, 272000: 22}, output_mtok: {0: 44, 272000: 66}}
      us/gpt-5.6-sol:
        prices:
        - {input_mtok: {0: 4.4, 272000: 8.8}, cache_read_mtok: {0: 0.44, 272000: 0.88}, cache_write_mtok: {0: 5.5, 272000: 11}, output_mtok: {0: 22, 272000: 33}, web_searches_kcount: 14}
        - {tier: priority, input_mtok: {0: 8.8, 272000: 17.6}, cache_read_mtok: {0: 0.88, 272000: 1.76}, cache_write_mtok: {0: 11, 272000: 22}, output_mtok: {0: 44, 272000: 66}}
      us/gpt-5.6-terra:
        prices:
        - {input_mtok: {0: 2.2, 272000: 4.4}, cache_read_mtok: {0: 0.22, 272000: 0.44}, cache_write_mtok: {0: 2.75, 272000: 5.5}, output_mtok: {0: 13.2, 272000: 19.8}, web_searches_kcount: 14}
        - {tier: priority, input_mtok: {0: 4.4, 272000: 8.8}, cache_read_mtok: {0: 0.44, 272000: 0.88}, cache_write_mtok: {0: 5.5, 272000: 11}, output_mtok: {0: 26.4, 272000: 39.6}}
      us/gpt-5.6-luna:
        prices:
        - {input_mtok: {0: 0.22, 272000: 0.44}, cache_read_mtok: {0: 0.022, 272000: 0.044}, cache_write_mtok: {0: 0.275, 272000: 0.55}, output_mtok: {0: 1.32, 272000: 1.98}, web_searches_kcount: 14}
        - {tier: priority, input_mtok: {0: 0.44, 272000: 0.88}, cache_read_mtok: {0: 0.044, 272000: 0.088}, cache_write_mtok: {0: 0.55, 272000: 1.1}, output_mtok: {0: 2.64, 272000: 3.96}}
      us/gpt-6-astra: {input_mtok: {0: 11, 272000: 22}, cache_read_mtok: {0: 1.1, 272000: 2.2}, cache_write_mtok: {0: 13.75, 272000: 27.5}, output_mtok: {0: 55, 272000: 82.5}, web_searches_kcount: 14}
      us/gpt-6-luna: {input_mtok: {0: 0.11, 272000: 0.22}, cache_read_mtok: {0: 0.011, 272000: 0.022}, cache_write_mtok: {0: 0.1375, 272000: 0.275}, output_mtok: {0: 0.55, 272000: 0.825}, web_searches_kcount: 14}
      us/gpt-6-sol:
        prices:
        - {input_mtok: {0: 2.2, 272000: 4.4}, cache_read_mtok: {0: 0.22, 272000: 0.44}, cache_write_mtok: {0: 2.75, 272000: 5.5}, output_mtok: {0: 11, 272000: 16.5}, web_searches_kcount: 14}
        - {tier: priority, input_mtok: {0: 4.4, 272000: 8.8}, cache_read_mtok: {0: 0.44, 272000: 0.88}, cache_write_mtok: {0: 5.5, 272000: 11}, output_mtok: {0: 22, 272000: 33}}
      us/gpt-chat-latest: {input_mtok: 5.5, cache_read_mtok: 0.55, output_mtok: 33}
      eu/gpt-5.6:
        prices:
        - {input_mtok: {0: 4.4, 272000: 8.8}, cache_read_mtok: {0: 0.44, 272000: 0.88}, cache_write_mtok: {0: 5.5, 272000: 11}, output_mtok: {0: 22, 272000: 33}, web_searches_kcount: 14}
        - {tier: priority, input_mtok: {0: 8.8, 272000: 17.6}, cache_read_mtok: {0: 0.88, 272000: 1.76}, cache_write_mtok: {0: 11, 272000: 22}, output_mtok: {0: 44, 272000: 66}}
      eu/gpt-5.6-sol:
        prices:
        - {input_mtok: {0: 4.4, 272000: 8.8}, cache_read_mtok: {0: 0.44, 272000: 0.88}, cache_write_mtok: {0: 5.5, 272000: 11}, output_mtok: {0: 22, 272000: 33}, web_searches_kcount: 14}
        - {tier: priority, input_mtok: {0: 8.8, 272000: 17.6}, cache_read_mtok: {0: 0.88, 272000: 1.76}, cache_write_mtok: {0: 11, 272000: 22}, output_mtok: {0: 44, 272000: 66}}
      eu/gpt-5.6-terra:
        prices:
        - {input_mtok: {0: 2.2, 272000: 4.4}, cache_read_mtok: {0: 0.22, 272000: 0.44}, cache_write_mtok: {0: 2.75, 272000: 5.5}, output_mtok: {0: 13.2, 272000: 19.8}, web_searches_kcount: 14}
        - {tier: priority, input_mtok: {0: 4.4, 272000: 8.8}, cache_read_mtok: {0: 0.44, 272000: 0.88}, cache_write_mtok: {0: 5.5, 272000: 11}, output_mtok: {0: 26.4, 272000: 39.6}}
      eu/gpt-5.6-luna:
        prices:
        - {input_mtok: {0: 0.22, 272000: 0.44}, cache_read_mtok: {0: 0.022, 272000: 0.044}, cache_write_mtok: {0: 0.275, 272000: 0.55}, output_mtok: {0: 1.32, 272000: 1.98}, web_searches_kcount: 14}
        - {tier: priority, input_mtok: {0: 0.44, 272000: 0.88}, cache_read_mtok: {0: 0.044, 272000: 0.088}, cache_write_mtok: {0: 0.55, 272000: 1.1}, output_mtok: {0: 2.64, 272000: 3.96}}
      us/gpt-5.5:
        prices:
        - {input_mtok: {0: 5.5, 272000: 11}, cache_read_mtok: {0: 0.55, 272000: 1.1}, output_mtok: {0: 33, 272000: 49.5}, web_searches_kcount: 14}
        - {tier: batch, input_mtok: {0: 2.75, 272000: 5.5}, cache_read_mtok: {0: 0.275, 272000: 0.55}, output_mtok: {0: 16.5, 272000: 24.75}}
        - {tier: priority, input_mtok: 13.75, cache_read_mtok: 1.375, output_mtok: 82.5}
      eu/gpt-5.5:
        prices:
        - {input_mtok: {0: 5.5, 272000: 11}, cache_read_mtok: {0: 0.55, 272000: 1.1}, output_mtok: {0: 33, 272000: 49.5}, web_searches_kcount: 14}
        - {tier: batch, input_mtok: {0: 2.75, 272000: 5.5}, cache_read_mtok: {0: 0.275, 272000: 0.55}, output_mtok: {0: 16.5, 272000: 24.75}}
        - {tier: priority, input_mtok: 13.75, cache_read_mtok: 1.375, output_mtok: 82.5}
      us/gpt-5.5-2026-04-23:
        prices:
        - {input_mtok: {0: 5.5, 272000: 11}, cache_read_mtok: {0: 0.55, 272000: 1.1}, output_mtok: {0: 33, 272000: 49.5}, web_searches_kcount: 14}
        - {tier: batch, input_mtok: {0: 2.75, 272000: 5.5}, cache_read_mtok: {0: 0.275, 272000: 0.55}, output_mtok: {0: 16.5, 272000: 24.75}}
        - {tier: priority, input_mtok: 13.75, cache_read_mtok: 1.375, output_mtok: 82.5}
      us/gpt-5.5-2026-04-24:
        prices:
        - {input_mtok: {0: 5.5, 272000: 11}, cache_read_mtok: {0: 0.55, 272000: 1.1}, output_mtok: {0: 33, 272000: 49.5}, web_searches_kcount: 14}
        - {tier: batch, input_mtok: {0: 2.75, 272000: 5.5}, cache_read_mtok: {0: 0.275, 272000: 0.55}, output_mtok: {0: 16.5, 272000: 24.75}}
        - {tier: priority, input_mtok: 13.75, cache_read_mtok: 1.375, output_mtok: 82.5}
      eu/gpt-5.5-2026-04-23:
        prices:
        - {input_mtok: {0: 5.5, 272000: 11}, cache_read_mtok: {0: 0.55, 272000: 1.1}, output_mtok: {0: 33, 272000: 49.5}, web_searches_kcount: 14}
        - {tier: batch, input_mtok: {0: 2.75, 272000: 5.5}, cache_read_mtok: {0: 0.275, 272000: 0.55}, output_mtok: {0: 16.5, 272000: 24.75}}
        - {tier: priority, input_mtok: 13.75, cache_read_mtok: 1.375, output_mtok: 82.5}
      eu/gpt-5.5-2026-04-24:
        prices:
        - {input_mtok: {0: 5.5, 272000: 11}, cache_read_mtok: {0: 0.55, 272000: 1.1}, output_mtok: {0: 33, 272000: 49.5}, web_searches_kcount: 14}
        - {tier: batch, input_mtok: {0: 2.75, 272000: 5.5}, cache_read_mtok: {0: 0.275, 272000: 0.55}, output_mtok: {0: 16.5, 272000: 24.75}}
        - {tier: priority, input_mtok: 13.75, cache_read_mtok: 1.375, output_mtok: 82.5}
      gpt-5.5-pro: {input_mtok: {0: 30, 272000: 60}, cache_read_mtok: {0: 3, 272000: 6}, output_mtok: {0: 180, 272000: 270}, web_searches_kcount: 14}
      gpt-5.5-pro-2026-04-23: {input_mtok: {0: 30, 272000: 60}, cache_read_mtok: {0: 3, 272000: 6}, output_mtok: {0: 180, 272000: 270}, web_searches_kcount: 14}
      gpt-image-1: {input_mtok: 5, cache_read_mtok: 1.25, input_image_mtok: 10, output_image_mtok: 40, cache_image_read_mtok: 2.5}
      gpt-image-1-mini: {input_mtok: 2, cache_read_mtok: 0.2, input_image_mtok: 2.5, output_image_mtok: 8, cache_image_read_mtok: 0.25}
      gpt-image-1.5: {input_mtok: 5, cache_read_mtok: 1.25, output_mtok: 10, input_image_mtok: 8, output_image_mtok: 32, cache_image_read_mtok: 2}
      gpt-image-1.5-2025-12-16: {input_mtok: 5, cache_read_mtok: 1.25, output_mtok: 10, input_image_mtok: 8, output_image_mtok: 32, cache_image_read_mtok: 2}
      gpt-image-2.5-flare: {input_mtok: 5, cache_read_mtok: 1.25, input_image_mtok: 8, output_image_mtok: 30, cache_image_read_mtok: 2}
      gpt-image-2.5-sunburst: {input_mtok: 5, cache_read_mtok: 1.25, input_image_mtok: 8, output_image_mtok: 30, cache_image_read_mtok: 2}
      gpt-image-2-2026-04-21: {input_mtok: 5, cache_read_mtok: 1.25, input_image_mtok: 8, output_image_mtok: 30, cache_image_read_mtok: 2}
      mistral-large-2402: {input_mtok: 8, output_mtok: 24}
      mistral-large-latest: {input_mtok: 8, output_mtok: 24}
      o3-deep-research: {input_mtok: 10, cache_read_mtok: 2.5, output_mtok: 40, web_searches_kcount: 14}
      o3-pro:
        prices:
        - {input_mtok: 20, output_mtok: 80, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 10, output_mtok: 40}
      o3-pro-2025-06-10:
        prices:
        - {input_mtok: 20, output_mtok: 80, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 10, output_mtok: 40}
      speech/azure-tts: {input_mchars: 15}
      speech/azure-tts-hd: {input_mchars: 30}
      speech/azure-stt: {input_hours: 1.00000008, output_hours: 0}
      tts-1: {input_mchars: 15}
      tts-1-hd: {input_mchars: 33}
      us/gpt-4.1-2025-04-14:
        prices:
        - {input_mtok: 2.2, cache_read_mtok: 0.55, output_mtok: 8.8, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 1.1, output_mtok: 4.4}
        - {tier: priority, input_mtok: 3.85, cache_read_mtok: 0.963, output_mtok: 15.4}
      us/gpt-4.1-mini-2025-04-14:
        prices:
        - {input_mtok: 0.44, cache_read_mtok: 0.11, output_mtok: 1.76, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.22, output_mtok: 0.88}
        - {tier: priority, input_mtok: 0.77, cache_read_mtok: 0.193, output_mtok: 3.08}
      us/gpt-4.1-nano-2025-04-14:
        prices:
        - {input_mtok: 0.11, cache_read_mtok: 0.028, output_mtok: 0.44}
        - {tier: batch, input_mtok: 0.055, output_mtok: 0.22}
      us/gpt-4o-2024-08-06:
        prices:
        - {input_mtok: 2.75, cache_read_mtok: 1.375, output_mtok: 11}
        - {tier: batch, input_mtok: 1.375, output_mtok: 5.5}
      us/gpt-4o:
        prices:
        - {input_mtok: 2.75, cache_read_mtok: 1.375, cache_write_mtok: 1.38, output_mtok: 11}
        - {tier: batch, input_mtok: 1.375, output_mtok: 5.5}
      us/gpt-4o-2024-11-20:
        prices:
        - {input_mtok: 2.75, cache_read_mtok: 1.375, cache_write_mtok: 1.38, output_mtok: 11}
        - {tier: batch, input_mtok: 1.375, output_mtok: 5.5}
      us/gpt-4o-mini:
        prices:
        - {input_mtok: 0.165, cache_read_mtok: 0.083, output_mtok: 0.66, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.083}
      us/gpt-4o-mini-2024-07-18:
        prices:
        - {input_mtok: 0.165, cache_read_mtok: 0.083, output_mtok: 0.66, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.083}
      us/gpt-4o-mini-realtime-preview-2024-12-17: {input_mtok: 0.66, cache_read_mtok: 0.33, output_mtok: 2.64, input_audio_mtok: 11, output_audio_mtok: 22}
      us/gpt-4o-realtime-preview-2024-10-01: {input_mtok: 5.5, cache_read_mtok: 2.75, output_mtok: 22, input_audio_mtok: 110, output_audio_mtok: 220}
      us/gpt-4o-realtime-preview-2024-12-17: {input_mtok: 5.5, cache_read_mtok: 2.75, output_mtok: 22, input_audio_mtok: 44, output_audio_mtok: 88, cache_audio_read_mtok: 2.5}
      us/gpt-5-2025-08-07:
        prices:
        - {input_mtok: 1.375, cache_read_mtok: 0.1375, output_mtok: 11, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.6875, cache_read_mtok: 0.06875, output_mtok: 5.5}
        - {tier: priority, input_mtok: 2.75, cache_read_mtok: 0.275, output_mtok: 22}
      us/gpt-5-mini-2025-08-07:
        prices:
        - {input_mtok: 0.275, cache_read_mtok: 0.0275, output_mtok: 2.2, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.1375, cache_read_mtok: 0.01375, output_mtok: 1.1}
        - {tier: priority, input_mtok: 0.495, cache_read_mtok: 0.0495, output_mtok: 3.96}
      us/gpt-5-nano-2025-08-07:
        prices:
        - {input_mtok: 0.055, cache_read_mtok: 0.0055, output_mtok: 0.44, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.0275, cache_read_mtok: 0.00275, output_mtok: 0.22}
      us/gpt-5.1:
        prices:
        - {input_mtok: 1.375, cache_read_mtok: 0.1375, output_mtok: 11, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.6875, cache_read_mtok: 0.06875, output_mtok: 5.5}
        - {tier: priority, input_mtok: 2.75, cache_read_mtok: 0.275, output_mtok: 22}
      us/gpt-5.1-codex: {input_mtok: 1.375, cache_read_mtok: 0.1375, output_mtok: 11}
      us/gpt-5.1-codex-mini: {input_mtok: 0.275, cache_read_mtok: 0.0275, output_mtok: 2.2}
      us/o1:
        prices:
        - {input_mtok: 16.5, cache_read_mtok: 8.25, output_mtok: 66}
        - {tier: batch, input_mtok: 8.25, output_mtok: 33}
      us/o1-2024-12-17:
        prices:
        - {input_mtok: 16.5, cache_read_mtok: 8.25, output_mtok: 66}
        - {tier: batch, input_mtok: 8.25, output_mtok: 33}
      us/o1-mini-2024-09-12:
        prices:
        - {input_mtok: 1.21, cache_read_mtok: 0.605, output_mtok: 4.84}
        - {tier: batch, input_mtok: 0.605, output_mtok: 2.42}
      us/o3:
        prices:
        - {input_mtok: 2.2, cache_read_mtok: 0.55, output_mtok: 8.8, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 1.1, output_mtok: 4.4}
      us/o3-2025-04-16:
        prices:
        - {input_mtok: 2.2, cache_read_mtok: 0.55, output_mtok: 8.8, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 1.1, output_mtok: 4.4}
      us/o3-mini:
        prices:
        - {input_mtok: 1.21, cache_read_mtok: 0.605, output_mtok: 4.84}
        - {tier: batch, input_mtok: 0.605, output_mtok: 2.42}
      us/o3-mini-2025-01-31:
        prices:
        - {input_mtok: 1.21, cache_read_mtok: 0.605, output_mtok: 4.84}
        - {tier: batch, input_mtok: 0.605, output_mtok: 2.42}
      whisper-1: {input_hours: 0.36, output_hours: 0.36}
      Cohere-embed-v3-english: {input_mtok: 0.1, output_mtok: 0}
      Cohere-embed-v3-multilingual: {input_mtok: 0.1, output_mtok: 0}
      Codestral-2501: {input_mtok: 0.3, output_mtok: 0.9}
      FLUX-1.1-pro: {images_kcount: 40}
      FLUX.1-Kontext-pro: {images_kcount: 40}
      flux.2-pro: {images_kcount: 40}
      FW-DeepSeek-V3.2: {input_mtok: 0.62, cache_read_mtok: 0.31, output_mtok: 1.85}
      FW-DeepSeek-V4-Pro: {input_mtok: 1.925, cache_read_mtok: 0.165, output_mtok: 3.828}
      FW-GLM-5: {input_mtok: 1.1, cache_read_mtok: 0.22, output_mtok: 3.52}
      FW-GLM-5.1: {input_mtok: 1.54, cache_read_mtok: 0.286, output_mtok: 4.84}
      FW-GLM-5.2: {input_mtok: 1.54, cache_read_mtok: 0.15, output_mtok: 4.84}
      FW-GLM-5.2-Fast: {input_mtok: 2.31, cache_read_mtok: 0.231, output_mtok: 7.26}
      FW-Inkling: {input_mtok: 1.1, cache_read_mtok: 0.19, output_mtok: 4.46}
      FW-Kimi-K2.5: {input_mtok: 0.66, cache_read_mtok: 0.11, output_mtok: 3.3}
      FW-Kimi-K2.6: {input_mtok: 1.045, cache_read_mtok: 0.176, output_mtok: 4.4}
      FW-Kimi-K2.7-Code: {input_mtok: 1.05, cache_read_mtok: 0.21, output_mtok: 4.4}
      FW-Kimi-K3: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      FW-MiniMax-M2.5: {input_mtok: 0.33, cache_read_mtok: 0.033, output_mtok: 1.32}
      FW-MiniMax-M3: {input_mtok: 0.33, cache_read_mtok: 0.066, output_mtok: 1.32}
      FW-Nemotron-Lightning-3.5-30B-A3B: {input_mtok: 0.06, cache_read_mtok: 0.01, output_mtok: 0.22}
      FW-Nemotron-3-Ultra-NVFP4: {input_mtok: 0.66, cache_read_mtok: 0.13, output_mtok: 2.64}
      MAI-Image-2.5: {input_mtok: 5, input_image_mtok: 8, output_image_mtok: 47, images_kcount: 48}
      MAI-Image-2.5-Flash: {input_mtok: 1.75, output_image_mtok: 19.5, images_kcount: 20}
      MAI-Image-2.5-Pro: {input_mtok: 5, input_image_mtok: 8, output_image_mtok: 106, images_kcount: 108.5}
      MAI-Thinking-1: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 8}
      Llama-3.3-70B-Instruct: {input_mtok: 0.71, output_mtok: 0.71}
      Llama-4-Maverick-17B-128E-Instruct-FP8: {input_mtok: 0.25, output_mtok: 1}
      Llama-4-Scout-17B-16E-Instruct: {input_mtok: 0.2, output_mtok: 0.78}
      Meta-Llama-3-70B-Instruct: {input_mtok: 1.1, output_mtok: 0.37}
      Meta-Llama-3.1-70B-Instruct: {input_mtok: 2.68, output_mtok: 3.54}
      Phi-3-medium-4k-instruct: {input_mtok: 0.17, output_mtok: 0.68}
      Phi-3-mini-4k-instruct: {input_mtok: 0.13, output_mtok: 0.52}
      Phi-3-small-128k-instruct: {input_mtok: 0.15, output_mtok: 0.6}
      Phi-3-small-8k-instruct: {input_mtok: 0.15, output_mtok: 0.6}
      Phi-3.5-MoE-instruct: {input_mtok: 0.16, output_mtok: 0.64}
      Phi-3.5-mini-instruct: {input_mtok: 0.13, output_mtok: 0.52}
      Phi-3.5-vision-instruct: {input_mtok: 0.13, output_mtok: 0.52}
      Phi-4-mini-reasoning: {input_mtok: 0.075, output_mtok: 0.3}
      Phi-4-reasoning: {input_mtok: 0.125, output_mtok: 0.5}
      cohere-command-a: {input_mtok: 2.5, output_mtok: 10}
      MAI-DS-R1: {input_mtok: 1.35, output_mtok: 5.4}
      cohere-rerank-v3-english: {input_mtok: 0, output_mtok: 0, requests_kcount: 2}
      cohere-rerank-v3-multilingual: {input_mtok: 0, output_mtok: 0, requests_kcount: 2}
      cohere-rerank-v4.0-pro: {input_mtok: 0, output_mtok: 0, requests_kcount: 2.5}
      cohere-rerank-v4.0-fast: {input_mtok: 0, output_mtok: 0, requests_kcount: 2}
      deepseek-v3.2-speciale: {input_mtok: 0.58, output_mtok: 1.68}
      deepseek-v3: {input_mtok: 1.14, output_mtok: 4.56}
      embed-v-4-0: {input_mtok: 0.12, output_mtok: 0, input_image_mtok: 0.47}
      grok-4: {input_mtok: 3, output_mtok: 15}
      grok-4-20-reasoning: {input_mtok: 1.25, output_mtok: 2.5}
      grok-4-20-non-reasoning: {input_mtok: 1.25, output_mtok: 2.5}
      grok-4-1-fast-non-reasoning: {input_mtok: 0.2, output_mtok: 0.5}
      grok-4-1-fast-reasoning: {input_mtok: 0.2, output_mtok: 0.5}
      grok-code-fast-1: {input_mtok: 0.2, output_mtok: 1.5}
      jais-30b-chat: {input_mtok: 3200, output_mtok: 9710}
      jamba-instruct: {input_mtok: 0.5, output_mtok: 0.7}
      kimi-k2.5: {input_mtok: 0.6, cache_read_mtok: 0.1, output_mtok: 3}
      kimi-k2.6: {input_mtok: 0.95, cache_read_mtok: 0.16, output_mtok: 4}
      ministral-3b: {input_mtok: 0.04, output_mtok: 0.04}
      mistral-large: {input_mtok: 4, output_mtok: 12}
      mistral-large-2407: {input_mtok: 2, output_mtok: 6}
      mistral-large-3: {input_mtok: 0.5, output_mtok: 1.5}
      mistral-medium-2505: {input_mtok: 0.4, output_mtok: 2}
      mistral-nemo: {input_mtok: 0.15, output_mtok: 0.15}
      mistral-small: {input_mtok: 1, output_mtok: 3}
      mistral-small-2503: {input_mtok: 0.1, output_mtok: 0.3}
      kimi-k2.7-code: {input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
      deepseek-v4.1-flash: {input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
      MAI-Image-2.6: {input_mtok: 5, input_image_mtok: 8, output_image_mtok: 38}
      MAI-Image-2.6-Flash: {input_mtok: 1.75, input_image_mtok: 2.5, output_image_mtok: 19}
      FW-DeepSeek-V4.1-Flash: {input_mtok: 0.375, cache_read_mtok: 0.008, output_mtok: 1.5}
      FW-DeepSeek-V4-Flash: {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.31}
      FW-GLM-5.3: {input_mtok: 1.75, cache_read_mtok: 0.325, output_mtok: 5.5}
      FW-GLM-5.3-Flash: {input_mtok: 0.188, cache_read_mtok: 0.038, output_mtok: 0.625}
      FW-GPT-OSS-120B: {input_mtok: 0.165, cache_read_mtok: 0.082, output_mtok: 0.66}
      Cohere-command-a-plus-05-2026: {input_mtok: 0.8, output_mtok: 3.2}
      mistral-medium-3-5: {input_mtok: 1.5, output_mtok: 7.5}
      deepseek-v3-0324: {input_mtok: 1.14, output_mtok: 4.56}
      deepseek-v3.1: {input_mtok: 1.23, output_mtok: 4.94}
      grok-3: {input_mtok: 3, output_mtok: 15}
      grok-4-fast-non-reasoning: {input_mtok: 0.2, output_mtok: 0.5}
      grok-4-fast-reasoning: {input_mtok: 0.2, output_mtok: 0.5}
      us-gov/gpt-5.1: {input_mtok: 1.71875, cache_read_mtok: 0.171875, output_mtok: 13.75}
      us-gov/o3-mini: {input_mtok: 1.513, cache_read_mtok: 0.757, output_mtok: 6.05}
      us-gov/text-embedding-3-large: {input_mtok: 0.163, output_mtok: 0}
      us-gov/text-embedding-3-small: {input_mtok: 0.025, output_mtok: 0}
      eu/codex-mini: {input_mtok: 1.65, cache_read_mtok: 0.413, output_mtok: 6.6}
      eu/computer-use-preview: {input_mtok: 3.3, output_mtok: 13.2}
      eu/gpt-4.1:
        prices:
        - {input_mtok: 2.2, cache_read_mtok: 0.55, output_mtok: 8.8, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 1.1, output_mtok: 4.4}
        - {tier: priority, input_mtok: 3.85, cache_read_mtok: 0.963, output_mtok: 15.4}
      eu/gpt-4.1-mini:
        prices:
        - {input_mtok: 0.44, cache_read_mtok: 0.11, output_mtok: 1.76, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.22, output_mtok: 0.88}
        - {tier: priority, input_mtok: 0.77, cache_read_mtok: 0.193, output_mtok: 3.08}
      eu/gpt-4.1-nano:
        prices:
        - {input_mtok: 0.11, cache_read_mtok: 0.028, output_mtok: 0.44}
        - {tier: batch, input_mtok: 0.055, output_mtok: 0.22}
      eu/gpt-4o-2024-05-13:
        prices:
        - {input_mtok: 5.5, output_mtok: 16.5}
        - {tier: batch, input_mtok: 2.75, output_mtok: 8.25}
      eu/gpt-5:
        prices:
        - {input_mtok: 1.375, cache_read_mtok: 0.1375, output_mtok: 11, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.6875, cache_read_mtok: 0.06875, output_mtok: 5.5}
        - {tier: priority, input_mtok: 2.75, cache_read_mtok: 0.275, output_mtok: 22}
      eu/gpt-5-codex: {input_mtok: 1.375, cache_read_mtok: 0.138, output_mtok: 11}
      eu/gpt-5-mini:
        prices:
        - {input_mtok: 0.275, cache_read_mtok: 0.0275, output_mtok: 2.2, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.1375, cache_read_mtok: 0.01375, output_mtok: 1.1}
        - {tier: priority, input_mtok: 0.495, cache_read_mtok: 0.0495, output_mtok: 3.96}
      eu/gpt-5-nano:
        prices:
        - {input_mtok: 0.055, cache_read_mtok: 0.0055, output_mtok: 0.44, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.0275, cache_read_mtok: 0.00275, output_mtok: 0.22}
      eu/gpt-5-pro:
        prices:
        - {input_mtok: 16.5, output_mtok: 132, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 8.25, output_mtok: 66}
      eu/gpt-5.1-codex-max: {input_mtok: 1.375, cache_read_mtok: 0.1375, output_mtok: 11}
      eu/gpt-5.2:
        prices:
        - {input_mtok: 1.925, cache_read_mtok: 0.1925, output_mtok: 15.4, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.9625, cache_read_mtok: 0.09625, output_mtok: 7.7}
        - {tier: priority, input_mtok: 3.85, cache_read_mtok: 0.385, output_mtok: 30.8}
      eu/gpt-5.2-codex: {input_mtok: 1.925, cache_read_mtok: 0.1925, output_mtok: 15.4}
      eu/gpt-5.2-pro:
        prices:
        - {input_mtok: 23.1, output_mtok: 184.8, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 11.55, output_mtok: 92.4}
      eu/gpt-5.3-codex:
        prices:
        - {input_mtok: 1.925, cache_read_mtok: 0.1925, output_mtok: 15.4, web_searches_kcount: 14}
        - {tier: priority, input_mtok: 3.85, cache_read_mtok: 0.385, output_mtok: 30.8}
      eu/gpt-5.4-mini:
        prices:
        - {input_mtok: 0.825, cache_read_mtok: 0.0825, output_mtok: 4.95, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.4125, cache_read_mtok: 0.04125, output_mtok: 2.475}
        - {tier: priority, input_mtok: 1.65, cache_read_mtok: 0.165, output_mtok: 9.9}
      eu/gpt-5.4-nano:
        prices:
        - {input_mtok: 0.22, cache_read_mtok: 0.022, output_mtok: 1.375, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.11, cache_read_mtok: 0.011, output_mtok: 0.6875}
      eu/gpt-5.4-pro:
        prices:
        - {input_mtok: {0: 33, 272000: 66}, output_mtok: {0: 198, 272000: 297}, web_searches_kcount: 14}
        - {tier: batch, input_mtok: {0: 16.5, 272000: 33}, output_mtok: {0: 99, 272000: 148.5}}
      eu/gpt-6-astra: {input_mtok: {0: 12, 272000: 24}, cache_read_mtok: {0: 1.2, 272000: 2.4}, cache_write_mtok: {0: 15, 272000: 30}, output_mtok: {0: 60, 272000: 90}, web_searches_kcount: 14}
      eu/gpt-6-luna: {input_mtok: {0: 0.12, 272000: 0.24}, cache_read_mtok: {0: 0.012, 272000: 0.024}, cache_write_mtok: {0: 0.15, 272000: 0.3}, output_mtok: {0: 0.6, 272000: 0.9}, web_searches_kcount: 14}
      eu/gpt-6-sol: {input_mtok: {0: 2.4, 272000: 4.8}, cache_read_mtok: {0: 0.24, 272000: 0.48}, cache_write_mtok: {0: 3, 272000: 6}, output_mtok: {0: 12, 272000: 18}, web_searches_kcount: 14}
      eu/o1-mini:
        prices:
        - {input_mtok: 1.21, cache_read_mtok: 0.605, output_mtok: 4.84}
        - {tier: batch, input_mtok: 0.605, output_mtok: 2.42}
      eu/o3:
        prices:
        - {input_mtok: 2.2, cache_read_mtok: 0.55, output_mtok: 8.8, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 1.1, output_mtok: 4.4}
      eu/o3-2025-04-16:
        prices:
        - {input_mtok: 2.2, cache_read_mtok: 0.55, output_mtok: 8.8, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 1.1, output_mtok: 4.4}
      eu/o3-deep-research: {input_mtok: 11, cache_read_mtok: 2.75, output_mtok: 44}
      eu/text-embedding-3-large: {input_mtok: 0.143}
      eu/text-embedding-3-small: {input_mtok: 0.022}
      eu/text-embedding-ada-002: {input_mtok: 0.11}
      us/codex-mini: {input_mtok: 1.65, cache_read_mtok: 0.413, output_mtok: 6.6}
      us/computer-use-preview: {input_mtok: 3.3, output_mtok: 13.2}
      us/gpt-4.1:
        prices:
        - {input_mtok: 2.2, cache_read_mtok: 0.55, output_mtok: 8.8, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 1.1, output_mtok: 4.4}
        - {tier: priority, input_mtok: 3.85, cache_read_mtok: 0.963, output_mtok: 15.4}
      us/gpt-4.1-mini:
        prices:
        - {input_mtok: 0.44, cache_read_mtok: 0.11, output_mtok: 1.76, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.22, output_mtok: 0.88}
        - {tier: priority, input_mtok: 0.77, cache_read_mtok: 0.193, output_mtok: 3.08}
      us/gpt-4.1-nano:
        prices:
        - {input_mtok: 0.11, cache_read_mtok: 0.028, output_mtok: 0.44}
        - {tier: batch, input_mtok: 0.055, output_mtok: 0.22}
      us/gpt-4o-2024-05-13:
        prices:
        - {input_mtok: 5.5, output_mtok: 16.5}
        - {tier: batch, input_mtok: 2.75, output_mtok: 8.25}
      us/gpt-5:
        prices:
        - {input_mtok: 1.375, cache_read_mtok: 0.1375, output_mtok: 11, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.6875, cache_read_mtok: 0.06875, output_mtok: 5.5}
        - {tier: priority, input_mtok: 2.75, cache_read_mtok: 0.275, output_mtok: 22}
      us/gpt-5-codex: {input_mtok: 1.375, cache_read_mtok: 0.138, output_mtok: 11}
      us/gpt-5-mini:
        prices:
        - {input_mtok: 0.275, cache_read_mtok: 0.0275, output_mtok: 2.2, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.1375, cache_read_mtok: 0.01375, output_mtok: 1.1}
        - {tier: priority, input_mtok: 0.495, cache_read_mtok: 0.0495, output_mtok: 3.96}
      us/gpt-5-nano:
        prices:
        - {input_mtok: 0.055, cache_read_mtok: 0.0055, output_mtok: 0.44, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.0275, cache_read_mtok: 0.00275, output_mtok: 0.22}
      us/gpt-5-pro:
        prices:
        - {input_mtok: 16.5, output_mtok: 132, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 8.25, output_mtok: 66}
      us/gpt-5.1-codex-max: {input_mtok: 1.375, cache_read_mtok: 0.1375, output_mtok: 11}
      us/gpt-5.2:
        prices:
        - {input_mtok: 1.925, cache_read_mtok: 0.1925, output_mtok: 15.4, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.9625, cache_read_mtok: 0.09625, output_mtok: 7.7}
        - {tier: priority, input_mtok: 3.85, cache_read_mtok: 0.385, output_mtok: 30.8}
      us/gpt-5.2-codex: {input_mtok: 1.925, cache_read_mtok: 0.1925, output_mtok: 15.4}
      us/gpt-5.2-pro:
        prices:
        - {input_mtok: 23.1, output_mtok: 184.8, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 11.55, output_mtok: 92.4}
      us/gpt-5.3-codex:
        prices:
        - {input_mtok: 1.925, cache_read_mtok: 0.1925, output_mtok: 15.4, web_searches_kcount: 14}
        - {tier: priority, input_mtok: 3.85, cache_read_mtok: 0.385, output_mtok: 30.8}
      us/gpt-5.4-mini:
        prices:
        - {input_mtok: 0.825, cache_read_mtok: 0.0825, output_mtok: 4.95, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.4125, cache_read_mtok: 0.04125, output_mtok: 2.475}
        - {tier: priority, input_mtok: 1.65, cache_read_mtok: 0.165, output_mtok: 9.9}
      us/gpt-5.4-nano:
        prices:
        - {input_mtok: 0.22, cache_read_mtok: 0.022, output_mtok: 1.375, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.11, cache_read_mtok: 0.011, output_mtok: 0.6875}
      us/gpt-5.4-pro:
        prices:
        - {input_mtok: {0: 33, 272000: 66}, output_mtok: {0: 198, 272000: 297}, web_searches_kcount: 14}
        - {tier: batch, input_mtok: {0: 16.5, 272000: 33}, output_mtok: {0: 99, 272000: 148.5}}
      us/o1-mini:
        prices:
        - {input_mtok: 1.21, cache_read_mtok: 0.605, output_mtok: 4.84}
        - {tier: batch, input_mtok: 0.605, output_mtok: 2.42}
      us/o3-deep-research: {input_mtok: 11, cache_read_mtok: 2.75, output_mtok: 44}
      us/text-embedding-3-large: {input_mtok: 0.143}
      us/text-embedding-3-small: {input_mtok: 0.022}
      us/text-embedding-ada-002: {input_mtok: 0.11}
      gpt-realtime-2: {input_mtok: 4, cache_read_mtok: 0.4, output_mtok: 24, input_audio_mtok: 32, output_audio_mtok: 64, cache_audio_read_mtok: 0.4, input_image_mtok: 5}
      gpt-live-1: {input_hours: 3}
      gpt-live-transcribe: {input_hours: 1.02}
      gpt-transcribe: {input_hours: 0.27}
      gpt-realtime-translate: {input_hours: 2.04}
      MAI-Cyber-1-Flash: {input_mtok: 0.6, cache_read_mtok: 0.06, output_mtok: 3.5}
      claude-sonnet-5-5: {input_mtok: 2, cache_read_mtok: 0.1, cache_write_mtok: 2.5, cache_write_1h_mtok: 4, output_mtok: 10, web_searches_kcount: 10}
      kimi-k2-thinking: {input_mtok: 0.6, output_mtok: 2.5}
      claude-haiku-5-5: {input_mtok: {0: 0.1, 100000: 0.5}, cache_read_mtok: {0: 0.01, 100000: 0.05}, cache_write_mtok: {0: 0.125, 100000: 0.625}, cache_write_1h_mtok: {0: 0.2, 100000: 1}, output_mtok: {0: 0.5, 100000: 2.5}, web_searches_kcount: 10}
      Microsoft-Decision-1: {input_mtok: 0.042, output_mtok: 0}
      Cohere-Embed-V5-Fast: {input_mtok: 0.08, output_mtok: 0, input_image_mtok: 0.4}
      Cohere-Embed-V5-Pro: {input_mtok: 0.12, output_mtok: 0, input_image_mtok: 0.4}
      claude-opus-5-5-fast: {input_mtok: 8, cache_read_mtok: 0.4, cache_write_mtok: 10, cache_write_1h_mtok: 16, output_mtok: 40, web_searches_kcount: 20}
      MAI-Code-1.1-Flash: {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 1.2}
  baseten:
    match: {contains: baseten}
    models:
      deepseek-ai/DeepSeek-V4-Flash-0731: {input_mtok: 0.13, cache_read_mtok: 0.028, output_mtok: 0.26}
      deepseek-ai/DeepSeek-V4-Pro: {input_mtok: 1.74, cache_read_mtok: 0.145, output_mtok: 3.48}
      deepseek-ai/DeepSeek-V4-Pro-0813: {input_mtok: 1.32, cache_read_mtok: 0.132, output_mtok: 3.96}
      deepseek-ai/DeepSeek-V4.1-Flash: {also: [deepseek-ai/deepseek-v4.1-flash-1017], input_mtok: 0.3, cache_read_mtok: 0.007, output_mtok: 1.2}
      deepseek-ai/DeepSeek-V4.1-Flash-1017-Fast: {input_mtok: 0.6, cache_read_mtok: 0.014, output_mtok: 2.4}
      deepseek-ai/DeepSeek-V4.1-Flash-Fast: {input_mtok: 0.6, cache_read_mtok: 0.014, output_mtok: 2.4}
      meta-models/muse-spark-open: {input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 4.25}
      moonshotai/Kimi-K2.6: {input_mtok: 0.95, cache_read_mtok: 0.16, output_mtok: 4}
      moonshotai/Kimi-K2.7-Code: {input_mtok: 0.95, cache_read_mtok: 0.16, output_mtok: 4}
      moonshotai/Kimi-K3: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B: {input_mtok: 0.6, cache_read_mtok: 0.12, output_mtok: 2.4}
      nvidia/NVIDIA-Nemotron-3.5-Super-VL-120B-A12B: {input_mtok: 0.2, cache_read_mtok: 0.04, output_mtok: 0.5}
      openai/gpt-oss-120b: {input_mtok: 0.1, output_mtok: 0.5}
      reflection/Beam-1.0:
        prices:
        - {input_mtok: 1.3, cache_read_mtok: 0.13, output_mtok: 4.3}
        - {from: 2026-11-02, input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 1.2}
      thinkingmachines/inkling: {input_mtok: 1, cache_read_mtok: 0.17, output_mtok: 4.05}
      thinkingmachines/inkling-small: {input_mtok: 0.5, cache_read_mtok: 0.1, output_mtok: 1.2}
      zai-org/GLM-4.7: {input_mtok: 0.6, cache_read_mtok: 0.12, output_mtok: 2.2}
      zai-org/GLM-5.2: {input_mtok: 1.4, cache_read_mtok: 0.14, output_mtok: 4.4}
      zai-org/GLM-5.2-Fast: {input_mtok: 2.1, cache_read_mtok: 0.21, output_mtok: 6.6}
      zai-org/GLM-5.3: {input_mtok: 1.4, cache_read_mtok: 0.14, output_mtok: 4.4}
      zai-org/GLM-5.3-Fast: {input_mtok: 2.1, cache_read_mtok: 0.21, output_mtok: 6.6}
      zai-org/GLM-5.3-Flash: {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
      MiniMaxAI/MiniMax-M2.5: {input_mtok: 0.3, output_mtok: 1.2}
      nvidia/Nemotron-120B-A12B: {input_mtok: 0.3, output_mtok: 0.75}
      zai-org/GLM-5: {input_mtok: 0.95, output_mtok: 3.15}
      zai-org/GLM-4.6: {input_mtok: 0.6, output_mtok: 2.2}
      moonshotai/Kimi-K2.5: {input_mtok: 0.6, output_mtok: 3}
      moonshotai/Kimi-K2-Thinking: {input_mtok: 0.6, output_mtok: 2.5}
      moonshotai/Kimi-K2-Instruct-0905: {input_mtok: 0.6, output_mtok: 2.5}
      deepseek-ai/DeepSeek-V3.1: {input_mtok: 0.5, output_mtok: 1.5}
      deepseek-ai/DeepSeek-V3-0324: {input_mtok: 0.77, output_mtok: 0.77}
      decision-models/baseten-elephant-9b-latest: {input_mtok: 0.035, output_mtok: 0}
      decision-models/baseten-mammoth-27b-latest: {input_mtok: 0.1, output_mtok: 0}
      decision-models/baseten-joey-2b-latest: {input_mtok: 0.01, output_mtok: 0}
  cerebras:
    match: {contains: cerebras}
    model_match: {contains: cerebras}
    models:
      gemma-4-31b: {match: {or: [gemma-4-31b, {starts_with: cerebras/gemma-4-31b}, {starts_with: "cerebras:gemma-4-31b"}]}, input_mtok: 0.99, output_mtok: 1.49}
      gpt-oss-120b: {match: {or: [gpt-oss-120b, {starts_with: cerebras/gpt-oss-120b}, {starts_with: "cerebras:gpt-oss-120b"}]}, input_mtok: 0.35, output_mtok: 0.75}
      llama-3.3-70b: {match: {or: [llama-3.3-70b, {starts_with: cerebras/llama-3.3-70b}, {starts_with: "cerebras:llama-3.3-70b"}]}, input_mtok: 0.85, output_mtok: 1.2}
      llama3.1-8b: {match: {or: [llama3.1-8b, {starts_with: cerebras/llama3.1-8b}, {starts_with: "cerebras:llama3.1-8b"}]}, input_mtok: 0.1, output_mtok: 0.1}
      qwen-3-32b: {match: {or: [qwen-3-32b, {starts_with: cerebras/qwen-3-32b}, {starts_with: "cerebras:qwen-3-32b"}]}, input_mtok: 0.4, output_mtok: 0.8}
      qwen-3-coder-480b: {}
      qwen-3.8-27b: {match: {or: [qwen-3.8-27b, {starts_with: cerebras/qwen-3.8-27b}, {starts_with: "cerebras:qwen-3.8-27b"}]}, input_mtok: 0.99, output_mtok: 1.49}
      zai-glm-4.7: {match: {or: [zai-glm-4.7, {starts_with: cerebras/zai-glm-4.7}, {starts_with: "cerebras:zai-glm-4.7"}]}, input_mtok: 2.25, output_mtok: 2.75}
      llama-3.1-70b: {input_mtok: 0.6, output_mtok: 0.6}
      llama-3.1-8b: {input_mtok: 0.1, output_mtok: 0.1}
      llama3.1-70b: {input_mtok: 0.6, output_mtok: 0.6}
  cloudflare:
    match: {contains: cloudflare}
    model_match: {starts_with: "@cf/"}
    models:
      "@cf/ai4bharat/indictrans2-en-indic-1B": {input_mtok: 0.342, output_mtok: 0.342}
      "@cf/aisingapore/gemma-sea-lion-v4-27b-it": {input_mtok: 0.351, output_mtok: 0.555}
      "@cf/baai/bge-base-en-v1.5": {input_mtok: 0.067}
      "@cf/baai/bge-large-en-v1.5": {input_mtok: 0.204}
      "@cf/baai/bge-m3": {input_mtok: 0.012}
      "@cf/baai/bge-reranker-base": {input_mtok: 0.003}
      "@cf/baai/bge-small-en-v1.5": {input_mtok: 0.02}
      "@cf/cloudflare/clairic": {also: [clairic], input_mtok: 0.1}
      "@cf/cloudflare/clef": {also: [clef], input_mtok: 0.24}
      "@cf/cloudflare/clef-flash":
        also: [clef-flash]
        prices:
        - {input_mtok: 0.09}
        - {from: 2026-10-19, input_mtok: 0.038}
      "@cf/cloudflare/clef-omni": {also: [clef-omni], input_mtok: 0.15}
      "@cf/daily-co/phonellm-mini-alpha-2": {input_mtok: 0.06, output_mtok: 0.24}
      "@cf/deepseek-ai/deepseek-r1-distill-qwen-32b": {input_mtok: 0.497, output_mtok: 4.881}
      "@cf/deepseek-ai/deepseek-v4-flash-0731": {input_mtok: 0.44, cache_read_mtok: 0.014, output_mtok: 1.32}
      "@cf/deepseek-ai/deepseek-v4-pro-0813": {input_mtok: 1.32, cache_read_mtok: 0.044, output_mtok: 3.96}
      "@cf/deepseek-ai/deepseek-v4.1-flash-1017": {input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
      "@cf/google/gemma-3-12b-it": {input_mtok: 0.345, output_mtok: 0.556}
      "@cf/google/gemma-4-26b-a4b-it": {input_mtok: 0.1, output_mtok: 0.3}
      "@cf/huggingface/distilbert-sst-2-int8": {input_mtok: 0.026}
      "@cf/ibm-granite/granite-4.0-h-micro": {input_mtok: 0.017, output_mtok: 0.112}
      "@cf/meta/llama-2-7b-chat-fp16": {input_mtok: 0.556, output_mtok: 6.667}
      "@cf/meta/llama-3-8b-instruct": {input_mtok: 0.282, output_mtok: 0.827}
      "@cf/meta/llama-3-8b-instruct-awq": {input_mtok: 0.123, output_mtok: 0.266}
      "@cf/meta/llama-3.1-70b-instruct-fp8-fast": {input_mtok: 0.293, output_mtok: 2.253}
      "@cf/meta/llama-3.1-8b-instruct": {input_mtok: 0.282, output_mtok: 0.827}
      "@cf/meta/llama-3.1-8b-instruct-awq": {input_mtok: 0.123, output_mtok: 0.266}
      "@cf/meta/llama-3.1-8b-instruct-fp8": {input_mtok: 0.152, output_mtok: 0.287}
      "@cf/meta/llama-3.1-8b-instruct-fp8-fast": {also: ["@cf/meta/llama-3.1-8b-instruct-fast"], input_mtok: 0.045, output_mtok: 0.384}
      "@cf/meta/llama-3.2-11b-vision-instruct": {input_mtok: 0.049, output_mtok: 0.676}
      "@cf/meta/llama-3.2-1b-instruct": {input_mtok: 0.027, output_mtok: 0.201}
      "@cf/meta/llama-3.2-3b-instruct": {input_mtok: 0.051, output_mtok: 0.335}
      "@cf/meta/llama-3.3-70b-instruct-fp8-fast": {input_mtok: 0.293, output_mtok: 2.253}
      "@cf/meta/llama-4-scout-17b-16e-instruct": {input_mtok: 0.27, output_mtok: 0.85}
      "@cf/meta/llama-guard-3-8b": {input_mtok: 0.484, output_mtok: 0.03}
      "@cf/meta/m2m100-1.2b": {input_mtok: 0.342, output_mtok: 0.342}
      "@cf/mistral/mistral-7b-instruct-v0.1": {input_mtok: 0.11, output_mtok: 0.19}
      "@cf/mistralai/mistral-small-3.1-24b-instruct": {input_mtok: 0.351, output_mtok: 0.555}
      "@cf/moondream/moondream3.1-9B-A2B": {input_mtok: 0.3, output_mtok: 1}
      "@cf/moonshotai/kimi-k2.5": {input_mtok: 0.6, cache_read_mtok: 0.1, output_mtok: 3}
      "@cf/moonshotai/kimi-k2.6": {input_mtok: 0.95, cache_read_mtok: 0.16, output_mtok: 4}
      "@cf/moonshotai/kimi-k2.7-code": {input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
      "@cf/nvidia/nemotron-3-120b-a12b": {input_mtok: 0.5, output_mtok: 1.5}
      "@cf/openai/gpt-oss-120b": {input_mtok: 0.35, output_mtok: 0.75}
      "@cf/openai/gpt-oss-20b": {input_mtok: 0.2, output_mtok: 0.3}
      "@cf/pfnet/plamo-embedding-1b": {input_mtok: 0.019}
      "@cf/qwen/qwen2.5-coder-32b-instruct": {input_mtok: 0.66, output_mtok: 1}
      "@cf/qwen/qwen3-30b-a3b-fp8": {input_mtok: 0.051, output_mtok: 0.335}
      "@cf/qwen/qwen3-embedding-0.6b": {input_mtok: 0.012}
      "@cf/qwen/qwen3.8-27b": {input_mtok: 0.45, output_mtok: 3.2}
      "@cf/qwen/qwq-32b": {input_mtok: 0.66, output_mtok: 1}
      "@cf/zai-org/glm-4.7-flash": {input_mtok: 0.06, output_mtok: 0.4}
      "@cf/zai-org/glm-5.2": {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      "@cf/zai-org/glm-5.3": {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      "@cf/zai-org/glm-5.3-flash": {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
      "@cf/meta/llama-2-7b-chat-int8": {input_mtok: 1.923, output_mtok: 1.923}
      "@hf/thebloke/codellama-7b-instruct-awq": {input_mtok: 1.923, output_mtok: 1.923}
      "@cf/openai/whisper": {input_hours: 0.027, output_hours: 0}
      "@cf/openai/whisper-large-v3-turbo": {input_hours: 0.0306, output_hours: 0}
  cohere:
    match: {contains: cohere}
    model_match: {starts_with: command-}
    models:
      c4ai-aya-expanse-32b: {match: {contains: aya-expanse-32b}, input_mtok: 0.5, output_mtok: 1.5}
      c4ai-aya-expanse-8b: {match: {contains: aya-expanse-8b}, input_mtok: 0.5, output_mtok: 1.5}
      command: {input_mtok: 1, output_mtok: 2}
      command-a: {also: [command-a-03-2025], input_mtok: 2.5, output_mtok: 10}
      command-light: {match: {starts_with: command-light}, input_mtok: 0.3, output_mtok: 0.6}
      command-r: {also: [command-r-08-2024], input_mtok: 0.15, output_mtok: 0.6}
      command-r-plus: {also: [command-r-plus-08-2024], input_mtok: 2.5, output_mtok: 10}
      command-r7b: {also: [command-r7b-12-2024], input_mtok: 0.0375, output_mtok: 0.15}
      embed-v4.0: {input_mtok: 0.12, input_image_mtok: 0.47}
      embed-v5.0-pro: {input_mtok: 0.12, output_mtok: 0}
      embed-v5.0-fast: {input_mtok: 0.08, output_mtok: 0}
      command-nightly: {input_mtok: 1, output_mtok: 2}
      embed-english-light-v3.0: {input_mtok: 0.1, output_mtok: 0}
      embed-english-v3.0: {input_mtok: 0.1, output_mtok: 0}
      embed-multilingual-v3.0: {input_mtok: 0.1, output_mtok: 0}
      embed-multilingual-light-v3.0: {input_mtok: 100, output_mtok: 0}
      rerank-english-v3.0: {input_mtok: 0, output_mtok: 0, requests_kcount: 2}
      rerank-multilingual-v3.0: {input_mtok: 0, output_mtok: 0, requests_kcount: 2}
      rerank-v3.5: {input_mtok: 0, output_mtok: 0, requests_kcount: 2}
      rerank-v4.0-fast: {input_mtok: 0, output_mtok: 0, requests_kcount: 2}
      rerank-v4.0-pro: {input_mtok: 0, output_mtok: 0, requests_kcount: 2.5}
      rerank-v5.0-fast: {input_mtok: 0.02, output_mtok: 0}
      rerank-v5.0-pro: {input_mtok: 0.05, output_mtok: 0}
  cursor:
    model_match: {starts_with: composer-}
    models:
      composer-2.5: {match: {or: [composer-2.5, {regex: "^composer-2\\.5\\[fast=false\\]$"}]}, input_mtok: 0.5, cache_read_mtok: 0.2, output_mtok: 2.5}
      composer-2.5-fast: {match: {or: [composer-2.5-fast, {regex: "^composer-2\\.5\\[fast=true\\]$"}]}, input_mtok: 3, cache_read_mtok: 0.5, output_mtok: 15}
      grok-4.5: {match: {or: [grok-4.5, {regex: "^grok-4\\.5\\[fast=false\\]$"}]}, input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 6}
      grok-4.5-fast: {match: {or: [grok-4.5-fast, {regex: "^grok-4\\.5\\[fast=true\\]$"}]}, input_mtok: 4, cache_read_mtok: 1, output_mtok: 18}
      grok-4.6: {match: {or: [grok-4.6, {regex: "^grok-4\\.6\\[fast=false\\]$"}]}, input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 6}
      grok-4.6-fast: {match: {or: [grok-4.6-fast, {regex: "^grok-4\\.6\\[fast=true\\]$"}]}, input_mtok: 4, cache_read_mtok: 1, output_mtok: 12}
      grok-4.7: {match: {or: [grok-4.7, {regex: "^grok-4\\.7\\[fast=false\\]$"}]}, input_mtok: {0: 2, 256000: 4}, cache_read_mtok: {0: 0.5, 256000: 1}, output_mtok: {0: 6, 256000: 12}}
      grok-4.7-fast: {match: {or: [grok-4.7-fast, {regex: "^grok-4\\.7\\[fast=true\\]$"}]}, input_mtok: {0: 4, 256000: 6}, cache_read_mtok: {0: 1, 256000: 1.5}, output_mtok: {0: 12, 256000: 18}}
  databricks:
    match: {contains: databricks}
    model_match: {or: [{starts_with: databricks-}, {starts_with: system.ai.}]}
    models:
      databricks-bge-large-en: {also: [system.ai.bge-large-en], input_mtok: 0.1}
      databricks-deepseek-v4-1-flash: {also: [system.ai.deepseek-v4-1-flash], input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 1.2}
      databricks-deepseek-v4-flash-0731: {also: [system.ai.deepseek-v4-flash-0731], input_mtok: 0.14, cache_read_mtok: 0.028, output_mtok: 0.28}
      databricks-deepseek-v4-pro-0813: {also: [system.ai.deepseek-v4-pro-0813], input_mtok: 1.32, cache_read_mtok: 0.132, output_mtok: 3.96}
      databricks-gemma-3-12b: {also: [system.ai.gemma-3-12b], input_mtok: 0.15, output_mtok: 0.5}
      databricks-glm-5-2: {also: [system.ai.glm-5-2], input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      databricks-glm-5-3: {also: [system.ai.glm-5-3], input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      databricks-glm-5-3-flash: {also: [system.ai.glm-5-3-flash], input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
      databricks-gpt-oss-120b: {also: [system.ai.gpt-oss-120b], input_mtok: 0.15, output_mtok: 0.6}
      databricks-gpt-oss-20b: {also: [system.ai.gpt-oss-20b], input_mtok: 0.07, output_mtok: 0.3}
      databricks-gte-large-en: {also: [system.ai.gte-large-en], input_mtok: 0.13}
      databricks-inkling: {also: [system.ai.inkling], input_mtok: 1, cache_read_mtok: 0.17, output_mtok: 4.05}
      databricks-kimi-k2-7-code: {also: [system.ai.kimi-k2-7-code], input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
      databricks-kimi-k3: {also: [system.ai.kimi-k3], input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      databricks-llama-4-maverick: {also: [system.ai.llama-4-maverick], input_mtok: 0.5, output_mtok: 1.5}
      databricks-meta-llama-3-1-8b-instruct: {also: [system.ai.meta-llama-3-1-8b-instruct], input_mtok: 0.15, output_mtok: 0.45}
      databricks-meta-llama-3-3-70b-instruct: {also: [system.ai.meta-llama-3-3-70b-instruct], input_mtok: 0.5, output_mtok: 1.5}
      databricks-qwen3-embedding-0-6b: {also: [system.ai.qwen3-embedding-0-6b], input_mtok: 0.02}
      databricks-qwen3-next-80b-a3b-instruct: {also: [system.ai.qwen3-next-80b-a3b-instruct], input_mtok: 0.15, output_mtok: 1.2}
      databricks-qwen35-122b-a10b: {also: [system.ai.qwen35-122b-a10b], input_mtok: 0.22, output_mtok: 2.2}
      databricks-claude-fable-5: {input_mtok: 9.99999, cache_read_mtok: 1.00002, cache_write_mtok: 12.49997, cache_write_1h_mtok: 19.99998, output_mtok: 50.00002}
      databricks-claude-fable-5-1: {input_mtok: 9.99999, cache_read_mtok: 0.24997, cache_write_mtok: 12.49997, cache_write_1h_mtok: 19.99998, output_mtok: 50.00002}
      databricks-claude-haiku-4-5: {input_mtok: 1.00002, cache_read_mtok: 0.10003, cache_write_mtok: 1.24999, cache_write_1h_mtok: 1.99997, output_mtok: 5.00003}
      databricks-claude-opus-4: {input_mtok: 15.00002, cache_read_mtok: 1.50003, cache_write_mtok: 18.74999, cache_write_1h_mtok: 29.99997, output_mtok: 75.0001}
      databricks-claude-opus-4-1: {input_mtok: 15.00002, cache_read_mtok: 1.50003, cache_write_mtok: 18.74999, cache_write_1h_mtok: 29.99997, output_mtok: 75.0001}
      databricks-claude-opus-4-5: {input_mtok: 5.00003, cache_read_mtok: 0.50001, cache_write_mtok: 6.25002, cache_write_1h_mtok: 9.99999, output_mtok: 25.00001}
      databricks-claude-opus-4-6: {input_mtok: 5.00003, cache_read_mtok: 0.50001, cache_write_mtok: 6.25002, cache_write_1h_mtok: 9.99999, output_mtok: 25.00001}
      databricks-claude-opus-4-7: {input_mtok: 5.00003, cache_read_mtok: 0.50001, cache_write_mtok: 6.25002, cache_write_1h_mtok: 9.99999, output_mtok: 25.00001}
      databricks-claude-opus-4-8: {input_mtok: 5.00003, cache_read_mtok: 0.50001, cache_write_mtok: 6.25002, cache_write_1h_mtok: 9.99999, output_mtok: 25.00001}
      databricks-claude-opus-5: {input_mtok: 5.00003, cache_read_mtok: 0.50001, cache_write_mtok: 6.25002, cache_write_1h_mtok: 9.99999, output_mtok: 25.00001}
      databricks-claude-opus-5-5: {input_mtok: 4.00001, cache_read_mtok: 0.19999, cache_write_mtok: 5.00003, cache_write_1h_mtok: 8.00002, output_mtok: 19.99998}
      databricks-claude-sonnet-4: {input_mtok: 2.99999, cache_read_mtok: 0.30002, cache_write_mtok: 3.74997, output_mtok: 15.00002}
      databricks-claude-sonnet-4-1: {input_mtok: 2.99999, cache_read_mtok: 0.30002, cache_write_mtok: 3.74997, output_mtok: 15.00002}
      databricks-claude-sonnet-4-5: {input_mtok: 2.99999, cache_read_mtok: 0.30002, cache_write_mtok: 3.74997, cache_write_1h_mtok: 5.99998, output_mtok: 15.00002}
      databricks-claude-sonnet-4-6: {input_mtok: 2.99999, cache_read_mtok: 0.30002, cache_write_mtok: 3.74997, cache_write_1h_mtok: 5.99998, output_mtok: 15.00002}
      databricks-claude-sonnet-5: {input_mtok: 1.99997, cache_read_mtok: 0.19999, cache_write_mtok: 2.49998, cache_write_1h_mtok: 4.00001, output_mtok: 9.99999}
      databricks-gemini-2-5-flash: {input_mtok: 0.30002, cache_read_mtok: 0.030002, output_mtok: 2.49998}
      databricks-gemini-2-5-pro: {input_mtok: 1.24999, cache_read_mtok: 0.124999, output_mtok: 9.99999}
      databricks-gemini-3-1-flash-lite:
        prices:
        - {input_mtok: 0.31248, cache_read_mtok: 0.03122, output_mtok: 1.87502, input_audio_mtok: 0.62503, cache_audio_read_mtok: 0.06251, input_image_mtok: 0.31248}
        - {tier: priority, input_mtok: 0.56252, cache_read_mtok: 0.05628, cache_write_mtok: 0.56252, output_mtok: 3.37498, input_audio_mtok: 1.12497, cache_audio_read_mtok: 0.11249}
      databricks-gemini-3-1-flash-image: {input_mtok: 0.62503, output_mtok: 3.74997, output_image_mtok: 75.0001}
      databricks-gemini-3-pro-image: {input_mtok: 2.49998, output_mtok: 15.00002, output_image_mtok: 150.0002}
      databricks-gemini-3-1-pro:
        prices:
        - {input_mtok: {0: 2.49998, 200000: 5.00003}, cache_read_mtok: {0: 0.24997, 200000: 0.50001}, cache_write_mtok: 2.49998, output_mtok: {0: 15.00002, 200000: 22.5}}
        - {tier: priority, input_mtok: {0: 4.50002, 200000: 8.99997}, cache_read_mtok: {0: 0.45003, 200000: 0.89999}, cache_write_mtok: 4.50002, output_mtok: {0: 26.99998, 200000: 40.49997}}
      databricks-gemini-3-flash:
        prices:
        - {input_mtok: 0.62503, cache_read_mtok: 0.06251, output_mtok: 3.74997, input_audio_mtok: 1.24999, cache_audio_read_mtok: 0.12502, input_image_mtok: 0.62503}
        - {tier: priority, input_mtok: 1.12497, cache_read_mtok: 0.11249, cache_write_mtok: 1.12497, output_mtok: 6.75003, input_audio_mtok: 2.25001, cache_audio_read_mtok: 0.22498}
      databricks-gemini-3-pro: {input_mtok: 2.49998, cache_read_mtok: 0.24997, output_mtok: 15.00002}
      databricks-gemini-3-8-flash:
        prices:
        - {input_mtok: 0.74998, cache_read_mtok: 0.07497, output_mtok: 3.74997}
        - {tier: priority, input_mtok: 1.35002, cache_read_mtok: 0.13503, cache_write_mtok: 1.35002, output_mtok: 6.75003}
      databricks-gemini-3-7-flash:
        prices:
        - {input_mtok: 0.74998, cache_read_mtok: 0.07497, output_mtok: 3.74997}
        - {tier: priority, input_mtok: 1.35002, cache_read_mtok: 0.13503, cache_write_mtok: 1.35002, output_mtok: 6.75003}
      databricks-gemini-3-6-flash:
        prices:
        - {input_mtok: 0.74998, cache_read_mtok: 0.07497, output_mtok: 3.74997}
        - {tier: priority, input_mtok: 1.35002, cache_read_mtok: 0.13503, cache_write_mtok: 1.35002, output_mtok: 6.75003}
      databricks-gemini-3-5-flash:
        prices:
        - {input_mtok: 1.87502, cache_read_mtok: 0.18753, output_mtok: 11.24998}
        - {tier: priority, input_mtok: 3.37498, cache_read_mtok: 0.33747, cache_write_mtok: 3.37498, output_mtok: 20.25002}
      databricks-gemini-3-5-flash-lite:
        prices:
        - {input_mtok: 0.37499, cache_read_mtok: 0.03752, output_mtok: 3.12501}
        - {tier: priority, input_mtok: 0.67501, cache_read_mtok: 0.06748, cache_write_mtok: 0.67501, output_mtok: 5.62499}
      databricks-gpt-5:
        prices:
        - {input_mtok: 1.24999, cache_read_mtok: 0.12502, output_mtok: 9.99999}
        - {tier: priority, input_mtok: 2.49998, cache_read_mtok: 0.24997, cache_write_mtok: 2.49998, output_mtok: 19.99998}
      databricks-gpt-5-1:
        prices:
        - {input_mtok: 1.24999, cache_read_mtok: 0.12502, output_mtok: 9.99999}
        - {tier: priority, input_mtok: 2.49998, cache_read_mtok: 0.24997, cache_write_mtok: 2.49998, output_mtok: 19.99998}
      databricks-gpt-5-2:
        prices:
        - {input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14}
        - {tier: priority, input_mtok: 3.5, cache_read_mtok: 0.35, cache_write_mtok: 3.5, output_mtok: 28}
      databricks-gpt-5-3-codex:
        prices:
        - {input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14}
        - {tier: priority, input_mtok: 3.5, cache_read_mtok: 0.35, cache_write_mtok: 3.5, output_mtok: 28}
      databricks-gpt-5-4:
        prices:
        - {input_mtok: {0: 2.49998, 272000: 5.00003}, cache_read_mtok: {0: 0.24997, 272000: 0.50001}, cache_write_mtok: 2.49998, output_mtok: {0: 15.00002, 272000: 22.5}}
        - {tier: priority, input_mtok: {0: 5.00003, 272000: 5.00003}, cache_read_mtok: {0: 0.50001, 272000: 0.50001}, cache_write_mtok: 5.00003, output_mtok: {0: 29.99997, 272000: 29.99997}}
      databricks-gpt-5-4-mini:
        prices:
        - {input_mtok: 0.74998, cache_read_mtok: 0.07497, output_mtok: 4.50002}
        - {tier: priority, input_mtok: 1.50003, cache_read_mtok: 0.15001, cache_write_mtok: 1.50003, output_mtok: 8.99997}
      databricks-gpt-5-4-nano: {input_mtok: 0.19999, cache_read_mtok: 0.02002, output_mtok: 1.24999}
      databricks-gpt-5-6-sol:
        prices:
        - {input_mtok: {0: 4.00001, 272000: 8.00002}, cache_read_mtok: {0: 0.39998, 272000: 0.80003}, cache_write_mtok: {0: 5.00003, 272000: 9.99999}, output_mtok: {0: 19.99998, 272000: 30}}
        - {tier: priority, input_mtok: {0: 8.00002, 272000: 15.99997}, cache_read_mtok: {0: 0.80003, 272000: 1.59999}, cache_write_mtok: {0: 9.99999, 272000: 19.99998}, output_mtok: {0: 40.00003, 272000: 60.00001}}
      databricks-gpt-5-6-terra:
        prices:
        - {input_mtok: {0: 1.99997, 272000: 4.00001}, cache_read_mtok: {0: 0.19999, 272000: 0.39998}, cache_write_mtok: {0: 2.49998, 272000: 5.00003}, output_mtok: {0: 12.00003, 272000: 18}}
        - {tier: priority, input_mtok: {0: 4.00001, 272000: 8.00002}, cache_read_mtok: {0: 0.39998, 272000: 0.80003}, cache_write_mtok: {0: 5.00003, 272000: 9.99999}, output_mtok: {0: 23.99999, 272000: 36.00002}}
      databricks-gpt-5-6-luna:
        prices:
        - {input_mtok: {0: 0.19999, 272000: 0.39998}, cache_read_mtok: {0: 0.02002, 272000: 0.03997}, cache_write_mtok: {0: 0.24997, 272000: 0.50001}, output_mtok: {0: 1.20001, 272000: 1.79998}}
        - {tier: priority, input_mtok: {0: 0.39998, 272000: 0.80003}, cache_read_mtok: {0: 0.03997, 272000: 0.08001}, cache_write_mtok: {0: 0.50001, 272000: 1.00002}, output_mtok: {0: 2.40002, 272000: 3.60003}}
      databricks-gpt-5-5:
        prices:
        - {input_mtok: {0: 5.00003, 272000: 9.99999}, cache_read_mtok: {0: 0.50001, 272000: 1.00002}, cache_write_mtok: 5.00003, output_mtok: {0: 29.99997, 272000: 45}}
        - {tier: priority, input_mtok: {0: 12.49997, 272000: 12.49997}, cache_read_mtok: {0: 1.24999, 272000: 1.24999}, cache_write_mtok: 12.49997, output_mtok: {0: 75.0001, 272000: 75.0001}}
      databricks-gpt-5-5-pro: {input_mtok: {0: 29.99997, 272000: 60}, cache_read_mtok: 29.99997, cache_write_mtok: 29.99997, output_mtok: {0: 180.0001, 272000: 270}}
      databricks-gpt-5-mini:
        prices:
        - {input_mtok: 0.24997, cache_read_mtok: 0.02499, output_mtok: 1.99997}
        - {tier: priority, input_mtok: 0.45003, cache_read_mtok: 0.04501, cache_write_mtok: 0.45003, output_mtok: 3.60003}
      databricks-gpt-5-nano: {input_mtok: 0.04998, cache_read_mtok: 0.00497, output_mtok: 0.39998}
      databricks-grok-4-6: {input_mtok: 2.49998, cache_read_mtok: 0.62503, output_mtok: 7.50001}
      databricks-openjev-qwen35-4b: {input_mtok: 0.042, output_mtok: 0}
      databricks-typesafeai-jev-1-14-0: {input_mtok: 0.042, output_mtok: 0}
      databricks-claude-haiku-5-5: {input_mtok: {0: 0.10003, 100000: 0.50001}, cache_read_mtok: {0: 0.01001, 100000: 0.04998}, cache_write_mtok: {0: 0.12502, 100000: 0.62503}, cache_write_1h_mtok: {0: 0.19999, 100000: 1.00002}, output_mtok: {0: 0.50001, 100000: 2.49998}}
      databricks-claude-sonnet-5-5: {input_mtok: 1.99997, cache_read_mtok: 0.10003, cache_write_mtok: 2.49998, cache_write_1h_mtok: 4.00001, output_mtok: 9.99999}
      databricks-deepseek-v4-1-flash-1017: {input_mtok: 0.30002, cache_read_mtok: 0.007, output_mtok: 1.20001}
      databricks-gemini-2-5-flash-lite: {input_mtok: 0.12502, cache_read_mtok: 0.01253, output_mtok: 0.50001, input_audio_mtok: 0.37499, cache_audio_read_mtok: 0.03752, input_image_mtok: 0.12502}
      databricks-gemini-3-1-flash-lite-image: {input_mtok: 0.31248, output_mtok: 1.87502, output_image_mtok: 37.49998}
      databricks-gemini-4-argon:
        prices:
        - {input_mtok: 2.49998, cache_read_mtok: 0.12502, output_mtok: 12.49997}
        - {tier: priority, input_mtok: 4.50002, cache_read_mtok: 0.22498, cache_write_mtok: 4.50002, output_mtok: 22.50003}
      databricks-gpt-5-4-pro: {input_mtok: {0: 29.99997, 272000: 60}, cache_read_mtok: 29.99997, cache_write_mtok: 29.99997, output_mtok: {0: 180.0001, 272000: 270}}
      databricks-gpt-6-1-sol:
        prices:
        - {input_mtok: {0: 1.99997, 272000: 4.00001}, cache_read_mtok: {0: 0.10003, 272000: 0.19999}, cache_write_mtok: {0: 2.49998, 272000: 5.00003}, output_mtok: {0: 9.99999, 272000: 15}}
        - {tier: priority, input_mtok: {0: 4.00001, 272000: 8.00002}, cache_read_mtok: {0: 0.19999, 272000: 0.39998}, cache_write_mtok: {0: 5.00003, 272000: 9.99999}, output_mtok: {0: 19.9997, 272000: 29.9999}}
      databricks-gpt-6-1-terra:
        prices:
        - {input_mtok: {0: 1.00002, 272000: 1.99997}, cache_read_mtok: {0: 0.04998, 272000: 0.10003}, cache_write_mtok: {0: 1.24999, 272000: 2.49998}, output_mtok: {0: 5.00003, 272000: 7.50001}}
        - {tier: priority, input_mtok: {0: 1.99997, 272000: 4.00001}, cache_read_mtok: {0: 0.10003, 272000: 0.19999}, cache_write_mtok: {0: 2.49998, 272000: 5.00003}, output_mtok: {0: 9.99999, 272000: 15.00002}}
      databricks-gpt-6-astra:
        prices:
        - {input_mtok: {0: 9.99999, 272000: 20}, cache_read_mtok: {0: 1.00002, 272000: 1.99997}, cache_write_mtok: {0: 12.49997, 272000: 25}, output_mtok: {0: 50.00002, 272000: 75.0001}}
        - {tier: priority, input_mtok: {0: 19.99998, 272000: 40.00003}, cache_read_mtok: {0: 1.99997, 272000: 4.00001}, cache_write_mtok: {0: 25.00001, 272000: 50.00002}, output_mtok: {0: 99.9999, 272000: 150.0002}}
      databricks-gpt-6-luna:
        prices:
        - {input_mtok: {0: 0.10003, 272000: 0.19999}, cache_read_mtok: {0: 0.01001, 272000: 0.02002}, cache_write_mtok: {0: 0.12502, 272000: 0.24997}, output_mtok: {0: 0.50001, 272000: 0.7497}}
        - {tier: priority, input_mtok: {0: 0.19999, 272000: 0.39998}, cache_read_mtok: {0: 0.02002, 272000: 0.03997}, cache_write_mtok: {0: 0.24997, 272000: 0.50001}, output_mtok: {0: 1.0003, 272000: 1.5001}}
      databricks-gpt-6-sol:
        prices:
        - {input_mtok: {0: 1.99997, 272000: 4.00001}, cache_read_mtok: {0: 0.19999, 272000: 0.39998}, cache_write_mtok: {0: 2.49998, 272000: 5.00003}, output_mtok: {0: 9.99999, 272000: 15.0003}}
        - {tier: priority, input_mtok: {0: 4.00001, 272000: 8.00002}, cache_read_mtok: {0: 0.39998, 272000: 0.80003}, cache_write_mtok: {0: 5.00003, 272000: 9.99999}, output_mtok: {0: 19.9997, 272000: 29.9999}}
      databricks-gpt-image-1: {input_mtok: 5.00003, cache_read_mtok: 1.24999, input_image_mtok: 9.99999, output_image_mtok: 40.00003}
      databricks-gpt-image-1-5: {input_mtok: 5.00003, cache_read_mtok: 1.24999, output_mtok: 9.99999, input_image_mtok: 8.00002, output_image_mtok: 32.00001}
      databricks-gpt-image-1-mini: {input_mtok: 1.99997, cache_read_mtok: 0.19999, input_image_mtok: 2.49998, output_image_mtok: 8.00002}
      databricks-gpt-image-2: {input_mtok: 5.00003, cache_read_mtok: 1.24999, input_image_mtok: 8.00002, output_image_mtok: 29.99997}
      databricks-grok-4-7: {input_mtok: 2.49998, cache_read_mtok: 0.62503, output_mtok: 7.50001}
      databricks-kimi-k2-7: {input_mtok: 0.94997, cache_read_mtok: 0.18998, output_mtok: 4.00001}
  deepseek:
    match: {contains: deepseek}
    model_match: {starts_with: deepseek}
    models:
      deepseek-chat:
        match: {or: [{starts_with: deepseek-chat}, deepseek-chat-v3-0324]}
        prices:
        - {input_mtok: 0.135, cache_read_mtok: 0.035, output_mtok: 0.55}
        - {hours: "00:30-16:30", input_mtok: 0.27, cache_read_mtok: 0.07, output_mtok: 1.1}
      deepseek-flash:
        prices:
        - {input_mtok: 0.15, cache_read_mtok: 0.003, output_mtok: 0.6}
        - {hours: "01:00-04:00", input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
        - {hours: "06:00-10:00", input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
      deepseek-reasoner:
        match: {or: [deepseek-reasoner, {starts_with: deepseek-r1}, deepseek-r1-0528]}
        prices:
        - {input_mtok: 0.135, cache_read_mtok: 0.035, output_mtok: 0.55}
        - {hours: "00:30-16:30", input_mtok: 0.55, cache_read_mtok: 0.14, output_mtok: 2.19}
      deepseek-v3.1-terminus: {input_mtok: 0.27, cache_read_mtok: 0.13, output_mtok: 0.95}
      deepseek-v3.2: {input_mtok: 0.2288, output_mtok: 0.3432}
      deepseek-v3.2-exp: {input_mtok: 0.27, output_mtok: 0.41}
      deepseek-v4-flash:
        match: {or: [{starts_with: deepseek-v4-flash}]}
        prices:
        - {input_mtok: 0.14, cache_read_mtok: 0.0028, output_mtok: 0.28}
        - {from: 2026-08-17, input_mtok: 0.22, cache_read_mtok: 0.007, output_mtok: 0.66}
        - {from: 2026-09-10, input_mtok: 0.15, cache_read_mtok: 0.003, output_mtok: 0.6}
        - {hours: "01:00-04:00", input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
        - {hours: "06:00-10:00", input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
      deepseek-v4-pro:
        match: {or: [{starts_with: deepseek-v4-pro}]}
        prices:
        - {input_mtok: 0.435, cache_read_mtok: 0.003625, output_mtok: 0.87}
        - {from: 2026-08-17, input_mtok: 0.66, cache_read_mtok: 0.022, output_mtok: 1.98}
        - {hours: "01:00-04:00", input_mtok: 1.32, cache_read_mtok: 0.044, output_mtok: 3.96}
        - {hours: "06:00-10:00", input_mtok: 1.32, cache_read_mtok: 0.044, output_mtok: 3.96}
      deepseek-coder: {input_mtok: 0.14, cache_read_mtok: 0.014, output_mtok: 0.28}
      deepseek-v3: {input_mtok: 0.27, cache_read_mtok: 0.07, cache_write_mtok: 0, output_mtok: 1.1}
      search: {web_searches_kcount: 0.75}
  doubleword:
    models:
      Qwen/Qwen3-14B-FP8: {input_mtok: 0.05, output_mtok: 0.6}
      Qwen/Qwen3-Embedding-8B: {input_mtok: 0.04}
      Qwen/Qwen3-VL-235B-A22B-Instruct-FP8:
        prices:
        - {input_mtok: 0.6, output_mtok: 1.2}
        - {from: 2026-10-18, input_mtok: 0.21, cache_read_mtok: 0.12, output_mtok: 1.9}
      Qwen/Qwen3-VL-30B-A3B-Instruct-FP8: {input_mtok: 0.16, output_mtok: 0.8}
      Qwen/Qwen3.5-35B-A3B-FP8: {input_mtok: 0.25, output_mtok: 2}
      Qwen/Qwen3.5-35B-A3B-FP8-dottxt: {input_mtok: 0.35, cache_read_mtok: 0.2, output_mtok: 1.2}
      Qwen/Qwen3.5-397B-A17B: {input_mtok: 0.6, output_mtok: 3.6}
      Qwen/Qwen3.5-9B: {input_mtok: 0.08, output_mtok: 0.7}
      Qwen/Qwen3.6-35B-A3B-FP8:
        prices:
        - {input_mtok: 0.25, output_mtok: 2}
        - {from: 2026-10-18, input_mtok: 0.14, output_mtok: 1}
      Qwen/Qwen3.8-27B-FP8: {input_mtok: 0.45, cache_read_mtok: 0.04, output_mtok: 3}
      deepseek-ai/DeepSeek-V4-Flash: {input_mtok: 0.14, output_mtok: 0.28}
      deepseek-ai/DeepSeek-V4-Flash-0731: {input_mtok: 0.09, cache_read_mtok: 0.02, output_mtok: 0.18}
      deepseek-ai/DeepSeek-V4-Pro: {input_mtok: 1.74, output_mtok: 3.48}
      deepseek-ai/DeepSeek-V4-Pro-0813: {input_mtok: 1.32, cache_read_mtok: 0.13, output_mtok: 3.96}
      deepseek-ai/DeepSeek-V4.1-Flash: {also: [deepseek-ai/deepseek-v4.1-flash-1017], input_mtok: 0.15, cache_read_mtok: 0.01, output_mtok: 0.6}
      google/gemma-4-31B-it:
        prices:
        - {input_mtok: 0.14, output_mtok: 0.4}
        - {from: 2026-10-18, input_mtok: 0.12, output_mtok: 0.35}
      meta-models/Muse-Glimmer-30B: {input_mtok: 0.11, cache_read_mtok: 0.01, output_mtok: 0.32}
      meta/muse-spark-open: {input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 4.25}
      mistralai/Devstral-2-123B-Instruct-2512: {input_mtok: 0.4, output_mtok: 2}
      moonshotai/Kimi-K2.6: {input_mtok: 0.95, output_mtok: 4}
      moonshotai/Kimi-K3.1-Pro: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 10}
      moonshotai/kimi-k3: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4: {input_mtok: 0.3, output_mtok: 0.75}
      nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-NVFP4: {input_mtok: 0.5, cache_read_mtok: 0.13, output_mtok: 2.2}
      openai/gpt-oss-20b: {input_mtok: 0.04, output_mtok: 0.3}
      zai-org/GLM-5.1-FP8: {input_mtok: 1.4, output_mtok: 4.4}
      zai-org/GLM-5.2-FP8: {input_mtok: 0.93, cache_read_mtok: 0.19, output_mtok: 3}
      zai-org/GLM-5.3: {input_mtok: 1.4, cache_read_mtok: 0.28, output_mtok: 4.4}
      zai-org/GLM-5.3-Flash: {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
  elevenlabs:
    match: {contains: elevenlabs}
    model_match: {starts_with: eleven_}
    models:
      eleven_realtime_v1_max: {input_mtok: 1.8, cache_read_mtok: 0.18, output_mtok: 9, input_hours: 4.8}
      eleven_realtime_v1_mini: {input_mtok: 0.2, output_mtok: 6, input_hours: 4.8}
      scribe_v1: {input_hours: 0.21996, output_hours: 0}
      scribe_v1_experimental: {input_hours: 0.21996, output_hours: 0}
      eleven_v3: {input_mchars: 80}
      eleven_multilingual_v2: {input_mchars: 80}
      eleven_v4: {input_mchars: 80}
      eleven_v4_turbo: {input_mchars: 40}
      eleven_v3_conversational: {input_mchars: 40}
      eleven_flash_v2_5: {input_mchars: 40}
      eleven_flash_v2: {input_mchars: 40}
      eleven_turbo_v2_5: {input_mchars: 40}
      eleven_turbo_v2: {input_mchars: 40}
      scribe_v2: {input_hours: 0.21996, output_hours: 0}
  fireworks:
    match: {starts_with: fireworks}
    model_match: {starts_with: accounts/fireworks/}
    models:
      deepseek-r1-0528: {match: accounts/fireworks/models/deepseek-r1-0528, input_mtok: 3, output_mtok: 8}
      deepseek-v3-0324: {match: accounts/fireworks/models/deepseek-v3-0324, input_mtok: 0.9, output_mtok: 0.9}
      deepseek-v3p2: {match: accounts/fireworks/models/deepseek-v3p2, input_mtok: 0.56, cache_read_mtok: 0.28, output_mtok: 1.68}
      deepseek-v4-flash: {match: {or: [accounts/fireworks/models/deepseek-v4-flash, accounts/fireworks/models/deepseek-v4-flash-0731]}, input_mtok: 0.14, cache_read_mtok: 0.028, output_mtok: 0.28}
      deepseek-v4-pro: {match: accounts/fireworks/models/deepseek-v4-pro, input_mtok: 1.74, cache_read_mtok: 0.145, output_mtok: 3.48}
      deepseek-v4p1-flash:
        match: accounts/fireworks/models/deepseek-v4p1-flash
        prices:
        - {input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
        - {tier: priority, input_mtok: 0.375, cache_read_mtok: 0.0075, output_mtok: 1.5}
      deepseek-v4p1-flash-1017:
        match: accounts/fireworks/models/deepseek-v4p1-flash-1017
        prices:
        - {input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
        - {tier: priority, input_mtok: 0.375, cache_read_mtok: 0.0075, output_mtok: 1.5}
      deepseek-v4p1-flash-1017-ultrafast: {match: accounts/fireworks/routers/deepseek-v4p1-flash-1017-ultrafast, input_mtok: 2.4, cache_read_mtok: 0.048, output_mtok: 9.6}
      deepseek-v4p1-flash-1017-us: {match: accounts/fireworks/routers/deepseek-v4p1-flash-1017-us, input_mtok: 0.45, cache_read_mtok: 0.009, output_mtok: 1.8}
      deepseek-v4p1-flash-us:
        match: accounts/fireworks/routers/deepseek-v4p1-flash-us
        prices:
        - {input_mtok: 0.45, cache_read_mtok: 0.009, output_mtok: 1.8}
        - {tier: priority, input_mtok: 0.5625, cache_read_mtok: 0.01125, output_mtok: 2.25}
      ember-1:
        match: accounts/fireworks/models/ember-1
        prices:
        - {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
        - {tier: priority, input_mtok: 3.75, cache_read_mtok: 0.375, output_mtok: 18.75}
      gemma-3-27b-it: {match: accounts/fireworks/models/gemma-3-27b-it, input_mtok: 0.1, output_mtok: 0.1}
      glm-4p7: {match: accounts/fireworks/models/glm-4p7, input_mtok: 0.6, output_mtok: 2.2}
      glm-5p1: {match: accounts/fireworks/models/glm-5p1, input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      glm-5p1-fast: {match: accounts/fireworks/routers/glm-5p1-fast, input_mtok: 2.8, cache_read_mtok: 0.52, output_mtok: 8.8}
      glm-5p2:
        match: accounts/fireworks/models/glm-5p2
        prices:
        - {input_mtok: 1.4, cache_read_mtok: 0.14, output_mtok: 4.4}
        - {tier: priority, input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 5.5}
      glm-5p2-fast: {match: {or: [accounts/fireworks/routers/glm-5p2-fast, accounts/fireworks/routers/glm-5p2-fast-us]}, input_mtok: 2.1, cache_read_mtok: 0.21, output_mtok: 6.6}
      glm-5p3:
        match: accounts/fireworks/models/glm-5p3
        prices:
        - {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
        - {tier: priority, input_mtok: 1.75, cache_read_mtok: 0.325, output_mtok: 5.5}
      glm-5p3-fast: {match: accounts/fireworks/routers/glm-5p3-fast, input_mtok: 2.1, cache_read_mtok: 0.39, output_mtok: 6.6}
      glm-5p3-flash:
        match: accounts/fireworks/models/glm-5p3-flash
        prices:
        - {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
        - {tier: priority, input_mtok: 0.1875, cache_read_mtok: 0.0375, output_mtok: 0.625}
      glm-5p3-flash-us:
        match: accounts/fireworks/routers/glm-5p3-flash-us
        prices:
        - {input_mtok: 0.225, cache_read_mtok: 0.045, output_mtok: 0.75}
        - {tier: priority, input_mtok: 0.28125, cache_read_mtok: 0.05625, output_mtok: 0.9375}
      glm-5p3-us:
        match: accounts/fireworks/routers/glm-5p3-us
        prices:
        - {input_mtok: 2.1, cache_read_mtok: 0.39, output_mtok: 6.6}
        - {tier: priority, input_mtok: 2.625, cache_read_mtok: 0.4875, output_mtok: 8.25}
      gpt-oss-120b:
        match: accounts/fireworks/models/gpt-oss-120b
        prices:
        - {input_mtok: 0.15, cache_read_mtok: 0.014, output_mtok: 0.6}
        - {from: 2026-10-19, input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.18, cache_read_mtok: 0.018, output_mtok: 0.72}
      gpt-oss-20b: {match: accounts/fireworks/models/gpt-oss-20b, input_mtok: 0.07, cache_read_mtok: 0.035, output_mtok: 0.3}
      inkling:
        match: accounts/fireworks/models/inkling
        prices:
        - {input_mtok: 1, cache_read_mtok: 0.17, output_mtok: 4.05}
        - {tier: priority}
      kimi-k2p5: {match: accounts/fireworks/models/kimi-k2p5, input_mtok: 0.6, cache_read_mtok: 0.1, output_mtok: 3}
      kimi-k2p6:
        match: accounts/fireworks/models/kimi-k2p6
        prices:
        - {input_mtok: 0.95, cache_read_mtok: 0.16, output_mtok: 4}
        - {tier: priority, input_mtok: 1.5, cache_read_mtok: 0.22, output_mtok: 6}
      kimi-k2p6-fast: {match: accounts/fireworks/routers/kimi-k2p6-fast, input_mtok: 2, cache_read_mtok: 0.3, output_mtok: 8}
      kimi-k2p7-code:
        match: accounts/fireworks/models/kimi-k2p7-code
        prices:
        - {input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
        - {tier: priority, input_mtok: 1.425, cache_read_mtok: 0.285, output_mtok: 6}
      kimi-k2p7-code-fast: {match: accounts/fireworks/routers/kimi-k2p7-code-fast, input_mtok: 1.9, cache_read_mtok: 0.38, output_mtok: 8}
      kimi-k3:
        match: accounts/fireworks/models/kimi-k3
        prices:
        - {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
        - {tier: priority, input_mtok: 3.75, cache_read_mtok: 0.375, output_mtok: 18.75}
      kimi-k3-fast: {match: accounts/fireworks/routers/kimi-k3-fast, input_mtok: 4.5, cache_read_mtok: 0.45, output_mtok: 22.5}
      kimi-k3-us:
        match: accounts/fireworks/routers/kimi-k3-us
        prices:
        - {input_mtok: 3.3, cache_read_mtok: 0.33, output_mtok: 16.5}
        - {from: 2026-09-01, input_mtok: 4.5, cache_read_mtok: 0.45, output_mtok: 22.5}
        - {tier: priority, input_mtok: 5.625, cache_read_mtok: 0.5625, output_mtok: 28.125}
      kimi-k3p1-pro: {match: accounts/fireworks/models/kimi-k3p1-pro, input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 10}
      llama-v3p1-8b-instruct: {match: accounts/fireworks/models/llama-v3p1-8b-instruct, input_mtok: 0.2, output_mtok: 0.2}
      llama4-maverick-instruct-basic: {match: accounts/fireworks/models/llama4-maverick-instruct-basic, input_mtok: 0.22, output_mtok: 0.88}
      minimax-m2p1: {match: accounts/fireworks/models/minimax-m2p1, input_mtok: 0.3, output_mtok: 1.2}
      minimax-m2p7: {match: accounts/fireworks/models/minimax-m2p7, input_mtok: 0.3, cache_read_mtok: 0.06, output_mtok: 1.2}
      minimax-m3:
        match: accounts/fireworks/models/minimax-m3
        prices:
        - {input_mtok: 0.3, cache_read_mtok: 0.06, output_mtok: 1.2}
        - {tier: priority, input_mtok: 0.45, cache_read_mtok: 0.09, output_mtok: 1.8}
      muse-spark-open:
        match: accounts/fireworks/models/muse-spark-open
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 4.25}
        - {tier: priority, input_mtok: 1.875, cache_read_mtok: 0.225, output_mtok: 6.375}
      nemotron-3-ultra-nvfp4:
        match: accounts/fireworks/models/nemotron-3-ultra-nvfp4
        prices:
        - {input_mtok: 0.6, cache_read_mtok: 0.12, output_mtok: 2.4}
        - {tier: priority, input_mtok: 0.75, cache_read_mtok: 0.15, output_mtok: 3}
      nemotron-lightning-3p5-30b-a3b:
        match: accounts/fireworks/models/nemotron-lightning-3p5-30b-a3b
        prices:
        - {input_mtok: 0.05, cache_read_mtok: 0.01, output_mtok: 0.2}
        - {tier: priority, input_mtok: 0.0625, cache_read_mtok: 0.0125, output_mtok: 0.25}
      qwen2p5-vl-72b-instruct: {match: accounts/fireworks/models/qwen2p5-vl-72b-instruct, input_mtok: 0.9, output_mtok: 0.9}
      qwen3-235b-a22b: {match: accounts/fireworks/models/qwen3-235b-a22b, input_mtok: 0.22, output_mtok: 0.88}
      qwen3p6-plus: {match: accounts/fireworks/models/qwen3p6-plus, input_mtok: 0.5, cache_read_mtok: 0.1, output_mtok: 3}
      qwen3p7-plus: {match: accounts/fireworks/models/qwen3p7-plus, input_mtok: 0.4, cache_read_mtok: 0.08, output_mtok: 1.6}
      qwen3p8-max:
        match: accounts/fireworks/models/qwen3p8-max
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.25, output_mtok: 6}
        - {tier: priority, input_mtok: 3, cache_read_mtok: 0.375, output_mtok: 9}
      ultramarine-1-flash-us:
        match: accounts/fireworks/routers/ultramarine-1-flash-us
        prices:
        - {input_mtok: 0.225, cache_read_mtok: 0.045, output_mtok: 0.75}
        - {from: 2026-11-03, input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
      fireworks-ai-4.1b-to-16b: {input_mtok: 0.2, output_mtok: 0.2}
      fireworks-ai-56b-to-176b: {input_mtok: 1.2, output_mtok: 1.2}
      fireworks-ai-above-16b: {input_mtok: 0.9, output_mtok: 0.9}
      fireworks-ai-embedding-150m-to-350m: {input_mtok: 0.016, output_mtok: 0}
      fireworks-ai-embedding-up-to-150m: {input_mtok: 0.008, output_mtok: 0}
      fireworks-ai-moe-up-to-56b: {input_mtok: 0.5, output_mtok: 0.5}
      fireworks-ai-up-to-4b: {input_mtok: 0.1, output_mtok: 0.1}
      WhereIsAI/UAE-Large-V1: {input_mtok: 0.016, output_mtok: 0}
      accounts/fireworks/models/deepseek-coder-v2-instruct: {input_mtok: 1.2, output_mtok: 1.2}
      accounts/fireworks/models/deepseek-r1: {input_mtok: 3, output_mtok: 8}
      accounts/fireworks/models/deepseek-r1-basic: {input_mtok: 0.55, output_mtok: 2.19}
      accounts/fireworks/models/deepseek-v3: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/deepseek-v3p1: {input_mtok: 0.56, output_mtok: 1.68}
      accounts/fireworks/models/deepseek-v3p1-terminus: {input_mtok: 0.56, output_mtok: 1.68}
      accounts/fireworks/models/deepseek-v4-pro-0813:
        prices:
        - {input_mtok: 1.32, cache_read_mtok: 0.044, output_mtok: 3.96}
        - {tier: priority, input_mtok: 1.65, cache_read_mtok: 0.055, output_mtok: 4.95}
      deepseek-v4-pro-0813:
        prices:
        - {input_mtok: 1.32, cache_read_mtok: 0.044, output_mtok: 3.96}
        - {tier: priority, input_mtok: 1.65, cache_read_mtok: 0.055, output_mtok: 4.95}
      accounts/fireworks/models/firefunction-v2: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/glm-4p5: {input_mtok: 0.55, output_mtok: 2.19}
      accounts/fireworks/models/glm-4p5-air: {input_mtok: 0.22, output_mtok: 0.88}
      accounts/fireworks/models/glm-4p6: {input_mtok: 0.55, output_mtok: 2.19}
      accounts/fireworks/models/kimi-k2-instruct: {input_mtok: 0.6, output_mtok: 2.5}
      accounts/fireworks/models/kimi-k2-instruct-0905: {input_mtok: 0.6, output_mtok: 2.5}
      accounts/fireworks/models/kimi-k2-thinking: {input_mtok: 0.6, output_mtok: 2.5}
      accounts/fireworks/models/llama-v3p1-405b-instruct: {input_mtok: 3, output_mtok: 3}
      accounts/fireworks/models/llama-v3p2-11b-vision-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/llama-v3p2-1b-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/llama-v3p2-3b-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/llama-v3p2-90b-vision-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/llama4-scout-instruct-basic: {input_mtok: 0.15, output_mtok: 0.6}
      accounts/fireworks/models/mixtral-8x22b-instruct-hf: {input_mtok: 1.2, output_mtok: 1.2}
      accounts/fireworks/models/qwen2-72b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen2p5-coder-32b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/yi-large: {input_mtok: 3, output_mtok: 3}
      nomic-ai/nomic-embed-text-v1: {input_mtok: 0.008, output_mtok: 0}
      nomic-ai/nomic-embed-text-v1.5: {input_mtok: 0.008, output_mtok: 0}
      thenlper/gte-base: {input_mtok: 0.008, output_mtok: 0}
      thenlper/gte-large: {input_mtok: 0.016, output_mtok: 0}
      accounts/fireworks/models/qwen3-coder-480b-a35b-instruct: {input_mtok: 0.45, output_mtok: 1.8}
      accounts/fireworks/models/flux-kontext-pro: {input_mtok: 0.04, output_mtok: 0.04}
      accounts/fireworks/models/SSD-1B: {input_mtok: 0.00013, output_mtok: 0.00013}
      accounts/fireworks/models/chronos-hermes-13b-v2: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/code-llama-13b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/code-llama-13b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/code-llama-13b-python: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/code-llama-34b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/code-llama-34b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/code-llama-34b-python: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/code-llama-70b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/code-llama-70b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/code-llama-70b-python: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/code-llama-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/code-llama-7b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/code-llama-7b-python: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/code-qwen-1p5-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/codegemma-2b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/codegemma-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/cogito-671b-v2-p1: {input_mtok: 1.2, output_mtok: 1.2}
      accounts/fireworks/models/cogito-v1-preview-llama-3b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/cogito-v1-preview-llama-70b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/cogito-v1-preview-llama-8b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/cogito-v1-preview-qwen-14b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/cogito-v1-preview-qwen-32b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/flux-kontext-max: {input_mtok: 0.08, output_mtok: 0.08}
      accounts/fireworks/models/dbrx-instruct: {input_mtok: 1.2, output_mtok: 1.2}
      accounts/fireworks/models/deepseek-coder-1b-base: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/deepseek-coder-33b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/deepseek-coder-7b-base: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/deepseek-coder-7b-base-v1p5: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/deepseek-coder-7b-instruct-v1p5: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/deepseek-coder-v2-lite-base: {input_mtok: 0.5, output_mtok: 0.5}
      accounts/fireworks/models/deepseek-coder-v2-lite-instruct: {input_mtok: 0.5, output_mtok: 0.5}
      accounts/fireworks/models/deepseek-prover-v2: {input_mtok: 1.2, output_mtok: 1.2}
      accounts/fireworks/models/deepseek-r1-0528-distill-qwen3-8b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/deepseek-r1-distill-llama-70b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/deepseek-r1-distill-llama-8b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/deepseek-r1-distill-qwen-14b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/deepseek-r1-distill-qwen-1p5b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/deepseek-r1-distill-qwen-32b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/deepseek-r1-distill-qwen-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/deepseek-v2-lite-chat: {input_mtok: 0.5, output_mtok: 0.5}
      accounts/fireworks/models/deepseek-v2p5: {input_mtok: 1.2, output_mtok: 1.2}
      accounts/fireworks/models/devstral-small-2505: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/dobby-mini-unhinged-plus-llama-3-1-8b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/dobby-unhinged-llama-3-3-70b-new: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/dolphin-2-9-2-qwen2-72b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/dolphin-2p6-mixtral-8x7b: {input_mtok: 0.5, output_mtok: 0.5}
      accounts/fireworks/models/ernie-4p5-21b-a3b-pt: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/ernie-4p5-300b-a47b-pt: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/fare-20b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/firefunction-v1: {input_mtok: 0.5, output_mtok: 0.5}
      accounts/fireworks/models/firellava-13b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/firesearch-ocr-v6: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/flux-1-dev: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/flux-1-dev-controlnet-union: {input_mtok: 0.001, output_mtok: 0.001}
      accounts/fireworks/models/flux-1-dev-fp8: {input_mtok: 0.0005, output_mtok: 0.0005}
      accounts/fireworks/models/flux-1-schnell: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/flux-1-schnell-fp8: {input_mtok: 0.00035, output_mtok: 0.00035}
      accounts/fireworks/models/gemma-2b-it: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/gemma-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/gemma-7b-it: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/gemma2-9b-it: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/glm-4p5v: {input_mtok: 1.2, output_mtok: 1.2}
      accounts/fireworks/models/gpt-oss-safeguard-120b: {input_mtok: 1.2, output_mtok: 1.2}
      accounts/fireworks/models/gpt-oss-safeguard-20b: {input_mtok: 0.5, output_mtok: 0.5}
      accounts/fireworks/models/hermes-2-pro-mistral-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/internvl3-38b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/internvl3-78b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/internvl3-8b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/japanese-stable-diffusion-xl: {input_mtok: 0.00013, output_mtok: 0.00013}
      accounts/fireworks/models/kat-coder: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/kat-dev-32b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/kat-dev-72b-exp: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/llama-guard-2-8b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/llama-guard-3-1b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/llama-guard-3-8b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/llama-v2-13b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/llama-v2-13b-chat: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/llama-v2-70b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/llama-v2-70b-chat: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/llama-v2-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/llama-v2-7b-chat: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/llama-v3-70b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/llama-v3-70b-instruct-hf: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/llama-v3-8b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/llama-v3-8b-instruct-hf: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/llama-v3p1-405b-instruct-long: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/llama-v3p1-70b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/llama-v3p1-70b-instruct-1b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/llama-v3p1-nemotron-70b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/llama-v3p2-1b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/llama-v3p2-3b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/llama-v3p3-70b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/llamaguard-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/llava-yi-34b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/minimax-m1-80k: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/minimax-m2: {input_mtok: 0.3, output_mtok: 1.2}
      accounts/fireworks/models/ministral-3-14b-instruct-2512: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/ministral-3-3b-instruct-2512: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/ministral-3-8b-instruct-2512: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/mistral-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/mistral-7b-instruct-4k: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/mistral-7b-instruct-v0p2: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/mistral-7b-instruct-v3: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/mistral-7b-v0p2: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/mistral-large-3-fp8: {input_mtok: 1.2, output_mtok: 1.2}
      accounts/fireworks/models/mistral-nemo-base-2407: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/mistral-nemo-instruct-2407: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/mistral-small-24b-instruct-2501: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/mixtral-8x22b: {input_mtok: 1.2, output_mtok: 1.2}
      accounts/fireworks/models/mixtral-8x22b-instruct: {input_mtok: 1.2, output_mtok: 1.2}
      accounts/fireworks/models/mixtral-8x7b: {input_mtok: 0.5, output_mtok: 0.5}
      accounts/fireworks/models/mixtral-8x7b-instruct: {input_mtok: 0.5, output_mtok: 0.5}
      accounts/fireworks/models/mixtral-8x7b-instruct-hf: {input_mtok: 0.5, output_mtok: 0.5}
      accounts/fireworks/models/mythomax-l2-13b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/nemotron-nano-v2-12b-vl: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/nous-capybara-7b-v1p9: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/nous-hermes-2-mixtral-8x7b-dpo: {input_mtok: 0.5, output_mtok: 0.5}
      accounts/fireworks/models/nous-hermes-2-yi-34b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/nous-hermes-llama2-13b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/nous-hermes-llama2-70b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/nous-hermes-llama2-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/nvidia-nemotron-nano-12b-v2: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/nvidia-nemotron-nano-9b-v2: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/openchat-3p5-0106-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/openhermes-2-mistral-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/openhermes-2p5-mistral-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/openorca-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/phi-2-3b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/phi-3-mini-128k-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/phi-3-vision-128k-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/phind-code-llama-34b-python-v1: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/phind-code-llama-34b-v1: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/phind-code-llama-34b-v2: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/playground-v2-1024px-aesthetic: {input_mtok: 0.00013, output_mtok: 0.00013}
      accounts/fireworks/models/playground-v2-5-1024px-aesthetic: {input_mtok: 0.00013, output_mtok: 0.00013}
      accounts/fireworks/models/pythia-12b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen-qwq-32b-preview: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen-v2p5-14b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen-v2p5-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen1p5-72b-chat: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen2-7b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen2-vl-2b-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/qwen2-vl-72b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen2-vl-7b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen2p5-0p5b-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/qwen2p5-14b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen2p5-1p5b-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/qwen2p5-32b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen2p5-32b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen2p5-72b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen2p5-72b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen2p5-7b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen2p5-coder-0p5b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/qwen2p5-coder-0p5b-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/qwen2p5-coder-14b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen2p5-coder-14b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen2p5-coder-1p5b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/qwen2p5-coder-1p5b-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/qwen2p5-coder-32b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen2p5-coder-32b-instruct-128k: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen2p5-coder-32b-instruct-32k-rope: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen2p5-coder-32b-instruct-64k: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen2p5-coder-3b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/qwen2p5-coder-3b-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/qwen2p5-coder-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen2p5-coder-7b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen2p5-math-72b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen2p5-vl-32b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen2p5-vl-3b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen2p5-vl-7b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen3-0p6b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/qwen3-14b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen3-1p7b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/qwen3-1p7b-fp8-draft: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/qwen3-1p7b-fp8-draft-131072: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/qwen3-1p7b-fp8-draft-40960: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/qwen3-235b-a22b-instruct-2507: {input_mtok: 0.22, output_mtok: 0.88}
      accounts/fireworks/models/qwen3-235b-a22b-thinking-2507: {input_mtok: 0.22, output_mtok: 0.88}
      accounts/fireworks/models/qwen3-30b-a3b: {input_mtok: 0.15, output_mtok: 0.6}
      accounts/fireworks/models/qwen3-30b-a3b-instruct-2507: {input_mtok: 0.5, output_mtok: 0.5}
      accounts/fireworks/models/qwen3-30b-a3b-thinking-2507: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen3-32b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen3-4b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen3-4b-instruct-2507: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen3-8b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwen3-coder-30b-a3b-instruct: {input_mtok: 0.15, output_mtok: 0.6}
      accounts/fireworks/models/qwen3-coder-480b-instruct-bf16: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen3-next-80b-a3b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen3-next-80b-a3b-thinking: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen3-reranker-8b: {input_mtok: 0.2, output_mtok: 0}
      accounts/fireworks/models/qwen3-vl-235b-a22b-instruct: {input_mtok: 0.22, output_mtok: 0.88}
      accounts/fireworks/models/qwen3-vl-235b-a22b-thinking: {input_mtok: 0.22, output_mtok: 0.88}
      accounts/fireworks/models/qwen3-vl-30b-a3b-instruct: {input_mtok: 0.15, output_mtok: 0.6}
      accounts/fireworks/models/qwen3-vl-30b-a3b-thinking: {input_mtok: 0.15, output_mtok: 0.6}
      accounts/fireworks/models/qwen3-vl-32b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/qwen3-vl-8b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/qwq-32b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/rolm-ocr: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/snorkel-mistral-7b-pairrm-dpo: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/stable-diffusion-xl-1024-v1-0: {input_mtok: 0.00013, output_mtok: 0.00013}
      accounts/fireworks/models/stablecode-3b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/starcoder-16b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/starcoder-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/starcoder2-15b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/starcoder2-3b: {input_mtok: 0.1, output_mtok: 0.1}
      accounts/fireworks/models/starcoder2-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/toppy-m-7b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/yi-34b: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/yi-34b-200k-capybara: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/yi-34b-chat: {input_mtok: 0.9, output_mtok: 0.9}
      accounts/fireworks/models/yi-6b: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/zephyr-7b-beta: {input_mtok: 0.2, output_mtok: 0.2}
      accounts/fireworks/models/deepseek-v4-flash-vision-exp:
        prices:
        - {input_mtok: 0.22, cache_read_mtok: 0.007, output_mtok: 0.66}
        - {tier: priority, input_mtok: 0.275, cache_read_mtok: 0.00875, output_mtok: 0.825}
      deepseek-v4-flash-0731:
        prices:
        - {input_mtok: 0.22, cache_read_mtok: 0.007, output_mtok: 0.66}
        - {tier: priority, input_mtok: 0.275, cache_read_mtok: 0.00875, output_mtok: 0.825}
      deepseek-v4-flash-vision-exp:
        prices:
        - {input_mtok: 0.22, cache_read_mtok: 0.007, output_mtok: 0.66}
        - {tier: priority, input_mtok: 0.275, cache_read_mtok: 0.00875, output_mtok: 0.825}
      glm-5p2-fast-us: {input_mtok: 2.1, cache_read_mtok: 0.21, output_mtok: 6.6}
      muse-glimmer-30b:
        prices:
        - {input_mtok: 0.35, cache_read_mtok: 0.04, output_mtok: 1.5}
        - {tier: priority, input_mtok: 0.525, cache_read_mtok: 0.06, output_mtok: 2.25}
      accounts/fireworks/models/muse-glimmer-30b:
        prices:
        - {input_mtok: 0.35, cache_read_mtok: 0.04, output_mtok: 1.5}
        - {tier: priority, input_mtok: 0.525, cache_read_mtok: 0.06, output_mtok: 2.25}
      accounts/fireworks/models/qwen3-embedding-8b: {input_mtok: 0.1, output_mtok: 0}
      accounts/fireworks/routers/rune: {input_mtok: 0.042, cache_read_mtok: 0.0084, output_mtok: 0}
      accounts/fireworks/models/minimax-m3p1-flash:
        prices:
        - {input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.6}
        - {tier: priority, input_mtok: 0.225, cache_read_mtok: 0.0225, output_mtok: 0.9}
      accounts/fireworks/models/deepseek-v4p1-flash-1017-us:
        prices:
        - {input_mtok: 0.45, cache_read_mtok: 0.009, output_mtok: 1.8}
        - {tier: priority, input_mtok: 0.5625, cache_read_mtok: 0.01125, output_mtok: 2.25}
      accounts/fireworks/models/rune: {input_mtok: 0.042, cache_read_mtok: 0.0084, output_mtok: 0}
      accounts/fireworks/routers/spot-deepseek-v4-flash: {input_mtok: 0.105, cache_read_mtok: 0.021, output_mtok: 0.21}
      accounts/fireworks/routers/kimi-k3-spot: {input_mtok: 2.1, cache_read_mtok: 0.21, output_mtok: 10.5}
      accounts/fireworks/routers/glm-5p3-spot: {input_mtok: 0.98, cache_read_mtok: 0.182, output_mtok: 3.08}
      accounts/fireworks/routers/deepseek-v4p1-flash-spot: {input_mtok: 0.21, cache_read_mtok: 0.0042, output_mtok: 0.84}
      accounts/fireworks/routers/deepseek-v4p1-flash-1017-spot: {input_mtok: 0.21, cache_read_mtok: 0.0042, output_mtok: 0.84}
      accounts/fireworks/models/ultramarine-1-flash-us:
        prices:
        - {input_mtok: 0.225, cache_read_mtok: 0.045, output_mtok: 0.75}
        - {tier: priority, input_mtok: 0.28125, cache_read_mtok: 0.05625, output_mtok: 0.9375}
  github-copilot:
    match: {contains: copilot}
    models:
      claude-fable-5: {input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, output_mtok: 50}
      claude-fable-5.1: {input_mtok: 10, cache_read_mtok: 0.25, cache_write_mtok: 12.5, output_mtok: 50}
      claude-haiku-4.5: {input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, output_mtok: 5}
      claude-haiku-5.5: {input_mtok: {0: 0.1, 100000: 0.5}, cache_read_mtok: {0: 0.01, 100000: 0.05}, cache_write_mtok: {0: 0.125, 100000: 0.625}, output_mtok: {0: 0.5, 100000: 2.5}}
      claude-opus-4.7: {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      claude-opus-4.8: {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      claude-opus-4.8-fast: {input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, output_mtok: 50}
      claude-opus-5: {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      claude-opus-5.5: {input_mtok: 4, cache_read_mtok: 0.2, cache_write_mtok: 5, output_mtok: 20}
      claude-sonnet-4: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      claude-sonnet-4.6: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      claude-sonnet-5: {input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 2.5, output_mtok: 10}
      claude-sonnet-5.5: {input_mtok: 2, cache_read_mtok: 0.1, cache_write_mtok: 2.5, output_mtok: 10}
      gemini-3.5-flash: {input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 9}
      gemini-3.6-flash: {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75}
      gemini-3.7-flash: {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75}
      gemini-3.8-flash: {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75}
      gemini-4-argon: {input_mtok: 2, cache_read_mtok: 0.1, output_mtok: 10}
      gpt-3.5-turbo: {also: [gpt-3.5-turbo-0613]}
      gpt-4.1: {also: [gpt-4.1-2025-04-14]}
      gpt-4o: {also: [gpt-4o-2024-05-13, gpt-4o-2024-08-06, gpt-4o-2024-11-20, gpt-4-o-preview]}
      gpt-4o-mini: {also: [gpt-4o-mini-2024-07-18]}
      gpt-5-mini: {match: {or: [gpt-5-mini, {regex: "^gpt-5-mini-\\d{4}-\\d{2}-\\d{2}$"}]}, input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 2}
      gpt-5.3-codex: {match: {or: [gpt-5.3-codex, {regex: "^gpt-5\\.3-codex-\\d{4}-\\d{2}-\\d{2}$"}]}, input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14}
      gpt-5.4: {match: {or: [gpt-5.4, {regex: "^gpt-5\\.4-\\d{4}-\\d{2}-\\d{2}$"}]}, input_mtok: {0: 2.5, 272000: 5}, cache_read_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 15, 272000: 22.5}}
      gpt-5.4-mini: {match: {or: [gpt-5.4-mini, {regex: "^gpt-5\\.4-mini-\\d{4}-\\d{2}-\\d{2}$"}]}, input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 4.5}
      gpt-5.4-nano: {match: {or: [gpt-5.4-nano, {regex: "^gpt-5\\.4-nano-\\d{4}-\\d{2}-\\d{2}$"}]}, input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 1.25}
      gpt-5.5: {match: {or: [gpt-5.5, {regex: "^gpt-5\\.5-\\d{4}-\\d{2}-\\d{2}$"}]}, input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 30, 272000: 45}}
      gpt-5.6-luna: {match: {or: [gpt-5.6-luna, {regex: "^gpt-5\\.6-luna-\\d{4}-\\d{2}-\\d{2}$"}]}, input_mtok: {0: 0.2, 200000: 0.4}, cache_read_mtok: {0: 0.02, 200000: 0.04}, cache_write_mtok: {0: 0.25, 200000: 0.5}, output_mtok: {0: 1.2, 200000: 1.8}}
      gpt-5.6-sol: {match: {or: [gpt-5.6-sol, {regex: "^gpt-5\\.6-sol-\\d{4}-\\d{2}-\\d{2}$"}]}, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}}
      gpt-5.6-terra: {match: {or: [gpt-5.6-terra, {regex: "^gpt-5\\.6-terra-\\d{4}-\\d{2}-\\d{2}$"}]}, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 12, 272000: 18}}
      gpt-6-astra: {match: {or: [gpt-6-astra, {regex: "^gpt-6-astra-\\d{4}-\\d{2}-\\d{2}$"}]}, input_mtok: {0: 10, 272000: 20}, cache_read_mtok: {0: 1, 272000: 2}, cache_write_mtok: {0: 12.5, 272000: 25}, output_mtok: {0: 50, 272000: 75}}
      gpt-6-luna: {match: {or: [gpt-6-luna, {regex: "^gpt-6-luna-\\d{4}-\\d{2}-\\d{2}$"}]}, input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.5, 272000: 0.75}}
      gpt-6-sol: {match: {or: [gpt-6-sol, {regex: "^gpt-6-sol-\\d{4}-\\d{2}-\\d{2}$"}]}, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
      gpt-6.1-sol: {match: {or: [gpt-6.1-sol, {regex: "^gpt-6\\.1-sol-\\d{4}-\\d{2}-\\d{2}$"}]}, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
      gpt-6.1-terra: {match: {or: [gpt-6.1-terra, {regex: "^gpt-6\\.1-terra-\\d{4}-\\d{2}-\\d{2}$"}]}, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.05, 272000: 0.1}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}}
      grok-4.5: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.5, 200000: 1}, output_mtok: {0: 6, 200000: 12}}
      grok-4.6: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.5, 200000: 1}, output_mtok: {0: 6, 200000: 12}}
      grok-4.7: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.5, 200000: 1}, output_mtok: {0: 6, 200000: 12}}
      kimi-k2.7-code: {input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
      kimi-k3: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      mai-code-1-flash-picker: {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 4.5}
      mai-code-1.1-flash: {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 1.2}
  google:
    match: {or: [{contains: google}, {contains: vertex}, {contains: gemini}]}
    model_match: {contains: gemini}
    fallback: [anthropic]
    tiers: {batch: 0.5}
    models:
      claude-3-5-haiku: {match: {contains: claude-3-5-haiku}, input_mtok: 0.8, cache_read_mtok: 0.08, cache_write_mtok: 1, output_mtok: 4}
      claude-3-5-sonnet: {match: {contains: claude-3-5-sonnet}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      claude-3-7-sonnet: {match: {contains: claude-3-7-sonnet}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      claude-3-haiku: {match: {contains: claude-3-haiku}, input_mtok: 0.25, cache_read_mtok: 0.03, cache_write_mtok: 0.3, output_mtok: 1.25}
      claude-3-opus: {match: {contains: claude-3-opus}, input_mtok: 15, cache_read_mtok: 1.5, cache_write_mtok: 18.75, output_mtok: 75}
      claude-4-opus: {match: {or: [{contains: claude-4-opus}, {contains: "claude-opus-4@"}, {contains: claude-opus-4-0}, {contains: claude-opus-4-1}, claude-opus-4]}, input_mtok: 15, cache_read_mtok: 1.5, cache_write_mtok: 18.75, output_mtok: 75}
      claude-4-sonnet: {match: {or: [{contains: claude-4-sonnet}, {contains: claude-sonnet-4-0}, {contains: "claude-sonnet-4@"}, {contains: claude-sonnet-4-2025}, claude-sonnet-4, anthropic/claude-sonnet-4]}, input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      claude-fable-5:
        match: {or: [{ends_with: claude-fable-5}, {contains: "claude-fable-5@"}]}
        prices:
        - {input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      claude-fable-5-1:
        match: {or: [{ends_with: claude-fable-5-1}, {contains: "claude-fable-5-1@"}]}
        prices:
        - {input_mtok: 10, cache_read_mtok: 0.25, cache_write_mtok: 12.5, cache_write_1h_mtok: 20, output_mtok: 50, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 5, cache_read_mtok: 0.125, cache_write_mtok: 6.25, output_mtok: 25}
      claude-fable-5-2:
        match: {or: [{ends_with: claude-fable-5-2}, {contains: "claude-fable-5-2@"}]}
        prices:
        - {input_mtok: 8, cache_read_mtok: 0.2, cache_write_mtok: 10, cache_write_1h_mtok: 16, output_mtok: 40, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 4, cache_read_mtok: 0.1, cache_write_mtok: 5, cache_write_1h_mtok: 8, output_mtok: 20}
      claude-haiku-4-5:
        match: {or: [{contains: claude-haiku-4-5}, {contains: claude-haiku-4.5}]}
        prices:
        - {input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, cache_write_1h_mtok: 2, output_mtok: 5, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 0.5, cache_read_mtok: 0.05, cache_write_mtok: 0.625, output_mtok: 2.5}
      claude-haiku-5-5:
        match: {or: [{contains: claude-haiku-5-5}, {contains: claude-haiku-5.5}, {contains: claude-5-5-haiku}, {contains: claude-5.5-haiku}]}
        prices:
        - {input_mtok: {0: 0.1, 100000: 0.5}, cache_read_mtok: {0: 0.01, 100000: 0.05}, cache_write_mtok: {0: 0.125, 100000: 0.625}, cache_write_1h_mtok: {0: 0.2, 100000: 1}, output_mtok: {0: 0.5, 100000: 2.5}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 0.05, cache_read_mtok: 0.005, cache_write_mtok: 0.0625, output_mtok: 0.25}
      claude-opus-4-5:
        match: {or: [{contains: claude-4-5-opus}, {contains: claude-opus-4-5}, {contains: claude-4.5-opus}, {contains: claude-opus-4.5}]}
        prices:
        - {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      claude-opus-4-6:
        match: {or: [{contains: claude-4-6-opus}, {contains: claude-opus-4-6}, {contains: claude-4.6-opus}, {contains: claude-opus-4.6}]}
        prices:
        - {input_mtok: {0: 5, 200000: 10}, cache_read_mtok: {0: 0.5, 200000: 1}, cache_write_mtok: {0: 6.25, 200000: 12.5}, output_mtok: {0: 25, 200000: 37.5}}
        - {from: 2026-03-13, input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      claude-opus-4-7:
        match: {or: [{contains: claude-4-7-opus}, {contains: claude-opus-4-7}, {contains: claude-4.7-opus}, {contains: claude-opus-4.7}]}
        prices:
        - {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      claude-opus-4-8:
        match: {or: [{contains: claude-4-8-opus}, {contains: claude-opus-4-8}, {contains: claude-4.8-opus}, {contains: claude-opus-4.8}]}
        prices:
        - {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      claude-opus-5:
        match: {or: [{contains: claude-5-opus}, {ends_with: claude-opus-5}, {contains: "claude-opus-5@"}, {contains: claude-5.0-opus}, {contains: claude-opus-5.0}]}
        prices:
        - {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, cache_write_1h_mtok: 10, output_mtok: 25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      claude-opus-5-5:
        match: {or: [{contains: claude-5-5-opus}, {ends_with: claude-opus-5-5}, {contains: "claude-opus-5-5@"}, {contains: claude-5.5-opus}, {contains: claude-opus-5.5}]}
        prices:
        - {input_mtok: 4, cache_read_mtok: 0.2, cache_write_mtok: 5, cache_write_1h_mtok: 8, output_mtok: 20, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.1, cache_write_mtok: 2.5, output_mtok: 12.5}
      claude-sonnet-4-5:
        match: {or: [{contains: claude-sonnet-4-5}, {contains: claude-sonnet-4.5}]}
        prices:
        - {input_mtok: {0: 3, 200000: 6}, cache_read_mtok: {0: 0.3, 200000: 0.6}, cache_write_mtok: {0: 3.75, 200000: 7.5}, cache_write_1h_mtok: {0: 6, 200000: 12}, output_mtok: {0: 15, 200000: 22.5}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1.5, cache_read_mtok: 0.15, cache_write_mtok: 1.88, output_mtok: 7.5}
      claude-sonnet-4-6:
        match: {or: [{contains: claude-sonnet-4-6}, {contains: claude-sonnet-4.6}]}
        prices:
        - {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, cache_write_1h_mtok: 6, output_mtok: 15, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1.5, cache_read_mtok: 0.15, cache_write_mtok: 1.88, output_mtok: 7.5}
      claude-sonnet-5-5:
        match: {or: [{contains: claude-sonnet-5-5}, {contains: claude-sonnet-5.5}, {contains: claude-5-5-sonnet}, {contains: claude-5.5-sonnet}]}
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.1, cache_write_mtok: 2.5, cache_write_1h_mtok: 4, output_mtok: 10, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1, cache_read_mtok: 0.05, cache_write_mtok: 1.25, output_mtok: 5}
      gemini-1.0-pro-vision-001: {input_mtok: 0.125, output_mtok: 0.375}
      gemini-1.5-flash: {match: {contains: gemini-1.5-flash}, input_mtok: {0: 0.075, 128000: 0.15}, cache_read_mtok: {0: 0.01875, 128000: 0.0375}, output_mtok: {0: 0.3, 128000: 0.6}}
      gemini-1.5-pro: {match: {contains: gemini-1.5-pro}, input_mtok: {0: 1.25, 128000: 2.5}, output_mtok: {0: 5, 128000: 10}}
      gemini-2.0-flash: {match: {or: [{ends_with: gemini-2.0-flash}, {contains: gemini-2.0-flash-0}, {contains: gemini-2.0-flash-exp}, {contains: gemini-2.0-flash-thinking}, {contains: gemini-2.0-flash-latest}]}, input_mtok: 0.1, cache_read_mtok: 0.025, output_mtok: 0.4, input_audio_mtok: 0.7, cache_audio_read_mtok: 0.175, web_searches_kcount: 35}
      gemini-2.0-flash-lite:
        match: {contains: gemini-2.0-flash-lite}
        prices:
        - {input_mtok: 0.075, output_mtok: 0.3}
        - {tier: batch, input_mtok: 0.0375, output_mtok: 0.15, input_audio_mtok: 0.0375}
      gemini-2.5-flash:
        also: [gemini-2.5-flash-latest, gemini-2.5-flash-preview-09-2025]
        prices:
        - {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 2.5, input_audio_mtok: 1, cache_audio_read_mtok: 0.1, web_searches_kcount: 35}
        - {tier: batch, input_mtok: 0.15, output_mtok: 1.25, input_audio_mtok: 0.5}
        - {tier: flex, input_mtok: 0.15, output_mtok: 1.25}
        - {tier: priority, input_mtok: 0.54, cache_read_mtok: 0.054, output_mtok: 4.5, input_audio_mtok: 1.8}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.15, output_mtok: 1.25, input_audio_mtok: 0.5}
      gemini-2.5-flash-image:
        also: [gemini-2.5-flash-image-preview]
        prices:
        - {input_mtok: 0.3, output_mtok: 2.5, input_audio_mtok: 1, output_image_mtok: 30}
        - {tier: batch, input_mtok: 0.15, output_mtok: 1.25, output_image_mtok: 15}
        - {tier: flex, input_mtok: 0.15, output_mtok: 1.25}
      gemini-2.5-flash-lite:
        match: {or: [gemini-2.5-flash-lite, {and: [{starts_with: gemini-2.5-flash-lite-preview}, {regex: "^(?!.*-[tT][tT][sS](?:$|-))"}]}]}
        prices:
        - {input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.4, input_audio_mtok: 0.3, cache_audio_read_mtok: 0.03, web_searches_kcount: 35}
        - {tier: batch, input_mtok: 0.05, output_mtok: 0.2, input_audio_mtok: 0.05}
        - {tier: flex, input_mtok: 0.05, output_mtok: 0.2}
        - {tier: priority, input_mtok: 0.18, cache_read_mtok: 0.018, output_mtok: 0.72, input_audio_mtok: 0.54}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.05, output_mtok: 0.2, input_audio_mtok: 0.15}
      gemini-2.5-flash-lite-preview-tts: {input_mtok: 0.5, output_mtok: 10}
      gemini-2.5-flash-preview: {match: {or: [{contains: gemini-2.5-flash-preview-05-20}, {contains: gemini-2.5-flash-preview-04-17}, "gemini-2.5-flash-preview-05-20:thinking", gemini-2.5-flash-preview, "gemini-2.5-flash-preview:thinking"]}, input_mtok: 0.15, output_mtok: 0.6, web_searches_kcount: 35}
      gemini-2.5-flash-tts:
        also: [gemini-2.5-flash-preview-tts]
        prices:
        - {input_mtok: 0.5, output_mtok: 10}
        - {tier: batch, input_mtok: 0.25, output_mtok: 5}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.25, output_mtok: 5}
      gemini-2.5-pro:
        match: {and: [{starts_with: gemini-2.5-pro}, {regex: "^(?!.*-[tT][tT][sS](?:$|-))"}]}
        prices:
        - {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.125, 200000: 0.25}, output_mtok: {0: 10, 200000: 15}, web_searches_kcount: 35}
        - {tier: batch, input_mtok: {0: 0.625, 200000: 1.25}, output_mtok: {0: 5, 200000: 7.5}}
        - {tier: flex, input_mtok: 0.625, cache_read_mtok: 0.125, output_mtok: 5}
        - {tier: priority, input_mtok: {0: 2.25, 200000: 4.5}, cache_read_mtok: {0: 0.225, 200000: 0.45}, output_mtok: {0: 18, 200000: 27}}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 0.625, 200000: 1.25}, output_mtok: {0: 5, 200000: 7.5}}
      gemini-2.5-pro-tts:
        also: [gemini-2.5-pro-preview-tts]
        prices:
        - {input_mtok: 1, output_mtok: 20, input_audio_mtok: 0.7, web_searches_kcount: 35}
        - {tier: batch, input_mtok: 0.5}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.5, output_mtok: 10}
      gemini-3-flash-preview:
        match: {or: [gemini-3-flash-preview, {starts_with: gemini-3-flash-preview-}]}
        prices:
        - {input_mtok: 0.5, cache_read_mtok: 0.05, output_mtok: 3, input_audio_mtok: 1, cache_audio_read_mtok: 0.1}
        - {from: 2026-01-05, input_mtok: 0.5, cache_read_mtok: 0.05, output_mtok: 3, input_audio_mtok: 1, cache_audio_read_mtok: 0.1, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.25, output_mtok: 1.5, input_audio_mtok: 0.5}
        - {tier: flex, input_mtok: 0.25, output_mtok: 1.5}
        - {tier: priority, input_mtok: 0.9, cache_read_mtok: 0.09, output_mtok: 5.4, input_audio_mtok: 1.8}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.25, output_mtok: 1.5, input_audio_mtok: 0.5}
      gemini-3-pro-image-preview:
        match: {or: [gemini-3-pro-image, {starts_with: gemini-3-pro-image-preview}]}
        prices:
        - {input_mtok: 2, output_mtok: 12, output_image_mtok: 120}
        - {from: 2026-01-05, input_mtok: 2, output_mtok: 12, output_image_mtok: 120, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 1, output_mtok: 6}
        - {tier: flex, input_mtok: 1, output_mtok: 6}
        - {tier: priority, input_mtok: 3.6, output_mtok: 21.6}
        - {from: 2026-10-14, tier: batch, input_mtok: 1, output_mtok: 6, output_image_mtok: 60}
      gemini-3-pro-preview:
        match: {or: [{starts_with: gemini-3-pro-preview}, gemini-3-pro-text-preview]}
        prices:
        - {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 12, 200000: 18}}
        - {from: 2026-01-05, input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 12, 200000: 18}, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 1, output_mtok: 6}
        - {tier: priority, input_mtok: {0: 3.6, 200000: 7.2}, cache_read_mtok: {0: 0.36, 200000: 0.72}, output_mtok: {0: 21.6, 200000: 32.4}}
      gemini-3.1-flash-image-preview:
        match: {or: [gemini-3.1-flash-image, {starts_with: gemini-3.1-flash-image-preview}]}
        prices:
        - {input_mtok: 0.5, output_mtok: 3, output_image_mtok: 60, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 1.5, output_image_mtok: 30}
        - {tier: flex, input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 1.5}
        - {tier: priority, input_mtok: 0.9, cache_read_mtok: 0.09, output_mtok: 5.4}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.25, output_mtok: 1.5, output_image_mtok: 30}
      gemini-3.1-flash-lite:
        match: {or: [gemini-3.1-flash-lite, {starts_with: gemini-3.1-flash-lite-preview}]}
        prices:
        - {input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 1.5, input_audio_mtok: 0.5, cache_audio_read_mtok: 0.05, web_searches_kcount: 14}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.125, cache_read_mtok: 0.0125, output_mtok: 0.75, input_audio_mtok: 0.25, cache_audio_read_mtok: 0.025}
      gemini-3.1-flash-lite-image:
        match: {starts_with: gemini-3.1-flash-lite-image}
        prices:
        - {input_mtok: 0.25, output_mtok: 1.5, output_image_mtok: 30}
        - {tier: batch, input_mtok: 0.125, cache_read_mtok: 0.0125, output_mtok: 0.75, output_image_mtok: 15}
        - {tier: flex, input_mtok: 0.125, cache_read_mtok: 0.0125, output_mtok: 0.75}
        - {tier: priority, input_mtok: 0.45, cache_read_mtok: 0.045, output_mtok: 2.7}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.125, output_mtok: 0.75, output_image_mtok: 15}
      gemini-3.1-flash-live-preview: {match: {starts_with: gemini-3.1-flash-live-preview}, input_mtok: 0.75, output_mtok: 4.5, input_audio_mtok: 3, output_audio_mtok: 12, input_image_mtok: 1, web_searches_kcount: 14}
      gemini-3.1-flash-tts-preview:
        prices:
        - {input_mtok: 1, output_mtok: 20}
        - {tier: batch, input_mtok: 0.5, output_mtok: 10}
        - {from: 2026-10-15, tier: batch, input_mtok: 0.5, output_mtok: 10}
      gemini-3.1-pro-preview:
        match: {or: [{starts_with: gemini-3.1-pro-preview}, gemini-pro-latest]}
        prices:
        - {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 12, 200000: 18}, web_searches_kcount: 14}
        - {tier: batch, input_mtok: {0: 1, 200000: 2}, output_mtok: {0: 6, 200000: 9}}
        - {tier: flex, input_mtok: 1, output_mtok: 6}
        - {tier: priority, input_mtok: {0: 3.6, 200000: 7.2}, cache_read_mtok: {0: 0.36, 200000: 0.72}, output_mtok: {0: 21.6, 200000: 32.4}}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 1, 200000: 2}, output_mtok: {0: 6, 200000: 9}}
      gemini-3.5-flash:
        match: {or: [gemini-3.5-flash, {starts_with: gemini-3.5-flash-preview}, {regex: "^gemini-3\\.5-flash-\\d"}]}
        prices:
        - {input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 9, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 4.5}
        - {tier: flex, input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 4.5}
        - {tier: priority, input_mtok: 2.7, cache_read_mtok: 0.27, output_mtok: 16.2, input_audio_mtok: 2.7}
      gemini-3.5-flash-lite:
        match: {or: [{starts_with: gemini-3.5-flash-lite}, gemini-flash-lite-latest]}
        prices:
        - {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 2.5, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 1.25}
        - {tier: flex, input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 1.25}
        - {tier: priority, input_mtok: 0.54, cache_read_mtok: 0.054, output_mtok: 4.5}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.15, cache_read_mtok: 0.02, output_mtok: 1.25}
      gemini-3.6-flash:
        match: {starts_with: gemini-3.6-flash}
        prices:
        - {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75, web_searches_kcount: 14}
        - {from: 2027-01-01, input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 7.5, web_searches_kcount: 14}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.375, cache_read_mtok: 0.0375, output_mtok: 1.875}
        - {from: 2027-01-01, tier: batch, input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75}
      gemini-3.7-flash:
        match: {starts_with: gemini-3.7-flash}
        prices:
        - {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75, web_searches_kcount: 14}
        - {from: 2027-01-01, input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 7.5, web_searches_kcount: 14}
      gemini-3.8-flash:
        match: {or: [{and: [{starts_with: gemini-3.8-flash}, {regex: "^(?!.*-[tT][tT][sS](?:$|-))"}]}, gemini-flash-latest]}
        prices:
        - {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75, web_searches_kcount: 14}
        - {from: 2027-01-01, input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 7.5, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75}
        - {tier: flex, input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75}
        - {tier: priority, input_mtok: 2.7, cache_read_mtok: 0.27, output_mtok: 13.5}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.375, cache_read_mtok: 0.0375, output_mtok: 1.875}
        - {from: 2027-01-01, tier: batch, input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75}
      gemini-3.8-flash-lite-tts:
        prices:
        - {input_mtok: 0.5, output_mtok: 6}
        - {from: 2027-01-01, input_mtok: 1, output_mtok: 12}
        - {from: 2026-10-15, tier: priority, input_mtok: 0.9, output_mtok: 10.8}
        - {from: 2027-01-01, tier: priority, input_mtok: 1.8, output_mtok: 21.6}
        - {from: 2026-10-15, tier: flex, input_mtok: 0.25, output_mtok: 3}
        - {from: 2027-01-01, tier: flex, input_mtok: 0.5, output_mtok: 6}
        - {from: 2026-10-15, tier: batch, input_mtok: 0.25, output_mtok: 3}
        - {from: 2027-01-01, tier: batch, input_mtok: 0.5, output_mtok: 6}
      gemini-3.8-flash-tts:
        prices:
        - {input_mtok: 0.5, output_mtok: 9}
        - {from: 2027-01-01, input_mtok: 1, output_mtok: 18}
        - {from: 2026-10-15, tier: priority, input_mtok: 0.9, output_mtok: 16.2}
        - {from: 2027-01-01, tier: priority, input_mtok: 1.8, output_mtok: 32.4}
        - {from: 2026-10-15, tier: flex, input_mtok: 0.25, output_mtok: 4.5}
        - {from: 2027-01-01, tier: flex, input_mtok: 0.5, output_mtok: 9}
        - {from: 2026-10-15, tier: batch, input_mtok: 0.25, output_mtok: 4.5}
        - {from: 2027-01-01, tier: batch, input_mtok: 0.5, output_mtok: 9}
      gemini-3.8-live: {match: {starts_with: gemini-3.8-live}, input_mtok: 0.75, output_mtok: 4.5, input_audio_mtok: 3, output_audio_mtok: 12, input_image_mtok: 1, web_searches_kcount: 14}
      gemini-4-argon:
        match: {or: [gemini-4-argon, {starts_with: gemini-4-argon-preview}, {regex: "^gemini-4-argon-\\d"}]}
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.1, output_mtok: 10, web_searches_kcount: 14}
        - {from: 2026-12-01, input_mtok: 4, cache_read_mtok: 0.2, output_mtok: 20, web_searches_kcount: 14}
        - {from: 2026-10-14, tier: batch, input_mtok: 1, cache_read_mtok: 0.05, output_mtok: 5}
        - {from: 2026-12-01, tier: batch, input_mtok: 2, cache_read_mtok: 0.1, output_mtok: 10}
      gemini-embedding-001:
        prices:
        - {input_mtok: 0.15}
        - {tier: batch, input_mtok: 0.12}
      gemini-embedding-2:
        also: [gemini-embedding-2-preview]
        prices:
        - {input_mtok: 0.2, input_audio_mtok: 6.5, input_image_mtok: 0.45}
        - {tier: batch, input_mtok: 0.1, input_audio_mtok: 3.25, input_image_mtok: 0.225}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.1, input_audio_mtok: 3.25, input_image_mtok: 0.225}
      gemini-flash-1.5: {input_mtok: {0: 0.075, 128000: 0.15}, cache_read_mtok: {0: 0.01875, 128000: 0.0375}, output_mtok: {0: 0.3, 128000: 0.6}}
      gemini-flash-1.5-8b: {input_mtok: {0: 0.0375, 128000: 0.075}, cache_read_mtok: {0: 0.01, 128000: 0.02}, output_mtok: {0: 0.15, 128000: 0.3}}
      gemini-live-2.5-flash: {match: {or: [{starts_with: gemini-live-2.5-flash}, {starts_with: gemini-2.5-flash-native-audio-preview}, gemini-2.5-flash-native-audio-latest]}, input_mtok: 0.5, output_mtok: 2, input_audio_mtok: 3, output_audio_mtok: 12, input_image_mtok: 3, web_searches_kcount: 35}
      gemini-nano-banana-2.1:
        prices:
        - {input_mtok: 1.5, output_mtok: 7.5, output_image_mtok: 30, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 0.75, output_mtok: 3.75, output_image_mtok: 15}
        - {from: 2026-10-15, tier: batch, input_mtok: 0.75, output_mtok: 3.75, output_image_mtok: 15}
      gemini-omni-1.1-flash: {input_mtok: 1.5, output_mtok: 9}
      gemini-omni-flash-preview: {match: {starts_with: gemini-omni-flash-preview}, input_mtok: 1.5, output_mtok: 9}
      gemini-pro: {also: [gemini-1.0-pro], input_mtok: 0.125, output_mtok: 0.375}
      gemini-pro-1.5: {input_mtok: {0: 1.25, 128000: 2.5}, cache_read_mtok: {0: 0.3125, 128000: 0.625}, output_mtok: {0: 5, 128000: 10}}
      gemini-robotics-er-2-preview:
        prices:
        - {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 5}
        - {from: 2027-01-01, input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 10}
      gemini-robotics-er-2-streaming-preview:
        prices:
        - {input_mtok: 1, output_mtok: 5}
        - {from: 2027-01-01, input_mtok: 2, output_mtok: 10}
      gemma-2-27b-it: {input_mtok: 0.65, output_mtok: 0.65}
      gemma-3: {match: {or: [{starts_with: gemma-3-}, gemma-3]}}
      gemma-3n: {match: {or: [{starts_with: gemma-3n}]}}
      gemma-4-26b-a4b-it: {}
      gemma-4-26b-a4b-it-maas: {input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.6}
      gemma-4-31b-it: {}
      deep-research-pro-preview-12-2025:
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 12, output_image_mtok: 120, images_kcount: 134}
        - {tier: batch, input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 6}
      gemini-robotics-er-1.5-preview: {input_mtok: 0.3, cache_read_mtok: 0, output_mtok: 2.5, input_audio_mtok: 1}
      gemini-2.5-computer-use-preview-10-2025: {input_mtok: {0: 1.25, 200000: 2.5}, output_mtok: {0: 10, 200000: 15}}
      deep-research-preview-04-2026:
        prices:
        - {input_mtok: 2, output_mtok: 12, web_searches_kcount: 35}
        - {tier: batch, input_mtok: 1, output_mtok: 6}
      deep-research-max-preview-04-2026:
        prices:
        - {input_mtok: 2, output_mtok: 12, web_searches_kcount: 35}
        - {tier: batch, input_mtok: 1, output_mtok: 6}
      nano-banana-pro-preview:
        prices:
        - {input_mtok: 2, output_mtok: 12, output_image_mtok: 120, web_searches_kcount: 14, images_kcount: 134}
        - {tier: batch, input_mtok: 1, output_mtok: 6}
        - {tier: flex, input_mtok: 1, output_mtok: 6}
        - {tier: priority, input_mtok: 3.6, output_mtok: 21.6}
      gemini-gemma-2-27b-it: {input_mtok: 0.35, output_mtok: 1.05}
      gemini-gemma-2-9b-it: {input_mtok: 0.35, output_mtok: 1.05}
      imagen-3.0-fast-generate-001: {images_kcount: 20}
      imagen-3.0-generate-001: {images_kcount: 40}
      lyria-3-clip-preview: {input_mtok: 0, output_mtok: 0, images_kcount: 40}
      lyria-3-pro-preview: {input_mtok: 0, output_mtok: 0, images_kcount: 80}
      veo-3.1-fast-generate-preview: {output_hours: 360}
      veo-3.1-generate-preview: {output_hours: 1440}
      veo-3.1-lite-generate-preview: {output_hours: 180}
      veo-3.1-fast-generate-001: {output_hours: 360}
      veo-3.1-generate-001: {output_hours: 1440}
      medlm-large: {input_mchars: 5}
      medlm-medium: {input_mchars: 0.5}
      multimodalembedding: {input_mtok: 0.8, output_mtok: 0}
      "multimodalembedding@001": {input_mtok: 0.8, output_mtok: 0}
      text-embedding-004: {input_mtok: 0.1, output_mtok: 0}
      text-embedding-005: {input_mtok: 0.1, output_mtok: 0}
      text-embedding-large-exp-03-07: {input_mtok: 0.1, output_mtok: 0}
      text-embedding-preview-0409: {input_mtok: 0.00625, output_mtok: 0}
      text-multilingual-embedding-002: {input_mtok: 0.1, output_mtok: 0}
      text-unicorn: {input_mtok: 10, output_mtok: 28}
      "text-unicorn@001": {input_mtok: 10, output_mtok: 28}
      chirp: {input_mchars: 30}
      chirp_3: {input_hours: 0.960012}
      chirp_2: {input_hours: 0.960012}
      claude-3-sonnet: {input_mtok: 3, output_mtok: 15}
      "claude-3-sonnet@20240229": {input_mtok: 3, output_mtok: 15}
      claude-sonnet-5:
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 2.5, cache_write_1h_mtok: 4, output_mtok: 10, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1, output_mtok: 5}
      "mistralai/codestral-2@001": {input_mtok: 0.3, output_mtok: 0.9}
      codestral-2: {input_mtok: 0.3, output_mtok: 0.9}
      "codestral-2@001": {input_mtok: 0.3, output_mtok: 0.9}
      mistralai/codestral-2: {input_mtok: 0.3, output_mtok: 0.9}
      codestral-2501: {input_mtok: 0.2, output_mtok: 0.6}
      "codestral@2405": {input_mtok: 0.2, output_mtok: 0.6}
      "codestral@latest": {input_mtok: 0.2, output_mtok: 0.6}
      deepseek-ai/deepseek-v3.1-maas:
        prices:
        - {input_mtok: 0.6, cache_read_mtok: 0.06, output_mtok: 1.7}
        - {tier: batch, input_mtok: 0.3, output_mtok: 0.85}
      deepseek-ai/deepseek-v3.2-maas:
        prices:
        - {input_mtok: 0.56, cache_read_mtok: 0.056, output_mtok: 1.68}
        - {tier: batch, input_mtok: 0.28, output_mtok: 0.84}
      deepseek-ai/deepseek-r1-0528-maas:
        prices:
        - {input_mtok: 1.35, output_mtok: 5.4}
        - {tier: batch, input_mtok: 0.675, output_mtok: 2.7}
      jamba-1.5: {input_mtok: 0.2, output_mtok: 0.4}
      jamba-1.5-large: {input_mtok: 2, output_mtok: 8}
      "jamba-1.5-large@001": {input_mtok: 2, output_mtok: 8}
      jamba-1.5-mini: {input_mtok: 0.2, output_mtok: 0.4}
      "jamba-1.5-mini@001": {input_mtok: 0.2, output_mtok: 0.4}
      lyria-002: {images_kcount: 60}
      meta/llama-3.1-405b-instruct-maas: {input_mtok: 5, output_mtok: 16}
      meta/llama-4-maverick-17b-128e-instruct-maas:
        prices:
        - {input_mtok: 0.35, output_mtok: 1.15}
        - {tier: batch, input_mtok: 0.175, output_mtok: 0.575}
      meta/llama-4-maverick-17b-16e-instruct-maas:
        prices:
        - {input_mtok: 0.35, output_mtok: 1.15}
        - {tier: batch, input_mtok: 0.175, output_mtok: 0.575}
      meta/llama-4-scout-17b-128e-instruct-maas:
        prices:
        - {input_mtok: 0.25, output_mtok: 0.7}
        - {tier: batch, input_mtok: 0.125, output_mtok: 0.35}
      meta/llama-4-scout-17b-16e-instruct-maas:
        prices:
        - {input_mtok: 0.25, output_mtok: 0.7}
        - {tier: batch, input_mtok: 0.125, output_mtok: 0.35}
      minimaxai/minimax-m2-maas: {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 1.2}
      moonshotai/kimi-k2-thinking-maas: {input_mtok: 0.6, cache_read_mtok: 0.06, output_mtok: 2.5}
      zai-org/glm-4.7-maas: {input_mtok: 0.6, cache_read_mtok: 0.06, output_mtok: 2.2}
      zai-org/glm-5-maas: {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 3.2}
      mistral-medium-3: {input_mtok: 0.4, output_mtok: 2}
      "mistral-medium-3@001": {input_mtok: 0.4, output_mtok: 2}
      mistralai/mistral-medium-3: {input_mtok: 0.4, output_mtok: 2}
      "mistralai/mistral-medium-3@001": {input_mtok: 0.4, output_mtok: 2}
      mistral-large-2411: {input_mtok: 2, output_mtok: 6}
      "mistral-large@2407": {input_mtok: 2, output_mtok: 6}
      "mistral-large@2411-001": {input_mtok: 2, output_mtok: 6}
      "mistral-large@latest": {input_mtok: 2, output_mtok: 6}
      "mistral-nemo@2407": {input_mtok: 3, output_mtok: 3}
      "mistral-nemo@latest": {input_mtok: 0.15, output_mtok: 0.15}
      mistral-small-2503: {input_mtok: 0.1, output_mtok: 0.3}
      "mistral-small-2503@001": {input_mtok: 0.1, output_mtok: 0.3}
      deepseek-ai/deepseek-ocr-maas: {input_mtok: 0.3, output_mtok: 1.2}
      google/gemma-4-26b-a4b-it-maas: {input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.6}
      openai/gpt-oss-120b-maas:
        prices:
        - {input_mtok: 0.09, output_mtok: 0.36}
        - {tier: batch, input_mtok: 0.045, output_mtok: 0.18}
      openai/gpt-oss-20b-maas:
        prices:
        - {input_mtok: 0.07, cache_read_mtok: 0.007, output_mtok: 0.25}
        - {tier: batch, input_mtok: 0.035, output_mtok: 0.125}
      xai/grok-4.1-fast-non-reasoning: {input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.5}
      xai/grok-4.1-fast-reasoning: {input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.5}
      xai/grok-4.20-non-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}}
      xai/grok-4.20-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}}
      xai/grok-4.3: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}}
      xai/grok-4.6: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.5, 200000: 1}, output_mtok: {0: 6, 200000: 12}}
      qwen/qwen3-235b-a22b-instruct-2507-maas:
        prices:
        - {input_mtok: 0.22, output_mtok: 0.88}
        - {tier: batch, input_mtok: 0.11, output_mtok: 0.44}
      qwen/qwen3-coder-480b-a35b-instruct-maas:
        prices:
        - {input_mtok: 0.22, cache_read_mtok: 0.022, output_mtok: 1.8}
        - {tier: batch, input_mtok: 0.11, output_mtok: 0.9}
      qwen/qwen3-next-80b-a3b-instruct-maas: {input_mtok: 0.15, output_mtok: 1.2}
      qwen/qwen3-next-80b-a3b-thinking-maas: {input_mtok: 0.15, output_mtok: 1.2}
      veo-3.1-lite-generate-001: {output_hours: 180}
      search_api: {requests_kcount: 1.5}
      semantic-ranker-default: {input_mtok: 0, output_mtok: 0, requests_kcount: 1}
      semantic-ranker-default-002: {input_mtok: 0, output_mtok: 0, requests_kcount: 1}
      semantic-ranker-default-003: {input_mtok: 0, output_mtok: 0, requests_kcount: 1}
      semantic-ranker-default-004: {input_mtok: 0, output_mtok: 0, requests_kcount: 1}
      "semantic-ranker-default@latest": {input_mtok: 0, output_mtok: 0, requests_kcount: 1}
      semantic-ranker-fast: {input_mtok: 0, output_mtok: 0, requests_kcount: 1}
      semantic-ranker-fast-004: {input_mtok: 0, output_mtok: 0, requests_kcount: 1}
      "semantic-ranker-fast@latest": {input_mtok: 0, output_mtok: 0, requests_kcount: 1}
      gemini-exp-1206: {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 2.5, input_audio_mtok: 1, web_searches_kcount: 35}
      "claude-sonnet-5@default":
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 2.5, cache_write_1h_mtok: 4, output_mtok: 10, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1, output_mtok: 5}
      gemini-3.5-live-translate-preview: {input_mtok: 3.5, output_mtok: 21}
      gemini-3.5-transcribe: {input_mtok: 2, output_mtok: 12}
      gemini-3.5-transcribe-live: {input_mtok: 3.5, output_mtok: 21}
      gemini-3.5-transcribe-preview: {input_mtok: 2, output_mtok: 12}
      gemini-3.5-transcribe-live-preview: {input_mtok: 3.5, output_mtok: 21}
      lyria-3.5-clip-preview: {input_mtok: 0, output_mtok: 0, images_kcount: 40}
      lyria-3.5-pro-preview: {input_mtok: 0, output_mtok: 0, images_kcount: 80}
      lyria-3.5: {input_mtok: 0, output_mtok: 0, images_kcount: 80}
      lyria-realtime-exp: {input_mtok: 0, output_mtok: 0, images_kcount: 80}
      gemini-2.5-flash-native-audio: {input_mtok: 0.5, output_mtok: 2, input_audio_mtok: 3, output_audio_mtok: 12, input_image_mtok: 3}
      gemini-omni-1.1-flash-preview: {input_mtok: 1.5, output_mtok: 9}
      zai-org/glm-5.2-maas: {input_mtok: 1.4, cache_read_mtok: 0.14, output_mtok: 4.4}
      meta/llama-3.3-70b-instruct-maas:
        prices:
        - {input_mtok: 0.72, output_mtok: 0.72}
        - {tier: batch, input_mtok: 0.36, output_mtok: 0.36}
      veo-3.0-generate-001: {output_hours: 1440}
      veo-3.0-fast-generate-001: {output_hours: 360}
      veo-2.0-generate-001: {output_hours: 1800}
      virtual-try-on-001: {images_kcount: 60}
      xai/grok-4.7: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.5, 200000: 1}, output_mtok: {0: 6, 200000: 12}}
      gemini-4-argon-cyber-permissive:
        prices:
        - {input_mtok: 4, cache_read_mtok: 0.2, output_mtok: 20, web_searches_kcount: 14}
        - {tier: batch, input_mtok: 2, cache_read_mtok: 0.1, output_mtok: 10, input_audio_mtok: 2}
        - {tier: flex, input_mtok: 2, cache_read_mtok: 0.1, output_mtok: 10}
        - {tier: priority, input_mtok: 7.2, cache_read_mtok: 0.36, output_mtok: 36, input_audio_mtok: 7.2}
      deepseek-ai/deepseek-v4.1-flash-maas: {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 1.2}
  groq:
    match: groqcloud
    models:
      canopylabs/orpheus-arabic-saudi: {input_mchars: 40}
      canopylabs/orpheus-v1-english: {input_mchars: 22}
      deepseek-r1-distill-llama-70b: {input_mtok: 0.75, output_mtok: 0.99}
      gemma-7b-it: {input_mtok: 0.07, output_mtok: 0.07}
      gemma2-9b-it: {also: [gemma2-9b], input_mtok: 0.2, output_mtok: 0.2}
      llama-3.1-405b-reasoning: {input_mtok: 0.59, output_mtok: 0.79}
      llama-3.1-70b-versatile: {input_mtok: 0.59, output_mtok: 0.79}
      llama-3.1-8b-instant: {input_mtok: 0.05, output_mtok: 0.08}
      llama-3.2-11b-text-preview: {input_mtok: 0.18, output_mtok: 0.18}
      llama-3.2-11b-vision-preview: {input_mtok: 0.18, output_mtok: 0.18}
      llama-3.2-1b-preview: {input_mtok: 0.04, output_mtok: 0.04}
      llama-3.2-3b-preview: {input_mtok: 0.06, output_mtok: 0.06}
      llama-3.2-90b-text-preview: {input_mtok: 0.9, output_mtok: 0.9}
      llama-3.2-90b-vision-preview: {input_mtok: 0.9, output_mtok: 0.9}
      llama-3.3-70b-specdec: {input_mtok: 0.59, output_mtok: 0.99}
      llama-3.3-70b-versatile: {input_mtok: 0.59, output_mtok: 0.79}
      llama-guard-3-8b: {input_mtok: 0.2, output_mtok: 0.2}
      llama2-70b-4096: {input_mtok: 0.7, output_mtok: 0.8}
      llama3-70b-8192: {input_mtok: 0.59, output_mtok: 0.79}
      llama3-8b-8192: {input_mtok: 0.05, output_mtok: 0.08}
      llama3-groq-70b-8192-tool-use-preview: {input_mtok: 0.89, output_mtok: 0.89}
      llama3-groq-8b-8192-tool-use-preview: {input_mtok: 0.19, output_mtok: 0.19}
      meta-llama/llama-4-maverick-17b-128e-instruct: {input_mtok: 0.2, output_mtok: 0.6}
      meta-llama/llama-4-scout-17b-16e-instruct: {input_mtok: 0.11, output_mtok: 0.34}
      meta-llama/llama-guard-4-12b: {input_mtok: 0.2, output_mtok: 0.2}
      meta-llama/llama-prompt-guard-2-22m: {input_mtok: 0.03, output_mtok: 0.03}
      meta-llama/llama-prompt-guard-2-86m: {input_mtok: 0.04, output_mtok: 0.04}
      mistral-saba-24b: {input_mtok: 0.79, output_mtok: 0.79}
      mixtral-8x7b-32768: {input_mtok: 0.24, output_mtok: 0.24}
      moonshotai/kimi-k2-instruct: {also: [moonshotai/kimi-k2-instruct-0905], input_mtok: 1, cache_read_mtok: 0.5, output_mtok: 3}
      openai/gpt-oss-120b:
        prices:
        - {input_mtok: 0.15, cache_read_mtok: 0.075, output_mtok: 0.6, web_searches_kcount: 5}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.075, cache_read_mtok: 0.075, output_mtok: 0.3}
      openai/gpt-oss-20b:
        prices:
        - {input_mtok: 0.075, cache_read_mtok: 0.0375, output_mtok: 0.3, web_searches_kcount: 5}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.0375, cache_read_mtok: 0.0375, output_mtok: 0.15}
      openai/gpt-oss-safeguard-20b: {input_mtok: 0.075, cache_read_mtok: 0.0375, output_mtok: 0.3, web_searches_kcount: 5}
      qwen/qwen3-32b: {input_mtok: 0.29, output_mtok: 0.59}
      qwen/qwen3.8-27b: {input_mtok: 0.8, output_mtok: 4}
      whisper-large-v3:
        prices:
        - {input_hours: 0.111}
        - {from: 2026-10-14, tier: batch, input_hours: 0.0555}
      whisper-large-v3-turbo:
        prices:
        - {input_hours: 0.04}
        - {from: 2026-10-14, tier: batch, input_hours: 0.02}
  huggingface_cerebras:
    match: {and: [{contains: huggingface}, {contains: cerebras}]}
    models:
      Qwen/Qwen3.8-27B: {also: [qwen/qwen3.8-27b-fast], input_mtok: 0.99, output_mtok: 1.49}
      meta-llama/Llama-3.1-8B-Instruct: {also: [meta-llama/llama-3.1-8b-instruct-fast], input_mtok: 0.1, output_mtok: 0.1}
      openai/gpt-oss-120b: {also: [openai/gpt-oss-120b-fast], input_mtok: 0.35, output_mtok: 0.75}
  huggingface_fireworks-ai:
    match: {and: [{contains: huggingface}, {contains: fireworks-ai}]}
    models:
      MiniMaxAI/MiniMax-M3: {also: [minimaxai/minimax-m3-fast], input_mtok: 0.3, output_mtok: 1.2}
      meta-llama/Llama-3.3-70B-Instruct: {also: [meta-llama/llama-3.3-70b-instruct-fast], input_mtok: 0.9, output_mtok: 0.9}
      moonshotai/Kimi-K3: {also: [moonshotai/kimi-k3-fast], input_mtok: 3, output_mtok: 15}
      nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B-NVFP4: {also: [nvidia/nvidia-nemotron-3-ultra-550b-a55b-nvfp4-fast], input_mtok: 0.6, output_mtok: 2.4}
      openai/gpt-oss-120b: {also: [openai/gpt-oss-120b-fast], input_mtok: 0.15, output_mtok: 0.6}
      openai/gpt-oss-20b: {also: [openai/gpt-oss-20b-fast], input_mtok: 0.05, output_mtok: 0.2}
  huggingface_groq:
    match: {and: [{contains: huggingface}, {contains: groq}]}
    models:
      Qwen/Qwen3-32B: {also: [qwen/qwen3-32b-fast], input_mtok: 0.29, output_mtok: 0.59}
      meta-llama/Llama-3.3-70B-Instruct: {also: [meta-llama/llama-3.3-70b-instruct-fast], input_mtok: 0.59, output_mtok: 0.79}
      meta-llama/Llama-4-Scout-17B-16E-Instruct: {also: [meta-llama/llama-4-scout-17b-16e-instruct-fast], input_mtok: 0.11, output_mtok: 0.34}
      openai/gpt-oss-120b: {also: [openai/gpt-oss-120b-fast], input_mtok: 0.15, output_mtok: 0.75}
      openai/gpt-oss-20b: {also: [openai/gpt-oss-20b-fast], input_mtok: 0.1, output_mtok: 0.5}
  huggingface_hyperbolic:
    match: {and: [{contains: huggingface}, {contains: hyperbolic}]}
    models:
      Qwen/Qwen2.5-VL-72B-Instruct: {also: [qwen/qwen2.5-vl-72b-instruct-fast], input_mtok: 0.6, output_mtok: 0.6}
      Qwen/Qwen2.5-VL-7B-Instruct: {also: [qwen/qwen2.5-vl-7b-instruct-fast], input_mtok: 0.2, output_mtok: 0.2}
      Qwen/Qwen3-235B-A22B-Instruct-2507: {also: [qwen/qwen3-235b-a22b-instruct-2507-fast], input_mtok: 2, output_mtok: 2}
      Qwen/Qwen3-Coder-480B-A35B-Instruct: {also: [qwen/qwen3-coder-480b-a35b-instruct-fast], input_mtok: 2, output_mtok: 2}
      Qwen/Qwen3-Next-80B-A3B-Instruct: {also: [qwen/qwen3-next-80b-a3b-instruct-fast], input_mtok: 0.3, output_mtok: 0.3}
      Qwen/Qwen3-Next-80B-A3B-Thinking: {also: [qwen/qwen3-next-80b-a3b-thinking-fast], input_mtok: 0.3, output_mtok: 0.3}
      deepseek-ai/DeepSeek-R1: {also: [deepseek-ai/deepseek-r1-fast], input_mtok: 2, output_mtok: 2}
      deepseek-ai/DeepSeek-R1-0528: {also: [deepseek-ai/deepseek-r1-0528-fast], input_mtok: 3, output_mtok: 3}
      deepseek-ai/DeepSeek-V3-0324: {also: [deepseek-ai/deepseek-v3-0324-fast], input_mtok: 1.25, output_mtok: 1.25}
      meta-llama/Llama-3.3-70B-Instruct: {also: [meta-llama/llama-3.3-70b-instruct-fast], input_mtok: 0.4, output_mtok: 0.4}
      openai/gpt-oss-120b: {also: [openai/gpt-oss-120b-fast], input_mtok: 0.3, output_mtok: 0.3}
      openai/gpt-oss-20b: {also: [openai/gpt-oss-20b-fast], input_mtok: 0.1, output_mtok: 0.1}
  huggingface_nebius:
    match: {and: [{contains: huggingface}, {contains: nebius}]}
    models:
      NousResearch/Hermes-4-405B: {also: [nousresearch/hermes-4-405b-fast], input_mtok: 1, output_mtok: 3}
      NousResearch/Hermes-4-70B: {also: [nousresearch/hermes-4-70b-fast], input_mtok: 0.13, output_mtok: 0.4}
      PrimeIntellect/INTELLECT-3-FP8: {also: [primeintellect/intellect-3-fp8-fast], input_mtok: 0.2, output_mtok: 1.1}
      Qwen/Qwen2.5-Coder-7B: {also: [qwen/qwen2.5-coder-7b-fast], input_mtok: 0.03, output_mtok: 0.09}
      Qwen/Qwen2.5-VL-72B-Instruct: {also: [qwen/qwen2.5-vl-72b-instruct-fast], input_mtok: 0.25, output_mtok: 0.75}
      Qwen/Qwen3-235B-A22B-Instruct-2507: {also: [qwen/qwen3-235b-a22b-instruct-2507-fast], input_mtok: 0.2, output_mtok: 0.6}
      Qwen/Qwen3-235B-A22B-Thinking-2507: {also: [qwen/qwen3-235b-a22b-thinking-2507-fast], input_mtok: 0.2, output_mtok: 0.8}
      Qwen/Qwen3-30B-A3B-Instruct-2507: {also: [qwen/qwen3-30b-a3b-instruct-2507-fast], input_mtok: 0.1, output_mtok: 0.3}
      Qwen/Qwen3-30B-A3B-Thinking-2507: {also: [qwen/qwen3-30b-a3b-thinking-2507-fast], input_mtok: 0.1, output_mtok: 0.3}
      Qwen/Qwen3-32B: {also: [qwen/qwen3-32b-fast], input_mtok: 0.1, output_mtok: 0.3}
      Qwen/Qwen3-Coder-30B-A3B-Instruct: {also: [qwen/qwen3-coder-30b-a3b-instruct-fast], input_mtok: 0.1, output_mtok: 0.3}
      Qwen/Qwen3-Coder-480B-A35B-Instruct: {also: [qwen/qwen3-coder-480b-a35b-instruct-fast], input_mtok: 0.4, output_mtok: 1.8}
      deepseek-ai/DeepSeek-R1-0528: {also: [deepseek-ai/deepseek-r1-0528-fast], input_mtok: 0.8, output_mtok: 2.4}
      deepseek-ai/DeepSeek-V3-0324: {also: [deepseek-ai/deepseek-v3-0324-fast], input_mtok: 0.75, output_mtok: 2.25}
      google/gemma-2-2b-it: {also: [google/gemma-2-2b-it-fast], input_mtok: 0.02, output_mtok: 0.06}
      google/gemma-2-9b-it: {also: [google/gemma-2-9b-it-fast], input_mtok: 0.03, output_mtok: 0.09}
      google/gemma-3-27b-it: {also: [google/gemma-3-27b-it-fast], input_mtok: 0.2, output_mtok: 0.6}
      meta-llama/Llama-3.1-8B-Instruct: {also: [meta-llama/llama-3.1-8b-instruct-fast], input_mtok: 0.03, output_mtok: 0.09}
      meta-llama/Llama-3.3-70B-Instruct: {also: [meta-llama/llama-3.3-70b-instruct-fast], input_mtok: 0.25, output_mtok: 0.75}
      moonshotai/Kimi-K2-Instruct: {also: [moonshotai/kimi-k2-instruct-fast], input_mtok: 0.5, output_mtok: 2.4}
      moonshotai/Kimi-K2-Thinking: {also: [moonshotai/kimi-k2-thinking-fast], input_mtok: 0.6, output_mtok: 2.5}
      nvidia/Llama-3_1-Nemotron-Ultra-253B-v1: {also: [nvidia/llama-3_1-nemotron-ultra-253b-v1-fast], input_mtok: 0.6, output_mtok: 1.8}
      nvidia/NVIDIA-Nemotron-Nano-12B-v2: {also: [nvidia/nvidia-nemotron-nano-12b-v2-fast], input_mtok: 0.07, output_mtok: 0.2}
      openai/gpt-oss-120b: {also: [openai/gpt-oss-120b-fast], input_mtok: 0.15, output_mtok: 0.6}
      zai-org/GLM-4.5: {also: [zai-org/glm-4.5-fast], input_mtok: 0.6, output_mtok: 2.2}
      zai-org/GLM-4.5-Air: {also: [zai-org/glm-4.5-air-fast], input_mtok: 0.2, output_mtok: 1.2}
  huggingface_novita:
    match: {and: [{contains: huggingface}, {contains: novita}]}
    models:
      MiniMaxAI/MiniMax-M1-80k: {also: [minimaxai/minimax-m1-80k-fast], input_mtok: 0.55, output_mtok: 2.2}
      MiniMaxAI/MiniMax-M2: {also: [minimaxai/minimax-m2-fast, minimaxai/minimax-m2.1, minimaxai/minimax-m2.1-fast, minimaxai/minimax-m2.5, minimaxai/minimax-m2.5-fast, minimaxai/minimax-m2.7, minimaxai/minimax-m2.7-fast], input_mtok: 0.3, output_mtok: 1.2}
      MiniMaxAI/MiniMax-M3: {also: [minimaxai/minimax-m3-fast], input_mtok: 0.3, output_mtok: 1.2}
      MiniMaxAI/MiniMax-M3.1-Flash: {also: [minimaxai/minimax-m3.1-flash-fast], input_mtok: 0.15, output_mtok: 0.6}
      NousResearch/Hermes-2-Pro-Llama-3-8B: {also: [nousresearch/hermes-2-pro-llama-3-8b-fast], input_mtok: 0.14, output_mtok: 0.14}
      Qwen/Qwen2.5-72B-Instruct: {also: [qwen/qwen2.5-72b-instruct-fast], input_mtok: 0.38, output_mtok: 0.4}
      Qwen/Qwen3-235B-A22B: {also: [qwen/qwen3-235b-a22b-fast], input_mtok: 0.2, output_mtok: 0.8}
      Qwen/Qwen3-235B-A22B-Instruct-2507: {also: [qwen/qwen3-235b-a22b-instruct-2507-fast], input_mtok: 0.09, output_mtok: 0.58}
      Qwen/Qwen3-235B-A22B-Thinking-2507: {also: [qwen/qwen3-235b-a22b-thinking-2507-fast], input_mtok: 0.3, output_mtok: 3}
      Qwen/Qwen3-30B-A3B: {also: [qwen/qwen3-30b-a3b-fast], input_mtok: 0.09, output_mtok: 0.45}
      Qwen/Qwen3-32B: {also: [qwen/qwen3-32b-fast], input_mtok: 0.1, output_mtok: 0.45}
      Qwen/Qwen3-Coder-480B-A35B-Instruct: {also: [qwen/qwen3-coder-480b-a35b-instruct-fast], input_mtok: 0.3, output_mtok: 1.3}
      Qwen/Qwen3-Coder-Next: {also: [qwen/qwen3-coder-next-fast], input_mtok: 0.2, output_mtok: 1.5}
      Qwen/Qwen3-Next-80B-A3B-Instruct: {also: [qwen/qwen3-next-80b-a3b-instruct-fast], input_mtok: 0.15, output_mtok: 1.5}
      Qwen/Qwen3-Next-80B-A3B-Thinking: {also: [qwen/qwen3-next-80b-a3b-thinking-fast], input_mtok: 0.15, output_mtok: 1.5}
      Qwen/Qwen3-VL-235B-A22B-Instruct: {also: [qwen/qwen3-vl-235b-a22b-instruct-fast], input_mtok: 0.3, output_mtok: 1.5}
      Qwen/Qwen3-VL-235B-A22B-Thinking: {also: [qwen/qwen3-vl-235b-a22b-thinking-fast], input_mtok: 0.98, output_mtok: 3.95}
      Qwen/Qwen3-VL-30B-A3B-Instruct: {also: [qwen/qwen3-vl-30b-a3b-instruct-fast], input_mtok: 0.2, output_mtok: 0.7}
      Qwen/Qwen3-VL-30B-A3B-Thinking: {also: [qwen/qwen3-vl-30b-a3b-thinking-fast], input_mtok: 0.2, output_mtok: 1}
      Qwen/Qwen3-VL-8B-Instruct: {also: [qwen/qwen3-vl-8b-instruct-fast], input_mtok: 0.08, output_mtok: 0.5}
      Qwen/Qwen3.5-122B-A10B: {also: [qwen/qwen3.5-122b-a10b-fast], input_mtok: 0.4, output_mtok: 3.2}
      Qwen/Qwen3.5-27B: {also: [qwen/qwen3.5-27b-fast], input_mtok: 0.3, output_mtok: 2.4}
      Qwen/Qwen3.5-35B-A3B: {also: [qwen/qwen3.5-35b-a3b-fast], input_mtok: 0.25, output_mtok: 2}
      Qwen/Qwen3.5-397B-A17B: {also: [qwen/qwen3.5-397b-a17b-fast], input_mtok: 0.6, output_mtok: 3.6}
      Qwen/Qwen3.8-2.4T-A95B: {also: [qwen/qwen3.8-2.4t-a95b-fast], input_mtok: 2, output_mtok: 6}
      Qwen/Qwen3.8-27B: {also: [qwen/qwen3.8-27b-fast], input_mtok: 0.42, output_mtok: 3}
      Sao10K/L3-70B-Euryale-v2.1: {also: [sao10k/l3-70b-euryale-v2.1-fast], input_mtok: 1.48, output_mtok: 1.48}
      Sao10K/L3-8B-Lunaris-v1: {also: [sao10k/l3-8b-lunaris-v1-fast], input_mtok: 0.05, output_mtok: 0.05}
      Sao10K/L3-8B-Stheno-v3.2: {also: [sao10k/l3-8b-stheno-v3.2-fast], input_mtok: 0.05, output_mtok: 0.05}
      XiaomiMiMo/MiMo-V2-Flash: {also: [xiaomimimo/mimo-v2-flash-fast], input_mtok: 0.1, output_mtok: 0.3}
      XiaomiMiMo/MiMo-V2.5: {also: [xiaomimimo/mimo-v2.5-fast], input_mtok: 0.168, output_mtok: 0.336}
      XiaomiMiMo/MiMo-V2.5-Pro: {also: [xiaomimimo/mimo-v2.5-pro-fast], input_mtok: 0.522, output_mtok: 1.044}
      XiaomiMiMo/MiMo-V2.6-Flash-RL: {also: [xiaomimimo/mimo-v2.6-flash-rl-fast], input_mtok: 0.14, output_mtok: 0.28}
      XiaomiMiMo/MiMo-V2.6-Pro-RL: {also: [xiaomimimo/mimo-v2.6-pro-rl-fast], input_mtok: 0.435, output_mtok: 0.87}
      alpindale/WizardLM-2-8x22B: {also: [alpindale/wizardlm-2-8x22b-fast], input_mtok: 0.62, output_mtok: 0.62}
      baidu/ERNIE-4.5-21B-A3B-PT: {also: [baidu/ernie-4.5-21b-a3b-pt-fast], input_mtok: 0.07, output_mtok: 0.28}
      baidu/ERNIE-4.5-300B-A47B-Base-PT: {also: [baidu/ernie-4.5-300b-a47b-base-pt-fast], input_mtok: 0.28, output_mtok: 1.1}
      baidu/ERNIE-4.5-VL-28B-A3B-PT: {also: [baidu/ernie-4.5-vl-28b-a3b-pt-fast], input_mtok: 0.14, output_mtok: 0.56}
      baidu/ERNIE-4.5-VL-424B-A47B-Base-PT: {also: [baidu/ernie-4.5-vl-424b-a47b-base-pt-fast], input_mtok: 0.42, output_mtok: 1.25}
      deepseek-ai/DeepSeek-Prover-V2-671B: {also: [deepseek-ai/deepseek-prover-v2-671b-fast], input_mtok: 0.7, output_mtok: 2.5}
      deepseek-ai/DeepSeek-R1: {also: [deepseek-ai/deepseek-r1-fast, deepseek-ai/deepseek-r1-0528, deepseek-ai/deepseek-r1-0528-fast], input_mtok: 0.7, output_mtok: 2.5}
      deepseek-ai/DeepSeek-R1-Distill-Llama-70B: {also: [deepseek-ai/deepseek-r1-distill-llama-70b-fast], input_mtok: 0.8, output_mtok: 0.8}
      deepseek-ai/DeepSeek-V3: {also: [deepseek-ai/deepseek-v3-fast], input_mtok: 0.4, output_mtok: 1.3}
      deepseek-ai/DeepSeek-V3-0324: {also: [deepseek-ai/deepseek-v3-0324-fast], input_mtok: 0.27, output_mtok: 1.12}
      deepseek-ai/DeepSeek-V3.1: {also: [deepseek-ai/deepseek-v3.1-fast, deepseek-ai/deepseek-v3.1-terminus, deepseek-ai/deepseek-v3.1-terminus-fast], input_mtok: 0.27, output_mtok: 1}
      deepseek-ai/DeepSeek-V3.2: {also: [deepseek-ai/deepseek-v3.2-fast], input_mtok: 0.269, output_mtok: 0.4}
      deepseek-ai/DeepSeek-V3.2-Exp: {also: [deepseek-ai/deepseek-v3.2-exp-fast], input_mtok: 0.27, output_mtok: 0.41}
      deepseek-ai/DeepSeek-V4-Flash-0731: {also: [deepseek-ai/deepseek-v4-flash-0731-fast], input_mtok: 0.44, output_mtok: 1.32}
      deepseek-ai/DeepSeek-V4-Pro: {also: [deepseek-ai/deepseek-v4-pro-fast], input_mtok: 1.6, output_mtok: 3.2}
      deepseek-ai/DeepSeek-V4-Pro-0813: {also: [deepseek-ai/deepseek-v4-pro-0813-fast], input_mtok: 1.32, output_mtok: 3.96}
      deepseek-ai/DeepSeek-V4.1-Flash: {also: [deepseek-ai/deepseek-v4.1-flash-fast, deepseek-ai/deepseek-v4.1-flash-1017, deepseek-ai/deepseek-v4.1-flash-1017-fast], input_mtok: 0.3, output_mtok: 1.2}
      google/gemma-4-26B-A4B-it: {also: [google/gemma-4-26b-a4b-it-fast], input_mtok: 0.13, output_mtok: 0.4}
      google/gemma-4-31B-it: {also: [google/gemma-4-31b-it-fast], input_mtok: 0.14, output_mtok: 0.4}
      inclusionAI/Ling-3.0-flash: {also: [inclusionai/ling-3.0-flash-fast], input_mtok: 0.06, output_mtok: 0.18}
      inclusionAI/Ling-3.0-flash-Fin: {also: [inclusionai/ling-3.0-flash-fin-fast], input_mtok: 0.075, output_mtok: 0.22}
      inclusionAI/Ling-3.0-flash-VL: {also: [inclusionai/ling-3.0-flash-vl-fast], input_mtok: 0.075, output_mtok: 0.22}
      inclusionAI/Ling-3.1-flash: {also: [inclusionai/ling-3.1-flash-fast], input_mtok: 0.3, output_mtok: 0.9}
      meta-llama/Llama-3.1-8B-Instruct: {also: [meta-llama/llama-3.1-8b-instruct-fast], input_mtok: 0.02, output_mtok: 0.05}
      meta-llama/Llama-3.3-70B-Instruct: {also: [meta-llama/llama-3.3-70b-instruct-fast], input_mtok: 0.135, output_mtok: 0.4}
      meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8: {also: [meta-llama/llama-4-maverick-17b-128e-instruct-fp8-fast], input_mtok: 0.27, output_mtok: 0.85}
      meta-llama/Llama-4-Scout-17B-16E-Instruct: {also: [meta-llama/llama-4-scout-17b-16e-instruct-fast], input_mtok: 0.18, output_mtok: 0.59}
      meta-llama/Meta-Llama-3-70B-Instruct: {also: [meta-llama/meta-llama-3-70b-instruct-fast], input_mtok: 0.51, output_mtok: 0.74}
      meta-llama/Meta-Llama-3-8B-Instruct: {also: [meta-llama/meta-llama-3-8b-instruct-fast], input_mtok: 0.04, output_mtok: 0.04}
      moonshotai/Kimi-K2-Instruct: {also: [moonshotai/kimi-k2-instruct-fast], input_mtok: 0.57, output_mtok: 2.3}
      moonshotai/Kimi-K2-Instruct-0905: {also: [moonshotai/kimi-k2-instruct-0905-fast], input_mtok: 0.6, output_mtok: 2.5}
      moonshotai/Kimi-K2-Thinking: {also: [moonshotai/kimi-k2-thinking-fast], input_mtok: 0.6, output_mtok: 2.5}
      moonshotai/Kimi-K2.5: {also: [moonshotai/kimi-k2.5-fast], input_mtok: 0.6, output_mtok: 3}
      moonshotai/Kimi-K2.6: {also: [moonshotai/kimi-k2.6-fast], input_mtok: 0.8, output_mtok: 3.4}
      moonshotai/Kimi-K2.7-Code: {also: [moonshotai/kimi-k2.7-code-fast], input_mtok: 0.95, output_mtok: 4}
      openai/gpt-oss-120b: {also: [openai/gpt-oss-120b-fast], input_mtok: 0.05, output_mtok: 0.25}
      openai/gpt-oss-20b: {also: [openai/gpt-oss-20b-fast], input_mtok: 0.04, output_mtok: 0.15}
      tencent/Hy4-preview: {also: [tencent/hy4-preview-fast], input_mtok: 0.834, output_mtok: 2.501}
      zai-org/AutoGLM-Phone-9B-Multilingual: {also: [zai-org/autoglm-phone-9b-multilingual-fast], input_mtok: 0.035, output_mtok: 0.138}
      zai-org/GLM-4-32B-0414: {also: [zai-org/glm-4-32b-0414-fast], input_mtok: 0.55, output_mtok: 1.66}
      zai-org/GLM-4.5: {also: [zai-org/glm-4.5-fast], input_mtok: 0.6, output_mtok: 2.2}
      zai-org/GLM-4.5-Air: {also: [zai-org/glm-4.5-air-fast], input_mtok: 0.13, output_mtok: 0.85}
      zai-org/GLM-4.5V: {also: [zai-org/glm-4.5v-fast], input_mtok: 0.6, output_mtok: 1.8}
      zai-org/GLM-4.6: {also: [zai-org/glm-4.6-fast], input_mtok: 0.55, output_mtok: 2.2}
      zai-org/GLM-4.6V-Flash: {also: [zai-org/glm-4.6v-flash-fast], input_mtok: 0.3, output_mtok: 0.9}
      zai-org/GLM-4.7: {also: [zai-org/glm-4.7-fast], input_mtok: 0.6, output_mtok: 2.2}
      zai-org/GLM-4.7-Flash: {also: [zai-org/glm-4.7-flash-fast], input_mtok: 0.07, output_mtok: 0.4}
      zai-org/GLM-5: {also: [zai-org/glm-5-fast], input_mtok: 1, output_mtok: 3.2}
      zai-org/GLM-5.2: {also: [zai-org/glm-5.2-fast], input_mtok: 1.4, output_mtok: 4.4}
      zai-org/GLM-5.3: {also: [zai-org/glm-5.3-fast], input_mtok: 1.4, output_mtok: 4.4}
      zai-org/GLM-5.3-Flash: {also: [zai-org/glm-5.3-flash-fast], input_mtok: 0.15, output_mtok: 0.5}
  huggingface_nscale:
    match: {and: [{contains: huggingface}, {contains: nscale}]}
    models:
      Qwen/QwQ-32B: {also: [qwen/qwq-32b-fast], input_mtok: 0.18, output_mtok: 0.2}
      Qwen/Qwen2.5-Coder-32B-Instruct: {also: [qwen/qwen2.5-coder-32b-instruct-fast], input_mtok: 0.06, output_mtok: 0.2}
      Qwen/Qwen2.5-Coder-3B-Instruct: {also: [qwen/qwen2.5-coder-3b-instruct-fast], input_mtok: 0.01, output_mtok: 0.03}
      Qwen/Qwen2.5-Coder-7B-Instruct: {also: [qwen/qwen2.5-coder-7b-instruct-fast], input_mtok: 0.01, output_mtok: 0.03}
      Qwen/Qwen3-14B: {also: [qwen/qwen3-14b-fast], input_mtok: 0.07, output_mtok: 0.2}
      Qwen/Qwen3-235B-A22B: {also: [qwen/qwen3-235b-a22b-fast, qwen/qwen3-235b-a22b-instruct-2507, qwen/qwen3-235b-a22b-instruct-2507-fast], input_mtok: 0.2, output_mtok: 0.6}
      Qwen/Qwen3-32B: {also: [qwen/qwen3-32b-fast], input_mtok: 0.08, output_mtok: 0.25}
      Qwen/Qwen3-4B-Instruct-2507: {also: [qwen/qwen3-4b-instruct-2507-fast], input_mtok: 0.01, output_mtok: 0.03}
      Qwen/Qwen3-4B-Thinking-2507: {also: [qwen/qwen3-4b-thinking-2507-fast], input_mtok: 0.01, output_mtok: 0.03}
      Qwen/Qwen3-8B: {also: [qwen/qwen3-8b-fast], input_mtok: 0.07, output_mtok: 0.18}
      Qwen/Qwen3.8-27B: {also: [qwen/qwen3.8-27b-fast], input_mtok: 0.2, output_mtok: 2.5}
      Qwen/Qwen3.8-Flash-Next-FP8: {also: [qwen/qwen3.8-flash-next-fp8-fast], input_mtok: 0.15, output_mtok: 0.47}
      deepseek-ai/DeepSeek-R1-Distill-Llama-70B: {also: [deepseek-ai/deepseek-r1-distill-llama-70b-fast], input_mtok: 0.75, output_mtok: 0.75}
      deepseek-ai/DeepSeek-R1-Distill-Llama-8B: {also: [deepseek-ai/deepseek-r1-distill-llama-8b-fast], input_mtok: 0.05, output_mtok: 0.05}
      deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B: {also: [deepseek-ai/deepseek-r1-distill-qwen-1.5b-fast], input_mtok: 0.1, output_mtok: 0.1}
      deepseek-ai/DeepSeek-R1-Distill-Qwen-14B: {also: [deepseek-ai/deepseek-r1-distill-qwen-14b-fast], input_mtok: 0.2, output_mtok: 0.2}
      deepseek-ai/DeepSeek-R1-Distill-Qwen-32B: {also: [deepseek-ai/deepseek-r1-distill-qwen-32b-fast], input_mtok: 0.3, output_mtok: 0.3}
      deepseek-ai/DeepSeek-R1-Distill-Qwen-7B: {also: [deepseek-ai/deepseek-r1-distill-qwen-7b-fast], input_mtok: 0.15, output_mtok: 0.15}
      meta-llama/Llama-3.1-8B-Instruct: {also: [meta-llama/llama-3.1-8b-instruct-fast], input_mtok: 0.06, output_mtok: 0.06}
      meta-llama/Llama-3.3-70B-Instruct: {also: [meta-llama/llama-3.3-70b-instruct-fast], input_mtok: 0.4, output_mtok: 0.4}
      meta-llama/Llama-4-Scout-17B-16E-Instruct: {also: [meta-llama/llama-4-scout-17b-16e-instruct-fast], input_mtok: 0.09, output_mtok: 0.29}
      openai/gpt-oss-120b: {also: [openai/gpt-oss-120b-fast], input_mtok: 0.1, output_mtok: 0.4}
      openai/gpt-oss-20b: {also: [openai/gpt-oss-20b-fast], input_mtok: 0.05, output_mtok: 0.2}
      zai-org/GLM-5.3: {also: [zai-org/glm-5.3-fast], input_mtok: 1.4, output_mtok: 4.4}
  huggingface_ovhcloud:
    match: {and: [{contains: huggingface}, {contains: ovhcloud}]}
    models:
      Qwen/Qwen2.5-VL-72B-Instruct: {also: [qwen/qwen2.5-vl-72b-instruct-fast], input_mtok: 1.01, output_mtok: 1.01}
      Qwen/Qwen3-32B: {also: [qwen/qwen3-32b-fast], input_mtok: 0.09, output_mtok: 0.25}
      Qwen/Qwen3-Coder-30B-A3B-Instruct: {also: [qwen/qwen3-coder-30b-a3b-instruct-fast], input_mtok: 0.07, output_mtok: 0.26}
      Qwen/Qwen3.5-397B-A17B: {also: [qwen/qwen3.5-397b-a17b-fast], input_mtok: 0.71, output_mtok: 4.25}
      Qwen/Qwen3.5-9B: {also: [qwen/qwen3.5-9b-fast], input_mtok: 0.12, output_mtok: 0.18}
      Qwen/Qwen3.6-27B: {also: [qwen/qwen3.6-27b-fast], input_mtok: 0.47, output_mtok: 3.19}
      Qwen/Qwen3.8-27B: {also: [qwen/qwen3.8-27b-fast], input_mtok: 0.47, output_mtok: 3.19}
      meta-llama/Llama-3.1-8B-Instruct: {also: [meta-llama/llama-3.1-8b-instruct-fast], input_mtok: 0.11, output_mtok: 0.11}
      meta-llama/Llama-3.3-70B-Instruct: {also: [meta-llama/llama-3.3-70b-instruct-fast], input_mtok: 0.74, output_mtok: 0.74}
      openai/gpt-oss-120b: {also: [openai/gpt-oss-120b-fast], input_mtok: 0.09, output_mtok: 0.47}
      openai/gpt-oss-20b: {also: [openai/gpt-oss-20b-fast], input_mtok: 0.05, output_mtok: 0.18}
  huggingface_publicai:
    match: {and: [{contains: huggingface}, {contains: publicai}]}
    models:
      BSC-LT/ALIA-40b-instruct-2606: {also: [bsc-lt/alia-40b-instruct-2606-fast], input_mtok: 0.3, output_mtok: 0.6}
      aisingapore/Gemma-SEA-LION-v4-27B-IT: {also: [aisingapore/gemma-sea-lion-v4-27b-it-fast], input_mtok: 0.2, output_mtok: 0.4}
      aisingapore/Nemotron-SEA-LION-v4.8-120B-A12B: {also: [aisingapore/nemotron-sea-lion-v4.8-120b-a12b-fast], input_mtok: 0.5, output_mtok: 2}
      aisingapore/Qwen-SEA-LION-v4-32B-IT: {also: [aisingapore/qwen-sea-lion-v4-32b-it-fast], input_mtok: 0.25, output_mtok: 0.5}
      aisingapore/Qwen-SEA-LION-v4.5-27B-IT: {also: [aisingapore/qwen-sea-lion-v4.5-27b-it-fast], input_mtok: 0.2, output_mtok: 0.4}
      allenai/Olmo-3-7B-Instruct: {also: [allenai/olmo-3-7b-instruct-fast], input_mtok: 0.1, output_mtok: 0.2}
      allenai/Olmo-3.1-32B-Instruct: {also: [allenai/olmo-3.1-32b-instruct-fast], input_mtok: 0.2, output_mtok: 0.6}
      dicta-il/DictaLM-3.0-24B-Thinking: {also: [dicta-il/dictalm-3.0-24b-thinking-fast], input_mtok: 0.2, output_mtok: 0.4}
      speakleash/Bielik-11B-v3.0-Instruct: {also: [speakleash/bielik-11b-v3.0-instruct-fast], input_mtok: 0.4, output_mtok: 0.4}
      swiss-ai/Apertus-70B-Instruct-2509: {also: [swiss-ai/apertus-70b-instruct-2509-fast], input_mtok: 0.82, output_mtok: 2.92}
      swiss-ai/Apertus-8B-Instruct-2509: {also: [swiss-ai/apertus-8b-instruct-2509-fast], input_mtok: 0.1, output_mtok: 0.2}
      swiss-ai/Apertus-v1.5-70B: {also: [swiss-ai/apertus-v1.5-70b-fast], input_mtok: 0.82, output_mtok: 2.92}
      utter-project/EuroLLM-22B-Instruct-2512: {also: [utter-project/eurollm-22b-instruct-2512-fast], input_mtok: 0.1, output_mtok: 0.2}
  huggingface_sambanova:
    match: {and: [{contains: huggingface}, {contains: sambanova}]}
    models:
      Qwen/Qwen3-32B: {also: [qwen/qwen3-32b-fast], input_mtok: 0.4, output_mtok: 0.8}
      deepseek-ai/DeepSeek-R1-0528: {also: [deepseek-ai/deepseek-r1-0528-fast], input_mtok: 5, output_mtok: 7}
      deepseek-ai/DeepSeek-R1-Distill-Llama-70B: {also: [deepseek-ai/deepseek-r1-distill-llama-70b-fast], input_mtok: 0.7, output_mtok: 1.4}
      deepseek-ai/DeepSeek-V3-0324: {also: [deepseek-ai/deepseek-v3-0324-fast], input_mtok: 3, output_mtok: 4.5}
      meta-llama/Llama-3.1-8B-Instruct: {also: [meta-llama/llama-3.1-8b-instruct-fast], input_mtok: 0.1, output_mtok: 0.2}
      meta-llama/Llama-3.3-70B-Instruct: {also: [meta-llama/llama-3.3-70b-instruct-fast], input_mtok: 0.6, output_mtok: 1.2}
      openai/gpt-oss-120b: {also: [openai/gpt-oss-120b-fast], input_mtok: 0.22, output_mtok: 0.59}
      tokyotech-llm/Llama-3.3-Swallow-70B-Instruct-v0.4: {also: [tokyotech-llm/llama-3.3-swallow-70b-instruct-v0.4-fast], input_mtok: 0.6, output_mtok: 1.2}
  huggingface_together:
    match: {and: [{contains: huggingface}, {contains: together}]}
    models:
      EssentialAI/rnj-1-instruct: {also: [essentialai/rnj-1-instruct-fast], input_mtok: 0.15, output_mtok: 0.15}
      MiniMaxAI/MiniMax-M3: {also: [minimaxai/minimax-m3-fast], input_mtok: 0.3, output_mtok: 1.2}
      Qwen/Qwen2.5-7B-Instruct: {also: [qwen/qwen2.5-7b-instruct-fast], input_mtok: 0.3, output_mtok: 0.3}
      Qwen/Qwen3-235B-A22B-Instruct-2507: {also: [qwen/qwen3-235b-a22b-instruct-2507-fast], input_mtok: 0.2, output_mtok: 0.6}
      Qwen/Qwen3-Coder-480B-A35B-Instruct: {also: [qwen/qwen3-coder-480b-a35b-instruct-fast, qwen/qwen3-coder-480b-a35b-instruct-fp8, qwen/qwen3-coder-480b-a35b-instruct-fp8-fast], input_mtok: 2, output_mtok: 2}
      Qwen/Qwen3-Coder-Next-FP8: {also: [qwen/qwen3-coder-next-fp8-fast], input_mtok: 0.5, output_mtok: 1.2}
      Qwen/Qwen3-Next-80B-A3B-Instruct: {also: [qwen/qwen3-next-80b-a3b-instruct-fast], input_mtok: 0.15, output_mtok: 1.5}
      Qwen/Qwen3-VL-8B-Instruct: {also: [qwen/qwen3-vl-8b-instruct-fast], input_mtok: 0.18000000000000002, output_mtok: 0.68}
      Qwen/Qwen3.5-397B-A17B: {also: [qwen/qwen3.5-397b-a17b-fast], input_mtok: 0.6, output_mtok: 3.6}
      Qwen/Qwen3.5-9B:
        also: [qwen/qwen3.5-9b-fast]
        prices:
        - {input_mtok: 0.1, output_mtok: 0.15}
        - {from: 2026-10-19, input_mtok: 0.17, output_mtok: 0.25}
      Qwen/Qwen3.8-2.4T-A95B: {also: [qwen/qwen3.8-2.4t-a95b-fast], input_mtok: 2, output_mtok: 6}
      ServiceNow-AI/Apriel-1.6-15b-Thinker: {also: [servicenow-ai/apriel-1.6-15b-thinker-fast]}
      deepcogito/cogito-671b-v2.1: {also: [deepcogito/cogito-671b-v2.1-fast, deepcogito/cogito-671b-v2.1-fp8, deepcogito/cogito-671b-v2.1-fp8-fast], input_mtok: 1.25, output_mtok: 1.25}
      deepseek-ai/DeepSeek-R1: {also: [deepseek-ai/deepseek-r1-fast, deepseek-ai/deepseek-r1-0528, deepseek-ai/deepseek-r1-0528-fast], input_mtok: 3, output_mtok: 7}
      deepseek-ai/DeepSeek-V3: {also: [deepseek-ai/deepseek-v3-fast, deepseek-ai/deepseek-v3-0324, deepseek-ai/deepseek-v3-0324-fast], input_mtok: 1.25, output_mtok: 1.25}
      deepseek-ai/DeepSeek-V3.1: {also: [deepseek-ai/deepseek-v3.1-fast], input_mtok: 0.6, output_mtok: 1.7}
      deepseek-ai/DeepSeek-V4-Flash-0731: {also: [deepseek-ai/deepseek-v4-flash-0731-fast], input_mtok: 0.13999999999999999, output_mtok: 0.27999999999999997}
      deepseek-ai/DeepSeek-V4-Pro-0813: {also: [deepseek-ai/deepseek-v4-pro-0813-fast], input_mtok: 1.32, output_mtok: 3.96}
      google/gemma-3n-E4B-it: {also: [google/gemma-3n-e4b-it-fast], input_mtok: 0.02, output_mtok: 0.04}
      meta-llama/Llama-3.3-70B-Instruct:
        also: [meta-llama/llama-3.3-70b-instruct-fast]
        prices:
        - {input_mtok: 0.88, output_mtok: 0.88}
        - {from: 2026-10-19, input_mtok: 1.0399999999999998, output_mtok: 1.0399999999999998}
      meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8: {also: [meta-llama/llama-4-maverick-17b-128e-instruct-fp8-fast], input_mtok: 0.27, output_mtok: 0.85}
      meta-models/Muse-Glimmer-30B: {also: [meta-models/muse-glimmer-30b-fast], input_mtok: 0.35, output_mtok: 1.5}
      moonshotai/Kimi-K2.5: {also: [moonshotai/kimi-k2.5-fast], input_mtok: 0.5, output_mtok: 2.8}
      moonshotai/Kimi-K3: {also: [moonshotai/kimi-k3-fast], input_mtok: 3, output_mtok: 15}
      openai/gpt-oss-120b: {also: [openai/gpt-oss-120b-fast], input_mtok: 0.15, output_mtok: 0.6}
      openai/gpt-oss-20b: {also: [openai/gpt-oss-20b-fast], input_mtok: 0.05, output_mtok: 0.2}
      prism-ml/Ternary-Bonsai-27B-AWQ-4bit: {also: [prism-ml/ternary-bonsai-27b-awq-4bit-fast]}
      prism-ml/Ternary-Bonsai-27B-gguf: {also: [prism-ml/ternary-bonsai-27b-gguf-fast]}
      thinkingmachines/Inkling: {also: [thinkingmachines/inkling-fast], input_mtok: 1, output_mtok: 4.05}
      zai-org/GLM-4.5-Air-FP8: {also: [zai-org/glm-4.5-air-fp8-fast], input_mtok: 0.2, output_mtok: 1.1}
      zai-org/GLM-4.6: {also: [zai-org/glm-4.6-fast], input_mtok: 0.6, output_mtok: 2.2}
      zai-org/GLM-4.7-FP8: {also: [zai-org/glm-4.7-fp8-fast], input_mtok: 0.45, output_mtok: 2}
      zai-org/GLM-5: {also: [zai-org/glm-5-fast], input_mtok: 1, output_mtok: 3.2}
      zai-org/GLM-5.2: {also: [zai-org/glm-5.2-fast], input_mtok: 1.4, output_mtok: 4.4}
      zai-org/GLM-5.3: {also: [zai-org/glm-5.3-fast], input_mtok: 1.4, output_mtok: 4.4}
      zai-org/GLM-5.3-Flash: {also: [zai-org/glm-5.3-flash-fast], input_mtok: 0.15, output_mtok: 0.5}
  meta:
    match: meta
    model_match: {or: [muse-wonder-1.0, {starts_with: muse-spark-}]}
    models:
      muse-spark-1.1: {input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 4.25, web_searches_kcount: 2.5}
      muse-spark-1.2: {input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 4.25, web_searches_kcount: 2.5}
      muse-spark-1.2-contributor: {input_mtok: 0.1, cache_read_mtok: 0.002, output_mtok: 0.2, web_searches_kcount: 2.5}
      muse-spark-1.3: {input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 4.25, web_searches_kcount: 2.5}
      muse-spark-1.3-contributor: {input_mtok: 0.1, cache_read_mtok: 0.002, output_mtok: 0.2, web_searches_kcount: 2.5}
      muse-wonder-1.0: {input_mtok: 4, cache_read_mtok: 0.2, output_mtok: 20, web_searches_kcount: 2.5}
      muse-voice-transcribe-1.0: {input_hours: 0.18}
      muse-image-1.0: {images_kcount: 10}
  minimax:
    model_match: {or: [{starts_with: minimax-m}, {starts_with: minimax-m}, minimax-01, m2-her, m2-her]}
    models:
      M2-her: {also: [m2-her], input_mtok: 0.3, output_mtok: 1.2}
      MiniMax-M2: {also: [minimax-m2, minimax-m2.1, minimax-m2.1, minimax-m2.5, minimax-m2.5], input_mtok: 0.3, cache_read_mtok: 0.03, cache_write_mtok: 0.375, output_mtok: 1.2}
      MiniMax-M2.1-highspeed: {match: {or: [{contains: m2.1-highspeed}, {contains: m2.1-highspeed}]}, input_mtok: 0.6, cache_read_mtok: 0.03, cache_write_mtok: 0.375, output_mtok: 2.4}
      MiniMax-M2.5-highspeed: {match: {or: [{contains: m2.5-highspeed}, {contains: m2.5-highspeed}]}, input_mtok: 0.6, cache_read_mtok: 0.03, cache_write_mtok: 0.375, output_mtok: 2.4}
      MiniMax-M2.7: {also: [minimax-m2.7], input_mtok: 0.3, cache_read_mtok: 0.06, cache_write_mtok: 0.375, output_mtok: 1.2}
      MiniMax-M2.7-highspeed: {match: {or: [{contains: m2.7-highspeed}, {contains: m2.7-highspeed}]}, input_mtok: 0.6, cache_read_mtok: 0.06, cache_write_mtok: 0.375, output_mtok: 2.4}
      MiniMax-M3.1-Flash: {also: [minimax-m3.1-flash], input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.6}
      minimax-01: {input_mtok: 0.2, output_mtok: 1.1}
      minimax-m1: {input_mtok: 0.4, output_mtok: 2.2}
      minimax-m3: {also: [minimax-m3], input_mtok: {0: 0.3, 512000: 0.6}, cache_read_mtok: {0: 0.06, 512000: 0.12}, output_mtok: {0: 1.2, 512000: 2.4}}
      speech-02-hd: {input_mchars: 100}
      speech-02-turbo: {input_mchars: 60}
      speech-2.6-hd: {input_mchars: 100}
      speech-2.6-turbo: {input_mchars: 60}
      MiniMax-M2.1-lightning: {input_mtok: 0.3, cache_read_mtok: 0.03, cache_write_mtok: 0.375, output_mtok: 2.4}
      MiniMax-M2.5-lightning: {input_mtok: 0.3, cache_read_mtok: 0.03, cache_write_mtok: 0.375, output_mtok: 2.4}
      MiniMax-H3: {output_hours: 288}
      MiniMax-H3-Max: {output_hours: 288}
  mistral:
    match: {or: [{starts_with: mistral}, codestral]}
    model_match: {regex: "^(?![^/]+/)(?:labs-)?(?:(?:mi|code|dev|magi|mini)stral|mixtral|pixtral|voxtral|open-(?:mistral|mixtral))"}
    tiers: {batch: 0.5}
    models:
      codestral:
        match: {or: [codestral-latest, codestral-2501]}
        prices:
        - {input_mtok: 0.3, output_mtok: 0.9}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.15, output_mtok: 0.45}
      codestral-2508:
        prices:
        - {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 0.9}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.45}
      codestral-embed-2505: {also: [codestral-embed], input_mtok: 0.15, cache_read_mtok: 0.015}
      deepseek-v4-1-flash-1017: {input_mtok: 0.3, cache_read_mtok: 0.007, output_mtok: 1.2}
      devstral-2512: {input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 2}
      devstral-small: {also: [devstral-small-2505, devstral-small-2507, devstral-small-latest, labs-devstral-small-2512], input_mtok: 0.1, output_mtok: 0.3}
      "devstral-small:free": {}
      magistral-medium: {match: {or: [{starts_with: magistral-medium}]}, input_mtok: 2, output_mtok: 5}
      magistral-small: {match: {starts_with: magistral-small-}, input_mtok: 0.5, output_mtok: 1.5}
      ministral-14b-2512:
        prices:
        - {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 0.2}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.1}
      ministral-3b: {input_mtok: 0.04, output_mtok: 0.04}
      ministral-3b-2512:
        prices:
        - {input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.1}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.05, cache_read_mtok: 0.005, output_mtok: 0.05}
      ministral-8b: {also: [ministral-8b-2410], input_mtok: 0.1, output_mtok: 0.1}
      ministral-8b-2512:
        prices:
        - {input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.15}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.075, cache_read_mtok: 0.0075, output_mtok: 0.075}
      ministral-8b-latest:
        prices:
        - {input_mtok: 0.1, output_mtok: 0.1}
        - {from: 2025-12-02, input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.15}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.075, cache_read_mtok: 0.0075, output_mtok: 0.075}
      mistral-7b: {also: [open-mistral-7b], input_mtok: 0.25, output_mtok: 0.25}
      mistral-embed:
        also: [mistral-embed-2312]
        prices:
        - {input_mtok: 0.1, output_mtok: 0.1}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.05, output_mtok: 0.05}
      mistral-large: {also: [mistral-large-latest, mistral-large-2407, mistral-large-2411], input_mtok: 2, output_mtok: 6}
      mistral-large-2512:
        prices:
        - {input_mtok: 0.5, cache_read_mtok: 0.05, output_mtok: 1.5}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 0.75}
      mistral-large-4:
        also: [mistral-large-4-0]
        prices:
        - {input_mtok: 0.68, cache_read_mtok: 0.07, output_mtok: 2.09}
        - {from: 2026-10-20, input_mtok: 1.36, cache_read_mtok: 0.14, output_mtok: 4.18}
        - {from: 2026-10-29, input_mtok: 0.7, cache_read_mtok: 0.07, output_mtok: 2.1}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.34, cache_read_mtok: 0.035, output_mtok: 1.045}
        - {from: 2026-10-20, tier: batch, input_mtok: 0.68, cache_read_mtok: 0.07, output_mtok: 2.09}
        - {from: 2026-10-29, tier: batch, input_mtok: 0.35, cache_read_mtok: 0.035, output_mtok: 1.05}
      mistral-medium-2312: {input_mtok: 2.7, output_mtok: 8.1}
      mistral-medium-3-1: {match: {or: [mistral-medium, mistral-medium-2505, mistral-medium-2508]}, input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 2}
      mistral-medium-3-5:
        also: [mistral-medium-3.5, mistral-medium-3, mistral-medium-2604]
        prices:
        - {input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 7.5}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75}
      mistral-medium-latest:
        prices:
        - {input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 2}
        - {from: 2026-06-16, input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 7.5}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75}
      mistral-nemo: {also: [open-mistral-nemo], input_mtok: 0.15, output_mtok: 0.15}
      "mistral-nemo:free": {}
      mistral-ocr-2503: {also: [mistral-ocr-2503-completion]}
      mistral-ocr-2505: {also: [mistral-ocr-2505-completion]}
      mistral-ocr-2512:
        also: [mistral-ocr-2512-completion]
        prices:
        - {}
        - {from: 2026-10-14, tier: batch}
      mistral-ocr-4-0: {also: [mistral-ocr-4-0-completion]}
      mistral-ocr-4-1:
        also: [mistral-ocr-4, mistral-ocr-4-completion, mistral-ocr-4-1-completion]
        prices:
        - {}
        - {from: 2026-10-14, tier: batch}
      mistral-ocr-latest:
        also: [mistral-ocr-latest-completion]
        prices:
        - {}
        - {from: 2025-05-22}
        - {from: 2025-12-18}
        - {from: 2026-06-23}
        - {from: 2026-10-14, tier: batch}
      mistral-saba: {also: [mistral-saba-latest], input_mtok: 0.2, output_mtok: 0.6}
      mistral-small-24b-instruct-2501: {input_mtok: 0.05, output_mtok: 0.08}
      "mistral-small-24b-instruct-2501:free": {}
      mistral-small-2603:
        prices:
        - {input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.6}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.075, cache_read_mtok: 0.0075, output_mtok: 0.3}
      mistral-small-3.1-24b-instruct: {input_mtok: 0.351, output_mtok: 0.555}
      mistral-small-3.2-24b-instruct: {also: [mistral-small-2506], input_mtok: 0.1, output_mtok: 0.3}
      mistral-small-latest:
        prices:
        - {input_mtok: 0.1, output_mtok: 0.3}
        - {from: 2026-03-16, input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.6}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.075, cache_read_mtok: 0.0075, output_mtok: 0.3}
      mistral-tiny: {input_mtok: 0.25, output_mtok: 0.25}
      mixtral-8x22b-instruct: {also: [open-mixtral-8x22b], input_mtok: 2, output_mtok: 6}
      mixtral-8x7b: {match: {or: [{starts_with: mixtral-8x7b}, open-mixtral-8x7b]}, input_mtok: 0.7, output_mtok: 0.7}
      pixtral-12b: {also: [pixtral-12b-latest], input_mtok: 0.15, output_mtok: 0.15}
      pixtral-large: {match: {or: [pixtral-large-latest, pixtral-large-2411]}, input_mtok: 2, output_mtok: 6}
      voxtral-mini-2602:
        also: [voxtral-mini-latest]
        prices:
        - {input_hours: 0.18}
        - {from: 2026-10-14, tier: batch, input_hours: 0.09}
      voxtral-mini-transcribe-3-0: {input_hours: 0.21}
      voxtral-mini-transcribe-realtime-2602: {input_hours: 0.36}
      voxtral-mini-transcribe-realtime-3-0: {input_hours: 0.48}
      voxtral-small-24b-2507:
        also: [voxtral-small-2507, voxtral-small-latest]
        prices:
        - {input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.3, input_hours: 0.24}
        - {from: 2026-08-11, input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.4, input_hours: 0.24}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.05, cache_read_mtok: 0.005, output_mtok: 0.2}
      voxtral-small-transcribe-3-0: {input_hours: 0.24}
      zai-glm-5-3: {input_mtok: 1.4, cache_read_mtok: 0.14, output_mtok: 4.4}
      zai-glm-5-3-flash: {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
      codestral-mamba-latest: {input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 0.25}
      devstral-latest: {input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 2}
      devstral-medium-latest: {input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 2}
      ministral-14b-latest: {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 0.2}
      ministral-3b-latest: {input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.1}
      voxtral-mini-transcribe-realtime-latest: {input_hours: 0.36}
      voxtral-mini-tts-latest: {input_mchars: 16}
      voxtral-mini-transcribe-3: {input_hours: 0.20999988}
      voxtral-small-transcribe-3: {input_hours: 0.24000012}
      voxtral-mini-transcribe-realtime-3: {input_hours: 0.4799988}
      voxtral-mini-tts-3: {input_mchars: 13}
      voxtral-mini-tts-3-0: {input_mchars: 13}
      zai-glm-5-2: {input_mtok: 1.4, cache_read_mtok: 0.14, output_mtok: 4.4}
      zai-glm-5: {input_mtok: 1.4, cache_read_mtok: 0.14, output_mtok: 4.4}
      zai-glm-latest: {input_mtok: 1.4, cache_read_mtok: 0.14, output_mtok: 4.4}
      glm-5-2: {input_mtok: 1.4, cache_read_mtok: 0.14, output_mtok: 4.4}
      mistral-large-3: {input_mtok: 0.5, cache_read_mtok: 0.05, output_mtok: 1.5}
      mistral-small: {input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.3}
      ministral-3-3b-2512: {input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.1}
      ministral-3-8b-2512: {input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.15}
      ministral-3-14b-2512: {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 0.2}
      voxtral-mini-tts-2603: {input_mchars: 16}
      mistral-vibe-cli-latest: {input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 7.5}
      mistral-vibe-cli-with-tools: {input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 7.5}
      mistral-vibe-cli-fast: {input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.6}
      mistral-code-latest: {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 0.9}
      mistral-code-fim-latest: {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 0.9}
      mistral-code-agent-latest: {input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 2}
      voxtral-mini-realtime-2602: {input_hours: 0.36}
      voxtral-mini-realtime-latest: {input_hours: 0.36}
  modal:
    match: {contains: modal}
    models:
      Qwen/Qwen3.8-2.4T-A95B: {input_mtok: 2, cache_read_mtok: 0.25, output_mtok: 6}
      Qwen/Qwen3.8-Max-VL-Thinking: {input_mtok: 2, cache_read_mtok: 0.25, output_mtok: 6}
      deepseek-ai/DeepSeek-V4.1-Flash: {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 1.2}
      deepseek-ai/DeepSeek-V4.1-Flash-1017: {input_mtok: 0.25, cache_read_mtok: 0.005, output_mtok: 1}
      meta-models/Muse-Spark-Open-816B-A42B: {input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 4.25}
      moonshotai/Kimi-K3: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      moonshotai/Kimi-K3.1-Pro: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 10}
      nvidia/GLM-5.3-Flash-NVFP4: {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
      thinkingmachines/Inkling-NVFP4: {input_mtok: 1.2, cache_read_mtok: 0.27, output_mtok: 5}
      zai-org/GLM-5.3: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      zai-org/GLM-5.3-Flash: {input_mtok: 0.45, cache_read_mtok: 0.09, output_mtok: 1.5}
  moonshotai:
    match: {contains: moonshot}
    model_match: {or: [{starts_with: kimi}, {starts_with: moonshot}]}
    models:
      kimi-k2: {input_mtok: 0.57, output_mtok: 2.3}
      kimi-k2-0711-preview: {input_mtok: 0.6, cache_read_mtok: 0.15, output_mtok: 2.5}
      kimi-k2-0905-preview: {input_mtok: 0.6, cache_read_mtok: 0.15, output_mtok: 2.5}
      kimi-k2-thinking: {input_mtok: 0.6, cache_read_mtok: 0.15, output_mtok: 2.5}
      kimi-k2-thinking-turbo: {input_mtok: 1.15, cache_read_mtok: 0.15, output_mtok: 8}
      kimi-k2-turbo-preview: {match: {starts_with: kimi-k2-turbo}, input_mtok: 1.15, cache_read_mtok: 0.15, output_mtok: 8}
      kimi-k2.5: {match: {starts_with: kimi-k2.5}, input_mtok: 0.6, cache_read_mtok: 0.1, output_mtok: 3}
      kimi-k2.6: {match: {starts_with: kimi-k2.6}, input_mtok: 0.95, cache_read_mtok: 0.16, output_mtok: 4}
      kimi-k2.7-code: {input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
      kimi-k2.7-code-highspeed: {input_mtok: 1.9, cache_read_mtok: 0.38, output_mtok: 8}
      kimi-k3: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3, cache_write_1h_mtok: 6, output_mtok: 15}
      kimi-k3.1-pro: {input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 2, cache_write_1h_mtok: 4, output_mtok: 10}
      kimi-k3.1-pro-highspeed: {input_mtok: 4, cache_read_mtok: 0.2, cache_write_mtok: 4, cache_write_1h_mtok: 8, output_mtok: 20}
      moonshot-v1-128k: {also: [moonshot-v1-128k-vision-preview], input_mtok: 2, output_mtok: 5}
      moonshot-v1-32k: {also: [moonshot-v1-32k-vision-preview], input_mtok: 1, output_mtok: 3}
      moonshot-v1-8k: {also: [moonshot-v1-8k-vision-preview], input_mtok: 0.2, output_mtok: 2}
      moonshot-v1-auto: {input_mtok: 2, output_mtok: 5}
  novita:
    models:
      Sao10K/L3-8B-Stheno-v3.2: {input_mtok: 0.05, output_mtok: 0.05}
      baichuan/baichuan-m2-32b: {input_mtok: 0.07, output_mtok: 0.07}
      baidu/cobuddy: {input_mtok: 0.28, cache_read_mtok: 0.07, output_mtok: 1.13}
      baidu/ernie-4.5-21B-a3b: {input_mtok: 0.07, output_mtok: 0.28}
      cognitivecomputations/dolphin-mixtral-8x22b: {input_mtok: 0.9, output_mtok: 0.9}
      deepseek/deepseek-ocr-2: {input_mtok: 0.03, output_mtok: 0.03}
      deepseek/deepseek-r1: {also: [deepseek/deepseek-r1/community], input_mtok: 4, output_mtok: 4}
      deepseek/deepseek-r1-0528: {input_mtok: 0.7, cache_read_mtok: 0.35, output_mtok: 2.5}
      deepseek/deepseek-r1-0528-qwen3-8b: {input_mtok: 0.06, output_mtok: 0.09}
      deepseek/deepseek-r1-distill-llama-70b: {input_mtok: 0.8, output_mtok: 0.8}
      deepseek/deepseek-r1-distill-llama-8b: {input_mtok: 0.04, output_mtok: 0.04}
      deepseek/deepseek-r1-distill-qwen-14b: {input_mtok: 0.15, output_mtok: 0.15}
      deepseek/deepseek-r1-distill-qwen-32b: {input_mtok: 0.3, output_mtok: 0.3}
      deepseek/deepseek-r1-turbo: {input_mtok: 0.7, output_mtok: 2.5}
      deepseek/deepseek-v4-flash-0731: {input_mtok: 0.44, cache_read_mtok: 0.028, output_mtok: 1.32}
      deepseek/deepseek-v4-flash-0731-p: {input_mtok: 0.44, cache_read_mtok: 0.0148, output_mtok: 1.32}
      deepseek/deepseek-v4-pro: {input_mtok: 1.6, cache_read_mtok: 0.135, output_mtok: 3.2}
      deepseek/deepseek-v4-pro-0813: {also: [deepseek/deepseek-v4-pro-0813-p], input_mtok: 1.32, cache_read_mtok: 0.044, output_mtok: 3.96}
      deepseek/deepseek-v4.1-flash: {also: [deepseek/deepseek-v4.1-flash-dst, deepseek/deepseek-v4.1-flash-p, deepseek/deepseek-v4.1-flash-1017], input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
      deepseek/deepseek_v3: {input_mtok: 0.89, output_mtok: 0.89}
      google/gemma-2-9b-it: {input_mtok: 0.08, output_mtok: 0.08}
      google/gemma-3-12b-it: {input_mtok: 0.05, output_mtok: 0.1}
      google/gemma-3-27b-it: {input_mtok: 0.119, output_mtok: 0.2}
      google/gemma-4-26b-a4b-it: {input_mtok: 0.13, output_mtok: 0.4}
      google/gemma-4-31b-it: {input_mtok: 0.14, output_mtok: 0.4}
      gryphe/mythomax-l2-13b: {input_mtok: 0.09, output_mtok: 0.09}
      inclusionai/ling-3.0-flash: {input_mtok: 0.06, cache_read_mtok: 0.012, output_mtok: 0.18}
      inclusionai/ling-3.0-flash-fin: {input_mtok: 0.075, cache_read_mtok: 0.015, output_mtok: 0.22}
      inclusionai/ling-3.0-flash-sante: {input_mtok: 0.075, cache_read_mtok: 0.015, output_mtok: 0.22}
      inclusionai/ling-3.0-flash-vl: {input_mtok: 0.075, cache_read_mtok: 0.015, output_mtok: 0.22}
      inclusionai/ling-3.1-flash: {input_mtok: 0.3, cache_read_mtok: 0.06, output_mtok: 0.9}
      jondurbin/airoboros-l2-70b: {input_mtok: 0.5, output_mtok: 0.5}
      meta-llama/llama-3-70b-instruct: {input_mtok: 0.51, output_mtok: 0.74}
      meta-llama/llama-3-8b-instruct: {input_mtok: 0.04, output_mtok: 0.04}
      meta-llama/llama-3.1-70b-instruct: {input_mtok: 0.34, output_mtok: 0.39}
      meta-llama/llama-3.1-8b-instruct:
        also: [meta-llama/llama-3.1-8b-instruct-max]
        prices:
        - {input_mtok: 0.05, output_mtok: 0.05}
        - {from: 2026-10-18, input_mtok: 0.02, output_mtok: 0.05}
      meta-llama/llama-3.1-8b-instruct-bf16: {input_mtok: 0.06, output_mtok: 0.06}
      meta-llama/llama-3.2-11b-vision-instruct: {input_mtok: 0.06, output_mtok: 0.06}
      meta-llama/llama-3.2-1b-instruct: {input_mtok: 0.02, output_mtok: 0.02}
      meta-llama/llama-3.2-3b-instruct: {input_mtok: 0.03, output_mtok: 0.05}
      meta-llama/llama-3.3-70b-instruct:
        prices:
        - {input_mtok: 0.39, output_mtok: 0.39}
        - {from: 2026-10-18, input_mtok: 0.135, output_mtok: 0.4}
      meta-llama/llama-4-maverick-17b-128e-instruct-fp8: {input_mtok: 0.27, output_mtok: 0.85}
      meta-llama/llama-4-scout-17b-16e-instruct: {input_mtok: 0.18, output_mtok: 0.59}
      microsoft/wizardlm-2-8x22b: {input_mtok: 0.62, output_mtok: 0.62}
      mindai/macaron-v1-tall: {input_mtok: 0.2475, cache_read_mtok: 0.044, output_mtok: 1.43}
      mindai/macaron-v1-venti: {input_mtok: 0.825, cache_read_mtok: 0.165, output_mtok: 2.475}
      ming-image-0.1-design: {also: [ming-image-0.1-design-layer], input_mtok: 1, output_mtok: 1}
      minimax/minimax-m2.5: {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 1.2}
      minimax/minimax-m2.7: {input_mtok: 0.3, cache_read_mtok: 0.06, output_mtok: 1.2}
      minimax/minimax-m2.7-highspeed: {input_mtok: 0.6, cache_read_mtok: 0.06, output_mtok: 2.4}
      minimax/minimax-m3: {input_mtok: {0: 0.3, 524288: 0.6}, cache_read_mtok: {0: 0.06, 524288: 0.12}, output_mtok: {0: 1.2, 524288: 2.4}}
      minimax/minimax-m3.1-flash: {input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.6}
      minimaxai/minimax-m1-80k: {input_mtok: 0.55, output_mtok: 2.2}
      mistralai/mistral-7b-instruct: {input_mtok: 0.059, output_mtok: 0.059}
      mistralai/mistral-nemo: {input_mtok: 0.17, output_mtok: 0.17}
      moonshotai/kimi-k2-0905: {input_mtok: 0.6, output_mtok: 2.5}
      moonshotai/kimi-k2-instruct: {input_mtok: 0.57, output_mtok: 2.3}
      moonshotai/kimi-k2-thinking: {input_mtok: 0.6, cache_read_mtok: 0.15, output_mtok: 2.5}
      moonshotai/kimi-k2.5: {input_mtok: 0.6, cache_read_mtok: 0.1, output_mtok: 3}
      moonshotai/kimi-k2.6: {input_mtok: 0.8, cache_read_mtok: 0.16, output_mtok: 3.4}
      moonshotai/kimi-k2.7-code: {input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
      moonshotai/kimi-k3: {also: [moonshotai/kimi-k3-p], input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      moonshotai/kimi-k3.1-pro: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 10}
      moonshotai/kimi-k3.1-pro-highspeed: {input_mtok: 4, cache_read_mtok: 0.2, output_mtok: 20}
      nousresearch/hermes-2-pro-llama-3-8b: {input_mtok: 0.14, output_mtok: 0.14}
      nousresearch/nous-hermes-llama2-13b: {input_mtok: 0.17, output_mtok: 0.17}
      nvidia/nemotron-3-nano-30b-a3b: {input_mtok: 0.05, output_mtok: 0.2}
      openai/gpt-oss-120b: {input_mtok: 0.05, output_mtok: 0.25}
      openchat/openchat-7b: {input_mtok: 0.06, output_mtok: 0.06}
      paddlepaddle/paddleocr-vl: {input_mtok: 0.02, output_mtok: 0.02}
      qwen/qwen-2-7b-instruct: {input_mtok: 0.054, output_mtok: 0.054}
      qwen/qwen-2-vl-72b-instruct: {input_mtok: 0.45, output_mtok: 0.45}
      qwen/qwen-2.5-72b-instruct: {input_mtok: 0.38, output_mtok: 0.4}
      qwen/qwen-mt-plus: {input_mtok: 0.25, output_mtok: 0.75}
      qwen/qwen3-omni-30b-a3b-thinking: {input_mtok: 0.25, output_mtok: 0.97}
      qwen/qwen3-vl-30b-a3b-instruct: {input_mtok: 0.2, output_mtok: 0.7}
      qwen/qwen3.5-122b-a10b: {input_mtok: 0.4, output_mtok: 3.2}
      qwen/qwen3.5-27b: {input_mtok: 0.3, output_mtok: 2.4}
      qwen/qwen3.5-35b-a3b: {input_mtok: 0.25, output_mtok: 2}
      qwen/qwen3.5-397b-a17b: {input_mtok: 0.6, output_mtok: 3.6}
      qwen/qwen3.6-27b: {input_mtok: 0.6, output_mtok: 3.6}
      qwen/qwen3.6-35b-a3b: {input_mtok: 0.248, output_mtok: 1.485}
      qwen/qwen3.7-max: {input_mtok: 1.25, cache_read_mtok: 0.25, output_mtok: 3.75}
      qwen/qwen3.8-2.4t-a95b: {input_mtok: 2, cache_read_mtok: 0.25, output_mtok: 6}
      qwen/qwen3.8-27b: {input_mtok: 0.42, cache_read_mtok: 0.085, output_mtok: 3}
      qwen/qwen3.8-flash: {input_mtok: 0.15, cache_read_mtok: 0.016, output_mtok: 0.47}
      qwen/qwen3.8-max: {input_mtok: 2, cache_read_mtok: 0.25, output_mtok: 6}
      sao10k/l3-70b-euryale-v2.1: {input_mtok: 1.48, output_mtok: 1.48}
      sao10k/l3-8b-lunaris: {input_mtok: 0.05, output_mtok: 0.05}
      sao10k/l31-70b-euryale-v2.2: {input_mtok: 1.48, output_mtok: 1.48}
      sophosympatheia/midnight-rose-70b: {input_mtok: 0.8, output_mtok: 0.8}
      stepfun/step-3.7-flash: {input_mtok: 0.2, cache_read_mtok: 0.04, output_mtok: 1.15}
      stepfun/step-5-preview: {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 2.7}
      teknium/openhermes-2.5-mistral-7b: {input_mtok: 0.17, output_mtok: 0.17}
      tencent/hy3: {input_mtok: 0.14, cache_read_mtok: 0.035, output_mtok: 0.58}
      tencent/hy4: {input_mtok: 0.417, cache_read_mtok: 0.021, output_mtok: 1.2505}
      tencent/hy4-preview: {input_mtok: 0.834, cache_read_mtok: 0.042, output_mtok: 2.501}
      xiaomimimo/mimo-v2.5: {input_mtok: 0.168, cache_read_mtok: 0.0034, output_mtok: 0.336}
      xiaomimimo/mimo-v2.5-pro: {input_mtok: 0.522, cache_read_mtok: 0.0043, output_mtok: 1.044}
      xiaomimimo/mimo-v2.6-flash: {input_mtok: 0.14, cache_read_mtok: 0.0028, output_mtok: 0.28}
      xiaomimimo/mimo-v2.6-pro: {input_mtok: 0.435, cache_read_mtok: 0.0036, output_mtok: 0.87}
      zai-org/autoglm-phone-9b-multilingual: {input_mtok: 0.035, output_mtok: 0.138}
      zai-org/glm-4.5-air: {input_mtok: 0.13, cache_read_mtok: 0.025, output_mtok: 0.85}
      zai-org/glm-4.5v: {input_mtok: 0.6, cache_read_mtok: 0.11, output_mtok: 1.8}
      zai-org/glm-4.6: {input_mtok: 0.55, cache_read_mtok: 0.11, output_mtok: 2.2}
      zai-org/glm-4.6v: {input_mtok: 0.3, cache_read_mtok: 0.055, output_mtok: 0.9}
      zai-org/glm-4.7: {also: [zai-org/glm-4.7-h], input_mtok: 0.6, cache_read_mtok: 0.11, output_mtok: 2.2}
      zai-org/glm-4.7-flash: {input_mtok: 0.07, cache_read_mtok: 0.01, output_mtok: 0.4}
      zai-org/glm-5: {input_mtok: 1, cache_read_mtok: 0.2, output_mtok: 3.2}
      zai-org/glm-5.1: {input_mtok: 1.38, cache_read_mtok: 0.26, output_mtok: 4.4}
      zai-org/glm-5.2: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      zai-org/glm-5.3: {also: [zai-org/glm-5.3-p], input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      zai-org/glm-5.3-flash: {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
      zai-org/glm-5.3-flashX: {input_mtok: 0.37, cache_read_mtok: 0.075, output_mtok: 1.25}
      deepseek/deepseek-v3.2: {input_mtok: 0.269, cache_read_mtok: 0.1345, output_mtok: 0.4}
      minimax/minimax-m2.1: {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 1.2}
      xiaomimimo/mimo-v2-flash: {input_mtok: 0.11, cache_read_mtok: 0.024, output_mtok: 0.33}
      minimax/minimax-m2: {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 1.2}
      deepseek/deepseek-v3.2-exp: {input_mtok: 0.27, output_mtok: 0.41}
      qwen/qwen3-vl-235b-a22b-thinking: {input_mtok: 0.98, output_mtok: 3.95}
      kwaipilot/kat-coder-pro: {input_mtok: 0.3, cache_read_mtok: 0.06, output_mtok: 1.2}
      qwen/qwen3-next-80b-a3b-instruct: {input_mtok: 0.15, output_mtok: 1.5}
      qwen/qwen3-next-80b-a3b-thinking: {input_mtok: 0.15, output_mtok: 1.5}
      deepseek/deepseek-ocr: {input_mtok: 0.03, output_mtok: 0.03}
      deepseek/deepseek-v3.1-terminus: {input_mtok: 0.27, cache_read_mtok: 0.135, output_mtok: 1}
      qwen/qwen3-vl-235b-a22b-instruct: {input_mtok: 0.3, output_mtok: 1.5}
      qwen/qwen3-max: {input_mtok: 2.11, output_mtok: 8.45}
      skywork/r1v4-lite: {input_mtok: 0.2, output_mtok: 0.6}
      deepseek/deepseek-v3.1: {input_mtok: 0.27, cache_read_mtok: 0.135, output_mtok: 1}
      qwen/qwen3-coder-480b-a35b-instruct: {input_mtok: 0.38, output_mtok: 1.55}
      qwen/qwen3-coder-30b-a3b-instruct: {input_mtok: 0.07, output_mtok: 0.27}
      deepseek/deepseek-v3-0324: {input_mtok: 0.27, cache_read_mtok: 0.135, output_mtok: 1.12}
      zai-org/glm-4.5: {input_mtok: 0.6, cache_read_mtok: 0.11, output_mtok: 2.2}
      qwen/qwen3-235b-a22b-thinking-2507: {input_mtok: 0.3, output_mtok: 3}
      openai/gpt-oss-20b: {input_mtok: 0.04, output_mtok: 0.15}
      qwen/qwen3-235b-a22b-instruct-2507: {input_mtok: 0.09, output_mtok: 0.58}
      qwen/qwen3-235b-a22b-fp8: {input_mtok: 0.2, output_mtok: 0.8}
      qwen/qwen2.5-vl-72b-instruct: {input_mtok: 0.8, output_mtok: 0.8}
      baidu/ernie-4.5-21B-a3b-thinking: {input_mtok: 0.07, output_mtok: 0.28}
      baidu/ernie-4.5-vl-424b-a47b: {input_mtok: 0.42, output_mtok: 1.25}
      baidu/ernie-4.5-300b-a47b-paddle: {input_mtok: 0.28, output_mtok: 1.1}
      deepseek/deepseek-prover-v2-671b: {input_mtok: 0.7, output_mtok: 2.5}
      qwen/qwen3-32b-fp8: {input_mtok: 0.1, output_mtok: 0.45}
      qwen/qwen3-30b-a3b-fp8: {input_mtok: 0.09, output_mtok: 0.45}
      deepseek/deepseek-v3-turbo: {input_mtok: 0.4, output_mtok: 1.3}
      baidu/ernie-4.5-vl-28b-a3b-thinking: {input_mtok: 0.39, output_mtok: 0.39}
      qwen/qwen3-vl-8b-instruct: {input_mtok: 0.08, output_mtok: 0.5}
      qwen/qwen3-vl-30b-a3b-thinking: {input_mtok: 0.2, output_mtok: 1}
      qwen/qwen3-omni-30b-a3b-instruct: {input_mtok: 0.25, output_mtok: 0.97}
      baidu/ernie-4.5-vl-28b-a3b: {input_mtok: 0.14, output_mtok: 0.56}
      qwen/qwen3-8b-fp8: {input_mtok: 0.035, output_mtok: 0.138}
      qwen/qwen3-4b-fp8: {input_mtok: 0.03, output_mtok: 0.03}
      qwen/qwen2.5-7b-instruct: {input_mtok: 0.07, output_mtok: 0.07}
      qwen/qwen3-embedding-0.6b: {input_mtok: 0.07, output_mtok: 0}
      qwen/qwen3-embedding-8b: {input_mtok: 0.07, output_mtok: 0}
      baai/bge-m3: {input_mtok: 0.01, output_mtok: 0.01}
      qwen/qwen3-reranker-8b: {input_mtok: 0.05, output_mtok: 0.05}
      baai/bge-reranker-v2-m3: {input_mtok: 0.01, output_mtok: 0.01}
      deepseek/deepseek-v4-flash-vision-exp: {input_mtok: 0.44, cache_read_mtok: 0.028, output_mtok: 1.32}
      deepseek/deepseek-v4-flash: {input_mtok: 0.14, cache_read_mtok: 0.028, output_mtok: 0.28}
      inclusionai/ling-3.0-flash-fast: {input_mtok: 0.06, cache_read_mtok: 0.012, output_mtok: 0.18}
      zai-org/glm-5v-turbo: {input_mtok: 1.2, cache_read_mtok: 0.24, output_mtok: 4}
      zai-org/glm-5-turbo: {input_mtok: 1.2, cache_read_mtok: 0.24, output_mtok: 4}
      minimax/minimax-m2.5-highspeed: {input_mtok: 0.6, cache_read_mtok: 0.03, output_mtok: 2.4}
      qwen/qwen3-coder-next: {input_mtok: 0.2, output_mtok: 1.5}
      deepseek/deepseek-v3/community: {input_mtok: 0.89, output_mtok: 0.89}
      thudm/glm-4-32b-0414: {input_mtok: 0.55, output_mtok: 1.66}
  openai:
    match: {contains: openai}
    model_match: {or: [{starts_with: gpt-}, whisper-1, {starts_with: tts-1}, {regex: "^o[134]"}]}
    tiers: {batch: 0.5}
    models:
      ada: {also: [text-ada-001], input_mtok: 0.4, output_mtok: 0.4}
      babbage: {input_mtok: 0.5, output_mtok: 0.5}
      babbage-002:
        prices:
        - {input_mtok: 0.4, output_mtok: 0.4}
        - {tier: batch, input_mtok: 0.2, output_mtok: 0.2}
      chatgpt-4o-latest: {input_mtok: 5, output_mtok: 15}
      chatgpt-image-latest:
        prices:
        - {input_mtok: 5, cache_read_mtok: 1.25, output_mtok: 10, input_image_mtok: 8, output_image_mtok: 32, cache_image_read_mtok: 2}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.63, output_mtok: 5, input_image_mtok: 4}
      codex-mini: {also: [codex-mini-latest], input_mtok: 1.5, cache_read_mtok: 0.375, output_mtok: 6}
      computer-use: {match: {starts_with: computer-use}, input_mtok: 3, output_mtok: 12}
      curie: {also: [text-curie-001], input_mtok: 2, output_mtok: 2}
      davinci: {also: [text-davinci-001], input_mtok: 20, output_mtok: 20}
      davinci-002:
        prices:
        - {input_mtok: 2, output_mtok: 2}
        - {tier: batch, input_mtok: 1, output_mtok: 1}
      "ft:gpt-3.5-turbo-":
        match: {starts_with: "ft:gpt-3.5-turbo"}
        prices:
        - {input_mtok: 3, output_mtok: 6}
        - {tier: batch, input_mtok: 1.5, output_mtok: 3}
        - {from: 2026-10-14, tier: batch, input_mtok: 1.5, output_mtok: 3}
      "ft:gpt-4o":
        match: {starts_with: "ft:gpt-4o-2024-"}
        prices:
        - {input_mtok: 3.75, output_mtok: 15}
        - {tier: batch, input_mtok: 2.225, cache_read_mtok: 0.9, output_mtok: 12.5}
      "ft:gpt-4o-mini":
        match: {starts_with: "ft:gpt-4o-mini-2024-"}
        prices:
        - {input_mtok: 0.3, output_mtok: 1.2}
        - {tier: batch, input_mtok: 0.15, cache_read_mtok: 0.075, output_mtok: 0.6}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.15, output_mtok: 0.6}
      gpt-3.5-0301: {also: [gpt-3.5-turbo-0301], input_mtok: 1.5, output_mtok: 2}
      gpt-3.5-turbo:
        also: [gpt-35-turbo, gpt-3.5-turbo-0125]
        prices:
        - {input_mtok: 0.5, output_mtok: 1.5}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.25, output_mtok: 0.75}
      gpt-3.5-turbo-0613: {input_mtok: 1.5, output_mtok: 2}
      gpt-3.5-turbo-1106:
        prices:
        - {input_mtok: 1, output_mtok: 2}
        - {tier: batch}
        - {from: 2026-10-14, tier: batch}
      gpt-3.5-turbo-16k: {also: [gpt-3.5-turbo-16k-0613, gpt-35-turbo-16k-0613, gpt-35-turbo-16k], input_mtok: 3, output_mtok: 4}
      gpt-3.5-turbo-instruct: {match: {or: [{starts_with: gpt-3.5-turbo-instruct}, gpt-3.5-turbo-instruct-0914]}, input_mtok: 1.5, output_mtok: 2}
      gpt-4:
        match: {or: [gpt-4, gpt-4-0314, gpt-4-0613, {starts_with: "ft:gpt-4-0"}]}
        prices:
        - {input_mtok: 30, output_mtok: 60}
        - {from: 2026-10-14, tier: batch, input_mtok: 15, output_mtok: 30}
      gpt-4-32k: {also: [gpt-4-32k-0314, gpt-4-32k-0613], input_mtok: 60, output_mtok: 120}
      gpt-4-turbo:
        also: [gpt-4-turbo-2024-04-09, gpt-4-turbo-0125-preview, gpt-4-0125-preview, gpt-4-1106-preview, gpt-4-turbo-preview]
        prices:
        - {input_mtok: 10, output_mtok: 30}
        - {from: 2026-10-14, tier: batch, input_mtok: 5, output_mtok: 15}
      gpt-4-vision-preview: {also: [gpt-4-1106-vision-preview], input_mtok: 10, output_mtok: 30}
      gpt-4.1:
        also: [gpt-4.1-2025-04-14]
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 8, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1, output_mtok: 4}
        - {tier: priority, input_mtok: 3.5, cache_read_mtok: 0.875, output_mtok: 14}
        - {from: 2026-10-14, tier: batch, input_mtok: 1, output_mtok: 4}
        - {from: 2026-10-12, tier: fast, input_mtok: 3.5, cache_read_mtok: 0.875, output_mtok: 14}
        - {from: 2026-10-12, tier: priority, input_mtok: 3.5, cache_read_mtok: 0.875, output_mtok: 14}
        - {tier: default}
      gpt-4.1-mini:
        also: [gpt-4.1-mini-2025-04-14]
        prices:
        - {input_mtok: 0.4, cache_read_mtok: 0.1, output_mtok: 1.6, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 0.2, output_mtok: 0.8}
        - {tier: priority, input_mtok: 0.7, cache_read_mtok: 0.175, output_mtok: 2.8}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.2, output_mtok: 0.8}
        - {from: 2026-10-12, tier: fast, input_mtok: 0.7, cache_read_mtok: 0.175, output_mtok: 2.8}
        - {from: 2026-10-12, tier: priority, input_mtok: 0.7, cache_read_mtok: 0.175, output_mtok: 2.8}
        - {tier: default}
      gpt-4.1-nano:
        also: [gpt-4.1-nano-2025-04-14]
        prices:
        - {input_mtok: 0.1, cache_read_mtok: 0.025, output_mtok: 0.4}
        - {tier: batch, input_mtok: 0.05, output_mtok: 0.2}
        - {tier: priority, input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.8}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.05, output_mtok: 0.2}
        - {from: 2026-10-12, tier: fast, input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.8}
        - {from: 2026-10-12, tier: priority, input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.8}
        - {tier: default}
      gpt-4.5-preview: {match: {starts_with: gpt-4.5-preview}, input_mtok: 75, cache_read_mtok: 37.5, output_mtok: 150}
      gpt-4o:
        also: [gpt-4o-2024-08-06, gpt-4o-2024-11-20]
        prices:
        - {input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1.25, output_mtok: 5}
        - {tier: priority, input_mtok: 4.25, cache_read_mtok: 2.125, output_mtok: 17}
        - {from: 2026-10-14, tier: batch, input_mtok: 1.25, output_mtok: 5}
        - {from: 2026-10-12, tier: fast, input_mtok: 4.25, cache_read_mtok: 2.125, output_mtok: 17}
        - {from: 2026-10-12, tier: priority, input_mtok: 4.25, cache_read_mtok: 2.125, output_mtok: 17}
        - {tier: default}
      gpt-4o-2024-05-13:
        prices:
        - {input_mtok: 5, output_mtok: 15, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 2.5, output_mtok: 7.5}
        - {tier: priority, input_mtok: 8.75, output_mtok: 26.25}
        - {from: 2026-10-14, tier: batch, input_mtok: 2.5, output_mtok: 7.5}
        - {from: 2026-10-12, tier: fast, input_mtok: 8.75, output_mtok: 26.25}
        - {from: 2026-10-12, tier: priority, input_mtok: 8.75, output_mtok: 26.25}
        - {tier: default}
      gpt-4o-audio-preview: {match: {starts_with: gpt-4o-audio-preview}, input_mtok: 2.5, output_mtok: 10, input_audio_mtok: 40, output_audio_mtok: 80}
      gpt-4o-mini:
        also: [gpt-4o-mini-2024-07-18, gpt-4o-mini-search-preview, gpt-4o-mini-search-preview-2025-03-11]
        prices:
        - {input_mtok: 0.15, cache_read_mtok: 0.075, output_mtok: 0.6, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 0.075, output_mtok: 0.3}
        - {tier: priority, input_mtok: 0.25, cache_read_mtok: 0.125, output_mtok: 1}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.075, output_mtok: 0.3}
        - {from: 2026-10-12, tier: fast, input_mtok: 0.25, cache_read_mtok: 0.125, output_mtok: 1}
        - {from: 2026-10-12, tier: priority, input_mtok: 0.25, cache_read_mtok: 0.125, output_mtok: 1}
        - {tier: default}
      gpt-4o-mini-2024-07-18.ft-:
        match: {starts_with: gpt-4o-mini-2024-07-18.ft-}
        prices:
        - {input_mtok: 0.3, output_mtok: 1.2}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.15, output_mtok: 0.6}
      gpt-4o-mini-audio-preview: {match: {starts_with: gpt-4o-mini-audio}, input_mtok: 0.15, output_mtok: 0.6, input_audio_mtok: 10, output_audio_mtok: 20}
      gpt-4o-mini-realtime-preview: {match: {starts_with: gpt-4o-mini-realtime}, input_mtok: 0.6, cache_read_mtok: 0.3, output_mtok: 2.4, input_audio_mtok: 10, output_audio_mtok: 20, cache_audio_read_mtok: 0.3}
      gpt-4o-mini-transcribe: {input_mtok: 1.25, output_mtok: 5, input_audio_mtok: 3}
      gpt-4o-mini-tts: {input_mtok: 0.6, output_mtok: 12}
      gpt-4o-realtime-preview: {match: {starts_with: gpt-4o-realtime}, input_mtok: 5, cache_read_mtok: 2.5, output_mtok: 20, input_audio_mtok: 40, output_audio_mtok: 80, cache_audio_read_mtok: 2.5}
      gpt-4o-search-preview:
        also: [gpt-4o-search-preview-2025-03-11]
        prices:
        - {input_mtok: 2.5, output_mtok: 10, web_searches_kcount: 25}
        - {tier: batch, input_mtok: 1.25, output_mtok: 5}
      gpt-4o-transcribe: {also: [gpt-4o-transcribe-diarize], input_mtok: 2.5, output_mtok: 10, input_audio_mtok: 6}
      "gpt-4o:extended": {input_mtok: 6, output_mtok: 18}
      gpt-5:
        also: [gpt-5-2025-08-07, gpt-5-chat, gpt-5-chat-latest, gpt-5-codex]
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
        - {tier: flex, input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
        - {tier: priority, input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 20}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
        - {from: 2026-10-12, tier: fast, input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 20}
        - {from: 2026-10-12, tier: priority, input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 20}
        - {from: 2026-10-12, tier: flex, input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
        - {tier: default}
      gpt-5-image: {input_mtok: 10, cache_read_mtok: 1.25, output_mtok: 10}
      gpt-5-image-mini: {input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 2}
      gpt-5-mini:
        also: [gpt-5-mini-2025-08-07]
        prices:
        - {input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 2, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 0.125, cache_read_mtok: 0.0125, output_mtok: 1}
        - {tier: flex, input_mtok: 0.125, cache_read_mtok: 0.0125, output_mtok: 1}
        - {tier: priority, input_mtok: 0.45, cache_read_mtok: 0.045, output_mtok: 3.6}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.125, cache_read_mtok: 0.0125, output_mtok: 1}
        - {from: 2026-10-12, tier: fast, input_mtok: 0.45, cache_read_mtok: 0.045, output_mtok: 3.6}
        - {from: 2026-10-12, tier: priority, input_mtok: 0.45, cache_read_mtok: 0.045, output_mtok: 3.6}
        - {from: 2026-10-12, tier: flex, input_mtok: 0.125, cache_read_mtok: 0.0125, output_mtok: 1}
        - {tier: default}
      gpt-5-nano:
        match: {or: [gpt-5-nano, {starts_with: gpt-5-nano-}]}
        prices:
        - {input_mtok: 0.05, cache_read_mtok: 0.005, output_mtok: 0.4, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 0.025, cache_read_mtok: 0.0025, output_mtok: 0.2}
        - {tier: flex, input_mtok: 0.025, cache_read_mtok: 0.0025, output_mtok: 0.2}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.025, cache_read_mtok: 0.0025, output_mtok: 0.2}
        - {from: 2026-10-12, tier: flex, input_mtok: 0.025, cache_read_mtok: 0.0025, output_mtok: 0.2}
        - {tier: default}
      gpt-5-pro:
        also: [gpt-5-pro-2025-10-06]
        prices:
        - {input_mtok: 15, output_mtok: 120, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 7.5, output_mtok: 60}
        - {from: 2026-10-14, tier: batch, input_mtok: 7.5, output_mtok: 60}
      gpt-5-search-api: {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10, web_searches_kcount: 10}
      gpt-5.1:
        also: [gpt-5.1-2025-11-13, gpt-5.1-codex, gpt-5.1-codex-max, gpt-5.1-chat, gpt-5.1-chat-latest, gpt-5-1, gpt-5-1-2025-11-13, gpt-5-1-codex, gpt-5-1-codex-max, gpt-5-1-chat, gpt-5-1-chat-latest]
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
        - {tier: flex, input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
        - {tier: priority, input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 20}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
        - {from: 2026-10-12, tier: fast, input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 20}
        - {from: 2026-10-12, tier: priority, input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 20}
        - {from: 2026-10-12, tier: flex, input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
        - {tier: default}
      gpt-5.1-codex-mini: {also: [gpt-5.1-mini, gpt-5-1-codex-mini, gpt-5-1-mini], input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 2}
      gpt-5.2:
        also: [gpt-5.2-2025-12-11, gpt-5-2, gpt-5-2-2025-12-11, gpt-5.2-chat, gpt-5.2-chat-latest, gpt-5-2-chat, gpt-5-2-chat-latest, gpt-5.2-codex, gpt-5-2-codex]
        prices:
        - {input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 0.875, cache_read_mtok: 0.0875, output_mtok: 7}
        - {tier: flex, input_mtok: 0.875, cache_read_mtok: 0.0875, output_mtok: 7}
        - {tier: priority, input_mtok: 3.5, cache_read_mtok: 0.35, output_mtok: 28}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.875, cache_read_mtok: 0.0875, output_mtok: 7}
        - {from: 2026-10-12, tier: fast, input_mtok: 3.5, cache_read_mtok: 0.35, output_mtok: 28}
        - {from: 2026-10-12, tier: priority, input_mtok: 3.5, cache_read_mtok: 0.35, output_mtok: 28}
        - {from: 2026-10-12, tier: flex, input_mtok: 0.875, cache_read_mtok: 0.0875, output_mtok: 7}
        - {tier: default}
      gpt-5.2-pro:
        also: [gpt-5.2-pro-2025-12-11, gpt-5-2-pro-2025-12-11]
        prices:
        - {input_mtok: 21, output_mtok: 168, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 10.5, output_mtok: 84}
        - {from: 2026-10-14, tier: batch, input_mtok: 10.5, output_mtok: 84}
      gpt-5.3: {also: [gpt-5-3, gpt-5.3-chat, gpt-5.3-chat-latest, gpt-5-3-chat, gpt-5-3-chat-latest], input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14}
      gpt-5.3-codex:
        also: [gpt-5-3-codex]
        prices:
        - {input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14, web_searches_kcount: 10}
        - {tier: priority, input_mtok: 3.5, cache_read_mtok: 0.35, output_mtok: 28}
        - {from: 2026-10-12, tier: fast, input_mtok: 3.5, cache_read_mtok: 0.35, output_mtok: 28}
        - {from: 2026-10-12, tier: priority, input_mtok: 3.5, cache_read_mtok: 0.35, output_mtok: 28}
        - {tier: default}
      gpt-5.4:
        also: [gpt-5.4-2026-03-05, gpt-5-4, gpt-5-4-2026-03-05]
        prices:
        - {input_mtok: {0: 2.5, 272000: 5}, cache_read_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 15, 272000: 22.5}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: {0: 1.25, 272000: 2.5}, cache_read_mtok: {0: 0.13, 272000: 0.25}, output_mtok: {0: 7.5, 272000: 11.25}}
        - {tier: flex, input_mtok: {0: 1.25, 272000: 2.5}, cache_read_mtok: {0: 0.13, 272000: 0.25}, output_mtok: {0: 7.5, 272000: 11.25}}
        - {tier: priority, input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 30}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 1.25, 272000: 2.5}, cache_read_mtok: {0: 0.13, 272000: 0.25}, output_mtok: {0: 7.5, 272000: 11.25}}
        - {from: 2026-10-12, tier: fast, input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 30}
        - {from: 2026-10-12, tier: priority, input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 30}
        - {from: 2026-10-12, tier: flex, input_mtok: {0: 1.25, 272000: 2.5}, cache_read_mtok: {0: 0.13, 272000: 0.25}, output_mtok: {0: 7.5, 272000: 11.25}}
        - {tier: default}
      gpt-5.4-image-2: {input_mtok: 8, cache_read_mtok: 2, output_mtok: 15}
      gpt-5.4-mini:
        also: [gpt-5.4-mini-2026-03-17, gpt-5-4-mini, gpt-5-4-mini-2026-03-17]
        prices:
        - {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 4.5, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 0.375, cache_read_mtok: 0.0375, output_mtok: 2.25}
        - {tier: flex, input_mtok: 0.375, cache_read_mtok: 0.0375, output_mtok: 2.25}
        - {tier: priority, input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 9}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.375, cache_read_mtok: 0.0375, output_mtok: 2.25}
        - {from: 2026-10-12, tier: fast, input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 9}
        - {from: 2026-10-12, tier: priority, input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 9}
        - {from: 2026-10-12, tier: flex, input_mtok: 0.375, cache_read_mtok: 0.0375, output_mtok: 2.25}
        - {tier: default}
      gpt-5.4-nano:
        also: [gpt-5.4-nano-2026-03-17, gpt-5-4-nano, gpt-5-4-nano-2026-03-17]
        prices:
        - {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 1.25, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.625}
        - {tier: flex, input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.625}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.625}
        - {from: 2026-10-12, tier: flex, input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.625}
        - {tier: default}
      gpt-5.4-pro:
        also: [gpt-5.4-pro-2026-03-05, gpt-5-4-pro, gpt-5-4-pro-2026-03-05]
        prices:
        - {input_mtok: {0: 30, 272000: 60}, output_mtok: {0: 180, 272000: 270}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: {0: 15, 272000: 30}, output_mtok: {0: 90, 272000: 135}}
        - {tier: flex, input_mtok: {0: 15, 272000: 30}, output_mtok: {0: 90, 272000: 135}}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 15, 272000: 30}, output_mtok: {0: 90, 272000: 135}}
        - {from: 2026-10-12, tier: flex, input_mtok: {0: 15, 272000: 30}, output_mtok: {0: 90, 272000: 135}}
        - {tier: default}
      gpt-5.5:
        also: [gpt-5.5-2026-04-23, gpt-5.5-2026-04-24, gpt-5-5, gpt-5-5-2026-04-23, gpt-5-5-2026-04-24, gpt-5.5-chat, gpt-5.5-chat-latest, gpt-5-5-chat, gpt-5-5-chat-latest, gpt-5.5-codex, gpt-5-5-codex]
        prices:
        - {input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 30, 272000: 45}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: {0: 2.5, 272000: 5}, cache_read_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 15, 272000: 22.5}}
        - {tier: flex, input_mtok: {0: 2.5, 272000: 5}, cache_read_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 15, 272000: 22.5}}
        - {tier: priority, input_mtok: 12.5, cache_read_mtok: 1.25, output_mtok: 75}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 2.5, 272000: 5}, cache_read_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 15, 272000: 22.5}}
        - {from: 2026-10-12, tier: fast, input_mtok: 12.5, cache_read_mtok: 1.25, output_mtok: 75}
        - {from: 2026-10-12, tier: priority, input_mtok: 12.5, cache_read_mtok: 1.25, output_mtok: 75}
        - {from: 2026-10-12, tier: flex, input_mtok: {0: 2.5, 272000: 5}, cache_read_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 15, 272000: 22.5}}
        - {tier: default}
      gpt-5.5-cyber:
        prices:
        - {input_mtok: 12.5, output_mtok: 75}
        - {from: 2026-10-19, input_mtok: 12.5, cache_read_mtok: 1.25, output_mtok: 75}
      gpt-5.5-pro:
        also: [gpt-5.5-pro-2026-04-23, gpt-5-5-pro, gpt-5-5-pro-2026-04-23]
        prices:
        - {input_mtok: {0: 30, 272000: 60}, output_mtok: {0: 180, 272000: 270}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: {0: 15, 272000: 30}, output_mtok: {0: 90, 272000: 135}}
        - {tier: flex, input_mtok: 15, output_mtok: 90}
        - {from: 2026-10-14, tier: batch, input_mtok: 15, output_mtok: 90}
        - {from: 2026-10-12, tier: flex, input_mtok: 15, output_mtok: 90}
        - {tier: default}
      gpt-5.6-cyber: {input_mtok: 12.5, cache_read_mtok: 1.25, cache_write_mtok: 15.625, output_mtok: 75}
      gpt-5.6-luna:
        match: {or: [gpt-5.6-luna, gpt-5-6-luna, {regex: "^gpt-5\\.6-luna-\\d{4}-\\d{2}-\\d{2}$"}, {regex: "^gpt-5-6-luna-\\d{4}-\\d{2}-\\d{2}$"}]}
        prices:
        - {input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 6, 272000: 9}, web_searches_kcount: 10}
        - {from: 2026-07-30, input_mtok: {0: 0.2, 272000: 0.4}, cache_read_mtok: {0: 0.02, 272000: 0.04}, cache_write_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 1.2, 272000: 1.8}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.6, 272000: 0.9}}
        - {tier: flex, input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.6, 272000: 0.9}}
        - {tier: priority, input_mtok: {0: 0.4, 272000: 0.8}, cache_read_mtok: {0: 0.04, 272000: 0.08}, cache_write_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 2.4, 272000: 3.6}}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.6, 272000: 0.9}}
        - {from: 2026-10-12, tier: fast, input_mtok: {0: 0.4, 272000: 0.8}, cache_read_mtok: {0: 0.04, 272000: 0.08}, cache_write_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 2.4, 272000: 3.6}}
        - {from: 2026-10-12, tier: priority, input_mtok: {0: 0.4, 272000: 0.8}, cache_read_mtok: {0: 0.04, 272000: 0.08}, cache_write_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 2.4, 272000: 3.6}}
        - {from: 2026-10-12, tier: flex, input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.6, 272000: 0.9}}
        - {tier: default}
      gpt-5.6-sol:
        match: {or: [gpt-5.6-sol, gpt-5-6-sol, gpt-5.6, gpt-5-6, {regex: "^gpt-5\\.6-sol-\\d{4}-\\d{2}-\\d{2}$"}, {regex: "^gpt-5-6-sol-\\d{4}-\\d{2}-\\d{2}$"}]}
        prices:
        - {input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, cache_write_mtok: {0: 6.25, 272000: 12.5}, output_mtok: {0: 30, 272000: 45}, web_searches_kcount: 10}
        - {from: 2026-08-21, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
        - {tier: flex, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
        - {tier: priority, input_mtok: {0: 8, 272000: 16}, cache_read_mtok: {0: 0.8, 272000: 1.6}, cache_write_mtok: {0: 10, 272000: 20}, output_mtok: {0: 40, 272000: 60}}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
        - {from: 2026-10-12, tier: fast, input_mtok: {0: 8, 272000: 16}, cache_read_mtok: {0: 0.8, 272000: 1.6}, cache_write_mtok: {0: 10, 272000: 20}, output_mtok: {0: 40, 272000: 60}}
        - {from: 2026-10-12, tier: priority, input_mtok: {0: 8, 272000: 16}, cache_read_mtok: {0: 0.8, 272000: 1.6}, cache_write_mtok: {0: 10, 272000: 20}, output_mtok: {0: 40, 272000: 60}}
        - {from: 2026-10-12, tier: flex, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
        - {tier: default}
      gpt-5.6-terra:
        match: {or: [gpt-5.6-terra, gpt-5-6-terra, {regex: "^gpt-5\\.6-terra-\\d{4}-\\d{2}-\\d{2}$"}, {regex: "^gpt-5-6-terra-\\d{4}-\\d{2}-\\d{2}$"}]}
        prices:
        - {input_mtok: {0: 2.5, 272000: 5}, cache_read_mtok: {0: 0.25, 272000: 0.5}, cache_write_mtok: {0: 3.125, 272000: 6.25}, output_mtok: {0: 15, 272000: 22.5}, web_searches_kcount: 10}
        - {from: 2026-07-30, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 12, 272000: 18}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 6, 272000: 9}}
        - {tier: flex, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 6, 272000: 9}}
        - {tier: priority, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 24, 272000: 36}}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 6, 272000: 9}}
        - {from: 2026-10-12, tier: fast, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 24, 272000: 36}}
        - {from: 2026-10-12, tier: priority, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 24, 272000: 36}}
        - {from: 2026-10-12, tier: flex, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 6, 272000: 9}}
        - {tier: default}
      gpt-6-astra:
        match: {or: [gpt-6-astra, {regex: "^gpt-6-astra-\\d{4}-\\d{2}-\\d{2}$"}]}
        prices:
        - {input_mtok: {0: 10, 272000: 20}, cache_read_mtok: {0: 1, 272000: 2}, cache_write_mtok: {0: 12.5, 272000: 25}, output_mtok: {0: 50, 272000: 75}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, cache_write_mtok: {0: 6.25, 272000: 12.5}, output_mtok: {0: 25, 272000: 37.5}}
        - {tier: flex, input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, cache_write_mtok: {0: 6.25, 272000: 12.5}, output_mtok: {0: 25, 272000: 37.5}}
        - {tier: priority, input_mtok: {0: 20, 272000: 40}, cache_read_mtok: {0: 2, 272000: 4}, cache_write_mtok: {0: 25, 272000: 50}, output_mtok: {0: 100, 272000: 150}}
        - {tier: ultrafast, input_mtok: {0: 60, 272000: 120}, cache_read_mtok: {0: 6, 272000: 12}, cache_write_mtok: {0: 75, 272000: 150}, output_mtok: {0: 300, 272000: 450}}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, cache_write_mtok: {0: 6.25, 272000: 12.5}, output_mtok: {0: 25, 272000: 37.5}}
        - {from: 2026-10-12, tier: fast, input_mtok: {0: 20, 272000: 40}, cache_read_mtok: {0: 2, 272000: 4}, cache_write_mtok: {0: 25, 272000: 50}, output_mtok: {0: 100, 272000: 150}}
        - {from: 2026-10-12, tier: priority, input_mtok: {0: 20, 272000: 40}, cache_read_mtok: {0: 2, 272000: 4}, cache_write_mtok: {0: 25, 272000: 50}, output_mtok: {0: 100, 272000: 150}}
        - {from: 2026-10-12, tier: flex, input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, cache_write_mtok: {0: 6.25, 272000: 12.5}, output_mtok: {0: 25, 272000: 37.5}}
        - {tier: default}
      gpt-6-cyber: {input_mtok: 20, cache_read_mtok: 2, cache_write_mtok: 25, output_mtok: 100}
      gpt-6-luna:
        match: {or: [gpt-6-luna, {regex: "^gpt-6-luna-\\d{4}-\\d{2}-\\d{2}$"}]}
        prices:
        - {input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.5, 272000: 0.75}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: {0: 0.05, 272000: 0.1}, cache_read_mtok: {0: 0.005, 272000: 0.01}, cache_write_mtok: {0: 0.0625, 272000: 0.125}, output_mtok: {0: 0.25, 272000: 0.375}}
        - {tier: flex, input_mtok: {0: 0.05, 272000: 0.1}, cache_read_mtok: {0: 0.005, 272000: 0.01}, cache_write_mtok: {0: 0.0625, 272000: 0.125}, output_mtok: {0: 0.25, 272000: 0.375}}
        - {tier: priority, input_mtok: {0: 0.2, 272000: 0.4}, cache_read_mtok: {0: 0.02, 272000: 0.04}, cache_write_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 1, 272000: 1.5}}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 0.05, 272000: 0.1}, cache_read_mtok: {0: 0.005, 272000: 0.01}, cache_write_mtok: {0: 0.0625, 272000: 0.125}, output_mtok: {0: 0.25, 272000: 0.375}}
        - {from: 2026-10-12, tier: fast, input_mtok: {0: 0.2, 272000: 0.4}, cache_read_mtok: {0: 0.02, 272000: 0.04}, cache_write_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 1, 272000: 1.5}}
        - {from: 2026-10-12, tier: priority, input_mtok: {0: 0.2, 272000: 0.4}, cache_read_mtok: {0: 0.02, 272000: 0.04}, cache_write_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 1, 272000: 1.5}}
        - {from: 2026-10-12, tier: flex, input_mtok: {0: 0.05, 272000: 0.1}, cache_read_mtok: {0: 0.005, 272000: 0.01}, cache_write_mtok: {0: 0.0625, 272000: 0.125}, output_mtok: {0: 0.25, 272000: 0.375}}
        - {tier: default}
      gpt-6-rosalind: {input_mtok: {0: 15, 272000: 30}, cache_read_mtok: {0: 1.5, 272000: 3}, cache_write_mtok: {0: 18.75, 272000: 37.5}, output_mtok: {0: 75, 272000: 112.5}}
      gpt-6-sol:
        match: {or: [gpt-6-sol, {regex: "^gpt-6-sol-\\d{4}-\\d{2}-\\d{2}$"}]}
        prices:
        - {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}}
        - {tier: flex, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}}
        - {tier: priority, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}}
        - {from: 2026-10-12, tier: fast, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}}
        - {from: 2026-10-12, tier: priority, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}}
        - {from: 2026-10-12, tier: flex, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}}
        - {tier: default}
      gpt-6.1-sol:
        match: {or: [gpt-6.1-sol, {regex: "^gpt-6\\.1-sol-\\d{4}-\\d{2}-\\d{2}$"}]}
        prices:
        - {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.05, 272000: 0.1}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}}
        - {tier: flex, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.05, 272000: 0.1}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}}
        - {tier: priority, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}}
        - {tier: ultrafast, input_mtok: {0: 12, 272000: 24}, cache_read_mtok: {0: 0.6, 272000: 1.2}, cache_write_mtok: {0: 15, 272000: 30}, output_mtok: {0: 60, 272000: 90}}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.05, 272000: 0.1}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}}
        - {from: 2026-10-12, tier: fast, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}}
        - {from: 2026-10-12, tier: priority, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}}
        - {from: 2026-10-12, tier: flex, input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.05, 272000: 0.1}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}}
        - {tier: default}
      gpt-6.1-terra:
        match: {or: [gpt-6.1-terra, {regex: "^gpt-6\\.1-terra-\\d{4}-\\d{2}-\\d{2}$"}]}
        prices:
        - {input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.05, 272000: 0.1}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}, web_searches_kcount: 10}
        - {tier: batch, input_mtok: {0: 0.5, 272000: 1}, cache_read_mtok: {0: 0.025, 272000: 0.05}, cache_write_mtok: {0: 0.625, 272000: 1.25}, output_mtok: {0: 2.5, 272000: 3.75}}
        - {tier: fast, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
        - {tier: priority, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
        - {tier: flex, input_mtok: {0: 0.5, 272000: 1}, cache_read_mtok: {0: 0.025, 272000: 0.05}, cache_write_mtok: {0: 0.625, 272000: 1.25}, output_mtok: {0: 2.5, 272000: 3.75}}
        - {tier: default}
      gpt-audio: {also: [gpt-audio-2025-08-28, gpt-audio-1.5], input_mtok: 2.5, output_mtok: 10, input_audio_mtok: 32, output_audio_mtok: 64}
      gpt-audio-mini: {also: [gpt-audio-mini-2025-10-06, gpt-audio-mini-2025-12-15], input_mtok: 0.6, output_mtok: 2.4, input_audio_mtok: 10, output_audio_mtok: 20}
      gpt-chat-latest: {also: [chat-latest], input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 30}
      gpt-image-1:
        prices:
        - {input_mtok: 5, cache_read_mtok: 1.25, output_mtok: 40, input_image_mtok: 10, cache_image_read_mtok: 2.5}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.63, input_image_mtok: 5}
        - {from: 2026-10-14, tier: batch, input_mtok: 2.5, cache_read_mtok: 0.63, output_mtok: 20, input_image_mtok: 5, cache_image_read_mtok: 1.25}
      gpt-image-1-mini:
        also: []
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 8, input_image_mtok: 2.5, cache_image_read_mtok: 0.25}
        - {tier: batch, input_mtok: 1, cache_read_mtok: 0.1, input_image_mtok: 1.25}
        - {from: 2026-10-14, tier: batch, input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 4, input_image_mtok: 1.25, cache_image_read_mtok: 0.13}
      gpt-image-1.5:
        also: [gpt-image-1.5-2025-12-16]
        prices:
        - {input_mtok: 5, cache_read_mtok: 1.25, output_mtok: 10, input_image_mtok: 8, output_image_mtok: 32, cache_image_read_mtok: 2}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.63, output_mtok: 5, input_image_mtok: 4}
        - {from: 2026-10-14, tier: batch, input_mtok: 2.5, cache_read_mtok: 0.63, output_mtok: 5, input_image_mtok: 4, output_image_mtok: 16, cache_image_read_mtok: 1}
      gpt-image-2:
        also: [gpt-image-2-2026-04-21]
        prices:
        - {input_mtok: 5, cache_read_mtok: 1.25, output_mtok: 30, input_image_mtok: 8, cache_image_read_mtok: 2}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.625, input_image_mtok: 4}
        - {from: 2026-10-14, tier: batch, input_mtok: 2.5, cache_read_mtok: 0.625, output_mtok: 15, input_image_mtok: 4, cache_image_read_mtok: 1}
      gpt-image-2.5-flare:
        also: [gpt-image-2.5-flare-2026-09-08]
        prices:
        - {input_mtok: 5, cache_read_mtok: 1.25, output_mtok: 30, input_image_mtok: 8, cache_image_read_mtok: 2}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.625, input_image_mtok: 4}
        - {from: 2026-10-14, tier: batch, input_mtok: 2.5, cache_read_mtok: 0.625, output_mtok: 15, input_image_mtok: 4, cache_image_read_mtok: 1}
      gpt-image-2.5-sunburst:
        also: [gpt-image-2.5-sunburst-2026-09-08]
        prices:
        - {input_mtok: 5, cache_read_mtok: 1.25, output_mtok: 30, input_image_mtok: 8, cache_image_read_mtok: 2}
        - {tier: batch, input_mtok: 2.5, cache_read_mtok: 0.625, input_image_mtok: 4}
        - {from: 2026-10-14, tier: batch, input_mtok: 2.5, cache_read_mtok: 0.625, output_mtok: 15, input_image_mtok: 4, cache_image_read_mtok: 1}
      gpt-live-1: {input_hours: 3}
      gpt-live-transcribe: {input_hours: 1.02}
      gpt-oss-120b: {input_mtok: 0.039, output_mtok: 0.18}
      gpt-oss-20b: {input_mtok: 0.029, output_mtok: 0.14}
      gpt-oss-safeguard-20b: {input_mtok: 0.075, cache_read_mtok: 0.037, output_mtok: 0.3}
      gpt-realtime: {also: [gpt-realtime-2025-08-28, gpt-realtime-1.5], input_mtok: 4, cache_read_mtok: 0.4, output_mtok: 16, input_audio_mtok: 32, output_audio_mtok: 64, cache_audio_read_mtok: 0.4, input_image_mtok: 5, cache_image_read_mtok: 0.5}
      gpt-realtime-2: {also: [gpt-realtime-2.1], input_mtok: 4, cache_read_mtok: 0.4, output_mtok: 24, input_audio_mtok: 32, output_audio_mtok: 64, cache_audio_read_mtok: 0.4, input_image_mtok: 5, cache_image_read_mtok: 0.5}
      gpt-realtime-mini: {also: [gpt-realtime-2.1-mini, gpt-realtime-mini-2025-12-15, gpt-realtime-mini-2025-10-06], input_mtok: 0.6, cache_read_mtok: 0.06, output_mtok: 2.4, input_audio_mtok: 10, output_audio_mtok: 20, cache_audio_read_mtok: 0.3, input_image_mtok: 0.8, cache_image_read_mtok: 0.08}
      gpt-realtime-translate: {input_hours: 2.04}
      gpt-realtime-whisper: {input_hours: 1.02}
      gpt-rosalind-discovery: {input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 25}
      gpt-rosalind-research: {input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 25}
      gpt-transcribe: {input_hours: 0.27}
      moderation: {match: {contains: moderation}}
      o1:
        also: [o1-2024-12-17]
        prices:
        - {input_mtok: 15, cache_read_mtok: 7.5, output_mtok: 60}
        - {tier: batch, input_mtok: 7.5, output_mtok: 30}
        - {from: 2026-10-14, tier: batch, input_mtok: 7.5, output_mtok: 30}
      o1-mini: {also: [o1-mini-2024-09-12], input_mtok: 1.1, cache_read_mtok: 0.55, output_mtok: 4.4}
      o1-preview: {also: [o1-preview-2024-09-12], input_mtok: 15, cache_read_mtok: 7.5, output_mtok: 60}
      o1-pro:
        also: [o1-pro-2025-03-19]
        prices:
        - {input_mtok: 150, output_mtok: 600}
        - {tier: batch, input_mtok: 75, output_mtok: 300}
        - {from: 2026-10-14, tier: batch, input_mtok: 75, output_mtok: 300}
      o3:
        also: [o3-2025-04-16]
        prices:
        - {input_mtok: 10, cache_read_mtok: 0.5, output_mtok: 40, web_searches_kcount: 10}
        - {from: 2025-06-10, input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 8, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 1, output_mtok: 4}
        - {tier: flex, input_mtok: 1, cache_read_mtok: 0.25, output_mtok: 4}
        - {tier: priority, input_mtok: 3.5, cache_read_mtok: 0.875, output_mtok: 14}
        - {from: 2026-10-14, tier: batch, input_mtok: 1, output_mtok: 4}
        - {from: 2026-10-12, tier: fast, input_mtok: 3.5, cache_read_mtok: 0.875, output_mtok: 14}
        - {from: 2026-10-12, tier: priority, input_mtok: 3.5, cache_read_mtok: 0.875, output_mtok: 14}
        - {from: 2026-10-12, tier: flex, input_mtok: 1, cache_read_mtok: 0.25, output_mtok: 4}
        - {tier: default}
      o3-deep-research: {also: [o3-deep-research-2025-06-26], input_mtok: 10, cache_read_mtok: 2.5, output_mtok: 40, web_searches_kcount: 10}
      o3-mini:
        also: [o3-mini-2025-01-31, o3-mini-high]
        prices:
        - {input_mtok: 1.1, cache_read_mtok: 0.55, output_mtok: 4.4}
        - {tier: batch, input_mtok: 0.55, output_mtok: 2.2}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.55, output_mtok: 2.2}
      o3-pro:
        also: [o3-pro-2025-06-10]
        prices:
        - {input_mtok: 20, output_mtok: 80, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 10, output_mtok: 40}
        - {from: 2026-10-14, tier: batch, input_mtok: 10, output_mtok: 40}
      o4-mini:
        also: [o4-mini-2025-04-16, o4-mini-high]
        prices:
        - {input_mtok: 1.1, cache_read_mtok: 0.275, output_mtok: 4.4, web_searches_kcount: 10}
        - {tier: batch, input_mtok: 0.55, output_mtok: 2.2}
        - {tier: flex, input_mtok: 0.55, cache_read_mtok: 0.138, output_mtok: 2.2}
        - {tier: priority, input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 8}
        - {from: 2026-10-14, tier: batch, input_mtok: 0.55, output_mtok: 2.2}
        - {from: 2026-10-12, tier: fast, input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 8}
        - {from: 2026-10-12, tier: priority, input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 8}
        - {from: 2026-10-12, tier: flex, input_mtok: 0.55, cache_read_mtok: 0.138, output_mtok: 2.2}
        - {tier: default}
      o4-mini-deep-research: {also: [o4-mini-deep-research-2025-06-26], input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 8, web_searches_kcount: 10}
      text-davinci-002: {input_mtok: 20, output_mtok: 20}
      text-davinci-003: {input_mtok: 20, output_mtok: 20}
      text-embedding-3-large:
        prices:
        - {input_mtok: 0.13}
        - {tier: batch, input_mtok: 0.065}
      text-embedding-3-small:
        prices:
        - {input_mtok: 0.02}
        - {tier: batch, input_mtok: 0.01}
      text-embedding-ada-002: {also: [text-embedding-ada, text-embedding-ada-002-v2], input_mtok: 0.1}
      tts-1: {input_mchars: 15}
      tts-1-hd: {input_mchars: 30}
      whisper-1: {input_hours: 0.36}
      "ft:babbage-002":
        prices:
        - {input_mtok: 1.6, output_mtok: 1.6}
        - {tier: batch, input_mtok: 0.8, output_mtok: 0.9}
      "ft:davinci-002":
        prices:
        - {input_mtok: 12, output_mtok: 12}
        - {tier: batch, input_mtok: 6, output_mtok: 6}
      "ft:gpt-4.1-2025-04-14":
        prices:
        - {input_mtok: 3, cache_read_mtok: 0.75, output_mtok: 12}
        - {tier: batch, input_mtok: 1.5, cache_read_mtok: 0.5, output_mtok: 6}
      "ft:gpt-4.1-mini-2025-04-14":
        prices:
        - {input_mtok: 0.8, cache_read_mtok: 0.2, output_mtok: 3.2}
        - {tier: batch, input_mtok: 0.4, cache_read_mtok: 0.1, output_mtok: 1.6}
      "ft:gpt-4.1-nano-2025-04-14":
        prices:
        - {input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.8}
        - {tier: batch, input_mtok: 0.1, cache_read_mtok: 0.025, output_mtok: 0.4}
      "ft:o4-mini-2025-04-16":
        prices:
        - {input_mtok: 4, cache_read_mtok: 1, output_mtok: 16}
        - {tier: batch, input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 8}
      gpt-4o-mini-tts-2025-03-20: {input_mtok: 0.6, output_mtok: 10, output_audio_mtok: 12}
      daybreak-red-latest: {input_mtok: {0: 12.5, 272000: 25}, cache_read_mtok: {0: 1.25, 272000: 2.5}, cache_write_mtok: {0: 15.625, 272000: 31.25}, output_mtok: {0: 75, 272000: 112.5}}
      gpt-daybreak-red-latest: {input_mtok: {0: 12.5, 272000: 25}, cache_read_mtok: {0: 1.25, 272000: 2.5}, cache_write_mtok: {0: 15.625, 272000: 31.25}, output_mtok: {0: 75, 272000: 112.5}}
      daybreak-blue-latest: {input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}}
      gpt-daybreak-blue-latest: {input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}}
      tts-1-1106: {input_mchars: 15}
      tts-1-hd-1106: {input_mchars: 30}
      gpt-4o-mini-tts-2025-12-15: {input_mtok: 0.6, output_mtok: 10, output_audio_mtok: 12}
      gpt-4o-mini-transcribe-2025-03-20: {input_mtok: 1.25, output_mtok: 5}
      gpt-4o-mini-transcribe-2025-12-15: {input_mtok: 1.25, output_mtok: 5}
      gpt-5-search-api-2025-10-14: {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10, web_searches_kcount: 10}
      gpt-5.5-cyber-preview: {input_mtok: 12.5, cache_read_mtok: 1.25, output_mtok: 75}
      gpt-6-astra-law: {input_mtok: 10, cache_read_mtok: 1, output_mtok: 50, web_searches_kcount: 10}
  openai-decisions:
    models:
      gpt-6-luna: {input_mtok: {0: 0.1, 272000: 0.2}}
  openrouter:
    models:
      01-ai/yi-large: {input_mtok: 3, output_mtok: 3}
      aetherwiing/mn-starcannon-12b: {input_mtok: 0.8, output_mtok: 1.2}
      "agentica-org/deepcoder-14b-preview:free": {}
      ai21/jamba-1-5-large: {input_mtok: 2, output_mtok: 8}
      ai21/jamba-1-5-mini: {input_mtok: 0.2, output_mtok: 0.4}
      ai21/jamba-1.6-large: {input_mtok: 2, output_mtok: 8}
      ai21/jamba-1.6-mini: {input_mtok: 0.2, output_mtok: 0.4}
      ai21/jamba-instruct: {input_mtok: 0.5, output_mtok: 0.7}
      ai21/jamba-large-1.7: {input_mtok: 2, output_mtok: 8}
      aion-labs/aion-1.0: {input_mtok: 4, output_mtok: 8}
      aion-labs/aion-1.0-mini: {input_mtok: 0.7, output_mtok: 1.4}
      aion-labs/aion-2.0: {also: [aion-labs/aion-2.0-20260223], input_mtok: 0.8, cache_read_mtok: 0.2, output_mtok: 1.6}
      aion-labs/aion-3.0: {also: [aion-labs/aion-3.0-20260707], input_mtok: 3, cache_read_mtok: 0.75, output_mtok: 6}
      aion-labs/aion-3.0-mini: {also: [aion-labs/aion-3.0-mini-20260707], input_mtok: 0.7, cache_read_mtok: 0.18, output_mtok: 1.4}
      aion-labs/aion-3.5: {also: [aion-labs/aion-3.5-20260923], input_mtok: 3, cache_read_mtok: 0.75, output_mtok: 6}
      aion-labs/aion-3.5-mini: {also: [aion-labs/aion-3.5-mini-20260923], input_mtok: 0.7, cache_read_mtok: 0.18, output_mtok: 1.4}
      aion-labs/aion-rp-llama-3.1-8b:
        prices:
        - {input_mtok: 0.2, output_mtok: 0.2}
        - {from: 2026-10-19, input_mtok: 0.8, output_mtok: 1.6}
      alfredpros/codellama-7b-instruct-solidity: {input_mtok: 0.8, output_mtok: 1.2}
      all-hands/openhands-lm-32b-v0.1: {input_mtok: 2.6, output_mtok: 3.4}
      "allenai/molmo-7b-d:free": {}
      allenai/olmo-3-32b-think: {input_mtok: 0.15, output_mtok: 0.5}
      alpindale/goliath-120b: {input_mtok: 6.5625, output_mtok: 9.375}
      alpindale/magnum-72b: {input_mtok: 1.5, output_mtok: 2.25}
      amazon/nova-2-lite-v1: {input_mtok: 0.3, output_mtok: 2.5}
      amazon/nova-lite-v1: {input_mtok: 0.06, output_mtok: 0.24}
      amazon/nova-micro-v1: {input_mtok: 0.035, output_mtok: 0.14}
      amazon/nova-premier-v1: {input_mtok: 2.5, cache_read_mtok: 0.625, output_mtok: 12.5}
      amazon/nova-pro-v1: {input_mtok: 0.8, output_mtok: 3.2}
      anthracite-org/magnum-v2-72b: {input_mtok: 3, output_mtok: 3}
      anthracite-org/magnum-v4-72b:
        prices:
        - {input_mtok: 1.5, output_mtok: 2.25}
        - {from: 2026-10-19, input_mtok: 2.5, output_mtok: 5}
      anthropic/claude-2: {also: [anthropic/claude-2.0, "anthropic/claude-2.0:beta", anthropic/claude-2.1, "anthropic/claude-2.1:beta", "anthropic/claude-2:beta"], input_mtok: 8, output_mtok: 24}
      anthropic/claude-3-haiku: {also: ["anthropic/claude-3-haiku:beta"], input_mtok: 0.25, output_mtok: 1.25}
      anthropic/claude-3-opus: {also: ["anthropic/claude-3-opus:beta"], input_mtok: 15, output_mtok: 75}
      anthropic/claude-3-sonnet: {also: ["anthropic/claude-3-sonnet:beta"], input_mtok: 3, output_mtok: 15}
      anthropic/claude-3.5-haiku: {also: [anthropic/claude-3.5-haiku-20241022, "anthropic/claude-3.5-haiku-20241022:beta", "anthropic/claude-3.5-haiku:beta"], input_mtok: 0.8, output_mtok: 4}
      anthropic/claude-3.5-sonnet: {also: [anthropic/claude-3.5-sonnet-20240620, "anthropic/claude-3.5-sonnet-20240620:beta", "anthropic/claude-3.5-sonnet:beta"], input_mtok: 3, output_mtok: 15}
      anthropic/claude-3.7-sonnet: {also: ["anthropic/claude-3.7-sonnet:beta", "anthropic/claude-3.7-sonnet:thinking"], input_mtok: 3, output_mtok: 15}
      anthropic/claude-fable-5: {also: ["anthropic/claude-fable-5:beta", anthropic/claude-5-fable-20260609], input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, output_mtok: 50}
      anthropic/claude-fable-5.1: {also: ["anthropic/claude-fable-5.1:beta", anthropic/claude-fable-5.1-20260831], input_mtok: 10, cache_read_mtok: 0.25, cache_write_mtok: 12.5, output_mtok: 50}
      "anthropic/claude-fable-5.1:batch": {input_mtok: 5, cache_read_mtok: 0.125, cache_write_mtok: 6.25, output_mtok: 25}
      "anthropic/claude-fable-5:batch": {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      anthropic/claude-haiku-4.5: {also: [anthropic/claude-4.5-haiku-20251001, "anthropic/claude-4.5-haiku-20251001:beta", anthropic/claude-haiku-4.5-20251001, "anthropic/claude-haiku-4.5-20251001:beta", "anthropic/claude-haiku-4.5:beta"], input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, output_mtok: 5}
      "anthropic/claude-haiku-4.5:batch": {input_mtok: 0.5, cache_read_mtok: 0.05, cache_write_mtok: 0.625, output_mtok: 2.5}
      anthropic/claude-haiku-5.5: {match: {or: [anthropic/claude-haiku-5.5, {regex: "^anthropic/claude-haiku-5\\.5-\\d{8}$"}, anthropic/claude-haiku-5.5-20261007]}, input_mtok: {0: 0.1, 100000: 0.5}, cache_read_mtok: {0: 0.01, 100000: 0.05}, cache_write_mtok: {0: 0.125, 100000: 0.625}, cache_write_1h_mtok: {0: 0.2, 100000: 1}, output_mtok: {0: 0.5, 100000: 2.5}, web_searches_kcount: 10}
      "anthropic/claude-haiku-5.5:batch": {input_mtok: {0: 0.05, 100000: 0.25}, cache_read_mtok: {0: 0.005, 100000: 0.025}, cache_write_mtok: {0: 0.0625, 100000: 0.3125}, cache_write_1h_mtok: {0: 0.1, 100000: 0.5}, output_mtok: {0: 0.25, 100000: 1.25}, web_searches_kcount: 10}
      anthropic/claude-opus-4: {also: [anthropic/claude-opus-4.1, anthropic/claude-4.1-opus-20250805], input_mtok: 15, cache_read_mtok: 1.5, cache_write_mtok: 18.75, output_mtok: 75}
      "anthropic/claude-opus-4.1:batch": {input_mtok: 7.5, cache_read_mtok: 0.75, cache_write_mtok: 9.375, output_mtok: 37.5}
      anthropic/claude-opus-4.5: {also: [anthropic/claude-4.5-opus-20251124, "anthropic/claude-4.5-opus-20251124:beta", anthropic/claude-opus-4.5-20251124, "anthropic/claude-opus-4.5-20251124:beta", "anthropic/claude-opus-4.5:beta"], input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      "anthropic/claude-opus-4.5:batch": {input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      anthropic/claude-opus-4.6: {also: [anthropic/claude-4.6-opus-20260205, "anthropic/claude-4.6-opus-20260205:beta", anthropic/claude-opus-4.6-20260205, "anthropic/claude-opus-4.6-20260205:beta", "anthropic/claude-opus-4.6:beta"], input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      anthropic/claude-opus-4.6-fast: {input_mtok: 30, cache_read_mtok: 3, cache_write_mtok: 37.5, output_mtok: 150}
      "anthropic/claude-opus-4.6:batch": {input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      anthropic/claude-opus-4.7: {also: ["anthropic/claude-opus-4.7:beta", anthropic/claude-4.7-opus-20260416], input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      anthropic/claude-opus-4.7-fast: {input_mtok: 30, cache_read_mtok: 3, cache_write_mtok: 37.5, output_mtok: 150}
      "anthropic/claude-opus-4.7:batch": {input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      anthropic/claude-opus-4.8: {also: ["anthropic/claude-opus-4.8:beta", anthropic/claude-4.8-opus-20260528], input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      anthropic/claude-opus-4.8-fast: {input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, output_mtok: 50}
      "anthropic/claude-opus-4.8:batch": {input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      anthropic/claude-opus-5: {also: ["anthropic/claude-opus-5:beta", anthropic/claude-opus-5-20260723], input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      anthropic/claude-opus-5-fast: {input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, output_mtok: 50}
      anthropic/claude-opus-5.5: {also: ["anthropic/claude-opus-5.5:beta", anthropic/claude-opus-5.5-20260921], input_mtok: 4, cache_read_mtok: 0.2, cache_write_mtok: 5, output_mtok: 20}
      "anthropic/claude-opus-5.5:batch": {input_mtok: 2, cache_read_mtok: 0.1, cache_write_mtok: 2.5, output_mtok: 10}
      "anthropic/claude-opus-5:batch": {input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      anthropic/claude-sonnet-4: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      anthropic/claude-sonnet-4.5: {also: [anthropic/claude-4.5-sonnet-20250929, "anthropic/claude-4.5-sonnet-20250929:beta", anthropic/claude-sonnet-4.5-20250929, "anthropic/claude-sonnet-4.5-20250929:beta", "anthropic/claude-sonnet-4.5:beta"], input_mtok: {0: 3, 200000: 6}, cache_read_mtok: {0: 0.3, 200000: 0.6}, cache_write_mtok: {0: 3.75, 200000: 7.5}, output_mtok: {0: 15, 200000: 22.5}}
      "anthropic/claude-sonnet-4.5:batch": {input_mtok: {0: 1.5, 200000: 3}, cache_read_mtok: {0: 0.15, 200000: 0.3}, cache_write_mtok: {0: 1.875, 200000: 3.75}, output_mtok: {0: 7.5, 200000: 11.25}}
      anthropic/claude-sonnet-4.6: {also: [anthropic/claude-4.6-sonnet-20260217, "anthropic/claude-4.6-sonnet-20260217:beta", anthropic/claude-sonnet-4.6-20260217, "anthropic/claude-sonnet-4.6-20260217:beta", "anthropic/claude-sonnet-4.6:beta"], input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      "anthropic/claude-sonnet-4.6:batch": {input_mtok: 1.5, cache_read_mtok: 0.15, cache_write_mtok: 1.875, output_mtok: 7.5}
      anthropic/claude-sonnet-5: {also: ["anthropic/claude-sonnet-5:beta", anthropic/claude-sonnet-5-20260630], input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 2.5, output_mtok: 10}
      anthropic/claude-sonnet-5.5: {also: ["anthropic/claude-sonnet-5.5:beta", anthropic/claude-sonnet-5.5-20260928], input_mtok: 2, cache_read_mtok: 0.1, cache_write_mtok: 2.5, output_mtok: 10}
      "anthropic/claude-sonnet-5.5:batch": {input_mtok: 1, cache_read_mtok: 0.05, cache_write_mtok: 1.25, output_mtok: 5}
      "anthropic/claude-sonnet-5:batch": {input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, output_mtok: 5}
      anubis-pro-105b-v1: {input_mtok: 0.8, output_mtok: 1}
      arcee-ai/coder-large: {input_mtok: 0.5, output_mtok: 0.8}
      arcee-ai/trinity-large-thinking:
        prices:
        - {input_mtok: 0.22, cache_read_mtok: 0.06, output_mtok: 0.85}
        - {from: 2026-10-19, input_mtok: 0.25, cache_read_mtok: 0.06, output_mtok: 0.8}
      arcee-ai/trinity-mini: {input_mtok: 0.045, output_mtok: 0.15}
      arcee-ai/virtuoso-large: {input_mtok: 0.75, output_mtok: 1.2}
      arcee-blitz: {input_mtok: 0.45, output_mtok: 0.75}
      "arliai/qwq-32b-arliai-rpr-v1:free": {}
      baidu/ernie-4.5-vl-424b-a47b: {input_mtok: 0.42, output_mtok: 1.25}
      "bytedance-research/ui-tars-72b:free": {}
      bytedance-seed/seed-1.6:
        also: [bytedance-seed/seed-1.6-20250625]
        prices:
        - {input_mtok: 0.25, output_mtok: 2}
        - {from: 2026-10-19, input_mtok: {0: 0.25, 128000: 0.5}, output_mtok: {0: 2, 128000: 4}}
      bytedance-seed/seed-1.6-flash:
        also: [bytedance-seed/seed-1.6-flash-20250625]
        prices:
        - {input_mtok: 0.075, output_mtok: 0.3}
        - {from: 2026-10-19, input_mtok: {0: 0.075, 128000: 0.1}, output_mtok: {0: 0.3, 128000: 0.8}}
      bytedance-seed/seed-2-1-turbo: {also: [bytedance-seed/seed-2-1-turbo-20260810], input_mtok: 0.5, output_mtok: 2.5}
      bytedance-seed/seed-2.0-code: {also: [bytedance-seed/seed-2.0-code-20260730], input_mtok: {0: 0.5, 128000: 1}, output_mtok: {0: 3, 128000: 6}}
      bytedance-seed/seed-2.0-lite:
        also: [bytedance-seed/seed-2.0-lite-20260309]
        prices:
        - {input_mtok: 0.25, output_mtok: 2}
        - {from: 2026-10-19, input_mtok: {0: 0.25, 128000: 0.5}, output_mtok: {0: 2, 128000: 4}}
      bytedance-seed/seed-2.0-mini:
        also: [bytedance-seed/seed-2.0-mini-20260224]
        prices:
        - {input_mtok: 0.1, output_mtok: 0.4}
        - {from: 2026-10-19, input_mtok: {0: 0.1, 128000: 0.2}, output_mtok: {0: 0.4, 128000: 0.8}}
      bytedance/ui-tars-1.5-7b: {input_mtok: 0.1, output_mtok: 0.2}
      caller-large: {input_mtok: 0.55, output_mtok: 0.85}
      chatgpt-4o-latest: {input_mtok: 5, output_mtok: 15}
      claude-2: {also: [claude-2.0, "claude-2.0:beta", claude-2.1, "claude-2.1:beta", "claude-2:beta"], input_mtok: 8, output_mtok: 24}
      claude-3-opus: {also: ["claude-3-opus:beta"], input_mtok: 15, cache_read_mtok: 1.5, cache_write_mtok: 18.75, output_mtok: 75}
      claude-3-sonnet: {also: ["claude-3-sonnet:beta"], input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      claude-3.5-sonnet: {also: [claude-3.5-sonnet-20240620, "claude-3.5-sonnet-20240620:beta", "claude-3.5-sonnet:beta"], input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      claude-3.7-sonnet: {also: ["claude-3.7-sonnet:beta", "claude-3.7-sonnet:thinking"], input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      cloudflare/clef: {input_mtok: 0.24}
      cloudflare/clef-flash: {input_mtok: 0.09}
      codellama-7b-instruct-solidity: {input_mtok: 0.8, output_mtok: 1.2}
      codestral-2501: {input_mtok: 0.3, output_mtok: 0.9}
      codex-mini: {input_mtok: 1.5, cache_read_mtok: 0.375, output_mtok: 6}
      cognitivecomputations/dolphin-mistral-24b-venice-edition: {also: [venice/uncensored], input_mtok: 0.2, output_mtok: 0.9}
      "cognitivecomputations/dolphin-mistral-24b-venice-edition:free": {}
      cognitivecomputations/dolphin-mixtral-8x22b: {input_mtok: 0.9, output_mtok: 0.9}
      cognitivecomputations/dolphin-mixtral-8x7b: {input_mtok: 0.5, output_mtok: 0.5}
      "cognitivecomputations/dolphin3.0-mistral-24b:free": {}
      "cognitivecomputations/dolphin3.0-r1-mistral-24b:free": {}
      cohere/command: {input_mtok: 1, output_mtok: 2}
      cohere/command-a: {also: [cohere/command-a-03-2025], input_mtok: 2.5, output_mtok: 10}
      cohere/command-a-plus: {also: [cohere/command-a-plus-05-2026], input_mtok: 0.3, cache_read_mtok: 0.15, output_mtok: 1.5}
      cohere/command-r: {also: [cohere/command-r-03-2024], input_mtok: 0.5, output_mtok: 1.5}
      cohere/command-r-08-2024: {input_mtok: 0.15, output_mtok: 0.6}
      cohere/command-r-plus: {also: [cohere/command-r-plus-04-2024], input_mtok: 3, output_mtok: 15}
      cohere/command-r-plus-08-2024: {input_mtok: 2.5, output_mtok: 10}
      cohere/command-r7b-12-2024: {input_mtok: 0.0375, output_mtok: 0.15}
      "cohere/north-mini-code:free": {}
      command: {input_mtok: 1, output_mtok: 2}
      command-r: {also: [command-r-03-2024], input_mtok: 0.5, output_mtok: 1.5}
      command-r-plus: {also: [command-r-plus-04-2024], input_mtok: 3, output_mtok: 15}
      "deepcoder-14b-preview:free": {}
      deepcogito/cogito-v2.1-671b: {input_mtok: 1.25, output_mtok: 1.25}
      "deephermes-3-llama-3-8b-preview:free": {}
      "deepseek-chat-v3-0324:free": {}
      "deepseek-chat:free": {}
      deepseek-prover-v2: {input_mtok: 0.5, output_mtok: 2.18}
      deepseek-r1-0528-qwen3-8b: {input_mtok: 0.05, output_mtok: 0.1}
      "deepseek-r1-0528-qwen3-8b:free": {}
      "deepseek-r1-0528:free": {}
      "deepseek-r1-distill-llama-70b:free": {}
      deepseek-r1-distill-llama-8b: {input_mtok: 0.04, output_mtok: 0.04}
      deepseek-r1-distill-qwen-1.5b: {input_mtok: 0.18, output_mtok: 0.18}
      deepseek-r1-distill-qwen-14b: {input_mtok: 0.15, output_mtok: 0.15}
      "deepseek-r1-distill-qwen-14b:free": {}
      "deepseek-r1-distill-qwen-32b:free": {}
      deepseek-r1-distill-qwen-7b: {input_mtok: 0.1, output_mtok: 0.2}
      "deepseek-r1:free": {}
      "deepseek-r1t-chimera:free": {}
      "deepseek-v3-base:free": {}
      deepseek/deepseek-chat:
        also: [deepseek/deepseek-chat-v3]
        prices:
        - {input_mtok: 0.38, output_mtok: 0.89}
        - {from: 2026-10-19, input_mtok: 0.32, output_mtok: 0.89}
        - {from: 2026-10-20, input_mtok: 0.2574, output_mtok: 1.0287}
      deepseek/deepseek-chat-v3-0324:
        prices:
        - {input_mtok: 0.3, output_mtok: 0.88}
        - {from: 2026-10-19, input_mtok: 0.29, cache_read_mtok: 0.11, output_mtok: 1.14}
        - {from: 2026-11-03, input_mtok: 0.25, cache_read_mtok: 0.11, output_mtok: 1}
      "deepseek/deepseek-chat-v3-0324:free": {}
      deepseek/deepseek-chat-v3.1:
        prices:
        - {input_mtok: 0.21, cache_read_mtok: 0.13, output_mtok: 0.79}
        - {from: 2026-10-19, input_mtok: 0.25, cache_read_mtok: 0.13, output_mtok: 0.95}
        - {from: 2026-11-03, input_mtok: 0.55, output_mtok: 1.65}
        - {from: 2026-11-09, input_mtok: 0.27, output_mtok: 1}
      "deepseek/deepseek-chat:free": {}
      deepseek/deepseek-r1:
        prices:
        - {input_mtok: 0.45, output_mtok: 2.15}
        - {from: 2026-10-19, input_mtok: 0.7, output_mtok: 2.5}
      deepseek/deepseek-r1-0528:
        prices:
        - {input_mtok: 0.5, output_mtok: 2.15}
        - {from: 2026-10-19, input_mtok: 0.5, cache_read_mtok: 0.35, output_mtok: 2.15}
      deepseek/deepseek-r1-distill-llama-70b: {input_mtok: 0.1, output_mtok: 0.4}
      "deepseek/deepseek-r1-distill-llama-70b:free": {}
      deepseek/deepseek-r1-distill-llama-8b: {input_mtok: 0.04, output_mtok: 0.04}
      deepseek/deepseek-r1-distill-qwen-1.5b: {input_mtok: 0.18, output_mtok: 0.18}
      deepseek/deepseek-r1-distill-qwen-14b: {input_mtok: 0.15, output_mtok: 0.15}
      "deepseek/deepseek-r1-distill-qwen-14b:free": {}
      deepseek/deepseek-r1-distill-qwen-32b: {input_mtok: 0.12, output_mtok: 0.18}
      "deepseek/deepseek-r1-distill-qwen-32b:free": {}
      "deepseek/deepseek-r1-zero:free": {}
      "deepseek/deepseek-r1:free": {}
      "deepseek/deepseek-v3-base:free": {}
      deepseek/deepseek-v3.1-terminus:
        prices:
        - {input_mtok: 0.23, output_mtok: 0.9}
        - {from: 2026-10-19, input_mtok: 0.27, output_mtok: 1}
      deepseek/deepseek-v3.2:
        also: [deepseek/deepseek-v3.2-20251201]
        prices:
        - {input_mtok: 0.2288, output_mtok: 0.3432}
        - {from: 2026-10-19, input_mtok: 0.28, cache_read_mtok: 0.028, output_mtok: 0.42}
        - {from: 2026-11-09, input_mtok: 0.26, cache_read_mtok: 0.13, output_mtok: 0.38}
      deepseek/deepseek-v3.2-exp: {input_mtok: 0.27, output_mtok: 0.41}
      deepseek/deepseek-v4-flash:
        also: [deepseek/deepseek-v4-flash-20260423]
        prices:
        - {input_mtok: 0.0983, cache_read_mtok: 0.0197, output_mtok: 0.1966}
        - {from: 2026-10-19, input_mtok: 0.091, cache_read_mtok: 0.0182, output_mtok: 0.182}
        - {from: 2026-11-03, input_mtok: 0.14, cache_read_mtok: 0.03, output_mtok: 0.28}
        - {from: 2026-11-09, input_mtok: 0.105, cache_read_mtok: 0.021, output_mtok: 0.21}
      deepseek/deepseek-v4-flash-0731:
        also: [deepseek/deepseek-v4-flash-20260731]
        prices:
        - {input_mtok: 0.15, cache_read_mtok: 0.042, output_mtok: 0.15}
        - {from: 2026-10-20, input_mtok: 0.44, cache_read_mtok: 0.014, output_mtok: 1.32}
        - {from: 2026-11-03, input_mtok: 0.14, cache_read_mtok: 0.07, output_mtok: 0.28}
        - {from: 2026-11-09, input_mtok: 0.14, cache_read_mtok: 0.05, output_mtok: 0.28}
      "deepseek/deepseek-v4-flash-0731:batch": {input_mtok: 0.048, cache_read_mtok: 0.012, output_mtok: 0.144}
      deepseek/deepseek-v4-flash-vision-exp: {also: [deepseek/deepseek-v4-flash-vision-exp-20260821], input_mtok: 0.2156, cache_read_mtok: 0.00686, output_mtok: 0.6468}
      deepseek/deepseek-v4-pro:
        also: [deepseek/deepseek-v4-pro-20260423]
        prices:
        - {input_mtok: 0.435, cache_read_mtok: 0.003625, output_mtok: 0.87}
        - {from: 2026-10-19, input_mtok: 0.422472, cache_read_mtok: 0.035206, output_mtok: 0.844944}
        - {from: 2026-10-20, input_mtok: 0.95526, cache_read_mtok: 0.079605, output_mtok: 1.91052}
        - {from: 2026-11-03, input_mtok: 1.416, cache_read_mtok: 0.118, output_mtok: 2.832}
      deepseek/deepseek-v4-pro-0813: {also: [deepseek/deepseek-v4-pro-20260813], input_mtok: 0.66, cache_read_mtok: 0.022, output_mtok: 1.98}
      deepseek/deepseek-v4.1-flash:
        also: [deepseek/deepseek-v4.1-flash-20260910]
        prices:
        - {input_mtok: 0.0448, cache_read_mtok: 0.0016, output_mtok: 0.08}
        - {from: 2026-10-19, input_mtok: 0.0344, cache_read_mtok: 0.0016, output_mtok: 0.08}
        - {from: 2026-10-20, input_mtok: 0.0352, cache_read_mtok: 0.0016, output_mtok: 0.0112}
        - {from: 2026-11-03, input_mtok: 0.21, cache_read_mtok: 0.0042, output_mtok: 0.84}
      "deepseek/deepseek-v4.1-flash-1017:batch": {input_mtok: 0.011, cache_read_mtok: 0.002, output_mtok: 0.2}
      "deepseek/deepseek-v4.1-flash:batch":
        prices:
        - {input_mtok: 0.05, cache_read_mtok: 0.004, output_mtok: 0.15}
        - {from: 2026-11-09, input_mtok: 0.011, cache_read_mtok: 0.002, output_mtok: 0.2}
      devstral-small: {input_mtok: 0.06, output_mtok: 0.12}
      "devstral-small:free": {}
      dobby-mini-unhinged-plus-llama-3.1-8b: {input_mtok: 0.2, output_mtok: 0.2}
      dolphin-mixtral-8x22b: {input_mtok: 0.9, output_mtok: 0.9}
      "dolphin3.0-mistral-24b:free": {}
      "dolphin3.0-r1-mistral-24b:free": {}
      "dots-studio/dots-3-note-preview:free": {}
      eleutherai/llemma_7b: {input_mtok: 0.8, output_mtok: 1.2}
      elorian/glimpse: {also: [elorian/glimpse-20261016], input_mtok: 0.6, cache_read_mtok: 0.06, output_mtok: 3}
      essentialai/rnj-1-instruct: {input_mtok: 0.15, output_mtok: 0.15}
      eva-llama-3.33-70b: {input_mtok: 4, output_mtok: 6}
      eva-qwen-2.5-32b: {input_mtok: 2.6, output_mtok: 3.4}
      eva-qwen-2.5-72b: {input_mtok: 4, output_mtok: 6}
      eva-unit-01/eva-llama-3.33-70b: {input_mtok: 4, output_mtok: 6}
      eva-unit-01/eva-qwen-2.5-32b: {input_mtok: 2.6, output_mtok: 3.4}
      eva-unit-01/eva-qwen-2.5-72b: {input_mtok: 0.9, output_mtok: 1.2}
      "featherless/qwerky-72b:free": {}
      fimbulvetr-11b-v2: {input_mtok: 0.8, output_mtok: 1.2}
      fireworks/ember-1: {also: [fireworks/ember-1-20260923], input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      gemini-2.0-flash-001: {input_mtok: 0.1, cache_read_mtok: 0.025, cache_write_mtok: 0.1833, output_mtok: 0.4}
      "gemini-2.0-flash-exp:free": {}
      gemini-2.0-flash-lite-001: {input_mtok: 0.075, output_mtok: 0.3}
      gemini-2.5-flash-lite-preview-06-17: {input_mtok: 0.1, output_mtok: 0.4}
      gemini-2.5-flash-preview: {also: [gemini-2.5-flash-preview-05-20], input_mtok: 0.15, cache_read_mtok: 0.0375, cache_write_mtok: 0.2333, output_mtok: 0.6}
      "gemini-2.5-flash-preview-05-20:thinking": {input_mtok: 0.15, cache_read_mtok: 0.0375, cache_write_mtok: 0.2333, output_mtok: 3.5}
      "gemini-2.5-flash-preview:thinking": {input_mtok: 0.15, cache_read_mtok: 0.0375, cache_write_mtok: 0.2333, output_mtok: 3.5}
      gemini-2.5-pro-exp-03-25: {}
      gemini-flash-1.5: {input_mtok: 0.075, cache_read_mtok: 0.01875, cache_write_mtok: 0.1583, output_mtok: 0.3}
      gemini-flash-1.5-8b: {input_mtok: 0.0375, cache_read_mtok: 0.01, cache_write_mtok: 0.0583, output_mtok: 0.15}
      gemini-pro-1.5: {input_mtok: 1.25, output_mtok: 5}
      gemma-2-9b-it: {input_mtok: 0.2, output_mtok: 0.2}
      "gemma-2-9b-it:free": {}
      "gemma-3-12b-it:free": {}
      "gemma-3-27b-it:free": {}
      "gemma-3-4b-it:free": {}
      "gemma-3n-e4b-it:free": {}
      glm-4-32b: {input_mtok: 0.24, output_mtok: 0.24}
      "glm-4-32b:free": {}
      "glm-4.5-air:free": {}
      glm-5v-turbo: {input_mtok: 1.2, cache_read_mtok: 0.24, output_mtok: 4}
      glm-z1-32b: {input_mtok: 0.24, output_mtok: 0.24}
      "glm-z1-32b:free": {}
      glm-z1-rumination-32b: {input_mtok: 0.24, output_mtok: 0.24}
      goliath-120b: {input_mtok: 10, output_mtok: 12.5}
      google/gemini-2.0-flash-001: {input_mtok: 0.1, output_mtok: 0.4}
      "google/gemini-2.0-flash-exp:free": {}
      google/gemini-2.0-flash-lite-001: {input_mtok: 0.075, output_mtok: 0.3}
      "google/gemini-2.0-flash-thinking-exp-1219:free": {}
      "google/gemini-2.0-flash-thinking-exp:free": {}
      google/gemini-2.5-flash:
        prices:
        - {input_mtok: 0.3, cache_read_mtok: 0.075, cache_write_mtok: 0.3833, output_mtok: 2.5}
        - {from: 2026-10-19, input_mtok: 0.3, cache_read_mtok: 0.03, cache_write_mtok: 0.0833333333333333, output_mtok: 2.5}
      google/gemini-2.5-flash-image: {input_mtok: 0.3, cache_read_mtok: 0.03, cache_write_mtok: 0.08333333333333334, output_mtok: 2.5}
      google/gemini-2.5-flash-lite: {input_mtok: 0.1, cache_read_mtok: 0.01, cache_write_mtok: 0.08333333333333334, output_mtok: 0.4}
      google/gemini-2.5-flash-lite-preview-09-2025: {input_mtok: 0.1, output_mtok: 0.4}
      "google/gemini-2.5-flash-lite:batch": {input_mtok: 0.05, cache_read_mtok: 0.01, cache_write_mtok: 0.04166666666666665, output_mtok: 0.2}
      google/gemini-2.5-flash-preview: {input_mtok: 0.15, output_mtok: 0.6}
      google/gemini-2.5-flash-preview-09-2025: {input_mtok: 0.3, cache_read_mtok: 0.075, cache_write_mtok: 0.383, output_mtok: 2.5}
      "google/gemini-2.5-flash-preview:thinking": {input_mtok: 0.15, output_mtok: 3.5}
      "google/gemini-2.5-flash:batch": {input_mtok: 0.15, cache_read_mtok: 0.03, cache_write_mtok: 0.04166666666666665, output_mtok: 1.25}
      google/gemini-2.5-pro:
        also: [google/gemini-2.5-pro-preview, google/gemini-2.5-pro-preview-05-06]
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.31, cache_write_mtok: 1.625, output_mtok: 10}
        - {from: 2026-10-19, input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.125, 200000: 0.25}, cache_write_mtok: 0.375, output_mtok: {0: 10, 200000: 15}}
      "google/gemini-2.5-pro-exp-03-25:free": {}
      google/gemini-2.5-pro-preview-03-25: {input_mtok: 1.25, output_mtok: 10}
      "google/gemini-2.5-pro:batch": {input_mtok: {0: 0.625, 200000: 1.25}, cache_read_mtok: {0: 0.125, 200000: 0.25}, cache_write_mtok: 0.1875, output_mtok: {0: 5, 200000: 7.5}}
      google/gemini-3-flash-preview: {also: [google/gemini-3-flash-preview-20251217], input_mtok: 0.5, cache_read_mtok: 0.05, cache_write_mtok: 0.08333333333333334, output_mtok: 3}
      "google/gemini-3-flash-preview:batch": {input_mtok: 0.25, cache_write_mtok: 0.04166666666666665, output_mtok: 1.5}
      google/gemini-3-pro-image: {also: [google/gemini-3-pro-image-20260528], input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 0.375, output_mtok: 12}
      google/gemini-3-pro-image-preview: {also: [google/gemini-3-pro-image-preview-20251120], input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 0.375, output_mtok: 12}
      google/gemini-3.1-flash-image: {also: [google/gemini-3.1-flash-image-20260528], input_mtok: 0.5, output_mtok: 3}
      google/gemini-3.1-flash-image-preview: {also: [google/gemini-3.1-flash-image-preview-20260226], input_mtok: 0.5, output_mtok: 3}
      google/gemini-3.1-flash-lite: {also: [google/gemini-3.1-flash-lite-preview, google/gemini-3.1-flash-lite-20260507], input_mtok: 0.25, cache_read_mtok: 0.025, cache_write_mtok: 0.08333333333333334, output_mtok: 1.5}
      google/gemini-3.1-flash-lite-image: {also: [google/gemini-3.1-flash-lite-image-20260630], input_mtok: 0.25, output_mtok: 1.5}
      "google/gemini-3.1-flash-lite:batch": {input_mtok: 0.125, cache_read_mtok: 0.0125, cache_write_mtok: 0.04166666666666665, output_mtok: 0.75}
      google/gemini-3.1-pro-preview:
        also: [google/gemini-3.1-pro-preview-customtools, google/gemini-3.1-pro-preview-20260219]
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 0.375, output_mtok: 12}
        - {from: 2026-10-19, input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.2, 200000: 0.4}, cache_write_mtok: 0.375, output_mtok: {0: 12, 200000: 18}}
      "google/gemini-3.1-pro-preview:batch": {input_mtok: {0: 1, 200000: 2}, cache_write_mtok: 0.1875, output_mtok: {0: 6, 200000: 9}}
      google/gemini-3.5-flash: {match: {or: [google/gemini-3.5-flash, {regex: "^google/gemini-3\\.5-flash-\\d{8}$"}, google/gemini-3.5-flash-20260519]}, input_mtok: 1.5, cache_read_mtok: 0.15, cache_write_mtok: 0.08333333333333334, output_mtok: 9}
      google/gemini-3.5-flash-lite: {also: [google/gemini-3.5-flash-lite-20260721], input_mtok: 0.3, cache_read_mtok: 0.03, cache_write_mtok: 0.0833333333333333, output_mtok: 2.5}
      "google/gemini-3.5-flash-lite:batch": {input_mtok: 0.15, cache_read_mtok: 0.015, cache_write_mtok: 0.04166666666666665, output_mtok: 1.25}
      "google/gemini-3.5-flash:batch": {input_mtok: 0.75, cache_read_mtok: 0.075, cache_write_mtok: 0.04166666666666665, output_mtok: 4.5}
      google/gemini-3.6-flash: {also: [google/gemini-3.6-flash-20260721], input_mtok: 0.75, cache_read_mtok: 0.075, cache_write_mtok: 0.0416666666666667, output_mtok: 3.75}
      "google/gemini-3.6-flash:batch": {input_mtok: 0.375, cache_read_mtok: 0.0375, cache_write_mtok: 0.0416666666666667, output_mtok: 1.875}
      google/gemini-3.7-flash: {also: [google/gemini-3.7-flash-20260813], input_mtok: 0.75, cache_read_mtok: 0.075, cache_write_mtok: 0.0416666666666667, output_mtok: 3.75}
      "google/gemini-3.7-flash:batch": {input_mtok: 0.375, cache_read_mtok: 0.0375, cache_write_mtok: 0.0416666666666667, output_mtok: 1.875}
      google/gemini-3.8-flash:
        match: {or: [google/gemini-3.8-flash, {regex: "^google/gemini-3\\.8-flash-\\d{8}$"}, google/gemini-3.8-flash-20260902]}
        prices:
        - {input_mtok: 0.75, cache_read_mtok: 0.075, cache_write_mtok: 0.041666666666666664, output_mtok: 3.75}
        - {from: 2026-10-19, input_mtok: 0.825, cache_read_mtok: 0.0825, cache_write_mtok: 0.041666666666666664, output_mtok: 4.125}
        - {from: 2026-11-03, input_mtok: 0.75, cache_read_mtok: 0.075, cache_write_mtok: 0.041666666666666664, output_mtok: 3.75}
      "google/gemini-3.8-flash:batch": {input_mtok: 0.375, cache_read_mtok: 0.0375, cache_write_mtok: 0.0416666666666667, output_mtok: 1.875}
      google/gemini-4-argon: {also: [google/gemini-4-argon-20261013], input_mtok: 2, cache_read_mtok: 0.1, cache_write_mtok: 0.1875, output_mtok: 10}
      "google/gemini-4-argon:batch": {input_mtok: 1, cache_read_mtok: 0.05, cache_write_mtok: 0.1875, output_mtok: 5}
      google/gemini-flash-1.5: {input_mtok: 0.075, output_mtok: 0.3}
      google/gemini-flash-1.5-8b: {input_mtok: 0.0375, output_mtok: 0.15}
      google/gemini-flash-1.5-8b-exp: {}
      google/gemini-nano-banana-2.1: {also: [google/gemini-nano-banana-2.1-20261006], input_mtok: 1.5, output_mtok: 7.5}
      google/gemini-omni-1.1-flash: {also: [google/gemini-omni-1.1-flash-20260911], input_mtok: 1.5, output_mtok: 9}
      google/gemini-omni-1.2-flash: {also: [google/gemini-omni-1.2-flash-20261105], input_mtok: 1.5, output_mtok: 9}
      google/gemini-pro: {also: [google/gemini-pro-vision], input_mtok: 0.5, output_mtok: 1.5}
      google/gemini-pro-1.5: {input_mtok: 1.25, output_mtok: 5}
      google/gemma-2-27b-it:
        prices:
        - {input_mtok: 0.8, output_mtok: 0.8}
        - {from: 2026-10-19, input_mtok: 0.65, output_mtok: 0.65}
      google/gemma-2-9b-it: {input_mtok: 0.07, output_mtok: 0.07}
      "google/gemma-2-9b-it:free": {}
      google/gemma-3-12b-it:
        prices:
        - {input_mtok: 0.05, output_mtok: 0.1}
        - {from: 2026-10-19, input_mtok: 0.05, output_mtok: 0.15}
      "google/gemma-3-12b-it:free": {}
      "google/gemma-3-1b-it:free": {}
      google/gemma-3-27b-it:
        prices:
        - {input_mtok: 0.1, output_mtok: 0.2}
        - {from: 2026-10-19, input_mtok: 0.08, cache_read_mtok: 0.04, output_mtok: 0.35}
      "google/gemma-3-27b-it:free": {}
      google/gemma-3-4b-it:
        prices:
        - {input_mtok: 0.02, output_mtok: 0.04}
        - {from: 2026-10-19, input_mtok: 0.05, output_mtok: 0.1}
        - {from: 2026-10-20, input_mtok: 0.04, cache_read_mtok: 0.02, output_mtok: 0.05}
      "google/gemma-3-4b-it:free": {}
      google/gemma-3n-e4b-it: {input_mtok: 0.06, output_mtok: 0.12}
      google/gemma-4-26b-a4b-it:
        also: [google/gemma-4-26b-a4b-it-20260403]
        prices:
        - {input_mtok: 0.06, output_mtok: 0.33}
        - {from: 2026-10-19, input_mtok: 0.09, cache_read_mtok: 0.05, output_mtok: 0.3}
        - {from: 2026-10-20, input_mtok: 0.0765, cache_read_mtok: 0.0425, output_mtok: 0.255}
        - {from: 2026-11-03, input_mtok: 0.15, cache_read_mtok: 0.0425, output_mtok: 0.6}
      "google/gemma-4-26b-a4b-it:free": {}
      google/gemma-4-31b-it:
        also: [google/gemma-4-31b-it-20260402]
        prices:
        - {input_mtok: 0.12, cache_read_mtok: 0.09, output_mtok: 0.36}
        - {from: 2026-08-27, input_mtok: 0.09, cache_read_mtok: 0.05, output_mtok: 0.34}
        - {from: 2026-10-19, input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.4}
        - {from: 2026-11-03, input_mtok: 0.15, cache_read_mtok: 0.06, output_mtok: 0.4}
      "google/gemma-4-31b-it:free": {}
      "google/learnlm-1.5-pro-experimental:free": {}
      google/lyria-3-clip-preview: {also: [google/lyria-3-clip-preview-20260330]}
      google/lyria-3-pro-preview: {also: [google/lyria-3-pro-preview-20260330]}
      google/palm-2-chat-bison: {also: [google/palm-2-chat-bison-32k], input_mtok: 1, output_mtok: 2}
      google/palm-2-codechat-bison: {also: [google/palm-2-codechat-bison-32k], input_mtok: 1, output_mtok: 2}
      gpt-3.5-turbo-1106: {input_mtok: 1, output_mtok: 2}
      gpt-4-1106-preview: {input_mtok: 10, output_mtok: 30}
      gpt-4.5-preview: {input_mtok: 75, cache_read_mtok: 37.5, output_mtok: 150}
      "gpt-4o:extended": {input_mtok: 6, output_mtok: 18}
      grok-2-1212: {input_mtok: 2, output_mtok: 10}
      grok-2-vision-1212: {input_mtok: 2, output_mtok: 10}
      grok-3: {also: [grok-3-beta], input_mtok: 3, cache_read_mtok: 0.75, output_mtok: 15}
      grok-3-mini: {also: [grok-3-mini-beta], input_mtok: 0.3, cache_read_mtok: 0.075, output_mtok: 0.5}
      grok-beta: {input_mtok: 5, output_mtok: 15}
      grok-vision-beta: {input_mtok: 5, output_mtok: 15}
      gryphe/mythomax-l2-13b:
        prices:
        - {input_mtok: 0.065, output_mtok: 0.065}
        - {from: 2026-10-19, input_mtok: 0.08, output_mtok: 0.11}
      hermes-2-pro-llama-3-8b: {input_mtok: 0.025, output_mtok: 0.04}
      "huggingfaceh4/zephyr-7b-beta:free": {}
      ibm-granite/granite-4.0-h-micro: {input_mtok: 0.017, output_mtok: 0.112}
      ibm-granite/granite-4.1-8b: {input_mtok: 0.05, output_mtok: 0.1}
      ibm-granite/granite-4.2-8b:
        also: [ibm-granite/granite-4.2-8b-20260831]
        prices:
        - {input_mtok: 0.06, cache_read_mtok: 0.015, output_mtok: 0.25}
        - {from: 2026-11-03, input_mtok: 0.06, cache_read_mtok: 0.015, output_mtok: 0.15}
      inception/mercury-2: {also: [inception/mercury-2-20260304], input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 0.75}
      inception/mercury-2.5: {also: [inception/mercury-2.5-20260908], input_mtok: 0.04, cache_read_mtok: 0.004, output_mtok: 0.15}
      inception/mercury-3: {also: [inception/mercury-3-20261019], input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.35}
      inclusionai/ling-2.6-1t: {input_mtok: 0.075, cache_read_mtok: 0.015, output_mtok: 0.625}
      inclusionai/ling-2.6-flash: {input_mtok: 0.01, cache_read_mtok: 0.002, output_mtok: 0.03}
      inclusionai/ling-3.0-flash: {also: [inclusionai/ling-3.0-flash-20260723], input_mtok: 0.021, cache_read_mtok: 0.0042, output_mtok: 0.063}
      inclusionai/ling-3.0-flash-vl: {also: [inclusionai/ling-3.0-flash-vl-20260910], input_mtok: 0.06, cache_read_mtok: 0.012, output_mtok: 0.18}
      inclusionai/ling-3.0-tiny: {also: [inclusionai/ling-3.0-tiny-20260806], input_mtok: 0.015, cache_read_mtok: 0.003, output_mtok: 0.045}
      inclusionai/ling-3.1-flash:
        also: [inclusionai/ling-3.1-flash-20261002]
        prices:
        - {input_mtok: 0.075, cache_read_mtok: 0.015, output_mtok: 0.225}
        - {from: 2026-11-09, input_mtok: 0.045, cache_read_mtok: 0.009, output_mtok: 0.135}
      inclusionai/ring-2.6-1t: {input_mtok: 0.075, cache_read_mtok: 0.015, output_mtok: 0.625}
      inference-net/schematron-v2-small: {also: [inference-net/schematron-v2-small-20260902], input_mtok: 0.05, output_mtok: 0.23}
      inference-net/schematron-v2-turbo: {also: [inference-net/schematron-v2-turbo-20260902], input_mtok: 0.03, output_mtok: 0.15}
      infermatic/mn-inferor-12b: {input_mtok: 0.8, output_mtok: 1.2}
      inflection/inflection-3-pi: {input_mtok: 2.5, output_mtok: 10}
      inflection/inflection-3-productivity: {input_mtok: 2.5, output_mtok: 10}
      "internvl3-14b:free": {}
      "internvl3-2b:free": {}
      jamba-1.6-large: {input_mtok: 2, output_mtok: 8}
      jamba-1.6-mini: {input_mtok: 0.2, output_mtok: 0.4}
      jondurbin/airoboros-l2-70b: {input_mtok: 0.5, output_mtok: 0.5}
      "kimi-dev-72b:free": {}
      "kimi-vl-a3b-thinking:free": {}
      kwaipilot/kat-coder-pro-v2: {input_mtok: 0.3, cache_read_mtok: 0.06, output_mtok: 1.2}
      l3-euryale-70b: {input_mtok: 1.48, output_mtok: 1.48}
      latitudegames/wayfarer-large-70b-llama-3.3: {input_mtok: 0.8, output_mtok: 0.9}
      lfm-3b: {input_mtok: 0.02, output_mtok: 0.02}
      lfm-40b: {input_mtok: 0.15, output_mtok: 0.15}
      lfm-7b: {input_mtok: 0.01, output_mtok: 0.01}
      liquid/lfm-2-24b-a2b: {input_mtok: 0.03, output_mtok: 0.12}
      "liquid/lfm-2.5-1.2b-instruct:free": {}
      "liquid/lfm-2.5-1.2b-thinking:free": {}
      liquid/lfm-2.5-2.6b: {also: [liquid/lfm-2.5-2.6b-20260811], input_mtok: 0.35, cache_read_mtok: 0.04, output_mtok: 0.5}
      "liquid/lfm-2.5-2.6b:free": {}
      liquid/lfm-2.5-24b-a2b: {also: [liquid/lfm-2.5-24b-a2b-20261012], input_mtok: 0.05, cache_read_mtok: 0.025, output_mtok: 0.7}
      liquid/lfm-3-1.7b: {also: [liquid/lfm-3-1.7b-20261106], input_mtok: 0.08, cache_read_mtok: 0.02, output_mtok: 0.2}
      "liquid/lfm-3-1.7b:free": {}
      liquid/lfm-3b: {input_mtok: 0.02, output_mtok: 0.02}
      liquid/lfm-40b: {input_mtok: 0.15, output_mtok: 0.15}
      liquid/lfm-7b: {input_mtok: 0.01, output_mtok: 0.01}
      llama-3-lumimaid-70b: {input_mtok: 4, output_mtok: 6}
      llama-3-lumimaid-8b: {input_mtok: 0.2, output_mtok: 1.25}
      llama-3.1-405b: {input_mtok: 2, output_mtok: 2}
      llama-3.1-405b-instruct: {input_mtok: 0.8, output_mtok: 0.8}
      "llama-3.1-8b-instruct:free": {}
      llama-3.1-lumimaid-70b: {input_mtok: 2.5, output_mtok: 3}
      llama-3.1-lumimaid-8b: {input_mtok: 0.2, output_mtok: 1.25}
      llama-3.1-nemotron-70b-instruct: {input_mtok: 0.12, output_mtok: 0.3}
      llama-3.1-nemotron-ultra-253b-v1: {input_mtok: 0.6, output_mtok: 1.8}
      "llama-3.1-nemotron-ultra-253b-v1:free": {}
      llama-3.1-sonar-large-128k-online: {input_mtok: 1, output_mtok: 1}
      llama-3.1-sonar-small-128k-online: {input_mtok: 0.2, output_mtok: 0.2}
      "llama-3.2-11b-vision-instruct:free": {}
      "llama-3.2-1b-instruct:free": {}
      llama-3.2-90b-vision-instruct: {input_mtok: 1.2, output_mtok: 1.2}
      "llama-3.3-8b-instruct:free": {}
      llama-3.3-nemotron-super-49b-v1: {input_mtok: 0.13, output_mtok: 0.4}
      "llama-3.3-nemotron-super-49b-v1:free": {}
      "llama-4-maverick:free": {}
      "llama-4-scout:free": {}
      llama-guard-2-8b: {input_mtok: 0.2, output_mtok: 0.2}
      llama3.1-typhoon2-70b-instruct: {input_mtok: 0.88, output_mtok: 0.88}
      llemma_7b: {input_mtok: 0.8, output_mtok: 1.2}
      maestro-reasoning: {input_mtok: 0.9, output_mtok: 3.3}
      magistral-medium-2506: {also: ["magistral-medium-2506:thinking"], input_mtok: 2, output_mtok: 5}
      magistral-small-2506: {input_mtok: 0.5, output_mtok: 1.5}
      magnum-72b: {input_mtok: 4, output_mtok: 6}
      magnum-v2-72b: {input_mtok: 3, output_mtok: 3}
      "mai-ds-r1:free": {}
      mancer/weaver:
        prices:
        - {input_mtok: 1.125, output_mtok: 1.125}
        - {from: 2026-10-19, input_mtok: 0.4, output_mtok: 0.75}
      meituan/longcat-2.0: {also: [meituan/longcat-2.0-20260720], input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
      mercury-coder-small-beta: {input_mtok: 0.25, output_mtok: 1}
      meta-llama/llama-2-13b-chat: {input_mtok: 0.22, output_mtok: 0.22}
      meta-llama/llama-2-70b-chat: {input_mtok: 0.9, output_mtok: 0.9}
      meta-llama/llama-3-70b-instruct: {input_mtok: 0.3, output_mtok: 0.4}
      meta-llama/llama-3-8b-instruct: {input_mtok: 0.03, output_mtok: 0.06}
      meta-llama/llama-3.1-405b: {input_mtok: 2, output_mtok: 2}
      meta-llama/llama-3.1-405b-instruct: {input_mtok: 0.8, output_mtok: 0.8}
      "meta-llama/llama-3.1-405b:free": {}
      meta-llama/llama-3.1-70b-instruct:
        prices:
        - {input_mtok: 0.1, output_mtok: 0.28}
        - {from: 2026-10-19, input_mtok: 0.4, output_mtok: 0.4}
        - {from: 2026-11-03, input_mtok: 0.72, output_mtok: 0.72}
      meta-llama/llama-3.1-8b-instruct:
        prices:
        - {input_mtok: 0.02, output_mtok: 0.03}
        - {from: 2026-10-19, input_mtok: 0.05, cache_read_mtok: 0.025, output_mtok: 0.08}
      "meta-llama/llama-3.1-8b-instruct:free": {}
      meta-llama/llama-3.2-11b-vision-instruct: {input_mtok: 0.049, output_mtok: 0.049}
      "meta-llama/llama-3.2-11b-vision-instruct:free": {}
      meta-llama/llama-3.2-1b-instruct:
        prices:
        - {input_mtok: 0.005, output_mtok: 0.01}
        - {from: 2026-10-19, input_mtok: 0.027, output_mtok: 0.201}
      "meta-llama/llama-3.2-1b-instruct:free": {}
      meta-llama/llama-3.2-3b-instruct:
        prices:
        - {input_mtok: 0.01, output_mtok: 0.02}
        - {from: 2026-10-19, input_mtok: 0.0509, output_mtok: 0.335}
      "meta-llama/llama-3.2-3b-instruct:free": {}
      meta-llama/llama-3.2-90b-vision-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      meta-llama/llama-3.3-70b-instruct:
        prices:
        - {input_mtok: 0.05, output_mtok: 0.24}
        - {from: 2026-10-19, input_mtok: 0.1, output_mtok: 0.32}
        - {from: 2026-11-03, input_mtok: 0.45, output_mtok: 0.9}
        - {from: 2026-11-09, input_mtok: 0.59, cache_read_mtok: 0.295, output_mtok: 0.79}
      "meta-llama/llama-3.3-70b-instruct:free": {}
      meta-llama/llama-4-maverick:
        also: [meta-llama/llama-4-maverick-17b-128e-instruct]
        prices:
        - {input_mtok: 0.15, output_mtok: 0.6}
        - {from: 2026-10-19, input_mtok: 0.1875, cache_read_mtok: 0.05, output_mtok: 0.6525}
        - {from: 2026-11-03, input_mtok: 0.35, cache_read_mtok: 0.17, output_mtok: 1}
      "meta-llama/llama-4-maverick:free": {}
      meta-llama/llama-4-scout:
        also: [meta-llama/llama-4-scout-17b-16e-instruct]
        prices:
        - {input_mtok: 0.08, output_mtok: 0.3}
        - {from: 2026-10-19, input_mtok: 0.1, output_mtok: 0.3}
      "meta-llama/llama-4-scout:free": {}
      meta-llama/llama-guard-2-8b: {input_mtok: 0.2, output_mtok: 0.2}
      meta-llama/llama-guard-3-8b: {input_mtok: 0.02, output_mtok: 0.06}
      meta-llama/llama-guard-4-12b:
        prices:
        - {input_mtok: 0.05, output_mtok: 0.05}
        - {from: 2026-10-19, input_mtok: 0.18, output_mtok: 0.18}
      meta/muse-glimmer-30b: {also: [meta/muse-glimmer-30b-20260810], input_mtok: 0.3, cache_read_mtok: 0.04, output_mtok: 1.2}
      "meta/muse-glimmer-30b:batch": {input_mtok: 0.24, cache_read_mtok: 0.032, output_mtok: 0.96}
      meta/muse-spark-1.1: {also: [meta/muse-spark-1.1-20260709], input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 4.25, web_searches_kcount: 2.5}
      meta/muse-spark-1.2: {also: [meta/muse-spark-1.2-20260805], input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 4.25, web_searches_kcount: 2.5}
      meta/muse-spark-1.2-contributor: {also: [meta/muse-spark-1.2-contributor-20260805], input_mtok: 0.1, cache_read_mtok: 0.002, output_mtok: 0.2, web_searches_kcount: 2.5}
      meta/muse-spark-1.3: {also: [meta/muse-spark-1.3-20260902], input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 4.25, web_searches_kcount: 2.5}
      meta/muse-spark-1.3-contributor: {also: [meta/muse-spark-1.3-contributor-20260902], input_mtok: 0.1, cache_read_mtok: 0.002, output_mtok: 0.2, web_searches_kcount: 2.5}
      meta/muse-spark-open: {also: [meta/muse-spark-open-20261015], input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 4.25}
      meta/muse-wonder: {also: [meta/muse-wonder-20261012], input_mtok: 4, cache_read_mtok: 0.2, output_mtok: 20, web_searches_kcount: 2.5}
      microsoft/phi-3-medium-128k-instruct: {input_mtok: 1, output_mtok: 1}
      microsoft/phi-3-mini-128k-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      microsoft/phi-3.5-mini-128k-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      microsoft/phi-4: {input_mtok: 0.07, output_mtok: 0.14}
      microsoft/phi-4-mini-instruct: {input_mtok: 0.08, output_mtok: 0.35}
      microsoft/phi-4-multimodal-instruct: {input_mtok: 0.05, output_mtok: 0.1}
      microsoft/wizardlm-2-7b: {input_mtok: 0.07, output_mtok: 0.07}
      microsoft/wizardlm-2-8x22b:
        prices:
        - {input_mtok: 0.5, output_mtok: 0.5}
        - {from: 2026-10-19, input_mtok: 0.62, output_mtok: 0.62}
      midnight-rose-70b: {input_mtok: 0.8, output_mtok: 0.8}
      "minimax-m1:extended": {input_mtok: 0.55, output_mtok: 2.2}
      minimax/minimax-01: {input_mtok: 0.2, output_mtok: 1.1}
      minimax/minimax-m1:
        prices:
        - {input_mtok: 0.3, output_mtok: 1.65}
        - {from: 2026-10-19, input_mtok: 0.55, output_mtok: 2.2}
        - {from: 2026-11-03, input_mtok: 0.4, output_mtok: 2.2}
        - {from: 2026-11-09, input_mtok: 0.55, output_mtok: 2.2}
      minimax/minimax-m2:
        prices:
        - {input_mtok: 0.255, cache_read_mtok: 0.03, output_mtok: 1}
        - {from: 2026-10-19, input_mtok: 0.255, cache_read_mtok: 0.03, output_mtok: 1.02}
      minimax/minimax-m2-her: {also: [minimax/minimax-m2-her-20260123], input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 1.2}
      minimax/minimax-m2.1:
        prices:
        - {input_mtok: 0.29, cache_read_mtok: 0.03, output_mtok: 0.95}
        - {from: 2026-10-19, input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 1.2}
      minimax/minimax-m2.5:
        also: [minimax/minimax-m2.5-20260211]
        prices:
        - {input_mtok: 0.15, cache_read_mtok: 0.05, output_mtok: 0.9}
        - {from: 2026-10-19, input_mtok: 0.27, cache_read_mtok: 0.03, output_mtok: 0.95}
        - {from: 2026-11-03, input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 1.2}
        - {from: 2026-11-09, input_mtok: 0.295, cache_read_mtok: 0.06, output_mtok: 1.2}
      minimax/minimax-m2.7:
        also: [minimax/minimax-m2.7-20260318]
        prices:
        - {input_mtok: 0.27, cache_read_mtok: 0.054, output_mtok: 1.08}
        - {from: 2026-10-19, input_mtok: 0.3, cache_read_mtok: 0.06, output_mtok: 1.2}
        - {from: 2026-11-09, input_mtok: 0.27, cache_read_mtok: 0.054, output_mtok: 1.08}
      minimax/minimax-m3: {also: [minimax/minimax-m3-20260531], input_mtok: 0.3, cache_read_mtok: 0.06, output_mtok: 1.2}
      "minimax/minimax-m3.1-flash:free": {}
      "minimax/minimax-m3:batch": {input_mtok: 0.224, cache_read_mtok: 0.0448, output_mtok: 0.88}
      ministral-3b: {input_mtok: 0.04, output_mtok: 0.04}
      ministral-8b: {input_mtok: 0.1, output_mtok: 0.1}
      mistral-7b-instruct: {also: [mistral-7b-instruct-v0.3], input_mtok: 0.028, output_mtok: 0.054}
      mistral-7b-instruct-v0.1: {input_mtok: 0.11, output_mtok: 0.19}
      mistral-7b-instruct-v0.2: {input_mtok: 0.2, output_mtok: 0.2}
      "mistral-7b-instruct:free": {}
      mistral-medium: {input_mtok: 2.75, output_mtok: 8.1}
      "mistral-nemo:free": {}
      mistral-small: {input_mtok: 0.2, output_mtok: 0.6}
      "mistral-small-24b-instruct-2501:free": {}
      "mistral-small-3.1-24b-instruct:free": {}
      "mistral-small-3.2-24b-instruct:free": {}
      mistral-tiny: {input_mtok: 0.25, output_mtok: 0.25}
      mistral/ministral-8b: {input_mtok: 0.1, output_mtok: 0.1}
      mistralai/codestral-2501: {input_mtok: 0.3, output_mtok: 0.9}
      mistralai/codestral-2508: {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 0.9}
      "mistralai/codestral-2508:batch": {input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.45}
      mistralai/codestral-mamba: {input_mtok: 0.25, output_mtok: 0.25}
      mistralai/devstral-2512: {input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 2}
      mistralai/ministral-14b-2512: {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 0.2}
      mistralai/ministral-3b: {input_mtok: 0.04, output_mtok: 0.04}
      mistralai/ministral-3b-2512: {input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.1}
      mistralai/ministral-8b: {input_mtok: 0.1, output_mtok: 0.1}
      mistralai/ministral-8b-2512: {input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.15}
      "mistralai/ministral-8b-2512:batch": {input_mtok: 0.075, cache_read_mtok: 0.0075, output_mtok: 0.075}
      mistralai/mistral-7b-instruct: {also: [mistralai/mistral-7b-instruct-v0.3], input_mtok: 0.029, output_mtok: 0.059}
      mistralai/mistral-7b-instruct-v0.1: {input_mtok: 0.2, output_mtok: 0.2}
      mistralai/mistral-7b-instruct-v0.2: {input_mtok: 0.2, output_mtok: 0.2}
      "mistralai/mistral-7b-instruct:free": {}
      mistralai/mistral-large:
        also: [mistralai/mistral-large-2407, mistral-large-2411]
        prices:
        - {input_mtok: 2, output_mtok: 6}
        - {from: 2026-10-19, input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 6}
      mistralai/mistral-large-2512: {input_mtok: 0.5, cache_read_mtok: 0.05, output_mtok: 1.5}
      "mistralai/mistral-large-2512:batch": {input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 0.75}
      mistralai/mistral-large-4-0:
        also: [mistralai/mistral-large-4-0-20261006]
        prices:
        - {input_mtok: 0.68, cache_read_mtok: 0.07, output_mtok: 2.09}
        - {from: 2026-11-03, input_mtok: 0.7, cache_read_mtok: 0.07, output_mtok: 2.1}
      mistralai/mistral-medium: {input_mtok: 2.75, output_mtok: 8.1}
      mistralai/mistral-medium-3:
        prices:
        - {input_mtok: 0.4, output_mtok: 2}
        - {from: 2026-10-19, input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 2}
      mistralai/mistral-medium-3-5: {also: [mistralai/mistral-medium-3.5-20260430], input_mtok: 1.5, output_mtok: 7.5}
      "mistralai/mistral-medium-3-5:batch": {input_mtok: 0.75, output_mtok: 3.75}
      mistralai/mistral-medium-3.1: {input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 2}
      "mistralai/mistral-medium-3.1:batch": {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 1}
      mistralai/mistral-nemo:
        prices:
        - {input_mtok: 0.01, output_mtok: 0.019}
        - {from: 2026-10-19, input_mtok: 0.029, output_mtok: 0.03}
        - {from: 2026-11-03, input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.15}
      "mistralai/mistral-nemo:free": {}
      mistralai/mistral-saba:
        also: [mistralai/mistral-saba-2502]
        prices:
        - {input_mtok: 0.2, output_mtok: 0.6}
        - {from: 2026-10-19, input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 0.6}
      mistralai/mistral-small: {input_mtok: 0.2, output_mtok: 0.6}
      mistralai/mistral-small-24b-instruct-2501:
        prices:
        - {input_mtok: 0.05, output_mtok: 0.09}
        - {from: 2026-10-19, input_mtok: 0.05, output_mtok: 0.08}
      "mistralai/mistral-small-24b-instruct-2501:free": {}
      mistralai/mistral-small-2603: {input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.6}
      "mistralai/mistral-small-2603:batch": {input_mtok: 0.075, cache_read_mtok: 0.0075, output_mtok: 0.3}
      mistralai/mistral-small-3.1-24b-instruct:
        also: [mistralai/mistral-small-3.1-24b-instruct-2503]
        prices:
        - {input_mtok: 0.05, output_mtok: 0.15}
        - {from: 2026-10-19, input_mtok: 0.351, output_mtok: 0.555}
      "mistralai/mistral-small-3.1-24b-instruct:free": {}
      mistralai/mistral-small-3.2-24b-instruct:
        also: [mistralai/mistral-small-3.2-24b-instruct-2506]
        prices:
        - {input_mtok: 0.075, output_mtok: 0.2}
        - {from: 2026-10-19, input_mtok: 0.09375, output_mtok: 0.25}
        - {from: 2026-11-03, input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.3}
      mistralai/mistral-tiny: {input_mtok: 0.25, output_mtok: 0.25}
      mistralai/mixtral-8x22b-instruct:
        prices:
        - {input_mtok: 0.9, output_mtok: 0.9}
        - {from: 2026-10-19, input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 6}
      mistralai/mixtral-8x7b-instruct: {input_mtok: 0.24, output_mtok: 0.24}
      mistralai/pixtral-12b: {input_mtok: 0.1, output_mtok: 0.1}
      mistralai/pixtral-large-2411: {input_mtok: 2, output_mtok: 6}
      mistralai/voxtral-small-24b-2507: {input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.3}
      mixtral-8x7b-instruct: {input_mtok: 0.08, output_mtok: 0.24}
      mn-celeste-12b: {input_mtok: 0.8, output_mtok: 1.2}
      mn-inferor-12b: {input_mtok: 0.8, output_mtok: 1.2}
      mn-starcannon-12b: {input_mtok: 0.8, output_mtok: 1.2}
      moondream/moondream3-preview: {also: [moondream/moondream3-preview-20261013], input_mtok: 0.3, output_mtok: 2.5}
      moondream/moondream3.1-9b-a2b: {also: [moondream/moondream3.1-9b-a2b-20261013], input_mtok: 0.3, output_mtok: 2.5}
      moonshotai/kimi-k2: {input_mtok: 0.57, output_mtok: 2.3}
      moonshotai/kimi-k2-0905: {input_mtok: 0.6, output_mtok: 2.5}
      moonshotai/kimi-k2-thinking:
        also: [moonshotai/kimi-k2-thinking-20251106]
        prices:
        - {input_mtok: 0.6, output_mtok: 2.5}
        - {from: 2026-10-19, input_mtok: 0.6, cache_read_mtok: 0.15, output_mtok: 2.5}
      moonshotai/kimi-k2.5:
        also: [moonshotai/kimi-k2.5-0127]
        prices:
        - {input_mtok: 0.4, cache_read_mtok: 0.09, output_mtok: 1.9}
        - {from: 2026-10-19, input_mtok: 0.5, cache_read_mtok: 0.15, output_mtok: 2.5}
        - {from: 2026-11-03, input_mtok: 0.532, cache_read_mtok: 0.209, output_mtok: 3.325}
      moonshotai/kimi-k2.6:
        also: [moonshotai/kimi-k2.6-20260420]
        prices:
        - {input_mtok: 0.68, cache_read_mtok: 0.34, output_mtok: 3.41}
        - {from: 2026-10-19, input_mtok: 0.65, cache_read_mtok: 0.15, output_mtok: 3.41}
        - {from: 2026-11-03, input_mtok: 0.95, cache_read_mtok: 0.16, output_mtok: 4}
      "moonshotai/kimi-k2.6:free": {}
      moonshotai/kimi-k2.7-code:
        also: [moonshotai/kimi-k2.7-code-20260612]
        prices:
        - {input_mtok: 0.75, cache_read_mtok: 0.16, output_mtok: 3.5}
        - {from: 2026-10-19, input_mtok: 0.6712, cache_read_mtok: 0.18, output_mtok: 3.35}
        - {from: 2026-11-03, input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
      moonshotai/kimi-k3:
        also: [moonshotai/kimi-k3-20260715]
        prices:
        - {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
        - {from: 2026-10-19, input_mtok: 0.239, cache_read_mtok: 0.21, output_mtok: 11.936}
        - {from: 2026-11-03, input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      moonshotai/kimi-k3.1-pro: {also: [moonshotai/kimi-k3.1-pro-20261023], input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 10}
      "moonshotai/kimi-k3:batch":
        prices:
        - {input_mtok: 2.28, cache_read_mtok: 0.228, output_mtok: 11.4}
        - {from: 2026-11-09, input_mtok: 0.917, cache_read_mtok: 0.226, output_mtok: 6}
      "moonshotai/kimi-vl-a3b-thinking:free": {}
      "moonshotai/moonlight-16b-a3b-instruct:free": {}
      morph/morph-v3-fast: {input_mtok: 0.8, output_mtok: 1.2}
      "morph/morph-v3-fast:batch": {input_mtok: 0.4, output_mtok: 0.6}
      morph/morph-v3-large: {input_mtok: 0.9, output_mtok: 1.9}
      "morph/morph-v3-large:batch": {input_mtok: 0.45, output_mtok: 0.95}
      mythalion-13b: {input_mtok: 0.8, output_mtok: 1.2}
      neversleep/llama-3-lumimaid-70b: {input_mtok: 3.375, output_mtok: 4.5}
      neversleep/llama-3-lumimaid-8b: {also: ["neversleep/llama-3-lumimaid-8b:extended"], input_mtok: 0.09375, output_mtok: 0.75}
      neversleep/llama-3.1-lumimaid-70b: {input_mtok: 1.5, output_mtok: 2.25}
      neversleep/llama-3.1-lumimaid-8b: {input_mtok: 0.09375, output_mtok: 0.75}
      neversleep/noromaid-20b: {input_mtok: 0.75, output_mtok: 1.5}
      "nex-agi/nex-n2-pro:free": {}
      nex-agi/nex-n2.5-mini: {also: [nex-agi/nex-n2.5-mini-20260908], input_mtok: 0.025, cache_read_mtok: 0.0025, output_mtok: 0.1}
      nex-agi/nex-n2.5-pro: {also: [nex-agi/nex-n2.5-pro-20260907], input_mtok: 0.075, cache_read_mtok: 0.015, output_mtok: 0.25}
      noromaid-20b: {input_mtok: 1.25, output_mtok: 2}
      nothingiisreal/mn-celeste-12b: {input_mtok: 0.8, output_mtok: 1.2}
      nous-hermes-2-mixtral-8x7b-dpo: {input_mtok: 0.6, output_mtok: 0.6}
      "nousresearch/deephermes-3-llama-3-8b-preview:free": {}
      nousresearch/hermes-2-pro-llama-3-8b: {input_mtok: 0.025, output_mtok: 0.04}
      nousresearch/hermes-3-llama-3.1-405b:
        prices:
        - {input_mtok: 0.7, output_mtok: 0.8}
        - {from: 2026-10-19, input_mtok: 1, output_mtok: 1}
      "nousresearch/hermes-3-llama-3.1-405b:free": {}
      nousresearch/hermes-3-llama-3.1-70b:
        prices:
        - {input_mtok: 0.12, output_mtok: 0.3}
        - {from: 2026-10-19, input_mtok: 0.7, output_mtok: 0.7}
      nousresearch/hermes-4-405b:
        prices:
        - {input_mtok: 1, output_mtok: 3}
        - {from: 2026-11-03, input_mtok: 1, cache_read_mtok: 0.2, output_mtok: 3}
      nousresearch/hermes-4-70b: {input_mtok: 0.13, output_mtok: 0.4}
      nousresearch/nous-hermes-2-mixtral-8x7b-dpo: {input_mtok: 0.6, output_mtok: 0.6}
      nousresearch/nous-hermes-llama2-13b: {input_mtok: 0.18, output_mtok: 0.18}
      nvidia/llama-3.1-nemotron-70b-instruct: {input_mtok: 0.12, output_mtok: 0.3}
      "nvidia/llama-3.1-nemotron-70b-instruct:free": {}
      "nvidia/llama-3.1-nemotron-nano-8b-v1:free": {}
      "nvidia/llama-3.1-nemotron-ultra-253b-v1:free": {}
      nvidia/llama-3.3-nemotron-super-49b-v1.5: {input_mtok: 0.4, output_mtok: 0.4}
      "nvidia/llama-3.3-nemotron-super-49b-v1:free": {}
      nvidia/nemotron-3-nano-30b-a3b:
        prices:
        - {input_mtok: 0.05, output_mtok: 0.2}
        - {from: 2026-10-19, input_mtok: 0.06, output_mtok: 0.24}
        - {from: 2026-11-03, input_mtok: 0.06, cache_read_mtok: 0.012, output_mtok: 0.24}
      "nvidia/nemotron-3-nano-30b-a3b:free": {}
      "nvidia/nemotron-3-nano-omni-30b-a3b-reasoning:free": {}
      nvidia/nemotron-3-super-120b-a12b:
        also: [nvidia/nemotron-3-super-120b-a12b-20230311]
        prices:
        - {input_mtok: 0.09, output_mtok: 0.45}
        - {from: 2026-10-19, input_mtok: 0.08, output_mtok: 0.45}
        - {from: 2026-11-03, input_mtok: 0.085, output_mtok: 0.4}
        - {from: 2026-11-09, input_mtok: 0.08, output_mtok: 0.45}
      "nvidia/nemotron-3-super-120b-a12b:free": {}
      nvidia/nemotron-3-ultra-550b-a55b:
        also: [nvidia/nemotron-3-ultra-550b-a55b-20260604]
        prices:
        - {input_mtok: 0.5, cache_read_mtok: 0.15, output_mtok: 2.5}
        - {from: 2026-10-19, input_mtok: 0.6, cache_read_mtok: 0.12, output_mtok: 2.4}
      "nvidia/nemotron-3-ultra-550b-a55b:free": {}
      nvidia/nemotron-3.5-content-safety: {also: [nvidia/nemotron-3.5-content-safety-20260604], input_mtok: 0.2, output_mtok: 0.2}
      "nvidia/nemotron-3.5-content-safety:free": {}
      nvidia/nemotron-3.5-lightning:
        also: [nvidia/nemotron-3.5-lightning-20260807]
        prices:
        - {input_mtok: 0.07, cache_read_mtok: 0.04, output_mtok: 0.2}
        - {from: 2026-11-03, input_mtok: 0.05, cache_read_mtok: 0.01, output_mtok: 0.2}
      "nvidia/nemotron-3.5-lightning:free": {}
      nvidia/nemotron-3.5-super-vl:
        also: [nvidia/nemotron-3.5-super-vl-20261015]
        prices:
        - {input_mtok: 0.1, cache_read_mtok: 0.08, output_mtok: 0.4}
        - {from: 2026-10-20, input_mtok: 0.15, cache_read_mtok: 0.02, output_mtok: 0.5}
      "nvidia/nemotron-3.5-super-vl:free": {}
      "nvidia/nemotron-nano-12b-v2-vl:free": {}
      nvidia/nemotron-nano-9b-v2: {input_mtok: 0.04, output_mtok: 0.16}
      "nvidia/nemotron-nano-9b-v2:free": {}
      o1-mini: {also: [o1-mini-2024-09-12], input_mtok: 1.1, cache_read_mtok: 0.55, output_mtok: 4.4}
      "open-r1/olympiccoder-32b:free": {}
      "open-r1/olympiccoder-7b:free": {}
      openai/chatgpt-4o-latest: {input_mtok: 5, output_mtok: 15}
      openai/codex-mini: {input_mtok: 1.5, cache_read_mtok: 0.375, output_mtok: 6}
      openai/gpt-3.5-turbo: {also: [gpt-3.5-turbo-0125], input_mtok: 0.5, output_mtok: 1.5}
      openai/gpt-3.5-turbo-0613: {input_mtok: 1, output_mtok: 2}
      openai/gpt-3.5-turbo-1106: {input_mtok: 1, output_mtok: 2}
      openai/gpt-3.5-turbo-16k: {input_mtok: 3, output_mtok: 4}
      openai/gpt-3.5-turbo-instruct: {input_mtok: 1.5, output_mtok: 2}
      "openai/gpt-3.5-turbo:batch": {input_mtok: 0.25, output_mtok: 0.75}
      openai/gpt-4: {also: [gpt-4-0314], input_mtok: 30, output_mtok: 60}
      openai/gpt-4-1106-preview: {input_mtok: 10, output_mtok: 30}
      openai/gpt-4-32k: {also: [openai/gpt-4-32k-0314], input_mtok: 60, output_mtok: 120}
      openai/gpt-4-turbo: {also: [openai/gpt-4-turbo-preview], input_mtok: 10, output_mtok: 30}
      "openai/gpt-4-turbo:batch": {input_mtok: 5, output_mtok: 15}
      openai/gpt-4.1: {also: [openai/gpt-4.1-2025-04-14], input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 8}
      openai/gpt-4.1-mini: {also: [openai/gpt-4.1-mini-2025-04-14], input_mtok: 0.4, cache_read_mtok: 0.1, output_mtok: 1.6}
      "openai/gpt-4.1-mini:batch": {input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.8}
      openai/gpt-4.1-nano:
        also: [openai/gpt-4.1-nano-2025-04-14]
        prices:
        - {input_mtok: 0.1, cache_read_mtok: 0.025, output_mtok: 0.4}
        - {from: 2026-11-03, input_mtok: 0.1, cache_read_mtok: 0.03, output_mtok: 0.4}
      "openai/gpt-4.1-nano:batch": {input_mtok: 0.05, cache_read_mtok: 0.0125, output_mtok: 0.2}
      "openai/gpt-4.1:batch": {input_mtok: 1, cache_read_mtok: 0.25, output_mtok: 4}
      openai/gpt-4.5-preview: {input_mtok: 75, output_mtok: 150}
      openai/gpt-4o:
        also: [openai/gpt-4o-2024-08-06, openai/gpt-4o-2024-11-20, openai/gpt-4o-audio-preview]
        prices:
        - {input_mtok: 2.5, output_mtok: 10}
        - {from: 2026-10-19, input_mtok: 2.5, cache_read_mtok: 1.25, output_mtok: 10}
      openai/gpt-4o-2024-05-13: {input_mtok: 5, output_mtok: 15}
      openai/gpt-4o-mini: {also: [openai/gpt-4o-mini-2024-07-18], input_mtok: 0.15, cache_read_mtok: 0.075, output_mtok: 0.6}
      openai/gpt-4o-mini-search-preview: {input_mtok: 0.15, output_mtok: 0.6}
      "openai/gpt-4o-mini:batch": {input_mtok: 0.075, cache_read_mtok: 0.0375, output_mtok: 0.3}
      openai/gpt-4o-search-preview: {input_mtok: 2.5, output_mtok: 10}
      "openai/gpt-4o:batch": {input_mtok: 1.25, cache_read_mtok: 0.625, output_mtok: 5}
      "openai/gpt-4o:extended": {input_mtok: 6, output_mtok: 18}
      openai/gpt-5: {also: [openai/gpt-5-2025-08-07, openai/gpt-5-chat, openai/gpt-5-codex, openai/gpt-5.1-codex-max], input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10}
      openai/gpt-5-image: {input_mtok: 10, cache_read_mtok: 1.25, output_mtok: 10}
      openai/gpt-5-image-mini: {input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 2}
      openai/gpt-5-mini: {also: [openai/gpt-5-mini-2025-08-07], input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 2}
      "openai/gpt-5-mini:batch": {input_mtok: 0.125, cache_read_mtok: 0.0125, output_mtok: 1}
      openai/gpt-5-nano:
        also: [openai/gpt-5-nano-2025-08-07]
        prices:
        - {input_mtok: 0.05, cache_read_mtok: 0.01, output_mtok: 0.4}
        - {from: 2026-10-19, input_mtok: 0.05, cache_read_mtok: 0.005, output_mtok: 0.4}
      "openai/gpt-5-nano:batch": {input_mtok: 0.025, cache_read_mtok: 0.0025, output_mtok: 0.2}
      openai/gpt-5-pro: {also: [openai/gpt-5-pro-2025-10-06], input_mtok: 15, output_mtok: 120}
      "openai/gpt-5-pro:batch": {input_mtok: 7.5, output_mtok: 60}
      openai/gpt-5.1:
        also: [openai/gpt-5.1-chat, openai/gpt-5.1-codex, openai/gpt-5.1-20251113]
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.13, output_mtok: 10}
        - {from: 2026-10-19, input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10}
      openai/gpt-5.1-codex-mini:
        also: [openai/gpt-5.1-codex-mini-20251113]
        prices:
        - {input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 2}
        - {from: 2026-10-19, input_mtok: 0.25, cache_read_mtok: 0.03, output_mtok: 2}
      "openai/gpt-5.1:batch": {input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
      openai/gpt-5.2: {also: [openai/gpt-5.2-20251211, openai/gpt-5.2-chat, openai/gpt-5.2-codex], input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14}
      openai/gpt-5.2-pro: {also: [openai/gpt-5.2-pro-20251211], input_mtok: 21, output_mtok: 168}
      "openai/gpt-5.2-pro:batch": {input_mtok: 10.5, output_mtok: 84}
      "openai/gpt-5.2:batch": {input_mtok: 0.875, cache_read_mtok: 0.0875, output_mtok: 7}
      openai/gpt-5.3-chat: {input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14}
      openai/gpt-5.3-codex: {also: [openai/gpt-5.3-codex-20260224], input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14}
      openai/gpt-5.4: {also: [openai/gpt-5.4-20260305], input_mtok: {0: 2.5, 272000: 5}, cache_read_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 15, 272000: 22.5}}
      openai/gpt-5.4-image-2: {also: [openai/gpt-5.4-image-2-20260421], input_mtok: 8, cache_read_mtok: 2, output_mtok: 15}
      openai/gpt-5.4-mini: {also: [openai/gpt-5.4-mini-20260317], input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 4.5}
      "openai/gpt-5.4-mini:batch": {input_mtok: 0.375, cache_read_mtok: 0.0375, output_mtok: 2.25}
      openai/gpt-5.4-nano: {also: [openai/gpt-5.4-nano-20260317], input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 1.25}
      "openai/gpt-5.4-nano:batch": {input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.625}
      openai/gpt-5.4-pro: {also: [openai/gpt-5.4-pro-20260305], input_mtok: {0: 30, 272000: 60}, output_mtok: {0: 180, 272000: 270}}
      "openai/gpt-5.4-pro:batch": {input_mtok: {0: 15, 272000: 30}, output_mtok: {0: 90, 272000: 135}}
      "openai/gpt-5.4:batch": {input_mtok: {0: 1.25, 272000: 2.5}, cache_read_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 7.5, 272000: 11.25}}
      openai/gpt-5.5: {also: [openai/gpt-5.5-20260423], input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 30, 272000: 45}}
      openai/gpt-5.5-pro: {also: [openai/gpt-5.5-pro-20260423], input_mtok: {0: 30, 272000: 60}, output_mtok: {0: 180, 272000: 270}}
      "openai/gpt-5.5-pro:batch": {input_mtok: {0: 15, 272000: 30}, output_mtok: {0: 90, 272000: 135}}
      "openai/gpt-5.5:batch": {input_mtok: {0: 2.5, 272000: 5}, cache_read_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 15, 272000: 22.5}}
      openai/gpt-5.6-luna: {match: {or: [openai/gpt-5.6-luna, {regex: "^openai/gpt-5\\.6-luna-\\d{8}$"}, openai/gpt-5.6-luna-20260709]}, input_mtok: {0: 0.2, 272000: 0.4}, cache_read_mtok: {0: 0.02, 272000: 0.04}, cache_write_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 1.2, 272000: 1.8}}
      openai/gpt-5.6-luna-pro: {also: [openai/gpt-5.6-luna-pro-20260709], input_mtok: {0: 0.2, 272000: 0.4}, cache_read_mtok: {0: 0.02, 272000: 0.04}, cache_write_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 1.2, 272000: 1.8}}
      "openai/gpt-5.6-luna-pro:batch": {input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.6, 272000: 0.9}}
      "openai/gpt-5.6-luna:batch": {input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.6, 272000: 0.9}}
      openai/gpt-5.6-sol:
        match: {or: [openai/gpt-5.6-sol, {regex: "^openai/gpt-5\\.6-sol-\\d{8}$"}, openai/gpt-5.6-sol-20260709]}
        prices:
        - {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
        - {from: 2026-10-19, input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}}
      openai/gpt-5.6-sol-pro: {also: [openai/gpt-5.6-sol-pro-20260709], input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, cache_write_mtok: {0: 5, 272000: 10}, output_mtok: {0: 20, 272000: 30}}
      "openai/gpt-5.6-sol-pro:batch": {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
      "openai/gpt-5.6-sol:batch": {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
      openai/gpt-5.6-terra: {match: {or: [openai/gpt-5.6-terra, {regex: "^openai/gpt-5\\.6-terra-\\d{8}$"}, openai/gpt-5.6-terra-20260709]}, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 12, 272000: 18}}
      openai/gpt-5.6-terra-pro: {also: [openai/gpt-5.6-terra-pro-20260709], input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 12, 272000: 18}}
      "openai/gpt-5.6-terra-pro:batch": {input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 6, 272000: 9}}
      "openai/gpt-5.6-terra:batch": {input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 6, 272000: 9}}
      "openai/gpt-5:batch": {input_mtok: 0.625, cache_read_mtok: 0.0625, output_mtok: 5}
      openai/gpt-6-astra: {also: [openai/gpt-6-astra-20260903, openai/gpt-6-astra-pro, openai/gpt-6-astra-pro-20260903], input_mtok: {0: 10, 272000: 20}, cache_read_mtok: {0: 1, 272000: 2}, cache_write_mtok: {0: 12.5, 272000: 25}, output_mtok: {0: 50, 272000: 75}}
      "openai/gpt-6-astra-pro:batch": {input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, cache_write_mtok: {0: 6.25, 272000: 12.5}, output_mtok: {0: 25, 272000: 37.5}}
      "openai/gpt-6-astra:batch": {input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, cache_write_mtok: {0: 6.25, 272000: 12.5}, output_mtok: {0: 25, 272000: 37.5}}
      openai/gpt-6-luna: {match: {or: [openai/gpt-6-luna, openai/gpt-6-luna-pro, {regex: "^openai/gpt-6-luna-\\d{8}$"}, openai/gpt-6-luna-20260922]}, input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.5, 272000: 0.75}, web_searches_kcount: 10}
      "openai/gpt-6-luna:batch": {also: ["openai/gpt-6-luna-pro:batch"], input_mtok: {0: 0.05, 272000: 0.1}, cache_read_mtok: {0: 0.005, 272000: 0.01}, cache_write_mtok: {0: 0.0625, 272000: 0.125}, output_mtok: {0: 0.25, 272000: 0.375}, web_searches_kcount: 10}
      openai/gpt-6-sol: {match: {or: [openai/gpt-6-sol, openai/gpt-6-sol-pro, {regex: "^openai/gpt-6-sol-\\d{8}$"}, openai/gpt-6-sol-20260922]}, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}, web_searches_kcount: 10}
      "openai/gpt-6-sol:batch": {also: ["openai/gpt-6-sol-pro:batch"], input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}, web_searches_kcount: 10}
      openai/gpt-6.1-sol: {match: {or: [openai/gpt-6.1-sol, openai/gpt-6.1-sol-pro, {regex: "^openai/gpt-6\\.1-sol-\\d{8}$"}, {regex: "^openai/gpt-6\\.1-sol-pro-\\d{8}$"}, openai/gpt-6.1-sol-20260929]}, input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}, web_searches_kcount: 10}
      "openai/gpt-6.1-sol:batch": {also: ["openai/gpt-6.1-sol-pro:batch"], input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.05, 272000: 0.1}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}, web_searches_kcount: 10}
      openai/gpt-6.1-terra: {also: [openai/gpt-6.1-terra-20261026, openai/gpt-6.1-terra-pro, openai/gpt-6.1-terra-pro-20261026], input_mtok: {0: 1, 272000: 2}, cache_read_mtok: {0: 0.05, 272000: 0.1}, cache_write_mtok: {0: 1.25, 272000: 2.5}, output_mtok: {0: 5, 272000: 7.5}}
      "openai/gpt-6.1-terra-pro:batch": {input_mtok: {0: 0.5, 272000: 1}, cache_read_mtok: {0: 0.025, 272000: 0.05}, cache_write_mtok: {0: 0.625, 272000: 1.25}, output_mtok: {0: 2.5, 272000: 3.75}}
      "openai/gpt-6.1-terra:batch": {input_mtok: {0: 0.5, 272000: 1}, cache_read_mtok: {0: 0.025, 272000: 0.05}, cache_write_mtok: {0: 0.625, 272000: 1.25}, output_mtok: {0: 2.5, 272000: 3.75}}
      openai/gpt-audio: {input_mtok: 2.5, output_mtok: 10}
      openai/gpt-audio-mini: {input_mtok: 0.6, output_mtok: 2.4}
      openai/gpt-chat-latest: {also: [openai/gpt-chat-latest-20260505], input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 30}
      openai/gpt-oss-120b:
        prices:
        - {input_mtok: 0.039, output_mtok: 0.18}
        - {from: 2026-10-19, input_mtok: 0.15, cache_read_mtok: 0.075, output_mtok: 0.6}
        - {from: 2026-11-03, input_mtok: 0.1, output_mtok: 0.5}
      "openai/gpt-oss-120b:batch": {input_mtok: 0.0296, output_mtok: 0.136}
      "openai/gpt-oss-120b:free": {}
      openai/gpt-oss-20b:
        prices:
        - {input_mtok: 0.029, output_mtok: 0.14}
        - {from: 2026-10-19, input_mtok: 0.018, cache_read_mtok: 0.009, output_mtok: 0.09}
        - {from: 2026-11-03, input_mtok: 0.03, cache_read_mtok: 0.009, output_mtok: 0.14}
      "openai/gpt-oss-20b:batch": {input_mtok: 0.024, output_mtok: 0.112}
      "openai/gpt-oss-20b:free": {}
      openai/gpt-oss-safeguard-20b:
        prices:
        - {input_mtok: 0.075, cache_read_mtok: 0.037, output_mtok: 0.3}
        - {from: 2026-10-19, input_mtok: 0.075, cache_read_mtok: 0.0375, output_mtok: 0.3}
      openai/o1: {also: [o1-preview, o1-preview-2024-09-12, openai/o1-2024-12-17], input_mtok: 15, cache_read_mtok: 7.5, output_mtok: 60}
      openai/o1-mini: {also: [openai/o1-mini-2024-09-12], input_mtok: 1.1, output_mtok: 4.4}
      openai/o1-pro: {input_mtok: 150, output_mtok: 600}
      openai/o3: {also: [openai/o3-2025-04-16], input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 8}
      openai/o3-deep-research: {input_mtok: 10, cache_read_mtok: 2.5, output_mtok: 40}
      openai/o3-mini: {also: [openai/o3-mini-high, openai/o3-mini-2025-01-31], input_mtok: 1.1, cache_read_mtok: 0.55, output_mtok: 4.4}
      "openai/o3-mini:batch": {input_mtok: 0.55, cache_read_mtok: 0.275, output_mtok: 2.2}
      openai/o3-pro: {also: [openai/o3-pro-2025-06-10], input_mtok: 20, output_mtok: 80}
      "openai/o3:batch": {input_mtok: 1, cache_read_mtok: 0.25, output_mtok: 4}
      openai/o4-mini: {also: [openai/o4-mini-high, openai/o4-mini-2025-04-16], input_mtok: 1.1, cache_read_mtok: 0.275, output_mtok: 4.4}
      openai/o4-mini-deep-research: {input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 8}
      "openai/o4-mini:batch": {input_mtok: 0.55, cache_read_mtok: 0.1375, output_mtok: 2.2}
      openchat/openchat-7b: {input_mtok: 0.07, output_mtok: 0.07}
      openhands-lm-32b-v0.1: {input_mtok: 2.6, output_mtok: 3.4}
      particle-ai/particle-1: {also: [particle-ai/particle-1-20261027], input_mtok: 0.05, cache_read_mtok: 0.003, output_mtok: 0.5}
      perceptron/perceptron-mk1: {also: [perceptron/perceptron-mk1-20260512], input_mtok: 0.15, output_mtok: 1.5}
      perceptron/perceptron-mk1.5: {also: [perceptron/perceptron-mk1.5-20260925], input_mtok: 0.15, output_mtok: 1.5}
      perplexity/llama-3.1-sonar-large-128k-online: {input_mtok: 1, output_mtok: 1}
      perplexity/llama-3.1-sonar-small-128k-online: {input_mtok: 0.2, output_mtok: 0.2}
      perplexity/pplx-decider-v1-27b: {input_mtok: 0.04}
      perplexity/pplx-decider-v1.1-27b: {input_mtok: 0.02}
      perplexity/r1-1776: {input_mtok: 2, output_mtok: 8}
      perplexity/sonar: {input_mtok: 1, output_mtok: 1}
      perplexity/sonar-deep-research: {input_mtok: 2, output_mtok: 8, output_reasoning_mtok: 3}
      perplexity/sonar-pro: {input_mtok: 3, output_mtok: 15}
      perplexity/sonar-pro-search: {input_mtok: 3, output_mtok: 15}
      perplexity/sonar-reasoning: {input_mtok: 1, output_mtok: 5}
      perplexity/sonar-reasoning-pro: {input_mtok: 2, output_mtok: 8}
      phi-3-medium-128k-instruct: {input_mtok: 1, output_mtok: 1}
      phi-3-mini-128k-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      phi-3.5-mini-128k-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      phi-4-multimodal-instruct: {input_mtok: 0.05, output_mtok: 0.1}
      phi-4-reasoning-plus: {input_mtok: 0.07, output_mtok: 0.35}
      "phi-4-reasoning-plus:free": {}
      "phi-4-reasoning:free": {}
      pixtral-12b: {input_mtok: 0.1, output_mtok: 0.1}
      pixtral-large-2411: {input_mtok: 2, output_mtok: 6}
      "poolside/laguna-m.1:free": {}
      poolside/laguna-s-2.1: {also: [poolside/laguna-s-2.1-20260720], input_mtok: 0.09, cache_read_mtok: 0.009, output_mtok: 0.18}
      "poolside/laguna-s-2.1:free": {}
      poolside/laguna-xs-2.1: {also: [poolside/laguna-xs-2.1-20260625], input_mtok: 0.06, cache_read_mtok: 0.03, output_mtok: 0.12}
      "poolside/laguna-xs-2.1:free": {}
      "poolside/laguna-xs.2:free": {}
      prime-intellect/intellect-3: {input_mtok: 0.2, output_mtok: 1.1}
      prism-ml/ternary-bonsai-2-27b: {also: [prism-ml/ternary-bonsai-2-27b-20260918], input_mtok: 0.075, cache_read_mtok: 0.0375, output_mtok: 0.5}
      prism-ml/ternary-bonsai-2-9b: {also: [prism-ml/ternary-bonsai-2-9b-20261015], input_mtok: 0.08, cache_read_mtok: 0.04, output_mtok: 0.13}
      pygmalionai/mythalion-13b: {input_mtok: 0.5625, output_mtok: 1.125}
      qwen-2-72b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      "qwen-2.5-72b-instruct:free": {}
      "qwen-2.5-coder-32b-instruct:free": {}
      qwen-2.5-vl-7b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      qwen-max: {input_mtok: 1.6, cache_read_mtok: 0.64, output_mtok: 6.4}
      qwen-turbo: {input_mtok: 0.05, cache_read_mtok: 0.02, output_mtok: 0.2}
      qwen-vl-max: {input_mtok: 0.8, output_mtok: 3.2}
      qwen-vl-plus: {input_mtok: 0.21, output_mtok: 0.63}
      qwen/qwen-2-72b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      qwen/qwen-2.5-72b-instruct:
        prices:
        - {input_mtok: 0.12, output_mtok: 0.39}
        - {from: 2026-10-19, input_mtok: 0.36, output_mtok: 0.4}
      "qwen/qwen-2.5-72b-instruct:free": {}
      qwen/qwen-2.5-7b-instruct:
        prices:
        - {input_mtok: 0.04, output_mtok: 0.1}
        - {from: 2026-10-19, input_mtok: 0.1, output_mtok: 0.2}
      "qwen/qwen-2.5-7b-instruct:free": {}
      qwen/qwen-2.5-coder-32b-instruct:
        prices:
        - {input_mtok: 0.06, output_mtok: 0.15}
        - {from: 2026-10-19, input_mtok: 0.66, output_mtok: 1}
      "qwen/qwen-2.5-coder-32b-instruct:free": {}
      qwen/qwen-2.5-vl-72b-instruct: {input_mtok: 0.6, output_mtok: 0.6}
      qwen/qwen-2.5-vl-7b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      "qwen/qwen-2.5-vl-7b-instruct:free": {}
      qwen/qwen-max: {input_mtok: 1.6, output_mtok: 6.4}
      qwen/qwen-plus:
        also: [qwen/qwen-plus-2025-01-25]
        prices:
        - {input_mtok: 0.4, cache_read_mtok: 0.16, output_mtok: 1.2}
        - {from: 2026-10-19, input_mtok: {0: 0.26, 256000: 0.78}, cache_read_mtok: {0: 0.052, 256000: 0.156}, cache_write_mtok: {0: 0.325, 256000: 0.975}, output_mtok: {0: 0.78, 256000: 2.34}}
      qwen/qwen-plus-2025-07-28: {input_mtok: 0.26, output_mtok: 0.78}
      "qwen/qwen-plus-2025-07-28:thinking": {input_mtok: 0.26, cache_write_mtok: 0.325, output_mtok: 0.78}
      qwen/qwen-turbo: {input_mtok: 0.05, output_mtok: 0.2}
      qwen/qwen-vl-max: {input_mtok: 0.8, output_mtok: 3.2}
      qwen/qwen-vl-plus: {input_mtok: 0.21, output_mtok: 0.63}
      qwen/qwen2.5-coder-7b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      qwen/qwen2.5-vl-32b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      "qwen/qwen2.5-vl-32b-instruct:free": {}
      "qwen/qwen2.5-vl-3b-instruct:free": {}
      qwen/qwen2.5-vl-72b-instruct:
        prices:
        - {input_mtok: 0.7, output_mtok: 0.7}
        - {from: 2026-10-19, input_mtok: 0.8, cache_read_mtok: 0.4, output_mtok: 1}
      "qwen/qwen2.5-vl-72b-instruct:free": {}
      qwen/qwen3-14b:
        also: [qwen/qwen3-14b-04-28]
        prices:
        - {input_mtok: 0.06, output_mtok: 0.24}
        - {from: 2026-10-19, input_mtok: 0.12, output_mtok: 0.24}
        - {from: 2026-11-03, input_mtok: 0.1, output_mtok: 0.22}
      qwen/qwen3-235b-a22b: {input_mtok: 0.13, output_mtok: 0.6}
      qwen/qwen3-235b-a22b-2507:
        also: [qwen/qwen3-235b-a22b-07-25]
        prices:
        - {input_mtok: 0.09, output_mtok: 0.1}
        - {from: 2026-10-19, input_mtok: 0.09, output_mtok: 0.55}
      qwen/qwen3-235b-a22b-thinking-2507:
        prices:
        - {input_mtok: 0.1, output_mtok: 0.1}
        - {from: 2026-10-19, input_mtok: 0.45, output_mtok: 3.5}
      qwen/qwen3-30b-a3b:
        also: [qwen/qwen3-30b-a3b-04-28]
        prices:
        - {input_mtok: 0.08, output_mtok: 0.29}
        - {from: 2026-10-19, input_mtok: 0.12, output_mtok: 0.5}
      qwen/qwen3-30b-a3b-instruct-2507:
        prices:
        - {input_mtok: 0.04815, output_mtok: 0.19305}
        - {from: 2026-10-19, input_mtok: 0.09, output_mtok: 0.3}
      qwen/qwen3-30b-a3b-thinking-2507: {input_mtok: 0.08, output_mtok: 0.4}
      qwen/qwen3-32b:
        also: [qwen/qwen3-32b-04-28]
        prices:
        - {input_mtok: 0.1, output_mtok: 0.3}
        - {from: 2026-10-19, input_mtok: 0.08, output_mtok: 0.28}
        - {from: 2026-11-03, input_mtok: 0.14, cache_read_mtok: 0.09, output_mtok: 0.4}
      qwen/qwen3-8b: {input_mtok: 0.035, output_mtok: 0.138}
      qwen/qwen3-coder:
        also: [qwen/qwen3-coder-480b-a35b-07-25]
        prices:
        - {input_mtok: 0.22, output_mtok: 1.8}
        - {from: 2026-10-19, input_mtok: 0.3, cache_read_mtok: 0.1, output_mtok: 1}
      qwen/qwen3-coder-30b-a3b-instruct:
        prices:
        - {input_mtok: 0.07, output_mtok: 0.27}
        - {from: 2026-10-19, input_mtok: 0.07, output_mtok: 0.28}
      qwen/qwen3-coder-flash:
        prices:
        - {input_mtok: 0.195, cache_read_mtok: 0.039, cache_write_mtok: 0.24375, output_mtok: 0.975}
        - {from: 2026-10-19, input_mtok: {0: 0.195, 32000: 0.325, 128000: 0.52}, cache_read_mtok: {0: 0.039, 32000: 0.065, 128000: 0.104}, cache_write_mtok: {0: 0.24375, 32000: 0.40625, 128000: 0.65}, output_mtok: {0: 0.975, 32000: 1.625, 128000: 2.6}}
      qwen/qwen3-coder-next:
        also: [qwen/qwen3-coder-next-2025-02-03]
        prices:
        - {input_mtok: 0.11, cache_read_mtok: 0.07, output_mtok: 0.8}
        - {from: 2026-10-19, input_mtok: 0.12, cache_read_mtok: 0.07, output_mtok: 0.8}
      qwen/qwen3-coder-plus: {input_mtok: 0.65, cache_read_mtok: 0.13, cache_write_mtok: 0.8125, output_mtok: 3.25}
      "qwen/qwen3-coder:free": {}
      qwen/qwen3-max: {input_mtok: 1.2, output_mtok: 6}
      qwen/qwen3-max-thinking: {also: [qwen/qwen3-max-thinking-20260123], input_mtok: 0.78, output_mtok: 3.9}
      qwen/qwen3-next-80b-a3b-instruct: {also: [qwen/qwen3-next-80b-a3b-instruct-2509], input_mtok: 0.09, output_mtok: 1.1}
      "qwen/qwen3-next-80b-a3b-instruct:free": {}
      qwen/qwen3-next-80b-a3b-thinking:
        also: [qwen/qwen3-next-80b-a3b-thinking-2509]
        prices:
        - {input_mtok: 0.0975, output_mtok: 0.78}
        - {from: 2026-10-19, input_mtok: 0.15, output_mtok: 1.2}
      qwen/qwen3-vl-235b-a22b-instruct:
        prices:
        - {input_mtok: 0.2, cache_read_mtok: 0.11, output_mtok: 0.88}
        - {from: 2026-10-19, input_mtok: 0.21, cache_read_mtok: 0.1, output_mtok: 1.9}
      qwen/qwen3-vl-235b-a22b-thinking: {input_mtok: 0.26, output_mtok: 2.6}
      qwen/qwen3-vl-30b-a3b-instruct:
        prices:
        - {input_mtok: 0.13, output_mtok: 0.52}
        - {from: 2026-10-19, input_mtok: 0.15, output_mtok: 0.6}
        - {from: 2026-11-03, input_mtok: 0.2, output_mtok: 0.7}
      qwen/qwen3-vl-30b-a3b-thinking:
        prices:
        - {input_mtok: 0.13, output_mtok: 1.56}
        - {from: 2026-10-19, input_mtok: 0.29, output_mtok: 1}
      qwen/qwen3-vl-32b-instruct: {input_mtok: 0.104, output_mtok: 0.416}
      qwen/qwen3-vl-8b-instruct:
        prices:
        - {input_mtok: 0.08, output_mtok: 0.5}
        - {from: 2026-10-19, input_mtok: 0.25, cache_read_mtok: 0.12, output_mtok: 0.75}
      qwen/qwen3-vl-8b-thinking: {input_mtok: 0.117, output_mtok: 1.365}
      qwen/qwen3.5-122b-a10b: {also: [qwen/qwen3.5-122b-a10b-20260224], input_mtok: 0.26, output_mtok: 2.08}
      qwen/qwen3.5-27b:
        also: [qwen/qwen3.5-27b-20260224]
        prices:
        - {input_mtok: 0.195, output_mtok: 1.56}
        - {from: 2026-10-19, input_mtok: 0.27, output_mtok: 2.16}
        - {from: 2026-11-03, input_mtok: 0.195, output_mtok: 1.56}
      qwen/qwen3.5-35b-a3b:
        also: [qwen/qwen3.5-35b-a3b-20260224]
        prices:
        - {input_mtok: 0.14, cache_read_mtok: 0.05, output_mtok: 1}
        - {from: 2026-10-19, input_mtok: 0.15, cache_read_mtok: 0.05, output_mtok: 1}
        - {from: 2026-11-03, input_mtok: 0.1625, cache_read_mtok: 0.05, output_mtok: 1.3}
      qwen/qwen3.5-397b-a17b:
        also: [qwen/qwen3.5-397b-a17b-20260216]
        prices:
        - {input_mtok: 0.39, output_mtok: 2.34}
        - {from: 2026-10-19, input_mtok: 0.5, cache_read_mtok: 0.3, output_mtok: 3.6}
        - {from: 2026-10-20, input_mtok: 0.39, cache_read_mtok: 0.3, output_mtok: 2.34}
      qwen/qwen3.5-9b: {also: [qwen/qwen3.5-9b-20260310], input_mtok: 0.1, output_mtok: 0.15}
      qwen/qwen3.5-flash-02-23: {also: [qwen/qwen3.5-flash-20260224], input_mtok: 0.065, output_mtok: 0.26}
      qwen/qwen3.5-plus-02-15:
        also: [qwen/qwen3.5-plus-20260216]
        prices:
        - {input_mtok: 0.4, output_mtok: 2.4}
        - {from: 2026-10-19, input_mtok: {0: 0.26, 256000: 0.325}, output_mtok: {0: 1.56, 256000: 1.95}}
      qwen/qwen3.5-plus-20260420:
        prices:
        - {input_mtok: 0.3, cache_write_mtok: 0.375, output_mtok: 1.8}
        - {from: 2026-10-19, input_mtok: {0: 0.3, 256000: 0.375}, cache_write_mtok: {0: 0.375, 256000: 0.46875}, output_mtok: {0: 1.8, 256000: 2.25}}
      qwen/qwen3.6-27b:
        also: [qwen/qwen3.6-27b-20260422]
        prices:
        - {input_mtok: 0.289, output_mtok: 2.4}
        - {from: 2026-10-19, input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 2}
        - {from: 2026-11-03, input_mtok: 0.45, cache_read_mtok: 0.025, output_mtok: 2.7}
      qwen/qwen3.6-35b-a3b:
        also: [qwen/qwen3.6-35b-a3b-20260415]
        prices:
        - {input_mtok: 0.14, output_mtok: 1}
        - {from: 2026-10-19, input_mtok: 0.15, cache_read_mtok: 0.05, output_mtok: 1}
        - {from: 2026-10-20, input_mtok: 0.1, cache_read_mtok: 0.05, output_mtok: 0.95}
        - {from: 2026-11-09, input_mtok: 0.1, output_mtok: 0.95}
      qwen/qwen3.6-flash:
        prices:
        - {input_mtok: 0.1875, cache_write_mtok: 0.234375, output_mtok: 1.125}
        - {from: 2026-10-19, input_mtok: {0: 0.1875, 256000: 0.75}, cache_write_mtok: {0: 0.234375, 256000: 0.9375}, output_mtok: {0: 1.125, 256000: 3}}
      qwen/qwen3.6-max-preview: {also: [qwen/qwen3.6-max-preview-20260420], input_mtok: 1.04, cache_write_mtok: 1.3, output_mtok: 6.24}
      qwen/qwen3.6-plus:
        also: [qwen/qwen3.6-plus-04-02]
        prices:
        - {input_mtok: 0.325, cache_write_mtok: 0.40625, output_mtok: 1.95}
        - {from: 2026-10-19, input_mtok: {0: 0.325, 256000: 1.3}, cache_write_mtok: {0: 0.40625, 256000: 1.625}, output_mtok: {0: 1.95, 256000: 3.9}}
      qwen/qwen3.7-flash: {also: [qwen/qwen3.7-flash-20260727], input_mtok: {0: 0.03, 32000: 0.1, 256000: 0.2}, cache_read_mtok: {0: 0.006, 32000: 0.02, 256000: 0.04}, cache_write_mtok: {0: 0.038, 32000: 0.125, 256000: 0.25}, output_mtok: {0: 0.13, 32000: 0.4, 256000: 0.8}}
      qwen/qwen3.7-max:
        also: [qwen/qwen3.7-max-20260520]
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.25, cache_write_mtok: 1.5625, output_mtok: 3.75}
        - {from: 2026-10-19, input_mtok: 1.475, cache_read_mtok: 0.295, cache_write_mtok: 1.84375, output_mtok: 4.425}
      qwen/qwen3.7-plus:
        also: [qwen/qwen3.7-plus-20260602]
        prices:
        - {input_mtok: 0.4, cache_read_mtok: 0.08, cache_write_mtok: 0.5, output_mtok: 1.6}
        - {from: 2026-10-19, input_mtok: {0: 0.32, 256000: 0.96}, cache_read_mtok: {0: 0.064, 256000: 0.192}, cache_write_mtok: {0: 0.4, 256000: 1.2}, output_mtok: {0: 1.28, 256000: 3.84}}
      "qwen/qwen3.7-plus:batch": {input_mtok: 0.23, output_mtok: 0.92}
      qwen/qwen3.8-2.4t-a95b:
        also: [qwen/qwen3.8-2.4t-a95b-20260812]
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.25, output_mtok: 6}
        - {from: 2026-11-03, input_mtok: 2, cache_read_mtok: 0.25, cache_write_mtok: 2.5, output_mtok: 6}
      qwen/qwen3.8-27b:
        also: [qwen/qwen3.8-27b-20260814]
        prices:
        - {input_mtok: 0.24, cache_read_mtok: 0.05, output_mtok: 2.2}
        - {from: 2026-11-03, input_mtok: 0.425, cache_read_mtok: 0.085, cache_write_mtok: 0.53125, output_mtok: 2.55}
      "qwen/qwen3.8-27b:batch": {input_mtok: 0.16, cache_read_mtok: 0.04, cache_write_mtok: 0.2, output_mtok: 2}
      qwen/qwen3.8-flash: {also: [qwen/qwen3.8-flash-20260826], input_mtok: 0.15, cache_read_mtok: 0.016, output_mtok: 0.47}
      qwen/qwen3.8-max-0902: {also: [qwen/qwen3.8-max-20260902], input_mtok: 2, cache_read_mtok: 0.25, output_mtok: 6}
      qwen/qwen3.8-max-prime: {also: [qwen/qwen3.8-max-prime-20260923], input_mtok: 4, cache_read_mtok: 0.5, output_mtok: 12}
      qwen/qwen3.8-omni-flash: {also: [qwen/qwen3.8-omni-flash-20260918], input_mtok: 0.15, cache_read_mtok: 0.016, output_mtok: 0.47}
      qwen/qwq-32b: {input_mtok: 0.15, output_mtok: 0.2}
      qwen/qwq-32b-preview: {input_mtok: 0.2, output_mtok: 0.2}
      "qwen/qwq-32b-preview:free": {}
      "qwen/qwq-32b:free": {}
      qwen2.5-vl-32b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      "qwen2.5-vl-32b-instruct:free": {}
      "qwen2.5-vl-72b-instruct:free": {}
      "qwen3-14b:free": {}
      "qwen3-235b-a22b:free": {}
      "qwen3-30b-a3b:free": {}
      "qwen3-32b:free": {}
      "qwen3-8b:free": {}
      "qwerky-72b:free": {}
      qwq-32b: {input_mtok: 0.15, output_mtok: 0.2}
      "qwq-32b-arliai-rpr-v1:free": {}
      qwq-32b-preview: {input_mtok: 0.2, output_mtok: 0.2}
      "qwq-32b:free": {}
      r1-1776: {input_mtok: 2, output_mtok: 8}
      raifle/sorcererlm-8x22b: {input_mtok: 4.5, output_mtok: 4.5}
      "recursive/flint-v1.0:free": {}
      reflection/beam-1.0-501b-a23b:
        also: [reflection/beam-1.0-501b-a23b-20261016]
        prices:
        - {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 3}
        - {from: 2026-10-20, input_mtok: 0.3, cache_read_mtok: 0.04, output_mtok: 1}
        - {from: 2026-11-03, input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 1.2}
      "reka-flash-3:free": {}
      rekaai/reka-edge: {also: [rekaai/reka-edge-2603], input_mtok: 0.1, output_mtok: 0.1}
      rekaai/reka-flash-3: {input_mtok: 0.1, output_mtok: 0.2}
      "rekaai/reka-flash-3:free": {}
      relace/relace-apply-3: {input_mtok: 0.85, output_mtok: 1.25}
      relace/relace-search: {also: [relace/relace-search-20251208], input_mtok: 1, output_mtok: 3}
      ricursiveai/ripple-65b-preview: {also: [ricursiveai/ripple-65b-preview-20261104], input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.6}
      sakana/fugu-max: {also: [sakana/fugu-max-20260911], input_mtok: 2, cache_read_mtok: 0.25, output_mtok: 6}
      sakana/fugu-ultra: {also: [sakana/fugu-ultra-20260615, sakana/fugu-ultra-v2, sakana/fugu-ultra-v2-20260911], input_mtok: {0: 5, 272000: 10}, cache_read_mtok: {0: 0.5, 272000: 1}, output_mtok: {0: 30, 272000: 45}}
      sakana/sakana-namazu: {also: [sakana/namazu-20260811], input_mtok: 0.95, cache_read_mtok: 0.15, output_mtok: 4}
      sao10k/fimbulvetr-11b-v2: {input_mtok: 0.8, output_mtok: 1.2}
      sao10k/l3-euryale-70b: {input_mtok: 1.48, output_mtok: 1.48}
      sao10k/l3-lunaris-8b:
        prices:
        - {input_mtok: 0.02, output_mtok: 0.05}
        - {from: 2026-10-19, input_mtok: 0.04, output_mtok: 0.05}
      sao10k/l3.1-70b-hanami-x1: {input_mtok: 3, output_mtok: 3}
      sao10k/l3.1-euryale-70b:
        prices:
        - {input_mtok: 0.7, output_mtok: 0.8}
        - {from: 2026-10-19, input_mtok: 0.85, output_mtok: 0.85}
      sao10k/l3.3-euryale-70b:
        also: [sao10k/l3.3-euryale-70b-v2.3]
        prices:
        - {input_mtok: 0.7, output_mtok: 0.8}
        - {from: 2026-10-19, input_mtok: 0.65, output_mtok: 0.75}
      "sarvam-m:free": {}
      scaledown/extract: {also: [scaledown/extract-20260928], input_mtok: 0.04}
      scaledown/summarize: {also: [scaledown/summarize-20260928], input_mtok: 0.04}
      scb10x/llama3.1-typhoon2-70b-instruct: {input_mtok: 0.88, output_mtok: 0.88}
      scb10x/llama3.1-typhoon2-8b-instruct: {input_mtok: 0.18, output_mtok: 0.18}
      "shisa-ai/shisa-v2-llama3.3-70b:free": {}
      "shisa-v2-llama3.3-70b:free": {}
      sonar-reasoning: {input_mtok: 1, output_mtok: 5}
      sophosympatheia/midnight-rose-70b: {input_mtok: 0.8, output_mtok: 0.8}
      "sophosympatheia/rogue-rose-103b-v0.2:free": {}
      sorcererlm-8x22b: {input_mtok: 4.5, output_mtok: 4.5}
      spotlight: {input_mtok: 0.18, output_mtok: 0.18}
      stealth/crouton-alpha: {}
      steelskull/l3.3-electra-r1-70b: {input_mtok: 0.7, output_mtok: 0.95}
      stepfun/step-3.5-flash:
        prices:
        - {input_mtok: 0.09, cache_read_mtok: 0.02, output_mtok: 0.3}
        - {from: 2026-10-19, input_mtok: 0.1, cache_read_mtok: 0.02, output_mtok: 0.3}
      stepfun/step-3.7-flash: {also: [stepfun/step-3.7-flash-20260528], input_mtok: 0.2, cache_read_mtok: 0.04, output_mtok: 1.15}
      stepfun/step-5-preview: {also: [stepfun/step-5-preview-20261008], input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 2.7}
      switchpoint/router: {input_mtok: 0.85, output_mtok: 3.4}
      tencent/hunyuan-a13b-instruct: {input_mtok: 0.14, output_mtok: 0.57}
      tencent/hy-mt2-1.8b: {also: [tencent/hy-mt2-1.8b-20260521], input_mtok: 0.044, output_mtok: 0.177}
      tencent/hy-mt2-30b-a3b: {also: [tencent/hy-mt2-30b-a3b-20260521], input_mtok: 0.074, output_mtok: 0.295}
      tencent/hy-mt2-7b: {also: [tencent/hy-mt2-7b-20260521], input_mtok: 0.074, output_mtok: 0.295}
      tencent/hy3-preview:
        also: [tencent/hy3-preview-20260421]
        prices:
        - {input_mtok: 0.063, cache_read_mtok: 0.021, output_mtok: 0.21}
        - {from: 2026-10-19, input_mtok: 0.18, cache_read_mtok: 0.06, output_mtok: 0.6}
      tencent/hy4: {also: [tencent/hy4-20261104], input_mtok: 0.417, cache_read_mtok: 0.021, output_mtok: 1.2505}
      thedrummer/anubis-pro-105b-v1: {input_mtok: 0.8, output_mtok: 1}
      thedrummer/cydonia-24b-v4.1: {input_mtok: 0.3, cache_read_mtok: 0.15, output_mtok: 0.5}
      thedrummer/rocinante-12b: {input_mtok: 0.25, output_mtok: 0.5}
      thedrummer/skyfall-36b-v2:
        prices:
        - {input_mtok: 0.5, output_mtok: 0.8}
        - {from: 2026-10-19, input_mtok: 0.55, cache_read_mtok: 0.25, output_mtok: 0.8}
      thedrummer/unslopnemo-12b:
        prices:
        - {input_mtok: 0.5, output_mtok: 0.5}
        - {from: 2026-10-19, input_mtok: 0.4, output_mtok: 0.4}
      thinkingmachines/inkling: {also: [thinkingmachines/inkling-20260715], input_mtok: 1, cache_read_mtok: 0.17, output_mtok: 4.05}
      thinkingmachines/inkling-small: {also: [thinkingmachines/inkling-small-20260730], input_mtok: 0.45, cache_read_mtok: 0.1, output_mtok: 1.2}
      "thinkingmachines/inkling-small:batch": {input_mtok: 0.36, cache_read_mtok: 0.08, output_mtok: 0.96}
      "thinkingmachines/inkling-small:free": {}
      "thinkingmachines/inkling:free": {}
      "thudm/glm-4-32b:free": {}
      "thudm/glm-z1-32b:free": {}
      toppy-m-7b: {input_mtok: 0.8, output_mtok: 1.2}
      typesafe/jev-1.13: {match: {or: [typesafe/jev-1.13, {regex: "^typesafe/jev-1\\.13-\\d{8}$"}]}, input_mtok: 0.042}
      typesafe/jev-1.14: {match: {or: [typesafe/jev-1.14, "~typesafe/jev-latest", {regex: "^typesafe/jev-1\\.14-\\d{8}$"}]}, input_mtok: 0.042}
      unbiased/pareto-26.10: {also: [unbiased/pareto-26.10-20261015], input_mtok: 0.8, cache_read_mtok: 0.03, output_mtok: 3.2}
      unbiased/pareto-26.9: {also: [unbiased/pareto-26.9-20260917], input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 7.5}
      undi95/remm-slerp-l2-13b:
        prices:
        - {input_mtok: 0.8, output_mtok: 1.2}
        - {from: 2026-10-19, input_mtok: 0.35, output_mtok: 0.65}
      undi95/toppy-m-7b: {input_mtok: 0.07, output_mtok: 0.07}
      upstage/solar-mini4: {also: [upstage/solar-mini4-20260922], input_mtok: 0.05, cache_read_mtok: 0.005, output_mtok: 0.2}
      upstage/solar-pro-3: {input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.6}
      upstage/solar-pro4:
        also: [upstage/solar-pro4-20260810]
        prices:
        - {input_mtok: 0.09, cache_read_mtok: 0.018, output_mtok: 0.36}
        - {from: 2026-10-20, input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.6}
      valkyrie-49b-v1: {input_mtok: 0.5, output_mtok: 0.8}
      virtuoso-medium-v2: {input_mtok: 0.5, output_mtok: 0.8}
      writer/palmyra-x5: {also: [writer/palmyra-x5-20250428], input_mtok: 0.6, output_mtok: 6}
      x-ai/grok-2-1212: {input_mtok: 2, output_mtok: 10}
      x-ai/grok-2-vision-1212: {input_mtok: 2, output_mtok: 10}
      x-ai/grok-3-beta: {input_mtok: 3, output_mtok: 15}
      x-ai/grok-3-mini-beta: {input_mtok: 0.3, output_mtok: 0.5}
      x-ai/grok-4-fast: {input_mtok: {0: 0.2, 128000: 0.4}, cache_read_mtok: 0.05, output_mtok: {0: 0.5, 128000: 1}}
      "x-ai/grok-4.1-fast:free": {}
      x-ai/grok-4.20:
        also: [x-ai/grok-4.20-20260309]
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.2, output_mtok: 2.5}
        - {from: 2026-10-19, input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}}
      x-ai/grok-4.20-multi-agent:
        also: [x-ai/grok-4.20-multi-agent-20260309]
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 6}
        - {from: 2026-10-19, input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}}
      x-ai/grok-4.3:
        match: {or: [x-ai/grok-4.3, {regex: "^x-ai/grok-4\\.3-\\d{8}$"}, x-ai/grok-4.3-20260430]}
        prices:
        - {input_mtok: 1.25, cache_read_mtok: 0.2, output_mtok: 2.5}
        - {from: 2026-10-19, input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}}
      "x-ai/grok-4.3:batch": {input_mtok: {0: 1, 200000: 2}, cache_read_mtok: {0: 0.16, 200000: 0.32}, output_mtok: {0: 2, 200000: 4}}
      x-ai/grok-4.5: {also: [x-ai/grok-4.5-20260708], input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.3, 200000: 0.6}, output_mtok: {0: 6, 200000: 12}}
      x-ai/grok-4.6: {also: [x-ai/grok-4.6-20260810], input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.5, 200000: 1}, output_mtok: {0: 6, 200000: 12}}
      "x-ai/grok-4.6:batch": {input_mtok: {0: 1.6, 200000: 3.2}, cache_read_mtok: {0: 0.4, 200000: 0.8}, output_mtok: {0: 4.8, 200000: 9.6}}
      x-ai/grok-4.7: {also: [x-ai/grok-4.7-20260916], input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.5, 200000: 1}, output_mtok: {0: 6, 200000: 12}}
      "x-ai/grok-4.7:batch": {input_mtok: {0: 1.6, 200000: 3.2}, cache_read_mtok: {0: 0.4, 200000: 0.8}, output_mtok: {0: 4.8, 200000: 9.6}}
      x-ai/grok-beta: {input_mtok: 5, output_mtok: 15}
      x-ai/grok-build-0.1:
        also: [x-ai/grok-build-0.1-20260520]
        prices:
        - {input_mtok: 1, cache_read_mtok: 0.2, output_mtok: 2}
        - {from: 2026-10-19, input_mtok: {0: 1, 200000: 2}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2, 200000: 4}}
      x-ai/grok-code-fast-1: {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 1.5}
      x-ai/grok-vision-beta: {input_mtok: 5, output_mtok: 15}
      xiaomi/mimo-v2-flash: {input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.3}
      xiaomi/mimo-v2.5:
        also: [xiaomi/mimo-v2.5-20260422]
        prices:
        - {input_mtok: 0.14, cache_read_mtok: 0.0028, output_mtok: 0.28}
        - {from: 2026-11-03, input_mtok: 0.119, cache_read_mtok: 0.00255, output_mtok: 0.238}
        - {from: 2026-11-09, input_mtok: 0.4, cache_read_mtok: 0.08, output_mtok: 2}
      xiaomi/mimo-v2.5-pro: {also: [xiaomi/mimo-v2.5-pro-20260422], input_mtok: 0.435, cache_read_mtok: 0.0036, output_mtok: 0.87}
      xiaomi/mimo-v2.6-flash: {also: [xiaomi/mimo-v2.6-flash-20260921], input_mtok: 0.14, cache_read_mtok: 0.0028, output_mtok: 0.28}
      xiaomi/mimo-v2.6-pro: {also: [xiaomi/mimo-v2.6-pro-20260921], input_mtok: 0.435, cache_read_mtok: 0.0036, output_mtok: 0.87}
      xiaomi/mimo-v2.6-pro-ultraspeed: {also: [xiaomi/mimo-v2.6-pro-ultraspeed-20260921], input_mtok: 4.35, cache_read_mtok: 0.036, output_mtok: 8.7}
      "xingchen-agi/xing4.0-29b-a4b:free": {}
      xwin-lm/xwin-lm-70b: {input_mtok: 3.75, output_mtok: 3.75}
      yi-large: {input_mtok: 3, output_mtok: 3}
      z-ai/glm-4.5: {input_mtok: 0.6, cache_read_mtok: 0.11, output_mtok: 2.2}
      z-ai/glm-4.5-air:
        prices:
        - {input_mtok: 0.125, cache_read_mtok: 0.06, output_mtok: 0.85}
        - {from: 2026-10-19, input_mtok: 0.13, cache_read_mtok: 0.025, output_mtok: 0.85}
        - {from: 2026-11-03, input_mtok: 0.2, cache_read_mtok: 0.03, output_mtok: 1.1}
      z-ai/glm-4.5v: {input_mtok: 0.6, cache_read_mtok: 0.11, output_mtok: 1.8}
      z-ai/glm-4.6:
        prices:
        - {input_mtok: 0.43, cache_read_mtok: 0.08, output_mtok: 1.74}
        - {from: 2026-10-19, input_mtok: 0.55, cache_read_mtok: 0.11, output_mtok: 2.2}
        - {from: 2026-11-03, input_mtok: 0.6, cache_read_mtok: 0.11, output_mtok: 2.2}
      z-ai/glm-4.6v:
        also: [z-ai/glm-4.6-20251208]
        prices:
        - {input_mtok: 0.3, cache_read_mtok: 0.05, output_mtok: 0.9}
        - {from: 2026-10-19, input_mtok: 0.3, cache_read_mtok: 0.055, output_mtok: 0.9}
        - {from: 2026-11-03, input_mtok: 0.3, cache_read_mtok: 0.05, output_mtok: 0.9}
      z-ai/glm-4.7:
        also: [z-ai/glm-4.7-20251222]
        prices:
        - {input_mtok: 0.4, cache_read_mtok: 0.08, output_mtok: 1.75}
        - {from: 2026-10-19, input_mtok: 0.54, cache_read_mtok: 0.099, output_mtok: 1.98}
        - {from: 2026-11-03, input_mtok: 0.6, cache_read_mtok: 0.11, output_mtok: 2.2}
      z-ai/glm-4.7-flash:
        also: [z-ai/glm-4.7-flash-20260119]
        prices:
        - {input_mtok: 0.06, cache_read_mtok: 0.01, output_mtok: 0.4}
        - {from: 2026-10-19, input_mtok: 0.0605, cache_read_mtok: 0.01, output_mtok: 0.4}
      z-ai/glm-5:
        also: [z-ai/glm-5-20260211]
        prices:
        - {input_mtok: 0.6, cache_read_mtok: 0.12, output_mtok: 1.92}
        - {from: 2026-10-19, input_mtok: 1, cache_read_mtok: 0.2, output_mtok: 3.2}
        - {from: 2026-10-20, input_mtok: 0.6, cache_read_mtok: 0.12, output_mtok: 1.92}
        - {from: 2026-11-03, input_mtok: 1, cache_read_mtok: 0.2, output_mtok: 3.2}
      z-ai/glm-5-turbo: {also: [z-ai/glm-5-turbo-20260315], input_mtok: 1.2, cache_read_mtok: 0.24, output_mtok: 4}
      z-ai/glm-5.1:
        also: [z-ai/glm-5.1-20260406]
        prices:
        - {input_mtok: 0.98, cache_read_mtok: 0.182, output_mtok: 3.08}
        - {from: 2026-10-19, input_mtok: 0.966, cache_read_mtok: 0.1794, output_mtok: 3.036}
        - {from: 2026-11-03, input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      z-ai/glm-5.2:
        also: [z-ai/glm-5.2-20260616]
        prices:
        - {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
        - {from: 2026-10-19, input_mtok: 0.62, cache_read_mtok: 0.14, output_mtok: 2.42}
        - {from: 2026-11-03, input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      "z-ai/glm-5.2:batch": {input_mtok: 0.623, cache_read_mtok: 0.21, output_mtok: 1.271}
      z-ai/glm-5.3:
        also: [z-ai/glm-5.3-20260816]
        prices:
        - {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
        - {from: 2026-10-19, input_mtok: 0.079, cache_read_mtok: 0.078, output_mtok: 1.4}
        - {from: 2026-11-03, input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      z-ai/glm-5.3-flash:
        also: [z-ai/glm-5.3-flash-20260826]
        prices:
        - {input_mtok: 0.075, cache_read_mtok: 0.015, output_mtok: 0.25}
        - {from: 2026-09-10, input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
        - {from: 2026-10-19, input_mtok: 0.048, cache_read_mtok: 0.006, output_mtok: 0.16}
        - {from: 2026-10-20, input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
      "z-ai/glm-5.3-flash:batch":
        prices:
        - {input_mtok: 0.05, cache_read_mtok: 0.01, output_mtok: 0.18}
        - {from: 2026-11-09, input_mtok: 0.061, cache_read_mtok: 0.026, output_mtok: 0.124}
      z-ai/glm-5.3-flashx:
        also: [z-ai/glm-5.3-flashx-20260918]
        prices:
        - {input_mtok: 0.37, cache_read_mtok: 0.09, output_mtok: 1.25}
        - {from: 2026-11-03, input_mtok: 0.37, cache_read_mtok: 0.075, output_mtok: 1.25}
      z-ai/glm-5.3-flashx-legal: {also: [z-ai/glm-5.3-flashx-legal-20261102], input_mtok: 0.37, cache_read_mtok: 0.075, output_mtok: 1.25}
      z-ai/glm-5.3-prime: {also: [z-ai/glm-5.3-prime-20260921], input_mtok: 2.8, cache_read_mtok: 0.56, output_mtok: 8.8}
      "z-ai/glm-5.3:batch": {input_mtok: 0.45, cache_read_mtok: 0.1, output_mtok: 2}
      z-ai/glm-5v-turbo: {also: [z-ai/glm-5v-turbo-20260401], input_mtok: 1.2, cache_read_mtok: 0.24, output_mtok: 4}
      "~anthropic/claude-fable-latest":
        prices:
        - {input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, output_mtok: 50}
        - {from: 2026-10-19, input_mtok: 10, cache_read_mtok: 0.25, cache_write_mtok: 12.5, output_mtok: 50}
      "~anthropic/claude-haiku-latest":
        prices:
        - {input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, output_mtok: 5}
        - {from: 2026-10-07, input_mtok: {0: 0.1, 100000: 0.5}, cache_read_mtok: {0: 0.01, 100000: 0.05}, cache_write_mtok: {0: 0.125, 100000: 0.625}, cache_write_1h_mtok: {0: 0.2, 100000: 1}, output_mtok: {0: 0.5, 100000: 2.5}, web_searches_kcount: 10}
      "~anthropic/claude-opus-latest":
        prices:
        - {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
        - {from: 2026-09-22, input_mtok: 4, cache_read_mtok: 0.2, cache_write_mtok: 5, output_mtok: 20}
      "~anthropic/claude-sonnet-latest":
        prices:
        - {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
        - {from: 2026-09-28, input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 2.5, output_mtok: 10}
        - {from: 2026-10-19, input_mtok: 2, cache_read_mtok: 0.1, cache_write_mtok: 2.5, output_mtok: 10}
      "~deepseek/deepseek-flash-latest": {input_mtok: 0.05, cache_read_mtok: 0.012, output_mtok: 0.15}
      "~deepseek/deepseek-pro-latest": {input_mtok: 0.225, cache_read_mtok: 0.23, output_mtok: 8}
      "~deepseek/deepseek-v4-flash-latest":
        prices:
        - {input_mtok: 0.0065, output_mtok: 0.45}
        - {from: 2026-10-19, input_mtok: 0.00688, cache_read_mtok: 0.00336, output_mtok: 0.12}
      "~google/gemini-flash-latest":
        prices:
        - {input_mtok: 1.5, cache_read_mtok: 0.15, cache_write_mtok: 0.08333333333333334, output_mtok: 9}
        - {from: 2026-10-19, input_mtok: 0.75, cache_read_mtok: 0.075, cache_write_mtok: 0.0416666666666667, output_mtok: 3.75}
      "~google/gemini-pro-latest":
        prices:
        - {input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 0.375, output_mtok: 12}
        - {from: 2026-10-19, input_mtok: 2, cache_read_mtok: 0.1, cache_write_mtok: 0.1875, output_mtok: 10}
      "~moonshotai/kimi-latest":
        prices:
        - {input_mtok: 0.68, cache_read_mtok: 0.34, output_mtok: 3.41}
        - {from: 2026-10-19, input_mtok: 0.239, cache_read_mtok: 0.21, output_mtok: 11.936}
      "~openai/gpt-astra-latest": {input_mtok: {0: 10, 272000: 20}, cache_read_mtok: {0: 1, 272000: 2}, cache_write_mtok: {0: 12.5, 272000: 25}, output_mtok: {0: 50, 272000: 75}}
      "~openai/gpt-latest": {input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 30}
      "~openai/gpt-luna-latest": {input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.5, 272000: 0.75}}
      "~openai/gpt-mini-latest": {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 4.5}
      "~openai/gpt-sol-latest": {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.1, 272000: 0.2}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 10, 272000: 15}}
      "~openai/gpt-terra-latest": {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, cache_write_mtok: {0: 2.5, 272000: 5}, output_mtok: {0: 12, 272000: 18}}
      "~unbiased/pareto-latest": {input_mtok: 0.8, cache_read_mtok: 0.03, output_mtok: 3.2}
      "~x-ai/grok-latest": {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.5, 200000: 1}, output_mtok: {0: 6, 200000: 12}}
      "~z-ai/glm-flash-latest":
        prices:
        - {input_mtok: 0.0392, cache_read_mtok: 0.006, output_mtok: 0.2}
        - {from: 2026-10-19, input_mtok: 0.048, cache_read_mtok: 0.006, output_mtok: 0.2}
      "~z-ai/glm-latest":
        prices:
        - {input_mtok: 0.04, cache_read_mtok: 0.025, output_mtok: 6}
        - {from: 2026-10-19, input_mtok: 0.042, cache_read_mtok: 0.026, output_mtok: 6}
  ovhcloud:
    models:
      DeepSeek-R1-Distill-Llama-70B: {also: [deepseek-r1-distill-llama-70b], input_mtok: 0.74, output_mtok: 0.74}
      Llama-3.1-8B-Instruct: {also: [llama-3.1-8b-instruct], input_mtok: 0.11, output_mtok: 0.11}
      Meta-Llama-3_3-70B-Instruct: {also: [meta-llama-3_3-70b-instruct], input_mtok: 0.74, output_mtok: 0.74}
      Mistral-7B-Instruct-v0.3: {also: [mistral-7b-instruct-v0.3], input_mtok: 0.11, output_mtok: 0.11}
      Mistral-Nemo-Instruct-2407: {also: [mistral-nemo-instruct-2407], input_mtok: 0.14, output_mtok: 0.14}
      Mistral-Small-3.2-24B-Instruct-2506: {also: [mistral-small-3.2-24b-instruct-2506], input_mtok: 0.1, output_mtok: 0.31}
      Mixtral-8x7B-Instruct-v0.1: {also: [mixtral-8x7b-instruct-v0.1], input_mtok: 0.7, output_mtok: 0.7}
      Qwen2.5-VL-72B-Instruct: {also: [qwen2.5-vl-72b-instruct], input_mtok: 1.01, output_mtok: 1.01}
      Qwen3-32B: {also: [qwen3-32b], input_mtok: 0.09, output_mtok: 0.25}
      Qwen3-Coder-30B-A3B-Instruct: {also: [qwen3-coder-30b-a3b-instruct], input_mtok: 0.07, output_mtok: 0.26}
      Qwen3-Embedding-8B: {also: [qwen3-embedding-8b], input_mtok: 0.12}
      Qwen3.5-397B-A17B: {also: [qwen3.5-397b-a17b], input_mtok: 0.71, output_mtok: 4.25}
      Qwen3.5-9B: {also: [qwen3.5-9b], input_mtok: 0.12, output_mtok: 0.18}
      Qwen3.6-27B: {also: [qwen3.6-27b], input_mtok: 0.47, output_mtok: 3.19}
      Qwen3.8-27B: {also: [qwen3.8-27b], input_mtok: 0.47, output_mtok: 3.19}
      bge-base-en-v1.5: {input_mtok: 0.01}
      bge-m3: {input_mtok: 0.01}
      bge-multilingual-gemma2: {input_mtok: 0.01}
      gpt-oss-120b: {input_mtok: 0.09, output_mtok: 0.47}
      gpt-oss-20b: {input_mtok: 0.05, output_mtok: 0.18}
      Meta-Llama-3_1-70B-Instruct: {input_mtok: 0.67, output_mtok: 0.67}
      Qwen2.5-Coder-32B-Instruct: {input_mtok: 0.87, output_mtok: 0.87}
      llava-v1.6-mistral-7b-hf: {input_mtok: 0.29, output_mtok: 0.29}
      mamba-codestral-7B-v0.1: {input_mtok: 0.19, output_mtok: 0.19}
  perplexity:
    match: {starts_with: perplexity}
    models:
      llama-3.1-sonar-large-128k-online: {input_mtok: 1, output_mtok: 1}
      llama-3.1-sonar-small-128k-online: {input_mtok: 0.2, output_mtok: 0.2}
      perplexity/deepseek-v4-pro-0813: {input_mtok: 1.32, cache_read_mtok: 0.044, output_mtok: 3.96}
      perplexity/glm-5.3: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      perplexity/glm-5.3-flash: {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
      perplexity/kimi-k3: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      perplexity/nemotron-3.5-super-120b-a12b: {input_mtok: 0.2, cache_read_mtok: 0.04, output_mtok: 0.5}
      perplexity/sonar: {input_mtok: 0.25, cache_read_mtok: 0.0625, output_mtok: 2.5, web_searches_kcount: 2.5}
      pplx-decider-flash-v1.2: {also: [pplx-decider-flash-latest, perplexity/pplx-decider-flash-latest], input_mtok: 0.01}
      pplx-decider-v1-27b: {input_mtok: 0.02}
      pplx-decider-v1.1-27b: {input_mtok: 0.02}
      pplx-decider-v1.2: {also: [pplx-decider-latest, perplexity/pplx-decider-latest], input_mtok: 0.02}
      pplx-embed-context-v1-0.6b: {input_mtok: 0.008}
      pplx-embed-context-v1-4b: {input_mtok: 0.05}
      pplx-embed-v1-0.6b: {input_mtok: 0.004}
      pplx-embed-v1-4b: {input_mtok: 0.03}
      r1-1776: {input_mtok: 2, output_mtok: 8}
      sonar: {input_mtok: 1, output_mtok: 1, web_searches_kcount: 8, requests_kcount: 12}
      sonar-deep-research: {input_mtok: 2, output_mtok: 8, output_reasoning_mtok: 3, web_searches_kcount: 5}
      sonar-pro: {input_mtok: 3, output_mtok: 15, web_searches_kcount: 10, requests_kcount: 14}
      sonar-pro-search: {input_mtok: 3, output_mtok: 15}
      sonar-reasoning: {input_mtok: 1, output_mtok: 5, web_searches_kcount: 8, requests_kcount: 12}
      sonar-reasoning-pro: {input_mtok: 2, output_mtok: 8, web_searches_kcount: 10, requests_kcount: 14}
      search: {web_searches_kcount: 5}
      codellama-34b-instruct: {input_mtok: 0.35, output_mtok: 1.4}
      codellama-70b-instruct: {input_mtok: 0.7, output_mtok: 2.8}
      llama-2-70b-chat: {input_mtok: 0.7, output_mtok: 2.8}
      llama-3.1-70b-instruct: {input_mtok: 1, output_mtok: 1}
      llama-3.1-8b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      mistral-7b-instruct: {input_mtok: 0.07, output_mtok: 0.28}
      mixtral-8x7b-instruct: {input_mtok: 0.07, output_mtok: 0.28}
      pplx-70b-chat: {input_mtok: 0.7, output_mtok: 2.8}
      pplx-70b-online: {input_mtok: 0, output_mtok: 2.8, requests_kcount: 5}
      pplx-7b-chat: {input_mtok: 0.07, output_mtok: 0.28}
      pplx-7b-online: {input_mtok: 0, output_mtok: 0.28, requests_kcount: 5}
      sonar-medium-chat: {input_mtok: 0.6, output_mtok: 1.8}
      sonar-medium-online: {input_mtok: 0, output_mtok: 1.8, requests_kcount: 5}
      sonar-small-chat: {input_mtok: 0.07, output_mtok: 0.28}
      sonar-small-online: {input_mtok: 0, output_mtok: 0.28, requests_kcount: 5}
      openai/gpt-5.2: {input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14}
      openai/gpt-5.1: {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10}
      openai/gpt-5-mini: {input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 2}
      anthropic/claude-opus-4-6: {input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 25}
      anthropic/claude-opus-4-7: {input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 25}
      anthropic/claude-opus-4-5: {input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 25}
      anthropic/claude-sonnet-4-5: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      anthropic/claude-haiku-4-5: {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 5}
      google/gemini-3-flash-preview: {input_mtok: 0.5, cache_read_mtok: 0.05, output_mtok: 3}
      perplexity/deepseek-v4-flash-0731: {input_mtok: 0.13, cache_read_mtok: 0.028, output_mtok: 0.26}
      perplexity/glm-5.2: {input_mtok: 1.4, cache_read_mtok: 0.14, output_mtok: 4.4}
      perplexity/kimi-k2.7-code: {input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
      anthropic/claude-fable-5: {input_mtok: 10, cache_read_mtok: 1, output_mtok: 50}
      anthropic/claude-opus-5: {input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 25}
      anthropic/claude-opus-4-8: {input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 25}
      anthropic/claude-sonnet-5: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 10}
      anthropic/claude-sonnet-4-6: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      openai/gpt-5.6-sol: {input_mtok: {0: 4, 272000: 8}, cache_read_mtok: {0: 0.4, 272000: 0.8}, output_mtok: {0: 20, 272000: 30}}
      openai/gpt-5.6-terra: {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, output_mtok: {0: 12, 272000: 18}}
      openai/gpt-5.6-luna: {input_mtok: {0: 0.2, 272000: 0.4}, cache_read_mtok: {0: 0.02, 272000: 0.04}, output_mtok: {0: 1.2, 272000: 1.8}}
      openai/gpt-5.5: {input_mtok: {0: 5, 272000: 10}, cache_read_mtok: 0.5, output_mtok: {0: 30, 272000: 45}}
      openai/gpt-5.4: {input_mtok: {0: 2.5, 272000: 5}, cache_read_mtok: 0.25, output_mtok: {0: 15, 272000: 22.5}}
      openai/gpt-5.4-mini: {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 4.5}
      openai/gpt-5.4-nano: {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 1.25}
      openai/gpt-5: {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10}
      openai/gpt-5-nano: {input_mtok: 0.05, cache_read_mtok: 0.005, output_mtok: 0.4}
      openai/gpt-5.3-codex: {input_mtok: 3.5, cache_read_mtok: 0.35, output_mtok: 28}
      google/gemini-3.1-pro-preview: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 12, 200000: 18}}
      google/gemini-3.1-flash-lite: {input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 1.5}
      google/gemini-3.5-flash: {input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 9}
      google/gemini-3.5-flash-lite: {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 2.5}
      google/gemini-3.6-flash: {input_mtok: 1.5, cache_read_mtok: 0.15, output_mtok: 7.5}
      google/gemini-3.7-flash: {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75}
      xai/grok-4.6: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.5, 200000: 1}, output_mtok: {0: 6, 200000: 12}}
      xai/grok-4.5: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.3, 200000: 0.6}, output_mtok: {0: 6, 200000: 12}}
      xai/grok-4.3: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: 0.2, output_mtok: {0: 2.5, 200000: 5}}
      xai/grok-4.20-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: 0.2, output_mtok: {0: 2.5, 200000: 5}}
      xai/grok-4.20-non-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: 0.2, output_mtok: {0: 2.5, 200000: 5}}
      xai/grok-4.20-multi-agent: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: 0.2, output_mtok: {0: 2.5, 200000: 5}}
      perplexity/nemotron-3.5-lightning-30b-a3b: {input_mtok: 0.0115, cache_read_mtok: 0.00115, output_mtok: 0.17}
      perplexity/nemotron-3-ultra-550b-a55b: {input_mtok: 0.25, output_mtok: 2.5}
      anthropic/claude-sonnet-5-5: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 10}
      anthropic/claude-fable-5-1: {input_mtok: 10, cache_read_mtok: 0.25, output_mtok: 50}
      anthropic/claude-opus-5-5: {input_mtok: 4, cache_read_mtok: 0.2, output_mtok: 20}
      openai/gpt-6.1-sol: {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.1, 272000: 0.2}, output_mtok: {0: 10, 272000: 15}}
      openai/gpt-6-sol: {input_mtok: {0: 2, 272000: 4}, cache_read_mtok: {0: 0.2, 272000: 0.4}, output_mtok: {0: 10, 272000: 15}}
      openai/gpt-6-astra: {input_mtok: 10, cache_read_mtok: 1, cache_write_mtok: 12.5, output_mtok: 50}
      openai/gpt-6-luna: {input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, output_mtok: {0: 0.5, 272000: 0.75}}
      google/gemini-3.8-flash: {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75}
      xai/grok-4.7: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.5, 200000: 1}, output_mtok: {0: 6, 200000: 12}}
      anthropic/claude-haiku-5-5: {input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.5}
  quicksilverpro:
    models:
      claude-fable-5:
        prices:
        - {input_mtok: 8, output_mtok: 40}
        - {from: 2026-10-19, input_mtok: 2.5, output_mtok: 12.5}
        - {from: 2026-10-29, input_mtok: 2.5, cache_read_mtok: 0.25, cache_write_mtok: 3.125, output_mtok: 12.5}
      claude-fable-5-1:
        prices:
        - {input_mtok: 2.5, cache_read_mtok: 0.0625, output_mtok: 12.5}
        - {from: 2026-10-29, input_mtok: 2.5, cache_read_mtok: 0.0625, cache_write_mtok: 3.125, output_mtok: 12.5}
      claude-haiku-4-5:
        prices:
        - {input_mtok: 0.8, output_mtok: 4}
        - {from: 2026-10-19, input_mtok: 0.25, output_mtok: 1.25}
        - {from: 2026-10-29, input_mtok: 0.25, cache_read_mtok: 0.025, cache_write_mtok: 0.3125, output_mtok: 1.25}
      claude-haiku-5-5: {input_mtok: {0: 0.025, 200000: 0.125}, cache_read_mtok: {0: 0.0025, 200000: 0.0125}, cache_write_mtok: 0.03125, output_mtok: {0: 0.125, 200000: 0.625}}
      claude-opus-4-6: {input_mtok: 4, output_mtok: 20}
      claude-opus-4-8:
        prices:
        - {input_mtok: 4, output_mtok: 20}
        - {from: 2026-10-19, input_mtok: 1.25, output_mtok: 6.25}
        - {from: 2026-10-29, input_mtok: 1.25, cache_read_mtok: 0.125, cache_write_mtok: 1.5625, output_mtok: 6.25}
      claude-opus-5:
        prices:
        - {input_mtok: 4, output_mtok: 20}
        - {from: 2026-10-19, input_mtok: 1.25, output_mtok: 6.25}
        - {from: 2026-10-29, input_mtok: 1.25, cache_read_mtok: 0.125, cache_write_mtok: 1.5625, output_mtok: 6.25}
      claude-opus-5-5: {input_mtok: 1, cache_read_mtok: 0.05, cache_write_mtok: 1.25, output_mtok: 5}
      claude-sonnet-4-6: {input_mtok: 2.4, output_mtok: 12}
      claude-sonnet-5:
        prices:
        - {input_mtok: 2, output_mtok: 10}
        - {from: 2026-10-19, input_mtok: 0.5, output_mtok: 2.5}
        - {from: 2026-10-29, input_mtok: 0.5, cache_read_mtok: 0.05, cache_write_mtok: 0.625, output_mtok: 2.5}
      claude-sonnet-5-5: {input_mtok: 0.5, cache_read_mtok: 0.05, cache_write_mtok: 0.625, output_mtok: 2.5}
      deepseek-v4-flash:
        prices:
        - {input_mtok: 0.112, cache_read_mtok: 0.0144, output_mtok: 0.224}
        - {from: 2026-10-19, input_mtok: 0.06, cache_read_mtok: 0.015, output_mtok: 0.18}
      deepseek-v4-pro:
        prices:
        - {input_mtok: 0.435, cache_read_mtok: 0.003625, output_mtok: 0.87}
        - {from: 2026-10-19, input_mtok: 0.7, cache_read_mtok: 0.1, output_mtok: 2.1}
      deepseek-v4.1-flash:
        prices:
        - {input_mtok: 0.125, cache_read_mtok: 0.0125, output_mtok: 0.55}
        - {from: 2026-11-06, input_mtok: 0.0558, cache_read_mtok: 0.0011, output_mtok: 0.2231}
      deepseek-v4.1-flash-1017: {input_mtok: 0.098, cache_read_mtok: 0.00294, output_mtok: 0.294}
      gemini-3-flash-preview: {input_mtok: 0.425, output_mtok: 2.55}
      gemini-3-pro-image: {input_mtok: 1.7, output_mtok: 10.2, output_image_mtok: 102}
      gemini-3.1-flash-lite: {input_mtok: 0.2125, output_mtok: 1.275}
      gemini-3.1-pro-preview: {input_mtok: 1.7, output_mtok: 10.2}
      gemini-3.5-flash: {input_mtok: 1.275, output_mtok: 7.65}
      gemini-3.5-flash-lite: {input_mtok: 0.255, output_mtok: 2.125}
      gemini-3.6-flash:
        prices:
        - {input_mtok: 1.275, output_mtok: 6.375}
        - {from: 2026-10-19, input_mtok: 0.6375, output_mtok: 3.1875}
      gemini-3.7-flash: {input_mtok: 0.6375, cache_read_mtok: 0.06375, output_mtok: 3.1875}
      gemini-3.8-flash: {input_mtok: 0.6375, cache_read_mtok: 0.06375, output_mtok: 3.1875}
      gemini-4-argon: {input_mtok: 2, cache_read_mtok: 0.1, output_mtok: 10}
      glm-5.2:
        prices:
        - {input_mtok: 1.12, cache_read_mtok: 0.208, output_mtok: 3.52}
        - {from: 2026-10-19, input_mtok: 0.7, cache_read_mtok: 0.105, output_mtok: 2.2}
      glm-5.3:
        prices:
        - {input_mtok: 1.12, cache_read_mtok: 0.208, output_mtok: 3.52}
        - {from: 2026-10-19, input_mtok: 0.6, cache_read_mtok: 0.2, output_mtok: 2.2}
      glm-5.3-flash:
        prices:
        - {input_mtok: 0.06, cache_read_mtok: 0.012, output_mtok: 0.2}
        - {from: 2026-10-19, input_mtok: 0.07, cache_read_mtok: 0.03, output_mtok: 0.05}
        - {from: 2026-11-06, input_mtok: 0.0284, output_mtok: 0.0923}
      glm-5.3-prime: {input_mtok: 2.24, cache_read_mtok: 0.448, output_mtok: 7.04}
      gpt-5.6-luna:
        prices:
        - {input_mtok: 0.08, cache_read_mtok: 0.008, cache_write_mtok: 0.1, output_mtok: 0.48}
        - {from: 2026-10-19, input_mtok: 0.16, cache_read_mtok: 0.016, cache_write_mtok: 0.2, output_mtok: 0.96}
      gpt-5.6-sol:
        prices:
        - {input_mtok: 4, cache_read_mtok: 0.4, cache_write_mtok: 5, output_mtok: 24}
        - {from: 2026-10-19, input_mtok: 1.6, cache_read_mtok: 0.16, cache_write_mtok: 2, output_mtok: 8}
      gpt-5.6-terra:
        prices:
        - {input_mtok: 0.8, cache_read_mtok: 0.08, cache_write_mtok: 1, output_mtok: 4.8}
        - {from: 2026-10-19, input_mtok: 1.6, cache_read_mtok: 0.16, cache_write_mtok: 2, output_mtok: 9.6}
      gpt-6-astra: {input_mtok: {0: 10, 200000: 20}, cache_read_mtok: {0: 1, 200000: 2}, cache_write_mtok: 12.5, output_mtok: {0: 50, 200000: 75}}
      gpt-6-luna: {input_mtok: {0: 0.1, 200000: 0.2}, cache_read_mtok: {0: 0.01, 200000: 0.02}, cache_write_mtok: 0.125, output_mtok: {0: 0.5, 200000: 0.75}}
      gpt-6-sol: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.2, 200000: 0.4}, cache_write_mtok: 2.5, output_mtok: {0: 10, 200000: 15}}
      gpt-6.1-sol: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.1, 200000: 0.2}, cache_write_mtok: 2.5, output_mtok: {0: 10, 200000: 15}}
      gpt-6.1-terra: {also: [gpt-6.1-terra-pro], input_mtok: {0: 1, 200000: 2}, cache_read_mtok: {0: 0.1, 200000: 0.2}, cache_write_mtok: 1.25, output_mtok: {0: 5, 200000: 7.5}}
      gpt-oss-120b:
        prices:
        - {input_mtok: 0.12, cache_read_mtok: 0.06, output_mtok: 0.48}
        - {from: 2026-10-19, input_mtok: 0.03, output_mtok: 0.15}
      grok-4.5: {input_mtok: 1.6, cache_read_mtok: 0.4, output_mtok: 4.8}
      grok-4.6: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.5, 200000: 1}, output_mtok: {0: 6, 200000: 12}}
      grok-4.7: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.5, 200000: 1}, output_mtok: {0: 6, 200000: 12}}
      hy3:
        prices:
        - {input_mtok: 0.1056, cache_read_mtok: 0.0264, output_mtok: 0.4224}
        - {from: 2026-10-19, input_mtok: 0.091, cache_read_mtok: 0.0227, output_mtok: 0.363}
      hy4: {input_mtok: 0.459, cache_read_mtok: 0.0231, output_mtok: 1.375}
      hy4-preview: {input_mtok: 0.6672, cache_read_mtok: 0.0336, output_mtok: 2.0008}
      jev-1.13: {input_mtok: 0.042}
      kimi-k2.6:
        prices:
        - {input_mtok: 0.5472, cache_read_mtok: 0.292, output_mtok: 2.728}
        - {from: 2026-10-19, input_mtok: 0.45, cache_read_mtok: 0.045, output_mtok: 1.95}
      kimi-k2.7-code:
        prices:
        - {input_mtok: 0.584, cache_read_mtok: 0.1278, output_mtok: 2.8}
        - {from: 2026-10-19, input_mtok: 0.6712, cache_read_mtok: 0.18, output_mtok: 3.35}
      kimi-k3:
        prices:
        - {input_mtok: 2.4, cache_read_mtok: 0.24, output_mtok: 12}
        - {from: 2026-10-19, input_mtok: 2.55, cache_read_mtok: 0.255, output_mtok: 12.75}
      kimi-k3.1-pro: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 10}
      kimi-k3.1-pro-highspeed: {input_mtok: 4, cache_read_mtok: 0.2, output_mtok: 20}
      mimo-v2.5:
        prices:
        - {input_mtok: 0.112, cache_read_mtok: 0.00224, output_mtok: 0.224}
        - {from: 2026-11-05, input_mtok: 0.32, cache_read_mtok: 0.064, output_mtok: 1.6}
      mimo-v2.6-flash: {input_mtok: 0.112, cache_read_mtok: 0.00224, output_mtok: 0.224}
      mimo-v2.6-pro:
        prices:
        - {input_mtok: 0.348, cache_read_mtok: 0.00288, output_mtok: 0.696}
        - {from: 2026-11-03, input_mtok: 0.426, cache_read_mtok: 0.0036, output_mtok: 0.861}
      minimax-m3: {input_mtok: 0.24, cache_read_mtok: 0.048, output_mtok: 0.96}
      mistral-large-4: {input_mtok: 0.68, cache_read_mtok: 0.07, output_mtok: 2.09}
      muse-glimmer-30b:
        prices:
        - {input_mtok: 0.28, cache_read_mtok: 0.032, output_mtok: 1.2}
        - {from: 2026-10-19, input_mtok: 0.3, cache_read_mtok: 0.04, output_mtok: 1.2}
      muse-spark-1.2: {input_mtok: 1, cache_read_mtok: 0.12, output_mtok: 3.4}
      muse-spark-1.3: {input_mtok: 1, cache_read_mtok: 0.12, output_mtok: 3.4}
      muse-spark-open: {input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 4.25}
      muse-wonder: {input_mtok: 4, cache_read_mtok: 0.2, output_mtok: 20}
      nemotron-3-ultra: {input_mtok: 0.5, cache_read_mtok: 0.1, output_mtok: 2.2}
      nemotron-3.5-lightning:
        prices:
        - {input_mtok: 0.08, cache_read_mtok: 0.04, output_mtok: 0.2}
        - {from: 2026-10-19, input_mtok: 0.066, cache_read_mtok: 0.033, output_mtok: 0.176}
      qwen3.6-35b:
        prices:
        - {input_mtok: 0.112, cache_read_mtok: 0.04, output_mtok: 0.8}
        - {from: 2026-10-19, input_mtok: 0.05, cache_read_mtok: 0.025, output_mtok: 0.7}
      qwen3.6-plus: {input_mtok: 0.26, cache_write_mtok: 0.325, output_mtok: 1.56}
      qwen3.7-flash: {input_mtok: 0.024, cache_read_mtok: 0.0048, output_mtok: 0.104}
      qwen3.7-max: {input_mtok: 1.25, cache_read_mtok: 0.25, cache_write_mtok: 1.5625, output_mtok: 3.75}
      qwen3.7-plus: {input_mtok: 0.256, cache_read_mtok: 0.0512, cache_write_mtok: 0.32, output_mtok: 1.024}
      qwen3.8-27b: {input_mtok: 0.34, cache_read_mtok: 0.068, cache_write_mtok: 0.425, output_mtok: 2.04}
      qwen3.8-27b-decentered: {input_mtok: 0.238, output_mtok: 1.428}
      qwen3.8-flash-next: {input_mtok: 0.12, cache_read_mtok: 0.0128, cache_write_mtok: 0.16, output_mtok: 0.376}
      qwen3.8-max: {input_mtok: 2, cache_read_mtok: 0.25, cache_write_mtok: 2.5, output_mtok: 6}
      qwen3.8-max-prime: {input_mtok: 4, cache_read_mtok: 0.5, output_mtok: 12}
      qwen3.8-omni-flash: {input_mtok: 0.15, cache_read_mtok: 0.016, output_mtok: 0.47}
      step-5-preview: {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 2.7}
      trio-spark-v1.3: {input_mtok: 0.042}
  together:
    match: {starts_with: together}
    models:
      Austism/chronos-hermes-13b: {input_mtok: 0.3, output_mtok: 0.3}
      Gryphe/MythoMax-L2-13b: {input_mtok: 0.3, output_mtok: 0.3}
      MiniMaxAI/MiniMax-M3: {input_mtok: 0.3, cache_read_mtok: 0.06, output_mtok: 1.2}
      MiniMaxAI/MiniMax-M3.1-Flash: {input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.6}
      Nexusflow/NexusRaven-V2-13B: {input_mtok: 0.3, output_mtok: 0.3}
      NousResearch/Nous-Capybara-7B-V1p9: {input_mtok: 0.2, output_mtok: 0.2}
      NousResearch/Nous-Hermes-2-Mixtral-8x7B-DPO: {input_mtok: 0.9, output_mtok: 0.9}
      NousResearch/Nous-Hermes-2-Mixtral-8x7B-SFT: {input_mtok: 0.9, output_mtok: 0.9}
      NousResearch/Nous-Hermes-2-Yi-34B: {input_mtok: 0.8, output_mtok: 0.8}
      NousResearch/Nous-Hermes-Llama2-13b: {input_mtok: 0.225, output_mtok: 0.225}
      NousResearch/Nous-Hermes-llama-2-7b: {input_mtok: 0.2, output_mtok: 0.2}
      Open-Orca/Mistral-7B-OpenOrca: {input_mtok: 0.2, output_mtok: 0.2}
      Qwen/Qwen1.5-0.5B: {also: [qwen/qwen1.5-0.5b-chat], input_mtok: 0.1, output_mtok: 0.1}
      Qwen/Qwen1.5-1.8B: {also: [qwen/qwen1.5-1.8b-chat], input_mtok: 0.1, output_mtok: 0.1}
      Qwen/Qwen1.5-14B: {also: [qwen/qwen1.5-14b-chat], input_mtok: 0.3, output_mtok: 0.3}
      Qwen/Qwen1.5-4B: {also: [qwen/qwen1.5-4b-chat], input_mtok: 0.1, output_mtok: 0.1}
      Qwen/Qwen1.5-72B: {input_mtok: 0.9, output_mtok: 0.9}
      Qwen/Qwen1.5-7B: {also: [qwen/qwen1.5-7b-chat], input_mtok: 0.2, output_mtok: 0.2}
      Qwen/Qwen3.5-9B: {input_mtok: 0.17, output_mtok: 0.25}
      Qwen/Qwen3.6-Plus: {input_mtok: 0.5, output_mtok: 3}
      Qwen/Qwen3.7-Max: {input_mtok: 2.5, cache_read_mtok: 0.5, output_mtok: 7.5}
      Qwen/Qwen3.7-Plus: {input_mtok: 0.32, output_mtok: 1.28}
      Qwen/Qwen3.8-2.4T-A95B: {input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 6}
      Qwen/Qwen3.8-Flash: {input_mtok: 0.15, output_mtok: 0.47}
      Undi95/ReMM-SLERP-L2-13B: {input_mtok: 0.3, output_mtok: 0.3}
      Undi95/Toppy-M-7B: {input_mtok: 0.2, output_mtok: 0.2}
      WizardLM/WizardLM-13B-V1.2: {input_mtok: 0.3, output_mtok: 0.3}
      allenai/OLMo-7B: {also: [allenai/olmo-7b-instruct, allenai/olmo-7b-twin-2t], input_mtok: 0.2, output_mtok: 0.2}
      codellama/CodeLlama-13b-Instruct-hf: {input_mtok: 0.225, output_mtok: 0.225}
      codellama/CodeLlama-34b-Instruct-hf: {input_mtok: 0.776, output_mtok: 0.776}
      codellama/CodeLlama-70b-Instruct-hf: {input_mtok: 0.9, output_mtok: 0.9}
      codellama/CodeLlama-7b-Instruct-hf: {input_mtok: 0.2, output_mtok: 0.2}
      deepseek-ai/DeepSeek-V4-Pro-0813: {input_mtok: 1.32, cache_read_mtok: 0.13, output_mtok: 3.96}
      deepseek-ai/DeepSeek-V4.1-Flash: {also: [deepseek-ai/deepseek-v4.1-flash-1017], input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
      deepseek-ai/deepseek-coder-33b-instruct: {input_mtok: 0.8, output_mtok: 0.8}
      garage-bAInd/Platypus2-70B-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      google/gemma-2b: {also: [google/gemma-2b-it], input_mtok: 0.1, output_mtok: 0.1}
      google/gemma-7b: {also: [google/gemma-7b-it], input_mtok: 0.2, output_mtok: 0.2}
      lmsys/vicuna-13b-v1.5: {input_mtok: 0.3, output_mtok: 0.3}
      lmsys/vicuna-7b-v1.5: {input_mtok: 0.2, output_mtok: 0.2}
      meta-llama/Llama-2-13b-chat-hf: {input_mtok: 0.225, output_mtok: 0.225}
      meta-llama/Llama-2-70b-chat-hf: {input_mtok: 0.9, output_mtok: 0.9}
      meta-llama/Llama-2-7b-chat-hf: {input_mtok: 0.2, output_mtok: 0.2}
      meta-llama/Llama-3-70b-chat-hf: {input_mtok: 0.9, output_mtok: 0.9}
      meta-llama/Llama-3-8b-chat-hf: {input_mtok: 0.2, output_mtok: 0.2}
      meta-llama/Llama-3.3-70B-Instruct-Turbo: {input_mtok: 0.88, output_mtok: 0.88}
      meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8: {input_mtok: 0.27, output_mtok: 0.85}
      meta-llama/Llama-4-Scout-17B-16E-Instruct: {input_mtok: 0.18, output_mtok: 0.59}
      meta-llama/Meta-Llama-3-70B-Instruct-Lite: {input_mtok: 0.54, output_mtok: 0.54}
      meta-llama/Meta-Llama-3-70B-Instruct-Turbo: {input_mtok: 0.88, output_mtok: 0.88}
      meta-llama/Meta-Llama-3-8B-Instruct-Lite: {input_mtok: 0.1, output_mtok: 0.1}
      meta-llama/Meta-Llama-3-8B-Instruct-Turbo: {input_mtok: 0.18, output_mtok: 0.18}
      meta-llama/Meta-Llama-3.1-405B-Instruct-Turbo: {input_mtok: 3.5, output_mtok: 3.5}
      meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo: {input_mtok: 0.88, output_mtok: 0.88}
      meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo: {input_mtok: 0.18, output_mtok: 0.18}
      meta-llama/Meta-Llama-3.3-70B-Instruct-Turbo: {input_mtok: 0.88, output_mtok: 0.88}
      meta-models/Muse-Glimmer-30B: {input_mtok: 0.35, cache_read_mtok: 0.04, output_mtok: 1.5}
      meta-models/Muse-Spark-Open-816B-A42B: {input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 4.25}
      microsoft/WizardLM-2-8x22B: {input_mtok: 1.2, output_mtok: 1.2}
      microsoft/phi-2: {input_mtok: 0.1, output_mtok: 0.1}
      mistralai/Mistral-7B-Instruct-v0.1: {input_mtok: 0.2, output_mtok: 0.2}
      mistralai/Mistral-7B-Instruct-v0.2: {input_mtok: 0.2, output_mtok: 0.2}
      mistralai/Mistral-7B-v0.1: {input_mtok: 0.2, output_mtok: 0.2}
      mistralai/Mixtral-8x22B-Instruct-v0.1: {input_mtok: 2.4, output_mtok: 2.4}
      mistralai/Mixtral-8x7B-Instruct-v0.1: {input_mtok: 0.9, output_mtok: 0.9}
      mistralai/Mixtral-8x7B-v0.1: {input_mtok: 0.9, output_mtok: 0.9}
      moonshotai/Kimi-K3: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      moonshotai/Kimi-K3.1-Pro: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 10}
      nvidia/NVIDIA-Nemotron-3.5-Super-VL: {input_mtok: 0.15, cache_read_mtok: 0.02, output_mtok: 0.5}
      openai/gpt-oss-120b: {input_mtok: 0.15, output_mtok: 0.6}
      openchat/openchat-3.5-1210: {input_mtok: 0.2, output_mtok: 0.2}
      reflection/Beam-1.0-501B-A23B: {input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 1.2}
      ricursive-ai/Ripple-65B-Preview: {input_mtok: 0.2, output_mtok: 0.6}
      snorkelai/Snorkel-Mistral-PairRM-DPO: {input_mtok: 0.2, output_mtok: 0.2}
      teknium/OpenHermes-2-Mistral-7B: {input_mtok: 0.2, output_mtok: 0.2}
      teknium/OpenHermes-2p5-Mistral-7B: {input_mtok: 0.2, output_mtok: 0.2}
      thinkingmachines/Inkling: {input_mtok: 1, cache_read_mtok: 0.17, output_mtok: 4.05}
      together/Tev1-4B-experimental:
        prices:
        - {input_mtok: 0.04}
        - {from: 2026-10-19, input_mtok: 0.042}
      togethercomputer/GPT-JT-Moderation-6B: {input_mtok: 0.2, output_mtok: 0.2}
      togethercomputer/Llama-2-7B-32K-Instruct: {input_mtok: 0.2, output_mtok: 0.2}
      togethercomputer/RedPajama-INCITE-7B-Base: {input_mtok: 0.2, output_mtok: 0.2}
      togethercomputer/RedPajama-INCITE-7B-Chat: {input_mtok: 0.2, output_mtok: 0.2}
      togethercomputer/RedPajama-INCITE-7B-Instruct: {input_mtok: 0.2, output_mtok: 0.2}
      togethercomputer/RedPajama-INCITE-Base-3B-v1: {input_mtok: 0.1, output_mtok: 0.1}
      togethercomputer/RedPajama-INCITE-Chat-3B-v1: {input_mtok: 0.1, output_mtok: 0.1}
      togethercomputer/RedPajama-INCITE-Instruct-3B-v1: {input_mtok: 0.1, output_mtok: 0.1}
      togethercomputer/StripedHyena-Hessian-7B: {input_mtok: 0.2, output_mtok: 0.2}
      togethercomputer/StripedHyena-Nous-7B: {input_mtok: 0.2, output_mtok: 0.2}
      togethercomputer/alpaca-7b: {input_mtok: 0.2, output_mtok: 0.2}
      upstage/SOLAR-10.7B-Instruct-v1.0: {input_mtok: 0.3, output_mtok: 0.3}
      zai-org/GLM-5.2: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      zai-org/GLM-5.3: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      zai-org/GLM-5.3-Flash: {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
      zero-one-ai/Yi-34B: {input_mtok: 0.8, output_mtok: 0.8}
      zero-one-ai/Yi-6B: {input_mtok: 0.2, output_mtok: 0.2}
      together-ai-21.1b-41b: {input_mtok: 0.8, output_mtok: 0.8}
      together-ai-4.1b-8b: {input_mtok: 0.2, output_mtok: 0.2}
      together-ai-41.1b-80b: {input_mtok: 0.9, output_mtok: 0.9}
      together-ai-8.1b-21b: {input_mtok: 0.3, output_mtok: 0.3}
      together-ai-81.1b-110b: {input_mtok: 1.8, output_mtok: 1.8}
      together-ai-embedding-151m-to-350m: {input_mtok: 0.016, output_mtok: 0}
      together-ai-embedding-up-to-150m: {input_mtok: 0.008, output_mtok: 0}
      BAAI/bge-base-en-v1.5: {input_mtok: 0.008, output_mtok: 0}
      together-ai-up-to-4b: {input_mtok: 0.1, output_mtok: 0.1}
      Qwen/Qwen2.5-7B-Instruct-Turbo: {input_mtok: 0.3, output_mtok: 0.3}
      deepseek-ai/DeepSeek-V3: {input_mtok: 1.25, output_mtok: 1.25}
      moonshotai/Kimi-K2-Instruct: {input_mtok: 1, output_mtok: 3}
      zai-org/GLM-4.6: {input_mtok: 0.6, output_mtok: 2.2}
      arize-ai/qwen-2-1.5b-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      deepseek-ai/DeepSeek-V4-Flash-0731: {input_mtok: 0.14, cache_read_mtok: 0.03, output_mtok: 0.28}
      moonshotai/Kimi-K2.5-fp4: {input_mtok: 0.5, output_mtok: 2.8}
      MiniMaxAI/MiniMax-M2.7: {input_mtok: 0.3, cache_read_mtok: 0.06, output_mtok: 1.2}
      deepseek-ai/DeepSeek-R1-0528: {input_mtok: 3, output_mtok: 7}
      mistralai/Ministral-3-14B-Instruct-2512: {input_mtok: 0.2, output_mtok: 0.2}
      nvidia/NVIDIA-Nemotron-Nano-9B-v2: {input_mtok: 0.06, output_mtok: 0.25}
      mistralai/Mistral-7B-Instruct-v0.3: {input_mtok: 0.2, output_mtok: 0.2}
      arcee-ai/trinity-mini: {input_mtok: 0.045, output_mtok: 0.15}
      meta-llama/Llama-3.1-405B-Instruct: {input_mtok: 3.5, output_mtok: 3.5}
      meta-llama/Llama-3.2-1B-Instruct: {input_mtok: 0.06, output_mtok: 0.06}
      meta-llama/Llama-3.2-3B-Instruct: {input_mtok: 0.06, output_mtok: 0.06}
      Qwen/Qwen2-1.5B-Instruct: {input_mtok: 0.02, output_mtok: 0.02}
      Qwen/Qwen2.5-14B-Instruct: {input_mtok: 0.8, output_mtok: 0.8}
      Qwen/Qwen2.5-72B-Instruct: {input_mtok: 1.2, output_mtok: 1.2}
      Salesforce/Llama-Rank-V1: {input_mtok: 0.1, output_mtok: 0}
      meta-llama/Meta-Llama-3.1-8B: {input_mtok: 0.2, output_mtok: 0.2}
      Qwen/QwQ-32B: {input_mtok: 1.2, output_mtok: 1.2}
      Qwen/Qwen2-72B-Instruct: {input_mtok: 0.9, output_mtok: 0.9}
      Qwen/Qwen2-VL-72B-Instruct: {input_mtok: 1.2, output_mtok: 1.2}
      Qwen/Qwen2.5-72B-Instruct-Turbo: {input_mtok: 1.2, output_mtok: 1.2}
      Qwen/Qwen2.5-Coder-32B-Instruct: {input_mtok: 0.8, output_mtok: 0.8}
      Qwen/Qwen2.5-VL-72B-Instruct: {input_mtok: 1.95, output_mtok: 8}
      Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8: {input_mtok: 2, output_mtok: 2}
      Qwen/Qwen3-Coder-Next-FP8: {input_mtok: 0.5, output_mtok: 1.2}
      Qwen/Qwen3-Next-80B-A3B-Instruct: {input_mtok: 0.15, output_mtok: 1.5}
      Qwen/Qwen3-Next-80B-A3B-Thinking: {input_mtok: 0.15, output_mtok: 1.5}
      Qwen/Qwen3-VL-32B-Instruct: {input_mtok: 0.5, output_mtok: 1.5}
      Qwen/Qwen3-VL-8B-Instruct: {input_mtok: 0.18, output_mtok: 0.68}
      Qwen/Qwen3.5-397B-A17B: {input_mtok: 0.6, cache_read_mtok: 0.35, output_mtok: 3.6}
      deepseek-ai/DeepSeek-R1-Distill-Llama-70B: {input_mtok: 2, output_mtok: 2}
      deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B: {input_mtok: 0.18, output_mtok: 0.18}
      deepseek-ai/DeepSeek-R1-Distill-Qwen-14B: {input_mtok: 1.6, output_mtok: 1.6}
      deepseek-ai/DeepSeek-V3.1: {input_mtok: 0.6, output_mtok: 1.7}
      google/gemma-2-27b-it: {input_mtok: 0.8, output_mtok: 0.8}
      google/gemma-4-31B-it: {input_mtok: 0.39, output_mtok: 0.97}
      meta-llama/Meta-Llama-3-8B-Instruct: {input_mtok: 0.2, output_mtok: 0.2}
      mistralai/Mistral-Small-24B-Instruct-2501: {input_mtok: 0.1, output_mtok: 0.3}
      moonshotai/Kimi-K2.6: {input_mtok: 1.2, cache_read_mtok: 0.2, output_mtok: 4.5}
      moonshotai/Kimi-K2.7-Code: {input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
      nvidia/Llama-3.1-Nemotron-70B-Instruct-HF: {input_mtok: 0.88, output_mtok: 0.88}
      nvidia/nemotron-3-ultra-550b-a55b: {input_mtok: 0.6, cache_read_mtok: 0.2, output_mtok: 3.6}
      openai/gpt-oss-20b: {input_mtok: 0.05, output_mtok: 0.2}
      zai-org/GLM-4.5-Air-FP8: {input_mtok: 0.2, output_mtok: 1.1}
      zai-org/GLM-4.7: {input_mtok: 0.45, output_mtok: 2}
      zai-org/GLM-5: {input_mtok: 1, output_mtok: 3.2}
      zai-org/GLM-5.1: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
  typesafe:
    match: {contains: typesafe}
    model_match: {starts_with: jev-}
    models:
      jev-1.13.0: {match: {or: [jev-1.13.0, {regex: "^(typesafe/)?jev-1\\.13(-\\d{8})?$"}]}, input_mtok: 0.042}
      jev-1.14.0: {match: {or: [jev-1.14.0, {regex: "^(typesafe/)?jev-1\\.14(-\\d{8})?$"}, jev-preview, jev-latest]}, input_mtok: 0.042}
  voyageai:
    match: {contains: voyage}
    model_match: {starts_with: voyage-}
    models:
      voyage-01: {input_mtok: 0.1}
      voyage-02: {input_mtok: 0.1}
      voyage-2: {input_mtok: 0.1}
      voyage-3: {input_mtok: 0.06}
      voyage-3-large: {input_mtok: 0.18}
      voyage-3-lite: {input_mtok: 0.02}
      voyage-3.5: {input_mtok: 0.06}
      voyage-3.5-lite: {input_mtok: 0.02}
      voyage-4: {input_mtok: 0.06}
      voyage-4-large: {input_mtok: 0.12}
      voyage-4-lite: {input_mtok: 0.02}
      voyage-code-2: {input_mtok: 0.12}
      voyage-code-3: {input_mtok: 0.18}
      voyage-code-4: {input_mtok: 0.12}
      voyage-context-3: {input_mtok: 0.18}
      voyage-context-4: {input_mtok: 0.12}
      voyage-finance-2: {input_mtok: 0.12}
      voyage-large-2: {input_mtok: 0.12}
      voyage-large-2-instruct: {input_mtok: 0.12}
      voyage-law-2: {input_mtok: 0.12}
      voyage-lite-01: {input_mtok: 0.1}
      voyage-lite-01-instruct: {input_mtok: 0.1}
      voyage-lite-02-instruct: {input_mtok: 0.1}
      voyage-multilingual-2: {input_mtok: 0.12}
      rerank-2: {input_mtok: 0.05, output_mtok: 0}
      rerank-2-lite: {input_mtok: 0.02, output_mtok: 0}
      rerank-1: {input_mtok: 0.05, output_mtok: 0}
      rerank-lite-1: {input_mtok: 0.02, output_mtok: 0}
      rerank-2.5: {input_mtok: 0.05, output_mtok: 0}
      rerank-2.5-lite: {input_mtok: 0.02, output_mtok: 0}
      rerank-3: {input_mtok: 0.05, output_mtok: 0}
      rerank-3-lite: {input_mtok: 0.02, output_mtok: 0}
      voyage-multimodal-3: {input_mtok: 0.12, output_mtok: 0}
      voyage-multimodal-3.5: {input_mtok: 0.12, output_mtok: 0}
  x-ai:
    match: {or: [xai, x_ai, grok]}
    model_match: {contains: grok}
    models:
      grok-2-1212: {also: [grok-2, grok-2-latest], input_mtok: 2, output_mtok: 10}
      grok-2-vision-1212: {also: [grok-2-vision, grok-2-vision-latest], input_mtok: 2, output_mtok: 10}
      grok-3: {also: [grok-3-latest, grok-3-beta], input_mtok: 3, cache_read_mtok: 0.75, output_mtok: 15}
      grok-3-fast: {also: [grok-3-fast-latest, grok-3-fast-beta], input_mtok: 5, cache_read_mtok: 1.25, output_mtok: 25}
      grok-3-mini: {also: [grok-3-mini-beta, grok-3-mini-latest], input_mtok: 0.3, cache_read_mtok: 0.075, output_mtok: 0.5}
      grok-3-mini-fast: {also: [grok-3-mini-fast-beta, grok-3-mini-fast-latest], input_mtok: 0.6, cache_read_mtok: 0.15, output_mtok: 4}
      grok-4-0709: {also: [grok-4, grok-4-latest], input_mtok: 3, cache_read_mtok: 0.75, output_mtok: 15}
      grok-4-1-fast-non-reasoning: {also: [grok-4-1-fast-non-reasoning-latest], input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.5}
      grok-4-1-fast-reasoning: {also: [grok-4-1-fast, grok-4-1-fast-reasoning-latest], input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.5}
      grok-4-fast-non-reasoning: {also: [grok-4-fast-non-reasoning-latest], input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.5}
      grok-4-fast-reasoning: {also: [grok-4-fast, grok-4-fast-reasoning-latest], input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.5}
      grok-4.20:
        also: [grok-4.20-0309-reasoning, grok-4.20-0309-non-reasoning]
        prices:
        - {input_mtok: {0: 2, 199999: 4}, cache_read_mtok: {0: 0.2, 199999: 0.4}, output_mtok: {0: 6, 199999: 12}}
        - {from: 2026-04-30, input_mtok: {0: 1.25, 199999: 2.5}, cache_read_mtok: {0: 0.2, 199999: 0.4}, output_mtok: {0: 2.5, 199999: 5}}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 1, 199999: 2}, cache_read_mtok: {0: 0.16, 199999: 0.32}, output_mtok: {0: 2, 199999: 4}}
      grok-4.20-multi-agent-0309:
        also: [grok-4.20-multi-agent, grok-4.20-multi-agent-beta-0309, grok-4.20-multi-agent-latest, grok-4.20-multi-agent-beta-latest]
        prices:
        - {input_mtok: {0: 2, 199999: 4}, cache_read_mtok: {0: 0.2, 199999: 0.4}, output_mtok: {0: 6, 199999: 12}}
        - {from: 2026-04-30, input_mtok: {0: 1.25, 199999: 2.5}, cache_read_mtok: {0: 0.2, 199999: 0.4}, output_mtok: {0: 2.5, 199999: 5}}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 1, 199999: 2}, cache_read_mtok: {0: 0.16, 199999: 0.32}, output_mtok: {0: 2, 199999: 4}}
      grok-4.3:
        match: {or: [grok-4.3, {regex: "^grok-4\\.3-\\d{8}$"}, x-ai/grok-4.3, {regex: "^x-ai/grok-4\\.3-\\d{8}$"}, grok-4.3-latest]}
        prices:
        - {input_mtok: {0: 1.25, 199999: 2.5}, cache_read_mtok: {0: 0.2, 199999: 0.4}, output_mtok: {0: 2.5, 199999: 5}}
        - {from: 2026-10-14, tier: batch, input_mtok: {0: 1, 199999: 2}, cache_read_mtok: {0: 0.16, 199999: 0.32}, output_mtok: {0: 2, 199999: 4}}
      grok-4.5: {match: {or: [grok-4.5, {regex: "^grok-4\\.5-\\d{8}$"}, x-ai/grok-4.5, {regex: "^x-ai/grok-4\\.5-\\d{8}$"}, grok-4.5-latest, grok-latest]}, input_mtok: {0: 2, 199999: 4}, cache_read_mtok: {0: 0.3, 199999: 0.6}, output_mtok: {0: 6, 199999: 12}}
      grok-4.6: {match: {or: [grok-4.6, {regex: "^grok-4\\.6-\\d{8}$"}, x-ai/grok-4.6, {regex: "^x-ai/grok-4\\.6-\\d{8}$"}, grok-4.6-latest]}, input_mtok: {0: 2, 199999: 4}, cache_read_mtok: {0: 0.5, 199999: 1}, output_mtok: {0: 6, 199999: 12}}
      grok-4.7: {match: {or: [grok-4.7, {regex: "^grok-4\\.7-\\d{8}$"}, x-ai/grok-4.7, {regex: "^x-ai/grok-4\\.7-\\d{8}$"}, grok-4.7-latest]}, input_mtok: {0: 2, 199999: 4}, cache_read_mtok: {0: 0.5, 199999: 1}, output_mtok: {0: 6, 199999: 12}}
      grok-build-0.1: {input_mtok: {0: 1, 199999: 2}, cache_read_mtok: {0: 0.2, 199999: 0.4}, output_mtok: {0: 2, 199999: 4}}
      grok-code-fast-1: {also: [grok-code-fast, grok-code-fast-1-0825], input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 1.5}
      grok-voice-latest:
        also: [grok-voice-3.0]
        prices:
        - {input_hours: 3}
        - {from: 2026-08-05, input_hours: 4.8}
      grok-voice-think-fast-1.0: {input_hours: 3}
      grok-voice-think-fast-2.0: {input_hours: 4.8}
      grok-4.20-beta-0309-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-beta-0309-non-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-build-latest: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.3, 200000: 0.6}, output_mtok: {0: 6, 200000: 12}, input_image_mtok: 2}
      grok-4.20-reasoning:
        prices:
        - {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
        - {tier: batch, input_mtok: {0: 1, 200000: 2}, cache_read_mtok: {0: 0.16, 200000: 0.32}, output_mtok: {0: 2, 200000: 4}}
      grok-4.20-reasoning-latest:
        prices:
        - {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
        - {tier: batch, input_mtok: {0: 1, 200000: 2}, cache_read_mtok: {0: 0.16, 200000: 0.32}, output_mtok: {0: 2, 200000: 4}}
      grok-imagine-video: {output_hours: 180}
      grok-imagine-video-1.5: {output_hours: 288}
      grok-imagine-video-1.5-lite: {output_hours: 72}
      grok-imagine-video-1.5-2026-05-30: {output_hours: 288}
      grok-imagine-video-1.5-preview: {output_hours: 288}
      grok-voice-transcribe-1.0: {input_hours: 0.100008, output_hours: 0}
      grok-voice-transcribe-2.0: {input_hours: 0.100008, output_hours: 0}
      grok-4.20-non-reasoning:
        prices:
        - {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
        - {tier: batch, input_mtok: {0: 1, 200000: 2}, cache_read_mtok: {0: 0.16, 200000: 0.32}, output_mtok: {0: 2, 200000: 4}}
      grok-4.20-non-reasoning-latest:
        prices:
        - {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
        - {tier: batch, input_mtok: {0: 1, 200000: 2}, cache_read_mtok: {0: 0.16, 200000: 0.32}, output_mtok: {0: 2, 200000: 4}}
      grok-4.20-0309:
        prices:
        - {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
        - {tier: batch, input_mtok: {0: 1, 200000: 2}, cache_read_mtok: {0: 0.16, 200000: 0.32}, output_mtok: {0: 2, 200000: 4}}
      grok-4.20-beta: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-beta-0309: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-beta-latest: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-beta-latest-non-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-beta-latest-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-beta-non-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-beta-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-experimental-beta-0304: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-experimental-beta-0304-non-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-experimental-beta-0304-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-experimental-beta-latest: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-experimental-beta-non-reasoning-latest: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-experimental-beta-reasoning-latest: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-multi-agent-experimental-beta-0304: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-multi-agent-experimental-beta-latest: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-non-reasoning-gv2: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-4.20-reasoning-gv2: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}, input_image_mtok: 1.25}
      grok-voice-2.0: {input_hours: 4.8}
  zai:
    models:
      GLM-4-32B-0414-128K: {also: [glm-4-32b-0414-128k], input_mtok: 0.1, output_mtok: 0.1}
      GLM-4.5: {also: [glm-4.5], input_mtok: 0.6, cache_read_mtok: 0.11, output_mtok: 2.2}
      GLM-4.5-Air: {also: [glm-4.5-air], input_mtok: 0.2, cache_read_mtok: 0.03, output_mtok: 1.1}
      GLM-4.5-AirX: {also: [glm-4.5-airx], input_mtok: 1.1, cache_read_mtok: 0.22, output_mtok: 4.5}
      GLM-4.5-X: {also: [glm-4.5-x], input_mtok: 2.2, cache_read_mtok: 0.45, output_mtok: 8.9}
      GLM-4.5V: {also: [glm-4.5v], input_mtok: 0.6, cache_read_mtok: 0.11, output_mtok: 1.8}
      GLM-4.6: {also: [glm-4.6], input_mtok: 0.6, cache_read_mtok: 0.11, output_mtok: 2.2}
      GLM-4.6V: {also: [glm-4.6v], input_mtok: 0.3, cache_read_mtok: 0.05, output_mtok: 0.9}
      GLM-4.6V-FlashX: {also: [glm-4.6v-flashx], input_mtok: 0.04, cache_read_mtok: 0.004, output_mtok: 0.4}
      GLM-4.7: {also: [glm-4.7], input_mtok: 0.6, cache_read_mtok: 0.11, output_mtok: 2.2}
      GLM-4.7-FlashX: {also: [glm-4.7-flashx], input_mtok: 0.07, cache_read_mtok: 0.01, output_mtok: 0.4}
      GLM-5: {also: [glm-5], input_mtok: 1, cache_read_mtok: 0.2, output_mtok: 3.2}
      GLM-5.1: {also: [glm-5.1], input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      GLM-5.2: {also: [glm-5.2], input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      GLM-5.3: {also: [glm-5.3], input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      GLM-5.3-Flash:
        also: [glm-5.3-flash]
        prices:
        - {input_mtok: 0.075, cache_read_mtok: 0.015, output_mtok: 0.25}
        - {from: 2026-09-10, input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
      GLM-5.3-FlashX: {also: [glm-5.3-flashx, glm-5.3-flashx-legal, glm-5.3-flashx-legal], input_mtok: 0.37, cache_read_mtok: 0.075, output_mtok: 1.25}
      GLM-OCR: {also: [glm-ocr], input_mtok: 0.03, output_mtok: 0.03}
      glm-5v-turbo: {input_mtok: 1.2, cache_read_mtok: 0.24, output_mtok: 4}
      glm-5-code: {input_mtok: 1.2, cache_read_mtok: 0.3, cache_write_mtok: 0, output_mtok: 5}
  zhipuai:
    model_match: {or: [{starts_with: glm-}, {starts_with: glm-}]}
    models:
      GLM-4-Air: {also: [glm-4-air], input_mtok: 0.069, cache_read_mtok: 0.034, output_mtok: 0.069}
      GLM-4-AirX: {also: [glm-4-airx], input_mtok: 1.379, output_mtok: 1.379}
      GLM-4-Assistant: {also: [glm-4-assistant], input_mtok: 0.69, output_mtok: 0.69}
      GLM-4-FlashX-250414: {also: [glm-4-flashx-250414], input_mtok: 0.014, cache_read_mtok: 0.007, output_mtok: 0.014}
      GLM-4-Long: {also: [glm-4-long], input_mtok: 0.138, cache_read_mtok: 0.069, output_mtok: 0.138}
      GLM-4-Plus: {also: [glm-4-plus], input_mtok: 0.69, cache_read_mtok: 0.345, output_mtok: 0.69}
      GLM-4.5-Air: {also: [glm-4.5-air], input_mtok: 0.11, cache_read_mtok: 0.022, output_mtok: 0.276}
      GLM-4.7: {also: [glm-4.7], input_mtok: 0.276, cache_read_mtok: 0.055, output_mtok: 1.103}
      GLM-4.7-FlashX: {also: [glm-4.7-flashx], input_mtok: 0.069, cache_read_mtok: 0.014, output_mtok: 0.414}
      GLM-5: {also: [glm-5], input_mtok: 0.552, cache_read_mtok: 0.138, output_mtok: 2.483}
      GLM-5-Turbo: {also: [glm-5-turbo], input_mtok: 0.69, cache_read_mtok: 0.166, output_mtok: 3.034}
      GLM-5.1: {also: [glm-5.1, glm-5.1-20260406, glm-5.1-20260406], input_mtok: 0.828, cache_read_mtok: 0.179, output_mtok: 3.31}
      GLM-5.2: {also: [glm-5.2], input_mtok: 1.103, cache_read_mtok: 0.276, output_mtok: 3.862}
      GLM-5.3: {also: [glm-5.3], input_mtok: 1.103, cache_read_mtok: 0.276, output_mtok: 3.862}
      GLM-5.3-Flash:
        also: [glm-5.3-flash]
        prices:
        - {input_mtok: 0.055, cache_read_mtok: 0.016, output_mtok: 0.193}
        - {from: 2026-09-10, input_mtok: 0.11, cache_read_mtok: 0.032, output_mtok: 0.386}
  abliteration:
    models:
      abliterated-model: {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 3}
      abliterated-model-large: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 5}
      abliterated-model-large-v2: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 5}
      abliterated-model-large-flash: {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 2}
  aiml:
    models:
      dall-e-2: {images_kcount: 26}
      dall-e-3: {images_kcount: 52}
      flux-pro: {images_kcount: 65}
      flux-pro/v1.1: {images_kcount: 52}
      flux-pro/v1.1-ultra: {images_kcount: 63}
      flux-realism: {images_kcount: 46}
      flux/dev: {images_kcount: 33}
      flux/kontext-max/text-to-image: {images_kcount: 104}
      flux/kontext-pro/text-to-image: {images_kcount: 52}
      flux/schnell: {images_kcount: 4}
      google/imagen-4.0-ultra-generate-001: {images_kcount: 78}
      google/nano-banana-pro: {images_kcount: 195}
      openai/gpt-image-2: {images_kcount: 54}
  anyscale:
    models:
      HuggingFaceH4/zephyr-7b-beta: {input_mtok: 0.15, output_mtok: 0.15}
      codellama/CodeLlama-34b-Instruct-hf: {input_mtok: 1, output_mtok: 1}
      codellama/CodeLlama-70b-Instruct-hf: {input_mtok: 1, output_mtok: 1}
      google/gemma-7b-it: {input_mtok: 0.15, output_mtok: 0.15}
      meta-llama/Llama-2-13b-chat-hf: {input_mtok: 0.25, output_mtok: 0.25}
      meta-llama/Llama-2-70b-chat-hf: {input_mtok: 1, output_mtok: 1}
      meta-llama/Llama-2-7b-chat-hf: {input_mtok: 0.15, output_mtok: 0.15}
      meta-llama/Meta-Llama-3-70B-Instruct: {input_mtok: 1, output_mtok: 1}
      meta-llama/Meta-Llama-3-8B-Instruct: {input_mtok: 0.15, output_mtok: 0.15}
      mistralai/Mistral-7B-Instruct-v0.1: {input_mtok: 0.15, output_mtok: 0.15}
      mistralai/Mixtral-8x22B-Instruct-v0.1: {input_mtok: 0.9, output_mtok: 0.9}
      mistralai/Mixtral-8x7B-Instruct-v0.1: {input_mtok: 0.15, output_mtok: 0.15}
  assemblyai:
    models:
      best: {input_hours: 0.119988, output_hours: 0}
      nano: {input_hours: 0.370008, output_hours: 0}
  black_forest_labs:
    models:
      flux-kontext-pro: {images_kcount: 40}
      flux-kontext-max: {images_kcount: 80}
      flux-pro-1.0-fill: {images_kcount: 50}
      flux-pro-1.0-expand: {images_kcount: 50}
      flux-pro-1.1: {images_kcount: 40}
      flux-pro-1.1-ultra: {images_kcount: 60}
      flux-dev: {images_kcount: 25}
      flux-pro: {images_kcount: 50}
  nlp_cloud:
    models:
      chatdolphin: {input_mtok: 0.5, output_mtok: 0.5}
      dolphin: {input_mtok: 0.5, output_mtok: 0.5}
  coralbricks:
    models:
      glm-5.3-fast: {input_mtok: 1.12, cache_read_mtok: 0, cache_write_mtok: 1.68, output_mtok: 4.4}
      glm-5.3-fp4: {input_mtok: 1.12, cache_read_mtok: 0, cache_write_mtok: 1.68, output_mtok: 4.4}
      glm-5.3: {input_mtok: 1.12, cache_read_mtok: 0, cache_write_mtok: 1.68, output_mtok: 4.4}
      deepseek-v4.1-flash-fast: {input_mtok: 0.01, cache_read_mtok: 0, cache_write_mtok: 0.09, output_mtok: 1.2}
      deepseek-v4.1-flash-fast-fp4: {input_mtok: 0.01, cache_read_mtok: 0, cache_write_mtok: 0.09, output_mtok: 1.2}
      deepseek-v4.1-flash: {input_mtok: 0.01, cache_read_mtok: 0, cache_write_mtok: 0.09, output_mtok: 1.2}
  dashscope:
    models:
      deepseek-v4-flash: {input_mtok: 0.2, cache_read_mtok: 0.04, output_mtok: 0.4}
      deepseek-v4-flash-0731: {input_mtok: 0.2, cache_read_mtok: 0.04, output_mtok: 0.4}
      deepseek-v4-pro: {input_mtok: 2.4, cache_read_mtok: 0.2, output_mtok: 4.8}
      glm-5.1: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      glm-5.2: {input_mtok: 1.4, cache_read_mtok: 0.28, output_mtok: 4.4}
      kimi-k2.7-code: {input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
      qwen-coder: {input_mtok: 0.3, output_mtok: 1.5}
      qwen-flash: {input_mtok: {0: 0.05, 256000: 0.25}, output_mtok: {0: 0.4, 256000: 2}}
      qwen-flash-2025-07-28: {input_mtok: {0: 0.05, 256000: 0.25}, output_mtok: {0: 0.4, 256000: 2}}
      qwen-max: {input_mtok: 1.6, output_mtok: 6.4}
      qwen-plus: {input_mtok: 0.4, output_mtok: 1.2}
      qwen-plus-2025-01-25: {input_mtok: 0.4, output_mtok: 1.2}
      qwen-plus-2025-04-28: {input_mtok: 0.4, output_mtok: 1.2, output_reasoning_mtok: 4}
      qwen-plus-2025-07-14: {input_mtok: 0.4, output_mtok: 1.2, output_reasoning_mtok: 4}
      qwen-plus-2025-07-28: {input_mtok: {0: 0.4, 256000: 1.2}, output_mtok: {0: 1.2, 256000: 3.6}, output_reasoning_mtok: {0: 4, 256000: 12}}
      qwen-plus-2025-09-11: {input_mtok: {0: 0.4, 256000: 1.2}, output_mtok: {0: 1.2, 256000: 3.6}, output_reasoning_mtok: {0: 4, 256000: 12}}
      qwen-plus-latest: {input_mtok: {0: 0.4, 256000: 1.2}, output_mtok: {0: 1.2, 256000: 3.6}, output_reasoning_mtok: {0: 4, 256000: 12}}
      qwen-turbo: {input_mtok: 0.05, output_mtok: 0.2, output_reasoning_mtok: 0.5}
      qwen-turbo-2024-11-01: {input_mtok: 0.05, output_mtok: 0.2}
      qwen-turbo-2025-04-28: {input_mtok: 0.05, output_mtok: 0.2, output_reasoning_mtok: 0.5}
      qwen-turbo-latest: {input_mtok: 0.05, output_mtok: 0.2, output_reasoning_mtok: 0.5}
      qwen3-coder-flash: {input_mtok: {0: 0.3, 32000: 0.5, 128000: 0.8, 256000: 1.6}, cache_read_mtok: {0: 0.08, 32000: 0.12, 128000: 0.2, 256000: 0.4}, output_mtok: {0: 1.5, 32000: 2.5, 128000: 4, 256000: 9.6}}
      qwen3-coder-flash-2025-07-28: {input_mtok: {0: 0.3, 32000: 0.5, 128000: 0.8, 256000: 1.6}, output_mtok: {0: 1.5, 32000: 2.5, 128000: 4, 256000: 9.6}}
      qwen3-coder-plus: {input_mtok: {0: 1, 32000: 1.8, 128000: 3, 256000: 6}, cache_read_mtok: {0: 0.1, 32000: 0.18, 128000: 0.3, 256000: 0.6}, output_mtok: {0: 5, 32000: 9, 128000: 15, 256000: 60}}
      qwen3-coder-plus-2025-07-22: {input_mtok: {0: 1, 32000: 1.8, 128000: 3, 256000: 6}, output_mtok: {0: 5, 32000: 9, 128000: 15, 256000: 60}}
      qwen3-max-preview: {input_mtok: {0: 1.2, 32000: 2.4, 128000: 3}, output_mtok: {0: 6, 32000: 12, 128000: 15}}
      qwen3-max: {input_mtok: {0: 1.2, 32000: 2.4, 128000: 3}, output_mtok: {0: 6, 32000: 12, 128000: 15}}
      qwen3-max-2026-01-23: {input_mtok: {0: 1.2, 32000: 2.4, 128000: 3}, output_mtok: {0: 6, 32000: 12, 128000: 15}}
      qwen3-next-80b-a3b-instruct: {input_mtok: 0.15, output_mtok: 1.2}
      qwen3-next-80b-a3b-thinking: {input_mtok: 0.15, output_mtok: 1.2}
      qwen3-vl-235b-a22b-instruct: {input_mtok: 0.4, output_mtok: 1.6}
      qwen3-vl-235b-a22b-thinking: {input_mtok: 0.4, output_mtok: 4}
      qwen3-vl-32b-instruct: {input_mtok: 0.16, output_mtok: 0.64}
      qwen3-vl-32b-thinking: {input_mtok: 0.16, output_mtok: 2.87}
      qwen3-vl-plus: {input_mtok: {0: 0.2, 32000: 0.3, 128000: 0.6}, output_mtok: {0: 1.6, 32000: 2.4, 128000: 4.8}}
      qwen3.5-plus: {input_mtok: {0: 0.4, 256000: 0.5}, output_mtok: {0: 2.4, 256000: 3}}
      qwen3.7-max: {input_mtok: 2.5, cache_read_mtok: 0.5, cache_write_mtok: 3.125, output_mtok: 7.5}
      qwen3.7-plus: {input_mtok: {0: 0.4, 256000: 1.2}, cache_read_mtok: {0: 0.08, 256000: 0.24}, output_mtok: {0: 1.6, 256000: 4.8}}
      qwen3.8-max: {input_mtok: 2, cache_read_mtok: 0.25, output_mtok: 6}
      qwen3.8-flash: {input_mtok: 0.15, cache_read_mtok: 0.016, cache_write_mtok: 0.2, output_mtok: 0.47}
      qwen3.8-omni-flash: {input_mtok: 0.15, cache_read_mtok: 0.016, output_mtok: 0.47}
      qwq-plus: {input_mtok: 0.8, output_mtok: 2.4}
      qwen-image-2.0: {images_kcount: 35}
      qwen-image-2.0-pro: {images_kcount: 75}
      qwen-image-3.0: {images_kcount: 30}
      qwen3-tts-flash: {input_mchars: 10}
      qwen-audio-3.1-tts-flash: {input_mtok: 0.23, output_mtok: 1.87}
      qwen-audio-3.1-tts-plus: {input_mchars: 30}
      qwen-audio-3.0-tts-plus: {input_mchars: 20}
      qwen-audio-3.0-tts-flash: {input_mchars: 15}
      wan3.0-video: {output_hours: 594.09}
      wan3.0-video-prime: {output_hours: 915.8364}
      happyhorse-1.1-t2v: {output_hours: 594.0936}
      happyhorse-1.1-i2v: {output_hours: 594.0936}
      happyhorse-1.1-r2v: {output_hours: 594.0936}
      happyhorse-1.0-t2v: {output_hours: 792.1224}
      happyhorse-1.0-i2v: {output_hours: 792.1224}
      happyhorse-1.0-r2v: {output_hours: 792.1224}
      wan2.7-t2v: {output_hours: 516.0708}
      wan2.7-i2v: {output_hours: 516.0708}
      wan2.7-r2v: {output_hours: 516.0708}
  qwencloud:
    models:
      deepseek-v4-flash: {input_mtok: 0.2, cache_read_mtok: 0.04, output_mtok: 0.4}
      deepseek-v4-flash-0731: {input_mtok: 0.2, cache_read_mtok: 0.04, output_mtok: 0.4}
      deepseek-v4-pro: {input_mtok: 2.4, cache_read_mtok: 0.2, output_mtok: 4.8}
      glm-5.1: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      glm-5.2: {input_mtok: 1.4, cache_read_mtok: 0.28, output_mtok: 4.4}
      kimi-k2.7-code: {input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
      qwen-coder: {input_mtok: 0.3, output_mtok: 1.5}
      qwen-flash: {input_mtok: {0: 0.05, 256000: 0.25}, output_mtok: {0: 0.4, 256000: 2}}
      qwen-flash-2025-07-28: {input_mtok: {0: 0.05, 256000: 0.25}, output_mtok: {0: 0.4, 256000: 2}}
      qwen-max: {input_mtok: 1.6, output_mtok: 6.4}
      qwen-plus: {input_mtok: 0.4, output_mtok: 1.2}
      qwen-plus-2025-01-25: {input_mtok: 0.4, output_mtok: 1.2}
      qwen-plus-2025-04-28: {input_mtok: 0.4, output_mtok: 1.2, output_reasoning_mtok: 4}
      qwen-plus-2025-07-14: {input_mtok: 0.4, output_mtok: 1.2, output_reasoning_mtok: 4}
      qwen-plus-2025-07-28: {input_mtok: {0: 0.4, 256000: 1.2}, output_mtok: {0: 1.2, 256000: 3.6}, output_reasoning_mtok: {0: 4, 256000: 12}}
      qwen-plus-2025-09-11: {input_mtok: {0: 0.4, 256000: 1.2}, output_mtok: {0: 1.2, 256000: 3.6}, output_reasoning_mtok: {0: 4, 256000: 12}}
      qwen-plus-latest: {input_mtok: {0: 0.4, 256000: 1.2}, output_mtok: {0: 1.2, 256000: 3.6}, output_reasoning_mtok: {0: 4, 256000: 12}}
      qwen-turbo: {input_mtok: 0.05, output_mtok: 0.2, output_reasoning_mtok: 0.5}
      qwen-turbo-2024-11-01: {input_mtok: 0.05, output_mtok: 0.2}
      qwen-turbo-2025-04-28: {input_mtok: 0.05, output_mtok: 0.2, output_reasoning_mtok: 0.5}
      qwen-turbo-latest: {input_mtok: 0.05, output_mtok: 0.2, output_reasoning_mtok: 0.5}
      qwen3-coder-flash: {input_mtok: {0: 0.3, 32000: 0.5, 128000: 0.8, 256000: 1.6}, cache_read_mtok: {0: 0.08, 32000: 0.12, 128000: 0.2, 256000: 0.4}, output_mtok: {0: 1.5, 32000: 2.5, 128000: 4, 256000: 9.6}}
      qwen3-coder-flash-2025-07-28: {input_mtok: {0: 0.3, 32000: 0.5, 128000: 0.8, 256000: 1.6}, output_mtok: {0: 1.5, 32000: 2.5, 128000: 4, 256000: 9.6}}
      qwen3-coder-plus: {input_mtok: {0: 1, 32000: 1.8, 128000: 3, 256000: 6}, cache_read_mtok: {0: 0.1, 32000: 0.18, 128000: 0.3, 256000: 0.6}, output_mtok: {0: 5, 32000: 9, 128000: 15, 256000: 60}}
      qwen3-coder-plus-2025-07-22: {input_mtok: {0: 1, 32000: 1.8, 128000: 3, 256000: 6}, output_mtok: {0: 5, 32000: 9, 128000: 15, 256000: 60}}
      qwen3-max-preview: {input_mtok: {0: 1.2, 32000: 2.4, 128000: 3}, output_mtok: {0: 6, 32000: 12, 128000: 15}}
      qwen3-max: {input_mtok: {0: 1.2, 32000: 2.4, 128000: 3}, output_mtok: {0: 6, 32000: 12, 128000: 15}}
      qwen3-max-2026-01-23: {input_mtok: {0: 1.2, 32000: 2.4, 128000: 3}, output_mtok: {0: 6, 32000: 12, 128000: 15}}
      qwen3-next-80b-a3b-instruct: {input_mtok: 0.15, output_mtok: 1.2}
      qwen3-next-80b-a3b-thinking: {input_mtok: 0.15, output_mtok: 1.2}
      qwen3-vl-235b-a22b-instruct: {input_mtok: 0.4, output_mtok: 1.6}
      qwen3-vl-235b-a22b-thinking: {input_mtok: 0.4, output_mtok: 4}
      qwen3-vl-32b-instruct: {input_mtok: 0.16, output_mtok: 0.64}
      qwen3-vl-32b-thinking: {input_mtok: 0.16, output_mtok: 2.87}
      qwen3-vl-plus: {input_mtok: {0: 0.2, 32000: 0.3, 128000: 0.6}, output_mtok: {0: 1.6, 32000: 2.4, 128000: 4.8}}
      qwen3.5-plus: {input_mtok: {0: 0.4, 256000: 0.5}, output_mtok: {0: 2.4, 256000: 3}}
      qwen3.7-max: {input_mtok: 2.5, cache_read_mtok: 0.5, cache_write_mtok: 3.125, output_mtok: 7.5}
      qwen3.7-plus: {input_mtok: {0: 0.4, 256000: 1.2}, cache_read_mtok: {0: 0.08, 256000: 0.24}, output_mtok: {0: 1.6, 256000: 4.8}}
      qwen3.8-max: {input_mtok: 2, cache_read_mtok: 0.25, output_mtok: 6}
      qwq-plus: {input_mtok: 0.8, output_mtok: 2.4}
      wan3.0-video: {output_hours: 720}
      wan3.0-video-prime: {output_hours: 1008}
      happyhorse-1.1-t2v: {output_hours: 648}
      happyhorse-1.1-i2v: {output_hours: 648}
      happyhorse-1.1-r2v: {output_hours: 648}
      happyhorse-1.0-t2v: {output_hours: 864}
      happyhorse-1.0-i2v: {output_hours: 864}
      happyhorse-1.0-r2v: {output_hours: 864}
      wan2.7-t2v: {output_hours: 540}
      wan2.7-i2v: {output_hours: 540}
      wan2.7-r2v: {output_hours: 540}
  qwen_ai_platform:
    models:
      deepseek-v4-flash: {input_mtok: 0.2, cache_read_mtok: 0.04, output_mtok: 0.4}
      deepseek-v4-flash-0731: {input_mtok: 0.2, cache_read_mtok: 0.04, output_mtok: 0.4}
      deepseek-v4-pro: {input_mtok: 2.4, cache_read_mtok: 0.2, output_mtok: 4.8}
      glm-5.1: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      glm-5.2: {input_mtok: 1.4, cache_read_mtok: 0.28, output_mtok: 4.4}
      kimi-k2.7-code: {input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
      qwen-coder: {input_mtok: 0.3, output_mtok: 1.5}
      qwen-flash: {input_mtok: {0: 0.05, 256000: 0.25}, output_mtok: {0: 0.4, 256000: 2}}
      qwen-flash-2025-07-28: {input_mtok: {0: 0.05, 256000: 0.25}, output_mtok: {0: 0.4, 256000: 2}}
      qwen-max: {input_mtok: 1.6, output_mtok: 6.4}
      qwen-plus: {input_mtok: 0.4, output_mtok: 1.2}
      qwen-plus-2025-01-25: {input_mtok: 0.4, output_mtok: 1.2}
      qwen-plus-2025-04-28: {input_mtok: 0.4, output_mtok: 1.2, output_reasoning_mtok: 4}
      qwen-plus-2025-07-14: {input_mtok: 0.4, output_mtok: 1.2, output_reasoning_mtok: 4}
      qwen-plus-2025-07-28: {input_mtok: {0: 0.4, 256000: 1.2}, output_mtok: {0: 1.2, 256000: 3.6}, output_reasoning_mtok: {0: 4, 256000: 12}}
      qwen-plus-2025-09-11: {input_mtok: {0: 0.4, 256000: 1.2}, output_mtok: {0: 1.2, 256000: 3.6}, output_reasoning_mtok: {0: 4, 256000: 12}}
      qwen-plus-latest: {input_mtok: {0: 0.4, 256000: 1.2}, output_mtok: {0: 1.2, 256000: 3.6}, output_reasoning_mtok: {0: 4, 256000: 12}}
      qwen-turbo: {input_mtok: 0.05, output_mtok: 0.2, output_reasoning_mtok: 0.5}
      qwen-turbo-2024-11-01: {input_mtok: 0.05, output_mtok: 0.2}
      qwen-turbo-2025-04-28: {input_mtok: 0.05, output_mtok: 0.2, output_reasoning_mtok: 0.5}
      qwen-turbo-latest: {input_mtok: 0.05, output_mtok: 0.2, output_reasoning_mtok: 0.5}
      qwen3-coder-flash: {input_mtok: {0: 0.3, 32000: 0.5, 128000: 0.8, 256000: 1.6}, cache_read_mtok: {0: 0.08, 32000: 0.12, 128000: 0.2, 256000: 0.4}, output_mtok: {0: 1.5, 32000: 2.5, 128000: 4, 256000: 9.6}}
      qwen3-coder-flash-2025-07-28: {input_mtok: {0: 0.3, 32000: 0.5, 128000: 0.8, 256000: 1.6}, output_mtok: {0: 1.5, 32000: 2.5, 128000: 4, 256000: 9.6}}
      qwen3-coder-plus: {input_mtok: {0: 1, 32000: 1.8, 128000: 3, 256000: 6}, cache_read_mtok: {0: 0.1, 32000: 0.18, 128000: 0.3, 256000: 0.6}, output_mtok: {0: 5, 32000: 9, 128000: 15, 256000: 60}}
      qwen3-coder-plus-2025-07-22: {input_mtok: {0: 1, 32000: 1.8, 128000: 3, 256000: 6}, output_mtok: {0: 5, 32000: 9, 128000: 15, 256000: 60}}
      qwen3-max-preview: {input_mtok: {0: 1.2, 32000: 2.4, 128000: 3}, output_mtok: {0: 6, 32000: 12, 128000: 15}}
      qwen3-max: {input_mtok: {0: 1.2, 32000: 2.4, 128000: 3}, output_mtok: {0: 6, 32000: 12, 128000: 15}}
      qwen3-max-2026-01-23: {input_mtok: {0: 1.2, 32000: 2.4, 128000: 3}, output_mtok: {0: 6, 32000: 12, 128000: 15}}
      qwen3-next-80b-a3b-instruct: {input_mtok: 0.15, output_mtok: 1.2}
      qwen3-next-80b-a3b-thinking: {input_mtok: 0.15, output_mtok: 1.2}
      qwen3-vl-235b-a22b-instruct: {input_mtok: 0.4, output_mtok: 1.6}
      qwen3-vl-235b-a22b-thinking: {input_mtok: 0.4, output_mtok: 4}
      qwen3-vl-32b-instruct: {input_mtok: 0.16, output_mtok: 0.64}
      qwen3-vl-32b-thinking: {input_mtok: 0.16, output_mtok: 2.87}
      qwen3-vl-plus: {input_mtok: {0: 0.2, 32000: 0.3, 128000: 0.6}, output_mtok: {0: 1.6, 32000: 2.4, 128000: 4.8}}
      qwen3.5-plus: {input_mtok: {0: 0.4, 256000: 0.5}, output_mtok: {0: 2.4, 256000: 3}}
      qwen3.7-max: {input_mtok: 2.5, cache_read_mtok: 0.5, cache_write_mtok: 3.125, output_mtok: 7.5}
      qwen3.7-plus: {input_mtok: {0: 0.4, 256000: 1.2}, cache_read_mtok: {0: 0.08, 256000: 0.24}, output_mtok: {0: 1.6, 256000: 4.8}}
      qwen3.8-max: {input_mtok: 2, cache_read_mtok: 0.25, output_mtok: 6}
      qwen3.8-flash: {input_mtok: 0.15, cache_read_mtok: 0.016, cache_write_mtok: 0.2, output_mtok: 0.47}
      qwen3.8-omni-flash: {input_mtok: 0.15, cache_read_mtok: 0.016, output_mtok: 0.47}
      qwq-plus: {input_mtok: 0.8, output_mtok: 2.4}
      wan3.0-video: {output_hours: 594.09}
      wan3.0-video-prime: {output_hours: 915.8364}
      happyhorse-1.1-t2v: {output_hours: 594.0936}
      happyhorse-1.1-i2v: {output_hours: 594.0936}
      happyhorse-1.1-r2v: {output_hours: 594.0936}
      happyhorse-1.0-t2v: {output_hours: 792.1224}
      happyhorse-1.0-i2v: {output_hours: 792.1224}
      happyhorse-1.0-r2v: {output_hours: 792.1224}
      wan2.7-t2v: {output_hours: 516.0708}
      wan2.7-i2v: {output_hours: 516.0708}
      wan2.7-r2v: {output_hours: 516.0708}
  dataforseo:
    models:
      search: {web_searches_kcount: 3}
  deepgram:
    models:
      aura: {input_mchars: 15}
      aura-2: {input_mchars: 30}
      base: {input_hours: 0.749988, output_hours: 0}
      base-conversationalai: {input_hours: 0.749988, output_hours: 0}
      base-finance: {input_hours: 0.749988, output_hours: 0}
      base-general: {input_hours: 0.749988, output_hours: 0}
      base-meeting: {input_hours: 0.749988, output_hours: 0}
      base-phonecall: {input_hours: 0.749988, output_hours: 0}
      base-video: {input_hours: 0.749988, output_hours: 0}
      base-voicemail: {input_hours: 0.749988, output_hours: 0}
      enhanced: {input_hours: 0.870012, output_hours: 0}
      enhanced-finance: {input_hours: 0.870012, output_hours: 0}
      enhanced-general: {input_hours: 0.870012, output_hours: 0}
      enhanced-meeting: {input_hours: 0.870012, output_hours: 0}
      enhanced-phonecall: {input_hours: 0.870012, output_hours: 0}
      nova: {input_hours: 0.258012, output_hours: 0}
      nova-2: {input_hours: 0.258012, output_hours: 0}
      nova-2-atc: {input_hours: 0.258012, output_hours: 0}
      nova-2-automotive: {input_hours: 0.258012, output_hours: 0}
      nova-2-conversationalai: {input_hours: 0.258012, output_hours: 0}
      nova-2-drivethru: {input_hours: 0.258012, output_hours: 0}
      nova-2-finance: {input_hours: 0.258012, output_hours: 0}
      nova-2-general: {input_hours: 0.258012, output_hours: 0}
      nova-2-meeting: {input_hours: 0.258012, output_hours: 0}
      nova-2-phonecall: {input_hours: 0.258012, output_hours: 0}
      nova-2-video: {input_hours: 0.258012, output_hours: 0}
      nova-2-voicemail: {input_hours: 0.258012, output_hours: 0}
      nova-3: {input_hours: 0.258012, output_hours: 0}
      nova-3-general: {input_hours: 0.258012, output_hours: 0}
      nova-3-medical: {input_hours: 0.312012, output_hours: 0}
      nova-general: {input_hours: 0.258012, output_hours: 0}
      nova-phonecall: {input_hours: 0.258012, output_hours: 0}
      streaming/nova-3: {input_hours: 0.288, output_hours: 0}
      streaming/nova-3-multilingual: {input_hours: 0.348012, output_hours: 0}
      streaming/redact: {input_hours: 0.119988, output_hours: 0}
      streaming/keyterm: {input_hours: 0.078012, output_hours: 0}
      streaming/detect_entities: {input_hours: 0.101988, output_hours: 0}
      streaming/diarize: {input_hours: 0.119988, output_hours: 0}
      whisper: {input_hours: 0.36, output_hours: 0}
      whisper-base: {input_hours: 0.36, output_hours: 0}
      whisper-large: {input_hours: 0.36, output_hours: 0}
      whisper-medium: {input_hours: 0.36, output_hours: 0}
      whisper-small: {input_hours: 0.36, output_hours: 0}
      whisper-tiny: {input_hours: 0.36, output_hours: 0}
  deepinfra:
    models:
      Gryphe/MythoMax-L2-13b: {input_mtok: 0.4, output_mtok: 0.4}
      NousResearch/Hermes-3-Llama-3.1-405B: {input_mtok: 1, output_mtok: 1}
      NousResearch/Hermes-3-Llama-3.1-70B: {input_mtok: 0.7, output_mtok: 0.7}
      Qwen/QwQ-32B: {input_mtok: 0.15, output_mtok: 0.4}
      Qwen/Qwen2.5-72B-Instruct: {input_mtok: 0.36, output_mtok: 0.4}
      Qwen/Qwen2.5-7B-Instruct: {input_mtok: 0.04, output_mtok: 0.1}
      Qwen/Qwen2.5-VL-32B-Instruct: {input_mtok: 0.2, output_mtok: 0.6}
      Qwen/Qwen3-14B: {input_mtok: 0.12, output_mtok: 0.24}
      Qwen/Qwen3-235B-A22B: {input_mtok: 0.18, output_mtok: 0.54}
      Qwen/Qwen3-235B-A22B-Instruct-2507: {input_mtok: 0.09, output_mtok: 0.55}
      Qwen/Qwen3-235B-A22B-Thinking-2507: {input_mtok: 0.3, output_mtok: 2.9}
      Qwen/Qwen3-30B-A3B: {input_mtok: 0.12, output_mtok: 0.5}
      Qwen/Qwen3-32B: {input_mtok: 0.08, output_mtok: 0.28}
      Qwen/Qwen3-Coder-480B-A35B-Instruct: {input_mtok: 0.4, output_mtok: 1.6}
      Qwen/Qwen3-Coder-480B-A35B-Instruct-Turbo: {input_mtok: 0.3, cache_read_mtok: 0.1, output_mtok: 1}
      Qwen/Qwen3-Next-80B-A3B-Instruct: {input_mtok: 0.09, output_mtok: 1.1}
      Qwen/Qwen3-Next-80B-A3B-Thinking: {input_mtok: 0.14, output_mtok: 1.4}
      Sao10K/L3-8B-Lunaris-v1-Turbo: {input_mtok: 0.04, output_mtok: 0.05}
      Sao10K/L3.1-70B-Euryale-v2.2: {input_mtok: 0.85, output_mtok: 0.85}
      Sao10K/L3.3-70B-Euryale-v2.3: {input_mtok: 0.65, output_mtok: 0.75}
      allenai/olmOCR-7B-0725-FP8: {input_mtok: 0.27, output_mtok: 1.5}
      anthropic/claude-3-7-sonnet-latest: {input_mtok: 3.3, cache_read_mtok: 0.33, output_mtok: 16.5}
      anthropic/claude-4-opus: {input_mtok: 16.5, output_mtok: 82.5}
      anthropic/claude-4-sonnet: {input_mtok: 3.3, output_mtok: 16.5}
      deepseek-ai/DeepSeek-R1: {input_mtok: 0.7, output_mtok: 2.4}
      deepseek-ai/DeepSeek-R1-0528: {input_mtok: 0.5, cache_read_mtok: 0.4, output_mtok: 2.15}
      deepseek-ai/DeepSeek-R1-0528-Turbo: {input_mtok: 1, output_mtok: 3}
      deepseek-ai/DeepSeek-R1-Distill-Llama-70B: {input_mtok: 0.2, output_mtok: 0.6}
      deepseek-ai/DeepSeek-R1-Distill-Qwen-32B: {input_mtok: 0.27, output_mtok: 0.27}
      deepseek-ai/DeepSeek-R1-Turbo: {input_mtok: 1, output_mtok: 3}
      deepseek-ai/DeepSeek-V3: {input_mtok: 0.32, output_mtok: 0.89}
      deepseek-ai/DeepSeek-V3-0324: {input_mtok: 0.24, cache_read_mtok: 0.135, output_mtok: 0.9}
      deepseek-ai/DeepSeek-V3.1: {input_mtok: 0.25, cache_read_mtok: 0.216, output_mtok: 0.95}
      deepseek-ai/DeepSeek-V3.1-Terminus: {input_mtok: 0.27, cache_read_mtok: 0.216, output_mtok: 1}
      google/gemini-2.5-flash: {input_mtok: 0.3, output_mtok: 2.5}
      google/gemini-2.5-pro: {input_mtok: 1.25, output_mtok: 10}
      google/gemma-3-12b-it: {input_mtok: 0.05, output_mtok: 0.15}
      google/gemma-3-27b-it: {input_mtok: 0.08, output_mtok: 0.16}
      google/gemma-3-4b-it: {input_mtok: 0.05, output_mtok: 0.1}
      meta-llama/Llama-3.2-11B-Vision-Instruct: {input_mtok: 0.049, output_mtok: 0.049}
      meta-llama/Llama-3.2-3B-Instruct: {input_mtok: 0.02, output_mtok: 0.02}
      meta-llama/Llama-3.3-70B-Instruct: {input_mtok: 0.23, output_mtok: 0.4}
      meta-llama/Llama-3.3-70B-Instruct-Turbo: {input_mtok: 0.1, output_mtok: 0.32}
      meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8: {input_mtok: 0.2, output_mtok: 0.8}
      meta-llama/Llama-4-Scout-17B-16E-Instruct: {input_mtok: 0.1, output_mtok: 0.3}
      meta-llama/Llama-Guard-3-8B: {input_mtok: 0.055, output_mtok: 0.055}
      meta-llama/Llama-Guard-4-12B: {input_mtok: 0.18, output_mtok: 0.18}
      meta-llama/Meta-Llama-3-8B-Instruct: {input_mtok: 0.03, output_mtok: 0.06}
      meta-llama/Meta-Llama-3.1-70B-Instruct: {input_mtok: 0.4, output_mtok: 0.4}
      meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo: {input_mtok: 0.4, output_mtok: 0.4}
      meta-llama/Meta-Llama-3.1-8B-Instruct: {input_mtok: 0.03, output_mtok: 0.05}
      meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo: {input_mtok: 0.02, output_mtok: 0.04}
      microsoft/WizardLM-2-8x22B: {input_mtok: 0.48, output_mtok: 0.48}
      microsoft/phi-4: {input_mtok: 0.07, output_mtok: 0.14}
      mistralai/Mistral-Nemo-Instruct-2407: {input_mtok: 0.019, output_mtok: 0.03}
      mistralai/Mistral-Small-24B-Instruct-2501: {input_mtok: 0.05, output_mtok: 0.08}
      mistralai/Mistral-Small-3.2-24B-Instruct-2506: {input_mtok: 0.075, output_mtok: 0.2}
      mistralai/Mixtral-8x7B-Instruct-v0.1: {input_mtok: 0.4, output_mtok: 0.4}
      moonshotai/Kimi-K2-Instruct: {input_mtok: 0.5, output_mtok: 2}
      moonshotai/Kimi-K2-Instruct-0905: {input_mtok: 0.5, cache_read_mtok: 0.4, output_mtok: 2}
      nvidia/Llama-3.1-Nemotron-70B-Instruct: {input_mtok: 0.6, output_mtok: 0.6}
      nvidia/Llama-3.3-Nemotron-Super-49B-v1.5: {input_mtok: 0.1, output_mtok: 0.4}
      nvidia/NVIDIA-Nemotron-3.5-Lightning: {input_mtok: 0.08, cache_read_mtok: 0.04, output_mtok: 0.2}
      nvidia/NVIDIA-Nemotron-Nano-9B-v2: {input_mtok: 0.04, output_mtok: 0.16}
      openai/gpt-oss-120b: {input_mtok: 0.037, output_mtok: 0.17}
      openai/gpt-oss-20b: {input_mtok: 0.03, output_mtok: 0.14}
      zai-org/GLM-4.5: {input_mtok: 0.4, output_mtok: 1.6}
      openai/gpt-oss-120b-Turbo: {input_mtok: 0.15, output_mtok: 0.6}
      MiniMaxAI/MiniMax-M2.7: {input_mtok: 0.25, cache_read_mtok: 0.05, output_mtok: 1}
      Qwen/Qwen3.8-27B: {input_mtok: 0.4, cache_read_mtok: 0.04, output_mtok: 3}
      google/gemma-4-31B-it-Ultra: {input_mtok: 0.27, output_mtok: 0.76}
      moonshotai/Kimi-K2.5: {input_mtok: 0.45, cache_read_mtok: 0.07, output_mtok: 2.25}
      zai-org/GLM-4.7-Flash: {input_mtok: 0.06, cache_read_mtok: 0.01, output_mtok: 0.4}
      zai-org/GLM-4.6: {input_mtok: 0.5, cache_read_mtok: 0.1, output_mtok: 2}
      anthropic/claude-opus-4-8: {input_mtok: 5, output_mtok: 25}
      anthropic/claude-sonnet-4-6: {input_mtok: 3, output_mtok: 15}
      google/gemini-3.5-flash: {input_mtok: 1.5, output_mtok: 9}
      XiaomiMiMo/MiMo-V2.5: {input_mtok: 0.4, cache_read_mtok: 0.08, output_mtok: 2}
      Qwen/Qwen3-Max: {input_mtok: 1.2, cache_read_mtok: 0.24, output_mtok: 6}
      google/gemma-4-31B-it-turbo: {input_mtok: 0.09, cache_read_mtok: 0.05, output_mtok: 0.34}
      thinkingmachines/Inkling-Small: {input_mtok: 0.45, cache_read_mtok: 0.1, output_mtok: 1.2}
      meta-models/Muse-Glimmer-30B: {input_mtok: 0.3, cache_read_mtok: 0.04, output_mtok: 1.2}
      Qwen/Qwen3-Max-Thinking: {input_mtok: 1.2, cache_read_mtok: 0.24, output_mtok: 6}
      Qwen/Qwen3-VL-235B-A22B-Instruct: {input_mtok: 0.2, cache_read_mtok: 0.11, output_mtok: 0.88}
      Qwen/Qwen3-VL-30B-A3B-Instruct: {input_mtok: 0.15, output_mtok: 0.6}
      Qwen/Qwen3.5-27B: {input_mtok: 0.26, output_mtok: 2.6}
      Qwen/Qwen3.6-35B-A3B: {input_mtok: 0.1, output_mtok: 0.95}
      nvidia/Nemotron-Content-Safety-3.5: {input_mtok: 0.2, output_mtok: 0.2}
      anthropic/claude-opus-5: {input_mtok: 5, output_mtok: 25}
      thinkingmachines/Inkling: {input_mtok: 0.95, cache_read_mtok: 0.16, output_mtok: 4.05}
      moonshotai/Kimi-K2.6: {input_mtok: 0.75, cache_read_mtok: 0.15, output_mtok: 3.5}
      deepseek-ai/DeepSeek-V4-Pro-0813: {input_mtok: 1.3, cache_read_mtok: 0.1, output_mtok: 2.6}
      Qwen/Qwen3.7-Max: {input_mtok: 2.5, cache_read_mtok: 0.5, output_mtok: 7.5}
      ByteDance/Seed-2.0-mini: {input_mtok: 0.1, cache_read_mtok: 0.02, output_mtok: 0.4}
      Qwen/Qwen3.8-2.4T-A95B: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 6}
      MiniMaxAI/MiniMax-M3: {input_mtok: 0.28, cache_read_mtok: 0.056, output_mtok: 1.1}
      google/gemini-3.1-flash-lite: {input_mtok: 0.25, output_mtok: 1.5}
      google/gemini-3.7-flash: {input_mtok: 0.75, output_mtok: 3.75}
      inclusionAI/Ling-3.0-flash: {input_mtok: 0.06, cache_read_mtok: 0.012, output_mtok: 0.18}
      stepfun-ai/Step-3.7-Flash: {input_mtok: 0.2, cache_read_mtok: 0.04, output_mtok: 1.15}
      Qwen/Qwen3.5-35B-A3B: {input_mtok: 0.14, cache_read_mtok: 0.05, output_mtok: 1}
      ByteDance/Seed-1.8: {input_mtok: 0.25, cache_read_mtok: 0.05, output_mtok: 2}
      tencent/Hy3: {input_mtok: 0.14, cache_read_mtok: 0.035, output_mtok: 0.58}
      ByteDance/Seed-2.0-code: {input_mtok: 0.5, cache_read_mtok: 0.1, output_mtok: 3}
      ByteDance/Seed-2.0-pro: {input_mtok: 0.5, cache_read_mtok: 0.1, output_mtok: 3}
      zai-org/GLM-5: {input_mtok: 0.6, cache_read_mtok: 0.12, output_mtok: 2.08}
      nvidia/Nemotron-3-Nano-30B-A3B: {input_mtok: 0.05, cache_read_mtok: 0.025, output_mtok: 0.2}
      moonshotai/Kimi-K2.7-Code: {input_mtok: 0.68, cache_read_mtok: 0.136, output_mtok: 3.4}
      anthropic/claude-sonnet-5: {input_mtok: 2, output_mtok: 10}
      Qwen/Qwen3.5-397B-A17B: {input_mtok: 0.45, cache_read_mtok: 0.22, output_mtok: 3}
      deepseek-ai/DeepSeek-V4-Flash-0731: {input_mtok: 0.08, cache_read_mtok: 0.016, output_mtok: 0.18}
      google/gemma-4-E4B-it: {input_mtok: 0.02, output_mtok: 0.1}
      deepseek-ai/DeepSeek-V3.2: {input_mtok: 0.26, cache_read_mtok: 0.13, output_mtok: 0.38}
      Qwen/Qwen3.8-Max: {input_mtok: 1.65, cache_read_mtok: 0.206, output_mtok: 4.951}
      anthropic/claude-fable-5: {input_mtok: 10, output_mtok: 50}
      nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B: {input_mtok: 0.5, cache_read_mtok: 0.1, output_mtok: 2.2}
      Qwen/Qwen3.5-122B-A10B: {input_mtok: 0.29, output_mtok: 2.4}
      zai-org/GLM-5.1: {input_mtok: 1.05, cache_read_mtok: 0.205, output_mtok: 3.5}
      deepseek-ai/DeepSeek-V4-Pro: {input_mtok: 1.3, cache_read_mtok: 0.1, output_mtok: 2.6}
      nvidia/NVIDIA-Nemotron-3-Super-120B-A12B: {input_mtok: 0.085, output_mtok: 0.4}
      zai-org/GLM-5.2: {input_mtok: 0.75, cache_read_mtok: 0.14, output_mtok: 2.4}
      moonshotai/Kimi-K3: {input_mtok: 2.85, cache_read_mtok: 0.285, output_mtok: 14.25}
      anthropic/claude-opus-4-7: {input_mtok: 5, output_mtok: 25}
      Qwen/Qwen3.6-27B: {input_mtok: 0.32, output_mtok: 3.2}
      google/gemma-4-26B-A4B-it: {input_mtok: 0.07, output_mtok: 0.34}
      google/gemini-3.1-pro: {input_mtok: 2, output_mtok: 12}
      XiaomiMiMo/MiMo-V2.5-Pro: {input_mtok: 1, cache_read_mtok: 0.2, output_mtok: 3}
      anthropic/claude-haiku-4-5: {input_mtok: 1, output_mtok: 5}
      deepseek-ai/DeepSeek-V4-Flash: {input_mtok: 0.09, cache_read_mtok: 0.018, output_mtok: 0.18}
      deepseek-ai/DeepSeek-V4.1-Flash: {input_mtok: 0.14, cache_read_mtok: 0.0042, output_mtok: 0.42}
      deepseek-ai/DeepSeek-V4.1-Flash-1017: {input_mtok: 0.14, cache_read_mtok: 0.0042, output_mtok: 0.42}
      openai/gpt-oss-120b-Ultra: {input_mtok: 0.2, output_mtok: 0.95}
      Qwen/Qwen3.5-9B: {input_mtok: 0.1, output_mtok: 0.15}
      MiniMaxAI/MiniMax-M2.7-Turbo: {input_mtok: 0.38, cache_read_mtok: 0.07, output_mtok: 1.7}
      zai-org/GLM-4.7: {input_mtok: 0.4, cache_read_mtok: 0.08, output_mtok: 1.75}
      google/gemma-4-31B-it: {input_mtok: 0.13, output_mtok: 0.38}
  sail:
    models:
      moonshotai/Kimi-K3:
        prices:
        - {input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 12.5}
        - {tier: balanced, input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 10}
        - {tier: flex, input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 6.25}
      zai-org/GLM-5.3:
        prices:
        - {input_mtok: 0.98, cache_read_mtok: 0.18, output_mtok: 3.08}
        - {tier: balanced, input_mtok: 0.5, cache_read_mtok: 0.12, output_mtok: 2.5}
        - {tier: flex, input_mtok: 0.4, cache_read_mtok: 0.08, output_mtok: 1.8}
      zai-org/GLM-5.3-Flash:
        prices:
        - {input_mtok: 0.11, cache_read_mtok: 0.02, output_mtok: 0.35}
        - {tier: balanced, input_mtok: 0.08, output_mtok: 0.28}
        - {tier: flex, input_mtok: 0.05, cache_read_mtok: 0.01, output_mtok: 0.18}
      deepseek-ai/DeepSeek-V4-Pro-0813:
        prices:
        - {input_mtok: 0.92, cache_read_mtok: 0.04, output_mtok: 2.77}
        - {tier: balanced, input_mtok: 0.74, cache_read_mtok: 0.03, output_mtok: 2.22}
        - {tier: flex, input_mtok: 0.46, cache_read_mtok: 0.02, output_mtok: 1.39}
      deepseek-ai/DeepSeek-V4-Flash-0731:
        prices:
        - {input_mtok: 0.09, cache_read_mtok: 0.02, output_mtok: 0.18}
        - {tier: balanced, input_mtok: 0.07, output_mtok: 0.14}
        - {tier: flex, input_mtok: 0.05, cache_read_mtok: 0.01, output_mtok: 0.09}
      deepseek-ai/DeepSeek-V4.1-Flash:
        prices:
        - {input_mtok: 0.09, cache_read_mtok: 0.006, output_mtok: 0.3}
        - {tier: balanced, input_mtok: 0.07, cache_read_mtok: 0.005, output_mtok: 0.22}
        - {tier: flex, input_mtok: 0.05, cache_read_mtok: 0.004, output_mtok: 0.15}
      moonshotai/Kimi-K2.6:
        prices:
        - {input_mtok: 1, cache_read_mtok: 0.2, output_mtok: 4}
        - {tier: balanced, input_mtok: 0.45, output_mtok: 3}
        - {tier: flex, input_mtok: 0.35, cache_read_mtok: 0.1, output_mtok: 2}
      google/gemma-4-31B-it:
        prices:
        - {input_mtok: 0.4, cache_read_mtok: 0.2, output_mtok: 0.6}
        - {tier: balanced, input_mtok: 0.12, cache_read_mtok: 0.08}
        - {tier: flex, input_mtok: 0.06, cache_read_mtok: 0.02, output_mtok: 0.3}
      nvidia/Gemma-4-31B-IT-NVFP4:
        prices:
        - {input_mtok: 0.14, cache_read_mtok: 0.07, output_mtok: 0.4}
        - {tier: balanced, input_mtok: 0.11, cache_read_mtok: 0.06, output_mtok: 0.32}
        - {tier: flex, input_mtok: 0.07, cache_read_mtok: 0.04, output_mtok: 0.2}
      google/gemma-4-12B-it:
        prices:
        - {input_mtok: 0.3, cache_read_mtok: 0.15, output_mtok: 2}
        - {tier: balanced, input_mtok: 0.1, cache_read_mtok: 0.07}
        - {tier: flex, input_mtok: 0.05, cache_read_mtok: 0.02, output_mtok: 1}
      openai/gpt-oss-120b: {input_mtok: 0.06, cache_read_mtok: 0.03, output_mtok: 0.4}
      Qwen/Qwen3.6-35B-A3B:
        prices:
        - {input_mtok: 0.05, cache_read_mtok: 0.02, output_mtok: 0.4}
        - {tier: flex}
  serper:
    models:
      search: {web_searches_kcount: 1}
  apiserpent:
    models:
      search: {web_searches_kcount: 0.6}
      deep_search: {web_searches_kcount: 0.6}
  agentcore:
    models:
      search: {web_searches_kcount: 7}
  bing_grounding:
    models:
      search: {web_searches_kcount: 14}
  nimble:
    models:
      search: {web_searches_kcount: 5}
  fal_ai:
    models:
      bria/text-to-image/3.2: {images_kcount: 39.8}
      fal-ai/flux-pro/v1.1: {images_kcount: 40}
      fal-ai/flux-pro/v1.1-ultra: {images_kcount: 60}
      fal-ai/flux/schnell: {images_kcount: 3}
      fal-ai/bytedance/seedream/v3/text-to-image: {images_kcount: 30}
      fal-ai/bytedance/dreamina/v3.1/text-to-image: {images_kcount: 30}
      bytedance/seedance-2.5/text-to-video: {output_hours: 1702.8}
      bytedance/seedance-2.5/image-to-video: {output_hours: 1702.8}
      bytedance/seedance-2.5/reference-to-video: {output_hours: 1702.8}
      minimax/h3/text-to-video: {output_hours: 468}
      minimax/h3/reference-to-video: {output_hours: 468}
      bytedance/seedance-2.0/text-to-video: {output_hours: 1092.24}
      bytedance/seedance-2.0/image-to-video: {output_hours: 1092.24}
      bytedance/seedance-2.0/reference-to-video: {output_hours: 1092.24}
      fal-ai/ideogram/v3: {images_kcount: 60}
      fal-ai/imagen4/preview: {images_kcount: 39.8}
      fal-ai/imagen4/preview/fast: {images_kcount: 20}
      fal-ai/imagen4/preview/ultra: {images_kcount: 60}
      fal-ai/recraft/v3/text-to-image: {images_kcount: 39.8}
      fal-ai/stable-diffusion-v35-medium: {images_kcount: 39.8}
      fal-ai/nano-banana: {images_kcount: 39}
      fal-ai/gemini-25-flash-image: {images_kcount: 39}
      fal-ai/nano-banana-2: {images_kcount: 80}
      fal-ai/nano-banana-pro: {images_kcount: 150}
      openai/gpt-image-2: {images_kcount: 145}
      low/1024-x-768/openai/gpt-image-2: {images_kcount: 5}
      low/1024-x-1024/openai/gpt-image-2: {images_kcount: 6}
      low/1024-x-1536/openai/gpt-image-2: {images_kcount: 5}
      low/1920-x-1080/openai/gpt-image-2: {images_kcount: 5}
      low/2560-x-1440/openai/gpt-image-2: {images_kcount: 7}
      low/3840-x-2160/openai/gpt-image-2: {images_kcount: 12}
      medium/1024-x-768/openai/gpt-image-2: {images_kcount: 37}
      medium/1024-x-1024/openai/gpt-image-2: {images_kcount: 53}
      medium/1024-x-1536/openai/gpt-image-2: {images_kcount: 42}
      medium/1920-x-1080/openai/gpt-image-2: {images_kcount: 40}
      medium/2560-x-1440/openai/gpt-image-2: {images_kcount: 56}
      medium/3840-x-2160/openai/gpt-image-2: {images_kcount: 101}
      high/1024-x-768/openai/gpt-image-2: {images_kcount: 145}
      high/1024-x-1024/openai/gpt-image-2: {images_kcount: 211}
      high/1024-x-1536/openai/gpt-image-2: {images_kcount: 165}
      high/1920-x-1080/openai/gpt-image-2: {images_kcount: 158}
      high/2560-x-1440/openai/gpt-image-2: {images_kcount: 222}
      high/3840-x-2160/openai/gpt-image-2: {images_kcount: 401}
      gpt-image-2: {images_kcount: 145}
      low/1024-x-768/gpt-image-2: {images_kcount: 5}
      low/1024-x-1024/gpt-image-2: {images_kcount: 6}
      low/1024-x-1536/gpt-image-2: {images_kcount: 5}
      low/1920-x-1080/gpt-image-2: {images_kcount: 5}
      low/2560-x-1440/gpt-image-2: {images_kcount: 7}
      low/3840-x-2160/gpt-image-2: {images_kcount: 12}
      medium/1024-x-768/gpt-image-2: {images_kcount: 37}
      medium/1024-x-1024/gpt-image-2: {images_kcount: 53}
      medium/1024-x-1536/gpt-image-2: {images_kcount: 42}
      medium/1920-x-1080/gpt-image-2: {images_kcount: 40}
      medium/2560-x-1440/gpt-image-2: {images_kcount: 56}
      medium/3840-x-2160/gpt-image-2: {images_kcount: 101}
      high/1024-x-768/gpt-image-2: {images_kcount: 145}
      high/1024-x-1024/gpt-image-2: {images_kcount: 211}
      high/1024-x-1536/gpt-image-2: {images_kcount: 165}
      high/1920-x-1080/gpt-image-2: {images_kcount: 158}
      high/2560-x-1440/gpt-image-2: {images_kcount: 222}
      high/3840-x-2160/gpt-image-2: {images_kcount: 401}
      openai/gpt-image-2/edit: {images_kcount: 151}
      low/1024-x-768/openai/gpt-image-2/edit: {images_kcount: 11}
      low/1024-x-1024/openai/gpt-image-2/edit: {images_kcount: 15}
      low/1024-x-1536/openai/gpt-image-2/edit: {images_kcount: 18}
      low/1920-x-1080/openai/gpt-image-2/edit: {images_kcount: 17}
      low/2560-x-1440/openai/gpt-image-2/edit: {images_kcount: 19}
      low/3840-x-2160/openai/gpt-image-2/edit: {images_kcount: 24}
      medium/1024-x-768/openai/gpt-image-2/edit: {images_kcount: 43}
      medium/1024-x-1024/openai/gpt-image-2/edit: {images_kcount: 61}
      medium/1024-x-1536/openai/gpt-image-2/edit: {images_kcount: 54}
      medium/1920-x-1080/openai/gpt-image-2/edit: {images_kcount: 53}
      medium/2560-x-1440/openai/gpt-image-2/edit: {images_kcount: 68}
      medium/3840-x-2160/openai/gpt-image-2/edit: {images_kcount: 113}
      high/1024-x-768/openai/gpt-image-2/edit: {images_kcount: 151}
      high/1024-x-1024/openai/gpt-image-2/edit: {images_kcount: 219}
      high/1024-x-1536/openai/gpt-image-2/edit: {images_kcount: 178}
      high/1920-x-1080/openai/gpt-image-2/edit: {images_kcount: 158}
      high/2560-x-1440/openai/gpt-image-2/edit: {images_kcount: 234}
      high/3840-x-2160/openai/gpt-image-2/edit: {images_kcount: 413}
      openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 36.12}
      low/1024-x-768/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 4.02}
      low/1024-x-1024/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 5.88}
      low/1024-x-1536/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 4.74}
      low/1920-x-1080/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 4.41}
      low/2560-x-1440/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 6.15}
      low/3840-x-2160/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 11.13}
      medium/1024-x-768/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 9.03}
      medium/1024-x-1024/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 13.17}
      medium/1024-x-1536/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 10.29}
      medium/1920-x-1080/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 10.29}
      medium/2560-x-1440/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 14.34}
      medium/3840-x-2160/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 25.95}
      high/1024-x-768/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 36.12}
      high/1024-x-1024/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 52.68}
      high/1024-x-1536/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 41.16}
      high/1920-x-1080/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 39.6}
      high/2560-x-1440/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 55.29}
      high/3840-x-2160/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 100.08}
      xhigh/1024-x-768/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 64.2}
      xhigh/1024-x-1024/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 93.66}
      xhigh/1024-x-1536/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 73.77}
      xhigh/1920-x-1080/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 70.41}
      xhigh/2560-x-1440/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 98.28}
      xhigh/3840-x-2160/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 177.9}
      max/1024-x-768/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 144.45}
      max/1024-x-1024/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 210.72}
      max/1024-x-1536/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 164.64}
      max/1920-x-1080/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 158.4}
      max/2560-x-1440/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 221.1}
      max/3840-x-2160/openai/gpt-image-2.5/flare/text-to-image: {images_kcount: 400.26}
      openai/gpt-image-2.5/flare/edit: {images_kcount: 36.12}
      low/1024-x-768/openai/gpt-image-2.5/flare/edit: {images_kcount: 4.02}
      low/1024-x-1024/openai/gpt-image-2.5/flare/edit: {images_kcount: 5.88}
      low/1024-x-1536/openai/gpt-image-2.5/flare/edit: {images_kcount: 4.74}
      low/1920-x-1080/openai/gpt-image-2.5/flare/edit: {images_kcount: 4.41}
      low/2560-x-1440/openai/gpt-image-2.5/flare/edit: {images_kcount: 6.15}
      low/3840-x-2160/openai/gpt-image-2.5/flare/edit: {images_kcount: 11.13}
      medium/1024-x-768/openai/gpt-image-2.5/flare/edit: {images_kcount: 9.03}
      medium/1024-x-1024/openai/gpt-image-2.5/flare/edit: {images_kcount: 13.17}
      medium/1024-x-1536/openai/gpt-image-2.5/flare/edit: {images_kcount: 10.29}
      medium/1920-x-1080/openai/gpt-image-2.5/flare/edit: {images_kcount: 10.29}
      medium/2560-x-1440/openai/gpt-image-2.5/flare/edit: {images_kcount: 14.34}
      medium/3840-x-2160/openai/gpt-image-2.5/flare/edit: {images_kcount: 25.95}
      high/1024-x-768/openai/gpt-image-2.5/flare/edit: {images_kcount: 36.12}
      high/1024-x-1024/openai/gpt-image-2.5/flare/edit: {images_kcount: 52.68}
      high/1024-x-1536/openai/gpt-image-2.5/flare/edit: {images_kcount: 41.16}
      high/1920-x-1080/openai/gpt-image-2.5/flare/edit: {images_kcount: 39.6}
      high/2560-x-1440/openai/gpt-image-2.5/flare/edit: {images_kcount: 55.29}
      high/3840-x-2160/openai/gpt-image-2.5/flare/edit: {images_kcount: 100.08}
      xhigh/1024-x-768/openai/gpt-image-2.5/flare/edit: {images_kcount: 64.2}
      xhigh/1024-x-1024/openai/gpt-image-2.5/flare/edit: {images_kcount: 93.66}
      xhigh/1024-x-1536/openai/gpt-image-2.5/flare/edit: {images_kcount: 73.77}
      xhigh/1920-x-1080/openai/gpt-image-2.5/flare/edit: {images_kcount: 70.41}
      xhigh/2560-x-1440/openai/gpt-image-2.5/flare/edit: {images_kcount: 98.28}
      xhigh/3840-x-2160/openai/gpt-image-2.5/flare/edit: {images_kcount: 177.9}
      max/1024-x-768/openai/gpt-image-2.5/flare/edit: {images_kcount: 144.45}
      max/1024-x-1024/openai/gpt-image-2.5/flare/edit: {images_kcount: 210.72}
      max/1024-x-1536/openai/gpt-image-2.5/flare/edit: {images_kcount: 164.64}
      max/1920-x-1080/openai/gpt-image-2.5/flare/edit: {images_kcount: 158.4}
      max/2560-x-1440/openai/gpt-image-2.5/flare/edit: {images_kcount: 221.1}
      max/3840-x-2160/openai/gpt-image-2.5/flare/edit: {images_kcount: 400.26}
      openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 36.12}
      low/1024-x-768/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 4.02}
      low/1024-x-1024/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 5.88}
      low/1024-x-1536/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 4.74}
      low/1920-x-1080/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 4.41}
      low/2560-x-1440/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 6.15}
      low/3840-x-2160/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 11.13}
      medium/1024-x-768/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 9.03}
      medium/1024-x-1024/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 13.17}
      medium/1024-x-1536/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 10.29}
      medium/1920-x-1080/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 10.29}
      medium/2560-x-1440/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 14.34}
      medium/3840-x-2160/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 25.95}
      high/1024-x-768/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 36.12}
      high/1024-x-1024/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 52.68}
      high/1024-x-1536/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 41.16}
      high/1920-x-1080/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 39.6}
      high/2560-x-1440/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 55.29}
      high/3840-x-2160/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 100.08}
      xhigh/1024-x-768/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 64.2}
      xhigh/1024-x-1024/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 93.66}
      xhigh/1024-x-1536/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 73.77}
      xhigh/1920-x-1080/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 70.41}
      xhigh/2560-x-1440/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 98.28}
      xhigh/3840-x-2160/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 177.9}
      max/1024-x-768/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 144.45}
      max/1024-x-1024/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 210.72}
      max/1024-x-1536/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 164.64}
      max/1920-x-1080/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 158.4}
      max/2560-x-1440/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 221.1}
      max/3840-x-2160/openai/gpt-image-2.5/sunburst/text-to-image: {images_kcount: 400.26}
      openai/gpt-image-2.5/sunburst/edit: {images_kcount: 36.12}
      low/1024-x-768/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 4.02}
      low/1024-x-1024/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 5.88}
      low/1024-x-1536/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 4.74}
      low/1920-x-1080/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 4.41}
      low/2560-x-1440/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 6.15}
      low/3840-x-2160/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 11.13}
      medium/1024-x-768/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 9.03}
      medium/1024-x-1024/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 13.17}
      medium/1024-x-1536/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 10.29}
      medium/1920-x-1080/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 10.29}
      medium/2560-x-1440/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 14.34}
      medium/3840-x-2160/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 25.95}
      high/1024-x-768/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 36.12}
      high/1024-x-1024/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 52.68}
      high/1024-x-1536/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 41.16}
      high/1920-x-1080/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 39.6}
      high/2560-x-1440/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 55.29}
      high/3840-x-2160/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 100.08}
      xhigh/1024-x-768/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 64.2}
      xhigh/1024-x-1024/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 93.66}
      xhigh/1024-x-1536/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 73.77}
      xhigh/1920-x-1080/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 70.41}
      xhigh/2560-x-1440/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 98.28}
      xhigh/3840-x-2160/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 177.9}
      max/1024-x-768/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 144.45}
      max/1024-x-1024/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 210.72}
      max/1024-x-1536/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 164.64}
      max/1920-x-1080/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 158.4}
      max/2560-x-1440/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 221.1}
      max/3840-x-2160/openai/gpt-image-2.5/sunburst/edit: {images_kcount: 400.26}
      fal-ai/flux/dev: {images_kcount: 25}
      fal-ai/trellis: {images_kcount: 20}
      fal-ai/trellis-2: {images_kcount: 300}
      fal-ai/flux-lora-depth: {images_kcount: 35}
      fal-ai/moondream3-preview/query: {input_mtok: 0.4, output_mtok: 3.5}
  friendliai:
    models:
      zai-org/GLM-5.3-Flash: {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
      zai-org/GLM-5.3: {input_mtok: 1.26, cache_read_mtok: 0.234, output_mtok: 3.96}
      google/gemma-4-31B-it: {input_mtok: 0.14, output_mtok: 0.4}
      zai-org/GLM-5.2: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      deepseek-ai/DeepSeek-V3.2: {input_mtok: 0.5, cache_read_mtok: 0.25, output_mtok: 1.5}
      MiniMaxAI/MiniMax-M2.5: {input_mtok: 0.3, cache_read_mtok: 0.06, output_mtok: 1.2}
      zai-org/GLM-5.1: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
  gmi:
    models:
      anthropic/claude-opus-4.5: {input_mtok: 5, output_mtok: 25}
      anthropic/claude-sonnet-4.5: {input_mtok: 3, output_mtok: 15}
      anthropic/claude-sonnet-4: {input_mtok: 3, output_mtok: 15}
      anthropic/claude-opus-4: {input_mtok: 15, output_mtok: 75}
      openai/gpt-5.2: {input_mtok: 1.75, output_mtok: 14}
      openai/gpt-5.1: {input_mtok: 1.25, output_mtok: 10}
      openai/gpt-5: {input_mtok: 1.25, output_mtok: 10}
      openai/gpt-4o: {input_mtok: 2.5, output_mtok: 10}
      openai/gpt-4o-mini: {input_mtok: 0.15, output_mtok: 0.6}
      deepseek-ai/DeepSeek-V3.2: {input_mtok: 0.28, output_mtok: 0.4}
      deepseek-ai/DeepSeek-V3-0324: {input_mtok: 0.28, output_mtok: 0.88}
      google/gemini-3-flash-preview: {input_mtok: 0.5, output_mtok: 3}
      moonshotai/Kimi-K2-Thinking: {input_mtok: 0.8, output_mtok: 1.2}
      MiniMaxAI/MiniMax-M2.1: {input_mtok: 0.3, output_mtok: 1.2}
      Qwen/Qwen3-VL-235B-A22B-Instruct-FP8: {input_mtok: 0.3, output_mtok: 1.4}
      zai-org/GLM-4.7-FP8: {input_mtok: 0.4, output_mtok: 2}
  google_pse:
    models:
      search: {web_searches_kcount: 5}
  gradient_ai:
    models:
      anthropic-claude-3-opus: {input_mtok: 15, output_mtok: 75}
      anthropic-claude-3.5-haiku: {input_mtok: 0.8, output_mtok: 4}
      anthropic-claude-3.5-sonnet: {input_mtok: 3, output_mtok: 15}
      anthropic-claude-3.7-sonnet: {input_mtok: 3, output_mtok: 15}
      deepseek-r1-distill-llama-70b: {input_mtok: 0.99, output_mtok: 0.99}
      llama3-8b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      llama3.3-70b-instruct: {input_mtok: 0.65, output_mtok: 0.65}
      mistral-nemo-instruct-2407: {input_mtok: 0.3, output_mtok: 0.3}
      openai-o3: {input_mtok: 2, output_mtok: 8}
      openai-o3-mini: {input_mtok: 1.1, output_mtok: 4.4}
  amazon_nova:
    models:
      amazon-nova/nova-micro-v1: {input_mtok: 0.035, output_mtok: 0.14}
      amazon-nova/nova-lite-v1: {input_mtok: 0.06, output_mtok: 0.24}
      amazon-nova/nova-premier-v1: {input_mtok: 2.5, output_mtok: 12.5}
      amazon-nova/nova-pro-v1: {input_mtok: 0.8, output_mtok: 3.2}
  hostinger_router:
    models:
      gpt-5.2: {input_mtok: 2.1, cache_read_mtok: 0.21, output_mtok: 16.8}
      claude-sonnet-5: {input_mtok: 2.64, cache_read_mtok: 0.264, cache_write_mtok: 3.3, cache_write_1h_mtok: 5.28, output_mtok: 13.2}
      text-embedding-3-large: {input_mtok: 0.1716, output_mtok: 0}
      text-embedding-3-small: {input_mtok: 0.03, output_mtok: 0}
  hyperbolic:
    models:
      NousResearch/Hermes-3-Llama-3.1-70B: {input_mtok: 0.12, output_mtok: 0.3}
      Qwen/QwQ-32B: {input_mtok: 0.2, output_mtok: 0.2}
      Qwen/Qwen2.5-72B-Instruct: {input_mtok: 0.12, output_mtok: 0.3}
      Qwen/Qwen2.5-Coder-32B-Instruct: {input_mtok: 0.12, output_mtok: 0.3}
      Qwen/Qwen3-235B-A22B: {input_mtok: 2, output_mtok: 2}
      deepseek-ai/DeepSeek-R1: {input_mtok: 0.4, output_mtok: 0.4}
      deepseek-ai/DeepSeek-R1-0528: {input_mtok: 0.25, output_mtok: 0.25}
      deepseek-ai/DeepSeek-V3: {input_mtok: 0.2, output_mtok: 0.2}
      deepseek-ai/DeepSeek-V3-0324: {input_mtok: 0.4, output_mtok: 0.4}
      meta-llama/Llama-3.2-3B-Instruct: {input_mtok: 0.12, output_mtok: 0.3}
      meta-llama/Llama-3.3-70B-Instruct: {input_mtok: 0.12, output_mtok: 0.3}
      meta-llama/Meta-Llama-3-70B-Instruct: {input_mtok: 0.12, output_mtok: 0.3}
      meta-llama/Meta-Llama-3.1-405B-Instruct: {input_mtok: 0.12, output_mtok: 0.3}
      meta-llama/Meta-Llama-3.1-70B-Instruct: {input_mtok: 0.12, output_mtok: 0.3}
      meta-llama/Meta-Llama-3.1-8B-Instruct: {input_mtok: 0.12, output_mtok: 0.3}
      moonshotai/Kimi-K2-Instruct: {input_mtok: 2, output_mtok: 2}
  ai21:
    models:
      j2-light: {input_mtok: 3, output_mtok: 3}
      j2-mid: {input_mtok: 10, output_mtok: 10}
      j2-ultra: {input_mtok: 15, output_mtok: 15}
      jamba-1.5: {input_mtok: 0.2, output_mtok: 0.4}
      jamba-1.5-large: {input_mtok: 2, output_mtok: 8}
      "jamba-1.5-large@001": {input_mtok: 2, output_mtok: 8}
      jamba-1.5-mini: {input_mtok: 0.2, output_mtok: 0.4}
      "jamba-1.5-mini@001": {input_mtok: 0.2, output_mtok: 0.4}
      jamba-large-1.6: {input_mtok: 2, output_mtok: 8}
      jamba-large-1.7: {input_mtok: 2, output_mtok: 8}
      jamba-mini-1.6: {input_mtok: 0.2, output_mtok: 0.4}
      jamba-mini-1.7: {input_mtok: 0.2, output_mtok: 0.4}
  jina_ai:
    models:
      jina-reranker-v2-base-multilingual: {input_mtok: 0.05, output_mtok: 0}
  crusoe:
    models:
      deepseek-ai/DeepSeek-R1-0528: {input_mtok: 3, output_mtok: 7}
      deepseek-ai/DeepSeek-V3-0324: {input_mtok: 1.5, output_mtok: 1.5}
      google/gemma-3-12b-it: {input_mtok: 0.1, output_mtok: 0.1}
      meta-llama/Llama-3.3-70B-Instruct: {input_mtok: 0.2, output_mtok: 0.2}
      moonshotai/Kimi-K2-Thinking: {input_mtok: 2.5, output_mtok: 2.5}
      openai/gpt-oss-120b: {input_mtok: 0.8, output_mtok: 0.8}
      Qwen/Qwen3-235B-A22B-Instruct-2507: {input_mtok: 3, output_mtok: 3}
  inception:
    models:
      mercury-2: {input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 0.75}
      mercury-2.5: {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 0.75}
  inferenceapis:
    models:
      deepseek-ai/DeepSeek-V3: {input_mtok: 0.19, cache_read_mtok: 0.04, output_mtok: 0.38}
      deepseek-ai/DeepSeek-V4-Flash: {input_mtok: 0.19, cache_read_mtok: 0.04, output_mtok: 0.38}
      deepseek-ai/DeepSeek-V4-Flash-0731: {input_mtok: 0.19, cache_read_mtok: 0.04, output_mtok: 0.38}
      deepseek-ai/DeepSeek-V4-Pro: {input_mtok: 1.72, cache_read_mtok: 0.17, output_mtok: 5.15}
      deepseek-ai/DeepSeek-V4-Pro-0813: {input_mtok: 1.72, cache_read_mtok: 0.17, output_mtok: 5.15}
      deepseek-ai/DeepSeek-V4.1-Flash: {input_mtok: 0.4, cache_read_mtok: 0.01, output_mtok: 1.6}
      deepseek-chat: {input_mtok: 0.19, cache_read_mtok: 0.04, output_mtok: 0.38}
      deepseek-flash: {input_mtok: 0.4, cache_read_mtok: 0.01, output_mtok: 1.6}
      deepseek-reasoner: {input_mtok: 0.19, cache_read_mtok: 0.04, output_mtok: 0.38}
      deepseek-v3: {input_mtok: 0.19, cache_read_mtok: 0.04, output_mtok: 0.38}
      deepseek-v4-flash: {input_mtok: 0.19, cache_read_mtok: 0.04, output_mtok: 0.38}
      deepseek-v4-pro: {input_mtok: 1.72, cache_read_mtok: 0.17, output_mtok: 5.15}
      deepseek-v4.1-flash: {input_mtok: 0.4, cache_read_mtok: 0.01, output_mtok: 1.6}
      glm-5.3: {input_mtok: 1.82, cache_read_mtok: 0.34, output_mtok: 5.72}
      glm-5.3-flash: {input_mtok: 0.2, cache_read_mtok: 0.04, output_mtok: 0.66}
      gpt-oss-120b: {input_mtok: 0.2, output_mtok: 0.8}
      gpt-oss-20b: {input_mtok: 0.04, output_mtok: 0.19}
      kimi-k2.7-code: {input_mtok: 0.89, cache_read_mtok: 0.18, output_mtok: 4.42}
      llama-3.1-8b-instant: {input_mtok: 0.2, output_mtok: 0.5}
      llama-3.3-70b: {input_mtok: 0.2, output_mtok: 0.5}
      llama-3.3-70b-instruct: {input_mtok: 0.2, output_mtok: 0.5}
      llama-3.3-70b-versatile: {input_mtok: 0.2, output_mtok: 0.5}
      meta-llama/Llama-3.3-70B-Instruct: {input_mtok: 0.2, output_mtok: 0.5}
      meta-llama/Llama-3.3-70B-Instruct-Turbo: {input_mtok: 0.2, output_mtok: 0.5}
      minimax-m3: {input_mtok: 0.39, cache_read_mtok: 0.08, output_mtok: 1.56}
      MiniMaxAI/MiniMax-M3: {input_mtok: 0.39, cache_read_mtok: 0.08, output_mtok: 1.56}
      moonshotai/Kimi-K2.7-Code: {input_mtok: 0.89, cache_read_mtok: 0.18, output_mtok: 4.42}
      openai/gpt-oss-120b: {input_mtok: 0.2, output_mtok: 0.8}
      openai/gpt-oss-20b: {input_mtok: 0.04, output_mtok: 0.19}
      Qwen/Qwen3-VL-235B-A22B-Instruct: {input_mtok: 0.26, output_mtok: 1.15}
      Qwen/Qwen3.8-Flash: {input_mtok: 0.15, cache_read_mtok: 0.02, output_mtok: 0.5}
      qwen3-vl: {input_mtok: 0.26, output_mtok: 1.15}
      qwen3-vl-235b: {input_mtok: 0.26, output_mtok: 1.15}
      qwen3.8-flash: {input_mtok: 0.15, cache_read_mtok: 0.02, output_mtok: 0.5}
      zai-org/GLM-5.3: {input_mtok: 1.82, cache_read_mtok: 0.34, output_mtok: 5.72}
      zai-org/GLM-5.3-Flash: {input_mtok: 0.2, cache_read_mtok: 0.04, output_mtok: 0.66}
  text-completion-inception:
    models:
      mercury-edit-2: {input_mtok: 0.25, cache_read_mtok: 0.025, output_mtok: 0.75}
  lambda_ai:
    models:
      deepseek-llama3.3-70b: {input_mtok: 0.2, output_mtok: 0.6}
      deepseek-r1-0528: {input_mtok: 0.2, output_mtok: 0.6}
      deepseek-r1-671b: {input_mtok: 0.8, output_mtok: 0.8}
      deepseek-v3-0324: {input_mtok: 0.2, output_mtok: 0.6}
      hermes3-405b: {input_mtok: 0.8, output_mtok: 0.8}
      hermes3-70b: {input_mtok: 0.12, output_mtok: 0.3}
      hermes3-8b: {input_mtok: 0.025, output_mtok: 0.04}
      lfm-40b: {input_mtok: 0.1, output_mtok: 0.2}
      lfm-7b: {input_mtok: 0.025, output_mtok: 0.04}
      llama-4-maverick-17b-128e-instruct-fp8: {input_mtok: 0.05, output_mtok: 0.1}
      llama-4-scout-17b-16e-instruct: {input_mtok: 0.05, output_mtok: 0.1}
      llama3.1-405b-instruct-fp8: {input_mtok: 0.8, output_mtok: 0.8}
      llama3.1-70b-instruct-fp8: {input_mtok: 0.12, output_mtok: 0.3}
      llama3.1-8b-instruct: {input_mtok: 0.025, output_mtok: 0.04}
      llama3.1-nemotron-70b-instruct-fp8: {input_mtok: 0.12, output_mtok: 0.3}
      llama3.2-11b-vision-instruct: {input_mtok: 0.015, output_mtok: 0.025}
      llama3.2-3b-instruct: {input_mtok: 0.015, output_mtok: 0.025}
      llama3.3-70b-instruct-fp8: {input_mtok: 0.12, output_mtok: 0.3}
      qwen25-coder-32b-instruct: {input_mtok: 0.05, output_mtok: 0.1}
      qwen3-32b-fp8: {input_mtok: 0.05, output_mtok: 0.1}
  morph:
    models:
      morph-kimik3: {input_mtok: 2.5, cache_read_mtok: 0.29, output_mtok: 14}
      morph-kimik3-fast: {input_mtok: 6, cache_read_mtok: 0.6, output_mtok: 22.5}
      morph-glm53-744b: {input_mtok: 1.19, cache_read_mtok: 0.1955, output_mtok: 6}
      morph-glm53flash: {input_mtok: 0.2, cache_read_mtok: 0.04, output_mtok: 0.7}
      morph-dsv41flash: {input_mtok: 0.12, cache_read_mtok: 0.008, output_mtok: 0.8}
      morph-dsv41flash-1017: {input_mtok: 0.12, cache_read_mtok: 0.008, output_mtok: 0.8}
      morph-dsv41flash-abliterated: {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 1.2}
      morph-dsv4flash: {input_mtok: 0.141953125, cache_read_mtok: 0.0359375, output_mtok: 0.399625}
      morph-v3-fast: {input_mtok: 0.8, output_mtok: 1.2}
      morph-v3-large: {input_mtok: 0.9, output_mtok: 1.9}
  nscale:
    models:
      Qwen/QwQ-32B: {input_mtok: 0.18, output_mtok: 0.2}
      Qwen/Qwen2.5-Coder-32B-Instruct: {input_mtok: 0.06, output_mtok: 0.2}
      Qwen/Qwen2.5-Coder-3B-Instruct: {input_mtok: 0.01, output_mtok: 0.03}
      Qwen/Qwen2.5-Coder-7B-Instruct: {input_mtok: 0.01, output_mtok: 0.03}
      deepseek-ai/DeepSeek-R1-Distill-Llama-70B: {input_mtok: 0.375, output_mtok: 0.375}
      deepseek-ai/DeepSeek-R1-Distill-Llama-8B: {input_mtok: 0.025, output_mtok: 0.025}
      deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B: {input_mtok: 0.09, output_mtok: 0.09}
      deepseek-ai/DeepSeek-R1-Distill-Qwen-14B: {input_mtok: 0.07, output_mtok: 0.07}
      deepseek-ai/DeepSeek-R1-Distill-Qwen-32B: {input_mtok: 0.15, output_mtok: 0.15}
      deepseek-ai/DeepSeek-R1-Distill-Qwen-7B: {input_mtok: 0.2, output_mtok: 0.2}
      meta-llama/Llama-3.1-8B-Instruct: {input_mtok: 0.03, output_mtok: 0.03}
      meta-llama/Llama-3.3-70B-Instruct: {input_mtok: 0.2, output_mtok: 0.2}
      meta-llama/Llama-4-Scout-17B-16E-Instruct: {input_mtok: 0.09, output_mtok: 0.29}
      mistralai/mixtral-8x22b-instruct-v0.1: {input_mtok: 0.6, output_mtok: 0.6}
  nebius:
    models:
      deepseek-ai/DeepSeek-R1: {input_mtok: 0.8, output_mtok: 2.4}
      deepseek-ai/DeepSeek-R1-0528: {input_mtok: 0.8, output_mtok: 2.4}
      deepseek-ai/DeepSeek-R1-Distill-Llama-70B: {input_mtok: 0.25, output_mtok: 0.75}
      deepseek-ai/DeepSeek-V3: {input_mtok: 0.5, output_mtok: 1.5}
      deepseek-ai/DeepSeek-V3-0324: {input_mtok: 0.5, output_mtok: 1.5}
      google/gemma-3-27b-it: {input_mtok: 0.1, output_mtok: 0.3}
      meta-llama/Llama-3.3-70B-Instruct: {input_mtok: 0.13, output_mtok: 0.4}
      meta-llama/Llama-Guard-3-8B: {input_mtok: 0.02, output_mtok: 0.06}
      meta-llama/Meta-Llama-3.1-8B-Instruct: {input_mtok: 0.02, output_mtok: 0.06}
      meta-llama/Meta-Llama-3.1-70B-Instruct: {input_mtok: 0.13, output_mtok: 0.4}
      meta-llama/Meta-Llama-3.1-405B-Instruct: {input_mtok: 1, output_mtok: 3}
      mistralai/Mistral-Nemo-Instruct-2407: {input_mtok: 0.04, output_mtok: 0.12}
      NousResearch/Hermes-3-Llama-3.1-405B: {input_mtok: 1, output_mtok: 3}
      nvidia/Llama-3.1-Nemotron-Ultra-253B-v1: {input_mtok: 0.6, output_mtok: 1.8}
      nvidia/Llama-3.3-Nemotron-Super-49B-v1: {input_mtok: 0.1, output_mtok: 0.4}
      Qwen/Qwen3-235B-A22B: {input_mtok: 0.2, output_mtok: 0.6}
      Qwen/Qwen3-32B: {input_mtok: 0.1, output_mtok: 0.3}
      Qwen/Qwen3-30B-A3B: {input_mtok: 0.1, output_mtok: 0.3}
      Qwen/Qwen3-14B: {input_mtok: 0.08, output_mtok: 0.24}
      Qwen/Qwen3-4B: {input_mtok: 0.08, output_mtok: 0.24}
      Qwen/QwQ-32B: {input_mtok: 0.15, output_mtok: 0.45}
      Qwen/Qwen2.5-72B-Instruct: {input_mtok: 0.13, output_mtok: 0.4}
      Qwen/Qwen2.5-32B-Instruct: {input_mtok: 0.06, output_mtok: 0.2}
      Qwen/Qwen2.5-Coder-7B: {input_mtok: 0.01, output_mtok: 0.03}
      Qwen/Qwen2.5-VL-72B-Instruct: {input_mtok: 0.25, output_mtok: 0.75}
      Qwen/Qwen2-VL-72B-Instruct: {input_mtok: 0.13, output_mtok: 0.4}
      Qwen/Qwen2-VL-7B-Instruct: {input_mtok: 0.02, output_mtok: 0.06}
      deepseek-ai/DeepSeek-V4-Flash: {input_mtok: 0.14, output_mtok: 0.28}
      deepseek-ai/DeepSeek-V4-Flash-0731: {input_mtok: 0.14, output_mtok: 0.28}
      deepseek-ai/DeepSeek-V4-Pro: {input_mtok: 1.75, output_mtok: 3.5}
      deepseek-ai/DeepSeek-V4-Pro-0813: {input_mtok: 1.32, output_mtok: 3.96}
      deepseek-ai/DeepSeek-V4.1-Flash: {input_mtok: 0.3, output_mtok: 1.2}
      MiniMaxAI/MiniMax-M2.5: {input_mtok: 0.3, output_mtok: 1.2}
      MiniMaxAI/MiniMax-M3: {input_mtok: 0.3, output_mtok: 1.2}
      moonshotai/Kimi-K2.6: {input_mtok: 0.95, output_mtok: 4}
      moonshotai/Kimi-K2.7-Code: {input_mtok: 0.95, output_mtok: 4}
      moonshotai/Kimi-K3: {input_mtok: 3, output_mtok: 15}
      NousResearch/Hermes-4-405B: {input_mtok: 1, output_mtok: 3}
      NousResearch/Hermes-4-70B: {input_mtok: 0.13, output_mtok: 0.4}
      nvidia/Cosmos3-Super-Reasoner: {input_mtok: 0.1, output_mtok: 0.3}
      nvidia/Llama-3_1-Nemotron-Ultra-253B-v1: {input_mtok: 0.6, output_mtok: 1.8}
      nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B: {input_mtok: 0.06, output_mtok: 0.24}
      nvidia/Nemotron-3-Nano-Omni: {input_mtok: 0.06, output_mtok: 0.24}
      nvidia/nemotron-3-super-120b-a12b: {input_mtok: 0.3, output_mtok: 0.9}
      nvidia/Nemotron-3-Ultra-550b-a55b: {input_mtok: 1, output_mtok: 3}
      nvidia/Nemotron-3_5-Lightning: {input_mtok: 0.06, output_mtok: 0.24}
      openai/gpt-oss-120b: {input_mtok: 0.15, output_mtok: 0.6}
      openbmb/MiniCPM-V-4_5: {input_mtok: 0.658, output_mtok: 1.11}
      Qwen/Qwen3-235B-A22B-Instruct-2507: {input_mtok: 0.2, output_mtok: 0.6}
      Qwen/Qwen3-30B-A3B-Instruct-2507: {input_mtok: 0.1, output_mtok: 0.3}
      Qwen/Qwen3-Next-80B-A3B-Thinking: {input_mtok: 0.15, output_mtok: 1.2}
      Qwen/Qwen3.5-397B-A17B: {input_mtok: 0.6, output_mtok: 3.6}
      Qwen/Qwen3.8-27B: {input_mtok: 0.45, output_mtok: 3}
      zai-org/GLM-5.1: {input_mtok: 1.4, output_mtok: 4.4}
      zai-org/GLM-5.2: {input_mtok: 1.4, output_mtok: 4.4}
      zai-org/GLM-5.3: {input_mtok: 1.4, output_mtok: 4.4}
      zai-org/GLM-5.3-Flash: {input_mtok: 0.15, output_mtok: 0.5}
      BAAI/bge-en-icl: {input_mtok: 0.01, output_mtok: 0}
      BAAI/bge-multilingual-gemma2: {input_mtok: 0.01, output_mtok: 0}
      intfloat/e5-mistral-7b-instruct: {input_mtok: 0.01, output_mtok: 0}
      Qwen/Qwen3-Embedding-8B: {input_mtok: 0.01, output_mtok: 0}
      reflection/beam: {input_mtok: 0.25, output_mtok: 1}
  oci:
    models:
      meta.llama-3.1-8b-instruct: {input_mtok: 0.72, output_mtok: 0.72}
      meta.llama-3.1-70b-instruct: {input_mtok: 0.72, output_mtok: 0.72}
      meta.llama-3.1-405b-instruct: {input_mtok: 10.68, output_mtok: 10.68}
      meta.llama-3.2-90b-vision-instruct: {input_mtok: 2, output_mtok: 2}
      meta.llama-3.3-70b-instruct: {input_mtok: 0.72, output_mtok: 0.72}
      meta.llama-4-maverick-17b-128e-instruct-fp8: {input_mtok: 0.72, output_mtok: 0.72}
      meta.llama-4-scout-17b-16e-instruct: {input_mtok: 0.72, output_mtok: 0.72}
      xai.grok-3: {input_mtok: 3, output_mtok: 15}
      xai.grok-3-fast: {input_mtok: 5, output_mtok: 25}
      xai.grok-3-mini: {input_mtok: 0.3, output_mtok: 0.5}
      xai.grok-3-mini-fast: {input_mtok: 0.6, output_mtok: 4}
      xai.grok-4: {input_mtok: 3, output_mtok: 15}
      cohere.command-latest: {input_mtok: 1.56, output_mtok: 1.56}
      cohere.command-a-03-2025: {input_mtok: 1.56, output_mtok: 1.56}
      cohere.command-plus-latest: {input_mtok: 1.56, output_mtok: 1.56}
      google.gemini-2.5-flash: {input_mtok: 0.15, output_mtok: 0.6}
      google.gemini-2.5-pro: {input_mtok: 1.25, output_mtok: 10}
      google.gemini-2.5-flash-lite: {input_mtok: 0.075, output_mtok: 0.3}
      cohere.command-a-vision: {input_mtok: 1.56, output_mtok: 1.56}
      cohere.command-a-reasoning: {input_mtok: 1.56, output_mtok: 1.56}
      cohere.embed-multilingual-image-v3.0: {input_mtok: 0.1}
      cohere.command-a-reasoning-08-2025: {input_mtok: 1.56, output_mtok: 1.56}
      cohere.command-a-vision-07-2025: {input_mtok: 1.56, output_mtok: 1.56}
      cohere.command-a-translate-08-2025: {input_mtok: 0.09, output_mtok: 0.09}
      cohere.command-r-08-2024: {input_mtok: 0.15, output_mtok: 0.15}
      cohere.command-r-plus-08-2024: {input_mtok: 1.56, output_mtok: 1.56}
      meta.llama-3.2-11b-vision-instruct: {input_mtok: 2, output_mtok: 2}
      meta.llama-3.3-70b-instruct-fp8-dynamic: {input_mtok: 0.72, output_mtok: 0.72}
      xai.grok-4-fast: {input_mtok: 5, output_mtok: 25}
      xai.grok-4.1-fast: {input_mtok: 5, output_mtok: 25}
      xai.grok-4.20: {input_mtok: 3, output_mtok: 15}
      xai.grok-4.20-multi-agent: {input_mtok: 3, output_mtok: 15}
      xai.grok-4.20-0309-non-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}}
      xai.grok-4.20-0309-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}}
      xai.grok-4.20-non-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}}
      xai.grok-4.20-reasoning: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.2, 200000: 0.4}, output_mtok: {0: 2.5, 200000: 5}}
      xai.grok-code-fast-1: {input_mtok: 5, output_mtok: 25}
      openai.gpt-5: {input_mtok: 1.25, output_mtok: 10}
      openai.gpt-5-mini: {input_mtok: 0.25, output_mtok: 2}
      openai.gpt-5-nano: {input_mtok: 0.05, output_mtok: 0.4}
      openai.gpt-oss-120b: {input_mtok: 0.15, output_mtok: 0.6}
      openai.gpt-oss-20b: {input_mtok: 0.07, output_mtok: 0.3}
      cohere.embed-english-v3.0: {input_mtok: 0.1, output_mtok: 0}
      cohere.embed-english-light-v3.0: {input_mtok: 0.1, output_mtok: 0}
      cohere.embed-multilingual-v3.0: {input_mtok: 0.1, output_mtok: 0}
      cohere.embed-multilingual-light-v3.0: {input_mtok: 0.1, output_mtok: 0}
      cohere.embed-english-image-v3.0: {input_mtok: 0.1, output_mtok: 0}
      cohere.embed-english-light-image-v3.0: {input_mtok: 0.1, output_mtok: 0}
      cohere.embed-multilingual-light-image-v3.0: {input_mtok: 0.1, output_mtok: 0}
      cohere.embed-v4.0: {input_mtok: 0.12, output_mtok: 0}
  parallel_ai:
    models:
      search: {web_searches_kcount: 5}
      search-fast: {web_searches_kcount: 1}
      search-pro: {web_searches_kcount: 5}
      search-turbo: {web_searches_kcount: 1}
  recraft:
    models:
      recraftv2: {images_kcount: 22}
      recraftv3: {images_kcount: 40}
  replicate:
    models:
      meta/llama-2-13b: {input_mtok: 0.1, output_mtok: 0.5}
      meta/llama-2-13b-chat: {input_mtok: 0.1, output_mtok: 0.5}
      meta/llama-2-70b: {input_mtok: 0.65, output_mtok: 2.75}
      meta/llama-2-70b-chat: {input_mtok: 0.65, output_mtok: 2.75}
      meta/llama-2-7b: {input_mtok: 0.05, output_mtok: 0.25}
      meta/llama-2-7b-chat: {input_mtok: 0.05, output_mtok: 0.25}
      meta/llama-3-70b: {input_mtok: 0.65, output_mtok: 2.75}
      meta/llama-3-70b-instruct: {input_mtok: 0.65, output_mtok: 2.75}
      meta/llama-3-8b: {input_mtok: 0.05, output_mtok: 0.25}
      meta/llama-3-8b-instruct: {input_mtok: 0.05, output_mtok: 0.25}
      mistralai/mistral-7b-instruct-v0.2: {input_mtok: 0.05, output_mtok: 0.25}
      mistralai/mistral-7b-v0.1: {input_mtok: 0.05, output_mtok: 0.25}
      mistralai/mixtral-8x7b-instruct-v0.1: {input_mtok: 0.3, output_mtok: 1}
      openai/gpt-5: {input_mtok: 1.25, output_mtok: 10}
      openai/gpt-oss-20b: {input_mtok: 0.09, output_mtok: 0.36}
      anthropic/claude-4.5-haiku: {input_mtok: 1, output_mtok: 5}
      ibm-granite/granite-3.3-8b-instruct: {input_mtok: 0.03, output_mtok: 0.25}
      openai/gpt-4o: {input_mtok: 2.5, output_mtok: 10}
      openai/o4-mini: {input_mtok: 1, output_mtok: 4}
      openai/o1-mini: {input_mtok: 1.1, output_mtok: 4.4}
      openai/o1: {input_mtok: 15, output_mtok: 60}
      openai/gpt-4o-mini: {input_mtok: 0.15, output_mtok: 0.6}
      qwen/qwen3-235b-a22b-instruct-2507: {input_mtok: 0.264, output_mtok: 1.06}
      anthropic/claude-4-sonnet: {input_mtok: 3, output_mtok: 15}
      deepseek-ai/deepseek-v3: {input_mtok: 1.45, output_mtok: 1.45}
      anthropic/claude-3.7-sonnet: {input_mtok: 3, output_mtok: 15}
      anthropic/claude-3.5-haiku: {input_mtok: 1, output_mtok: 5}
      anthropic/claude-3.5-sonnet: {input_mtok: 3.75, output_mtok: 18.75}
      google/gemini-3-pro: {input_mtok: {0: 2, 200000: 4}, output_mtok: {0: 12, 200000: 18}}
      anthropic/claude-4.5-sonnet: {input_mtok: 3, output_mtok: 15}
      openai/gpt-4.1: {input_mtok: 2, output_mtok: 8}
      openai/gpt-4.1-nano: {input_mtok: 0.1, output_mtok: 0.4}
      openai/gpt-4.1-mini: {input_mtok: 0.4, output_mtok: 1.6}
      openai/gpt-5-nano: {input_mtok: 0.05, output_mtok: 0.4}
      openai/gpt-5-mini: {input_mtok: 0.25, output_mtok: 2}
      google/gemini-2.5-flash: {input_mtok: 0.3, output_mtok: 2.5}
      openai/gpt-oss-120b: {input_mtok: 0.18, output_mtok: 0.72}
      deepseek-ai/deepseek-v3.1: {input_mtok: 0.672, output_mtok: 2.016}
      xai/grok-4: {input_mtok: 7.2, output_mtok: 36}
      deepseek-ai/deepseek-r1: {input_mtok: 3.75, output_mtok: 10}
  sambanova:
    models:
      MiniMax-M2.7: {input_mtok: 0.6, output_mtok: 2.4}
      DeepSeek-R1: {input_mtok: 5, output_mtok: 7}
      Llama-4-Maverick-17B-128E-Instruct: {input_mtok: 0.63, output_mtok: 1.8}
      Meta-Llama-3.3-70B-Instruct: {input_mtok: 0.6, output_mtok: 1.2}
      DeepSeek-V3.1: {input_mtok: 3, output_mtok: 4.5}
      gpt-oss-120b: {input_mtok: 0.22, output_mtok: 0.59}
      DeepSeek-V3.2: {input_mtok: 3, output_mtok: 4.5}
      gemma-4-31B-it: {input_mtok: 0.38, output_mtok: 1.15}
  scx-ai:
    models:
      DeepSeek-V4.1-flash: {input_mtok: 0.15, cache_read_mtok: 0.01, output_mtok: 0.6}
      GLM-5.3: {input_mtok: 0.98, cache_read_mtok: 0.18, output_mtok: 3.08}
      Kimi-K3: {input_mtok: 2.83, cache_read_mtok: 0.28, output_mtok: 14.13}
      GLM-5.2: {input_mtok: 0.61, cache_read_mtok: 0.22, output_mtok: 1.98}
      Qwen3.8-Max: {input_mtok: 1.65, cache_read_mtok: 0.21, output_mtok: 4.99}
  snowflake:
    models:
      claude-3-5-sonnet: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      deepseek-r1: {input_mtok: 1.35, output_mtok: 5.4}
      llama3.1-405b: {input_mtok: 1.2, output_mtok: 1.2}
      llama3.1-70b: {input_mtok: 0.72, output_mtok: 0.72}
      llama3.1-8b: {input_mtok: 0.24, output_mtok: 0.24}
      llama3.3-70b: {input_mtok: 0.72, output_mtok: 0.72}
      mistral-large2: {input_mtok: 2, output_mtok: 6}
      snowflake-llama-3.3-70b: {input_mtok: 0.72, output_mtok: 0.72}
      claude-sonnet-4-5: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      claude-sonnet-4-6: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      claude-4-sonnet: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      claude-4-opus: {input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 25}
      claude-haiku-4-5: {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 5}
      claude-3-7-sonnet: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      openai-gpt-4.1: {input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 8}
      openai-gpt-5: {input_mtok: 1.25, cache_read_mtok: 0.125, output_mtok: 10}
      openai-gpt-5-mini: {input_mtok: 0.3, output_mtok: 1.2}
      openai-gpt-5-nano: {input_mtok: 0.15, output_mtok: 0.6}
      llama4-maverick: {input_mtok: 0.24, output_mtok: 0.97}
      snowflake-arctic-embed-l-v2.0: {input_mtok: 0.07, output_mtok: 0}
      snowflake-arctic-embed-m-v2.0: {input_mtok: 0.07, output_mtok: 0}
  stability:
    models:
      sd3: {images_kcount: 65}
      sd3-large: {images_kcount: 65}
      sd3-large-turbo: {images_kcount: 40}
      sd3-medium: {images_kcount: 35}
      sd3.5-large: {images_kcount: 65}
      sd3.5-large-turbo: {images_kcount: 40}
      sd3.5-medium: {images_kcount: 35}
      stable-image-ultra: {images_kcount: 80}
      inpaint: {images_kcount: 5}
      outpaint: {images_kcount: 4}
      erase: {images_kcount: 5}
      search-and-replace: {images_kcount: 5}
      search-and-recolor: {images_kcount: 5}
      remove-background: {images_kcount: 5}
      replace-background-and-relight: {images_kcount: 8}
      sketch: {images_kcount: 5}
      structure: {images_kcount: 5}
      style: {images_kcount: 5}
      style-transfer: {images_kcount: 8}
      fast: {images_kcount: 2}
      conservative: {images_kcount: 40}
      creative: {images_kcount: 60}
      stable-image-core: {images_kcount: 30}
  linkup:
    models:
      search: {web_searches_kcount: 5.87}
      search-deep: {web_searches_kcount: 58.67}
  tavily:
    models:
      search: {web_searches_kcount: 8}
      search-advanced: {web_searches_kcount: 16}
  transcribe:
    models:
      StartTranscriptionJob: {input_hours: 0.36, output_hours: 0}
  aws_polly:
    models:
      standard: {input_mchars: 4}
      neural: {input_mchars: 16}
      long-form: {input_mchars: 100}
      generative: {input_mchars: 30}
  v0:
    models:
      v0-1.0-md: {input_mtok: 3, output_mtok: 15}
      v0-1.5-lg: {input_mtok: 15, output_mtok: 75}
      v0-1.5-md: {input_mtok: 3, output_mtok: 15}
  vercel_ai_gateway:
    models:
      alibaba/qwen-3-14b: {input_mtok: 0.08, output_mtok: 0.24}
      alibaba/qwen-3-235b: {input_mtok: 0.2, output_mtok: 0.6}
      alibaba/qwen-3-30b: {input_mtok: 0.1, output_mtok: 0.3}
      alibaba/qwen-3-32b: {input_mtok: 0.1, output_mtok: 0.3}
      alibaba/qwen3-coder: {input_mtok: 0.4, output_mtok: 1.6}
      amazon/nova-lite: {input_mtok: 0.06, output_mtok: 0.24}
      amazon/nova-micro: {input_mtok: 0.035, output_mtok: 0.14}
      amazon/nova-pro: {input_mtok: 0.8, output_mtok: 3.2}
      amazon/titan-embed-text-v2: {input_mtok: 0.02, output_mtok: 0}
      anthropic/claude-3-haiku: {input_mtok: 0.25, cache_read_mtok: 0.03, cache_write_mtok: 0.3, output_mtok: 1.25}
      anthropic/claude-3-opus: {input_mtok: 15, cache_read_mtok: 1.5, cache_write_mtok: 18.75, output_mtok: 75}
      anthropic/claude-3.5-haiku: {input_mtok: 0.8, cache_read_mtok: 0.08, cache_write_mtok: 1, output_mtok: 4}
      anthropic/claude-3.5-sonnet: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      anthropic/claude-3.7-sonnet: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      anthropic/claude-4-opus: {input_mtok: 15, cache_read_mtok: 1.5, cache_write_mtok: 18.75, output_mtok: 75}
      anthropic/claude-4-sonnet: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      anthropic/claude-3-5-sonnet: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      anthropic/claude-3-5-sonnet-20241022: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      anthropic/claude-3-7-sonnet: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      anthropic/claude-haiku-4.5: {input_mtok: 1, cache_read_mtok: 0.1, cache_write_mtok: 1.25, output_mtok: 5}
      anthropic/claude-opus-4: {input_mtok: 15, cache_read_mtok: 1.5, cache_write_mtok: 18.75, output_mtok: 75}
      anthropic/claude-opus-4.1: {input_mtok: 15, cache_read_mtok: 1.5, cache_write_mtok: 18.75, output_mtok: 75}
      anthropic/claude-opus-4.5: {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      anthropic/claude-opus-4.6: {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      anthropic/claude-sonnet-4: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      anthropic/claude-sonnet-4.5: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 3.75, output_mtok: 15}
      cohere/command-a: {input_mtok: 2.5, output_mtok: 10}
      cohere/command-r: {input_mtok: 0.15, output_mtok: 0.6}
      cohere/command-r-plus: {input_mtok: 2.5, output_mtok: 10}
      cohere/embed-v4.0: {input_mtok: 0.12, output_mtok: 0}
      deepseek/deepseek-r1: {input_mtok: 0.55, output_mtok: 2.19}
      deepseek/deepseek-r1-distill-llama-70b: {input_mtok: 0.75, output_mtok: 0.99}
      deepseek/deepseek-v3: {input_mtok: 0.9, output_mtok: 0.9}
      google/gemini-2.5-flash: {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 2.5}
      google/gemini-2.5-pro: {input_mtok: {0: 1.25, 200000: 2.5}, cache_read_mtok: {0: 0.125, 200000: 0.25}, output_mtok: {0: 10, 200000: 15}}
      google/gemini-embedding-001: {input_mtok: 0.15, output_mtok: 0}
      google/gemma-2-9b: {input_mtok: 0.2, output_mtok: 0.2}
      google/text-embedding-005: {input_mtok: 0.025, output_mtok: 0}
      google/text-multilingual-embedding-002: {input_mtok: 0.025, output_mtok: 0}
      inception/mercury-coder-small: {input_mtok: 0.25, output_mtok: 1}
      meta/llama-3-70b: {input_mtok: 0.59, output_mtok: 0.79}
      meta/llama-3-8b: {input_mtok: 0.05, output_mtok: 0.08}
      meta/llama-3.1-70b: {input_mtok: 0.72, output_mtok: 0.72}
      meta/llama-3.1-8b: {input_mtok: 0.05, output_mtok: 0.08}
      meta/llama-3.2-11b: {input_mtok: 0.16, output_mtok: 0.16}
      meta/llama-3.2-1b: {input_mtok: 0.1, output_mtok: 0.1}
      meta/llama-3.2-3b: {input_mtok: 0.15, output_mtok: 0.15}
      meta/llama-3.2-90b: {input_mtok: 0.72, output_mtok: 0.72}
      meta/llama-3.3-70b: {input_mtok: 0.72, output_mtok: 0.72}
      meta/llama-4-maverick: {input_mtok: 0.2, output_mtok: 0.6}
      meta/llama-4-scout: {input_mtok: 0.1, output_mtok: 0.3}
      mistral/codestral: {input_mtok: 0.3, output_mtok: 0.9}
      mistral/codestral-embed: {input_mtok: 0.15, output_mtok: 0}
      mistral/devstral-small: {input_mtok: 0.07, output_mtok: 0.28}
      mistral/magistral-medium: {input_mtok: 2, output_mtok: 5}
      mistral/magistral-small: {input_mtok: 0.5, output_mtok: 1.5}
      mistral/ministral-3b: {input_mtok: 0.04, output_mtok: 0.04}
      mistral/ministral-8b: {input_mtok: 0.1, output_mtok: 0.1}
      mistral/mistral-embed: {input_mtok: 0.1, output_mtok: 0}
      mistral/mistral-large: {input_mtok: 2, output_mtok: 6}
      mistral/mistral-saba-24b: {input_mtok: 0.79, output_mtok: 0.79}
      mistral/mistral-small: {input_mtok: 0.1, output_mtok: 0.3}
      mistral/mixtral-8x22b-instruct: {input_mtok: 1.2, output_mtok: 1.2}
      mistral/pixtral-12b: {input_mtok: 0.15, output_mtok: 0.15}
      mistral/pixtral-large: {input_mtok: 2, output_mtok: 6}
      moonshotai/kimi-k2: {input_mtok: 0.55, output_mtok: 2.2}
      morph/morph-v3-fast: {input_mtok: 0.8, output_mtok: 1.2}
      morph/morph-v3-large: {input_mtok: 0.9, output_mtok: 1.9}
      openai/gpt-3.5-turbo: {input_mtok: 0.5, output_mtok: 1.5}
      openai/gpt-3.5-turbo-instruct: {input_mtok: 1.5, output_mtok: 2}
      openai/gpt-4-turbo: {input_mtok: 10, output_mtok: 30}
      openai/gpt-4.1: {input_mtok: 2, cache_read_mtok: 0.5, cache_write_mtok: 0, output_mtok: 8}
      openai/gpt-4.1-mini: {input_mtok: 0.4, cache_read_mtok: 0.1, cache_write_mtok: 0, output_mtok: 1.6}
      openai/gpt-4.1-nano: {input_mtok: 0.1, cache_read_mtok: 0.025, cache_write_mtok: 0, output_mtok: 0.4}
      openai/gpt-4o: {input_mtok: 2.5, cache_read_mtok: 1.25, cache_write_mtok: 0, output_mtok: 10}
      openai/gpt-4o-mini: {input_mtok: 0.15, cache_read_mtok: 0.075, cache_write_mtok: 0, output_mtok: 0.6}
      openai/o1: {input_mtok: 15, cache_read_mtok: 7.5, cache_write_mtok: 0, output_mtok: 60}
      openai/o3: {input_mtok: 2, cache_read_mtok: 0.5, cache_write_mtok: 0, output_mtok: 8}
      openai/o3-mini: {input_mtok: 1.1, cache_read_mtok: 0.55, cache_write_mtok: 0, output_mtok: 4.4}
      openai/o4-mini: {input_mtok: 1.1, cache_read_mtok: 0.275, cache_write_mtok: 0, output_mtok: 4.4}
      openai/text-embedding-3-large: {input_mtok: 0.13, output_mtok: 0}
      openai/text-embedding-3-small: {input_mtok: 0.02, output_mtok: 0}
      openai/text-embedding-ada-002: {input_mtok: 0.1, output_mtok: 0}
      perplexity/sonar: {input_mtok: 1, output_mtok: 1}
      perplexity/sonar-pro: {input_mtok: 3, output_mtok: 15}
      perplexity/sonar-reasoning: {input_mtok: 1, output_mtok: 5}
      perplexity/sonar-reasoning-pro: {input_mtok: 2, output_mtok: 8}
      vercel/v0-1.0-md: {input_mtok: 3, output_mtok: 15}
      vercel/v0-1.5-md: {input_mtok: 3, output_mtok: 15}
      xai/grok-2: {input_mtok: 2, output_mtok: 10}
      xai/grok-2-vision: {input_mtok: 2, output_mtok: 10}
      xai/grok-3: {input_mtok: 3, output_mtok: 15}
      xai/grok-3-fast: {input_mtok: 5, output_mtok: 25}
      xai/grok-3-mini: {input_mtok: 0.3, output_mtok: 0.5}
      xai/grok-3-mini-fast: {input_mtok: 0.6, output_mtok: 4}
      xai/grok-4: {input_mtok: 3, output_mtok: 15}
      zai/glm-4.5: {input_mtok: 0.6, output_mtok: 2.2}
      zai/glm-4.5-air: {input_mtok: 0.2, output_mtok: 1.1}
      zai/glm-4.6: {input_mtok: 0.45, cache_read_mtok: 0.11, output_mtok: 1.8}
  wandb:
    models:
      openai/gpt-oss-120b: {input_mtok: 0.03, output_mtok: 0.17}
      openai/gpt-oss-20b: {input_mtok: 0.03, output_mtok: 0.13}
      moonshotai/Kimi-K2.5: {input_mtok: 0.6, cache_read_mtok: 0.1, output_mtok: 3}
      meta-llama/Llama-3.1-8B-Instruct: {input_mtok: 0.22, output_mtok: 0.22}
      deepseek-ai/DeepSeek-V3.1: {input_mtok: 0.55, output_mtok: 1.65}
      meta-llama/Llama-3.3-70B-Instruct: {input_mtok: 0.71, output_mtok: 0.71}
      deepseek-ai/DeepSeek-V4-Flash: {input_mtok: 0.14, cache_read_mtok: 0.07, output_mtok: 0.28}
      deepseek-ai/DeepSeek-V4-Flash-0731: {input_mtok: 0.13, cache_read_mtok: 0.07, output_mtok: 0.28}
      deepseek-ai/DeepSeek-V4-Pro: {input_mtok: 1.15, cache_read_mtok: 0.2, output_mtok: 2.55}
      google/gemma-4-31B-it: {input_mtok: 0.1, output_mtok: 0.34}
      ibm-granite/granite-4.1-8b: {input_mtok: 0.05, output_mtok: 0.1}
      JetBrains/Mellum2-12B-A2.5B-Instruct: {input_mtok: 0.05, output_mtok: 0.1}
      meta-llama/Llama-3.1-70B-Instruct: {input_mtok: 0.8, output_mtok: 0.8}
      MiniMaxAI/MiniMax-M3: {input_mtok: 0.23, cache_read_mtok: 0.05, output_mtok: 0.96}
      moonshotai/Kimi-K2.7-Code: {input_mtok: 0.71, cache_read_mtok: 0.15, output_mtok: 3.5}
      moonshotai/Kimi-K2.6: {input_mtok: 0.65, cache_read_mtok: 0.15, output_mtok: 3.41}
      nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B: {input_mtok: 0.07, cache_read_mtok: 0.04, output_mtok: 0.2}
      nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B: {input_mtok: 0.5, cache_read_mtok: 0.1, output_mtok: 2.15}
      OpenPipe/Qwen3-14B-Instruct: {input_mtok: 0.05, output_mtok: 0.22}
      Qwen/Qwen3.8-27B: {input_mtok: 0.4, cache_read_mtok: 0.15, output_mtok: 3}
      Qwen/Qwen3.6-35B-A3B: {input_mtok: 0.25, output_mtok: 1.25}
      Qwen/Qwen3.6-27B: {input_mtok: 0.6, cache_read_mtok: 0.12, output_mtok: 3.6}
      Qwen/Qwen3.5-35B-A3B: {input_mtok: 0.25, output_mtok: 1.25}
      Qwen/Qwen3-30B-A3B-Instruct-2507: {input_mtok: 0.1, output_mtok: 0.3}
      deepseek-ai/DeepSeek-V4-Pro-0813: {input_mtok: 1.31, cache_read_mtok: 0.044, output_mtok: 3.96}
      ibm-granite/granite-4.2-8b: {input_mtok: 0.1, cache_read_mtok: 0.05, output_mtok: 0.15}
      zai-org/GLM-5.2: {input_mtok: 0.76, cache_read_mtok: 0.14, output_mtok: 2.42}
      deepseek-ai/DeepSeek-V4.1-Flash: {input_mtok: 0.2, cache_read_mtok: 0.03, output_mtok: 0.65}
      google/gemma-4-26B-A4B-it: {input_mtok: 0.1, cache_read_mtok: 0.05, output_mtok: 0.3}
      zai-org/GLM-5.3-Flash: {input_mtok: 0.15, cache_read_mtok: 0.05, output_mtok: 0.5}
      nvidia/NVIDIA-Nemotron-3.5-Super-VL-120B-A12B: {input_mtok: 0.25, cache_read_mtok: 0.05, output_mtok: 1.5}
      reflection/Beam-1.0-501B-A23B: {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 3}
      zai-org/GLM-5.3: {input_mtok: 1.2, cache_read_mtok: 0.19, output_mtok: 4}
  watsonx:
    models:
      ibm/granite-3-8b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      mistralai/mistral-large: {input_mtok: 3, output_mtok: 10}
      bigscience/mt0-xxl-13b: {input_mtok: 1.908, output_mtok: 1.908}
      bigscience/mt0-xxl: {input_mtok: 1.908, output_mtok: 1.908}
      core42/jais-13b-chat: {input_mtok: 500, output_mtok: 2000}
      google/flan-t5-xl-3b: {input_mtok: 0.6, output_mtok: 0.6}
      ibm/granite-13b-chat-v2: {input_mtok: 0.6, output_mtok: 0.6}
      ibm/granite-13b-instruct-v2: {input_mtok: 0.6, output_mtok: 0.6}
      ibm/granite-3-3-8b-instruct: {input_mtok: 0.2, output_mtok: 0.2}
      ibm/granite-4-h-small: {input_mtok: 0.0636, output_mtok: 0.265}
      ibm/granite-guardian-3-2-2b: {input_mtok: 0.1, output_mtok: 0.1}
      ibm/granite-guardian-3-3-8b: {input_mtok: 0.2, output_mtok: 0.2}
      ibm/granite-ttm-1024-96-r2: {input_mtok: 0.38, output_mtok: 0.38}
      ibm/granite-ttm-1536-96-r2: {input_mtok: 0.38, output_mtok: 0.38}
      ibm/granite-ttm-512-96-r2: {input_mtok: 0.38, output_mtok: 0.38}
      ibm/granite-vision-3-2-2b: {input_mtok: 0.1, output_mtok: 0.1}
      meta-llama/llama-3-2-11b-vision-instruct: {input_mtok: 0.35, output_mtok: 0.35}
      meta-llama/llama-3-2-1b-instruct: {input_mtok: 0.1, output_mtok: 0.1}
      meta-llama/llama-3-2-3b-instruct: {input_mtok: 0.15, output_mtok: 0.15}
      meta-llama/llama-3-2-90b-vision-instruct: {input_mtok: 2, output_mtok: 2}
      meta-llama/llama-3-3-70b-instruct: {input_mtok: 0.7526, output_mtok: 0.7526}
      meta-llama/llama-4-maverick-17b: {input_mtok: 0.371, output_mtok: 1.484}
      meta-llama/llama-4-maverick-17b-128e-instruct-fp8: {input_mtok: 0.371, output_mtok: 1.484}
      meta-llama/llama-guard-3-11b-vision: {input_mtok: 0.35, output_mtok: 0.35}
      mistralai/mistral-medium-2505: {input_mtok: 3, output_mtok: 10}
      mistralai/mistral-small-2503: {input_mtok: 0.1, output_mtok: 0.3}
      mistralai/mistral-small-3-1-24b-instruct-2503: {input_mtok: 0.106, output_mtok: 0.318}
      mistralai/pixtral-12b-2409: {input_mtok: 0.35, output_mtok: 0.35}
      openai/gpt-oss-120b: {input_mtok: 0.159, output_mtok: 0.636}
      sdaia/allam-1-13b-instruct: {input_mtok: 1.8, output_mtok: 1.8}
      whisper-large-v3-turbo: {input_hours: 0.36, output_hours: 0.36}
  runwayml:
    models:
      gen4.5: {output_hours: 432}
      aleph2: {output_hours: 1008}
      seedance2: {output_hours: 1296}
      seedance2_fast: {output_hours: 1044}
      seedance2_mini: {output_hours: 576}
      seedance2_5: {output_hours: 1080}
      hailuo3: {output_hours: 360}
      gemini_omni_flash: {output_hours: 360}
      veo3.1: {output_hours: 1440}
      veo3.1_fast: {output_hours: 540}
      gen4_image: {images_kcount: 50}
      gen4_image_turbo: {images_kcount: 20}
      eleven_multilingual_v2: {input_mchars: 0.3}
  scaleway:
    models:
      qwen/qwen3.5-397b-a17b: {input_mtok: 0.6, output_mtok: 3.6}
      qwen/qwen3.6-35b-a3b: {input_mtok: 0.25, output_mtok: 1.5}
      qwen/qwen3-235b-a22b-instruct-2507: {input_mtok: 0.75, output_mtok: 2.25}
      qwen/qwen3-embedding-8b: {input_mtok: 0.1, output_mtok: 0}
      qwen/qwen3-coder-30b-a3b-instruct: {input_mtok: 0.2, output_mtok: 0.8}
      openai/gpt-oss-120b: {input_mtok: 0.15, output_mtok: 0.6}
      google/gemma-4-26b-a4b-it: {input_mtok: 0.25, output_mtok: 0.5}
      mistralai/mistral-medium-3.5-128b: {input_mtok: 1.5, output_mtok: 7.5}
      mistralai/mistral-small-3.2-24b-instruct-2506: {input_mtok: 0.15, output_mtok: 0.35}
      mistralai/pixtral-12b-2409: {input_mtok: 0.2, output_mtok: 0.2}
      BAAI/bge-multilingual-gemma2: {input_mtok: 0.1, output_mtok: 0}
      meta/llama-3.3-70b-instruct: {input_mtok: 0.9, output_mtok: 0.9}
      glm-5.2: {input_mtok: 1.8, output_mtok: 5.5}
      deepseek-v4-flash-0731: {input_mtok: 0.4, cache_read_mtok: 0.08, output_mtok: 0.8}
  llamagate:
    models:
      llama-3.1-8b: {input_mtok: 0.03, output_mtok: 0.05}
      llama-3.2-3b: {input_mtok: 0.04, output_mtok: 0.08}
      mistral-7b-v0.3: {input_mtok: 0.1, output_mtok: 0.15}
      qwen3-8b: {input_mtok: 0.04, output_mtok: 0.14}
      dolphin3-8b: {input_mtok: 0.08, output_mtok: 0.15}
      deepseek-r1-8b: {input_mtok: 0.1, output_mtok: 0.2}
      deepseek-r1-7b-qwen: {input_mtok: 0.08, output_mtok: 0.15}
      openthinker-7b: {input_mtok: 0.08, output_mtok: 0.15}
      qwen2.5-coder-7b: {input_mtok: 0.06, output_mtok: 0.12}
      deepseek-coder-6.7b: {input_mtok: 0.06, output_mtok: 0.12}
      codellama-7b: {input_mtok: 0.06, output_mtok: 0.12}
      qwen3-vl-8b: {input_mtok: 0.15, output_mtok: 0.55}
      llava-7b: {input_mtok: 0.1, output_mtok: 0.2}
      gemma3-4b: {input_mtok: 0.03, output_mtok: 0.08}
      nomic-embed-text: {input_mtok: 0.02, output_mtok: 0}
      qwen3-embedding-8b: {input_mtok: 0.02, output_mtok: 0}
  libertai:
    models:
      hermes-3-8b-tee: {input_mtok: 0.15, output_mtok: 0.6}
      gemma-4-31b-it: {input_mtok: 0.15, output_mtok: 0.4}
      gemma-4-31b-it-thinking: {input_mtok: 0.15, output_mtok: 0.4}
      qwen3.6-27b: {input_mtok: 0.15, output_mtok: 0.5}
      qwen3.6-27b-thinking: {input_mtok: 0.15, output_mtok: 0.5}
      qwen3.6-35b-a3b: {input_mtok: 0.15, output_mtok: 0.5}
      qwen3.6-35b-a3b-thinking: {input_mtok: 0.15, output_mtok: 0.5}
      qwen3.5-122b-a10b: {input_mtok: 0.25, output_mtok: 1.75}
      qwen3.5-122b-a10b-thinking: {input_mtok: 0.25, output_mtok: 1.75}
      deepseek-v4-flash: {input_mtok: 0.25, output_mtok: 1.75}
      deepseek-v4-flash-thinking: {input_mtok: 0.25, output_mtok: 1.75}
      bge-m3: {input_mtok: 0.01, output_mtok: 0}
  volcengine:
    models:
      doubao-seed-2-0-pro-260215: {input_mtok: {0: 0.46, 32000: 0.7, 128000: 1.4}, output_mtok: {0: 2.3, 32000: 3.5, 128000: 7}}
      doubao-seed-2-1-pro-260628: {input_mtok: 0.8625, cache_read_mtok: 0.1725, output_mtok: 4.3125}
      doubao-seed-2-1-pro-260915: {input_mtok: 0.8625, cache_read_mtok: 0.1725, output_mtok: 4.3125}
      doubao-seed-2-1-lite-260915: {input_mtok: 0.115, cache_read_mtok: 0.023, output_mtok: 0.388126, input_audio_mtok: 1.725, cache_audio_read_mtok: 0.345}
      doubao-seed-2-1-turbo-260628: {input_mtok: 0.43125, cache_read_mtok: 0.08625, output_mtok: 2.15625}
      doubao-seed-2-0-lite-260215: {input_mtok: {0: 0.087, 32000: 0.13, 128000: 0.26}, output_mtok: {0: 0.52, 32000: 0.78, 128000: 1.6}}
      doubao-seed-2-0-mini-260215: {input_mtok: {0: 0.029, 32000: 0.058, 128000: 0.12}, output_mtok: {0: 0.29, 32000: 0.58, 128000: 1.2}}
      doubao-seed-2-0-code-preview-260215: {input_mtok: {0: 0.46, 32000: 0.7, 128000: 1.4}, output_mtok: {0: 2.3, 32000: 3.5, 128000: 7}}
      doubao-seedance-2-5-260628: {output_hours: 777.6}
      doubao-seedance-2-0-260128: {output_hours: 510.9942852}
      doubao-seedance-2-0-fast-260128: {output_hours: 411.0171444}
      doubao-seedance-2-0-mini-260615: {output_hours: 255.4971444}
  soniox:
    models:
      stt-async-v4: {input_hours: 0, output_hours: 0.10000008}
      stt-async-v5: {input_hours: 0, output_hours: 0.10000008}
      stt-rt-v5: {input_hours: 0.119988}
      stt-rt-preview: {input_hours: 0.119988}
      stt-rt-preview-v2: {input_hours: 0.119988}
      stt-rt-v3: {input_hours: 0.119988}
      stt-rt-v3-preview: {input_hours: 0.119988}
      stt-rt-v4: {input_hours: 0.119988}
  tensormesh:
    models:
      Qwen/Qwen3.5-397B-A17B-FP8: {input_mtok: 0.6, cache_read_mtok: 0, output_mtok: 3.6}
      Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8: {input_mtok: 0.45, cache_read_mtok: 0, output_mtok: 1.8}
      Qwen/Qwen3.6-27B-FP8: {input_mtok: 0.32, cache_read_mtok: 0, output_mtok: 3.2}
      lukealonso/GLM-5.1-NVFP4-MTP: {input_mtok: 1.4, cache_read_mtok: 0, output_mtok: 4.4}
      deepseek-ai/DeepSeek-V4-Flash: {input_mtok: 0.14, cache_read_mtok: 0, output_mtok: 0.28}
      moonshotai/Kimi-K2.6: {input_mtok: 0.96, cache_read_mtok: 0, output_mtok: 4}
      MiniMaxAI/MiniMax-M2.5: {input_mtok: 0.3, cache_read_mtok: 0, output_mtok: 1.2}
      google/gemma-4-31B-it: {input_mtok: 0.14, cache_read_mtok: 0, output_mtok: 0.56}
      openai/gpt-oss-120b: {input_mtok: 0.15, cache_read_mtok: 0, output_mtok: 0.6}
      openai/gpt-oss-20b: {input_mtok: 0.07, cache_read_mtok: 0, output_mtok: 0.28}
  streamlake:
    models:
      deepseek-v4-flash-0731: {input_mtok: 0.44, cache_read_mtok: 0.014, output_mtok: 1.32}
      DeepSeek-V4-Pro-0813: {input_mtok: 1.32, cache_read_mtok: 0.044, output_mtok: 3.96}
      DeepSeek-V3: {input_mtok: 0.286, cache_read_mtok: 0.114, output_mtok: 1.143}
      GLM-5.3: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      GLM-5.3-Flash: {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
      Kimi-K2-Instruct-0905: {input_mtok: 0.571, cache_read_mtok: 0.143, output_mtok: 2.286}
      deepseek-r1: {input_mtok: 0.571, cache_read_mtok: 0.229, output_mtok: 2.286}
      deepseek-v3.1: {input_mtok: 0.571, cache_read_mtok: 0.229, output_mtok: 1.714}
      deepseek-v4-flash: {input_mtok: 0.14, cache_read_mtok: 0.028, output_mtok: 0.28}
      deepseek-v4-pro: {input_mtok: 1.74, cache_read_mtok: 0.145, output_mtok: 3.48}
      deepseek-v4.1-flash-1017: {input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
      deepseek-v4.1-flash-260910: {input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
      glm-5: {input_mtok: 1, cache_read_mtok: 0.2, output_mtok: 3.2}
      glm-5.1: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      glm-5.2: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      kimi-k2.6: {input_mtok: 0.95, cache_read_mtok: 0.16, output_mtok: 4}
      kimi-k2.7-code: {input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
      mimo-v2.6-flash: {input_mtok: 0.14, cache_read_mtok: 0.0028, output_mtok: 0.28}
      mimo-v2.6-pro: {input_mtok: 0.435, cache_read_mtok: 0.0036, output_mtok: 0.87}
      minimax-m2.5: {input_mtok: 0.3, cache_read_mtok: 0.03, cache_write_mtok: 0.375, output_mtok: 1.2}
      minimax-m3: {input_mtok: {0: 0.6, 512000: 1.2}, cache_read_mtok: {0: 0.12, 512000: 0.24}, output_mtok: {0: 2.4, 512000: 4.8}}
      qwen3.5-397b-a17b: {input_mtok: 0.6, cache_read_mtok: 0.12, output_mtok: 3.6}
      qwen3.6-27b: {input_mtok: 0.6, output_mtok: 3.6}
      qwen3.6-35b-a3b: {input_mtok: 0.375, output_mtok: 2.25}
      qwen3.8-2.4t-a95b: {input_mtok: 2, cache_read_mtok: 0.25, cache_write_mtok: 2.5, output_mtok: 6}
      qwen3.8-27b: {input_mtok: 0.5, cache_read_mtok: 0.1, cache_write_mtok: 0.625, output_mtok: 3}
  tencent:
    models:
      deepseek-v4-pro: {input_mtok: 1.74, cache_read_mtok: 0.145, cache_write_mtok: 0, output_mtok: 3.48}
      deepseek-v4-flash: {input_mtok: 0.14, cache_read_mtok: 0.0028, cache_write_mtok: 0, output_mtok: 0.28}
      deepseek-v4-pro-0813: {input_mtok: 1.32, cache_read_mtok: 0.044, cache_write_mtok: 0, output_mtok: 3.96}
      deepseek-v4.1-flash: {input_mtok: 0.3, cache_read_mtok: 0.006, cache_write_mtok: 0, output_mtok: 1.2}
      glm-5.3-flashx: {input_mtok: 0.37, cache_read_mtok: 0.075, cache_write_mtok: 0, output_mtok: 1.25}
      glm-5.3-flash: {input_mtok: 0.15, cache_read_mtok: 0.03, cache_write_mtok: 0, output_mtok: 0.5}
      glm-5.3: {input_mtok: 1.4, cache_read_mtok: 0.26, cache_write_mtok: 0, output_mtok: 4.4}
      glm-5.2: {input_mtok: 1.4, cache_read_mtok: 0.26, cache_write_mtok: 0, output_mtok: 4.4}
      kimi-k3: {input_mtok: 3, cache_read_mtok: 0.3, cache_write_mtok: 0, output_mtok: 15}
      kimi-k2.8-preview: {input_mtok: 1, cache_read_mtok: 0.25, cache_write_mtok: 0, output_mtok: 4}
      kimi-k2.7-code-highspeed: {input_mtok: 1.9, cache_read_mtok: 0.38, cache_write_mtok: 0, output_mtok: 8}
      kimi-k2.7-code: {input_mtok: 0.95, cache_read_mtok: 0.19, cache_write_mtok: 0, output_mtok: 4}
      minimax-m3: {input_mtok: 0.3, cache_read_mtok: 0.06, cache_write_mtok: 0, output_mtok: 1.2}
      seedream-image-v5.0-flash: {output_image_mtok: 1.6, images_kcount: 18}
      seedream-image-v5.0-lite: {output_image_mtok: 1.6, images_kcount: 35}
      seedream-image-v5.0-pro: {output_image_mtok: 1.6, images_kcount: 90}
  cognition:
    models:
      swe-1.6: {input_mtok: 0.5, cache_read_mtok: 0.2, output_mtok: 2.5}
      swe-1.7: {input_mtok: 0.5, cache_read_mtok: 0.2, output_mtok: 2.5}
      swe-1.7-lightning: {input_mtok: 2.5, cache_read_mtok: 1, output_mtok: 12.5}
  pinstripes:
    models:
      ps/glm-4.5-air: {input_mtok: 0.125, output_mtok: 0.45}
      ps/qwen3.6-35b-a3b: {input_mtok: 0.14, output_mtok: 0.45}
      ps/qwen3-30b-a3b: {input_mtok: 0.09, output_mtok: 0.2}
      ps/qwen3-coder-30b-a3b: {input_mtok: 0.3, output_mtok: 0.6}
      ps/deepseek-v4-flash: {input_mtok: 0.1, output_mtok: 0.2}
      ps/minimax-m2.7: {input_mtok: 0.255, output_mtok: 0.55}
  darkbloom:
    models:
      gemma-4-26b: {input_mtok: 0.03, output_mtok: 0.165}
      gpt-oss-20b: {input_mtok: 0.0145, output_mtok: 0.07}
  zerogpu:
    models:
      deepseek-v4.1-flash: {input_mtok: 0.3, cache_read_mtok: 0.003, output_mtok: 1.2}
      glm-5.3-flash: {input_mtok: 0.1, cache_read_mtok: 0.015, output_mtok: 0.35}
      gpt-4.1-mini: {input_mtok: 0.4, cache_read_mtok: 0.1, output_mtok: 1.6}
      gpt-5.4-nano: {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 1.25}
      gpt-5.6-luna: {input_mtok: 0.2, output_mtok: 1.2}
      gpt-6-luna: {input_mtok: 0.1, cache_read_mtok: 0.01, output_mtok: 0.5}
      gpt-oss-120b: {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.6}
      LFM2.5-1.2B-Instruct: {input_mtok: 0.02, output_mtok: 0.05}
      LFM2.5-1.2B-Thinking: {input_mtok: 0.02, output_mtok: 0.05}
      llama-3.1-8b-instruct-fast: {input_mtok: 0.15, cache_read_mtok: 0.025, output_mtok: 0.28}
      llama-3.2-3b-instruct-fast: {input_mtok: 0.05, cache_read_mtok: 0.025, output_mtok: 0.3}
      qwen3-30b-a3b-fp8: {input_mtok: 0.1, cache_read_mtok: 0.05, output_mtok: 0.45}
      qwen3.6-35b-a3b: {input_mtok: 0.2, output_mtok: 1.5}
  aihubmix:
    models:
      agnes-2.5-flash: {input_mtok: 0.03, output_mtok: 0.15}
      agnes-2.5-pro: {input_mtok: 0.45, cache_read_mtok: 0.00378, output_mtok: 0.9}
      cc-glm-5.1: {input_mtok: 0.06, output_mtok: 0.22}
      claude-fable-5: {input_mtok: 11, cache_read_mtok: 1.1, cache_write_mtok: 13.75, output_mtok: 55}
      claude-haiku-4-5: {input_mtok: 1.1, cache_read_mtok: 0.11, cache_write_mtok: 1.375, output_mtok: 5.5}
      claude-opus-4-8-think: {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      claude-opus-5: {input_mtok: 5, cache_read_mtok: 0.5, cache_write_mtok: 6.25, output_mtok: 25}
      claude-sonnet-5: {input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 2.5, output_mtok: 10}
      coding-glm-5.3: {input_mtok: 0.06, cache_read_mtok: 0.015, output_mtok: 0.22}
      coding-kimi-k3: {input_mtok: 0.44, cache_read_mtok: 0.066, output_mtok: 1.61333}
      coding-xiaomi-mimo-v2-omni: {input_mtok: 0.08, cache_read_mtok: 0.016, output_mtok: 0.4}
      coding-xiaomi-mimo-v2.5: {input_mtok: 0.08, cache_read_mtok: 0.0016, output_mtok: 0.16}
      coding-xiaomi-mimo-v2.5-pro: {input_mtok: 0.2, cache_read_mtok: 0.0016, output_mtok: 0.4}
      command-a-plus-05-2026: {input_mtok: 2.5, output_mtok: 10}
      deepseek-v4-flash: {input_mtok: 0.142, cache_read_mtok: 0.0284, output_mtok: 0.284}
      deepseek-v4-pro: {input_mtok: 1.69, cache_read_mtok: 0.14027, output_mtok: 3.38}
      doubao-seed-2-0-code-preview: {input_mtok: 0.4822, cache_read_mtok: 0.09644, output_mtok: 2.411}
      doubao-seed-2-0-lite-260428: {input_mtok: 0.09041, cache_read_mtok: 0.018082, output_mtok: 0.54246}
      doubao-seed-2-0-mini: {input_mtok: 0.030136, cache_read_mtok: 0.006027, output_mtok: 0.30136}
      doubao-seed-2-0-pro: {input_mtok: 0.4822, cache_read_mtok: 0.09644, output_mtok: 2.411}
      doubao-seed-2-1-turbo: {input_mtok: 0.46475, cache_read_mtok: 0.09295, output_mtok: 2.32375}
      ernie-5.1: {input_mtok: 0.5634, output_mtok: 2.5353}
      gemini-3-flash-preview: {input_mtok: 0.5, cache_read_mtok: 0.05, output_mtok: 3}
      gemini-3-flash-preview-search: {input_mtok: 0.5, cache_read_mtok: 0.05, output_mtok: 3}
      gemini-3.1-pro-preview: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 12}
      gemini-3.1-pro-preview-customtools: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 12}
      gemini-3.5-flash-lite: {input_mtok: 0.3, cache_read_mtok: 0.03, output_mtok: 2.499999}
      gemini-3.7-flash: {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 3.75}
      gemma-4-26b-a4b-it: {input_mtok: 0.14, output_mtok: 0.39998}
      gemma-4-31b-it: {input_mtok: 0.14, output_mtok: 0.39998}
      glm-5.2-fast-preview: {input_mtok: 2.254, cache_read_mtok: 0.5635, output_mtok: 7.889}
      glm-5.3: {input_mtok: 1.1268, cache_read_mtok: 0.2817, output_mtok: 3.9438}
      glm-5.3-flash: {input_mtok: 0.11268, cache_read_mtok: 0.02817, output_mtok: 0.39438}
      glm-5v-turbo: {input_mtok: 0.7042, cache_read_mtok: 0.169008, output_mtok: 3.09848}
      gpt-5.3-codex: {input_mtok: 1.75, cache_read_mtok: 0.175, output_mtok: 14}
      gpt-5.4-high: {input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 15}
      gpt-5.4-low: {input_mtok: 2.5, cache_read_mtok: 0.25, output_mtok: 15}
      gpt-5.4-mini: {input_mtok: 0.75, cache_read_mtok: 0.075, output_mtok: 4.5}
      gpt-5.4-nano: {input_mtok: 0.2, cache_read_mtok: 0.02, output_mtok: 1.25}
      gpt-5.5: {input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 30}
      gpt-5.5-pro: {input_mtok: 30, output_mtok: 180}
      gpt-5.6-luna: {input_mtok: 0.2, cache_read_mtok: 0.02, cache_write_mtok: 0.25, output_mtok: 1.2}
      gpt-5.6-sol-disc: {input_mtok: 4, cache_read_mtok: 0.4, cache_write_mtok: 5, output_mtok: 20}
      gpt-5.6-terra: {input_mtok: 2, cache_read_mtok: 0.2, cache_write_mtok: 2.5, output_mtok: 12}
      gpt-chat-latest: {input_mtok: 5, cache_read_mtok: 0.5, output_mtok: 30}
      grok-4-20-non-reasoning: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 6}
      grok-4-20-reasoning: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 6}
      grok-4.6: {input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 6}
      grok-build-0.1: {input_mtok: 1, cache_read_mtok: 0.2, output_mtok: 2}
      hy3: {input_mtok: 0.1562, cache_read_mtok: 0.03905, output_mtok: 0.6248}
      hy4-preview: {input_mtok: 0.845, cache_read_mtok: 0.04225, output_mtok: 2.535}
      kimi-k2.6: {input_mtok: 0.95, cache_read_mtok: 0.160835, output_mtok: 3.9995}
      kimi-k2.7-code-highspeed: {input_mtok: 1.9, cache_read_mtok: 0.32167, output_mtok: 7.999}
      kimi-k3: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      longcat-2.0: {input_mtok: 0.7746, cache_read_mtok: 0.015492, output_mtok: 3.0984}
      mai-thinking-1: {input_mtok: 2, output_mtok: 8}
      mimo-v2-omni: {input_mtok: 0.44, cache_read_mtok: 0.088, output_mtok: 2.2}
      mimo-v2-pro: {input_mtok: 1.1, cache_read_mtok: 0.22, output_mtok: 3.3}
      minimax-m2.7: {input_mtok: 0.2958, cache_read_mtok: 0.05916, output_mtok: 1.1832}
      minimax-m3: {input_mtok: 0.288, output_mtok: 1.152}
      muse-spark-1.2: {input_mtok: 1.375, output_mtok: 4.675}
      qwen3-coder-next: {input_mtok: 0.137, output_mtok: 0.548}
      qwen3.5-122b-a10b: {input_mtok: 0.1126, output_mtok: 0.9008}
      qwen3.5-397b-a17b: {input_mtok: 0.1644, output_mtok: 0.9864}
      qwen3.6-27b: {input_mtok: 0.422, output_mtok: 2.532}
      qwen3.6-35b-a3b: {input_mtok: 0.254, output_mtok: 1.524}
      qwen3.6-max-preview: {input_mtok: 1.268, cache_read_mtok: 0.1268, cache_write_mtok: 1.585, output_mtok: 7.608}
      qwen3.7-plus: {input_mtok: 0.282, cache_read_mtok: 0.0564, cache_write_mtok: 0.3525, output_mtok: 1.128}
      qwen3.8-2.4t-a95b: {input_mtok: 2, cache_read_mtok: 0.5, output_mtok: 6}
      qwen3.8-flash: {input_mtok: 0.1126, cache_read_mtok: 0.014075, cache_write_mtok: 0.175937, output_mtok: 0.380025}
      qwen3.8-max: {input_mtok: 1.69, cache_read_mtok: 0.169, cache_write_mtok: 2.1125, output_mtok: 5.07}
      step-3.7-flash: {input_mtok: 0.22, cache_read_mtok: 0.044, output_mtok: 1.32}
  aiand:
    models:
      deepseek-ai/deepseek-v4-flash: {input_mtok: 0.15, cache_read_mtok: 0.08, output_mtok: 0.25}
      deepseek-ai/deepseek-v4-pro: {input_mtok: 1, cache_read_mtok: 0.25, output_mtok: 2.5}
      deepseek-ai/deepseek-v4.1-flash: {input_mtok: 0.3, cache_read_mtok: 0.02, output_mtok: 0.6}
      deepseek-ai/deepseek-v4.1-flash-1017: {input_mtok: 0.3, cache_read_mtok: 0.02, output_mtok: 0.6}
      google/gemma-4-31b-it: {input_mtok: 0.2, cache_read_mtok: 0.05, output_mtok: 0.5}
      meta/muse-spark-open: {input_mtok: 1.25, cache_read_mtok: 0.15, output_mtok: 4.25}
      moonshotai/kimi-k2.7-code: {input_mtok: 0.75, cache_read_mtok: 0.2, output_mtok: 3.5}
      moonshotai/kimi-k3: {input_mtok: 3, cache_read_mtok: 0.5, output_mtok: 12.5}
      motif-technologies/motif-3: {input_mtok: 0.5, cache_read_mtok: 0.2, output_mtok: 2}
      openai/gpt-oss-120b: {input_mtok: 0.15, cache_read_mtok: 0.08, output_mtok: 0.6}
      qwen/qwen3.6-27b: {input_mtok: 0.32, cache_read_mtok: 0.2, output_mtok: 3.2}
      qwen/qwen3.8-27b: {input_mtok: 0.4, cache_read_mtok: 0.2, output_mtok: 3}
      zai-org/glm-5.2: {input_mtok: 1, cache_read_mtok: 0.3, output_mtok: 4}
      zai-org/glm-5.3: {input_mtok: 1, cache_read_mtok: 0.3, output_mtok: 4}
      zai-org/glm-5.3-flash: {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
  nace:
    models:
      drex-v1.0: {input_mtok: 0.04, output_mtok: 0}
      drex-v1.5: {input_mtok: 0.05, output_mtok: 0}
      drex-v2.0: {input_mtok: 0.06, output_mtok: 0}
      drex-latest: {input_mtok: 0.06, output_mtok: 0}
  eu_jev:
    models:
      eu-jeff-1.0.0: {input_mtok: 0.0415, output_mtok: 0}
      eu-jeff-latest: {input_mtok: 0.0415, output_mtok: 0}
  xiaomi_mimo:
    models:
      mimo-v2.6-pro: {input_mtok: 0.435, cache_read_mtok: 0.0036, output_mtok: 0.87}
      mimo-v2.6-flash: {input_mtok: 0.14, cache_read_mtok: 0.0028, output_mtok: 0.28}
  prism:
    models:
      deepseek-v4.1-flash: {input_mtok: 0.17, cache_read_mtok: 0.07, output_mtok: 0.63}
      deepseek-v4-flash: {input_mtok: 0.17, cache_read_mtok: 0.07, output_mtok: 0.21}
  scaledown:
    models:
      extract: {input_mtok: 0.05, output_mtok: 0}
      summarize: {input_mtok: 0.05, output_mtok: 0}
      compress: {input_mtok: 0.05, output_mtok: 0}
      classify: {input_mtok: 0.05, output_mtok: 0}
      decisions: {input_mtok: 0.05, output_mtok: 0}
  openinfer:
    models:
      "@oi/GLM-5.3-Flash": {input_mtok: 0.195, output_mtok: 1.56}
      "@oi/Qwen3.5-27B": {input_mtok: 0.195, output_mtok: 1.56}
      "@oi/Qwen3.5-9B": {input_mtok: 5, output_mtok: 0.15}
  opencode_go:
    models:
      grok-4.7: {input_mtok: {0: 2, 200000: 4}, cache_read_mtok: {0: 0.5, 200000: 1}, output_mtok: {0: 6, 200000: 12}}
      gpt-6-luna: {input_mtok: {0: 0.1, 272000: 0.2}, cache_read_mtok: {0: 0.01, 272000: 0.02}, cache_write_mtok: {0: 0.125, 272000: 0.25}, output_mtok: {0: 0.5, 272000: 0.75}}
      gpt-5.6-luna: {input_mtok: {0: 0.2, 272000: 0.4}, cache_read_mtok: {0: 0.02, 272000: 0.04}, cache_write_mtok: {0: 0.25, 272000: 0.5}, output_mtok: {0: 1.2, 272000: 1.8}}
      claude-haiku-5-5: {input_mtok: {0: 0.1, 100000: 0.5}, cache_read_mtok: {0: 0.01, 100000: 0.05}, cache_write_mtok: {0: 0.125, 100000: 0.625}, output_mtok: {0: 0.5, 100000: 2.5}}
      gemini-4-argon: {input_mtok: 2, cache_read_mtok: 0.1, output_mtok: 10}
      glm-5.3-flash: {input_mtok: 0.15, cache_read_mtok: 0.03, output_mtok: 0.5}
      glm-5.3: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      glm-5.2: {input_mtok: 1.4, cache_read_mtok: 0.26, output_mtok: 4.4}
      kimi-k3.1-pro: {input_mtok: 2, cache_read_mtok: 0.2, output_mtok: 10}
      kimi-k3: {input_mtok: 3, cache_read_mtok: 0.3, output_mtok: 15}
      kimi-k2.7-code: {input_mtok: 0.95, cache_read_mtok: 0.19, output_mtok: 4}
      longcat-2.0: {input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
      deepseek-v4.1-flash: {input_mtok: 0.3, cache_read_mtok: 0.006, output_mtok: 1.2}
      deepseek-v4-pro: {input_mtok: 1.32, cache_read_mtok: 0.044, output_mtok: 3.96}
      mimo-v2.6-flash: {input_mtok: 0.14, cache_read_mtok: 0.0028, output_mtok: 0.28}
      mimo-v2.6-pro: {input_mtok: 0.435, cache_read_mtok: 0.003625, output_mtok: 0.87}
      mimo-v2.5: {input_mtok: 0.14, cache_read_mtok: 0.0028, output_mtok: 0.28}
      mimo-v2.5-pro: {input_mtok: 0.435, cache_read_mtok: 0.003625, output_mtok: 0.87}
      minimax-m3.1-flash: {input_mtok: 0.15, cache_read_mtok: 0.015, output_mtok: 0.6}
      minimax-m3: {input_mtok: 0.3, cache_read_mtok: 0.06, output_mtok: 1.2}
      muse-spark-1.3-contributor: {input_mtok: 0.1, cache_read_mtok: 0.002, output_mtok: 0.2}
      muse-spark-1.2-contributor: {input_mtok: 0.1, cache_read_mtok: 0.002, output_mtok: 0.2}
      qwen3.8-max: {input_mtok: 2, cache_read_mtok: 0.25, cache_write_mtok: 2.5, output_mtok: 6}
      qwen3.8-flash: {input_mtok: 0.15, cache_read_mtok: 0.016, cache_write_mtok: 0.2, output_mtok: 0.47}
      qwen3.7-plus: {input_mtok: {0: 0.4, 256000: 1.2}, cache_read_mtok: {0: 0.04, 256000: 0.12}, cache_write_mtok: {0: 0.5, 256000: 1.5}, output_mtok: {0: 1.6, 256000: 4.8}}
      hy4-preview: {input_mtok: 0.834, cache_read_mtok: 0.042, output_mtok: 2.501}
      hy3: {input_mtok: 0.14, cache_read_mtok: 0.035, output_mtok: 0.58}
      step-5-preview: {input_mtok: 1, cache_read_mtok: 0.1, output_mtok: 2.7}
  refuseless:
    models:
      glm-5.3-abliterated: {input_mtok: 1, cache_read_mtok: 0.15, output_mtok: 2}
      glm-5.3-flash-abliterated: {input_mtok: 0.12, cache_read_mtok: 0.04, output_mtok: 0.5}
      deepseek-v4.1-flash-abliterated: {input_mtok: 0.14, cache_read_mtok: 0.035, output_mtok: 0.5}
      deepseek-v4.1-flash-fast: {input_mtok: 0.05, cache_read_mtok: 0.003, output_mtok: 0.15}
      minimax-m3.1-flash: {input_mtok: 0.05, cache_read_mtok: 0.002, output_mtok: 0.25}
  clf_ai_gateway:
    models:
      glm-5.3: {input_mtok: 0.56, cache_read_mtok: 0.104, output_mtok: 1.76}
      glm-5.3-flash: {input_mtok: 0.06, cache_read_mtok: 0.012, output_mtok: 0.2}
      glm-5.2: {input_mtok: 0.56, cache_read_mtok: 0.104, output_mtok: 1.76}
      glm-4.7-flash: {input_mtok: 0.024, output_mtok: 0.16}
      deepseek-v4-pro: {input_mtok: 0.528, cache_read_mtok: 0.017, output_mtok: 1.584}
      deepseek-v4-flash: {input_mtok: 0.176, cache_read_mtok: 0.005, output_mtok: 0.528}
      deepseek-v4.1-flash: {input_mtok: 0.12, cache_read_mtok: 0.002, output_mtok: 0.48}
      kimi-k2.6: {input_mtok: 0.38, cache_read_mtok: 0.064, output_mtok: 1.6}
      kimi-k2.7-code: {input_mtok: 0.38, cache_read_mtok: 0.076, output_mtok: 1.6}
      qwen3.8-27b: {input_mtok: 0.18, cache_read_mtok: 0.02, output_mtok: 1.28}
  kyma:
    models:
      claude-fable-5: {input_mtok: 13.5, output_mtok: 67.5}
      claude-fable-5.1: {input_mtok: 13.5, output_mtok: 67.5}
      claude-haiku-4-5: {input_mtok: 1.35, cache_read_mtok: 0.135, output_mtok: 6.75}
      claude-haiku-5.5: {input_mtok: 0.135, cache_read_mtok: 0.0135, output_mtok: 0.675}
      claude-opus-4-7: {input_mtok: 6.75, cache_read_mtok: 0.675, output_mtok: 33.75}
      claude-opus-5: {input_mtok: 6.75, cache_read_mtok: 0.675, output_mtok: 33.75}
      claude-opus-5.5: {input_mtok: 5.4, cache_read_mtok: 0.27, output_mtok: 27}
      claude-sonnet-4-6: {input_mtok: 4.05, cache_read_mtok: 0.405, output_mtok: 20.25}
      claude-sonnet-5: {input_mtok: 2.7, cache_read_mtok: 0.27, output_mtok: 13.5}
      claude-sonnet-5.5: {input_mtok: 2.7, cache_read_mtok: 0.135, output_mtok: 13.5}
      deepseek-r1: {input_mtok: 0.7425, output_mtok: 2.957}
      deepseek-v3: {input_mtok: 0.518, output_mtok: 0.7571}
      deepseek-v4-flash: {input_mtok: 0.123, cache_read_mtok: 0.0243, output_mtok: 0.2458}
      deepseek-v4-flash-vision-exp: {input_mtok: 0.3892, output_mtok: 1.168}
      deepseek-v4.1-flash: {input_mtok: 0.27, output_mtok: 0.81}
      gemini-3-flash: {input_mtok: 0.675, cache_read_mtok: 0.0675, output_mtok: 4.05}
      gemini-3.1-pro: {input_mtok: 2.7, cache_read_mtok: 0.27, output_mtok: 16.2}
      gemini-3.5-flash: {input_mtok: 2.025, cache_read_mtok: 0.2025, output_mtok: 12.15}
      gemini-3.5-flash-lite: {input_mtok: 0.405, cache_read_mtok: 0.0405, output_mtok: 3.375}
      gemini-3.6-flash: {input_mtok: 1.013, cache_read_mtok: 0.10125, output_mtok: 5.063}
      gemini-3.7-flash: {input_mtok: 2.026, cache_read_mtok: 0.10125, output_mtok: 10.126}
      gemini-3.8-flash: {input_mtok: 2.026, output_mtok: 10.126}
      gemini-4-argon: {input_mtok: 5.4, cache_read_mtok: 0.27, output_mtok: 27}
      gemma-4-31b: {input_mtok: 0.1642, output_mtok: 0.4689}
      glm-4.5-air: {input_mtok: 0.1797, cache_read_mtok: 0.03375, output_mtok: 1.175}
      glm-4.7-flash: {input_mtok: 0.081, cache_read_mtok: 0.0135, output_mtok: 0.54}
      glm-5.1: {input_mtok: 1.89, cache_read_mtok: 0.27675, output_mtok: 5.94}
      glm-5.2: {input_mtok: 0.9029, cache_read_mtok: 0.29835, output_mtok: 3.083}
      glm-5.3: {input_mtok: 1.178, output_mtok: 3.702}
      glm-5.3-flash: {input_mtok: 0.172, output_mtok: 0.5733}
      gpt-5.6-luna: {input_mtok: 0.2944, cache_read_mtok: 0.027, output_mtok: 1.767}
      gpt-5.6-luna-pro: {input_mtok: 0.2703, cache_read_mtok: 0.027, output_mtok: 1.621}
      gpt-5.6-sol: {input_mtok: 5.4, cache_read_mtok: 0.675, output_mtok: 27}
      gpt-5.6-sol-pro: {input_mtok: 5.4, cache_read_mtok: 0.675, output_mtok: 27}
      gpt-5.6-terra: {input_mtok: {0: 2.7, 272000: 5.4}, cache_read_mtok: 0.27, output_mtok: {0: 16.2, 272000: 24.3}}
      gpt-5.6-terra-pro: {input_mtok: 2.7, cache_read_mtok: 0.27, output_mtok: 16.2}
      gpt-6-astra: {input_mtok: 13.5, cache_read_mtok: 1.35, output_mtok: 67.5}
      gpt-6-luna: {input_mtok: {0: 0.1639, 272000: 0.27}, cache_read_mtok: 0.0135, output_mtok: {0: 0.8195, 272000: 1.0125}}
      gpt-6.1-sol: {input_mtok: {0: 2.7, 272000: 5.4}, cache_read_mtok: 0.135, output_mtok: {0: 13.5, 272000: 20.25}}
      gpt-oss-120b: {input_mtok: 0.0473, output_mtok: 0.2303}
      grok-4.20: {input_mtok: 1.763, output_mtok: 3.528}
      grok-4.20-multi-agent: {input_mtok: 1.767, output_mtok: 3.534}
      grok-4.3: {input_mtok: {0: 1.92, 200000: 3.375}, cache_read_mtok: 0.27, output_mtok: {0: 3.838, 200000: 6.75}}
      grok-4.5: {input_mtok: 2.73, output_mtok: 8.189}
      grok-4.6: {input_mtok: 2.758, output_mtok: 8.274}
      grok-4.7: {input_mtok: 2.16, cache_read_mtok: 0.54, output_mtok: 6.48}
      grok-build: {input_mtok: {0: 1.389, 200000: 2.7}, cache_read_mtok: 0.27, output_mtok: {0: 2.777, 200000: 5.4}}
      hy3: {input_mtok: 0.1594, output_mtok: 0.6576}
      hy4-preview: {input_mtok: 1.1259, output_mtok: 3.3764}
      kimi-k2.6: {input_mtok: 0.5909, output_mtok: 2.758}
      kimi-k2.7-code: {input_mtok: 1.009, output_mtok: 4.774}
      kimi-k3: {input_mtok: 3.052, cache_read_mtok: 0.405, output_mtok: 15.258}
      kimi-k3.1-pro: {input_mtok: 2.7, cache_read_mtok: 0.27, output_mtok: 13.5}
      llama-3.3-70b: {input_mtok: 0.135, output_mtok: 0.432}
      llama-4-maverick: {input_mtok: 0.3344, output_mtok: 1.337}
      mimo-v2.5: {input_mtok: 0.1859, output_mtok: 0.3718}
      mimo-v2.6-flash: {input_mtok: 0.189, output_mtok: 0.378}
      mimo-v2.6-pro: {input_mtok: 0.5805, output_mtok: 1.1745}
      minimax-m2.5: {input_mtok: 0.4188, output_mtok: 1.675}
      minimax-m2.7: {input_mtok: 0.405, output_mtok: 1.62}
      minimax-m3: {input_mtok: 0.3956, cache_read_mtok: 0.0756, output_mtok: 1.582}
      minimax-m3.1-flash: {input_mtok: 0.2025, cache_read_mtok: 0.02025, output_mtok: 0.81}
      muse-glimmer-30b: {input_mtok: 0.4554, output_mtok: 1.821}
      muse-spark-1.1: {input_mtok: 1.542, output_mtok: 5.243}
      muse-spark-1.2: {input_mtok: 1.773, output_mtok: 6.025}
      muse-spark-1.3: {input_mtok: 1.688, output_mtok: 5.738}
      muse-spark-open: {input_mtok: 1.688, output_mtok: 5.738}
      muse-wonder: {input_mtok: 5.4, output_mtok: 27}
      nemotron-3-ultra-550b: {input_mtok: 0.675, cache_read_mtok: 0.135, output_mtok: 3.375}
      nemotron-3.5-super-vl: {input_mtok: 0.081, cache_read_mtok: 0.0135, output_mtok: 0.4725}
      qwen-3-32b: {input_mtok: 0.108, output_mtok: 0.378}
      qwen-3-coder: {input_mtok: 0.3546, cache_read_mtok: 0.135, output_mtok: 1.612}
      qwen-3.6-plus: {input_mtok: {0: 0.4388, 256000: 1.755}, output_mtok: {0: 2.633, 256000: 5.265}}
      qwen-3.7-max: {input_mtok: 2.071, cache_read_mtok: 0.16875, output_mtok: 6.207}
      qwen-3.7-plus: {input_mtok: {0: 0.4325, 256000: 1.296}, cache_read_mtok: 0.0864, output_mtok: {0: 1.731, 256000: 5.184}}
      qwen-3.8-max: {input_mtok: 2.228, cache_read_mtok: 0.2781, output_mtok: 6.684}
      qwen3.7-flash: {input_mtok: {0: 0.0435, 32000: 0.135, 256000: 0.27}, cache_read_mtok: 0.0081, output_mtok: {0: 0.1886, 32000: 0.54, 256000: 1.08}}
      qwen3.8-27b: {input_mtok: 0.3826, output_mtok: 2.732}
      qwen3.8-flash: {input_mtok: 0.2045, output_mtok: 0.641}
      sonar: {input_mtok: 1.35, output_mtok: 1.35}
      sonar-pro: {input_mtok: 4.05, output_mtok: 20.25}
      step-3.7-flash: {input_mtok: 0.2229, cache_read_mtok: 0.054, output_mtok: 1.282}
      step-5-preview: {input_mtok: 1.35, cache_read_mtok: 0.135, output_mtok: 3.645}
  bigmodel:
    models:
      glm-5.3: {input_mtok: 1.14285714286, cache_read_mtok: 0.285714285714, output_mtok: 4}
      glm-5.3-flash: {input_mtok: 0.114285714286, cache_read_mtok: 0.0328571428571, output_mtok: 0.4}
      glm-5.3-flashx: {input_mtok: 0.285714285714, cache_read_mtok: 0.0814285714286, output_mtok: 1}
"""#
