"""Whether one model could take the other's place for whoever feeds it."""

import pandas as pd
import pytest

from jupyter_mlops.capture.profile import profile
from jupyter_mlops.capture.signature import signature_of
from jupyter_mlops.registry.signatures import Signature, differences

FRAME = pd.DataFrame({"a": [1, 2], "b": [1.0, None], "c": pd.Categorical(["x", "y"])})


def signature(frame):
    return Signature.from_json(signature_of(frame, profile(frame)))


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (FRAME, []),
        (FRAME.astype({"a": "float64"}), []),
        (FRAME.assign(d=[None, 1.0]), []),
        (FRAME.assign(d=1), ["'d' is needed besides"]),
        (FRAME.drop(columns="a"), ["'a' is not taken any more"]),
        (FRAME.assign(a="x"), ["'a' is category in place of integer"]),
        (FRAME.assign(b=1.0), ["'b' may not be missing any more"]),
        (
            FRAME.assign(c=pd.Categorical(["x", "x"])),
            ["'c' does not know 'y' any more"],
        ),
    ],
)
def test_what_would_be_refused_is_said(frame, said):
    assert differences(signature(FRAME), signature(frame)) == said


def test_array_in_place_of_a_table_is_said():
    assert differences(signature(FRAME), signature(FRAME[["a"]].to_numpy())) == [
        "it takes an array in place of a table"
    ]
