"""Controls under an answer, with ipywidgets: a change shows it anew in its place.

The answer itself is a picture or a page of its own, so it stays when the kernel, and
with it the controls, is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import MissingLibraryError, MlopsError
from jupyter_mlops.widgets.palette import BAD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_VIEW = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One thing that can be changed.

    Attributes
    ----------
    kind : str
        ``switch``, ``slider`` (0 to below 1), ``choice`` or ``text``.
    options : sequence of str
        What there is to choose from.
    """

    name: str
    kind: str
    value: Any
    options: Sequence[str] = field(default=())


def controls_bundle(
    controls: Sequence[Control], change: Callable[[dict[str, Any]], None]
) -> dict[str, Any]:
    """Make controls, and return the MIME bundle that shows them.

    Parameters
    ----------
    change : callable
        Is given all values by name whenever one has changed. Its `MlopsError` is
        said beside the controls.

    Raises
    ------
    MissingLibraryError
        When ipywidgets is not installed.
    """
    try:
        import ipywidgets as widgets  # type: ignore[import-untyped]  # it ships none
    except ImportError as error:
        raise MissingLibraryError(
            "Controls are made with ipywidgets, which is not installed. Get it with "
            "'pip install ipywidgets', or leave -i out.",
            library="ipywidgets",
        ) from error
    made = {control.name: _widget(widgets, control) for control in controls}
    said = widgets.HTML()

    def changed(_change: object) -> None:
        try:
            change({name: widget.value for name, widget in made.items()})
            said.value = ""
        except MlopsError as error:
            said.value = f'<pre style="color:{BAD}">{escape(str(error))}</pre>'

    for widget in made.values():
        widget.observe(changed, "value")
    row = widgets.HBox(list(made.values()), layout={"flex_flow": "row wrap"})
    box = widgets.VBox([row, said])
    # Kept by ipywidgets for as long as the front end shows it.
    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    names = ", ".join(made)
    return {_VIEW: view, "text/plain": f"(controls for {names}: they need a kernel)"}


def _widget(widgets: Any, control: Control) -> Any:
    style = {"description_width": "initial"}
    if control.kind == "switch":
        return widgets.ToggleButton(
            value=control.value, description=control.name, layout={"width": "80px"}
        )
    if control.kind == "slider":
        return widgets.FloatSlider(
            value=control.value,
            min=0.0,
            max=0.99,
            step=0.01,
            description=control.name,
            continuous_update=False,
            style=style,
        )
    if control.kind == "choice":
        return widgets.Dropdown(
            options=list(control.options),
            value=control.value,
            description=control.name,
            style=style,
            layout={"width": "max-content"},
        )
    return widgets.Text(
        value=control.value,
        description=control.name,
        continuous_update=False,
        style=style,
        layout={"width": "420px"},
    )
