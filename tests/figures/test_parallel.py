"""Params against a metric."""

import math

from jupyter_mlops.figures.canvas import figure_bytes
from jupyter_mlops.figures.parallel import Spread, draw_spread


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_each_run_is_a_line_over_its_params():
    spread = Spread(
        metric="auc",
        values=[0.5, 0.9, 0.7],
        params={"C": [0.01, 1, 100], "kernel": ["rbf", "poly", None]},
        notes=("Equal in all 3 runs: seed=1.",),
    )
    figure = draw_spread(spread)
    (lines,) = figure.axes[0].collections
    assert len(lines.get_segments()) == 3
    # The best is drawn last, above the others.
    assert list(lines.get_segments()[-1][:, 1]) == [0.5, 0.0, 1.0]
    assert {"C (log)", "kernel", "auc", "none", "rbf"} <= set(words(figure))
    assert figure.get_supxlabel() == "Equal in all 3 runs: seed=1."


def test_least_is_drawn_last_where_it_is_best():
    params = {"a": [1, 2], "b": [1, 2]}
    spread = Spread(metric="loss", values=[1, 5], params=params, is_lower_better=True)
    (lines,) = draw_spread(spread).axes[0].collections
    assert list(lines.get_segments()[-1][:, 1]) == [0.0, 0.0, 0.0]


def test_one_param_is_drawn_as_dots():
    spread = Spread(metric="auc", values=[0.5, 0.9, None], params={"C": [1, 2, 3]})
    (dots,) = draw_spread(spread).axes[0].lines
    assert list(dots.get_xdata()) == [0.0, 0.5]
    assert list(dots.get_ydata()) == [0.5, 0.9]


def test_runs_without_a_number_are_grey_and_counted():
    odd = [math.nan, math.inf, 1e308, None, 0.5]
    spread = Spread(
        metric="auc", values=odd, params={"a": [1, 2, 3, 4, 5], "b": list("abcde")}
    )
    figure = draw_spread(spread)
    assert figure.get_supxlabel() == "4 runs have no number as auc: grey."
    assert figure_bytes(figure, "png")


def test_too_many_params_are_named_instead():
    params = {f"p{at:02}": [at, at + 1] for at in range(15)}
    figure = draw_spread(Spread(metric="m", values=[1, 2], params=params))
    assert "p12, p13, p14" in figure.get_supxlabel()
    assert "p12" not in words(figure)
