"""Large pages for what a process that stays has in memory.

A processor knows where a few thousand pages lie; of all others it must first look that up. A
question touches more than those: the weights of the model, the graph that Chroma walks, the
vectors, the words. Linux has pages of 2 MB beside those of 4 kB, for who asks for them unless its
`transparent_hugepage` is `never`.
"""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

LEAST = 0.5  # of a large page that is in memory already: the rest is taken beside it

_MAPPINGS, _PAGES = Path("/proc/self/maps"), Path("/proc/self/pagemap")
_LARGE = Path("/sys/kernel/mm/transparent_hugepage")
_IN_MEMORY = np.uint64(1 << 63)  # of an entry of the pagemap
_COLLAPSE = 25  # MADV_COLLAPSE of Linux's mman-common.h, since 6.1


def use_large_pages() -> None:
    """Puts what this process holds, but for files, into large pages; does nothing where there are
    none. Takes half a second for 500 MB, in which other threads go on."""
    with suppress(OSError, ValueError, AttributeError):  # another system, or an old C library
        if "[never]" in (_LARGE / "enabled").read_text():
            return
        size = int((_LARGE / "hpage_pmd_size").read_text())
        advise = ctypes.CDLL(None).madvise
        advise.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
        for page in _well_filled(size):
            advise(page, size, _COLLAPSE)  # where that fails, all stays as it is


def _well_filled(size: int) -> Iterator[int]:
    """The addresses at which large pages of `size` bytes may begin that are in memory mostly."""
    small = mmap.PAGESIZE
    with _PAGES.open("rb", buffering=0) as pages:
        for start, end in _own_spans():
            start, end = -(-start // size) * size, end // size * size
            if start < end:
                pages.seek(start // small * 8)
                entries = np.frombuffer(pages.read((end - start) // small * 8), dtype=np.uint64)
                filled = ((entries & _IN_MEMORY) != 0).reshape(-1, size // small).mean(axis=1)
                yield from (start + np.flatnonzero(filled >= LEAST) * size).tolist()


def _own_spans() -> Iterator[tuple[int, int]]:
    """From where to where memory reaches that this process may write to and that is no file."""
    for line in _MAPPINGS.read_text().splitlines():
        addresses, rights, _, _, _, *name = line.split()
        if rights == "rw-p" and name in ([], ["[heap]"]):
            start, _, end = addresses.partition("-")
            yield int(start, 16), int(end, 16)
