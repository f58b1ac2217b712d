"""Metric curves as matplotlib draws them."""

import math
import sys
import xml.etree.ElementTree as ET

import pytest

from jupyter_mlops.errors import InvalidInputError, MissingLibraryError
from jupyter_mlops.figures.canvas import figure_bytes
from jupyter_mlops.figures.curves import CurveLook, curve_notes, draw_curves
from jupyter_mlops.figures.series import Curve


def curve(run, ys, metric="loss", label=None):
    return Curve(
        label=label or run, run_id=run, metric=metric, xs=list(range(len(ys))), ys=ys
    )


def many(count):
    return [curve(f"r{at}", [3.0, 1.0 + at]) for at in range(count)]


def texts(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_legend_is_bounded_and_says_so():
    curves = many(200)
    figure = draw_curves(curves, CurveLook(lower_is_better=frozenset({"loss"})))
    assert texts(figure) == [*(f"r{at}" for at in range(10)), "190 more"]
    assert "of 200 runs the 10 that end best by loss" in figure.get_supxlabel()
    assert len(figure.axes[0].lines) == 200


def test_higher_is_better_otherwise():
    assert texts(draw_curves(many(30), CurveLook()))[0] == "r29"


def test_raw_curve_stays_behind_the_smoothed():
    figure = draw_curves([curve("a", [0.0, 1.0, 0.0])], CurveLook(smoothing=0.5))
    raw, smooth = figure.axes[0].lines
    assert raw.get_alpha() < smooth.get_alpha()
    assert list(raw.get_ydata()) == [0.0, 1.0, 0.0]
    assert list(smooth.get_ydata()) == pytest.approx([0.0, 2 / 3, 2 / 7])


def test_gaps_are_gaps_and_are_said():
    curves = [curve("a", [1.0, math.nan, math.inf, 2.0, -1e308])]
    (line,) = draw_curves(curves, CurveLook()).axes[0].lines
    assert [math.isfinite(y) for y in line.get_ydata()] == [
        True,
        False,
        False,
        True,
        False,
    ]
    assert curve_notes(curves, CurveLook())[0].startswith("3 values are NaN")


def test_log_axis_says_what_it_lacks():
    notes = curve_notes([curve("a", [1.0, 0.0, -1.0])], CurveLook(logy=True))
    assert notes == ["2 values are not above 0, which a log axis cannot show."]


def test_long_curve_says_it_is_thinned():
    curves = [curve("a", [0.0, 1.0] * 5000)]
    (line,) = draw_curves(curves, CurveLook()).axes[0].lines
    assert len(line.get_ydata()) <= 2000
    assert "10,000 points" in curve_notes(curves, CurveLook())[0]


def test_one_value_a_run_becomes_dots_best_first():
    curves = [curve(name, [value], "auc") for name, value in (("a", 0.5), ("b", 0.9))]
    axes = draw_curves(curves, CurveLook()).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["b", "a"]
    assert {text.get_text() for text in axes.texts} == {"0.5", "0.9"}


def test_metrics_of_one_run_share_a_panel():
    names = ("train_loss", "val_loss", "lr")
    figure = draw_curves([curve("a", [1, 2], name) for name in names], CurveLook())
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == ["train_loss, val_loss", "lr"]


@pytest.mark.parametrize("form", ["png", "svg", "html", "pdf"])
def test_any_name_and_form_can_be_drawn(form):
    names = ["$x_1^$", "_under", "日本 🎉", "<b>&", "a" * 90]
    curves = [curve(name, [1, 10]) for name in names]
    figure = draw_curves(curves, CurveLook(logx=True, logy=True))
    data = figure_bytes(figure, form, "<title>")
    assert len(data) > 1000
    if form == "svg":
        ET.fromstring(data)
    if form == "html":
        assert b"<title>&lt;title&gt;</title>" in data


def test_unknown_form_names_those_known():
    with pytest.raises(InvalidInputError, match=r"\.png, \.svg, \.html, \.pdf"):
        figure_bytes(draw_curves([curve("a", [1, 2])], CurveLook()), "bmp")


def test_without_matplotlib_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingLibraryError, match="pip install matplotlib"):
        draw_curves([curve("a", [1, 2])], CurveLook())
