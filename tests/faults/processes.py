"""Programs of this package, each in a process of its own."""

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
MARK = "FAULTS_FAMILY"  # in the environment of a program, and so of all that it starts


def start(program: str, *arguments: str | Path) -> Running:
    """Starts `tests.faults.PROGRAM`; its standard output is to be read line by line."""
    family = secrets.token_hex(8)
    process = subprocess.Popen(
        [sys.executable, "-m", f"tests.faults.{program}", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, MARK: family},
    )
    return Running(process, family)


def run(program: str, *arguments: str | Path, seconds: float = 120) -> str:
    """What a program says when it ends well."""
    running = start(program, *arguments)
    said, trouble = running.process.communicate(timeout=seconds)
    assert running.process.returncode == 0, f"{program} {arguments}: {said}\n{trouble}"
    return said


@dataclass(frozen=True, slots=True)
class Running:
    """A program that runs, and the mark of its family."""

    process: subprocess.Popen[str]
    family: str

    @property
    def lines(self) -> Iterator[str]:
        """What it says, as it comes."""
        return iter(cast(IO[str], self.process.stdout))

    def kill(self) -> None:
        """SIGKILL to the program alone, and the end of its lines."""
        self.process.kill()
        self.process.communicate()

    def survivors(self, seconds: float) -> list[int]:
        """The processes it has started that still live after so many seconds; Linux only."""
        until = time.monotonic() + seconds
        while (living := _family(self.family)) and time.monotonic() < until:
            time.sleep(0.02)
        return living


def _family(family: str) -> list[int]:
    mark = f"{MARK}={family}".encode()
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if mark in _environment(path)]


def _environment(process: Path) -> list[bytes]:
    """Of a living process; one that is gone, or dead and not yet buried, has none."""
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
