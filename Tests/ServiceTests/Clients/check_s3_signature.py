"""Checks the AWS Signature Version 4 of a request, as a server that knows the secret does.

Usage: check_s3_signature.py REQUEST.json SECRET

The file has method, path, headers (with names in lower case) and body.
"""

import hashlib
import hmac
import json
import re
import sys


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    headers = request["headers"]
    scope, names, signature = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=[^/]+/(\S+?),\s*SignedHeaders=(\S+?),\s*Signature=([0-9a-f]{64})",
        headers["authorization"]).groups()
    assert {"host", "x-amz-content-sha256", "x-amz-date"} <= set(names.split(";")), names
    assert names.split(";") == sorted(names.split(";")), names
    assert headers["x-amz-content-sha256"] == sha256(request["body"]), "another body was signed"
    canonical = "\n".join([
        request["method"], request["path"], "",
        *(f"{name}:{headers[name].strip()}" for name in names.split(";")), "", names,
        headers["x-amz-content-sha256"]])
    text = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)])
    key = ("AWS4" + sys.argv[2]).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    expected = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    assert signature == expected, f"{signature} is not {expected}"


main()
