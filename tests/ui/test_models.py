"""Registered models in JupyterLab: found, understood, promoted, never trusted blindly.

``MLOPS_SHOTS=folder pytest tests/ui/test_models.py -m ui`` keeps pictures on the way.
"""

import os
from pathlib import Path

import pytest

from tests.ui.sidebar import wait_until_kept, write_notebook

linear = pytest.importorskip("sklearn.linear_model")
pytestmark = [pytest.mark.ui, pytest.mark.timeout(240)]
SHOW = "window.jupyterapp.commands.execute('jupyter-mlops:show-models')"
OPEN = (
    "window.jupyterapp.commands.execute('jupyter-mlops:open-model', {model: 'churn'})"
)
MODEL = ".jp-Mlops-registryRow[data-model=churn]"
CURRENT = ".jp-Mlops-versionsView tr[aria-current=true]"
GATES = "models: {churn: {champion: [metrics.auc >= 0.9]}}\n"
CELLS = [
    "%load_ext jupyter_mlops\n"
    "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression",
    "%%track load\nframe = pd.read_csv('churn.csv')",
    "%%track fit -s model\n"
    "model = LogisticRegression().fit(frame[['age']], frame['left'])\n"
    "auc = 0.95",
    "%mlops push churn --from last",
]
AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"
HOSTILE = (
    "<script>window.hacked = 'script'</script> "
    "<img src=x onerror=\"window.hacked = 'image'\"> "
    "[press](javascript:window.hacked='link') "
    "<a href=\"javascript:window.hacked='anchor'\">here</a>"
)


@pytest.fixture
def project(project):
    """A project with data, gates, and a notebook that fits and pushes."""
    rows = "\n".join(f"{age},{int(age > 40)}" for age in range(20, 60))
    (project / "churn.csv").write_text(f"age,left\n{rows}\n")
    (project / "gates.yaml").write_text(GATES)
    write_notebook(project / "fit.ipynb", CELLS)
    return project


def push(workspace, auc, C=1.0):
    with workspace.start_run("fit", experiment="churn", params={"C": C}) as run:
        run.log_model("model", linear.LogisticRegression(C=C).fit([[0.0], [1]], [0, 1]))
        run.log_metrics({"auc": auc, "logloss": 1 - auc})
    return workspace.models.push(run.id, "churn")


def shot(page, name):
    """Keep a picture for who looks at how it is."""
    if folder := os.environ.get("MLOPS_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def violations(page, place):
    """Ask axe what those who cannot see, or have no mouse, would miss."""
    found = page.evaluate("place => axe.run(place)", place)
    return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]


def open_model(page):
    page.evaluate(f"() => {SHOW}")
    page.locator(MODEL).click()
    page.locator(CURRENT).wait_for()


def part(page, name):
    page.get_by_role("tab", name=name, exact=True).click()


@pytest.mark.core
def test_model_is_promoted_through_its_gates(workspace, page):
    push(workspace, 0.8)
    open_model(page)
    shot(page, "overview")
    page.get_by_role("button", name="Promote…").click()
    form = page.get_by_role("form", name="Promote version 1")
    form.get_by_text("1 of 1 gates failed").wait_for()
    answer = form.locator(".jp-Mlops-gates li")
    assert answer.get_attribute("data-passed") == "false"
    assert "0.8" in answer.inner_text()
    promote = form.get_by_role("button", name="Promote", exact=True)
    assert promote.is_disabled()
    shot(page, "gate-failed")
    form.get_by_role("checkbox", name="Promote though a gate says no").check()
    assert form.get_by_role("button", name="Promote anyway").is_disabled()
    page.keyboard.press("Escape")
    form.wait_for(state="detached")
    # A better one is pushed elsewhere: it is there by itself.
    push(workspace, 0.95)
    page.locator(".jp-Mlops-versionsView tr[data-version='2']").click()
    page.locator(f"{CURRENT}[data-version='2']").wait_for()
    page.get_by_role("button", name="Promote…").click()
    form = page.get_by_role("form", name="Promote version 2")
    form.get_by_text("1 gate passed").wait_for()
    form.get_by_role("textbox", name="Reason").fill("best of the week")
    shot(page, "gate-passed")
    form.get_by_role("button", name="Promote", exact=True).click()
    form.wait_for(state="detached")
    page.locator(f"{CURRENT} .jp-Mlops-alias", has_text="champion").wait_for()
    # The panel follows by itself.
    page.locator(f"{MODEL} .jp-Mlops-alias", has_text="champion 2").wait_for()
    assert workspace.registry.by_alias("churn", "champion").version == 2
    part(page, "History")
    last = page.locator(".jp-Mlops-history > li").first
    last.get_by_text("champion moved to version 2").wait_for()
    assert "best of the week" in last.inner_text()
    shot(page, "history")
    workspace.registry.promote("churn", 1, "champion", by="bob")
    page.locator(f"{MODEL} .jp-Mlops-alias", has_text="champion 1").wait_for()


