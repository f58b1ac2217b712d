"""``gates.yaml``: what it says, where a fault is, and gates put into it."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml

from jupyter_mlops import errors
from jupyter_mlops.registry.approvals import Demand
from jupyter_mlops.registry.gates.editing import with_gate
from jupyter_mlops.registry.gates.reader import parse_gates, read_gates

FILE = Path("gates.yaml")
SCHEMA = json.loads(
    (files("jupyter_mlops") / "registry/gates/gates.schema.json").read_text()
)
WHOLE = """\
gates:
  fair:
    check: min over groups(sex) of recall >= 0.8 * max
    dataset: test.csv
    target: churned
    positive: yes it is
models:
  churn:
    champion:
      gates:
      - metrics.auc >= 0.9
      - fair
      - {schema: s.yaml, dataset: train.csv}
      - name: judged
        notebook: judge.ipynb
        parameters: {limit: 0.1}
        timeout: 60
      approvals: {count: 2, own: true}
    shadow: [reproduced]
  "*":
    "*":
      gates: [no secrets]
      approvals: 1
"""


def names(said, model="churn", alias="champion"):
    return [gate.name for gate in parse_gates(said, FILE).gates(model, alias)]


def test_gates_of_an_alias_add_up():
    assert names(WHOLE) == [
        "metrics.auc >= 0.9", "fair", "train.csv as in s.yaml", "judged", "no secrets",
    ]  # fmt: skip
    assert names(WHOLE, alias="shadow") == ["reproduced", "no secrets"]
    assert names(WHOLE, "fraud", "live") == ["no secrets"]
    assert len(names(WHOLE, alias=None)) == 6


def test_strictest_demand_holds():
    book = parse_gates(WHOLE, FILE)
    assert book.demand("churn", "champion") == Demand(count=2, own=False)
    assert book.demand("churn", "shadow") == Demand(count=1)
    assert parse_gates("", FILE).demand("churn", "champion") is None


def test_names_come_from_one_source():
    text = """
        models:
          churn: {champion: {approvals: {count: 1, source: jupyterhub}}}
          '*': {champion: {approvals: {count: 2, source: %s}}}
    """
    same = parse_gates(text % "jupyterhub", FILE).demand("churn", "champion")
    assert same == Demand(count=2, source="jupyterhub")
    with pytest.raises(errors.InvalidInputError, match="jupyterhub and of system"):
        parse_gates(text % "system", FILE).demand("churn", "champion")


def test_no_file_is_no_gates(tmp_path):
    assert read_gates(tmp_path / "gates.yaml").rules == ()


@pytest.mark.parametrize(
    ("said", "line", "column", "reason"),
    [
        ("modls: {}", 1, 1, "mean 'models'"),
        ("models:\n  churn:\n    champion:\n      gate: []", 4, 7, "mean 'gates'"),
        ("models:\n  churn:\n    champion:\n    - metrcs.auc > 1", 4, 7, "'metrics'"),
        ("models:\n  c:\n    a:\n    - metrics.auc > tru", 4, 21, "'tru'"),
        ("models: {c: {a: [min over groups(s) of recall > 1]}}", 1, 18, "dataset"),
        ("models: {c: {a: [{check: reproduced, notebook: n}]}}", 1, 18, "one of"),
        ("models: {c: {a: [{schema: s.yaml}]}}", 1, 18, "lacks 'dataset'"),
        ("models: {c: {a: {approvals: -1}}}", 1, 29, "whole number"),
        (
            "models: {c: {a: {approvals: {count: 1, source: hub}}}}",
            1,
            48,
            "jupyterhub, system",
        ),
        ("models: {c: {'3': []}}", 1, 14, "version's number"),
        ("models: {../x: {}}", 1, 10, "cannot name a model"),
        ("models: {c: {a: 3}}", 1, 17, "name: value"),
        ("gates: {fair: reproduced}\nmodels: {c: {a: [fairr]}}", 2, 18, "mean 'fair'"),
        ("models: {c: [", 2, 1, "expected|not find"),
        ("a: &a [*a]", 1, 4, "refers to itself|unknown|alias"),
    ],
)
def test_fault_names_line_and_column(said, line, column, reason):
    with pytest.raises(errors.GatesFileError, match=reason) as caught:
        parse_gates(said, FILE)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_schema_takes_what_is_read():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(yaml.safe_load(WHOLE), SCHEMA)


@pytest.mark.parametrize(
    "said",
    [
        "modls: {}",
        "models: {c: {a: [{check: reproduced, notebook: n}]}}",
        "models: {c: {a: {approvals: -1}}}",
        "models: {c: {a: 3}}",
        "models: {c: {a: [{schema: s.yaml}]}}",
    ],
)
def test_schema_refuses_what_is_refused(said):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(said), SCHEMA)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "# mine\n",
        "models:\n",
        "models:\n  fraud: {a: [reproduced]}\n",
        "models:\n  churn:\n    shadow: [reproduced]",
        "models:\n  churn:\n    champion:\n      approvals: 2\n",
        "models:\n  churn:\n    champion:\n      gates: [reproduced]\n",
        "models:\n  churn:\n    champion:\n    - reproduced # why\n\n  # end\n",
        WHOLE,
    ],
)
def test_gate_is_put_in(said):
    found = with_gate(said, FILE, "churn", "champion", "metrics.f1 > 0.5")
    assert sorted(names(found)) == sorted([*names(said), "metrics.f1 > 0.5"])
    for line in said.splitlines():
        assert line.strip("[]").split("[")[0] in found
    assert with_gate(found, FILE, "churn", "champion", "metrics.f1 > 0.5") == found


@pytest.mark.parametrize(
    "text", ["tags.a == 'b: #c'", 'params.x == "y"', "size < 2 MB"]
)
def test_odd_gate_is_quoted(text):
    assert names(with_gate(WHOLE, FILE, "churn", "live", text), alias="live")[0] == text


def test_gate_that_makes_no_sense_is_not_put_in():
    with pytest.raises(errors.InvalidInputError, match=r"(?s)'metrics'.*\^"):
        with_gate("", FILE, "churn", "champion", "metrcs.auc > 1")
    with pytest.raises(errors.InvalidInputError, match="by hand"):
        with_gate("models: {churn: {}}", FILE, "churn", "champion", "reproduced")
