"""How long programs take that begin from nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.terminal.progress import Report
from tests.benchmarks.speed.bare import converted
from tests.benchmarks.speed.environment import child_environment
from tests.benchmarks.speed.place import Place
from tests.benchmarks.speed.served import Served
from tests.benchmarks.speed.times import Times
from tests.benchmarks.speed.worker import ContenderFailed

LONGEST = 120.0  # seconds
LOADING = "import sys; from tests.benchmarks.speed.bare import load; load(sys.argv[1])"


@dataclass(frozen=True, slots=True)
class Starting:
    """Fresh processes on the index of so many passages: `help` prints what there is, `define` gives
    an entry, `load` imports the model's library and loads the model, and `ready` is `nearsay
    serve` until it says so."""

    passages: int
    help: Times
    define: Times
    load: Times
    ready: Times


def measure_starting(place: Place, repeats: int, report: Report) -> Starting:
    """Starts each in turn, so many times after once that does not count."""
    term = " ".join(place.texts[0].text.split()[:2])  # each passage begins with its entry's term
    nearsay = [sys.executable, "-m", "bot"]
    loading = [sys.executable, "-c", LOADING, str(converted(place.model))]
    seconds: dict[str, list[float]] = {"help": [], "define": [], "load": [], "ready": []}
    for turn in range(repeats + 1):
        taken = {
            "help": _seconds([*nearsay, "--help"], place),
            "define": _seconds([*nearsay, "say", f"/define {term}"], place),
            "load": _seconds(loading, place),
            "ready": _seconds_to_ready(place),
        }
        if turn:
            for name, one in taken.items():
                seconds[name].append(one)
        report("Starting programs", turn, repeats)
    spreads = {name: Times.of(taken) for name, taken in seconds.items()}
    return Starting(passages=len(place.texts), **spreads)


def _seconds(command: Sequence[str], place: Place) -> float:
    settings = {
        "NEARSAY_DATA_DIR": str(place.data),
        "NEARSAY_MODEL": place.model.name,
        "NEARSAY_BACKEND": place.model.backend,
    }
    begun = time.perf_counter()
    try:
        subprocess.run(
            command,
            cwd=place.folder,
            env=child_environment(settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = (error.stderr or b"").decode(errors="replace").strip().splitlines()
        raise ContenderFailed(
            f"{' '.join(command[1:4])} did not end well: {said[-1] if said else error}.", ""
        ) from error
    return time.perf_counter() - begun


def _seconds_to_ready(place: Place) -> float:
    served = Served(place)
    served.end()
    return served.seconds_to_ready
