"""Run programs of this package, each in a separate process."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

ROOT = Path(__file__).parents[2]
DEPLOYED = {"MALLOC_ARENA_MAX": "2"}  # as in the Dockerfile and docs/guides/operations.md
MARK = "FAULTS_FAMILY"  # environment variable that the program's children inherit


def start(program: str, *arguments: str | Path) -> Running:
    """Start `tests.faults.PROGRAM`; its standard output is read line by line."""
    family = secrets.token_hex(8)
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.faults.{program}", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **DEPLOYED, MARK: family},
    )
    return Running(process, family)


def run(program: str, *arguments: str | Path, seconds: float = 120) -> str:
    """Run a program until it ends and return its output. Fails unless its exit status is 0."""
    running = start(program, *arguments)
    said, trouble = running.process.communicate(timeout=seconds)
    assert running.process.returncode == 0, f"{program} {arguments}: {said}\n{trouble}"
    return said


@dataclass(frozen=True, slots=True)
class Running:
    """A running program, and the environment variable that marks its child processes."""

    process: subprocess.Popen[str]
    family: str

    @property
    def lines(self) -> Iterator[str]:
        """The lines of its output, as they arrive."""
        return iter(cast(IO[str], self.process.stdout))

    def order(self, moment: str) -> None:
        """Set the point at which `conversing` dies."""
        orders = cast(IO[str], self.process.stdin)
        orders.write(f"{moment}\n")
        orders.flush()
        assert next(self.lines).strip() == "ordered"

    def kill(self) -> None:
        """Send SIGKILL to the program only, and wait until it has ended."""
        self.process.kill()
        self.process.communicate()

    def survivors(self, seconds: float) -> list[int]:
        """Return the child processes still alive after `seconds`. Linux only."""
        until = time.monotonic() + seconds
        while (living := _family(self.family)) and time.monotonic() < until:
            time.sleep(0.02)
        return living


def _family(family: str) -> list[int]:
    mark = f"{MARK}={family}".encode()
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if mark in _environment(path)]


def _environment(process: Path) -> list[bytes]:
    """Return the environment of a process; empty if it has ended or is a zombie."""
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
