"""Keeps answers quick while the same process reads and plans a reindex: two settings of Python."""

from __future__ import annotations

import gc
import sys

TURN = 0.0001  # seconds after which a thread lets another go on; Python waits 0.005
# How much is made before young, middle-aged and all objects are looked through for garbage. The
# last look stops every thread, the longer the larger the index, and a reindex makes many objects:
# it comes ten times as seldom as Python would have it.
GARBAGE = (700, 10, 100)


def keep_short() -> None:
    """To be called once what stays for good is there: it is never looked through again."""
    sys.setswitchinterval(TURN)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
