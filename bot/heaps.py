"""Keeps the size of a process that serves for long.

GNU's C library gives threads heaps of their own, up to eight for each core, and memory that is free
in one is of no use to the others: with each index that is read anew they grow, though no more is
held. The lock of Python lets one thread run at a time, so that few heaps do.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

HEAPS = 2
_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def share() -> None:
    """Lets the threads that begin from now on share heaps, where the C library knows how."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_ARENA_MAX, HEAPS)
