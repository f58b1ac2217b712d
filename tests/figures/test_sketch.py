"""Curves drawn by hand: for a page without matplotlib, and for a terminal."""

import math
import subprocess
import sys
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.figures.braille import draw_chart
from jupyter_mlops.figures.series import Curve
from jupyter_mlops.figures.sketch import draw_sketch, draw_sparkline

FLOATS = st.floats(allow_nan=True, allow_infinity=True)
SVG = "{http://www.w3.org/2000/svg}"


def curve(ys, metric="loss", run="r"):
    return Curve(label=run, run_id=run, metric=metric, xs=list(range(len(ys))), ys=ys)


def rows(chart):
    return ["".join(letter for letter, _ in row) for row in chart.rows]


@given(st.lists(FLOATS, min_size=1, max_size=40), st.text(max_size=10))
def test_any_curve_and_name_is_a_picture(ys, name):
    found = curve(ys, name)
    ET.fromstring(draw_sketch(name, [found, found]))
    ET.fromstring(draw_sparkline(found))
    draw_chart([found], logx=True, logy=True)


def test_gap_parts_the_line():
    svg = ET.fromstring(draw_sketch("loss", [curve([1, 2, math.nan, 3, 4])]))
    (line,) = [path for path in svg.iter(f"{SVG}path") if path.get("fill") == "none"]
    assert line.get("d").count("M") == 2


def test_picture_of_many_points_is_small():
    svg = draw_sketch("loss", [curve([math.sin(at) for at in range(100_000)])])
    assert len(svg) < 10_000


def test_chart_goes_from_corner_to_corner():
    found = rows(draw_chart([curve([0, 1])], width=10, height=5))
    assert (found[0][-1], found[-1][0]) != ("⠀", "⠀")
    assert (found[0][0], found[-1][-1]) == ("⠀", "⠀")


def test_chart_marks_where_each_curve_ends():
    chart = draw_chart([curve([0, 1]), curve([1, 0])], width=10, height=5)
    assert chart.ends == [[0], [], [], [], [1]]
    assert chart.below == "0        1"


def test_drawing_by_hand_imports_nothing_heavy():
    code = (
        "import sys, jupyter_mlops.widgets.livecurve;"
        "print(sorted({'numpy', 'pandas', 'matplotlib', 'sqlalchemy', 'ipywidgets'}"
        " & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert said.stdout == "[]\n", said.stderr
