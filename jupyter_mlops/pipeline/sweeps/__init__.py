"""Sweeps: one notebook over many values of its parameters.

`space` reads which values there are, `points` gives them in turn, `schedule` runs them
side by side, `prefix` finds the cells that all of them share.
"""
