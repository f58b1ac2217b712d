"""Forms in JupyterLab: each fits a narrow window, and is there for who cannot see it.

``MLOPS_SHOTS=folder pytest tests/ui/test_forms.py -m ui`` keeps pictures on the way.
"""

import pytest

from jupyter_mlops.records import Kind
from tests.ui.test_acts import shot
from tests.ui.test_batch import write
from tests.ui.test_fit import AXE, VIOLATIONS
from tests.ui.test_models import open_model, part
from tests.ui.test_run_view import deed, open_run

pytestmark = [pytest.mark.ui, pytest.mark.timeout(400)]
linear = pytest.importorskip("sklearn.linear_model")
WIDEST = 600
OUTSIDE = """node => [...node.querySelectorAll('*'), node].filter(one => {
  const { left, right } = one.getBoundingClientRect();
  return right > window.innerWidth + 1 || left < -1
    || one.scrollWidth > one.clientWidth + 1 && one.matches('form, fieldset, div')
      && one.clientWidth > 0 && getComputedStyle(one).overflowX !== 'visible';
}).map(one => one.outerHTML.slice(0, 120))"""
"""What of a form is beyond the window, or can only be scrolled to sideways."""


@pytest.fixture
def viewport():
    return {"width": 900, "height": 700}


def check(page, form, name):
    """Look at a form: as it is, in every theme, and through axe."""
    form.wait_for()
    shot(page, name)
    assert form.evaluate(OUTSIDE) == []
    handle = form.element_handle()
    assert page.evaluate(VIOLATIONS, handle) == []


def start(page):
    page.evaluate("text => { (0, eval)(text); }", AXE.read_text())


def dialog(page, name):
    """Look at the dialog that is open, and leave it."""
    form = page.locator(".jp-Dialog-content")
    check(page, form, name)
    assert form.bounding_box()["width"] <= WIDEST
    page.keyboard.press("Escape")
    form.wait_for(state="detached")


def test_forms_of_work_fit(page, workspace, project):
    start(page)
    write(
        project / "fit.ipynb",
        "auc = C",
        parameters="C: float = 0.5  # how strongly what is large is held back, as in "
        "the library's own words\nkind = 'rbf'  # one of rbf, linear, poly\n"
        "password: str = ''\ndeep: bool = False\nrows: int = 10",
    )
    for command in ("sweep-notebook", "run-in-batch"):
        page.evaluate(
            "name => { window.jupyterapp.commands.execute('jupyter-mlops:' + name, "
            "{path: 'fit.ipynb'}) }",
            command,
        )
        dialog(page, command)
    with workspace.start_run("fit", kind=Kind.CELL, params={"C": 0.5}) as run:
        run.log_model("model", linear.LogisticRegression().fit([[0.0], [1]], [0, 1]))
        run.log_model("other", linear.LogisticRegression().fit([[0.0], [2]], [0, 1]))
    open_run(page, "", run.id)
    deed(page, "push-model")
    dialog(page, "push")


def test_forms_of_models_fit(page, workspace, project):
    start(page)
    with workspace.start_run("fit", experiment="churn") as run:
        run.log_model("model", linear.LogisticRegression().fit([[0.0], [1]], [0, 1]))
        run.log_metrics({"auc": 0.8})
    workspace.models.push(run.id, "churn")
    workspace.models.promote("churn", 1, "champion")
    (project / "gates.yaml").write_text(
        "models: {churn: {champion: [metrics.auc >= 0.9]}}\n"
    )
    open_model(page)
    for button in ("Promote…", "Approve…", "Archive…", "Take alias away…", "Export…"):
        page.get_by_role("button", name=button).click()
        form = page.locator(".jp-Mlops-form")
        if button == "Promote…":
            form.get_by_text("1 of 1 gates failed").wait_for()
        check(page, form, f"model-{button.split()[0].strip('…').lower()}")
        page.keyboard.press("Escape")
        form.wait_for(state="detached")
    part(page, "Card")
    page.get_by_role("button", name="Fill in the card…").click()
    check(page, page.locator(".jp-Mlops-cardForm"), "model-card")
