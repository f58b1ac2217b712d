"""Eight writers and a reader meet in a workspace that none has opened before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from jupyter_mlops.store.index import Index, RunQuery

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from pathlib import Path
from jupyter_mlops.ids import new_run_id
from jupyter_mlops.store import events
from jupyter_mlops.store.durability import Flusher
from jupyter_mlops.store.index import Index, RunQuery
from jupyter_mlops.store.journal import JournalWriter
from jupyter_mlops.store.layout import Layout

layout = Layout(Path(sys.argv[1]))
layout.create()
index = Index(layout, sys.argv[2], wait_seconds=60)
sys.stdin.readline()
for number in range(5):
    writer = JournalWriter(layout, new_run_id(), Flusher(1.0))
    writer.append(events.encode("start", name=str(number), experiment="e", kind="cell"))
    for step in range(200):
        writer.append(events.encode_metric("m", step / 2, step))
    assert index.catch_up().is_current
    assert index.run(writer.run_id).status == "running"
    writer.append(events.encode("end", status="finished"))
    writer.close()
index.close()
"""


def test_nobody_meets_a_lock(layout, url):
    children = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, layout.project, url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(8)
    ]
    reader = Index(layout, url, wait_seconds=60)
    for child in children:
        child.stdin.write(b"go\n")
        child.stdin.flush()
    while any(child.poll() is None for child in children):
        assert reader.catch_up().is_current
        reader.table(RunQuery(order_by="metrics.m desc"))
    said = [child.communicate()[1].decode() for child in children]
    assert said == [""] * 8
    assert [child.returncode for child in children] == [0] * 8
    reader.catch_up()
    records = reader.find(RunQuery())
    assert len(records) == 40
    assert {(r.status, r.metrics["m"].count) for r in records} == {("finished", 200)}
    reader.close()
