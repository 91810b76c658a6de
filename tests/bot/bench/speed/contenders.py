"""Contenders to start in processes of their own, and places for them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bot.bench.speed.contender import Question, Ways
from bot.bench.speed.place import Model, Place

TORCH = Model("all-MiniLM-L6-v2", "torch", Path("nowhere"))


def place_in(folder: Path) -> Place:
    return Place(folder, TORCH)


def patient(place: Place) -> Ways:
    """Takes its time over each question, and fails at what it does not know."""

    def plain(question: Question) -> Callable[[], object]:
        if question.text == "unknown":
            raise ValueError("never heard of it")
        return lambda: time.sleep(float(question.text))

    return {"plain": plain}


def alike(place: Place) -> Ways:
    """Answers once two ask at the same time."""
    both = threading.Barrier(2, timeout=2)
    return {"plain": lambda _: both.wait}


def broken(place: Place) -> Ways:
    raise OSError(f"nothing is in {place.folder.name}")


def mortal(place: Place) -> Ways:
    return {"plain": lambda _: lambda: os._exit(9)}
