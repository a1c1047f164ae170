"""Says nothing if a file is a valid OpenAPI document; otherwise what is wrong with it."""

import json
import sys

from openapi_spec_validator import OpenAPIV31SpecValidator

with open(sys.argv[1], encoding="utf-8") as file:
    errors = list(OpenAPIV31SpecValidator(json.load(file)).iter_errors())
for error in errors:
    print(f"{'/'.join(map(str, error.path))}: {error.message}", file=sys.stderr)
sys.exit(1 if errors else 0)
