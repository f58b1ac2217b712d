from __future__ import annotations

from html.parser import HTMLParser

import pytest

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
OPEN = {"br", "img"}
OURS = ("onclick", "onmouseover", "onkeydown")


class Page(HTMLParser):
    """Reads a page; fails on what is not closed, and on scripts that are not ours."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.words, self.rows = [], [], []
        self.feed(text)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag, attrs):
        assert tag not in ("script", "style", "iframe")
        for name, value in attrs:
            assert not name.startswith("on") or (name in OURS and tag == "thead")
            assert name != "src" or value.startswith("data:image/")
        if tag == "tr":
            self.rows.append([])
        if tag not in OPEN:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        self.words.append(data)
        if {"td", "th"} & set(self.stack):
            self.rows[-1].append(data)


@pytest.fixture
def read_page():
    return Page


@pytest.fixture
def fits(workspace):
    """Three runs of one experiment and one of another."""
    ids = {}
    for C, auc, loss in ((0.1, 0.7, 0.9), (1.0, 0.912345678, 0.4), (10, 0.8, 0.2)):
        with workspace.start_run(f"C={C}", experiment="fits") as run:
            run.log_params({"C": C, "kernel": "rbf", "seed": 1})
            run.log_metrics({"auc": auc, "val_loss": loss})
            ids[C] = run.id
    with workspace.start_run("other", experiment="else") as run:
        run.log_metric("speed", float("nan"))
    return ids
