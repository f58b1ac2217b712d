"""Where a version came from, and where it went: files, runs, aliases and copies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyter_mlops.errors import MlopsError
from jupyter_mlops.registry.state import DOWNLOADED

if TYPE_CHECKING:
    from jupyter_mlops.ids import Digest, RunId
    from jupyter_mlops.registry.cards import CardFacts
    from jupyter_mlops.tracking.recorded import RecordedRun
    from jupyter_mlops.workspace.workspace import Workspace

Inputs = list[tuple[str, "Digest", "int | None"]]
"""Path, digest and size of files that a run read."""
FURTHEST = 4
"""Runs before the version's own are followed so far back."""
MOST = 60
"""Nodes that a picture can hold; what is left out is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageNode:
    """One thing on the way.

    Attributes
    ----------
    kind : str
        ``file``, ``run``, ``version``, ``alias`` or ``copy`` (taken elsewhere).
    detail : str
        A few words more: who did it, or where it was taken.
    cells : int
        Of a run: how many cells its recipe has.
    """

    id: str
    kind: str
    label: str
    detail: str = ""
    digest: str | None = None
    size: int | None = None
    run_id: RunId | None = None
    cells: int = 0


@dataclass(slots=True)
class Lineage:
    """A graph from data to where the version is used; edges follow time.

    Attributes
    ----------
    left_out : int
        Nodes that there was no room for.
    """

    nodes: dict[str, LineageNode] = field(default_factory=dict)
    edges: list[tuple[str, str]] = field(default_factory=list)
    left_out: int = 0

    def add(
        self, node: LineageNode, *, before: str | None = None, after: str | None = None
    ) -> bool:
        """Add a node and its edge; False when there is no room for it."""
        if node.id not in self.nodes:
            if len(self.nodes) >= MOST:
                self.left_out += 1
                return False
            self.nodes[node.id] = node
        edge = (node.id, before) if before is not None else (after or "", node.id)
        if (before or after) and edge not in self.edges:
            self.edges.append(edge)
        return True


def lineage_of(workspace: Workspace, facts: CardFacts) -> Lineage:
    """Draw a version's lineage from what is recorded in the workspace."""
    version = facts.version
    graph = Lineage()
    this = f"version:{version.version}"
    label = f"{version.model} {version.version}"
    detail = facts.class_name
    graph.add(
        LineageNode(
            id=this,
            kind="version",
            label=label,
            detail=detail,
            digest=version.digest,
            size=version.size,
        )
    )
    for alias in version.aliases:
        node = LineageNode(id=f"alias:{alias}", kind="alias", label=alias)
        graph.add(node, after=this)
    _add_copies(graph, facts, this)
    _add_run(workspace, graph, facts, this)
    return graph


def _add_copies(graph: Lineage, facts: CardFacts, this: str) -> None:
    for event in facts.events:
        if event.kind == DOWNLOADED:
            target = str(event.fields.get("target", ""))
            purpose = str(event.fields.get("purpose", ""))
            node = LineageNode(
                id=f"copy:{purpose}:{target}", kind="copy", label=purpose, detail=target
            )
            graph.add(node, after=this)


def _add_run(workspace: Workspace, graph: Lineage, facts: CardFacts, this: str) -> None:
    version = facts.version
    if version.run_id is None:
        return
    node = LineageNode(
        id=f"run:{version.run_id}",
        kind="run",
        label=facts.run.name if facts.run else "not recorded here",
        # What is not here cannot be opened.
        run_id=version.run_id if facts.run else None,
        cells=len(facts.recipe),
    )
    graph.add(node, before=this)
    sizes = {file.path: file.size for file in facts.files}
    level = {
        node.id: [
            (name, digest, sizes.get(name))
            for name, digest in sorted(version.data.items())
        ]
    }
    for run in _runs_of_cells(workspace, facts):
        earlier = LineageNode(
            id=f"run:{run.id}", kind="run", label=run.name, run_id=run.id
        )
        if graph.add(earlier, before=node.id):
            level[earlier.id] = _read_by(run)
    _add_inputs(workspace, graph, level)


def _runs_of_cells(workspace: Workspace, facts: CardFacts) -> list[RecordedRun]:
    """Return the runs of the recipe's other cells that were tracked, too.

    They handed on values through the kernel, and their files are this version's data.
    """
    run = facts.run
    if run is None or run.notebook is None:
        return []
    counts = {
        cell.cell_id: cell.ran_as
        for cell in facts.recipe
        if cell.cell_id is not None and cell.cell_id != run.cell_id
    }
    index = workspace.store.index
    found = []
    for cell_id, run_ids in index.cell_runs(run.notebook, counts, run.started).items():
        # The latest before it; of another session if its number is another.
        earlier = workspace.get_run(run_ids[0])
        if [cell.execution_count for cell in earlier.cells] == [counts[cell_id]]:
            found.append(earlier)
    return found


def _add_inputs(workspace: Workspace, graph: Lineage, level: dict[str, Inputs]) -> None:
    """Add what runs read, the runs that had written that, and so on backwards."""
    for _ in range(FURTHEST):
        files: dict[Digest, str] = {}
        for reader, inputs in level.items():
            for path, digest, size in inputs:
                node = LineageNode(
                    id=f"file:{path}:{digest}",
                    kind="file",
                    label=path,
                    digest=digest,
                    size=size,
                )
                if graph.add(node, before=reader):
                    files[digest] = node.id
        level = _writers(workspace, graph, files)
        if not level:
            return


def _writers(
    workspace: Workspace, graph: Lineage, files: dict[Digest, str]
) -> dict[str, Inputs]:
    """Add the first run that wrote each file, and return what those runs read."""
    level: dict[str, Inputs] = {}
    for digest, writers in workspace.store.index.writers(files).items():
        try:
            run = workspace.get_run(writers[0])
        except MlopsError:
            # Gone between two questions: its file has no origin, then.
            continue
        node = LineageNode(
            id=f"run:{run.id}", kind="run", label=run.name, run_id=run.id
        )
        is_new = node.id not in graph.nodes
        # A run may rewrite what it read: nothing comes before itself.
        if _leads(graph, files[digest], node.id):
            continue
        if graph.add(node, before=files[digest]) and is_new:
            level[node.id] = _read_by(run)
    return level


def _read_by(run: RecordedRun) -> Inputs:
    return [
        (file.path, file.digest, file.size)
        for file in run.files
        if file.role == "read" and file.digest is not None
    ]


def _leads(graph: Lineage, start: str, end: str) -> bool:
    """Tell whether one node comes, by any way, before another."""
    ahead, seen = [start], {start}
    while ahead:
        node = ahead.pop()
        if node == end:
            return True
        following = {to for source, to in graph.edges if source == node} - seen
        seen |= following
        ahead += following
    return False
