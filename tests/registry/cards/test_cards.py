"""Cards: what the Hub's own parser reads, what is shown, and what people fill in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from jupyter_mlops.errors import InvalidInputError
from jupyter_mlops.records import FileRecord, ModelEvent, VersionRecord
from jupyter_mlops.registry.cards import (
    CardFacts,
    Carried,
    RecipeCell,
    carried_fields,
    carried_words,
    read_fields,
    write_markdown,
    write_page,
)
from jupyter_mlops.registry.cards.fields import write_field
from jupyter_mlops.registry.state import CARD

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>|`*_[x](y)\n# no"
WHEN = datetime(2026, 1, 2, tzinfo=UTC)
VERSION = VersionRecord(
    model="churn",
    version=3,
    digest="d" * 64,
    files="f" * 64,
    flavor="sklearn",
    flavor_meta={"class": "sklearn.linear_model.LogisticRegression"},
    size=1000,
    registered=WHEN,
    by="ann",
    data={"data/customers.csv": "a" * 64},
    metrics={"auc": 0.91, "loss": 0.25, "odd": float("nan")},
    params={"C": 1.0},
    aliases=("champion",),
)


def event(kind, **fields):
    return ModelEvent(
        number=1, time=WHEN, kind=kind, by="ann", by_source="told",
        fields={"version": 3, **fields}, digest="e" * 64,
    )  # fmt: skip


GATES = [
    {"gate": "metrics.auc >= 0.95", "passed": False, "detail": "it is 0.91"},
    {"gate": "min over groups(sex) of recall >= 0.8 * max", "passed": True},
]
FACTS = CardFacts(
    version=VERSION,
    events=[event("gated", gates=GATES)],
    files=[FileRecord(path="data/customers.csv", role="read", size=2048)],
    recipe=[RecipeCell(source="model.fit(X, y)", ran_as=7, reasons=("it is asked",))],
    profile={"rows": 80, "features": [{"name": "age", "dtype": "int64", "mean": 40}]},
)


def test_hub_reads_the_front_matter():
    hub = pytest.importorskip("huggingface_hub")
    card = hub.ModelCard(write_markdown(FACTS))
    found = {item.metric_name: item.metric_value for item in card.data.eval_results}
    assert found == {"auc": 0.91, "loss": 0.25}
    assert card.data.model_name == "churn"
    (result, _) = card.data.eval_results
    assert result.task_type == "tabular-classification"
    assert (result.dataset_name, result.dataset_revision) == (
        "data/customers.csv", "a" * 64,
    )  # fmt: skip


def test_card_says_everything():
    text = write_markdown(FACTS, {"auc": "▁▄█"})
    for word in ("2.05 kB", "model.fit(X, y)", "it is 0.91", "▁▄█", "age", "80 rows"):
        assert word in text, word
    assert 'load_model("models:/churn/3")' in text
    assert text.index("## Fairness") < text.index(
        "over groups", text.index("## Fairness")
    )


def test_last_answer_of_a_gate_counts():
    later = event("gated", gates=[{"gate": GATES[0]["gate"], "passed": True}])
    answers = replace(FACTS, events=[*FACTS.events, later]).gates()
    assert [answer["passed"] for answer in answers] == [True, True]


class Reader(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.outside, self.words = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            assert not name.startswith("on"), (tag, name)
            if name in ("src", "href") and not value.startswith("data:"):
                self.outside.append(value)

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture
def nasty():
    gates = [{"gate": NASTY, "passed": False, "detail": NASTY}]
    version = replace(
        VERSION, model=NASTY, note=NASTY, by=NASTY, aliases=(NASTY,),
        params={NASTY: NASTY}, metrics={NASTY: 1.0}, data={NASTY: "a" * 64},
        git={"commit": NASTY, "branch": NASTY},
    )  # fmt: skip
    return replace(
        FACTS,
        version=version,
        events=[event("gated", gates=gates, reason=NASTY)],
        # What people write may have links.
        fields=dict.fromkeys(("use", "license"), NASTY.replace("[x](y)", "")),
        recipe=[RecipeCell(source=f"x = '''{NASTY}```'''", reasons=(NASTY,))],
        profile={"features": [{"name": NASTY, "dtype": NASTY}]},
        environment={"python": {"version": NASTY}},
        lock=NASTY,
    )


def test_page_is_one_file_and_escaped(nasty):
    page = Reader(
        write_page(nasty, {"auc": '<img src="data:image/svg+xml;base64,AA">'})
    )
    assert page.tags.isdisjoint({"script", "link", "iframe", "object"})
    assert page.outside == []
    assert "<script>alert(1)</script>" in "".join(page.words)


def test_markdown_is_escaped(nasty):
    pytest.importorskip("markdown_it")
    from markdown_it import MarkdownIt

    text = write_markdown(nasty).split("---\n", 2)[2]
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    html = [token.content for token in (*tokens, *inner) if "html" in token.type]
    assert not [found for found in html if not found.startswith("<!-- ")]
    assert not [token for token in inner if token.type in ("link_open", "image")]


def test_fields_come_back_as_written():
    text = "Not for <b>children</b>.\n\n- & others"
    filled = replace(FACTS, fields={"limits": text, "contact": "ann"})
    found = read_fields(write_markdown(filled))
    assert (found["limits"], found["contact"]) == (text, "ann")
    assert found["use"] == ""


def test_carried_text_confirms_nothing_unasked():
    carried = {"use": Carried("For <b>us</b>.", 2), "license": Carried("MIT", 1)}
    card = write_markdown(replace(FACTS, carried=carried))
    assert "**Carried over from version 2**" in card
    assert "license" not in card.split("---\n")[1]
    assert read_fields(card, carried).keys() == {"limits", "ethics", "contact"}
    lines = [line for line in card.splitlines() if "from version 2" not in line]
    assert read_fields("\n".join(lines), carried)["use"] == "For <b>us</b>."
    changed = card.replace("For &lt;b&gt;us", "For you")
    assert read_fields(changed, carried)["use"].startswith("For you")
    with pytest.raises(InvalidInputError, match="settled since"):
        read_fields(card, {})


def test_field_is_carried_from_the_nearest_version():
    history = [
        replace(event(CARD, fields=texts), fields={"version": number, "fields": texts})
        for number, texts in (
            (1, {"use": "a", "limits": "b", "contact": "c"}),
            (2, {"use": "d", "limits": ""}),
        )
    ]
    found = carried_fields(history, 4)
    assert found == {"use": Carried("d", 2), "contact": Carried("c", 1)}
    assert carried_words(found) == "contact of version 1; use of version 2"
    assert carried_fields(history, 1) == {}


def test_page_says_whose_text_it_is():
    page = write_page(replace(FACTS, carried={"use": Carried(NASTY, 2)}))
    assert "Carried over from version 2" in page
    assert Reader(page).tags.isdisjoint({"script", "img"})


def test_edited_card_changes_fields_only():
    card = write_markdown(FACTS).replace("0.91", "0.99")
    hint = write_field("use", "")
    edited = card.replace(hint, hint.replace(hint.splitlines()[1], "To call people."))
    assert read_fields(edited)["use"] == "To call people."
    with pytest.raises(InvalidInputError, match="no card of ours"):
        read_fields("# A card")
