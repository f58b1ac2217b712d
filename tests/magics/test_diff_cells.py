"""Two tracked cells of a real shell, compared."""

from __future__ import annotations

import json


def test_tracked_cells_are_compared(shell, run, workspace, capsys):
    cell = "%%track fit -p depth\ndepth = {depth}\nauc = depth * scale\nprint(auc)"
    run("scale = 2")
    first = run(cell.format(depth=3))
    run("scale = 5")
    second = run(cell.format(depth=4))
    capsys.readouterr()
    shell.run_line_magic("mlops", f"diff {first.id} {second.id} --json")
    found = json.loads(capsys.readouterr().out)
    assert found["code"]["changes"][0]["lines"][2:4] == ["-depth = 3", "+depth = 4"]
    assert found["metrics"]["changes"][0]["change"] == 14
    assert found["outputs"]["changes"][0]["lines"] == ["@@ -1 +1 @@", "-6", "+20"]
    assert "+scale = 5" in [
        line for item in found["recipe"]["changes"] for line in item["lines"]
    ]
    assert found["artifacts"]["changes"] == []
