"""What importing and loading us costs, beside `python -c pass` in the same run."""

import json
import statistics
import subprocess
import sys
import time

import pytest

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]
HEAVY = ("sqlalchemy", "pandas", "matplotlib", "papermill", "lark", "rich", "typer")


def process_seconds(code):
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began


def test_import_in_a_fresh_process(said):
    process_seconds("import jupyter_mlops")
    ours, bare = [], []
    for _ in range(25):
        bare.append(process_seconds("pass"))
        ours.append(process_seconds("import jupyter_mlops"))
    ratio = statistics.median(ours) / statistics.median(bare)
    said(f"import jupyter_mlops: {ratio:.2f} x python -c pass")
    assert ratio <= 1.6


def load_in_kernel():
    """Load the extension in a new kernel; return its seconds and heavy modules."""
    from jupyter_client.manager import start_new_kernel

    code = f"""
import sys, time, json
_began = time.perf_counter()
get_ipython().run_line_magic("load_ext", "jupyter_mlops")
_took = time.perf_counter() - _began
print(json.dumps([_took, [m for m in {HEAVY!r} if m in sys.modules]]))
"""
    manager, client = start_new_kernel()
    try:
        text = []
        client.execute_interactive(
            code,
            timeout=60,
            output_hook=lambda m: text.append(m["content"].get("text", "")),
        )
        return json.loads("".join(text))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_load_ext_in_a_kernel(said):
    load_in_kernel()
    bare = statistics.median(process_seconds("pass") for _ in range(15))
    found = [load_in_kernel() for _ in range(5)]
    ratio = statistics.median(took for took, _ in found) / bare
    said(f"%load_ext jupyter_mlops: {ratio:.2f} x python -c pass")
    assert found[0][1] == []
    assert ratio <= 2
