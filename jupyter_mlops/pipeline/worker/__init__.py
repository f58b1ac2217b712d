"""Python notebooks run in a process forked from a warm one, without kernel or sockets.

::

    runner ──── parent ── zygote ── guardian ── notebook
    executor    parent    zygote    guardian    child, kernel, streams

A parent serves one user, Python and environment and has IPython ready; a zygote has
also imported what some notebook imports; a guardian lets nothing of its notebook
outlive the runner. Only the runner's side may import the rest of this package.
"""
