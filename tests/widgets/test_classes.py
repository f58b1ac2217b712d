"""Pages in notebooks and views of the sidebar meet on one screen: names are apart."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def written(folder, pattern, kind):
    files = (ROOT / folder).rglob(f"*.{kind}")
    return {name for file in files for name in re.findall(pattern, file.read_text())}


def test_sidebar_styles_no_page_of_a_notebook():
    pages = written("jupyter_mlops", r"\bjp-Mlops-(\w+)", "py")
    pages |= written("jupyter_mlops", r'\bpage\(.*, "(\w+)"\)', "py")
    assert pages > {"card", "diff", "live", "run", "runs", "versions"}
    styled = written("js/style", r"\.jp-Mlops-(\w+)", "css")
    assert "row" in styled
    # A rule for a part of the sidebar would reach outputs that cells have shown.
    assert pages & styled == set()


def test_views_style_no_class_of_each_other():
    owners = {}
    for file in (ROOT / "js" / "style").glob("*.css"):
        for name in set(re.findall(r"(?m)^\.jp-Mlops-(\w+) \{", file.read_text())):
            owners.setdefault(name, []).append(file.name)
    assert len(owners) > 100
    # Whoever styles a class is the only one: another view's would change with it.
    assert {name: files for name, files in owners.items() if len(files) > 1} == {}
