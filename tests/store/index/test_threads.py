"""Threads that open indexes of different workspaces at the same time."""

import threading

from jupyter_mlops.store.index import Index
from jupyter_mlops.store.layout import Layout


def test_threads_make_indexes_side_by_side(tmp_path):
    made, errors = [], []

    def make(number):
        layout = Layout(tmp_path / str(number))
        layout.create()
        index = Index(layout)
        try:
            made.append(index.catch_up().is_current)
        except Exception as error:
            errors.append(error)
        index.close()

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert made == [True] * 8