def test_lineage_leads_from_data_to_version(project, page, open_notebook):
    open_notebook("fit.ipynb")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.evaluate(f"() => {SHOW}")
    page.locator(MODEL).click()
    page.locator(CURRENT).wait_for()
    part(page, "Lineage")
    nodes = page.locator(".jp-Mlops-node")
    page.wait_for_function("document.querySelectorAll('.jp-Mlops-node').length >= 3")
    kinds = {one.get_attribute("data-kind"): one for one in nodes.all()}
    assert {"file", "run", "version"} <= set(kinds)
    boxes = {kind: one.bounding_box()["x"] for kind, one in kinds.items()}
    assert boxes["file"] < boxes["run"] < boxes["version"]
    assert "churn.csv" in kinds["file"].inner_text()
    page.wait_for_function(
        "document.querySelectorAll('.jp-Mlops-lineageGraph .react-flow__edge').length >= 2"
    )
    shot(page, "lineage")
    part(page, "Cells")
    page.locator(".jp-Mlops-versionRecipe", has_text="read_csv").wait_for()
    page.locator(".jp-Mlops-versionRecipe pre span").first.wait_for()
    shot(page, "cells")
    # Loading code goes to the cursor of the notebook.
    page.get_by_role("button", name="Insert loading code").click()
    page.wait_for_function(
        """() => [...window.jupyterapp.shell.widgets('main')]
          .find(one => one.context?.path === 'fit.ipynb').content.activeCell
          .model.sharedModel.getSource().includes('load_model("models:/churn/1")')"""
    )


def test_hostile_card_is_shown_and_not_run(workspace, page):
    push(workspace, 0.8)
    workspace.cards.fill("models:/churn/1", {"use": HOSTILE})
    workspace.registry.standing.keep_card("churn", 1, {"limits": "**Not** abroad."})
    open_model(page)
    part(page, "Card")
    card = page.get_by_role("document", name="Model card")
    card.get_by_role("heading", name="churn, version 1").wait_for()
    card.get_by_text("window.hacked = 'script'").wait_for()
    shot(page, "card")
    for link in card.get_by_text("press").all() + card.get_by_text("here").all():
        link.click()
    links = card.locator("a").evaluate_all("all => all.map(one => one.href)")
    assert not [one for one in links if one.startswith("javascript")]
    assert card.locator("script, img[onerror]").count() == 0
    assert page.evaluate("() => window.hacked") is None


