"""``pipeline.yaml``: what can be said, and what is told about what cannot."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from jupyter_mlops.errors import PipelineError, PipelineFileError
from jupyter_mlops.pipeline import spec
from jupyter_mlops.pipeline.spec import Pipeline, Retry, Step
from jupyter_mlops.pipeline.spec.reader import parse_pipeline, read_pipeline
from jupyter_mlops.store.documents import read_document

SCHEMA = json.loads(
    (Path(spec.__file__).parent / "pipeline.schema.json").read_text("utf-8")
)
FILE = Path("/project/pipeline.yaml")
STEP = "steps:\n  a:\n    notebook: a.ipynb\n"
GOOD = (
    STEP,
    "name: x\ndescription: of y\nparameters: {seed: 1, deep: {b: [1, null]}}\n" + STEP,
    STEP + "    parameters: {C: 1e-3, kind: 'rbf', list: [1, 2], none: null}\n",
    STEP + "    inputs: {raw: data/raw.csv}\n    outputs: {out: out/}\n",
    STEP + "    retries: 3\n",
    STEP + "    retries: {times: 3, wait: 5s, factor: 1.5, most: 2m}\n",
    STEP + "    timeout: {cell: 60, step: 1.5h}\n",
    STEP + "    when: true\n",
    STEP + "    resources: {cpus: 0.5, memory: 2GB}\n",
    STEP + "    resources: {memory: 512 MiB}\n",
    STEP + "    kernel: python3\n    cache: false\n",
    STEP + "    sweep: {grid: {C: [1, 2]}, metric: auc}\n",
    STEP
    + "    sweep: {over: {C: log:1..2}, search: 9, metric: a, goal: min, seed: 1}\n",
    STEP + "  b-2:\n    notebook: b.ipynb\n    after: a\n",
    STEP + "  b:\n    notebook: b.ipynb\n    after: [a]\n    description: last\n",
)
BAD = (
    "",
    "[]",
    "steps: {}\n",
    "name: x\n",
    "stpes: {}\n" + STEP,
    "name: 1\n" + STEP,
    "parameters: [1]\n" + STEP,
    "parameters: {a-b: 1}\n" + STEP,
    "steps: {a: a.ipynb}\n",
    "steps: {a: {}}\n",
    "steps: {1a: {notebook: a.ipynb}}\n",
    "steps: {params: {notebook: a.ipynb}}\n",
    "steps: {a: {notebook: 3}}\n",
    "steps: {a: {notebook: ''}}\n",
    STEP + "    parameters: 3\n",
    STEP + "    inputs: {raw: 3}\n",
    STEP + "    inputs: [raw]\n",
    STEP + "    outputs: {a b: c}\n",
    STEP + "    retries: -1\n",
    STEP + "    retries: 1.5\n",
    STEP + "    retries: 101\n",
    STEP + "    retries: true\n",
    STEP + "    retries: {wait: 1s}\n",
    STEP + "    retries: {times: 1, wait: 1 year}\n",
    STEP + "    retries: {times: 1, factor: 0.5}\n",
    STEP + "    timeout: 60\n",
    STEP + "    timeout: {cell: 0}\n",
    STEP + "    timeout: {cel: 1}\n",
    STEP + "    when: 3\n",
    STEP + "    resources: {cpus: 0}\n",
    STEP + "    resources: {memory: much}\n",
    STEP + "    resources: {gpus: 1}\n",
    STEP + "    kernel: [python3]\n",
    STEP + "    cache: 'no'\n",
    STEP + "    after: 3\n",
    STEP + "    after: [3]\n",
    STEP + "    sweep: {C: [1, 2]}\n",
    STEP + "    sweep: {grid: {C: [1, 2]}}\n",
    STEP + "    sweep: {grid: {C: []}, metric: auc}\n",
    STEP + "    sweep: {over: {C: 1..2}, random: 0, metric: auc}\n",
    STEP + "    sweep: {grid: {C: [1]}, metric: auc, goal: best}\n",
    STEP + "    notebok: b.ipynb\n",
)


def is_valid(text):
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(read_document(text).value)


@pytest.mark.parametrize("text", GOOD)
def test_good_file_is_read(text):
    assert is_valid(text)
    assert parse_pipeline(text, FILE).steps


@pytest.mark.parametrize("text", BAD)
def test_bad_file_is_refused(text):
    assert not is_valid(text)
    with pytest.raises(PipelineFileError) as caught:
        parse_pipeline(text, FILE)
    assert f"line {caught.value.line}, column {caught.value.column}" in str(
        caught.value
    )


def test_schema_knows_every_field():
    from jupyter_mlops.pipeline.spec import fields

    assert set(SCHEMA["properties"]) == set(fields.PIPELINE)
    step = SCHEMA["$defs"]["step"]["properties"]
    assert set(step) == set(fields.STEP)
    sweep = SCHEMA["$defs"]["sweep"]["properties"]
    assert set(sweep) == set(fields._SWEEP)


WRONG = {
    "    notebok: b": (4, 5, "Did you mean 'notebook'?"),
    "    inputs: {x: '${b.outputs.x}'}": (4, 17, "there is no step 'b'"),
    "    when: ${aa.metrics.x} > 1": (4, 11, "Did you mean 'a'?"),
    "    when: x > 1": (4, 11, "names 'x'"),
    "    when: ${params.x} + 1": (4, 11, "does more than compare"),
    "    when: __import__('os')": (4, 11, "does more than compare"),
    "    inputs: {x: ${a.b}}": (4, 18, "put references in quotes"),
    "    parameters: {x: '${a.metrics.y}'}": (4, 21, "refers to itself"),
    "    parameters: {x: '${a.metrcs.y}'}": (4, 21, "Did you mean 'metrics'?"),
    "    parameters: {x: '${params.y}'}": (4, 21, "no parameter 'y'"),
    "    parameters: {x: '${a'}": (4, 21, "not closed"),
    "    parameters: {x: 1}\n    inputs: {x: b}": (5, 14, "both in its parameters"),
    "    inputs: {x: d}\n    outputs: {y: d}": (5, 18, "as its input 'x'"),
    "    outputs: {y: .}": (4, 18, "folder of its own"),
    "    outputs: {y: d, z: d/e}": (4, 24, "overlap"),
    "    after: b": (4, 12, "there is no step 'b'"),
    "    after: a": (2, 3, "a needs a"),
    "    kernel: x\n    kernel: y": (5, 5, "second time, first in line 4"),
    "    kernel: !!set {x}": (4, 13, "no place here"),
    "    sweep: 1": (4, 12, "must be names with values"),
    "    sweep: {metric: x, grid: {C: 3}}": (4, 34, "a list of values, or a range"),
    "\tkernel: x": (4, 1, "spaces"),
}


@pytest.mark.parametrize(("text", "told"), WRONG.items())
def test_error_says_where_and_what(text, told):
    line, column, words = told
    with pytest.raises(PipelineFileError) as caught:
        parse_pipeline(STEP + text, FILE)
    assert words in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_circle_is_named_with_its_path():
    text = "steps:\n" + "".join(
        f"  {name}:\n    notebook: x.ipynb\n    after: {other}\n"
        for name, other in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"))
    )
    with pytest.raises(PipelineFileError, match="a needs b needs c needs a"):
        parse_pipeline(text, FILE)


def test_values_keep_their_types():
    text = STEP + "    parameters: {a: 1e-3, b: 2026-11-01, c: yes, d: 0x10, e: '1'}"
    (step,) = parse_pipeline(text, FILE).steps
    assert step.parameters == {
        "a": 0.001,
        "b": "2026-11-01",
        "c": "yes",
        "d": 16,
        "e": "1",
    }


def test_anchors_and_merges_are_followed():
    text = (
        "steps:\n  a: &base\n    notebook: a.ipynb\n    retries: 2\n"
        "  b:\n    <<: *base\n    notebook: b.ipynb\n"
    )
    first, second = parse_pipeline(text, FILE).steps
    assert (second.notebook, second.retry) == ("b.ipynb", first.retry)


@pytest.mark.parametrize(
    "text", ["a: &a [*a]", "a: &a {b: *a}", "- &x [" + "[" * 50, "\x00", "a: *b"]
)
def test_hostile_yaml_is_an_error(text):
    with pytest.raises(PipelineFileError):
        parse_pipeline(text, FILE)


def test_many_laughs_are_an_error():
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    for n in range(1, 9):
        lines.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]")
    with pytest.raises(PipelineFileError, match="endless"):
        parse_pipeline("\n".join(lines), FILE)


def test_python_says_the_same(tmp_path):
    file = tmp_path / "pipeline.yaml"
    file.write_text("name: x\n" + STEP + "    retries: 2\n    timeout: {cell: 1m}\n")
    step = Step("a", "a.ipynb", retry=Retry(times=2), cell_timeout=60.0)
    assert read_pipeline(tmp_path).steps == Pipeline("x", [step]).steps


def test_python_gets_the_same_errors():
    with pytest.raises(PipelineError, match="there is no step 'b'"):
        Pipeline("x", [Step("a", "a.ipynb", after=("b",))])
    with pytest.raises(PipelineError, match="at least one step"):
        Pipeline("x", [])


def test_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(PipelineFileError, match="init --from-notebooks"):
        read_pipeline(tmp_path)


def test_retry_waits_grow_to_the_most():
    waits = Retry(times=4, wait=1, factor=3, most=10).waits()
    assert list(waits) == [1, 3, 9, 10]
