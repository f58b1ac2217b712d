import base64
import json
import threading

import matplotlib.figure
import nbformat
import pandas as pd
import pytest

from jupyter_mlops.capture.frames import frame_head
from jupyter_mlops.capture.outputs import FRAMES, OutputRecorder, notebook_outputs

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def check_notebook(outputs):
    cell = nbformat.v4.new_code_cell(outputs=notebook_outputs(outputs))
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def note(output):
    return output["metadata"]["jupyter_mlops"]


def test_streams_merge_until_something_differs():
    recorder = OutputRecorder()
    for name, text in [("stdout", "a\r"), ("stdout", "b"), ("stderr", "c")]:
        recorder.stream(name, text)
    recorder.display({"text/plain": "d"})
    recorder.stream("stdout", "e")
    outputs = recorder.finish()
    assert [output.get("text") for output in outputs] == ["b", "c", None, "e"]
    check_notebook(outputs)


def test_all_kinds_are_valid_nbformat():
    recorder = OutputRecorder()
    recorder.stream("stdout", "a")
    recorder.display({"text/plain": "a", "image/png": PNG}, {"image/png": {"width": 3}})
    recorder.display({"application/json": {"a": [1, float("nan")]}}, None)
    recorder.result({"text/plain": "3", "text/html": ["<b>", "3</b>"]}, {}, 7)
    recorder.error("ValueError", "no", ["line 1", "line 2"])
    outputs = recorder.finish()
    check_notebook(outputs)
    assert base64.b64decode(outputs[1]["data"]["image/png"]) == PNG
    assert outputs[2]["data"]["application/json"] == {"a": [1, None]}
    assert outputs[3]["data"]["text/html"] == "<b>3</b>"
    assert outputs[3]["execution_count"] == 7
    assert all("metadata" not in outputs[at] for at in (0, 4))


def test_real_rich_values_are_kept():
    frame = pd.DataFrame({"a": [1, 2]})
    figure = matplotlib.figure.Figure()
    recorder = OutputRecorder()
    recorder.result({"text/html": frame.to_html(), "text/plain": repr(frame)}, {}, 1)
    recorder.display({"text/plain": repr(figure)})
    html = recorder.finish()[0]["data"]["text/html"]
    assert html == frame.to_html()


def test_updates_reach_earlier_displays():
    recorder = OutputRecorder()
    recorder.display({"text/plain": "0 %"}, None, {"display_id": "bar"})
    recorder.stream("stdout", "between")
    recorder.display({"text/plain": "0 %"}, None, {"display_id": "bar"})
    fresh = {"text/plain": "100 %"}
    assert recorder.display(fresh, None, {"display_id": "bar"}, update=True)
    shown = [output.get("data") for output in recorder.finish()]
    assert shown == [fresh, None, fresh]


def test_updates_of_other_cells_change_nothing():
    recorder = OutputRecorder()
    recorder.display({"text/plain": "a"})
    assert not recorder.display({"text/plain": "b"}, update=True)
    for text in ("x", "y"):
        foreign = {"display_id": "other"}
        assert not recorder.display({"text/plain": text}, None, foreign, update=True)
    first, second = recorder.finish()
    assert first["data"] == {"text/plain": "a"}
    # What this cell showed in another's place is kept, and said to be there.
    assert second["data"] == {"text/plain": "y"}
    assert note(second) == {"updates": "other"}
    check_notebook([first, second])


def test_progress_bar_is_one_line():
    recorder = OutputRecorder(output_limit=1000)
    for step in range(10_000):
        recorder.stream("stderr", f"\r{step / 100:6.2f} % done")
    recorder.stream("stderr", "\nready\n")
    (output,) = recorder.finish()
    assert output["text"] == " 99.99 % done\nready\n"
    assert "metadata" not in output


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (["long line\rnew"], "newg line"),
        (["abc\b\bX"], "aXc"),
        (["a\r", "\nb"], "a\nb"),
        (["x\r\n", "\r\b\by"], "x\ny"),
        (["50 %", "\r"], "50 %"),
        (["one\n", "two\rT"], "one\nTwo"),
    ],
)
def test_later_letters_overwrite_the_line(written, shown):
    recorder = OutputRecorder()
    for text in written:
        recorder.stream("stdout", text)
    assert recorder.finish()[0]["text"] == shown


def test_line_without_end_stays_bounded():
    recorder = OutputRecorder(output_limit=10_000)
    for _ in range(2000):
        recorder.stream("stdout", "." * 100 + "\b")
    assert recorder._total < 30_000
    assert recorder.dropped_bytes > 150_000


def test_frames_follow_their_outputs():
    heads = [frame_head(pd.DataFrame({"n": [n]})) for n in range(3)]
    recorder = OutputRecorder()
    recorder.stream("stdout", "a")
    recorder.display({}, None, {"display_id": "x"}, frame=heads[0])
    recorder.result({}, None, 1, frame=heads[1])
    assert recorder.frames() == [(1, heads[0]), (2, heads[1])]
    recorder.display({}, None, {"display_id": "x"}, update=True, frame=heads[2])
    assert recorder.frames()[0] == (1, heads[2])
    recorder.clear()
    assert recorder.frames() == []


