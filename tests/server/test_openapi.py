"""openapi.json tells every route and verb, and none that is not there."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from jupyter_mlops.server.routes import ROUTES
from tests.server.conftest import API, conforms

WIRE = Path(__file__).parents[1] / "wire"
VERBS = ("get", "post", "put", "patch", "delete")
SHAPES = API["components"]["schemas"]


def told():
    return {(path, verb) for path, verbs in API["paths"].items() for verb in verbs}


def test_routes_are_those_told():
    there = set()
    for pattern, handler in ROUTES:
        if pattern == ".*":
            continue
        blank = re.sub(r"\([^)]*\)", "{}", f"/{pattern}")
        there |= {(blank, verb) for verb in VERBS if verb in vars(handler)}
    assert there == {(re.sub(r"\{[^}]+\}", "{}", path), verb) for path, verb in told()}


@pytest.mark.parametrize("name", SHAPES)
def test_shape_is_a_schema(name):
    Draft202012Validator.check_schema(SHAPES[name])


def test_every_shape_is_used():
    used = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(API)))
    assert set(SHAPES) - used == {"Changed", "Problem"}


@pytest.mark.parametrize(
    "file", sorted(WIRE.glob("*.json")), ids=lambda file: file.stem
)
def test_example_is_as_told(file):
    conforms(
        json.loads(file.read_text()), {"$ref": f"#/components/schemas/{file.stem}"}
    )
