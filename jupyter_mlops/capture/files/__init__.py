"""Which files a cell reads and writes, here and elsewhere, and what is in them.

`watch` sees them by an audit hook (`hook`), by the calls of libraries that open files
without telling Python (`openings`, `remotes`), and by comparing what was there before
with what is there after (`states`). `digests` and `versions` say what is in them.
"""

from jupyter_mlops.capture.files.digests import DigestCache
from jupyter_mlops.capture.files.entries import FileDigests, digest_files
from jupyter_mlops.capture.files.seams import without_own_frames
from jupyter_mlops.capture.files.seen import FileEntry, Role, SeenFile
from jupyter_mlops.capture.files.watch import FileWatch

__all__ = [
    "DigestCache",
    "FileDigests",
    "FileEntry",
    "FileWatch",
    "Role",
    "SeenFile",
    "digest_files",
    "without_own_frames",
]
