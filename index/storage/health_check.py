"""Open a generation in a child process first: a damaged graph can crash the process that opens it.

The child runs this module as a program. It reads the folder and the timeout as one line of JSON,
prints each step before it starts, and ends with "ok" or a description of the fault. It exits when
its standard input, which the parent keeps open, is closed.
"""

import faulthandler
import json
import logging
import os
import subprocess
import tempfile
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.spawn import get_executable
from pathlib import Path
from typing import IO

import numpy as np

from index.errors import NearsayError
from index.storage.generation import Generation

logger = logging.getLogger(__name__)

IMPORTED_FROM = Path(__file__).parents[2]
# runpy warns that the package has already imported this module.
IGNORE_RUNPY_WARNING = "ignore::RuntimeWarning:runpy"
GRACE_S = 5.0  # after the timeout, when the child exits by itself
BATCH = 1_000  # vectors per read
SAMPLED_PASSAGES = 50  # passages whose own vector is queried
MAX_REASON_CHARS = 300  # characters of a dependency's message
OK = "ok"


def probe(folder: Path, seconds: float = 60) -> str:
    """Open the generation's files in a child process and query its vectors. Returns a description
    of the fault, or an empty string. A child that runs longer than `seconds` is killed, which
    counts as a fault. The caller must have checked the checksums. Never raises. The child never
    outlives the caller."""
    try:
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            status = _run(folder, seconds, output, errors)
            fault = _verdict(status, seconds, _text(output).splitlines())
            if fault:
                logger.warning("%s: %s\n%s", folder, fault, _text(errors))
    except OSError as error:
        return f"the child process that checks it could not be started ({error.strerror or error})"
    return fault


def _run(folder: Path, seconds: float, output: IO[bytes], errors: IO[bytes]) -> int | None:
    order = json.dumps({"folder": str(folder.absolute()), "seconds": seconds + GRACE_S})
    with subprocess.Popen(  # noqa: S603  # our own module, by our own interpreter
        [get_executable(), "-W", IGNORE_RUNPY_WARNING, "-m", "index.storage.health_check"],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=errors,
        cwd=IMPORTED_FROM,
    ) as child:
        try:
            if child.stdin is not None:
                with suppress(BrokenPipeError):  # the child has exited; its status says why
                    child.stdin.write(order.encode() + b"\n")
            return child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            child.kill()


def _verdict(status: int | None, seconds: float, lines: list[str]) -> str:
    last = lines[-1] if lines else "starting the child process"
    if status is None:
        return f"{last} did not finish within {seconds:g} seconds"
    if status != 0:
        return f"{last} crashed the child process" if lines else f"{last} failed"
    return "" if last == OK else last


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def main() -> None:
    """Run the child process: check the generation that is named on standard input."""
    order = json.loads(input())
    faulthandler.enable()
    faulthandler.dump_traceback_later(order["seconds"], exit=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _say(_try(Path(order["folder"])) or OK)
    os._exit(0)  # skip the interpreter's shutdown, which may fail for other reasons


def _end_with_parent() -> None:
    """Exit when the parent exits: it sends nothing more, so the read returns only then."""
    os.read(0, 1)
    os._exit(1)


def _say(line: str) -> None:
    """Write a line unbuffered: a crash would lose buffered output."""
    os.write(1, line.encode(errors="backslashreplace") + b"\n")


def _try(folder: Path) -> str:
    doing = "reading the entries"
    try:
        _say(doing)
        generation = Generation(folder)
        for doing, read in STEPS:
            _say(doing)
            read(generation)
    except BaseException as error:  # a panic in Chroma is not an Exception
        traceback.print_exc()
        return f"{doing} failed: {_reason(error)}"
    return ""


def _reason(error: BaseException) -> str:
    text = error.message if isinstance(error, NearsayError) else str(error)
    return " ".join(text.split()).rstrip(".")[:MAX_REASON_CHARS] or type(error).__name__


def _read_vectors(generation: Generation) -> None:
    if generation.manifest.collection:
        return
    ids = [passage.id for passage in generation.passages]
    for start in range(0, len(ids), BATCH):
        generation.vectors.vectors(ids[start : start + BATCH])
    asked = np.linspace(0, len(ids) - 1, min(SAMPLED_PASSAGES, len(ids)), dtype=int)
    generation.vectors.nearest_to(generation.matrix[asked])
    generation.close()


STEPS: tuple[tuple[str, Callable[[Generation], object]], ...] = (
    ("reading the manifest", lambda generation: generation.manifest),
    (
        "reading the BM25 index",
        lambda generation: generation.words.scores(generation.passages[0].text),
    ),
    ("reading the moments", lambda generation: (generation.spread, generation.place_spread)),
    ("reading the background", lambda generation: generation.background),
    ("reading the map", lambda generation: generation.atlas),
    ("reading the vectors", _read_vectors),
)

if __name__ == "__main__":
    main()
