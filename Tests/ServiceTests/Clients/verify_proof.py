"""Checks an inclusion proof with nothing but SHA-256, as docs/encoding.md says.

Usage: verify_proof.py PROOF.json EXTERNAL_ID. Exit code 0 if the event is in the block.
"""

import hashlib
import json
import struct
import sys
from datetime import datetime, timezone


def sha256(data):
    return hashlib.sha256(data).digest()


def fields(encoding):
    """Version byte, then for each field its number, its length and its bytes."""
    assert encoding[0] == 1, "another version of the encoding"
    found, at = {}, 1
    while at < len(encoding):
        number, length = struct.unpack_from(">BI", encoding, at)
        found[number] = encoding[at + 5 : at + 5 + length]
        assert len(found[number]) == length, "a field runs past the end"
        at += 5 + length
    return found


def root(leaf, index, count, path):
    """RFC 6962: an odd last node is lifted unchanged."""
    node, path = leaf, list(path)
    while count > 1:
        if index % 2 == 1:
            node = sha256(b"\x01" + path.pop(0) + node)
        elif index + 1 < count:
            node = sha256(b"\x01" + node + path.pop(0))
        index, count = index // 2, (count + 1) // 2
    assert not path, "the path is too long"
    return node


def microseconds(time):
    """Since 2000, as PostgreSQL counts."""
    moment = datetime.fromisoformat(time.replace("Z", "+00:00"))
    since = moment - datetime(2000, 1, 1, tzinfo=timezone.utc)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        proof = json.load(file)
    block = proof["block"]
    encoding = bytes.fromhex(proof["encoding"])
    assert fields(encoding)[5].decode() == sys.argv[2], "the proof is of another event"
    assert fields(encoding)[1].hex() == proof["event_id"].replace("-", "")
    assert proof["position"] - block["first_position"] == proof["leaf_index"]
    path = [bytes.fromhex(node) for node in proof["path"]]
    found = root(sha256(b"\x00" + encoding), proof["leaf_index"], block["count"], path)
    assert found.hex() == block["root"], "the path does not lead to the root"
    hashed = (
        b"\x02"
        + bytes.fromhex(block["previous_hash"])
        + struct.pack(
            ">4q", block["ledger"], block["number"], block["first_position"], block["count"]
        )
        + found
        + struct.pack(">q", microseconds(block["recorded_at"]))
    )
    assert sha256(hashed).hex() == block["hash"], "the block's hash is another"
    print("proven", block["hash"])


main()
