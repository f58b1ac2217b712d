import threading

from jupyter_mlops.store.durability import Flusher


class Item:
    def __init__(self):
        self.synced = threading.Event()

    def sync(self):
        self.synced.set()


def test_dirty_item_is_synced_soon():
    item = Item()
    Flusher(0.01).mark(item)
    assert item.synced.wait(10)


def test_forgotten_item_is_left_alone():
    flusher, first, second = Flusher(0.01), Item(), Item()
    with flusher._lock:
        flusher._dirty |= {first, second}
    flusher.forget(first)
    flusher.mark(second)
    assert second.synced.wait(10)
    assert not first.synced.is_set()


def test_thread_ends_when_all_is_clean():
    flusher, item = Flusher(0.01), Item()
    flusher.mark(item)
    thread = flusher._thread
    assert item.synced.wait(10)
    if thread is not None:
        thread.join(10)
    assert flusher._thread is None
