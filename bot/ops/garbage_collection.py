"""Tune Python so that answers stay fast while the same process reads and plans a reindex."""

import gc
import sys

SWITCH_INTERVAL_S = 0.0001  # seconds between thread switches; Python's default is 0.005
# Thresholds of the three generations of the garbage collector. A collection of the oldest one
# stops all threads, for longer the larger the index, and a reindex creates many objects. These
# thresholds make such collections a tenth as frequent as by default.
GC_THRESHOLDS = (700, 10, 100)


def tune_runtime() -> None:
    """Set the thread switch interval and the garbage collector's thresholds. Call this once all
    long-lived objects exist; the collector then ignores them."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
