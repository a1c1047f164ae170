#!/usr/bin/env bash
# Installs WordLlama's static embeddings (MIT) for likeness and prompt optimization:
#   scripts/install-embeddings.sh [FOLDER]     default: ~/.local/share/tallystick/wordllama
# They come from PyPI, are checked by SHA-256 and are no part of this repository.
set -euo pipefail

folder=${1:-${XDG_DATA_HOME:-$HOME/.local/share}/tallystick/wordllama}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m pip download --quiet --no-deps --only-binary :all: --python-version 3.11 \
    --platform manylinux2014_x86_64 --dest "$work" wordllama==0.4.0.post1
python3 -m zipfile -e "$work"/wordllama-*.whl "$work/wheel"

cd "$work/wheel/wordllama"
sha256sum --quiet --check <<'SUMS'
64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5  weights/l2_supercat_256.safetensors
93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68  tokenizers/l2_supercat_tokenizer_config.json
SUMS
install -D -m 644 -t "$folder/weights" weights/l2_supercat_256.safetensors
install -D -m 644 -t "$folder/tokenizers" tokenizers/l2_supercat_tokenizer_config.json
install -D -m 644 -t "$folder" ../wordllama-0.4.0.post1.dist-info/licenses/LICENSE
echo "installed in $folder"
