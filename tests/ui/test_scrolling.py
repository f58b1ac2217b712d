"""How the runs table scrolls, beside a bare list in the same browser.

A browser without a GPU draws slowly whatever it draws: what a list of plain elements
costs, that is there as a whole and needs no script, is told beside our figure.
"""

import pytest

from tests.ui.sidebar import ROW, SHOW, figure, record_runs, work_of

pytestmark = [pytest.mark.ui, pytest.mark.timeout(300)]
FRAMES = 160
GRID = ".jp-Mlops-grid"
SCROLL = f"""async () => {{
  const grid = document.querySelector('{GRID}');
  const took = [];
  let before = await new Promise(requestAnimationFrame);
  for (let frame = 0; frame < {FRAMES}; frame++) {{
    grid.scrollTop += 400;
    const now = await new Promise(requestAnimationFrame);
    took.push(now - before);
    before = now;
  }}
  took.sort((one, other) => one - other);
  const late = took.filter(one => one > 25).length / {FRAMES};
  return {{median: took[{FRAMES // 2}], late}};
}}"""
"""Scrolls by 15 rows a frame; the frames' times in ms."""
BACK = f"() => {{ document.querySelector('{GRID}').scrollTop = 0; }}"
BARE = """([box, rows, cells]) => {
  const grid = document.createElement('div');
  grid.className = 'jp-Mlops-grid';
  grid.style.cssText = `position: absolute; overflow: auto; contain: strict;
    font: 13px sans-serif; left: ${box.x}px; top: ${box.y}px;
    width: ${box.width}px; height: ${box.height}px`;
  const cell = at => `<i style="position: absolute; left: ${at * 90}px">`;
  grid.innerHTML = Array.from({length: rows}, (_, row) =>
    '<div style="position: relative; height: 26px; width: 650px">'
    + Array.from({length: cells}, (_, at) =>
        `${cell(at)}${row * 7919 % 1000 / 1000}</i>`).join('')
    + '</div>').join('');
  document.body.append(grid);
}"""
"""A list of so many rows and cells, and nothing else in the page."""


def scroll(page):
    """Scroll for the second time; return frames' times and the main thread's work."""
    meters = page.context.new_cdp_session(page)
    meters.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.evaluate(SCROLL)
    page.evaluate(BACK)
    before = work_of(meters)
    took = page.evaluate(SCROLL)
    return took | {"work": (work_of(meters) - before) / FRAMES}


def test_figure_of_scrolling(workspace, page):
    record_runs(workspace, 10_000)
    page.evaluate(f"() => {SHOW}")
    page.locator(ROW).first.wait_for()
    box = page.locator(GRID).bounding_box()
    cells = page.get_by_role("columnheader").count()
    ours = scroll(page)
    page.goto("about:blank")
    page.evaluate(BARE, [box, 10_000, cells])
    bare = scroll(page)
    figure("a frame while 10,000 runs are scrolled", ours["median"], 16.7)
    figure("… of a bare list", bare["median"], 16.7)
    figure("… beside a bare list", ours["median"] / bare["median"], 1, "x")
    figure("frames that came late", 100 * ours["late"], 5, "%")
    figure("… of a bare list", 100 * bare["late"], 5, "%")
    figure("main thread's work for a frame", ours["work"], 16.7)
    figure("… beside a bare list", ours["work"] / bare["work"], 1, "x")
    assert ours["work"] < 2 * bare["work"]
