"""Models that are fitted while a cell runs, noticed without a call.

While a watch is on, the methods that fit are stood in for on their classes; before
and after, everything is as the libraries made it. No library is imported: those in
`sys.modules` are looked at, and the others when they arrive. One file a library, the
same names in each: `ARRIVALS` (modules with which it is there) and `install`.
"""

from jupyter_mlops.capture.fits.seen import SeenFit
from jupyter_mlops.capture.fits.tracebacks import without_our_frames
from jupyter_mlops.capture.fits.watch import FitWatch

__all__ = ["FitWatch", "SeenFit", "without_our_frames"]
