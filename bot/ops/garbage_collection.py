"""Tune Python so that answers stay fast while the same process reads and plans a reindex."""

import gc
import sys

SWITCH_INTERVAL_S = 0.0001  # for switching threads; Python's default is 0.005
# Thresholds of the three generations of the garbage collector. A collection of the oldest stops all
# threads, for longer the larger the index, and a reindex creates many objects: so it runs a tenth
# as often as by default.
GC_THRESHOLDS = (700, 10, 100)


def tune_runtime() -> None:
    """Apply the settings. Call this once all long-lived objects exist: they are never scanned."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
