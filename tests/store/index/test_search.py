"""Runs are found by their words, alike in both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_mlops.errors import ExperimentNotFoundError, InvalidInputError
from jupyter_mlops.settings import Settings
from jupyter_mlops.store.index import Index, search, words
from jupyter_mlops.store.store import Store


def cell(journals, n, source, **fields):
    fields = {"status": "finished", "began": journals.now, "seconds": 1, **fields}
    return journals.line("cell", n=n, source=source, **fields)


def found(index, text, **narrowed):
    index.catch_up()
    return [hit.name for hit in index.search(text, **narrowed)]


def hit_of(index, text):
    index.catch_up()
    (hit,) = index.search(text)
    return hit


def full_run(journals):
    """Write a run that says something in every field."""
    error = {
        "name": "KeyError",
        "value": "'region'",
        "traceback": "\x1b[31mline\x1b[0m",
    }
    stream = {"output_type": "stream", "name": "stdout", "text": "epoch done\n"}
    rich = {"output_type": "display_data", "data": {"text/plain": ["frame\n", "rows"]}}
    blob = {"output_type": "stream", "text": {"blob": "ab" * 32, "size": 9}}
    return journals.run(
        journals.param("solver", "newton"),
        journals.param("depth", 7),
        journals.tag("team", "risk"),
        journals.line("note", text="Überraschend good"),
        cell(journals, 0, "x = df['region_id']", outputs=[stream, rich, blob]),
        cell(journals, 1, "fail()", status="failed", error=error),
        name="churn fit",
    )


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("churn", "name"),
        ("exp", "experiment"),
        ("überRASCHEND", "note"),
        ("newton", "param solver"),
        ("depth 7", "param depth"),
        ("risk", "tag team"),
        ("region_id", "cell 0 source"),
        ("epoch", "cell 0 output"),
        ("frame rows", "cell 0 output"),
        ("KeyError region", "cell 1 error"),
        ("line", "cell 1 error"),
    ],
)
def test_every_field_is_searched(index, journals, text, field):
    run_id = full_run(journals)
    hit = hit_of(index, text)
    assert (hit.run_id, hit.field) == (run_id, field)
    assert hit.marks
    assert "\x1b" not in hit.snippet


def test_words_may_be_in_several_fields(index, journals):
    full_run(journals)
    assert found(index, "newton risk KeyError") == ["churn fit"]
    assert found(index, "newton risk nowhere") == []


def test_quoted_words_follow_one_another(index, journals):
    journals.run(cell(journals, 0, "drop the duplicates"), name="apart")
    journals.run(cell(journals, 0, "df.drop_duplicates()"), name="together")
    assert found(index, "drop duplicates") == ["together", "apart"]
    assert found(index, '"drop duplicates"') == ["together"]
    assert found(index, "drop_duplicates") == ["together"]
    assert found(index, '"drop duplicates') == ["together"]
    assert found(index, "dup") == []
    assert found(index, "drop dup*") == ["together", "apart"]


def test_texts_without_blanks_are_found(index, journals):
    journals.run(journals.line("note", text="我爱东京的春天"), name="far")
    assert found(index, "东京") == ["far"]
    assert found(index, "京东") == []


def test_later_text_takes_the_place(index, journals):
    run_id = journals.run(journals.line("note", text="old word"), end=None)
    assert found(index, "old word") == ["a run"]
    journals.write(run_id, journals.line("note", text="new word"))
    journals.write(run_id, cell(journals, 0, "first()"))
    assert found(index, "old") == []
    assert found(index, "new first") == ["a run"]
    journals.write(
        run_id, cell(journals, 0, "second()"), journals.line("end", status="finished")
    )
    assert found(index, "first") == []
    assert found(index, "new second") == ["a run"]
    assert numbers_with(index, "first") == numbers_with(index, "old") == []


def numbers_with(index, word):
    """Ask the table of words alone, without looking at the texts again."""
    terms = search.parse_terms(word)
    return index._ask(lambda c: search._candidates(c, terms, None))


def test_removed_tag_is_not_found(index, journals):
    run_id = journals.run(journals.tag("team", "risk"), end=None)
    assert found(index, "risk") == ["a run"]
    journals.write(run_id, journals.tag("team", None))
    assert found(index, "risk") == []


def test_run_is_found_once_it_has_a_start(index, journals):
    run_id = journals.run(end=None)
    path = journals.layout.journal_folder(run_id) / "1-00000000.jsonl"
    start = path.read_bytes()
    path.write_bytes(journals.param("solver", "newton"))
    assert found(index, "newton") == []
    journals.write(run_id, start)
    assert found(index, "newton") == ["a run"]


def test_latest_come_first_within_limit(index, journals):
    for number in range(5):
        journals.run(name=f"fit {number}", experiment=f"e{number % 2}")
    assert found(index, "fit", limit=2) == ["fit 4", "fit 3"]
    assert found(index, "fit", experiment="e1") == ["fit 3", "fit 1"]
    with pytest.raises(ExperimentNotFoundError, match="e0, e1"):
        found(index, "fit", experiment="e2")


@pytest.mark.parametrize("text", ["", '"', "( ) * ^ :", "'';--", "\0", "\ud800"])
def test_no_word_is_said(index, text):
    with pytest.raises(InvalidInputError, match="no word"):
        index.search(text)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(
        st.text(min_size=1),
        st.lists(
            st.sampled_from(
                "AND OR NOT NEAR( ) \" ' * : ^ + - a İ ß text %s ? \\ & | !".split()
            )
        ).map(" ".join),
    )
)
def test_any_text_is_safe(index, journals, text):
    run_id = journals.run(cell(journals, 0, text))
    try:
        terms = search.parse_terms(text)
    except InvalidInputError:
        return
    index.catch_up()
    # A quotation mark is not part of what is looked for.
    if '"' not in text:
        assert run_id in [hit.run_id for hit in index.search(text, limit=10**6)]
    else:
        assert all(term.words for term in terms)
        index.search(text)


def test_long_text_is_cut_not_refused(index, journals):
    source = " ".join(f"w{'ö' * 40}{number}" for number in range(20_000))
    journals.run(cell(journals, 0, source), cell(journals, 1, "x" * 100_000))
    assert found(index, f"w{'ö' * 40}7") == ["a run"]
    assert found(index, "x" * 100_000 + " w*") in ([], ["a run"])


def test_snippet_is_a_marked_line(index, journals):
    journals.run(cell(journals, 0, f"{'pad ' * 99}\nthe  needle\there{' pad' * 99}"))
    hit = hit_of(index, "needle here")
    assert "the needle here" in hit.snippet
    assert hit.snippet[0] == hit.snippet[-1] == "…"
    assert len(hit.snippet) < 250
    assert [hit.snippet[a:b] for a, b in hit.marks] == ["needle", "here"]


def test_other_rules_take_all_in_anew(layout, url, journals, monkeypatch):
    full_run(journals)
    index = Index(layout, url)
    assert found(index, "newton") == ["churn fit"]
    index.close()
    monkeypatch.setattr(words, "words_of", lambda texts: ["other"])
    monkeypatch.setattr("jupyter_mlops.store.index.catching_up.RULES", "x")
    journals.run(name="later")
    index.catch_up()
    assert len(numbers_with(index, "other")) == 2
    assert numbers_with(index, "newton") == []
    index.close()


def test_earlier_schema_is_brought_forward(layout, url, journals):
    full_run(journals)
    index = Index(layout, url)
    index.catch_up()
    with index._database.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE stretches"))
        connection.execute(sa.text("DROP TABLE words"))
        connection.execute(sa.text("DROP TABLE observations"))
        connection.execute(sa.text("ALTER TABLE files DROP COLUMN version"))
        connection.execute(sa.text("DELETE FROM state WHERE name = 'words'"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    index.close()
    index = Index(layout, url)
    assert found(index, "newton") == ["churn fit"]
    assert found(index, "newton") == ["churn fit"]
    index.close()


@pytest.fixture
def stored(layout, url):
    """The store over the journals: it looks into blobs."""
    made = Store(layout, Settings(index_url=url))
    yield made
    made.close()


def in_blob(store, text, **reference):
    data = text.encode()
    return {"blob": store.blobs.put_bytes(data), "size": len(data)} | reference


def test_ends_of_long_outputs_are_searched(stored, journals):
    text = f"Überschrift first\n{'pad word ' * 9000}\nKeyError last_region 0.975"
    output = {"output_type": "stream", "name": "stdout", "text": in_blob(stored, text)}
    run_id = journals.run(cell(journals, 0, "x", outputs=[output]))
    for asked in ("überschrift", '"KeyError last_region"', "975", "last_reg*"):
        hit = hit_of(stored.index, asked)
        assert (hit.run_id, hit.field) == (run_id, "cell 0 output")
        assert hit.marks
    assert "KeyError last_region" in hit_of(stored.index, "last_region").snippet


def test_lost_and_binary_blobs_are_no_text(stored, journals):
    lost = {"blob": "ab" * 32, "size": 9000}
    image = in_blob(stored, "needle" * 999, encoding="base64")
    data = {"text/plain": lost, "image/png": image}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    odd = {"output_type": "stream", "text": {"blob": "../../x", "size": 1}}
    journals.run(cell(journals, 0, "thread", outputs=[output, odd]))
    assert found(stored.index, "thread") == ["a run"]
    assert found(stored.index, "needle") == []


def test_html_is_read_without_its_tags(index, journals):
    def showing(n, **data):
        data = {name.replace("_", "/"): value for name, value in data.items()}
        output = {"output_type": "display_data", "data": data, "metadata": {}}
        return cell(journals, n, "show()", outputs=[output])

    page = "<style>.hidden{}</style><p class='klass'>Umsatz &amp; Gewinn</p><script>no"
    plain = "<IPython.core.display.HTML object>"
    journals.run(showing(0, text_html=page, text_plain=plain), name="page")
    journals.run(showing(0, text_html="<p>other</p>", text_plain="said"), name="both")
    assert found(index, '"umsatz gewinn"') == ["page"]
    for word in ("klass", "hidden", "no", "other"):
        assert found(index, word) == []
    assert found(index, "said") == ["both"]


def test_columns_of_displayed_tables_are_found(index, journals):
    frames = [{"cell": 3, "columns": [["customer_id", "int64"], ["churned.at", "str"]]}]
    run_id = journals.run(end=None)
    assert found(index, "customer_id") == []
    journals.write(run_id, journals.line("observation", k="frames", v=frames))
    hit = hit_of(index, "churned.at customer_id")
    assert (hit.run_id, hit.field) == (run_id, "cell 3 table")


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("sklearn.metrics.roc_auc_score", True),
        ("roc_auc_score", True),
        ("roc_auc", True),
        ("auc_roc", False),
        ("ROC_auc_SCORE(", True),
        ("1e-05", True),
        ("0.001", True),
        ("0.01", False),
        ("Größe", True),
        ("GRÖSSE", False),
        ("'größe'", True),
        ('"lr = 0.001"', True),
        ("x2", True),
    ],
)
def test_names_and_numbers_are_found_as_written(index, journals, text, is_found):
    source = "from sklearn.metrics import roc_auc_score\nlr = 0.001; eps = 1e-05\n"
    source += "sklearn.metrics.roc_auc_score(x2, größe)"
    journals.run(cell(journals, 0, source))
    assert bool(found(index, text)) is is_found
