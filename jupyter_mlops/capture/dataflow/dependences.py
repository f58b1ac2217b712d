"""Which cells a cell depends on, and for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_mlops.capture.dataflow.heap import NOTHING, Binding, Kind, Obj, Value
from jupyter_mlops.capture.dataflow.layers import Branches

if TYPE_CHECKING:
    from jupyter_mlops.capture.dataflow.scopes import Frame
    from jupyter_mlops.capture.dataflow.world import World

_LABELS_KEPT = 8


class Dependences(Branches):
    """What a cell has read so far, and whose it was.

    Attributes
    ----------
    needs : dict of int to dict of str to str
        The cells it depends on: by label, what they did.
    """

    def __init__(self, world: World, index: int) -> None:
        super().__init__(world, index)
        self.needs: dict[int, dict[str, str]] = {}
        self.seen: set[Obj] = set()
        self._met: set[str] = set()
        self._settings_read: dict[str, tuple[str, Binding]] = {}

    def need(self, writers: dict[int, str], label: str) -> None:
        """Depend on `writers` for what is called `label`."""
        for writer, verb in writers.items():
            if writer != self.index:
                labels = self.needs.setdefault(writer, {})
                if label not in labels and len(labels) < _LABELS_KEPT:
                    labels[label] = verb

    def need_all_before(self, label: str) -> None:
        """Depend on every cell of the session so far."""
        self.need(dict.fromkeys(range(self.index), "comes before"), label)

    def read_value(self, value: Value, label: str) -> None:
        """Depend on whoever changed `value` or what can be got at from it."""
        stack = [obj for obj in value if obj not in self.seen]
        while stack:
            obj = stack.pop()
            if obj in self.seen:
                continue
            self.seen.add(obj)
            if obj.writers:
                self.need(obj.writers, label)
            if obj.lib and obj.kind is not Kind.MODULE:
                self.touch(obj.lib)
            if obj.children:
                stack.extend(obj.children)
            if obj.types:
                stack.extend(obj.types)
            if obj.scope is not None and obj.code is not None:
                for name in obj.code.free:
                    binding = self.outer(obj.scope, name)
                    if binding is not None:
                        self.need(binding.writers, name)
                        stack.extend(binding.value)

    def outer(self, frame: Frame | None, name: str) -> Binding | None:
        """Find what a function defined in `frame` sees as `name`, globals apart."""
        while frame is not None:
            if name in frame.locals and not frame.is_class:
                return self.lookup((frame, name))
            frame = frame.parent
        return None

    def read_state(self, key: str, label: str) -> Value:
        """Depend on a global state."""
        binding = self.lookup(key)
        if binding is None:
            return NOTHING
        self.need(binding.writers, label)
        self.read_value(binding.value, label)
        return binding.value

    # --- settings -----------------------------------------------------------------

    def touch(self, lib: str) -> None:
        """Depend on the settings of a library that is used here."""
        if lib in self._met:
            return
        self._met.add(lib)
        for related in RELATED.get(lib, ()):
            self.touch(related)
        for key in self.world.settings.get(lib, ()):
            binding = self.lookup(key)
            if binding is not None:
                self._settings_read[key] = (lib, binding)

    def settle_settings(self, *, is_setup: bool) -> None:
        """Depend on the settings that the cell was subject to.

        Parameters
        ----------
        is_setup : bool
            The cell does nothing but set things up, so that the old value of what it
            sets anew itself does not matter.
        """
        done: set[str] = set()
        # What a setting holds may itself touch further libraries.
        while left := self._settings_read.keys() - done:
            key = min(left)
            done.add(key)
            lib, binding = self._settings_read[key]
            now = self.layers[0].now.get(key)
            is_replaced = now is not None and now.writers.keys() == {self.index}
            if not (is_setup and is_replaced):
                label = LABELS.get(lib, f"the settings of {lib}")
                self.need(binding.writers, label)
                self.read_value(binding.value, label)

    def forget_replaced(self) -> None:
        """Let settings that the cell began by setting anew not matter to it."""
        for key in list(self._settings_read):
            now = self.layers[0].now.get(key)
            if now is not None and now.writers.keys() == {self.index}:
                del self._settings_read[key]
        # What is used from here on is subject to what holds from here on.
        self._met.clear()

    def set_setting(self, lib: str, key: str) -> str:
        """Give the state's name of a setting, known to later readers of `lib`."""
        name = f"$set {lib}|{key}"
        self.world.settings.setdefault(lib, set()).add(name)
        return name


LABELS = {
    "environ": "the environment variables",
    "warnings": "the warning filters",
    "imports": "where modules are found",
    "python": "the session's settings",
    "*": "what the import of a module set up",
}
RELATED = {
    "sklearn": ("numpy", "pandas"),
    "seaborn": ("matplotlib", "pandas", "numpy"),
    "scipy": ("numpy",),
    "statsmodels": ("numpy", "pandas"),
    "pandas": ("numpy",),
    "styler": ("pandas",),
    "plotter": ("pandas", "matplotlib"),
}
"""Libraries whose settings a library's own work is subject to."""
