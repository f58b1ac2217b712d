"""Settings that are switches."""

import pytest

from jupyter_mlops.errors import SettingError
from jupyter_mlops.settings import load_settings


@pytest.mark.parametrize(
    ("said", "is_on"), [("false", False), ("0", False), ("Off", False), ("true", True)]
)
def test_switch_is_read_from_the_environment(said, is_on):
    found = load_settings(None, {"JUPYTER_MLOPS_LIVE_CURVE": said})
    assert found.live_curve is is_on


def test_other_words_are_refused():
    with pytest.raises(SettingError, match="must be true or false"):
        load_settings(None, {"JUPYTER_MLOPS_LIVE_CURVE": "maybe"})
