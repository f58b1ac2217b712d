import pytest

from jupyter_mlops.records import Kind, Status


def test_tracked_cell_becomes_a_run(run):
    found = run("%%track baseline -e churn\nC = 0.5\nauc = C + 0.4")
    assert (found.name, found.record.experiment) == ("baseline", "churn")
    assert (found.status, found.record.kind) == (Status.FINISHED, Kind.CELL)
    assert found.params == {"C": 0.5}
    assert found.metrics == {"auc": 0.9}
    assert found.cells[0].source.startswith("%%track baseline")
    assert found.environment["python"]


def test_untracked_cell_leaves_no_trace(run, workspace):
    assert run("x = 1") is None


def test_named_values_are_taken(run):
    run("model = type('M', (), {'depth': 3})()\nscore = 0.7\nname = 'rf'")
    found = run("%%track -p model.depth -p name -m score\npass")
    assert found.params == {"model.depth": 3, "name": "rf"}
    assert found.metrics == {"score": 0.7}


def test_last_dict_of_numbers_is_metrics(run):
    assert run("%%track\n{'auc': 0.9, 'n': 3}").metrics == {"auc": 0.9, "n": 3}


def test_logged_values_win_over_found_ones(run):
    source = (
        "%%track\nimport jupyter_mlops as m\nloss = 1.0 + 1\nm.log_metric('loss', 5)"
    )
    found = run(source)
    assert list(found.history("loss")["value"]) == [5]


def test_objects_are_kept(run):
    import pandas as pd

    found = run(
        "%%track -s frame -s words\nimport pandas as pd\n"
        "frame = pd.DataFrame({'a': [1]})\nwords = 'text'"
    )
    pd.testing.assert_frame_equal(found.artifact("frame"), pd.DataFrame({"a": [1]}))
    assert found.artifact("words") == "text"


def test_tags_and_note_are_kept(run):
    found = run("%%track -t team=risk -t 'why=a b' --note 'first try'\npass")
    assert found.tags == {"team": "risk", "why": "a b"}
    assert found.record.note == "first try"


def test_outputs_are_recorded_in_order(run):
    found = run(
        "%%track\nimport sys\nfrom IPython.display import display, HTML\n"
        "print('one')\ndisplay(HTML('<b>two</b>'))\nprint('three', file=sys.stderr)\n4"
    )
    outputs = found.cells[0].outputs
    assert [item["output_type"] for item in outputs] == [
        "stream",
        "display_data",
        "stream",
        "execute_result",
    ]
    assert outputs[0]["text"] == "one\n"
    assert outputs[1]["data"]["text/html"] == "<b>two</b>"
    assert outputs[3]["data"]["text/plain"] == "4"


def test_long_outputs_go_to_blobs(run, workspace):
    found = run("%%track\nprint('x' * 5000)")
    reference = found.cells[0].outputs[0]["text"]
    assert workspace.store.blobs.get_bytes(reference["blob"]) == b"x" * 5000 + b"\n"


def test_failing_cell_keeps_error_and_outputs(run, capsys):
    found = run("%%track\nprint('before')\n1 / 0")
    (cell,) = found.cells
    assert found.status is Status.FAILED
    assert found.record.error.name == "ZeroDivisionError"
    assert cell.error.name == "ZeroDivisionError"
    assert cell.outputs[0]["text"] == "before\n"
    assert cell.outputs[-1]["output_type"] == "error"
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_syntax_error_is_recorded(run, capsys):
    found = run("%%track\nx = = 1")
    assert found.status is Status.FAILED
    assert found.record.error.name == "SyntaxError"


def test_interrupted_cell_is_cancelled(run, capsys):
    assert run("%%track\nraise KeyboardInterrupt").status is Status.CANCELLED


@pytest.mark.parametrize("head", ["%%track a\n%%time", "%%time\n%%track a"])
def test_other_cell_magics_stay(run, head, capsys):
    found = run(f"{head}\nx = 40 + 2")
    assert found.name == "a"
    assert "Wall time" in capsys.readouterr().out


