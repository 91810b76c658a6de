"""The machine that is measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def machine() -> str:
    """Its processor and how many cores there are, its memory where the system says, and Python."""
    cores = os.cpu_count() or 1
    parts = [f"{cores} core{'s' * (cores != 1)} of {_processor()}"]
    memory = _value("/proc/meminfo", "MemTotal")
    if memory:
        parts.append(f"{int(memory.split()[0]) / 1e6:.0f} GB of memory")
    return ", ".join([*parts, f"{platform.system()}, Python {platform.python_version()}"])


def _processor() -> str:
    return _value("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()


def _value(file: str, name: str) -> str:
    """The first value of that name in a file of the system; empty where there is none."""
    try:
        lines = Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next(
        (
            line.partition(":")[2].strip()
            for line in lines
            if line.partition(":")[0].strip() == name
        ),
        "",
    )
