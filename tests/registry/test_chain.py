"""A chain takes events, and notices whatever is done to it afterwards."""

import json
import os
import resource
import subprocess
import sys
from contextlib import contextmanager

import pytest

from jupyter_mlops import errors
from jupyter_mlops.registry.chain import append_link, read_chain


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "churn.jsonl"
    for number in range(4):
        add(path, number)
    return path


def add(path, value, known=None):
    return append_link(path, lambda chain: {"kind": "test", "value": value}, known)


def values(path):
    return [link["value"] for link in read_chain(path).links if "value" in link]


@contextmanager
def disk_full_beyond(size):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def change(path, edit):
    lines = path.read_bytes().splitlines(keepends=True)
    edit(lines)
    path.write_bytes(b"".join(lines))


def test_links_seal_each_other(path):
    links = [json.loads(line) for line in path.read_text().splitlines()]
    assert [link["n"] for link in links] == [1, 2, 3, 4]
    assert [link["previous"] for link in links[1:]] == [
        link["digest"] for link in links[:-1]
    ]
    assert read_chain(path).head == links[-1]["digest"]


def test_no_file_is_an_empty_chain(tmp_path):
    assert read_chain(tmp_path / "none.jsonl").links == []


def rewritten(lines):
    lines[1] = lines[1].replace(b'"value":1', b'"value":9')


def respaced(lines):
    lines[1] = lines[1].replace(b'"value":1', b'"value": 1')


def removed(lines):
    del lines[1]


def first_removed(lines):
    del lines[0]


def reordered(lines):
    lines[1], lines[2] = lines[2], lines[1]


def doubled(lines):
    lines.insert(1, lines[1])


def filled_in(lines):
    lines.insert(1, b'{"kind":"test"}\n')


def torn_inside(lines):
    lines[1] = lines[1][:20] + b"\n"


def emptied(lines):
    lines[1] = b"\n"


def resealed(lines):
    import hashlib

    link = json.loads(lines[1])
    del link["digest"]
    link["value"] = 9
    body = json.dumps(link, sort_keys=True, separators=(",", ":")).encode()
    digest = hashlib.sha256(body).hexdigest().encode()
    lines[1] = body[:-1] + b',"digest":"' + digest + b'"}\n'


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (rewritten, 2),
        (respaced, 2),
        (removed, 2),
        (first_removed, 1),
        (reordered, 2),
        (doubled, 3),
        (filled_in, 2),
        (torn_inside, 2),
        (emptied, 2),
        (resealed, 3),
    ],
)
def test_tampering_is_located(path, edit, line):
    change(path, edit)
    with pytest.raises(errors.ChainBrokenError, match="tampered") as caught:
        read_chain(path)
    assert (caught.value.path, caught.value.line) == (path, line)
    with pytest.raises(errors.ChainBrokenError):
        add(path, "more")


@pytest.mark.parametrize("kept", [1, 40, -80, -2])
def test_torn_line_is_healed(path, kept):
    whole = path.read_bytes()
    last = whole.splitlines()[-1]
    path.write_bytes(whole[: -len(last) - 1] + last[:kept])
    torn = read_chain(path)
    assert torn.torn == last[:kept]
    assert values(path) == [0, 1, 2]
    _, was_healed = add(path, "next")
    assert was_healed
    assert values(path) == [0, 1, 2, "next"]
    assert last[:kept] + b"\n" in path.read_bytes()
    add(path, "after")
    assert values(path) == [0, 1, 2, "next", "after"]


def test_cut_newline_loses_nothing(path):
    os.truncate(path, path.stat().st_size - 1)
    before = read_chain(path)
    assert values(path) == [0, 1, 2, 3]
    chain, was_healed = add(path, 4, before)
    assert not was_healed
    assert [link["value"] for link in chain.links] == [0, 1, 2, 3, 4]
    assert values(path) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("edit", [b"XX", b"", b'{"kind":"test"}'])
def test_healed_line_cannot_be_changed(path, edit):
    with path.open("ab") as file:
        file.write(b'{"half')
    add(path, "next")
    path.write_bytes(path.read_bytes().replace(b'{"half', edit))
    with pytest.raises(errors.ChainBrokenError):
        read_chain(path)


def test_healed_line_cannot_be_removed(path):
    with path.open("ab") as file:
        file.write(b'{"half')
    add(path, "next")
    path.write_bytes(path.read_bytes().replace(b'{"half\n', b""))
    with pytest.raises(errors.ChainBrokenError, match="vouches"):
        read_chain(path)


def test_only_new_lines_are_read_again(path):
    known = read_chain(path)
    assert read_chain(path, known) is known
    add(path, 4)
    grown = read_chain(path, known)
    assert [link["value"] for link in grown.links] == [0, 1, 2, 3, 4]
    assert grown.links[0] is known.links[0]
    assert len(known.links) == 4


def test_shrunken_file_is_read_anew(path):
    known = read_chain(path)
    change(path, lambda lines: lines.pop())
    assert len(read_chain(path, known).links) == 3


def test_big_integers_are_kept(path):
    add(path, 1 << 80)
    assert len(read_chain(path).links) == 5


def test_full_disk_leaves_the_chain(path):
    before = path.read_bytes()
    with disk_full_beyond(len(before) + 10), pytest.raises(errors.StoreWriteError):
        add(path, "lost")
    assert path.read_bytes() == before
    add(path, "later")
    assert values(path)[-1] == "later"


def test_many_processes_append(tmp_path):
    path = tmp_path / "busy.jsonl"
    code = (
        "import sys; from pathlib import Path\n"
        "from jupyter_mlops.registry.chain import append_link\n"
        "for turn in range(10):\n"
        "    append_link(Path(sys.argv[1]),"
        " lambda chain: {'kind': 'test', 'value': [sys.argv[2], turn]})\n"
    )
    workers = [
        subprocess.Popen([sys.executable, "-c", code, str(path), str(number)])
        for number in range(4)
    ]
    assert [worker.wait() for worker in workers] == [0] * 4
    assert sorted(values(path)) == [[str(w), t] for w in range(4) for t in range(10)]
