"""Pictures of runs: curves, dots and parallel coordinates, as plain values in.

The one door to matplotlib, which is imported when a figure is drawn. What must draw
without it (the live curve, the terminal) draws by hand here, too.
"""