def test_only_so_many_frames_are_kept():
    head = frame_head(pd.DataFrame({"n": [1]}))
    recorder = OutputRecorder()
    while recorder.has_room_for_frames:
        recorder.display({"text/plain": "x"}, frame=head)
    assert len(recorder.frames()) == FRAMES
    recorder.clear()
    assert recorder.has_room_for_frames


def test_clear_waits_for_the_next_output():
    recorder = OutputRecorder()
    recorder.stream("stdout", "old")
    recorder.clear(wait=True)
    assert recorder.finish()[0]["text"] == "old"
    recorder.stream("stdout", "new")
    assert [output["text"] for output in recorder.finish()] == ["new"]
    recorder.clear()
    assert recorder.finish() == []


def test_long_stream_keeps_head_and_tail():
    recorder = OutputRecorder(output_limit=1000)
    lines = [f"line {number} é\n" for number in range(5000)]
    for line in lines:
        recorder.stream("stdout", line)
    (output,) = recorder.finish()
    assert output["text"].startswith("".join(lines[:30]))
    assert output["text"].endswith("".join(lines[-30:]))
    kept = len(output["text"].encode()) - len(
        f"\n[… {note(output)['dropped_bytes']} bytes are not kept …]\n".encode()
    )
    assert kept + note(output)["dropped_bytes"] == len("".join(lines).encode())
    assert kept <= 1000


@pytest.mark.parametrize("limit", [20, 21, 22, 23])
def test_cuts_never_split_a_character(limit):
    recorder = OutputRecorder(output_limit=limit)
    recorder.stream("stdout", "é€😀" * 50)
    text = recorder.finish()[0]["text"]
    assert set(text.replace("\n", "")) <= set("é€😀[… bytes are not kept]0123456789")


def test_finishing_early_loses_nothing():
    recorder = OutputRecorder(output_limit=100)
    for number in range(1000):
        recorder.stream("stdout", f"{number} ")
        recorder.finish()
    (output,) = recorder.finish()
    assert output["text"].startswith("0 1 2 3")
    assert output["text"].endswith("998 999 ")


def test_value_too_large_leaves_the_others():
    recorder = OutputRecorder(output_limit=1000)
    recorder.result({"image/png": b"x" * 3000, "text/plain": "<Figure>"}, {}, 1)
    recorder.display({"image/png": b"x" * 3000})
    first, second = recorder.finish()
    assert first["data"] == {"text/plain": "<Figure>"}
    assert note(first) == {"dropped_bytes": 4000}
    assert second["data"] == {"text/plain": "[4000 bytes are not kept]"}


def test_many_outputs_keep_first_and_last():
    recorder = OutputRecorder(cell_limit=10_000)
    for number in range(500):
        recorder.display({"text/plain": f"{number:04}" * 20})
    outputs = recorder.finish()
    shown = [output["data"]["text/plain"][:4] for output in outputs]
    gap = next(output for output in outputs if output["metadata"])
    assert (shown[0], shown[-1]) == ("0000", "0499")
    assert note(gap)["dropped_outputs"] == 500 - (len(outputs) - 1)
    assert note(gap)["dropped_bytes"] == 80 * note(gap)["dropped_outputs"]
    assert 20 < len(outputs) < 50
    check_notebook(outputs)


def test_endless_traceback_is_cut():
    recorder = OutputRecorder(output_limit=1000)
    recorder.error("E", "v" * 5000, ["frame"] * 1000)
    (output,) = recorder.finish()
    assert len(json.dumps(output)) < 1500
    assert note(output)["dropped_bytes"] > 5000
    check_notebook([output])


def test_threads_lose_no_text():
    recorder = OutputRecorder()

    def write(letter):
        for _ in range(2000):
            recorder.stream("stdout", letter)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = recorder.finish()[0]["text"]
    assert [text.count(letter) for letter in "abcd"] == [2000] * 4


def test_kept_values_are_snapshots():
    value = {"a": 1}
    recorder = OutputRecorder()
    recorder.display({"application/json": value})
    value["a"] = 2
    assert recorder.finish()[0]["data"]["application/json"] == {"a": 1}


def test_odd_values_never_raise():
    loop = []
    loop.append(loop)
    recorder = OutputRecorder()
    recorder.display({"application/json": loop, "text/plain": "\udc80"}, {"a": loop})
    recorder.display({"text/plain": object(), "application/json": {1: object()}})
    recorder.stream("stdout", "\udc80")
    outputs = recorder.finish()
    json.dumps(outputs).encode("utf-8")
    assert outputs[2]["text"] == "\\udc80"


def test_wrapped_base64_gets_one_form():
    recorder = OutputRecorder()
    recorder.display({"image/png": base64.encodebytes(PNG).decode()})
    assert recorder.finish()[0]["data"]["image/png"] == base64.b64encode(PNG).decode()