def test_await_and_line_magics_work(run, shell):
    found = run(
        "%%track\nimport asyncio\nawait asyncio.sleep(0)\nfiles = !echo hello\n"
        "n = len(files) + 0"
    )
    assert found.metrics == {"n": 1}
    assert shell.user_ns["files"] == ["hello"]


def test_history_and_counts_are_as_without(run, shell):
    run("%%track\n'value'")
    assert shell.execution_count == 2
    assert shell.user_ns["_"] == "value"


def test_track_on_records_every_cell(run):
    assert run("%track on") is None
    assert run("x = 1 + 1").metrics == {"x": 2}
    run("%track off")
    assert run("x = 1 + 1") is None


def test_track_tells_where_it_records(run, workspace, capsys):
    run("%track")
    said = capsys.readouterr().out
    assert str(workspace.layout.project) in said
    assert "%%track" in said


def test_nested_cell_is_a_child(run, shell):
    outer = run("%%track outer\nget_ipython().run_cell('%%track inner\\ny = 1 + 1')")
    (child,) = outer.children
    assert child.name == "inner"
    assert child.metrics == {"y": 2}


def test_card_shows_run_and_change(run, shell, monkeypatch):
    shown = []
    publish = shell.display_pub.publish
    monkeypatch.setattr(
        shell.display_pub, "publish", lambda data, *a, **k: shown.append(data)
    )
    run("%%track -e e\nauc = 0.5 + 0.3")
    second = run("%%track -e e\nauc = 0.5 + 0.4")
    monkeypatch.setattr(shell.display_pub, "publish", publish)
    assert "★ +0.1 to best" in shown[1]["text/plain"]
    assert second.id in shown[1]["text/html"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--expermient x", "--experiment"),
        ("-t nothing", "KEY=VALUE"),
        ("'open", "quote is not closed"),
        ("-m nosuch", "nosuch"),
        ("-s nosuch", "no such name"),
        ("-p fit", "'fit'"),
    ],
)
def test_bad_line_warns_and_cell_runs(run, shell, capsys, line, said):
    shell.user_ns["fit"] = object()
    found = run(f"%%track {line}\nx = 1 + 1")
    warned = [
        text
        for text in capsys.readouterr().err.splitlines()
        if text.startswith("jupyter_mlops:")
    ]
    assert len(warned) == 1
    assert said in warned[0]
    assert found.status is Status.FINISHED
    assert found.metrics["x"] == 2


def test_unwritable_workspace_never_breaks_a_cell(
    shell, workspace, monkeypatch, capsys
):
    def refuse(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.write", refuse)
    shell.run_cell("%%track\nx = 41 + 1")
    monkeypatch.undo()
    assert shell.user_ns["x"] == 42
    assert "not recorded" in capsys.readouterr().err


def test_unsavable_object_leaves_the_rest(run, capsys):
    found = run("%%track -s bad -s good\nbad = object()\ngood = 'kept'\nn = 1 + 1")
    assert found.artifact("good") == "kept"
    assert found.metrics == {"n": 2}
    assert "'bad'" in capsys.readouterr().err


def test_log_metric_fault_is_the_users(run, capsys):
    found = run("%%track\nimport jupyter_mlops as m\nm.log_metric('a', 'text')")
    assert found.status is Status.FAILED
    assert found.record.error.name == "InvalidMetricError"


def test_stdout_stays_the_same_object(run, shell):
    run("import sys\nfirst = id(sys.stdout)")
    run("%%track\nprint('x')\nsecond = id(sys.stdout)")
    run("third = id(sys.stdout)")
    names = shell.user_ns
    assert names["first"] == names["third"]


def test_loading_twice_changes_nothing(run, shell):
    shell.run_line_magic("load_ext", "jupyter_mlops")
    shell.run_line_magic("reload_ext", "jupyter_mlops")
    assert len(run("%%track\nx = 1 + 1").cells) == 1


def test_magic_has_help(shell):
    text = shell.find_cell_magic("track").__doc__
    for option in ("-e", "-p", "-m", "-s", "-t", "--note"):
        assert option in text
