"""Floor 6: what a notebook shows of runs."""
