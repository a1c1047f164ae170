#!/usr/bin/env python3
"""Writes Sources/OTLPMessages: the messages of OTLP as Swift, for the runtime of swift-protobuf.

Usage: scripts/make-otlp-messages.py

Neither protoc nor the plugin of swift-protobuf is part of the build: together they take minutes to
compile. Run this by hand when the protocol grows. The descriptors come from the PyPI packages named
below, the generator is built once from swift-protobuf's own repository in a temporary directory
(about twenty seconds), and the result is committed.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import venv

PACKAGES = ["opentelemetry-proto==1.45.2", "googleapis-common-protos==1.76.0"]
GENERATOR = ("https://github.com/apple/swift-protobuf", "1.39.0")
ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "Sources/OTLPMessages"

HEADER = """\
// Made by scripts/make-otlp-messages.py with protoc-gen-swift {version}
// from the descriptors in {package} (PyPI).
// The described protocol: Copyright {owner}; Apache License 2.0, SPDX: Apache-2.0.
"""

# Runs inside the environment that has the packages: descriptors in, a request to the generator out.
DESCRIBE = """
import importlib, sys
from google.protobuf.compiler import plugin_pb2

MODULES = [
    "opentelemetry.proto.common.v1.common_pb2",
    "opentelemetry.proto.resource.v1.resource_pb2",
    "opentelemetry.proto.trace.v1.trace_pb2",
    "opentelemetry.proto.logs.v1.logs_pb2",
    "opentelemetry.proto.metrics.v1.metrics_pb2",
    "opentelemetry.proto.collector.trace.v1.trace_service_pb2",
    "opentelemetry.proto.collector.logs.v1.logs_service_pb2",
    "opentelemetry.proto.collector.metrics.v1.metrics_service_pb2",
    "google.rpc.status_pb2",
]
request = plugin_pb2.CodeGeneratorRequest()
request.parameter = "Visibility=Package,FileNaming=DropPath,UseAccessLevelOnImports=true"
request.compiler_version.major = 6
added = set()

def add(file):
    for dependency in file.dependencies:
        add(dependency)
    if file.name not in added:
        added.add(file.name)
        file.CopyToProto(request.proto_file.add())
        name_fields(request.proto_file[-1].message_type)

def name_fields(messages):
    # protoc writes the JSON names of fields into what it hands to a generator; Python leaves them out.
    for message in messages:
        for field in message.field:
            first, *rest = field.name.split("_")
            field.json_name = first + "".join(word[:1].upper() + word[1:] for word in rest)
        name_fields(message.nested_type)

for module in MODULES:
    file = importlib.import_module(module).DESCRIPTOR
    add(file)
    request.file_to_generate.append(file.name)
sys.stdout.buffer.write(request.SerializeToString())
"""

SPLIT = """
import json, sys
from google.protobuf.compiler import plugin_pb2

response = plugin_pb2.CodeGeneratorResponse.FromString(sys.stdin.buffer.read())
if response.error:
    sys.exit(response.error)
json.dump({file.name: file.content for file in response.file}, sys.stdout)
"""


def run(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, **options).stdout


def generator(directory):
    url, version = GENERATOR
    run("git", "clone", "--quiet", "--depth", "1", "--branch", version, url, directory)
    run("swift", "build", "--product", "protoc-gen-swift", cwd=directory)
    return directory / ".build/debug/protoc-gen-swift"


def main():
    with tempfile.TemporaryDirectory() as name:
        place = pathlib.Path(name)
        venv.create(place / "venv", with_pip=True)
        python = place / "venv" / "bin" / "python"
        run(python, "-m", "pip", "install", "--quiet", *PACKAGES)
        request = run(python, "-c", DESCRIBE)
        response = run(generator(place / "swift-protobuf"), input=request)
        files = json.loads(run(python, "-c", SPLIT, input=response))
    OUT.mkdir(exist_ok=True)
    for old in OUT.glob("*.swift"):
        old.unlink()
    for name, content in files.items():
        package, owner = PACKAGES[0], "The OpenTelemetry Authors"
        if "google/rpc" in content.split("import", 1)[0]:
            package, owner = PACKAGES[1], "Google LLC"
        header = HEADER.format(version=GENERATOR[1], package=package, owner=owner)
        (OUT / name).write_text(header + content.rstrip("\n") + "\n")
        print(f"{OUT.relative_to(ROOT)}/{name}", file=sys.stderr)


if __name__ == "__main__":
    os.umask(0o022)
    main()