def test_card_is_filled_in_and_an_alias_taken_away(workspace, page):
    push(workspace, 0.95)
    workspace.cards.fill("models:/churn/1", {"limits": "Not abroad."})
    push(workspace, 0.96)
    workspace.models.promote("churn", 2)
    open_model(page)
    page.locator(f"{CURRENT}[data-version='2']").wait_for()
    part(page, "Card")
    page.get_by_role("button", name="Fill in the card…").click()
    form = page.get_by_role("form", name="Card of version 2")
    form.get_by_role("textbox", name="use What").fill("Churn of next month.")
    form.get_by_role("checkbox", name="Written for version 1").check()
    shot(page, "card-form")
    form.get_by_role("button", name="Save").click()
    form.wait_for(state="detached")
    card = page.get_by_role("document", name="Model card")
    card.get_by_text("Churn of next month.").wait_for()
    facts = workspace.cards.facts("models:/churn/2")
    assert facts.fields == {"use": "Churn of next month.", "limits": "Not abroad."}
    page.get_by_role("button", name="Take alias away…").click()
    shot(page, "alias-away")
    form = page.get_by_role("form", name="Take an alias away")
    form.get_by_role("button", name="Take champion away").click()
    form.wait_for(state="detached")
    page.locator(f"{CURRENT} .jp-Mlops-alias").wait_for(state="detached")
    page.locator(f"{MODEL} .jp-Mlops-alias").wait_for(state="detached")
    assert workspace.registry.versions("churn")[-1].aliases == ()


def test_keyboard_alone_compares_and_promotes(workspace, page):
    push(workspace, 0.91, C=1.0)
    push(workspace, 0.95, C=10.0)
    page.evaluate(f"() => {SHOW}")
    page.locator(MODEL).wait_for()
    page.locator(".jp-Mlops-registry button").first.focus()
    page.keyboard.press("Enter")
    page.locator(CURRENT).wait_for()
    page.locator(f"{CURRENT} button").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator(f"{CURRENT} button").focus()
    page.keyboard.press("ArrowDown")
    page.locator(f"{CURRENT}[data-version='1']").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    compared = page.get_by_role("region", name="Two versions compared")
    compared.locator("tr", has_text="auc").get_by_text("+0.04").wait_for()
    shot(page, "compared")
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement.textContent === 'Promote…'")
    page.keyboard.press("Enter")
    form = page.get_by_role("form", name="Promote version 1")
    form.get_by_text("1 gate passed").wait_for()
    page.wait_for_function("document.activeElement.tagName === 'INPUT'")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type("by keys")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    form.wait_for(state="detached")
    page.locator(f"{CURRENT} .jp-Mlops-alias", has_text="champion").wait_for()
    assert workspace.registry.history("churn")[-1].fields["reason"] == "by keys"


def test_tampered_history_offers_nothing(workspace, page, running):
    push(workspace, 0.8)
    open_model(page)
    chain = workspace.layout.registry / "churn.jsonl"
    chain.write_bytes(chain.read_bytes().replace(b"0.8", b"0.9"))
    page.get_by_role(
        "heading", name="The history of churn cannot be trusted"
    ).wait_for()
    assert page.get_by_role("button", name="Promote…").count() == 0
    page.locator(".jp-Mlops-registryRow.jp-mod-broken", has_text="churn").wait_for()
    shot(page, "broken")


def test_tab_returns_after_reload_and_is_accessible(workspace, page):
    push(workspace, 0.8)
    push(workspace, 0.95)
    workspace.models.promote("churn", 2, reason="best of the week")
    workspace.registry.standing.approve("churn", 1, reason="seen in the review")
    open_model(page)
    page.evaluate(
        "() => window.jupyterapp.commands.execute('apputils:change-theme',"
        " {theme: 'JupyterLab Dark'})"
    )
    page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    shot(page, "dark")
    page.add_script_tag(path=AXE)
    for name in ("Overview", "Lineage", "Cells", "Card", "History"):
        part(page, name)
        page.locator(".jp-Mlops-part > *").first.wait_for()
        assert violations(page, ".jp-Mlops-versionsContent") == [], name
    assert violations(page, ".jp-Mlops-registry") == []
    page.get_by_role("button", name="Promote…").click()
    page.get_by_role("form", name="Promote version 2").wait_for()
    assert violations(page, ".jp-Mlops-form") == []
    page.set_viewport_size({"width": 640, "height": 800})
    shot(page, "narrow")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("() => window.jupyterapp.restored")
    wait_until_kept(page, "jupyter-mlops-model")
    page.goto(page.url.partition("?")[0])
    page.locator(f"{CURRENT}[data-version='2']").wait_for()
