"""Which libraries are loaded in this process, and where. Standard library only."""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass

_PT_LOAD = 1
_PF_X = 1


class _Header(ctypes.Structure):
    """A program header of a 64-bit ELF file, ``Elf64_Phdr`` in elf.h."""

    _fields_ = (
        ("type", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("offset", ctypes.c_uint64),
        ("address", ctypes.c_uint64),
        ("physical", ctypes.c_uint64),
        ("file_size", ctypes.c_uint64),
        ("size", ctypes.c_uint64),
        ("align", ctypes.c_uint64),
    )


class _Info(ctypes.Structure):
    """``struct dl_phdr_info`` of link.h, as far as all C libraries have it."""

    _fields_ = (
        ("base", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("headers", ctypes.POINTER(_Header)),
        ("count", ctypes.c_uint16),
    )


@dataclass(frozen=True, slots=True)
class Library:
    """A loaded library.

    Attributes
    ----------
    path : str
        Its file.
    begin, end : int
        Where its code is.
    """

    path: str
    begin: int
    end: int

    @property
    def name(self) -> str:
        """Its file's name."""
        return self.path.rpartition(os.sep)[2]


def loaded_libraries() -> list[Library]:
    """List the libraries that are loaded, the program itself left out.

    The loader is asked: ``/proc/self/maps`` takes milliseconds to be read in a large
    process.
    """
    found: list[Library] = []

    def see(info: ctypes._Pointer[_Info], _size: int, _data: int | None) -> int:
        about = info.contents
        if about.name:
            codes = [
                ((about.base or 0) + header.address, header.size)
                for header in about.headers[: about.count]
                if header.type == _PT_LOAD and header.flags & _PF_X
            ]
            for begin, size in codes:
                found.append(Library(os.fsdecode(about.name), begin, begin + size))
        return 0

    kind = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.POINTER(_Info), ctypes.c_size_t, ctypes.c_void_p
    )
    ctypes.CDLL(None).dl_iterate_phdr(kind(see), None)
    return found
