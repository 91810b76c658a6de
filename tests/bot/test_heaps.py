"""Heaps that threads share."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Threads that take memory at the same time, and how many heaps of the C library that made.
PROGRAM = """
import ctypes, sys, tempfile, threading
from bot import heaps

if sys.argv[1] == "shared":
    heaps.keep_small()
gate = threading.Barrier(9)

def take():
    taken = [bytes(600) for _ in range(1000)]
    gate.wait()
    gate.wait()

for _ in range(8):
    threading.Thread(target=take, daemon=True).start()
gate.wait()
library = ctypes.CDLL(None)
library.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as file:
    stream = ctypes.c_void_p(library.fopen(file.name.encode(), b"w"))
    library.malloc_info(0, stream)
    library.fclose(stream)
    print(file.read().decode().count("<heap nr="))
gate.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="GNU's C library")
def test_threads_share_few_heaps() -> None:
    def heaps_of(how: str) -> int:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True
        )
        return int(done.stdout)

    assert heaps_of("shared") <= 2 < heaps_of("apart")
