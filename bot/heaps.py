"""Keeps a process that serves for long small and quick, where memory is GNU's C library's.

Two of its habits let a process grow with each index that is read anew, though no more is held. It
gives threads heaps of their own, up to eight for each core, and memory that is free in one is of no
use to the others; Python lets one thread run at a time, so that few heaps do. And it learns to keep
large arrays in these heaps, where they leave holes, instead of giving them back to the system.

A third costs time: what is free at the end of a heap is given back at once, though the next answer
needs as much again, and the system hands it out anew page by page.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

HEAPS = 2
LARGE = 1_000_000  # bytes of an array that is given back
AT_HAND = 16_000_000  # free bytes at the end of a heap that are kept for the next answer
# M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of malloc.h.
_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1


def settle() -> None:
    """Lets the threads that begin from now on share heaps, and large arrays be given back, but what
    an answer needs stay at hand."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            library = ctypes.CDLL(None)
            library.mallopt(_ARENA_MAX, HEAPS)
            library.mallopt(_MMAP_THRESHOLD, LARGE)
            library.mallopt(_TRIM_THRESHOLD, AT_HAND)
