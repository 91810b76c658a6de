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
    heaps.settle()
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


def number_from(program: str, how: str) -> int:
    """What a program prints that is told how to run."""
    done = subprocess.run(
        [sys.executable, "-c", program, how], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="GNU's C library")
def test_threads_share_few_heaps() -> None:
    assert number_from(PROGRAM, "shared") <= 2 < number_from(PROGRAM, "apart")


# A large array that was let go, and another: the bytes of it that lie outside the heaps.
LARGE = """
import ctypes, sys
from bot import heaps

class Usage(ctypes.Structure):  # struct mallinfo2 of malloc.h
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split())]

if sys.argv[1] == "given back":
    heaps.settle()
library = ctypes.CDLL(None)
library.mallinfo2.restype = Usage
large = bytearray(4_000_000)
del large
before = library.mallinfo2().hblkhd
large = bytearray(2_000_000)
print(library.mallinfo2().hblkhd - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="GNU's C library")
def test_a_large_array_does_not_stay_in_a_heap() -> None:
    assert number_from(LARGE, "given back") >= 2_000_000 > number_from(LARGE, "kept")


# Pages that the system hands out while arrays of an answer's size come and go.
COMING_AND_GOING = """
import resource, sys
from bot import heaps

if sys.argv[1] == "at hand":
    heaps.settle()

def handed_out():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

several = [bytearray(400_000) for _ in range(3)]
del several
before = handed_out()
for _ in range(100):
    several = [bytearray(400_000) for _ in range(3)]
    del several
print(handed_out() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="GNU's C library")
def test_what_an_answer_needs_stays_at_hand() -> None:
    assert number_from(COMING_AND_GOING, "at hand") < 1_000 < number_from(COMING_AND_GOING, "anew")
