"""Floor 1: what is kept on disk and how it is found again. Knows no IPython."""
