"""Copies of a notebook's process between its cells: which are made, held and used.

::

    runner ── visitor ── policy        makes them while a notebook runs
    keeper ── shelf                    holds them, also when the runner has gone
    runner ── plan ── watchdog         goes on from one
"""
