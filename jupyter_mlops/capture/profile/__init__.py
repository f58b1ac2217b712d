"""What data looked like: schema and a small profile of any frame-like value.

The profile of training data is the baseline that later data is compared with. It is
JSON, and says nothing about how it came to be wanted::

    {"version": 1,
     "container": "pandas.DataFrame",  the type that was given
     "rows": 10000, "columns": 20,     of the whole; null where it cannot be told
     "rows_read": 10000,               fewer than rows: an even sample, always the same
     "left_out": 0,                    columns beyond the first 256: not described
     "shape": [60000, 28, 28],         only of arrays with more than two axes
     "density": 0.01,                  only of sparse matrices: cells that are stored
     "features": [column, ...],
     "target": [column, ...]}          only when a target was given

A column holds ``name``, ``dtype``, ``kind``, ``missing`` and ``count`` (values read
that are not missing), and by its kind:

number
    ``infinite``, ``mean``, ``std`` (of the population), ``distinct``, ``quantiles``
    (object from "0", "0.01", "0.05", "0.25", "0.5", "0.75", "0.95", "0.99" and "1" to
    numbers), ``histogram`` ``{"edges": [n + 1 numbers], "counts": [n]}``: bins are
    closed on the left, the last on both sides. Of at most 20 distinct values each has
    a bin of its own, and ``top`` lists them; of more, the edges are the quantiles by
    twentieths, each edge once. Durations are numbers, with ``"unit": "seconds"``.
bool
    ``true``, ``false``: counts.
category
    ``distinct``, ``top`` (list of [value, count], the 20 most frequent), ``others``
    (how many values are none of them).
text
    Mostly different from row to row: ``distinct``, ``lengths`` (as of numbers, the
    characters of each); no value is kept.
time
    ``min``, ``max``: ISO 8601.
other
    ``types``: how many values of which Python type.

A column whose name is that of a secret keeps no value: ``"masked": true``.
"""

from jupyter_mlops.capture.profile.columns import describe_column
from jupyter_mlops.capture.profile.frames import frame_of
from jupyter_mlops.capture.profile.profile import profile

__all__ = ["describe_column", "frame_of", "profile"]
